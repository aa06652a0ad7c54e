// The tiles of a large picture, as in generator/recogniser/tiles.py. All limits come from the
// published recogniser.

import { round } from "./sight.js";

/** The tiles of a picture, row by row: [{left, top, right, bottom}] in its pixels. */
export function tilesOf({ width, height }, { area, tiles }) {
  if (width * height <= tiles.large) return [];
  const ratio = Math.max(width, height) / Math.min(width, height);
  const few = Math.min(tiles.most, Math.floor(tiles.few * Math.max(1, ratio / tiles.usual)));
  let best = { scale: 0, rows: 0, columns: 0 };
  for (let rows = 1; rows <= few; rows++) {
    for (let columns = 1; columns <= Math.floor(few / rows); columns++) {
      const wide = width / reach(columns, tiles.across);
      const high = height / reach(rows, tiles.down);
      if (Math.max(wide, high) > tiles.shape * Math.min(wide, high)) continue;
      const grid = { scale: Math.min(tiles.finest, Math.sqrt(area / (wide * high))), rows, columns };
      if (isBetter(grid, best)) best = grid;
    }
  }
  const across = spans(width, best.columns, tiles.across);
  return spans(height, best.rows, tiles.down).flatMap(([top, bottom]) =>
    across.map(([left, right]) => ({ left, top, right, bottom })),
  );
}

/** Whether a tile shows a box whole: it is `edge` pixels from all edges inside the picture. */
export function showsWhole({ left, top, right, bottom }, box, { width, height }, edge) {
  return (
    (left === 0 || box[0] >= left + edge) &&
    (top === 0 || box[1] >= top + edge) &&
    (right === width || box[2] <= right - edge) &&
    (bottom === height || box[3] <= bottom - edge)
  );
}

/** The finer grid is better; of equally fine ones, that with fewer tiles, then that with fewer rows. */
function isBetter(one, other) {
  if (one.scale !== other.scale) return one.scale > other.scale;
  const [tiles, before] = [one, other].map(({ rows, columns }) => rows * columns);
  return tiles === before ? one.rows < other.rows : tiles < before;
}

/** The length of so many overlapping tiles, in lengths of a tile. */
const reach = (count, shared) => count - (count - 1) * shared;

function spans(length, count, shared) {
  if (!count) return [];
  const tile = length / reach(count, shared);
  return Array.from({ length: count }, (_, number) => number * tile * (1 - shared)).map((start) => [
    round(start),
    Math.min(length, round(start + tile)),
  ]);
}
