// The workbench: one type, two types that look like one, or one bollard in doubt.

import * as act from "./actions.js";
import { $, button, el } from "./dom.js";
import { countChanges } from "./changes.js";
import { flag, grid, picture, placeOf } from "./grid.js";
import { side } from "./merge.js";
import { photoOf, saidOf, store, typeOf, viewsOf } from "./store.js";
import { current, ui } from "./ui.js";
import { attachNames } from "./names.js";
import { table } from "./why.js";
import { bollards, say } from "./words.js";

/** Show the entry that is looked at. */
export function showBench() {
  const entry = current();
  const bench = $("bench");
  const focused = document.activeElement;
  // A field that is being typed into stays as it is; what is new is shown when it is left.
  ui.late = focused?.id === "name" && bench.dataset.entry === entry?.id && ui.drafts.has(focused.dataset.type);
  if (ui.late) return;
  const hadFocus = bench.contains(focused);
  const photo = hadFocus ? focused.dataset?.photo : null;
  const field = hadFocus && focused.id ? { id: focused.id, from: focused.selectionStart, to: focused.selectionEnd } : null;
  const scrolled = bench.dataset.entry === entry?.id ? bench.scrollTop : 0;
  bench.dataset.entry = entry?.id ?? "";
  if (!entry) bench.replaceChildren(...nothing());
  else if (entry.kind === "alike") bench.replaceChildren(...twoTypes(entry));
  else if (entry.kind === "proposed") bench.replaceChildren(...oneProposal(entry));
  else if (entry.bollard) bench.replaceChildren(...oneBollard(entry));
  else bench.replaceChildren(...oneType(entry, typeOf(entry.type)));
  bench.scrollTop = scrolled;
  restore(entry, photo, field, hadFocus);
}

/** Give the focus to what had it, or to where the next decision is made. */
function restore(entry, photo, field, hadFocus) {
  const busy = document.querySelector("dialog[open]");
  if (busy) return;
  if (ui.eager) {
    ui.eager = false;
    const name = $("name");
    if (name && (entry.kind === "new" || entry.kind === "unnamed")) {
      name.focus();
      name.select();
    } else {
      const first = document.querySelector("#bench .photo");
      (first ?? $("bench")).focus({ preventScroll: true });
    }
    return;
  }
  if (!hadFocus && document.activeElement !== document.body) return;
  const again = photo
    ? document.querySelector(`#bench [data-photo="${CSS.escape(photo)}"]`)
    : field && $(field.id);
  if (again) {
    again.focus({ preventScroll: true });
    if (field && again.setSelectionRange && field.from !== null) again.setSelectionRange(field.from, field.to);
  } else {
    (document.querySelector("#bench .photo") ?? $("bench")).focus({ preventScroll: true });
  }
}

function nothing() {
  return [
    el("header", { class: "head" }, el("h2", { class: "name" }, say.done)),
    el("p", {}, ui.tab === "review" ? say.doneMore : ""),
    countChanges() ? el("p", {}, say.buildNext) : "",
  ];
}

function oneType(entry, type) {
  const suggested = type.split;
  if (suggested && entry.kind === "split" && ui.preselected !== suggested.key) {
    ui.preselected = suggested.key;
    ui.selected = new Set(suggested.off);
  }
  const apart = suggested && entry.kind === "split";
  const off = new Set(apart ? suggested.off : []);
  const rest = type.bollards.filter((key) => !off.has(key));
  return [
    heading(type),
    suggested ? hint(type, suggested) : null,
    tools(type),
    apart ? el("h2", { class: "name group" }, say.splitGroup) : null,
    apart ? grid(suggested.off, type) : null,
    apart ? el("h2", { class: "name group" }, say.splitRest) : null,
    grid(rest, type),
  ].filter(Boolean);
}

function heading(type) {
  const draft = ui.drafts.get(type.id);
  const field = el("input", {
    id: "name",
    "data-type": type.id,
    type: "text",
    class: "title",
    autocomplete: "off",
    spellcheck: "true",
    maxlength: 200,
    role: "combobox",
    "aria-expanded": "false",
    "aria-controls": "names",
    "aria-autocomplete": "list",
    "aria-describedby": "name-state",
  });
  field.value = draft ?? type.name;
  attachNames(field, type);
  const family = type.family ? say.family(store.state.families[type.family]) : say.noFamily;
  return el(
    "header",
    { class: "head" },
    el("p", { class: "naming-state" }, el("label", { for: "name" }, say.suggestedName), el("span", { id: "name-state", role: "status" }, type.named ? say.nameGiven : say.nameSuggested)),
    el(
      "div",
      { class: "naming" },
      field,
      button(say.nameHint, "⏎", () => act.saveName(type, field.value), { class: "main", id: "save-name" }),
      el("ul", { id: "names", role: "listbox", hidden: true }),
    ),
    el(
      "p",
      { class: "facts" },
      el("span", {}, bollards(type.bollards.length)),
      type.countries.slice(0, 12).map(([code, count]) => el("span", {}, flag(code), ` ${count}`)),
      el("code", { class: "soft" }, say.address(type.id)),
    ),
    type.description ? el("p", { class: "described" }, type.description) : null,
    Object.entries(type.notes).map(([id, text]) => el("p", { class: "note" }, el("b", {}, typeOf(id)?.name ?? id), ": ", text)),
    el(
      "p",
      { class: "buttons" },
      button(type.description ? say.description : say.describe, "d", () => describe(type)),
      button(family, "f", act.putInFamily),
      button(say.lookalike, "l", act.noteLookalike),
      button(say.mergeWith, "g", act.merge),
    ),
  );
}

