// The index of types, which pages that are asked something fetch once.

/** The index, or an error that the page tells. */
export const loadTypes = async (url) => {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  const index = await answer.json();
  index.byId = new Map(index.types.map((type) => [type.id, type]));
  return index;
};

/** Letters as they are compared: without case and marks. */
export const plain = (text) =>
  text.normalize("NFD").replace(/\p{Diacritic}/gu, "").toLocaleLowerCase();

/** A copy of what a `<template>` holds. */
export const copy = (id) => document.getElementById(id).content.cloneNode(true);
