// The home page: filters and search over all types, kept in the address.

import { loaded, once, siteSearch, toldOf } from "./search-site.js";
import { at } from "./types.js";

const PLACES = ["continent", "in", "region"];
// The number of cards to add at once, about a screenful; more follow as the visitor scrolls.
const AT_ONCE = 24;
const TALLY = 4;

const page = document.getElementById("browse");
const { root, home } = page.dataset;
const element = Object.fromEntries(
  ["search", "find", "filters", "results", "status", "active", "clear", "all", "found", "places",
    "versus", "answer", "unsorted", "texts", "matches", "nothing", "told", "near", "perhaps", "possible", "further"].map((id) => [id, document.getElementById(id)]),
);
/** The attributes of bollards; for a collection of other things, the owner's. */
const ATTRIBUTES = [
  ...new Set([
    ...["form", "body", "pattern", "accent", "reflector"],
    ...[...element.filters.querySelectorAll("[data-group]")].map((box) => box.dataset.group),
  ]),
].filter((group) => !PLACES.includes(group));
const GROUPS = [...ATTRIBUTES, ...PLACES];
/** The choices: each with its checkbox, its value, and the parts of its label. */
const choices = [...element.filters.querySelectorAll("label")].map((label) => {
  const box = label.querySelector("input");
  return {
    box,
    group: box.dataset.group,
    value: box.value,
    key: `${box.dataset.group}=${box.value}`,
    picture: label.querySelector("img, .swatch"),
    words: label.querySelector(".label").textContent,
    counter: label.querySelector(".count"),
    count: null,
  };
});
const number = new Intl.NumberFormat(document.documentElement.lang);

const getIndex = once(async () => {
  const index = await loaded(page.dataset.types);
  for (const [place, type] of index.types.entries()) {
    type.place = place;
    type.in = new Set(type.countries.map(([code]) => code));
    type.continent = new Set(type.countries.map(([code]) => index.countries[code]?.continent));
    type.region = new Set((type.regions ?? []).map(([code]) => code));
  }
  return index;
});
const words = siteSearch(page.dataset, getIndex);

/** The present query: the chosen values of each group, and the words. */
const asked = () => {
  const chosen = Object.fromEntries(GROUPS.map((group) => [group, new Set()]));
  for (const { box, group, value } of choices) if (box.checked) chosen[group].add(value);
  return { chosen, query: element.find.value };
};

const addressOf = ({ chosen, query }) => {
  const parts = GROUPS.filter((group) => chosen[group].size).map(
    (group) => `${group}=${[...chosen[group]].map(encodeURIComponent).join(",")}`,
  );
  if (query.trim()) parts.unshift(`q=${encodeURIComponent(query.trim()).replaceAll("%20", "+")}`);
  return parts.length ? `?${parts.join("&")}` : location.pathname;
};

const takeFromAddress = () => {
  const parameters = new URLSearchParams(location.search);
  element.find.value = parameters.get("q") ?? "";
  const chosen = new Set(
    GROUPS.flatMap((group) => (parameters.get(group) ?? "").split(",").map((value) => `${group}=${value}`)),
  );
  for (const { box, key } of choices) box.checked = chosen.has(key);
};

/** A type's value of an attribute. Every type stands below one form, so that is taken for sure. */
const valueOf = (type, group) => type.attributes[group] ?? (group === "form" ? type.perhaps?.form : undefined);

/** Whether a type matches one group: 1 yes, 0.5 unknown from its photos, 0 no. */
const fits = (type, group, wanted) => {
  if (!wanted.size) return 1;
  if (!ATTRIBUTES.includes(group)) return [...wanted].some((value) => type[group].has(value)) ? 1 : 0;
  const value = valueOf(type, group);
  if (value !== undefined) return wanted.has(value) ? 1 : 0;
  const guess = type.perhaps?.[group];
  return guess === undefined || wanted.has(guess) ? 0.5 : 0;
};

const valuesOf = (type, group) =>
  ATTRIBUTES.includes(group) ? [valueOf(type, group)] : [...type[group]];

