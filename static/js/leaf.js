// The arrow keys leaf to the page before and the page after.

const relations = { ArrowLeft: "prev", ArrowRight: "next" };

document.addEventListener("keydown", (event) => {
  const relation = relations[event.key];
  if (!relation || event.defaultPrevented) return;
  if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  document.querySelector(`.pager a[rel="${relation}"]`)?.click();
});
