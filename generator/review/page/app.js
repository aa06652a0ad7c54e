// The review page: puts its parts together, and defines the keys.

import * as act from "./actions.js";
import { chooseAddress, describe, showBench, showSelected } from "./bench.js";
import { countChanges, openChanges, refreshChanges, viewLarge } from "./changes.js";
import { drawBox, renderWith as boxRendersWith } from "./box.js";
import { $, button, el, isTyping, openDialog } from "./dom.js";
import { watchDrags } from "./drag.js";
import { chooseFolder, isFirst, keepOne, publish } from "./first.js";
import { focusPhoto, neighbourOf, showSelection } from "./grid.js";
import { showAgainWith } from "./names.js";
import { showRail } from "./rail.js";
import { begin, build, onChange, photoOf, redo, settleRefused, store, undo } from "./store.js";
import { current, currentType, entries, goToSubject, goToType, look, settleEntry, step, ui } from "./ui.js";
import { say, screens, shortcuts } from "./words.js";
import { showWhy } from "./why.js";

const TABS = ["review", "types", "one-offs"];
const TOAST_MS = 4000;
let error = "";
let toastTimer = 0;

/** Render everything again. */
function render() {
  if (!store.state || !store.collection) return;
  settleEntry();
  showTop();
  showRail();
  showBench();
  showSelected();
  showWhy();
  refreshChanges();
}

function showTop() {
  const { named, of } = store.state.progress;
  $("title").textContent = store.collection.title;
  $("studio").hidden = !store.collection.studio;
  document.title = `${say.progress(named, of)} · ${store.collection.title}`;
  Object.assign($("progress"), { value: named, max: Math.max(1, of) });
  $("tally").textContent = say.progress(named, of);
  for (const way of ["undo", "redo"]) {
    const last = store.state[way];
    $(way).disabled = !last;
    $(way).title = last?.label ?? "";
  }
  const waiting = countChanges();
  const badge = $("changes").querySelector("b");
  badge.textContent = waiting;
  badge.hidden = !waiting;
  showSaved();
}

function showSaved() {
  const waiting = store.unsaved.length;
  const building = store.build.state === "running";
  $("build").disabled = building;
  $("saved").textContent = building
    ? say.building(store.build.step, store.build.done, store.build.total)
    : waiting
      ? say.saving(waiting)
      : say.saved;
  $("saved").classList.toggle("waiting", Boolean(waiting));
  const alerts = [];
  if (store.build.state === "failed") alerts.push(el("div", { class: "alert" }, el("p", {}, el("b", {}, say.buildFailed)), el("pre", {}, store.build.lines.join("\n"))));
  if (store.gone) alerts.push(el("p", { class: "alert" }, say.gone(waiting)));
  const broken = store.state?.broken;
  if (broken) {
    alerts.push(
      el("div", { class: "alert" }, el("p", {}, el("b", {}, say.broken(broken.line))), el("p", {}, broken.message), broken.text ? el("pre", {}, `${broken.line}: ${broken.text}`) : null),
    );
  }
  if (store.refused) {
    alerts.push(
      el("div", { class: "alert" }, el("p", {}, store.refused.error), el("p", { class: "buttons" }, button(say.anyway, "", () => settleRefused(true)), button(say.leave, "", () => settleRefused(false)))),
    );
  }
  if (error) alerts.push(el("p", { class: "alert" }, error));
  const text = alerts.map((one) => one.textContent).join("\n");
  if ($("alerts").dataset.text !== text) {
    // Only on a change, so that screen readers do not repeat it.
    $("alerts").dataset.text = text;
    $("alerts").replaceChildren(...alerts);
  }
}

function toast(text) {
  $("toast").textContent = text;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => ($("toast").textContent = ""), TOAST_MS);
}

