// The differences of two bollards in words: the same as generator/render/difference.py and
// templates/apart.html, which has the words.

/** How `mine` differs from `theirs` (values by attribute), the most visible difference first. */
export const differences = (mine, theirs) => {
  const found = [];
  const both = (name) => name in mine && name in theirs;
  for (const mark of ["form", "body"]) {
    if (both(mark) && mine[mark] !== theirs[mark]) {
      found.push({ mark, this: mine[mark], other: theirs[mark] });
    }
  }
  if (both("pattern")) found.push(...marking(mine, theirs));
  if (both("reflector")) found.push(...reflector(mine.reflector, theirs.reflector));
  return found;
};

const marking = (mine, theirs) => {
  const [thisColour, otherColour] = [mine, theirs].map((one) =>
    (one.accent ?? "none") === "none" ? "" : one.accent,
  );
  const [own, other] = [mine, theirs].map((one) => (one.pattern === "plain" ? "" : one.pattern));
  const values = { this: own, other, thisColour, otherColour };
  if (own !== other) {
    return [{ mark: own && other ? "marking" : own ? "marking-only" : "marking-none", ...values }];
  }
  const recoloured = own && thisColour && otherColour && thisColour !== otherColour;
  return recoloured ? [{ mark: "accent", ...values }] : [];
};

const reflector = (mine, theirs) => {
  if (mine === theirs) return [];
  if (theirs === "none") return [{ mark: "reflector-only", this: mine, other: "" }];
  if (mine === "none") return [{ mark: "reflector-none", this: "", other: theirs }];
  return [{ mark: "reflector", this: mine, other: theirs }];
};

/** The words in a page's dictionary template. */
export class Words {
  constructor(template) {
    this.entries = new Map(
      [...template.content.querySelectorAll("data")].map((entry) => [entry.value, entry.textContent]),
    );
  }

  /** An entry with its placeholders filled in. */
  say(key, values = {}) {
    const text = this.entries.get(key) ?? key.split(" ").at(-1);
    return text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
  }

  colour(value) {
    return value && this.say(`colour ${value}`);
  }

  form(value) {
    return this.say(`form ${value}`);
  }

  /** "red band"; without a colour, "band". */
  marking(pattern, colour) {
    if (!pattern) return "";
    return this.say(colour ? `marking ${pattern} ${colour}` : `marking ${pattern}`);
  }

  /** A difference as a clause: "its band is red, not black". */
  difference(found) {
    if (found.mark === "accent") {
      return this.say(`accent ${found.this}`, {
        this: this.colour(found.thisColour),
        other: this.colour(found.otherColour),
      });
    }
    let [mine, other] = [this.colour(found.this), this.colour(found.other)];
    if (found.mark === "form") [mine, other] = [this.form(found.this), this.form(found.other)];
    if (found.mark.startsWith("marking")) {
      mine = this.marking(found.this, found.thisColour);
      other = this.marking(found.other, found.otherColour);
    }
    return this.say(found.mark, { this: mine, other });
  }
}
