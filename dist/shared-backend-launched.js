const { appendFileSync } = process.getBuiltinModule("node:fs");
const { setTimeout: sleep } = process.getBuiltinModule("node:timers/promises");
import {
  readProc
} from "./shared-system-proc.js";
import {
  JailError
} from "./shared-model-errors.js";

// src/backend/launched.ts
var PATIENCE = 3e4;
var LOOK = 2;
var BackendLog = class {
  text = "";
  #file;
  constructor(file) {
    this.#file = file;
  }
  append(chunk) {
    if (this.text.length > 1 << 16) return;
    this.text += chunk.toString("utf8");
    appendFileSync(this.#file, chunk);
  }
};
async function heldProcess({ program, argv, members, may, over, log }) {
  const wanted = `${argv.join("\0")}\0`;
  for (const end = performance.now() + PATIENCE; performance.now() < end; await sleep(LOOK)) {
    for (const pid of members()) if (may(pid) && readProc(pid, "cmdline") === wanted) return pid;
    if (over()) break;
  }
  const said = log.text.trim().split("\n").slice(-3).join(" / ");
  throw new JailError(
    `${program} ${over() ? "ended" : "did not come up"} before the step could start${said === "" ? "" : `: ${said}`}`,
    "see backend.log in the record; `agent-jail doctor` tells what is missing"
  );
}

export {
  BackendLog,
  heldProcess
};
