// Finds what the owner of the site wrote: own pages, the about page, and notes.

import { plain, wordsOf } from "./search.js";
import { loaded, once } from "./search-site.js";

// The letters around the first word that is found.
const BEFORE = 60;
const AFTER = 110;
// The texts that are shown before the others are folded away.
const SHOWN = 5;

/** Where a word of a text begins with one of these; -1 if none does. */
const placeOf = (text, beginning) => {
  for (let at = text.indexOf(beginning); at >= 0; at = text.indexOf(beginning, at + 1))
    if (!at || !/[\p{L}\p{N}]/u.test(text[at - 1])) return at;
  return -1;
};

/**
 * The texts that have every word of a query, those with the words in the title first.
 *
 * @param {[string, string, string][]} texts address, title and text of each
 * @param {string} query
 * @returns {{address: string, title: string, text: string, word: string}[]} each with the query's first word
 */
export const textsWith = (texts, query) => {
  const words = wordsOf(query).filter((word) => word.length > 2);
  if (!words.length) return [];
  const found = [];
  for (const [address, title, text] of texts) {
    const [name, whole] = [plain(title), plain(text)];
    if (!words.every((word) => placeOf(name, word) >= 0 || placeOf(whole, word) >= 0)) continue;
    const named = words.filter((word) => placeOf(name, word) >= 0).length;
    found.push({ address, title, text, word: words.find((one) => placeOf(whole, one) >= 0) ?? "", named });
  }
  return found.sort((one, other) => other.named - one.named);
};

/** The part of a text around a word, and the word itself: [before, word, after]. */
const excerpt = (text, word) => {
  // Without accents, letters may be fewer or more, so each word is compared by itself.
  const parts = [...text.matchAll(/[\p{L}\p{N}]+/gu)];
  const hit = word && parts.find(([own]) => plain(own).startsWith(word));
  if (!hit) return [text.length > AFTER ? `${text.slice(0, AFTER)}…` : text, "", ""];
  const [own] = hit;
  const end = hit.index + own.length;
  const from = hit.index > BEFORE ? text.indexOf(" ", hit.index - BEFORE) + 1 : 0;
  const to = text.length > end + AFTER ? text.lastIndexOf(" ", end + AFTER) : text.length;
  return [(from ? "… " : "") + text.slice(from, hit.index), own, text.slice(end, to) + (to < text.length ? " …" : "")];
};

const itemOf = (home, { address, title, text, word }) => {
  const item = document.createElement("li");
  const link = Object.assign(document.createElement("a"), { href: home + address, textContent: title });
  const line = document.createElement("p");
  const [before, own, after] = excerpt(text, word);
  line.append(before, Object.assign(document.createElement("mark"), { textContent: own }), after);
  if (!own) line.querySelector("mark").remove();
  item.append(link, line);
  return item;
};

let texts;
/**
 * The same as elements of a list.
 *
 * @param {string} query
 * @param {{texts: string, home: string}} page addresses of the texts and of the home page
 * @returns {Promise<HTMLElement[]>}
 */
export const textItems = async (query, page) => {
  texts ??= once(() => loaded(page.texts));
  return textsWith((await texts()).texts, query).map((one) => itemOf(page.home, one));
};

/**
 * Show what was found in its section of the page, at least one item, with all but a few folded away.
 *
 * @param {HTMLElement} section with a count, and two lists of which the second is in `details`
 * @param {HTMLElement[]} found
 */
export const foldTexts = (section, found) => {
  const count = new Intl.NumberFormat(document.documentElement.lang).format(found.length);
  section.querySelector(".count").textContent = count;
  const all = section.querySelector("summary");
  all.dataset.all ??= all.textContent;
  all.textContent = all.dataset.all.replace("#", count);
  all.parentElement.hidden = found.length <= SHOWN;
  const [list, others] = section.querySelectorAll("ul");
  list.replaceChildren(...found.slice(0, SHOWN));
  others.replaceChildren(...found.slice(SHOWN));
};
