// A course: new types in small steps, mixed with what is due from the steps before.
//
// A step is done when each of its cards was answered rightly at last. Cards are kept with those of
// the quiz, so that what was learned there counts here (quiz-memory.js).

import { Answer } from "./quiz-answer.js";
import { memoryOf } from "./quiz-memory.js";
import { Questions } from "./quiz-questions.js";
import { Table } from "./quiz-table.js";

// Every third question repeats an earlier step, if something is due.
const MIXED = 3;
const REPEATED = 10;
// A card in this box or above is asked with the most alike answers.
const HARD = 2;

const page = document.querySelector(".course");
const part = (name) => page.querySelector(name);
const views = { start: ".quiz-start", new: ".course-new", round: ".quiz-round", end: ".quiz-end" };
const { root, home, course } = page.dataset;
const filled = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);

const steps = [...page.querySelectorAll(".step")].map((item) => ({
  item,
  cards: item.dataset.cards.split(" "),
}));
const every = steps.flatMap(({ cards }) => cards);
const memory = memoryOf(root);
let questions;
let table;
let answer;
// {step, asked, recent, missed, results, over}: the step that is learned, or steps.length to repeat all.
let round = null;

const done = () => Math.min(steps.length, memory.steps(course));
const isRight = (card) => memory.box(card) > 0;

const show = (name) => {
  for (const [key, view] of Object.entries(views)) part(view).hidden = key !== name;
  page.dataset.view = name;
};

const focus = (heading) => {
  heading.focus({ preventScroll: true });
  if (page.getBoundingClientRect().top < 0) page.scrollIntoView();
};

const tellStanding = () => {
  const count = done();
  for (const road of page.querySelectorAll(".road-steps")) {
    for (const [place, dash] of [...road.children].entries()) dash.className = place < count ? "right" : "";
  }
  for (const [place, { item }] of steps.entries()) {
    const state = place < count ? "done" : place === count ? "next" : "";
    item.dataset.state = state;
    item.querySelector(".step-state").textContent = state ? page.dataset[state] : "";
  }
  const standing = part(".standing");
  const due = steps.slice(0, count).flatMap(({ cards }) => cards).filter((card) => memory.due(card)).length;
  standing.textContent = [
    count ? filled(standing.dataset.some, { done: count, steps: steps.length }) : "",
    due ? filled(standing.dataset.due, { due }) : "",
  ].filter(Boolean).join(" · ");
  const { dataset } = part("[name=start]");
  const known = count || memory.answered ? dataset.on : dataset.begin;
  part("[name=start]").textContent = count < steps.length ? filled(known, { step: count + 1 }) : dataset.repeat;
  part(".quiz-kept").hidden = !memory.kept;
  part(".quiz-unkept").hidden = memory.kept;
};

/** Begin the next step with a look at its types, or repeat the course. */
const begin = () => {
  const step = done();
  round = { step, asked: 0, recent: [], missed: new Map(), results: [] };
  if (step === steps.length || steps[step].cards.some((card) => memory.box(card) !== null)) {
    ask();
    return;
  }
  const heading = part("#course-new");
  heading.textContent = filled(heading.dataset.new, { step: step + 1, steps: steps.length });
  const cards = steps[step].item.querySelectorAll(".card");
  part(".course-new .cards").replaceChildren(...[...cards].map((card) => card.cloneNode(true)));
  show("new");
  focus(heading);
};

const ask = () => {
  show("round");
  prepare();
  next();
};

/** The next card, or undefined when the step, or the repetition, is done. */
const choose = () => {
  const fresh = (cards) => cards.filter((card) => !round.recent.includes(card));
  if (round.step === steps.length) {
    if (round.results.length >= REPEATED) return undefined;
    return memory.firstDue(fresh(every)) ?? memory.choose(every, round.recent);
  }
  const { cards } = steps[round.step];
  const open = cards.filter((card) => !isRight(card));
  if (!open.length) return undefined;
  const earlier = steps.slice(0, round.step).flatMap((step) => step.cards);
  const again = memory.firstDue(fresh(open)) ?? (round.asked % MIXED === 0 ? memory.firstDue(fresh(earlier)) : null);
  if (again) return again;
  const unseen = open.find((card) => memory.box(card) === null);
  // What was missed waits for other questions; without any left, it comes at once.
  return unseen ?? memory.firstDue(fresh(earlier)) ?? memory.oldest(open.length > 1 ? fresh(open) : open);
};

