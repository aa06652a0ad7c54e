// The front page: filters and search over all types, kept in the address.

import { loaded, once, siteSearch, toldOf } from "./search-site.js";

const GROUPS = ["form", "body", "pattern", "accent", "reflector", "continent", "in"];
const ATTRIBUTES = GROUPS.slice(0, 5);
// Plates that are shown at once, about a screenful; the next come when the visitor nears them.
const AT_ONCE = 24;
const TALLY = 4;

const page = document.getElementById("browse");
const { root, home } = page.dataset;
const element = Object.fromEntries(
  ["search", "find", "filters", "results", "status", "active", "clear", "all", "found", "places",
    "matches", "nothing", "told", "near", "perhaps", "possible", "further"].map((id) => [id, document.getElementById(id)]),
);
/** The choices: each its box, what it stands for, and the parts of its label. */
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
  }
  return index;
});
const words = siteSearch(page.dataset, getIndex);

/** What is asked for: the chosen values of each group, and the words. */
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

/** Whether a type fits one group: 1 yes, 0.5 its photos do not tell, 0 no. */
const fits = (type, group, wanted) => {
  if (!wanted.size) return 1;
  if (!ATTRIBUTES.includes(group)) return [...wanted].some((value) => type[group].has(value)) ? 1 : 0;
  const value = type.attributes[group];
  if (value !== undefined) return wanted.has(value) ? 1 : 0;
  const guess = type.perhaps?.[group];
  return guess === undefined || wanted.has(guess) ? 0.5 : 0;
};

const valuesOf = (type, group) =>
  ATTRIBUTES.includes(group) ? [type.attributes[group]] : [...type[group]];

/** All types against what is asked for, with counts of what each further choice would find. */
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
    // A choice within a group adds to that group, so that its own counts ignore it.
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

const plates = new Map();
const plate = (type, countries) => {
  if (plates.has(type.id)) return plates.get(type.id);
  const item = document.getElementById("plate").content.firstElementChild.cloneNode(true);
  const link = item.querySelector("a");
  link.href = `${home}types/${type.id}/`;
  const [width, height] = type.size;
  const slim = height / width < 0.9 || height / width > 1.8;
  const dense = type.large === type.picture ? "" : `${root}${type.picture}, ${root}${type.large} 2x`;
  link.querySelector(".views").append(
    image({ className: slim ? "slim" : "", width, height, srcset: dense, src: root + type.picture }),
  );
  const name = link.querySelector(".name");
  name.textContent = type.name;
  name.before(image({ className: "emblem", width: 24, height: 40, src: root + type.emblem }));
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
    const entry = document.createElement("li");
    entry.title = rest.map(([code]) => countries[code]?.name ?? code).join(", ");
    entry.textContent = `+${number.format(rest.length)}`;
    tally.append(entry);
  }
  plates.set(type.id, item);
  return item;
};

let waiting = [];
let countries = {};
const showMore = () => {
  element.matches.append(...waiting.splice(0, AT_ONCE).map((type) => plate(type, countries)));
  element.further.hidden = !waiting.length;
};
new IntersectionObserver((seen) => seen.some((one) => one.isIntersecting) && showMore(), {
  rootMargin: "1200px",
}).observe(element.further);

const showCounts = (counts) => {
  for (const choice of choices) {
    const count = counts.get(choice.key) ?? 0;
    const none = !count && !choice.box.checked;
    // Writing what stands there already would cost a layout.
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
    // A colour by itself does not say of what it is the colour.
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
    ...[...new Set(codes)].filter((code) => countries[code]).slice(0, 6).map((code) => {
      const link = document.createElement("a");
      link.href = `${home}countries/${countries[code].slug}/`;
      link.append(flag(code, countries, ""), ` ${countries[code].name}`);
      const item = document.createElement("li");
      item.append(link);
      return item;
    }),
  );
};

const write = (element, text) => {
  // What stands there already is not said again.
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
  // Until something is asked for, the page is as it came.
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
  element.possible.replaceChildren(...possible.slice(0, AT_ONCE).map((type) => plate(type, countries)));
  element.perhaps.hidden = !possible.length;
  const near = (read?.absent ?? []).flatMap((country) => country.near);
  element.nothing.hidden = Boolean(sure.length || told);
  element.near.hidden = !near.length;
  showPlaces([...(read?.places ?? []), ...near]);
  const remarks = [];
  if (read?.unknown.length) remarks.push(messages.unknown.replace("#", read.unknown.join(" ")));
  if (read && !read.complete && sure.length) remarks.push(messages.near);
  // Of a country without types there is more to say than their number.
  if (sure.length || !told) remarks.push(some);
  say(remarks.join(" "), some);
};

/** A choice was made: the address remembers it, and the back button takes it back. */
const changed = () => {
  const address = addressOf(asked());
  if (address !== location.search) history.pushState(null, "", address);
  // What is found begins at the top; asked in the frame that lays it out anyway.
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
  (element.found.hidden ? element.all : element.found).querySelector("a")?.focus();
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

// Fetched when the visitor turns to them, so that the first answer has not to wait.
element.find.addEventListener("focus", () => words.ready().catch(() => {}), { once: true });
for (const kind of ["pointerenter", "focusin"])
  element.filters.addEventListener(kind, () => getIndex().catch(() => {}), { once: true });

// Browsers may keep what was ticked before a reload; the address knows better.
takeFromAddress();
if (location.search) show();