onChange((what) => {
  if (what.error !== undefined) {
    error = what.error;
    showSaved();
    return;
  }
  if (what === "state") {
    // Before the first state there is nothing that a click or a key could be about.
    document.body.inert = false;
    render();
  }
  else if (what === "build") {
    if (buildBefore === "running" && store.build.state === "done") toast(say.built);
    buildBefore = store.build.state;
    showSaved();
    refreshChanges();
  } else showSaved();
});
let buildBefore = "idle";

async function travel(way) {
  error = "";
  const last = await way();
  if (!last) return;
  toast(way === undo ? say.undone(last.label) : say.redone(last.label));
  ui.drafts.clear();
  goToSubject(last.subject);
  render();
}

function runBuild() {
  error = "";
  build();
}

function next(by) {
  if (!step(by)) toast(by > 0 ? say.endOfList : say.startOfList);
  render();
}

function nextTab(by = 1) {
  showTab(TABS[(TABS.indexOf(ui.tab) + by + TABS.length) % TABS.length]);
}

function showTab(tab) {
  ui.tab = tab;
  look(entries()[0]?.id ?? null);
  render();
}

function reselect() {
  showSelection();
  showSelected();
}

function help() {
  $("help-list").replaceChildren(
    ...shortcuts
      .filter(([, , on]) => !on || on.includes(screen()))
      .map(([title, keys]) => [title, keys.filter(([key]) => works(key === "Space" ? " " : key.split(" ")[0]))])
      .filter(([, keys]) => keys.length)
      .map(([title, keys]) =>
      el(
        "section",
        {},
        el("h3", { class: "name" }, title),
        el("dl", {}, keys.map(([key, told]) => el("div", {}, el("dt", {}, key.split(" ").map((one) => [el("kbd", {}, one), " "])), el("dd", {}, told)))),
      ),
    ),
  );
  openDialog($("help-box"));
}

const KEYS = {
  j: () => next(1),
  k: () => next(-1),
  t: () => nextTab(),
  "/": act.goTo,
  e: openChanges,
  b: runBuild,
  "?": help,
  n: toName,
  Enter: takeName,
  d: () => currentType() && describe(currentType()),
  u: () => currentType() && chooseAddress(currentType()),
  f: act.putInFamily,
  l: act.noteLookalike,
  y: act.knowInCountry,
  g: act.merge,
  " ": () => (act.select(), reselect()),
  a: () => (act.select(true), reselect()),
  m: act.move,
  s: () => (currentType() ? splitSuggested() : act.newType()),
  r: act.keepOut,
  p: () => (isFirst(current()) ? publish() : act.pin()),
  o: act.oneOff,
  c: act.correctCountry,
  h: act.hide,
  i: act.choosePicture,
  v: viewLarge,
  w: drawBox,
  x: act.turnDown,
  1: () => choose(0),
  2: () => choose(1),
};

/** Take the name that is suggested, and go on; of a type that has its name, go to the field. */
function takeName() {
  const entry = current();
  const type = currentType();
  if (["new", "unnamed"].includes(entry?.kind)) act.saveName(type, $("name").value);
  else toName();
}

function toName() {
  $("name")?.focus();
  $("name")?.select();
}

/** The screen that is open, which decides what keys do. */
function screen() {
  const entry = current();
  if (!entry) return "nothing";
  if (isFirst(entry)) return "first";
  if (["same", "filed", "alike", "proposed"].includes(entry.kind)) return entry.kind;
  return entry.bollard ? "bollard" : "type";
}

/** Whether a key does something on the screen that is open. */
function works(key) {
  const here = screen();
  if (screens[key] && !screens[key].includes(here)) return false;
  // There must be a suggestion to turn down, or candidates to choose from.
  if (key === "x") return here === "same" || here === "filed" || here === "alike" || here === "proposed" || current().kind === "doubtful" || Boolean(currentType()?.split);
  return key === "g" || key === "l" ? here === "alike" || Boolean(currentType()) : true;
}

const CHOOSE = { same: keepOne, filed: chooseFolder };
const choose = (number) => (CHOOSE[screen()] ?? act.choose)(number);

