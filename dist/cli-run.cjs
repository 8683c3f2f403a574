"use strict";

// src/system/platform.ts
var import_node_fs = require("node:fs");
var import_node_path = require("node:path");
var POSIX = {
  modes: true,
  separator: ":",
  slashed: (path) => path,
  toJail: (path) => path.startsWith("/") ? path : null,
  toHost: (path) => path.startsWith("/") ? path : null,
  real: (path) => (0, import_node_fs.realpathSync)(path)
};
var slashed = (path) => path.replaceAll("\\", "/").replace(/^\/\/\?\/(?=[A-Za-z]:)/, "");
var WINDOWS = {
  called: "Windows",
  jails: false,
  modes: false,
  separator: ";",
  slashed,
  toJail(path) {
    const [, drive, rest = ""] = /^([A-Za-z]):(\/[^:\0]*)$/.exec(slashed(path)) ?? [];
    if (drive === void 0) return null;
    return `/${drive.toLowerCase()}${import_node_path.posix.normalize(rest).replace(/\/$/, "")}`;
  },
  toHost(path) {
    const [, drive, rest = ""] = /^\/([a-z])(\/[^\0]*)?$/.exec(path) ?? [];
    return drive === void 0 ? null : `${drive.toUpperCase()}:${rest === "" ? "/" : rest}`;
  },
  // Also in the case that the disk has, which paths are compared by.
  real: (path) => slashed(import_node_fs.realpathSync.native(path))
};
function platformOf(name) {
  if (name === "linux") return { ...POSIX, called: "Linux", jails: true };
  if (name === "darwin") return { ...POSIX, called: "macOS", jails: false };
  return name === "win32" ? WINDOWS : null;
}
var HERE = platformOf(process.platform) ?? { ...POSIX, called: process.platform, jails: false };

// src/run/warden-process.ts
var import_node_path2 = require("node:path");

// src/system/lines.ts
async function* lines(stream, max) {
  const pending = [];
  let size = 0;
  for await (const chunk of stream) {
    let rest = chunk;
    for (let at = rest.indexOf(10); at !== -1; at = rest.indexOf(10)) {
      pending.push(rest.subarray(0, at));
      yield Buffer.concat(pending).toString("utf8");
      pending.length = 0;
      size = 0;
      rest = rest.subarray(at + 1);
    }
    size += rest.length;
    if (size > max) throw new Error(`a line of more than ${max} bytes`);
    if (rest.length > 0) pending.push(rest);
  }
  if (size > 0) yield Buffer.concat(pending).toString("utf8");
}

// src/run/start-warden.ts
var import_node_child_process = require("node:child_process");
var import_node_fs2 = require("node:fs");

// src/system/exec.ts
var SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
function cleanEnv(platform, env) {
  const bare = { LANG: "C.UTF-8", LC_ALL: "C.UTF-8" };
  if (platform !== "win32") return { PATH: SYSTEM_PATH, ...bare };
  const of = (name) => Object.entries(env).find(([one]) => one.toUpperCase() === name)?.[1] ?? "";
  return { PATH: of("PATH"), SystemRoot: of("SYSTEMROOT"), ...bare };
}
var CLEAN_ENV = cleanEnv(process.platform, process.env);
var SINGLE_THREADED = ["--single-threaded-gc", "--no-concurrent-recompilation", "--no-concurrent-sparkplug"];

