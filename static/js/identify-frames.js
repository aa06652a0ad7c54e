// Frames on a picture: drawn, moved and resized by mouse, finger and keyboard. One is chosen.

const LEAST = 12; // px of the screen: a smaller drag is a slip of the hand
const STEP = 0.02; // the step of an arrow key, as a share of the picture's shorter side

/**
 * `sheet` holds the picture; `template` is a frame's element; `changed(box)` is called with the chosen
 * frame, [left, top, right, bottom] in whole pixels of the picture, whenever it changes.
 */
export class Frames {
  constructor(sheet, template, choices, changed) {
    Object.assign(this, { sheet, template, choices, changed });
    this.frames = [];
    this.chosen = 0;
    sheet.addEventListener("pointerdown", (event) => this.grasp(event));
    sheet.addEventListener("keydown", (event) => this.press(event));
    sheet.addEventListener("focusin", (event) => {
      const place = this.frames.findIndex(({ element }) => element === event.target);
      if (place >= 0 && place !== this.chosen) this.choose(place);
    });
  }

  /** Start again with these boxes on a picture of this size; the first is chosen. */
  show(boxes, width, height) {
    this.size = [width, height];
    for (const { element } of this.frames) element.remove();
    this.frames = [];
    for (const box of boxes) this.append(box);
    this.choose(0);
  }

  get box() {
    return this.frames[this.chosen]?.box;
  }

  /** Add a frame in the middle and choose it. */
  add() {
    const [width, height] = this.size;
    const high = 0.5 * height;
    const wide = Math.min(0.8 * width, high / 2);
    const [x, y] = [width / 2, height / 2];
    this.append([x - wide / 2, y - high / 2, x + wide / 2, y + high / 2]);
    this.choose(this.frames.length - 1);
    this.frames[this.chosen].element.focus({ preventScroll: true });
  }

  /** Put the chosen frame around the whole picture. */
  widen() {
    this.place([0, 0, ...this.size]);
  }

  append(box) {
    const element = this.template.content.firstElementChild.cloneNode(true);
    const text = element.dataset.text.replace("{number}", this.frames.length + 1);
    element.setAttribute("aria-label", text);
    this.sheet.append(element);
    this.frames.push({ element, box });
    this.draw(this.frames.at(-1));
  }

  choose(place) {
    this.chosen = place;
    this.frames.forEach(({ element }, other) => element.classList.toggle("chosen", other === place));
    this.choices.replaceChildren(
      ...(this.frames.length < 2 ? [] : this.frames).map(({ element }, other) => {
        const button = document.createElement("button");
        button.type = "button";
        button.textContent = other + 1;
        button.setAttribute("aria-label", element.getAttribute("aria-label"));
        button.setAttribute("aria-pressed", String(other === place));
        button.addEventListener("click", () => {
          this.choose(other);
          this.choices.children[other]?.focus();
        });
        return button;
      }),
    );
    this.changed(this.box);
  }

  remove() {
    if (this.frames.length < 2) return;
    this.frames.splice(this.chosen, 1)[0].element.remove();
    this.choose(Math.max(0, this.chosen - 1));
    this.frames[this.chosen].element.focus();
  }

  /** Put the chosen frame there, within the picture and in whole pixels. */
  place(box) {
    const frame = this.frames[this.chosen];
    frame.box = this.within(box);
    this.draw(frame);
    this.changed(frame.box);
  }

  within([left, top, right, bottom]) {
    const [width, height] = this.size;
    const [x0, x1] = [Math.min(left, right), Math.max(left, right)].map((x) => clamp(x, width));
    const [y0, y1] = [Math.min(top, bottom), Math.max(top, bottom)].map((y) => clamp(y, height));
    // At least one pixel, also at the border.
    const [a, b] = [Math.min(x0, width - 1), Math.min(y0, height - 1)];
    return [a, b, Math.max(x1, a + 1), Math.max(y1, b + 1)];
  }

  draw({ element, box }) {
    const [width, height] = this.size;
    const [left, top, right, bottom] = box;
    element.style.left = `${(100 * left) / width}%`;
    element.style.top = `${(100 * top) / height}%`;
    element.style.width = `${(100 * (right - left)) / width}%`;
    element.style.height = `${(100 * (bottom - top)) / height}%`;
  }

  isWhole(box) {
    const [width, height] = this.size;
    return box[2] - box[0] > 0.97 * width && box[3] - box[1] > 0.97 * height;
  }

  grasp(event) {
    if (event.button || !this.size) return;
    const [width, height] = this.size;
    const area = this.sheet.getBoundingClientRect();
    const scale = width / area.width;
    const at = ({ clientX, clientY }) => [
      (clientX - area.left) * scale,
      ((clientY - area.top) * height) / area.height,
    ];
    const element = event.target.closest(".frame");
    const place = this.frames.findIndex((frame) => frame.element === element);
    if (place >= 0 && place !== this.chosen && !this.isWhole(this.frames[place].box)) {
      this.choose(place);
    }
    const begin = at(event);
    const before = this.box;
    const edges = event.target.dataset?.edges;
    // A frame around everything cannot be moved, so a drag in it draws a new one.
    const draws = !edges && (place < 0 || place !== this.chosen || this.isWhole(before));
    event.preventDefault();
    this.frames[this.chosen].element.focus({ preventScroll: true });
    this.sheet.setPointerCapture(event.pointerId);

    const drag = (moved) => {
      const [x, y] = at(moved);
      if (draws) {
        const far = Math.hypot(x - begin[0], y - begin[1]) / scale;
        this.place(far < LEAST ? before : [...begin, x, y]);
      } else if (edges) {
        this.place(resized(before, edges, x, y));
      } else {
        this.place(this.shifted(before, x - begin[0], y - begin[1]));
      }
    };
    const drop = () => {
      this.sheet.removeEventListener("pointermove", drag);
      this.sheet.removeEventListener("pointerup", drop);
      this.sheet.removeEventListener("pointercancel", drop);
    };
    this.sheet.addEventListener("pointermove", drag);
    this.sheet.addEventListener("pointerup", drop);
    this.sheet.addEventListener("pointercancel", drop);
  }

  /** Move it within the picture, without changing its size. */
  shifted([left, top, right, bottom], x, y) {
    const [width, height] = this.size;
    const across = Math.min(Math.max(x, -left), width - right);
    const down = Math.min(Math.max(y, -top), height - bottom);
    return [left + across, top + down, right + across, bottom + down];
  }

  press(event) {
    if (!event.target.matches(".frame") || event.ctrlKey || event.metaKey || event.altKey) return;
    const step = Math.max(1, STEP * Math.min(...this.size));
    const [left, top, right, bottom] = this.box;
    const ways = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    const way = ways[event.key]?.map((one) => one * step);
    if (way && event.shiftKey) this.place(resized(this.box, "br", right + way[0], bottom + way[1]));
    else if (way) this.place(this.shifted(this.box, ...way));
    else if (event.key === "+") this.place([left - step, top - step, right + step, bottom + step]);
    else if (event.key === "-") this.place([left + step, top + step, right - step, bottom - step]);
    else if (event.key === "Delete") this.remove();
    else return;
    event.preventDefault();
  }
}

function resized([left, top, right, bottom], edges, x, y) {
  return [
    edges.includes("l") ? x : left,
    edges.includes("t") ? y : top,
    edges.includes("r") ? x : right,
    edges.includes("b") ? y : bottom,
  ];
}

const clamp = (value, most) => Math.round(Math.min(Math.max(value, 0), most));
