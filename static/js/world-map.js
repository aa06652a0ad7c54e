// The world map: a country's types, a type's countries, and the visible part of the world.

import { WorldMapView, STEP } from "./world-map-view.js";
import { makePicker } from "./picker.js";
import { at, copy, loadTypes } from "./types.js";

const LEVELS = 4;
const NEAR = 26; // px; a fingertip

const map = document.getElementById("world-map");
const { root, home } = map.dataset;
const world = document.getElementById("world");
const caption = document.getElementById("caption");
const panel = document.getElementById("panel");
const heading = document.getElementById("chosen");
const about = document.getElementById("about");
const by = document.getElementById("by");
const buttons = [...map.querySelectorAll("[data-region]")];
const zooms = { in: map.querySelector("[name=in]"), out: map.querySelector("[name=out]") };
const number = new Intl.NumberFormat(document.documentElement.lang || undefined);

const marks = [...world.querySelectorAll("a[data-code]")].map((link) => {
  const [left, top, right, bottom] = link.dataset.box.split(" ").map(Number);
  const dot = link.querySelector("circle");
  return {
    link,
    dot,
    code: link.dataset.code,
    name: link.getAttribute("aria-label"),
    types: Number(link.dataset.types),
    bollards: Number(link.dataset.bollards),
    figures: link.dataset.figures,
    x: Number(dot.getAttribute("cx")),
    y: Number(dot.getAttribute("cy")),
    box: { left, top, right, bottom },
  };
});
const byCode = new Map(marks.map((mark) => [mark.code, mark]));
const boxOf = (text) => text.split(" ").map(Number);
const wholeBox = boxOf(buttons[0].dataset.box);

const resting = caption.dataset[matchMedia("(hover: none), (pointer: coarse)").matches ? "touch" : "mouse"];

let index = null;
let counts = new Map();

// The address determines what is shown.
const state = () => {
  const asked = new URLSearchParams(location.search);
  const get = (name) => asked.get(name) ?? "";
  // A part of the map that the visitor moved to: its middle and its width.
  const at = new URLSearchParams(location.hash.slice(1)).get("at")?.split(",").map(Number);
  return {
    type: get("type"),
    country: get("country"),
    by: get("by"),
    region: get("region"),
    at: at?.length === 3 && at.every(Number.isFinite) ? at : null,
  };
};

/** Change the choice; the map moves to it unless told to stay. */
const go = (changes, stay = false) => {
  if (timer) remember();
  const address = new URL(location.href);
  if (!stay) address.hash = "";
  for (const [name, value] of Object.entries(changes)) {
    if (value) address.searchParams.set(name, value);
    else address.searchParams.delete(name);
  }
  history.pushState(null, "", address);
  show();
};

const fill = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);

// The map itself ------------------------------------------------------------------------------

/** The colour follows the square root, so that one large country does not make all others pale. */
const level = (count, most) => Math.ceil(LEVELS * Math.sqrt(count / most) - 1e-9);

const paint = () => {
  const most = Math.max(1, ...counts.values());
  for (const mark of marks) {
    const count = counts.get(mark.code);
    // A country with only unsorted bollards is on the map as well.
    const step = count === undefined ? 0 : Math.max(1, level(count, most));
    for (const part of mark.link.querySelectorAll(".lit")) {
      part.setAttribute("class", `lit lit-${step}${part === mark.dot ? " dot" : ""}`);
    }
  }
};

let unit = 0; // map units a pixel

/** Dots keep their size on the screen, and vanish once areas are visible. */
const sizeDots = (now) => {
  if (now === unit) return;
  unit = now;
  const radius = Math.max(3.2, world.clientWidth / 190) * unit;
  for (const { dot, box: own } of marks) {
    const extent = Math.max(own.right - own.left, own.bottom - own.top);
    dot.setAttribute("r", radius.toFixed(2));
    dot.setAttribute("visibility", extent < 1.6 * radius ? "visible" : "hidden");
  }
};

/** A view of some countries, at least as wide as Europe; the world if they are far apart. */
const around = (codes) => {
  const boxes = codes.map((code) => byCode.get(code)?.box).filter(Boolean);
  if (!boxes.length) return wholeBox;
  const left = Math.min(...boxes.map((box) => box.left));
  const right = Math.max(...boxes.map((box) => box.right));
  const top = Math.min(...boxes.map((box) => box.top));
  const bottom = Math.max(...boxes.map((box) => box.bottom));
  const [width, height] = [Math.max(640, 1.12 * (right - left)), Math.max(320, 1.12 * (bottom - top))];
  if (width > 0.55 * wholeBox[2]) return wholeBox;
  return [(left + right - width) / 2, (top + bottom - height) / 2, width, height];
};

