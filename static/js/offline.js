// What every page does. Makes the site work without a network: starts its service worker, and tells
// it which files this page uses. A failure here does not affect the page.

const root = new URL("../", import.meta.url).href;
// `bollards serve` rebuilds while the owner edits, so nothing may be kept there.
const isServed = document.querySelector('script[src^="/_bollards/"]');

// What the visitor asked to keep, see keep.js; null without storage, or if there is nothing.
const keeps = (() => {
  try {
    return JSON.parse(localStorage.getItem(`bollards-kept ${new URL(root).pathname}`));
  } catch {
    return null;
  }
})();

// Browsers without this property show the menu from its start: bring the page's own entry into view.
if (!CSS.supports("scroll-initial-target: nearest")) {
  const entry = document.querySelector(".masthead nav [aria-current]");
  if (entry) entry.parentElement.scrollLeft = entry.offsetLeft - entry.parentElement.clientWidth / 2;
}

if ("serviceWorker" in navigator && !isServed) {
  const { serviceWorker } = navigator;

  const tell = async () => {
    try {
      const { active } = await serviceWorker.ready;
      const seen = performance.getEntriesByType("resource").map(({ name }) => name);
      active.postMessage({
        kind: "visited",
        page: location.href,
        seen: [...seen, import.meta.url],
        cards: !navigator.connection?.saveData,
      });
    } catch {
      // It is kept next time.
    }
  };

  addEventListener("load", () => {
    // Without storage, in a private window or without sw.js, the site still works online.
    serviceWorker.register(`${root}sw.js`, { updateViaCache: "none" }).then(tell, () => {});
  });
  // A new build: what the visitor asked to keep follows.
  if (keeps) addEventListener("load", () => import("./keep.js").then(({ follow }) => follow()).catch(() => {}));
  // The worker of a new build starts without any page.
  serviceWorker.addEventListener("controllerchange", tell);
}

// This page is shown instead of one that was not kept.
const again = document.querySelector("[data-again]");
if (again) {
  const path = new URLSearchParams(location.search).get("from");
  const from = new URL(path ?? "", root).href;
  if (path !== null && from.startsWith(root)) {
    again.href = from;
    // "online" may come before the network can be used. Anything that the host says is an answer.
    const back = () =>
      fetch(from, { method: "HEAD", cache: "no-store" }).then(() => location.replace(from), () => {});
    addEventListener("online", back);
    setInterval(() => document.hidden || back(), 3000);
  }
}

const list = document.querySelector(".kept");
if (list && keeps) {
  list.hidden = false;
  document.querySelector("[data-unkept]").hidden = true;
  for (const item of list.querySelectorAll("[data-set]")) item.hidden = !keeps.sets[item.dataset.set];
  list.querySelector("[data-partly]").hidden = Boolean(keeps.build);
}
