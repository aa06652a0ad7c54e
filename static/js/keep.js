// Keeps whole parts of the site for use without a network, when the visitor asks for it: pages of
// types and countries with their pictures, and the quiz. They are in a cache of their own, which the
// service worker reads. What is there already is never fetched again: files by their names, which
// change with their content, and pages by their digests (offline.json, see
// generator/publish/offline.py).

const KEPT = "bollards-kept";
const FILES = "bollards-files"; // the service worker's own
const AT_ONCE = 4;

const root = new URL("../", import.meta.url).href;
const NAME = `bollards-kept ${new URL(root).pathname}`;
const urlOf = (path) => new URL(path, root).href;

/** What is kept: `{sets: {EU: {bytes, prefix}}, build}`; `build` is "" while something is missing. */
export const kept = () => {
  try {
    return { sets: {}, build: "", ...JSON.parse(localStorage.getItem(NAME) ?? "{}") };
  } catch {
    return { sets: {}, build: "" };
  }
};

const note = (state) => {
  if (Object.keys(state.sets).length) localStorage.setItem(NAME, JSON.stringify(state));
  else localStorage.removeItem(NAME);
};

export const plan = async () => {
  const response = await fetch(urlOf("offline.json"), { cache: "no-cache" });
  if (!response.ok) throw new Error(`offline.json: ${response.status}`);
  return response.json();
};

/** The addresses of a set with their bytes, and with their digests if they are pages. */
const wanted = (all, set, prefix) => {
  const { pages, files } = all.sets[set] ?? { pages: [], files: [] };
  // Pictures may be on another host.
  const at = (path) => (path.startsWith("pictures/") && all.pictures ? all.pictures + path : urlOf(path));
  const found = new Map(files.map((path) => [at(path), { bytes: all.files[path] }]));
  for (const page of pages) {
    const known = all.pages[prefix + page];
    if (known) found.set(urlOf(prefix + page), { digest: known[0], bytes: known[1], path: prefix + page });
  }
  return found;
};

const sum = (found) => [...found.values()].reduce((bytes, one) => bytes + one.bytes, 0);

export const sizeOf = (all, set, prefix) => sum(wanted(all, set, prefix));

/** Whether the browser can keep anything here: not in a private window of some, nor without TLS. */
export const canKeep = () => "caches" in window && "serviceWorker" in navigator && Boolean(crypto.subtle);

/** Whether this is `bollards serve`, whose pages have more in them and no service worker. */
export const isPreview = () => Boolean(document.querySelector('script[src^="/_bollards/"]'));

const allWanted = (all, state) => {
  const found = new Map();
  for (const [set, { prefix }] of Object.entries(state.sets)) {
    for (const [url, one] of wanted(all, set, prefix)) found.set(url, one);
  }
  return found;
};

const isThere = async (store, url, digest) => {
  const found = await store.match(url);
  return Boolean(found) && (!digest || found.headers.get("x-kept") === digest);
};

const digestOf = async (path, body) => {
  const name = new TextEncoder().encode(!path || path.endsWith("/") ? `${path}index.html` : path);
  const whole = new Uint8Array(name.length + 1 + body.byteLength);
  whole.set(name);
  whole.set(new Uint8Array(body), name.length + 1);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", whole));
  return [...digest.subarray(0, 6)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
};

const bring = async (store, url, { digest, path }, signal) => {
  const near = digest ? undefined : await caches.match(url, { cacheName: FILES });
  // A page must not be an old one from the browser's own cache.
  const mine = url.startsWith(root) ? { headers: { "x-keep": "1" } } : { credentials: "omit" };
  const response = near ?? (await fetch(url, { ...mine, cache: digest ? "no-cache" : "default", signal }));
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  const headers = { "Content-Type": response.headers.get("Content-Type") ?? "" };
  const body = await response.arrayBuffer();
  if (digest) {
    // While a new build is being uploaded, pages and list may differ.
    if ((await digestOf(path, body)) !== digest) throw new Error(`${url}: of another build`);
    headers["x-kept"] = digest;
  }
  await store.put(url, new Response(body, { headers }));
};

/**
 * Fetch what is missing of all kept sets, and drop what no set has. `progress(done, total)` in bytes.
 *
 * Throws if something could not be fetched; what was fetched stays, so that it goes on from there.
 */
export const update = async (all, progress = () => {}, signal = undefined) => {
  const state = kept();
  const found = allWanted(all, state);
  const total = sum(found);
  const store = await caches.open(KEPT);
  for (const { url } of await store.keys()) if (!found.has(url)) await store.delete(url);
  const missing = [];
  let done = 0;
  for (const [url, one] of found) {
    if (await isThere(store, url, one.digest)) done += one.bytes;
    else missing.push([url, one]);
  }
  progress(done, total);
  let failure;
  const work = async () => {
    while (missing.length && !failure && !signal?.aborted) {
      const [url, one] = missing.shift();
      try {
        await bring(store, url, one, signal);
        progress((done += one.bytes), total);
      } catch (error) {
        failure ??= error;
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  if (failure) throw failure;
  if (!signal?.aborted) note({ ...state, build: all.build });
};

/** Note that a set is to be kept; `update` fetches it. */
export const add = (all, set, prefix) => {
  const state = kept();
  state.sets[set] = { bytes: sizeOf(all, set, prefix), prefix };
  note({ ...state, build: "" });
};

/** Give a set up, and drop what only it has. */
export const remove = async (all, set) => {
  const state = kept();
  delete state.sets[set];
  note(state);
  if (!Object.keys(state.sets).length) await caches.delete(KEPT);
  // Without a network there is no list; then the next update drops it.
  else if (all) {
    const found = allWanted(all, state);
    const store = await caches.open(KEPT);
    for (const { url } of await store.keys()) if (!found.has(url)) await store.delete(url);
  }
};

/** After a new build: bring what was kept up to date, without a word. */
export const follow = async () => {
  const state = kept();
  if (!state.build || navigator.connection?.saveData) return;
  const all = await plan();
  if (all.build !== state.build) await update(all);
};
