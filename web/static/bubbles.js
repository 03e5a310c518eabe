// The bubble chart: the rows of the table as circles, kept per title while days and groups change.
import { select } from "d3-selection";
import { makeCard } from "./card.js";
import { fitText } from "./fit.js";
import { cloud, clusters } from "./layout.js";
import { move } from "./motion.js";

const GLYPH = { rise2: "▲▲", rise1: "▲", steady: "■", fall1: "▼", fall2: "▼▼" };

function spoken(row) {
  const kind = row.media_type === "movie" ? "film" : "TV show";
  return `Rank ${row.rank}: ${row.title}, ${kind}, ${row.measure.toLowerCase()} ${row.size.toFixed(1)}, ${row.direction}, lift ${row.lift.toFixed(1)}`;
}

export function makeChart(stage) {
  const svg = select(stage).append("svg").attr("role", "group").attr("aria-label", "Bubble chart of the ranking; the table below holds the same titles");
  const back = svg.append("g").attr("aria-hidden", "true");
  const front = svg.append("g");
  const card = makeCard(stage);
  const family = getComputedStyle(document.body).fontFamily;
  let before = new Map();
  let circles = [];
  let current = 0; // index of the bubble in the tab order
  let touched = null; // title whose card a first tap showed
  let drawn = 0; // how often the chart was drawn
  const scales = new Map(); // smallest scale so far, by view: one measure for all its days

  const nodes = () => front.selectAll("a.bubble:not(.leaving)");

  function light(id) {
    for (const row of document.querySelectorAll("#ranking tr.lit")) row.classList.remove("lit");
    if (id) document.querySelector(`#ranking tr[data-title="${CSS.escape(id)}"]`)?.classList.add("lit");
  }
  function show(circle, link) {
    front.selectAll("a[aria-describedby]").attr("aria-describedby", null);
    select(link).attr("aria-describedby", "card");
    card.show(circle);
    light(circle.row.title_id);
  }
  function hide() {
    front.selectAll("a[aria-describedby]").attr("aria-describedby", null);
    card.hide();
    light(null);
    touched = null;
  }
  function leave() {
    card.hideSoon(() => {
      const held = document.activeElement?.closest?.("a.bubble");
      if (held?.matches(":focus-visible")) show(select(held).datum(), held);
      else hide();
    });
  }
  function go(index) {
    current = Math.max(0, Math.min(circles.length - 1, index));
    const all = nodes().attr("tabindex", (d) => (d === circles[current] ? 0 : -1));
    all.filter((d) => d === circles[current]).node()?.focus();
  }
  function key(event, d) {
    const at = circles.indexOf(d);
    const step = { ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1, Home: 0, End: circles.length - 1 }[event.key];
    if (event.key === "Escape") hide();
    if (step === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    go(step);
  }

  card.element.addEventListener("pointerleave", leave);
  document.addEventListener("keydown", (event) => event.key === "Escape" && hide());
  stage.addEventListener("pointerdown", (event) => {
    if (!event.target.closest("a")) hide();
  });

  function label(link, d) {
    const text = link.select("text");
    text.selectAll("tspan").remove();
    const fitted = fitText(d.row.title, d.r, family);
    const lines = fitted?.lines ?? (d.r >= 11 ? [String(d.row.rank)] : []);
    const size = fitted?.size ?? 10;
    const step = fitted?.step ?? 11;
    const low = (lines.length / 2) * step + 10; // baseline of the glyph
    const room = low < d.r - 2 && Math.sqrt(d.r ** 2 - low ** 2) > 9;
    text.attr("font-size", size);
    text
      .selectAll("tspan.line")
      .data(lines)
      .join("tspan")
      .attr("class", "line")
      .attr("x", 0)
      .attr("y", (_, i) => (i - (lines.length - 1) / 2) * step + size * 0.35)
      .text((line) => line)
      .append("tspan") // a space without width keeps words apart where the text is read as one
      .attr("font-size", 0)
      .text(" ");
    if (room) text.append("tspan").attr("class", "glyph").attr("x", 0).attr("y", low).text(GLYPH[d.row.tone]);
  }

  // Draws the rows; answers the sentence that says how they are grouped (empty without groups). `view` names what stays
  // the same from day to day: days of one view share their scale.
  function draw(rows, by, view, animate) {
    hide();
    stage.classList.toggle("grouped", Boolean(by));
    const width = stage.clientWidth;
    const height = stage.clientHeight;
    const measure = `${view} ${by} ${width}x${height}`;
    const most = scales.get(measure);
    const laid = by ? clusters(rows, by, width, height, most) : cloud(rows, width, height, before, most);
    scales.set(measure, laid.scale);
    circles = laid.circles;
    svg.attr("viewBox", `0 0 ${width} ${height}`);
    before = new Map(circles.map((d) => [d.row.title_id, { x: d.x, y: d.y }]));
    current = Math.min(current, Math.max(0, circles.length - 1));
    const held = document.activeElement?.closest?.("a.bubble") ? circles[current] : null;

    const rings = back.selectAll("g.group").data(laid.groups, (d) => d.name);
    const ring = rings.join(
      (enter) => {
        const made = enter.append("g").attr("class", "group");
        made.append("circle").attr("class", "group-ring");
        const text = made.append("text").attr("class", "group-label");
        text.append("tspan").attr("class", "what");
        text.append("tspan").attr("class", "count").attr("dx", 6);
        return made;
      },
      (update) => update,
      (exit) => exit.remove(),
    );
    ring.attr("transform", (d) => `translate(${d.x},${d.y})`);
    ring.select("circle").attr("r", (d) => d.r);
    ring.select("text").attr("y", (d) => -d.r - 9);
    ring.select(".what").text((d) => d.name);
    ring.select(".count").text((d) => d.count);

    const joined = nodes().data(circles, (d) => d.row.title_id);
    const gone = joined.exit().classed("leaving", true).attr("tabindex", -1).attr("aria-hidden", "true");
    const entered = joined.enter().append("a");
    for (const part of ["ring", "body", "halo"]) entered.append("circle").attr("class", part);
    entered.append("text").attr("aria-hidden", "true");
    entered
      .on("pointerenter", function (event, d) { if (event.pointerType !== "touch") show(d, this); })
      .on("pointerleave", (event) => { if (event.pointerType !== "touch") leave(); })
      .on("focus", function (_, d) {
        current = circles.indexOf(d);
        nodes().attr("tabindex", (one) => (one === d ? 0 : -1));
        if (this.matches(":focus-visible")) show(d, this);
      })
      .on("blur", leave)
      .on("keydown", key)
      .on("click", function (event, d) {
        if (event.pointerType !== "touch" || touched === d.row.title_id) return;
        event.preventDefault();
        show(d, this);
        touched = d.row.title_id;
      });
    const all = entered.merge(joined).order();
    all
      .attr("class", (d) => `bubble ${d.row.tone}${d.row.alert ? " alerted" : ""}`)
      .attr("href", (d) => d.row.href)
      .attr("data-title", (d) => d.row.title_id)
      .attr("aria-label", (d) => spoken(d.row))
      .attr("tabindex", (d) => (d === circles[current] ? 0 : -1))
      .each(function (d) { label(select(this), d); });
    all.select(".ring").attr("r", (d) => d.r + 3.5);
    all.select(".halo").attr("r", (d) => d.r + 4);
    const mine = ++drawn;
    stage.dataset.settled = "no";
    const bodies = all.select(".body").nodes();
    const moves = all.nodes().map((node, i) => ({ node, body: bodies[i], to: circles[i] }));
    move(svg.node(), moves, gone.nodes(), animate).then(() => {
      if (mine === drawn) stage.dataset.settled = "yes";
    });
    if (held) go(current);
    return by
      ? `${rows.length} titles in ${laid.groups.length} groups: ${laid.groups.map((g) => `${g.name} ${g.count}`).join(", ")}. A title stands in its first one.`
      : "";
  }
  return { draw };
}
