// Moves over the contact sheet and draws the visible part of it.

import { ASPECT } from "./contact-sheet.js";
import { drawLabels, MARGIN } from "./explore-labels.js";
import { panZoom } from "./pan-zoom.js";

const NEAREST = 320;
// Above this width, in device pixels, a cell shows the photo's own picture.
const CLOSE = 90;
const KEYS = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

export class Viewer {
  #canvas;
  #context;
  #sheet;
  #says;
  #colours = {};
  #drawn = 0;
  #flight = null;
  #all = null;

  /** Whether the visitor has moved: only then is the view kept in the address. */
  touched = false;
  /** The photo that is open, or null. */
  photo = null;
  /** The chosen photos, or null for all. */
  found = null;
  hovered = null;

  constructor(canvas, sheet, says) {
    this.#canvas = canvas;
    this.#context = canvas.getContext("2d");
    this.#sheet = sheet;
    this.#says = says;
    this.#all = sheet.around(sheet.photos());
    this.x = this.y = 0;
    this.cell = 1;
    sheet.arrived = () => this.draw();
    sheet.fetchCoarsest();
    new ResizeObserver(() => this.#measure()).observe(canvas);
    for (const query of ["(prefers-color-scheme: dark)", "(forced-colors: active)"]) {
      matchMedia(query).addEventListener("change", () => this.#measure());
    }
    this.#measure();
    this.#followPointers(canvas);
    canvas.addEventListener("keydown", (event) => this.#key(event));
    canvas.addEventListener("focus", () => this.draw());
    canvas.addEventListener("blur", () => this.draw());
    document.fonts?.ready.then(() => this.draw());
  }

  #followPointers(canvas) {
    panZoom(canvas, {
      pan: (dx, dy) => {
        this.hover(null);
        this.pan(dx, dy);
      },
      zoom: (factor, at) => this.zoom(factor, at, false),
      glides: () => !this.still,
      tapped: ({ x, y }) => {
        const photo = this.under(x, y);
        if (photo === null) this.close();
        else this.open(photo);
      },
    });
    canvas.addEventListener("pointermove", ({ pointerType, buttons, offsetX, offsetY }) => {
      if (pointerType === "mouse" && !buttons) this.hover(this.under(offsetX, offsetY));
    });
    canvas.addEventListener("pointerleave", () => this.hover(null));
    canvas.addEventListener("dblclick", ({ offsetX, offsetY }) => this.zoom(2, { x: offsetX, y: offsetY }));
  }

  get still() {
    return this.#says.still();
  }

  /** The middle and the width of a cell, rounded for the address. */
  place() {
    return [this.x.toFixed(1), this.y.toFixed(1), this.cell.toFixed(1)].map(Number);
  }

  goTo(x, y, cell) {
    this.touched = true;
    this.#set(x, y, cell);
  }

  /** Moves by a distance in px of the page. */
  pan(dx, dy) {
    this.touched = true;
    this.#set(this.x - dx / this.cell, this.y - dy / this.cell / ASPECT, this.cell);
  }

  /** Zooms by a factor around a point of the canvas, by default its middle. */
  zoom(factor, at, smooth = true) {
    this.touched = true;
    const from = this.#flight?.to ?? this;
    const cell = this.#inBounds(from.cell * factor);
    const [px, py] = at ? [at.x - this.#width / 2, at.y - this.#height / 2] : [0, 0];
    const x = from.x + px / from.cell - px / cell;
    const y = from.y + (py / from.cell - py / cell) / ASPECT;
    if (smooth) this.#fly({ x, y, cell });
    else this.#set(x, y, cell);
  }

  showAll() {
    this.touched = false;
    this.#fly(this.#fitting(this.#all));
  }

  /** Highlights these photos and moves to them; null means all photos. */
  narrow(found) {
    this.found = found;
    this.touched = false;
    this.#fly(this.#fitting(found?.length ? this.#sheet.around(found) : this.#all));
  }

  /** The photo at a point of the canvas, or null. */
  under(x, y) {
    const column = Math.floor(this.x + (x - this.#width / 2) / this.cell);
    const row = Math.floor(this.y + (y - this.#height / 2) / this.cell / ASPECT);
    return this.#sheet.at(column, row);
  }

  open(photo, go = false) {
    this.photo = photo;
    this.#says.chosen(photo);
    if (go) this.#follow(Math.max(this.cell, 72));
    this.draw();
  }

  close() {
    if (this.photo === null) return;
    this.photo = null;
    this.#says.chosen(null);
    this.#canvas.focus({ preventScroll: true });
    this.draw();
  }

  hover(photo) {
    if (photo === this.hovered) return;
    this.hovered = photo;
    this.#canvas.style.cursor = photo === null ? "" : "pointer";
    this.draw();
  }

  /** Draws before the next frame. */
  draw() {
    this.#drawn ||= requestAnimationFrame((now) => {
      this.#drawn = 0;
      if (this.#flight) this.#onward(now);
      this.#paint();
    });
  }

  get #width() {
    return this.#canvas.clientWidth;
  }

  get #height() {
    return this.#canvas.clientHeight;
  }

  #measure() {
    const density = Math.min(devicePixelRatio, 2);
    const [width, height] = [this.#width * density, this.#height * density].map(Math.round);
    if (this.#canvas.width !== width || this.#canvas.height !== height) {
      this.#canvas.width = width;
      this.#canvas.height = height;
    }
    const style = getComputedStyle(this.#canvas);
    for (const name of ["paper", "ink", "soft", "accent", "sign"]) {
      this.#colours[name] = style.getPropertyValue(`--${name}`).trim();
    }
    if (!this.touched) {
      Object.assign(this, this.#fitting(this.found?.length ? this.#sheet.around(this.found) : this.#all));
      this.#flight = null;
    }
    this.draw();
  }

  #key(event) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const way = KEYS[event.key];
    if (way && this.photo !== null) this.#step(way);
    else if (way) this.#glide(way);
    else if (event.key === "+" || event.key === "=") this.zoom(1.5);
    else if (event.key === "-" || event.key === "_") this.zoom(1 / 1.5);
    else if (event.key === "0" || event.key === "Home") this.showAll();
    else if (event.key === "Enter" || event.key === " ") this.#openMiddle();
    else if (event.key === "Escape") this.close();
    else return;
    event.preventDefault();
  }

  #glide([dx, dy]) {
    this.touched = true;
    const from = this.#flight?.to ?? this;
    const step = (0.2 * Math.min(this.#width, this.#height)) / from.cell;
    this.#fly({ x: from.x + dx * step, y: from.y + (dy * step) / ASPECT, cell: from.cell });
  }

  /** Moves from the open photo to the next one in a direction. */
  #step([dx, dy]) {
    const { column, row } = this.#sheet;
    let best = null;
    let least = Infinity;
    for (const photo of this.found ?? this.#sheet.photos()) {
      const right = column[photo] - column[this.photo];
      const down = (row[photo] - row[this.photo]) * ASPECT;
      const ahead = right * dx + down * dy;
      const aside = Math.abs(right * dy) + Math.abs(down * dx);
      if (ahead > 0 && aside <= 2 * ahead && ahead + 2 * aside < least) {
        least = ahead + 2 * aside;
        best = photo;
      }
    }
    if (best !== null) this.open(best, true);
  }

  #openMiddle() {
    const { column, row } = this.#sheet;
    const far = (photo) =>
      Math.hypot(column[photo] + 0.5 - this.x, (row[photo] + 0.5 - this.y) * ASPECT);
    let best = null;
    for (const photo of this.found ?? this.#sheet.photos()) {
      if (best === null || far(photo) < far(best)) best = photo;
    }
    if (best !== null) this.open(best, true);
  }

  #follow(cell) {
    this.touched = true;
    const { column, row } = this.#sheet;
    this.#fly({ x: column[this.photo] + 0.5, y: row[this.photo] + 0.5, cell });
  }

  #fitting({ x, y, width, height }) {
    // The names above and below the outer groups need their room too.
    const high = Math.max(this.#height / 2, this.#height - 2 * MARGIN);
    const room = Math.min(this.#width / (width + 2), high / height / ASPECT);
    const cell = Math.min(room, 120);
    return { x: x + width / 2, y: y + height / 2, cell: cell || 1 };
  }

  #inBounds(cell) {
    const least = Math.min(this.#fitting(this.#all).cell * 0.7, NEAREST);
    return Math.min(NEAREST, Math.max(least, cell));
  }

  #set(x, y, cell) {
    const { x: left, y: top, width, height } = this.#all;
    this.#flight = null;
    this.x = Math.min(left + width, Math.max(left, x));
    this.y = Math.min(top + height, Math.max(top, y));
    this.cell = this.#inBounds(cell);
    this.#says.moved();
    this.draw();
  }

  #fly(to) {
    if (this.still) {
      this.#set(to.x, to.y, to.cell);
      return;
    }
    const { x, y, cell } = this;
    this.#flight = { from: { x, y, cell }, to, since: null };
    this.#says.moved();
    this.draw();
  }

  #onward(now) {
    const { from, to } = this.#flight;
    this.#flight.since ??= now;
    const time = Math.min(1, (now - this.#flight.since) / 220);
    const share = 1 - (1 - time) ** 3;
    const between = (name) => from[name] + (to[name] - from[name]) * share;
    const flight = this.#flight;
    this.#set(between("x"), between("y"), from.cell * (to.cell / from.cell) ** share);
    if (time < 1) this.#flight = flight;
  }

  #left(column) {
    return (column - this.x) * this.cell + this.#width / 2;
  }

  #top(row) {
    return (row - this.y) * this.cell * ASPECT + this.#height / 2;
  }

  #paint() {
    const context = this.#context;
    const density = this.#canvas.width / Math.max(1, this.#width);
    context.setTransform(density, 0, 0, density, 0, 0);
    context.clearRect(0, 0, this.#width, this.#height);
    context.imageSmoothingQuality = this.#flight ? "low" : "medium";
    this.#paintBlocks(this.#sheet.level(this.cell * density));
    if (this.cell * density > CLOSE) this.#paintPictures(this.#inSight());
    if (this.found) this.#paintFound(density);
    drawLabels(context, this.#sheet.groups, {
      colours: this.#colours,
      label: this.#says.label,
      cell: this.cell,
      left: (column) => this.#left(column),
      top: (row) => this.#top(row),
      width: this.#width,
      height: this.#height,
      type: this.found?.length ? this.#onlyType() : null,
    });
    if (this.hovered !== null && this.hovered !== this.photo) this.#outline(this.hovered, 2, "ink");
    if (this.photo !== null) this.#outline(this.photo, 4, "accent");
    else if (this.#canvas.matches(":focus-visible")) this.#cross();
    if (this.#flight) this.draw();
  }

  #paintBlocks(level) {
    const [across, down] = this.#sheet.blockSize.map((cells) => cells * 2 ** level);
    const firstX = Math.floor((this.x - this.#width / 2 / this.cell) / across);
    const lastX = Math.floor((this.x + this.#width / 2 / this.cell) / across);
    const firstY = Math.floor((this.y - this.#height / 2 / this.cell / ASPECT) / down);
    const lastY = Math.floor((this.y + this.#height / 2 / this.cell / ASPECT) / down);
    for (let y = firstY; y <= lastY; y++) {
      for (let x = firstX; x <= lastX; x++) {
        const shown = this.#sheet.block(level, x, y);
        if (!shown) continue;
        this.#context.drawImage(
          shown.picture, shown.x, shown.y, shown.width, shown.height,
          this.#left(x * across), this.#top(y * down),
          across * this.cell, down * this.cell * ASPECT,
        );
      }
    }
  }

  *#inSight() {
    const columns = Math.ceil(this.#width / 2 / this.cell) + 1;
    const rows = Math.ceil(this.#height / 2 / this.cell / ASPECT) + 1;
    for (let row = Math.floor(this.y) - rows; row <= this.y + rows; row++) {
      for (let column = Math.floor(this.x) - columns; column <= this.x + columns; column++) {
        const photo = this.#sheet.at(column, row);
        if (photo !== null) yield photo;
      }
    }
  }

  /** The photos' own pictures, cut to their cells as the blocks are. */
  #paintPictures(photos) {
    const gap = (this.#sheet.gap / this.#sheet.cell[0]) * this.cell;
    const [width, height] = [this.cell - 2 * gap, this.cell * ASPECT - 2 * gap];
    for (const photo of photos) {
      const picture = this.#sheet.picture(photo);
      if (!picture) continue;
      const { naturalWidth: w, naturalHeight: h } = picture;
      // A slim photo is shown whole, as in the blocks and everywhere on the site.
      const slim = h / w < 0.9 || h / w > 1.8;
      const scale = (slim ? Math.min : Math.max)(width / w, height / h);
      const [cutWidth, cutHeight] = [Math.min(w, width / scale), Math.min(h, height / scale)];
      const [drawnWidth, drawnHeight] = [cutWidth * scale, cutHeight * scale];
      this.#context.drawImage(
        picture, (w - cutWidth) / 2, (h - cutHeight) / 2, cutWidth, cutHeight,
        this.#left(this.#sheet.column[photo] + 0.5) - drawnWidth / 2,
        this.#top(this.#sheet.row[photo] + 0.5) - drawnHeight / 2,
        drawnWidth, drawnHeight,
      );
    }
  }

  /** A veil over everything, with the chosen photos drawn again above it. */
  #paintFound(density) {
    const context = this.#context;
    context.globalAlpha = 0.86;
    context.fillStyle = this.#colours.paper;
    context.fillRect(0, 0, this.#width, this.#height);
    context.globalAlpha = 1;
    const close = this.cell * density > CLOSE;
    const level = this.#sheet.level(this.cell * density);
    const [across, down] = this.#sheet.blockSize.map((cells) => cells * 2 ** level);
    const seen = [];
    for (const photo of this.found) {
      const [column, row] = [this.#sheet.column[photo], this.#sheet.row[photo]];
      const [left, top] = [this.#left(column), this.#top(row)];
      const [width, height] = [this.cell, this.cell * ASPECT];
      if (left + width < 0 || top + height < 0 || left > this.#width || top > this.#height) continue;
      seen.push(photo);
      const [x, y] = [Math.floor(column / across), Math.floor(row / down)];
      const shown = this.#sheet.block(level, x, y);
      if (!shown) continue;
      const [cutWidth, cutHeight] = [shown.width / across, shown.height / down];
      context.drawImage(
        shown.picture,
        shown.x + (column - x * across) * cutWidth, shown.y + (row - y * down) * cutHeight,
        cutWidth, cutHeight, left, top, width, height,
      );
    }
    if (close) this.#paintPictures(seen);
  }

  /** The type of all chosen photos, if they have one type. */
  #onlyType() {
    const types = new Set(this.found.map((photo) => this.#sheet.type[photo]));
    return types.size === 1 ? [...types][0] : null;
  }

  #outline(photo, width, colour) {
    const context = this.#context;
    context.lineWidth = width;
    context.strokeStyle = this.#colours[colour];
    context.strokeRect(
      this.#left(this.#sheet.column[photo]), this.#top(this.#sheet.row[photo]),
      this.cell, this.cell * ASPECT,
    );
  }

  /** A mark at the photo that Enter opens. */
  #cross() {
    const context = this.#context;
    const [x, y] = [this.#width / 2, this.#height / 2];
    for (const [width, colour] of [[5, "paper"], [2, "ink"]]) {
      context.lineWidth = width;
      context.strokeStyle = this.#colours[colour];
      context.beginPath();
      context.moveTo(x - 9, y);
      context.lineTo(x + 9, y);
      context.moveTo(x, y - 9);
      context.lineTo(x, y + 9);
      context.stroke();
    }
  }
}
