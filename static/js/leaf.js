// The arrow keys and a swipe leaf to the page before and the page after; a link to what is folded
// away unfolds it; maps are drawn when their visitor comes near.

const relations = { ArrowLeft: "prev", ArrowRight: "next" };

const leaf = (relation) => document.querySelector(`.pager a[rel="${relation}"]`)?.click();

document.addEventListener("keydown", (event) => {
  const relation = relations[event.key];
  if (!relation || event.defaultPrevented) return;
  if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  leaf(relation);
});

// A swipe is one finger that moves far sideways, hardly up or down, and fast.
const FAR = 70; // px
const FAST = 600; // ms
let start = null;

/** Whether a finger that moves sideways here scrolls something, or moves a magnified page. */
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
    // Pages lie as in a book of the page's own direction.
    const forward = document.documentElement.dir === "rtl" ? across > 0 : across < 0;
    leaf(forward ? "next" : "prev");
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

// A map needs the outlines of the world, a large file: the photos are there before it is asked for.
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
