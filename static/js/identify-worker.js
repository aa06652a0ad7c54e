// Opens pictures and recognises bollards beside the page, so that the page never stands still.
//
// Asked {kind: "start", recogniser, root} it gets itself ready and tells {kind: "progress"} and
// {kind: "ready"}; asked {kind: "picture", blob} it answers {kind: "picture"}, then
// {kind: "found"}; asked {kind: "look", box} it answers {kind: "answer"}. Whatever fails is told
// as {kind: "failed", reason}. `picture` numbers go with every message about a picture.

import { attributesOf, Collection, legibility } from "./collection.js";
import { bollardsIn } from "./detector.js";
import { DownloadError, keep, load } from "./download.js";
import { open, PictureError, pixelsOf } from "./picture.js";
import { framed, planes, view } from "./sight.js";

const PREVIEW = 1600; // px: as large as the page shows a picture
const CROP = 480; // px: the visitor's own crop beside the nearest photos

let root = "";
let facts; // the published recogniser: sizes, limits, paths
let ready; // a promise of {ort, detector, recogniser, collection}
let current; // {number, canvas}: the picture that is looked at
const shelves = new Map(); // pictures of photos, by shelf

self.onmessage = async ({ data: message }) => {
  try {
    if (message.kind === "start") await start(message);
    if (message.kind === "picture") await take(message);
    if (message.kind === "look") await look(message);
  } catch (error) {
    self.postMessage({ kind: "failed", reason: reasonOf(error), detail: String(error), ...about(message) });
  }
};

const about = (message) => ({ picture: message.picture, during: message.kind });

function reasonOf(error) {
  if (error instanceof PictureError || error instanceof DownloadError) return error.reason;
  if (error instanceof RangeError || /memory/i.test(String(error))) return "memory";
  return "recogniser";
}

async function start(message) {
  if (typeof WebAssembly !== "object") {
    self.postMessage({ kind: "failed", reason: "webassembly", during: "start" });
    return;
  }
  root = message.root;
  ready ??= prepare(message.recogniser);
  try {
    await ready;
  } catch (error) {
    ready = undefined; // the next try begins anew, with what has been kept
    throw error;
  }
  self.postMessage({ kind: "ready" });
  const { module, glue } = facts.runtime;
  await keep([...message.keep, message.recogniser.slice(root.length), module, glue], root);
}

async function prepare(address) {
  let response;
  try {
    response = await fetch(address);
  } catch {
    throw new DownloadError("connection", address);
  }
  if (!response.ok) throw new DownloadError("missing", address);
  facts = await response.json();
  for (const head of Object.values(facts.heads)) {
    head.weight = floats(head.weight);
    head.bias = floats(head.bias);
  }
  const files = [facts.runtime.wasm, facts.detector, facts.recogniser, facts.collection];
  const total = files.reduce((sum, file) => sum + file.bytes, 0);
  const received = files.map(() => 0);
  const fetched = files.map((file, place) =>
    load(file, root, (bytes) => {
      received[place] = bytes;
      const sum = received.reduce((one, other) => one + other, 0);
      self.postMessage({ kind: "progress", received: sum, total });
    }),
  );
  const [wasm, detector, recogniser, collection] = await Promise.all(fetched);
  const ort = await runtime(wasm);
  const options = { executionProviders: ["wasm"] };
  const result = {
    ort,
    detector: await ort.InferenceSession.create(detector, options),
    recogniser: await ort.InferenceSession.create(recogniser, options),
    collection: new Collection(collection, facts),
  };
  return result;
}

/** onnxruntime, started from bytes that are here already. */
async function runtime(wasm) {
  const { module, glue } = facts.runtime;
  const ort = await import(new URL(root + module, self.location.href).href);
  ort.env.logLevel = "error";
  ort.env.wasm.numThreads = 1;
  ort.env.wasm.wasmPaths = { mjs: new URL(root + glue, self.location.href).href };
  ort.env.wasm.wasmBinary = await unpacked(wasm);
  return ort;
}

