// Understands what visitors type about a bollard's looks or places, including small mistakes.
//
// A query is read as concepts (a form, a colour, a marking, a country, a word of a name), each with
// the types that it fits and how well, 0 to 1. A type is found when it fits every concept.

// Other patterns that the name of a pattern also means, and how well: a slanted band is a band too.
const KIN = {
  band: { diagonal: 0.8, bands: 0.7 },
  bands: { stripes: 0.7, band: 0.5 },
  stripes: { bands: 0.7 },
};
const LOOKS = ["colour", "form", "pattern", "reflector"];
const COLOURED = ["body", "accent", "reflector"];

/** Lower case without accents; ß and similar letters as people type them. */
export const plain = (text) =>
  text
    .normalize("NFKD")
    .replace(/\p{Diacritic}/gu, "")
    .toLowerCase()
    .replace(/ß/g, "ss")
    .replace(/[øœæłđı]/g, (letter) => ({ ø: "o", œ: "oe", æ: "ae", ł: "l", đ: "d", ı: "i" })[letter])
    .replace(/['’‘`]|\.(?=\S)|\.$/g, "");

export const wordsOf = (text) => plain(text).match(/[\p{L}\p{N}]+/gu) ?? [];

/**
 * Whether two words are at most `most` slips apart: a letter missing, added or wrong, or two
 * neighbours swapped (optimal string alignment distance). Returns the distance, or Infinity.
 */
export const slips = (one, other, most) => {
  if (Math.abs(one.length - other.length) > most) return Infinity;
  let before = [];
  let last = Array.from({ length: other.length + 1 }, (_, place) => place);
  for (let i = 1; i <= one.length; i++) {
    const row = [i];
    for (let j = 1; j <= other.length; j++) {
      const wrong = one[i - 1] === other[j - 1] ? 0 : 1;
      row[j] = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + wrong);
      if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1])
        row[j] = Math.min(row[j], before[j - 2] + 1);
    }
    if (Math.min(...row) > most) return Infinity;
    before = last;
    last = row;
  }
  return last[other.length] <= most ? last[other.length] : Infinity;
};

/** The number of slips allowed in a word of this length. */
const forgiven = (word) => (word.length < 4 ? 0 : word.length < 8 ? 1 : 2);
/** Fewer slips in the name of a place: Tasmania is not Tanzania. */
const forgivenInPlace = (word) => (word.length < 4 ? 0 : word.length < 11 ? 1 : 2);

const lettersOf = (word) => [...word].sort().join("");
/**
 * Whether one place's name may be a slip in another's. The names of too many places are a letter
 * apart for less: Lagos is not Laos, nor Luanda Rwanda.
 */
const isSlip = (word, key) =>
  lettersOf(word) === lettersOf(key) ||
  (word.length > 5 && word[0] === key[0] && !word.startsWith(key) && word.slice(0, -1) !== key.slice(0, -1));

/** Also as people write it: "Trinidad and Tobago", "Saint Lucia". */
const spellings = (name) => [
  ...new Set([name, name.replace(" & ", " and "), name.replace(/^St\.? /, "Saint ")]),
];

/** The words and phrases of a language, each with all its meanings. */
const makeLexicon = (data, types) => {
  const lexicon = new Map();
  const learn = (phrase, meaning) => {
    const key = wordsOf(phrase).join(" ");
    if (!key) return;
    if (!lexicon.has(key)) lexicon.set(key, []);
    lexicon.get(key).push(meaning);
  };
  for (const [kind, values] of Object.entries(data.values))
    for (const [value, phrases] of Object.entries(values))
      for (const phrase of phrases) learn(phrase, { kind, value });
  for (const [attribute, values] of Object.entries(data.own ?? {}))
    for (const [value, phrases] of Object.entries(values))
      for (const phrase of phrases) learn(phrase, { kind: "own", attribute, value });
  for (const phrase of data.reflector) learn(phrase, { kind: "reflector" });
  for (const phrase of data.empty) learn(phrase, { kind: "empty" });
  for (const phrase of data.without) learn(phrase, { kind: "without" });
  for (const [code, names] of data.places)
    for (const [place, name] of names.entries())
      for (const one of spellings(name)) learn(one, { kind: "place", code, own: !place });
  for (const [name, code, ids, others = []] of data.regions)
    for (const one of [name, ...others]) learn(one, { kind: "region", code, ids: new Set(ids) });
  for (const phrase of data.and) learn(phrase, { kind: "and" });
  // Words that occur only in owners' names of types.
  for (const type of types)
    for (const word of new Set(wordsOf(type.name)))
      if (!lexicon.has(word) || lexicon.get(word)[0].kind === "name") learn(word, { kind: "name", id: type.id });
  return lexicon;
};

