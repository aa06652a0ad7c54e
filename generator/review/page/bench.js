// The workbench: one type, two similar types, or one bollard in doubt.

import * as act from "./actions.js";
import { drawBox } from "./box.js";
import { $, button, el } from "./dom.js";
import { filedTwice, isFirst, onePhoto, twoPhotos } from "./first.js";
import { countChanges } from "./changes.js";
import { flag, grid, picture, placeOf } from "./grid.js";
import { side } from "./merge.js";
import { photoOf, saidOf, store, typeOf, viewsOf } from "./store.js";
import { current, ui } from "./ui.js";
import { attachNames } from "./names.js";
import { table } from "./why.js";
import { bollards, country, inOneLine, say } from "./words.js";

const SHOWN = 12;

/** Show the current entry. */
export function showBench() {
  const entry = current();
  const bench = $("bench");
  const focused = document.activeElement;
  // A field in use stays as it is; changes appear when it loses the focus.
  ui.late = focused?.id === "name" && bench.dataset.entry === entry?.id && ui.drafts.has(focused.dataset.type);
  if (ui.late) return;
  const hadFocus = bench.contains(focused);
  const photo = hadFocus ? focused.dataset?.photo : null;
  const field = hadFocus && focused.id ? { id: focused.id, from: focused.selectionStart, to: focused.selectionEnd } : null;
  const another = bench.dataset.entry !== (entry?.id ?? "");
  const scrolled = another ? 0 : bench.scrollTop;
  bench.dataset.entry = entry?.id ?? "";
  if (!entry) bench.replaceChildren(...nothing());
  else if (isFirst(entry)) bench.replaceChildren(...onePhoto(entry));
  else if (entry.kind === "same") bench.replaceChildren(...twoPhotos(entry));
  else if (entry.kind === "filed") bench.replaceChildren(...filedTwice(entry));
  else if (entry.kind === "alike") bench.replaceChildren(...twoTypes(entry));
  else if (entry.kind === "proposed") bench.replaceChildren(...oneProposal(entry));
  else if (entry.bollard) bench.replaceChildren(...oneBollard(entry));
  else bench.replaceChildren(...oneType(entry, typeOf(entry.type)));
  bench.scrollTop = scrolled;
  // On a narrow screen the page scrolls instead of the workbench.
  if (another && bench.getBoundingClientRect().top < 0) bench.scrollIntoView();
  restore(entry, photo, field, hadFocus);
}

/** Return the focus, or give it to the place of the next decision. */
function restore(entry, photo, field, hadFocus) {
  const busy = document.querySelector("dialog[open]");
  if (busy) return;
  if (ui.eager) {
    ui.eager = false;
    // Never the name field: a key that is pressed now is a shortcut, not a letter of a name.
    const first = document.querySelector("#bench .photo, #bench .sight img");
    (first ?? $("bench")).focus({ preventScroll: true });
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
      el("code", { class: "soft" }, type.slug ? say.leadsTo(type.id, type.slug) : say.address(type.id)),
    ),
    type.description ? el("p", { class: "described" }, type.description) : null,
    fromDescribers(type),
    Object.entries(type.notes).map(([id, text]) => el("p", { class: "note" }, el("b", {}, typeOf(id)?.name ?? id), ": ", text)),
    Object.entries(type.known).map(([code, said]) => el("p", { class: "note" }, flag(code), " ", el("b", {}, country(code, store.collection.countries)), ": ", inOneLine(said))),
    el(
      "p",
      { class: "buttons" },
      button(type.description ? say.description : say.describe, "d", () => describe(type)),
      button(say.slug, "u", () => chooseAddress(type)),
      button(family, "f", act.putInFamily),
      button(say.lookalike, "l", act.noteLookalike),
      button(say.known, "y", act.knowInCountry),
      button(say.mergeWith, "g", act.merge),
    ),
  );
}

/** What describers say about a type; it is published only if the owner writes it. */
function fromDescribers(type) {
  if (!type.words) return null;
  const labels = type.words.labels.map(([name, count]) => `${name} (${count})`).join(", ");
  return el("p", { class: "note" }, el("b", {}, say.fromDescribers), ": ", [labels, ...type.words.captions].filter(Boolean).join(" · "));
}

/** Choose the last part of a type's address. */
export function chooseAddress(type) {
  act.ask(say.slugAsk(type.name), type.slug || type.id, el("p", { class: "soft" }, say.slugTold), (text, answered) => act.chooseAddress(type.id, text, answered), true);
}

/** Describe a type in a few words. */
export function describe(type) {
  act.ask(say.description, type.description, fromDescribers(type), (text) => act.describeType(type.id, text));
}

function hint(type, suggested) {
  return el(
    "section",
    { class: "hint" },
    el("h2", { class: "name" }, say.splitTitle),
    el("p", {}, say.splitTold(suggested.off.length, type.bollards.length - suggested.off.length)),
    // The list of suggestions shows the groups themselves.
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

/** The actions for selected bollards; the buttons follow the selection. */
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
    button(say.drawBox, "w", drawBox),
    type ? button(say.picture, "i", act.choosePicture) : null,
    // On a phone the side panel is below all photos.
    button(say.whyBelow, "", () => $("why").scrollIntoView(), { class: "to-why" }),
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
    el("div", { class: "pair wide" }, side(a, "", 0, some(a)), side(b, "", 0, some(b))),
    table(a.look, b.look, a.name, b.name) ?? "",
  ];
}

/** The first bollards of a type, and how many more there are. */
function some(type) {
  const more = type.bollards.length - SHOWN;
  return [grid(type.bollards.slice(0, SHOWN), type), more > 0 ? el("p", { class: "soft" }, say.more(bollards(more))) : null];
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
      entry.kind === "doubtful" ? button(say.neither, "x", act.turnDown) : button(say.oneOffMake, "o", act.oneOff),
      button(say.newTypeUnnamed, "s", act.newType),
      button(say.country, "c", act.correctCountry),
      button(say.hide, "h", act.hide),
      button(say.drawBox, "w", drawBox),
    ),
  ];
}

/** Show the number of selected bollards. */
export function showSelected() {
  const told = $("selection");
  if (told) told.textContent = ui.selected.size ? say.selected(ui.selected.size) : say.noneSelected;
}
