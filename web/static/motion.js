// Bubbles on their way. A frame sets two attributes of each, its place and its radius: scaling a bubble as a whole would
// make the browser set its letters anew in every frame. A radius costs a restyling and is set in steps that nobody sees.
const TIME = 650; // ms
const FADE = 200;
const STEP = 0.5; // px
const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
const places = new WeakMap(); // where a bubble is seen now: {x, y, r} in px
let frame = 0;

const ease = (t) => (t < 0.5 ? 4 * t ** 3 : 1 - (2 - 2 * t) ** 3 / 2);

function put(one, place) {
  one.node.setAttribute("transform", `translate(${place.x.toFixed(1)},${place.y.toFixed(1)})`);
  if (place.r === one.to.r || !(Math.abs(place.r - one.drawn) < STEP)) {
    one.body.setAttribute("r", place.r.toFixed(2));
    one.drawn = place.r;
  }
  places.set(one.node, place);
}

function glide(moves, done) {
  const began = performance.now();
  const tick = (now) => {
    const part = ease(Math.min(1, Math.max(0, (now - began) / TIME)));
    const between = (a, b) => a + (b - a) * part;
    for (const one of moves) {
      const { from, to } = one;
      put(one, { x: between(from.x, to.x), y: between(from.y, to.y), r: between(from.r, to.r) });
    }
    if (part < 1) frame = requestAnimationFrame(tick);
    else done();
  };
  frame = requestAnimationFrame(tick);
}

// Takes bubbles to their places. moves: [{node, body, to}] with the circle `body` that carries the radius; leaving: nodes
// that fade and go. Resolves when all stand still, or another move has begun. Where motion is unwelcome the picture
// cross-fades in place.
export function move(svg, moves, leaving, animate) {
  cancelAnimationFrame(frame);
  const faded = animate && !calm.matches ? leaving.map((node) => node.animate([{ opacity: 1 }, { opacity: 0 }], { duration: FADE, fill: "forwards" }).finished) : [];
  const gone = Promise.allSettled(faded).then(() => leaving.forEach((node) => node.remove()));
  if (!animate || calm.matches) {
    for (const one of moves) put(one, one.to);
    return animate ? Promise.all([gone, svg.animate([{ opacity: 0.3 }, { opacity: 1 }], FADE).finished]) : gone;
  }
  for (const one of moves) {
    one.from = places.get(one.node);
    if (one.from) continue;
    one.from = { ...one.to, r: one.to.r * 0.3 };
    one.node.animate([{ opacity: 0 }, { opacity: 1 }], TIME);
  }
  return Promise.all([gone, new Promise((done) => glide(moves, done))]);
}
