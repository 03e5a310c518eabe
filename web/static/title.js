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

function drawHistory(place, points) {
  place.replaceChildren();
  const [width, height] = [place.clientWidth, place.clientHeight];
  const edge = { top: 26, right: 20, bottom: 28, left: 46 };
  const known = points.filter((point) => point.score !== null);
  if (!known.length) return;
  const [first, last] = [time(points[0].date), time(points.at(-1).date)];
  const marks = ticks(Math.max(...known.map((point) => point.score), 0.001), 4);
  const top = marks.at(-1);
  const inner = width - edge.left - edge.right;
  const x = (day) => (last === first ? edge.left + inner / 2 : edge.left + (inner * (day - first)) / (last - first));
  const y = (score) => height - edge.bottom - ((height - edge.top - edge.bottom) * score) / top;
  const best = known.reduce((a, b) => (b.score > a.score ? b : a));
  const svg = select(place)
    .append("svg")
    .attr("role", "img")
    .attr("viewBox", `0 0 ${width} ${height}`)
    .attr("aria-label", `Trend score from ${short.format(first)} to ${short.format(last)}: from ${known[0].score.toFixed(1)} to ${known.at(-1).score.toFixed(1)}, highest ${best.score.toFixed(1)} on ${short.format(time(best.date))}. The table below has every figure.`);
  svg.append("text").attr("x", edge.left).attr("y", 16).text("Trend score");
  const digits = top < 5 ? 1 : 0;
  for (const mark of marks) {
    svg.append("line").attr("class", "grid").attr("x1", edge.left).attr("x2", width - edge.right).attr("y1", y(mark)).attr("y2", y(mark));
    svg.append("text").attr("x", edge.left - 8).attr("y", y(mark) + 4).attr("text-anchor", "end").text(mark.toFixed(digits));
  }
  const every = Math.max(1, Math.ceil((last - first) / DAY / Math.max(2, Math.floor(inner / 80))));
  for (let day = last; day >= first; day -= every * DAY) {
    svg.append("text").attr("x", x(day)).attr("y", height - 8).attr("text-anchor", day === last && first !== last ? "end" : "middle").text(short.format(day));
  }
  const defined = (point) => point.score !== null;
  const px = (point) => x(time(point.date));
  svg.append("path").attr("class", "area").attr("d", area().defined(defined).x(px).y0(y(0)).y1((point) => y(point.score))(points));
  svg.append("path").attr("class", "line").attr("d", line().defined(defined).x(px).y((point) => y(point.score))(points));
  if (known.length <= 60) {
    const dots = svg.selectAll("circle").data(known).join("circle").attr("cx", px).attr("cy", (point) => y(point.score));
    dots.attr("class", (point) => (point.date === place.dataset.day ? "point now" : "point")).attr("r", (point) => (point.date === place.dataset.day ? 6 : 4));
    dots.append("title").text((point) => `${short.format(time(point.date))}: score ${point.score.toFixed(1)}, rank ${point.rank ?? "none"}, ${point.authors} authors`);
  }
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
