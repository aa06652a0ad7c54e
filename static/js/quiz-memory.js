// What the visitor knows already: cards in boxes after Sebastian Leitner, "So lernt man lernen"
// (1972). What is answered right moves up a box and comes back later, what is missed goes back to
// the first one and comes back soon. Kept on this device only.

const VERSION = 1;
const DAY = 86_400_000;
// The first boxes wait for so many other questions, the others for so many days.
const QUESTIONS = [3, 12];
const DAYS = [1, 4, 14];
export const BOXES = QUESTIONS.length + DAYS.length;
const MOST_CARDS = 50_000;

const empty = () => ({ version: VERSION, answered: 0, right: 0, cards: {} });

const isCount = (value) => Number.isInteger(value) && value >= 0;

/** A file's content as progress, or null when it is not: only what is expected is taken over. */
export const readProgress = (text) => {
  let data;
  try {
    data = JSON.parse(text);
  } catch {
    return null;
  }
  if (data?.version !== VERSION || !isCount(data.answered) || !isCount(data.right)) return null;
  if (typeof data.cards !== "object" || !data.cards || Array.isArray(data.cards)) return null;
  const entries = Object.entries(data.cards);
  const sound = ([, card]) =>
    Array.isArray(card) && card.length === 3 && card.every(isCount) && card[0] < BOXES;
  if (entries.length > MOST_CARDS || !entries.every(sound)) return null;
  return { ...empty(), answered: data.answered, right: data.right, cards: Object.fromEntries(entries) };
};

export class Memory {
  #name;
  #progress = empty();
  /** Whether progress will still be there at the next visit. */
  kept = true;

  constructor(name) {
    this.#name = name;
    try {
      const known = localStorage.getItem(name);
      if (known) this.#progress = readProgress(known) ?? empty();
      localStorage.setItem(name, JSON.stringify(this.#progress));
    } catch {
      this.kept = false;
    }
  }

  get answered() {
    return this.#progress.answered;
  }

  get right() {
    return this.#progress.right;
  }

  /** The box of a card from 0, or null when it has not been asked yet. */
  box(card) {
    return this.#progress.cards[card]?.[0] ?? null;
  }

  learn(card, right) {
    const before = this.box(card);
    const box = right ? Math.min(BOXES - 1, before === null ? 1 : before + 1) : 0;
    this.#progress.answered += 1;
    this.#progress.right += right ? 1 : 0;
    this.#progress.cards[card] = [box, this.#progress.answered, Date.now()];
    this.#save();
  }

  /** Whether a card that was asked before should be asked again. */
  due(card) {
    const [box, answered, time] = this.#progress.cards[card] ?? [];
    if (box === undefined) return false;
    if (box < QUESTIONS.length) return this.answered - answered >= QUESTIONS[box];
    return Date.now() - time >= DAYS[box - QUESTIONS.length] * DAY;
  }

  /**
   * The card to ask next: one that is due, the lowest box first; else a new one, of which the first
   * ones are the likelier; else the one that was not asked for longest.
   */
  choose(cards, recent = []) {
    const free = cards.filter((card) => !recent.includes(card));
    const pool = free.length ? free : cards;
    const due = pool.filter((card) => this.due(card));
    if (due.length) {
      const lowest = Math.min(...due.map((card) => this.box(card)));
      return any(due.filter((card) => this.box(card) === lowest));
    }
    const fresh = pool.filter((card) => this.box(card) === null);
    if (fresh.length) return fresh[Math.floor(Math.random() ** 2 * fresh.length)];
    const asked = (card) => this.#progress.cards[card][1];
    return pool.reduce((a, b) => (asked(b) < asked(a) ? b : a));
  }

  toText() {
    return `${JSON.stringify(this.#progress)}\n`;
  }

  /** Takes progress from a file in place of what is here; false when it is none. */
  take(text) {
    const progress = readProgress(text);
    if (!progress) return false;
    this.#progress = progress;
    this.#save();
    return true;
  }

  forget() {
    this.#progress = empty();
    this.#save();
  }

  #save() {
    try {
      localStorage.setItem(this.#name, JSON.stringify(this.#progress));
    } catch {
      this.kept = false;
    }
  }
}

export const any = (list) => list[Math.floor(Math.random() * list.length)];

/** The same things in an order of chance (Fisher and Yates). */
export const shuffled = (list) => {
  const mixed = [...list];
  for (let last = mixed.length - 1; last > 0; last--) {
    const other = Math.floor(Math.random() * (last + 1));
    [mixed[last], mixed[other]] = [mixed[other], mixed[last]];
  }
  return mixed;
};