/** Compare all types with the query, and count what each further choice would find. */
const sift = (types, chosen, scores) => {
  const sure = [];
  const possible = [];
  const counts = new Map();
  for (const type of types) {
    if (scores && !scores.has(type.id)) continue;
    const failed = [];
    let unsure = false;
    for (const group of GROUPS) {
      const fit = fits(type, group, chosen[group]);
      if (fit < 1) failed.push(group);
      unsure ||= fit === 0.5;
      if (fit === 0) failed.fatal = (failed.fatal ?? 0) + 1;
    }
    if (!failed.length) sure.push(type);
    else if (unsure && !failed.fatal) possible.push(type);
    // Choices within a group add up, so a group's counts ignore its own choices.
    if (failed.length > 1) continue;
    for (const group of failed.length ? failed : GROUPS)
      for (const value of valuesOf(type, group)) {
        const key = `${group}=${value}`;
        counts.set(key, (counts.get(key) ?? 0) + 1);
      }
  }
  return { sure, possible, counts };
};

const image = (values) => Object.assign(new Image(), { loading: "lazy", alt: "", ...values });

const flag = (code, countries, label) => {
  const file = countries[code]?.flag;
  const src = file ? root + file : page.dataset.flag;
  return image({ className: "flag", width: 18, height: 12, alt: label, title: label, src });
};

const cards = new Map();
const card = (type, countries) => {
  if (cards.has(type.id)) return cards.get(type.id);
  const item = document.getElementById("type-card").content.firstElementChild.cloneNode(true);
  const link = item.querySelector("a");
  link.href = `${home}types/${type.id}/`;
  const [width, height] = type.size;
  const slim = height / width < 0.9 || height / width > 1.8;
  const dense = type.large === type.picture ? "" : `${at(root, type.picture)}, ${at(root, type.large)} 2x`;
  link.querySelector(".views").append(
    image({ className: slim ? "slim" : "", width, height, srcset: dense, src: at(root, type.picture) }),
  );
  const name = link.querySelector(".name");
  name.textContent = type.name;
  if (type.pictogram) name.before(image({ className: "pictogram", width: 24, height: 40, src: root + type.pictogram }));
  const tally = item.querySelector(".tally");
  const named = type.countries.length <= 2;
  const shown = type.countries.slice(0, type.countries.length > TALLY + 1 ? TALLY : undefined);
  for (const [code, bollards] of shown) {
    const entry = document.createElement("li");
    const name = countries[code]?.name ?? code;
    entry.append(flag(code, countries, named ? "" : name), " ");
    if (named) {
      const only = document.createElement("span");
      only.className = "only";
      only.textContent = name;
      entry.append(only, " ");
    }
    entry.append(number.format(bollards));
    tally.append(entry, " ");
  }
  const rest = type.countries.slice(shown.length);
  if (rest.length) {
    const entry = Object.assign(document.createElement("li"), { className: "rest" });
    const way = document.createElement("a");
    const title = rest.map(([code]) => countries[code]?.name ?? code).join(", ");
    Object.assign(way, { title, href: `${link.href}#countries`, textContent: `+${number.format(rest.length)}` });
    way.setAttribute("aria-label", `${way.textContent}, ${type.name}`);
    entry.append(way);
    tally.append(entry);
  }
  cards.set(type.id, item);
  return item;
};

let waiting = [];
let countries = {};
const showMore = () => {
  element.matches.append(...waiting.splice(0, AT_ONCE).map((type) => card(type, countries)));
  element.further.hidden = !waiting.length;
};
new IntersectionObserver((seen) => seen.some((one) => one.isIntersecting) && showMore(), {
  rootMargin: "1200px",
}).observe(element.further);

const showCounts = (counts) => {
  for (const choice of choices) {
    const count = counts.get(choice.key) ?? 0;
    const none = !count && !choice.box.checked;
    // Writing an unchanged value would cost a layout.
    if (choice.count !== count) choice.counter.textContent = number.format(count);
    if (choice.box.disabled !== none) choice.box.disabled = none;
    choice.count = count;
  }
};

const showActive = () => {
  const made = choices.filter(({ box }) => box.checked).map(({ box, picture, words }) => {
    const button = document.createElement("button");
    button.type = "button";
    const legend = box.closest("fieldset").querySelector("legend").textContent;
    // A colour needs its group's name.
    const shown = picture?.matches(".swatch") ? `${legend}: ${words}` : words;
    button.setAttribute("aria-label", element.active.dataset.remove.replace("#", `${legend}, ${words}`));
    const cross = document.createElement("span");
    cross.textContent = "×";
    cross.setAttribute("aria-hidden", "true");
    button.append(...(picture ? [picture.cloneNode()] : []), ` ${shown} `, cross);
    button.addEventListener("click", () => {
      box.checked = false;
      changed();
      (element.active.querySelector("button") ?? element.find).focus({ preventScroll: true });
    });
    const item = document.createElement("li");
    item.append(button);
    return item;
  });
  element.active.replaceChildren(...made);
  return made.length;
};

