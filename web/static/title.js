// The title page: the history line and the poster's fallback.
import { select } from "d3-selection";
import { area, line } from "d3-shape";

const DAY = 86400000;
const short = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", timeZone: "UTC" });
const time = (text) => Date.parse(`${text.slice(0, 10)}T00:00:00Z`);

// Round steps of 1, 2 or 5 times a power of ten that reach `top` in about `count` steps.
function ticks(top, count) {
  const rough = top / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].find((one) => one * power >= rough) * power;
  return Array.from({ length: Math.ceil(top / step) + 1 }, (_, i) => i * step);
}

// Every day from the first to the last; a day on which the title was not ranked has a null score and breaks the line.
function everyDay(points) {
  const known = new Map(points.map((point) => [time(point.date), point]));
  const days = [];
  for (let day = time(points[0].date); day <= time(points.at(-1).date); day += DAY) {
    days.push(known.get(day) ?? { date: new Date(day).toISOString().slice(0, 10), score: null, rank: null });
  }
  return days;
}

const known = (points, key) => points.filter((point) => point[key] !== null);

// A line over the days in the band [top, bottom] of the picture; days without a value break it.
function band(svg, points, { key, x, y, floor, now }) {
  const defined = (point) => point[key] !== null;
  const px = (point) => x(time(point.date));
  const py = (point) => y(point[key]);
  const group = svg.append("g").attr("class", key);
  if (floor !== undefined) group.append("path").attr("class", "area").attr("d", area().defined(defined).x(px).y0(floor).y1(py)(points));
  group.append("path").attr("class", "line").attr("d", line().defined(defined).x(px).y(py)(points));
  const shown = known(points, key);
  const dots = group.selectAll("circle").data(shown.length <= 60 ? shown : shown.filter((point) => point.date === now)).join("circle");
  dots.attr("cx", px).attr("cy", py).attr("class", (point) => (point.date === now ? "point now" : "point")).attr("r", (point) => (point.date === now ? 6 : 4));
  dots.append("title").text((point) => `${short.format(time(point.date))}: score ${point.score.toFixed(1)}, rank ${point.rank ?? "none"}, ${point.authors} authors`);
}

// Ranks worth a line: 1, 3, 10, 30, … down to the deepest.
function rankTicks(deepest) {
  const marks = [];
  for (let power = 1; power <= deepest; power *= 10) marks.push(power, power * 3);
  return marks.filter((mark) => mark <= deepest);
}

function axis(svg, marks, y, text, left, right) {
  for (const mark of marks) {
    svg.append("line").attr("class", "grid").attr("x1", left).attr("x2", right).attr("y1", y(mark)).attr("y2", y(mark));
    svg.append("text").attr("x", left - 8).attr("y", y(mark) + 4).attr("text-anchor", "end").text(text(mark));
  }
}

// Score above, rank below on a logarithmic scale with the first place on top; one axis of days for both.
function drawHistory(place, points) {
  place.replaceChildren();
  const [width, height] = [place.clientWidth, place.clientHeight];
  const scored = known(points, "score");
  if (!scored.length) return;
  const [left, right] = [46, width - 20];
  const scores = { top: 30, bottom: height * 0.56 };
  const ranks = { top: height * 0.56 + 38, bottom: height - 34 };
  const [first, last] = [time(points[0].date), time(points.at(-1).date)];
  const x = (day) => (last === first ? (left + right) / 2 : left + ((right - left) * (day - first)) / (last - first));
  const marks = ticks(Math.max(...scored.map((point) => point.score), 0.001), 4);
  const y = (score) => scores.bottom - ((scores.bottom - scores.top) * score) / marks.at(-1);
  const deepest = Math.max(3, ...scored.map((point) => point.rank));
  const yRank = (rank) => ranks.top + ((ranks.bottom - ranks.top) * Math.log(rank)) / Math.log(deepest);
  const best = scored.reduce((a, b) => (b.score > a.score ? b : a));
  const foremost = Math.min(...scored.map((point) => point.rank));
  const svg = select(place)
    .append("svg")
    .attr("role", "img")
    .attr("viewBox", `0 0 ${width} ${height}`)
    .attr("aria-label", `Trend score and rank from ${short.format(first)} to ${short.format(last)}: score from ${scored[0].score.toFixed(1)} to ${scored.at(-1).score.toFixed(1)}, highest ${best.score.toFixed(1)} on ${short.format(time(best.date))}; rank from ${scored[0].rank} to ${scored.at(-1).rank}, best ${foremost}. The table below has every figure.`);
  svg.append("text").attr("class", "name").attr("x", left).attr("y", 16).text("Trend score");
  svg.append("text").attr("class", "name").attr("x", left).attr("y", ranks.top - 14).text("Rank, the first on top");
  const digits = marks.at(-1) < 5 ? 1 : 0;
  axis(svg, marks, y, (mark) => mark.toFixed(digits), left, right);
  axis(svg, rankTicks(deepest), yRank, String, left, right);
  const every = Math.max(1, Math.ceil((last - first) / DAY / Math.max(2, Math.floor((right - left) / 80))));
  for (let day = last; day >= first; day -= every * DAY) {
    svg.append("text").attr("x", x(day)).attr("y", height - 8).attr("text-anchor", day === last && first !== last ? "end" : "middle").text(short.format(day));
  }
  band(svg, points, { key: "score", x, y, floor: y(0), now: place.dataset.day });
  band(svg, points, { key: "rank", x, y: yRank, now: place.dataset.day });
}

const poster = document.querySelector(".poster img");
if (poster) {
  const drop = () => poster.remove();
  if (poster.complete && poster.naturalWidth === 0) drop();
  else poster.addEventListener("error", drop);
}
const place = document.getElementById("history");
const data = document.getElementById("points");
if (place && data) {
  const points = everyDay(JSON.parse(data.textContent));
  drawHistory(place, points);
  let resizing = 0;
  window.addEventListener("resize", () => {
    clearTimeout(resizing);
    resizing = setTimeout(() => drawHistory(place, points), 150);
  });
}
