// Chooses a type by a few words: looks, name or countries.

import { siteSearch, toldOf } from "./search-site.js";
import { at, copy, plain } from "./types.js";

const FIRST = 12;
const FOUND = 24;
const number = new Intl.NumberFormat(document.documentElement.lang || undefined);

/**
 * Fill a picker; `choose` is called with a type.
 * What it returns has the types that are shown before anything is typed, and `show` to show them.
 */
export const makePicker = (element, index, { root, choose }) => {
  const chooser = { first: index.types, show: () => show() };
  const input = element.querySelector("input");
  const output = element.querySelector("output");
  const list = element.querySelector(".picks");
  const words = siteSearch(element.dataset, async () => index);
  let latest = 0;

  const show = async () => {
    const turn = ++latest;
    const query = input.value.trim();
    let answer = null;
    try {
      answer = query ? await words.read(input.value) : null;
    } catch {
      // Without the search data, the names still work.
      answer = byName(query);
    }
    if (turn !== latest) return;
    const found = answer?.asked ? best(answer.scores) : chooser.first;
    const shown = found.slice(0, query ? FOUND : FIRST);
    list.replaceChildren(...shown.map(entryOf));
    const told = answer?.asked ? remark(answer, found.length) : "";
    output.textContent = [told, shown.length < found.length && cut(shown.length, found.length)].filter(Boolean).join(" ");
  };

  const best = (scores) =>
    index.types
      .filter(({ id }) => scores.has(id))
      .sort((a, b) => scores.get(b.id) - scores.get(a.id) || b.bollards - a.bollards);

  const byName = (query) => {
    const fits = index.types.filter(({ name }) => plain(name).includes(plain(query)));
    return { asked: true, complete: true, absent: [], lone: [], scores: new Map(fits.map(({ id }) => [id, 1])) };
  };

  const remark = (answer, count) => {
    const told = toldOf(answer, index.countries, output.dataset);
    if (told) return told;
    if (!count) return output.dataset.none;
    return answer.complete ? "" : output.dataset.near;
  };

  const cut = (shown, total) =>
    output.dataset.cut.replace("{shown}", number.format(shown)).replace("{total}", number.format(total));

  const entryOf = (type) => {
    const item = copy("pick");
    const button = item.querySelector("button");
    button.querySelector("img").src = at(root, type.picture);
    button.querySelector(".name").textContent = type.name;
    button.querySelector(".count").textContent = type.countries
      .slice(0, 3)
      .map(([code]) => index.countries[code].name)
      .join(", ");
    button.addEventListener("click", () => choose(type));
    return item;
  };

  input.addEventListener("input", () => {
    pending = show();
  });
  input.addEventListener("focus", () => words.ready().catch(() => {}), { once: true });
  element.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Enter" && event.target === input) {
      event.preventDefault();
      pending.then(() => list.querySelector("button")?.click());
    }
    if (!step) return;
    const stops = [input, ...list.querySelectorAll("button")];
    const next = stops[stops.indexOf(document.activeElement) + step];
    if (!next) return;
    event.preventDefault();
    next.focus();
  });
  let pending = show();
  element.hidden = false;
  return chooser;
};
