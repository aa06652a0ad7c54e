// The part of the world map that is seen: moved and zoomed by mouse, pen, fingers, wheel and keys.
//
// A box is [left, top, width, height] in the units of the map. The box that is shown always has the
// shape of the element, so that a point on the screen is a point of the map by one factor.

const NEAREST = 320; // map units across; the outlines are not drawn for more
const TAP = 6; // px; a hand is never quite still
export const STEP = 1.8;
const FLIGHT = 350; // ms

const still = matchMedia("(prefers-reduced-motion: reduce)");

/** A number that the wheel turns the scale by; lines and pages of some mice are made pixels. */
const turned = ({ deltaMode, deltaY }) => {
  const turn = deltaY * (deltaMode === 1 ? 18 : deltaMode === 2 ? 300 : 1);
  return Math.exp(Math.max(-40, Math.min(40, turn)) * 0.01);
};

export class AtlasView {
  #svg;
  #whole;
  #wish;
  #drawn;
  #moved;
  #flying = 0;
  #down = new Map();

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

  /** Show all of a part of the map, and what else there is room for. */
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
      // The width in equal ratios, as an eye that comes nearer sees it, and all else along with it.
      const width = from[2] * (goal[2] / from[2]) ** way;
      const share = Math.abs(goal[2] - from[2]) < 1 ? way : (width - from[2]) / (goal[2] - from[2]);
      this.#draw(goal.map((value, place) => from[place] + (value - from[place]) * share));
      if (time < 1) this.#flying = requestAnimationFrame(frame);
    };
    this.#flying = requestAnimationFrame(frame);
  }

  /** What is shown, or is soon. */
  get goal() {
    return this.#fitted(this.#wish);
  }

  get isNearest() {
    return this.goal[2] < NEAREST * 1.001;
  }

  /** Whether all that there is fits into what is seen, or soon will. */
  get isWhole() {
    return this.goal[2] > this.#widest * 0.999;
  }

  /** Come nearer by a factor, around a point on the screen or the middle. */
  zoom(factor, point, fly = true) {
    // Steps that follow quickly add up, though the first is still on its way.
    const [left, top, width, height] = fly ? this.goal : this.box;
    const wanted = Math.max(NEAREST, Math.min(this.#widest, width / factor));
    const [x, y] = point ? this.#at(point) : [left + width / 2, top + height / 2];
    const share = wanted / width;
    this.#choose([x - (x - left) * share, y - (y - top) * share, wanted, height * share], fly);
  }

  /** Bring a place into sight that may lie outside. */
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

  /** The width at which all of the map is seen. */
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

  /** A box moved so that it does not go beyond the ends of the world. */
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

  #at({ clientX, clientY }) {
    const { left, top, width } = this.#svg.getBoundingClientRect();
    const unit = this.box[2] / width;
    return [this.box[0] + (clientX - left) * unit, this.box[1] + (clientY - top) * unit];
  }

  #listen() {
    const svg = this.#svg;
    const down = this.#down;
    let travelled = 0;
    const span = () => {
      const [a, b] = [...down.values()];
      const middle = { clientX: (a.clientX + b.clientX) / 2, clientY: (a.clientY + b.clientY) / 2 };
      return { ...middle, length: Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY) || 1 };
    };
    const pan = (from, to) => {
      const unit = this.box[2] / svg.getBoundingClientRect().width;
      const [left, top, width, height] = this.box;
      const [x, y] = [left - (to.clientX - from.clientX) * unit, top - (to.clientY - from.clientY) * unit];
      this.#choose([x, y, width, height]);
    };

    svg.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      if (!down.size) travelled = 0;
      down.set(event.pointerId, event);
      cancelAnimationFrame(this.#flying);
    });
    svg.addEventListener("pointermove", (event) => {
      const before = down.get(event.pointerId);
      if (!before || down.size > 2) return;
      const pinched = down.size === 2 && span();
      const way = Math.hypot(event.clientX - before.clientX, event.clientY - before.clientY);
      travelled = pinched ? TAP : Math.max(travelled, way);
      if (travelled < TAP) return;
      // Captured now and not before, since a captured tap would not be a click on a country.
      svg.setPointerCapture(event.pointerId);
      down.set(event.pointerId, event);
      if (!pinched) {
        pan(before, event);
        return;
      }
      const now = span();
      pan(pinched, now);
      this.zoom(now.length / pinched.length, now, false);
    });
    for (const end of ["pointerup", "pointercancel"]) {
      svg.addEventListener(end, (event) => down.delete(event.pointerId));
    }
    // Two fingers are for the map, even where the page scrolls under one.
    svg.addEventListener(
      "touchmove",
      (event) => {
        if (event.touches.length > 1 && event.cancelable) event.preventDefault();
      },
      { passive: false },
    );
    // What ends a drag chooses no country, and a link is not dragged away.
    svg.addEventListener(
      "click",
      (event) => {
        if (travelled < TAP || !event.detail) return;
        event.preventDefault();
        event.stopImmediatePropagation();
      },
      true,
    );
    svg.addEventListener("dragstart", (event) => event.preventDefault());
    // The wheel alone scrolls the page; a pinch on a touchpad arrives as a wheel with Ctrl.
    svg.addEventListener(
      "wheel",
      (event) => {
        if (!event.ctrlKey && !event.metaKey) return;
        event.preventDefault();
        this.zoom(1 / turned(event), event, false);
      },
      { passive: false },
    );
    svg.addEventListener("keydown", (event) => {
      if (event.altKey || event.ctrlKey || event.metaKey) return;
      const factor = { "+": STEP, "=": STEP, "-": 1 / STEP, "−": 1 / STEP, 0: 1e-9 }[event.key];
      if (!factor) return;
      event.preventDefault();
      const dot = event.target.closest("a")?.querySelector("circle").getBoundingClientRect();
      const middle = dot && { clientX: (dot.left + dot.right) / 2, clientY: (dot.top + dot.bottom) / 2 };
      this.zoom(factor, middle);
    });
  }
}
