// The offer to keep a part of the site for use without a network: choice, size, progress, removal.

import { add, canKeep, isPreview, kept, plan, remove, sizeOf, update } from "./keep.js";

const offer = document.querySelector(".keep");
const part = (name) => offer.querySelector(name);
const { prefix } = offer.dataset;
const select = part("select");
const filled = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
const megabytes = new Intl.NumberFormat(document.documentElement.lang, {
  style: "unit",
  unit: "megabyte",
  maximumFractionDigits: 1,
});
const size = (bytes) => megabytes.format(Math.max(0.1, bytes / 1e6));

let all;
let stop = null;

const say = (name, values = {}) => {
  const said = part("[role=status]");
  said.textContent = name ? filled(said.dataset[name], values) : "";
};

const tell = () => {
  const state = kept();
  const set = select.value;
  const mine = state.sets[set];
  const begun = mine && !state.build;
  const put = (name, shown, bytes) => {
    const button = part(`[name=${name}]`);
    button.hidden = !shown;
    if (button.dataset.text) button.textContent = filled(button.dataset.text, { size: size(bytes) });
  };
  const bytes = all ? sizeOf(all, set, prefix) : (mine?.bytes ?? 0);
  put("keep", all && !stop && !mine, bytes);
  put("continue", all && !stop && begun, bytes);
  put("pause", Boolean(stop), 0);
  put("remove", mine && !stop, mine?.bytes ?? 0);
  part("progress").hidden = !stop;
  select.disabled = Boolean(stop);
  if (mine && !begun && !stop) say("kept");
};

const run = async () => {
  stop = new AbortController();
  const bar = part("progress");
  let last = "";
  say("");
  tell();
  try {
    await update(
      all,
      (done, total) => {
        bar.max = total;
        bar.value = done;
        // Not at every file, or a screen reader would never stop.
        const tenth = String(Math.floor((10 * done) / total));
        if (tenth !== last) say("progress", { done: size(done), total: size(total) });
        last = tenth;
      },
      stop.signal,
    );
    const paused = stop.signal.aborted;
    stop = null;
    say(paused ? "paused" : "kept");
  } catch (error) {
    const paused = stop.signal.aborted;
    stop = null;
    say(paused ? "paused" : error.name === "QuotaExceededError" ? "full" : "failed");
  }
  tell();
};

const actions = {
  keep() {
    add(all, select.value, prefix);
    navigator.storage?.persist?.();
    return run();
  },
  continue: run,
  pause: () => stop?.abort(),
  async remove() {
    await remove(all, select.value);
    say("removed");
    tell();
    part("[name=keep]").focus();
  },
};

const open = async () => {
  if (all) return;
  if (isPreview() || !canKeep()) {
    say(isPreview() ? "preview" : "unable");
    return;
  }
  try {
    all = await plan();
    for (const option of [...select.options]) if (!all.sets[option.value]) option.remove();
  } catch {
    say("failed");
  }
  tell();
};

if (offer) {
  offer.addEventListener("toggle", () => offer.open && open());
  offer.addEventListener("click", (event) => {
    const button = event.target.closest("button[name]");
    if (button) actions[button.name]();
  });
  select.addEventListener("change", () => {
    say("");
    tell();
  });
  if (kept().sets[""]) select.value = "";
  if (location.hash === "#keep") offer.open = true;
}
