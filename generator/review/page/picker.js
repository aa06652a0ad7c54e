// Chooses a type, country or family: type to filter, arrows to choose, Enter to take.

import { $, el, openDialog } from "./dom.js";
import { picture } from "./grid.js";
import { store, typeOf } from "./store.js";
import { bollards, countries, country, say } from "./words.js";

const SHOWN = 60;
const dialog = $("picker");
const field = $("picker-text");
const list = $("picker-list");
let options = () => [];
let shown = [];
let at = 0;
let take = () => {};

/**
 * Ask for one of many.
 * @param {string} title
 * @param {(text: string) => {id: *, name: string, told?: string, photo?: string}[]} offer what to
 *   choose from, given what was typed
 * @param {(option: object, text: string) => void} chosen
 */
export function pick(title, offer, chosen) {
  $("picker-title").textContent = title;
  field.value = "";
  options = offer;
  take = chosen;
  filter();
  openDialog(dialog);
  field.focus();
}

function filter() {
  const typed = field.value.trim();
  const all = options(typed);
  shown = all.slice(0, SHOWN);
  at = 0;
  $("picker-more").textContent = all.length > SHOWN ? say.more(all.length - SHOWN) : shown.length ? "" : say.noMatch;
  list.replaceChildren(
    ...shown.map((one, number) =>
      el(
        "li",
        { role: "option", id: `option-${number}`, "data-at": number, "aria-selected": String(number === at) },
        one.photo ? picture(one.photo, 120) : el("span", { class: "blank" }),
        el("span", { class: "words" }, el("b", {}, marked(one.name, typed)), one.told ? el("span", { class: "soft" }, marked(one.told, typed)) : null),
      ),
    ),
  );
  mark(0);
}

function mark(number) {
  at = Math.max(0, Math.min(number, shown.length - 1));
  for (const one of list.children) one.setAttribute("aria-selected", String(Number(one.dataset.at) === at));
  field.setAttribute("aria-activedescendant", shown.length ? `option-${at}` : "");
  list.children[at]?.scrollIntoView({ block: "nearest" });
}

function finish() {
  const option = shown[at];
  if (!option) return;
  const text = field.value.trim();
  dialog.close();
  take(option, text);
}

field.addEventListener("input", filter);
field.addEventListener("keydown", (event) => {
  const by = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key];
  if (by) mark(at + by);
  else if (event.key === "Enter") finish();
  else return;
  event.preventDefault();
});
list.addEventListener("click", (event) => {
  const option = event.target.closest("[data-at]");
  if (!option) return;
  at = Number(option.dataset.at);
  finish();
});

/** Whether every word that was typed is in the text. */
export function fits(text, typed) {
  const there = text.toLocaleLowerCase();
  return typed.toLocaleLowerCase().split(/\s+/).every((word) => there.includes(word));
}

const BY_ID = 4;
const NO_MATCH = 6;

/** How well a type fits what was typed, the lower the better: names before ids, exact before part. */
function match(kind, typed) {
  const wanted = typed.toLocaleLowerCase();
  const name = kind.name.toLocaleLowerCase();
  if (!wanted || name === wanted) return 0;
  if (name.startsWith(wanted)) return 1;
  if (fits(kind.name, typed)) return ` ${name}`.includes(` ${wanted}`) ? 2 : 3;
  if (kind.id === wanted) return BY_ID;
  return fits(`${kind.name} ${kind.id}`, typed) ? BY_ID + 1 : NO_MATCH;
}

/** A text with the words that were typed marked. */
function marked(text, typed) {
  const words = typed.split(/\s+/).filter(Boolean).map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  if (!words.length) return [text];
  return text.split(new RegExp(`(${words.join("|")})`, "iu")).map((part, at) => (at % 2 ? el("mark", {}, part) : part));
}

/** Types as options: near ones first, then in the order of the site; `without` are left out. */
export function offerTypes(near = [], without = []) {
  const score = new Map(near);
  const others = store.state.types.filter((kind) => !score.has(kind.id));
  const ordered = [...near.map(([id]) => typeOf(id)).filter(Boolean), ...others];
  return (typed) =>
    ordered
      .filter((kind) => !without.includes(kind.id))
      .map((kind) => [kind, match(kind, typed)])
      .filter(([, how]) => how < NO_MATCH)
      .sort((a, b) => a[1] - b[1])
      .map(([kind, how]) => ({
        id: kind.id,
        name: kind.name,
        photo: kind.cover,
        told: [bollards(kind.bollards.length), how >= BY_ID ? say.address(kind.id) : "", score.has(kind.id) ? say.near(score.get(kind.id)) : ""].filter(Boolean).join(" · "),
      }));
}

/** Countries of the collection first, then all others. */
export function offerCountries() {
  const known = Object.keys(store.collection.countries);
  const all = new Map([
    ...known.map((code) => [code, country(code, store.collection.countries)]),
    ...countries().filter(([code]) => !known.includes(code)),
  ]);
  const rest = [
    { id: null, name: say.countryAsFolder },
    { id: "", name: say.countryUnknown },
  ];
  return (typed) => [
    ...[...all]
      .filter(([code, name]) => fits(`${name} ${code}`, typed))
      .map(([code, name]) => ({ id: code, name, told: code })),
    ...rest.filter((one) => fits(one.name, typed)),
  ];
}
