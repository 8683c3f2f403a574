const { spawn } = process.getBuiltinModule("node:child_process");
const { closeSync, openSync } = process.getBuiltinModule("node:fs");
import {
  CLEAN_ENV,
  SINGLE_THREADED
} from "./shared-system-exec.js";

// src/host/places.ts
var STATE = "/var/lib/agent-jail";
var TOOLS = `${STATE}/tools`;
var ROOTS = `${STATE}/roots`;
var WORK = `${STATE}/work`;
var RUN_SYSTEMD = "/run/systemd";
var COLLECT = `${RUN_SYSTEMD}/agent-jail-collect`;
var REHEARSAL = `${RUN_SYSTEMD}/agent-jail-rehearsal`;
var hostName = (id) => `agent-jail-${id}`;
var work = (...parts) => [WORK, ...parts].join("/");

// src/run/start-warden.ts

// src/host/scratch.ts
var MIB = 1 << 20;
var MARGIN = 64 * MIB;
var LEAST = 16 * MIB;
var SCRATCH = work("scratch");
var RUNTIME_FILES = work("runtime");
var FIFOS = ["out", "err"];
var [OUTPUT, ERRORS] = FIFOS.map((name) => work("runtime", name));

// src/host/outside.ts
var OPENED = ["/proc/self/ns/mnt", "/proc"];
var FROZEN_RUNTIME = work("runtime-ro");

// src/run/start-warden.ts
var WARDEN_FLAGS = [...SINGLE_THREADED, "--max-semi-space-size=2"];
function wardenArgv(root, node, entry, ...kind) {
  const namespaces = ["--mount", "--propagation", "private", "--pid", "--fork", "--kill-child", "--mount-proc"];
  const warden = ["unshare", ...namespaces, node, ...WARDEN_FLAGS, entry, ...kind];
  if (root) return warden;
  const env = Object.entries(CLEAN_ENV).map(([name, value]) => `${name}=${value}`);
  const files = OPENED.map((path, at) => `${3 + at}<${path}`);
  return ["sudo", "-n", "--", "/usr/bin/env", "-i", ...env, "/bin/sh", "-c", `exec "$@" ${files.join(" ")}`, "sh", ...warden];
}
function spawnWarden(entry, kind, apart) {
  const root = process.getuid?.() === 0;
  const [file, ...args] = wardenArgv(root, process.execPath, entry, ...kind);
  const opened = root ? OPENED.map((path) => openSync(path, "r")) : [];
  try {
    const stdio = ["pipe", "pipe", "pipe", ...opened];
    return spawn(file, args, { env: CLEAN_ENV, stdio, detached: apart, cwd: "/" });
  } finally {
    for (const fd of opened) closeSync(fd);
  }
}
function explain(errors, end) {
  if (/sudo: .*password|sudo: .*terminal/.test(errors)) return "sudo asks for a password: agent-jail needs root, or passwordless sudo";
  if (/not in the sudoers|may not run sudo/.test(errors)) return "this user may not use sudo: agent-jail needs root, or passwordless sudo";
  const program = /(?:env: |exec: )[^\w:]?([\w.-]+)[^\w:]?: (?:No such file|not found)/.exec(errors)?.[1];
  if (program !== void 0) return `${program} is missing on this machine`;
  const said = errors.trim().split("\n").slice(-3).join(" / ").slice(0, 500);
  return `the warden ended with ${end}${said === "" ? "" : `: ${said}`}`;
}

export {
  STATE,
  TOOLS,
  hostName,
  work,
  spawnWarden,
  explain
};
