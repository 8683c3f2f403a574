const { join } = process.getBuiltinModule("node:path");
import {
  lines
} from "./shared-system-lines.js";
import {
  explain,
  spawnWarden
} from "./shared-run-start-warden.js";

// src/run/warden-process.ts
var LONGEST = 1 << 20;
var WardenProcess = class {
  #child;
  #errors = "";
  #messages = null;
  /** What to say of its end, where it said nothing itself. */
  ended;
  constructor(...kind) {
    const entry = join(import.meta.dirname, "warden.cjs");
    const child = spawnWarden(entry, kind, true);
    this.#child = child;
    child.stdin?.on("error", () => {
    });
    child.stderr?.on("data", (chunk) => {
      if (this.#errors.length < 8192) this.#errors += chunk.toString("utf8");
    });
    this.ended = new Promise((resolve) => {
      child.once("error", (error) => resolve(missing(error, child.spawnfile)));
      child.once("close", (code, signal) => resolve(explain(this.#errors, String(signal ?? code))));
    });
  }
  send(request) {
    this.#child.stdin?.write(`${JSON.stringify(request)}
`);
  }
  close() {
    this.#child.stdin?.end();
  }
  /** The same one each time: of a warden with many runs it goes on. */
  messages() {
    return this.#messages ??= parsed(this.#child.stdout);
  }
};
async function* parsed(stream) {
  if (stream !== null) for await (const line of lines(stream, LONGEST)) yield JSON.parse(line);
}
function missing(error, file) {
  if (error.code !== "ENOENT") return error.message;
  return file === "sudo" ? "sudo is not there: agent-jail needs root, or passwordless sudo" : `${file} is missing on this machine`;
}

// src/run/kept.ts
var kept = null;
var KEPT = /* @__PURE__ */ new Set(["nspawn", "docker", "auto"]);
function keepWardens() {
  const mine = [];
  kept = mine;
  return {
    [Symbol.asyncDispose]: async () => {
      kept = null;
      for (const { warden } of mine) warden.close();
      await Promise.all(mine.map(({ warden }) => warden.ended));
    }
  };
}
var keeps = (backend) => kept !== null && KEPT.has(backend);
function keep(warden, backend) {
  if (kept === null || !(warden instanceof WardenProcess)) return false;
  warden.send({ kind: "again" });
  const answer = warden.messages().next();
  const ready = answer.then(
    ({ value }) => value?.kind === "ready",
    () => false
  );
  kept.push({ warden, backend, ready });
  return true;
}
async function takeKept(backend) {
  for (; ; ) {
    const index = kept?.findIndex((one) => one.backend === backend) ?? -1;
    if (kept === null || index === -1) return null;
    const [{ warden, ready }] = kept.splice(index, 1);
    if (await ready) return warden;
    warden.close();
    await warden.ended;
  }
}

export {
  WardenProcess,
  keepWardens,
  keeps,
  keep,
  takeKept
};
