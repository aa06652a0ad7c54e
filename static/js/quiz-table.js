// One question after the other, of the quiz or a course: shown, answered by click, touch or keys,
// and explained. The page has the parts of templates/question.html.

import { at } from "./types.js";

export class Table {
  /** The question that is shown; `question.done` once it is answered. */
  question = null;
  #coming = null;
  #page;
  #answer;
  #questions;
  #on;

  /**
   * `on.asked()` is called with each new question, `on.answered(question, right)` before the
   * explanation, `on.next()` to go on.
   */
  constructor(page, questions, answer, on) {
    this.#page = page;
    this.#questions = questions;
    this.#answer = answer;
    this.#on = on;
    document.addEventListener("keydown", (event) => this.#press(event));
  }

  /** Take the next question, a promise, and fetch its pictures while the last answer is read. */
  prepare(coming) {
    this.#coming = coming.then((question) => {
      this.#fetch(question);
      return question;
    });
    // Reported when the question is awaited.
    this.#coming.catch(() => {});
  }

  /** Show the question that was prepared, unless another takes its place while it comes. */
  async next() {
    const coming = this.#coming;
    let question;
    try {
      question = await coming;
    } catch {
      question = null;
    }
    if (this.#coming !== coming) return;
    this.#part(".quiz-lost").hidden = Boolean(question);
    if (!question) return;
    this.#ask(question);
    this.#on.asked();
  }

  #fetch({ photo, afar, options }) {
    for (const one of [photo && photo[afar ? 1 : 2], ...options.map((option) => option.photo?.[1])]) {
      if (one) new Image().src = at(this.#questions.root, one);
    }
  }

  #ask(question) {
    this.question = question;
    const heading = this.#part("#quiz-question");
    heading.textContent = heading.dataset[question.mode];
    this.#part(".quiz-table").dataset.mode = question.mode;
    const picture = this.#part(".quiz-asked img");
    const asked = this.#part(".quiz-asked");
    asked.hidden = !question.photo;
    asked.classList.toggle("afar", Boolean(question.afar));
    if (question.photo) {
      picture.src = at(this.#questions.root, question.photo[question.afar ? 1 : 2]);
      picture.alt = this.#answer.inWords(question.type);
    }
    this.#part(".quiz-options").replaceChildren(...question.options.map((one, place) => this.#option(one, place)));
    this.#part(".quiz-answer").replaceChildren();
    this.#part(".quiz-on").hidden = true;
    this.#part(".quiz-hint").hidden = false;
    heading.focus({ preventScroll: true });
    const round = this.#part(".quiz-round");
    if (round.getBoundingClientRect().top < 0) round.scrollIntoView();
  }

  /** Forget the question and the next one, so that nothing appears late. */
  clear() {
    this.question = null;
    this.#coming = null;
    this.#part(".quiz-lost").hidden = true;
  }

  #option(choice, place) {
    const button = document.createElement("button");
    button.type = "button";
    button.setAttribute("aria-keyshortcuts", place + 1);
    const number = document.createElement("span");
    number.className = "number";
    number.textContent = place + 1;
    number.ariaHidden = "true";
    button.append(number);
    if (choice.country) button.append(...this.#answer.country(choice.country));
    else {
      const picture = new Image(240, 300);
      picture.src = at(this.#questions.root, choice.photo[1]);
      picture.alt = this.#answer.inWords(choice.type);
      button.append(picture);
    }
    button.addEventListener("click", () => this.#decide(place));
    const item = document.createElement("li");
    item.append(button);
    return item;
  }

  async #decide(place) {
    const { question } = this;
    if (!question || question.done) return;
    question.done = true;
    const chosen = question.options[place];
    for (const [other, button] of [...this.#page.querySelectorAll(".quiz-options button")].entries()) {
      button.disabled = true;
      if (question.options[other].right) button.classList.add("right");
      else if (other === place) button.classList.add("wrong");
    }
    this.#part(".quiz-hint").hidden = true;
    this.#part(".quiz-on").hidden = false;
    this.#on.answered(question, chosen.right);
    const parts = await this.#answer.explain(question, chosen, (a, b) => this.#questions.note(a, b));
    if (this.question !== question) return;
    this.#part(".quiz-answer").replaceChildren(...parts);
    const on = this.#part("[name=next]");
    on.focus({ preventScroll: true });
    const { bottom } = on.getBoundingClientRect();
    if (bottom > innerHeight) on.scrollIntoView({ block: "end" });
  }

  #press(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || this.#part(".quiz-round").hidden) return;
    const place = Number(event.key) - 1;
    if (place >= 0 && place < this.question?.options.length) this.#decide(place);
    else if (event.key === "Enter" && this.question?.done && !event.target.closest("a, button")) this.#on.next();
  }

  #part(name) {
    return this.#page.querySelector(name);
  }
}
