// Mouse, pen and fingers on the sheet: drag to move, wheel or pinch to zoom, tap to open.

const TAP = 6;
const SLOWING = 0.94;

export const followPointers = (canvas, viewer) => {
  const down = new Map();
  let pinch = null;
  let travelled = 0;
  let speed = null;
  let gliding = 0;

  const at = (event) => {
    const box = canvas.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };

  const span = () => {
    const [a, b] = [...down.values()];
    return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2, length: Math.hypot(a.x - b.x, a.y - b.y) || 1 };
  };

  const glide = () => {
    gliding = 0;
    if (!speed || Math.hypot(speed.x, speed.y) < 0.4) return;
    viewer.pan(speed.x, speed.y);
    speed.x *= SLOWING;
    speed.y *= SLOWING;
    gliding = requestAnimationFrame(glide);
  };

  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    canvas.setPointerCapture(event.pointerId);
    cancelAnimationFrame(gliding);
    down.set(event.pointerId, at(event));
    if (down.size === 1) travelled = 0;
    pinch = down.size === 2 ? span() : null;
    speed = null;
  });

  canvas.addEventListener("pointermove", (event) => {
    const here = at(event);
    const before = down.get(event.pointerId);
    if (!before) {
      if (event.pointerType === "mouse") viewer.hover(viewer.under(here.x, here.y));
      return;
    }
    down.set(event.pointerId, here);
    if (down.size === 1) {
      const [dx, dy] = [here.x - before.x, here.y - before.y];
      travelled += Math.hypot(dx, dy);
      // A hand is never quite still: a tap is no move.
      if (travelled < TAP) return;
      viewer.hover(null);
      viewer.pan(dx, dy);
      speed = { x: dx, y: dy, time: event.timeStamp };
    } else if (down.size === 2 && pinch) {
      const now = span();
      travelled = TAP;
      viewer.pan(now.x - pinch.x, now.y - pinch.y);
      viewer.zoom(now.length / pinch.length, now, false);
      pinch = now;
    }
  });

  const release = (event) => {
    if (!down.delete(event.pointerId)) return;
    pinch = null;
    if (down.size) return;
    if (travelled < TAP && event.type === "pointerup") {
      const here = at(event);
      const photo = viewer.under(here.x, here.y);
      if (photo === null) viewer.close();
      else viewer.open(photo);
    } else if (speed && event.timeStamp - speed.time < 60 && !viewer.still) {
      gliding = requestAnimationFrame(glide);
    }
  };
  canvas.addEventListener("pointerup", release);
  canvas.addEventListener("pointercancel", release);
  canvas.addEventListener("pointerleave", () => viewer.hover(null));
  canvas.addEventListener("dblclick", (event) => viewer.zoom(2, at(event)));

  canvas.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      cancelAnimationFrame(gliding);
      // Lines and pages of some mice; a pinch on a touchpad arrives as a wheel with Ctrl.
      const unit = event.deltaMode === 1 ? 18 : event.deltaMode === 2 ? 300 : 1;
      const speed = event.ctrlKey ? 0.01 : 0.0018;
      const turn = Math.max(-250, Math.min(250, event.deltaY * unit));
      viewer.zoom(Math.exp(-turn * speed), at(event), false);
    },
    { passive: false },
  );
};
