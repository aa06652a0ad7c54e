// Two types or photos side by side: their differences, and the countries of each.

import { Words, differences } from "./difference.js";
import { makePicker } from "./picker.js";
import { at, copy, loadTypes } from "./types.js";

const page = document.getElementById("compare");
const { root, home } = page.dataset;
const byId = (id) => document.getElementById(id);
const words = new Words(byId("words"));
const language = document.documentElement.lang || undefined;
const number = new Intl.NumberFormat(language);
const percent = new Intl.NumberFormat(language, { style: "percent" });
const plural = new Intl.PluralRules(language);
const counted = (count, one, more) => (plural.select(count) === "one" ? one : more).replace("#", number.format(count));
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
const SIDES = ["a", "b"];

let index = null;

// The two sides ----------------------------------------------------------------------------

const shards = new Map();

/** The details of a photo, or null. They are in files named after the beginning of the id. */
const photoOf = async (id) => {
  if (!/^[0-9a-f]{12}$/.test(id)) return null;
  const name = id.slice(0, Number(page.dataset.digits)) || "all";
  if (!shards.has(name)) {
    const asked = fetch(`${page.dataset.photos}${name}.json`);
    shards.set(name, asked.then((answer) => (answer.ok ? answer.json() : {})));
  }
  return (await shards.get(name))[id] ?? null;
};

/** A type or a photo as the page shows it; null if no type or photo has that id. */
const subjectOf = async (id) => {
  const type = index.byId.get(id);
  const photo = await photoOf(type ? type.photo : id);
  if (!photo) return null;
  const views = await Promise.all(photo.views.slice(0, 1).map(photoOf));
  const common = { id, photo, pictures: [photo, ...views].map(({ pictures }) => pictures) };
  if (type) {
    return {
      ...common,
      type,
      name: type.name,
      href: `${home}types/${encodeURIComponent(id)}/`,
      attributes: type.attributes,
      countries: type.countries.map(([code]) => code),
    };
  }
  const country = index.countries[photo.country ?? ""]?.name ?? "";
  const place = photo.region ? `${photo.region}, ${country}` : country;
  const kind = index.byId.get(photo.type);
  return {
    ...common,
    name: kind ? `${place}: ${kind.name}` : place,
    href: `${home}photos/${id}/`,
    attributes: photo.attributes,
    countries: [photo.country ?? ""],
  };
};

// The page -------------------------------------------------------------------------------

const showHalf = (side, subject, asked) => {
  const half = byId(side);
  const picker = half.querySelector(".picker");
  half.querySelector(".missing").hidden = Boolean(subject) || !asked;
  picker.hidden = Boolean(subject);
  if (!subject) {
    half.querySelector(".contents").replaceChildren();
    return;
  }
  const part = copy("contents");
  const pictures = subject.pictures.map((widths) => {
    const [path, width, height] = widths.at(-1);
    const picture = new Image(width, height);
    picture.alt = subject.name;
    // On a narrow screen the second view is not shown, and then not fetched either.
    picture.loading = "lazy";
    picture.sizes = subject.pictures.length > 1 ? "(min-width: 40rem) 24vw, 47vw" : "47vw";
    picture.srcset = widths.map(([one, wide]) => `${at(root, one)} ${wide}w`).join(", ");
    picture.src = at(root, path);
    return picture;
  });
  part.querySelector(".pictures").replaceChildren(...pictures);
  const link = part.querySelector(".name a");
  link.textContent = subject.name;
  link.href = subject.href;
  const figures = part.querySelector(".figures");
  if (subject.type) {
    const { bollard, bollards, country, countries } = figures.dataset;
    const counts = [counted(subject.type.bollards, bollard, bollards), counted(subject.type.countries.length, country, countries)];
    figures.textContent = counts.join(", ");
  } else figures.remove();
  const credit = part.querySelector(".credit");
  credit.textContent = fill(credit.dataset.credit, {
    credit: subject.photo.credit ?? credit.dataset.nobody,
    licence: subject.photo.licence ?? credit.dataset.none,
  });
  part.querySelector(".other").addEventListener("click", () => {
    picker.hidden = false;
    picker.querySelector("input").focus();
  });
  half.querySelector(".contents").replaceChildren(part);
};

