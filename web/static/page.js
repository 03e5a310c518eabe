// The ranking page. The server writes the HTML; this swaps its parts in place when a day or filter changes, so that the
// bubbles can move from one day to the next, and keeps the address in step.
import { makeScrubber } from "./scrubber.js";
import { load, prefetch, replace } from "./swap.js";

const DAILY = new Set(["date", "group"]); // what may change while the bubbles keep their measure
const wait = document.getElementById("wait");
const view = document.getElementById("view");
let chart = null;
let asked = 0;

async function draw(animate) {
  const words = document.getElementById("chart-words");
  const rows = JSON.parse(document.getElementById("rows").textContent).rows;
  if (!rows.length) return;
  try {
    if (!chart) {
      const { makeChart } = await import("./bubbles.js");
      chart = makeChart(document.getElementById("stage"));
    }
    const measure = [...new URLSearchParams(location.search)].filter(([name]) => !DAILY.has(name)).join("&");
    words.textContent = chart.draw(rows, document.getElementById("group").value, measure, animate);
  } catch (error) {
    document.documentElement.classList.add("no-chart");
    words.textContent = "The chart could not be drawn. The table below has every title.";
    console.error(error);
  }
}

// The address that the form stands for, by name and without empty parts; on another day where one is given.
function address(day) {
  const form = new FormData(document.getElementById("controls"));
  if (day) form.set("date", day);
  const query = new URLSearchParams([...form].filter(([, value]) => value !== ""));
  query.sort();
  return query.size ? `/?${query}` : "/";
}

function complain(url) {
  document.getElementById("trouble")?.remove();
  const note = document.createElement("p");
  note.id = "trouble";
  note.className = "stale";
  note.setAttribute("role", "alert");
  const again = document.createElement("button");
  again.className = "button";
  again.type = "button";
  again.textContent = "Try again";
  again.addEventListener("click", () => go(url, { push: true }));
  note.append("The server does not answer, so this page still shows what you saw before. ", again);
  document.getElementById("controls").before(note);
}

// Shows the page at an address. push: a new entry of the history; quiet: nothing is read out. Answers whether it came.
async function go(url, { push = false, quiet = false } = {}) {
  const mine = ++asked;
  view.setAttribute("aria-busy", "true");
  let page;
  try {
    page = await load(url);
  } catch {
    if (mine === asked) {
      view.removeAttribute("aria-busy");
      complain(url);
    }
    return false;
  }
  if (mine !== asked) return false;
  if (!page) {
    location.assign(url); // the server's own page says what is wrong
    return false;
  }
  document.getElementById("trouble")?.remove();
  replace(page);
  view.removeAttribute("aria-busy");
  if (url !== location.pathname + location.search) history[push ? "pushState" : "replaceState"](null, "", url);
  scrubber.sync();
  if (!quiet) say();
  await draw(true);
  return true;
}

// Reads out what is shown now.
function say() {
  const first = document.querySelector("#ranking tbody th a");
  const total = document.querySelectorAll("#ranking tbody tr").length;
  const day = document.querySelector("h1").textContent.trim();
  wait.textContent = first ? `${day}: ${total} titles, first ${first.textContent}` : `${day}: no title`;
}

const scrubber = makeScrubber({ go, prefetch, address, say });

document.addEventListener("change", (event) => {
  if (!event.target.closest?.("#controls")) return;
  scrubber.stop();
  if (event.target.id !== "group") {
    go(address(), { push: true });
    return;
  }
  history.pushState(null, "", address());
  draw(true);
});
document.getElementById("view").addEventListener("submit", (event) => {
  event.preventDefault();
  go(address(), { push: true });
});
view.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[href]");
  if (!link || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const url = new URL(link.getAttribute("href"), location.href); // a bubble's href is no string
  if (url.origin !== location.origin || url.pathname !== "/") return;
  event.preventDefault();
  scrubber.stop();
  const group = document.getElementById("group").value;
  if (group) url.searchParams.set("group", group);
  else url.searchParams.delete("group");
  url.searchParams.sort();
  go(url.pathname + url.search, { push: true });
});
window.addEventListener("popstate", () => {
  scrubber.stop();
  go(location.pathname + location.search);
});
let resizing = 0;
let width = window.innerWidth;
window.addEventListener("resize", () => {
  if (window.innerWidth === width) return; // a phone's address bar changes the height only
  width = window.innerWidth;
  clearTimeout(resizing);
  resizing = setTimeout(() => draw(false), 150);
});

draw(false);
