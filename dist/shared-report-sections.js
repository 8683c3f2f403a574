// src/report/sections.ts
var AROUND = 200;
function fit(all, most, elsewhere) {
  const sections = all.filter(({ lines }) => lines.length > 0);
  const fixed = sections.filter(({ elastic }) => !elastic).reduce((sum, { title, lines }) => sum + size([title, "", ...lines, ""]), 0);
  const sizes = sections.filter(({ elastic }) => elastic).map(({ lines }) => size(lines));
  const share = evenly(sizes, most - fixed - sizes.length * AROUND);
  const text = sections.map(({ title, lines, elastic }) => {
    const kept = elastic ? within(lines, share) : lines;
    const left = lines.length - kept.length;
    const note = left > 0 ? ["", `${left} more ${left === 1 ? "line is" : "lines are"} left out here; ${elsewhere}.`] : [];
    return [title, "", ...kept, ...note].join("\n").trimEnd();
  });
  return `${text.join("\n\n")}
`;
}
function evenly(sizes, room) {
  let left = room;
  const sorted = sizes.toSorted((a, b) => a - b);
  for (const [index, own] of sorted.entries()) {
    const share = Math.floor(left / (sorted.length - index));
    if (own > share) return share;
    left -= own;
  }
  return Infinity;
}
function within(lines, room) {
  let left = room;
  const end = lines.findIndex((line) => (left -= size([line])) < 0);
  return end === -1 ? lines : lines.slice(0, end);
}
var size = (lines) => lines.reduce((sum, line) => sum + Buffer.byteLength(line) + 1, 0);
function more(count, noun) {
  return count > 0 ? [`and ${count} more ${noun}${count === 1 ? "" : "s"}.`, ""] : [];
}

export {
  fit,
  more
};
