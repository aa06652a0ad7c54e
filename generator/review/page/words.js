// Everything the modules say, in one place. Like the command line, the page speaks English.

const count = (number, one, more) => `${number} ${number === 1 ? one : more}`;
const places = new Intl.DisplayNames(["en"], { type: "region", fallback: "none" });
const whole = new Intl.NumberFormat("en", { style: "percent", maximumFractionDigits: 0 });

export const percent = (value) => whole.format(Math.max(0, value));
export const bollards = (number) => count(number, "bollard", "bollards");
export const photos = (number) => count(number, "photo", "photos");
export const types = (number) => count(number, "type", "types");

export function country(code, known) {
  if (!code) return "Unknown country";
  return known?.[code] ?? places.of(code) ?? code;
}

/** Every country that the browser has a name of: [code, name]. */
export function countries() {
  const letters = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"];
  // Codes for tests, for the euro area and the like are no places where a bollard stands.
  const none = new Set(["EU", "EZ", "UN", "XA", "XB", "QO", "ZZ"]);
  return letters
    .flatMap((first) => letters.map((second) => first + second))
    .filter((code) => !none.has(code))
    .map((code) => [code, places.of(code)])
    .filter(([, name]) => name);
}

export const kinds = {
  new: "New types",
  unnamed: "Types without a name",
  proposed: "Proposed types",
  doubtful: "Doubtful bollards",
  alike: "Types that look like one",
  split: "Types that look like two",
};

export const attributes = ["form", "body", "pattern", "accent", "reflector"];
export const attribute = (value) => (value === "multi" ? "several colours" : value);

