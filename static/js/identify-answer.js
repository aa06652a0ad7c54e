// What the recogniser found, on the page: types, countries, marks, and the nearest photos.

const TYPES = 5;
const COUNTRIES = 8;
const FLAGS = 6; // of a type, before the rest is counted

/** The first, and what is not next to nothing. */
const worthSaying = (shares) => shares.filter(({ share }, place) => !place || share >= 0.01);

export class Answer {
  /** `part(selector)` gives an element of the page; `index` is the types' file; `roots` the ways. */
  constructor(part, index, { root, home, compare }) {
    Object.assign(this, { part, index, root, home, compare });
    this.types = new Map(index.types.map((type) => [type.id, type]));
    const share = new Intl.NumberFormat(document.documentElement.lang, { style: "percent" });
    this.percent = (value) => share.format(Math.max(0, value));
  }

  show({ types, countries, neighbours, attributes, doubt, own }) {
    const { part } = this;
    for (const one of part(".answer").querySelectorAll(".doubt")) one.hidden = one.dataset.doubt !== doubt;
    part(".answer").classList.toggle("doubtful", Boolean(doubt));
    const known = worthSaying(types).filter(({ key }) => this.types.has(key));
    part(".none").hidden = known.length > 0;
    part(".likely").replaceChildren(...known.slice(0, TYPES).map((one) => this.type(one)));
    part(".where").replaceChildren(...worthSaying(countries).slice(0, COUNTRIES).map((one) => this.country(one, countries[0].share)));
    part(".seen").replaceChildren(...this.marks(attributes));
    if (known.length) {
      const [{ key, share }] = known;
      part(".sum").textContent = part(".sum")
        .dataset.text.replace("{name}", this.types.get(key).name)
        .replace("{share}", this.percent(share));
    }
    const versus = part(".versus");
    versus.hidden = !this.compare || known.length < 2;
    if (!versus.hidden) {
      const pair = new URLSearchParams({ a: known[0].key, b: known[1].key });
      versus.querySelector("a").href = `${this.compare}?${pair}`;
    }
    const canvas = part(".own canvas");
    canvas.width = own.width;
    canvas.height = own.height;
    canvas.getContext("2d").drawImage(own, 0, 0);
    own.close();
    const list = part(".near-photos");
    list.replaceChildren(part(".own"), ...neighbours.map((one) => this.neighbour(one)));
    part(".answer").hidden = part(".like-it").hidden = false;
  }

  /** The small pictures of neighbours, which come a little later: {id: [path, width, height]}. */
  illustrate(pictures) {
    for (const item of this.part(".near-photos").querySelectorAll("[data-photo]")) {
      const found = pictures[item.dataset.photo];
      if (!found) continue;
      const [path, width, height] = found;
      const image = item.querySelector("img");
      Object.assign(image, { src: this.root + path, width, height });
      image.classList.toggle("slim", height / width < 0.9 || height / width > 1.8);
    }
  }

  type({ key, share }) {
    const type = this.types.get(key);
    const item = this.copy(".likely-template");
    item.querySelector("a").href = `${this.home}types/${key}/`;
    const picture = Object.assign(new Image(240, 300), { alt: "", src: this.root + type.picture });
    item.querySelector("a").prepend(picture);
    item.querySelector(".name").textContent = type.name;
    item.querySelector(".share").textContent = this.percent(share);
    item.querySelector("rect").setAttribute("width", `${100 * share}%`);
    const shown = type.countries.length > FLAGS + 1 ? FLAGS : type.countries.length;
    const flags = type.countries.slice(0, shown).map(([code, bollards]) => {
      const entry = document.createElement("li");
      const flag = this.flag(code);
      const name = this.index.countries[code]?.name ?? code;
      if (type.countries.length > 2) Object.assign(flag, { alt: name, title: name });
      entry.append(flag, " ");
      if (type.countries.length <= 2) entry.append(name, " ");
      entry.append(bollards);
      return entry;
    });
    const rest = type.countries.length - shown;
    if (rest) flags.push(Object.assign(document.createElement("li"), { textContent: `+${rest}` }));
    item.querySelector(".tally").append(...flags);
    return item;
  }

  country({ key, share }, largest) {
    const item = this.copy(".where-template");
    const country = this.index.countries[key];
    const link = item.querySelector("a");
    link.href = `${this.home}countries/${country?.slug ?? key.toLowerCase()}/`;
    link.append(this.flag(key), " ", country?.name ?? key);
    item.querySelector("rect").setAttribute("width", `${(100 * share) / largest}%`);
    item.querySelector(".share").textContent = this.percent(share);
    return item;
  }

  neighbour({ photo, country, score, type }) {
    const item = this.copy(".near-template");
    item.dataset.photo = photo;
    const link = item.querySelector("a");
    link.href = `${this.home}photos/${photo}/`;
    const name = this.index.countries[country ?? ""]?.name ?? country ?? "";
    const kind = this.types.get(type)?.name;
    link.append(Object.assign(new Image(), { alt: [kind, name].filter(Boolean).join(", ") }));
    item.querySelector(".place").append(this.flag(country ?? ""), " ", name);
    const alike = item.querySelector(".score");
    alike.textContent = alike.dataset.text.replace("{share}", this.percent(score));
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
