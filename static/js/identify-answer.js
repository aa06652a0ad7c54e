// Shows the recogniser's answer: up to three countries and what decides between them, then types,
// attributes and the nearest photos.

import { Words } from "./difference.js";
import { known } from "./known.js";
import { fragmentOf } from "./shared-answer.js";
import { telltaleLine } from "./telltale-line.js";
import { at } from "./types.js";

const TYPES = 5;
const FLAGS = 6; // countries of a type that are named; the others are counted

/** The first, and those that are not negligible. */
const worthSaying = (shares) => shares.filter(({ share }, place) => !place || share >= 0.05);

export class Answer {
  /** `part(selector)` returns an element of the page; `index` is the index of types; `roots` are prefixes of links. */
  constructor(part, index, { root, home, compare }) {
    Object.assign(this, { part, index, root, home, compare });
    this.types = new Map(index.types.map((type) => [type.id, type]));
    const language = document.documentElement.lang || undefined;
    const share = new Intl.NumberFormat(language, { style: "percent" });
    this.percent = (value) => share.format(Math.max(0, value));
    this.list = (names) => new Intl.ListFormat(language).format(names);
    this.words = new Words(part("#difference-words"));
  }

  show({ types, neighbours, attributes, doubt, own, named, telltale }) {
    const { part } = this;
    for (const one of part(".answer").querySelectorAll(".doubt")) one.hidden = one.dataset.doubt !== doubt;
    part(".answered").hidden = Boolean(doubt);
    part(".kept").hidden = true;
    const known = worthSaying(types).filter(({ key }) => this.types.has(key));
    this.showAnswer(named, telltale, known);
    part(".looks").hidden = false;
    part(".seen").replaceChildren(...this.marks(attributes));
    // The address holds the answer, for a reload and for others; not the picture.
    history.replaceState(null, "", fragmentOf({ named, telltale, types: known }) || location.pathname + location.search);
    const canvas = part(".own canvas");
    canvas.width = own.width;
    canvas.height = own.height;
    canvas.getContext("2d").drawImage(own, 0, 0);
    own.close();
    const list = part(".near-photos");
    list.replaceChildren(part(".own"), ...neighbours.map((one) => this.neighbour(one)));
    part(".answer").hidden = false;
    // Where no bollard is visible, or none is like it, the nearest photos would name countries.
    part(".like-it").hidden = Boolean(doubt);
  }

  /** Show an answer from a link or from before a reload, whose picture is not kept. */
  async showKept({ named, telltale, types }) {
    const { part } = this;
    this.showAnswer(named, telltale, types);
    part(".looks").hidden = true;
    part(".answer").hidden = part(".kept").hidden = part(".answered").hidden = false;
    const pictures = {};
    const ids = named.flatMap(({ views }) => views.map(({ photo }) => photo));
    await Promise.all(ids.map(async (id) => (pictures[id] = await this.pictureOf(id))));
    this.illustrate(pictures);
  }

  /** [path, width, height] of a photo's small picture; undefined if the site has no such photo. */
  async pictureOf(id) {
    const { photos, digits } = this.part(".candidates").dataset;
    const answer = await fetch(`${photos}${id.slice(0, Number(digits)) || "all"}.json`);
    const pictures = answer.ok ? (await answer.json())[id]?.pictures : undefined;
    return pictures?.find(([, width]) => width >= 240) ?? pictures?.at(-1);
  }

  showAnswer(named, telltale, types) {
    const { part } = this;
    this.showCountries(named, telltale);
    part(".none").hidden = types.length > 0;
    part(".likely").replaceChildren(...types.slice(0, TYPES).map((one) => this.type(one)));
    const versus = part(".versus");
    versus.hidden = !this.compare || types.length < 2;
    if (!versus.hidden) {
      const pair = new URLSearchParams({ a: types[0].key, b: types[1].key });
      versus.querySelector("a").href = `${this.compare}?${pair}`;
    }
  }

  showCountries(named, telltale) {
    const list = this.part(".candidates");
    list.replaceChildren(...named.map((one) => this.candidate(one, list.dataset)));
    const page = {
      words: this.words,
      labels: this.part(".answer").dataset,
      list: this.list,
      nameOf: (code) => this.nameOf(code),
    };
    const decides = this.part(".decides");
    decides.replaceChildren(telltale ? telltaleLine(telltale, page) : named.length > 1 ? decides.dataset.alike : "");
    const said = named.map(({ code, sure }) => `${this.nameOf(code)}: ${list.dataset[sure]}`);
    const sum = this.part(".sum");
    sum.textContent = said.join(", ") || sum.dataset.doubt;
  }

