// Search as you type: the box becomes a combobox over /v1/search. Enter without a choice asks for the page of results.
const REST = 160; // ms without a key after which is asked
const MOST = 8;
const input = document.getElementById("q");
const list = document.getElementById("found");
const words = document.getElementById("found-words");
const form = input.form;
let rows = [];
let active = -1;
let resting = 0;
let asking = new AbortController();

input.setAttribute("role", "combobox");
for (const [name, value] of [["expanded", "false"], ["controls", "found"], ["autocomplete", "list"], ["haspopup", "listbox"]]) input.setAttribute(`aria-${name}`, value);

function close() {
  list.hidden = true;
  active = -1;
  input.setAttribute("aria-expanded", "false");
  input.removeAttribute("aria-activedescendant");
}

function mark(index) {
  active = index;
  [...list.children].forEach((option, i) => option.setAttribute("aria-selected", String(i === active)));
  const option = list.children[active];
  if (option) {
    input.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  } else input.removeAttribute("aria-activedescendant");
}

const titleAddress = (row) => {
  const day = form.elements.date?.value;
  return `/titles/${encodeURIComponent(row.title_id)}${day ? `?date=${day}` : ""}`;
};

function show(found) {
  rows = found.results;
  list.replaceChildren(
    ...rows.map((row, i) => {
      const option = document.createElement("li");
      option.id = `found-${i}`;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      const name = document.createElement("b");
      name.textContent = row.title;
      const more = document.createElement("span");
      more.textContent = [row.year, row.media_type === "movie" ? "Film" : "TV show", `rank ${row.rank}`].filter(Boolean).join(" · ");
      option.append(name, " ", more);
      return option;
    }),
  );
  words.textContent = rows.length ? `${found.total} found, ${rows.length} listed. Arrow keys choose.` : "Nothing found.";
  close();
  if (!rows.length) return;
  list.hidden = false;
  input.setAttribute("aria-expanded", "true");
}

async function ask() {
  const q = input.value.trim();
  asking.abort();
  if (q.length < 2) {
    close();
    words.textContent = "";
    return;
  }
  asking = new AbortController();
  const params = new URLSearchParams({ q, limit: MOST });
  if (form.elements.date) params.set("date", form.elements.date.value);
  try {
    const answer = await fetch(`/v1/search?${params}`, { signal: asking.signal });
    if (answer.ok) show(await answer.json());
    else close();
  } catch (error) {
    if (error.name !== "AbortError") close(); // Enter still asks the server for its page
  }
}

input.addEventListener("input", () => {
  clearTimeout(resting);
  resting = setTimeout(ask, REST);
});
input.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !list.hidden) {
    event.preventDefault(); // the first Escape closes the list, the next one empties the box
    close();
    return;
  }
  if (list.hidden || event.altKey || event.ctrlKey || event.metaKey) return;
  const last = rows.length - 1;
  const next = { ArrowDown: active === last ? -1 : active + 1, ArrowUp: active < 0 ? last : active - 1 }[event.key];
  if (next !== undefined) {
    event.preventDefault();
    mark(next);
  } else if (event.key === "Enter" && active >= 0) {
    event.preventDefault();
    location.assign(titleAddress(rows[active]));
  }
});
list.addEventListener("pointerdown", (event) => event.preventDefault()); // the box keeps the focus
list.addEventListener("click", (event) => {
  const index = [...list.children].indexOf(event.target.closest("li"));
  if (index >= 0) location.assign(titleAddress(rows[index]));
});
input.addEventListener("blur", close);
