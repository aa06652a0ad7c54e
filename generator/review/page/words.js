// All words of the modules, in one place. Like the command line, the page is in English.

// What the collection shows, one and several: "bollard", "bollards".
const { thing, things } = document.documentElement.dataset;
const capital = (words) => words[0].toUpperCase() + words.slice(1);
const a = (words) => `${/^[aeiou]/i.test(words) ? "an" : "a"} ${words}`;

const count = (number, one, more) => `${number} ${number === 1 ? one : more}`;
const places = new Intl.DisplayNames(["en"], { type: "region", fallback: "none" });
const whole = new Intl.NumberFormat("en", { style: "percent", maximumFractionDigits: 0 });

export const percent = (value) => whole.format(Math.max(0, value));
export const bollards = (number) => count(number, thing, things);
export const photos = (number) => count(number, "photo", "photos");
export const types = (number) => count(number, "type", "types");

export function country(code, known) {
  if (!code) return "Unknown country";
  return known?.[code] ?? places.of(code) ?? code;
}

/** What the owner knows of a type in a country: {frequency, note}. */
export const inOneLine = ({ frequency, note }) => [frequency && say.frequencies[frequency], note].filter(Boolean).join(" · ");

/** Every country for which the browser has a name: [code, name]. */
export function countries() {
  const letters = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"];
  // Codes for tests, for the euro area and so on are not countries.
  const none = new Set(["EU", "EZ", "UN", "XA", "XB", "QO", "ZZ"]);
  return letters
    .flatMap((first) => letters.map((second) => first + second))
    .filter((code) => !none.has(code))
    .map((code) => [code, places.of(code)])
    .filter(([, name]) => name);
}

export const kinds = {
  held: "Held back",
  unseen: `No ${thing} to be seen`,
  same: "The same photo twice",
  filed: "Filed under several countries",
  new: "New types",
  unnamed: "Types you haven’t named yet",
  proposed: "Proposed types",
  doubtful: `${capital(things)} to check`,
  alike: "Types that may be the same",
  split: "Types to split",
};

export const say = {
  progress: (named, of) => `${named} of ${of} named`,
  oneOff: "unsorted",
  oneOffs: `Unsorted ${things}`,
  onPurpose: "by your decision",
  oneOffAbout: "It belongs to no type. These types are the most similar.",
  address: (id) => `types/${id}/`,
  overlap: (share) => `${percent(share)} of their ${things} fit both`,
  near: (chance) => `${percent(chance)} likely the same type`,
  done: "Nothing left to review.",
  doneMore: `Every type has a name, and no ${thing} needs a check. The other lists show all types and unsorted ${things}.`,
  buildNext: "The next build puts your decisions on the site.",
  suggestedName: "Name",
  nameSuggested: "Suggested",
  nameGiven: "Given by you",
  nameHint: "Save and next",
  sameName: (name, number) => `“${name}” already exists, with ${number}. Press Enter to merge the two.`,
  description: "Description",
  fromDescribers: "Words from describers (not published)",
  describe: "Describe it",
  slug: "Address…",
  slugAsk: (name) => `Address of “${name}”: types/…/`,
  slugTold: "The old address will redirect to the new one. Once the site is deployed, links elsewhere and search engines know the old address; change it only for a good reason. If you leave it empty, the type gets back the address that the program chose.",
  family: (name) => `Family: ${name}`,
  noFamily: "Family",
  splitTitle: "Should this type be split?",
  splitTold: (off, rest) =>
    `${bollards(off)} ${off === 1 ? "looks" : "look"} different from the other ${rest}.`,
  splitKeep: "Keep together",
  splitGroup: "Suggested to split off",
  splitRest: "The others",
  alikeTitle: "Are these two types the same?",
  alikeTold: (share) => `${percent(share)} of their ${things} fit both types.`,
  neither: "Neither: keep unsorted",
  more: (number) => `and ${number} more`,
  noMatch: "Nothing matches.",
  notHere: (key) => `“${key}” does nothing on this screen. “?” shows what does.`,
  endOfList: "End of the list.",
  startOfList: "Start of the list.",
  emptyList: "Nothing here.",
  alsoIn: (lists) => `also under ${lists.join(", ")}`,
  keepApart: "Keep apart",
  tellApart: "Note how to tell them apart",
  proposedTitle: "Are these a new type?",
  proposedTold: `New ${things} that look like each other, and like no existing type.`,
  makeType: "Make it a type…",
  leaveOneOffs: "Leave them unsorted",
  doubtTitle: "Which type does it belong to?",
  strayTold: (name) => `closer to ${name}`,
  pinned: "pinned",
  isNew: "new",
  selected: (number) => `${bollards(number)} selected`,
  noneSelected: `Nothing selected. Keys act on the focused ${thing}.`,
  belongs: "Belongs here",
  candidate: (number) => `Candidate ${number}`,
  move: "Move to…",
  moveTitle: (number) => `Move ${bollards(number)} to`,
  newType: (text) => `New type “${text}”`,
  newTypeUnnamed: "New type, named later",
  newTypeTold: `with only these ${things}`,
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
  known: "In a country…",
  knownTitle: (name) => `“${name}” in which country?`,
  knownAsk: (name, place) => `What ${things} of “${name}” look like in ${place}, in one sentence`,
  knownExample: "Such as “Bright red in front.” An empty text removes the sentence.",
  frequency: "How often it is seen there",
  frequencies: { "": "not said", common: "common", regional: "regional: common in a part of it", rare: "rare", old: "old: hardly seen now" },
  familyTitle: (name) => `Family of “${name}”`,
  familyNone: "No family",
  familyNew: (text) => `New family “${text}”`,
  whyBelow: "Why?",
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
  buildFailed: "The build failed. The site is as it was before.",
  buildNow: "Build now",
  nothingChanges: "Nothing. There are no decisions since the last build.",
  hiddenTitle: "Hidden photos",
  hiddenFile: (file) => `${file} is hidden`,
  hiddenGone: (entry) => `${entry}: not in photos/ now. It stays hidden if it comes back.`,
  showAgain: "Publish again",
  sameTitle: "Which of these two photos do you keep?",
  sameTold: "They are nearly the same. The other one is hidden from the site; its file stays.",
  keepThis: "Keep this one",
  keepBoth: "Keep both",
  filedTitle: `In which country is this ${thing}?`,
  filedTold: "The same file is in the folders of several countries. Your choice goes into curation.toml; the files stay.",
  filedKeep: "Leave it as it is",
  unseenTitle: `Is there ${a(thing)} in this photo?`,
  unseenHeld: "The program sees none, so the photo is held back from the site until you decide.",
  unseenShown: "The program sees none. The photo is on the site.",
  keepPublished: "Keep on the site",
  drawBox: "Draw the box…",
  boxIs: ([left, top, right, bottom]) => `from ${left}, ${top} to ${right}, ${bottom} pixels`,
  hiddenOne: "the hidden photo",
  isHeld: "held back",
  isShown: "on the site",
  heldTold: (why) => `This photo is held back from the site: ${why}`,
  heldTitle: "Held back: hide or publish?",
  heldLike: (entry) => `nearly identical to the photo hidden as ${entry}.`,
  heldName: (entry) => `may be the photo that the entry ${entry} hides.`,
  publish: "Publish",
  problems: "Decisions without effect",
  changes: {
    renamed: "Renamed types",
    merged: "Merged types",
    born: "New types",
    emptied: "Removed types",
    moved: `${capital(things)} that change type`,
    described: "Types with a new description",
    addressed: "Types with a new address",
    known: "Types with other words about a country",
    pictures: "Types with a new picture",
    countries: `${capital(things)} with a new country`,
    hidden: "Hidden photos",
    published: "Photos to be published",
    boxed: "Photos with a new box",
  },
  changeRenamed: (before, after) => [before, " → ", after],
  leadsTo: (from, to) => `types/${from}/ will redirect to types/${to}/`,
  leadsOn: (from) => `types/${from}/ will redirect`,
  addressBack: (id) => `types/${id}/ comes back`,
  newAddress: (id) => `new address types/${id}/`,
  fileOf: (photo) => `${photo.file}`,
};

