// The collection's photos as the recogniser knows them: generator/identify/lookup.py and vote.py
// once more.
//
// The file: "BOL2", then little-endian uint32 n and d; for each of n photos, ordered by id:
// float32 scale, then for all photos uint32 bollard (equal for photos of one bollard), uint16 type,
// uint16 country (65535: none), 6 bytes id, and int8 [n, d]; a photo's vector is its row times its
// scale.

const NONE = 65535;

export class Collection {
  /** `bytes`: the file; `facts`: the published recogniser's `types`, `countries` and `voting`. */
  constructor(bytes, facts) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (view.getUint32(0, false) !== 0x424f4c32) throw new Error("not a collection");
    this.length = view.getUint32(4, true);
    this.dimensions = view.getUint32(8, true);
    const n = this.length;
    // Copies, so that rows are aligned wherever the bytes lie.
    const part = (start, size) => bytes.slice(start, start + size);
    let at = 12;
    this.scales = new Float32Array(part(at, 4 * n).buffer);
    this.bollards = new Uint32Array(part((at += 4 * n), 4 * n).buffer);
    this.types = new Uint16Array(part((at += 4 * n), 2 * n).buffer);
    this.countries = new Uint16Array(part((at += 2 * n), 2 * n).buffer);
    this.ids = part((at += 2 * n), 6 * n);
    this.vectors = new Int8Array(part((at += 6 * n), n * this.dimensions).buffer);
    this.facts = facts;
  }

  /** What a picture shows, by the vote of the bollards: see `identify` in lookup.py. */
  identify(embedding) {
    const { neighbours, decimals } = this.facts.voting;
    const similarity = this.similarities(embedding, 10 ** decimals);
    const rows = [...similarity.keys()];
    // Equal ones stay in the order of their ids, which is that of the rows.
    rows.sort((a, b) => similarity[b] - similarity[a]);
    return {
      types: this.vote(similarity, this.types, this.facts.types),
      countries: this.vote(similarity, this.countries, this.facts.countries),
      neighbours: rows.slice(0, neighbours).map((row) => ({
        row,
        photo: this.id(row),
        type: this.types[row] === NONE ? null : this.facts.types[this.types[row]],
        country: this.countries[row] === NONE ? null : this.facts.countries[this.countries[row]],
        score: similarity[row],
      })),
    };
  }

  /** The probability of each key that a photo has, the largest first: vote.py once more. */
  vote(similarity, places, keys) {
    const { temperature, most, sharpness } = this.facts.voting;
    const best = new Map(); // place of a key -> bollard -> its most similar photo's similarity
    let highest = -1;
    places.forEach((place, row) => {
      if (place === NONE) return;
      if (!best.has(place)) best.set(place, new Map());
      const votes = best.get(place);
      const bollard = this.bollards[row];
      votes.set(bollard, Math.max(similarity[row], votes.get(bollard) ?? -1));
      highest = Math.max(highest, similarity[row]);
    });
    const powers = [...best].map(([place, votes]) => {
      const counted = [...votes.values()].sort((a, b) => b - a).slice(0, most);
      const evidence = counted.reduce((sum, one) => sum + Math.exp((one - highest) / temperature), 0);
      return { key: keys[place], share: evidence ** sharpness };
    });
    const total = powers.reduce((sum, { share }) => sum + share, 0);
    const byKey = (a, b) => (a.key < b.key ? -1 : 1);
    return powers
      .map(({ key, share }) => ({ key, share: share / total }))
      .sort((a, b) => b.share - a.share || byKey(a, b));
  }

  similarities(embedding, precision) {
    const { length, dimensions, vectors, scales } = this;
    const result = new Float64Array(length);
    for (let row = 0, at = 0; row < length; row++) {
      let sum = 0;
      for (let i = 0; i < dimensions; i++) sum += vectors[at++] * embedding[i];
      result[row] = Math.round(sum * scales[row] * precision) / precision;
    }
    return result;
  }

  id(row) {
    const bytes = this.ids.subarray(6 * row, 6 * row + 6);
    return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  }
}

/** The likeliest value of each attribute whose probability is at least `sure`: {form: "flat", ...}. */
export function attributesOf(embedding, heads, sure) {
  const result = {};
  for (const [name, head] of Object.entries(heads)) {
    const probabilities = probabilitiesOf(embedding, head);
    const highest = Math.max(...probabilities);
    if (highest >= sure) result[name] = head.values[probabilities.indexOf(highest)];
  }
  return result;
}

const KIND = ["form", "body", "pattern", "accent"];

/** How sure the recogniser is of what it sees, 0 to 1: legibility.py once more. */
export function legibility(embedding, heads) {
  const best = KIND.map((name) => Math.max(...probabilitiesOf(embedding, heads[name])));
  return best.reduce((sum, one) => sum + one, 0) / best.length;
}

function probabilitiesOf(embedding, { values, weight, bias }) {
  const logits = values.map((_, row) => {
    let sum = bias[row];
    for (let i = 0; i < embedding.length; i++) sum += weight[row * embedding.length + i] * embedding[i];
    return sum;
  });
  const highest = Math.max(...logits);
  const powers = logits.map((logit) => Math.exp(logit - highest));
  const total = powers.reduce((sum, power) => sum + power, 0);
  return powers.map((power) => power / total);
}
