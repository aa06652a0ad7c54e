// Dragging bollards onto a type of the list: at once with the mouse, after a moment by touch.

import { moveTo } from "./actions.js";
import { $, el } from "./dom.js";
import { picture } from "./grid.js";
import { ui } from "./ui.js";

const FAR_PX = 8;
const HOLD_MS = 350;
const EDGE_PX = 48;
const SPEED_PX = 14;

let held = null;
let ghost = null;
let over = null;
let showRail = () => {};
let tabBefore = null;

/** Watch the workbench; `rail` renders the list again. */
export function watchDrags(rail) {
  showRail = rail;
  $("bench").addEventListener("pointerdown", begin);
  addEventListener("pointermove", follow);
  addEventListener("pointerup", drop);
  addEventListener("pointercancel", cancel);
  addEventListener("keydown", (event) => event.key === "Escape" && ghost && cancel(), true);
  // While something is dragged by touch, the page does not scroll.
  addEventListener("touchmove", (event) => ghost && event.preventDefault(), { passive: false });
  // Ignore the click at the end of a drag.
  addEventListener("click", (event) => {
    if (held?.dragged) {
      event.preventDefault();
      event.stopPropagation();
    }
    held = null;
  }, true);
}

function begin(event) {
  const card = event.target.closest(".bollard");
  if (!card || event.button !== 0) return;
  held = { key: card.dataset.bollard, photo: event.target.closest("[data-photo]")?.dataset.photo, x: event.clientX, y: event.clientY, dragged: false };
  if (event.pointerType !== "mouse") held.timer = setTimeout(() => held && lift(held.x, held.y), HOLD_MS);
}

function follow(event) {
  if (!held) return;
  const far = Math.hypot(event.clientX - held.x, event.clientY - held.y) > FAR_PX;
  if (!ghost && far) {
    if (event.pointerType === "mouse") lift(event.clientX, event.clientY);
    else return cancel();
  }
  if (ghost) carry(event.clientX, event.clientY);
  return undefined;
}

function lift(x, y) {
  held.dragged = true;
  held.keys = ui.selected.has(held.key) ? [...ui.selected] : [held.key];
  ghost = el("div", { class: "ghost" }, held.photo ? picture(held.photo, 120) : null, held.keys.length > 1 ? el("b", {}, held.keys.length) : null);
  document.body.append(ghost);
  document.body.classList.add("dragging");
  tabBefore = ui.tab;
  // The drop targets: all types.
  if (ui.tab !== "types") {
    $("list").dataset.dragging = "";
    showRail("types");
  }
  carry(x, y);
}

function carry(x, y) {
  ghost.style.setProperty("translate", `${x + 12}px ${y + 12}px`);
  const target = document.elementFromPoint(x, y)?.closest("[data-drop]");
  if (target !== over) {
    over?.removeAttribute("data-over");
    over = target;
    over?.setAttribute("data-over", "");
  }
  const list = $("list").getBoundingClientRect();
  if (x < list.left || x > list.right) return;
  if (y < list.top + EDGE_PX) $("list").scrollTop -= SPEED_PX;
  else if (y > list.bottom - EDGE_PX) $("list").scrollTop += SPEED_PX;
}

function drop() {
  clearTimeout(held?.timer);
  if (!ghost) return;
  const [keys, id] = [held.keys, over?.dataset.drop];
  end();
  if (id) moveTo(keys, id);
}

function cancel() {
  clearTimeout(held?.timer);
  if (ghost) end();
  else held = null;
}

function end() {
  ghost.remove();
  ghost = null;
  over?.removeAttribute("data-over");
  over = null;
  document.body.classList.remove("dragging");
  delete $("list").dataset.dragging;
  if (tabBefore !== "types") showRail(tabBefore);
  // The click that ends the drag comes right after this, or never.
  setTimeout(() => (held = null), 50);
}
