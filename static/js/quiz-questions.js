// Questions about the collection's photos, with wrong answers that are easily confused with the
// right one. A flash card is one thing to learn: "country/TYPE/DE", "type/TYPE", "odd/TYPE", and
// "country//DE" for the unsorted bollards of a country.

import { any, shuffled } from "./quiz-memory.js";

const CHOICES = 4;
// The place of the mark of a small crop from a street view in a photo's list.
const FAR = 3;
// How much it counts for a wrong answer that a look-alike is found there, by level.
const ALIKE = [-2, 0.7, 2];
export const MODES = ["country", "type", "odd"];

const get = async (url) => {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${response.status} ${url}`);
  return response.json();
};

export class Questions {
  #photos = new Map();

  static async load(types, quiz, root) {
    const [known, index] = await Promise.all([get(types), get(quiz)]);
    return new Questions(known, index, root);
  }

  constructor(known, index, root) {
    this.root = root;
    this.index = index;
    this.types = new Map(known.types.map((type) => [type.id, type]));
    this.countries = known.countries;
    this.order = known.types.map((type) => type.id);
  }

  /**
   * What a set asks about: a continent ("EU"), countries ("DE,FR"), a family, a type with what it
   * is taken for, or some types ("one,other") and nothing beside them, which is a closed set; null
   * where there is no such set. Only sets of places ask about `unsorted` bollards, too.
   */
  set(name) {
    const every = { types: new Set(this.order), countries: null, unsorted: true };
    if (!name) return every;
    const ids = name.split(",");
    if (ids.length > 1 && ids.every((id) => this.types.has(id))) {
      return { types: new Set(ids), countries: null, closed: true };
    }
    const codes = Object.keys(this.countries).filter(Boolean);
    const there = codes.filter((code) => this.countries[code].continent === name.toUpperCase());
    if (there.length) return { ...every, countries: new Set(there) };
    const listed = name.toUpperCase().split(",").filter((code) => codes.includes(code));
    if (listed.length) return { ...every, countries: new Set(listed) };
    if (Object.hasOwn(this.index.families, name)) {
      return { types: new Set(this.index.families[name]), countries: null };
    }
    if (this.types.has(name)) {
      return { types: new Set([name, ...this.types.get(name).lookalikes]), countries: null };
    }
    return null;
  }

  /** All cards of a mode in a set, the most frequent types first. */
  cards(mode, set) {
    const cards = [];
    for (const id of this.order) {
      if (!set.types.has(id)) continue;
      const type = this.types.get(id);
      const here = type.countries.filter(([code]) => code && (!set.countries || set.countries.has(code)));
      if (!here.length && set.countries) continue;
      const bollards = type.bollards;
      if (mode === "country") {
        for (const [code, count] of here) {
          if (this.#elsewhere(type).length) cards.push([count, `country/${id}/${code}`]);
        }
      } else if (mode === "type" && bollards > 1 && (set.closed || this.order.length >= CHOICES)) {
        cards.push([bollards, `type/${id}`]);
      } else if (mode === "odd" && bollards >= CHOICES - 1 && this.order.length > 1) {
        cards.push([bollards, `odd/${id}`]);
      }
    }
    const unsorted = mode === "country" && set.unsorted ? Object.entries(this.index.unsorted ?? {}) : [];
    for (const [code, [count]] of unsorted) {
      const asked = !set.countries || set.countries.has(code);
      if (asked && this.#elsewhere({ countries: [[code]] }).length) cards.push([count, `country//${code}`]);
    }
    return cards.sort((a, b) => b[0] - a[0]).map(([, card]) => card);
  }

  /**
   * The question of a card: `{mode, card, type, photo, options: [{right, type, country, photo}],
   * afar}`, where photos are [id, small picture, large picture]; `afar` if the small one should be
   * shown alone, because it is from a street view.
   *
   * `level` says how alike the wrong answers are: 0 as little as possible, 1 somewhat, 2 as much as
   * possible; at level 2, street views come first.
   */
  async ask(card, set, level = 1) {
    const [mode, id, code] = card.split("/");
    if (!id) return this.#askUnsorted(card, set, code, level);
    const type = this.types.get(id);
    const own = (await this.#of(id)).photos;
    const make = { country: this.#askCountry, type: this.#askType, odd: this.#askOdd }[mode];
    const question = { mode, card, type, ...(await make.call(this, type, own, set, code, level)) };
    return { ...question, afar: level === 2 && Boolean(question.photo?.[FAR]) };
  }

  /** The owner's hint for telling two types apart, from the note on either, or "". */
  async note(a, b) {
    const [first, second] = await Promise.all([this.#of(a), this.#of(b)]);
    return first.notes[b] ?? second.notes[a] ?? "";
  }

  /** Of an unsorted bollard; as `type` it has its own photo's address, and no id and name. */
  async #askUnsorted(card, set, code, level) {
    const [, path] = this.index.unsorted[code];
    const [attributes, views] = any((await this.#file(path)).bollards);
    const [[photo, picture]] = views;
    const type = { id: "", name: "", address: `photos/${photo}/`, attributes, picture, countries: [[code, 1]], lookalikes: [] };
    const question = { mode: "country", card, type, ...this.#askCountry(type, { [code]: [views] }, set, code, level) };
    return { ...question, afar: level === 2 && Boolean(question.photo[FAR]) };
  }

  #askCountry(type, own, set, code, level) {
    const weights = this.#elsewhere(type).map((other) => {
      const taken = type.lookalikes.some((id) =>
        this.types.get(id)?.countries.some(([where]) => where === other),
      );
      const near = this.countries[other].continent === this.countries[code].continent;
      const inSet = !set.countries || set.countries.has(other);
      return [other, Math.random() + (inSet ? 4 : 0) + (taken ? ALIKE[level] : 0) + (near ? 0.9 : 0)];
    });
    const wrong = weights
      .sort((a, b) => b[1] - a[1])
      .slice(0, CHOICES - 1)
      .map(([country]) => ({ right: false, country }));
    const options = shuffled([{ right: true, country: code }, ...wrong]);
    return { photo: this.#shown(own[code], level), options };
  }

  #askType(type, own, set, _, level) {
    const here = Object.entries(own).filter(([code]) => !set.countries || set.countries.has(code));
    const shown = (views) => views.some(([, small]) => small === type.picture);
    const all = Object.values(own).flat().filter((views) => !shown(views));
    const there = here.flatMap(([, bollards]) => bollards);
    const near = there.filter((views) => !shown(views));
    // If the type's picture is its only one from this country, it is in the question, and another
    // one is the answer.
    const only = !near.length && there.length && all.length;
    const others = set.closed ? this.#beside(type, set).slice(0, CHOICES - 1) 
      : level ? this.#taken(type) : this.#unlike(type, set);
    const options = [type, ...others].map((other) => ({
      right: other === type,
      type: other,
      photo: only && other === type ? [null, any(any(all))[1]] : [null, other.picture],
    }));
    const photo = this.#shown(only ? there : near.length ? near : all, level);
    return { photo, options: shuffled(options) };
  }

  async #askOdd(type, own, set) {
    const alike = set.closed ? this.#beside(type, set) : this.#alike(type).slice(0, 3);
    const other = any(alike.length ? alike : this.#taken(type));
    const theirs = Object.values((await this.#of(other.id)).photos).flat();
    const same = shuffled(Object.values(own).flat()).slice(0, CHOICES - 1);
    const options = [
      { right: true, type: other, photo: any(any(theirs)) },
      ...same.map((views) => ({ right: false, type, photo: any(views) })),
    ];
    return { photo: null, options: shuffled(options) };
  }

  /** A photo of one of some bollards, each a list of views. */
  #shown(bollards, level) {
    const afar = level === 2 ? bollards.filter((views) => views.some((view) => view[FAR])) : [];
    const views = any(afar.length ? afar : bollards);
    return afar.length ? views.find((view) => view[FAR]) : any(views);
  }

  /** Three types of a set that are not taken for this one; others if there are too few. */
  #unlike(type, set) {
    const here = ({ countries }) => countries.some(([code]) => !set.countries || set.countries.has(code));
    const other = [...this.types.values()].filter((one) => one !== type && !type.lookalikes.includes(one.id));
    const found = [...shuffled(other.filter(here)), ...shuffled(other.filter((one) => !here(one)))];
    return found.length < CHOICES - 1 ? this.#taken(type) : found.slice(0, CHOICES - 1);
  }

  /** Countries without the type, so that only one answer is right. */
  #elsewhere(type) {
    const stands = new Set(type.countries.map(([code]) => code));
    return Object.keys(this.countries).filter((code) => code && !stands.has(code));
  }

  /** The other types of a closed set. */
  #beside(type, set) {
    return shuffled([...set.types].map((id) => this.types.get(id)).filter((one) => one !== type));
  }

  #alike(type) {
    return type.lookalikes.map((id) => this.types.get(id)).filter(Boolean);
  }

  /** Three look-alikes of a type; if there are fewer, its neighbours in the order of the cards. */
  #taken(type) {
    const place = this.order.indexOf(type.id);
    const near = [...this.order]
      .sort((a, b) => Math.abs(this.order.indexOf(a) - place) - Math.abs(this.order.indexOf(b) - place))
      .map((id) => this.types.get(id));
    const alike = this.#alike(type);
    const found = [...shuffled(alike.slice(0, 4)), ...near.filter((one) => !alike.includes(one))];
    return found.filter((one) => one !== type).slice(0, CHOICES - 1);
  }

  #of(id) {
    return this.#file(this.index.types[id]);
  }

  #file(path) {
    if (!this.#photos.has(path)) {
      const coming = get(this.root + path);
      coming.catch(() => this.#photos.delete(path));
      this.#photos.set(path, coming);
    }
    return this.#photos.get(path);
  }
}
