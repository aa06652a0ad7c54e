// Two types side by side, and the effect of merging them.

import { $, el, openDialog } from "./dom.js";
import { picture, flag } from "./grid.js";
import { decide, typeOf, viewsOf } from "./store.js";
import { goOn, ui } from "./ui.js";
import { table } from "./why.js";
import { bollards, say } from "./words.js";

const SHOWN = 8;
const dialog = $("merge");
const field = $("merge-name");
let kept;
let gone;
let then = () => {};
let both = null;

/**
 * Show what merging two types does; Enter does it.
 * @param {string} first one type; which of the two stays can be swapped
 * @param {string} second the other
 * @param {{name?: string, both?: () => void, done?: () => void}} more a name that was typed for
 *   them, what to do when both are to have it, and what to do after merging
 */
export function askToMerge(first, second, more = {}) {
  [kept, gone] = [typeOf(first), typeOf(second)];
  if (!kept || !gone) return;
  // A type with the owner's name stays before one with a generated name; else the larger type
  // stays.
  const weight = (kind) => kind.named * 1e9 + kind.bollards.length;
  if (weight(gone) > weight(kept)) [kept, gone] = [gone, kept];
  then = more.done ?? (() => {});
  both = more.both ?? null;
  $("merge-both").hidden = !both;
  field.value = more.name ?? kept.name;
  show();
  openDialog(dialog);
  field.select();
}

function show() {
  $("merge-pair").replaceChildren(side(kept, say.stays), side(gone, say.goes));
  $("merge-told").replaceChildren(
    table(kept.look, gone.look, say.stays, say.goes) ?? "",
    el("ul", {}, say.mergeTold(gone.id, kept.id, gone.name, field.value.trim() || kept.name, gone.bollards.length).map((line) => el("li", {}, line))),
  );
}

/** A type and some of its photos. */
export function side(kind, about, number = SHOWN, more = []) {
  const photos = [kind.cover, ...kind.bollards.map((key) => viewsOf(key)[0]).filter((id) => id && id !== kind.cover)];
  return el(
    "section",
    { class: "side" },
    about ? el("p", { class: "soft" }, about) : null,
    el("h3", { class: "name" }, kind.name),
    el("div", { class: "strip" }, photos.slice(0, number).map((id) => picture(id, 160))),
    el(
      "p",
      { class: "soft tallies" },
      bollards(kind.bollards.length),
      kind.countries.slice(0, 6).map(([code, count]) => [" ", el("span", {}, flag(code), ` ${count}`)]),
    ),
    el("p", { class: "soft id" }, say.address(kind.id)),
    more,
  );
}

field.addEventListener("input", show);

function swap() {
  const typed = field.value.trim();
  const untouched = typed === kept.name || !typed;
  [kept, gone] = [gone, kept];
  if (untouched) field.value = kept.name;
  show();
}

$("merge-swap").addEventListener("click", swap);
$("merge-both").addEventListener("click", () => {
  const act = both;
  dialog.close();
  act?.();
});
dialog.addEventListener("keydown", (event) => {
  if (event.altKey && event.code === "KeyX") {
    event.preventDefault();
    swap();
  }
});
dialog.querySelector("form").addEventListener("submit", (event) => {
  event.preventDefault();
  const typed = field.value.trim();
  const name = typed && (typed !== kept.name || !kept.named) ? typed : "";
  const [stays, goes] = [kept.id, gone.id];
  dialog.close();
  ui.drafts.delete(stays);
  ui.drafts.delete(goes);
  goOn((one) => [one.type, one.other].some((id) => id === goes || id === stays));
  decide({ do: "merge", gone: goes, kept: stays, name });
  then();
});
