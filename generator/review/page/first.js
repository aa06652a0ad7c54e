// Photos to check first: no bollard was detected in them, or they may be hidden ones.

import * as act from "./actions.js";
import { drawBox } from "./box.js";
import { button, el } from "./dom.js";
import { flag, placeOf, wholePicture } from "./grid.js";
import { decide, photoOf, store, typeIdOf, typeOf } from "./store.js";
import { current } from "./ui.js";
import { country, say } from "./words.js";

/** Whether an entry is a question about a single photo. */
export const isFirst = (entry) => entry?.kind === "unseen" || entry?.kind === "held";

/** A picture of a photo that may be unpublished, the smallest that is wide enough. */
export function keptPicture(pictures, width, attributes = {}) {
  const one = pictures.find((size) => size.width >= width) ?? pictures.at(-1);
  return one ? el("img", { src: `/${one.path}`, width: one.width, height: one.height, alt: "", draggable: "false", ...attributes }) : null;
}

/** Publish the photo in view. */
export function publish() {
  const entry = current();
  if (!isFirst(entry)) return;
  decide({ do: "publish", photos: [entry.photo] });
  act.onwards();
}

/** The workbench for such a photo. */
export function onePhoto(entry) {
  const why = entry.why === "like" ? say.heldLike(entry.entry) : say.heldName(entry.entry);
  const about = entry.kind === "unseen" ? (entry.held ? say.unseenHeld : say.unseenShown) : say.heldTold(why);
  return [
    el(
      "header",
      { class: "head" },
      el("h2", { class: "name" }, entry.kind === "unseen" ? say.unseenTitle : say.heldTitle),
      el("p", {}, about),
      el("p", { class: "soft" }, entry.file, " ", flag(entry.country), ` ${country(entry.country, store.collection.countries)}`),
    ),
    el(
      "p",
      { class: "buttons" },
      button(entry.held ? say.publish : say.keepPublished, "p", publish, { class: "main" }),
      button(say.hide, "h", act.hide),
      button(say.drawBox, "w", drawBox),
    ),
    el("div", { class: "sight" }, keptPicture(entry.pictures, 900, { class: "large", tabindex: 0, alt: entry.file }), entry.others.map((one) => el("figure", {}, keptPicture([one], 0), el("figcaption", { class: "soft" }, say.hiddenOne)))),
  ];
}

/** The workbench for two photos that are nearly the same. */
export function twoPhotos(entry) {
  return [
    el("header", { class: "head" }, el("h2", { class: "name" }, say.sameTitle), el("p", {}, say.sameTold)),
    el("div", { class: "pair wide" }, [entry.photo, entry.other].map(oneOfTwo)),
    el("p", { class: "buttons" }, button(say.keepBoth, "x", act.turnDown)),
  ];
}

function oneOfTwo(id, number) {
  const photo = photoOf(id);
  const place = placeOf(photo.bollard);
  const type = typeOf(typeIdOf(photo.bollard));
  return el(
    "section",
    { class: "side" },
    el("div", { class: "sight" }, wholePicture(id, 400)),
    el("p", { class: "soft" }, photo.file),
    el("p", {}, flag(place.code), ` ${place.name} · ${type?.name ?? say.oneOff} · ${photo.size.join(" × ")} px`),
    el("p", { class: "buttons" }, button(say.keepThis, String(number + 1), () => keepOne(number), { class: "main" })),
  );
}

/** The workbench for a photo that has copies in the folders of several countries. */
export function filedTwice(entry) {
  const name = (code) => country(code, store.collection.countries);
  return [
    el("header", { class: "head" }, el("h2", { class: "name" }, say.filedTitle), el("p", {}, say.filedTold)),
    el("div", { class: "sight" }, wholePicture(entry.photo, 900, { class: "large", tabindex: 0, alt: photoOf(entry.photo).file })),
    el(
      "ul",
      { class: "filed" },
      entry.files.map(([file, code], number) =>
        el("li", {}, button([flag(code), ` ${name(code)}`], number < 2 ? String(number + 1) : "", () => chooseFolder(number)), " ", el("span", { class: "soft" }, file)),
      ),
    ),
    el("p", { class: "buttons" }, button(say.country, "c", act.correctCountry), button(say.filedKeep, "x", act.turnDown)),
  ];
}

/** Take the country that one of the copies in view says. */
export function chooseFolder(number) {
  const entry = current();
  const code = entry.files[number]?.[1];
  if (!code) return;
  decide({ do: "country", bollards: [photoOf(entry.photo).bollard], country: code });
  act.onwards();
}

/** Keep one of the two photos in view, and hide the other; a country that only that one has stays. */
export function keepOne(number) {
  const entry = current();
  const [kept, other] = number ? [entry.other, entry.photo] : [entry.photo, entry.other];
  const [mine, its] = [kept, other].map((id) => photoOf(id).bollard);
  if (mine !== its && !placeOf(mine).code && placeOf(its).code) decide({ do: "country", bollards: [mine], country: placeOf(its).code });
  decide({ do: "hide", photos: [other] });
  act.onwards();
}
