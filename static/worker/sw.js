// Keeps visited pages, the pictures of all types and the recogniser for use without a network.
// Pages come from the network first, and are kept only if this build lists them; files with a
// digest in their names come from the cache first. See generator/publish/offline.py.
//
// The first line of this file differs in each build. The new version fills its own store, and both
// replace the old ones together.

const SCOPE = new URL("./", self.location.href).href;
const VERSION = BUILD.pages.split(".").at(-2) + BUILD.lists.split(".").at(-2);
const PAGES = `bollards-pages-${VERSION}`;
const FILES = "bollards-files"; // the recogniser's scripts use this cache, too
const KEPT = "bollards-kept"; // what the visitor asked to keep, see static/js/keep.js
const SHARED = "bollards-shared";
const MOST_PAGES = 400;
const MOST_FILES = 4000;
const PATIENCE = 6000; // ms to wait for a page before a kept copy is shown

// Pictures may be on another host.
const AWAY = BUILD.pictures ?? SCOPE;
let answers = true; // whether that host lets this site read its pictures (CORS), as far as known

const urlOf = (path) => new URL(path, path.startsWith("pictures/") ? AWAY : SCOPE).href;
const isPicture = (url) => url.startsWith(`${AWAY}pictures/`);
const isOurs = (url) => url.startsWith(SCOPE) || isPicture(url);
const pathOf = (url) => {
  const { pathname } = new URL(url);
  return decodeURI(pathname.slice(new URL(isPicture(url) ? AWAY : SCOPE).pathname.length));
};

