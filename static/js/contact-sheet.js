// The positions of photos on the contact sheet, and its pictures, fetched when they come into view.

import { at } from "./types.js";

const ASPECT = 1.25;

const get = async (url) => {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${response.status} ${url}`);
  return response;
};

/** Pictures by address; the least recently used are dropped first. */
class Pictures {
  #kept = new Map();
  #most;
  #arrived;

  constructor(most, arrived) {
    this.#most = most;
    this.#arrived = arrived;
  }

  /** The picture if it is loaded; otherwise it is requested. */
  get(url, wanted = true) {
    let picture = this.#kept.get(url);
    if (picture) {
      this.#kept.delete(url);
      this.#kept.set(url, picture);
    } else if (wanted) {
      picture = new Image();
      picture.decoding = "async";
      picture.onload = () => this.#arrived();
      picture.src = url;
      this.#kept.set(url, picture);
      if (this.#kept.size > this.#most) this.#drop();
    }
    return picture?.complete && picture.naturalWidth ? picture : null;
  }

  #drop() {
    const [url, picture] = this.#kept.entries().next().value;
    picture.onload = null;
    if (!picture.complete) picture.src = "";
    this.#kept.delete(url);
  }
}

export class ContactSheet {
  #root;
  #entries = new Map();
  #at = new Map();
  #blocks = new Pictures(600, () => this.arrived());
  #pictures = new Pictures(500, () => this.arrived());

  /** Called when a picture has arrived. */
  arrived = () => {};

  /** Load the index and the cells of all photos; pictures follow later. */
  static async load(url, root) {
    const index = await (await get(url)).json();
    const cells = await (await get(root + index.cells)).arrayBuffer();
    return new ContactSheet(index, cells, root);
  }

  constructor(index, cells, root) {
    Object.assign(this, index);
    this.#root = root;
    const part = (place, kind) => new kind(cells, place * index.count * 2, index.count);
    this.column = part(0, Int16Array);
    this.row = part(1, Int16Array);
    this.type = part(2, Uint16Array);
    this.country = part(3, Uint16Array);
    this.region = this.regions && part(4, Uint16Array);
    for (const photo of this.photos()) {
      this.#at.set(`${this.column[photo]},${this.row[photo]}`, photo);
    }
    this.groups = this.#findGroups();
  }

  photos() {
    return Array(this.count).keys();
  }

  /** The photo in a cell, or null. */
  at(column, row) {
    return this.#at.get(`${column},${row}`) ?? null;
  }

  /** The smallest rectangle of cells around some photos, as x, y, width and height in cells. */
  around(photos) {
    let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
    for (const photo of photos) {
      left = Math.min(left, this.column[photo]);
      top = Math.min(top, this.row[photo]);
      right = Math.max(right, this.column[photo] + 1);
      bottom = Math.max(bottom, this.row[photo] + 1);
    }
    return { x: left, y: top, width: right - left, height: bottom - top };
  }

  /** Types with the rectangles that they cover, the largest first. */
  #findGroups() {
    const photos = new Map();
    for (const photo of this.photos()) {
      const type = this.type[photo];
      if (type < this.types.length) photos.set(type, [...(photos.get(type) ?? []), photo]);
    }
    return [...photos]
      .map(([type, own]) => ({ type, count: own.length, ...this.around(own) }))
      .sort((a, b) => b.count - a.count);
  }

  /** The id and picture of a photo, if they are loaded. */
  entry(photo) {
    const known = this.#entries.get(Math.floor(photo / this.atOnce));
    return known instanceof Array ? known[photo % this.atOnce] : null;
  }

  async fetchEntry(photo) {
    const place = Math.floor(photo / this.atOnce);
    if (!this.#entries.has(place)) {
      const coming = get(this.#root + this.names[place]).then((response) => response.json());
      this.#entries.set(place, coming);
      coming.then(
        (entries) => {
          this.#entries.set(place, entries);
          this.arrived();
        },
        () => this.#entries.delete(place),
      );
    }
    return (await this.#entries.get(place))[photo % this.atOnce];
  }

  /** The photo with an id, or null. */
  async find(id) {
    for (let first = 0; first < this.count; first += this.atOnce) {
      await this.fetchEntry(first);
      const found = this.#entries.get(first / this.atOnce).findIndex((entry) => entry[0] === id);
      if (found >= 0) return first + found;
    }
    return null;
  }

  /** The level whose cells are at least nearly `width` px of the screen wide. */
  level(width) {
    let level = 0;
    while (level + 1 < this.levels.length && this.cell[0] / 2 ** (level + 1) >= 0.8 * width) level++;
    return level;
  }

  /**
   * A block that shows the cells of block (x, y) of a level: itself, or, until that is there, what
   * a coarser level shows of them. Null where there is nothing yet, or no photo.
   */
  block(level, x, y) {
    if (!this.levels[level][`${x},${y}`]) return null;
    for (let up = level; up < this.levels.length; up++) {
      const parts = 2 ** (up - level);
      const [bx, by] = [Math.floor(x / parts), Math.floor(y / parts)];
      const path = this.levels[up][`${bx},${by}`];
      const picture = this.#blocks.get(this.#root + path, up === level);
      if (picture) {
        const [width, height] = [picture.naturalWidth / parts, picture.naturalHeight / parts];
        return { picture, x: (x - bx * parts) * width, y: (y - by * parts) * height, width, height };
      }
    }
    return null;
  }

  /** Requests the coarsest level, so that there is always something to show. */
  fetchCoarsest() {
    for (const path of Object.values(this.levels.at(-1))) this.#blocks.get(this.#root + path);
  }

  /** The larger picture of a photo; requested if it is not loaded. */
  picture(photo) {
    const entry = this.entry(photo);
    if (entry) return this.#pictures.get(at(this.#root, entry[1]));
    this.fetchEntry(photo).catch(() => {});
    return null;
  }
}

export { ASPECT };
