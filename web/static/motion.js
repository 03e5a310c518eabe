// Bubbles on their way: the browser moves and scales what is drawn already, so a frame costs no script and no new letters.
const TIME = 650; // ms
const FADE = 200;
const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
const put = ({ x, y, r }, end) => `translate(${x}px, ${y}px) scale(${r / end.r})`;

// Where a bubble is seen now, also halfway through a move: {x, y, r} in px.
export function seen(node, d) {
  const moving = node.getAnimations().length > 0;
  if (!moving) return { x: d.x, y: d.y, r: d.r };
  const { a, e, f } = new DOMMatrix(getComputedStyle(node).transform);
  return { x: e, y: f, r: Math.max(0.5, a * d.r) };
}

// Moves nodes to where their attributes say they are. moves: [{node, from, to}], from null for a new one; leaving: nodes
// that fade and go. Resolves when all stand still. Where motion is unwelcome the picture cross-fades in place.
export function move(svg, moves, leaving, animate) {
  const remove = () => leaving.forEach((node) => node.remove());
  for (const { node } of moves) node.getAnimations().forEach((one) => one.cancel());
  if (!animate) {
    remove();
    return Promise.resolve();
  }
  if (calm.matches) {
    remove();
    return svg.animate([{ opacity: 0.3 }, { opacity: 1 }], FADE).finished.catch(() => undefined);
  }
  const going = leaving.map((node) => node.animate([{ opacity: 1 }, { opacity: 0 }], { duration: FADE, fill: "forwards" }));
  const coming = moves.map(({ node, from, to }) => {
    const start = from ? { transform: put(from, to) } : { transform: put({ ...to, r: to.r * 0.2 }, to), opacity: 0 };
    return node.animate([start, { transform: put(to, to), opacity: 1 }], { duration: TIME, easing: "cubic-bezier(.5, 0, .2, 1)" });
  });
  Promise.allSettled(going.map((one) => one.finished)).then(remove);
  return Promise.allSettled([...going, ...coming].map((one) => one.finished));
}
