// Lets the site work without network: starts its service worker, and tells it what this page is
// made of. Whatever fails here, the page itself is not touched.

const root = new URL("../", import.meta.url).href;
// `bollards serve` rebuilds while its owner edits: nothing must be kept there.
const isServed = document.querySelector('script[src^="/_bollards/"]');

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
        plates: !navigator.connection?.saveData,
      });
    } catch {
      // It is kept another time.
    }
  };

  addEventListener("load", () => {
    // No storage, a private window, a host without sw.js: the site works, with network.
    serviceWorker.register(`${root}sw.js`, { updateViaCache: "none" }).then(tell, () => {});
  });
  // The worker of a new build starts with empty hands.
  serviceWorker.addEventListener("controllerchange", tell);
}

// The page that is shown in place of one that was not kept.
const again = document.querySelector("[data-again]");
if (again) {
  const from = new URL(new URLSearchParams(location.search).get("from") ?? "", root).href;
  if (from.startsWith(root)) {
    again.href = from;
    addEventListener("online", () => location.replace(from));
  }
}