/** Describe a type in a few words. */
export function describe(type) {
  act.ask(say.description, type.description, null, (text) => act.describeType(type.id, text));
}

function hint(type, suggested) {
  return el(
    "section",
    { class: "hint" },
    el("h2", { class: "name" }, say.splitTitle),
    el("p", {}, say.splitTold(suggested.off.length, type.bollards.length - suggested.off.length)),
    // In the list of suggestions the groups themselves are shown.
    current().kind === "split" ? null : el("div", { class: "strip" }, suggested.off.slice(0, 12).map((key) => picture(viewsOf(key)[0], 120))),
    el(
      "p",
      { class: "buttons" },
      button(say.split, "s", () => {
        if (!ui.selected.size) ui.selected = new Set(suggested.off);
        act.split();
      }),
      button(say.splitKeep, "x", act.turnDown),
    ),
  );
}

/** What can be done with selected bollards; the buttons follow the selection. */
function tools(type) {
  return el(
    "div",
    { class: "tools", id: "tools", role: "toolbar", "aria-label": say.noneSelected },
    el("span", { class: "soft", id: "selection", role: "status" }),
    button(say.move, "m", act.move),
    type ? button(say.split, "s", act.split) : null,
    type ? button(say.notThis, "r", act.keepOut) : null,
    button(say.pin, "p", act.pin),
    button(say.oneOffMake, "o", act.oneOff),
    button(say.country, "c", act.correctCountry),
    button(say.hide, "h", act.hide),
    type ? button(say.picture, "i", act.choosePicture) : null,
  );
}

function twoTypes(entry) {
  const [a, b] = [typeOf(entry.type), typeOf(entry.other)];
  if (!a || !b) return nothing();
  return [
    el("header", { class: "head" }, el("h2", { class: "name" }, say.alikeTitle), el("p", {}, say.alikeTold(entry.score))),
    el(
      "p",
      { class: "buttons" },
      button(say.merge, "g", act.merge, { class: "main" }),
      button(say.keepApart, "x", act.turnDown),
      button(say.tellApart, "l", act.noteLookalike),
    ),
    el("div", { class: "pair wide" }, side(a, "", 0, [grid(a.bollards.slice(0, 12), a)]), side(b, "", 0, [grid(b.bollards.slice(0, 12), b)])),
    table(a.look, b.look, a.name, b.name) ?? "",
  ];
}

function oneProposal(entry) {
  return [
    el("header", { class: "head" }, el("h2", { class: "name" }, say.proposedTitle), el("p", {}, say.proposedTold)),
    el(
      "p",
      { class: "buttons" },
      button(say.makeType, "s", act.newType, { class: "main" }),
      button(say.move, "m", act.move),
      button(say.leaveOneOffs, "x", act.turnDown),
    ),
    grid(entry.bollards),
  ];
}

function oneBollard(entry) {
  const key = entry.bollard;
  const said = saidOf(key);
  const near = entry.candidates ?? store.state.near[key] ?? [];
  const known = near.map(([id, score]) => [typeOf(id), score]).filter(([kind]) => kind).slice(0, 2);
  const look = photoOf(viewsOf(key)[0]).look;
  const title = entry.kind === "doubtful" ? say.doubtTitle : placeOf(key).name;
  return [
    el(
      "header",
      { class: "head" },
      el("h2", { class: "name" }, title),
      el("p", { class: "soft" }, photoOf(viewsOf(key)[0]).file, said.pinned === "" ? ` · ${say.onPurpose}` : ""),
    ),
    el(
      "div",
      { class: "doubt" },
      el("div", { class: "subject" }, grid([key])),
      known.map(([kind, score], number) =>
        side(kind, `${say.candidate(number + 1)} · ${say.near(score)}`, 6, [
          table(look, kind.look, say.thisOne, kind.name) ?? "",
          el("p", { class: "buttons" }, button(say.belongs, String(number + 1), () => act.choose(number), { class: "main" })),
        ]),
      ),
    ),
    el(
      "p",
      { class: "buttons" },
      button(say.move, "m", act.move),
      button(say.oneOffMake, "o", act.oneOff),
      button(say.newTypeUnnamed, "s", act.newType),
      button(say.country, "c", act.correctCountry),
      button(say.hide, "h", act.hide),
    ),
  ];
}

/** Say how many are selected. */
export function showSelected() {
  const told = $("selection");
  if (told) told.textContent = ui.selected.size ? say.selected(ui.selected.size) : say.noneSelected;
}
