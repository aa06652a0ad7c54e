// The photos of the collection as vectors, and the vote on them: the same as
// generator/identify/lookup.py and vote.py.
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
    // Copies, because typed arrays must be aligned.
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

  /**
   * Identify a bollard from one picture or more, by the vote of the bollards: see `identify` in lookup.py.
   *
   * A picture is a list of crops, {embedding, height, confidence}; the first is the one asked about.
   */
  identify(pictures) {
    const { neighbours, decimals, crops } = this.facts.voting;
    const views = pictures.map((picture) =>
      picture.map((crop) => ({ ...crop, similarity: this.similarities(crop.embedding, 10 ** decimals) })),
    );
    const similarity = views[0][0].similarity.map((_, row) =>
      Math.max(...views.map(([first]) => first.similarity[row])),
    );
    const rows = [...similarity.keys()];
    // Equal ones keep the order of their ids, which is that of the rows.
    rows.sort((a, b) => similarity[b] - similarity[a]);
    const countries = this.vote(views, this.countries, this.facts.countries, crops);
    return {
      types: this.vote(views, this.types, this.facts.types, 1),
      countries,
      named: this.countriesFirst(countries, rows),
      neighbours: rows.slice(0, neighbours).map((row) => ({
        row,
        photo: this.id(row),
        type: this.typeOf(row),
        country: this.countries[row] === NONE ? null : this.facts.countries[this.countries[row]],
        score: similarity[row],
        chance: this.chance(similarity[row]),
      })),
    };
  }

  /**
   * The countries that the answer names, each with how sure it is and the rows of its nearest
   * bollards: the same as `countries_first` in answer.py.
   */
  countriesFirst(scores, rows) {
    const { named, likely, possible, worth, most } = this.facts.voting;
    const best = scores[0]?.share;
    return scores
      .slice(0, named)
      .filter(({ share }, place) => !place || share >= worth)
      .map(({ key, share }) => {
        const place = this.facts.countries.indexOf(key);
        const bollards = new Map();
        for (const row of rows) {
          if (this.countries[row] !== place) continue;
          const bollard = this.bollards[row];
          if (!bollards.has(bollard)) bollards.set(bollard, []);
          bollards.get(bollard).push(row);
        }
        const sure = share >= likely ? "likely" : best >= possible ? "possible" : "hard";
        return { code: key, sure, bollards: [...bollards.values()].slice(0, most) };
      });
  }

  /** A photo's vector, as far as its 8 bits tell. */
  embedding(row) {
    const { dimensions, vectors, scales } = this;
    return Float32Array.from(vectors.subarray(row * dimensions, (row + 1) * dimensions), (one) => one * scales[row]);
  }

  /** How likely two photos of this similarity show one type: see generator/calibration.py. */
  chance(similarity) {
    const { intercept, slope } = this.facts.likeness;
    return slope ? 1 / (1 + Math.exp(-(intercept + slope * similarity))) : Math.min(1, Math.max(0, similarity));
  }

  /**
   * The probability of each key that a photo has, the largest first; of each picture, the first
   * `most` crops vote: the same as in lookup.py.
   */
  vote(views, places, keys, most) {
    const found = views.map((crops) => this.mixed(crops.slice(0, most), places));
    const weights = [...found[0].keys()].map((place) => {
      // The geometric mean: see `combined` in vote.py.
      const sum = found.reduce((all, one) => all + Math.log(one.get(place)), 0);
      return { key: keys[place], share: Math.exp(sum / found.length) };
    });
    const total = weights.reduce((sum, { share }) => sum + share, 0);
    const byKey = (a, b) => (a.key < b.key ? -1 : 1);
    return weights
      .map(({ key, share }) => ({ key, share: share / total }))
      .sort((a, b) => b.share - a.share || byKey(a, b));
  }

  /** The probabilities of a picture's crops, weighted by confidence, by the key's number: see vote.py. */
  mixed(crops, places) {
    const sums = new Map();
    const all = crops.reduce((sum, { confidence }) => sum + confidence, 0);
    for (const { similarity, height, confidence } of crops) {
      for (const [place, one] of this.probabilities(similarity, height, places)) {
        sums.set(place, (sums.get(place) ?? 0) + (confidence * one) / all);
      }
    }
    return sums;
  }

  /** The evidence of one crop as probabilities, by the key's number. */
  probabilities(similarity, height, places) {
    const { sharpness, low, lowSharpness } = this.facts.voting;
    const power = height >= low ? sharpness : lowSharpness;
    const powers = [...this.evidence(similarity, places)].map(([place, one]) => [place, one ** power]);
    const total = powers.reduce((sum, [, one]) => sum + one, 0);
    return powers.map(([place, one]) => [place, one / total]);
  }

  /** The sum of the votes for each key of one picture, by the key's number. */
  evidence(similarity, places) {
    const { temperature, most } = this.facts.voting;
    const best = new Map(); // number of a key -> bollard -> similarity of its most similar photo
    let highest = -1;
    places.forEach((place, row) => {
      if (place === NONE) return;
      if (!best.has(place)) best.set(place, new Map());
      const votes = best.get(place);
      const bollard = this.bollards[row];
      votes.set(bollard, Math.max(similarity[row], votes.get(bollard) ?? -1));
      highest = Math.max(highest, similarity[row]);
    });
    const sums = new Map();
    for (const [place, votes] of best) {
      const counted = [...votes.values()].sort((a, b) => b - a).slice(0, most);
      sums.set(place, counted.reduce((sum, one) => sum + Math.exp((one - highest) / temperature), 0));
    }
    return sums;
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

  /** The id of a photo's type; null if it is unsorted. */
  typeOf(row) {
    return this.types[row] === NONE ? null : this.facts.types[this.types[row]];
  }

  id(row) {
    const bytes = this.ids.subarray(6 * row, 6 * row + 6);
    return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  }
}

/** The most probable value of each attribute, {form: {value: "flat", confidence: 0.9}, ...}. */
export function traitsOf(embedding, heads) {
  const result = {};
  for (const [name, head] of Object.entries(heads)) {
    const probabilities = probabilitiesOf(embedding, head);
    const confidence = Math.max(...probabilities);
    result[name] = { value: head.values[probabilities.indexOf(confidence)], confidence };
  }
  return result;
}

const KIND = ["form", "body", "pattern", "accent"];

/** How legible the picture is to the recogniser, 0 to 1: the same as in legibility.py. */
export function legibility(embedding, heads) {
  const best = KIND.map((name) => Math.max(...probabilitiesOf(embedding, heads[name])));
  return best.reduce((sum, one) => sum + one, 0) / best.length;
}

/** The probability of each of an attribute's values. */
export function probabilitiesOf(embedding, { values, weight, bias }) {
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
