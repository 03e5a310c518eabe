// Where the bubbles go. Pure: rows in, circles out; the same rows and size give the same picture.
import { forceCollide, forceSimulation, forceX, forceY } from "d3-force";
import { packEnclose, packSiblings } from "d3-hierarchy";

const FILL = 0.52; // share of the stage's area that the bubbles cover
const LARGEST = 0.28; // radius of the largest bubble, as a share of the stage's shorter side
const GAP = 2; // px between bubbles
const RING = 4; // px more around a bubble with an outer ring
const LABEL = 34; // px above a group for its name
const MOST_GROUPS = 8;

const VIBES = [
  [8, "8 to 10: loved"],
  [6, "6 to 8: liked"],
  [4, "4 to 6: mixed"],
  [0, "Below 4: disliked"],
];
const SCORES = [
  [100, "100 and more"],
  [30, "30 to 100"],
  [10, "10 to 30"],
  [3, "3 to 10"],
  [1, "1 to 3"],
  [0, "Below 1"],
];
const NO_VIBE = "No vibe score";

const bucket = (buckets, value) => buckets.find(([low]) => value >= low)[1];
const ORDERS = { vibe: [...VIBES.map(([, name]) => name), NO_VIBE], score: SCORES.map(([, name]) => name) };

const GROUP_OF = {
  genre: (row) => row.genre ?? "No genre",
  platform: (row) => row.platforms?.[0] ?? "No platform",
  tag: (row) => row.vibe_tags?.[0] ?? "No vibe tag",
  vibe: (row) => (row.vibe_score == null ? NO_VIBE : bucket(VIBES, row.vibe_score)),
  score: (row) => bucket(SCORES, row.size),
};

// Rows by group, most titles first; small groups beyond the eighth are "Other".
export function groupRows(rows, by) {
  const groups = new Map();
  for (const row of rows) {
    const name = GROUP_OF[by](row);
    if (!groups.has(name)) groups.set(name, []);
    groups.get(name).push(row);
  }
  let list = [...groups].map(([name, members]) => ({ name, members }));
  const order = ORDERS[by];
  if (order) return list.sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name));
  list.sort((a, b) => Number(a.name.startsWith("No ")) - Number(b.name.startsWith("No ")) || b.members.length - a.members.length);
  if (list.length > MOST_GROUPS) {
    const rest = list.slice(MOST_GROUPS - 1).flatMap((group) => group.members).sort((a, b) => a.rank - b.rank);
    list = [...list.slice(0, MOST_GROUPS - 1), { name: "Other", members: rest }];
  }
  return list;
}

const around = (row) => GAP / 2 + (row.alert ? RING : 0);

// Deepest overlap of two circles in px; 0 or less where none touch.
function overlap(nodes) {
  let deepest = 0;
  for (let i = 1; i < nodes.length; i += 1) {
    for (let j = 0; j < i; j += 1) {
      const [a, b] = [nodes[i], nodes[j]];
      deepest = Math.max(deepest, a.r + b.r - Math.hypot(a.x - b.x, a.y - b.y));
    }
  }
  return deepest;
}

