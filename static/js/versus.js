// Countries against each other: what they have in common, what only one has, and how the rest
// differs. templates/pair.html is the same for two countries that have a page of their own.

import { Words } from "./difference.js";
import { known } from "./known.js";
import { loaded } from "./search-site.js";
import { telltaleLine } from "./telltale-line.js";
import { telltales } from "./telltales.js";
import { at, copy, loadTypes } from "./types.js";

const MOST = 3;

const page = document.getElementById("countries");
const { root, home, folder } = page.dataset;
const byId = (id) => document.getElementById(id);
const words = new Words(byId("words"));
const language = document.documentElement.lang || undefined;
const number = new Intl.NumberFormat(language);
const plural = new Intl.PluralRules(language);
const list = (names, type = "conjunction") => new Intl.ListFormat(language, { type }).format(names);
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
const title = byId("title");
const selects = [...page.querySelectorAll("select")];

let index = null;
let absent = new Map(); // names of countries without photos

const bollards = (count) => {
  const { one, more } = page.dataset;
  return (plural.select(count) === "one" ? one : more).replace("#", number.format(count));
};

const nameOf = (code) => index.countries[code]?.name ?? absent.get(code) ?? code;

const flagOf = (code) => {
  const file = index.countries[code]?.flag;
  return Object.assign(new Image(18, 12), { className: "flag", alt: "", src: root + (file ?? page.dataset.flag) });
};

const pictures = (views, alt) =>
  views.map((widths) => {
    const [path, width, height] = widths.at(-1);
    const picture = new Image(width, height);
    picture.alt = alt;
    picture.loading = "lazy";
    if (height / width < 0.9 || height / width > 1.8) picture.className = "slim";
    picture.sizes = "(min-width: 30rem) 11rem, 45vw";
    picture.srcset = widths.map(([one, wide]) => `${at(root, one)} ${wide}w`).join(", ");
    picture.src = at(root, path);
    return picture;
  });

const typeAddress = (id) => `${home}types/${encodeURIComponent(id)}/`;

// What is compared ------------------------------------------------------------------------------

const records = new Map();
const recordOf = (code) => {
  if (!records.has(code)) records.set(code, loaded(`${folder}${code}.json`));
  return records.get(code);
};

/** The codes in the address, each once; forms write one parameter for each country. */
const asked = () => {
  const given = new URLSearchParams(location.search).getAll("countries");
  return given.flatMap((part) => part.split(",")).map((code) => code.trim().toUpperCase()).filter(Boolean);
};

// What is shown ---------------------------------------------------------------------------------

const showShared = ({ id, sides, found }) => {
  const type = index.byId.get(id);
  const part = copy("shared").firstElementChild;
  const link = part.querySelector(".name a");
  link.textContent = type.name;
  link.href = typeAddress(id);
  const figures = sides.map(({ code, count, views }) => {
    const figure = copy("side").firstElementChild;
    const way = figure.querySelector("a");
    way.href = `${typeAddress(id)}#in-${index.countries[code].slug}`;
    way.append(...pictures(views, `${type.name}, ${nameOf(code)}`));
    figure.querySelector("figcaption").prepend(flagOf(code), ` ${nameOf(code)} `);
    figure.querySelector(".count").textContent = bollards(count);
    figure.querySelector("figcaption").append(...known(type, code, page.dataset));
    return figure;
  });
  part.querySelector(".countries-beside").append(...figures);
  part.querySelector(".hint").hidden = found.length > 0;
  part.append(...found.map((one) => telltaleLine(one, { words, labels: page.dataset, list, nameOf })));
  return part;
};

const showOnly = (code, record, types) => {
  const part = copy("only").firstElementChild;
  part.querySelector("h2").textContent = fill(part.dataset.title, { country: nameOf(code) });
  const cards = types.map(([id, count, views]) => {
    const type = index.byId.get(id);
    const card = copy("card").firstElementChild;
    card.classList.add(`card-${views.length}`);
    card.querySelector("a").href = typeAddress(id);
    card.querySelector(".views").append(...pictures(views, ""));
    card.querySelector(".name").textContent = type.name;
    card.querySelector(".here span").textContent = bollards(count);
    card.append(...known(type, code, page.dataset));
    card.querySelector(".badge").hidden = type.countries.length > 1;
    return card;
  });
  part.querySelector(".cards").append(...cards);
  part.querySelector(".cards").hidden = !cards.length;
  const { unsorted, unsortedCount } = record;
  const groups = unsorted.map(([id, views]) => {
    const item = document.createElement("li");
    const link = Object.assign(document.createElement("a"), { className: "views", href: `${home}photos/${id}/` });
    for (const picture of pictures(views, `${part.dataset.unsorted}, ${nameOf(code)}`)) {
      const thumb = Object.assign(document.createElement("span"), { className: "thumb" });
      thumb.append(picture);
      link.append(thumb);
    }
    item.append(link);
    return item;
  });
  part.querySelector(".bollards").append(...groups);
  part.querySelector(".lone").hidden = !groups.length;
  const all = part.querySelector(".all");
  all.hidden = unsortedCount <= unsorted.length;
  all.querySelector("a").href = `${home}countries/${index.countries[code].slug}/#one-offs`;
  all.querySelector("a").textContent = all.dataset.all.replace("#", number.format(unsortedCount));
  part.querySelector(".nothing").hidden = cards.length + groups.length > 0;
  return part;
};

