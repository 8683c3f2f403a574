// src/policy/units.ts
var SIZES = /* @__PURE__ */ new Map([
  ["", 1],
  ["B", 1],
  ["KB", 1e3],
  ["MB", 1e6],
  ["GB", 1e9],
  ["TB", 1e12],
  ["KiB", 2 ** 10],
  ["MiB", 2 ** 20],
  ["GiB", 2 ** 30],
  ["TiB", 2 ** 40]
]);
var TIMES = [
  ["h", 36e5],
  ["m", 6e4],
  ["s", 1e3],
  ["ms", 1]
];
function parseSize(text) {
  const [, digits = "", unit = ""] = /^(\d{1,16}) ?([A-Za-z]*)$/.exec(text) ?? [];
  const factor = SIZES.get(unit);
  const bytes = Number(digits) * (factor ?? Number.NaN);
  if (digits === "" || !Number.isSafeInteger(bytes)) {
    const units = [...SIZES.keys()].filter((name) => name !== "").join(" ");
    throw new Error(`${JSON.stringify(text)} is not a size: a whole number and one of ${units}, such as 512MiB`);
  }
  return bytes;
}
function parseTime(text) {
  const parts = /^(?:(\d{1,9})h)?(?:(\d{1,9})m)?(?:(\d{1,9})s)?(?:(\d{1,9})ms)?$/.exec(text);
  if (parts === null || text === "") {
    throw new Error(`${JSON.stringify(text)} is not a time: whole numbers with h, m, s, ms in this order, such as 30s or 1h30m`);
  }
  return TIMES.reduce((sum, [, ms], at) => sum + Number(parts[at + 1] ?? 0) * ms, 0);
}
function formatSize(bytes) {
  const fits = [...SIZES].filter(([unit, factor]) => unit !== "" && bytes >= factor && bytes % factor === 0);
  const best = fits.reduce((a, b) => a !== null && a[1] >= b[1] ? a : b, null);
  return best === null ? `${bytes}B` : `${bytes / best[1]}${best[0]}`;
}
function formatTime(ms) {
  let rest = ms;
  let text = "";
  for (const [unit, factor] of TIMES) {
    const count = Math.floor(rest / factor);
    if (count > 0) text += `${count}${unit}`;
    rest -= count * factor;
  }
  return text === "" ? "0ms" : text;
}

export {
  parseSize,
  parseTime,
  formatSize,
  formatTime
};
