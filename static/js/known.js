// What the owner knows of a type in a country: the same as `known` in templates/panel.html.

/**
 * A paragraph, or nothing if the owner said nothing.
 *
 * @param {object | undefined} type of the index of types
 * @param {string} code of the country
 * @param {object} words the frequencies in words
 * @returns {HTMLElement[]}
 */
export const known = (type, code, words) => {
  const [frequency, note] = type?.known?.[code] ?? ["", ""];
  if (!frequency && !note) return [];
  const line = Object.assign(document.createElement("p"), { className: "told" });
  if (frequency) line.append(Object.assign(document.createElement("b"), { textContent: words[frequency] }));
  line.append(frequency && note ? " · " : "", note);
  return [line];
};
