// The reasons for a type: nearest photos and types, attributes that agree and differ.

import { $, el } from "./dom.js";
import { flag, picture, placeOf, wholePicture } from "./grid.js";
import { called, heading, photoOf, store, typeIdOf, typeOf } from "./store.js";
import { currentType, ui } from "./ui.js";
import { percent, say } from "./words.js";

const SHOWN = 8;

/** Whether an attribute, [value, probability], is certain enough to compare. */
const isSure = ([, probability]) => probability >= store.collection.sure;

/** The attributes of both sides: which values agree, which differ. */
export function compare(a, b) {
  return Object.keys(store.collection.attributes)
    .filter((name) => a[name] && b[name])
    .map((name) => ({
      name: heading(name),
      a: called(name, a[name]),
      b: called(name, b[name]),
      isNone: a[name][0] === "none",
      agrees: a[name][0] === b[name][0],
      sure: isSure(a[name]) && isSure(b[name]),
    }));
}

/** A line with the values that agree and differ. */
function inShort(rows) {
  return el(
    "span",
    { class: "attributes" },
    rows
      .filter((row) => !(row.agrees && row.isNone))
      .map((row) =>
        el(
          "span",
          { class: row.agrees ? "agrees" : row.sure ? "differs" : "differs unsure", title: row.name },
          row.agrees ? row.a : [el("s", {}, row.a), " ", row.b],
        ),
      ),
  );
}

/** The same as a table, with a column for each side. */
export function table(a, b, nameA, nameB) {
  const rows = compare(a, b);
  if (!rows.length) return null;
  return el(
    "table",
    { class: "compare" },
    el("thead", {}, el("tr", {}, el("td"), el("th", { scope: "col" }, nameA), el("th", { scope: "col" }, nameB))),
    el(
      "tbody",
      {},
      rows.map((row) =>
        el(
          "tr",
          { class: row.agrees ? "agrees" : "differs" },
          el("th", { scope: "row" }, row.name),
          el("td", {}, row.a),
          el("td", {}, row.b, row.agrees ? null : el("span", { class: "aside" }, ` ${say.differ}`)),
        ),
      ),
    ),
  );
}

/** Fill the side panel. */
export function showWhy() {
  const panel = $("why");
  const photo = ui.photo && photoOf(ui.photo);
  const type = currentType();
  if (photo) panel.replaceChildren(...aboutPhoto(ui.photo, photo));
  else if (type) panel.replaceChildren(...aboutType(type));
  else panel.replaceChildren(el("p", { class: "soft" }, say.whyEmpty));
}

function aboutPhoto(id, photo) {
  const place = placeOf(photo.bollard);
  const near = photo.near.filter(([other]) => photoOf(other)).slice(0, SHOWN);
  return [
    el("figure", {}, wholePicture(id, 480), el("figcaption", {}, flag(place.code), ` ${place.name}`, el("br"), el("span", { class: "soft" }, photo.file))),
    el("p", { class: "look" }, Object.entries(photo.look).map(([name, trait]) => trait[0] === "none" ? null : el("span", { title: `${heading(name)}, ${percent(trait[1])}`, class: isSure(trait) ? null : "unsure" }, called(name, trait)))),
    el("h2", { class: "name" }, say.whyNear),
    el(
      "ol",
      { class: "near" },
      near.map(([other, score]) => {
        const its = photoOf(other);
        const kind = typeOf(typeIdOf(its.bollard));
        const same = its.bollard === photo.bollard;
        return el(
          "li",
          {},
          picture(other, 120),
          el(
            "div",
            {},
            el("p", {}, el("b", {}, percent(score)), " ", same ? el("span", { class: "soft" }, say.viewOfSame) : kind ? link(kind) : say.oneOff),
            inShort(compare(photo.look, its.look)),
          ),
        );
      }),
    ),
  ];
}

function aboutType(type) {
  return [
    el("h2", { class: "name" }, say.whyTypes),
    el(
      "ol",
      { class: "near" },
      type.near
        .map(([id, score]) => [typeOf(id), score])
        .filter(([kind]) => kind)
        .map(([kind, score]) =>
          el(
            "li",
            {},
            picture(kind.cover, 120),
            el("div", {}, el("p", {}, el("b", {}, percent(score)), " ", link(kind)), inShort(compare(type.look, kind.look)), note(type, kind)),
          ),
        ),
    ),
    el("p", { class: "soft" }, say.whyEmpty),
  ];
}

function note(type, kind) {
  const text = type.notes[kind.id] ?? kind.notes[type.id];
  return text ? el("p", { class: "note" }, text) : null;
}

function link(kind) {
  return el("button", { type: "button", class: "link", "data-go": kind.id }, kind.name);
}
