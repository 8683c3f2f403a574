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

// src/cli/figures.ts
var Figures = class {
  #last = null;
  #denied = /* @__PURE__ */ new Set();
  observe(event) {
    if (event.kind === "progress") this.#last = event;
    if (event.kind === "denied") this.#denied.add(event.host);
    if (event.kind === "step" && event.exit === null) this.#last = null;
  }
  /** `2 m 00 s, 1.2 MiB printed, memory 300.0 MiB, 3 processes, 1 host denied`. `ms`: how long it runs by now. */
  running(ms) {
    if (this.#last === null) return duration(ms);
    const { bytes, memory, processes } = this.#last;
    return [duration(ms), `${size(bytes)} printed`, `memory ${size(memory)}`, many(processes, "process", "es"), ...this.#network()].join(
      ", "
    );
  }
  /** `exit 0, 5.0 s, 1.2 MiB, memory up to 300.0 MiB, limits hit: processes`. */
  ended(exit) {
    const memory = this.#last === null ? [] : [`memory up to ${size(this.#last.peak)}`];
    const hit = exit.hit.length === 0 ? [] : [`limits hit: ${exit.hit.join(", ")}`];
    return [ending(exit), duration(exit.ms), size(exit.bytes), ...memory, ...this.#network(), ...hit].join(", ");
  }
  /** Of the run: who was denied in an earlier step is not told again. */
  #network() {
    return this.#denied.size === 0 ? [] : [`${many(this.#denied.size, "host", "s")} denied`];
  }
};
var many = (count, one, plural) => `${count} ${one}${count === 1 ? "" : plural}`;

export {
  size,
  fitting,
  Figures
};
