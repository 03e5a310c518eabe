// The ranking page. The server writes the HTML; this swaps it in place when a day or filter changes, so that the
// bubbles can move from one day to the next, and keeps the address in step.
const view = () => document.getElementById("view");
const wait = document.getElementById("wait");
let chart = null;
let stage = null; // kept over swaps: the chart lives in it
let asked = 0;

function rows(root) {
  const data = root.querySelector("#rows");
  return data ? JSON.parse(data.textContent).rows : [];
}

async function draw(animate) {
  const place = document.getElementById("stage");
  if (!place) return;
  const words = document.getElementById("chart-words");
  try {
    if (!chart) {
      const { makeChart } = await import("./bubbles.js");
      stage = place;
      chart = makeChart(stage);
    }
    words.textContent = chart.draw(rows(document), document.getElementById("group")?.value ?? "", animate);
  } catch (error) {
    document.documentElement.classList.add("no-chart");
    words.textContent = "The chart could not be drawn. The table below has every title.";
    console.error(error);
  }
}

// The address that the form stands for, without empty parts.
function address() {
  const form = document.querySelector("form.controls");
  const kept = [...new FormData(form)].filter(([, value]) => value !== "");
  const query = new URLSearchParams(kept).toString();
  return query ? `/?${query}` : "/";
}

async function go(url, push) {
  const mine = ++asked;
  view().setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(url, { headers: { Accept: "text/html" } });
    const next = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = next.getElementById("view");
    if (mine !== asked) return;
    if (!answer.ok || !fresh) throw new Error(`${url} answered ${answer.status}`);
    const focused = document.activeElement?.id || document.activeElement?.getAttribute?.("rel");
    const radio = document.activeElement?.name === "media_type" ? document.activeElement.value : null;
    const adopted = document.adoptNode(fresh);
    const slot = adopted.querySelector("#stage");
    if (slot && stage) slot.replaceWith(stage);
    view().replaceWith(adopted);
    document.querySelector("footer").replaceWith(document.adoptNode(next.querySelector("footer")));
    document.title = next.title;
    if (push) history.pushState(null, "", url);
    wait.textContent = document.querySelector("h1").textContent.trim();
    const again = radio !== null ? `input[name=media_type][value="${radio}"]` : focused && `#${CSS.escape(focused)}, [rel="${CSS.escape(focused)}"]`;
    if (again) document.querySelector(again)?.focus();
    await draw(true);
  } catch {
    location.assign(url); // the server's own page says what is wrong
  }
}

document.addEventListener("change", (event) => {
  if (!event.target.closest?.("form.controls")) return;
  if (event.target.id !== "group") {
    go(address(), true);
    return;
  }
  history.replaceState(null, "", address());
  draw(true);
});
document.addEventListener("submit", (event) => {
  event.preventDefault();
  go(address(), true);
});
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[rel=prev], a[rel=next]");
  if (!link || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  const url = new URL(link.href);
  const group = document.getElementById("group")?.value;
  if (group) url.searchParams.set("group", group);
  else url.searchParams.delete("group");
  go(url.pathname + url.search, true);
});
window.addEventListener("popstate", () => go(location.pathname + location.search, false));
let resizing = 0;
let width = window.innerWidth;
window.addEventListener("resize", () => {
  if (window.innerWidth === width) return; // a phone's address bar changes the height only
  width = window.innerWidth;
  clearTimeout(resizing);
  resizing = setTimeout(() => draw(false), 150);
});

draw(false);