const isPlace = (meanings) => meanings.every(({ kind }) => kind === "place" || kind === "region");

/** The meanings of a word: exact, as another form, as a beginning, or with slips. */
const meaningsOf = (lexicon, keys, word, unfinished) => {
  const exact = lexicon.get(word);
  if (exact) return { meanings: exact, sure: 1 };
  // For places, only their short names in the page's language: "Islands" means Iceland's only in
  // German, and "Indiana" is close to names in other languages.
  const longer = (key) => {
    const meanings = lexicon.get(key);
    return isPlace(meanings) ? (meanings.some(({ own }) => own) ? 1 : 0) : 2;
  };
  const inflected = keys.filter(
    (key) => key.length > 2 && word.startsWith(key) && word.length - key.length <= longer(key),
  );
  if (inflected.length) return { meanings: inflected.flatMap((key) => lexicon.get(key)), sure: 0.95 };
  if (unfinished) {
    const begun = keys.filter((key) => key.startsWith(word) || key.includes(` ${word}`));
    if (begun.length) return { meanings: begun.flatMap((key) => lexicon.get(key)), sure: 0.9 };
  }
  let least = forgiven(word);
  let near = [];
  for (const key of keys) {
    const place = isPlace(lexicon.get(key));
    const most = place ? Math.min(least, forgivenInPlace(word)) : least;
    const candidates = unfinished && key.length > word.length ? [key, key.slice(0, word.length)] : [key];
    const meant = place ? candidates.filter((one) => isSlip(word, one)) : candidates;
    const apart = Math.min(...meant.map((one) => slips(word, one, most)));
    if (apart < least) near = [];
    if (apart <= least && apart !== Infinity) {
      least = apart;
      near.push(key);
    }
  }
  return { meanings: near.flatMap((key) => lexicon.get(key)), sure: 0.7, meant: near };
};

/** Two known words written as one, as German does: "rotweiss", "flachpfosten". */
const parted = (lexicon, word) => {
  for (let place = 3; place <= word.length - 3; place++) {
    const parts = [word.slice(0, place), word.slice(place)];
    if (parts.every((part) => lexicon.has(part))) return parts;
  }
  return null;
};

/** Whether an unknown word may be a country's name, or its beginning. */
const isGuess = ({ meanings, sure, text }) =>
  sure < 0.9 ||
  (sure < 1 && text.length > 3 && (sure > 0.9 || meanings.some(({ kind }) => kind === "place")));

const has = (concept, kind) => concept?.meanings.some((meaning) => meaning.kind === kind);

/** Countries without photos, by all of their names, as words between spaces. */
const namesAbroad = (countries) => {
  const abroad = new Map();
  for (const [code, name, names, near] of countries)
    for (const one of [name, ...names].flatMap(spellings)) {
      const key = wordsOf(one).join(" ");
      const others = (abroad.get(key) ?? []).filter((other) => other.code !== code);
      if (key) abroad.set(key, [...others, { kind: "abroad", code, name, near }]);
    }
  return abroad;
};

/** The few countries whose names begin with the text or differ by a slip; null if none or many. */
const nearestAbroad = (abroad, phrase, unfinished) => {
  const near = new Map();
  let least = forgivenInPlace(phrase);
  for (const [key, meanings] of abroad) {
    const begun = unfinished && phrase.length > 2 && key.startsWith(phrase);
    const apart = begun ? 0 : isSlip(phrase, key) ? slips(phrase, key, least) : Infinity;
    if (apart > least) continue;
    if (apart < least) near.clear();
    least = apart;
    for (const meaning of meanings) near.set(meaning.code, meaning);
  }
  return near.size && near.size < 4 ? [...near.values()] : null;
};

/** The same for a list of countries: those that match exactly or nearly; null if none do. */
export const makeAbroad = (countries) => {
  const abroad = namesAbroad(countries);
  const phraseOf = (text) => wordsOf(text).join(" ");
  return {
    exactly: (text) => abroad.get(phraseOf(text)) ?? null,
    nearest: (text) => nearestAbroad(abroad, phraseOf(text), true),
  };
};

/**
 * Make the search of a site.
 *
 * @param {object} data what `search.json` has
 * @param {object} index what `types.json` has
 * @returns {(query: string) => {scores: Map<string, number>, complete: boolean, asked: boolean,
 *   unknown: string[], places: string[], lone: string[], absent: {code: string, name: string,
 *   near: string[]}[], guessed: boolean, versus: string[], looks: [string, string[]][]}}
 *   for a query, how well each type that fits fits, by id; whether these fit all of the query;
 *   whether anything was asked for; words that mean nothing; codes of countries that it names; of
 *   these, the ones in which no type stands; countries that it names of which there are no photos,
 *   with the codes of the nearest that have some; whether a word could be one of those, as long as
 *   `hearOf`, a method of the function, has not been told of them; the codes of two or more
 *   countries to compare; and the attributes that are asked for, if nothing but looks is
 */
