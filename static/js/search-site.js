// The search of this site. Its words and places are fetched on first use.

/** The content of a JSON file. */
export const loaded = (address) => fetch(address).then((answer) => (answer.ok ? answer.json() : Promise.reject(answer)));

/** A function that calls `make` once, and again only after a failure. */
export const once = (make) => {
  let made;
  return () => (made ??= make().catch((reason) => {
    made = undefined;
    throw reason;
  }));
};

const listed = (names, type) =>
  new Intl.ListFormat(document.documentElement.lang, { type }).format([...new Set(names)]);

/**
 * What there is to say of the countries that a query names: that there is nothing from there, or
 * nothing but one-offs; "" if neither.
 *
 * @param {object} answer as `read` gives it
 * @param {object} countries those of the index of types
 * @param {{absent: string, lone: string}} messages each with a # where the names belong
 */
export const toldOf = ({ absent, lone }, countries, messages) => {
  const said = [];
  if (absent.length) said.push(messages.absent.replace("#", () => listed(absent.map(({ name }) => name), "disjunction")));
  if (lone.length) said.push(messages.lone.replace("#", () => listed(lone.map((code) => countries[code].name), "conjunction")));
  return said.join(" ");
};

/**
 * @param {{search: string, elsewhere: string}} addresses what the search knows, and the countries
 *   without photos, which it is told of as soon as a query may mean one
 * @param {() => Promise<object>} getIndex gives the index of types
 * @returns {{ready: () => Promise<unknown>, read: (query: string) => Promise<object>}} `read` answers
 *   as `makeSearch` says
 */
export const siteSearch = ({ search, elsewhere }, getIndex) => {
  const ready = once(async () => {
    const [{ makeSearch }, data, index] = await Promise.all([import("./search.js"), loaded(search), getIndex()]);
    return makeSearch(data, index);
  });
  const hearOf = once(async () => (await ready()).hearOf((await loaded(elsewhere)).countries));
  const read = async (query) => {
    const answer = (await ready())(query);
    if (!answer.guessed) return answer;
    // The answer is useful without them.
    await hearOf().catch(() => {});
    return (await ready())(query);
  };
  return { ready, read };
};