self.addEventListener("install", (event) => {
  event.waitUntil(settleIn().then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(takeOver().then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (!isOurs(request.url)) return;
  const path = pathOf(request.url);
  if (request.method === "POST" && path === "identify/") event.respondWith(share(request));
  if (request.method !== "GET" || request.headers.has("range")) return;
  // keep.js puts it elsewhere. Only it asks for pictures of another host by script.
  if (request.headers.has("x-keep")) return;
  if (AWAY !== SCOPE && isPicture(request.url) && request.mode === "cors") return;
  if (request.mode === "navigate") event.respondWith(page(event, path));
  else if (/^(assets|pictures)\//.test(path)) event.respondWith(file(event, path));
});

// A loaded page reports the files that it uses, because on a first visit it came before this
// worker.
self.addEventListener("message", (event) => {
  if (event.data?.kind === "visited") event.waitUntil(remember(event.data));
});

/** Fill this build's own store: its home pages, and the pages that the visitor had kept. */
async function settleIn() {
  await Promise.all([BUILD.pages, BUILD.lists].map(fromNetwork));
  const kept = new Map();
  for (const name of await caches.keys()) {
    if (!name.startsWith("bollards-pages-") || name === PAGES) continue;
    const store = await caches.open(name);
    for (const request of await store.keys()) kept.set(pathOf(request.url), store);
  }
  for (const [prefix, offline] of Object.entries(BUILD.offline)) {
    // Other languages are kept as soon as they are visited.
    if (prefix && !kept.has(prefix)) continue;
    for (const path of [prefix, offline]) kept.set(path, kept.get(path));
  }
  for (const [path, store] of [...kept].slice(-MOST_PAGES)) {
    try {
      const old = await store?.match(urlOf(path));
      if (old && (await keepPage(path, old))) continue;
      const response = await fetch(urlOf(path), { cache: "no-cache" });
      if (response.ok) await keepPage(path, response);
    } catch {
      // One page less offline; the others are still worth keeping.
    }
  }
}

/** Drop the stores of other builds, and the files that this build does not have. */
async function takeOver() {
  for (const name of await caches.keys()) {
    if (name.startsWith("bollards-pages-") && name !== PAGES) await caches.delete(name);
  }
  const { assets } = await lists();
  const living = new Set([...assets, BUILD.pages, BUILD.lists]);
  const files = await caches.open(FILES);
  const entries = await files.keys();
  const gone = entries.filter(({ url }) => {
    // Of a host that had the pictures before.
    if (!isOurs(url) && new URL(url).origin !== self.location.origin) return true;
    const path = pathOf(url);
    return path.startsWith("assets/") && !living.has(path);
  });
  const pictures = entries.filter(({ url }) => pathOf(url).startsWith("pictures/"));
  // The oldest come first.
  gone.push(...pictures.slice(0, Math.max(0, pictures.length - MOST_FILES)));
  await Promise.all(gone.map((request) => files.delete(request)));
}

async function page(event, path) {
  const store = await caches.open(PAGES).catch(() => undefined);
  const visited = await store?.match(urlOf(path)).catch(() => undefined);
  const kept = visited ?? (await askedFor(path));
  try {
    const asked = fetch(event.request);
    const response = await (kept ? soon(asked) : asked);
    if (response.ok && !response.redirected) {
      event.waitUntil(keepPage(path, response.clone()).catch(() => {}));
    }
    return response;
  } catch {
    if (kept) return kept;
    const folder = (await store?.match(urlOf(`${path}/`)).catch(() => undefined)) ?? (await askedFor(`${path}/`));
    if (folder) return Response.redirect(urlOf(`${path}/`));
    return offline(path, store);
  }
}

/** A page that the visitor asked to keep, if this build has the same one. */
async function askedFor(path) {
  const found = await caches.match(urlOf(path), { cacheName: KEPT }).catch(() => undefined);
  const digest = found?.headers.get("x-kept")?.match(/../g)?.map((pair) => parseInt(pair, 16));
  return digest && isIn(await table(), digest) ? found : undefined;
}

/** The offline page, in the language of the requested page. */
async function offline(path, store) {
  const prefixes = Object.keys(BUILD.offline).sort((a, b) => b.length - a.length);
  for (const prefix of prefixes.filter((one) => path.startsWith(one))) {
    const place = urlOf(BUILD.offline[prefix]);
    if (path === BUILD.offline[prefix] || !(await store?.match(place))) continue;
    return Response.redirect(`${place}?from=${encodeURIComponent(path)}`);
  }
  return Response.error();
}

async function file(event, path) {
  const files = await caches.open(FILES).catch(() => undefined);
  const kept =
    (await files?.match(urlOf(path)).catch(() => undefined)) ??
    (await caches.match(urlOf(path), { cacheName: KEPT }).catch(() => undefined));
  if (kept) return kept;
  try {
    const response = await brought(event.request, path);
    // Large files are downloaded in pieces and kept by their own script.
    if (response.status === 200 && !path.startsWith("assets/recogniser/")) {
      event.waitUntil(files?.put(urlOf(path), response.clone()).catch(() => {}));
    }
    return response;
  } catch (error) {
    const other = path.startsWith("pictures/") && (await otherSize(path, files));
    if (other) return other;
    throw error;
  }
}

/** A file from the network. A picture of another host can be kept only if that host allows it. */
async function brought(request, path) {
  if (AWAY === SCOPE || !path.startsWith("pictures/") || !answers) return fetch(request);
  try {
    return await fetch(request.url, { mode: "cors", credentials: "omit" });
  } catch {
    const response = await fetch(request);
    answers = false;
    return response;
  }
}

/** A kept picture of the same photo in another width: "pictures/PHOTO-RECIPE-WIDTH.webp". */
async function otherSize(path, files) {
  const start = urlOf(path.slice(0, path.lastIndexOf("-") + 1));
  for (const store of [files, (await caches.has(KEPT)) && (await caches.open(KEPT))]) {
    const found = store && (await store.keys()).find(({ url }) => url.startsWith(start));
    if (found) return store.match(found);
  }
  return undefined;
}

async function remember({ page: url, seen, cards }) {
  const store = await caches.open(PAGES);
  const files = await caches.open(FILES);
  const path = pathOf(url.split(/[?#]/)[0]);
  const front = Object.keys(BUILD.offline).filter((prefix) => prefix && path.startsWith(prefix));
  for (const one of [path, ...front, ...front.map((prefix) => BUILD.offline[prefix])]) {
    if (await store.match(urlOf(one))) continue;
    const response = await fetch(urlOf(one));
    if (response.ok) await keepPage(one, response);
  }
  const wanted = seen.filter(isOurs).map(pathOf);
  const all = await lists();
  if (cards) wanted.push(...all.shell, ...all.cards);
  const lasting = wanted.filter((one) => /^(assets|pictures)\//.test(one));
  let rest = [...new Set(lasting.filter((path) => !path.startsWith("assets/recogniser/")))];
  const bring = async (one) => {
    // keep.js may have fetched it in the meantime.
    const asked = await caches.match(urlOf(one), { cacheName: KEPT }).catch(() => undefined);
    if (!asked && !(await files.match(urlOf(one)))) await fromNetwork(one);
  };
  // Without the other host's permission, one attempt is enough.
  const away = AWAY === SCOPE ? undefined : rest.find((one) => one.startsWith("pictures/"));
  if (away && !(answers && (await bring(away).then(() => true, () => false)))) {
    rest = rest.filter((one) => !one.startsWith("pictures/"));
  }
  // A few at a time, so as not to delay the visitor's next step.
  while (rest.length) await Promise.allSettled(rest.splice(0, 4).map(bring));
}

/** Keep a page if it is one of this build's; returns whether it is. */
async function keepPage(path, response) {
  const body = await response.arrayBuffer();
  const name = new TextEncoder().encode(!path || path.endsWith("/") ? `${path}index.html` : path);
  const whole = new Uint8Array(name.length + 1 + body.byteLength);
  whole.set(name);
  whole.set(new Uint8Array(body), name.length + 1);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", whole));
  if (!isIn(await table(), digest)) return false;
  const { headers } = response;
  const store = await caches.open(PAGES);
  await store.put(urlOf(path), new Response(body, { headers }));
  const entries = await store.keys();
  await Promise.all(entries.slice(0, -MOST_PAGES).map((request) => store.delete(request)));
  return true;
}

function isIn(known, digest) {
  for (let at = 0; at < known.length; at += BUILD.digest) {
    let i = 0;
    while (i < BUILD.digest && known[at + i] === digest[i]) i++;
    if (i === BUILD.digest) return true;
  }
  return false;
}

/** A picture shared from another app: kept where the page finds it, and not sent anywhere. */
async function share(request) {
  const picture = (await request.formData()).get("picture");
  if (picture) await (await caches.open(SHARED)).put(urlOf("shared-picture"), new Response(picture));
  return Response.redirect(urlOf("identify/?shared"), 303);
}

const table = async () => new Uint8Array(await (await kept(BUILD.pages)).arrayBuffer());
const lists = async () => (await kept(BUILD.lists)).json();

async function kept(path) {
  return (await (await caches.open(FILES)).match(urlOf(path))) ?? fromNetwork(path);
}

async function fromNetwork(path) {
  const response = await fetch(urlOf(path));
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  await (await caches.open(FILES)).put(urlOf(path), response.clone());
  return response;
}

const soon = (promise) =>
  Promise.race([promise, new Promise((_, late) => setTimeout(late, PATIENCE, new Error("late")))]);
