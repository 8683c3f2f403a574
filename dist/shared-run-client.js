const { spawn } = process.getBuiltinModule("node:child_process");
const { dirname, join } = process.getBuiltinModule("node:path");
const { fileURLToPath } = process.getBuiltinModule("node:url");
import {
  contained
} from "./shared-system-contained.js";
import {
  EventReader
} from "./shared-run-events.js";
import {
  lines
} from "./shared-system-lines.js";
import {
  explain,
  wardenArgv
} from "./shared-run-start-warden.js";
import {
  CLEAN_ENV
} from "./shared-system-exec.js";
import {
  JailError
} from "./shared-model-errors.js";

// src/run/client.ts
var LONGEST = 1 << 20;
var PATIENCE = 10 * 6e4;
var WardenProcess = class {
  #child;
  #errors = "";
  /** What to say of its end, where it said nothing itself. */
  ended;
  constructor(...kind) {
    const entry = join(dirname(fileURLToPath(import.meta.url)), "warden.js");
    const [file, ...args] = wardenArgv(process.getuid?.() === 0, process.execPath, entry, ...kind);
    const child = spawn(file, args, { env: CLEAN_ENV, stdio: ["pipe", "pipe", "pipe"], detached: true, cwd: "/" });
    this.#child = child;
    child.stdin?.on("error", () => {
    });
    child.stderr?.on("data", (chunk) => {
      if (this.#errors.length < 8192) this.#errors += chunk.toString("utf8");
    });
    this.ended = new Promise((resolve) => {
      child.once("error", (error) => resolve(missing(error, file)));
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
  async *messages() {
    const { stdout } = this.#child;
    if (stdout === null) return;
    for await (const line of lines(stdout, LONGEST)) yield JSON.parse(line);
  }
};
var waiting = null;
function startWarden(backend) {
  waiting ??= new WardenProcess("run", backend);
}
function announceRoot(root) {
  if (root.kind === "image" || root.kind === "archive") waiting?.send({ kind: "ahead", root });
}
async function dismissWarden() {
  const warden = waiting;
  waiting = null;
  warden?.close();
  await warden?.ended;
}
function missing(error, file) {
  if (error.code !== "ENOENT") return error.message;
  return `${file} is not there${file === "sudo" ? ": agent-jail needs root, or passwordless sudo" : ""}`;
}
async function runJail(request, observe, cancel) {
  let found;
  try {
    found = await wardenFor(request, (message) => observe({ seq: -1, t: 0, kind: "notice", message }));
  } catch (error) {
    if (!(error instanceof JailError)) throw error;
    const { finish: finish2 } = await import("./finish.js");
    const result2 = await finish2(request.record, error.message);
    return result2.end.how === "error" ? { ...result2, end: { ...result2.end, remedy: error.remedy } } : result2;
  }
  const { warden } = found;
  const onCancel = () => {
    warden.send({ kind: "cancel", by: cancel.reason instanceof Error ? cancel.reason.message : "a signal" });
    setTimeout(() => warden.close(), PATIENCE).unref();
  };
  warden.send(found.request);
  if (cancel.aborted) onCancel();
  cancel.addEventListener("abort", onCancel);
  let result = null;
  const reader = new EventReader();
  try {
    for await (const message of warden.messages()) {
      const event = reader.read(message);
      observe(event);
      if (event.kind !== "ended") continue;
      const { end, outcome, because, manifest, counts } = event;
      result = { end, outcome, because, manifest, counts, record: request.record };
    }
  } catch (error) {
    result = null;
    observe({ seq: -1, t: 0, kind: "notice", message: `the warden's events could not be read: ${error.message}` });
  } finally {
    cancel.removeEventListener("abort", onCancel);
    warden.close();
  }
  const how = await warden.ended;
  if (result !== null && result.end.how !== "error") return result;
  if (found.request.elsewhere === void 0) await sweep(request.id).catch(() => {
  });
  if (result !== null) return result;
  const { finish } = await import("./finish.js");
  return finish(request.record, how);
}
async function wardenFor(request, notice) {
  const container = contained(process.execPath, process.env);
  if (request.backend === "docker" || request.backend === "auto" && container !== null) {
    const { startElsewhere, whyElsewhere } = await import("./elsewhere.js");
    const why = await whyElsewhere(request.engine, container);
    if (why !== null) {
      await dismissWarden();
      return startElsewhere(request, why, notice);
    }
  }
  const warden = waiting ?? new WardenProcess("run", request.backend);
  waiting = null;
  return { warden, request: withoutKeys(request) };
}
function withoutKeys(request) {
  const { engine } = request;
  return engine.ok && engine.tls !== null ? { ...request, engine: { ...engine, tls: { ca: null, cert: null, key: null } } } : request;
}
async function sweep(id) {
  const warden = new WardenProcess("sweep");
  warden.send({ kind: "sweep", protocol: 1, id });
  warden.close();
  let answer = null;
  for await (const message of warden.messages()) answer = message;
  const how = await warden.ended;
  if (answer === null) throw new Error(how);
  return answer;
}

export {
  startWarden,
  announceRoot,
  dismissWarden,
  runJail,
  sweep
};
