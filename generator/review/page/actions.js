// What a curator can do, by key, by button or by dragging: each asks what it needs, then decides.

import { $, el, openDialog } from "./dom.js";
import { focusPhoto, picture } from "./grid.js";
import { askToMerge, side } from "./merge.js";
import { offerCountries, offerTypes, pick, fits } from "./picker.js";
import { decide, photoOf, saidOf, store, typeIdOf, typeOf, viewsOf } from "./store.js";
import { current, currentType, goOn, goToType, targets, ui } from "./ui.js";
import { say } from "./words.js";

let render = () => {};
/** Tell this module how to show the page anew. */
export const renderWith = (how) => (render = how);

/** Take the next entry of the list once this one is decided, where it was a question. */
function onwards() {
  const entry = current();
  if (["doubtful", "alike", "proposed"].includes(entry?.kind)) goOn();
  ui.selected.clear();
  render();
}

/** The types that some bollards are nearest to, and those near the type they are in. */
function nearTo(keys) {
  const score = new Map();
  for (const key of keys) {
    for (const [id, value] of store.state.near[key] ?? []) {
      score.set(id, Math.max(score.get(id) ?? -1, value));
    }
  }
  return [...score].sort((a, b) => b[1] - a[1]).slice(0, 6);
}

export function moveTo(keys, id) {
  if (!keys.length || !typeOf(id)) return;
  decide({ do: "move", bollards: keys, type: id });
  onwards();
}

export function move() {
  const keys = targets();
  if (!keys.length) return;
  const here = [...new Set(keys.map(typeIdOf))];
  const offer = offerTypes(nearTo(keys), here.length === 1 && here[0] ? here : []);
  pick(
    say.moveTitle(keys.length),
    (typed) => {
      const found = offer(typed);
      const fresh = { id: null, name: typed ? say.newType(typed) : say.newTypeUnnamed, told: say.newTypeTold, photo: viewsOf(keys[0])[0] };
      const exact = found.some((one) => one.name.toLowerCase() === typed.toLowerCase());
      return exact ? found : [...found, fresh];
    },
    (option, typed) => {
      if (option.id) moveTo(keys, option.id);
      else splitOff(keys, typed);
    },
  );
}

function splitOff(keys, name) {
  decide({ do: "split", bollards: keys, name });
  onwards();
}

export function split() {
  const keys = ui.selected.size ? [...ui.selected] : targets();
  const type = currentType();
  if (!keys.length || (type && keys.length >= type.bollards.length)) return;
  ask(say.splitName, "", el("div", { class: "strip" }, keys.slice(0, 10).map((key) => picture(viewsOf(key)[0], 160))), (name) => splitOff(keys, name));
}

export function newType() {
  const keys = targets();
  const name = current()?.name ?? "";
  if (keys.length) ask(say.splitName, name, el("div", { class: "strip" }, keys.slice(0, 10).map((key) => picture(viewsOf(key)[0], 160))), (name) => splitOff(keys, name));
}

export function merge() {
  const entry = current();
  if (entry?.kind === "alike") return askToMerge(entry.type, entry.other, { done: render });
  const type = currentType();
  if (!type) return undefined;
  return pick(say.mergeTitle(type.name), offerTypes(type.near, [type.id]), (option) => askToMerge(option.id, type.id, { done: render }));
}

export function keepOut() {
  const keys = targets();
  const type = currentType();
  if (!keys.length || !type) return;
  decide({ do: "keep-out", bollards: keys, type: type.id });
  onwards();
}

export function pin() {
  const keys = targets();
  const type = currentType();
  if (!keys.length) return;
  if (keys.every((key) => saidOf(key).pinned !== undefined)) decide({ do: "unpin", bollards: keys });
  else if (type) decide({ do: "move", bollards: keys, type: type.id });
  ui.selected.clear();
  render();
}

export function oneOff() {
  const keys = targets();
  if (!keys.length) return;
  decide({ do: "one-off", bollards: keys });
  onwards();
}

export function hide() {
  const shown = ui.photo ?? viewsOf(current()?.bollard ?? "")[0];
  if (!shown) return;
  const all = [...document.querySelectorAll("#bench .photo")];
  const at = all.findIndex((one) => one.dataset.photo === shown);
  const next = all[at + 1] ?? all[at - 1];
  decide({ do: "hide", photos: [shown] });
  ui.photo = null;
  if (next) focusPhoto(next);
}

