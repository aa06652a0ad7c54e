// The changes of the next build, the build itself, and the enlarged photo.

import { $, el, openDialog } from "./dom.js";
import { flag, picture } from "./grid.js";
import { decide, photoOf, store, typeOf } from "./store.js";
import { ui } from "./ui.js";
import { bollards, country, say } from "./words.js";

const box = $("changes-box");
const name = (id) => (id === null ? say.oneOff : typeOf(id)?.name ?? store.state.gone[id] ?? id);
const code = (text) => el("code", { class: "soft" }, text);

const lines = {
  renamed: (one) => [el("b", {}, one.after), el("span", { class: "soft" }, ` ← ${one.before}`)],
  merged: (one) => [el("b", {}, one.name), ` → ${name(one.into)} `, code(say.leadsTo(one.type, one.into))],
  born: (one) => [el("b", {}, one.name), ` ${bollards(one.bollards)} `, code(one.back ? say.addressBack(one.type) : say.newAddress(one.type))],
  emptied: (one) => [el("b", {}, one.name), " ", code(one.into ? say.leadsTo(one.type, one.into) : say.leadsOn(one.type))],
  moved: (one) => [views(one.bollard), ` ${name(one.before)} → ${name(one.after)}`],
  described: (id) => [name(id)],
  addressed: (one) => [el("b", {}, name(one.type)), " ", code(say.leadsTo(one.type, one.slug))],
  known: (one) => [flag(one.country), ` ${country(one.country, store.collection.countries)}: ${name(one.type)}`],
  pictures: (one) => [picture(one.photo, 120), ` ${name(one.type)}`],
  countries: (one) => [views(one.bollard), " ", flag(one.country), ` ${country(one.country, store.collection.countries)}`],
  published: (id) => [fileOf(id)],
  boxed: (id) => [picture(id, 120), ` ${photoOf(id).file}`],
  hidden: (id) => [photoOf(id) ? picture(id, 120) : "", ` ${photoOf(id)?.file ?? id}`],
};

const fileOf = (id) => photoOf(id)?.file ?? store.collection.aside[id] ?? id;

function views(bollard) {
  const id = store.collection.bollards[bollard]?.[0];
  return id ? picture(id, 120) : "";
}

/** A picture of an unpublished photo, which is on this machine only. */
const kept = (one) => el("img", { src: `/${one.path}`, width: one.width, height: one.height, alt: "", loading: "lazy" });

/** The number of changes that the next build will make. */
export const countChanges = () =>
  Object.values(store.state.changes).reduce((sum, some) => sum + some.length, store.state.held.length);

function section(title, items, line) {
  return items.length
    ? el("section", {}, el("h3", { class: "name" }, title, " ", el("b", {}, items.length)), el("ul", { class: "lines" }, items.map((one) => el("li", {}, line(one)))))
    : null;
}

export function fillChanges() {
  const { changes, held, hidden, problems } = store.state;
  const report = store.build.lines ?? [];
  const found = [
    store.build.state === "failed" ? el("section", { class: "failed" }, el("h3", { class: "name" }, say.buildFailed), el("pre", {}, report.join("\n"))) : null,
    section(say.heldTitle, held, (one) => [
      ...one.pictures.map(kept),
      el("span", {}, `${one.file}: ${one.why === "like" ? say.heldLike(one.entry) : say.heldName(one.entry)} `),
      el("button", { type: "button", click: () => decide({ do: "publish", photos: [one.photo] }) }, say.publish),
      el("button", { type: "button", click: () => decide({ do: "hide", photos: [one.photo] }) }, say.hide),
    ]),
    section(say.problems, problems, (text) => text),
    ...Object.entries(say.changes).map(([kind, title]) => section(title, changes[kind], lines[kind])),
    countChanges() ? null : el("p", {}, say.nothingChanges),
    section(say.hiddenTitle, hidden, (one) => [
      ...(one.pictures.length ? one.pictures.map(kept) : one.ids.filter(photoOf).map((id) => picture(id, 120))),
      ` ${one.file ? say.hiddenFile(one.file) : say.hiddenGone(one.photo)} `,
      el("button", { type: "button", click: () => decide({ do: "show", photos: [one.photo] }) }, say.showAgain),
    ]),
    store.build.state === "done" ? el("pre", { class: "soft" }, report.join("\n")) : null,
  ].filter(Boolean);
  $("changes-list").replaceChildren(...found);
}

export function openChanges() {
  fillChanges();
  openDialog(box);
}

export const refreshChanges = () => box.open && fillChanges();

/** Show the focused photo as large as the window. */
export function viewLarge() {
  const first = ui.photo ?? document.querySelector("#bench .photo")?.dataset.photo;
  if (!first) return;
  enlarge(first);
  openDialog($("large"));
}

function enlarge(id) {
  const photo = photoOf(id);
  const size = photo.pictures.at(-1);
  Object.assign($("large-picture"), { src: `/${size.path}`, width: size.width, height: size.height });
  $("large-told").textContent = say.fileOf(photo);
  $("large").dataset.shown = id;
}

$("large").addEventListener("keydown", (event) => {
  const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (event.key === "v") $("large").close();
  if (!by) return;
  const all = [...document.querySelectorAll("#bench .photo")].map((one) => one.dataset.photo);
  const next = all[all.indexOf($("large").dataset.shown) + by];
  if (next) enlarge(next);
});
