// Bollards with all their views: selection, focus and captions.

import { cropOf, onCard } from "./crop.js";
import { el } from "./dom.js";
import { called, photoOf, saidOf, store, typeOf, viewsOf } from "./store.js";
import { ui } from "./ui.js";
import { country, say } from "./words.js";

const UNKNOWN = "/unknown.svg";

/** A photo on a card: its crop if there is one, at least as wide as wanted if possible. */
export function picture(id, width = 240, attributes = {}) {
  const crop = cropOf(id);
  if (!crop) return wholePicture(id, width, attributes);
  const [across, down] = photoOf(id).size;
  const [left, top, right, bottom] = onCard(crop, [across, down]);
  const [wide, high] = [right - left, bottom - top];
  const image = wholePicture(id, (width * across) / wide, attributes);
  // The whole photo, enlarged and moved so that its part fills the frame.
  Object.assign(image.style, {
    width: `${(100 * across) / wide}%`,
    height: `${(100 * down) / high}%`,
    left: `${(-100 * left) / wide}%`,
    top: `${(-100 * top) / high}%`,
  });
  return el("span", { class: "cropped" }, image);
}

/** All of a photo. */
export function wholePicture(id, width = 240, attributes = {}) {
  const photo = photoOf(id);
  const sizes = photo.pictures;
  const size = sizes.find((one) => one.width >= width) ?? sizes.at(-1);
  return el("img", {
    src: `/${size.path}`,
    width: size.width,
    height: size.height,
    alt: "",
    loading: "lazy",
    decoding: "async",
    draggable: "false",
    ...attributes,
  });
}

export function flag(code) {
  return el("img", {
    class: "flag",
    src: code ? `/flags/${code}.svg` : UNKNOWN,
    // Not every code has a flag.
    error: (event) => event.target.src.endsWith(UNKNOWN) || (event.target.src = UNKNOWN),
    width: 18,
    height: 12,
    alt: "",
  });
}

/** A bollard's country, as corrected. */
export function placeOf(bollard) {
  const photo = photoOf(store.collection.bollards[bollard][0]);
  const said = saidOf(bollard).country;
  const code = said === undefined ? photo.country : said || null;
  const name = country(code, store.collection.countries);
  return { code, name: said === undefined && photo.region ? photo.region : name };
}

/** A photo's type and country, for screen readers. */
function told(id, bollard) {
  const look = Object.entries(photoOf(id).look).map(([name, trait]) => called(name, trait));
  return `${placeOf(bollard).name}, ${look.join(", ")}`;
}

/** Cards of bollards; `type` is the type in which they are shown, for their captions. */
export function grid(bollards, type = null) {
  const first = ui.photo ?? viewsOf(bollards[0])[0];
  return el("ul", { class: "bollards" }, bollards.map((key) => card(key, type, first)));
}

const fileName = (file) => file.slice(file.lastIndexOf("/") + 1);

function card(key, type, first) {
  const said = saidOf(key);
  const place = placeOf(key);
  const views = viewsOf(key);
  const marks = [
    said.pinned !== undefined && el("span", { class: "mark" }, say.pinned),
    said.stray && typeOf(said.stray[0]) &&
      el("span", { class: "mark doubt", title: say.strayTold(typeOf(said.stray[0]).name) }, say.strayTold(typeOf(said.stray[0]).name)),
    views.some((id) => photoOf(id).new) && el("span", { class: "mark" }, say.isNew),
    type?.picture && views.includes(type.picture) && el("span", { class: "mark" }, say.isPicture),
  ];
  return el(
    "li",
    { class: "bollard", "data-bollard": key, "data-selected": ui.selected.has(key) },
    el(
      "div",
      { class: "views" },
      views.map((id) =>
        el(
          "button",
          {
            type: "button",
            class: "photo",
            "data-photo": id,
            tabindex: id === first ? 0 : -1,
            "aria-pressed": String(ui.selected.has(key)),
            "aria-label": told(id, key),
          },
          picture(id),
        ),
      ),
    ),
    el("p", { class: "files soft", title: views.map((id) => photoOf(id).file).join("\n") }, views.map((id) => fileName(photoOf(id).file)).join(", ")),
    el("p", { class: "place" }, flag(place.code), " ", el("span", {}, place.name), marks),
  );
}

/** Show the selection without making the cards again. */
export function showSelection(root = document) {
  for (const one of root.querySelectorAll(".bollard")) {
    const selected = ui.selected.has(one.dataset.bollard);
    one.toggleAttribute("data-selected", selected);
    for (const photo of one.querySelectorAll(".photo")) photo.setAttribute("aria-pressed", String(selected));
  }
}

/** Focus a photo; only one photo is in the order of Tab. */
export function focusPhoto(button) {
  if (!button) return;
  for (const other of document.querySelectorAll('#bench .photo[tabindex="0"]')) other.tabIndex = -1;
  button.tabIndex = 0;
  button.focus();
  button.scrollIntoView({ block: "nearest" });
}

/** The photo beside, above or below the focused one. */
export function neighbourOf(button, key) {
  const all = [...document.querySelectorAll("#bench .photo")];
  const at = all.indexOf(button);
  if (at < 0) return all[0];
  if (key === "ArrowRight") return all[at + 1];
  if (key === "ArrowLeft") return all[at - 1];
  const here = button.getBoundingClientRect();
  const middle = here.left + here.width / 2;
  const down = key === "ArrowDown";
  let best;
  let least = Infinity;
  for (const other of all) {
    const there = other.getBoundingClientRect();
    const away = down ? there.top - here.top : here.top - there.top;
    if (away < here.height / 2) continue;
    const distance = away * 4 + Math.abs(there.left + there.width / 2 - middle);
    if (distance < least) [best, least] = [other, distance];
  }
  return best;
}
