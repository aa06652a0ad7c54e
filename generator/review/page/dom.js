// Makes elements from data. Text is always inserted as text, never as markup.

/** An element with attributes (functions are listeners, true and false are flags) and children. */
export function el(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(name, value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(name, value);
  }
  made.append(...children.flat(Infinity).filter((one) => one !== null && one !== undefined && one !== false));
  return made;
}

export const $ = (id) => document.getElementById(id);

/** A button with its label and its key. */
export function button(words, key, click, attributes = {}) {
  return el("button", { type: "button", click, ...attributes }, words, key ? [" ", el("kbd", {}, key)] : null);
}

/** Whether typed text goes into a field. */
export function isTyping() {
  const focus = document.activeElement;
  return focus?.matches?.("textarea, select, input:not([type=checkbox])") ?? false;
}

/** Show a dialog, and give the focus back when it closes. */
export function openDialog(dialog) {
  const before = document.activeElement;
  const focused = before?.dataset?.photo;
  dialog.addEventListener(
    "close",
    () => {
      if (before?.isConnected) before.focus();
      else if (focused) document.querySelector(`[data-photo="${CSS.escape(focused)}"]`)?.focus();
      if (document.activeElement === document.body) $("bench").focus();
    },
    { once: true },
  );
  dialog.showModal();
}

for (const dialog of document.querySelectorAll("dialog")) {
  dialog.addEventListener("click", (event) => {
    // A click outside of the dialog, or on its button, closes it.
    if (event.target === dialog || event.target.closest("[data-close]")) dialog.close("");
  });
}
