// The name field: existing names to choose from, and the case that the name exists already.

import { saveName } from "./actions.js";
import { $, el } from "./dom.js";
import { picture } from "./grid.js";
import { fits } from "./picker.js";
import { store } from "./store.js";
import { ui } from "./ui.js";
import { bollards, say } from "./words.js";

const SHOWN = 6;
let showAgain = () => {};
/** Set the function that shows changes held back during typing. */
export const showAgainWith = (how) => (showAgain = how);

const begins = (kind, typed) => kind.name.toLowerCase().startsWith(typed.toLowerCase());

/** Make a field the name field of a type. */
export function attachNames(field, type) {
  let at = -1;
  let touched = false;

  const list = () => $("names");
  const options = () => [...list().children];

  function show() {
    const typed = field.value.trim();
    ui.drafts.set(type.id, field.value);
    const known = touched && typed.length > 1
      ? store.state.types
          .filter((kind) => kind.id !== type.id && fits(kind.name, typed))
          .sort((a, b) => begins(b, typed) - begins(a, typed))
          .slice(0, SHOWN)
      : [];
    at = -1;
    list().replaceChildren(
      ...known.map((kind, number) =>
        el(
          "li",
          { role: "option", id: `name-${number}`, "aria-selected": "false", "data-name": kind.name },
          picture(kind.cover, 120),
          el("span", { class: "words" }, el("b", {}, kind.name), el("span", { class: "soft" }, bollards(kind.bollards.length))),
        ),
      ),
    );
    open(known.length > 0);
    told();
  }

  function told() {
    const name = field.value.trim().toLowerCase();
    const same = store.state.types.find((kind) => kind.id !== type.id && kind.name.toLowerCase() === name);
    $("name-state").textContent = same
      ? say.sameName(same.name, bollards(same.bollards.length))
      : type.named
        ? say.nameGiven
        : touched && field.value !== type.name
          ? ""
          : say.nameSuggested;
  }

  function open(shown) {
    list().hidden = !shown;
    field.setAttribute("aria-expanded", String(shown));
    if (!shown) field.removeAttribute("aria-activedescendant");
  }

  function mark(number) {
    const all = options();
    if (!all.length) return;
    at = (number + all.length) % all.length;
    all.forEach((one, place) => one.setAttribute("aria-selected", String(place === at)));
    field.setAttribute("aria-activedescendant", `name-${at}`);
    field.value = all[at].dataset.name;
    ui.drafts.set(type.id, field.value);
    told();
  }

  field.addEventListener("input", () => {
    touched = true;
    show();
  });
  field.addEventListener("blur", () => {
    setTimeout(() => {
      if (!field.isConnected) return;
      open(false);
      if (ui.late && document.activeElement !== field) showAgain();
    }, 150);
  });
  field.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (list().hidden) return;
      event.preventDefault();
      mark(at + (event.key === "ArrowDown" ? 1 : -1));
    } else if (event.key === "Enter") {
      event.preventDefault();
      saveName(type, field.value);
    } else if (event.key === "Escape") {
      event.preventDefault();
      if (!list().hidden) return open(false);
      ui.drafts.delete(type.id);
      field.value = type.name;
      told();
      document.querySelector("#bench .photo")?.focus();
    }
    return undefined;
  });
  // Before the field loses the focus.
  field.addEventListener("focus", () => {
    list().onpointerdown = (event) => {
      const option = event.target.closest("[data-name]");
      if (!option) return;
      event.preventDefault();
      field.value = option.dataset.name;
      ui.drafts.set(type.id, field.value);
      open(false);
      told();
    };
  });
}
