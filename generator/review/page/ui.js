// The state of this window: its list, its entry, the selected photos.

import { store, typeOf, typeIdOf } from "./store.js";

export const ui = {
  tab: "review",
  /** The current entry: a question's id, a type's id or a bollard's key, depending on the tab. */
  entry: null,
  /** Keys of selected bollards. */
  selected: new Set(),
  /** Id of the focused photo. */
  photo: null,
  /** Names that were typed and not saved, by type. */
  drafts: new Map(),
  /** The suggested split that is preselected, by its key, so that it is preselected only once. */
  preselected: null,
  /** The name field takes the focus when the entry is shown. */
  eager: true,
  /** The workbench has not shown the last state yet. */
  late: false,
};

/** The entries of a list: [{id, ...}]. */
export function entries(tab = ui.tab) {
  if (tab === "review") return store.state.questions;
  if (tab === "types") return store.state.types.map((kind) => ({ id: kind.id, kind: "type", type: kind.id }));
  return store.state.oneOffs.map((key) => ({ id: key, kind: "one-off", bollard: key }));
}

export const current = () => entries().find((one) => one.id === ui.entry) ?? null;

/** The current type, if the entry is a single type. */
export function currentType() {
  const entry = current();
  return entry?.type && entry.kind !== "alike" ? typeOf(entry.type) : null;
}

/** The bollards that a key acts on: the selected ones, or the focused one. */
export function targets() {
  if (ui.selected.size) return [...ui.selected];
  const entry = current();
  if (entry?.bollard) return entry.bollards ?? [entry.bollard];
  if (entry?.kind === "filed") return [store.collection.photos[entry.photo].bollard];
  const focused = ui.photo && store.collection.photos[ui.photo]?.bollard;
  return focused ? [focused] : [];
}

let before = [];

/** After a new state: stay at the same entry, or at the one that replaced it. */
export function settleEntry() {
  const list = entries();
  if (!list.some((one) => one.id === ui.entry)) {
    const at = before.indexOf(ui.entry);
    const later = before.slice(at + 1).find((id) => list.some((one) => one.id === id));
    look(later ?? list[Math.min(Math.max(at, 0), list.length - 1)]?.id ?? null);
  }
  before = list.map((one) => one.id);
  for (const key of ui.selected) if (!store.collection.bollards[key]) ui.selected.delete(key);
}

/** Go to an entry of the list. */
export function look(id) {
  ui.entry = id;
  ui.selected.clear();
  ui.photo = null;
  ui.preselected = null;
  ui.eager = true;
}

/** Go to the next entry, or the previous one; returns false at the end of the list. */
export function step(by) {
  const list = entries();
  const at = list.findIndex((one) => one.id === ui.entry);
  const there = list[at + by];
  if (there) look(there.id);
  return Boolean(there);
}

/** The current entry is done: go to the next one of its kind, or else to the next one. */
export function goOn(isDone = (one) => one.id === ui.entry) {
  const list = entries();
  const at = list.findIndex((one) => one.id === ui.entry);
  const open = [...list.slice(at + 1), ...list.slice(0, at)].filter((one) => !isDone(one));
  const kind = (one) => (one.kind === "new" ? "unnamed" : one.kind);
  const like = open.find((one) => kind(one) === kind(list[at] ?? one));
  look((like ?? open[0])?.id ?? null);
}

/** Go to a type, in the list of types unless the current list has it. */
export function goToType(id) {
  const here = entries().find((one) => one.type === id && one.kind !== "alike");
  if (here) return look(here.id);
  ui.tab = "types";
  return look(id);
}

/** Go to the subject of a decision. */
export function goToSubject(subject) {
  const bollard = subject?.bollards?.[0];
  const type = [subject?.type, subject?.kept, subject?.gone, bollard && typeIdOf(bollard)].find(
    (id) => id && typeOf(id),
  );
  if (type) goToType(type);
  else if (bollard && store.collection.bollards[bollard]) {
    ui.tab = "one-offs";
    look(bollard);
  }
}