export const say = {
  progress: (named, of) => `${named} of ${of} named`,
  oneOff: "one-off",
  oneOffs: "One-offs",
  onPurpose: "on purpose",
  oneOffAbout: "It belongs to no type. What is it nearest to?",
  address: (id) => `types/${id}/`,
  overlap: (share) => `${percent(share)} could be in either`,
  apart: (score) => `separation ${score.toFixed(2)}`,
  near: (score) => `${percent(score)} alike`,
  done: "Nothing waits for you.",
  doneMore: "Everything has a name, and nothing is in doubt. The lists beside have all types and one-offs.",
  buildNext: "What you decided goes onto the site with the next build.",
  suggestedName: "Name",
  nameSuggested: "Suggested",
  nameGiven: "Given by you",
  nameHint: "Save, next",
  sameName: (name, number) => `“${name}” exists already, with ${number}. Enter offers to merge the two.`,
  description: "Description",
  describe: "Describe it",
  family: (name) => `Family: ${name}`,
  noFamily: "Family",
  splitTitle: "This type looks like two",
  splitTold: (off, rest, score) =>
    `${bollards(off)} ${off === 1 ? "stands" : "stand"} apart from the other ${rest} (separation ${score.toFixed(2)}).`,
  splitKeep: "Leave together",
  splitGroup: "Suggested to split off",
  splitRest: "The others",
  alikeTitle: "Are these two types one?",
  alikeTold: (share) => `${percent(share)} of their bollards could be in either.`,
  keepApart: "Keep apart",
  tellApart: "Note how to tell them apart",
  proposedTitle: "Are these a type of their own?",
  proposedTold: "New bollards that are like each other, and like nothing known.",
  makeType: "Make it a type…",
  leaveOneOffs: "Leave them one-offs",
  doubtTitle: "Which type does it belong to?",
  strayTold: (name) => `nearer to ${name}`,
  pinned: "pinned",
  isNew: "new",
  selected: (number) => `${bollards(number)} selected`,
  noneSelected: "Nothing selected: keys act on the bollard in focus",
  belongs: "Belongs here",
  candidate: (number) => `Candidate ${number}`,
  move: "Move to…",
  moveTitle: (number) => `Move ${bollards(number)} to`,
  newType: (text) => `New type “${text}”`,
  newTypeUnnamed: "New type, named later",
  newTypeTold: "of these bollards alone",
  merge: "Merge…",
  mergeWith: "Merge with…",
  mergeTitle: (name) => `Merge “${name}” with`,
  goTo: "Go to a type",
  notThis: "Not this type",
  split: "Split off",
  splitName: "Name of the new type (may be empty)",
  pin: "Pin here",
  unpin: "Unpin",
  oneOffMake: "One-off on purpose",
  hide: "Hide photo",
  picture: "Use as picture",
  isPicture: "picture of the type",
  country: "Country…",
  countryTitle: (number) => `Where do these stand? (${bollards(number)})`,
  countryAsFolder: "As the photos say",
  countryUnknown: "Unknown country",
  lookalike: "Look-alike…",
  lookalikeTitle: (name) => `“${name}” can be mistaken for`,
  lookalikeAsk: (a, b) => `How to tell “${a}” from “${b}”`,
  familyTitle: (name) => `Family of “${name}”`,
  familyNone: "No family",
  familyNew: (text) => `New family “${text}”`,
  whyTitle: "Why",
  whyNear: "Nearest photos",
  whyTypes: "Nearest types",
  whyEmpty: "Focus a photo, and this shows what it is nearest to, and why.",
  agree: "agree",
  differ: "differ",
  thisOne: "this",
  viewOfSame: "another view of it",
  mergeTold: (gone, kept, goneName, keptName, number) => [
    `${bollards(number)} become part of “${keptName}”.`,
    `The address types/${gone}/ leads to types/${kept}/ from then on.`,
    `“${goneName}” is no longer a name on the site.`,
  ],
  stays: "stays",
  goes: "becomes part of it",
  undone: (label) => `Undone: ${label}`,
  redone: (label) => `Made again: ${label}`,
  saving: (number) => `Saving ${count(number, "decision", "decisions")}…`,
  saved: "All decisions are saved",
  gone: (number) =>
    number
      ? `The server is gone. ${count(number, "decision is", "decisions are")} not saved yet; they are kept in this window. Start “bollards review” again: this page tries every second.`
      : "The server is gone. Everything you decided is saved. Start “bollards review” again: this page tries every second.",
  broken: (line) =>
    line
      ? `curation.toml is broken at line ${line}. Nothing is written over it until it is put right.`
      : "curation.toml cannot be read. Nothing is written over it until it is put right.",
  anyway: "Do it anyway",
  leave: "Leave it",
  building: (step, done, total) => (total ? `Building: ${step} ${done} of ${total}` : `Building: ${step}`),
  built: "Built. The site has what you decided.",
  buildFailed: "The build failed",
  buildNow: "Build now",
  nothingChanges: "Nothing: there are no decisions since the last build.",
  hiddenTitle: "Hidden photos",
  showAgain: "Show again",
  problems: "Could not be carried out",
  changes: {
    renamed: "Types with another name",
    merged: "Types that are merged",
    born: "New types",
    emptied: "Types that are gone",
    moved: "Bollards that move",
    described: "Types with another description",
    pictures: "Types with another picture",
    countries: "Bollards in another country",
    hidden: "Photos that are hidden",
  },
  changeRenamed: (before, after) => [before, " → ", after],
  leadsTo: (from, to) => `types/${from}/ will lead to types/${to}/`,
  leadsOn: (from) => `types/${from}/ will lead on`,
  addressBack: (id) => `types/${id}/ comes back`,
  newAddress: (id) => `new address types/${id}/`,
  fileOf: (photo) => `${photo.file}`,
};

export const shortcuts = [
  ["Everywhere", [
    ["j k", "next, previous on the list"],
    ["t", "next list: to review, types, one-offs"],
    ["/", "go to a type"],
    ["Ctrl Z", "undo"],
    ["Ctrl Shift Z", "redo"],
    ["e", "what will change on the site"],
    ["b", "build now"],
    ["?", "these shortcuts"],
  ]],
  ["Naming", [
    ["Enter", "save the name, go to the next"],
    ["↓ ↑", "choose among known names"],
    ["Esc", "leave the field, to use the keys below"],
    ["n", "name the type"],
    ["d", "describe it"],
    ["f", "put it into a family"],
    ["l", "note how to tell it from a look-alike"],
    ["g", "merge it with another type"],
  ]],
  ["Bollards", [
    ["← → ↑ ↓", "go from photo to photo"],
    ["Space", "select the bollard"],
    ["a", "select all, or none"],
    ["m", "move to another type, or a new one"],
    ["s", "split the selected ones off"],
    ["r", "not this type: keep it out"],
    ["p", "pin to this type, unpin"],
    ["o", "a one-off on purpose"],
    ["c", "correct the country"],
    ["h", "hide the photo"],
    ["i", "use the photo as the type's picture"],
    ["v", "view it large"],
  ]],
  ["Suggestions", [
    ["1 2", "the bollard belongs to the first, the second candidate"],
    ["g", "merge the two types"],
    ["x", "turn the suggestion down"],
  ]],
];