// One cloud, the highest rank in the middle. `before` holds the last positions, so that titles keep their place; `most` is
// the largest scale allowed (px of radius per root of size). Answers the scale too: area is proportional to size.
export function cloud(rows, width, height, before, most = Infinity) {
  const total = rows.reduce((sum, row) => sum + row.size, 0) || 1;
  const largest = Math.max(...rows.map((row) => row.size)) || 1;
  const room = Math.sqrt((FILL * width * height) / (Math.PI * total));
  let scale = Math.min(most, room, (Math.min(width, height) * LARGEST) / Math.sqrt(largest));
  const nodes = rows.map((row, i) => {
    const r = Math.max(5, scale * Math.sqrt(row.size));
    const angle = i * 2.399963; // golden angle: an even spiral outwards by rank
    const far = Math.sqrt((i + 0.5) / rows.length);
    const old = before.get(row.title_id);
    return { row, r, x: old?.x ?? width / 2 + (Math.cos(angle) * far * width) / 2.3, y: old?.y ?? height / 2 + (Math.sin(angle) * far * height) / 2.3 };
  });
  const inside = () => {
    for (const node of nodes) {
      node.x = Math.max(node.r + 4, Math.min(width - node.r - 4, node.x));
      node.y = Math.max(node.r + 4, Math.min(height - node.r - 4, node.y));
    }
  };
  const wide = width / height;
  const collide = forceCollide((node) => node.r + around(node.row)).iterations(2);
  const simulation = forceSimulation(nodes)
    .force("x", forceX(width / 2).strength(wide > 1 ? 0.05 / wide ** 2 : 0.05))
    .force("y", forceY(height / 2).strength(wide > 1 ? 0.05 : 0.05 * wide ** 2))
    .force("collide", collide)
    .alphaDecay(0.05)
    .stop();
  for (let i = 0; i < 90; i += 1) {
    simulation.tick();
    inside();
  }
  // What the walls still press together gives way: first by moving, then by shrinking all circles alike.
  for (const centre of ["x", "y"]) simulation.force(centre, null);
  for (let i = 1; i < 400 && overlap(nodes) > 0.5; i += 1) {
    simulation.tick();
    inside();
    if (i % 20 === 0) {
      scale *= 0.97;
      for (const node of nodes) node.r *= 0.97;
      collide.radius((node) => node.r + around(node.row));
    }
  }
  const circles = nodes.map(({ row, r, x, y }) => ({ row, r, x, y }));
  return { circles, groups: [], scale };
}

// Groups as packed clusters in rows, each below its name; one scale for all, as large as width, height and
// `most` allow.
export function clusters(rows, by, width, height, most = Infinity) {
  const groups = groupRows(rows, by);
  const flow = (scale) => {
    let x = 0;
    let y = 0;
    let tall = 0;
    const lines = [];
    let line = [];
    for (const group of groups) {
      const circles = group.members.map((row) => ({ row, r: Math.max(4.5, scale * Math.sqrt(row.size)) + around(row) }));
      packSiblings(circles);
      const round = packEnclose(circles);
      const R = round.r + 5;
      const cell = Math.max(2 * R, Math.min(width, group.name.length * 7.6 + 34)) + 14;
      if (x + cell > width && line.length) {
        lines.push({ line, y, tall, used: x });
        y += tall + LABEL + 8;
        [x, tall, line] = [0, 0, []];
      }
      line.push({ group, circles, round, R, cell, x });
      x += cell;
      tall = Math.max(tall, 2 * R);
    }
    lines.push({ line, y, tall, used: x });
    const widest = Math.max(...lines.map((one) => one.used));
    return { lines, deep: y + tall + LABEL + 10, fits: widest <= width };
  };
  let low = 0.1;
  let high = Math.min(400, most);
  for (let i = 0; i < 22; i += 1) {
    const middle = Math.sqrt(low * high);
    const tried = flow(middle);
    if (tried.fits && tried.deep <= height) low = middle;
    else high = middle;
  }
  const { lines, deep } = flow(low);
  const top = Math.max(0, (height - deep) / 2);
  const circles = [];
  const shown = [];
  for (const { line, y, tall, used } of lines) {
    for (const { group, circles: members, round, R, cell, x } of line) {
      const cx = (width - used) / 2 + x + cell / 2;
      const cy = top + y + LABEL + tall / 2;
      shown.push({ name: group.name, count: members.length, x: cx, y: cy, r: R });
      for (const one of members) circles.push({ row: one.row, r: one.r - around(one.row), x: cx + one.x - round.x, y: cy + one.y - round.y });
    }
  }
  circles.sort((a, b) => a.row.rank - b.row.rank);
  return { circles, groups: shown, scale: low };
}
