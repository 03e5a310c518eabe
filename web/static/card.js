// The card of a title: shown on hover and on focus, can be pointed at, goes with Escape. Text only by textContent.
const list = (values) => (values?.length ? values.join(", ") : null);
const one = (value, digits = 1) => (value === null || value === undefined ? null : value.toFixed(digits));
const plural = (count, word) => `${count} ${word}${count === 1 ? "" : "s"}`;

function add(parent, tag, text, className) {
  const element = document.createElement(tag);
  if (text !== undefined) element.textContent = text;
  if (className) element.className = className;
  parent.append(element);
  return element;
}

// On a phone the style sheet puts the card at the foot or top of the screen.
const sheet = window.matchMedia("(max-width: 44rem)");

export function makeCard(stage) {
  const card = document.createElement("div");
  card.id = "card";
  card.className = "card";
  card.hidden = true;
  stage.append(card);
  let timer = 0;

  function fill(row) {
    card.replaceChildren();
    add(card, "h3", `${row.rank}. ${row.title}`);
    add(card, "p", [row.year, row.media_type === "movie" ? "Film" : "TV show"].filter(Boolean).join(" · "), "sub on");
    const facts = add(card, "dl");
    const llm = [row.genre_llm, row.genre_llm_secondary].filter(Boolean).join(", then ");
    const vibe = one(row.vibe_score);
    const lines = [
      [row.measure, one(row.size)],
      ["Lift", `${one(row.lift)}× (95% interval ${one(row.lift_low)} to ${one(row.lift_high)}), ${row.direction}${row.alert ? ", significant" : ""}`],
      ["Next 7 days", row.expected == null ? null : `${one(row.expected)} mentions expected (95% interval ${row.expected_low} to ${row.expected_high})`],
      ["Heard from", `${plural(row.authors, "author")}, ${plural(row.mentions, "mention")}, ${plural(row.sites, "site")}`],
      ["Vibe", vibe ? `${vibe} of 10${row.vibe_tags?.length ? `: ${row.vibe_tags.join(", ")}` : ""}` : null],
      ["TMDb", list(row.genres)],
      ["LLM", llm || null],
      ["XGBoost", row.genre_xgboost],
      ["BERT", row.genre_bert],
      ["Streams on", list(row.platforms)],
    ];
    for (const [name, value] of lines) {
      add(facts, "dt", name);
      add(facts, "dd", value ?? "–");
    }
    const link = add(card, "a", "All about it, with sources");
    link.href = row.href;
    link.tabIndex = -1; // the bubble itself is the same link for the keyboard
  }

  const api = {
    element: card,
    // circle: {x, y, r, row} in px of the stage.
    show(circle) {
      clearTimeout(timer);
      fill(circle.row);
      card.hidden = false;
      if (sheet.matches) {
        card.style.left = card.style.top = "";
        // Never over the bubble that it tells of.
        card.classList.toggle("above", stage.getBoundingClientRect().top + circle.y > window.innerHeight * 0.45);
        return;
      }
      const room = stage.clientWidth;
      const right = circle.x + circle.r + 10;
      const left = right + card.offsetWidth <= room ? right : circle.x - circle.r - 10 - card.offsetWidth;
      card.style.left = `${Math.max(8, Math.min(room - card.offsetWidth - 8, left))}px`;
      card.style.top = `${Math.max(8, Math.min(stage.clientHeight - card.offsetHeight - 8, circle.y - card.offsetHeight / 2))}px`;
    },
    hide() {
      clearTimeout(timer);
      card.hidden = true;
    },
    hideSoon(then) {
      clearTimeout(timer);
      timer = setTimeout(then, 180);
    },
  };
  card.addEventListener("pointerenter", () => clearTimeout(timer));
  return api;
}