/** A file as it was before it was compressed; servers may have undone that already. */
async function unpacked(bytes) {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

function floats(text) {
  return new Float32Array(Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer);
}

async function take({ blob, picture }) {
  const canvas = await open(blob);
  current = { number: picture, canvas };
  const { width, height } = canvas;
  const shrink = Math.min(1, PREVIEW / Math.max(width, height));
  const preview = await createImageBitmap(canvas, {
    resizeWidth: Math.max(1, Math.round(width * shrink)),
    resizeHeight: Math.max(1, Math.round(height * shrink)),
    resizeQuality: "medium",
  });
  self.postMessage({ kind: "picture", picture, width, height, preview }, [preview]);
  if (!ready) return;
  await ready;
  if (current.number !== picture) return;
  const found = await find(pixelsOf(canvas, [0, 0, width, height]));
  self.postMessage({ kind: "found", picture, frames: proposal(found, canvas) });
}

/** The frame to begin with, as `bollards identify` chooses it, and frames around other bollards. */
function proposal(found, photo) {
  const { likely, small, aside, other } = facts.detector;
  const whole = [0, 0, photo.width, photo.height];
  const frames = found
    .filter(({ confidence }, place) => place === 0 || confidence >= other)
    .map(({ box }) => framed(box, photo, facts.detector));
  const [best] = found;
  const isFramed =
    best &&
    best.box[3] - best.box[1] > small * photo.height &&
    Math.abs(best.box[0] + best.box[2] - photo.width) / 2 <= aside * photo.height;
  if (best?.confidence >= likely && !isFramed) return frames;
  return frames.length > 1 ? [whole, ...frames] : [whole];
}

async function find(pixels) {
  const { ort, detector } = await ready;
  return bollardsIn(pixels, facts.detector, async (data, shape) => {
    return detector.run({ image: new ort.Tensor("float32", data, shape) });
  });
}

async function look({ picture, box, job }) {
  if (!current || current.number !== picture) return;
  const { ort, recogniser, collection } = await ready;
  if (current.number !== picture) return;
  const crop = pixelsOf(current.canvas, box);
  const { width, height } = facts.recogniser;
  const image = new ort.Tensor("float32", planes(view(crop, facts.recogniser)), [1, 3, height, width]);
  const { embedding } = await recogniser.run({ image });
  const answer = collection.identify(embedding.data);
  const [seen] = await find(crop);
  const nearest = answer.neighbours[0];
  let doubt = "";
  if (nearest && nearest.score < facts.voting.familiar) doubt = "alike";
  const isLegible = legibility(embedding.data, facts.heads) >= facts.voting.legible;
  if (!isLegible || (seen?.confidence ?? 0) < facts.detector.seen) doubt = "bollard";
  const shrink = Math.min(1, CROP / crop.height);
  const own = await createImageBitmap(crop, {
    resizeWidth: Math.max(1, Math.round(crop.width * shrink)),
    resizeHeight: Math.max(1, Math.round(crop.height * shrink)),
    resizeQuality: "medium",
  });
  const attributes = attributesOf(embedding.data, facts.heads, facts.attributes.sure);
  const told = { kind: "answer", picture, job, doubt, attributes, own };
  self.postMessage({ ...told, embedding: embedding.data, ...answer }, [own]);
  const pictures = await picturesOf(answer.neighbours);
  self.postMessage({ kind: "pictures", picture, job, pictures });
}

/** The small pictures of photos: {id: [path, width, height]}, from the shelves that hold them. */
async function picturesOf(neighbours) {
  const { rows, shelves: paths } = facts.pictures;
  const wanted = new Set(neighbours.map(({ row }) => Math.floor(row / rows)));
  await Promise.all(
    [...wanted].map(async (place) => {
      if (shelves.has(place)) return;
      try {
        const bytes = await load(paths[place], root, () => {});
        shelves.set(place, JSON.parse(new TextDecoder().decode(bytes)));
      } catch {
        // The photos are named without their pictures.
      }
    }),
  );
  const found = {};
  for (const { row, photo } of neighbours) {
    const shelf = shelves.get(Math.floor(row / rows));
    if (shelf) found[photo] = shelf[row % rows];
  }
  return found;
}
