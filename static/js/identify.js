// The identify page: sends the visitor's picture to the worker, and shows the answers.

import { Answer } from "./identify-answer.js";
import { Frames } from "./identify-frames.js";
import { Views } from "./identify-views.js";
import { answerIn } from "./shared-answer.js";
import "./share.js";

const page = document.querySelector("[data-identify]");
const part = (selector) => page.querySelector(selector);
const { root, home, compare } = page.dataset;
const address = (path) => new URL(path, location.href).href;

let worker; // started with the first picture, or when the page is idle
let answer; // a promise of the Answer, which needs the index of types
let picture = 0; // the number of the picture that is shown
let job = 0; // the number of the last question asked
let busy = false; // whether a question has no answer yet
let next; // the box to ask about next
let last; // the present file, for another attempt
let isSame = false; // whether the next picture shows the same bollard

const views = new Views(part(".earlier"), part(".earlier-template"), (view) => {
  worker.postMessage({ kind: "forget", view });
  look(frames.box);
});
const frames = new Frames(part(".easel"), part(".frame-template"), part(".choices"), look);

/** Take any file or blob as the picture. */
function show(blob) {
  const same = isSame;
  last = blob;
  picture += 1;
  add(false);
  next = undefined;
  busy = false;
  fail("");
  start();
  worker?.postMessage({ kind: "picture", picture, blob, same });
}

function prepare() {
  answer ??= fetch(page.dataset.types)
    .then((response) => (response.ok ? response.json() : Promise.reject(response.status)))
    .then((index) => new Answer(part, index, { root, home, compare }));
  answer.catch(() => (answer = undefined));
  return answer;
}

/** Show the answer that the address holds, unless there is a picture already. */
async function recall() {
  const fragment = location.hash;
  if (fragment.length < 2) return;
  const shown = await prepare().catch(() => null);
  const kept = shown && answerIn(fragment, shown.index);
  if (kept && !picture) await shown.showKept(kept).catch(() => {});
}

function start() {
  prepare();
  if (!worker) {
    try {
      worker = new Worker(page.dataset.worker, { type: "module" });
    } catch {
      fail("worker");
      return;
    }
    worker.onmessage = hear;
    worker.onerror = (event) => {
      event.preventDefault?.();
      worker = undefined;
      fail("worker");
    };
  }
  const scripts = page.dataset.scripts.trim().split(/\s+/);
  worker.postMessage({
    kind: "start",
    recogniser: address(page.dataset.recogniser),
    root: address(root || "./"),
    keep: [...scripts, page.dataset.types.slice(root.length)],
  });
}

const hearing = {
  progress({ received, total }) {
    const fetching = part(".fetching");
    fetching.hidden = received >= total;
    fetching.querySelector("progress").value = received / total;
    const unit = new Intl.NumberFormat(document.documentElement.lang, {
      style: "unit",
      unit: "megabyte",
      minimumFractionDigits: 1,
      maximumFractionDigits: 1,
    });
    part(".amount").textContent = [received, total].map((bytes) => unit.format(bytes / 1e6)).join(" / ");
  },

  ready() {
    part(".fetching").hidden = true;
    page.dataset.ready = "";
  },

  picture({ width, height, preview, before }) {
    // The crop of the last answer is shown still.
    if (before > views.length) views.keep(part(".own canvas"));
    if (!before) views.clear();
    const canvas = part(".shown canvas");
    canvas.width = preview.width;
    canvas.height = preview.height;
    canvas.getContext("2d").drawImage(preview, 0, 0);
    preview.close();
    part(".easel").style.aspectRatio = `${width} / ${height}`;
    part(".easel").style.setProperty("--ratio", width / height);
    part(".shown").hidden = false;
    page.classList.add("has-picture");
    frames.show([], width, height);
  },

  found({ frames: boxes }) {
    frames.show(boxes, ...frames.size);
  },

  async answer(message) {
    const shown = await answer;
    if (message.picture !== picture || message.job < job) return settle();
    shown.show(message);
    page.dataset.answered = message.job;
    page.dispatchEvent(new CustomEvent("answer", { detail: message }));
    return settle();
  },

  async pictures(message) {
    const shown = await answer;
    if (message.picture === picture) shown.illustrate(message.pictures);
  },

  failed({ reason, during, picture: about }) {
    part(".fetching").hidden = true;
    busy = false;
    if (during !== "start" && about !== picture) return;
    fail(reason);
  },
};