  nameOf(code) {
    return this.index.countries[code]?.name ?? code;
  }

  candidate({ code, sure, views, type }, words) {
    const item = this.copy(".candidate-template");
    item.dataset.sure = sure;
    const link = item.querySelector("h3 a");
    link.href = `${this.home}countries/${this.index.countries[code]?.slug ?? code.toLowerCase()}/`;
    link.replaceChildren(this.flag(code), " ", this.nameOf(code));
    item.querySelector(".sure").textContent = words[sure];
    item.querySelector("h3").after(...known(this.types.get(type), code, words));
    const alt = [this.types.get(type)?.name, this.nameOf(code)].filter(Boolean).join(", ");
    const pictures = views.map(({ photo }) => {
      const way = Object.assign(document.createElement("a"), { href: `${this.home}photos/${photo}/` });
      way.dataset.photo = photo;
      way.append(Object.assign(new Image(), { alt }));
      return way;
    });
    item.querySelector(".views").append(...pictures);
    return item;
  }

  /** Show the small pictures of photos, which arrive later: {id: [path, width, height]}. */
  illustrate(pictures) {
    const shown = [this.part(".candidates"), this.part(".near-photos")];
    for (const item of shown.flatMap((list) => [...list.querySelectorAll("[data-photo]")])) {
      const found = pictures[item.dataset.photo];
      if (!found) continue;
      const [path, width, height] = found;
      const image = item.querySelector("img");
      Object.assign(image, { src: at(this.root, path), width, height });
      image.classList.toggle("slim", height / width < 0.9 || height / width > 1.8);
    }
  }

  type({ key }) {
    const type = this.types.get(key);
    const item = this.copy(".likely-template");
    item.querySelector("a").href = `${this.home}types/${key}/`;
    const picture = Object.assign(new Image(240, 300), { alt: "", src: at(this.root, type.picture) });
    item.querySelector("a").prepend(picture);
    item.querySelector(".name").textContent = type.name;
    const shown = type.countries.length > FLAGS + 1 ? FLAGS : type.countries.length;
    const flags = type.countries.slice(0, shown).map(([code, bollards]) => {
      const entry = document.createElement("li");
      const flag = this.flag(code);
      if (type.countries.length > 2) Object.assign(flag, { alt: this.nameOf(code), title: this.nameOf(code) });
      entry.append(flag, " ");
      if (type.countries.length <= 2) entry.append(this.nameOf(code), " ");
      entry.append(bollards);
      return entry;
    });
    const rest = type.countries.length - shown;
    if (rest) {
      const way = document.createElement("a");
      Object.assign(way, { href: `${this.home}types/${key}/#countries`, textContent: `+${rest}` });
      way.setAttribute("aria-label", `+${rest}, ${type.name}`);
      flags.push(document.createElement("li"));
      flags.at(-1).append(way);
    }
    item.querySelector(".tally").append(...flags);
    return item;
  }

  neighbour({ photo, country, chance, type }) {
    const item = this.copy(".near-template");
    item.dataset.photo = photo;
    const link = item.querySelector("a");
    link.href = `${this.home}photos/${photo}/`;
    const name = this.index.countries[country ?? ""]?.name ?? country ?? "";
    const kind = this.types.get(type)?.name;
    link.append(Object.assign(new Image(), { alt: [kind, name].filter(Boolean).join(", ") }));
    item.querySelector(".place").append(this.flag(country ?? ""), " ", name);
    const alike = item.querySelector(".score");
    alike.textContent = alike.dataset.text.replace("{share}", this.percent(chance));
    return item;
  }

  marks(attributes) {
    const words = this.part(".words").content;
    return Object.entries(attributes).flatMap(([name, value]) => {
      const group = words.querySelector(`[data-attribute="${CSS.escape(name)}"]`);
      const word = group?.querySelector(`[data-value="${CSS.escape(value)}"]`);
      if (!word) return [];
      const item = this.copy(".mark-template");
      item.querySelector("dt").textContent = group.dataset.label;
      const told = item.querySelector("dd");
      if (["body", "accent", "reflector"].includes(name)) {
        const swatch = document.createElement("span");
        swatch.className = `swatch swatch-${value}`;
        told.append(swatch, " ");
      }
      told.append(word.textContent);
      return [item];
    });
  }

  flag(code) {
    const flags = this.part(".flags").content;
    const found = flags.querySelector(`[data-code="${CSS.escape(code)}"] img`);
    return found ? found.cloneNode() : document.createElement("span");
  }

  copy(selector) {
    return this.part(selector).content.firstElementChild.cloneNode(true);
  }
}
