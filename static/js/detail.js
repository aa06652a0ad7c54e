// The arrow keys and a swipe go to the previous and next page; a link to something folded unfolds
// it; maps are drawn when the visitor scrolls near them; a button prints the page.

import "./share.js";

const relations = { ArrowLeft: "prev", ArrowRight: "next" };

const follow = (relation) => document.querySelector(`.pager a[rel="${relation}"]`)?.click();

document.addEventListener("keydown", (event) => {
  const relation = relations[event.key];
  if (!relation || event.defaultPrevented) return;
  if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  follow(relation);
});

// A swipe is one finger that moves fast and far sideways, and hardly up or down.
const FAR = 70; // px
const FAST = 600; // ms
let start = null;

/** Whether moving a finger sideways here scrolls something, or moves a magnified page. */
const busy = (target) => {
  if (visualViewport && visualViewport.scale > 1.05) return true;
  for (let element = target; element && element !== document.body; element = element.parentElement) {
    const scrolls = /auto|scroll/.test(getComputedStyle(element).overflowX);
    if (scrolls && element.scrollWidth > element.clientWidth) return true;
  }
  return Boolean(target.closest("input, textarea, select"));
};

document.addEventListener(
  "touchstart",
  ({ touches, target, timeStamp }) => {
    const [finger] = touches;
    start =
      touches.length === 1 && !busy(target)
        ? { x: finger.clientX, y: finger.clientY, time: timeStamp }
        : null;
  },
  { passive: true },
);
document.addEventListener(
  "touchend",
  ({ changedTouches: [finger], timeStamp }) => {
    if (!start) return;
    const [across, down] = [finger.clientX - start.x, finger.clientY - start.y];
    const quick = timeStamp - start.time < FAST;
    start = null;
    if (!quick || Math.abs(across) < FAR || Math.abs(down) > Math.abs(across) / 2) return;
    // The next page follows in the direction of reading.
    const forward = document.documentElement.dir === "rtl" ? across > 0 : across < 0;
    follow(forward ? "next" : "prev");
  },
  { passive: true },
);

const unfold = () => {
  const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  const folded = target.closest("details") ?? target.querySelector("details");
  if (folded) folded.open = true;
};

addEventListener("hashchange", unfold);
unfold();

// A map needs the outlines of the world, a large file, which must not delay the photos.
const draw = (place) => {
  const later = place.nextElementSibling;
  const drawn = new DOMParser().parseFromString(later.textContent, "text/html");
  place.replaceWith(drawn.querySelector("svg"));
  later.remove();
};
const places = () => [...document.querySelectorAll(".later")].map((later) => later.previousElementSibling);
const nearing = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      nearing.unobserve(target);
      if (target.isConnected) draw(target);
    }
  },
  { rootMargin: "50% 0px" },
);

addEventListener("load", () => places().forEach((place) => nearing.observe(place)));
addEventListener("beforeprint", () => places().forEach(draw));

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
