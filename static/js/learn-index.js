// The courses' overview: how far the visitor is in each.

import { memoryOf } from "./quiz-memory.js";

const list = document.querySelector(".courses");
if (list) {
  const memory = memoryOf(list.dataset.root);
  for (const item of list.children) {
    const steps = Number(item.dataset.steps);
    const done = Math.min(steps, memory.steps(item.dataset.course));
    // A first step that is not done yet has begun with its first answer.
    const begun = item.dataset.cards.split(" ").some((card) => memory.box(card) !== null);
    if (!done && !begun) continue;
    for (const dash of [...item.querySelectorAll(".road-steps i")].slice(0, done)) dash.className = "right";
    const text = done === steps ? list.dataset.done : list.dataset.some;
    item.querySelector(".course-state").textContent = text.replace("{step}", done + 1).replace("{steps}", steps);
  }
}
