// Choosing a type by a few letters of its name or of its countries.

import { copy, plain } from "./types.js";

const FIRST = 12;
const FOUND = 24;

/**
 * Fill a picker; `choose` is called with a type.
 * What it returns has the types that are shown before anything is typed, and `show` to show them.
 */
export const makePicker = (element, index, { root, choose }) => {
  const chooser = { first: index.types, show: () => show() };
  const input = element.querySelector("input");
  const output = element.querySelector("output");
  const list = element.querySelector(".picks");
  const entries = index.types.map((type) => ({ type, words: words(type, index) }));

  const show = () => {
    const wanted = plain(input.value).split(/\s+/).filter(Boolean);
    const found = wanted.length
      ? entries
          .filter((entry) => wanted.every((word) => entry.words.includes(word)))
          .map((entry) => entry.type)
      : chooser.first;
    list.replaceChildren(...found.slice(0, wanted.length ? FOUND : FIRST).map(entryOf));
    output.textContent = found.length ? "" : output.dataset.none;
  };

  const entryOf = (type) => {
    const item = copy("pick");
    const button = item.querySelector("button");
    button.querySelector("img").src = root + type.picture;
    button.querySelector(".name").textContent = type.name;
    button.querySelector(".count").textContent = type.countries
      .slice(0, 3)
      .map(([code]) => index.countries[code].name)
      .join(", ");
    button.addEventListener("click", () => choose(type));
    return item;
  };

  input.addEventListener("input", show);
  element.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Enter" && event.target === input) {
      event.preventDefault();
      list.querySelector("button")?.click();
    }
    if (!step) return;
    const stops = [input, ...list.querySelectorAll("button")];
    const next = stops[stops.indexOf(document.activeElement) + step];
    if (!next) return;
    event.preventDefault();
    next.focus();
  });
  show();
  element.hidden = false;
  return chooser;
};

const words = (type, index) =>
  plain([type.name, ...type.countries.map(([code]) => index.countries[code].name)].join(" "));
