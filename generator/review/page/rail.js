// The lists beside the workbench: what waits, all types, all one-offs.

import { $, el } from "./dom.js";
import { flag, picture, placeOf } from "./grid.js";
import { typeOf, viewsOf } from "./store.js";
import { entries, ui } from "./ui.js";
import { bollards, kinds, say } from "./words.js";

/** Show the list in view, and how long the others are. */
export function showRail() {
  for (const tab of document.querySelectorAll("[data-tab]")) {
    const here = tab.dataset.tab === ui.tab;
    tab.setAttribute("aria-selected", String(here));
    tab.tabIndex = here ? 0 : -1;
    tab.querySelector("b").textContent = entries(tab.dataset.tab).length;
  }
  $("list").setAttribute("aria-labelledby", `tab-${ui.tab}`);
  const focused = $("list").contains(document.activeElement) ? document.activeElement.dataset.entry : null;
  $("list").replaceChildren(...(ui.tab === "review" ? questions() : [list(entries())]));
  if (focused) $("list").querySelector(`[data-entry="${CSS.escape(focused)}"]`)?.focus();
  $("list").querySelector('[aria-current="true"]')?.scrollIntoView({ block: "nearest" });
}

function questions() {
  const all = entries();
  return Object.keys(kinds)
    .map((kind) => [kind, all.filter((one) => one.kind === kind)])
    .filter(([, some]) => some.length)
    .map(([kind, some]) => el("section", {}, el("h2", { class: "name" }, kinds[kind], " ", el("b", {}, some.length)), list(some)));
}

function list(some) {
  return el("ul", {}, some.map((one) => el("li", {}, row(one))));
}

function row(entry) {
  const type = entry.type && typeOf(entry.type);
  const attributes = {
    type: "button",
    class: "row",
    "data-entry": entry.id,
    "data-drop": type && entry.kind !== "alike" ? type.id : null,
    "aria-current": entry.id === ui.entry ? "true" : null,
  };
  if (entry.bollard) {
    const place = placeOf(entry.bollard);
    const near = entry.candidates && typeOf(entry.candidates[0][0]);
    return el(
      "button",
      attributes,
      picture(viewsOf(entry.bollard)[0], 120),
      el("span", { class: "words" }, el("span", {}, flag(place.code), ` ${place.name}`), near ? el("span", { class: "soft" }, near.name) : null),
    );
  }
  const other = entry.other && typeOf(entry.other);
  return el(
    "button",
    attributes,
    el("span", { class: "covers" }, picture(type.cover, 120), other ? picture(other.cover, 120) : null),
    el(
      "span",
      { class: "words" },
      el("span", { class: type.named ? null : "unnamed" }, type.name),
      el("span", { class: "soft" }, other ? other.name : bollards(type.bollards.length)),
    ),
  );
}
