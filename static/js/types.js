// The index of types, which interactive pages fetch once.

/** The index, or an error that the page reports. */
export const loadTypes = async (url) => {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  const index = await answer.json();
  index.byId = new Map(index.types.map((type) => [type.id, type]));
  return index;
};

/** The address of a picture: one that lies on another host has a whole address instead of a path. */
export const at = (root, path) => (/^https?:/.test(path) ? path : root + path);

/** Text for comparison: without case and accents. */
export const plain = (text) =>
  text.normalize("NFD").replace(/\p{Diacritic}/gu, "").toLocaleLowerCase();

/** A copy of the content of a `<template>`. */
export const copy = (id) => document.getElementById(id).content.cloneNode(true);
