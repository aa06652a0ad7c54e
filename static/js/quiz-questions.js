// Questions about the collection's photos, with wrong answers that are easily taken for the right
// one. A card is what can be learnt: "country/TYPE/DE", "type/TYPE", "odd/TYPE".

import { any, shuffled } from "./quiz-memory.js";

const CHOICES = 4;
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
   * where there is no such set.
   */
  set(name) {
    const every = { types: new Set(this.order), countries: null };
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
      return { ...every, types: new Set(this.index.families[name]) };
    }
    if (this.types.has(name)) {
      return { ...every, types: new Set([name, ...this.types.get(name).lookalikes]) };
    }
    return null;
  }

  /** All cards of a mode in a set, the commonest types first. */
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
    return cards.sort((a, b) => b[0] - a[0]).map(([, card]) => card);
  }

  /**
   * The question of a card: `{mode, card, type, photo, options: [{right, type, country, photo}]}`,
   * where photos are [id, small picture, large picture].
   */
  async ask(card, set) {
    const [mode, id, code] = card.split("/");
    const type = this.types.get(id);
    const own = (await this.#of(id)).photos;
    const make = { country: this.#askCountry, type: this.#askType, odd: this.#askOdd }[mode];
    return { mode, card, type, ...(await make.call(this, type, own, set, code)) };
  }

  /** How a person tells two types apart, from the note on either, or "". */
  async note(a, b) {
    const [first, second] = await Promise.all([this.#of(a), this.#of(b)]);
    return first.notes[b] ?? second.notes[a] ?? "";
  }

  #askCountry(type, own, set, code) {
    const weights = this.#elsewhere(type).map((other) => {
      const taken = type.lookalikes.some((id) =>
        this.types.get(id)?.countries.some(([where]) => where === other),
      );
      const near = this.countries[other].continent === this.countries[code].continent;
      const inSet = !set.countries || set.countries.has(other);
      return [other, Math.random() + (inSet ? 4 : 0) + (taken ? 0.7 : 0) + (near ? 0.9 : 0)];
    });
    const wrong = weights
      .sort((a, b) => b[1] - a[1])
      .slice(0, CHOICES - 1)
      .map(([country]) => ({ right: false, country }));
    const options = shuffled([{ right: true, country: code }, ...wrong]);
    return { photo: any(any(own[code])), options };
  }

  #askType(type, own, set) {
    const here = Object.entries(own).filter(([code]) => !set.countries || set.countries.has(code));
    const shown = (views) => views.some(([, small]) => small === type.picture);
    const all = Object.values(own).flat().filter((views) => !shown(views));
    const there = here.flatMap(([, bollards]) => bollards);
    const near = there.filter((views) => !shown(views));
    // Where the type's picture is the only one from there, it is asked about, and another answers.
    const only = !near.length && there.length && all.length;
    const others = set.closed ? this.#beside(type, set).slice(0, CHOICES - 1) : this.#taken(type);
    const options = [type, ...others].map((other) => ({
      right: other === type,
      type: other,
      photo: only && other === type ? [null, any(any(all))[1]] : [null, other.picture],
    }));
    return { photo: any(any(only ? there : near.length ? near : all)), options: shuffled(options) };
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

  /** Countries in which a type does not stand: no other answer can be right too. */
  #elsewhere(type) {
    const stands = new Set(type.countries.map(([code]) => code));
    return Object.keys(this.countries).filter((code) => code && !stands.has(code));
  }

  /** The others of a closed set. */
  #beside(type, set) {
    return shuffled([...set.types].map((id) => this.types.get(id)).filter((one) => one !== type));
  }

  #alike(type) {
    return type.lookalikes.map((id) => this.types.get(id)).filter(Boolean);
  }

  /** Three types that a type is taken for; where there are fewer, its neighbours among the plates. */
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
    if (!this.#photos.has(id)) {
      const coming = get(this.root + this.index.types[id]);
      coming.catch(() => this.#photos.delete(id));
      this.#photos.set(id, coming);
    }
    return this.#photos.get(id);
  }
}