export function choosePicture() {
  const type = currentType();
  if (!type || !ui.photo) return;
  decide({ do: "picture", type: type.id, photo: type.picture === ui.photo ? "" : ui.photo });
}

export function correctCountry() {
  const keys = targets();
  if (!keys.length) return;
  pick(say.countryTitle(keys.length), offerCountries(), (option) => {
    decide({ do: "country", bollards: keys, country: option.id });
    ui.selected.clear();
    render();
  });
}

export function noteLookalike() {
  const entry = current();
  const type = entry?.kind === "alike" ? typeOf(entry.type) : currentType();
  if (!type) return;
  const about = (id) => {
    const other = typeOf(id);
    ask(
      say.lookalikeAsk(type.name, other.name),
      type.notes[id] ?? "",
      el("div", { class: "pair" }, side(type, "", 4), side(other, "", 4)),
      (text) => decide({ do: "lookalike", type: type.id, other: id, text }),
    );
  };
  if (entry.kind === "alike") about(entry.other);
  else pick(say.lookalikeTitle(type.name), offerTypes(type.near, [type.id]), (option) => about(option.id));
}

export function putInFamily() {
  const type = currentType();
  if (!type) return;
  const known = Object.entries(store.state.families);
  pick(
    say.familyTitle(type.name),
    (typed) => {
      const found = known.filter(([, name]) => fits(name, typed)).map(([, name]) => ({ id: name, name }));
      const exact = found.some((one) => one.name.toLowerCase() === typed.toLowerCase());
      return [
        ...found,
        ...(typed && !exact ? [{ id: typed, name: say.familyNew(typed) }] : []),
        ...(type.family ? [{ id: "", name: say.familyNone }] : []),
      ];
    },
    (option) => decide({ do: "family", type: type.id, name: option.id }),
  );
}

export const describeType = (id, description) => decide({ do: "describe", type: id, description });

/** Say no to what is suggested. */
export function turnDown() {
  const entry = current();
  const key = entry?.key ?? currentType()?.split?.key;
  if (!key) return;
  decide({ do: "settle", key });
  if (["alike", "split", "proposed"].includes(entry.kind)) goOn();
  ui.selected.clear();
  render();
}

/** The bollard in question belongs to its first or second candidate. */
export function choose(number) {
  const entry = current();
  const candidates = entry?.kind === "one-off" ? store.state.near[entry.bollard] : entry?.candidates;
  const id = candidates?.[number]?.[0];
  if (id && entry.bollard) moveTo([entry.bollard], id);
}

export function select(all = false) {
  const type = currentType();
  if (all && type) {
    const whole = ui.selected.size === type.bollards.length;
    ui.selected = new Set(whole ? [] : type.bollards);
  } else if (ui.photo) {
    toggle(photoOf(ui.photo).bollard);
  }
}

export function toggle(key) {
  if (!ui.selected.delete(key)) ui.selected.add(key);
}

export const goTo = () =>
  pick(say.goTo, offerTypes(), (option) => {
    goToType(option.id);
    render();
  });

/** Save the name in the field, and go on. A known name offers to merge. */
export function saveName(type, typed) {
  const name = typed.trim();
  const same = name && store.state.types.find((kind) => kind.id !== type.id && kind.name.toLowerCase() === name.toLowerCase());
  const give = () => {
    ui.drafts.delete(type.id);
    const waiting = (one) => one.type === type.id && one.kind !== "alike" && one.kind !== "split";
    if (name !== (type.named ? type.name : "")) decide({ do: "name", type: type.id, name });
    goOn(waiting);
    render();
  };
  if (same) askToMerge(same.id, type.id, { name: same.name, both: give, done: render });
  else give();
}

/** Ask for some words. Enter saves, Shift+Enter begins a new line. */
export function ask(title, text, about, done) {
  const dialog = $("ask");
  $("ask-title").textContent = title;
  $("ask-about").replaceChildren(about ?? "");
  $("ask-text").value = text;
  dialog.querySelector("form").onsubmit = () => done($("ask-text").value.trim());
  openDialog(dialog);
  $("ask-text").focus();
  $("ask-text").select();
}

$("ask-text").addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey) return;
  event.preventDefault();
  $("ask").querySelector("form").requestSubmit();
});
