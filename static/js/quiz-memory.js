// The visitor's progress: flash cards in boxes after Sebastian Leitner, "So lernt man lernen"
// (1972). A card that is answered correctly moves up a box and comes back later; a missed one goes
// back to the first box and comes back soon. Kept on this device only.

const VERSION = 1;
const DAY = 86_400_000;
// Cards in the first boxes return after this many other questions, the others after this many days.
const QUESTIONS = [3, 12];
const DAYS = [1, 4, 14];
export const BOXES = QUESTIONS.length + DAYS.length;
const MOST_CARDS = 50_000;

const empty = () => ({ version: VERSION, answered: 0, right: 0, cards: {}, steps: {} });

const isCount = (value) => Number.isInteger(value) && value >= 0;

/** A file's content as progress, or null; unexpected values are refused. */
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
  // Progress of earlier versions has no courses.
  const steps = Object.entries(data.steps ?? {});
  if (steps.length > MOST_CARDS || !steps.every(([, done]) => isCount(done))) return null;
  const { answered, right } = data;
  return { ...empty(), answered, right, cards: Object.fromEntries(entries), steps: Object.fromEntries(steps) };
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

  /** The box of a card, from 0; null if it has not been asked yet. */
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

  /** The due card of the lowest box, or undefined. */
  firstDue(cards) {
    const due = cards.filter((card) => this.due(card));
    const lowest = Math.min(...due.map((card) => this.box(card)));
    return any(due.filter((card) => this.box(card) === lowest));
  }

  /** The card that was not asked for longest, of those that were asked. */
  oldest(cards) {
    const asked = (card) => this.#progress.cards[card][1];
    return cards.reduce((a, b) => (asked(b) < asked(a) ? b : a));
  }

  /**
   * The card to ask next: one that is due, the lowest box first; else a new one, of which the first
   * ones are the likelier; else the one that was not asked for longest.
   */
  choose(cards, recent = []) {
    const free = cards.filter((card) => !recent.includes(card));
    const pool = free.length ? free : cards;
    const due = this.firstDue(pool);
    if (due) return due;
    const fresh = pool.filter((card) => this.box(card) === null);
    if (fresh.length) return fresh[Math.floor(Math.random() ** 2 * fresh.length)];
    return this.oldest(pool);
  }

  toText() {
    return `${JSON.stringify(this.#progress)}\n`;
  }

  /** Replace the progress with that of a file; false if the file has none. */
  take(text) {
    const progress = readProgress(text);
    if (!progress) return false;
    this.#progress = progress;
    this.#save();
    return true;
  }

  /** How many steps of a course are done. */
  steps(course) {
    return this.#progress.steps[course] ?? 0;
  }

  reach(course, steps) {
    this.#progress.steps[course] = Math.max(steps, this.steps(course));
    this.#save();
  }

  /** Forget one course and its cards. */
  drop(course, cards) {
    delete this.#progress.steps[course];
    for (const card of cards) delete this.#progress.cards[card];
    this.#save();
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

/** The memory of this site: of the quiz and of the courses. `root` leads to the site's root. */
export const memoryOf = (root) => new Memory(`bollards-quiz ${new URL(root || "./", location).pathname}`);

export const any = (list) => list[Math.floor(Math.random() * list.length)];

/** The same items in random order (Fisher and Yates). */
export const shuffled = (list) => {
  const mixed = [...list];
  for (let last = mixed.length - 1; last > 0; last--) {
    const other = Math.floor(Math.random() * (last + 1));
    [mixed[last], mixed[other]] = [mixed[other], mixed[last]];
  }
  return mixed;
};
