// The index of types, which interactive pages fetch once.

/** The index, or an error that the page reports. */
export const loadTypes = async (url) => {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  const index = await answer.json();
  index.byId = new Map(index.types.map((type) => [type.id, type]));
  return index;
};

/** Text for comparison: without case and accents. */
export const plain = (text) =>
  text.normalize("NFD").replace(/\p{Diacritic}/gu, "").toLocaleLowerCase();

/** A copy of the content of a `<template>`. */
export const copy = (id) => document.getElementById(id).content.cloneNode(true);
