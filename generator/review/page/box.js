// The box around the bollard in a photo: drawn with the mouse, a finger or keys.

import { framed, SHARE } from "./crop.js";
import { $, el, openDialog } from "./dom.js";
import { decide, photoOf, store, viewsOf } from "./store.js";
import { current, goOn, ui } from "./ui.js";
import { say } from "./words.js";

const LEAST_PX = 4;
const STEP = 0.01;
const BIG_STEP = 0.05;
const PREVIEW_PX = 300;

const dialog = $("box");
const picture = $("box-picture");
const shape = $("box-shape");
const preview = $("box-preview");

/** The photo in question, {photo, size, crop, pictures}. */
let photo = null;
/** Left, top, right, bottom in pixels of the upright photo. */
let box = null;
/** The start of a drag in pixels of the photo, and the edges that it moves. */
let begun = null;
let render = () => {};
/** Set the function that renders the page again. */
export const renderWith = (how) => (render = how);

/** Ask for the box of the bollard in the current photo. */
export function drawBox() {
  const entry = current();
  const id = entry?.pictures ? entry.photo : (ui.photo ?? viewsOf(entry?.bollard ?? "")[0]);
  const known = entry?.pictures ? entry : id && photoOf(id);
  if (!known?.size?.[0]) return;
  photo = { photo: id, size: known.size, crop: known.crop, pictures: known.pictures };
  box = store.state.boxes[id] ?? begin();
  $("box-told").textContent = known.file;
  const large = known.pictures.at(-1);
  Object.assign(picture, { src: `/${large.path}`, width: large.width, height: large.height });
  $("box-none").hidden = !store.state.boxes[id];
  openDialog(dialog);
  shape.focus();
  show();
}

/** The first box: within the crop if there is one, else in the middle. */
function begin() {
  const [width, height] = photo.size;
  const [left, top, right, bottom] = photo.crop.length ? photo.crop : [0, 0, width, height];
  const high = ((bottom - top) * SHARE) / 2;
  const wide = Math.min((right - left) / 4, high / 2);
  const [x, y] = [(left + right) / 2, (top + bottom) / 2];
  return [x - wide, y - high, x + wide, y + high].map(Math.round);
}

function show() {
  const [width, height] = photo.size;
  const [left, top, right, bottom] = box;
  const share = (value, of) => `${(100 * value) / of}%`;
  Object.assign(shape.style, {
    left: share(left, width),
    top: share(top, height),
    width: share(right - left, width),
    height: share(bottom - top, height),
  });
  shape.setAttribute("aria-valuetext", say.boxIs(box));
  const crop = framed(box, photo.size);
  const [across, down] = [crop[2] - crop[0], crop[3] - crop[1]];
  const scale = Math.min(PREVIEW_PX / across, PREVIEW_PX / down);
  preview.width = Math.max(1, Math.round(across * scale));
  preview.height = Math.max(1, Math.round(down * scale));
  const k = picture.naturalWidth / width;
  if (k) preview.getContext("2d").drawImage(picture, crop[0] * k, crop[1] * k, across * k, down * k, 0, 0, preview.width, preview.height);
}

/** Accept a box within the photo, large enough and with its sides in order. */
function take([a, b, c, d]) {
  const [width, height] = photo.size;
  const within = (value, most) => Math.round(Math.max(0, Math.min(value, most)));
  const [left, right] = [within(Math.min(a, c), width), within(Math.max(a, c), width)];
  const [top, bottom] = [within(Math.min(b, d), height), within(Math.max(b, d), height)];
  if (right - left < LEAST_PX || bottom - top < LEAST_PX) return;
  box = [left, top, right, bottom];
  show();
}

function at(event) {
  const area = picture.getBoundingClientRect();
  return [
    ((event.clientX - area.left) / area.width) * photo.size[0],
    ((event.clientY - area.top) / area.height) * photo.size[1],
  ];
}

const canvas = $("box-canvas");
canvas.addEventListener("pointerdown", (event) => {
  const corner = event.target.dataset?.corner;
  const [left, top, right, bottom] = box;
  // A corner moves against the opposite one; anywhere else a new box begins.
  begun = corner ? [corner.includes("e") ? left : right, corner.includes("s") ? top : bottom] : at(event);
  canvas.setPointerCapture(event.pointerId);
  event.preventDefault();
  shape.focus();
});
canvas.addEventListener("pointermove", (event) => begun && take([...begun, ...at(event)]));
for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, () => (begun = null));
picture.addEventListener("load", () => photo && show());

shape.addEventListener("keydown", (event) => {
  const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
  if (!way) return;
  event.preventDefault();
  const step = Math.max(1, Math.max(...photo.size) * (event.altKey ? BIG_STEP : STEP));
  const [x, y] = way.map((one) => Math.round(one * step));
  const [left, top, right, bottom] = box;
  if (event.shiftKey) return take([left, top, Math.max(left + LEAST_PX, right + x), Math.max(top + LEAST_PX, bottom + y)]);
  const [width, height] = photo.size;
  // It stops at the border without changing its size.
  const dx = Math.max(-left, Math.min(x, width - right));
  const dy = Math.max(-top, Math.min(y, height - bottom));
  return take([left + dx, top + dy, right + dx, bottom + dy]);
});

function decideBox(value) {
  const entry = current();
  decide({ do: "box", photo: photo.photo, box: value });
  dialog.close();
  if (entry?.kind === "unseen" || entry?.kind === "held") goOn();
  render();
}

dialog.querySelector("form").addEventListener("submit", (event) => {
  event.preventDefault();
  decideBox(box);
});
dialog.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.target.matches("button")) return;
  event.preventDefault();
  decideBox(box);
});
$("box-none").addEventListener("click", () => decideBox(null));
for (const corner of ["nw", "ne", "sw", "se"]) shape.append(el("span", { class: "corner", "data-corner": corner }));
