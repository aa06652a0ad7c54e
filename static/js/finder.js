// Narrows a list down to the entries that a few typed letters are found in.

const plain = (text) =>
  text.normalize("NFD").replace(/\p{Diacritic}/gu, "").toLocaleLowerCase();

/** Everything an entry says: its text, the names of its flags, and what its hints unfold. */
const words = (entry) => {
  const hints = [...entry.querySelectorAll(".flag[alt], [title]")];
  return plain([entry.textContent, ...hints.map((hint) => hint.alt || hint.title)].join(" "));
};

for (const form of document.querySelectorAll("[data-finder]")) {
  const list = document.getElementById(form.dataset.finder);
  const input = form.querySelector("input");
  const output = form.querySelector("output");
  const entries = [...list.children].map((element) => ({ element, words: words(element) }));

  const narrow = () => {
    const wanted = plain(input.value).split(/\s+/).filter(Boolean);
    let found = 0;
    for (const entry of entries) {
      const fits = wanted.every((word) => entry.words.includes(word));
      entry.element.hidden = !fits;
      found += fits;
    }
    const message = found ? output.dataset.some.replace("#", found) : output.dataset.none;
    output.textContent = wanted.length ? message : "";
  };

  const remember = () => {
    const address = new URL(location.href);
    if (input.value) address.searchParams.set("q", input.value);
    else address.searchParams.delete("q");
    history.replaceState(null, "", address);
  };

  input.addEventListener("input", () => {
    narrow();
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
  if (input.value) narrow();
}
