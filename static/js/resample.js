// Resizes pictures exactly as Pillow's `resize` does with its BILINEAR filter, including its
// fixed-point sums and rounding, so that the recogniser gets the same pixels as in the program. A
// canvas would smooth them differently in each browser.
//
// Pixels are {width, height, data}: `data` holds 4 bytes a pixel, red, green, blue and one unused.

const PRECISION = 22; // fractional bits of a weight: Pillow's PRECISION_BITS for 8-bit pixels
const HALF = 1 << (PRECISION - 1);
const SUPPORT = 1; // half the width of the triangle at scale 1

/**
 * Resize the part of a picture within `box`: [left, top, right, bottom], real numbers, default all.
 *
 * Where the picture is more than `gap` times too large, whole blocks of pixels are averaged first
 * (Pillow's `reducing_gap`). Returns new pixels of `width` x `height`.
 */
export function resize(pixels, width, height, box = [0, 0, pixels.width, pixels.height], gap = 2) {
  const [left, top, right, bottom] = box;
  const across = Math.trunc((right - left) / width / gap) || 1;
  const down = Math.trunc((bottom - top) / height / gap) || 1;
  let source = pixels;
  let within = box;
  if (across > 1 || down > 1) {
    const safe = safeBox(pixels, width, height, box);
    source = reduce(pixels, across, down, safe);
    within = [
      (left - safe[0]) / across,
      (top - safe[1]) / down,
      (right - safe[0]) / across,
      (bottom - safe[1]) / down,
    ];
  }
  // Pillow passes the box in single precision.
  const [x0, y0, x1, y1] = within.map(Math.fround);
  const rows = windows(source.height, y0, y1, height);
  const columns = windows(source.width, x0, x1, width);
  const first = rows[0].start;
  const last = rows[height - 1].start + rows[height - 1].weights.length;
  let result = source;
  if (width !== source.width || x0 || x1 !== width) result = horizontal(source, columns, first, last);
  else if (height !== source.height || y0 || y1 !== height) result = rowsOf(source, first, last);
  if (height !== source.height || y0 || y1 !== height) result = vertical(result, rows, first);
  return result;
}

/** The whole pixels that the filter touches around `box`. */
function safeBox(pixels, width, height, [left, top, right, bottom]) {
  const x = ((SUPPORT - 0.5) * (right - left)) / width;
  const y = ((SUPPORT - 0.5) * (bottom - top)) / height;
  return [
    Math.max(0, Math.trunc(left - x)),
    Math.max(0, Math.trunc(top - y)),
    Math.min(pixels.width, Math.ceil(right + x)),
    Math.min(pixels.height, Math.ceil(bottom + y)),
  ];
}

/** Average blocks of `across` x `down` pixels; those at the right and lower border may be smaller. */
function reduce(pixels, across, down, [left, top, right, bottom]) {
  const width = Math.ceil((right - left) / across);
  const height = Math.ceil((bottom - top) / down);
  const data = new Uint8ClampedArray(width * height * 4);
  const stride = pixels.width * 4;
  const source = pixels.data;
  for (let y = 0; y < height; y++) {
    const y0 = top + y * down;
    const y1 = Math.min(bottom, y0 + down);
    for (let x = 0; x < width; x++) {
      const x0 = left + x * across;
      const x1 = Math.min(right, x0 + across);
      const count = (x1 - x0) * (y1 - y0);
      // Pillow divides by multiplying, in single precision: 2^32 / (2^8 count), then the upper 8
      // of 32 bits.
      const factor = Math.trunc(Math.fround(2 ** 24 / count));
      let red = count >> 1;
      let green = red;
      let blue = red;
      for (let row = y0; row < y1; row++) {
        for (let i = row * stride + x0 * 4, end = row * stride + x1 * 4; i < end; i += 4) {
          red += source[i];
          green += source[i + 1];
          blue += source[i + 2];
        }
      }
      const at = (y * width + x) * 4;
      data[at] = Math.floor((red * factor) / 2 ** 24);
      data[at + 1] = Math.floor((green * factor) / 2 ** 24);
      data[at + 2] = Math.floor((blue * factor) / 2 ** 24);
    }
  }
  return { width, height, data };
}

/** For each of `size` pixels from `from` to `to`: the start of its window, and its weights. */
function windows(length, from, to, size) {
  const scale = (to - from) / size;
  const stretch = Math.max(scale, 1);
  const support = SUPPORT * stretch;
  return Array.from({ length: size }, (_, place) => {
    const centre = from + (place + 0.5) * scale;
    const start = Math.max(0, Math.trunc(centre - support + 0.5));
    const end = Math.min(length, Math.trunc(centre + support + 0.5));
    const shares = [];
    let total = 0;
    for (let x = start; x < end; x++) {
      const share = Math.max(0, 1 - Math.abs((x - centre + 0.5) * (1 / stretch)));
      shares.push(share);
      total += share;
    }
    const weights = shares.map((share) => Math.trunc((share / total) * 2 ** PRECISION + 0.5));
    return { start, weights };
  });
}

function horizontal(pixels, columns, first, last) {
  const width = columns.length;
  const data = new Uint8ClampedArray(width * (last - first) * 4);
  const source = pixels.data;
  let at = 0;
  for (let y = first; y < last; y++) {
    for (const { start, weights } of columns) {
      let red = HALF;
      let green = HALF;
      let blue = HALF;
      let i = (y * pixels.width + start) * 4;
      for (const weight of weights) {
        red += source[i] * weight;
        green += source[i + 1] * weight;
        blue += source[i + 2] * weight;
        i += 4;
      }
      data[at] = red >> PRECISION;
      data[at + 1] = green >> PRECISION;
      data[at + 2] = blue >> PRECISION;
      at += 4;
    }
  }
  return { width, height: last - first, data };
}

function vertical(pixels, rows, first) {
  const { width, data: source } = pixels;
  const data = new Uint8ClampedArray(width * rows.length * 4);
  let at = 0;
  for (const { start, weights } of rows) {
    for (let x = 0; x < width; x++) {
      let red = HALF;
      let green = HALF;
      let blue = HALF;
      let i = ((start - first) * width + x) * 4;
      for (const weight of weights) {
        red += source[i] * weight;
        green += source[i + 1] * weight;
        blue += source[i + 2] * weight;
        i += width * 4;
      }
      data[at] = red >> PRECISION;
      data[at + 1] = green >> PRECISION;
      data[at + 2] = blue >> PRECISION;
      at += 4;
    }
  }
  return { width, height: rows.length, data };
}

function rowsOf(pixels, first, last) {
  const data = pixels.data.subarray(first * pixels.width * 4, last * pixels.width * 4);
  return { width: pixels.width, height: last - first, data };
}