export const makeSearch = (data, index) => {
  const lexicon = makeLexicon(data, index.types);
  const keys = [...lexicon.keys()];
  const longestOf = (keys) => Math.max(1, ...keys.map((key) => key.split(" ").length));
  let longest = longestOf(keys);

  const phrases = keys.filter((key) => key.includes(" "));
  const remembered = new Map();
  let abroad = null;
  const meanings = (among, word, unfinished) => {
    const key = `${among.length} ${unfinished} ${word}`;
    if (!remembered.has(key)) remembered.set(key, meaningsOf(lexicon, among, word, unfinished));
    return { ...remembered.get(key), text: word };
  };

  /** With the countries without photos: an exact match is not a slip in another name. */
  const orAbroad = (found, phrase, unfinished) => {
    if (!abroad || found.sure === 1) return found;
    const exact = abroad.get(phrase);
    if (exact) return { meanings: exact, sure: 1, text: phrase };
    const near = found.meanings.length ? null : nearestAbroad(abroad, phrase, unfinished);
    return near ? { meanings: near, sure: 0.7, text: phrase } : found;
  };

  /** Words to concepts: at each position the longest known phrase. */
  const read = (query) => {
    const words = wordsOf(query);
    const finished = /\s$/.test(query);
    const concepts = [];
    while (words.length) {
      let count = Math.min(longest, words.length);
      let found;
      for (; count > 0; count--) {
        const phrase = words.slice(0, count).join(" ");
        const unfinished = !finished && count === words.length;
        // Long names must match exactly; names of two or three words may have slips.
        if (count > 3 && !lexicon.has(phrase) && !abroad?.has(phrase) && !unfinished) continue;
        found = orAbroad(meanings(count > 1 ? phrases : keys, phrase, unfinished), phrase, unfinished);
        if (found.meanings.length) break;
      }
      const parts = count < 2 && found.sure < 0.9 && parted(lexicon, words[0]);
      if (parts) {
        words.splice(0, 1, ...parts);
        continue;
      }
      concepts.push(found);
      words.splice(0, Math.max(1, count));
    }
    return concepts;
  };

  /** The noun of a colour: the word beside it, on the side that the language uses. */
  const bind = (concepts) => {
    for (const [place, concept] of concepts.entries()) {
      if (!has(concept, "colour")) continue;
      const beside = (step) => {
        let at = place + step;
        while (has(concepts[at], "colour")) at += step;
        return concepts[at];
      };
      const sides = data.colourFirst ? [beside(1), beside(-1)] : [beside(-1), beside(1)];
      const noun = sides.find((one) => one && ["reflector", "pattern", "form"].some((kind) => has(one, kind)));
      // In "white post, red band" the red is nearer to the band.
      const several = has(concepts[place - 1], "colour") || has(concepts[place + 1], "colour");
      if (has(noun, "reflector")) concept.weights = { reflector: 1 };
      else if (has(noun, "pattern")) concept.weights = several ? { accent: 1, body: 0.95 } : { accent: 1, body: 0.5 };
      else if (has(noun, "form")) concept.weights = { body: 1, accent: 0.4 };
      else concept.weights = { body: 1, accent: 0.75, reflector: 0.3 };
      // Of "red and white stripes", either colour may be the post's, and the other the marking's.
      concept.paired = several && !has(noun, "reflector");
    }
    // "no reflector", "without stripes"
    return concepts.filter((concept, place) => {
      if (!has(concept, "without")) return !concept.meanings.length || !concept.meanings.every(({ kind }) => kind === "empty");
      if (concepts[place + 1]) concepts[place + 1].without = true;
      return false;
    });
  };

  const fits = (type, concept) => {
    let best = 0;
    const { attributes, perhaps } = type;
    for (const meaning of concept.meanings) {
      const { kind, value } = meaning;
      if (kind === "colour") {
        for (const attribute of COLOURED) {
          const weight = concept.weights[attribute] ?? 0;
          if (attributes[attribute] === value) best = Math.max(best, weight);
          else if (perhaps?.[attribute] === value) best = Math.max(best, weight / 2);
        }
      } else if (kind === "form" || kind === "pattern") {
        if (attributes[kind] === value) best = 1;
        else if (kind === "pattern") best = Math.max(best, KIN[value]?.[attributes.pattern] ?? 0);
        else if (perhaps?.[kind] === value) best = Math.max(best, 0.5);
      } else if (kind === "own") {
        if (attributes[meaning.attribute] === value) best = 1;
      } else if (kind === "reflector") {
        if (attributes.reflector && attributes.reflector !== "none") best = 1;
      } else if (kind === "place") {
        const bollards = type.countries.find(([code]) => code === meaning.code)?.[1];
        if (bollards) best = Math.max(best, 0.6 + (0.4 * bollards) / type.bollards);
      } else if (kind === "region") {
        if (meaning.ids.has(type.id)) best = 1;
      } else if (kind === "name" && meaning.id === type.id) best = 1;
    }
    if (!concept.without) return best * concept.sure;
    return best || (has(concept, "reflector") && attributes.reflector !== "none") ? 0 : 1;
  };

  const search = (query) => {
    const understood = read(query);
    const guessed = !abroad && understood.some(isGuess);
    const concepts = bind(understood.filter((concept) => !has(concept, "and")));
    const known = concepts.filter(({ meanings }) => meanings.some(({ kind }) => kind !== "abroad"));
    const absent = concepts
      .filter((concept) => !concept.without)
      .flatMap(({ meanings }) => meanings.filter(({ kind }) => kind === "abroad"));
    const lone = known.filter(
      (concept) => has(concept, "place") && isPlace(concept.meanings) && !index.types.some((type) => fits(type, concept)),
    );
    const unknown = concepts.filter((concept) => !concept.meanings.length).map(({ text }) => text);
    const asIs = wordsOf(query).join(" ");
    const rated = index.types.map((type) => {
      const parts = known.map((concept) => fits(type, concept));
      const named = wordsOf(type.name).join(" ") === asIs ? 1 : 0;
      return { id: type.id, met: parts.filter(Boolean).length, sum: parts.reduce((a, b) => a + b, named) };
    });
    const most = Math.max(0, ...rated.map(({ met }) => met));
    const scores = new Map();
    for (const { id, met, sum } of rated) if (met && met === most) scores.set(id, sum);
    /** The countries that are named beside each other, each without a doubt. */
    const versusOf = (some) => {
      const places = some.filter((concept) => !concept.without && has(concept, "place"));
      const codes = places.map(({ meanings }) => [...new Set(meanings.map(({ code }) => code))]);
      if (codes.some((one) => one.length > 1)) return [];
      const named = [...new Set(codes.flat())];
      return named.length > 1 ? named : [];
    };
    const codesOf = (some) => [
      ...new Set(
        some
          .flatMap(({ meanings }) => meanings.filter(({ kind }) => kind === "place" || kind === "region"))
          .map(({ code }) => code)
          .filter(Boolean),
      ),
    ];
    /** The attributes that are asked for, for a colour the likeliest one, with their possible values. */
    const likeliest = ({ weights }) => Object.entries(weights).sort(([, a], [, b]) => b - a)[0][0];
    const looksOf = (some) => {
      const asked = some.flatMap((concept) => {
        const [one] = concept.meanings.filter(({ kind, value }) => value && LOOKS.includes(kind));
        if (!one || concept.without) return [];
        const values = concept.meanings.filter(({ kind }) => kind === one.kind).map(({ value }) => value);
        return [{ ...concept, kind: one.kind, values }];
      });
      const pair = asked.filter(({ kind, paired }) => kind === "colour" && paired).flatMap(({ values }) => values);
      // "Black and white with a yellow cap": the cap's colour is told, so the two are the post's.
      const told = asked.filter(({ kind, paired }) => kind === "colour" && !paired).map(likeliest);
      const open = ["body", "accent"].filter((attribute) => !told.includes(attribute));
      const together = pair.length ? open.map((attribute) => [attribute, pair]) : [];
      return asked.flatMap(({ kind, values, weights, paired }) => {
        if (kind === "pattern") return [[kind, [...values, ...values.flatMap((value) => Object.keys(KIN[value] ?? {}))]]];
        if (kind !== "colour") return [[kind, values]];
        if (paired) return together.splice(0);
        return [[likeliest({ weights }), values]];
      });
    };
    return {
      looks: known.every((concept) => LOOKS.some((kind) => has(concept, kind))) ? looksOf(known) : [],
      scores: known.length ? scores : new Map(),
      complete: most === known.length && !absent.length,
      asked: concepts.length > 0,
      unknown,
      places: codesOf(known),
      lone: codesOf(lone),
      absent,
      guessed,
      versus: versusOf(known),
    };
  };
  search.hearOf = (countries) => {
    abroad = namesAbroad(countries);
    longest = Math.max(longest, longestOf([...abroad.keys()]));
  };
  return search;
};