/** Split off the selected bollards, or the suggested ones if none are selected. */
function splitSuggested() {
  const suggested = currentType().split;
  if (!ui.selected.size && suggested) ui.selected = new Set(suggested.off);
  reselect();
  act.split();
}

addEventListener("keydown", (event) => {
  // A key that a field or a dialog has used is no shortcut for what is shown next.
  if (event.defaultPrevented || document.body.inert) return;
  const box = document.querySelector("dialog[open]");
  const control = event.ctrlKey || event.metaKey;
  if (control && !event.altKey && ["z", "y", "Z"].includes(event.key)) {
    const field = document.activeElement;
    // In a field with typed text, it undoes the typing.
    const typing = isTyping() && (field.id !== "name" || ui.drafts.size > 0);
    if (box || typing) return;
    event.preventDefault();
    travel(event.key === "z" && !event.shiftKey ? undo : redo);
    return;
  }
  if (box) {
    if (box.id === "changes-box" && event.key.toLowerCase() === "b" && !isTyping()) runBuild();
    return;
  }
  if (control || event.altKey || event.isComposing || isTyping()) return;
  const on = document.activeElement;
  if (event.key.startsWith("Arrow") && (on === $("bench") || on?.matches("#bench .photo, body"))) {
    event.preventDefault();
    focusPhoto(neighbourOf(on, event.key));
    return;
  }
  if (event.key.startsWith("Arrow") && on?.matches("[role=tab]")) {
    nextTab(event.key === "ArrowLeft" ? -1 : 1);
    $(`tab-${ui.tab}`).focus();
    return;
  }
  // These keys press the focused button.
  const pressing = [" ", "Enter"].includes(event.key) && on?.matches("button:not(.photo), a, summary");
  const run = pressing ? null : KEYS[event.key];
  if (run && !works(event.key)) {
    event.preventDefault();
    toast(say.notHere(event.key));
    return;
  }
  if (!run || (event.repeat && !["j", "k"].includes(event.key))) return;
  event.preventDefault();
  error = "";
  run();
  showSaved();
});

$("bench").addEventListener("focusin", (event) => {
  const photo = event.target.closest?.("[data-photo]");
  if (!photo || photo.dataset.photo === ui.photo) return;
  ui.photo = photo.dataset.photo;
  for (const other of document.querySelectorAll('#bench .photo[tabindex="0"]')) other.tabIndex = -1;
  photo.tabIndex = 0;
  showWhy();
});

$("bench").addEventListener("click", (event) => {
  const photo = event.target.closest(".photo");
  if (!photo) return;
  photo.focus();
  act.toggle(photoOf(photo.dataset.photo).bollard);
  reselect();
});
$("bench").addEventListener("dblclick", (event) => event.target.closest(".photo") && viewLarge());

$("list").addEventListener("click", (event) => {
  const row = event.target.closest("[data-entry]");
  if (!row) return;
  look(row.dataset.entry);
  render();
});

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("[data-go]");
  if (!link) return;
  goToType(link.dataset.go);
  render();
});

for (const tab of document.querySelectorAll("[data-tab]")) tab.addEventListener("click", () => showTab(tab.dataset.tab));
$("undo").addEventListener("click", () => travel(undo));
$("redo").addEventListener("click", () => travel(redo));
$("changes").addEventListener("click", openChanges);
$("build").addEventListener("click", runBuild);
$("changes-build").addEventListener("click", runBuild);
$("help").addEventListener("click", help);
addEventListener("beforeunload", (event) => store.unsaved.length && event.preventDefault());

act.renderWith(render);
boxRendersWith(render);
showAgainWith(render);
watchDrags((tab) => {
  const kept = ui.tab;
  ui.tab = tab;
  showRail();
  // During a drag another list is shown, and the entry in view stays.
  if (tab === "types" && kept !== "types") $("list").scrollTop = 0;
});
begin();
