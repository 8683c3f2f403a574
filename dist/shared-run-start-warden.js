import {
  work
} from "./shared-host-places.js";
import {
  CLEAN_ENV,
  SINGLE_THREADED
} from "./shared-system-exec.js";

// src/host/scratch.ts
var MIB = 1 << 20;
var MARGIN = 64 * MIB;
var LEAST = 16 * MIB;
var RUNTIME_FILES = work("runtime");
var FIFOS = ["out", "err"];
var [OUTPUT, ERRORS] = FIFOS.map((name) => work("runtime", name));

// src/host/outside.ts
var OPENED = ["/bin/sh", "-c", 'exec "$@" 3</proc/self/ns/mnt 4</proc', "sh"];
var FROZEN_RUNTIME = work("runtime-ro");

// src/run/start-warden.ts
var WARDEN_FLAGS = [...SINGLE_THREADED, "--max-semi-space-size=2"];
function wardenArgv(root, node, entry, ...kind) {
  const env = Object.entries(CLEAN_ENV).map(([name, value]) => `${name}=${value}`);
  const namespaces = ["unshare", "--mount", "--propagation", "private", "--pid", "--fork", "--kill-child", "--mount-proc"];
  const clean = ["/usr/bin/env", "-i", ...env, ...OPENED, ...namespaces, node, ...WARDEN_FLAGS, entry, ...kind];
  return root ? clean : ["sudo", "-n", "--", ...clean];
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
  wardenArgv,
  explain
};
