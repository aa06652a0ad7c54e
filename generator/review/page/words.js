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
  unnamed: "Types you haven’t named yet",
  proposed: "Proposed types",
  doubtful: "Bollards to check",
  alike: "Types that may be the same",
  split: "Types to split",
};

export const attributes = ["form", "body", "pattern", "accent", "reflector"];
export const attribute = (value) => (value === "multi" ? "several colours" : value);

export const say = {
  progress: (named, of) => `${named} of ${of} named`,
  oneOff: "unsorted",
  oneOffs: "Unsorted bollards",
  onPurpose: "by your decision",
  oneOffAbout: "It belongs to no type. These types are the most similar.",
  address: (id) => `types/${id}/`,
  overlap: (share) => `${percent(share)} of their bollards fit both`,
  near: (score) => `${percent(score)} alike`,
  done: "Nothing left to review.",
  doneMore: "Every type has a name, and no bollard needs a check. The other lists show all types and unsorted bollards.",
  buildNext: "The next build puts your decisions on the site.",
  suggestedName: "Name",
  nameSuggested: "Suggested",
  nameGiven: "Given by you",
  nameHint: "Save and next",
  sameName: (name, number) => `“${name}” already exists, with ${number}. Press Enter to merge the two.`,
  description: "Description",
  describe: "Describe it",
  family: (name) => `Family: ${name}`,
  noFamily: "Family",
  splitTitle: "Should this type be split?",
  splitTold: (off, rest) =>
    `${bollards(off)} ${off === 1 ? "looks" : "look"} different from the other ${rest}.`,
  splitKeep: "Keep together",
  splitGroup: "Suggested to split off",
  splitRest: "The others",
  alikeTitle: "Are these two types the same?",
  alikeTold: (share) => `${percent(share)} of their bollards fit both types.`,
  keepApart: "Keep apart",
  tellApart: "Note how to tell them apart",
  proposedTitle: "Are these a new type?",
  proposedTold: "New bollards that look like each other, and like no existing type.",
  makeType: "Make it a type…",
  leaveOneOffs: "Leave them unsorted",
  doubtTitle: "Which type does it belong to?",
  strayTold: (name) => `closer to ${name}`,
  pinned: "pinned",
  isNew: "new",
  selected: (number) => `${bollards(number)} selected`,
  noneSelected: "Nothing selected. Keys act on the focused bollard.",
  belongs: "Belongs here",
  candidate: (number) => `Candidate ${number}`,
  move: "Move to…",
  moveTitle: (number) => `Move ${bollards(number)} to`,
  newType: (text) => `New type “${text}”`,
  newTypeUnnamed: "New type, named later",
  newTypeTold: "with only these bollards",
  merge: "Merge…",
  mergeWith: "Merge with…",
  mergeTitle: (name) => `Merge “${name}” with`,
  goTo: "Go to a type",
  notThis: "Not this type",
  split: "Split off",
  splitName: "Name of the new type (optional)",
  pin: "Pin here",
  unpin: "Unpin",
  oneOffMake: "Keep unsorted",
  hide: "Hide photo",
  picture: "Use as picture",
  isPicture: "picture of the type",
  country: "Country…",
  countryTitle: (number) => `Country of ${bollards(number)}`,
  countryAsFolder: "As in the photos’ folders",
  countryUnknown: "Unknown country",
  lookalike: "Look-alike…",
  lookalikeTitle: (name) => `“${name}” is often confused with`,
  lookalikeAsk: (a, b) => `How to tell “${a}” from “${b}”`,
  familyTitle: (name) => `Family of “${name}”`,
  familyNone: "No family",
  familyNew: (text) => `New family “${text}”`,
  whyTitle: "Why",
  whyNear: "Nearest photos",
  whyTypes: "Nearest types",
  whyEmpty: "Focus a photo to see its nearest photos and types.",
  agree: "agree",
  differ: "differ",
  thisOne: "this",
  viewOfSame: "another view of it",
  mergeTold: (gone, kept, goneName, keptName, number) => [
    `${bollards(number)} become part of “${keptName}”.`,
    `The address types/${gone}/ will redirect to types/${kept}/.`,
    `The name “${goneName}” will no longer appear on the site.`,
  ],
  stays: "stays",
  goes: "is merged into it",
  undone: (label) => `Undone: ${label}`,
  redone: (label) => `Redone: ${label}`,
  saving: (number) => `Saving ${count(number, "decision", "decisions")}…`,
  saved: "All decisions are saved",
  gone: (number) =>
    number
      ? `The server is gone. ${count(number, "decision is", "decisions are")} not saved yet, and kept in this window. Start “bollards review” again; this page tries to reconnect every second.`
      : "The server is gone. All your decisions are saved. Start “bollards review” again; this page tries to reconnect every second.",
  broken: (line) =>
    line
      ? `curation.toml has an error in line ${line}. Nothing is written to it until you correct it.`
      : "curation.toml cannot be read. Nothing is written to it until you correct it.",
  anyway: "Use my name",
  leave: "Cancel",
  building: (step, done, total) => (total ? `Building: ${step} ${done} of ${total}` : `Building: ${step}`),
  built: "Built. Your decisions are on the site.",
  buildFailed: "The build failed",
  buildNow: "Build now",
  nothingChanges: "Nothing. There are no decisions since the last build.",
  hiddenTitle: "Hidden photos",
  hiddenFile: (file) => `${file} is hidden`,
  hiddenGone: (entry) => `${entry}: not in photos/ now. It stays hidden if it comes back.`,
  showAgain: "Publish again",
  heldTitle: "Held back: hide or publish?",
  heldLike: (entry) => `nearly the same picture as the one hidden as ${entry}.`,
  heldName: (entry) => `may be the photo that the entry ${entry} hides.`,
  publish: "Publish",
  problems: "Decisions without effect",
  changes: {
    renamed: "Renamed types",
    merged: "Merged types",
    born: "New types",
    emptied: "Removed types",
    moved: "Bollards that change type",
    described: "Types with a new description",
    pictures: "Types with a new picture",
    countries: "Bollards with a new country",
    hidden: "Hidden photos",
  },
  changeRenamed: (before, after) => [before, " → ", after],
  leadsTo: (from, to) => `types/${from}/ will redirect to types/${to}/`,
  leadsOn: (from) => `types/${from}/ will redirect`,
  addressBack: (id) => `types/${id}/ comes back`,
  newAddress: (id) => `new address types/${id}/`,
  fileOf: (photo) => `${photo.file}`,
};

export const shortcuts = [
  ["Everywhere", [
    ["j k", "next, previous on the list"],
    ["t", "next list: to review, types, unsorted"],
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
    ["o", "keep it unsorted"],
    ["c", "correct the country"],
    ["h", "hide the photo"],
    ["i", "use the photo as the type's picture"],
    ["v", "view it large"],
  ]],
  ["Suggestions", [
    ["1 2", "the bollard belongs to the first, the second candidate"],
    ["g", "merge the two types"],
    ["x", "reject the suggestion"],
  ]],
];
