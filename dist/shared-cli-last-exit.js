const { constants } = process.getBuiltinModule("node:os");
// src/cli/last-exit.ts
var LastExit = class {
  #exit = null;
  observe(event) {
    if (event.kind === "step" && event.exit !== null) this.#exit = event.exit;
  }
  /** Exit code as a shell gives it: 128 + the signal's number for a killed step; null where no step ended. */
  get code() {
    if (this.#exit === null) return null;
    const { code, signal } = this.#exit;
    if (signal === null) return code;
    const number = constants.signals[signal];
    return number === void 0 ? null : 128 + number;
  }
};

export {
  LastExit
};