// src/host/places.ts
var STATE = "/var/lib/agent-jail";
var TOOLS = `${STATE}/tools`;
var ROOTS = `${STATE}/roots`;
var WORK = `${STATE}/work`;
var RUN_SYSTEMD = "/run/systemd";
var COLLECT = `${RUN_SYSTEMD}/agent-jail-collect`;
var REHEARSAL = `${RUN_SYSTEMD}/agent-jail-rehearsal`;
var work = (...parts) => [WORK, ...parts].join("/");

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
  const opened = root ? OPENED.map((path) => (0, import_node_fs2.openSync)(path, "r")) : [];
  try {
    const stdio = ["pipe", "pipe", "pipe", ...opened];
    return (0, import_node_child_process.spawn)(file, args, { env: CLEAN_ENV, stdio, detached: apart, cwd: "/" });
  } finally {
    for (const fd of opened) (0, import_node_fs2.closeSync)(fd);
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

// src/run/warden-process.ts
var LONGEST = 1 << 20;
var WardenProcess = class {
  #child;
  #errors = "";
  #messages = null;
  /** What to say of its end, where it said nothing itself. */
  ended;
  constructor(...kind) {
    const entry = (0, import_node_path2.join)(__dirname, "warden.cjs");
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

// src/run/early.ts
var EARLY = /* @__PURE__ */ Symbol.for("agent-jail.early-warden");
var left = globalThis;
function startEarly(argv) {
  const backend = earlyBackend(argv);
  if (HERE.jails && backend !== null) left[EARLY] = new WardenProcess("run", backend);
}
var BACKENDS = ["auto", "nspawn", "docker", "vm", "chroot"];
function earlyBackend(argv) {
  const end = argv.indexOf("--");
  const flags = end === -1 ? argv : argv.slice(0, end);
  if (flags.includes("--help") || flags.includes("-h")) return null;
  if (end === -1 && !flags.some((flag) => flag === "--steps" || flag.startsWith("--steps="))) return null;
  const at = flags.findIndex((flag) => flag === "--backend" || flag.startsWith("--backend="));
  const asked = at === -1 ? "auto" : flags[at]?.split("=")[1] ?? flags[at + 1];
  return BACKENDS.find((name) => name === asked) ?? null;
}

// src/system/code-cache.ts
var import_node_fs3 = require("node:fs");
var import_node_path3 = require("node:path");
var import_node_vm = require("node:vm");

// src/system/kept-code.ts
var KEEP = /* @__PURE__ */ Symbol.for("agent-jail.keep-code");

// src/system/code-cache.ts
function startKept(program, require2, directory = directoryOf(process.getuid?.(), process.env)) {
  const file = (0, import_node_fs3.openSync)(program, "r");
  const place = directory === null ? null : (0, import_node_path3.join)(directory, nameOf(program, file));
  const source = (0, import_node_fs3.readFileSync)(file, "latin1");
  (0, import_node_fs3.closeSync)(file);
  const kept = place === null ? null : read(place);
  const script = new import_node_vm.Script(`(function (exports, require, module, __filename, __dirname) {${source}
})`, {
    filename: program,
    ...kept === null ? {} : { cachedData: kept }
  });
  if (place !== null && (kept === null || script.cachedDataRejected === true)) {
    const second = (0, import_node_fs3.existsSync)((0, import_node_path3.dirname)(place));
    globalThis[KEEP] = () => {
      if (second) write(place, script.createCachedData());
      else prepare((0, import_node_path3.dirname)(place));
    };
  }
  const module2 = { exports: {} };
  const run = script.runInThisContext();
  run(module2.exports, require2, module2, program, (0, import_node_path3.dirname)(program));
}
function directoryOf(uid, env) {
  if (uid === void 0) return null;
  if (uid === 0) return OF_ROOT;
  const { XDG_CACHE_HOME: cache = "", HOME: home = "" } = env;
  const base = cache.startsWith("/") ? cache : home.startsWith("/") ? (0, import_node_path3.join)(home, ".cache") : null;
  return base === null ? null : (0, import_node_path3.join)(base, "agent-jail", "code");
}
var OF_ROOT = "/var/lib/agent-jail/code";
var programOf = (entry) => entry.replace(/\.cjs$/, ".code.cjs");
function nameOf(program, fd) {
  const { dev, ino, size, ctimeNs } = (0, import_node_fs3.fstatSync)(fd, { bigint: true });
  const file = [dev, ino, size, ctimeNs].map((number) => number.toString(16));
  return [(0, import_node_path3.basename)(program, ".code.cjs"), process.versions.node, ...file].join("-");
}
var VERSIONS = 3;
var MOST = 16 << 20;
function read(place) {
  let file = null;
  try {
    if (!own((0, import_node_fs3.statSync)((0, import_node_path3.dirname)(place)))) return null;
    file = (0, import_node_fs3.openSync)(place, import_node_fs3.constants.O_RDONLY | import_node_fs3.constants.O_NOFOLLOW | import_node_fs3.constants.O_NONBLOCK);
    const seen = (0, import_node_fs3.fstatSync)(file);
    if (!seen.isFile() || !own(seen) || seen.size > MOST) return null;
    const code = (0, import_node_fs3.readFileSync)(file);
    return code.length > 0 ? code : null;
  } catch {
    return null;
  } finally {
    if (file !== null) (0, import_node_fs3.closeSync)(file);
  }
}
function write(place, code) {
  const fresh = `${place}.${process.pid}`;
  try {
    if (!own((0, import_node_fs3.statSync)((0, import_node_path3.dirname)(place)))) return;
    (0, import_node_fs3.writeFileSync)(fresh, code, { mode: 384, flag: "wx", flush: true });
    (0, import_node_fs3.renameSync)(fresh, place);
    forget(place);
  } catch {
    if ((0, import_node_fs3.existsSync)(fresh)) (0, import_node_fs3.rmSync)(fresh, { force: true });
  }
}
var KEPT = /(-[0-9a-f.]+)+$/;
function forget(place) {
  const program = (0, import_node_path3.basename)(place).replace(KEPT, "");
  const made = (file) => (0, import_node_fs3.statSync)(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  (0, import_node_fs3.readdirSync)((0, import_node_path3.dirname)(place)).filter((name) => name.replace(KEPT, "") === program).map((name) => (0, import_node_path3.join)((0, import_node_path3.dirname)(place), name)).sort((a, b) => made(b) - made(a)).slice(VERSIONS).forEach((file) => (0, import_node_fs3.rmSync)(file, { force: true }));
}
function prepare(directory) {
  try {
    (0, import_node_fs3.mkdirSync)(directory, { recursive: true, mode: 448 });
  } catch {
  }
}
var own = ({ uid, mode }) => (uid === 0 || uid === process.getuid?.()) && (mode & 18) === 0;

// src/started-run.ts
startEarly(process.argv.slice(3));
startKept(programOf(__filename), require);
