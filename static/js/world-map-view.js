// The visible part of the world map, moved and zoomed by mouse, pen, fingers, wheel and keys.
//
// A box is [left, top, width, height] in the units of the map. The box that is shown always has the
// shape of the element, so that a point on the screen is a point of the map by one factor.

import { panZoom } from "./pan-zoom.js";

const NEAREST = 320; // the least width in map units; the outlines are not made for more zoom
export const STEP = 1.8;
const FLIGHT = 350; // ms

const still = matchMedia("(prefers-reduced-motion: reduce)");

export class WorldMapView {
  #svg;
  #whole;
  #wish;
  #drawn;
  #moved;
  #flying = 0;

  /**
   * @param {SVGSVGElement} svg the map
   * @param {{drawn: (unit: number) => void, moved: () => void}} tell `drawn` is called with the map
   *   units of a pixel whenever the view has changed, `moved` when it was the visitor who changed it
   */
  constructor(svg, { drawn, moved }) {
    this.#svg = svg;
    this.#whole = svg.getAttribute("viewBox").split(" ").map(Number);
    this.box = this.#wish = this.#whole;
    this.#drawn = drawn;
    this.#moved = moved;
    new ResizeObserver(() => this.#draw(this.goal)).observe(svg);
    this.#listen();
  }

  /** Show a part of the map completely, and whatever else fits. */
  show(box, fly = true) {
    this.#wish = box;
    const { goal } = this;
    cancelAnimationFrame(this.#flying);
    const from = this.box;
    if (!fly || still.matches || goal.every((value, place) => Math.abs(value - from[place]) < 1)) {
      this.#draw(goal);
      return;
    }
    const start = performance.now();
    const frame = (now) => {
      const time = Math.max(0, Math.min(1, (now - start) / FLIGHT));
      const way = time * time * (3 - 2 * time);
      // The width changes in equal ratios, as for an approaching eye, and everything else with it.
      const width = from[2] * (goal[2] / from[2]) ** way;
      const share = Math.abs(goal[2] - from[2]) < 1 ? way : (width - from[2]) / (goal[2] - from[2]);
      this.#draw(goal.map((value, place) => from[place] + (value - from[place]) * share));
      if (time < 1) this.#flying = requestAnimationFrame(frame);
    };
    this.#flying = requestAnimationFrame(frame);
  }

  /** The box that is shown, or will be after the movement. */
  get goal() {
    return this.#fitted(this.#wish);
  }

  get isNearest() {
    return this.goal[2] < NEAREST * 1.001;
  }

  /** Whether the whole map is visible, or will be after the movement. */
  get isWhole() {
    return this.goal[2] > this.#widest * 0.999;
  }

  /** Zoom in by a factor, around a point of the element in px, or around the middle. */
  zoom(factor, point, fly = true) {
    // Quick steps add up, even while the first one is still moving.
    const [left, top, width, height] = fly ? this.goal : this.box;
    const wanted = Math.max(NEAREST, Math.min(this.#widest, width / factor));
    const [x, y] = point ? this.#at(point) : [left + width / 2, top + height / 2];
    const share = wanted / width;
    this.#choose([x - (x - left) * share, y - (y - top) * share, wanted, height * share], fly);
  }

  /** Bring a position into view. */
  reveal({ x, y }) {
    const [left, top, width, height] = this.box;
    const [east, south] = [x - left - width / 2, y - top - height / 2];
    const away = Math.abs(east) > 0.46 * width || Math.abs(south) > 0.46 * height;
    if (away) this.#choose([x - width / 2, y - height / 2, width, height]);
  }

  #choose(box, fly = false) {
    const before = this.goal;
    this.show(this.#within(box), fly);
    if (this.goal.some((value, place) => Math.abs(value - before[place]) > 0.1)) this.#moved();
  }

  /** The width at which the whole map is visible. */
  get #widest() {
    const [, , width, height] = this.#whole;
    return Math.max(width, height * this.#ratio);
  }

  get #ratio() {
    const { clientWidth, clientHeight } = this.#svg;
    return clientWidth && clientHeight ? clientWidth / clientHeight : this.#whole[2] / this.#whole[3];
  }

  /** A box grown to the shape of the element. */
  #fitted([left, top, width, height]) {
    const wide = Math.max(NEAREST, Math.min(this.#widest, Math.max(width, height * this.#ratio)));
    const high = wide / this.#ratio;
    return this.#within([left + (width - wide) / 2, top + (height - high) / 2, wide, high]);
  }

  /** A box moved to within the map. */
  #within([left, top, width, height]) {
    const [west, north, wide, high] = this.#whole;
    const held = (start, length, first, all) =>
      length >= all ? first + (all - length) / 2 : Math.max(first, Math.min(first + all - length, start));
    return [held(left, width, west, wide), held(top, height, north, high), width, height];
  }

  #draw(box) {
    this.box = box;
    this.#svg.setAttribute("viewBox", box.map((value) => value.toFixed(1)).join(" "));
    // The page scrolls under a finger until there is something to move.
    this.#svg.classList.toggle("near", !this.isWhole);
    this.#drawn(box[2] / (this.#svg.clientWidth || 900));
  }

  /** A point of the map from a point of the element in px. */
  #at({ x, y }) {
    const unit = this.#unit;
    return [this.box[0] + x * unit, this.box[1] + y * unit];
  }

  /** Map units of a px. */
  get #unit() {
    return this.box[2] / this.#svg.getBoundingClientRect().width;
  }

  #pan(dx, dy) {
    const [left, top, width, height] = this.box;
    this.#choose([left - dx * this.#unit, top - dy * this.#unit, width, height]);
  }

  #listen() {
    const svg = this.#svg;
    const wasMoved = panZoom(svg, {
      pan: (dx, dy) => this.#pan(dx, dy),
      zoom: (factor, at) => this.zoom(factor, at, false),
      grabbed: () => cancelAnimationFrame(this.#flying),
      // The wheel alone scrolls the page.
      ownsWheel: ({ ctrlKey, metaKey }) => ctrlKey || metaKey,
    });
    // Two fingers move the map, even if one finger scrolls the page.
    svg.addEventListener(
      "touchmove",
      (event) => {
        if (event.touches.length > 1 && event.cancelable) event.preventDefault();
      },
      { passive: false },
    );
    // The end of a drag chooses no country, and links cannot be dragged.
    svg.addEventListener(
      "click",
      (event) => {
        if (!wasMoved() || !event.detail) return;
        event.preventDefault();
        event.stopImmediatePropagation();
      },
      true,
    );
    svg.addEventListener("dragstart", (event) => event.preventDefault());
    svg.addEventListener("keydown", (event) => {
      if (event.altKey || event.ctrlKey || event.metaKey) return;
      const factor = { "+": STEP, "=": STEP, "-": 1 / STEP, "−": 1 / STEP, 0: 1e-9 }[event.key];
      if (!factor) return;
      event.preventDefault();
      const dot = event.target.closest("a")?.querySelector("circle").getBoundingClientRect();
      const map = dot && svg.getBoundingClientRect();
      const middle = dot && {
        x: (dot.left + dot.right) / 2 - map.left,
        y: (dot.top + dot.bottom) / 2 - map.top,
      };
      this.zoom(factor, middle);
    });
  }
}
