// The part of a photo that is compared: around the owner's box, or as the last build cropped it.

import { photoOf, store } from "./store.js";

// The share of the crop's height that the bollard fills (generator/recogniser/framing.py).
export const SHARE = 0.72;
const CARD = 4 / 5;

/** The crop around a box [left, top, right, bottom], within the photo, in its pixels. */
export function framed([left, top, right, bottom], [width, height]) {
  const high = Math.max((bottom - top) / SHARE, ((right - left) / SHARE) * 2);
  const [x, y] = [(left + right) / 2, (top + bottom) / 2];
  const upper = Math.max(0, y - high / 2);
  const lower = y + high / 2;
  const reach = Math.max(Math.min((lower - upper) / 4, x), (right - left) / 2);
  return [Math.max(0, x - reach), upper, Math.min(width, x + reach), Math.min(height, lower)];
}

/** The crop of a photo, with the decisions since the last build; null for the whole photo. */
export function cropOf(id) {
  const { size, crop } = photoOf(id);
  const box = store.state.boxes[id];
  const found = box ? framed(box, size) : crop;
  if (found.length !== 4) return null;
  const whole = found[0] <= 0 && found[1] <= 0 && found[2] >= size[0] && found[3] >= size[1];
  return whole ? null : found;
}

/** The part of a photo that shows a crop on a card, which is wider than the crop. */
export function onCard([left, top, right, bottom], [width, height]) {
  const wide = Math.min(width, Math.max(right - left, (bottom - top) * CARD));
  const high = Math.min(height, Math.max(bottom - top, wide / CARD));
  const x = Math.max(0, Math.min((left + right - wide) / 2, width - wide));
  const y = Math.max(0, Math.min((top + bottom - high) / 2, height - high));
  return [x, y, x + wide, y + high];
}
