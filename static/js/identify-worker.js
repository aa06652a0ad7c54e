// Opens pictures and recognises bollards in a worker, so that the page stays responsive.
//
// Asked {kind: "start", recogniser, root} it gets itself ready and tells {kind: "progress"} and
// {kind: "ready"}; asked {kind: "picture", blob} it answers {kind: "picture"}, then
// {kind: "found"}; asked {kind: "look", box} it answers {kind: "answer"}. Whatever fails is told
// as {kind: "failed", reason}. `picture` numbers go with every message about a picture.
// A picture that comes with `same` shows the bollard of the pictures before it: the answer is then
// about all of them. {kind: "forget", view} takes one of those back.

import { Collection, legibility, probabilitiesOf, traitsOf } from "./collection.js";
import { bollardsIn } from "./detector.js";
import { DownloadError, keep, load } from "./download.js";
import { open, PictureError, pixelsOf } from "./picture.js";
import { again } from "./second-look.js";
import { cut, framed, planes, view } from "./sight.js";
import { decisive, lookOf, telltales } from "./telltales.js";

const PREVIEW = 1600; // px: the size at which the page shows a picture
const CROP = 480; // px: the visitor's crop beside the nearest photos

let root = "";
let facts; // the description of the published recogniser: sizes, limits, paths
let ready; // a promise of {ort, detector, recogniser, collection}
let current; // {number, canvas, found}: the present picture, and the bollards in it
let views = []; // the crops of earlier pictures of the same bollard: see `identify` in collection.js
const shelves = new Map(); // pictures of photos, by file

