// Writes the names of types at their groups, the largest first, without overlaps.

const SIZE = 14;
const LINE = 16;
const LEAST = 104;
/** px: the room that a name above or below a group needs. */
export const MARGIN = 2 * LINE + 8;
const wrapped = new Map();

/** The name in lines of at most `most` px; a third line is replaced by an ellipsis. */
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
 * @param groups rectangles of types in cells, the most important first
 * @param view where cells are on the canvas, its size in px, colours, and the words
 */
export const drawLabels = (context, groups, view) => {
  const { colours, cell, width, height } = view;
  context.font = `700 ${SIZE}px ${colours.sign}`;
  context.textAlign = "center";
  context.textBaseline = "top";
  context.lineJoin = "round";
  context.lineWidth = 5;
  context.strokeStyle = colours.paper;
  context.fillStyle = colours.ink;
  // Names do not cover other groups.
  const taken = groups
    .map((group) => ({
      group,
      left: view.left(group.x),
      right: view.left(group.x + group.width),
      top: view.top(group.y),
      bottom: view.top(group.y + group.height),
    }))
    .filter((box) => box.right > 0 && box.left < width && box.bottom > 0 && box.top < height);
  for (const own of [...taken]) {
    const { group, left, right, top, bottom } = own;
    const across = right - left;
    // A tiny group has no name yet, unless the visitor chose it.
    if (view.type === null ? across < 14 : group.type !== view.type) continue;
    const text = lines(context, view.label(group.type), Math.max(LEAST, Math.min(across, 260)));
    const half = text.width / 2 + 4;
    const middle = Math.max(half, Math.min(width - half, (left + right) / 2));
    const tall = text.made.length * LINE + 2;
    // Below or above the group, or else on it: a large group needs its name.
    const box = [bottom + 3, top - tall, (top + bottom - tall) / 2]
      .filter((y, place) => y > 0 && y + tall < height && (place < 2 || across > 0.6 * text.width))
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
