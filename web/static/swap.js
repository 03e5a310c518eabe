// Puts the parts of another page of the same kind in place of those that stand. Chart and scrubber stay: they live on.
const PARTS = ["lead", "controls", "chart-head", "listing", "source"];
const ahead = new Map(); // address → answer that was asked for before it is needed
const MOST = 3;

async function ask(url) {
  const answer = await fetch(url, { headers: { Accept: "text/html" } });
  return { ok: answer.ok, text: await answer.text() };
}

// Asks for a page that will be wanted next. A failure shows when it is wanted.
export function prefetch(url) {
  if (ahead.has(url)) return;
  const answer = ask(url);
  answer.catch(() => ahead.delete(url));
  ahead.set(url, answer);
  if (ahead.size > MOST) ahead.delete(ahead.keys().next().value);
}

// The page at an address, as a document; null where the server answers with a problem. Throws where it does not answer.
export async function load(url) {
  const answer = await (ahead.get(url) ?? ask(url));
  ahead.delete(url);
  const page = new DOMParser().parseFromString(answer.text, "text/html");
  return answer.ok && PARTS.every((id) => page.getElementById(id)) ? page : null;
}

// What has the focus, in words that find its successor.
function focused() {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  if (one.type === "radio") return `input[name="${one.name}"][value="${CSS.escape(one.value)}"]`;
  if (one.rel) return `[rel="${CSS.escape(one.rel)}"]`;
  if (one.localName === "summary") return `#${one.parentElement.id} > summary`;
  return one.id ? `#${CSS.escape(one.id)}` : null;
}

export function replace(page) {
  const again = focused();
  const lost = document.activeElement;
  const open = document.getElementById("filters").open;
  const staleNow = page.querySelector(".stale");
  for (const id of PARTS) document.getElementById(id).replaceWith(document.adoptNode(page.getElementById(id)));
  document.getElementById("picture").hidden = page.getElementById("picture").hidden;
  document.getElementById("scrubber").hidden = page.getElementById("scrubber").hidden;
  document.querySelector(".stale")?.remove();
  if (staleNow) document.getElementById("main").before(document.adoptNode(staleNow));
  if (open) document.getElementById("filters").open = true;
  document.title = page.title;
  if (document.contains(lost)) return;
  const heir = again && document.querySelector(again);
  (heir ?? document.getElementById("main")).focus({ preventScroll: true });
}
