// Looks at the detector's boxes again with the recogniser: is this a bollard at all? The same steps as
// generator/recogniser/second_look.py. All weights and limits come from the published recogniser.

/**
 * The same boxes with new confidences, the surest first.
 *
 * `found` is as bollardsIn in detector.js answers; `describe` answers the crop around a box with
 * the probabilities of each attribute's values, {name: [...]}.
 */
export async function again(found, photo, second, describe) {
  const count = found.findIndex(({ confidence }, place) => place >= second.most || confidence < second.least);
  const first = count < 0 ? found : found.slice(0, count);
  const looked = [];
  for (const one of first) {
    const logit = weighed(one, photo, second, await describe(one.box));
    looked.push({ ...one, confidence: 1 / (1 + Math.exp(-within(logit, -30, 30))) });
  }
  looked.sort(byConfidence);
  const least = looked.length ? looked.at(-1).confidence : 1;
  const rest = found.slice(first.length).map((one) => ({ ...one, confidence: Math.min(one.confidence, least) }));
  return [...looked, ...rest];
}

function weighed({ box, confidence }, photo, { weights, floor, smallest, kind }, attributes) {
  const sure = within(confidence, smallest, 1 - smallest);
  const height = Math.log((box[3] - box[1]) / Math.sqrt(photo.width * photo.height));
  const best = kind.map((name) => Math.max(...attributes[name]));
  const legibility = best.reduce((sum, one) => sum + one, 0) / best.length;
  let logit = weights.confidence * Math.log(sure / (1 - sure));
  logit += weights.height * height + weights.legibility * legibility;
  for (const [name, row] of Object.entries(weights.attributes)) {
    row.forEach((weight, place) => (logit += weight * Math.log(attributes[name][place] + floor)));
  }
  return logit + weights.intercept;
}

const within = (value, least, most) => Math.min(Math.max(value, least), most);

function byConfidence(one, other) {
  if (one.confidence !== other.confidence) return other.confidence - one.confidence;
  const side = one.box.findIndex((value, place) => value !== other.box[place]);
  return side < 0 ? 0 : one.box[side] - other.box[side];
}