function hear({ data: message }) {
  const late = message.picture !== undefined && message.picture !== picture;
  if (!late || message.kind === "answer") {
    Promise.resolve(hearing[message.kind]?.(message)).catch(() => fail("connection"));
  } else if (message.preview) {
    message.preview.close();
  }
}

/** Ask about a box. While a question is open, only the latest one is kept. */
function look(box) {
  if (!box) return;
  if (busy) {
    next = box;
    return;
  }
  busy = true;
  worker.postMessage({ kind: "look", picture, box, job: ++job });
}

function settle() {
  busy = false;
  const box = next;
  next = undefined;
  if (box) look(box);
}

/** Show what went wrong and how to continue; "" removes the message. */
function fail(reason) {
  const place = part(".failure");
  const reasons = part(".reasons").content;
  const text = reasons.querySelector(`[data-reason="${CSS.escape(reason)}"]`);
  place.hidden = !text;
  place.replaceChildren();
  if (!text) return;
  place.append(text.textContent);
  if (["connection", "missing", "memory", "recogniser"].includes(reason) && last) {
    const again = part(".again").content.firstElementChild.cloneNode(true);
    again.addEventListener("click", () => show(last));
    place.append(" ", again);
  }
  if (["webassembly", "worker", "recogniser"].includes(reason)) {
    place.append(" ", part(".elsewhere").content.firstElementChild.cloneNode(true));
  }
}

/** The first picture among pasted or dropped files; else the first file. */
function fileIn(transfer) {
  const files = [...(transfer?.files ?? [])];
  return files.find((file) => file.type.startsWith("image/")) ?? files[0];
}

document.addEventListener("paste", (event) => {
  const file = fileIn(event.clipboardData);
  if (file) show(file);
  else fail("nothing");
});

document.addEventListener("dragover", (event) => {
  if (![...event.dataTransfer.types].includes("Files")) return;
  event.preventDefault();
  page.classList.add("over");
});
document.addEventListener("dragleave", (event) => {
  if (!event.relatedTarget) page.classList.remove("over");
});
document.addEventListener("drop", (event) => {
  page.classList.remove("over");
  const file = fileIn(event.dataTransfer);
  if (!file) return;
  event.preventDefault();
  show(file);
});

for (const input of page.querySelectorAll('input[type="file"]')) {
  input.addEventListener("change", () => {
    if (input.files.length) show(input.files[0]);
    input.value = "";
  });
}

const paste = part("button.paste");
paste.hidden = !navigator.clipboard?.read;
paste.addEventListener("click", async () => {
  let items;
  try {
    items = await navigator.clipboard.read();
  } catch {
    fail("forbidden");
    return;
  }
  for (const item of items) {
    const type = item.types.find((one) => one.startsWith("image/"));
    if (type) {
      show(await item.getType(type));
      return;
    }
  }
  fail("nothing");
});

part(".add").addEventListener("click", () => frames.add());
part(".whole").addEventListener("click", () => frames.widen());
part(".another").addEventListener("click", () => add(!isSame));

/** Choose whether the next picture shows the same bollard. */
function add(chosen) {
  isSame = chosen;
  part(".another").setAttribute("aria-pressed", String(chosen));
  part(".another-hint").hidden = !chosen;
}
addEventListener("online", () => {
  if (!part(".failure").hidden && last && !("answered" in page.dataset)) show(last);
});

// A picture shared from another app, which the service worker kept (static/worker/sw.js).
if (new URLSearchParams(location.search).has("shared") && "caches" in window) {
  const place = address(`${root}shared-picture`);
  caches
    .open("bollards-shared")
    .then(async (store) => {
      const found = await store.match(place);
      await store.delete(place);
      history.replaceState(null, "", "./");
      if (found) show(await found.blob());
    })
    .catch(() => fail("recogniser"));
}

// If the recogniser was downloaded before, it starts while the visitor looks for a picture.
if ("caches" in window) {
  caches
    .match(address(page.dataset.recogniser))
    .then((kept) => kept && start())
    .catch(() => {});
}

addEventListener("hashchange", () => !picture && recall());
recall();