self.onmessage = async ({ data: message }) => {
  try {
    if (message.kind === "start") await start(message);
    if (message.kind === "picture") await take(message);
    if (message.kind === "look") await look(message);
    if (message.kind === "forget") views.splice(message.view, 1);
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
    ready = undefined; // the next attempt starts again, with the files that were kept
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

/** Start onnxruntime from bytes that are loaded already. */
async function runtime(wasm) {
  const { module, glue } = facts.runtime;
  const ort = await import(new URL(root + module, self.location.href).href);
  ort.env.logLevel = "error";
  ort.env.wasm.numThreads = 1;
  ort.env.wasm.wasmPaths = { mjs: new URL(root + glue, self.location.href).href };
  ort.env.wasm.wasmBinary = await unpacked(wasm);
  return ort;
}

/** Decompress a file, unless the server did so already. */
async function unpacked(bytes) {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

function floats(text) {
  return new Float32Array(Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer);
}

async function take({ blob, picture, same }) {
  const canvas = await open(blob);
  if (!same) views = [];
  else if (current?.view) views.push(current.view);
  current = { number: picture, canvas };
  const { width, height } = canvas;
  const shrink = Math.min(1, PREVIEW / Math.max(width, height));
  const preview = await createImageBitmap(canvas, {
    resizeWidth: Math.max(1, Math.round(width * shrink)),
    resizeHeight: Math.max(1, Math.round(height * shrink)),
    resizeQuality: "medium",
  });
  self.postMessage({ kind: "picture", picture, width, height, preview, before: views.length }, [preview]);
  if (!ready) return;
  await ready;
  if (current.number !== picture) return;
  const found = await find(pixelsOf(canvas, [0, 0, width, height]));
  current.found = found;
  const isFilled = await isFilledBy(found[0], canvas);
  if (current.number !== picture) return;
  self.postMessage({ kind: "found", picture, frames: proposal(found, canvas, isFilled) });
}

/**
 * Whether the photo shows its bollard as a whole, and the crop around the surest one is hard to
 * read: the same as in `view_photo` of views.py.
 */
async function isFilledBy(best, canvas) {
  if (!isCropped(best, canvas)) return false;
  const crop = await embed(pixelsOf(canvas, framed(best.box, canvas, facts.detector)));
  if (isReadable(crop, best.confidence)) return false;
  const whole = await embed(pixelsOf(canvas, [0, 0, canvas.width, canvas.height]));
  return legibility(whole, facts.heads) >= facts.voting.clear;
}

function isWhole([left, top, right, bottom], { width, height }) {
  return left <= 0 && top <= 0 && right >= width && bottom >= height;
}

/** Whether a bollard is clearly visible in a crop: the same as in legibility.py. */
function isReadable(embedding, confidence) {
  return legibility(embedding, facts.heads) >= facts.voting.legible && confidence >= facts.detector.seen;
}

/** The first frame, as chosen by `bollards identify`, and frames around other bollards. */
function proposal(found, photo, isFilled) {
  const whole = [0, 0, photo.width, photo.height];
  const frames = found
    .filter(({ confidence }, place) => place === 0 || confidence >= facts.detector.other)
    .map(({ box }) => framed(box, photo, facts.detector));
  if (isCropped(found[0], photo)) return isFilled ? [whole, ...frames] : frames;
  return frames.length > 1 ? [whole, ...frames] : [whole];
}

/** Whether a bollard is cut out: not if it is doubtful, or if it fills the middle of the photo. */
function isCropped(one, photo) {
  const { likely, small, aside } = facts.detector;
  if (!one || one.confidence < likely) return false;
  const { box } = one;
  const isLarge = box[3] - box[1] > small * photo.height;
  return !isLarge || Math.abs(box[0] + box[2] - photo.width) / 2 > aside * photo.height;
}

/** The bollards in a picture, as bollardsIn answers, ranked by a second look. */
async function find(pixels) {
  const { ort, detector } = await ready;
  const found = await bollardsIn(pixels, facts.detector, async (data, shape) => {
    return detector.run({ image: new ort.Tensor("float32", data, shape) });
  });
  return again(found, pixels, facts.second, async (box) => {
    const embedding = await embed(cut(pixels, framed(box, pixels, facts.detector)));
    const heads = Object.entries(facts.heads);
    return Object.fromEntries(heads.map(([name, head]) => [name, probabilitiesOf(embedding, head)]));
  });
}

async function look({ picture, box, job }) {
  if (!current || current.number !== picture) return;
  const { collection } = await ready;
  if (current.number !== picture) return;
  const mine = current;
  const crop = pixelsOf(mine.canvas, box);
  const others = bollardsBeside(box, mine);
  const embedding = await embed(crop);
  const confidence = await confidenceIn(box, crop, mine.found);
  const first = { embedding, height: box[3] - box[1], confidence: others.length ? confidence : 1 };
  mine.view = [first];
  for (const { box: frame, confidence: sure } of others) {
    const beside = await embed(pixelsOf(mine.canvas, frame));
    mine.view.push({ embedding: beside, height: frame[3] - frame[1], confidence: sure });
  }
  const answer = collection.identify([...views, mine.view]);
  const nearest = answer.neighbours[0];
  let doubt = "";
  if (nearest && nearest.score < facts.voting.familiar) doubt = "alike";
  const isFilled = isWhole(box, mine.canvas) && legibility(embedding, facts.heads) >= facts.voting.clear;
  if (!isFilled && !isReadable(embedding, confidence)) doubt = "bollard";
  const shrink = Math.min(1, CROP / crop.height);
  const own = await createImageBitmap(crop, {
    resizeWidth: Math.max(1, Math.round(crop.width * shrink)),
    resizeHeight: Math.max(1, Math.round(crop.height * shrink)),
    resizeQuality: "medium",
  });
  const { sure } = facts.attributes;
  const attributes = Object.entries(traitsOf(embedding, facts.heads))
    .filter(([, { confidence }]) => confidence >= sure)
    .map(([name, { value }]) => [name, value]);
  const named = doubt ? [] : answer.named.map((one) => withViews(one, collection));
  const told = { kind: "answer", picture, job, doubt, attributes: Object.fromEntries(attributes), own };
  self.postMessage(
    { ...told, embedding, ...answer, named, telltale: whatDecides(doubt ? [] : answer.named, collection) },
    [own],
  );
  const pictures = await picturesOf([...answer.neighbours, ...named.flatMap((one) => one.views)]);
  self.postMessage({ kind: "pictures", picture, job, pictures });
}

/** The unit vector of a crop. */
async function embed(crop) {
  const { ort, recogniser } = await ready;
  const { width, height } = facts.recogniser;
  const image = new ort.Tensor("float32", planes(view(crop, facts.recogniser)), [1, 3, height, width]);
  const { embedding } = await recogniser.run({ image });
  return embedding.data;
}

/**
 * The other bollards of the picture, {box, confidence}, framed, which vote on the country too: none
 * if the visitor chose a frame. The same as `further` in generator/look.
 */
function bollardsBeside(box, { canvas, found }) {
  const [best, ...rest] = found;
  if (!isCropped(best, canvas)) return [];
  const own = framed(best.box, canvas, facts.detector);
  if (own.some((side, place) => side !== box[place])) return [];
  return rest
    .slice(0, facts.voting.crops - 1)
    .filter((one) => isCropped(one, canvas))
    .map((one) => ({ box: framed(one.box, canvas, facts.detector), confidence: one.confidence }));
}

/** A country of the answer, with up to two photos of its nearest bollard. */
function withViews({ code, sure, bollards }, collection) {
  const views = bollards[0].slice(0, 2).map((row) => ({ row, photo: collection.id(row) }));
  return { code, sure, views, type: collection.typeOf(bollards[0][0]) };
}

/** The one difference between the countries: the same as `what_decides` in answer.py. */
function whatDecides(named, collection) {
  if (named.length < 2) return undefined;
  const attributes = (row) => traitsOf(collection.embedding(row), facts.heads);
  const looks = named.map(({ code, bollards }) => [
    code,
    lookOf(bollards.map((rows) => rows.map(attributes)), facts.attributes.sure),
  ]);
  return decisive(telltales(looks), named[0].code);
}

/** The confidence of the best detection inside a frame; if there is none, detect again in its crop. */
async function confidenceIn([left, top, right, bottom], crop, found) {
  const isInside = ({ box }) => {
    const [x, y] = [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2];
    return left <= x && x <= right && top <= y && y <= bottom;
  };
  const inside = found.filter(isInside);
  const [best] = inside.length ? inside : await find(crop);
  return best?.confidence ?? 0;
}

/** The small pictures of photos, {id: [path, width, height]}, from the files that list them. */
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
        // Then photos are listed without pictures.
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
