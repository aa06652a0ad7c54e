// The contact sheet: the filters, the address, and the card of the open photo.

import { ContactSheet } from "./contact-sheet.js";
import { Viewer } from "./explore-viewer.js";
import { at } from "./types.js";

const page = document.querySelector(".explore");
const { root, home } = page.dataset;
const output = page.querySelector(".choice output");
const lists = {
  type: page.querySelector("[name=type]"),
  country: page.querySelector("[name=country]"),
};
// Only where the site knows regions.
const region = page.querySelector("[name=region]");
if (region) lists.region = region;
const card = page.querySelector(".found");
const still = matchMedia("(prefers-reduced-motion: reduce)");
const NONE = 0xffff;

const names = new Map([...lists.type.options].map((option) => [option.value, option.textContent]));

/** The state in the address: a type, a country, a region, a view ("x,y,cell") and a photo's id. */
const asked = () => {
  const query = new URLSearchParams(location.search);
  const hash = new URLSearchParams(location.hash.slice(1));
  const at = (hash.get("at") ?? "").split(",").map(Number);
  return {
    type: query.get("type") ?? "",
    country: (query.get("country") ?? "").toUpperCase(),
    region: (query.get("region") ?? "").toUpperCase(),
    at: at.length === 3 && at.every(Number.isFinite) ? at : null,
    photo: hash.get("photo") ?? query.get("photo"),
  };
};

const start = async () => {
  const sheet = await ContactSheet.load(page.dataset.sheet, root);
  const canvas = page.querySelector("canvas");
  const viewer = new Viewer(canvas, sheet, {
    still: () => still.matches,
    label: (type) => names.get(sheet.types[type]) ?? "",
    moved: () => remember(),
    chosen: (photo) => show(photo),
  });
  let timer = 0;

  const remember = () => {
    clearTimeout(timer);
    canvas.ariaBusy = "true";
    // Browsers reject an address that changes with every frame.
    timer = setTimeout(write, 250);
  };

  const write = () => {
    const address = new URL(location.href);
    for (const name of Object.keys(lists)) {
      if (lists[name].value) address.searchParams.set(name, lists[name].value);
      else address.searchParams.delete(name);
    }
    // A photo's page links here with a query; from now on the photo is in the fragment.
    address.searchParams.delete("photo");
    const hash = [];
    if (viewer.touched) hash.push(`at=${viewer.place().join(",")}`);
    const entry = viewer.photo === null ? null : sheet.entry(viewer.photo);
    if (entry) hash.push(`photo=${entry[0]}`);
    address.hash = hash.join("&");
    if (address.href !== location.href) history.replaceState(null, "", address);
    canvas.ariaBusy = "false";
  };

  const choose = () => {
    const type = sheet.types.indexOf(lists.type.value);
    const country = sheet.countries.indexOf(lists.country.value);
    const part = region ? sheet.regions.indexOf(region.value) : -1;
    const all = type < 0 && country < 0 && part < 0;
    const fits = (photo) =>
      (type < 0 || sheet.type[photo] === type) &&
      (country < 0 || sheet.country[photo] === country) &&
      (part < 0 || sheet.region[photo] === part);
    const found = all ? null : [...sheet.photos()].filter(fits);
    viewer.narrow(found);
    output.textContent = found
      ? output.dataset.found.replace("{found}", found.length).replace("{all}", sheet.count)
      : "";
    remember();
  };

  const show = async (photo) => {
    remember();
    if (photo === null) {
      card.hidden = true;
      return;
    }
    const [id, picture] = await sheet.fetchEntry(photo);
    if (viewer.photo !== photo) return;
    remember();
    const type = sheet.type[photo] === NONE ? null : sheet.types[sheet.type[photo]];
    const code = sheet.country[photo] === NONE ? null : sheet.countries[sheet.country[photo]];
    const place = code && lists.country.querySelector(`option[value="${code}"]`);
    const part = (name) => card.querySelector(name);
    const link = `${home}photos/${id}/`;
    part(".found-picture").href = link;
    part(".found-photo").href = link;
    part(".found-picture img").src = at(root, picture);
    part(".found-picture img").alt = [names.get(type), place?.textContent].filter(Boolean).join(", ");
    part(".found-type").hidden = type === null;
    part(".found-one-off").hidden = type !== null;
    if (type !== null) {
      part(".found-type").href = `${home}types/${type}/`;
      part(".found-type").textContent = names.get(type);
    }
    part(".found-country a").hidden = part(".found-country img").hidden = !place;
    part(".found-country span").hidden = Boolean(place);
    if (place) {
      part(".found-country img").src = place.dataset.flag;
      part(".found-country a").href = `${home}countries/${place.dataset.slug}/`;
      part(".found-country a").textContent = place.textContent;
    }
    part("[name=only]").hidden = type === null || lists.type.value === type;
    card.hidden = false;
  };

  const follow = async () => {
    const wish = asked();
    lists.type.value = names.has(wish.type) ? wish.type : "";
    lists.country.value = sheet.countries.includes(wish.country) ? wish.country : "";
    if (region) region.value = sheet.regions.includes(wish.region) ? wish.region : "";
    choose();
    if (wish.at) viewer.goTo(...wish.at);
    const photo = wish.photo ? await sheet.find(wish.photo) : null;
    if (photo !== null) viewer.open(photo, !wish.at);
  };

  for (const list of Object.values(lists)) list.addEventListener("change", choose);
  page.addEventListener("click", (event) => {
    const { name } = event.target.closest("button") ?? {};
    if (name === "in") viewer.zoom(2);
    else if (name === "out") viewer.zoom(0.5);
    else if (name === "all") viewer.showAll();
    else if (name === "close") viewer.close();
    else if (name === "only") {
      lists.type.value = sheet.types[sheet.type[viewer.photo]];
      choose();
      card.querySelector("[name=only]").hidden = true;
    }
  });
  card.addEventListener("keydown", (event) => {
    if (event.key === "Escape") viewer.close();
  });
  addEventListener("hashchange", follow);
  await follow();
  page.dataset.ready = "";
};

start().catch((error) => {
  page.querySelector("[data-lost]").hidden = false;
  throw error;
});
