// The owner's actions, by key, by button or by dragging: each asks for what it needs, then decides.

import { $, el, openDialog } from "./dom.js";
import { focusPhoto, picture } from "./grid.js";
import { askToMerge, side } from "./merge.js";
import { offerCountries, offerTypes, pick, fits } from "./picker.js";
import { decide, photoOf, saidOf, store, typeIdOf, typeOf, viewsOf } from "./store.js";
import { current, currentType, goOn, goToType, targets, ui } from "./ui.js";
import { country, inOneLine, say } from "./words.js";

let render = () => {};
/** Set the function that renders the page again. */
export const renderWith = (how) => (render = how);

/** After a decision, go to the next entry of the list if this one was a question. */
export function onwards() {
  const entry = current();
  if (["unseen", "held", "same", "filed", "doubtful", "alike", "proposed"].includes(entry?.kind)) goOn();
  ui.selected.clear();
  render();
}

/** The types nearest to some bollards, and those near their own type. */
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
  const entry = current();
  if (entry?.pictures) {
    decide({ do: "hide", photos: [entry.photo] });
    onwards();
    return;
  }
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
    const isQuestion = current()?.kind === "filed";
    decide({ do: "country", bollards: keys, country: option.id });
    if (isQuestion) return onwards();
    ui.selected.clear();
    return render();
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

/** Ask for a country of the type, then for what the owner knows of the type there. */
export function knowInCountry() {
  const type = currentType();
  if (!type) return;
  const codes = [...new Set([...type.countries.map(([code]) => code), ...Object.keys(type.known)])].filter(Boolean);
  const options = codes.map((code) => ({ id: code, name: country(code, store.collection.countries), told: inOneLine(type.known[code] ?? {}) || code }));
  const about = ({ id, name }) => {
    const said = type.known[id] ?? { frequency: "", note: "" };
    const chosen = el(
      "select",
      {},
      Object.entries(say.frequencies).map(([value, words]) => el("option", { value, selected: value === said.frequency }, words)),
    );
    ask(
      say.knownAsk(type.name, name),
      said.note,
      [el("p", { class: "field" }, el("label", {}, say.frequency, " ", chosen)), el("p", { class: "soft" }, say.knownExample)],
      (note) => decide({ do: "known", type: type.id, country: id, frequency: chosen.value, note }),
    );
  };
  pick(say.knownTitle(type.name), (typed) => options.filter(({ id, name }) => fits(`${name} ${id}`, typed)), about);
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

export const chooseAddress = (id, slug, answered) => decide({ do: "slug", type: id, slug }, answered);

export const describeType = (id, description) => decide({ do: "describe", type: id, description });

/** Reject the suggestion. */
export function turnDown() {
  const entry = current();
  // A bollard in doubt belongs to neither type: it stays unsorted.
  if (entry?.kind === "doubtful") return oneOff();
  const key = entry?.key ?? currentType()?.split?.key;
  if (!key) return undefined;
  decide({ do: "settle", key });
  if (["same", "filed", "alike", "split", "proposed"].includes(entry.kind)) goOn();
  ui.selected.clear();
  render();
  return undefined;
}

/** Assign the bollard in question to its first or second candidate. */
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

/** Save the name in the field and go on. For a name that exists, offer to merge. */
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

/** Ask for a text. Enter saves, Shift+Enter begins a new line.
 *
 * If the text can be refused (`checked`), the dialog stays open with the reason: `done` is then
 * given what to call with it, or with "".
 */
export function ask(title, text, about, done, checked = false) {
  const dialog = $("ask");
  $("ask-title").textContent = title;
  $("ask-about").replaceChildren(...[about ?? ""].flat());
  $("ask-text").value = text;
  $("ask-refused").textContent = "";
  dialog.querySelector("form").onsubmit = (event) => {
    if (checked) event.preventDefault();
    done($("ask-text").value.trim(), (error) => {
      $("ask-refused").textContent = error;
      if (error) $("ask-text").focus();
      else dialog.close("save");
    });
  };
  openDialog(dialog);
  $("ask-text").focus();
  $("ask-text").select();
}

$("ask-text").addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey) return;
  event.preventDefault();
  $("ask").querySelector("form").requestSubmit();
});