/** The probability that the two are of the same type, if known. */
const probability = (a, b) => {
  const say = byId("alike").dataset;
  if (a.id === b.id) return say.same;
  if (a.type && b.type) return degree(a.type, b.type) ?? say.types;
  if (!a.type && !b.type) {
    if (a.photo.views.includes(b.id)) return say.views;
    const near =
      a.photo.neighbours.find(([id]) => id === b.id) ?? b.photo.neighbours.find(([id]) => id === a.id);
    if (near) return fill(say.chance, { chance: percent.format(near[1] / 100) });
    return a.photo.type && a.photo.type === b.photo.type ? say.kin : say.photos;
  }
  const [type, photo] = a.type ? [a.type, b.photo] : [b.type, a.photo];
  if (photo.type === type.id) return say.member;
  const kind = index.byId.get(photo.type);
  return (kind && degree(type, kind)) ?? say.types;
};

const degree = (one, other) => {
  const found = (mine, theirs) => mine.degrees[mine.lookalikes.indexOf(theirs.id)];
  const number = found(one, other) ?? found(other, one);
  return number && `${words.say(`degree ${number}`)}.`;
};

const note = (a, b) => a.type?.notes?.[b.id] ?? b.type?.notes?.[a.id] ?? "";

const value = {
  form: ({ form }) => form && words.form(form),
  body: ({ body }) => body && words.colour(body),
  marking: ({ pattern, accent }) =>
    pattern &&
    (pattern === "plain"
      ? words.say("plain")
      : [words.say(`pattern ${pattern}`), words.colour(accent === "none" ? "" : accent)]
          .filter(Boolean)
          .join(", ")),
  reflector: ({ reflector }) =>
    reflector && (reflector === "none" ? words.say("no reflector") : words.colour(reflector)),
};

const showVerdict = (a, b) => {
  byId("alike").textContent = probability(a, b);
  byId("told").textContent = note(a, b);
  const clauses = differences(a.attributes, b.attributes).map((found) => {
    const item = document.createElement("li");
    item.textContent = words.difference(found);
    return item;
  });
  byId("differs").replaceChildren(...clauses);
  byId("left").hidden = !clauses.length;
  byId("alone").hidden = clauses.length > 0 || a.id === b.id;
  const [first, second] = byId("marks").querySelectorAll("th[scope=col]");
  first.textContent = a.name;
  second.textContent = b.name;
  for (const row of byId("marks").querySelectorAll("[data-mark]")) {
    const said = [a, b].map((one) => value[row.dataset.mark](one.attributes));
    [...row.querySelectorAll("td")].forEach((cell, place) => {
      cell.textContent = said[place] ?? words.say("unsure");
    });
    row.classList.toggle("apart", Boolean(said[0] && said[1] && said[0] !== said[1]));
  }
};

const showGrounds = (a, b) => {
  const sets = { mine: [], both: [], theirs: [] };
  for (const code of new Set([...a.countries, ...b.countries])) {
    const [mine, theirs] = [a, b].map((one) => one.countries.includes(code));
    sets[mine && theirs ? "both" : mine ? "mine" : "theirs"].push(code);
  }
  for (const [name, codes] of Object.entries(sets)) {
    const set = page.querySelector(`.set.${name}`);
    set.hidden = !codes.length;
    set.querySelector("ul").replaceChildren(...codes.map(countryItem));
  }
  const boxes = [];
  for (const mark of page.querySelectorAll("#world [data-code]")) {
    const name = Object.keys(sets).find((key) => sets[key].includes(mark.dataset.code)) ?? "";
    mark.setAttribute("class", name);
    if (name) boxes.push(mark.dataset.box.split(" ").map(Number));
  }
  fit(boxes);
};

