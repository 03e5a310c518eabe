// A title inside a circle: which lines and which size of letters fit.
const pen = document.createElement("canvas").getContext("2d");

// The lines and font size of a title that fit into a circle, or null. Sizes from 17 px down to 10 px.
export function fitText(text, r, family) {
  if (r < 17) return null;
  const words = text.split(/\s+/).filter(Boolean);
  for (let size = Math.min(17, Math.floor(r / 2.1)); size >= 10; size -= 1) {
    pen.font = `600 ${size}px ${family}`;
    const step = size * 1.15;
    for (let count = 1; count <= 4 && (count * step) / 2 < r * 0.72; count += 1) {
      const lines = [];
      let left = [...words];
      for (let i = 0; i < count && left.length; i += 1) {
        const edge = Math.max(Math.abs((i - count / 2) * step), Math.abs((i + 1 - count / 2) * step));
        const room = 2 * Math.sqrt(Math.max(0, (r - 3) ** 2 - edge ** 2)) - 2;
        let take = 0;
        while (take < left.length && pen.measureText(left.slice(0, take + 1).join(" ")).width <= room) take += 1;
        if (!take) break;
        lines.push(left.slice(0, take).join(" "));
        left = left.slice(take);
      }
      if (!left.length && lines.length === count) return { lines, size, step };
    }
  }
  return null;
}
