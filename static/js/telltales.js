// In what the bollards of some countries surely differ; the same as generator/own_looks.py.
//
// A look has, for each attribute, the values that are usual and those that are more than rare.

const PARTS = {
  form: ["form"],
  body: ["body"],
  marking: ["pattern", "accent"],
  reflector: ["reflector"],
};

const NOTHING = [[], []];
const usual = (look, part) => (look[part] ?? NOTHING)[0];
const isRare = (look, part, value) => !(look[part] ?? NOTHING)[1].includes(value);

const differ = (one, other, part) =>
  usual(one, part).some((value) => isRare(other, part, value)) &&
  usual(other, part).some((value) => isRare(one, part, value));

/**
 * @param {[string, object][]} looks the looks of countries by code, in the order of the page
 * @returns {{attribute: string, said: {values: string[], codes: string[]}[]}[]} what is visible from
 *   afar first; of a marking, the values are the pattern and its colour where that is known
 */
export const telltales = (looks) => {
  const pairs = looks.flatMap(([, one], place) => looks.slice(place + 1).map(([, other]) => [one, other]));
  return Object.entries(PARTS)
    .filter(([, parts]) => pairs.some(([one, other]) => parts.some((part) => differ(one, other, part))))
    .map(([attribute, parts]) => {
      const said = new Map();
      for (const [code, look] of looks) {
        if (!usual(look, parts[0]).length) continue;
        const values = parts.flatMap((part) => usual(look, part));
        const key = values.join();
        if (!said.has(key)) said.set(key, { values, codes: [] });
        said.get(key).codes.push(code);
      }
      return { attribute, said: [...said.values()] };
    });
};

const USUAL = 2 / 3;
const RARE = 1 / 10;

/**
 * How some bollards look: for each attribute, the values that are usual and those that are more than
 * rare.
 *
 * @param {object[][]} bollards of each, its photos' attributes: {form: {value, confidence}, ...}
 * @param {number} sure the confidence from which on a value counts
 */
export const lookOf = (bollards, sure) => {
  const counts = {};
  for (const views of bollards)
    for (const [attribute, values] of Object.entries(shownBy(views, sure))) {
      counts[attribute] ??= {};
      for (const value of values) counts[attribute][value] = (counts[attribute][value] ?? 0) + 1;
    }
  return Object.fromEntries(
    Object.entries(counts).map(([attribute, own]) => {
      const values = Object.keys(own).sort();
      return [
        attribute,
        [
          values.filter((value) => own[value] >= USUAL * bollards.length),
          values.filter((value) => own[value] > RARE * bollards.length),
        ],
      ];
    }),
  );
};

/** What a bollard surely shows, over all of its photos. */
const shownBy = (views, sure) => {
  const shown = {};
  const isSure = (view, attribute) => view[attribute]?.confidence >= sure;
  for (const attribute of ["form", "body", "pattern", "accent"]) {
    const weights = {};
    for (const view of views) {
      if (!isSure(view, attribute)) continue;
      const { value, confidence } = view[attribute];
      if (attribute !== "accent" || value !== "none") weights[value] = (weights[value] ?? 0) + confidence;
    }
    const [best] = Object.keys(weights).sort((a, b) => weights[b] - weights[a] || (a < b ? -1 : 1));
    if (best) shown[attribute] = [best];
  }
  if ((shown.pattern ?? ["plain"])[0] === "plain") delete shown.accent;
  const colours = new Set(views.filter((view) => isSure(view, "reflector")).map((view) => view.reflector.value));
  if (colours.size) {
    if (colours.size > 1) colours.delete("none");
    shown.reflector = [...colours];
  }
  return shown;
};

/** Of `telltales`, the one that tells a country from most of the others; undefined if none does. */
export const decisive = (found, code) => {
  let best;
  let most = 0;
  for (const telltale of found) {
    const own = telltale.said.find(({ codes }) => codes.includes(code))?.codes;
    if (!own) continue;
    const others = telltale.said.reduce((sum, { codes }) => sum + codes.length, 0) - own.length;
    if (others > most) [best, most] = [telltale, others];
  }
  return best;
};
