// Names of types on the sheet: at their islands, the largest first, none over another.

const SIZE = 14;
const LINE = 16;
const LEAST = 104;
const wrapped = new Map();

/** The name in lines of at most `most` px; what is longer than two ends in an ellipsis. */
const lines = (context, text, most) => {
  const key = `${Math.round(most)} ${text}`;
  const known = wrapped.get(key);
  if (known) return known;
  const made = [];
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line ? `${line} ${word}` : word;
    if (!line || context.measureText(longer).width <= most) line = longer;
    else {
      made.push(line);
      line = word;
    }
  }
  made.push(line);
  if (made.length > 2) made.splice(1, made.length, `${made[1].replace(/[,;]$/, "")} …`);
  const width = Math.max(...made.map((one) => context.measureText(one).width));
  if (wrapped.size > 4000) wrapped.clear();
  wrapped.set(key, { made, width });
  return wrapped.get(key);
};

/**
 * @param islands rectangles of types in cells, the most important first
 * @param view where cells are on the canvas, its size in px, colours, and the words
 */
export const drawLabels = (context, islands, view) => {
  const { colours, cell, width, height } = view;
  context.font = `700 ${SIZE}px ${colours.sign}`;
  context.textAlign = "center";
  context.textBaseline = "top";
  context.lineJoin = "round";
  context.lineWidth = 5;
  context.strokeStyle = colours.paper;
  context.fillStyle = colours.ink;
  // What is in sight of other islands is not written over.
  const taken = islands
    .map((island) => ({
      island,
      left: view.left(island.x),
      right: view.left(island.x + island.width),
      top: view.top(island.y),
      bottom: view.top(island.y + island.height),
    }))
    .filter((box) => box.right > 0 && box.left < width && box.bottom > 0 && box.top < height);
  for (const own of [...taken]) {
    const { island, left, right, top, bottom } = own;
    const across = right - left;
    // What is a speck has no name yet, unless it is what was asked for.
    if (view.type === null ? across < 14 : island.type !== view.type) continue;
    const text = lines(context, view.label(island.type), Math.max(LEAST, Math.min(across, 260)));
    const half = text.width / 2 + 4;
    const middle = Math.max(half, Math.min(width - half, (left + right) / 2));
    const tall = text.made.length * LINE + 2;
    // Below, above, or else on the island itself: a large one shall have its name.
    const box = [bottom + 3, top - tall, (top + bottom - tall) / 2]
      .filter((y, place) => y > 0 && (place < 2 || across > 0.6 * text.width))
      .map((y) => ({ left: middle - half, right: middle + half, top: y, bottom: y + tall }))
      .find((one) => taken.every((other) => other === own || apart(one, other)));
    if (!box) continue;
    taken.push(box);
    text.made.forEach((line, row) => {
      context.strokeText(line, middle, box.top + row * LINE);
      context.fillText(line, middle, box.top + row * LINE);
    });
  }
};

const apart = (a, b) =>
  a.right < b.left || a.left > b.right || a.bottom < b.top || a.top > b.bottom;
