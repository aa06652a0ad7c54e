// What decides between countries, in words: "Reflector: orange (Spain), red (Portugal)". The same as
// `telltale` in templates/versus.html.

/** @param {object} words the page's `Words`, with the values of attributes */
const valueOf = (words, list, attribute, values) => {
  if (attribute === "marking") {
    return values[0] === "plain" ? words.say("plain") : words.marking(values[0], values[1] ?? "");
  }
  if (attribute === "form") return words.form(values[0]);
  return values[0] === "none" ? words.say("no reflector") : list(values.map((value) => words.colour(value)));
};

/**
 * One telltale as a paragraph.
 *
 * @param {{attribute: string, said: {values: string[], codes: string[]}[]}} telltale
 * @param {{words: object, labels: object, list: (names: string[]) => string,
 *   nameOf: (code: string) => string}} page its words, the labels of attributes, and how it lists
 *   and names countries
 */
export const telltaleLine = ({ attribute, said }, { words, labels, list, nameOf }) => {
  const part = Object.assign(document.createElement("p"), { className: "telltale" });
  part.append(Object.assign(document.createElement("b"), { textContent: `${labels[attribute]}:` }));
  for (const [place, { values, codes }] of said.entries()) {
    const one = Object.assign(document.createElement("span"), { className: "said" });
    const swatches = ["body", "reflector"].includes(attribute) ? values : [];
    for (const value of swatches) {
      one.append(Object.assign(document.createElement("span"), { className: `swatch swatch-${value}` }), " ");
    }
    const whose = Object.assign(document.createElement("span"), { className: "whose" });
    whose.textContent = `(${list(codes.map(nameOf))})`;
    one.append(valueOf(words, list, attribute, values), " ", whose);
    part.append(" ", one, place < said.length - 1 ? "," : "");
  }
  return part;
};
