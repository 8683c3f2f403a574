// src/cli/format.ts
function duration(ms) {
  if (ms < 1e3) return `${Math.round(ms)} ms`;
  if (ms < 59950) return `${(ms / 1e3).toFixed(1)} s`;
  const seconds = Math.round(ms / 1e3);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} m ${two(seconds % 60)} s`;
  return `${Math.floor(seconds / 3600)} h ${two(Math.floor(seconds % 3600 / 60))} m`;
}
function size(bytes) {
  if (bytes < 1024) return `${bytes} byte${bytes === 1 ? "" : "s"}`;
  const units = ["KiB", "MiB", "GiB", "TiB"];
  let value = bytes / 1024;
  let unit = 0;
  while (value >= 1023.95 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${value.toFixed(1)} ${units[unit]}`;
}
function ending(exit) {
  if (exit.signal !== null) return `killed by ${exit.signal}`;
  return exit.code === null ? "ended" : `exit ${exit.code}`;
}
function two(n) {
  return String(n).padStart(2, "0");
}
function fitting(text, columns) {
  let left = columns;
  let end = 0;
  for (const character of text) {
    left -= (character.codePointAt(0) ?? 0) < 4352 ? 1 : 2;
    if (left < 0) break;
    end += character.length;
  }
  return text.slice(0, end);
}

export {
  duration,
  size,
  ending,
  fitting
};