let timer = 0;
const view = new WorldMapView(world, {
  drawn: (now) => {
    sizeDots(now);
    zooms.out.disabled = view.isWhole;
    zooms.in.disabled = view.isNearest;
  },
  moved: () => {
    for (const one of buttons) one.setAttribute("aria-pressed", view.isWhole && one === buttons[0]);
    clearTimeout(timer);
    // Browsers reject an address that changes with every frame.
    timer = setTimeout(remember, 250);
  },
});

/** The address records the visible part. */
const remember = () => {
  clearTimeout(timer);
  timer = 0;
  const [left, top, width, height] = view.goal;
  const address = new URL(location.href);
  const at = [left + width / 2, top + height / 2, width].map(Math.round);
  address.searchParams.delete("region");
  address.hash = view.isWhole ? "" : `at=${at}`;
  history.replaceState(null, "", address);
};

/** Draw a country's border again, over those of its neighbours. */
const ring = (id, mark) => {
  const outline = mark?.link.querySelector("use")?.getAttribute("href");
  const element = document.getElementById(id);
  if (outline) element.setAttribute("href", outline);
  else element.removeAttribute("href");
};

const describe = (mark) => {
  ring("touched", mark);
  const values = {
    country: mark.name,
    figures: mark.figures,
    count: number.format(counts.get(mark.code) ?? 0),
  };
  const chosen = state().type && index;
  const text = !chosen
    ? caption.dataset.types
    : counts.get(mark.code)
      ? caption.dataset.here
      : caption.dataset.none;
  caption.textContent = fill(text, values);
};

// The panel -------------------------------------------------------------------------------------

const flagOf = (code) =>
  document.querySelector(`#list [data-code="${CSS.escape(code)}"] .flag`)?.cloneNode() ?? "";

const showCountry = (mark) => {
  heading.replaceChildren(flagOf(mark.code), " ", mark.name);
  const part = copy("country");
  part.querySelector(".figures").textContent = mark.figures;
  part.querySelector(".page").href = mark.link.getAttribute("href");
  part.querySelector(".against").href = `${home}compare/?countries=${mark.code.toLowerCase()}`;
  const cards = index.types
    .map((type) => ({ type, here: type.countries.find(([code]) => code === mark.code)?.[1] ?? 0 }))
    .filter(({ here }) => here)
    .sort((one, other) => other.here - one.here)
    .map(({ type, here }) => {
      const card = copy("type-card");
      card.querySelector("a").href = `?type=${encodeURIComponent(type.id)}`;
      card.querySelector("img").src = at(root, type.picture);
      card.querySelector(".name").textContent = type.name;
      card.querySelector("b").textContent = number.format(here);
      card.querySelector(".badge").hidden = type.countries.length > 1;
      return card;
    });
  part.querySelector(".cards").replaceChildren(...cards);
  about.replaceChildren(part);
};

const showType = (type) => {
  heading.textContent = type.name;
  const part = copy("type");
  part.querySelector("img").src = at(root, type.picture);
  part.querySelector(".page").href = `${home}types/${encodeURIComponent(type.id)}/`;
  part.querySelector(".compare").href = `${home}compare/?a=${encodeURIComponent(type.id)}`;
  const most = type.countries[0][1];
  const rows = type.countries.map(([code, count]) => {
    const row = copy("share");
    const link = row.querySelector("a");
    link.append(flagOf(code), ` ${index.countries[code].name}`);
    link.href = code ? `?country=${code}` : `${home}countries/${index.countries[code].slug}/`;
    row.querySelector("rect").setAttribute("width", `${(100 * count) / most}%`);
    row.querySelector(".count").textContent = number.format(count);
    return row;
  });
  part.querySelector(".shares").replaceChildren(...rows);
  about.replaceChildren(part);
};

let shown = false;

