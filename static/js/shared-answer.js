// An answer as the fragment of an address, so that it survives a reload and can be shared. It has the
// countries, types and the difference, and nothing of the picture.
//
// "#c=ES.likely.0123456789ab.ba9876543210&c=PT.possible.…&t=white-flat-post&d=reflector~orange.ES~red.PT":
// each country with its word and photos, the types, and what decides (values joined by "+").

const SURE = ["likely", "possible", "hard"];
const ATTRIBUTES = ["form", "body", "marking", "reflector"];
const PHOTO = /^[0-9a-f]{12}$/;
const VALUE = /^[a-z]+$/;
const COUNTRIES = 3;
const TYPES = 5;

/** The fragment of an answer; "" where there is none to share. */
export const fragmentOf = ({ named, types, telltale }) => {
  if (!named.length) return "";
  const parts = new URLSearchParams();
  for (const { code, sure, views } of named) parts.append("c", [code, sure, ...views.map(({ photo }) => photo)].join("."));
  for (const { key } of types.slice(0, TYPES)) parts.append("t", key);
  if (telltale) {
    const said = telltale.said.map(({ values, codes }) => [values.join("+"), ...codes].join("."));
    parts.append("d", [telltale.attribute, ...said].join("~"));
  }
  return `#${parts}`;
};

/**
 * The answer in a fragment, as far as this site knows what it names; null if it names no country.
 *
 * @param {string} fragment anything: links are written by anybody
 * @param {object} index the index of types
 */
export const answerIn = (fragment, index) => {
  const parts = new URLSearchParams(fragment.replace(/^#/, ""));
  const isCountry = (code) => Boolean(code) && Object.hasOwn(index.countries, code);
  const named = parts
    .getAll("c")
    .slice(0, COUNTRIES)
    .map((one) => one.split("."))
    .filter(([code, sure]) => isCountry(code) && SURE.includes(sure))
    .map(([code, sure, ...photos]) => ({
      code,
      sure,
      views: photos.filter((photo) => PHOTO.test(photo)).slice(0, 2).map((photo) => ({ photo })),
    }));
  if (!named.length) return null;
  const ids = new Set(index.types.map(({ id }) => id));
  const types = parts.getAll("t").filter((id) => ids.has(id)).slice(0, TYPES);
  return { named, types: types.map((key) => ({ key, share: 1 })), telltale: telltaleIn(parts.get("d") ?? "", isCountry) };
};

const telltaleIn = (text, isCountry) => {
  const [attribute, ...rest] = text.split("~");
  const said = rest.slice(0, COUNTRIES).map((one) => {
    const [values, ...codes] = one.split(".");
    return { values: values.split("+"), codes };
  });
  const isSound = ({ values, codes }) =>
    values.every((value) => VALUE.test(value)) && codes.length > 0 && codes.every(isCountry);
  return ATTRIBUTES.includes(attribute) && said.length > 1 && said.every(isSound) ? { attribute, said } : undefined;
};
