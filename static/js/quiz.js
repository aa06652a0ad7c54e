// The quiz: rounds of ten questions, answered by click, touch or keys.

import { Answer } from "./quiz-answer.js";
import { any, memoryOf } from "./quiz-memory.js";
import { MODES, Questions } from "./quiz-questions.js";
import { Table } from "./quiz-table.js";

const LENGTH = 10;
// From this box on, a card counts as known well.
const WELL = 3;
const STREAK = 3;

const page = document.querySelector(".quiz");
const part = (name) => page.querySelector(name);
const views = { start: part(".quiz-start"), round: part(".quiz-round"), end: part(".quiz-end") };
const form = part("form");
const { root, home } = page.dataset;
const filled = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);

const memory = memoryOf(root);
let questions;
let answer;
let table;
let round = null;

const show = (name) => {
  for (const [key, view] of Object.entries(views)) view.hidden = key !== name;
  page.dataset.view = name;
};

const asked = () => {
  const mode = form.mode.value;
  const set = questions.set(form.set.value);
  // With a single country, the answer would always be that one.
  const telling = MODES.filter((one) => one !== "country" || set.countries?.size !== 1);
  const modes = mode === "mixed" ? telling : [mode];
  const cards = new Map(modes.map((one) => [one, questions.cards(one, set)]));
  return { set, cards: new Map([...cards].filter(([, list]) => list.length)) };
};

const tellStanding = () => {
  const all = [...asked().cards.values()].flat();
  const known = all.filter((card) => memory.box(card) >= WELL).length;
  const texts = [];
  if (memory.answered) {
    texts.push(filled(page.dataset.answered, { right: memory.right, answered: memory.answered }));
    texts.push(filled(page.dataset.known, { known, all: all.length }));
  }
  part(".standing").textContent = texts.join(" · ");
  part(".quiz-none").hidden = all.length > 0;
  part("form button").disabled = !all.length;
  part(".quiz-kept").hidden = !memory.kept;
  part(".quiz-unkept").hidden = memory.kept;
};

const remember = (going) => {
  const address = new URL(location.href);
  const { mode, set } = form;
  if (set.value) address.searchParams.set("set", set.value);
  else address.searchParams.delete("set");
  if (going) address.searchParams.set("mode", mode.value);
  else address.searchParams.delete("mode");
  history.replaceState(null, "", address);
};

const begin = () => {
  const { set, cards } = asked();
  if (!cards.size) return;
  round = { set, cards, results: [], recent: [], missed: new Map(), streak: 0 };
  remember(true);
  show("round");
  prepare();
  next();
};

/** Chooses the next question and fetches its pictures, while the visitor reads the last answer. */
const prepare = () => {
  const mode = any([...round.cards.keys()]);
  const cards = round.cards.get(mode);
  // With two types, the memory would always choose the one not asked last.
  const card = round.set.closed ? any(cards) : memory.choose(cards, round.recent);
  round.recent = [...round.recent, card].slice(-2);
  table.prepare(questions.ask(card, round.set));
};

const next = () => (round.results.length === LENGTH ? finish() : table.next());

const answered = (question, right) => {
  // With two types, a right answer is too easily guessed to count.
  if (!round.set.closed) memory.learn(question.card, right);
  round.results.push(right);
  round.streak = right ? round.streak + 1 : 0;
  if (!right) round.missed.set(question.type.id || question.type.address, question.type);
  tellPlace();
  if (round.results.length < LENGTH) prepare();
};

const tellPlace = () => {
  const dashes = Array.from({ length: LENGTH }, (_, place) => {
    const dash = document.createElement("i");
    if (place < round.results.length) dash.className = round.results[place] ? "right" : "wrong";
    return dash;
  });
  part(".quiz-dashes").replaceChildren(...dashes);
  const count = part(".quiz-count");
  const number = Math.min(LENGTH, round.results.length + (table.question.done ? 0 : 1));
  count.textContent = filled(count.dataset.count, { number, total: LENGTH });
  const streak = part(".quiz-streak");
  streak.textContent =
    round.streak >= STREAK ? filled(streak.dataset.streak, { number: round.streak }) : "";
};

const finish = () => {
  const heading = part("#quiz-result");
  const right = round.results.filter(Boolean).length;
  heading.textContent = filled(heading.dataset.result, { right, total: round.results.length });
  const missed = [...round.missed.values()];
  part(".quiz-missed").hidden = !missed.length;
  part(".quiz-faultless").hidden = missed.length > 0;
  part(".quiz-missed ul").replaceChildren(...missed.map((type) => answer.typeCard(type)));
  show("end");
  heading.focus();
};

const leave = () => {
  round = null;
  table.clear();
  remember(false);
  tellStanding();
  show("start");
  form.querySelector(":checked").focus();
};

const say = (name) => {
  const said = part(".quiz-said");
  said.textContent = said.dataset[name];
};

const actions = {
  next,
  leave,
  again: begin,
  retry() {
    if (!round) location.reload();
    else if (!table.question || table.question.done) {
      prepare();
      next();
    }
  },
  export() {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([memory.toText()], { type: "application/json" }));
    link.download = "bollards-quiz.json";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  },
  reset(button) {
    if (button.dataset.sure === undefined) {
      button.dataset.sure = "";
      say("sure");
      return;
    }
    delete button.dataset.sure;
    memory.forget();
    say("forgotten");
    tellStanding();
  },
};

const listen = () => {
  page.addEventListener("click", (event) => {
    const button = event.target.closest("button[name]");
    if (button) actions[button.name]?.(button);
    if (button?.name !== "reset") delete part("[name=reset]").dataset.sure;
  });
  part("[name=import]").addEventListener("change", async ({ target }) => {
    const [file] = target.files;
    if (!file) return;
    say(file.size < 5e6 && memory.take(await file.text()) ? "taken" : "refused");
    target.value = "";
    tellStanding();
  });
  form.addEventListener("change", () => {
    remember(false);
    tellStanding();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    begin();
  });
};

/** The set in the address; if the list does not offer it, it is added. */
const follow = () => {
  const query = new URLSearchParams(location.search);
  const set = query.get("set") ?? "";
  const known = questions.set(set);
  if (set && known) {
    form.set.value = set;
    if (form.set.value !== set) {
      const countries = [...(known.countries ?? [])].map((code) => questions.countries[code].name);
      const types = set.split(",").map((id) => questions.types.get(id)?.name ?? id);
      form.set.add(new Option(countries.join(", ") || types.join(" / "), set, true, true));
    }
  }
  const mode = query.get("mode");
  if ([...MODES, "mixed"].includes(mode)) {
    form.mode.value = mode;
    begin();
  }
};

const start = async () => {
  questions = await Questions.load(page.dataset.types, page.dataset.quiz, root);
  answer = new Answer(page, questions, root, home);
  table = new Table(page, questions, answer, { asked: tellPlace, answered, next });
  listen();
  tellStanding();
  follow();
  page.dataset.ready = "";
};

start().catch((error) => {
  part(".quiz-lost").hidden = false;
  part("[name=retry]").addEventListener("click", () => location.reload());
  throw error;
});
