// Panning and zooming by mouse, pen, fingers and wheel, for the world map and the contact sheet.
//
// Drag to move, pinch or turn the wheel to zoom, tap to choose. The view decides what these do.

const TAP = 6; // px; a hand is never quite still
const SLOWING = 0.94; // the part of a glide's speed that is left in the next frame
const SLOWEST = 0.4; // px per frame
const LETTING_GO = 60; // ms; a finger that rests before it is lifted starts no glide

/** The zoom factor of a wheel event; lines and pages of some mice are converted to pixels. */
const wheelFactor = ({ deltaMode, deltaY, ctrlKey, metaKey }) => {
  const turn = deltaY * (deltaMode === 1 ? 18 : deltaMode === 2 ? 300 : 1);
  // A pinch on a touchpad arrives as a wheel with Ctrl, in small steps.
  const speed = ctrlKey || metaKey ? 0.01 : 0.0018;
  return Math.exp(Math.max(-0.45, Math.min(0.45, -turn * speed)));
};

/**
 * Makes a view follow the pointers. Points are {x, y} in px from the element's corner.
 *
 * @param {Element} element what is moved
 * @param {{
 *   pan: (dx: number, dy: number) => void,
 *   zoom: (factor: number, at: {x: number, y: number}) => void,
 *   grabbed?: () => void,
 *   tapped?: (at: {x: number, y: number}) => void,
 *   glides?: () => boolean,
 *   ownsWheel?: (event: WheelEvent) => boolean,
 * }} view `grabbed` is called when a pointer goes down, `tapped` when it is lifted without a move;
 *   `glides` tells whether a throw goes on for a while, `ownsWheel` whether the wheel zooms or is
 *   left to the page
 * @returns {() => boolean} tells whether the last pointer moved the view, and so chose nothing
 */
export const panZoom = (element, { pan, zoom, grabbed, tapped, glides, ownsWheel }) => {
  const down = new Map();
  let travelled = 0;
  let speed = null;
  let gliding = 0;

  const at = (event) => {
    const box = element.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top, time: event.timeStamp };
  };

  const span = () => {
    const [a, b] = [...down.values()];
    return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2, length: Math.hypot(a.x - b.x, a.y - b.y) || 1 };
  };

  const glide = () => {
    if (!speed || Math.hypot(speed.x, speed.y) < SLOWEST) return;
    pan(speed.x, speed.y);
    speed = { ...speed, x: speed.x * SLOWING, y: speed.y * SLOWING };
    gliding = requestAnimationFrame(glide);
  };

  element.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    if (!down.size) travelled = 0;
    down.set(event.pointerId, at(event));
    cancelAnimationFrame(gliding);
    speed = null;
    grabbed?.();
  });

  element.addEventListener("pointermove", (event) => {
    const before = down.get(event.pointerId);
    if (!before || down.size > 2) return;
    const here = at(event);
    const pinched = down.size === 2 && span();
    const [dx, dy] = [here.x - before.x, here.y - before.y];
    travelled = pinched ? TAP : Math.max(travelled, Math.hypot(dx, dy));
    if (travelled < TAP) return;
    // Captured only now, because a captured tap would not click the element below it.
    element.setPointerCapture(event.pointerId);
    down.set(event.pointerId, here);
    if (!pinched) {
      speed = { x: dx, y: dy, time: here.time };
      pan(dx, dy);
      return;
    }
    const now = span();
    speed = null;
    pan(now.x - pinched.x, now.y - pinched.y);
    zoom(now.length / pinched.length, now);
  });

  const release = (event) => {
    if (!down.delete(event.pointerId) || down.size) return;
    if (travelled < TAP && event.type === "pointerup") tapped?.(at(event));
    else if (speed && event.timeStamp - speed.time < LETTING_GO && glides?.()) {
      gliding = requestAnimationFrame(glide);
    }
  };
  element.addEventListener("pointerup", release);
  element.addEventListener("pointercancel", release);

  element.addEventListener(
    "wheel",
    (event) => {
      if (ownsWheel && !ownsWheel(event)) return;
      event.preventDefault();
      cancelAnimationFrame(gliding);
      zoom(wheelFactor(event), at(event));
    },
    { passive: false },
  );

  return () => travelled >= TAP;
};