const countryItem = (code) => {
  const item = document.createElement("li");
  const link = document.createElement("a");
  link.textContent = index.countries[code].name;
  link.href = `${home}countries/${index.countries[code].slug}/`;
  item.append(link);
  return item;
};

const world = byId("world");
const whole = world.getAttribute("viewBox").split(" ").map(Number);

/** Show the part of the world with their countries, at least as wide as Europe. */
const fit = (boxes) => {
  world.toggleAttribute("hidden", !boxes.length);
  if (!boxes.length) return;
  const left = Math.min(...boxes.map((box) => box[0]));
  const top = Math.min(...boxes.map((box) => box[1]));
  const right = Math.max(...boxes.map((box) => box[2]));
  const bottom = Math.max(...boxes.map((box) => box[3]));
  const width = Math.max(640, 1.12 * (right - left), 2.24 * (bottom - top));
  const box =
    width > 2100 ? whole : [(left + right - width) / 2, (top + bottom) / 2 - width / 4, width, width / 2];
  world.setAttribute("viewBox", box.map(Math.round).join(" "));
  world.setAttribute("width", Math.round(box[2]));
  world.setAttribute("height", Math.round(box[3]));
  const radius = box[2] / 170;
  for (const mark of world.querySelectorAll("[data-code]")) {
    const [west, north, east, south] = mark.dataset.box.split(" ").map(Number);
    const dot = mark.querySelector("circle");
    dot.setAttribute("r", radius.toFixed(1));
    const small = Math.max(east - west, south - north) < 1.6 * radius;
    dot.setAttribute("visibility", small ? "visible" : "hidden");
  }
};

// The address -------------------------------------------------------------

const asked = () => {
  const given = new URLSearchParams(location.search);
  return SIDES.map((side) => given.get(side) ?? "");
};

const go = (ids) => {
  const address = new URL(location.href);
  SIDES.forEach((side, place) => {
    if (ids[place]) address.searchParams.set(side, ids[place]);
    else address.searchParams.delete(side);
  });
  history.pushState(null, "", address);
  return show();
};

const show = async () => {
  const ids = asked();
  const subjects = await Promise.all(ids.map((id) => (id ? subjectOf(id) : null)));
  if (ids.join() !== asked().join()) return; // the visitor has moved on
  SIDES.forEach((side, place) => {
    showHalf(side, subjects[place], ids[place]);
    makeChoice(place, subjects[1 - place]);
  });
  const [a, b] = subjects;
  byId("verdict").hidden = byId("where").hidden = byId("swap").hidden = !(a && b);
  const kinds = [a, b].map((one) => one?.type?.id);
  byId("practise").hidden = !kinds[0] || !kinds[1] || kinds[0] === kinds[1];
  byId("practise").href = `${home}quiz/?mode=type&set=${kinds.map(encodeURIComponent)}`;
  if (!a || !b) return;
  showVerdict(a, b);
  showGrounds(a, b);
};

/** Before anything is typed, the look-alikes of the other side come first. */
const makeChoice = (place, other) => {
  const kind = other && (other.type ?? index.byId.get(other.photo.type));
  const near = kind ? [kind.id, ...kind.lookalikes].filter((id) => id !== other.id) : [];
  const first = near.map((id) => index.byId.get(id)).filter(Boolean);
  const rest = index.types.filter((type) => !near.includes(type.id) && type.id !== other?.id);
  choosers[place].first = [...first, ...rest];
  choosers[place].show();
};

let choosers = [];

byId("swap").addEventListener("click", () => go(asked().reverse()));
addEventListener("popstate", show);

byId("unscripted").hidden = true;
try {
  index = await loadTypes(page.dataset.types);
  choosers = SIDES.map((side, place) =>
    makePicker(byId(`pick-${side}`), index, {
      root,
      choose: async (type) => {
        const ids = asked();
        ids[place] = type.id;
        await go(ids);
        byId(side).querySelector(".name a")?.focus();
      },
    }),
  );
  page.hidden = false;
  await show();
} catch (error) {
  byId("trouble").hidden = false;
  throw error;
}
