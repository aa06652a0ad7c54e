// The answer to a search by looks: up to three countries, photos from there, and what decides
// between them. templates/panel.html is the same for types and unsorted bollards.

import { Words } from "./difference.js";
import { known } from "./known.js";
import { loaded } from "./search-site.js";
import { telltaleLine } from "./telltale-line.js";
import { decisive, telltales } from "./telltales.js";
import { at, copy } from "./types.js";

const COUNTRIES = 3;
// Countries whose own bollards look otherwise are left out, so a few more are read.
const READ = 8;
// As in generator/render/panel.py.
const POSSIBLE_SHARE = 0.3;
// A type that fits clearly worse than the best is no part of the answer.
const AS_GOOD = 0.9;

const language = document.documentElement.lang || undefined;
const number = new Intl.NumberFormat(language);
const list = (names) => new Intl.ListFormat(language).format(names);

const records = new Map();
const recordOf = (address) => {
  if (!records.has(address)) records.set(address, loaded(address));
  return records.get(address);
};

/** Whether a country's own bollards of a type surely look other than what was asked. */
const contradicts = (look, looks) =>
  looks.some(([attribute, values]) => {
    const [usual, seen] = look[attribute] ?? [[], []];
    return ["form", "body", "reflector"].includes(attribute) && usual.length > 0 && !values.some((value) => seen.includes(value));
  });

/** The types that fit best, and how many of their bollards each country has, most first. */
const ranked = (types, scores) => {
  const scoreOf = ({ id }) => scores?.get(id) ?? 1;
  const best = Math.max(...types.map(scoreOf));
  const own = types.filter((type) => scoreOf(type) >= best * AS_GOOD);
  const counts = new Map();
  for (const type of own)
    for (const [code, bollards] of type.countries)
      if (code) counts.set(code, (counts.get(code) ?? 0) + bollards);
  const total = own.reduce((sum, { bollards }) => sum + bollards, 0);
  return { own, total, countries: [...counts].sort(([a, some], [b, more]) => more - some || (a < b ? -1 : 1)) };
};

/** Of the types that fit, the one that a country has most of, as the country's record has it. */
const foundIn = (record, types) =>
  types
    .map((type) => ({ type, found: record.types.find(([id]) => id === type.id) }))
    .filter(({ found }) => found)
    .sort((one, other) => other.found[1] - one.found[1])[0];

const flagOf = (code, countries, { root, flag }) =>
  Object.assign(new Image(18, 12), { className: "flag", alt: "", src: countries[code].flag ? root + countries[code].flag : flag });

const candidateOf = ({ code, bollards, type, found }, { index, total, sure, words, page }) => {
  const { root, home } = page;
  const { name, slug } = index.countries[code];
  const item = copy("candidate").firstElementChild;
  item.dataset.sure = sure;
  const link = item.querySelector("h3 a");
  link.href = `${home}countries/${slug}/`;
  link.replaceChildren(flagOf(code, index.countries, page), ` ${name}`);
  item.querySelector("h3").after(...known(type, code, words));
  const counted = words.counted.replace("{shown}", number.format(bollards)).replace("{total}", number.format(total));
  item.querySelector(".sure").textContent = type.known?.[code]?.[0] ? counted : `${words[sure]}, ${counted}`;
  const [, , views] = found;
  item.querySelector(".views").append(
    ...views.map((sizes) => {
      const [path, width, height] = sizes[0];
      const way = Object.assign(document.createElement("a"), { href: `${home}types/${type.id}/#in-${slug}` });
      const picture = Object.assign(new Image(width, height), { alt: `${type.name}, ${name}` });
      picture.classList.toggle("slim", height / width < 0.9 || height / width > 1.8);
      picture.sizes = "(min-width: 34rem) 6rem, 5rem";
      picture.srcset = sizes.map(([one, wide]) => `${at(root, one)} ${wide}w`).join(", ");
      picture.src = at(root, path);
      way.append(picture);
      return way;
    }),
  );
  return item;
};

/**
 * The countries of a search by looks as elements of the page: candidates, and what decides.
 *
 * @param {object[]} types those that fit everything that was asked
 * @param {Map<string, number> | null} scores how well each fits, by id; null if all fit alike
 * @param {[string, string[]][]} looks the attributes that were asked, each with its possible values
 * @param {object} page `index`, the index of types; `data`, the values of the page's element; `words`,
 *   those of the list; and `labels`, the names of attributes
 * @returns {Promise<{candidates: HTMLElement[], decides: HTMLElement | string}>}
 */
export const answerOf = async (types, scores, looks, { index, data, words, labels }) => {
  const { own, total, countries } = ranked(types, scores);
  const read = await Promise.all(
    countries.slice(0, READ).map(async ([code, bollards]) => ({
      code,
      bollards,
      ...foundIn(await recordOf(`${data.looks}${code}.json`), own),
    })),
  );
  const named = read.filter(({ found }) => found && !contradicts(found[3], looks)).slice(0, COUNTRIES);
  if (!named.length) return { candidates: [], decides: "" };
  const sure = named[0].bollards / total >= POSSIBLE_SHARE ? "possible" : "hard";
  const candidates = named.map((one) => candidateOf(one, { index, total, sure, words, page: data }));
  const telltale = decisive(telltales(named.map(({ code, found }) => [code, found[3]])), named[0].code);
  const line = telltale && telltaleLine(telltale, {
    words: new Words(document.getElementById("difference-words")),
    labels,
    list,
    nameOf: (code) => index.countries[code].name,
  });
  return { candidates, decides: line ?? (named.length > 1 ? words.alike : "") };
};

let unsorted = null;
/**
 * The unsorted bollards that surely show what was asked, as cards.
 *
 * @param {[string, string[]][]} looks as for `answerOf`
 * @param {(code: string, region?: string) => boolean} stands whether a place was asked for; all if none was
 * @param {object} page as for `answerOf`
 * @returns {Promise<HTMLElement[]>}
 */
export const unsortedOf = async (looks, stands, { index, data }) => {
  unsorted ??= await loaded(data.unsorted);
  return unsorted.bollards
    .filter(([, code, own, , region]) => stands(code, region) && looks.every(([name, values]) => values.some((value) => own[name]?.includes(value))))
    .map(([id, code, , [path, width, height]]) => {
      const item = Object.assign(document.createElement("li"), { className: "card" });
      const way = Object.assign(document.createElement("a"), { href: `${data.home}photos/${id}/` });
      const views = Object.assign(document.createElement("span"), { className: "views" });
      views.append(Object.assign(new Image(width, height), { alt: "", loading: "lazy", src: at(data.root, path) }));
      const name = Object.assign(document.createElement("h3"), { className: "name" });
      name.append(...(code ? [flagOf(code, index.countries, data), " "] : []), index.countries[code]?.name ?? code);
      way.append(views, name);
      item.append(way);
      return item;
    });
};
