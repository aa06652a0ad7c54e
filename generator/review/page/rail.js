// The lists beside the workbench: questions, all types, all unsorted bollards.

import { $, el } from "./dom.js";
import { isFirst, keptPicture } from "./first.js";
import { flag, picture, placeOf } from "./grid.js";
import { photoOf, typeOf, viewsOf } from "./store.js";
import { entries, ui } from "./ui.js";
import { bollards, kinds, say } from "./words.js";

/** Show the current list, and the lengths of the others. */
export function showRail() {
  for (const tab of document.querySelectorAll("[data-tab]")) {
    const here = tab.dataset.tab === ui.tab;
    tab.setAttribute("aria-selected", String(here));
    tab.tabIndex = here ? 0 : -1;
    tab.querySelector("b").textContent = entries(tab.dataset.tab).length;
  }
  $("list").setAttribute("aria-labelledby", `tab-${ui.tab}`);
  const focused = $("list").contains(document.activeElement) ? document.activeElement.dataset.entry : null;
  const end = el("p", { class: "soft end" }, entries().length ? say.endOfList : say.emptyList);
  $("list").replaceChildren(...(ui.tab === "review" ? questions() : [list(entries())]), end);
  if (focused) $("list").querySelector(`[data-entry="${CSS.escape(focused)}"]`)?.focus();
  showCurrent();
}

/** Scroll the list to its current row, and never the page, which scrolls too where it is narrow. */
function showCurrent() {
  const list = $("list").getBoundingClientRect();
  const row = $("list").querySelector('[aria-current="true"]')?.getBoundingClientRect();
  if (!row) return;
  if (row.top < list.top) $("list").scrollTop += row.top - list.top;
  else if (row.bottom > list.bottom) $("list").scrollTop += row.bottom - list.bottom;
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

/** Which other lists the type of an entry is in. */
function elsewhere(entry) {
  if (ui.tab !== "review") return null;
  const others = entries().filter((one) => one !== entry && [one.type, one.other].includes(entry.type));
  const lists = [...new Set(others.map((one) => kinds[one.kind]))].filter((name) => name !== kinds[entry.kind]);
  return lists.length ? el("span", { class: "soft" }, say.alsoIn(lists)) : null;
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
  if (isFirst(entry)) {
    return el(
      "button",
      attributes,
      keptPicture(entry.pictures, 120),
      el("span", { class: "words" }, el("span", {}, entry.file), el("span", { class: "soft" }, entry.held ? say.isHeld : say.isShown)),
    );
  }
  if (entry.kind === "same") {
    return el(
      "button",
      attributes,
      el("span", { class: "covers" }, picture(entry.photo, 120), picture(entry.other, 120)),
      el("span", { class: "words" }, [entry.photo, entry.other].map((id) => el("span", {}, photoOf(id).file))),
    );
  }
  if (entry.kind === "filed") {
    return el(
      "button",
      attributes,
      picture(entry.photo, 120),
      el("span", { class: "words" }, entry.files.map(([file]) => el("span", {}, file))),
    );
  }
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
      elsewhere(entry),
    ),
  );
}
