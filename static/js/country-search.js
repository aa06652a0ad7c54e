// Narrows a list to the entries that contain the typed letters. Other names of countries, and other
// countries, are fetched when the visitor begins to search.

import { loaded, once, toldOf } from "./search-site.js";

const plain = (text) =>
  text.normalize("NFD").replace(/\p{Diacritic}/gu, "").toLocaleLowerCase();

/** All text of an entry: its own, the names of its flags, and its hints. */
const words = (entry) => {
  const hints = [...entry.querySelectorAll(".flag[alt], [title]")];
  return plain([entry.textContent, ...hints.map((hint) => hint.alt || hint.title)].join(" "));
};

for (const form of document.querySelectorAll("[data-list]")) {
  const list = document.getElementById(form.dataset.list);
  const input = form.querySelector("input");
  const output = form.querySelector("output");
  const entries = [...list.children].map((element) => ({ element, words: words(element), called: [] }));

  const learn = once(async () => {
    const { places } = await loaded(form.dataset.search);
    const names = new Map(places.map(([code, called]) => [code, plain(called.join(" ")).split(/[\s-]+/)]));
    for (const entry of entries) entry.called = names.get(entry.element.dataset.code) ?? [];
  });
  const getElsewhere = once(async () => {
    const [{ makeAbroad }, { countries }] = await Promise.all([import("./search.js"), loaded(form.dataset.elsewhere)]);
    return makeAbroad(countries);
  });

  const narrow = () => {
    const wanted = plain(input.value).split(/\s+/).filter(Boolean);
    let found = 0;
    for (const entry of entries) {
      const fits = wanted.every(
        (word) => entry.words.includes(word) || entry.called.some((name) => name.startsWith(word)),
      );
      entry.element.hidden = !fits;
      found += fits;
    }
    const message = found ? output.dataset.some.replace("#", found) : output.dataset.none;
    output.textContent = wanted.length ? message : "";
    return found || !wanted.length;
  };

  const remember = () => {
    const address = new URL(location.href);
    if (input.value) address.searchParams.set("q", input.value);
    else address.searchParams.delete("q");
    history.replaceState(null, "", address);
  };

  const answer = async () => {
    narrow();
    if (!input.value || !form.dataset.search) return;
    const text = input.value;
    try {
      await learn();
      if (text !== input.value) return;
      const found = narrow();
      if (found && text.trim().length < 4) return;
      const abroad = await getElsewhere();
      // "Niger" must not match Nigeria.
      const absent = abroad.exactly(text) ?? (found ? null : abroad.nearest(text));
      if (text === input.value && absent) output.textContent = toldOf({ absent, lone: [] }, {}, output.dataset);
    } catch {
      // Then only the names on the page can be searched.
    }
  };

  input.addEventListener("input", () => {
    answer();
    remember();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    entries.find((entry) => !entry.element.hidden)?.element.querySelector("a").focus();
  });
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, textarea, select, [contenteditable]");
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || typing) return;
    event.preventDefault();
    input.focus();
  });

  const asked = new URLSearchParams(location.search).get("q");
  if (asked) input.value = asked;
  if (input.value) answer();
}