const showPlaces = (codes) => {
  element.places.replaceChildren(
    ...[...new Set(codes)].filter((code) => countries[code]).map((code) => {
      const link = document.createElement("a");
      link.href = `${home}countries/${countries[code].slug}/`;
      link.append(flag(code, countries, ""), ` ${countries[code].name}`);
      const item = document.createElement("li");
      item.append(link);
      return item;
    }),
  );
};

/** Two or three countries are named: there is a page that compares them. */
const showVersus = (codes) => {
  const named = codes.filter((code) => countries[code]).slice(0, 3);
  element.versus.hidden = named.length < 2;
  if (named.length < 2) return;
  const link = element.versus.querySelector("a");
  const names = new Intl.ListFormat(document.documentElement.lang).format(named.map((code) => countries[code].name));
  link.href = `${home}compare/?countries=${named.join(",").toLowerCase()}`;
  link.textContent = element.versus.dataset.compare.replace("#", () => names);
};

/** Which country it is, for a search by two looks or more; a country or a name asks for something else. */
const showAnswer = async (turn, index, sure, { chosen, read, scores }) => {
  const ticked = ATTRIBUTES.filter((group) => chosen[group].size).map((group) => [group, [...chosen[group]]]);
  const looks = [...(read?.asked ? read.looks : []), ...ticked];
  const byLooks = (!read?.asked || read.looks.length) && !["in", "continent", "region"].some((group) => chosen[group].size);
  let found = { candidates: [], decides: "" };
  if (byLooks && looks.length > 1 && sure.length && (read?.complete ?? true)) {
    const list = element.answer.querySelector(".candidates");
    try {
      const { answerOf } = await import("./search-answer.js");
      found = await answerOf(sure, scores, looks, { index, data: page.dataset, words: list.dataset, labels: element.answer.dataset });
    } catch {
      // The types below answer, too.
    }
  }
  if (turn !== latest) return;
  element.answer.hidden = !found.candidates.length;
  element.answer.querySelector(".candidates").replaceChildren(...found.candidates);
  element.answer.querySelector(".decides").replaceChildren(found.decides);
};

/** Bollards of no type that fit, below the types; above them if no type fits all of the query. */
const showUnsorted = async (turn, index, { chosen, read }) => {
  const looks = [
    ...(read?.asked ? read.looks : []),
    ...ATTRIBUTES.filter((group) => chosen[group].size).map((group) => [group, [...chosen[group]]]),
  ];
  const stands = (code, region) =>
    (!chosen.region.size || chosen.region.has(region)) &&
    (!chosen.in.size || chosen.in.has(code)) &&
    (!chosen.continent.size || chosen.continent.has(index.countries[code]?.continent));
  let found = [];
  if ((looks.length || chosen.region.size) && (!read?.asked || (read.looks.length && !read.unknown.length))) {
    try {
      const { unsortedOf } = await import("./search-answer.js");
      found = await unsortedOf(looks, stands, { index, data: page.dataset });
    } catch {
      // The types answer, too.
    }
  }
  if (turn !== latest) return;
  element.unsorted.hidden = !found.length;
  if (found.length && read?.asked && !read.complete) element.matches.before(element.unsorted);
  else element.nothing.after(element.unsorted);
  element.unsorted.querySelector(".count").textContent = number.format(found.length);
  element.unsorted.querySelector("ul").replaceChildren(...found);
  if (found.length) element.nothing.hidden = true;
};

/** Pages and notes of the owner's with all words of the query, below the rest, or `only` them. */
const showTexts = async (turn, query, only) => {
  // Only where the owner wrote something.
  if (!element.texts) return;
  let texts;
  let found = [];
  try {
    texts = await import("./search-texts.js");
    found = await texts.textItems(query, page.dataset);
  } catch {
    // The types answer, too.
  }
  if (turn !== latest) return;
  element.texts.hidden = !found.length;
  if (!found.length) return;
  texts.foldTexts(element.texts, found);
  element.nothing.hidden = true;
  if (only) say(element.texts.dataset.only);
};

