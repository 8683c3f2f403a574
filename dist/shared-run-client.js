const { spawn } = process.getBuiltinModule("node:child_process");
const { dirname, join } = process.getBuiltinModule("node:path");
const { fileURLToPath } = process.getBuiltinModule("node:url");
import {
  EventReader,
  OPENED
} from "./shared-host-scratch.js";
import {
  lines
} from "./shared-system-lines.js";
import {
  CLEAN_ENV,
  SINGLE_THREADED
} from "./shared-system-exec.js";

// src/run/client.ts
var LONGEST = 1 << 20;
var PATIENCE = 10 * 6e4;
var WARDEN_FLAGS = [SINGLE_THREADED, "--max-semi-space-size=2"];
function wardenArgv(root, node, entry, ...kind) {
  const env = Object.entries(CLEAN_ENV).map(([name, value]) => `${name}=${value}`);
  const namespaces = ["unshare", "--mount", "--propagation", "private", "--pid", "--fork", "--kill-child", "--mount-proc"];
  const clean = ["/usr/bin/env", "-i", ...env, ...OPENED, ...namespaces, node, ...WARDEN_FLAGS, entry, ...kind];
  return root ? clean : ["sudo", "-n", "--", ...clean];
}
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
function explain(errors, end) {
  if (/sudo: .*password|sudo: .*terminal/.test(errors)) return "sudo asks for a password: agent-jail needs root, or passwordless sudo";
  if (/not in the sudoers|may not run sudo/.test(errors)) return "this user may not use sudo: agent-jail needs root, or passwordless sudo";
  const program = /(?:env: |exec: )[^\w:]?([\w.-]+)[^\w:]?: (?:No such file|not found)/.exec(errors)?.[1];
  if (program !== void 0) return `${program} is missing on this machine`;
  const said = errors.trim().split("\n").slice(-3).join(" / ").slice(0, 500);
  return `the warden ended with ${end}${said === "" ? "" : `: ${said}`}`;
}
async function runJail(request, observe, cancel) {
  const warden = waiting ?? new WardenProcess("run", request.backend);
  waiting = null;
  const onCancel = () => {
    warden.send({ kind: "cancel", by: cancel.reason instanceof Error ? cancel.reason.message : "a signal" });
    setTimeout(() => warden.close(), PATIENCE).unref();
  };
  warden.send(request);
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
  await sweep(request.id).catch(() => {
  });
  if (result !== null) return result;
  const { finish } = await import("./finish.js");
  return finish(request.record, how);
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
  wardenArgv,
  startWarden,
  announceRoot,
  dismissWarden,
  explain,
  runJail,
  sweep
};
