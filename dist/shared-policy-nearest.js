// src/policy/nearest.ts
function nearest(value, allowed) {
  if (value.length > 100) return null;
  let best = null;
  let least = Math.floor(value.length / 3) + 1;
  for (const name of allowed) {
    const edits = distance(value.toLowerCase(), name.toLowerCase());
    if (edits < least || edits === least && best === null) [best, least] = [name, edits];
  }
  return best;
}
function distance(a, b) {
  let older = [];
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swap = swapped ? at(older, j - 2) + 1 : Number.POSITIVE_INFINITY;
      next.push(Math.min(at(row, j) + 1, at(next, j - 1) + 1, at(row, j - 1) + (same ? 0 : 1), swap));
    }
    [older, row] = [row, next];
  }
  return at(row, b.length);
}
function at(row, index) {
  return row[index] ?? Number.POSITIVE_INFINITY;
}

export {
  nearest
};
