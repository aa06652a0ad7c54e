// What the two networks are shown, and how the finder's mask is read: generator/recogniser/view.py
// and finder.py once more, step by step. All sizes and limits come from the published recogniser.

import { resize } from "./resample.js";

/** Rounds halves to even numbers, as Python does. */
export function round(value) {
  const floor = Math.floor(value);
  if (value - floor !== 0.5) return Math.round(value);
  return floor % 2 ? floor + 1 : floor;
}

/** A whole photo in the finder's square: {pixels, left, top, width, height} (in square pixels). */
export function fitSquare(photo, finder) {
  const { side, padding } = finder;
  const scale = side / Math.max(photo.width, photo.height);
  const width = Math.max(1, round(photo.width * scale));
  const height = Math.max(1, round(photo.height * scale));
  const small = resize(photo, width, height, undefined, finder.gap);
  const left = (side - width) >> 1;
  const top = (side - height) >> 1;
  return { pixels: padded(small, side, side, left, top, padding), left, top, width, height };
}

/** The window of a crop that the recogniser looks at, as high as the crop and centred. */
export function view(crop, recogniser) {
  const { width, height, padding, gap } = recogniser;
  const window = (crop.height * width) / height;
  if (crop.width >= window) {
    const left = (crop.width - window) / 2;
    return resize(crop, width, height, [left, 0, left + window, crop.height], gap);
  }
  const narrow = Math.max(1, round((width * crop.width) / window));
  const small = resize(crop, narrow, height, undefined, gap);
  return padded(small, width, height, (width - narrow) >> 1, 0, padding);
}

/** Pixels as a network takes them: float32, 0 to 255, all red values first, then green, blue. */
export function planes(pixels) {
  const area = pixels.width * pixels.height;
  const result = new Float32Array(3 * area);
  for (let i = 0; i < area; i++) {
    for (let channel = 0; channel < 3; channel++) {
      result[channel * area + i] = pixels.data[i * 4 + channel];
    }
  }
  return result;
}

/**
 * The bollards in a mask, the clearest first: [{box: [left, top, right, bottom], confidence,
 * clearness}], boxes in pixels of the photo.
 *
 * `mask` is {data, size}, shares of bollard, 0 to 1; `place` is what `fitSquare` returned.
 */
export function bollardsIn(mask, place, photo, finder) {
  const across = photo.width / place.width;
  const down = photo.height / place.height;
  const found = [];
  for (const { box, ...sure } of partsOf(mask)) {
    const inPhoto = [
      Math.max(0, round((box[0] * finder.step - place.left) * across)),
      Math.max(0, round((box[1] * finder.step - place.top) * down)),
      Math.min(photo.width, round((box[2] * finder.step - place.left) * across)),
      Math.min(photo.height, round((box[3] * finder.step - place.top) * down)),
    ];
    if (inPhoto[0] < inPhoto[2] && inPhoto[1] < inPhoto[3]) found.push({ box: inPhoto, ...sure });
  }
  return found;
}

/** The crop that shows a found bollard as the recogniser's training photos show theirs. */
export function framed([left, top, right, bottom], photo, finder) {
  const high = Math.max((bottom - top) / finder.share, ((right - left) / finder.share) * 2);
  const centre = (left + right) / 2;
  const middle = (top + bottom) / 2;
  const upper = Math.max(0, round(middle - high / 2));
  const lower = Math.min(photo.height, round(middle + high / 2));
  const most = Math.min((lower - upper) / 4, centre, photo.width - centre);
  const reach = Math.max(most, (right - left) / 2);
  return [
    Math.max(0, round(centre - reach)),
    upper,
    Math.min(photo.width, round(centre + reach)),
    lower,
  ];
}

/** The mask's connected parts, in mask pixels, heaviest first. */
function partsOf({ data, size }) {
  const likely = data.map((share) => share > 0.5);
  const labels = labelled(bridged(likely, size), size);
  const parts = new Map();
  for (let i = 0; i < labels.length; i++) {
    if (!labels[i]) continue;
    if (!parts.has(labels[i])) {
      parts.set(labels[i], { weight: 0, sum: 0, squares: 0, box: [size, size, 0, 0] });
    }
    const part = parts.get(labels[i]);
    const share = data[i];
    part.sum += share;
    part.squares += share * share;
    if (!likely[i]) continue;
    part.weight += share;
    const x = i % size;
    const y = (i - x) / size;
    const [left, top, right, bottom] = part.box;
    part.box = [Math.min(left, x), Math.min(top, y), Math.max(right, x + 1), Math.max(bottom, y + 1)];
  }
  const ordered = [...parts.values()].sort((a, b) => b.weight - a.weight);
  const total = ordered.reduce((sum, part) => sum + part.weight, 0);
  return ordered.map(({ box, weight, sum, squares }) => ({
    box,
    // How sure the mask is there; and that, times how much of all that looks like bollard it is.
    clearness: squares / Math.max(sum, 1e-6),
    confidence: (squares / Math.max(sum, 1e-6)) * (weight / total),
  }));
}

const GAP = 12; // mask pixels: parts of a post that stand above each other, no further apart

/** The mask with the gaps in each column closed. */
function bridged(likely, size) {
  const closed = likely.slice();
  for (let x = 0; x < size; x++) {
    let last = -1;
    for (let y = 0; y < size; y++) {
      if (!likely[y * size + x]) continue;
      if (last >= 0 && y - last - 1 <= GAP) {
        for (let between = last + 1; between < y; between++) closed[between * size + x] = 1;
      }
      last = y;
    }
  }
  return closed;
}

/** Numbers the connected parts of a mask, neighbours across corners included. */
function labelled(filled, size) {
  const labels = new Int32Array(filled.length);
  let count = 0;
  for (let start = 0; start < filled.length; start++) {
    if (!filled[start] || labels[start]) continue;
    labels[start] = ++count;
    const waiting = [start];
    while (waiting.length) {
      const place = waiting.pop();
      const x = place % size;
      const y = (place - x) / size;
      for (let row = Math.max(0, y - 1); row <= Math.min(size - 1, y + 1); row++) {
        for (let column = Math.max(0, x - 1); column <= Math.min(size - 1, x + 1); column++) {
          const other = row * size + column;
          if (!filled[other] || labels[other]) continue;
          labels[other] = count;
          waiting.push(other);
        }
      }
    }
  }
  return labels;
}

function padded(small, width, height, left, top, padding) {
  const data = new Uint8ClampedArray(width * height * 4).fill(padding);
  for (let y = 0; y < small.height; y++) {
    const row = small.data.subarray(y * small.width * 4, (y + 1) * small.width * 4);
    data.set(row, ((y + top) * width + left) * 4);
  }
  return { width, height, data };
}
