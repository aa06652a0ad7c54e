// The quiz: rounds of ten questions, answered by click, touch or keys.

import { Answer } from "./quiz-answer.js";
import { Memory, any } from "./quiz-memory.js";
import { MODES, Questions } from "./quiz-questions.js";

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

const memory = new Memory(`bollards-quiz ${new URL(root || "./", location).pathname}`);
let questions;
let answer;
let round = null;

const show = (name) => {
  for (const [key, view] of Object.entries(views)) view.hidden = key !== name;
  page.dataset.view = name;
};

const asked = () => {
  const mode = form.mode.value;
  const set = questions.set(form.set.value);
  // Where only one country is asked about, it would always be that one.
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
  round = { set, cards, results: [], recent: [], missed: new Map(), streak: 0, question: null };
  remember(true);
  show("round");
  prepare();
  next();
};

/** Chooses the next question and fetches what it shows, while the last answer is still read. */
const prepare = () => {
  const mode = any([...round.cards.keys()]);
  const cards = round.cards.get(mode);
  // Of two types, what memory would choose is the one that was not asked about last.
  const card = round.set.closed ? any(cards) : memory.choose(cards, round.recent);
  round.recent = [...round.recent, card].slice(-2);
  round.coming = questions.ask(card, round.set).then((question) => {
    for (const { photo } of [question, ...question.options]) {
      if (photo) new Image().src = root + photo[photo === question.photo ? 2 : 1];
    }
    return question;
  });
  // Told when it is waited for.
  round.coming.catch(() => {});
};

const next = async () => {
  if (round.results.length === LENGTH) {
    finish();
    return;
  }
  const here = round;
  try {
    const question = await round.coming;
    if (round === here) ask(question);
    part(".quiz-lost").hidden = true;
  } catch {
    part(".quiz-lost").hidden = false;
  }
};

const ask = (question) => {
  round.question = question;
  const heading = part("#quiz-question");
  heading.textContent = heading.dataset[question.mode];
  part(".quiz-table").dataset.mode = question.mode;
  const picture = part(".quiz-asked img");
  part(".quiz-asked").hidden = !question.photo;
  if (question.photo) {
    picture.src = root + question.photo[2];
    picture.alt = answer.inWords(question.type);
  }
  part(".quiz-options").replaceChildren(...question.options.map(option));
  part(".quiz-answer").replaceChildren();
  part(".quiz-on").hidden = true;
  part(".quiz-hint").hidden = false;
  tellPlace();
  heading.focus({ preventScroll: true });
  if (views.round.getBoundingClientRect().top < 0) views.round.scrollIntoView();
};

const option = (choice, place) => {
  const button = document.createElement("button");
  button.type = "button";
  button.setAttribute("aria-keyshortcuts", place + 1);
  const number = document.createElement("span");
  number.className = "number";
  number.textContent = place + 1;
  number.ariaHidden = "true";
  button.append(number);
  if (choice.country) button.append(...answer.country(choice.country));
  else {
    const picture = new Image(240, 300);
    picture.src = root + choice.photo[1];
    picture.alt = answer.inWords(choice.type);
    button.append(picture);
  }
  button.addEventListener("click", () => decide(place));
  const item = document.createElement("li");
  item.append(button);
  return item;
};

const decide = async (place) => {
  const { question } = round;
  if (!question || question.done) return;
  question.done = true;
  const chosen = question.options[place];
  // One of two is too easily guessed to count as known.
  if (!round.set.closed) memory.learn(question.card, chosen.right);
  round.results.push(chosen.right);
  round.streak = chosen.right ? round.streak + 1 : 0;
  if (!chosen.right) round.missed.set(question.type.id, question.type);
  const buttons = [...part(".quiz-options").querySelectorAll("button")];
  for (const [other, button] of buttons.entries()) {
    button.disabled = true;
    if (question.options[other].right) button.classList.add("right");
    else if (other === place) button.classList.add("wrong");
  }
  part(".quiz-hint").hidden = true;
  part(".quiz-on").hidden = false;
  tellPlace();
  if (round.results.length < LENGTH) prepare();
  const here = round;
  const parts = await answer.explain(question, chosen, (a, b) => questions.note(a, b));
  if (round !== here || round.question !== question) return;
  part(".quiz-answer").replaceChildren(...parts);
  const on = part("[name=next]");
  on.focus({ preventScroll: true });
  const { bottom } = on.getBoundingClientRect();
  if (bottom > innerHeight) on.scrollIntoView({ block: "end" });
};

const tellPlace = () => {
  const dashes = Array.from({ length: LENGTH }, (_, place) => {
    const dash = document.createElement("i");
    if (place < round.results.length) dash.className = round.results[place] ? "right" : "wrong";
    return dash;
  });
  part(".quiz-dashes").replaceChildren(...dashes);
  const count = part(".quiz-count");
  const number = Math.min(LENGTH, round.results.length + (round.question.done ? 0 : 1));
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
  part(".quiz-missed ul").replaceChildren(...missed.map((type) => answer.plate(type)));
  show("end");
  heading.focus();
};

const leave = () => {
  round = null;
  part(".quiz-lost").hidden = true;
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
    else if (!round.question || round.question.done) {
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
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || views.round.hidden) return;
    const place = Number(event.key) - 1;
    if (place >= 0 && place < round.question?.options.length) decide(place);
    else if (event.key === "Enter" && round.question?.done && !event.target.closest("a, button")) next();
  });
};

/** What the address asks for; a set that no list offers is added to the list. */
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
