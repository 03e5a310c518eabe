// The lineage by stage: whoever points at an asset, or reaches it by Tab, sees what it reads and what reads it.
const links = new Map([...document.querySelectorAll("#graph a")].map((link) => [link.dataset.asset, link]));
const parents = new Map([...links].map(([name, link]) => [name, link.dataset.up.split(" ").filter(Boolean)]));
const children = new Map([...links.keys()].map((name) => [name, []]));
for (const [name, up] of parents) for (const one of up) children.get(one)?.push(name);

// Everything that is reached from an asset, near and far.
function reach(name, step) {
  const seen = new Set();
  const waiting = [...(step.get(name) ?? [])];
  while (waiting.length) {
    const one = waiting.pop();
    if (seen.has(one)) continue;
    seen.add(one);
    waiting.push(...(step.get(one) ?? []));
  }
  return seen;
}

function light(name) {
  const up = name ? reach(name, parents) : new Set();
  const down = name ? reach(name, children) : new Set();
  document.getElementById("graph").classList.toggle("lit", Boolean(name));
  for (const [other, link] of links) {
    link.classList.toggle("up", up.has(other));
    link.classList.toggle("down", down.has(other));
    link.classList.toggle("here", other === name);
  }
}

for (const [name, link] of links) {
  link.addEventListener("pointerenter", () => light(name));
  link.addEventListener("pointerleave", () => light(document.activeElement?.dataset?.asset ?? null));
  link.addEventListener("focus", () => light(name));
  link.addEventListener("blur", () => light(null));
}
// A link to an asset opens the table that it leads into.
window.addEventListener("hashchange", () => {
  const record = document.getElementById("record");
  if (record && document.getElementById(location.hash.slice(1))?.closest("#record")) record.open = true;
});
