// Shows the result of an answer: the type, its countries, and its difference from another type.

import { at } from "./types.js";

export class Answer {
  #page;
  #root;
  #home;
  #known;
  #words = new Map();

  constructor(page, questions, root, home) {
    this.#page = page;
    this.#known = questions;
    this.#root = root;
    this.#home = home;
    const words = page.querySelector("#quiz-words").content;
    for (const list of words.querySelectorAll("[data-attribute]")) {
      const values = [...list.querySelectorAll("dd")].map((dd) => [dd.dataset.value, dd.textContent]);
      const name = list.querySelector("dt").textContent;
      this.#words.set(list.dataset.attribute, { name, values: new Map(values) });
    }
  }

  /** A description of a type without its name and countries, for visitors who cannot see it. */
  inWords(type) {
    return Object.entries(type.attributes)
      .filter(([, value]) => value !== "none")
      .map(([name, value]) => {
        const { name: title, values } = this.#words.get(name);
        // A colour needs the name of its attribute.
        return /^(accent|reflector)$/.test(name) ? `${title}: ${values.get(value)}` : values.get(value);
      })
      .join(", ");
  }

  /** The flag and name of a country. */
  country(code) {
    const { name, flag } = this.#known.countries[code];
    const parts = [name];
    if (flag) {
      const picture = new Image(18, 12);
      picture.className = "flag";
      picture.src = this.#root + flag;
      picture.alt = "";
      parts.unshift(picture, " ");
    }
    return parts;
  }

  /** What to call a type; an unsorted bollard has no name. */
  #nameOf(type) {
    return type.name || this.#page.querySelector("#quiz-unsorted").content.textContent.trim();
  }

  /** A type's card, as on the home page. */
  typeCard(type) {
    const item = document.createElement("li");
    item.className = "card";
    const link = this.#link(type.address ?? `types/${type.id}/`);
    const picture = new Image(240, 300);
    picture.src = at(this.#root, type.picture);
    picture.alt = "";
    const frame = document.createElement("span");
    frame.className = "views";
    frame.append(picture);
    const name = document.createElement("span");
    name.className = "name";
    name.textContent = this.#nameOf(type);
    link.append(frame, name);
    item.append(link);
    return item;
  }

  /** The result of an answered question. */
  async explain(question, chosen, note) {
    const { type, mode, options } = question;
    const right = options.find((option) => option.right);
    const verdict = this.#made(chosen.right ? "quiz-right" : "quiz-wrong");
    const told = verdict.querySelector("span");
    if (mode === "country" && !chosen.right) told.append(...this.country(right.country), ". ");
    const shown = mode === "odd" ? right.type : type;
    told.append(shown.id ? this.#typeLink(shown) : this.#nameOf(shown));
    const photo = question.photo ?? right.photo;
    if (photo[0]) {
      const link = this.#made("quiz-link");
      link.href = `${this.#home}photos/${photo[0]}/`;
      told.append(" ", link);
    }
    const parts = [verdict, this.#stands(shown)];
    const other = this.#other(question, chosen, right);
    if (other && other !== type) {
      parts.push(this.#apart(type, other));
      if (mode === "country") {
        const line = this.#made("quiz-there");
        const { name } = this.#known.countries[chosen.country];
        line.textContent = line.textContent.replace("{country}", name);
        parts.push(line);
      }
      const text = await note(type.id, other.id).catch(() => "");
      if (text) {
        const line = document.createElement("p");
        line.className = "told";
        line.textContent = text;
        parts.push(line);
      }
    }
    return parts;
  }

  /** The type that the visitor confused with the right one, or could have. */
  #other({ type, mode }, chosen, right) {
    if (mode === "odd") return right.type;
    if (chosen.right || !type.id) return null;
    if (mode === "type") return chosen.type;
    const { types, order } = this.#known;
    const stands = (one) => one?.countries.some(([code]) => code === chosen.country);
    return [...type.lookalikes, ...order].map((id) => types.get(id)).find(stands);
  }

  #stands(type) {
    const line = this.#made("quiz-stands");
    const tally = line.querySelector(".tally");
    for (const [code] of type.countries) {
      const one = document.createElement("span");
      one.append(...this.country(code));
      tally.append(one, " ");
    }
    return line;
  }

  /** The two side by side: pictures, names, and the attributes in which they differ. */
  #apart(a, b) {
    const table = this.#made("quiz-apart");
    const heads = table.querySelectorAll("th");
    for (const [place, type] of [a, b].entries()) {
      const picture = new Image(96, 120);
      picture.src = at(this.#root, type.picture);
      picture.alt = "";
      heads[place].append(picture, this.#typeLink(type));
    }
    const names = [...this.#words.keys()];
    const differ = names.filter(
      (name) => a.attributes[name] && b.attributes[name] && a.attributes[name] !== b.attributes[name],
    );
    for (const name of differ) {
      const row = table.tBodies[0].insertRow();
      const head = document.createElement("th");
      head.scope = "row";
      head.textContent = this.#words.get(name).name;
      row.append(head);
      for (const { attributes } of [a, b]) {
        row.insertCell().textContent = this.#words.get(name).values.get(attributes[name]) ?? "";
      }
    }
    if (differ.length) return table;
    const both = document.createElement("div");
    both.append(table, this.#made("quiz-same"));
    return both;
  }

  #typeLink(type) {
    const link = this.#link(`types/${type.id}/`);
    link.textContent = type.name;
    return link;
  }

  #link(address) {
    const link = document.createElement("a");
    link.href = this.#home + address;
    return link;
  }

  #made(id) {
    return this.#page.querySelector(`#${id}`).content.firstElementChild.cloneNode(true);
  }
}
