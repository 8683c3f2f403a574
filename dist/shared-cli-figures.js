import {
  duration,
  ending,
  size
} from "./shared-cli-format.js";

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
  Figures
};
