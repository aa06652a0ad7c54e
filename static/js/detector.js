// Finds the bollards in a picture, in the same steps as generator/recogniser/detector.py. All sizes
// and limits come from the published recogniser.

import { resize } from "./resample.js";
import { cut, padded, planes, round } from "./sight.js";
import { showsWhole, tilesOf } from "./tiles.js";

/**
 * The bollards in a picture, the surest first: [{box: [left, top, right, bottom], confidence}], boxes
 * in pixels of the picture.
 *
 * `run` answers a view's planes and their shape with the network's `cells` and `mask`, {data, dims}
 * each.
 */
export async function bollardsIn(photo, detector, run) {
  const sizes = scales(photo, detector);
  const found = [];
  for (const [number, scale] of sizes.entries()) {
    const tallest = number < sizes.length - 1 ? detector.tallest : Infinity;
    found.push(...(await inView(photo, scale, number ? detector.lowest : 0, tallest, detector, run)));
  }
  if (!found.some((one) => isClear(one, sizes[0], detector))) {
    for (const tile of tilesOf(photo, detector)) {
      found.push(...(await inTile(photo, tile, detector, run)));
    }
  }
  return distinct(found, detector.overlap);
}

/** The bollards in a picture at one scale; the limits of their height are in the view. */
async function inView(photo, scale, lowest, tallest, detector, run) {
  const view = viewOf(photo, scale, detector);
  const { pixels } = view;
  const { cells, mask } = await run(planes(pixels), [1, 3, pixels.height, pixels.width]);
  return candidates(cells, tallest, lowest, detector)
    .map((one) => inPhoto(one, mask, view, photo, detector))
    .filter(Boolean);
}

/** The bollards that a tile shows whole, in pixels of the picture. */
async function inTile(photo, tile, detector, run) {
  const { left, top, right, bottom } = tile;
  const part = cut(photo, [left, top, right, bottom]);
  const [scale] = scales(part, detector);
  const found = await inView(part, scale, 0, detector.tallest, detector, run);
  return found
    .map(({ box, confidence }) => ({
      box: [box[0] + left, box[1] + top, box[2] + left, box[3] + top],
      confidence,
    }))
    .filter(({ box }) => showsWhole(tile, box, photo, detector.tiles.edge / scale));
}

/** Whether a bollard is large and certain enough that no tile is needed. */
function isClear({ box, confidence }, scale, { tiles }) {
  return confidence >= tiles.clear && (box[3] - box[1]) * scale >= tiles.clearHeight;
}

/** The scale of a picture in each of its views, the finest first. */
export function scales({ width, height }, { area, overview }) {
  const fine = Math.min(1, Math.sqrt(area / (width * height)));
  const coarse = Math.min(1, overview / Math.max(width, height));
  return coarse >= fine ? [fine] : [fine, coarse];
}

/** A picture at a scale, in the upper left of its frame: {pixels, width, height} of the picture. */
function viewOf(photo, scale, { multiple, padding, gap }) {
  const width = Math.max(1, round(photo.width * scale));
  const height = Math.max(1, round(photo.height * scale));
  const small = resize(photo, width, height, undefined, gap);
  const wide = Math.ceil(width / multiple) * multiple;
  const high = Math.ceil(height / multiple) * multiple;
  return { pixels: padded(small, wide, high, 0, 0, padding), width, height };
}

/** The candidates in the network's output for one view: [{box, heat, fit}], in its pixels. */
function candidates({ data, dims }, tallest, lowest, { cell, leastHeat, most }) {
  const [, , rows, columns] = dims;
  const area = rows * columns;
  const found = [];
  for (let place = 0; place < area; place++) {
    const heat = data[place];
    const column = place % columns;
    const row = (place - column) / columns;
    if (heat < leastHeat || !isPeak(data, row, column, rows, columns)) continue;
    const at = (output) => data[output * area + place];
    const middle = (column + 0.5 + at(2)) * cell;
    const centre = (row + 0.5 + at(3)) * cell;
    const across = (Math.exp(Math.min(6, at(4))) * cell) / 2;
    const down = (Math.exp(Math.min(6, at(5))) * cell) / 2;
    if (2 * down < lowest || 2 * down > tallest) continue;
    found.push({ box: [middle - across, centre - down, middle + across, centre + down], heat, fit: at(1) });
  }
  return found.sort((a, b) => b.heat - a.heat).slice(0, most);
}

/** Whether none of a cell's neighbours is hotter. */
function isPeak(heat, row, column, rows, columns) {
  const own = heat[row * columns + column];
  for (let y = Math.max(0, row - 1); y <= Math.min(rows - 1, row + 1); y++) {
    for (let x = Math.max(0, column - 1); x <= Math.min(columns - 1, column + 1); x++) {
      if (heat[y * columns + x] > own) return false;
    }
  }
  return true;
}

/** A view's candidate in pixels of the picture; none if it is outside of the picture. */
function inPhoto({ box, heat, fit }, mask, view, photo, { calibration, step }) {
  const across = photo.width / view.width;
  const down = photo.height / view.height;
  const within = (value, most) => Math.min(Math.max(value, 0), most);
  const left = within(box[0] * across, photo.width);
  const top = within(box[1] * down, photo.height);
  const right = within(box[2] * across, photo.width);
  const bottom = within(box[3] * down, photo.height);
  if (right - left < 1 || bottom - top < 1) return undefined;
  const [a, b, c, d] = calibration;
  const places = [left / across, top / down, right / across, bottom / down].map((place) => place / step);
  const logit = a * heat + b * fit + c * coverOf(mask, places) + d;
  return { box: [left, top, right, bottom], confidence: 1 / (1 + Math.exp(-within(logit + 30, 60) + 30)) };
}

/** How completely a mask covers a box (in mask pixels) from top to bottom, a logit. */
function coverOf({ data, dims }, [left, top, right, bottom]) {
  const [, , rows, columns] = dims;
  const last = Math.min(rows, Math.ceil(bottom));
  let sum = 0;
  let count = 0;
  for (let y = Math.floor(top); y < last; y++) {
    let greatest = 0;
    for (let x = Math.floor(left); x < Math.min(columns, Math.ceil(right)); x++) {
      greatest = Math.max(greatest, data[y * columns + x]);
    }
    sum += greatest;
    count += 1;
  }
  const share = count ? sum / count : 0;
  return Math.log((share + 0.02) / (1.02 - share));
}

/** The best of overlapping candidates, best first (non-maximum suppression). */
export function distinct(found, overlap) {
  const kept = [];
  for (const one of [...found].sort(byConfidence)) {
    if (kept.every((other) => shared(one.box, other.box) <= overlap)) kept.push(one);
  }
  return kept;
}

function byConfidence(one, other) {
  if (one.confidence !== other.confidence) return other.confidence - one.confidence;
  const side = one.box.findIndex((value, place) => value !== other.box[place]);
  return side < 0 ? 0 : one.box[side] - other.box[side];
}

/** The intersection of two boxes as a share of the smaller one. */
function shared(one, other) {
  const wide = Math.min(one[2], other[2]) - Math.max(one[0], other[0]);
  const high = Math.min(one[3], other[3]) - Math.max(one[1], other[1]);
  if (wide <= 0 || high <= 0) return 0;
  const areas = [one, other].map((box) => (box[2] - box[0]) * (box[3] - box[1]));
  return (wide * high) / Math.max(Math.min(...areas), 1e-6);
}
