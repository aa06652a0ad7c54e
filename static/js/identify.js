// The page on which a visitor shows a picture: brings it to the worker, and the answers to the page.

import { Answer } from "./identify-answer.js";
import { Frames } from "./identify-frames.js";

const page = document.querySelector("[data-identify]");
const part = (selector) => page.querySelector(selector);
const { root, home, compare } = page.dataset;
const address = (path) => new URL(path, location.href).href;

let worker; // started with the first picture, or as soon as it costs nothing
let answer; // a promise of the Answer, which needs the index of types
let picture = 0; // the number of the picture that is shown
let job = 0; // the number of the last question asked
let busy = false; // whether a question waits for its answer
let next; // the box to ask about when it is answered
let last; // the file that is shown, for another try

const frames = new Frames(part(".easel"), part(".frame-template"), part(".choices"), look);

/** Take a file or a blob as the picture, whatever it is. */
function show(blob) {
  last = blob;
  picture += 1;
  next = undefined;
  busy = false;
  fail("");
  start();
  worker?.postMessage({ kind: "picture", picture, blob });
}

function start() {
  answer ??= fetch(page.dataset.types)
    .then((response) => (response.ok ? response.json() : Promise.reject(response.status)))
    .then((index) => new Answer(part, index, { root, home, compare }));
  answer.catch(() => (answer = undefined));
  if (!worker) {
    try {
      worker = new Worker(page.dataset.worker, { type: "module" });
    } catch {
      fail("worker");
      return;
    }
    worker.onmessage = hear;
    worker.onerror = (event) => {
      event.preventDefault?.();
      worker = undefined;
      fail("worker");
    };
  }
  const scripts = page.dataset.scripts.trim().split(/\s+/);
  worker.postMessage({
    kind: "start",
    recogniser: address(page.dataset.recogniser),
    root: address(root || "./"),
    keep: [...scripts, page.dataset.types.slice(root.length)],
  });
}

const hearing = {
  progress({ received, total }) {
    const fetching = part(".fetching");
    fetching.hidden = received >= total;
    fetching.querySelector("progress").value = received / total;
    const unit = new Intl.NumberFormat(document.documentElement.lang, {
      style: "unit",
      unit: "megabyte",
      minimumFractionDigits: 1,
      maximumFractionDigits: 1,
    });
    part(".amount").textContent = [received, total].map((bytes) => unit.format(bytes / 1e6)).join(" / ");
  },

  ready() {
    part(".fetching").hidden = true;
    page.dataset.ready = "";
  },

  picture({ width, height, preview }) {
    const canvas = part(".shown canvas");
    canvas.width = preview.width;
    canvas.height = preview.height;
    canvas.getContext("2d").drawImage(preview, 0, 0);
    preview.close();
    part(".easel").style.aspectRatio = `${width} / ${height}`;
    part(".easel").style.setProperty("--ratio", width / height);
    part(".shown").hidden = false;
    page.classList.add("has-picture");
    frames.show([], width, height);
  },

  found({ frames: boxes }) {
    frames.show(boxes, ...frames.size);
  },

  async answer(message) {
    const shown = await answer;
    if (message.picture !== picture || message.job < job) return settle();
    shown.show(message);
    page.dataset.answered = message.job;
    page.dispatchEvent(new CustomEvent("answer", { detail: message }));
    return settle();
  },

  async pictures(message) {
    const shown = await answer;
    if (message.picture === picture) shown.illustrate(message.pictures);
  },

  failed({ reason, during, picture: about }) {
    part(".fetching").hidden = true;
    busy = false;
    if (during !== "start" && about !== picture) return;
    fail(reason);
  },
};

function hear({ data: message }) {
  const late = message.picture !== undefined && message.picture !== picture;
  if (!late || message.kind === "answer") {
    Promise.resolve(hearing[message.kind]?.(message)).catch(() => fail("connection"));
  } else if (message.preview) {
    message.preview.close();
  }
}

/** Ask about a box; while a question is open only the last one after it is kept. */
function look(box) {
  if (!box) return;
  if (busy) {
    next = box;
    return;
  }
  busy = true;
  worker.postMessage({ kind: "look", picture, box, job: ++job });
}

function settle() {
  busy = false;
  const box = next;
  next = undefined;
  if (box) look(box);
}

/** Say what went wrong, and how to go on; "" takes it back. */
function fail(reason) {
  const place = part(".failure");
  const reasons = part(".reasons").content;
  const text = reasons.querySelector(`[data-reason="${CSS.escape(reason)}"]`);
  place.hidden = !text;
  place.replaceChildren();
  if (!text) return;
  place.append(text.textContent);
  if (["connection", "missing", "memory", "recogniser"].includes(reason) && last) {
    const again = part(".again").content.firstElementChild.cloneNode(true);
    again.addEventListener("click", () => show(last));
    place.append(" ", again);
  }
  if (["webassembly", "worker", "recogniser"].includes(reason)) {
    place.append(" ", part(".elsewhere").content.firstElementChild.cloneNode(true));
  }
}

/** The first picture among what was pasted or dropped; else whatever file there is. */
function fileIn(transfer) {
  const files = [...(transfer?.files ?? [])];
  return files.find((file) => file.type.startsWith("image/")) ?? files[0];
}

document.addEventListener("paste", (event) => {
  const file = fileIn(event.clipboardData);
  if (file) show(file);
  else fail("nothing");
});

document.addEventListener("dragover", (event) => {
  if (![...event.dataTransfer.types].includes("Files")) return;
  event.preventDefault();
  page.classList.add("over");
});
document.addEventListener("dragleave", (event) => {
  if (!event.relatedTarget) page.classList.remove("over");
});
document.addEventListener("drop", (event) => {
  page.classList.remove("over");
  const file = fileIn(event.dataTransfer);
  if (!file) return;
  event.preventDefault();
  show(file);
});

for (const input of page.querySelectorAll('input[type="file"]')) {
  input.addEventListener("change", () => {
    if (input.files.length) show(input.files[0]);
    input.value = "";
  });
}

const paste = part("button.paste");
paste.hidden = !navigator.clipboard?.read;
paste.addEventListener("click", async () => {
  let items;
  try {
    items = await navigator.clipboard.read();
  } catch {
    fail("forbidden");
    return;
  }
  for (const item of items) {
    const type = item.types.find((one) => one.startsWith("image/"));
    if (type) {
      show(await item.getType(type));
      return;
    }
  }
  fail("nothing");
});

part(".add").addEventListener("click", () => frames.add());
part(".whole").addEventListener("click", () => frames.widen());
addEventListener("online", () => {
  if (!part(".failure").hidden && last && !("answered" in page.dataset)) show(last);
});

// What another app shared with this one: the service worker laid it there (static/worker/sw.js).
if (new URLSearchParams(location.search).has("shared") && "caches" in window) {
  const place = address(`${root}shared-picture`);
  caches
    .open("bollards-shared")
    .then(async (store) => {
      const found = await store.match(place);
      await store.delete(place);
      history.replaceState(null, "", "./");
      if (found) show(await found.blob());
    })
    .catch(() => fail("recogniser"));
}

// Where the recogniser has been fetched before, it is made ready while the visitor looks for a picture.
if ("caches" in window) {
  caches
    .match(address(page.dataset.recogniser))
    .then((kept) => kept && start())
    .catch(() => {});
}
