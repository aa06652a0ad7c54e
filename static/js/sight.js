// The crops of a picture as input of the networks, in the same steps as
// generator/recogniser/view.py and framing.py. All sizes and limits come from the published
// recogniser.

import { resize } from "./resample.js";

/** Rounds halves to even numbers, as Python does. */
export function round(value) {
  const floor = Math.floor(value);
  if (value - floor !== 0.5) return Math.round(value);
  return floor % 2 ? floor + 1 : floor;
}

/** The window of a crop that the recogniser sees, centred and as high as the crop. */
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

/** Pixels as a network needs them: float32, 0 to 255, all red values first, then green, blue. */
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

/** The crop that shows a detected bollard as training photos show theirs. */
export function framed([left, top, right, bottom], photo, detector) {
  const high = Math.max((bottom - top) / detector.share, ((right - left) / detector.share) * 2);
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

/** A part of pixels: [left, top, right, bottom], whole numbers within them. */
export function cut(pixels, [left, top, right, bottom]) {
  const [width, height] = [right - left, bottom - top];
  const data = new Uint8ClampedArray(width * height * 4);
  for (let y = 0; y < height; y++) {
    const start = ((top + y) * pixels.width + left) * 4;
    data.set(pixels.data.subarray(start, start + width * 4), y * width * 4);
  }
  return { width, height, data };
}

/** Pixels at (left, top) on a grey background. */
export function padded(small, width, height, left, top, padding) {
  const data = new Uint8ClampedArray(width * height * 4).fill(padding);
  for (let y = 0; y < small.height; y++) {
    const row = small.data.subarray(y * small.width * 4, (y + 1) * small.width * 4);
    data.set(row, ((y + top) * width + left) * 4);
  }
  return { width, height, data };
}