const showCredits = (given) => {
  const line = byId("credits");
  const { nobody, none, others } = line.dataset;
  const all = [...new Set(given.map(([credit, licence]) => `${credit ?? nobody} (${licence ?? none})`))];
  line.querySelector("span").textContent = all.slice(0, 12).join(", ") + (all.length > 12 ? `, ${others.replace("#", number.format(all.length - 12))}` : "");
};

const showComparison = (codes, found) => {
  const types = found.map((record) => new Map(record.types.map((type) => [type[0], type])));
  const shared = [...new Set(types.flatMap((own) => [...own.keys()]))]
    .map((id) => {
      const sides = codes.flatMap((code, place) => {
        const own = types[place].get(id);
        return own ? [{ code, count: own[1], views: own[2], look: own[3] }] : [];
      });
      return { id, sides, found: telltales(sides.map(({ code, look }) => [code, look])) };
    })
    .filter(({ sides }) => sides.length > 1);
  const least = ({ sides }) => Math.min(...sides.map(({ count }) => count));
  const sum = ({ sides }) => sides.reduce((all, { count }) => all + count, 0);
  shared.sort(
    (one, other) =>
      !one.found.length - !other.found.length ||
      other.sides.length - one.sides.length ||
      least(other) - least(one) ||
      sum(other) - sum(one),
  );
  byId("shared-types").replaceChildren(...shared.map(showShared));
  byId("no-shared").hidden = shared.length > 0;
  byId("own").replaceChildren(
    ...codes.map((code, place) => {
      const others = types.filter((own) => own !== types[place]);
      const own = found[place].types.filter(([id]) => !others.some((other) => other.has(id)));
      const everywhere = ([id]) => index.byId.get(id).countries.length > 1;
      return showOnly(code, found[place], own.sort((a, b) => everywhere(a) - everywhere(b)));
    }),
  );
  showCredits(found.flatMap(({ credits }) => credits));
};

/** Whom to compare one country with; other countries are chosen above. */
const showPartners = (code, record) => {
  byId("partners").replaceChildren(
    ...record.partners.map((other) => {
      const link = document.createElement("a");
      const pair = [code, other].map((one) => one.toLowerCase());
      // Without a page of their own they are compared here.
      link.href = record.built.includes(other)
        ? `${home}compare/${pair.sort().join("-")}/`
        : `?countries=${pair}`;
      link.append(nameOf(other));
      const item = document.createElement("li");
      item.append(flagOf(other), " ", link);
      return item;
    }),
  );
};

const showChoice = (codes) => {
  for (const [place, select] of selects.entries()) select.value = codes[place] ?? "";
};

const show = async () => {
  const named = asked();
  const known = [...new Set(named)].filter((code) => code in index.countries && code).slice(0, MOST);
  if (named.some((code) => !(code in index.countries))) {
    const { countries } = await loaded(page.dataset.elsewhere).catch(() => ({ countries: [] }));
    absent = new Map(countries.map(([code, name]) => [code, name]));
  }
  let found;
  try {
    found = await Promise.all(known.map(recordOf));
  } catch {
    byId("trouble").hidden = false;
    return;
  }
  if (named.join() !== asked().join()) return; // the visitor has moved on
  showChoice(known);
  const names = known.map(nameOf);
  title.textContent = known.length > 1 ? fill(title.dataset.countries, { countries: list(names, "disjunction") }) : title.dataset.choose;
  document.title = document.title.replace(/^.*?, (?=[^,]*$)/, `${title.textContent} `);
  const remarks = [];
  const missing = [...new Set(named)].filter((code) => !known.includes(code) && !(code in index.countries));
  const remark = byId("remark");
  if (missing.length) {
    const text = missing.every((code) => absent.has(code)) ? remark.dataset.absent : remark.dataset.unknown;
    remarks.push(text.replace("#", list(missing.map(nameOf), "disjunction")));
  }
  if (known.length < named.length - missing.length) remarks.push(remark.dataset.same);
  remark.textContent = remarks.join(" ");
  byId("compared").hidden = known.length < 2;
  byId("others").hidden = known.length !== 1 || !found[0].partners.length;
  if (known.length > 1) showComparison(known, found);
  else if (known.length) showPartners(known[0], found[0]);
  page.hidden = false;
};

for (const select of selects) {
  select.addEventListener("change", () => {
    const codes = selects.map(({ value }) => value.toLowerCase()).filter(Boolean);
    history.pushState(null, "", `?countries=${codes.join(",")}`);
    show();
  });
}
addEventListener("popstate", show);

byId("unscripted").hidden = true;
for (const button of page.querySelectorAll("[data-print]")) button.addEventListener("click", () => print());
try {
  index = await loadTypes(page.dataset.types);
  const collator = new Intl.Collator(language);
  const codes = Object.keys(index.countries).filter(Boolean);
  codes.sort((one, other) => collator.compare(nameOf(one), nameOf(other)));
  for (const select of selects) select.append(...codes.map((code) => new Option(nameOf(code), code)));
  await show();
} catch (error) {
  byId("trouble").hidden = false;
  throw error;
}