const [TYPE, BOLLARD, FIRST, SAME, FILED, ALIKE, PROPOSED] = ["type", "bollard", "first", "same", "filed", "alike", "proposed"];

/** Keys by what they are about: [title, [[keys, words]], screens]; without screens, on all. */
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
    ["Enter", "take the suggested name, go to the next"],
    ["n", "type another name"],
    ["↓ ↑", "in the field: choose among known names"],
    ["Esc", "leave the field"],
    ["d", "describe it"],
    ["u", "choose its address"],
    ["f", "put it into a family"],
    ["l", "note how to tell it from a look-alike"],
    ["y", "say how often it is seen in a country, and what it looks like there"],
    ["g", "merge it with another type"],
  ], [TYPE]],
  [capital(things), [
    ["← → ↑ ↓", "go from photo to photo"],
    ["Space", `select the ${thing}`],
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
    ["w", `draw the box around the ${thing}`],
  ], [TYPE, BOLLARD, ALIKE, PROPOSED]],
  ["Photos to look at first", [
    ["p", "publish it"],
    ["h", "hide it"],
    ["w", `draw the box around the ${thing}`],
  ], [FIRST]],
  ["Suggestions", [
    ["1 2", `the ${thing} belongs to the first, the second candidate`],
    ["x", `reject the suggestion; keep ${a(thing)} in doubt unsorted`],
  ], [TYPE, BOLLARD, PROPOSED]],
  ["Two photos", [
    ["1 2", "keep the first, the second one"],
    ["x", "keep both"],
  ], [SAME]],
  ["A photo in several folders", [
    ["1 2", "take the country of the first, the second folder"],
    ["c", "choose another country"],
    ["x", "leave it as it is"],
  ], [FILED]],
  ["Two types", [
    ["g", "merge them"],
    ["l", "note how to tell them apart"],
    ["x", "keep them apart"],
  ], [ALIKE]],
];

/** The screens on which a key does something; keys that are not here work on all. */
export const screens = {
  n: [TYPE],
  Enter: [TYPE],
  d: [TYPE],
  u: [TYPE],
  f: [TYPE],
  y: [TYPE],
  i: [TYPE],
  r: [TYPE],
  a: [TYPE],
  g: [TYPE, ALIKE],
  l: [TYPE, ALIKE],
  " ": [TYPE, ALIKE, PROPOSED],
  m: [TYPE, BOLLARD, ALIKE, PROPOSED],
  s: [TYPE, BOLLARD, PROPOSED],
  o: [TYPE, BOLLARD, ALIKE, PROPOSED],
  c: [TYPE, BOLLARD, FILED, ALIKE, PROPOSED],
  p: [TYPE, BOLLARD, FIRST],
  h: [TYPE, BOLLARD, FIRST, ALIKE, PROPOSED],
  v: [TYPE, BOLLARD, ALIKE, PROPOSED],
  w: [TYPE, BOLLARD, FIRST, ALIKE, PROPOSED],
  x: [TYPE, BOLLARD, SAME, FILED, ALIKE, PROPOSED],
  1: [BOLLARD, SAME, FILED],
  2: [BOLLARD, SAME, FILED],
};
