// The server's state, and the decisions that it has not confirmed yet.

const KEPT = "bollards-review-unsaved";
const RETRY_MS = 1000;

export const store = {
  /** Changed by builds only: photos, bollards, countries. */
  collection: null,
  /** Changed by decisions: types, the review list, coming changes. */
  state: null,
  /** The state of the background build. */
  build: { state: "idle" },
  /** Decisions that the server has not confirmed, oldest first. */
  unsaved: JSON.parse(sessionStorage.getItem(KEPT) ?? "[]"),
  /** The server cannot be reached. */
  gone: false,
  /** A decision that was refused, and why: {decision, error, why}. */
  refused: null,
};

/** The same by id, made again for every state. */
const index = { types: new Map(), typeOfBollard: new Map(), hidden: new Set() };

const listeners = new Set();
let sending = false;
let timer = 0;
let asked = 0;
let taken = "";
let unreadable = false;

export const onChange = (listener) => listeners.add(listener);

function tell(what) {
  for (const listener of listeners) listener(what);
}

function keepUnsaved() {
  sessionStorage.setItem(KEPT, JSON.stringify(store.unsaved));
}

/** Start: fetch everything, then follow changes from elsewhere. */
export async function begin() {
  await refresh();
  const events = new EventSource("/api/events");
  events.addEventListener("look", (event) => {
    store.build = JSON.parse(event.data);
    tell("build");
    reach();
    refresh();
  });
  events.addEventListener("error", () => lose());
  send();
}

function reach() {
  if (!store.gone) return;
  store.gone = false;
  tell("connection");
  send();
}

function lose() {
  if (!store.gone) {
    store.gone = true;
    tell("connection");
  }
  clearTimeout(timer);
  timer = setTimeout(async () => {
    await refresh();
    if (!store.gone) send();
  }, RETRY_MS);
}

async function fetchJson(path, options) {
  const answer = await fetch(path, options);
  const found = await answer.json();
  return { ok: answer.ok, found };
}

/** Fetch the present state. */
export async function refresh() {
  const number = ++asked;
  try {
    const { ok, found } = await fetchJson("/api/state");
    // Only the answer to the last question counts.
    if (number !== asked) return;
    if (ok) await take(found);
    if (ok && unreadable) tell({ error: "" });
    else if (!ok) tell({ error: found.error });
    unreadable = !ok;
    reach();
  } catch {
    lose();
  }
}

async function take(state) {
  const text = JSON.stringify(state);
  // This window's decisions come back twice: as the answer, and as an event.
  if (text === taken) return;
  taken = text;
  if (store.collection?.stamp !== state.stamp) {
    const { ok, found } = await fetchJson("/api/collection");
    if (ok) store.collection = found;
  }
  index.types = new Map(state.types.map((kind) => [kind.id, kind]));
  index.typeOfBollard = new Map(
    state.types.flatMap((kind) => kind.bollards.map((bollard) => [bollard, kind.id])),
  );
  index.hidden = new Set(state.hidden.flatMap((one) => one.ids));
  const wasBroken = store.state?.broken;
  store.state = state;
  tell("state");
  if (wasBroken && !state.broken) send();
}

/** What to tell once the server has answered, by the decision's id. */
const waiting = new Map();

/** Make a decision; it counts as unsaved until the server confirms it.
 *
 * `answered` is told once: why the decision was refused for good, or "" if it was not.
 */
export function decide(action, answered) {
  const decision = { id: crypto.randomUUID(), version: store.state.version ?? "", action };
  if (answered) waiting.set(decision.id, answered);
  store.unsaved.push(decision);
  keepUnsaved();
  tell("unsaved");
  send();
}

/** Tell who waits for a decision; returns whether somebody did. */
function answer(id, error = "") {
  const answered = waiting.get(id);
  waiting.delete(id);
  answered?.(error);
  return Boolean(answered);
}

/** Repeat a refused decision by force, or drop it. */
export function settleRefused(anyway) {
  const { decision } = store.refused;
  store.refused = null;
  if (anyway) store.unsaved[0] = { ...decision, anyway: true };
  else store.unsaved.shift();
  keepUnsaved();
  tell("unsaved");
  send();
}

/** Undo the last decision, or redo it. Returns the decision ({label, subject}), or null. */
export const undo = () => travel("undo");
export const redo = () => travel("redo");

async function travel(way) {
  // What was decided before comes first.
  while (sending) await new Promise((resolve) => setTimeout(resolve, 20));
  const last = store.state[way];
  if (store.unsaved.length || !last) return null;
  try {
    const { ok, found } = await post(`/api/${way}`, {});
    if (ok) await take(found);
    else tell({ error: found.error });
    return ok ? last : null;
  } catch {
    lose();
    return null;
  }
}

function post(path, body) {
  return fetchJson(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
}

export async function build() {
  try {
    const { found } = await post("/api/build", {});
    store.build = found;
    tell("build");
  } catch {
    lose();
  }
}

async function send() {
  if (sending || store.refused) return;
  sending = true;
  try {
    while (store.unsaved.length && !store.refused) {
      const decision = store.unsaved[0];
      const { ok, found } = await post("/api/decide", decision);
      if (ok) {
        store.unsaved.shift();
        asked += 1;
        keepUnsaved();
        await take(found);
        answer(decision.id);
        tell({ error: "" });
        tell("unsaved");
      } else if (found.why === "broken" || found.why === "unsaved") {
        answer(decision.id);
        // It stays here until curation.toml can be read, or the disk written, again.
        tell({ error: found.error });
        await refresh();
        // A file that is still broken is reported once it is corrected.
        if (!store.state.broken) setTimeout(send, RETRY_MS);
        break;
      } else if (found.why === "changed") {
        answer(decision.id);
        store.refused = { decision, error: found.error, why: found.why };
        await refresh();
        tell("unsaved");
      } else {
        store.unsaved.shift();
        keepUnsaved();
        if (!answer(decision.id, found.error)) tell({ error: found.error });
        tell("unsaved");
        await refresh();
      }
    }
  } catch {
    // What was decided is kept and sent again, so nobody needs to wait for it.
    for (const id of [...waiting.keys()]) answer(id);
    lose();
  } finally {
    sending = false;
  }
}

// Ways to ask for what is shown.

/** An attribute as pages call it. */
export const heading = (name) => store.collection.attributes[name]?.label ?? name;

/** The value of an attribute, [value, probability], as pages call it. */
export const called = (name, [value]) => store.collection.attributes[name]?.values[value] ?? value;

export const typeOf = (id) => index.types.get(id);
export const photoOf = (id) => store.collection.photos[id];
export const viewsOf = (bollard) =>
  (store.collection.bollards[bollard] ?? []).filter((photo) => !index.hidden.has(photo));
export const saidOf = (bollard) => store.state.bollards[bollard] ?? {};
export const typeIdOf = (bollard) => index.typeOfBollard.get(bollard) ?? null;
