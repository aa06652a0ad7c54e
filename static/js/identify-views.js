// The earlier pictures of the same bollard, each with a button that removes it.

export class Views {
  /** `list` holds them; `template` is one; `forgot(number)` is called with the one that is removed. */
  constructor(list, template, forgot) {
    Object.assign(this, { list, template, forgot });
  }

  /** Add the picture on this canvas. */
  keep(canvas) {
    const item = this.template.content.firstElementChild.cloneNode(true);
    const copy = item.querySelector("canvas");
    copy.width = canvas.width;
    copy.height = canvas.height;
    copy.getContext("2d").drawImage(canvas, 0, 0);
    item.querySelector("button").addEventListener("click", () => this.remove(item));
    this.list.append(item);
    this.name();
  }

  get length() {
    return this.list.children.length;
  }

  clear() {
    this.list.replaceChildren();
    this.name();
  }

  remove(item) {
    const place = [...this.list.children].indexOf(item);
    item.remove();
    this.name();
    (this.list.querySelectorAll("button")[place] ?? this.list.querySelector("button"))?.focus();
    this.forgot(place);
  }

  /** Number the pictures, so that each has a distinct name. */
  name() {
    [...this.list.children].forEach((item, place) => {
      for (const one of item.querySelectorAll("[data-text]")) {
        one.setAttribute("aria-label", one.dataset.text.replace("{number}", place + 1));
      }
    });
    this.list.hidden = !this.length;
  }
}