/** Chooses the next question and fetches its pictures, while the visitor reads the last answer. */
const prepare = () => {
  const card = choose();
  round.over = !card;
  if (!card) return;
  round.asked += 1;
  round.recent = [...round.recent, card].slice(-2);
  const box = memory.box(card) ?? 0;
  const level = box >= HARD ? 2 : Math.min(1, box);
  table.prepare(questions.ask(card, questions.set(course), level));
};

const next = () => (round.over ? finish() : table.next());

const answered = (question, right) => {
  memory.learn(question.card, right);
  round.results.push(right);
  if (!right) round.missed.set(question.type.id, question.type);
  tellPlace();
  prepare();
};

const tellPlace = () => {
  const repeats = round.step === steps.length;
  const states = repeats
    ? Array.from({ length: REPEATED }, (_, place) => round.results[place] ?? null)
    : steps[round.step].cards.map((card) => (memory.box(card) === null ? null : isRight(card)));
  const dashes = states.map((right) => {
    const dash = document.createElement("i");
    if (right !== null) dash.className = right ? "right" : "wrong";
    return dash;
  });
  part(".quiz-dashes").replaceChildren(...dashes);
  const count = part(".quiz-count");
  const values = { step: Math.min(steps.length, round.step + 1), right: states.filter(Boolean).length, all: states.length };
  count.textContent = filled(count.dataset.count, values);
};

const finish = () => {
  const { step, results } = round;
  const heading = part("#quiz-result");
  const repeated = step === steps.length;
  if (!repeated) memory.reach(course, step + 1);
  const last = step + 1 === steps.length;
  const right = results.filter(Boolean).length;
  const text = repeated ? heading.dataset.repeated : last ? heading.dataset.all : heading.dataset.step;
  heading.textContent = filled(text, { step: step + 1, steps: steps.length, right, total: results.length });
  part(".course-all").hidden = !last;
  const missed = [...round.missed.values()];
  const ids = repeated ? [] : steps[step].cards.map((card) => card.split("/")[1]);
  const known = [...new Set(ids)].filter((id) => !round.missed.has(id)).map((id) => questions.types.get(id));
  part(".quiz-known").hidden = !known.length;
  part(".quiz-known ul").replaceChildren(...known.map((type) => answer.typeCard(type)));
  part(".quiz-missed").hidden = !missed.length;
  part(".quiz-missed ul").replaceChildren(...missed.map((type) => answer.typeCard(type)));
  part("[name=on]").hidden = last;
  table.clear();
  tellStanding();
  show("end");
  focus(heading);
};

const leave = () => {
  round = null;
  table.clear();
  tellStanding();
  show("start");
  part("[name=start]").focus();
};

const actions = {
  start: begin,
  on: begin,
  ask,
  next,
  leave,
  retry() {
    if (!round) location.reload();
    else if (!table.question || table.question.done) {
      prepare();
      next();
    }
  },
  reset(button) {
    const said = part(".quiz-said");
    if (button.dataset.sure === undefined) {
      button.dataset.sure = "";
      said.textContent = said.dataset.sure;
      return;
    }
    delete button.dataset.sure;
    memory.drop(course, every);
    said.textContent = said.dataset.forgotten;
    tellStanding();
  },
};

const start = async () => {
  tellStanding();
  questions = await Questions.load(page.dataset.types, page.dataset.quiz, root);
  answer = new Answer(page, questions, root, home);
  table = new Table(page, questions, answer, { asked: tellPlace, answered, next });
  page.addEventListener("click", (event) => {
    const button = event.target.closest("button[name]");
    if (button) actions[button.name]?.(button);
    if (button?.name !== "reset") delete part("[name=reset]").dataset.sure;
  });
  document.addEventListener("keydown", (event) => {
    const looking = page.dataset.view === "new" && event.key === "Enter" && !event.repeat;
    if (looking && !event.target.closest("a, button")) ask();
  });
  page.dataset.ready = "";
};

start().catch((error) => {
  part(".quiz-lost").hidden = false;
  part("[name=retry]").addEventListener("click", () => location.reload());
  throw error;
});
