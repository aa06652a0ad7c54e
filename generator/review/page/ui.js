// What this window looks at: which list, which entry of it, which photos are selected.

import { store, typeOf, typeIdOf } from "./store.js";

export const ui = {
  tab: "review",
  /** Of the entry in view: a question's id, a type's id or a bollard's key, as the tab says. */
  entry: null,
  /** Keys of selected bollards. */
  selected: new Set(),
  /** Id of the photo in focus. */
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

/** The type in view, if it is one type that is in view. */
export function currentType() {
  const entry = current();
  return entry?.type && entry.kind !== "alike" ? typeOf(entry.type) : null;
}

/** The bollards that a key acts on: the selected ones, or the one in focus. */
export function targets() {
  if (ui.selected.size) return [...ui.selected];
  const entry = current();
  if (entry?.bollard) return entry.bollards ?? [entry.bollard];
  const focused = ui.photo && store.collection.photos[ui.photo]?.bollard;
  return focused ? [focused] : [];
}

let before = [];

/** After a new state: keep looking at the same entry, or at what took its place. */
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

/** Look at an entry of the list. */
export function look(id) {
  ui.entry = id;
  ui.selected.clear();
  ui.photo = null;
  ui.preselected = null;
  ui.eager = true;
}

/** Look at the next entry, or the one before. */
export function step(by) {
  const list = entries();
  const at = list.findIndex((one) => one.id === ui.entry);
  look(list.length ? list[(at + by + list.length) % list.length].id : null);
}

/** The entry in view is done with: look at the next one like it, or else at the next of all. */
export function goOn(isDone = (one) => one.id === ui.entry) {
  const list = entries();
  const at = list.findIndex((one) => one.id === ui.entry);
  const open = [...list.slice(at + 1), ...list.slice(0, at)].filter((one) => !isDone(one));
  const kind = (one) => (one.kind === "new" ? "unnamed" : one.kind);
  const like = open.find((one) => kind(one) === kind(list[at] ?? one));
  look((like ?? open[0])?.id ?? null);
}

/** Look at a type, in the list of types unless the list in view has it. */
export function goToType(id) {
  const here = entries().find((one) => one.type === id && one.kind !== "alike");
  if (here) return look(here.id);
  ui.tab = "types";
  return look(id);
}

/** Look at what a decision was about. */
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