const write = (element, text) => {
  // An unchanged message is not announced again.
  if (element.textContent !== text) element.textContent = text;
};

const say = (message, count = message) => {
  write(element.status, message);
  for (const one of page.querySelectorAll("[data-count]")) one.textContent = count;
};

let latest = 0;
let touched = false;
const show = async () => {
  const turn = ++latest;
  const { chosen, query } = asked();
  const active = showActive();
  const typed = query.trim();
  element.clear.hidden = !active && !typed;
  const messages = element.status.dataset;
  // Without a query, the page is as it was loaded.
  touched ||= active || typed;
  if (!touched) return;
  let index, read;
  try {
    [index, read] = await Promise.all([getIndex(), typed ? words.read(query) : null]);
  } catch {
    say(messages.failed);
    return;
  }
  if (turn !== latest) return;
  countries = index.countries;
  const scores = read?.asked ? read.scores : null;
  const { sure, possible, counts } = sift(index.types, chosen, scores);
  showCounts(counts);
  const open = active || scores;
  element.all.hidden = Boolean(open);
  element.found.hidden = !open;
  const told = scores ? toldOf(read, countries, element.told.dataset) : "";
  write(element.told, told);
  if (!open) {
    say(messages.all);
    return;
  }
  if (scores) {
    const worth = (type) => Math.round((scores.get(type.id) ?? 0) * 100);
    sure.sort((a, b) => worth(b) - worth(a) || b.bollards - a.bollards || a.place - b.place);
  }
  waiting = [...sure];
  const some = messages.some.replace("#", number.format(sure.length));
  element.matches.replaceChildren();
  showMore();
  element.possible.replaceChildren(...possible.map((type) => card(type, countries)));
  element.perhaps.hidden = !possible.length;
  const near = (read?.absent ?? []).flatMap((country) => country.near);
  element.nothing.hidden = Boolean(sure.length || told);
  element.near.hidden = !near.length;
  showPlaces([...(read?.places ?? []), ...near]);
  showVersus(read?.versus ?? []);
  showAnswer(turn, index, sure, { chosen, read, scores });
  showUnsorted(turn, index, { chosen, read });
  showTexts(turn, query, Boolean(read?.unknown.length) && !sure.length);
  const remarks = [];
  if (read?.unknown.length) remarks.push(messages.unknown.replace("#", read.unknown.join(" ")));
  if (read && !read.complete && sure.length) remarks.push(messages.near);
  // For a country without types, the number of types says too little.
  if (sure.length || !told) remarks.push(some);
  say(remarks.join(" "), some);
};

/** After a choice: the address records it, and the back button undoes it. */
const changed = () => {
  const address = addressOf(asked());
  if (address !== location.search) history.pushState(null, "", address);
  // Results begin at the top. Measured in the frame that does the layout anyway.
  show().then(() => requestAnimationFrame(() => {
    if (element.results.getBoundingClientRect().top < 0) element.results.scrollIntoView();
  }));
};

const typed = () => {
  history.replaceState(history.state, "", addressOf(asked()));
  show();
};

element.filters.addEventListener("change", changed);
element.find.addEventListener("input", typed);
element.search.addEventListener("submit", (event) => {
  event.preventDefault();
  const links = (element.found.hidden ? element.all : element.found).querySelectorAll("a:not(.candidates a)");
  [...links].find((link) => link.checkVisibility())?.focus();
});
element.clear.addEventListener("click", () => {
  for (const { box } of choices) box.checked = false;
  element.find.value = "";
  changed();
  element.find.focus({ preventScroll: true });
});
for (const button of document.querySelectorAll("[data-try]"))
  button.addEventListener("click", () => {
    for (const { box } of choices) box.checked = false;
    element.find.value = button.textContent;
    changed();
    element.find.focus();
  });
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]");
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || typing) return;
  event.preventDefault();
  element.find.focus();
  element.find.select();
});
addEventListener("popstate", () => {
  takeFromAddress();
  show();
});

// Fetched when the visitor focuses the search box, so that the first answer comes at once.
element.find.addEventListener("focus", () => words.ready().catch(() => {}), { once: true });
for (const kind of ["pointerenter", "focusin"])
  element.filters.addEventListener(kind, () => getIndex().catch(() => {}), { once: true });

// Browsers may restore checkboxes after a reload; the address takes precedence.
takeFromAddress();
if (location.search) show();