const show = () => {
  const now = state();
  const type = index?.byId.get(now.type);
  const mark = byCode.get(now.country.toUpperCase());
  counts = type
    ? new Map(type.countries)
    : new Map(marks.map((one) => [one.code, now.by === "bollards" ? one.bollards : one.types]));
  by.value = now.by === "bollards" ? "bollards" : "";
  by.disabled = Boolean(type);
  paint();
  for (const { link } of marks) link.removeAttribute("aria-current");
  if (!type) mark?.link.setAttribute("aria-current", "true");
  ring("current", type ? null : mark);
  const button = buttons.find((one) => one.dataset.region === now.region) ?? buttons[0];
  const fitted = !now.region && (type || mark);
  clearTimeout(timer);
  timer = 0;
  if (now.at) {
    const [x, y, width] = now.at;
    view.show([x - width / 2, y, width, 0], shown);
  } else if (fitted) view.show(around(type ? type.countries.map(([code]) => code) : [mark.code]), shown);
  else view.show(boxOf(button.dataset.box), shown);
  for (const one of buttons) one.setAttribute("aria-pressed", one === button && !fitted && !now.at);
  caption.textContent = resting;
  if (mark) rove(mark);
  if (!index) return;
  shown = true;
  panel.querySelector(".back a").hidden = !(now.type || now.country);
  panel.querySelector(".picker").hidden = Boolean(type || mark);
  document.getElementById("lost").hidden = Boolean(type || mark || !(now.type || now.country));
  if (type) showType(type);
  else if (mark) showCountry(mark);
  else {
    heading.textContent = heading.dataset.none;
    about.replaceChildren();
  }
};

// Keys, fingers and the mouse -------------------------------------------------------------------

/** Tab reaches one country; the arrow keys move on from there. */
const rove = (mark) => {
  for (const one of marks) one.link.setAttribute("tabindex", one === mark ? "0" : "-1");
};

const toward = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** The nearest country in a direction; sideways distance counts more. */
const next = (from, [dx, dy]) => {
  let best = null;
  let least = Infinity;
  for (const mark of marks) {
    const [east, south] = [mark.x - from.x, mark.y - from.y];
    const ahead = east * dx + south * dy;
    const aside = Math.abs(east * dy) + Math.abs(south * dx);
    if (ahead <= 0 || aside > 2 * ahead) continue;
    const distance = ahead + 2 * aside;
    if (distance < least) [best, least] = [mark, distance];
  }
  return best;
};

const markOf = (target) => byCode.get(target.closest?.("a[data-code]")?.dataset.code);

world.addEventListener("keydown", (event) => {
  const mark = markOf(event.target);
  if (!mark || event.altKey || event.ctrlKey || event.metaKey) return;
  const found = toward[event.key] && next(mark, toward[event.key]);
  if (toward[event.key]) event.preventDefault();
  if (!found) return;
  rove(found);
  found.link.focus();
});
world.addEventListener("focusin", (event) => {
  const mark = markOf(event.target);
  if (!mark) return;
  describe(mark);
  if (event.target.matches(":focus-visible")) view.reveal(mark);
});
world.addEventListener("pointerover", (event) => {
  const mark = markOf(event.target);
  if (mark) describe(mark);
});
for (const left of ["focusout", "pointerleave"]) {
  world.addEventListener(left, () => {
    ring("touched", null);
    caption.textContent = resting;
  });
}
world.addEventListener("click", (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  const mark = markOf(event.target) ?? nearest(event);
  if (!mark) return;
  event.preventDefault();
  go({ country: mark.code, type: "" }, true);
  // On a narrow screen the panel is below the fold.
  if (panel.getBoundingClientRect().top > innerHeight * 0.8) panel.scrollIntoView();
});

/** The country whose middle is under a fingertip. */
const nearest = (event) => {
  let best = null;
  let least = NEAR;
  for (const mark of marks) {
    const box = mark.dot.getBoundingClientRect();
    const distance = Math.hypot(
      event.clientX - (box.left + box.right) / 2,
      event.clientY - (box.top + box.bottom) / 2,
    );
    if (distance < least) [best, least] = [mark, distance];
  }
  return best;
};

panel.addEventListener("click", (event) => {
  const link = event.target.closest('a[href^="?"]');
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const asked = new URLSearchParams(link.getAttribute("href"));
  go({ type: asked.get("type"), country: asked.get("country"), region: "" });
  heading.focus();
});
const nearer = { in: STEP, out: 1 / STEP };
for (const [name, button] of Object.entries(zooms)) {
  button.addEventListener("click", () => view.zoom(nearer[name]));
}
for (const button of buttons) {
  button.addEventListener("click", () => go({ region: button.dataset.region }));
}
by.addEventListener("change", () => go({ by: by.value }));
addEventListener("popstate", show);
document.addEventListener("keydown", (event) => {
  const now = state();
  if (event.key === "Escape" && (now.type || now.country)) go({ type: "", country: "", region: "" });
});

if (marks.length) rove(marks[0]);
show();
index = await loadTypes(map.dataset.types);
panel.hidden = false;
makePicker(document.getElementById("types"), index, {
  root,
  choose: (type) => {
    go({ type: type.id, country: "", region: "" });
    heading.focus();
  },
});
show();
