"use strict";
const later = (name) =>
  new Proxy({}, { get: (_, key) => (key === "default" ? process.getBuiltinModule(name) : process.getBuiltinModule(name)[key]) });
var __create = Object.create;
var __defProp = Object.defineProperty;
var __getOwnPropDesc = Object.getOwnPropertyDescriptor;
var __getOwnPropNames = Object.getOwnPropertyNames;
var __getProtoOf = Object.getPrototypeOf;
var __hasOwnProp = Object.prototype.hasOwnProperty;
var __esm = (fn, res, err) => function __init() {
  if (err) throw err[0];
  try {
    return fn && (res = (0, fn[__getOwnPropNames(fn)[0]])(fn = 0)), res;
  } catch (e) {
    throw err = [e], e;
  }
};
var __export = (target, all) => {
  for (var name2 in all)
    __defProp(target, name2, { get: all[name2], enumerable: true });
};
var __copyProps = (to, from, except, desc) => {
  if (from && typeof from === "object" || typeof from === "function") {
    for (let key of __getOwnPropNames(from))
      if (!__hasOwnProp.call(to, key) && key !== except)
        __defProp(to, key, { get: () => from[key], enumerable: !(desc = __getOwnPropDesc(from, key)) || desc.enumerable });
  }
  return to;
};
var __toESM = (mod, isNodeMode, target) => (target = mod != null ? __create(__getProtoOf(mod)) : {}, __copyProps(
  // If the importer is in node compatibility mode or this is not an ESM
  // file that has been converted to a CommonJS file using a Babel-
  // compatible transform (i.e. "__esModule" has not been set), then set
  // "default" to the CommonJS "module.exports" for node compatibility.
  isNodeMode || !mod || !mod.__esModule ? __defProp(target, "default", { value: mod, enumerable: true }) : target,
  mod
));

// src/model/outcome.ts
var EXIT;
var init_outcome = __esm({
  "src/model/outcome.ts"() {
    "use strict";
    EXIT = {
      succeeded: 0,
      "step-failed": 1,
      "usage-error": 2,
      "guard-failed": 3,
      "needs-review": 4,
      "limit-exceeded": 5,
      "jail-error": 70,
      "timed-out": 124,
      cancelled: 130
    };
  }
});

// src/model/errors.ts
var named, UserError, JailError;
var init_errors = __esm({
  "src/model/errors.ts"() {
    "use strict";
    named = (value, name2) => value instanceof Error && value.name === name2;
    UserError = class extends Error {
      static [Symbol.hasInstance](value) {
        return named(value, "UserError");
      }
      name = "UserError";
      problems;
      constructor(problems) {
        super(problems.map((p) => p.message).join("\n"));
        this.problems = problems;
      }
    };
    JailError = class extends Error {
      static [Symbol.hasInstance](value) {
        return named(value, "JailError");
      }
      name = "JailError";
      remedy;
      place;
      constructor(message, remedy, place = null, options) {
        super(message, options);
        this.remedy = remedy;
        this.place = place;
      }
    };
  }
});

// src/policy/nearest.ts
function nearest(value, allowed) {
  if (value.length > 100) return null;
  let best = null;
  let least = Math.floor(value.length / 3) + 1;
  for (const name2 of allowed) {
    const edits = distance(value.toLowerCase(), name2.toLowerCase());
    if (edits < least || edits === least && best === null) [best, least] = [name2, edits];
  }
  return best;
}
function distance(a, b) {
  let older = [];
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swap = swapped ? at(older, j - 2) + 1 : Number.POSITIVE_INFINITY;
      next.push(Math.min(at(row, j) + 1, at(next, j - 1) + 1, at(row, j - 1) + (same ? 0 : 1), swap));
    }
    [older, row] = [row, next];
  }
  return at(row, b.length);
}
function at(row, index) {
  return row[index] ?? Number.POSITIVE_INFINITY;
}
var init_nearest = __esm({
  "src/policy/nearest.ts"() {
    "use strict";
  }
});

// src/cli/args.ts
function parse(argv, options, positionals) {
  const end2 = argv.indexOf("--");
  const own = end2 === -1 ? argv : argv.slice(0, end2);
  const config = Object.fromEntries(Object.entries(options).map(([name2, type]) => [name2, { type }]));
  let parsed3;
  try {
    parsed3 = (0, import_node_util.parseArgs)({ args: [...own], options: config, strict: true, allowPositionals: true, tokens: true });
  } catch (error) {
    throw wrong(error instanceof Error ? error.message.split(". ")[0] ?? "" : String(error), hint(own, Object.keys(options)));
  }
  if (parsed3.positionals.length > positionals) {
    const remedy = "A command for the jail stands after `--`: agent-jail run -- CMD \u2026";
    throw wrong(`too many arguments: ${JSON.stringify(parsed3.positionals[positionals])}`, "policy" in options ? remedy : "");
  }
  const values = Object.entries(parsed3.values).map(([name2, value]) => [name2, String(value)]);
  return { options: Object.fromEntries(values), positionals: parsed3.positionals, rest: end2 === -1 ? null : argv.slice(end2 + 1) };
}
function wrong(message, remedy = "") {
  return new UserError([{ message, remedy, place: null }]);
}
function didYouMean(value, allowed, prefix = "") {
  const best = nearest(value, allowed);
  return best === null ? "" : `Did you mean \`${prefix}${best}\`?`;
}
function hint(argv, known) {
  const unknown = argv.filter((word) => word.startsWith("-")).map((word) => word.replace(/^-+/, "").split("=")[0] ?? "").find((name2) => name2 !== "" && !known.includes(name2));
  return unknown === void 0 ? "" : didYouMean(unknown, known, "--");
}
var import_node_util;
var init_args = __esm({
  "src/cli/args.ts"() {
    "use strict";
    import_node_util = require("node:util");
    init_errors();
    init_nearest();
  }
});

// src/cli/io.ts
function processIo() {
  const env = process.env;
  for (const stream of [process.stdout, process.stderr]) stream.on("error", unlessGone);
  const plain = (env["NO_COLOR"] ?? "") !== "" || env["TERM"] === "dumb";
  return {
    out: (text3) => void process.stdout.write(text3),
    err: (text3) => void process.stderr.write(text3),
    env,
    get cwd() {
      try {
        return process.cwd();
      } catch {
        throw wrong("the current directory is not there any more", "Change to one that is.");
      }
    },
    terminal: process.stdout.isTTY === true,
    live: process.stderr.isTTY === true && env["TERM"] !== "dumb" && (env["CI"] ?? "") === "",
    get columns() {
      return process.stderr.columns;
    },
    colours: process.stdout.isTTY === true && !plain
  };
}
function unlessGone(error) {
  if (error.code !== "EPIPE") throw error;
}
function json(io, value) {
  io.out(`${JSON.stringify(value)}
`);
}
var init_io = __esm({
  "src/cli/io.ts"() {
    "use strict";
    init_args();
  }
});

// src/cli/problem.ts
function withRemedy(message, remedy) {
  return remedy === "" ? message : `${message.replace(/\.$/, "")}. ${remedy.charAt(0).toUpperCase()}${remedy.slice(1)}`;
}
function problemLine({ place, message, remedy }) {
  const where = place === null || place.file === "" ? "agent-jail" : `${place.file}:${place.line}:${place.column}`;
  return `${where}: ${withRemedy(message, remedy)}`;
}
var init_problem = __esm({
  "src/cli/problem.ts"() {
    "use strict";
  }
});

// src/cli/version.ts
var VERSION;
var init_version = __esm({
  "src/cli/version.ts"() {
    "use strict";
    VERSION = "0.1.0";
  }
});

// src/system/contained.ts
function contained(execPath, env) {
  if (inJobContainer(execPath, env)) return "this job runs in a container";
  return (env["KUBERNETES_SERVICE_HOST"] ?? "") === "" ? null : "this runner is in a pod of Kubernetes";
}
var inJobContainer;
var init_contained = __esm({
  "src/system/contained.ts"() {
    "use strict";
    inJobContainer = (execPath, env) => execPath.startsWith("/__e/") || (env["GITHUB_WORKSPACE"] ?? "").startsWith("/__w/");
  }
});

// src/system/platform.ts
function platformOf(name2) {
  if (name2 === "linux") return { ...POSIX, called: "Linux", jails: true };
  if (name2 === "darwin") return { ...POSIX, called: "macOS", jails: false };
  return name2 === "win32" ? WINDOWS : null;
}
function jailPathOf(path, here) {
  const found = here.toJail(path);
  if (found !== null) return found;
  throw new JailError(
    `${JSON.stringify(path)} has no place in a jail: it is not an absolute path of a drive with a letter`,
    "use a directory of a drive of this machine, such as `D:\\work`; copy there what is on a share"
  );
}
function hostPathOf(path, here) {
  const found = here.toHost(path);
  if (found !== null) return found;
  throw new JailError(
    `${JSON.stringify(path)} is not on this machine: on ${here.called} a policy names what is on a drive by the letter of it`,
    "write `D:\\data` as `/d/data`"
  );
}
function inJailForm(env, here) {
  const form = (value) => value.split(here.separator).map((one) => here.toJail(one) ?? one).join(":");
  const isList = (value) => value.split(here.separator).every((one) => one === "" || here.toJail(one) !== null);
  return Object.fromEntries(Object.entries(env).map(([name2, value]) => [name2, value !== void 0 && isList(value) ? form(value) : value]));
}
var import_node_fs, import_node_path, POSIX, slashed, WINDOWS, HERE;
var init_platform = __esm({
  "src/system/platform.ts"() {
    "use strict";
    import_node_fs = require("node:fs");
    import_node_path = require("node:path");
    init_errors();
    POSIX = {
      modes: true,
      separator: ":",
      slashed: (path) => path,
      toJail: (path) => path.startsWith("/") ? path : null,
      toHost: (path) => path.startsWith("/") ? path : null,
      real: (path) => (0, import_node_fs.realpathSync)(path)
    };
    slashed = (path) => path.replaceAll("\\", "/").replace(/^\/\/\?\/(?=[A-Za-z]:)/, "");
    WINDOWS = {
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
    HERE = platformOf(process.platform) ?? { ...POSIX, called: process.platform, jails: false };
  }
});

// src/system/lines.ts
async function* lines(stream, max) {
  const pending = [];
  let size3 = 0;
  for await (const chunk of stream) {
    let rest = chunk;
    for (let at2 = rest.indexOf(10); at2 !== -1; at2 = rest.indexOf(10)) {
      pending.push(rest.subarray(0, at2));
      yield Buffer.concat(pending).toString("utf8");
      pending.length = 0;
      size3 = 0;
      rest = rest.subarray(at2 + 1);
    }
    size3 += rest.length;
    if (size3 > max) throw new Error(`a line of more than ${max} bytes`);
    if (rest.length > 0) pending.push(rest);
  }
  if (size3 > 0) yield Buffer.concat(pending).toString("utf8");
}
var init_lines = __esm({
  "src/system/lines.ts"() {
    "use strict";
  }
});

// src/system/exec.ts
function cleanEnv(platform, env) {
  const bare = { LANG: "C.UTF-8", LC_ALL: "C.UTF-8" };
  if (platform !== "win32") return { PATH: SYSTEM_PATH, ...bare };
  const of = (name2) => Object.entries(env).find(([one]) => one.toUpperCase() === name2)?.[1] ?? "";
  return { PATH: of("PATH"), SystemRoot: of("SYSTEMROOT"), ...bare };
}
async function exec(argv, options = {}) {
  const { stdout, stderr, ...result } = await execBytes(argv, options);
  return { ...result, stdout: text(stdout), stderr: text(stderr) };
}
function execBytes([file, ...args], options = {}) {
  const { env = CLEAN_ENV, cwd, input = "", timeout = 6e4, maxBuffer = 1 << 20 } = options;
  return new Promise((resolve6) => {
    const child = (0, import_node_child_process.execFile)(
      file,
      args,
      { env, cwd, timeout, maxBuffer, killSignal: "SIGKILL", encoding: "buffer" },
      (error, stdout, stderr) => {
        const code = error === null ? 0 : typeof error.code === "number" ? error.code : null;
        const missing2 = error?.code === "ENOENT";
        const timedOut = error?.killed === true && typeof error.code !== "string";
        resolve6({ code, signal: error?.signal ?? null, stdout, stderr, missing: missing2, timedOut });
      }
    );
    child.stdin?.on("error", () => {
    });
    child.stdin?.end(input);
  });
}
function failure(argv, result) {
  const how = result.missing ? "is not there" : result.timedOut ? "did not end in time" : `ended with ${result.signal ?? result.code}`;
  const said = result.stderr.trim().split("\n").slice(-3).join(" / ").slice(0, 500);
  return `${argv[0]} ${how}${said === "" ? "" : `: ${said}`}`;
}
var import_node_child_process, SYSTEM_PATH, CLEAN_ENV, SINGLE_THREADED, text;
var init_exec = __esm({
  "src/system/exec.ts"() {
    "use strict";
    import_node_child_process = require("node:child_process");
    SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    CLEAN_ENV = cleanEnv(process.platform, process.env);
    SINGLE_THREADED = ["--single-threaded-gc", "--no-concurrent-recompilation", "--no-concurrent-sparkplug"];
    text = (bytes) => bytes.toString("utf8").replace(/\r?\n$/, "");
  }
});

// src/system/proc.ts
var init_proc = __esm({
  "src/system/proc.ts"() {
    "use strict";
  }
});

// src/host/places.ts
var STATE, TOOLS, ROOTS, WORK, RUN_SYSTEMD, COLLECT, REHEARSAL, work;
var init_places = __esm({
  "src/host/places.ts"() {
    "use strict";
    STATE = "/var/lib/agent-jail";
    TOOLS = `${STATE}/tools`;
    ROOTS = `${STATE}/roots`;
    WORK = `${STATE}/work`;
    RUN_SYSTEMD = "/run/systemd";
    COLLECT = `${RUN_SYSTEMD}/agent-jail-collect`;
    REHEARSAL = `${RUN_SYSTEMD}/agent-jail-rehearsal`;
    work = (...parts) => [WORK, ...parts].join("/");
  }
});

// src/host/scratch.ts
var MIB, MARGIN, LEAST, SCRATCH, RUNTIME_FILES, FIFOS, OUTPUT, ERRORS;
var init_scratch = __esm({
  "src/host/scratch.ts"() {
    "use strict";
    init_errors();
    init_exec();
    init_places();
    MIB = 1 << 20;
    MARGIN = 64 * MIB;
    LEAST = 16 * MIB;
    SCRATCH = work("scratch");
    RUNTIME_FILES = work("runtime");
    FIFOS = ["out", "err"];
    [OUTPUT, ERRORS] = FIFOS.map((name2) => work("runtime", name2));
  }
});

// src/host/outside.ts
var OPENED, FROZEN_RUNTIME;
var init_outside = __esm({
  "src/host/outside.ts"() {
    "use strict";
    init_exec();
    init_proc();
    init_errors();
    init_places();
    init_scratch();
    OPENED = ["/proc/self/ns/mnt", "/proc"];
    FROZEN_RUNTIME = work("runtime-ro");
  }
});

// src/run/start-warden.ts
function wardenArgv(root2, node, entry, ...kind) {
  const namespaces = ["--mount", "--propagation", "private", "--pid", "--fork", "--kill-child", "--mount-proc"];
  const warden = ["unshare", ...namespaces, node, ...WARDEN_FLAGS, entry, ...kind];
  if (root2) return warden;
  const env = Object.entries(CLEAN_ENV).map(([name2, value]) => `${name2}=${value}`);
  const files = OPENED.map((path, at2) => `${3 + at2}<${path}`);
  return ["sudo", "-n", "--", "/usr/bin/env", "-i", ...env, "/bin/sh", "-c", `exec "$@" ${files.join(" ")}`, "sh", ...warden];
}
function spawnWarden(entry, kind, apart) {
  const root2 = process.getuid?.() === 0;
  const [file, ...args] = wardenArgv(root2, process.execPath, entry, ...kind);
  const opened = root2 ? OPENED.map((path) => (0, import_node_fs2.openSync)(path, "r")) : [];
  try {
    const stdio = ["pipe", "pipe", "pipe", ...opened];
    return (0, import_node_child_process2.spawn)(file, args, { env: CLEAN_ENV, stdio, detached: apart, cwd: "/" });
  } finally {
    for (const fd of opened) (0, import_node_fs2.closeSync)(fd);
  }
}
function explain(errors, end2) {
  if (/sudo: .*password|sudo: .*terminal/.test(errors)) return "sudo asks for a password: agent-jail needs root, or passwordless sudo";
  if (/not in the sudoers|may not run sudo/.test(errors)) return "this user may not use sudo: agent-jail needs root, or passwordless sudo";
  const program = /(?:env: |exec: )[^\w:]?([\w.-]+)[^\w:]?: (?:No such file|not found)/.exec(errors)?.[1];
  if (program !== void 0) return `${program} is missing on this machine`;
  const said = errors.trim().split("\n").slice(-3).join(" / ").slice(0, 500);
  return `the warden ended with ${end2}${said === "" ? "" : `: ${said}`}`;
}
var import_node_child_process2, import_node_fs2, WARDEN_FLAGS;
var init_start_warden = __esm({
  "src/run/start-warden.ts"() {
    "use strict";
    import_node_child_process2 = require("node:child_process");
    import_node_fs2 = require("node:fs");
    init_outside();
    init_exec();
    WARDEN_FLAGS = [...SINGLE_THREADED, "--max-semi-space-size=2"];
  }
});

// src/run/warden-process.ts
async function* parsed(stream) {
  if (stream !== null) for await (const line2 of lines(stream, LONGEST)) yield JSON.parse(line2);
}
function missing(error, file) {
  if (error.code !== "ENOENT") return error.message;
  return file === "sudo" ? "sudo is not there: agent-jail needs root, or passwordless sudo" : `${file} is missing on this machine`;
}
var import_node_path2, LONGEST, WardenProcess;
var init_warden_process = __esm({
  "src/run/warden-process.ts"() {
    "use strict";
    import_node_path2 = require("node:path");
    init_lines();
    init_start_warden();
    LONGEST = 1 << 20;
    WardenProcess = class {
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
        this.ended = new Promise((resolve6) => {
          child.once("error", (error) => resolve6(missing(error, child.spawnfile)));
          child.once("close", (code, signal) => resolve6(explain(this.#errors, String(signal ?? code))));
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
  }
});

// src/run/early.ts
function takeEarly() {
  const warden = left[EARLY] ?? null;
  delete left[EARLY];
  return warden;
}
var EARLY, left;
var init_early = __esm({
  "src/run/early.ts"() {
    "use strict";
    init_platform();
    init_warden_process();
    EARLY = /* @__PURE__ */ Symbol.for("agent-jail.early-warden");
    left = globalThis;
  }
});

// src/run/events.ts
var import_node_string_decoder, CHUNK, EventReader;
var init_events = __esm({
  "src/run/events.ts"() {
    "use strict";
    import_node_string_decoder = require("node:string_decoder");
    CHUNK = 1 << 16;
    EventReader = class {
      #step = -1;
      #decoder = new import_node_string_decoder.StringDecoder("utf8");
      read(line2) {
        if (line2.kind !== "output") return line2;
        if (line2.step !== this.#step || line2.dropped > 0) this.#decoder = new import_node_string_decoder.StringDecoder("utf8");
        this.#step = line2.step;
        const { base64, ...event } = line2;
        return { ...event, text: this.#decoder.write(Buffer.from(base64, "base64")) };
      }
    };
  }
});

// src/run/kept.ts
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
var kept, KEPT, keeps;
var init_kept = __esm({
  "src/run/kept.ts"() {
    "use strict";
    init_warden_process();
    kept = null;
    KEPT = /* @__PURE__ */ new Set(["nspawn", "docker", "auto"]);
    keeps = (backend) => kept !== null && KEPT.has(backend);
  }
});

// src/run/client.ts
function startWarden(backend) {
  if (HERE.jails) waiting ??= takeEarly() ?? new WardenProcess("run", backend);
}
function announceRoot(root2) {
  if (root2.kind === "image" || root2.kind === "archive") waiting?.send({ kind: "ahead", root: root2 });
}
function announceEngine(engine) {
  if (engine.ok && engine.host.startsWith("unix://")) waiting?.send({ kind: "engine", engine: withoutKeys(engine) });
}
async function dismissWarden() {
  const warden = waiting ?? takeEarly();
  waiting = null;
  warden?.close();
  await warden?.ended;
}
async function runJail(request, observe, cancel, from = { here: HERE, dist: __dirname }) {
  let found;
  try {
    found = await wardenFor(request, from, (message) => observe({ seq: -1, t: 0, kind: "notice", message }));
  } catch (error) {
    if (!(error instanceof JailError)) throw error;
    const { finish: finish2 } = await Promise.resolve().then(() => __toESM(require("./finish.js"), 1));
    const result2 = await finish2(request.record, error.message);
    return result2.end.how === "error" ? { ...result2, end: { ...result2.end, remedy: error.remedy } } : result2;
  }
  const { warden } = found;
  const onCancel = () => {
    warden.send({ kind: "cancel", by: cancel.reason instanceof Error ? cancel.reason.message : "a signal" });
    setTimeout(() => warden.close(), PATIENCE2).unref();
  };
  warden.send(found.request);
  if (cancel.aborted) onCancel();
  cancel.addEventListener("abort", onCancel);
  let result = null;
  const reader = new EventReader();
  const messages = warden.messages();
  try {
    for (let next = await messages.next(); next.done !== true; next = await messages.next()) {
      const event = reader.read(next.value);
      observe(event);
      if (event.kind !== "ended") continue;
      const { end: end2, outcome, because, manifest, counts } = event;
      result = { end: end2, outcome, because, manifest, counts, record: request.record };
      if (found.request.stay !== true) continue;
      if (end2.how !== "error" && !cancel.aborted && keep(warden, request.backend)) return result;
      warden.close();
    }
  } catch (error) {
    result = null;
    await messages.return(void 0);
    observe({ seq: -1, t: 0, kind: "notice", message: `the warden's events could not be read: ${error.message}` });
  } finally {
    cancel.removeEventListener("abort", onCancel);
  }
  warden.close();
  const how = await warden.ended;
  if (result !== null && result.end.how !== "error") return result;
  if (found.request.elsewhere === void 0)
    for (const message of await sweepAfter(request.id, how)) observe({ seq: -1, t: 0, kind: "notice", message });
  if (result !== null) return result;
  const { finish } = await Promise.resolve().then(() => __toESM(require("./finish.js"), 1));
  return finish(request.record, how);
}
async function wardenFor(request, from, notice) {
  const container = contained(process.execPath, process.env);
  if (request.backend === "docker" || request.backend === "auto" && container !== null) {
    const { whyElsewhere } = await Promise.resolve().then(() => __toESM(require("./why-elsewhere.js"), 1));
    const why = await whyElsewhere(request.engine, container, from.here);
    if (why !== null) {
      const [{ startElsewhere }] = await Promise.all([Promise.resolve().then(() => __toESM(require("./elsewhere.js"), 1)), dismissWarden()]);
      return startElsewhere(request, why, container, from, notice);
    }
  }
  const stay = keeps(request.backend);
  const warden = await takeKept(request.backend) ?? waiting ?? new WardenProcess("run", request.backend);
  waiting = null;
  return { warden, request: { ...request, engine: withoutKeys(request.engine), ...stay ? { stay } : {} } };
}
async function sweepAfter(id, how) {
  const left2 = await sweep(id).then(
    (swept) => swept.left.map(({ why }) => why),
    // What lets no warden start here is known already.
    (error) => [error.message].filter((why) => why !== how)
  );
  return left2.map(
    (why) => `this run left something that could not be removed: ${why}; the next run, or \`agent-jail doctor --clean\`, tries again`
  );
}
async function sweep(id) {
  if (!HERE.jails) return { removed: [], live: [], left: [] };
  const warden = new WardenProcess("sweep");
  warden.send({ kind: "sweep", protocol: 1, id });
  warden.close();
  let answer = null;
  for await (const message of warden.messages()) answer = message;
  const how = await warden.ended;
  if (answer === null) throw new Error(how);
  return answer;
}
var PATIENCE2, waiting, withoutKeys;
var init_client = __esm({
  "src/run/client.ts"() {
    "use strict";
    init_errors();
    init_contained();
    init_platform();
    init_early();
    init_events();
    init_kept();
    init_warden_process();
    PATIENCE2 = 10 * 6e4;
    waiting = null;
    withoutKeys = (engine) => engine.ok && engine.tls !== null ? { ...engine, tls: { ca: null, cert: null, key: null } } : engine;
  }
});

// src/run/id.ts
function newId(now = Date.now()) {
  let time2 = "";
  for (let rest = now; time2.length < TIME_DIGITS; rest = Math.floor(rest / 32)) time2 = `${DIGITS[rest % 32]}${time2}`;
  return time2 + [...(0, import_node_crypto.randomBytes)(RANDOM_DIGITS)].map((byte2) => DIGITS[byte2 % 32]).join("");
}
var import_node_crypto, DIGITS, TIME_DIGITS, RANDOM_DIGITS;
var init_id = __esm({
  "src/run/id.ts"() {
    "use strict";
    import_node_crypto = later("node:crypto");
    DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    TIME_DIGITS = 10;
    RANDOM_DIGITS = 16;
  }
});

// src/plan/view.ts
var within;
var init_view = __esm({
  "src/plan/view.ts"() {
    "use strict";
    init_errors();
    within = (path, directory) => path === directory || directory === "/" || path.startsWith(`${directory}/`);
  }
});

// src/secrets/forms.ts
function secretForms(value) {
  const text3 = value.toWellFormed();
  const core = text3.trim();
  const bytes = Buffer.from(core);
  const forms = [
    text3,
    core,
    core.replace(/\r?\n/g, "\r\n"),
    // as a terminal prints it
    ...lineForms(core),
    ...base64Forms(bytes),
    ...hexForms(bytes),
    ...percentForms(core, bytes),
    ...escapedForms(core),
    [...core].reverse().join(""),
    Buffer.from(bytes).reverse()
    // `rev` in the C locale
  ];
  const unique3 = /* @__PURE__ */ new Map();
  for (const form of forms) {
    const encoded = typeof form === "string" ? Buffer.from(form) : form;
    if (encoded.length >= MIN_FORM) unique3.set(encoded.toString("latin1"), encoded);
  }
  return [...unique3.values()];
}
function tooShort(value) {
  const core = value.trim();
  if (Buffer.byteLength(core) < MIN_FORM) return `it has fewer than ${MIN_FORM} bytes`;
  if (COMMON.has(core.toLowerCase())) return "it is a common word";
  if (new Set(core).size < 3) return "it has fewer than 3 different characters";
  return null;
}
function refuseShort(secrets2) {
  return secrets2.flatMap(({ name: name2, value, place }) => {
    const why = tooShort(value);
    if (why === null) return [];
    return [
      {
        message: `the value of ${name2} cannot be kept out of the record: ${why}`,
        place: place ?? null,
        remedy: "use a longer value; if it is not secret, pass it by `env` or `pass-env`"
      }
    ];
  });
}
function lineForms(core) {
  const lines2 = core.split(/\r\n|\n|\r|\\n/).map((line2) => line2.trim());
  if (lines2.length === 1) return [];
  return lines2.filter((line2) => tooShort(line2) === null && !/^-----(?:BEGIN|END) [A-Z0-9 ]+-----$/.test(line2));
}
function base64Forms(bytes) {
  const forms = [];
  for (let before = 0; before < 3; before += 1) {
    const padded = Buffer.concat([Buffer.alloc(before), bytes]).toString("base64");
    const start = Math.ceil(before * 8 / 6);
    const stem = padded.slice(start, Math.floor((before + bytes.length) * 8 / 6));
    const open = padded.slice(start).replace(/=+$/, "");
    forms.push(stem, open, padded.slice(start));
    if (before === 0) for (const columns of BASE64_COLUMNS) forms.push(...pieces(stem, columns));
  }
  return [...forms, ...forms.map((form) => form.replaceAll("+", "-").replaceAll("/", "_"))];
}
function hexForms(bytes) {
  const hex = bytes.toString("hex");
  return [hex, hex.toUpperCase(), ...pieces(hex, HEX_COLUMNS)];
}
function percentForms(core, bytes) {
  const component = encodeURIComponent(core);
  const strict = component.replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
  const upper = [component, strict, strict.replaceAll("%2F", "/"), strict.replaceAll("%20", "+")];
  upper.push(bytes.toString("hex").toUpperCase().replace(/../g, "%$&"));
  return [...upper, ...upper.map((form) => form.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()))];
}
function escapedForms(core) {
  const json3 = JSON.stringify(core).slice(1, -1);
  const ascii = json3.replace(/[\u0080-\uffff]/g, unicodeEscape);
  const html = json3.replace(/[<>&]/g, unicodeEscape);
  return [
    json3,
    JSON.stringify(json3).slice(1, -1),
    // JSON in JSON: how agents log what a tool printed
    ascii,
    html,
    json3.replaceAll("/", "\\/"),
    core.replaceAll("'", "'\\''"),
    // `set -x`
    core.replace(/["$`\\]/g, "\\$&")
    // `export -p`
  ];
}
function unicodeEscape(char) {
  return `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
function pieces(text3, columns) {
  const found = [];
  for (let at2 = 0; text3.length > columns && at2 < text3.length; at2 += columns) found.push(text3.slice(at2, at2 + columns));
  return found.filter((piece) => piece.length >= MIN_PIECE);
}
var MIN_FORM, MIN_PIECE, BASE64_COLUMNS, HEX_COLUMNS, COMMON;
var init_forms = __esm({
  "src/secrets/forms.ts"() {
    "use strict";
    MIN_FORM = 6;
    MIN_PIECE = 12;
    BASE64_COLUMNS = [76, 64];
    HEX_COLUMNS = 60;
    COMMON = new Set(
      "abc123 access account admin123 changeme change-me default demo123 development disabled dummy-value enabled example github hello123 localhost nothing password password1 placeholder private production public qwerty redacted sample secret secrets staging string test123 testing tester undefined unknown username 123456 1234567 12345678 123456789 1234567890".split(" ")
    );
  }
});

// src/system/docker-context.ts
function engineOf(env, home, read3, platform = process.platform) {
  try {
    return find(env, home, read3, platform);
  } catch (error) {
    if (error instanceof JailError) return { ok: false, message: error.message, remedy: error.remedy };
    const message = `the configuration of the docker command line cannot be read: ${error.message}`;
    return { ok: false, message, remedy: "repair it, or set DOCKER_HOST" };
  }
}
function find(env, home, read3, platform) {
  const said = (name3) => env[name3] === void 0 || env[name3] === "" ? null : env[name3];
  const directory = said("DOCKER_CONFIG") ?? import_node_path3.posix.join(home, ".docker");
  const host2 = said("DOCKER_HOST");
  if (host2 !== null) return checked({ ok: true, host: host2, from: "DOCKER_HOST", tls: ownTls(said, directory, read3) });
  const byVariable = said("DOCKER_CONTEXT");
  const name2 = byVariable ?? currentContext(directory, read3);
  if (name2 === null || name2 === DEFAULT) return { ok: true, host: USUAL[platform] ?? USUAL_SOCKET, from: "the usual place", tls: null };
  return checked(ofContext(name2, byVariable === null ? "currentContext" : "DOCKER_CONTEXT", directory, read3));
}
function ownTls(said, directory, read3) {
  if (said("DOCKER_TLS_VERIFY") === null) return null;
  const place = said("DOCKER_CERT_PATH") ?? directory;
  return material(place, read3);
}
function currentContext(directory, read3) {
  const file = import_node_path3.posix.join(directory, "config.json");
  const text3 = read3(file);
  if (text3 === null || text3.trim() === "") return null;
  const name2 = json2(text3, file)?.currentContext;
  return typeof name2 === "string" && name2 !== "" ? name2 : null;
}
function ofContext(name2, asked, directory, read3) {
  const from = `the context ${JSON.stringify(name2)}`;
  const id = (0, import_node_crypto2.createHash)("sha256").update(name2).digest("hex");
  const file = import_node_path3.posix.join(directory, "contexts/meta", id, "meta.json");
  const text3 = read3(file);
  if (text3 === null)
    throw new JailError(`${from} does not exist (${asked} names it)`, "see `docker context ls`; `docker context use default` goes back");
  const { Host: host2, SkipTLSVerify: skips } = endpoint(json2(text3, file));
  if (typeof host2 !== "string" || host2 === "") throw new JailError(`${from} names no Docker engine`, "see `docker context inspect`");
  const tls = material(import_node_path3.posix.join(directory, "contexts/tls", id, "docker"), read3);
  const none = tls.ca === null && tls.cert === null && tls.key === null;
  if (skips === true)
    throw new JailError(`${from} does not verify its engine (SkipTLSVerify)`, "give the context the authority (`ca.pem`)");
  return { ok: true, host: host2, from, tls: none ? null : tls };
}
function endpoint(meta) {
  return meta?.Endpoints?.docker ?? {};
}
function checked(at2) {
  const { host: host2, from, tls } = at2;
  if (/^ssh:\/\//i.test(host2))
    throw new JailError(
      `${from} leads to ${host2}: SSH is not spoken here`,
      "forward the socket (`ssh -NL 23750:/var/run/docker.sock HOST`) and set DOCKER_HOST=tcp://127.0.0.1:23750"
    );
  const [, name2] = /^tcp:\/\/(\[[0-9a-f:]+\]|[^/:[\]]+):\d{1,5}\/?$/i.exec(host2) ?? [];
  if (name2 === void 0) {
    if (/^unix:\/\/\/.+$/.test(host2) || /^npipe:\/\/\/\/.+$/.test(host2)) return at2;
    throw new JailError(
      `${from} is ${JSON.stringify(host2)}, which is no place of an engine`,
      "write `unix:///path`, `tcp://name:port`, or on Windows `npipe:////./pipe/name`"
    );
  }
  if (tls === null && !isLoopback(name2))
    throw new JailError(
      `${from} leads to ${host2} without TLS that is verified: whoever is on the way could take the run and the machine over`,
      "set DOCKER_TLS_VERIFY=1 and DOCKER_CERT_PATH, or forward the port to the loopback of this machine"
    );
  if (tls !== null && tls.cert === null !== (tls.key === null))
    throw new JailError(
      `${from} has ${tls.cert === null ? "key.pem" : "cert.pem"} and not the other one`,
      "an engine needs both to know who asks"
    );
  return at2;
}
function json2(text3, file) {
  try {
    return JSON.parse(text3);
  } catch (error) {
    throw new JailError(`${file} is no JSON: ${error.message}`, "repair it, or set DOCKER_HOST");
  }
}
var import_node_crypto2, import_node_path3, USUAL, USUAL_SOCKET, DEFAULT, material, isLoopback;
var init_docker_context = __esm({
  "src/system/docker-context.ts"() {
    "use strict";
    import_node_crypto2 = later("node:crypto");
    import_node_path3 = require("node:path");
    init_errors();
    USUAL = { win32: "npipe:////./pipe/docker_engine" };
    USUAL_SOCKET = "unix:///var/run/docker.sock";
    DEFAULT = "default";
    material = (place, read3) => ({
      ca: read3(import_node_path3.posix.join(place, "ca.pem")),
      cert: read3(import_node_path3.posix.join(place, "cert.pem")),
      key: read3(import_node_path3.posix.join(place, "key.pem"))
    });
    isLoopback = (name2) => name2 === "localhost" || name2 === "[::1]" || /^127(?:\.\d{1,3}){3}$/.test(name2);
  }
});

// src/system/engine-connection.ts
function readIfThere(path) {
  try {
    return (0, import_node_fs3.readFileSync)(path, "utf8");
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes(error.code ?? "")) return null;
    throw error;
  }
}
var import_node_fs3;
var init_engine_connection = __esm({
  "src/system/engine-connection.ts"() {
    "use strict";
    import_node_fs3 = require("node:fs");
    init_errors();
  }
});

// src/system/git.ts
function git(directory, args, options = {}) {
  const env = {
    ...CLEAN_ENV,
    HOME: "/nonexistent",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_CEILING_DIRECTORIES: (0, import_node_path4.dirname)(directory),
    // a repository around it is not the one that is meant
    GIT_OPTIONAL_LOCKS: "0",
    GIT_TERMINAL_PROMPT: "0",
    GIT_NO_LAZY_FETCH: "1",
    ...options.env
  };
  return execBytes(["git", ...HARDENED, ...args], { timeout: TIMEOUT, ...options, env, cwd: directory });
}
async function withoutFilters(directory) {
  const { stdout } = await git(directory, ["config", "--name-only", "--get-regexp", "^filter\\..*\\.(clean|smudge|process|required)$"]);
  const names3 = new Set(
    stdout.toString().split("\n").filter((name2) => name2 !== "")
  );
  if ([...names3].some((name2) => name2.includes("="))) return null;
  return [...names3].flatMap((name2) => ["-c", `${name2}=${name2.endsWith(".required") ? "false" : ""}`]);
}
async function baseOf(workspace) {
  const emptied = await withoutFilters(workspace);
  const look = emptied === null ? ["rev-parse", "--verify", "--quiet", "HEAD^{commit}"] : [...emptied, ...STATUS];
  const status = await git(workspace, look);
  const said = status.stdout.toString();
  const commit = /^(?:# branch\.oid )?([0-9a-f]{40}|[0-9a-f]{64})$/m.exec(said)?.[1];
  if (commit === void 0) return null;
  return { commit, dirty: emptied === null || status.code !== 0 || /^[^#]/m.test(said) };
}
var import_node_path4, HARDENED, TIMEOUT, STATUS;
var init_git = __esm({
  "src/system/git.ts"() {
    "use strict";
    import_node_path4 = require("node:path");
    init_exec();
    HARDENED = [
      ["core.fsmonitor", "false"],
      ["core.hooksPath", "/dev/null"],
      ["core.attributesFile", "/dev/null"],
      ["core.sshCommand", "false"],
      ["protocol.allow", "never"],
      ["credential.helper", ""],
      ["safe.directory", "*"],
      ["gc.auto", "0"]
    ].flatMap(([name2, value]) => ["-c", `${name2}=${value}`]);
    TIMEOUT = 1e4;
    STATUS = ["status", "--porcelain=v2", "--branch", "--untracked-files=no", "--ignore-submodules=dirty", "--no-renames"];
  }
});

// src/plan/git-config.ts
function rewriteGitConfig(text3) {
  const lines2 = [];
  let header = "";
  for (const { section, subsection, name: name2, value } of parseGitConfig(text3)) {
    const key = [section, ...subsection === null ? [] : ["*"], name2].join(".");
    if (!ALLOWED.has(key) || subsection?.includes("\0") || value?.includes("\0")) continue;
    const place = subsection === null ? null : withoutUserinfo(subsection);
    const wanted = place === null ? `[${section}]` : `[${section} "${place.replace(/["\\]/g, "\\$&")}"]`;
    if (wanted !== header) lines2.push(wanted);
    header = wanted;
    const clean = value !== null && ADDRESSES.has(key) ? withoutUserinfo(value) : value;
    lines2.push(clean === null ? `	${name2}` : `	${name2} = "${clean.replace(/["\\\n\t\b]/g, (char) => ESCAPES[char])}"`);
  }
  return lines2.length === 0 ? "" : `${lines2.join("\n")}
`;
}
function holdsCredentials(text3) {
  for (const { section, subsection, name: name2, value } of parseGitConfig(text3)) {
    if (name2 === "extraheader" || ["include", "includeif", "credential"].includes(section)) return true;
    if ([subsection ?? "", value ?? ""].some((one) => withoutUserinfo(one) !== one)) return true;
  }
  return false;
}
function withoutUserinfo(url) {
  const [scheme = "", ...rest] = url.split("://");
  if (rest.length === 0) {
    const first = url.split("/", 1)[0];
    const colon = first.indexOf(":");
    return colon !== -1 && colon < first.indexOf("@") ? url.slice(first.lastIndexOf("@") + 1) : url;
  }
  const web = /https?$/i.test(scheme);
  let clean = scheme;
  for (const [index, part] of rest.entries()) {
    const slash = part.indexOf("/");
    const authority = slash === -1 ? part : part.slice(0, slash);
    const at2 = authority.lastIndexOf("@");
    const host2 = authority.slice(at2 + 1);
    const user = at2 === -1 ? "" : authority.slice(0, at2).split(/[:@]/, 1)[0];
    if (web && /:\D/.test(host2.replace(/^\[[^\]]*\]/, ""))) return "";
    const ssh = user !== "" && /(?:^|[:+])ssh$|(?:^|:)ssh\+/i.test(index === 0 ? scheme : "");
    clean += `://${ssh ? `${user}@` : ""}${host2}${slash === -1 ? "" : part.slice(slash)}`;
  }
  return web ? clean.split(/[?#]/, 1)[0] : clean;
}
function* parseGitConfig(text3) {
  const reader = new Reader(text3);
  let section = null;
  for (let char = reader.next(); char !== ""; char = reader.next()) {
    if (BLANK.test(char)) continue;
    if (char === "#" || char === ";") reader.skipLine();
    else if (char === "[") {
      section = readHeader(reader);
      if (section === null) return;
    } else if (section !== null && /[A-Za-z]/.test(char)) {
      const setting = readSetting(reader, char);
      if (setting === null) return;
      yield { ...section, ...setting };
    } else return;
  }
}
function readHeader(reader) {
  let name2 = "";
  let char = reader.next();
  for (; /[A-Za-z0-9.-]/.test(char); char = reader.next()) name2 += char.toLowerCase();
  let quoted = null;
  if (/^[ \t\r]$/.test(char)) {
    while (/^[ \t\r]$/.test(char)) char = reader.next();
    if (char !== '"') return null;
    quoted = "";
    for (char = reader.next(); char !== '"'; char = reader.next()) {
      if (char === "\\") char = reader.next();
      if (char === "" || char === "\n") return null;
      quoted += char;
    }
    char = reader.next();
  }
  if (char !== "]") return null;
  const dot = name2.indexOf(".");
  const old = dot === -1 ? [] : [name2.slice(dot + 1)];
  const parts = quoted === null ? old : [...old, quoted];
  return { section: dot === -1 ? name2 : name2.slice(0, dot), subsection: parts.length === 0 ? null : parts.join(".") };
}
function readSetting(reader, first) {
  let name2 = first.toLowerCase();
  let char = reader.next();
  for (; /[A-Za-z0-9-]/.test(char); char = reader.next()) name2 += char.toLowerCase();
  while (char === " " || char === "	") char = reader.next();
  if (char === "" || char === "\n") return { name: name2, value: null };
  if (char !== "=") return null;
  const value = readValue(reader);
  return value === null ? null : { name: name2, value };
}
function readValue(reader) {
  let value = "";
  let blanks = "";
  let quoted = false;
  for (let char = reader.next(); ; char = reader.next()) {
    if (char === "" || char === "\n") return quoted ? null : value;
    if (!quoted && BLANK.test(char)) {
      if (value !== "") blanks += char;
      continue;
    }
    if (!quoted && (char === "#" || char === ";")) {
      reader.skipLine();
      return value;
    }
    let plain = char;
    if (char === '"') {
      quoted = !quoted;
      plain = "";
    } else if (char === "\\") {
      const escaped = reader.next();
      if (escaped === "\n" || escaped === "") {
        value += blanks;
        blanks = "";
        continue;
      }
      plain = { n: "\n", t: "	", b: "\b", "\\": "\\", '"': '"' }[escaped];
      if (plain === void 0) return null;
    }
    value += blanks + plain;
    blanks = "";
  }
}
var ALLOWED, ADDRESSES, ESCAPES, BLANK, Reader;
var init_git_config = __esm({
  "src/plan/git-config.ts"() {
    "use strict";
    ALLOWED = /* @__PURE__ */ new Set([
      // how the repository is stored: without these git misreads it
      "core.repositoryformatversion",
      "core.filemode",
      "core.bare",
      "core.ignorecase",
      "core.precomposeunicode",
      "core.symlinks",
      "core.logallrefupdates",
      "core.autocrlf",
      "core.eol",
      "core.sparsecheckout",
      "core.sparsecheckoutcone",
      "extensions.objectformat",
      "extensions.compatobjectformat",
      "extensions.refstorage",
      "extensions.worktreeconfig",
      "extensions.partialclone",
      // names and addresses
      "remote.*.url",
      "remote.*.pushurl",
      "remote.*.fetch",
      "remote.*.tagopt",
      "remote.*.promisor",
      "remote.*.partialclonefilter",
      "branch.*.remote",
      "branch.*.merge",
      "branch.*.rebase",
      "submodule.*.url",
      "submodule.*.path",
      "submodule.*.active",
      "submodule.*.branch",
      "submodule.active",
      // what commits say
      "user.name",
      "user.email",
      "i18n.commitencoding",
      "i18n.logoutputencoding",
      "gc.auto"
    ]);
    ADDRESSES = /* @__PURE__ */ new Set(["remote.*.url", "remote.*.pushurl", "branch.*.remote", "submodule.*.url"]);
    ESCAPES = { '"': '\\"', "\\": "\\\\", "\n": "\\n", "	": "\\t", "\b": "\\b" };
    BLANK = /^[ \t\r\n]$/;
    Reader = class {
      #text;
      #at = 0;
      constructor(text3) {
        this.#text = text3.startsWith("\uFEFF") ? text3.slice(1) : text3;
      }
      /** '' at the end. */
      next() {
        if (this.#text[this.#at] === "\r" && this.#text[this.#at + 1] === "\n") this.#at += 1;
        const char = this.#text[this.#at] ?? "";
        this.#at += 1;
        return char;
      }
      skipLine() {
        for (let char = this.next(); char !== "" && char !== "\n"; char = this.next()) ;
      }
    };
  }
});

// src/run/git-directories.ts
async function findGitDirectories(root2, here) {
  const found = /* @__PURE__ */ new Map();
  for (const path of here.jails ? await byFind(root2) : signs(root2)) {
    if (path.includes("\uFFFD"))
      throw new JailError(`the git directory ${JSON.stringify(path)} cannot be named: it is not UTF-8`, "rename the directory it lies in");
    const checkout = path.endsWith("/.git");
    const directory = checkout ? targetOf(path, root2, here) : (0, import_node_path5.dirname)(path);
    if (directory === null || !checkout && !isGitDirectory(names(directory))) continue;
    found.set(directory, { path: directory, checkout: checkout || found.get(directory)?.checkout === true });
  }
  return [...found.values()];
}
async function byFind(root2) {
  const argv = ["find", "-H", root2, "-name", ".git", "-prune", "-print0", "-o", "-type", "f", "-name", "HEAD", "-print0"];
  const result = await exec(argv, { timeout: 3e5 });
  if (result.code !== 0 && result.code !== 1)
    throw new JailError(
      `git directories in ${root2} could not be looked for: ${failure(argv, result)}`,
      "make the workspace or the mount smaller"
    );
  return result.stdout.split("\0").filter((one) => one !== "");
}
function* signs(root2) {
  const pending = [Buffer.from(root2)];
  for (let next = pending.pop(); next !== void 0; next = pending.pop()) {
    for (const entry of entriesOf(next)) {
      const path = Buffer.concat([next, Buffer.from("/"), entry.name]);
      const name2 = entry.name.toString();
      if (name2 === ".git" || entry.isFile() && name2 === "HEAD") yield path.toString();
      else if (entry.isDirectory()) pending.push(path);
    }
  }
}
function targetOf(path, root2, here) {
  const stat = (0, import_node_fs4.lstatSync)(path, { throwIfNoEntry: false });
  if (stat?.isDirectory()) return path;
  if (!stat?.isSymbolicLink()) return null;
  try {
    const target = here.real(path);
    return target.startsWith(`${here.real(root2)}/`) && (0, import_node_fs4.lstatSync)(target).isDirectory() ? target : null;
  } catch {
    return null;
  }
}
function* gitFiles(directory) {
  const pending = [{ path: Buffer.from(directory), top: true }];
  for (let next = pending.pop(); next !== void 0; next = pending.pop()) {
    const entries = entriesOf(next.path);
    const git2 = next.top || isGitDirectory(new Set(entries.map((entry) => entry.name.toString())));
    for (const entry of entries) {
      const path = Buffer.concat([next.path, Buffer.from("/"), entry.name]);
      const name2 = entry.name.toString();
      if (entry.isDirectory()) {
        if (!(git2 && (name2 === "objects" || name2 === "lfs"))) pending.push({ path, top: false });
      } else if ((entry.isFile() || entry.isSymbolicLink()) && !(git2 && name2 === "index"))
        yield { path, name: name2, config: git2 && (name2 === "config" || name2 === "config.worktree") };
    }
  }
}
function entriesOf(path) {
  try {
    return (0, import_node_fs4.readdirSync)(path, { withFileTypes: true, encoding: "buffer" });
  } catch (error) {
    if (["EACCES", "ENOENT", "ENOTDIR"].includes(error.code ?? "")) return [];
    throw error;
  }
}
var import_node_fs4, import_node_path5, isGitDirectory, names;
var init_git_directories = __esm({
  "src/run/git-directories.ts"() {
    "use strict";
    import_node_fs4 = require("node:fs");
    import_node_path5 = require("node:path");
    init_errors();
    init_exec();
    isGitDirectory = (entries) => entries.has("HEAD") && (entries.has("commondir") || entries.has("objects") && entries.has("refs"));
    names = (directory) => new Set(entriesOf(Buffer.from(directory)).map((entry) => entry.name.toString()));
  }
});

// src/run/covers.ts
function tokensOf(env, values) {
  const named3 = Object.entries(env).flatMap(([name2, value]) => TOKEN_NAME.test(name2) ? [value ?? ""] : []);
  return [.../* @__PURE__ */ new Set([...named3, ...values])].filter((value) => tooShort(value) === null).flatMap(secretForms);
}
async function coversOf({ here, roots, workspace, hidden, tokens }) {
  const covers2 = /* @__PURE__ */ new Map();
  for (const root2 of new Set(roots)) for (const cover of await gitCovers(root2, tokens, here)) covers2.set(cover.path, cover);
  const globbed = workspace === null || workspace.hide.length === 0 ? [] : (await Promise.resolve().then(() => __toESM(require("./hide.js"), 1))).hiddenByGlobs(workspace.path, workspace.hide);
  const seen = hidden.filter((path) => roots.some((root2) => path !== root2 && within(path, root2)));
  for (const path of [...globbed, ...seen]) covers2.set(path, { path, content: null });
  const gone = [...covers2.values()].filter((cover) => cover.content === null);
  return [...covers2.values()].filter(({ path }) => !gone.some((cover) => cover.path !== path && within(path, cover.path)));
}
async function gitCovers(root2, tokens, here) {
  const covers2 = [];
  for (const { path, checkout } of await findGitDirectories(root2, here)) {
    for (const file of gitFiles(path)) {
      const content = replacement(file, checkout, tokens);
      if (content === void 0) continue;
      for (const place of places(file.path, root2, here)) covers2.push({ path: place, content });
    }
  }
  return covers2;
}
function replacement(file, checkout, tokens) {
  if (CREDENTIAL_FILES.has(file.name)) return null;
  const bytes = read(file.path);
  if (!file.config) return bytes !== null && holds(bytes, tokens) ? null : void 0;
  if (bytes === null) return null;
  const text3 = bytes.toString();
  if (!checkout && !holdsCredentials(text3) && !holds(bytes, tokens)) return void 0;
  const rewritten = rewriteGitConfig(text3);
  return holds(Buffer.from(rewritten), tokens) ? null : rewritten;
}
function places(path, root2, here) {
  const text3 = path.toString();
  if (text3.includes("\uFFFD"))
    throw new JailError(`${JSON.stringify(text3)} holds a token and cannot be hidden: its name is not UTF-8`, "remove it");
  let target = text3;
  try {
    target = here.real(text3);
  } catch {
  }
  return [.../* @__PURE__ */ new Set([text3, target])].filter((one) => within(one, root2));
}
function read(path) {
  let fd;
  try {
    fd = (0, import_node_fs5.openSync)(path, import_node_fs5.constants.O_RDONLY | import_node_fs5.constants.O_NONBLOCK | import_node_fs5.constants.O_NOCTTY);
  } catch {
    return null;
  }
  try {
    const stat = (0, import_node_fs5.fstatSync)(fd);
    return stat.isFile() && stat.size <= LARGEST ? (0, import_node_fs5.readFileSync)(fd) : null;
  } finally {
    (0, import_node_fs5.closeSync)(fd);
  }
}
var import_node_fs5, LARGEST, CREDENTIAL_FILES, TOKEN_NAME, holds;
var init_covers = __esm({
  "src/run/covers.ts"() {
    "use strict";
    import_node_fs5 = require("node:fs");
    init_errors();
    init_git_config();
    init_view();
    init_forms();
    init_git_directories();
    LARGEST = 16 << 20;
    CREDENTIAL_FILES = /* @__PURE__ */ new Set(["credentials", ".git-credentials", "git-credentials", ".netrc"]);
    TOKEN_NAME = /(?:^|[_-])(?:TOKEN|PAT|PASSWORD|PASSWD|SECRET|API_?KEY)$/i;
    holds = (bytes, tokens) => tokens.some((token) => bytes.includes(token));
  }
});

// src/plan/paths.ts
var outermost;
var init_paths = __esm({
  "src/plan/paths.ts"() {
    "use strict";
    init_view();
    outermost = (paths2) => paths2.filter((path) => !paths2.some((other) => other !== path && within(path, other)));
  }
});

// src/plan/toolchain-data.ts
var variables, TOOLCHAIN_VARIABLES;
var init_toolchain_data = __esm({
  "src/plan/toolchain-data.ts"() {
    "use strict";
    variables = (kind, ...names3) => names3.map((name2) => ({ name: name2, kind, export: true }));
    TOOLCHAIN_VARIABLES = [
      { name: "RUNNER_TOOL_CACHE", kind: "tree", export: false },
      { name: "AGENT_TOOLSDIRECTORY", kind: "tree", export: false },
      ...variables(
        "tree",
        /^JAVA_HOME(?:_\d+_[A-Z0-9]+)?$/,
        "GRADLE_HOME",
        "ANT_HOME",
        "MAVEN_HOME",
        "M2_HOME",
        "LEIN_HOME",
        "KOTLIN_HOME",
        "SDKMAN_DIR",
        /^GOROOT(?:_\d+_\d+_[A-Z0-9]+)?$/,
        "RUSTUP_HOME",
        "pythonLocation",
        /^Python[23]?_ROOT_DIR$/,
        "PYENV_ROOT",
        "VIRTUAL_ENV",
        "CONDA",
        "CONDA_PREFIX",
        "UV_PYTHON_INSTALL_DIR",
        "UV_TOOL_DIR",
        "PIPX_HOME",
        "PIPX_BIN_DIR",
        "NVM_DIR",
        "VOLTA_HOME",
        "PNPM_HOME",
        "NODENV_ROOT",
        "PLAYWRIGHT_BROWSERS_PATH",
        "CHROMEWEBDRIVER",
        "GECKOWEBDRIVER",
        "EDGEWEBDRIVER",
        "RBENV_ROOT",
        "GOENV_ROOT",
        "ASDF_DIR",
        "ASDF_DATA_DIR",
        "MISE_DATA_DIR",
        "HOMEBREW_PREFIX",
        "HOMEBREW_CELLAR",
        "HOMEBREW_REPOSITORY",
        "DOTNET_ROOT",
        "ANDROID_HOME",
        "ANDROID_SDK_ROOT",
        /^ANDROID_NDK(?:_HOME|_ROOT|_LATEST_HOME)?$/,
        "SWIFT_PATH",
        "VCPKG_INSTALLATION_ROOT",
        "GHCUP_INSTALL_BASE_PREFIX"
      ),
      ...variables("list", "LD_LIBRARY_PATH", "PKG_CONFIG_PATH", "CMAKE_PREFIX_PATH", "CPATH", "LIBRARY_PATH", "MANPATH", "XDG_DATA_DIRS"),
      ...variables(
        "path",
        "CHROME_BIN",
        "LEIN_JAR",
        "SELENIUM_JAR_PATH",
        "PUPPETEER_EXECUTABLE_PATH",
        "SSL_CERT_FILE",
        "SSL_CERT_DIR",
        "NODE_EXTRA_CA_CERTS",
        "REQUESTS_CA_BUNDLE",
        "CURL_CA_BUNDLE",
        "GIT_SSL_CAINFO",
        "PIP_CERT",
        "AWS_CA_BUNDLE"
      )
    ];
  }
});

// src/plan/toolchain.ts
function toolchainOf(env) {
  const found = {};
  for (const [name2, value] of Object.entries(env))
    if (value !== void 0 && value !== "" && rowOf(name2) !== void 0) found[name2] = value;
  return found;
}
var rowOf;
var init_toolchain = __esm({
  "src/plan/toolchain.ts"() {
    "use strict";
    init_errors();
    init_toolchain_data();
    init_paths();
    init_view();
    rowOf = (name2) => TOOLCHAIN_VARIABLES.find((row) => typeof row.name === "string" ? row.name === name2 : row.name.test(name2));
  }
});

// src/plan/surroundings.ts
function surroundingsOf(env, home, node) {
  const temp = absolute(env["RUNNER_TEMP"]);
  const work2 = temp === null ? null : (0, import_posix.dirname)(temp);
  const forbidden = [
    temp,
    ...work2 === null || work2 === "/" ? [] : [`${work2}/_actions`, `${work2}/_PipelineMapping`],
    actions(env),
    ...runner(node, work2)
  ];
  const hidden = Object.entries(env).flatMap(
    ([name2, value]) => POINTERS.has(name2) || POINTER.test(name2) ? (value ?? "").split(":").map(absolute) : []
    // KUBECONFIG is a list
  );
  return {
    path: (env["PATH"] ?? "").split(":"),
    home,
    toolchain: toolchainOf(env),
    forbidden: unique(forbidden),
    hidden: unique(hidden)
  };
}
function actions(env) {
  const own = absolute(env["GITHUB_ACTION_PATH"]) ?? "";
  const at2 = `${own}/`.indexOf("/_actions/");
  return at2 === -1 ? null : own.slice(0, at2 + "/_actions".length);
}
function runner(node, work2) {
  const root2 = /^(\/.+)\/externals\/node\d+(?:_alpine)?\/bin\/node$/.exec(node)?.[1];
  if (root2 === void 0) return [];
  return work2 !== null && within(work2, root2) ? RUNNER_PARTS.map((part) => `${root2}/${part}`) : [root2];
}
function absolute(value) {
  if (value === void 0 || !value.startsWith("/") || value.includes("\0")) return null;
  const path = (0, import_posix.normalize)(value).replace(/\/+$/, "");
  return path === "" ? null : path;
}
var import_posix, POINTERS, POINTER, RUNNER_PARTS, unique;
var init_surroundings = __esm({
  "src/plan/surroundings.ts"() {
    "use strict";
    import_posix = require("node:path/posix");
    init_toolchain();
    init_view();
    POINTERS = /* @__PURE__ */ new Set([
      // files by which the runner is told what later steps do, and what the job is about
      "GITHUB_ENV",
      "GITHUB_PATH",
      "GITHUB_OUTPUT",
      "GITHUB_STATE",
      "GITHUB_STEP_SUMMARY",
      "GITHUB_ARTIFACTS",
      "GITHUB_ARTIFACTS_LIST",
      "GITHUB_EVENT_PATH",
      // credentials; the login actions of the clouds put theirs into the workspace
      "GOOGLE_APPLICATION_CREDENTIALS",
      "GOOGLE_GHA_CREDS_PATH",
      "CLOUDSDK_AUTH_CREDENTIAL_FILE_OVERRIDE",
      "CLOUDSDK_CONFIG",
      "AWS_SHARED_CREDENTIALS_FILE",
      "AWS_CONFIG_FILE",
      "AZURE_CONFIG_DIR",
      "KUBECONFIG",
      "DOCKER_CONFIG",
      "REGISTRY_AUTH_FILE",
      "NETRC",
      "NPM_CONFIG_USERCONFIG",
      "npm_config_userconfig",
      "PIP_CONFIG_FILE",
      "TF_CLI_CONFIG_FILE",
      "GH_CONFIG_DIR",
      "GIT_CONFIG_GLOBAL",
      "GIT_ASKPASS",
      "SSH_ASKPASS",
      "SSH_AUTH_SOCK",
      "GNUPGHOME",
      "GPG_AGENT_INFO",
      "VAULT_TOKEN_PATH"
    ]);
    POINTER = /(?:TOKEN|CREDENTIALS?|SECRETS?|PASSWORD|PASSPHRASE|PRIVATE_KEY)_(?:FILE|PATH)$/i;
    RUNNER_PARTS = [
      "bin",
      "externals",
      "_diag",
      ".runner",
      ".credentials",
      ".credentials_rsaparams",
      ".service",
      ".env",
      ".path",
      ".setup_info",
      "config.sh",
      "env.sh",
      "run.sh",
      "run-helper.sh",
      "safe_sleep.sh",
      "svc.sh"
    ];
    unique = (paths2) => [...new Set(paths2.filter((path) => path !== null))];
  }
});

// src/plan/workspace.ts
function refuseWorkspace(path, { homes, forbidden }) {
  if (path === "/") return "it is the whole machine";
  const closed = CLOSED.find((directory) => within(path, directory));
  if (closed !== void 0) return path === closed ? "it is a directory of the system" : `it lies in ${closed}`;
  if (SHARED.includes(path)) return "it is a directory of the system";
  for (const home of homes) {
    if (path === home) return "it is a home directory";
    if (within(home, path)) return `it contains the home directory ${home}`;
  }
  for (const other of forbidden) {
    if (path === other) return "it is the runner's own";
    if (within(other, path)) return `it contains ${other}, which is the runner's own`;
    if (within(path, other)) return `it lies in ${other}, which is the runner's own`;
  }
  return null;
}
var CLOSED, SHARED;
var init_workspace = __esm({
  "src/plan/workspace.ts"() {
    "use strict";
    init_view();
    CLOSED = ["/bin", "/boot", "/dev", "/etc", "/lib", "/lib32", "/lib64", "/libx32", "/proc", "/run", "/sbin", "/sys"];
    SHARED = ["/home", "/media", "/mnt", "/opt", "/srv", "/tmp", "/usr", "/usr/local", "/var", "/var/lib", "/var/tmp"];
  }
});

// src/run/look-around.ts
function lookAround(env, further, here) {
  const home = homeOf(env, here);
  const node = (here.toJail(process.execPath) ?? "").replace(/\.exe$/i, "");
  const found = surroundingsOf(inJailForm(env, here), home, node);
  const onHost = (paths2) => paths2.flatMap((path) => here.toHost(path) ?? []);
  const forbidden = outermost(
    withTargets([...onHost(found.forbidden), ...further.map(here.slashed)], here).filter(mayBeThere)
  );
  const hidden = outermost(withTargets(onHost(found.hidden), here).filter(mayBeThere));
  return { ...found, forbidden, hidden: hidden.filter((path) => !forbidden.some((other) => within(path, other))) };
}
function homeOf(env, here) {
  const said = env["HOME"] ?? "";
  return here.slashed((0, import_node_path6.resolve)(here.toJail(said) === null ? (0, import_node_os.userInfo)().homedir : said));
}
function workspaceOf(written2, around, here) {
  const wrong2 = (why2) => new UserError([
    {
      message: `${JSON.stringify(written2)} cannot be the workspace: ${why2}`,
      place: null,
      remedy: "run it in the directory of a project"
    }
  ]);
  if (here.jails && !written2.startsWith("/")) throw wrong2("it is not an absolute path");
  jailPathOf(written2, here);
  let path;
  try {
    path = here.real(written2);
  } catch (error) {
    throw wrong2(error.message);
  }
  if (!(0, import_node_fs6.lstatSync)(path).isDirectory()) throw wrong2("it is not a directory");
  if (/^\/[a-z]$/.test(jailPathOf(path, here)) && !here.modes) throw wrong2("it is a whole drive");
  const homes = withTargets([around.home, ...homesOfPeople()], here);
  const why = refuseWorkspace(path, { homes, forbidden: [...around.forbidden, STATE] });
  if (why !== null) throw wrong2(why);
  return path;
}
function homesOfPeople() {
  return (readIfThere("/etc/passwd") ?? "").split("\n").map((line2) => line2.split(":")).filter(([, , uid]) => uid === "0" || Number(uid) >= 1e3 && Number(uid) < 65534).flatMap(([, , , , , home]) => home?.startsWith("/") && home !== "/" ? [home] : []);
}
function withTargets(paths2, here) {
  const targets = paths2.flatMap((path) => {
    try {
      return [here.real(path)];
    } catch {
      return [];
    }
  });
  return [.../* @__PURE__ */ new Set([...paths2, ...targets])];
}
function mayBeThere(path) {
  try {
    (0, import_node_fs6.lstatSync)(path);
    return true;
  } catch (error) {
    return error.code === "EACCES";
  }
}
var import_node_fs6, import_node_os, import_node_path6;
var init_look_around = __esm({
  "src/run/look-around.ts"() {
    "use strict";
    import_node_fs6 = require("node:fs");
    import_node_os = require("node:os");
    import_node_path6 = require("node:path");
    init_places();
    init_errors();
    init_paths();
    init_surroundings();
    init_view();
    init_workspace();
    init_engine_connection();
    init_platform();
  }
});

// src/run/origin.ts
async function originOf(env) {
  const { GITHUB_SERVER_URL: server = "", GITHUB_REPOSITORY: repository = "", GITHUB_RUN_ID: run2 = "" } = env;
  if (!/^[\w.-]+\/[\w.-]+$/.test(repository) || !/^\d{1,20}$/.test(run2)) return null;
  const event = await payload(env["GITHUB_EVENT_PATH"] ?? "");
  return { server: server || "https://github.com", repository, run: run2, head: headOf(event, repository) };
}
function headOf(event, repository) {
  const pull = get(event, "pull_request");
  if (pull !== void 0) return name(get(get(pull, "head"), "repo"));
  const run2 = get(event, "workflow_run");
  return run2 === void 0 ? repository : name(get(run2, "head_repository"));
}
function name(repository) {
  const found = get(repository, "full_name");
  return typeof found === "string" ? found : null;
}
function get(value, key) {
  return typeof value === "object" && value !== null ? value[key] : void 0;
}
async function payload(path) {
  try {
    return path === "" ? null : JSON.parse(await (0, import_promises.readFile)(path, "utf8"));
  } catch {
    return { pull_request: null };
  }
}
var import_promises;
var init_origin = __esm({
  "src/run/origin.ts"() {
    "use strict";
    import_promises = later("node:fs/promises");
  }
});

// src/run/record-directory.ts
function recordDirectory(written2, here) {
  const wrong2 = (why) => new UserError([
    {
      message: `${JSON.stringify(written2)} cannot take the record: ${why}`,
      place: null,
      remedy: "name a directory that is empty, or not there yet"
    }
  ]);
  if (!(0, import_node_path7.isAbsolute)(written2)) throw wrong2("it is not an absolute path");
  try {
    (0, import_node_fs7.mkdirSync)(written2, { recursive: true, mode: 448 });
    const stat = (0, import_node_fs7.lstatSync)(written2);
    if (!stat.isDirectory()) throw wrong2("it is not a directory");
    if (process.getuid !== void 0 && stat.uid !== process.getuid()) throw wrong2("it belongs to another user");
    if ((0, import_node_fs7.readdirSync)(written2).length > 0) throw wrong2("it is not empty");
    (0, import_node_fs7.chmodSync)(written2, 448);
    return here.real(written2);
  } catch (error) {
    throw error instanceof UserError ? error : wrong2(error.message);
  }
}
var import_node_fs7, import_node_path7;
var init_record_directory = __esm({
  "src/run/record-directory.ts"() {
    "use strict";
    import_node_fs7 = require("node:fs");
    import_node_path7 = require("node:path");
    init_errors();
  }
});

// src/plan/environment.ts
function stepEnvironment({ id, rules: rules2, step: step2, caller }) {
  const env = {
    TERM: step2.tty === null ? "dumb" : "xterm-256color",
    CI: "true",
    AGENT_JAIL: "1"
  };
  const problems = [];
  const refuse = (what, name2, why, place, remedy) => {
    problems.push({ message: `${what}: ${name2} cannot be used: ${why}`, place, remedy });
  };
  const literals2 = (what, values, place) => {
    for (const [name2, value] of Object.entries(values)) {
      if (OWN.has(name2)) refuse(what, name2, "the jail sets it itself", place, "leave it out, or set it in the script");
      else if (name2 === "" || /[=\0]/.test(name2) || value.includes("\0"))
        refuse(what, JSON.stringify(name2), "no process can have such a variable", place, "give it another name or value");
      else env[name2] = value;
    }
  };
  literals2("env", rules2.env, null);
  for (const name2 of rules2.passEnv) {
    const refused = REFUSED.find((row) => row.name.test(name2));
    if (OWN.has(name2) || name2 === "PATH")
      refuse(
        "pass-env",
        name2,
        "the jail has its own",
        null,
        name2 === "PATH" ? "`jail.toolchain: auto` brings what is on yours" : "leave it out"
      );
    else if (refused !== void 0)
      refuse("pass-env", name2, refused.why, null, refused.asSecret ? "name it under `secrets`" : "leave it out");
    else if (caller[name2] !== void 0) env[name2] = caller[name2];
  }
  for (const { name: name2, use, place } of rules2.secrets) {
    const refused = REFUSED.find((row) => !row.asSecret && row.name.test(name2));
    if (OWN.has(name2) || name2 === "PATH") refuse("secrets", name2, "the jail has its own", place, "give the secret another name");
    else if (refused !== void 0) refuse("secrets", name2, refused.why, place, "set a secret of another name");
    else if (use === "inject") env[name2] = placeholderOf(id, name2);
    else if (caller[name2] !== void 0) env[name2] = caller[name2];
  }
  literals2("env of the step", step2.env, step2.place);
  return { env, problems };
}
var OWN, REFUSED, placeholderOf;
var init_environment = __esm({
  "src/plan/environment.ts"() {
    "use strict";
    OWN = /* @__PURE__ */ new Set(["HOME", "USER", "LOGNAME", "SHELL", "TMPDIR", "AGENT_JAIL", "AGENT_JAIL_RESULT"]);
    REFUSED = [
      { name: /^ACTIONS_/, why: "it is one of the runner's own tokens and addresses", asSecret: false },
      {
        name: /^GITHUB_(?:ENV|PATH|OUTPUT|STATE|STEP_SUMMARY|ARTIFACTS|ARTIFACTS_LIST)$/,
        why: "by that file the runner is told what later steps do",
        asSecret: false
      },
      { name: /^GITHUB_EVENT_PATH$/, why: "the jail does not see that file", asSecret: false },
      { name: /^RUNNER_(?!(?:OS|ARCH|ENVIRONMENT|DEBUG)$)/, why: "it names what the jail does not see of the runner", asSecret: false },
      { name: /^INPUT_/, why: "it is an input of the action's, and may be a token", asSecret: false },
      { name: /^STATE_/, why: "it is the action's own state", asSecret: false },
      {
        name: /^(?:SSH_AUTH_SOCK|DBUS_SESSION_BUS_ADDRESS|XDG_RUNTIME_DIR)$/,
        why: "it names a socket, which the jail does not see",
        asSecret: false
      },
      { name: /^(?:GITHUB_TOKEN|GH_TOKEN|GITHUB_PAT|GH_ENTERPRISE_TOKEN|GITHUB_ENTERPRISE_TOKEN)$/, why: "it is a token", asSecret: true }
    ];
    placeholderOf = (run2, secret) => `agent-jail-placeholder-${secret}-${run2}`;
  }
});

// src/plan/shell.ts
function resolveShell(shell, place = null) {
  if (shell === null) return DEFAULT2;
  const [program, ...template] = splitArguments(shell.trim());
  const builtIn = Object.hasOwn(BUILT_IN, shell.trim()) ? BUILT_IN[shell.trim()] : void 0;
  const extension = program !== void 0 && Object.hasOwn(EXTENSIONS, program) ? EXTENSIONS[program] : "";
  if (builtIn !== void 0) return { argv: builtIn, extension };
  const names3 = Object.keys(BUILT_IN).join(", ");
  const wrong2 = (message, remedy) => new UserError([{ message: `shell: ${JSON.stringify(shell)} ${message}`, place, remedy }]);
  if (program === void 0) throw wrong2("names no program", `write one of ${names3}, or a command with {0} for the script`);
  if (!template.some((argument) => argument.includes("{0}")))
    throw wrong2(
      template.length === 0 ? "is not a known shell" : "does not say where the script goes",
      `write one of ${names3}, or a command with {0} for the script: \`${program} {0}\``
    );
  const argv = [program, ...template];
  if (argv.some((argument) => /[{}]/.test(argument.replaceAll("{0}", ""))))
    throw wrong2("has a brace that is not part of {0}", "put the command into a script of the workspace, and name that");
  return { argv, extension };
}
function scriptText(shell, run2) {
  const lines2 = run2.replaceAll("\r\n", "\n");
  const text3 = lines2.endsWith("\n") ? lines2 : `${lines2}
`;
  if (shell.extension !== ".ps1") return text3;
  return `$ErrorActionPreference = 'stop'
${text3}if ((Test-Path -LiteralPath variable:\\LASTEXITCODE)) { exit $LASTEXITCODE }
`;
}
function splitArguments(text3) {
  const found = [];
  let current = null;
  let quoted = false;
  for (let at2 = 0; at2 < text3.length; at2 += 1) {
    const char = text3[at2];
    if (!quoted && /\s/.test(char)) {
      if (current !== null) found.push(current);
      current = null;
      continue;
    }
    current ??= "";
    if (char === '"' && quoted && text3[at2 + 1] === '"') {
      current += '"';
      at2 += 1;
    } else if (char === '"') quoted = !quoted;
    else if (char === "\\") {
      let end2 = at2;
      while (text3[end2] === "\\") end2 += 1;
      const count2 = end2 - at2;
      const escapes = text3[end2] === '"';
      current += "\\".repeat(escapes ? Math.floor(count2 / 2) : count2);
      at2 = end2 - 1;
      if (escapes && count2 % 2 === 1) {
        current += '"';
        at2 = end2;
      }
    } else current += char;
  }
  if (current !== null) found.push(current);
  return found;
}
var BUILT_IN, DEFAULT2, EXTENSIONS;
var init_shell = __esm({
  "src/plan/shell.ts"() {
    "use strict";
    init_errors();
    BUILT_IN = {
      bash: ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "{0}"],
      sh: ["sh", "-e", "{0}"],
      python: ["python", "{0}"],
      pwsh: ["pwsh", "-command", ". '{0}'"],
      node: ["node", "{0}"]
    };
    DEFAULT2 = { argv: ["bash", "-e", "{0}"], extension: ".sh" };
    EXTENSIONS = { bash: ".sh", sh: ".sh", python: ".py", pwsh: ".ps1", node: ".js" };
  }
});

// src/run/resolve-steps.ts
function resolveSteps(wish, workspace, problems, here) {
  if (wish.steps.length === 0)
    problems.push({ message: "there is no step to run", place: null, remedy: "give a command, `run` or `steps`" });
  return wish.steps.flatMap((step2, index) => {
    try {
      return [resolveStep(step2, index === 0, wish, workspace, problems, here)];
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      problems.push(...error.problems);
      return [];
    }
  });
}
function resolveStep(step2, first, wish, workspace, problems, here) {
  const { id, policy, environment } = wish;
  const { name: name2, setup, time: time2, idle, tty, agent } = step2;
  const shell = resolveShell(step2.shell, step2.place);
  const { env, problems: wrong2 } = stepEnvironment({ id, rules: setup ? policy.setup : policy.agent, step: step2, caller: environment });
  problems.push(...wrong2);
  return {
    name: name2,
    setup,
    script: scriptText(shell, step2.run),
    shell: shell.argv,
    extension: shell.extension,
    cwd: directoryOf(step2, first, wish, workspace, here),
    env,
    time: time2,
    idle,
    tty,
    agent
  };
}
function directoryOf({ workingDirectory, place }, first, wish, workspace, here) {
  const wrong2 = (message, remedy) => new UserError([{ message: `working-directory ${JSON.stringify(workingDirectory)} ${message}`, place, remedy }]);
  if (wish.policy.workspace.access === "none") {
    if (workingDirectory === null) return null;
    throw wrong2("cannot be used: the policy gives the jail no workspace", "leave it out, or change `workspace` in the policy");
  }
  if (workingDirectory === null) return workspace;
  let path = here.slashed((0, import_node_path8.resolve)(workspace, workingDirectory));
  const written2 = here.slashed((0, import_node_path8.resolve)(wish.workspace));
  if (!within(path, workspace) && within(path, written2)) path = `${workspace}${path.slice(written2.length)}`;
  if (!within(path, workspace)) throw wrong2("is not in the workspace", `give a directory below ${workspace}`);
  if (first && !(0, import_node_fs8.existsSync)(`${path}/.`)) throw wrong2("is not a directory", "give one that is there");
  return path;
}
var import_node_fs8, import_node_path8;
var init_resolve_steps = __esm({
  "src/run/resolve-steps.ts"() {
    "use strict";
    import_node_fs8 = require("node:fs");
    import_node_path8 = require("node:path");
    init_errors();
    init_environment();
    init_shell();
    init_view();
  }
});

// src/run/prepare.ts
function baseAhead(workspace, here = HERE) {
  const base = (async () => baseOf(here.real(workspace)))();
  base.catch(() => {
  });
  return base;
}
async function prepare(wish, here = HERE) {
  refuseHere(wish.backend, here);
  const {
    policy,
    environment,
    steps: _inputs,
    mask: masked,
    workspace: written2,
    record: recordWritten,
    forbidden = [],
    base: asked,
    ...handedOn
  } = wish;
  const around = lookAround(environment, forbidden, here);
  const workspace = workspaceOf(written2, around, here);
  const { sources, problems } = mountsOf(policy, around, here);
  const secrets2 = secretsOf(wish, problems);
  const mask = masked.filter((value) => value !== "");
  problems.push(...refuseShort(mask.map((value) => ({ name: "`mask`", value }))));
  const steps = resolveSteps(wish, workspace, problems, here);
  const authorities = authoritiesOf(environment, problems);
  if (problems.length > 0) throw new UserError(unique2(problems));
  const record2 = recordDirectory(recordWritten, here);
  const roots = [...policy.workspace.access === "none" ? [] : [workspace], ...sources];
  const tokens = tokensOf(environment, [...Object.values(secrets2), ...mask]);
  const [base, origin, interception, covers2] = await Promise.all([
    asked ?? baseOf(workspace),
    originOf(environment),
    interceptionOf(wish),
    coversOf({
      here,
      roots,
      workspace: policy.workspace.access === "none" ? null : { path: workspace, hide: policy.workspace.hide },
      // The warden writes the record while the jail runs: where a layer would show it, it must not.
      hidden: [...around.forbidden, ...around.hidden, record2],
      tokens
    })
  ]);
  const gone = covers2.flatMap(({ path, content }) => content === null ? [path] : []);
  return {
    ...handedOn,
    kind: "run",
    protocol: 1,
    policy,
    steps,
    secrets: secrets2,
    mask,
    workspace,
    restore: wish.restore ?? null,
    ownRoot: wish.ownRoot ?? false,
    covers: covers2,
    base,
    origin,
    interception,
    authorities,
    record: record2,
    caller: { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 },
    surroundings: {
      ...around,
      ...policy.jail.toolchain === "auto" ? {} : { path: [], toolchain: {} },
      // What lies in a covered directory cannot be covered once more.
      forbidden: around.forbidden.filter((path) => !gone.some((other) => other !== path && within(path, other))),
      hidden: around.hidden.filter((path) => !gone.some((other) => other !== path && within(path, other)))
    },
    engine: engineFor(environment, here)
  };
}
function refuseHere(backend, { called, jails }) {
  if (jails || backend === "docker") return;
  throw new JailError(`a jail needs Linux, and this machine is ${called}; the backend asked for is ${backend}`, ENGINE_OR_LINUX);
}
function mountsOf(policy, { forbidden }, here) {
  const sources = [];
  const problems = [];
  for (const { source, place } of policy.mounts) {
    try {
      const path = hostPathOf(source, here);
      sources.push(path);
      const paths2 = withTargets([path], here);
      const other = [...forbidden, ...NEVER_MOUNTED, STATE].find((one) => paths2.some((each) => within(each, one)));
      if (other === void 0) continue;
      const message = `${source} cannot be mounted: it is, or lies in, ${other}, which no jail sees`;
      problems.push({ message, place, remedy: "copy what is needed into the workspace" });
    } catch (error) {
      if (!(error instanceof JailError)) throw error;
      problems.push({ message: error.message, place, remedy: error.remedy });
    }
  }
  return { sources, problems };
}
function secretsOf({ policy, steps, environment }, problems) {
  const used = /* @__PURE__ */ new Map();
  for (const step2 of steps) for (const secret of (step2.setup ? policy.setup : policy.agent).secrets) used.set(secret.name, secret);
  const values = {};
  for (const { name: name2, place } of used.values()) {
    const value = environment[name2];
    if (value === void 0 || value === "")
      problems.push({
        message: `the secret ${name2} has no value`,
        place,
        remedy: `set it in the environment: \`env: { ${name2}: "\${{ secrets.${name2} }}" }\``
      });
    else values[name2] = value;
  }
  problems.push(...refuseShort(Object.entries(values).map(([name2, value]) => ({ name: name2, value, place: used.get(name2)?.place ?? null }))));
  return values;
}
async function interceptionOf({ id, policy, steps }) {
  const secrets2 = steps.flatMap((step2) => (step2.setup ? policy.setup : policy.agent).secrets);
  const hosts = new Set(secrets2.flatMap((secret) => secret.use === "inject" ? secret.hosts : []));
  if (hosts.size === 0) return null;
  const { intercept } = await Promise.resolve().then(() => __toESM(require("./certificates.js"), 1));
  return intercept(id, [...hosts]);
}
function authoritiesOf(environment, problems) {
  const file = environment["NODE_EXTRA_CA_CERTS"];
  if (file === void 0 || file === "") return null;
  try {
    return (0, import_node_fs9.readFileSync)(file, "utf8");
  } catch (error) {
    const message = `NODE_EXTRA_CA_CERTS cannot be read: ${error.message}`;
    problems.push({ message, place: null, remedy: "give a file of certificates, or unset it" });
    return null;
  }
}
var import_node_fs9, NEVER_MOUNTED, engineFor, ENGINE_OR_LINUX, unique2;
var init_prepare = __esm({
  "src/run/prepare.ts"() {
    "use strict";
    import_node_fs9 = require("node:fs");
    init_places();
    init_errors();
    init_view();
    init_forms();
    init_docker_context();
    init_engine_connection();
    init_git();
    init_platform();
    init_covers();
    init_look_around();
    init_origin();
    init_record_directory();
    init_resolve_steps();
    NEVER_MOUNTED = ["/proc", "/sys", "/dev", "/run"];
    engineFor = (environment, here = HERE) => engineOf(environment, homeOf(environment, here), readIfThere);
    ENGINE_OR_LINUX = "run on Linux (`runs-on: ubuntu-latest`), or ask for `docker` (`jail.backend`) and have an engine of Linux containers: the run is then made there (docs/remote.md)";
    unique2 = (problems) => [
      ...new Map(problems.map((problem2) => [JSON.stringify(problem2), problem2])).values()
    ];
  }
});

// src/secrets/matcher.ts
function agrees(pattern, data, at2) {
  const length = Math.min(pattern.length, data.length - at2);
  for (let i = 0; i < length; i += 1) if (pattern[i] !== data[at2 + i]) return false;
  return true;
}
function hash(a, b, c) {
  return (a << 10 ^ b << 5 ^ c) & TABLE - 1;
}
function byte(data, at2) {
  return data[at2];
}
var BLOCK, TABLE, Matcher;
var init_matcher = __esm({
  "src/secrets/matcher.ts"() {
    "use strict";
    BLOCK = 3;
    TABLE = 1 << 16;
    Matcher = class {
      #min;
      #shift;
      /** Patterns by the block at the end of their first `#min` bytes, longest first. */
      #ending = /* @__PURE__ */ new Map();
      #byFirst = Array.from({ length: 256 }, () => []);
      constructor(patterns) {
        const min = Math.min(255, ...patterns.map((pattern) => pattern.bytes.length));
        if (min < BLOCK) throw new RangeError(`a pattern has fewer than ${BLOCK} bytes`);
        this.#min = min;
        this.#shift = new Uint8Array(TABLE).fill(min - BLOCK + 1);
        for (const pattern of patterns.toSorted((a, b) => b.bytes.length - a.bytes.length)) {
          for (let at2 = 0; at2 + BLOCK <= min; at2 += 1) {
            const key = hash(byte(pattern.bytes, at2), byte(pattern.bytes, at2 + 1), byte(pattern.bytes, at2 + 2));
            const shift = min - BLOCK - at2;
            if (shift < byte(this.#shift, key)) this.#shift[key] = shift;
            if (shift === 0) this.#ending.set(key, [...this.#ending.get(key) ?? [], pattern]);
          }
          this.#byFirst[byte(pattern.bytes, 0)]?.push(pattern);
        }
      }
      /** The first place from `from` on where a pattern stands, the longest one there; unless `final`, also where one may begin. */
      next(data, from, final) {
        const shifts = this.#shift;
        const min = this.#min;
        const length = data.length;
        let end2 = from + min;
        while (end2 <= length) {
          const key = hash(byte(data, end2 - 3), byte(data, end2 - 2), byte(data, end2 - 1));
          const shift = byte(shifts, key);
          if (shift === 0) {
            const match = this.#first(data, end2 - min, final, this.#ending.get(key));
            if (match !== null) return match;
            end2 += 1;
          } else {
            end2 += shift;
          }
        }
        if (final) return null;
        for (let at2 = end2 - min; at2 < length; at2 += 1) {
          const match = this.#first(data, at2, false, this.#byFirst[byte(data, at2)]);
          if (match !== null) return match;
        }
        return null;
      }
      #first(data, at2, final, patterns) {
        for (const pattern of patterns ?? []) {
          const whole = pattern.bytes.length <= data.length - at2;
          if ((whole || !final) && agrees(pattern.bytes, data, at2)) return { at: at2, pattern: whole ? pattern : null };
        }
        return null;
      }
    };
  }
});

// src/secrets/tokens.ts
function findTokens(text3, final, begin = 0) {
  const tokens = [];
  let armour = text3.indexOf(ARMOUR.begin, begin);
  for (let from = begin; ; ) {
    if (armour !== -1 && armour < from) armour = text3.indexOf(ARMOUR.begin, from);
    START.lastIndex = from;
    const found = START.exec(text3)?.index;
    const start = found === void 0 || armour !== -1 && armour < found ? armour : found;
    if (start === -1) return { tokens, stop: final ? text3.length : partial(text3, from) };
    if (start > 0 && start !== armour && IN_WORD.test(text3.charAt(start - 1))) {
      from = start + 1;
      continue;
    }
    WHOLE.lastIndex = start;
    const [whole, ...kinds] = WHOLE.exec(text3) ?? [];
    if (whole !== void 0 && (final || start + whole.length < text3.length)) {
      const name2 = NAMES[kinds.findIndex((kind) => kind !== void 0)] ?? "";
      if (!EXAMPLE.test(whole)) tokens.push({ at: start, length: whole.length, name: name2 });
      from = start + whole.length;
      continue;
    }
    OPEN.lastIndex = start;
    if (!final && OPEN.test(text3)) return { tokens, stop: start };
    from = start + 1;
  }
}
function partial(text3, from) {
  const tail = Math.max(from, text3.length - LONGEST_BEGIN);
  const seen = Math.max(0, tail - 1);
  const at2 = text3.slice(seen).search(PARTIAL);
  return at2 === -1 ? text3.length : Math.max(tail, seen + at2);
}
var WORD, FORMATS, ARMOUR, EXAMPLE, group, ALONE, BEGINS, KIND, START, IN_WORD, WHOLE, NAMES, OPEN, beginnings, PARTIAL, LONGEST_BEGIN;
var init_tokens = __esm({
  "src/secrets/tokens.ts"() {
    "use strict";
    WORD = "A-Za-z0-9";
    FORMATS = [
      { name: "github-token", begins: ["ghp_", "gho_", "ghu_", "ghs_", "ghr_"], of: WORD, least: 36, most: 251 },
      { name: "github-token", begins: ["github_pat_"], of: `${WORD}_`, least: 60, most: 244 },
      { name: "gitlab-token", begins: ["glpat-", "gldt-", "glrt-", "glcbt-"], of: `${WORD}_.-`, least: 20, most: 300 },
      { name: "npm-token", begins: ["npm_"], of: WORD, least: 36, most: 36 },
      { name: "pypi-token", begins: ["pypi-AgE"], of: `${WORD}_-`, least: 50, most: 500 },
      { name: "anthropic-key", begins: ["sk-ant-"], of: `${WORD}_-`, least: 60, most: 200 },
      { name: "openai-key", begins: ["sk-proj-", "sk-svcacct-", "sk-admin-"], of: `${WORD}_-`, least: 40, most: 300 },
      { name: "google-key", begins: ["AIza"], of: `${WORD}_-`, least: 35, most: 35 },
      { name: "aws-key", begins: ["AKIA", "ASIA"], of: "A-Z2-7", least: 16, most: 16 },
      { name: "slack-token", begins: ["xoxb-", "xoxp-", "xoxa-", "xoxr-", "xoxs-", "xapp-"], of: `${WORD}-`, least: 24, most: 300 },
      { name: "stripe-key", begins: ["sk_live_", "rk_live_"], of: WORD, least: 24, most: 247 },
      { name: "huggingface-token", begins: ["hf_"], of: WORD, least: 34, most: 40 },
      { name: "docker-token", begins: ["dckr_pat_", "dckr_oat_"], of: `${WORD}_-`, least: 27, most: 64 }
    ];
    ARMOUR = { begin: "-----BEGIN ", of: `(?:[${WORD}+/=\\s\\\\:,.]|-(?!----))`, most: 8192 };
    EXAMPLE = /EXAMPLE|(.)\1{15}/;
    group = (words) => `(?:${words.join("|")})`;
    ALONE = `(?<![${WORD}])`;
    BEGINS = FORMATS.flatMap(({ begins }) => begins);
    KIND = "(?:[A-Z0-9]{1,20} ){0,4}";
    START = new RegExp(group(BEGINS.map((word) => word.length < 4 ? `${word}[${WORD}]` : word)), "g");
    IN_WORD = new RegExp(`[${WORD}]`);
    WHOLE = new RegExp(
      [
        ...FORMATS.map(({ begins, of, least, most }) => {
          const token = `${group(begins)}[${of}]{${least},${most}}`;
          return least === most ? `(${token}(?![${of}]))` : `(${token})`;
        }),
        `(${ARMOUR.begin}${KIND}PRIVATE KEY-----${ARMOUR.of}{40,${ARMOUR.most}}-----END ${KIND}PRIVATE KEY-----)`
      ].join("|"),
      "y"
    );
    NAMES = [...FORMATS.map(({ name: name2 }) => name2), "private-key"];
    OPEN = new RegExp(
      `${group([
        ...FORMATS.map(({ begins, of, most }) => `${group(begins)}[${of}]{0,${most}}`),
        `${ARMOUR.begin}[A-Z0-9 ]{0,100}-{0,4}`,
        `${ARMOUR.begin}${KIND}PRIVATE KEY-----${ARMOUR.of}{0,${ARMOUR.most}}(?:-{0,5}|-----E[A-Z0-9 ]{0,110}-{0,5})`
      ])}$`,
      "y"
    );
    beginnings = (word) => Array.from({ length: Math.max(3, word.length - 1) }, (_, at2) => word.slice(0, at2 + 1));
    PARTIAL = new RegExp(`(?:${ALONE}${group([...new Set(BEGINS.flatMap(beginnings))])}|${group(beginnings(ARMOUR.begin))})$`);
    LONGEST_BEGIN = 12;
  }
});

// src/transcript/formats.ts
var EMPTY, latin1, FormatRedactor;
var init_formats = __esm({
  "src/transcript/formats.ts"() {
    "use strict";
    init_tokens();
    EMPTY = Buffer.alloc(0);
    latin1 = (bytes) => bytes.toString("latin1");
    FormatRedactor = class {
      #found;
      /** Bytes that may be the start of a token. */
      #held = EMPTY;
      /** The byte before them: a token does not begin in the middle of a word. */
      #before = "";
      constructor(found) {
        this.#found = found;
      }
      /** The next bytes that can be shown; may be `chunk` itself. */
      push(chunk) {
        const data = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
        const text3 = this.#before + latin1(data);
        const { tokens, stop } = findTokens(text3, false, this.#before.length);
        const shown = this.#replace(data, tokens, this.#before.length, stop - this.#before.length);
        this.#held = stop === text3.length ? EMPTY : Buffer.from(data.subarray(stop - this.#before.length));
        this.#before = text3.charAt(stop - 1);
        return shown;
      }
      /** The end of the stream: what was held back. The next `push` begins a new one. */
      flush() {
        const [held, before] = [this.#held, this.#before];
        [this.#held, this.#before] = [EMPTY, ""];
        const { tokens } = findTokens(before + latin1(held), true, before.length);
        return this.#replace(held, tokens, before.length, held.length);
      }
      /** One whole text, apart from the stream. */
      whole(data) {
        return this.#replace(data, findTokens(latin1(data), true).tokens, 0, data.length);
      }
      /** The first `stop` bytes of `data`; tokens are counted from `skip` characters before it. */
      #replace(data, tokens, skip, stop) {
        if (tokens.length === 0) return stop === data.length ? data : data.subarray(0, stop);
        const pieces2 = [];
        let done = 0;
        for (const { at: at2, length, name: name2 } of tokens) {
          this.#found(name2);
          pieces2.push(data.subarray(done, at2 - skip), Buffer.from(`[redacted ${name2}]`));
          done = at2 - skip + length;
        }
        return Buffer.concat([...pieces2, data.subarray(done, stop)]);
      }
    };
  }
});

// src/transcript/redact.ts
function redactorOf(request) {
  return new Redactor(
    [
      ...Object.entries(request.secrets).map(([name2, value]) => ({ name: name2, value })),
      ...request.mask.map((value) => ({ name: "mask", value }))
    ],
    true
  );
}
function fresh() {
  return { held: EMPTY2, covered: 0, region: /* @__PURE__ */ new Set() };
}
function label(name2, patterns) {
  const choices = [`[redacted ${name2.replace(/[^\w.-]/g, "_")}]`, "[redacted]"].map((text3) => Buffer.from(text3));
  return choices.find((choice) => patterns.every(({ bytes }) => !choice.includes(bytes))) ?? Buffer.from("***");
}
var EMPTY2, Redactor;
var init_redact = __esm({
  "src/transcript/redact.ts"() {
    "use strict";
    init_forms();
    init_matcher();
    init_formats();
    EMPTY2 = Buffer.alloc(0);
    Redactor = class _Redactor {
      #matcher;
      #secrets;
      #names;
      #labels;
      #counts = /* @__PURE__ */ new Map();
      /** null: forms of the secrets alone. */
      #formats;
      #state = fresh();
      /**
       * Values that `refuseShort` refuses should not get here: the forms of such a value that are too short are not looked for. `formats`: what
       * looks like a well-known token is replaced as well.
       */
      constructor(secrets2, formats = false) {
        this.#secrets = secrets2;
        const patterns = /* @__PURE__ */ new Map();
        secrets2.forEach(({ name: name2, value }, owner) => {
          this.#counts.set(name2, 0);
          for (const bytes of secretForms(value)) {
            const key = bytes.toString("latin1");
            if (!patterns.has(key)) patterns.set(key, { bytes, owner });
          }
        });
        this.#names = secrets2.map(({ name: name2 }) => name2);
        this.#labels = this.#names.map((name2) => label(name2, [...patterns.values()]));
        this.#matcher = patterns.size === 0 ? null : new Matcher([...patterns.values()]);
        this.#formats = formats ? new FormatRedactor(this.#count) : null;
      }
      /** One for another stream: what it replaces counts here. */
      beside() {
        const other = new _Redactor(this.#secrets, this.#formats !== null);
        other.#counts = this.#counts;
        return other;
      }
      /** How often each secret was replaced, by name; also by `text` and `json`. Formats stand there once they were found. */
      get counts() {
        return this.#counts;
      }
      /**
       * The next bytes that can be shown; may be a view of `chunk`, or `chunk` itself. Only bytes that may still become a form are held
       * back, however long the rest takes to come, so a secret written in two halves is found.
       */
      push(chunk) {
        const known = this.#scan(this.#state, chunk, false);
        return this.#formats === null ? known : this.#formats.push(known);
      }
      /** The end of the stream: what was held back. The next `push` begins a new stream. */
      flush() {
        const rest = this.#scan(this.#state, EMPTY2, true);
        this.#state = fresh();
        return this.#formats === null ? rest : Buffer.concat([this.#formats.push(rest), this.#formats.flush()]);
      }
      /** One whole text, such as a log line or a name; apart from the stream. */
      redactText(text3) {
        const bytes = Buffer.from(text3);
        const known = this.#scan(fresh(), bytes, true);
        const redacted = this.#formats === null ? known : this.#formats.whole(known);
        return redacted === bytes ? text3 : redacted.toString();
      }
      /** The beginning of a text whose rest is not known, without what may be the beginning of a form. */
      redactHead(text3) {
        return this.#scan(fresh(), Buffer.from(text3), false).toString();
      }
      /** A JSON value, its strings and keys redacted one by one: replacing in JSON text could break an escape in two. */
      redactJson(value) {
        if (typeof value === "string") return this.redactText(value);
        if (Array.isArray(value)) return value.map((item) => this.redactJson(item));
        if (typeof value !== "object" || value === null) return value;
        return Object.fromEntries(Object.entries(value).map(([key, item]) => [this.redactText(key), this.redactJson(item)]));
      }
      #scan(state, chunk, final) {
        const matcher = this.#matcher;
        if (matcher === null) return chunk;
        const data = state.held.length === 0 ? chunk : Buffer.concat([state.held, chunk]);
        const pieces2 = [];
        let done = state.covered;
        let stop = data.length;
        for (let match = matcher.next(data, 0, final); match !== null; match = matcher.next(data, match.at + 1, final)) {
          const { at: at2, pattern } = match;
          if (pattern === null) {
            stop = at2;
            break;
          }
          if (at2 >= done) {
            pieces2.push(data.subarray(done, at2));
            state.region.clear();
          }
          const end2 = at2 + pattern.bytes.length;
          if (end2 <= done) continue;
          if (!state.region.has(pattern.owner)) pieces2.push(this.#replace(state, pattern.owner));
          done = end2;
        }
        state.held = Buffer.from(data.subarray(stop));
        state.covered = Math.max(0, done - stop);
        if (pieces2.length === 0 && done === 0) return stop === data.length ? data : data.subarray(0, stop);
        if (done < stop) pieces2.push(data.subarray(done, stop));
        return Buffer.concat(pieces2);
      }
      #replace(state, owner) {
        const name2 = this.#names[owner] ?? "";
        state.region.add(owner);
        this.#count(name2);
        return this.#labels[owner] ?? EMPTY2;
      }
      #count = (name2) => void this.#counts.set(name2, (this.#counts.get(name2) ?? 0) + 1);
    };
  }
});

// src/cli/last-exit.ts
var import_node_os2, LastExit;
var init_last_exit = __esm({
  "src/cli/last-exit.ts"() {
    "use strict";
    import_node_os2 = require("node:os");
    LastExit = class {
      #exit = null;
      observe(event) {
        if (event.kind === "step" && event.exit !== null) this.#exit = event.exit;
      }
      /** Exit code as a shell gives it: 128 + the signal's number for a killed step; null where no step ended. */
      get code() {
        if (this.#exit === null) return null;
        const { code, signal } = this.#exit;
        if (signal === null) return code;
        const number3 = import_node_os2.constants.signals[signal];
        return number3 === void 0 ? null : 128 + number3;
      }
    };
  }
});

// src/transcript/escapes.ts
function isControl(code) {
  return code < 32 || code >= 127 && code < 160;
}
function isColour(parameters) {
  if (parameters.length > MAX_SGR || !/^[\d;]*$/.test(parameters)) return false;
  const codes = parameters.replace(LONG_COLOUR, "$1").split(";").map(Number);
  return !codes.some((code) => code === 8 || code === 38 || code === 48 || code === 58);
}
var ESC, IN_A_LINE, MAX_SGR, EscapeFilter, LONG_COLOUR;
var init_escapes = __esm({
  "src/transcript/escapes.ts"() {
    "use strict";
    ESC = 27;
    IN_A_LINE = [67, 68, 71, 75];
    MAX_SGR = 64;
    EscapeFilter = class {
      #keep;
      #mode = "text";
      #parameters = "";
      constructor(keep2) {
        this.#keep = keep2;
      }
      push(text3) {
        let out = "";
        let start = 0;
        for (let at2 = 0; at2 < text3.length; at2 += 1) {
          const code = text3.charCodeAt(at2);
          if (this.#mode === "text" && !isControl(code)) continue;
          out += text3.slice(start, at2);
          start = at2 + 1;
          out += this.#step(code);
        }
        return out + text3.slice(start);
      }
      /** What stands in the place of this character. */
      #step(code) {
        if (code === 10 || code === 13) return this.#enter("text", code);
        if (code === ESC) return this.#enter("escape");
        if (code === 24 || code === 26 || code === 156) return this.#enter("text");
        if (code === 155) return this.#enter("csi");
        if (code === 144 || code === 152 || code === 157 || code === 158 || code === 159) return this.#enter("string");
        switch (this.#mode) {
          case "text":
            return code === 9 ? "	" : code === 8 && this.#keep === "line" ? "\b" : "";
          case "string":
            return code === 7 ? this.#enter("text") : "";
          case "escape":
            return this.#escape(code);
          case "intermediate":
            if (code >= 48) return this.#enter("text", code > 126 ? code : null);
            return "";
          case "csi":
            return this.#csi(code);
        }
      }
      #escape(code) {
        if (code === 91) return this.#enter("csi");
        if (code === 80 || code === 88 || code === 93 || code === 94 || code === 95) return this.#enter("string");
        if (code >= 32 && code < 48) return this.#enter("intermediate");
        if (code < 32) return "";
        return this.#enter("text", code > 126 ? code : null);
      }
      #csi(code) {
        if (code < 32 || code === 127) return "";
        if (code < 64) {
          if (this.#parameters.length <= MAX_SGR) this.#parameters += String.fromCharCode(code);
          return "";
        }
        const parameters = this.#parameters;
        if (code > 126) return this.#enter("text", code);
        this.#enter("text");
        return this.#keeps(code, parameters) ? `\x1B[${parameters}${String.fromCharCode(code)}` : "";
      }
      #keeps(final, parameters) {
        switch (this.#keep) {
          case "nothing":
            return false;
          case "colours":
            return final === 109 && isColour(parameters);
          case "line":
            return IN_A_LINE.includes(final) && /^\d{0,5}$/.test(parameters);
        }
      }
      #enter(mode, shown = null) {
        this.#mode = mode;
        this.#parameters = "";
        return shown === null || isControl(shown) && shown !== 10 && shown !== 13 ? "" : String.fromCharCode(shown);
      }
    };
    LONG_COLOUR = /(^|;)[345]8;(?:5;\d{1,3}|2(?:;\d{1,3}){3})(?=;|$)/g;
  }
});

// src/transcript/sanitise.ts
function forTerminal(text3, options = {}) {
  const sanitiser = new TerminalSanitiser(options);
  return sanitiser.push(text3) + sanitiser.flush();
}
function visible(text3) {
  return text3.toWellFormed().replace(INVISIBLE, "");
}
function neutral(line2) {
  return line2.replaceAll("##[", "##\\[").replace(/^(\s*)::/, "$1\\::");
}
function capped(line2, more) {
  if (more === 0 && line2.length <= MAX_LINE) return line2;
  const kept2 = line2.slice(0, MAX_LINE - NOTE).replace(/[\ud800-\udbff]$/, "");
  return `${kept2} \u2026 [${line2.length - kept2.length + more} more characters]`;
}
var MAX_LINE, NOTE, INVISIBLE, LogSanitiser, TerminalSanitiser;
var init_sanitise = __esm({
  "src/transcript/sanitise.ts"() {
    "use strict";
    init_escapes();
    MAX_LINE = 4096;
    NOTE = 64;
    INVISIBLE = /(?![\t\n])[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\p{Zl}\p{Zp}]/gu;
    LogSanitiser = class {
      #filter = new EscapeFilter("nothing");
      #redact;
      #line = "";
      /** Characters of the line that were not kept. */
      #more = 0;
      #started = false;
      #afterReturn = false;
      /** `redact` gets each line once what has no glyph is out of it: that may have stood within a secret. */
      constructor(redact = (line2) => line2) {
        this.#redact = redact;
      }
      /** The lines that `text` completes. `text` must not end within a surrogate pair: decode with a StringDecoder. */
      push(text3) {
        const lines2 = [];
        const clean = this.#filter.push(text3);
        let start = 0;
        for (const { index, 0: end2 } of clean.matchAll(/\r\n|\r|\n/g)) {
          const tail = this.#afterReturn && index === 0 && end2 === "\n";
          this.#append(clean.slice(start, index));
          start = index + end2.length;
          if (!tail) lines2.push(this.#finish());
          this.#afterReturn = false;
        }
        if (clean !== "") this.#afterReturn = clean.endsWith("\r");
        this.#append(clean.slice(start));
        return lines2;
      }
      /** The last line, if it had no end. */
      flush() {
        return this.#started ? [this.#finish()] : [];
      }
      #append(text3) {
        if (text3 === "") return;
        this.#started = true;
        const room = MAX_LINE - this.#line.length;
        this.#line += text3.slice(0, room);
        this.#more += Math.max(0, text3.length - room);
      }
      #finish() {
        const line2 = capped(neutral(this.#redact(visible(this.#line))), this.#more);
        this.#line = "";
        this.#more = 0;
        this.#started = false;
        return line2;
      }
    };
    TerminalSanitiser = class {
      #filter;
      #coloured = false;
      #afterReturn = false;
      constructor(options = {}) {
        this.#filter = new EscapeFilter(options.colours === true ? "colours" : "nothing");
      }
      push(text3) {
        let clean = this.#filter.push(text3);
        if (clean === "") return "";
        const doubled = this.#afterReturn && clean.startsWith("\n");
        this.#afterReturn = clean.endsWith("\r");
        if (doubled) clean = clean.slice(1);
        const [first = "", ...coloured] = clean.replace(/\r\n?/g, "\n").split("\x1B");
        const last = coloured.at(-1);
        if (last !== void 0) this.#coloured = !/^\[0*m/.test(last);
        return [first, ...coloured].map(visible).join("\x1B");
      }
      /** Sets the terminal's colours back if there were any. */
      flush() {
        return this.#coloured ? "\x1B[0m" : "";
      }
    };
  }
});

// src/cli/output.ts
function outputOf(io, redactor) {
  return io.env["GITHUB_ACTIONS"] === "true" ? forRunner(redactor) : forReader(redactor, io.colours);
}
function forRunner(redactor) {
  const sanitiser = new LogSanitiser((line2) => redactor.redactText(line2));
  const joined = (lines2) => lines2.map((line2) => `${line2}
`).join("");
  return { push: (text3) => joined(sanitiser.push(text3)), flush: () => joined(sanitiser.flush()) };
}
function forReader(redactor, colours) {
  const sanitiser = new TerminalSanitiser({ colours });
  const decoder = new import_node_string_decoder2.StringDecoder("utf8");
  const push = (text3) => decoder.write(redactor.push(Buffer.from(text3)));
  return {
    push: (text3) => push(sanitiser.push(text3)),
    flush: () => push(sanitiser.flush()) + decoder.end(redactor.flush())
  };
}
var import_node_string_decoder2;
var init_output = __esm({
  "src/cli/output.ts"() {
    "use strict";
    import_node_string_decoder2 = require("node:string_decoder");
    init_sanitise();
  }
});

// node_modules/valibot/dist/index.mjs
// @__NO_SIDE_EFFECTS__
function getGlobalConfig(config$1) {
  if (!config$1 && !store$4) return DEFAULT_CONFIG;
  return {
    lang: config$1?.lang ?? store$4?.lang,
    message: config$1?.message,
    abortEarly: config$1?.abortEarly ?? store$4?.abortEarly,
    abortPipeEarly: config$1?.abortPipeEarly ?? store$4?.abortPipeEarly
  };
}
// @__NO_SIDE_EFFECTS__
function getGlobalMessage(lang) {
  return store$3?.get(lang);
}
// @__NO_SIDE_EFFECTS__
function getSchemaMessage(lang) {
  return store$2?.get(lang);
}
// @__NO_SIDE_EFFECTS__
function getSpecificMessage(reference, lang) {
  return store$1?.get(reference)?.get(lang);
}
// @__NO_SIDE_EFFECTS__
function _stringify(input) {
  const type = typeof input;
  if (type === "string") return `"${input}"`;
  if (type === "number" || type === "bigint" || type === "boolean") return `${input}`;
  if (type === "object" || type === "function") return (input && Object.getPrototypeOf(input)?.constructor?.name) ?? "null";
  return type;
}
function _addIssue(context, label2, dataset, config$1, other) {
  const input = other && "input" in other ? other.input : dataset.value;
  const expected = other?.expected ?? context.expects ?? null;
  const received = other?.received ?? /* @__PURE__ */ _stringify(input);
  const issue = {
    kind: context.kind,
    type: context.type,
    input,
    expected,
    received,
    message: `Invalid ${label2}: ${expected ? `Expected ${expected} but r` : "R"}eceived ${received}`,
    requirement: context.requirement,
    path: other?.path,
    issues: other?.issues,
    lang: config$1.lang,
    abortEarly: config$1.abortEarly,
    abortPipeEarly: config$1.abortPipeEarly
  };
  const isSchema = context.kind === "schema";
  const message$1 = other?.message ?? context.message ?? /* @__PURE__ */ getSpecificMessage(context.reference, issue.lang) ?? (isSchema ? /* @__PURE__ */ getSchemaMessage(issue.lang) : null) ?? config$1.message ?? /* @__PURE__ */ getGlobalMessage(issue.lang);
  if (message$1 !== void 0) issue.message = typeof message$1 === "function" ? message$1(issue) : message$1;
  if (isSchema) dataset.typed = false;
  if (dataset.issues) dataset.issues.push(issue);
  else dataset.issues = [issue];
}
// @__NO_SIDE_EFFECTS__
function _isSameValueZero(value1, value2) {
  return value1 === value2 || Number.isNaN(value1) && Number.isNaN(value2);
}
// @__NO_SIDE_EFFECTS__
function _isValidObjectKey(object$1, key) {
  return Object.prototype.hasOwnProperty.call(object$1, key) && key !== "__proto__" && key !== "prototype" && key !== "constructor";
}
// @__NO_SIDE_EFFECTS__
function _joinExpects(values$1, separator) {
  const list2 = [...new Set(values$1)];
  if (list2.length > 1) return `(${list2.join(` ${separator} `)})`;
  return list2[0] ?? "never";
}
function _standardSchema(schema4) {
  schema4["~standard"] = {
    version: 1,
    vendor: "valibot",
    validate: (value$1) => schema4["~run"]({ value: value$1 }, /* @__PURE__ */ getGlobalConfig())
  };
  return schema4;
}
// @__NO_SIDE_EFFECTS__
function description(description_) {
  return {
    kind: "metadata",
    type: "description",
    reference: description,
    description: description_
  };
}
// @__NO_SIDE_EFFECTS__
function integer(message$1) {
  return {
    kind: "validation",
    type: "integer",
    reference: integer,
    async: false,
    expects: null,
    requirement: Number.isInteger,
    message: message$1,
    "~run"(dataset, config$1) {
      if (dataset.typed && !this.requirement(dataset.value)) _addIssue(this, "integer", dataset, config$1);
      return dataset;
    }
  };
}
// @__NO_SIDE_EFFECTS__
function maxValue(requirement, message$1) {
  return {
    kind: "validation",
    type: "max_value",
    reference: maxValue,
    async: false,
    expects: `<=${requirement instanceof Date ? requirement.toJSON() : /* @__PURE__ */ _stringify(requirement)}`,
    requirement,
    message: message$1,
    "~run"(dataset, config$1) {
      if (dataset.typed && !(dataset.value <= this.requirement)) _addIssue(this, "value", dataset, config$1, { received: dataset.value instanceof Date ? dataset.value.toJSON() : /* @__PURE__ */ _stringify(dataset.value) });
      return dataset;
    }
  };
}
// @__NO_SIDE_EFFECTS__
function minValue(requirement, message$1) {
  return {
    kind: "validation",
    type: "min_value",
    reference: minValue,
    async: false,
    expects: `>=${requirement instanceof Date ? requirement.toJSON() : /* @__PURE__ */ _stringify(requirement)}`,
    requirement,
    message: message$1,
    "~run"(dataset, config$1) {
      if (dataset.typed && !(dataset.value >= this.requirement)) _addIssue(this, "value", dataset, config$1, { received: dataset.value instanceof Date ? dataset.value.toJSON() : /* @__PURE__ */ _stringify(dataset.value) });
      return dataset;
    }
  };
}
// @__NO_SIDE_EFFECTS__
function rawCheck(action) {
  return {
    kind: "validation",
    type: "raw_check",
    reference: rawCheck,
    async: false,
    expects: null,
    "~run"(dataset, config$1) {
      action({
        dataset,
        config: config$1,
        addIssue: (info) => _addIssue(this, info?.label ?? "input", dataset, config$1, info)
      });
      return dataset;
    }
  };
}
// @__NO_SIDE_EFFECTS__
function getFallback(schema4, dataset, config$1) {
  return typeof schema4.fallback === "function" ? schema4.fallback(dataset, config$1) : schema4.fallback;
}
// @__NO_SIDE_EFFECTS__
function getDefault(schema4, dataset, config$1) {
  return typeof schema4.default === "function" ? schema4.default(dataset, config$1) : schema4.default;
}
// @__NO_SIDE_EFFECTS__
function array(item, message$1) {
  return _standardSchema({
    kind: "schema",
    type: "array",
    reference: array,
    expects: "Array",
    async: false,
    item,
    message: message$1,
    "~run"(dataset, config$1) {
      const input = dataset.value;
      if (Array.isArray(input)) {
        dataset.typed = true;
        dataset.value = [];
        for (let key = 0; key < input.length; key++) {
          const value$1 = input[key];
          const itemDataset = this.item["~run"]({ value: value$1 }, config$1);
          if (itemDataset.issues) {
            const pathItem = {
              type: "array",
              origin: "value",
              input,
              key,
              value: value$1
            };
            for (const issue of itemDataset.issues) {
              if (issue.path) issue.path.unshift(pathItem);
              else issue.path = [pathItem];
              dataset.issues?.push(issue);
            }
            if (!dataset.issues) dataset.issues = itemDataset.issues;
            if (config$1.abortEarly) {
              dataset.typed = false;
              break;
            }
          }
          if (!itemDataset.typed) dataset.typed = false;
          dataset.value.push(itemDataset.value);
        }
      } else _addIssue(this, "type", dataset, config$1);
      return dataset;
    }
  });
}
// @__NO_SIDE_EFFECTS__
function boolean(message$1) {
  return _standardSchema({
    kind: "schema",
    type: "boolean",
    reference: boolean,
    expects: "boolean",
    async: false,
    message: message$1,
    "~run"(dataset, config$1) {
      if (typeof dataset.value === "boolean") dataset.typed = true;
      else _addIssue(this, "type", dataset, config$1);
      return dataset;
    }
  });
}
// @__NO_SIDE_EFFECTS__
function custom(check$1, message$1) {
  return _standardSchema({
    kind: "schema",
    type: "custom",
    reference: custom,
    expects: "unknown",
    async: false,
    check: check$1,
    message: message$1,
    "~run"(dataset, config$1) {
      if (this.check(dataset.value)) dataset.typed = true;
      else _addIssue(this, "type", dataset, config$1);
      return dataset;
    }
  });
}
// @__NO_SIDE_EFFECTS__
function literal(literal_, message$1) {
  return _standardSchema({
    kind: "schema",
    type: "literal",
    reference: literal,
    expects: /* @__PURE__ */ _stringify(literal_),
    async: false,
    literal: literal_,
    message: message$1,
    "~run"(dataset, config$1) {
      if (/* @__PURE__ */ _isSameValueZero(dataset.value, this.literal)) dataset.typed = true;
      else _addIssue(this, "type", dataset, config$1);
      return dataset;
    }
  });
}
// @__NO_SIDE_EFFECTS__
function number(message$1) {
  return _standardSchema({
    kind: "schema",
    type: "number",
    reference: number,
    expects: "number",
    async: false,
    message: message$1,
    "~run"(dataset, config$1) {
      if (typeof dataset.value === "number" && !isNaN(dataset.value)) dataset.typed = true;
      else _addIssue(this, "type", dataset, config$1);
      return dataset;
    }
  });
}
// @__NO_SIDE_EFFECTS__
function optional(wrapped, default_) {
  return _standardSchema({
    kind: "schema",
    type: "optional",
    reference: optional,
    expects: `(${wrapped.expects} | undefined)`,
    async: false,
    wrapped,
    default: default_,
    "~run"(dataset, config$1) {
      if (dataset.value === void 0) {
        if (this.default !== void 0) dataset.value = /* @__PURE__ */ getDefault(this, dataset, config$1);
        if (dataset.value === void 0) {
          dataset.typed = true;
          return dataset;
        }
      }
      return this.wrapped["~run"](dataset, config$1);
    }
  });
}
// @__NO_SIDE_EFFECTS__
function picklist(options, message$1) {
  return _standardSchema({
    kind: "schema",
    type: "picklist",
    reference: picklist,
    expects: /* @__PURE__ */ _joinExpects(options.map(_stringify), "|"),
    async: false,
    options,
    message: message$1,
    "~run"(dataset, config$1) {
      if (this.options.includes(dataset.value)) dataset.typed = true;
      else _addIssue(this, "type", dataset, config$1);
      return dataset;
    }
  });
}
// @__NO_SIDE_EFFECTS__
function record(key, value$1, message$1) {
  return _standardSchema({
    kind: "schema",
    type: "record",
    reference: record,
    expects: "Object",
    async: false,
    key,
    value: value$1,
    message: message$1,
    "~run"(dataset, config$1) {
      const input = dataset.value;
      if (input && typeof input === "object") {
        dataset.typed = true;
        dataset.value = {};
        for (const entryKey in input) if (/* @__PURE__ */ _isValidObjectKey(input, entryKey)) {
          const entryValue = input[entryKey];
          const keyDataset = this.key["~run"]({ value: entryKey }, config$1);
          if (keyDataset.issues) {
            const pathItem = {
              type: "object",
              origin: "key",
              input,
              key: entryKey,
              value: entryValue
            };
            for (const issue of keyDataset.issues) {
              issue.path = [pathItem];
              dataset.issues?.push(issue);
            }
            if (!dataset.issues) dataset.issues = keyDataset.issues;
            if (config$1.abortEarly) {
              dataset.typed = false;
              break;
            }
          }
          const valueDataset = this.value["~run"]({ value: entryValue }, config$1);
          if (valueDataset.issues) {
            const pathItem = {
              type: "object",
              origin: "value",
              input,
              key: entryKey,
              value: entryValue
            };
            for (const issue of valueDataset.issues) {
              if (issue.path) issue.path.unshift(pathItem);
              else issue.path = [pathItem];
              dataset.issues?.push(issue);
            }
            if (!dataset.issues) dataset.issues = valueDataset.issues;
            if (config$1.abortEarly) {
              dataset.typed = false;
              break;
            }
          }
          if (!keyDataset.typed || !valueDataset.typed) dataset.typed = false;
          if (keyDataset.typed) dataset.value[keyDataset.value] = valueDataset.value;
        }
      } else _addIssue(this, "type", dataset, config$1);
      return dataset;
    }
  });
}
// @__NO_SIDE_EFFECTS__
function strictObject(entries$1, message$1) {
  return _standardSchema({
    kind: "schema",
    type: "strict_object",
    reference: strictObject,
    expects: "Object",
    async: false,
    entries: entries$1,
    message: message$1,
    "~run"(dataset, config$1) {
      const input = dataset.value;
      if (input && typeof input === "object") {
        dataset.typed = true;
        dataset.value = {};
        for (const key in this.entries) {
          const valueSchema = this.entries[key];
          if (key in input || (valueSchema.type === "exact_optional" || valueSchema.type === "optional" || valueSchema.type === "nullish") && valueSchema.default !== void 0) {
            const value$1 = key in input ? input[key] : /* @__PURE__ */ getDefault(valueSchema);
            const valueDataset = valueSchema["~run"]({ value: value$1 }, config$1);
            if (valueDataset.issues) {
              const pathItem = {
                type: "object",
                origin: "value",
                input,
                key,
                value: value$1
              };
              for (const issue of valueDataset.issues) {
                if (issue.path) issue.path.unshift(pathItem);
                else issue.path = [pathItem];
                dataset.issues?.push(issue);
              }
              if (!dataset.issues) dataset.issues = valueDataset.issues;
              if (config$1.abortEarly) {
                dataset.typed = false;
                break;
              }
            }
            if (!valueDataset.typed) dataset.typed = false;
            dataset.value[key] = valueDataset.value;
          } else if (valueSchema.fallback !== void 0) dataset.value[key] = /* @__PURE__ */ getFallback(valueSchema);
          else if (valueSchema.type !== "exact_optional" && valueSchema.type !== "optional" && valueSchema.type !== "nullish") {
            _addIssue(this, "key", dataset, config$1, {
              input: void 0,
              expected: `"${key}"`,
              path: [{
                type: "object",
                origin: "key",
                input,
                key,
                value: input[key]
              }]
            });
            if (config$1.abortEarly) break;
          }
        }
        if (!dataset.issues || !config$1.abortEarly) {
          for (const key in input) if (!Object.prototype.hasOwnProperty.call(this.entries, key)) {
            _addIssue(this, "key", dataset, config$1, {
              input: key,
              expected: "never",
              path: [{
                type: "object",
                origin: "key",
                input,
                key,
                value: input[key]
              }]
            });
            break;
          }
        }
      } else _addIssue(this, "type", dataset, config$1);
      return dataset;
    }
  });
}
// @__NO_SIDE_EFFECTS__
function string(message$1) {
  return _standardSchema({
    kind: "schema",
    type: "string",
    reference: string,
    expects: "string",
    async: false,
    message: message$1,
    "~run"(dataset, config$1) {
      if (typeof dataset.value === "string") dataset.typed = true;
      else _addIssue(this, "type", dataset, config$1);
      return dataset;
    }
  });
}
// @__NO_SIDE_EFFECTS__
function _subIssues(datasets) {
  let issues;
  if (datasets) for (const dataset of datasets) if (issues) for (const issue of dataset.issues) issues.push(issue);
  else issues = dataset.issues;
  return issues;
}
// @__NO_SIDE_EFFECTS__
function union(options, message$1) {
  return _standardSchema({
    kind: "schema",
    type: "union",
    reference: union,
    expects: /* @__PURE__ */ _joinExpects(options.map((option) => option.expects), "|"),
    async: false,
    options,
    message: message$1,
    "~run"(dataset, config$1) {
      let validDataset;
      let typedDatasets;
      let untypedDatasets;
      for (const schema4 of this.options) {
        const optionDataset = schema4["~run"]({ value: dataset.value }, config$1);
        if (optionDataset.typed) if (optionDataset.issues) if (typedDatasets) typedDatasets.push(optionDataset);
        else typedDatasets = [optionDataset];
        else {
          validDataset = optionDataset;
          break;
        }
        else if (untypedDatasets) untypedDatasets.push(optionDataset);
        else untypedDatasets = [optionDataset];
      }
      if (validDataset) return validDataset;
      if (typedDatasets) {
        if (typedDatasets.length === 1) return typedDatasets[0];
        _addIssue(this, "type", dataset, config$1, { issues: /* @__PURE__ */ _subIssues(typedDatasets) });
        dataset.typed = true;
      } else if (untypedDatasets?.length === 1) return untypedDatasets[0];
      else _addIssue(this, "type", dataset, config$1, { issues: /* @__PURE__ */ _subIssues(untypedDatasets) });
      return dataset;
    }
  });
}
function parse2(schema4, input, config$1) {
  const dataset = schema4["~run"]({ value: input }, /* @__PURE__ */ getGlobalConfig(config$1));
  if (dataset.issues) throw new ValiError(dataset.issues);
  return dataset.value;
}
// @__NO_SIDE_EFFECTS__
function pipe(...pipe$1) {
  return _standardSchema({
    ...pipe$1[0],
    pipe: pipe$1,
    "~run"(dataset, config$1) {
      for (const item of pipe$1) if (item.kind !== "metadata") {
        if (dataset.issues && (item.kind === "schema" || item.kind === "transformation")) {
          dataset.typed = false;
          break;
        }
        if (!dataset.issues || !config$1.abortEarly && !config$1.abortPipeEarly) dataset = item["~run"](dataset, config$1);
      }
      return dataset;
    }
  });
}
// @__NO_SIDE_EFFECTS__
function safeParse(schema4, input, config$1) {
  const dataset = schema4["~run"]({ value: input }, /* @__PURE__ */ getGlobalConfig(config$1));
  return {
    typed: dataset.typed,
    success: !dataset.issues,
    output: dataset.value,
    issues: dataset.issues
  };
}
var store$4, DEFAULT_CONFIG, store$3, store$2, store$1, ValiError, EMOJI_REGEX;
var init_dist = __esm({
  "node_modules/valibot/dist/index.mjs"() {
    "use strict";
    DEFAULT_CONFIG = {
      lang: void 0,
      message: void 0,
      abortEarly: void 0,
      abortPipeEarly: void 0
    };
    ValiError = class extends Error {
      /**
      * Creates a Valibot error with useful information.
      *
      * @param issues The error issues.
      */
      constructor(issues) {
        super(issues[0].message);
        this.name = "ValiError";
        this.issues = issues;
      }
    };
    EMOJI_REGEX = new RegExp("^(?:[\\u{1F1E6}-\\u{1F1FF}]{2}|\\u{1F3F4}[\\u{E0061}-\\u{E007A}]{2}[\\u{E0030}-\\u{E0039}\\u{E0061}-\\u{E007A}]{1,3}\\u{E007F}|(?:\\p{Emoji}\\uFE0F\\u20E3?|\\p{Emoji_Modifier_Base}\\p{Emoji_Modifier}?|(?![\\p{Emoji_Modifier_Base}\\u{1F1E6}-\\u{1F1FF}])\\p{Emoji_Presentation})(?:\\u200D(?:\\p{Emoji}\\uFE0F\\u20E3?|\\p{Emoji_Modifier_Base}\\p{Emoji_Modifier}?|(?![\\p{Emoji_Modifier_Base}\\u{1F1E6}-\\u{1F1FF}])\\p{Emoji_Presentation}))*)+$", "u");
  }
});

// src/policy/check.ts
function check(schema4, source) {
  const value = structuredClone(source.value);
  const problems = /* @__PURE__ */ new Map();
  for (; ; ) {
    const result = safeParse(schema4, value);
    if (result.success && problems.size === 0) return result.output;
    const found = result.success ? [] : result.issues.flatMap((issue) => flatten(issue, []));
    for (const one of found) problems.set(JSON.stringify([one.path, one.message]), problem(one, source));
    const unknown = found.filter((one) => one.unknownKey);
    for (const { path } of unknown) remove(value, path);
    if (unknown.length === 0 || problems.size >= MANY) break;
  }
  throw new UserError([...problems.values()].slice(0, MANY).sort(byPlace));
}
function flatten(issue, above) {
  const path = [...above, ...(issue.path ?? []).map((item) => item.key)];
  if (issue.type === "union" && issue.issues !== void 0) {
    const deeper = issue.issues.filter((sub) => sub.path !== void 0 || sub.kind === "validation");
    if (deeper.length > 0) return deeper.flatMap((sub) => flatten(sub, path));
    const remedy = issue.issues.find((sub) => sub.type === "picklist")?.message.split("\n")[1];
    if (remedy) return [{ path, onKey: false, unknownKey: false, message: `${issue.message}
${remedy}` }];
  }
  return [
    {
      path,
      onKey: issue.path?.at(-1)?.origin === "key",
      unknownKey: issue.type === "strict_object" && issue.expected === "never",
      message: issue.message
    }
  ];
}
function problem({ path, onKey, message }, source) {
  const [text3 = "", remedy = ""] = message.split("\n");
  const where = spell(onKey ? path.slice(0, -1) : path);
  return { message: where === "" ? text3 : `${where}: ${text3}`, remedy, place: source.place(path, onKey ? "key" : "value") };
}
function spell(path) {
  return path.reduce((text3, key) => {
    if (typeof key === "number") return `${text3}[${key}]`;
    const name2 = /^[\w-]+$/.test(key) ? key : JSON.stringify(key);
    return text3 === "" ? name2 : `${text3}.${name2}`;
  }, "");
}
function remove(value, path) {
  const last = path.at(-1);
  const parent = path.slice(0, -1).reduce((node, key) => node[key], value);
  if (last !== void 0) delete parent[last];
}
function byPlace(a, b) {
  if (a.place === null || b.place === null) return 0;
  return a.place.line - b.place.line || a.place.column - b.place.column;
}
var MANY;
var init_check = __esm({
  "src/policy/check.ts"() {
    "use strict";
    init_dist();
    init_errors();
    MANY = 50;
  }
});

// src/policy/places.ts
function rememberPlaces(policy, places2) {
  KNOWN.set(policy, places2);
}
var KNOWN;
var init_places2 = __esm({
  "src/policy/places.ts"() {
    "use strict";
    KNOWN = /* @__PURE__ */ new WeakMap();
  }
});

// src/model/hosts.ts
function covers(pattern, name2) {
  if (pattern.startsWith("*.")) return name2.endsWith(pattern.slice(1));
  if (pattern.startsWith(".")) return name2 === pattern.slice(1) || name2.endsWith(pattern);
  return pattern === name2;
}
var init_hosts = __esm({
  "src/model/hosts.ts"() {
    "use strict";
  }
});

// src/policy/relations.ts
function relations(user, policy, at2) {
  return [
    ...rootProblems(user.jail.root, at2),
    ...runtimeProblems(policy, at2),
    ...mountProblems(policy),
    ...passedSecrets(policy, at2),
    ...rulesProblems(policy.agent, [], at2),
    ...rulesProblems(policy.setup, ["setup"], at2, policy.agent)
  ];
}
function rootProblems(root2, at2) {
  if (typeof root2 === "string") return [];
  const place = at2(["jail", "root"]);
  const kinds = ["image", "directory", "archive"].filter((kind) => root2[kind] !== void 0);
  if (kinds.length !== 1) {
    const given = kinds.length === 0 ? "none" : kinds.join(", ");
    return [{ message: `jail.root: exactly one of image, directory, archive is needed, not ${given}`, remedy: "", place }];
  }
  if (root2.sha256 !== void 0 && root2.archive === void 0) {
    const remedy = kinds[0] === "image" ? "Pin an image by its digest: NAME@sha256:\u2026." : "Leave it out.";
    return [{ message: "jail.root: sha256 is for an archive", remedy, place: at2(["jail", "root", "sha256"], "key") }];
  }
  return [];
}
function runtimeProblems({ jail }, at2) {
  if (jail.runtime === void 0 || jail.backend === "docker" || jail.backend === "auto") return [];
  const message = `jail.docker.runtime: the backend ${jail.backend} has no runtime of an engine's`;
  return [{ message, remedy: "Use `jail.backend: docker`, or take it out.", place: at2(["jail", "docker", "runtime"]) }];
}
function mountProblems({ mounts }) {
  const twice = mounts.filter((mount, i) => mounts.findIndex((other) => other.target === mount.target) < i);
  return twice.map(({ target, place }) => ({
    message: `mounts: ${JSON.stringify(target)} is mounted twice`,
    remedy: "Give each its own target.",
    place
  }));
}
function passedSecrets({ agent, setup }, at2) {
  const secrets2 = new Set([...agent.secrets, ...setup.secrets].map(({ name: name2 }) => name2));
  const find2 = (names3, path) => names3.flatMap(
    (name2, i) => secrets2.has(name2) ? [clash(`${spell(path)}: ${name2} is a secret of this policy as well`, at2([...path, i]))] : []
  );
  return [...find2(agent.passEnv, ["pass-env"]), ...setup.passEnv === agent.passEnv ? [] : find2(setup.passEnv, ["setup", "pass-env"])];
}
function rulesProblems(rules2, section, at2, inherited) {
  const prefix = section.length === 0 ? "" : `${spell(section)}.`;
  const { env, passEnv, secrets: secrets2, network: network2 } = rules2;
  const problems = [];
  if (env !== inherited?.env || passEnv !== inherited.passEnv) {
    for (const [i, name2] of passEnv.entries()) {
      const twice = Object.hasOwn(env, name2) || passEnv.indexOf(name2) < i;
      if (twice) problems.push(clash(`${prefix}pass-env: ${name2} has a value already`, at2([...section, "pass-env", i])));
    }
  }
  for (const { name: name2, place } of secrets2) {
    if (Object.hasOwn(env, name2)) problems.push(clash(`${prefix}secrets: ${name2} is also in env`, place));
  }
  if (network2 !== inherited?.network) {
    for (const { name: name2, place } of network2.services) {
      const host2 = network2.allow.some(({ pattern }) => covers(pattern, name2));
      if (host2) problems.push(clash(`${prefix}network: ${name2} is a host and a service`, place));
    }
  }
  if (network2.mode === "observe" && (secrets2.length > 0 || network2.services.length > 0 && network2 !== inherited?.network)) {
    problems.push({
      message: `${prefix}network.observe cannot be used with secrets or services: they could go to any host`,
      remedy: "List the hosts under `allow` instead, or take the secrets and services out.",
      place: at2([...section, "network", "observe"], "key")
    });
  }
  if (network2.mode === "allow") problems.push(...uselessSecrets(rules2, prefix));
  return problems;
}
function uselessSecrets({ secrets: secrets2, network: network2 }, prefix) {
  const problems = [];
  for (const secret of secrets2) {
    if (secret.use !== "inject") continue;
    const missing2 = secret.hosts.filter((host2) => !network2.allow.some(({ pattern }) => covers(pattern, host2)));
    if (missing2.length === 0) continue;
    problems.push({
      message: `${prefix}secrets.${secret.name}: ${missing2.join(", ")} is not reachable, so the secret could never be used`,
      remedy: `Add it to \`${prefix}network\`.`,
      place: secret.place
    });
  }
  return problems;
}
function clash(message, place) {
  return { message, remedy: "Keep one of them.", place };
}
var init_relations = __esm({
  "src/policy/relations.ts"() {
    "use strict";
    init_hosts();
    init_check();
  }
});

// src/policy/digest.ts
function canonicalJson(value) {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).sort(([a], [b]) => a < b ? -1 : 1);
  return `{${entries.map(([key, inner]) => `${JSON.stringify(key)}:${canonicalJson(inner)}`).join(",")}}`;
}
function digest(policy) {
  const { version, jail, workspace, mounts, agent, setup, limits: limits2, record: record2, guards, ...rest } = policy;
  rest;
  const { vm, ...machine } = jail;
  const counted = {
    version,
    jail: { ...machine, ...vm.emulation === "refuse" ? {} : { vm } },
    workspace,
    mounts: placeless(mounts),
    agent: rules(agent),
    setup: rules(setup),
    limits: limits2,
    record: record2,
    guards: placeless(guards)
  };
  return (0, import_node_crypto3.createHash)("sha256").update(canonicalJson(counted)).digest("hex");
}
function rules({ secrets: secrets2, network: network2, ...rest }) {
  const { allow, services, mode } = network2;
  return { ...rest, secrets: placeless(secrets2), network: { mode, allow: placeless(allow), services: placeless(services) } };
}
function placeless(items) {
  return items.map(({ place: _place, ...rest }) => rest);
}
var import_node_crypto3;
var init_digest = __esm({
  "src/policy/digest.ts"() {
    "use strict";
    import_node_crypto3 = later("node:crypto");
  }
});

// src/policy/units.ts
function parseSize(text3) {
  const [, digits = "", unit = ""] = /^(\d{1,16}) ?([A-Za-z]*)$/.exec(text3) ?? [];
  const factor = SIZES.get(unit);
  const bytes = Number(digits) * (factor ?? Number.NaN);
  if (digits === "" || !Number.isSafeInteger(bytes)) {
    const units = [...SIZES.keys()].filter((name2) => name2 !== "").join(" ");
    throw new Error(`${JSON.stringify(text3)} is not a size: a whole number and one of ${units}, such as 512MiB`);
  }
  return bytes;
}
function parseTime(text3) {
  const parts = /^(?:(\d{1,9})h)?(?:(\d{1,9})m)?(?:(\d{1,9})s)?(?:(\d{1,9})ms)?$/.exec(text3);
  if (parts === null || text3 === "") {
    throw new Error(`${JSON.stringify(text3)} is not a time: whole numbers with h, m, s, ms in this order, such as 30s or 1h30m`);
  }
  return TIMES.reduce((sum, [, ms], at2) => sum + Number(parts[at2 + 1] ?? 0) * ms, 0);
}
var SIZES, TIMES;
var init_units = __esm({
  "src/policy/units.ts"() {
    "use strict";
    SIZES = /* @__PURE__ */ new Map([
      ["", 1],
      ["B", 1],
      ["KB", 1e3],
      ["MB", 1e6],
      ["GB", 1e9],
      ["TB", 1e12],
      ["KiB", 2 ** 10],
      ["MiB", 2 ** 20],
      ["GiB", 2 ** 30],
      ["TiB", 2 ** 40]
    ]);
    TIMES = [
      ["h", 36e5],
      ["m", 6e4],
      ["s", 1e3],
      ["ms", 1]
    ];
  }
});

// src/policy/rules.ts
function size(text3, least = 1) {
  const bytes = typeof text3 === "number" ? text3 : parseSize(text3);
  if (!Number.isSafeInteger(bytes)) throw new Error(`${text3} is not a size, such as 512MiB or 2GB`);
  if (bytes < least) throw new Error(`${JSON.stringify(text3)} is too small: at least ${least} bytes`);
  return bytes;
}
function time(text3) {
  const ms = parseTime(text3);
  if (ms < 1e3 || ms > LONGEST2) throw new Error(`${JSON.stringify(text3)} is out of range: from 1s to 168h`);
  return ms;
}
function timeOrOff(text3) {
  return text3 === "off" ? null : time(text3);
}
function sizeOrNone(text3) {
  return text3 === "none" ? null : size(text3);
}
function absolutePath(text3) {
  const said = JSON.stringify(text3);
  if (CONTROL.test(text3)) throw new Error(`${said} holds a control character`);
  if (!text3.startsWith("/")) throw new Error(`${said} is not an absolute path: it does not begin with /`);
  const normal = (0, import_posix2.normalize)(text3).replace(/(?<=.)\/$/, "");
  if (text3.split("/").includes("..")) throw new Error(`${said} goes up with \`..\`; write the path it means`);
  if (normal !== text3) throw new Error(`${said} is not in its shortest form: write ${normal}`);
  return text3;
}
function mountPath(text3) {
  const path = absolutePath(text3);
  if (path === "/") throw new Error('"/" cannot be mounted: list the directories that are needed');
  if (KERNEL.some((dir) => path === dir || path.startsWith(`${dir}/`))) {
    throw new Error(`${JSON.stringify(text3)} is the kernel's; the jail has its own`);
  }
  return path;
}
function mountTarget(text3) {
  const path = mountPath(text3);
  if (path === "/run" || path.startsWith("/run/")) throw new Error(`${JSON.stringify(text3)} is in /run, which is the jail's own`);
  return path;
}
function glob(text3) {
  const said = JSON.stringify(text3);
  if (text3.trim() === "") throw new Error(`${said} is an empty pattern`);
  if (CONTROL.test(text3)) throw new Error(`${said} holds a control character`);
  if (text3.startsWith("#")) throw new Error(`${said} is a comment in gitignore patterns; write ${JSON.stringify(`\\${text3}`)}`);
  if (/^!?(?:\.\.?\/|\/$)/.test(text3) || text3.split("/").includes("..")) {
    throw new Error(`${said} matches nothing: patterns are relative to the workspace, without \`./\` and \`..\``);
  }
  return text3;
}
function variableName(text3) {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(text3)) {
    throw new Error(`${JSON.stringify(text3)} is not the name of an environment variable: letters, digits and _, no digit first`);
  }
  return text3;
}
function plainText(text3) {
  if (text3.includes("\0")) throw new Error(`${JSON.stringify(text3)} holds a NUL character`);
  return text3;
}
function method(text3) {
  if (!/^[A-Za-z]{1,20}$/.test(text3)) throw new Error(`${JSON.stringify(text3)} is not an HTTP method, such as GET`);
  return text3.toUpperCase();
}
function urlPath(text3) {
  const said = JSON.stringify(text3);
  if (!/^\/[\x21-\x7e]*$/.test(text3) || /[?#\\]/.test(text3)) throw new Error(`${said} is not the path of a URL, such as /v1/*`);
  if (/\*./.test(text3)) throw new Error(`${said}: \`*\` stands only at the end, for any rest`);
  if (text3.split("/").some((part) => /^(?:\.|%2e){1,2}$/i.test(part))) throw new Error(`${said} goes up with \`..\``);
  return text3;
}
function serviceName(text3) {
  if (!/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(text3) || /^\d+$/.test(text3) || text3 === "localhost") {
    throw new Error(`${JSON.stringify(text3)} is not a service name: one label of a-z, 0-9 and -, not a number, not localhost`);
  }
  return text3;
}
function imageReference(text3) {
  const parts = text3.split("/");
  if (!/^[A-Za-z0-9][A-Za-z0-9._:/@-]{0,254}$/.test(text3) || parts.some((part) => ["", ".", ".."].includes(part))) {
    throw new Error(`${JSON.stringify(text3)} is not an image, such as node:24 or ghcr.io/owner/name@sha256:\u2026`);
  }
  return text3;
}
function runtimeName(text3) {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/.test(text3))
    throw new Error(`${JSON.stringify(text3)} is not the name of a runtime, such as runsc`);
  return text3;
}
function sha256(text3) {
  if (!/^[0-9a-f]{64}$/.test(text3)) throw new Error(`${JSON.stringify(text3)} is not a SHA-256: 64 lower-case hex digits`);
  return text3;
}
function expression(text3) {
  if (text3 === "") throw new Error("an empty regular expression matches everything");
  try {
    return new RegExp(text3, "u").source && text3;
  } catch {
    try {
      return new RegExp(text3).source && text3;
    } catch (error) {
      throw new Error(`${JSON.stringify(text3)} is not a regular expression: ${error instanceof Error ? error.message : ""}`);
    }
  }
}
var import_posix2, CONTROL, LONGEST2, KERNEL;
var init_rules = __esm({
  "src/policy/rules.ts"() {
    "use strict";
    import_posix2 = require("node:path/posix");
    init_units();
    CONTROL = /[\u0000-\u001f\u007f]/;
    LONGEST2 = 7 * 24 * 36e5;
    KERNEL = ["/proc", "/sys", "/dev"];
  }
});

// src/policy/guards.ts
function guardRules(user, resultSchema, at2) {
  return [
    ...changeRules(user.changes, at2),
    ...networkRules(user.network.denied, at2(["guards", "network", "denied"])),
    ...["require", "forbid"].flatMap(
      (kind) => user.output[kind].map((pattern, i) => {
        const place = at2(["guards", "output", kind, i]);
        return { name: `guards.output.${kind}`, on: "output", action: "fail", test: { kind, pattern }, place };
      })
    ),
    ...resultSchema === void 0 ? [] : [resultRule(resultSchema, at2(["result", "schema"], "key"))]
  ];
}
function changeRules(user, at2) {
  const rules2 = [];
  const add = (name2, test) => {
    const place = at2(["guards", "changes", name2], "key");
    rules2.push({ name: `guards.changes.${name2}`, on: "changes", action: name2 === "review" ? "review" : "fail", test, place });
  };
  for (const kind of ["deny", "review", "allow", "require"]) {
    const globs2 = user[kind];
    if (globs2 !== void 0 && (globs2.length > 0 || kind === "allow")) add(kind, { kind, globs: globs2 });
  }
  if (user.forbid.length > 0) add("forbid", { kind: "forbid", flags: user.forbid });
  for (const kind of ["max-files", "max-added-lines", "max-bytes"]) {
    const max = user[kind];
    if (max !== void 0) add(kind, { kind, max: size(max, 0) });
  }
  if (user.root !== void 0) add("root", { kind: "root", allowed: user.root });
  return rules2;
}
function networkRules(denied, place) {
  if (denied === "ignore") return [];
  return [{ name: "guards.network.denied", on: "network", action: denied, test: { kind: "denied" }, place }];
}
function resultRule(schema4, place) {
  return { name: "result.schema", on: "result", action: "fail", test: { kind: "schema", schema: schema4 }, place };
}
var init_guards = __esm({
  "src/policy/guards.ts"() {
    "use strict";
    init_rules();
  }
});

// src/model/addresses.ts
function made() {
  const [refused, global] = [new import_node_net.BlockList(), new import_node_net.BlockList()];
  for (const [network2, prefix] of NOT_PUBLIC) refused.addSubnet(network2, prefix, "ipv4");
  for (const [network2, prefix] of NOT_PUBLIC_V6) refused.addSubnet(network2, prefix, "ipv6");
  global.addSubnet(...GLOBAL_V6, "ipv6");
  return { refused, global };
}
function isPublic(address) {
  const family = (0, import_node_net.isIP)(address);
  if (family === 0) return false;
  const { refused, global } = lists ??= made();
  if (family === 4) return !refused.check(address, "ipv4");
  return global.check(address, "ipv6") && !refused.check(address, "ipv6");
}
var import_node_net, NOT_PUBLIC, GLOBAL_V6, NOT_PUBLIC_V6, lists;
var init_addresses = __esm({
  "src/model/addresses.ts"() {
    "use strict";
    import_node_net = require("node:net");
    NOT_PUBLIC = [
      ["0.0.0.0", 8],
      ["10.0.0.0", 8],
      ["100.64.0.0", 10],
      ["127.0.0.0", 8],
      ["169.254.0.0", 16],
      ["172.16.0.0", 12],
      ["192.0.0.0", 24],
      ["192.0.2.0", 24],
      ["192.88.99.0", 24],
      ["192.168.0.0", 16],
      ["198.18.0.0", 15],
      ["198.51.100.0", 24],
      ["203.0.113.0", 24],
      ["224.0.0.0", 3],
      ["168.63.129.16", 32]
    ];
    GLOBAL_V6 = ["2000::", 3];
    NOT_PUBLIC_V6 = [["2001::", 23], ["2001:db8::", 32], ["2002::", 16], ["3fff::", 20]];
    lists = null;
  }
});

// src/policy/presets.ts
function presetHosts(name2) {
  const hosts = Object.hasOwn(PRESETS, name2) ? PRESETS[name2]?.hosts : void 0;
  return hosts === void 0 ? null : [...new Set(hosts.map(({ host: host2 }) => host2))];
}
function presetRules(name2) {
  const hosts = Object.hasOwn(PRESETS, name2) ? PRESETS[name2]?.hosts : void 0;
  return hosts?.map(({ host: host2, methods: methods2, paths: paths2 }) => ({ pattern: host2, methods: methods2, paths: paths2 })) ?? null;
}
var READ, reading, everything, PRESETS, PRESET_NAMES;
var init_presets = __esm({
  "src/policy/presets.ts"() {
    "use strict";
    READ = ["GET", "HEAD"];
    reading = (...hosts) => hosts.map((host2) => ({ host: host2, methods: READ, paths: [] }));
    everything = (...hosts) => hosts.map((host2) => ({ host: host2, methods: [], paths: [] }));
    PRESETS = {
      npm: {
        hosts: [
          ...reading("registry.npmjs.org"),
          { host: "registry.npmjs.org", methods: ["POST"], paths: ["/-/npm/v1/security/*"] }
          // npm audit
        ],
        writable: true
      },
      pypi: { hosts: reading("pypi.org", "files.pythonhosted.org"), writable: false },
      github: {
        hosts: [
          ...everything("github.com", "api.github.com"),
          // git fetches by POST
          ...reading(
            "codeload.github.com",
            "raw.githubusercontent.com",
            "objects.githubusercontent.com",
            "release-assets.githubusercontent.com"
          )
        ],
        writable: true
      },
      debian: { hosts: reading("deb.debian.org", "security.debian.org"), writable: false },
      ubuntu: {
        hosts: reading("archive.ubuntu.com", "security.ubuntu.com", "ports.ubuntu.com", "azure.archive.ubuntu.com"),
        writable: false
      },
      crates: { hosts: reading("crates.io", "index.crates.io", "static.crates.io"), writable: true },
      go: { hosts: reading("proxy.golang.org", "sum.golang.org", "storage.googleapis.com"), writable: true },
      anthropic: { hosts: everything("api.anthropic.com"), writable: true },
      openai: { hosts: everything("api.openai.com"), writable: true },
      "google-ai": { hosts: everything("generativelanguage.googleapis.com"), writable: true }
    };
    PRESET_NAMES = Object.keys(PRESETS);
  }
});

// src/policy/hosts.ts
function parseHosts(text3) {
  const said = JSON.stringify(text3);
  if (text3 === "*" || text3 === "." || text3 === "*.") {
    throw new Error(`${said} would be every host; name the hosts, or use \`network: { observe: true }\``);
  }
  if (/^[\d.]+\/\d+$/.test(text3) && !text3.endsWith("/32")) {
    throw new Error(`${said} is a range; only single addresses can be listed, as 1.2.3.4/32`);
  }
  if (text3.includes("://") || text3.includes("/") !== text3.endsWith("/32")) {
    throw new Error(`${said} is not a host: write the name alone, without scheme and path`);
  }
  if (/^[^:]*:\d+$/.test(text3)) {
    const [host2, port2] = text3.split(":");
    throw new Error(`${said} is not a host: write { host: ${host2}, ports: [${port2}] }`);
  }
  if (text3.endsWith("/32") || (0, import_node_net2.isIP)(text3) !== 0) return [parseAddress(text3)];
  const prefix = text3.startsWith("*.") ? "*." : text3.startsWith(".") ? "." : "";
  const bare = text3.slice(prefix.length);
  if (prefix === "" && /^[a-z][a-z0-9-]*$/.test(text3)) return preset(text3);
  const name2 = parseName(bare);
  if (prefix === "" && !name2.includes(".")) throw new Error(`${said} is not a host: a name has at least one dot`);
  return [prefix + name2];
}
function parseHostName(text3) {
  const name2 = parseName(text3);
  if (!name2.includes(".")) throw new Error(`${JSON.stringify(text3)} is not a full host name: it has no dot`);
  return name2;
}
function preset(name2) {
  const hosts = presetHosts(name2);
  if (hosts !== null) return hosts;
  const near = nearest(name2, PRESET_NAMES);
  const hint2 = near === null ? `known presets: ${PRESET_NAMES.join(" ")}` : `did you mean \`${near}\`?`;
  throw new Error(`${JSON.stringify(name2)} is neither a host (no dot) nor a preset; ${hint2}`);
}
function parseName(text3) {
  const said = JSON.stringify(text3);
  if (text3.includes("*")) throw new Error(`${said} is not a host: \`*\` stands only at the front, as in *.example.com`);
  const plain = /^[\x21-\x7e]*$/.test(text3);
  const ascii = (plain ? text3 : text3.includes("%") ? "" : (0, import_node_url.domainToASCII)(text3)).toLowerCase().replace(/\.$/, "");
  const labels = ascii.split(".");
  if (ascii.length > 253 || !labels.every((label2) => /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(label2))) {
    throw new Error(`${said} is not a host name: labels of letters, digits and hyphens, joined by dots`);
  }
  if (/^(?:\d+|0x[0-9a-f]*)$/.test(labels.at(-1) ?? "")) {
    throw new Error(`${said} reads as an address, not as a host name`);
  }
  return ascii;
}
function parseAddress(text3) {
  const said = JSON.stringify(text3);
  const address = text3.replace(/\/32$/, "");
  if ((0, import_node_net2.isIP)(address) !== 4) throw new Error(`${said} is not an IPv4 address; single addresses are written 1.2.3.4/32`);
  if (address === text3) throw new Error(`${said} is an address; write it as ${address}/32`);
  if (!isPublic(address)) {
    throw new Error(`${said} is not a public address, and the gateway never goes there; the runner's own ports are \`network.services\``);
  }
  return text3;
}
var import_node_net2, import_node_url;
var init_hosts2 = __esm({
  "src/policy/hosts.ts"() {
    "use strict";
    import_node_net2 = require("node:net");
    import_node_url = require("node:url");
    init_addresses();
    init_nearest();
    init_presets();
  }
});

// src/policy/shape.ts
function show(value) {
  if (value === null || value === void 0) return "nothing";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "a map";
  const text3 = JSON.stringify(value);
  return text3.length > 80 ? `${text3.slice(0, 77)}\u2026` : text3;
}
function isMap(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
function text2(allowed, parse4, description2) {
  const wrong2 = ({ input }) => {
    const message = notA(allowed)({ input });
    if (typeof input !== "number" && typeof input !== "boolean") return message;
    const refused = refusal(parse4, String(input));
    return refused ?? `${message}
Quote it where text is meant: "${String(input)}".`;
  };
  return pipe(string(wrong2), parsed2(parse4), description(description2));
}
function sizeOf(parse4, description2) {
  const allowed = "a size, such as 512MiB or 2GB";
  const wrong2 = notA(allowed);
  return pipe(union([pipe(number(wrong2), integer(wrong2)), string(wrong2)], wrong2), parsed2(parse4), description(description2));
}
function parsed2(parse4) {
  return rawCheck(({ dataset, addIssue }) => {
    const refused = dataset.typed ? refusal(parse4, dataset.value) : null;
    if (refused !== null) addIssue({ message: refused });
  });
}
function refusal(parse4, value) {
  try {
    parse4(value);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
function count(min, max, description2) {
  const wrong2 = notA(`a whole number from ${min} to ${max}`);
  return pipe(number(wrong2), integer(wrong2), minValue(min, wrong2), maxValue(max, wrong2), description(description2));
}
function number2(min, max, description2) {
  const wrong2 = notA(`a number from ${min} to ${max}`);
  return pipe(number(wrong2), minValue(min, wrong2), maxValue(max, wrong2), description(description2));
}
function flag(description2) {
  return pipe(boolean(notA("true or false")), description(description2));
}
function oneOf(values, description2, hints = {}) {
  const wrong2 = (issue) => {
    const input = String(issue.input);
    const near = nearest(input, values);
    const remedy = Object.hasOwn(hints, input) ? hints[input] : near === null ? "" : `Did you mean \`${near}\`?`;
    return `${notA(`one of ${values.join(", ")}`)(issue)}
${remedy}`;
  };
  return pipe(picklist(values, wrong2), description(description2));
}
function map(entries, description2, later = []) {
  const names3 = Object.keys(entries);
  const key = (issue) => {
    if (issue.expected !== "never") return `key ${issue.expected ?? ""} is missing`;
    const name2 = String(issue.input);
    if (later.includes(name2)) return `key ${show(name2)} is reserved for a later version
Leave it out.`;
    const near = nearest(name2, names3);
    return `unknown key ${show(name2)}
${near === null ? "" : `Did you mean \`${near}\`? `}Allowed here: ${names3.join(", ")}.`;
  };
  return pipe(
    // valibot takes a list for an object.
    custom(isMap, notA(`a map with the keys ${names3.join(", ")}`)),
    strictObject(entries, key),
    description(description2)
  );
}
function named2(key, value, description2) {
  return pipe(
    custom(isMap, notA("a map of names")),
    record(pipe(string(), parsed2(key)), value),
    description(description2)
  );
}
function list(item, description2) {
  return pipe(array(item, notA("a list")), description(description2));
}
function either(options, allowed, description2) {
  return pipe(union(options, notA(allowed)), description(description2));
}
var notA;
var init_shape = __esm({
  "src/policy/shape.ts"() {
    "use strict";
    init_dist();
    init_nearest();
    notA = (allowed) => (issue) => `${show(issue.input)} is not ${allowed}`;
  }
});

// src/policy/resolve.ts
function resolve3(user, at2) {
  const agent = {
    env: user.env,
    passEnv: user["pass-env"],
    secrets: secretUses(user.secrets, ["secrets"], at2),
    network: networkOf(user.network, ["network"], at2),
    limits: stepLimits(user.limits)
  };
  const policy = {
    version: 1,
    jail: {
      backend: user.jail.backend,
      root: rootOf(user.jail.root),
      toolchain: user.jail.toolchain,
      // Left out where nobody asks for one, so that digests of policies from before it are the same.
      ...user.jail.docker?.runtime === void 0 ? {} : { runtime: user.jail.docker.runtime },
      vm: user.jail.vm
    },
    workspace: typeof user.workspace === "string" ? { access: user.workspace, hide: [] } : user.workspace,
    mounts: user.mounts.map((mount, i) => mountOf(mount, at2(["mounts", i]))),
    agent,
    setup: setupRules(user.setup, agent, at2),
    limits: runLimits(user.limits),
    record: user.record,
    guards: guardRules(user.guards, user.result.schema, at2)
  };
  return { ...policy, digest: digest(policy) };
}
function setupRules(user, run2, at2) {
  return {
    env: user.env ?? run2.env,
    passEnv: user["pass-env"] ?? run2.passEnv,
    secrets: secretUses(user.secrets, ["setup", "secrets"], at2),
    network: user.network === void 0 ? run2.network : networkOf(user.network, ["setup", "network"], at2),
    limits: setupLimits(user.limits, run2.limits)
  };
}
function stepLimits(user) {
  return {
    memory: user.memory === void 0 ? null : size(user.memory),
    cpus: user.cpus ?? null,
    processes: user.processes,
    time: time(user.time),
    idle: timeOrOff(user.idle),
    output: size(user.output)
  };
}
function setupLimits(user, run2) {
  return {
    memory: user.memory === void 0 ? run2.memory : size(user.memory),
    cpus: user.cpus ?? run2.cpus,
    processes: user.processes ?? run2.processes,
    time: user.time === void 0 ? run2.time : time(user.time),
    idle: user.idle === void 0 ? run2.idle : timeOrOff(user.idle),
    output: user.output === void 0 ? run2.output : size(user.output)
  };
}
function runLimits(user) {
  return {
    disk: user.disk === void 0 ? null : size(user.disk),
    files: user.files,
    upload: sizeOrNone(user.upload),
    download: sizeOrNone(user.download),
    connections: user.connections ?? null,
    requests: user.requests ?? null
  };
}
function rootOf(user) {
  if (typeof user === "string") return { kind: "host" };
  if (user.image !== void 0) return { kind: "image", ref: user.image };
  if (user.directory !== void 0) return { kind: "directory", path: user.directory };
  return { kind: "archive", path: user.archive ?? "", sha256: user.sha256 ?? null };
}
function mountOf(user, place) {
  const full = typeof user === "string" ? { source: user, access: "read-only" } : user;
  const target = "target" in full ? full.target : void 0;
  return { source: full.source, target: target ?? full.source, access: full.access, place };
}
function secretUses(user, path, at2) {
  return Object.entries(user).map(([name2, use]) => {
    const place = at2([...path, name2], "key");
    if (use === "expose") return { name: name2, use: "env", place };
    const hosts = typeof use.inject === "string" ? [use.inject] : use.inject;
    return { name: name2, use: "inject", hosts: hosts.map(parseHostName), methods: use.methods.map(method), paths: use.paths, place };
  });
}
function networkOf(user, path, at2) {
  if (user === "none") return { mode: "allow", allow: [], services: [] };
  const isList = Array.isArray(user);
  const allow = isList ? user : user.allow;
  const allowPath = isList ? path : [...path, "allow"];
  return {
    mode: !isList && user.observe ? "observe" : "allow",
    allow: allow.flatMap((one, i) => hostRules(one, at2([...allowPath, i]))),
    services: isList ? [] : Object.entries(user.services).map(([name2, port2]) => ({ name: name2, port: port2, place: at2([...path, "services", name2], "key") }))
  };
}
function hostRules(user, place) {
  const full = isMap(user) ? user : { host: user, ports: [80, 443], methods: [], paths: [], tls: void 0 };
  const { host: host2, ports } = full;
  const said = { methods: full.methods.map(method), paths: full.paths };
  const narrow = said.methods.length + said.paths.length > 0;
  const tls = full.tls ?? (narrow ? "visible" : "named");
  if (isMap(user) && narrow) return parseHosts(host2).map((pattern) => ({ pattern, ports, ...said, tls, place }));
  return (presetRules(host2) ?? parseHosts(host2).map((pattern) => ({ pattern, ...said }))).map((one) => ({ ...one, ports, tls, place }));
}
var init_resolve = __esm({
  "src/policy/resolve.ts"() {
    "use strict";
    init_digest();
    init_guards();
    init_hosts2();
    init_presets();
    init_rules();
    init_shape();
  }
});

// src/model/changes.ts
var FLAGS;
var init_changes = __esm({
  "src/model/changes.ts"() {
    "use strict";
    FLAGS = [
      "runs-later",
      "secret",
      "setuid",
      "special",
      "escaping-link",
      "binary",
      "ignored",
      "git-dir",
      "odd-name",
      "base-changed",
      "lockfile",
      "generated",
      "filtered",
      "noise"
    ];
  }
});

// src/policy/schema.ts
var names2, literals, methods, paths, port, host, hostRule, network, exactHost, secrets, stepLimits2, limits, globs, expressions, FORBIDDEN_FLAGS, changes, root, ACCESS, NO_WRITE, workspaceAccess, runtime, emulation, policySchema;
var init_schema = __esm({
  "src/policy/schema.ts"() {
    "use strict";
    init_dist();
    init_changes();
    init_hosts2();
    init_rules();
    init_shape();
    names2 = (description2) => list(text2("the name of an environment variable", variableName, "a name"), description2);
    literals = (description2) => named2(variableName, text2("text", plainText, "the value, as it is"), description2);
    methods = () => list(text2("an HTTP method", method, "such as GET"), "HTTP methods that are allowed; none listed: all");
    paths = () => list(text2("the path of a URL", urlPath, "such as /v1/*"), "paths that are allowed; `*` at the end is any rest; none listed: all");
    port = (description2) => count(1, 65535, description2);
    host = text2("a host", parseHosts, "host.name, *.name (below it), .name (both), 1.2.3.4/32, or a preset such as npm");
    hostRule = either(
      [
        host,
        map(
          {
            host,
            ports: optional(list(port("a port"), "ports"), [80, 443]),
            methods: optional(methods(), []),
            paths: optional(paths(), []),
            tls: optional(
              oneOf(
                ["visible", "named", "any"],
                "TLS that passes without being looked into: none, that which names the host, or any; default: `named`, with methods or paths `visible`"
              )
            )
          },
          "a host, and what may be asked of it"
        )
      ],
      "a host, or a map with host, ports, methods, paths, tls",
      "a host, or a map that says more of it"
    );
    network = (description2) => either(
      [
        oneOf(["none"], "nothing is reachable"),
        list(hostRule, "the hosts that are reachable"),
        map(
          {
            allow: optional(list(hostRule, "hosts that are reachable"), []),
            services: optional(
              named2(serviceName, port("port of the runner's loopback"), "ports of the runner's loopback, reachable by these names"),
              {}
            ),
            observe: optional(flag("let every public host through, and log it; not with secrets or services"), false)
          },
          "hosts, services, or everything"
        )
      ],
      "`none`, a list of hosts, or a map with allow, services, observe",
      description2
    );
    exactHost = text2("the name of a host", parseHostName, "one exact host name");
    secrets = (description2) => named2(
      variableName,
      either(
        [
          oneOf(["expose"], "the jail holds the value"),
          map(
            {
              inject: either(
                [exactHost, list(exactHost, "exact host names")],
                "a host name, or a list of them",
                "the gateway adds the value on the way to this host"
              ),
              methods: optional(methods(), []),
              paths: optional(paths(), [])
            },
            "the jail holds a placeholder"
          )
        ],
        "`expose`, or a map with inject, methods, paths",
        "how the secret of this name is used"
      ),
      description2
    );
    stepLimits2 = {
      memory: sizeOf((text3) => size(text3, 4 << 20), "memory of all processes together; default: 75 % of the machine's"),
      cpus: number2(0.01, 4096, "processors; default: all of the machine's"),
      processes: count(1, 4194304, "processes and threads at a time"),
      time: text2("a time", time, "how long a step may take"),
      idle: text2("a time, or `off`", timeOrOff, "how long a step may print nothing; `off`: no limit"),
      output: sizeOf((text3) => size(text3), "what a step may print")
    };
    limits = {
      memory: optional(stepLimits2.memory),
      cpus: optional(stepLimits2.cpus),
      processes: optional(stepLimits2.processes, 1024),
      time: optional(stepLimits2.time, "60m"),
      idle: optional(stepLimits2.idle, "off"),
      output: optional(stepLimits2.output, "100MiB"),
      disk: optional(
        sizeOf((text3) => size(text3, 1 << 20), "what the run may write; default: 10 GiB, or half of what is free where that is less")
      ),
      files: optional(count(1, 1e8, "files, directories and links that the run may make"), 1e6),
      upload: optional(sizeOf(sizeOrNone, "what the run may send; `none`: no limit"), "none"),
      download: optional(sizeOf(sizeOrNone, "what the run may receive; `none`: no limit"), "none"),
      connections: optional(count(0, 1e9, "connections that the run may make; default: no limit")),
      requests: optional(count(0, 1e9, "HTTP requests that the gateway sees of the run; default: no limit"))
    };
    globs = (description2) => list(text2("a pattern", glob, "a gitignore pattern"), description2);
    expressions = (description2) => list(text2("a regular expression", expression, "a regular expression of JavaScript"), description2);
    FORBIDDEN_FLAGS = ["secret", "setuid", "special", "escaping-link"];
    changes = {
      allow: optional(globs("only these paths may change")),
      review: optional(globs("a change here needs review")),
      deny: optional(globs("a change here fails the run; wins over allow and review")),
      forbid: optional(list(oneOf(FLAGS, "a flag of a change"), "changes with one of these flags fail the run"), [...FORBIDDEN_FLAGS]),
      require: optional(globs("each of these must match a change")),
      "max-files": optional(count(0, 1e8, "changed files")),
      "max-added-lines": optional(count(0, 1e9, "lines that the patch adds")),
      "max-bytes": optional(sizeOf((text3) => size(text3, 0), "size of the changed files together")),
      root: optional(flag("whether files outside the workspace and the home may change"))
    };
    root = either(
      [
        oneOf(["host"], "the runner's own programs, read through an overlay"),
        map(
          {
            image: optional(text2("an image", imageReference, "a container image")),
            directory: optional(text2("an absolute path", mountPath, "a directory that holds a root file system")),
            archive: optional(text2("an absolute path", absolutePath, "a tar archive of a root file system")),
            sha256: optional(text2("a SHA-256", sha256, "what the archive must be"))
          },
          "exactly one of image, directory, archive"
        )
      ],
      "`host`, or a map with one of image, directory, archive",
      "where the root file system of the jail comes from"
    );
    ACCESS = ["copy-on-write", "read-only", "none"];
    NO_WRITE = { "read-write": "There is no read-write; with `copy-on-write` the writes are kept in the record." };
    workspaceAccess = oneOf(ACCESS, "what steps may do in the workspace", NO_WRITE);
    runtime = text2("the name of a runtime", runtimeName, "an OCI runtime that the engine has, by its name");
    emulation = oneOf(["allow", "refuse"], "whether a virtual machine may be emulated, which is slow, where /dev/kvm is of no use");
    policySchema = map(
      {
        version: optional(pipe(literal(1, "the only version is 1\nWrite `version: 1`."), description("version of this format")), 1),
        jail: optional(
          map(
            {
              backend: optional(
                oneOf(["auto", "nspawn", "docker", "vm"], "what puts the processes into the jail", {
                  chroot: "chroot isolates nothing; it can be asked for on the command line only."
                }),
                "auto"
              ),
              root: optional(root, "host"),
              toolchain: optional(oneOf(["auto", "none"], "whether the jail sees what setup actions installed"), "auto"),
              docker: optional(map({ runtime: optional(runtime) }, "for the backend docker")),
              vm: optional(map({ emulation: optional(emulation, "refuse") }, "how a virtual machine is made"), {})
            },
            "how the jail is made",
            ["user"]
          ),
          {}
        ),
        workspace: optional(
          either(
            [
              workspaceAccess,
              map(
                { access: optional(workspaceAccess, "copy-on-write"), hide: optional(globs("paths that are not there in the jail"), []) },
                "the workspace"
              )
            ],
            `one of ${ACCESS.join(", ")}, or a map with access, hide`,
            "the checked-out repository, at its own path"
          ),
          "copy-on-write"
        ),
        mounts: optional(
          list(
            either(
              [
                text2("an absolute path", mountPath, "a directory, read-only, at its own path"),
                map(
                  {
                    source: text2("an absolute path", mountPath, "a directory of the runner"),
                    target: optional(text2("an absolute path", mountTarget, "where the jail sees it; default: the same path")),
                    access: optional(oneOf(["read-only", "copy-on-write"], "what steps may do in it", NO_WRITE), "read-only")
                  },
                  "a directory"
                )
              ],
              "an absolute path, or a map with source, target, access",
              "a further directory"
            ),
            "further directories of the runner that the jail sees"
          ),
          []
        ),
        env: optional(literals("environment variables of every step"), {}),
        "pass-env": optional(names2("variables that steps get from the environment of the action"), []),
        secrets: optional(secrets("secrets, by the name of the environment variable that holds them"), {}),
        network: optional(network("what steps can reach"), "none"),
        limits: optional(map(limits, "what a run may use"), {}),
        guards: optional(
          map(
            {
              changes: optional(map(changes, "rules for what was changed"), {}),
              network: optional(
                map(
                  { denied: optional(oneOf(["fail", "review", "ignore"], "what a refused connection means"), "ignore") },
                  "rules for what was reached"
                ),
                {}
              ),
              output: optional(
                map(
                  {
                    require: optional(expressions("each of these must match what was printed"), []),
                    forbid: optional(expressions("none of these may match what was printed"), [])
                  },
                  "rules for what was printed"
                ),
                {}
              )
            },
            "rules that the record is checked against"
          ),
          {}
        ),
        result: optional(
          map(
            {
              schema: optional(
                pipe(
                  custom(isMap, "not a map\nWrite a JSON Schema here."),
                  description("JSON Schema of what the agent writes to $AGENT_JAIL_RESULT; none: any text")
                )
              )
            },
            "what the agent answers"
          ),
          {}
        ),
        record: optional(
          map(
            {
              streams: optional(oneOf(["merged", "split"], "whether stdout and stderr are one stream, in exact order, or two"), "merged"),
              touched: optional(flag("whether files are listed whose time alone was changed"), false)
            },
            "what the record holds"
          ),
          {}
        ),
        setup: optional(
          map(
            {
              network: optional(network("what setup steps can reach")),
              env: optional(literals("environment variables of setup steps")),
              "pass-env": optional(names2("variables that setup steps get from the environment of the action")),
              secrets: optional(secrets("secrets of setup steps; default: none"), {}),
              limits: optional(
                map(
                  {
                    memory: optional(stepLimits2.memory),
                    cpus: optional(stepLimits2.cpus),
                    processes: optional(stepLimits2.processes),
                    time: optional(stepLimits2.time),
                    idle: optional(stepLimits2.idle),
                    output: optional(stepLimits2.output)
                  },
                  "what a setup step may use"
                ),
                {}
              )
            },
            "in force for setup steps instead of the run's; what is left out is the run's, but for secrets"
          ),
          {}
        )
      },
      "What an agent-jail run may see, reach, use and change."
    );
  }
});

// node_modules/yaml/browser/dist/nodes/identity.js
function isCollection(node) {
  if (node && typeof node === "object")
    switch (node[NODE_TYPE]) {
      case MAP:
      case SEQ:
        return true;
    }
  return false;
}
function isNode(node) {
  if (node && typeof node === "object")
    switch (node[NODE_TYPE]) {
      case ALIAS:
      case MAP:
      case SCALAR:
      case SEQ:
        return true;
    }
  return false;
}
var ALIAS, DOC, MAP, PAIR, SCALAR, SEQ, NODE_TYPE, isAlias, isDocument, isMap2, isPair, isScalar, isSeq, hasAnchor;
var init_identity = __esm({
  "node_modules/yaml/browser/dist/nodes/identity.js"() {
    "use strict";
    ALIAS = /* @__PURE__ */ Symbol.for("yaml.alias");
    DOC = /* @__PURE__ */ Symbol.for("yaml.document");
    MAP = /* @__PURE__ */ Symbol.for("yaml.map");
    PAIR = /* @__PURE__ */ Symbol.for("yaml.pair");
    SCALAR = /* @__PURE__ */ Symbol.for("yaml.scalar");
    SEQ = /* @__PURE__ */ Symbol.for("yaml.seq");
    NODE_TYPE = /* @__PURE__ */ Symbol.for("yaml.node.type");
    isAlias = (node) => !!node && typeof node === "object" && node[NODE_TYPE] === ALIAS;
    isDocument = (node) => !!node && typeof node === "object" && node[NODE_TYPE] === DOC;
    isMap2 = (node) => !!node && typeof node === "object" && node[NODE_TYPE] === MAP;
    isPair = (node) => !!node && typeof node === "object" && node[NODE_TYPE] === PAIR;
    isScalar = (node) => !!node && typeof node === "object" && node[NODE_TYPE] === SCALAR;
    isSeq = (node) => !!node && typeof node === "object" && node[NODE_TYPE] === SEQ;
    hasAnchor = (node) => (isScalar(node) || isCollection(node)) && !!node.anchor;
  }
});

// node_modules/yaml/browser/dist/visit.js
function visit(node, visitor) {
  const visitor_ = initVisitor(visitor);
  if (isDocument(node)) {
    const cd = visit_(null, node.contents, visitor_, Object.freeze([node]));
    if (cd === REMOVE)
      node.contents = null;
  } else
    visit_(null, node, visitor_, Object.freeze([]));
}
function visit_(key, node, visitor, path) {
  const ctrl = callVisitor(key, node, visitor, path);
  if (isNode(ctrl) || isPair(ctrl)) {
    replaceNode(key, path, ctrl);
    return visit_(key, ctrl, visitor, path);
  }
  if (typeof ctrl !== "symbol") {
    if (isCollection(node)) {
      path = Object.freeze(path.concat(node));
      for (let i = 0; i < node.items.length; ++i) {
        const ci = visit_(i, node.items[i], visitor, path);
        if (typeof ci === "number")
          i = ci - 1;
        else if (ci === BREAK)
          return BREAK;
        else if (ci === REMOVE) {
          node.items.splice(i, 1);
          i -= 1;
        }
      }
    } else if (isPair(node)) {
      path = Object.freeze(path.concat(node));
      const ck = visit_("key", node.key, visitor, path);
      if (ck === BREAK)
        return BREAK;
      else if (ck === REMOVE)
        node.key = null;
      const cv = visit_("value", node.value, visitor, path);
      if (cv === BREAK)
        return BREAK;
      else if (cv === REMOVE)
        node.value = null;
    }
  }
  return ctrl;
}
async function visitAsync(node, visitor) {
  const visitor_ = initVisitor(visitor);
  if (isDocument(node)) {
    const cd = await visitAsync_(null, node.contents, visitor_, Object.freeze([node]));
    if (cd === REMOVE)
      node.contents = null;
  } else
    await visitAsync_(null, node, visitor_, Object.freeze([]));
}
async function visitAsync_(key, node, visitor, path) {
  const ctrl = await callVisitor(key, node, visitor, path);
  if (isNode(ctrl) || isPair(ctrl)) {
    replaceNode(key, path, ctrl);
    return visitAsync_(key, ctrl, visitor, path);
  }
  if (typeof ctrl !== "symbol") {
    if (isCollection(node)) {
      path = Object.freeze(path.concat(node));
      for (let i = 0; i < node.items.length; ++i) {
        const ci = await visitAsync_(i, node.items[i], visitor, path);
        if (typeof ci === "number")
          i = ci - 1;
        else if (ci === BREAK)
          return BREAK;
        else if (ci === REMOVE) {
          node.items.splice(i, 1);
          i -= 1;
        }
      }
    } else if (isPair(node)) {
      path = Object.freeze(path.concat(node));
      const ck = await visitAsync_("key", node.key, visitor, path);
      if (ck === BREAK)
        return BREAK;
      else if (ck === REMOVE)
        node.key = null;
      const cv = await visitAsync_("value", node.value, visitor, path);
      if (cv === BREAK)
        return BREAK;
      else if (cv === REMOVE)
        node.value = null;
    }
  }
  return ctrl;
}
function initVisitor(visitor) {
  if (typeof visitor === "object" && (visitor.Collection || visitor.Node || visitor.Value)) {
    return Object.assign({
      Alias: visitor.Node,
      Map: visitor.Node,
      Scalar: visitor.Node,
      Seq: visitor.Node
    }, visitor.Value && {
      Map: visitor.Value,
      Scalar: visitor.Value,
      Seq: visitor.Value
    }, visitor.Collection && {
      Map: visitor.Collection,
      Seq: visitor.Collection
    }, visitor);
  }
  return visitor;
}
function callVisitor(key, node, visitor, path) {
  if (typeof visitor === "function")
    return visitor(key, node, path);
  if (isMap2(node))
    return visitor.Map?.(key, node, path);
  if (isSeq(node))
    return visitor.Seq?.(key, node, path);
  if (isPair(node))
    return visitor.Pair?.(key, node, path);
  if (isScalar(node))
    return visitor.Scalar?.(key, node, path);
  if (isAlias(node))
    return visitor.Alias?.(key, node, path);
  return void 0;
}
function replaceNode(key, path, node) {
  const parent = path[path.length - 1];
  if (isCollection(parent)) {
    parent.items[key] = node;
  } else if (isPair(parent)) {
    if (key === "key")
      parent.key = node;
    else
      parent.value = node;
  } else if (isDocument(parent)) {
    parent.contents = node;
  } else {
    const pt = isAlias(parent) ? "alias" : "scalar";
    throw new Error(`Cannot replace node with ${pt} parent`);
  }
}
var BREAK, SKIP, REMOVE;
var init_visit = __esm({
  "node_modules/yaml/browser/dist/visit.js"() {
    "use strict";
    init_identity();
    BREAK = /* @__PURE__ */ Symbol("break visit");
    SKIP = /* @__PURE__ */ Symbol("skip children");
    REMOVE = /* @__PURE__ */ Symbol("remove node");
    visit.BREAK = BREAK;
    visit.SKIP = SKIP;
    visit.REMOVE = REMOVE;
    visitAsync.BREAK = BREAK;
    visitAsync.SKIP = SKIP;
    visitAsync.REMOVE = REMOVE;
  }
});

// node_modules/yaml/browser/dist/doc/directives.js
var escapeChars, escapeTagName, Directives;
var init_directives = __esm({
  "node_modules/yaml/browser/dist/doc/directives.js"() {
    "use strict";
    init_identity();
    init_visit();
    escapeChars = {
      "!": "%21",
      ",": "%2C",
      "[": "%5B",
      "]": "%5D",
      "{": "%7B",
      "}": "%7D"
    };
    escapeTagName = (tn) => tn.replace(/[!,[\]{}]/g, (ch) => escapeChars[ch]);
    Directives = class _Directives {
      constructor(yaml, tags) {
        this.docStart = null;
        this.docEnd = false;
        this.yaml = Object.assign({}, _Directives.defaultYaml, yaml);
        this.tags = Object.assign({}, _Directives.defaultTags, tags);
      }
      clone() {
        const copy = new _Directives(this.yaml, this.tags);
        copy.docStart = this.docStart;
        return copy;
      }
      /**
       * During parsing, get a Directives instance for the current document and
       * update the stream state according to the current version's spec.
       */
      atDocument() {
        const res = new _Directives(this.yaml, this.tags);
        switch (this.yaml.version) {
          case "1.1":
            this.atNextDocument = true;
            break;
          case "1.2":
            this.atNextDocument = false;
            this.yaml = {
              explicit: _Directives.defaultYaml.explicit,
              version: "1.2"
            };
            this.tags = Object.assign({}, _Directives.defaultTags);
            break;
        }
        return res;
      }
      /**
       * @param onError - May be called even if the action was successful
       * @returns `true` on success
       */
      add(line2, onError) {
        if (this.atNextDocument) {
          this.yaml = { explicit: _Directives.defaultYaml.explicit, version: "1.1" };
          this.tags = Object.assign({}, _Directives.defaultTags);
          this.atNextDocument = false;
        }
        const parts = line2.trim().split(/[ \t]+/);
        const name2 = parts.shift();
        switch (name2) {
          case "%TAG": {
            if (parts.length !== 2) {
              onError(0, "%TAG directive should contain exactly two parts");
              if (parts.length < 2)
                return false;
            }
            const [handle, prefix] = parts;
            this.tags[handle] = prefix;
            return true;
          }
          case "%YAML": {
            this.yaml.explicit = true;
            if (parts.length !== 1) {
              onError(0, "%YAML directive should contain exactly one part");
              return false;
            }
            const [version] = parts;
            if (version === "1.1" || version === "1.2") {
              this.yaml.version = version;
              return true;
            } else {
              const isValid = /^\d+\.\d+$/.test(version);
              onError(6, `Unsupported YAML version ${version}`, isValid);
              return false;
            }
          }
          default:
            onError(0, `Unknown directive ${name2}`, true);
            return false;
        }
      }
      /**
       * Resolves a tag, matching handles to those defined in %TAG directives.
       *
       * @returns Resolved tag, which may also be the non-specific tag `'!'` or a
       *   `'!local'` tag, or `null` if unresolvable.
       */
      tagName(source, onError) {
        if (source === "!")
          return "!";
        if (source[0] !== "!") {
          onError(`Not a valid tag: ${source}`);
          return null;
        }
        if (source[1] === "<") {
          const verbatim = source.slice(2, -1);
          if (verbatim === "!" || verbatim === "!!") {
            onError(`Verbatim tags aren't resolved, so ${source} is invalid.`);
            return null;
          }
          if (source[source.length - 1] !== ">")
            onError("Verbatim tags must end with a >");
          return verbatim;
        }
        const [, handle, suffix] = source.match(/^(.*!)([^!]*)$/s);
        if (!suffix)
          onError(`The ${source} tag has no suffix`);
        const prefix = this.tags[handle];
        if (prefix) {
          try {
            return prefix + decodeURIComponent(suffix);
          } catch (error) {
            onError(String(error));
            return null;
          }
        }
        if (handle === "!")
          return source;
        onError(`Could not resolve tag: ${source}`);
        return null;
      }
      /**
       * Given a fully resolved tag, returns its printable string form,
       * taking into account current tag prefixes and defaults.
       */
      tagString(tag) {
        for (const [handle, prefix] of Object.entries(this.tags)) {
          if (tag.startsWith(prefix))
            return handle + escapeTagName(tag.substring(prefix.length));
        }
        return tag[0] === "!" ? tag : `!<${tag}>`;
      }
      toString(doc) {
        const lines2 = this.yaml.explicit ? [`%YAML ${this.yaml.version || "1.2"}`] : [];
        const tagEntries = Object.entries(this.tags);
        let tagNames;
        if (doc && tagEntries.length > 0 && isNode(doc.contents)) {
          const tags = {};
          visit(doc.contents, (_key, node) => {
            if (isNode(node) && node.tag)
              tags[node.tag] = true;
          });
          tagNames = Object.keys(tags);
        } else
          tagNames = [];
        for (const [handle, prefix] of tagEntries) {
          if (handle === "!!" && prefix === "tag:yaml.org,2002:")
            continue;
          if (!doc || tagNames.some((tn) => tn.startsWith(prefix)))
            lines2.push(`%TAG ${handle} ${prefix}`);
        }
        return lines2.join("\n");
      }
    };
    Directives.defaultYaml = { explicit: false, version: "1.2" };
    Directives.defaultTags = { "!!": "tag:yaml.org,2002:" };
  }
});

// node_modules/yaml/browser/dist/doc/anchors.js
function anchorIsValid(anchor) {
  if (/[\x00-\x19\s,[\]{}]/.test(anchor)) {
    const sa = JSON.stringify(anchor);
    const msg = `Anchor must not contain whitespace or control characters: ${sa}`;
    throw new Error(msg);
  }
  return true;
}
function anchorNames(root2) {
  const anchors = /* @__PURE__ */ new Set();
  visit(root2, {
    Value(_key, node) {
      if (node.anchor)
        anchors.add(node.anchor);
    }
  });
  return anchors;
}
function findNewAnchor(prefix, exclude) {
  for (let i = 1; true; ++i) {
    const name2 = `${prefix}${i}`;
    if (!exclude.has(name2))
      return name2;
  }
}
function createNodeAnchors(doc, prefix) {
  const aliasObjects = [];
  const sourceObjects = /* @__PURE__ */ new Map();
  let prevAnchors = null;
  return {
    onAnchor: (source) => {
      aliasObjects.push(source);
      prevAnchors ?? (prevAnchors = anchorNames(doc));
      const anchor = findNewAnchor(prefix, prevAnchors);
      prevAnchors.add(anchor);
      return anchor;
    },
    /**
     * With circular references, the source node is only resolved after all
     * of its child nodes are. This is why anchors are set only after all of
     * the nodes have been created.
     */
    setAnchors: () => {
      for (const source of aliasObjects) {
        const ref = sourceObjects.get(source);
        if (typeof ref === "object" && ref.anchor && (isScalar(ref.node) || isCollection(ref.node))) {
          ref.node.anchor = ref.anchor;
        } else {
          const error = new Error("Failed to resolve repeated object (this should not happen)");
          error.source = source;
          throw error;
        }
      }
    },
    sourceObjects
  };
}
var init_anchors = __esm({
  "node_modules/yaml/browser/dist/doc/anchors.js"() {
    "use strict";
    init_identity();
    init_visit();
  }
});

// node_modules/yaml/browser/dist/doc/applyReviver.js
function applyReviver(reviver, obj, key, val) {
  if (val && typeof val === "object") {
    if (Array.isArray(val)) {
      for (let i = 0, len = val.length; i < len; ++i) {
        const v0 = val[i];
        const v1 = applyReviver(reviver, val, String(i), v0);
        if (v1 === void 0)
          delete val[i];
        else if (v1 !== v0)
          val[i] = v1;
      }
    } else if (val instanceof Map) {
      for (const k of Array.from(val.keys())) {
        const v0 = val.get(k);
        const v1 = applyReviver(reviver, val, k, v0);
        if (v1 === void 0)
          val.delete(k);
        else if (v1 !== v0)
          val.set(k, v1);
      }
    } else if (val instanceof Set) {
      for (const v0 of Array.from(val)) {
        const v1 = applyReviver(reviver, val, v0, v0);
        if (v1 === void 0)
          val.delete(v0);
        else if (v1 !== v0) {
          val.delete(v0);
          val.add(v1);
        }
      }
    } else {
      for (const [k, v0] of Object.entries(val)) {
        const v1 = applyReviver(reviver, val, k, v0);
        if (v1 === void 0)
          delete val[k];
        else if (v1 !== v0)
          val[k] = v1;
      }
    }
  }
  return reviver.call(obj, key, val);
}
var init_applyReviver = __esm({
  "node_modules/yaml/browser/dist/doc/applyReviver.js"() {
    "use strict";
  }
});

// node_modules/yaml/browser/dist/nodes/toJS.js
function toJS(value, arg, ctx) {
  if (Array.isArray(value))
    return value.map((v, i) => toJS(v, String(i), ctx));
  if (value && typeof value.toJSON === "function") {
    if (!ctx || !hasAnchor(value))
      return value.toJSON(arg, ctx);
    const data = { aliasCount: 0, count: 1, res: void 0 };
    ctx.anchors.set(value, data);
    ctx.onCreate = (res2) => {
      data.res = res2;
      delete ctx.onCreate;
    };
    const res = value.toJSON(arg, ctx);
    if (ctx.onCreate)
      ctx.onCreate(res);
    return res;
  }
  if (typeof value === "bigint" && !ctx?.keep)
    return Number(value);
  return value;
}
var init_toJS = __esm({
  "node_modules/yaml/browser/dist/nodes/toJS.js"() {
    "use strict";
    init_identity();
  }
});

// node_modules/yaml/browser/dist/nodes/Node.js
var NodeBase;
var init_Node = __esm({
  "node_modules/yaml/browser/dist/nodes/Node.js"() {
    "use strict";
    init_applyReviver();
    init_identity();
    init_toJS();
    NodeBase = class {
      constructor(type) {
        Object.defineProperty(this, NODE_TYPE, { value: type });
      }
      /** Create a copy of this node.  */
      clone() {
        const copy = Object.create(Object.getPrototypeOf(this), Object.getOwnPropertyDescriptors(this));
        if (this.range)
          copy.range = this.range.slice();
        return copy;
      }
      /** A plain JavaScript representation of this node. */
      toJS(doc, { mapAsMap, maxAliasCount, onAnchor, reviver } = {}) {
        if (!isDocument(doc))
          throw new TypeError("A document argument is required");
        const ctx = {
          anchors: /* @__PURE__ */ new Map(),
          doc,
          keep: true,
          mapAsMap: mapAsMap === true,
          mapKeyWarned: false,
          maxAliasCount: typeof maxAliasCount === "number" ? maxAliasCount : 100
        };
        const res = toJS(this, "", ctx);
        if (typeof onAnchor === "function")
          for (const { count: count2, res: res2 } of ctx.anchors.values())
            onAnchor(res2, count2);
        return typeof reviver === "function" ? applyReviver(reviver, { "": res }, "", res) : res;
      }
    };
  }
});

// node_modules/yaml/browser/dist/nodes/Alias.js
function getAliasCount(doc, node, anchors) {
  if (isAlias(node)) {
    const source = node.resolve(doc);
    const anchor = anchors && source && anchors.get(source);
    return anchor ? anchor.count * anchor.aliasCount : 0;
  } else if (isCollection(node)) {
    let count2 = 0;
    for (const item of node.items) {
      const c = getAliasCount(doc, item, anchors);
      if (c > count2)
        count2 = c;
    }
    return count2;
  } else if (isPair(node)) {
    const kc = getAliasCount(doc, node.key, anchors);
    const vc = getAliasCount(doc, node.value, anchors);
    return Math.max(kc, vc);
  }
  return 1;
}
var Alias;
var init_Alias = __esm({
  "node_modules/yaml/browser/dist/nodes/Alias.js"() {
    "use strict";
    init_anchors();
    init_visit();
    init_identity();
    init_Node();
    init_toJS();
    Alias = class extends NodeBase {
      constructor(source) {
        super(ALIAS);
        this.source = source;
        Object.defineProperty(this, "tag", {
          set() {
            throw new Error("Alias nodes cannot have tags");
          }
        });
      }
      /**
       * Resolve the value of this alias within `doc`, finding the last
       * instance of the `source` anchor before this node.
       */
      resolve(doc, ctx) {
        if (ctx?.maxAliasCount === 0)
          throw new ReferenceError("Alias resolution is disabled");
        let nodes;
        if (ctx?.aliasResolveCache) {
          nodes = ctx.aliasResolveCache;
        } else {
          nodes = [];
          visit(doc, {
            Node: (_key, node) => {
              if (isAlias(node) || hasAnchor(node))
                nodes.push(node);
            }
          });
          if (ctx)
            ctx.aliasResolveCache = nodes;
        }
        let found = void 0;
        for (const node of nodes) {
          if (node === this)
            break;
          if (node.anchor === this.source)
            found = node;
        }
        if (found && ctx) {
          const { anchors, doc: doc2, maxAliasCount } = ctx;
          let data = anchors.get(found);
          if (!data) {
            toJS(found, null, ctx);
            data = anchors.get(found);
          }
          if (data?.res === void 0) {
            const msg = "This should not happen: Alias anchor was not resolved?";
            throw new ReferenceError(msg);
          }
          if (maxAliasCount >= 0) {
            data.count += 1;
            if (data.aliasCount === 0)
              data.aliasCount = getAliasCount(doc2, found, anchors);
            if (data.count * data.aliasCount > maxAliasCount) {
              const msg = "Excessive alias count indicates a resource exhaustion attack";
              throw new ReferenceError(msg);
            }
          }
        }
        return found;
      }
      toJSON(_arg, ctx) {
        if (!ctx)
          return { source: this.source };
        const source = this.resolve(ctx.doc, ctx);
        if (!source) {
          const msg = `Unresolved alias (the anchor must be set before the alias): ${this.source}`;
          throw new ReferenceError(msg);
        }
        return ctx.anchors.get(source).res;
      }
      toString(ctx, _onComment, _onChompKeep) {
        const src = `*${this.source}`;
        if (ctx) {
          anchorIsValid(this.source);
          if (ctx.options.verifyAliasOrder && !ctx.anchors.has(this.source)) {
            const msg = `Unresolved alias (the anchor must be set before the alias): ${this.source}`;
            throw new Error(msg);
          }
          if (ctx.implicitKey)
            return `${src} `;
        }
        return src;
      }
    };
  }
});

// node_modules/yaml/browser/dist/nodes/Scalar.js
var isScalarValue, Scalar;
var init_Scalar = __esm({
  "node_modules/yaml/browser/dist/nodes/Scalar.js"() {
    "use strict";
    init_identity();
    init_Node();
    init_toJS();
    isScalarValue = (value) => !value || typeof value !== "function" && typeof value !== "object";
    Scalar = class extends NodeBase {
      constructor(value) {
        super(SCALAR);
        this.value = value;
      }
      toJSON(arg, ctx) {
        return ctx?.keep ? this.value : toJS(this.value, arg, ctx);
      }
      toString() {
        return String(this.value);
      }
    };
    Scalar.BLOCK_FOLDED = "BLOCK_FOLDED";
    Scalar.BLOCK_LITERAL = "BLOCK_LITERAL";
    Scalar.PLAIN = "PLAIN";
    Scalar.QUOTE_DOUBLE = "QUOTE_DOUBLE";
    Scalar.QUOTE_SINGLE = "QUOTE_SINGLE";
  }
});

// node_modules/yaml/browser/dist/doc/createNode.js
function findTagObject(value, tagName, tags) {
  if (tagName) {
    const match = tags.filter((t) => t.tag === tagName);
    const tagObj = match.find((t) => !t.format) ?? match[0];
    if (!tagObj)
      throw new Error(`Tag ${tagName} not found`);
    return tagObj;
  }
  return tags.find((t) => t.identify?.(value) && !t.format);
}
function createNode(value, tagName, ctx) {
  if (isDocument(value))
    value = value.contents;
  if (isNode(value))
    return value;
  if (isPair(value)) {
    const map3 = ctx.schema[MAP].createNode?.(ctx.schema, null, ctx);
    map3.items.push(value);
    return map3;
  }
  if (value instanceof String || value instanceof Number || value instanceof Boolean || typeof BigInt !== "undefined" && value instanceof BigInt) {
    value = value.valueOf();
  }
  const { aliasDuplicateObjects, onAnchor, onTagObj, schema: schema4, sourceObjects } = ctx;
  let ref = void 0;
  if (aliasDuplicateObjects && value && typeof value === "object") {
    ref = sourceObjects.get(value);
    if (ref) {
      ref.anchor ?? (ref.anchor = onAnchor(value));
      return new Alias(ref.anchor);
    } else {
      ref = { anchor: null, node: null };
      sourceObjects.set(value, ref);
    }
  }
  if (tagName?.startsWith("!!"))
    tagName = defaultTagPrefix + tagName.slice(2);
  let tagObj = findTagObject(value, tagName, schema4.tags);
  if (!tagObj) {
    if (value && typeof value.toJSON === "function") {
      value = value.toJSON();
    }
    if (!value || typeof value !== "object") {
      const node2 = new Scalar(value);
      if (ref)
        ref.node = node2;
      return node2;
    }
    tagObj = value instanceof Map ? schema4[MAP] : Symbol.iterator in Object(value) ? schema4[SEQ] : schema4[MAP];
  }
  if (onTagObj) {
    onTagObj(tagObj);
    delete ctx.onTagObj;
  }
  const node = tagObj?.createNode ? tagObj.createNode(ctx.schema, value, ctx) : typeof tagObj?.nodeClass?.from === "function" ? tagObj.nodeClass.from(ctx.schema, value, ctx) : new Scalar(value);
  if (tagName)
    node.tag = tagName;
  else if (!tagObj.default)
    node.tag = tagObj.tag;
  if (ref)
    ref.node = node;
  return node;
}
var defaultTagPrefix;
var init_createNode = __esm({
  "node_modules/yaml/browser/dist/doc/createNode.js"() {
    "use strict";
    init_Alias();
    init_identity();
    init_Scalar();
    defaultTagPrefix = "tag:yaml.org,2002:";
  }
});

// node_modules/yaml/browser/dist/nodes/Collection.js
function collectionFromPath(schema4, path, value) {
  let v = value;
  for (let i = path.length - 1; i >= 0; --i) {
    const k = path[i];
    if (typeof k === "number" && Number.isInteger(k) && k >= 0) {
      const a = [];
      a[k] = v;
      v = a;
    } else {
      v = /* @__PURE__ */ new Map([[k, v]]);
    }
  }
  return createNode(v, void 0, {
    aliasDuplicateObjects: false,
    keepUndefined: false,
    onAnchor: () => {
      throw new Error("This should not happen, please report a bug.");
    },
    schema: schema4,
    sourceObjects: /* @__PURE__ */ new Map()
  });
}
var isEmptyPath, Collection;
var init_Collection = __esm({
  "node_modules/yaml/browser/dist/nodes/Collection.js"() {
    "use strict";
    init_createNode();
    init_identity();
    init_Node();
    isEmptyPath = (path) => path == null || typeof path === "object" && !!path[Symbol.iterator]().next().done;
    Collection = class extends NodeBase {
      constructor(type, schema4) {
        super(type);
        Object.defineProperty(this, "schema", {
          value: schema4,
          configurable: true,
          enumerable: false,
          writable: true
        });
      }
      /**
       * Create a copy of this collection.
       *
       * @param schema - If defined, overwrites the original's schema
       */
      clone(schema4) {
        const copy = Object.create(Object.getPrototypeOf(this), Object.getOwnPropertyDescriptors(this));
        if (schema4)
          copy.schema = schema4;
        copy.items = copy.items.map((it) => isNode(it) || isPair(it) ? it.clone(schema4) : it);
        if (this.range)
          copy.range = this.range.slice();
        return copy;
      }
      /**
       * Adds a value to the collection. For `!!map` and `!!omap` the value must
       * be a Pair instance or a `{ key, value }` object, which may not have a key
       * that already exists in the map.
       */
      addIn(path, value) {
        if (isEmptyPath(path))
          this.add(value);
        else {
          const [key, ...rest] = path;
          const node = this.get(key, true);
          if (isCollection(node))
            node.addIn(rest, value);
          else if (node === void 0 && this.schema)
            this.set(key, collectionFromPath(this.schema, rest, value));
          else
            throw new Error(`Expected YAML collection at ${key}. Remaining path: ${rest}`);
        }
      }
      /**
       * Removes a value from the collection.
       * @returns `true` if the item was found and removed.
       */
      deleteIn(path) {
        const [key, ...rest] = path;
        if (rest.length === 0)
          return this.delete(key);
        const node = this.get(key, true);
        if (isCollection(node))
          return node.deleteIn(rest);
        else
          throw new Error(`Expected YAML collection at ${key}. Remaining path: ${rest}`);
      }
      /**
       * Returns item at `key`, or `undefined` if not found. By default unwraps
       * scalar values from their surrounding node; to disable set `keepScalar` to
       * `true` (collections are always returned intact).
       */
      getIn(path, keepScalar) {
        const [key, ...rest] = path;
        const node = this.get(key, true);
        if (rest.length === 0)
          return !keepScalar && isScalar(node) ? node.value : node;
        else
          return isCollection(node) ? node.getIn(rest, keepScalar) : void 0;
      }
      hasAllNullValues(allowScalar) {
        return this.items.every((node) => {
          if (!isPair(node))
            return false;
          const n = node.value;
          return n == null || allowScalar && isScalar(n) && n.value == null && !n.commentBefore && !n.comment && !n.tag;
        });
      }
      /**
       * Checks if the collection includes a value with the key `key`.
       */
      hasIn(path) {
        const [key, ...rest] = path;
        if (rest.length === 0)
          return this.has(key);
        const node = this.get(key, true);
        return isCollection(node) ? node.hasIn(rest) : false;
      }
      /**
       * Sets a value in this collection. For `!!set`, `value` needs to be a
       * boolean to add/remove the item from the set.
       */
      setIn(path, value) {
        const [key, ...rest] = path;
        if (rest.length === 0) {
          this.set(key, value);
        } else {
          const node = this.get(key, true);
          if (isCollection(node))
            node.setIn(rest, value);
          else if (node === void 0 && this.schema)
            this.set(key, collectionFromPath(this.schema, rest, value));
          else
            throw new Error(`Expected YAML collection at ${key}. Remaining path: ${rest}`);
        }
      }
    };
  }
});

// node_modules/yaml/browser/dist/stringify/stringifyComment.js
function indentComment(comment, indent) {
  if (/^\n+$/.test(comment))
    return comment.substring(1);
  return indent ? comment.replace(/^(?! *$)/gm, indent) : comment;
}
var stringifyComment, lineComment;
var init_stringifyComment = __esm({
  "node_modules/yaml/browser/dist/stringify/stringifyComment.js"() {
    "use strict";
    stringifyComment = (str) => str.replace(/^(?!$)(?: $)?/gm, "#");
    lineComment = (str, indent, comment) => str.endsWith("\n") ? indentComment(comment, indent) : comment.includes("\n") ? "\n" + indentComment(comment, indent) : (str.endsWith(" ") ? "" : " ") + comment;
  }
});

// node_modules/yaml/browser/dist/stringify/foldFlowLines.js
function foldFlowLines(text3, indent, mode = "flow", { indentAtStart, lineWidth = 80, minContentWidth = 20, onFold, onOverflow } = {}) {
  if (!lineWidth || lineWidth < 0)
    return text3;
  if (lineWidth < minContentWidth)
    minContentWidth = 0;
  const endStep = Math.max(1 + minContentWidth, 1 + lineWidth - indent.length);
  if (text3.length <= endStep)
    return text3;
  const folds = [];
  const escapedFolds = {};
  let end2 = lineWidth - indent.length;
  if (typeof indentAtStart === "number") {
    if (indentAtStart > lineWidth - Math.max(2, minContentWidth))
      folds.push(0);
    else
      end2 = lineWidth - indentAtStart;
  }
  let split = void 0;
  let prev = void 0;
  let overflow = false;
  let i = -1;
  let escStart = -1;
  let escEnd = -1;
  if (mode === FOLD_BLOCK) {
    i = consumeMoreIndentedLines(text3, i, indent.length);
    if (i !== -1)
      end2 = i + endStep;
  }
  for (let ch; ch = text3[i += 1]; ) {
    if (mode === FOLD_QUOTED && ch === "\\") {
      escStart = i;
      switch (text3[i + 1]) {
        case "x":
          i += 3;
          break;
        case "u":
          i += 5;
          break;
        case "U":
          i += 9;
          break;
        default:
          i += 1;
      }
      escEnd = i;
    }
    if (ch === "\n") {
      if (mode === FOLD_BLOCK)
        i = consumeMoreIndentedLines(text3, i, indent.length);
      end2 = i + indent.length + endStep;
      split = void 0;
    } else {
      if (ch === " " && prev && prev !== " " && prev !== "\n" && prev !== "	") {
        const next = text3[i + 1];
        if (next && next !== " " && next !== "\n" && next !== "	")
          split = i;
      }
      if (i >= end2) {
        if (split) {
          folds.push(split);
          end2 = split + endStep;
          split = void 0;
        } else if (mode === FOLD_QUOTED) {
          while (prev === " " || prev === "	") {
            prev = ch;
            ch = text3[i += 1];
            overflow = true;
          }
          const j = i > escEnd + 1 ? i - 2 : escStart - 1;
          if (escapedFolds[j])
            return text3;
          folds.push(j);
          escapedFolds[j] = true;
          end2 = j + endStep;
          split = void 0;
        } else {
          overflow = true;
        }
      }
    }
    prev = ch;
  }
  if (overflow && onOverflow)
    onOverflow();
  if (folds.length === 0)
    return text3;
  if (onFold)
    onFold();
  let res = text3.slice(0, folds[0]);
  for (let i2 = 0; i2 < folds.length; ++i2) {
    const fold = folds[i2];
    const end3 = folds[i2 + 1] || text3.length;
    if (fold === 0)
      res = `
${indent}${text3.slice(0, end3)}`;
    else {
      if (mode === FOLD_QUOTED && escapedFolds[fold])
        res += `${text3[fold]}\\`;
      res += `
${indent}${text3.slice(fold + 1, end3)}`;
    }
  }
  return res;
}
function consumeMoreIndentedLines(text3, i, indent) {
  let end2 = i;
  let start = i + 1;
  let ch = text3[start];
  while (ch === " " || ch === "	") {
    if (i < start + indent) {
      ch = text3[++i];
    } else {
      do {
        ch = text3[++i];
      } while (ch && ch !== "\n");
      end2 = i;
      start = i + 1;
      ch = text3[start];
    }
  }
  return end2;
}
var FOLD_FLOW, FOLD_BLOCK, FOLD_QUOTED;
var init_foldFlowLines = __esm({
  "node_modules/yaml/browser/dist/stringify/foldFlowLines.js"() {
    "use strict";
    FOLD_FLOW = "flow";
    FOLD_BLOCK = "block";
    FOLD_QUOTED = "quoted";
  }
});

// node_modules/yaml/browser/dist/stringify/stringifyString.js
function lineLengthOverLimit(str, lineWidth, indentLength) {
  if (!lineWidth || lineWidth < 0)
    return false;
  const limit = lineWidth - indentLength;
  const strLen = str.length;
  if (strLen <= limit)
    return false;
  for (let i = 0, start = 0; i < strLen; ++i) {
    if (str[i] === "\n") {
      if (i - start > limit)
        return true;
      start = i + 1;
      if (strLen - start <= limit)
        return false;
    }
  }
  return true;
}
function doubleQuotedString(value, ctx) {
  const json3 = JSON.stringify(value);
  if (ctx.options.doubleQuotedAsJSON)
    return json3;
  const { implicitKey } = ctx;
  const minMultiLineLength = ctx.options.doubleQuotedMinMultiLineLength;
  const indent = ctx.indent || (containsDocumentMarker(value) ? "  " : "");
  let str = "";
  let start = 0;
  for (let i = 0, ch = json3[i]; ch; ch = json3[++i]) {
    if (ch === " " && json3[i + 1] === "\\" && json3[i + 2] === "n") {
      str += json3.slice(start, i) + "\\ ";
      i += 1;
      start = i;
      ch = "\\";
    }
    if (ch === "\\")
      switch (json3[i + 1]) {
        case "u":
          {
            str += json3.slice(start, i);
            const code = json3.substr(i + 2, 4);
            switch (code) {
              case "0000":
                str += "\\0";
                break;
              case "0007":
                str += "\\a";
                break;
              case "000b":
                str += "\\v";
                break;
              case "001b":
                str += "\\e";
                break;
              case "0085":
                str += "\\N";
                break;
              case "00a0":
                str += "\\_";
                break;
              case "2028":
                str += "\\L";
                break;
              case "2029":
                str += "\\P";
                break;
              default:
                if (code.substr(0, 2) === "00")
                  str += "\\x" + code.substr(2);
                else
                  str += json3.substr(i, 6);
            }
            i += 5;
            start = i + 1;
          }
          break;
        case "n":
          if (implicitKey || json3[i + 2] === '"' || json3.length < minMultiLineLength) {
            i += 1;
          } else {
            str += json3.slice(start, i) + "\n\n";
            while (json3[i + 2] === "\\" && json3[i + 3] === "n" && json3[i + 4] !== '"') {
              str += "\n";
              i += 2;
            }
            str += indent;
            if (json3[i + 2] === " ")
              str += "\\";
            i += 1;
            start = i + 1;
          }
          break;
        default:
          i += 1;
      }
  }
  str = start ? str + json3.slice(start) : json3;
  return implicitKey ? str : foldFlowLines(str, indent, FOLD_QUOTED, getFoldOptions(ctx, false));
}
function singleQuotedString(value, ctx) {
  if (ctx.options.singleQuote === false || ctx.implicitKey && value.includes("\n") || /[ \t]\n|\n[ \t]/.test(value))
    return doubleQuotedString(value, ctx);
  const indent = ctx.indent || (containsDocumentMarker(value) ? "  " : "");
  const res = "'" + value.replace(/'/g, "''").replace(/\n+/g, `$&
${indent}`) + "'";
  return ctx.implicitKey ? res : foldFlowLines(res, indent, FOLD_FLOW, getFoldOptions(ctx, false));
}
function quotedString(value, ctx) {
  const { singleQuote } = ctx.options;
  let qs;
  if (singleQuote === false)
    qs = doubleQuotedString;
  else {
    const hasDouble = value.includes('"');
    const hasSingle = value.includes("'");
    if (hasDouble && !hasSingle)
      qs = singleQuotedString;
    else if (hasSingle && !hasDouble)
      qs = doubleQuotedString;
    else
      qs = singleQuote ? singleQuotedString : doubleQuotedString;
  }
  return qs(value, ctx);
}
function blockString({ comment, type, value }, ctx, onComment, onChompKeep) {
  const { blockQuote, commentString, lineWidth } = ctx.options;
  if (!blockQuote || /\n[\t ]+$/.test(value)) {
    return quotedString(value, ctx);
  }
  const indent = ctx.indent || (ctx.forceBlockIndent || containsDocumentMarker(value) ? "  " : "");
  const literal2 = blockQuote === "literal" ? true : blockQuote === "folded" || type === Scalar.BLOCK_FOLDED ? false : type === Scalar.BLOCK_LITERAL ? true : !lineLengthOverLimit(value, lineWidth, indent.length);
  if (!value)
    return literal2 ? "|\n" : ">\n";
  let chomp;
  let endStart;
  for (endStart = value.length; endStart > 0; --endStart) {
    const ch = value[endStart - 1];
    if (ch !== "\n" && ch !== "	" && ch !== " ")
      break;
  }
  let end2 = value.substring(endStart);
  const endNlPos = end2.indexOf("\n");
  if (endNlPos === -1) {
    chomp = "-";
  } else if (value === end2 || endNlPos !== end2.length - 1) {
    chomp = "+";
    if (onChompKeep)
      onChompKeep();
  } else {
    chomp = "";
  }
  if (end2) {
    value = value.slice(0, -end2.length);
    if (end2[end2.length - 1] === "\n")
      end2 = end2.slice(0, -1);
    end2 = end2.replace(blockEndNewlines, `$&${indent}`);
  }
  let startWithSpace = false;
  let startEnd;
  let startNlPos = -1;
  for (startEnd = 0; startEnd < value.length; ++startEnd) {
    const ch = value[startEnd];
    if (ch === " ")
      startWithSpace = true;
    else if (ch === "\n")
      startNlPos = startEnd;
    else
      break;
  }
  let start = value.substring(0, startNlPos < startEnd ? startNlPos + 1 : startEnd);
  if (start) {
    value = value.substring(start.length);
    start = start.replace(/\n+/g, `$&${indent}`);
  }
  const indentSize = indent ? "2" : "1";
  let header = (startWithSpace ? indentSize : "") + chomp;
  if (comment) {
    header += " " + commentString(comment.replace(/ ?[\r\n]+/g, " "));
    if (onComment)
      onComment();
  }
  if (!literal2) {
    const foldedValue = value.replace(/\n+/g, "\n$&").replace(/(?:^|\n)([\t ].*)(?:([\n\t ]*)\n(?![\n\t ]))?/g, "$1$2").replace(/\n+/g, `$&${indent}`);
    let literalFallback = false;
    const foldOptions = getFoldOptions(ctx, true);
    if (blockQuote !== "folded" && type !== Scalar.BLOCK_FOLDED) {
      foldOptions.onOverflow = () => {
        literalFallback = true;
      };
    }
    const body = foldFlowLines(`${start}${foldedValue}${end2}`, indent, FOLD_BLOCK, foldOptions);
    if (!literalFallback)
      return `>${header}
${indent}${body}`;
  }
  value = value.replace(/\n+/g, `$&${indent}`);
  return `|${header}
${indent}${start}${value}${end2}`;
}
function plainString(item, ctx, onComment, onChompKeep) {
  const { type, value } = item;
  const { actualString, implicitKey, indent, indentStep, inFlow } = ctx;
  if (implicitKey && value.includes("\n") || inFlow && /[[\]{},]/.test(value)) {
    return quotedString(value, ctx);
  }
  if (/^[\n\t ,[\]{}#&*!|>'"%@`]|^[?-]$|^[?-][ \t]|[\n:][ \t]|[ \t]\n|[\n\t ]#|[\n\t :]$/.test(value)) {
    return implicitKey || inFlow || !value.includes("\n") ? quotedString(value, ctx) : blockString(item, ctx, onComment, onChompKeep);
  }
  if (!implicitKey && !inFlow && type !== Scalar.PLAIN && value.includes("\n")) {
    return blockString(item, ctx, onComment, onChompKeep);
  }
  if (containsDocumentMarker(value)) {
    if (indent === "") {
      ctx.forceBlockIndent = true;
      return blockString(item, ctx, onComment, onChompKeep);
    } else if (implicitKey && indent === indentStep) {
      return quotedString(value, ctx);
    }
  }
  const str = value.replace(/\n+/g, `$&
${indent}`);
  if (actualString) {
    const test = (tag) => tag.default && tag.tag !== "tag:yaml.org,2002:str" && tag.test?.test(str);
    const { compat, tags } = ctx.doc.schema;
    if (tags.some(test) || compat?.some(test))
      return quotedString(value, ctx);
  }
  return implicitKey ? str : foldFlowLines(str, indent, FOLD_FLOW, getFoldOptions(ctx, false));
}
function stringifyString(item, ctx, onComment, onChompKeep) {
  const { implicitKey, inFlow } = ctx;
  const ss = typeof item.value === "string" ? item : Object.assign({}, item, { value: String(item.value) });
  let { type } = item;
  if (type !== Scalar.QUOTE_DOUBLE) {
    if (/[\x00-\x08\x0b-\x1f\x7f-\x9f\u{D800}-\u{DFFF}]/u.test(ss.value))
      type = Scalar.QUOTE_DOUBLE;
  }
  const _stringify2 = (_type) => {
    switch (_type) {
      case Scalar.BLOCK_FOLDED:
      case Scalar.BLOCK_LITERAL:
        return implicitKey || inFlow ? quotedString(ss.value, ctx) : blockString(ss, ctx, onComment, onChompKeep);
      case Scalar.QUOTE_DOUBLE:
        return doubleQuotedString(ss.value, ctx);
      case Scalar.QUOTE_SINGLE:
        return singleQuotedString(ss.value, ctx);
      case Scalar.PLAIN:
        return plainString(ss, ctx, onComment, onChompKeep);
      default:
        return null;
    }
  };
  let res = _stringify2(type);
  if (res === null) {
    const { defaultKeyType, defaultStringType } = ctx.options;
    const t = implicitKey && defaultKeyType || defaultStringType;
    res = _stringify2(t);
    if (res === null)
      throw new Error(`Unsupported default string type ${t}`);
  }
  return res;
}
var getFoldOptions, containsDocumentMarker, blockEndNewlines;
var init_stringifyString = __esm({
  "node_modules/yaml/browser/dist/stringify/stringifyString.js"() {
    "use strict";
    init_Scalar();
    init_foldFlowLines();
    getFoldOptions = (ctx, isBlock2) => ({
      indentAtStart: isBlock2 ? ctx.indent.length : ctx.indentAtStart,
      lineWidth: ctx.options.lineWidth,
      minContentWidth: ctx.options.minContentWidth
    });
    containsDocumentMarker = (str) => /^(%|---|\.\.\.)/m.test(str);
    try {
      blockEndNewlines = new RegExp("(^|(?<!\n))\n+(?!\n|$)", "g");
    } catch {
      blockEndNewlines = /\n+(?!\n|$)/g;
    }
  }
});

// node_modules/yaml/browser/dist/stringify/stringify.js
function createStringifyContext(doc, options) {
  const opt = Object.assign({
    blockQuote: true,
    commentString: stringifyComment,
    defaultKeyType: null,
    defaultStringType: "PLAIN",
    directives: null,
    doubleQuotedAsJSON: false,
    doubleQuotedMinMultiLineLength: 40,
    falseStr: "false",
    flowCollectionPadding: true,
    indentSeq: true,
    lineWidth: 80,
    minContentWidth: 20,
    nullStr: "null",
    simpleKeys: false,
    singleQuote: null,
    trailingComma: false,
    trueStr: "true",
    verifyAliasOrder: true
  }, doc.schema.toStringOptions, options);
  let inFlow;
  switch (opt.collectionStyle) {
    case "block":
      inFlow = false;
      break;
    case "flow":
      inFlow = true;
      break;
    default:
      inFlow = null;
  }
  return {
    anchors: /* @__PURE__ */ new Set(),
    doc,
    flowCollectionPadding: opt.flowCollectionPadding ? " " : "",
    indent: "",
    indentStep: typeof opt.indent === "number" ? " ".repeat(opt.indent) : "  ",
    inFlow,
    options: opt
  };
}
function getTagObject(tags, item) {
  if (item.tag) {
    const match = tags.filter((t) => t.tag === item.tag);
    if (match.length > 0)
      return match.find((t) => t.format === item.format) ?? match[0];
  }
  let tagObj = void 0;
  let obj;
  if (isScalar(item)) {
    obj = item.value;
    let match = tags.filter((t) => t.identify?.(obj));
    if (match.length > 1) {
      const testMatch = match.filter((t) => t.test);
      if (testMatch.length > 0)
        match = testMatch;
    }
    tagObj = match.find((t) => t.format === item.format) ?? match.find((t) => !t.format);
  } else {
    obj = item;
    tagObj = tags.find((t) => t.nodeClass && obj instanceof t.nodeClass);
  }
  if (!tagObj) {
    const name2 = obj?.constructor?.name ?? (obj === null ? "null" : typeof obj);
    throw new Error(`Tag not resolved for ${name2} value`);
  }
  return tagObj;
}
function stringifyProps(node, tagObj, { anchors, doc }) {
  if (!doc.directives)
    return "";
  const props = [];
  const anchor = (isScalar(node) || isCollection(node)) && node.anchor;
  if (anchor && anchorIsValid(anchor)) {
    anchors.add(anchor);
    props.push(`&${anchor}`);
  }
  const tag = node.tag ?? (tagObj.default ? null : tagObj.tag);
  if (tag)
    props.push(doc.directives.tagString(tag));
  return props.join(" ");
}
function stringify(item, ctx, onComment, onChompKeep) {
  if (isPair(item))
    return item.toString(ctx, onComment, onChompKeep);
  if (isAlias(item)) {
    if (ctx.doc.directives)
      return item.toString(ctx);
    if (ctx.resolvedAliases?.has(item)) {
      throw new TypeError(`Cannot stringify circular structure without alias nodes`);
    } else {
      if (ctx.resolvedAliases)
        ctx.resolvedAliases.add(item);
      else
        ctx.resolvedAliases = /* @__PURE__ */ new Set([item]);
      item = item.resolve(ctx.doc);
    }
  }
  let tagObj = void 0;
  const node = isNode(item) ? item : ctx.doc.createNode(item, { onTagObj: (o) => tagObj = o });
  tagObj ?? (tagObj = getTagObject(ctx.doc.schema.tags, node));
  const props = stringifyProps(node, tagObj, ctx);
  if (props.length > 0)
    ctx.indentAtStart = (ctx.indentAtStart ?? 0) + props.length + 1;
  const str = typeof tagObj.stringify === "function" ? tagObj.stringify(node, ctx, onComment, onChompKeep) : isScalar(node) ? stringifyString(node, ctx, onComment, onChompKeep) : node.toString(ctx, onComment, onChompKeep);
  if (!props)
    return str;
  return isScalar(node) || str[0] === "{" || str[0] === "[" ? `${props} ${str}` : `${props}
${ctx.indent}${str}`;
}
var init_stringify = __esm({
  "node_modules/yaml/browser/dist/stringify/stringify.js"() {
    "use strict";
    init_anchors();
    init_identity();
    init_stringifyComment();
    init_stringifyString();
  }
});

// node_modules/yaml/browser/dist/stringify/stringifyPair.js
function stringifyPair({ key, value }, ctx, onComment, onChompKeep) {
  const { allNullValues, doc, indent, indentStep, options: { commentString, indentSeq, simpleKeys } } = ctx;
  let keyComment = isNode(key) && key.comment || null;
  if (simpleKeys) {
    if (keyComment) {
      throw new Error("With simple keys, key nodes cannot have comments");
    }
    if (isCollection(key) || !isNode(key) && typeof key === "object") {
      const msg = "With simple keys, collection cannot be used as a key value";
      throw new Error(msg);
    }
  }
  let explicitKey = !simpleKeys && (!key || keyComment && value == null && !ctx.inFlow || isCollection(key) || (isScalar(key) ? key.type === Scalar.BLOCK_FOLDED || key.type === Scalar.BLOCK_LITERAL : typeof key === "object"));
  ctx = Object.assign({}, ctx, {
    allNullValues: false,
    implicitKey: !explicitKey && (simpleKeys || !allNullValues),
    indent: indent + indentStep
  });
  let keyCommentDone = false;
  let chompKeep = false;
  let str = stringify(key, ctx, () => keyCommentDone = true, () => chompKeep = true);
  if (!explicitKey && !ctx.inFlow && str.length > 1024) {
    if (simpleKeys)
      throw new Error("With simple keys, single line scalar must not span more than 1024 characters");
    explicitKey = true;
  }
  if (ctx.inFlow) {
    if (allNullValues || value == null) {
      if (keyCommentDone && onComment)
        onComment();
      return str === "" ? "?" : explicitKey ? `? ${str}` : str;
    }
  } else if (allNullValues && !simpleKeys || value == null && explicitKey) {
    str = `? ${str}`;
    if (keyComment && !keyCommentDone) {
      str += lineComment(str, ctx.indent, commentString(keyComment));
    } else if (chompKeep && onChompKeep)
      onChompKeep();
    return str;
  }
  if (keyCommentDone)
    keyComment = null;
  if (explicitKey) {
    if (keyComment)
      str += lineComment(str, ctx.indent, commentString(keyComment));
    str = `? ${str}
${indent}:`;
  } else {
    str = `${str}:`;
    if (keyComment)
      str += lineComment(str, ctx.indent, commentString(keyComment));
  }
  let vsb, vcb, valueComment;
  if (isNode(value)) {
    vsb = !!value.spaceBefore;
    vcb = value.commentBefore;
    valueComment = value.comment;
  } else {
    vsb = false;
    vcb = null;
    valueComment = null;
    if (value && typeof value === "object")
      value = doc.createNode(value);
  }
  ctx.implicitKey = false;
  if (!explicitKey && !keyComment && isScalar(value))
    ctx.indentAtStart = str.length + 1;
  chompKeep = false;
  if (!indentSeq && indentStep.length >= 2 && !ctx.inFlow && !explicitKey && isSeq(value) && !value.flow && !value.tag && !value.anchor) {
    ctx.indent = ctx.indent.substring(2);
  }
  let valueCommentDone = false;
  const valueStr = stringify(value, ctx, () => valueCommentDone = true, () => chompKeep = true);
  let ws = " ";
  if (keyComment || vsb || vcb) {
    ws = vsb ? "\n" : "";
    if (vcb) {
      const cs = commentString(vcb);
      ws += `
${indentComment(cs, ctx.indent)}`;
    }
    if (valueStr === "" && !ctx.inFlow) {
      if (ws === "\n" && valueComment)
        ws = "\n\n";
    } else {
      ws += `
${ctx.indent}`;
    }
  } else if (!explicitKey && isCollection(value)) {
    const vs0 = valueStr[0];
    const nl0 = valueStr.indexOf("\n");
    const hasNewline = nl0 !== -1;
    const flow = ctx.inFlow ?? value.flow ?? value.items.length === 0;
    if (hasNewline || !flow) {
      let hasPropsLine = false;
      if (hasNewline && (vs0 === "&" || vs0 === "!")) {
        let sp0 = valueStr.indexOf(" ");
        if (vs0 === "&" && sp0 !== -1 && sp0 < nl0 && valueStr[sp0 + 1] === "!") {
          sp0 = valueStr.indexOf(" ", sp0 + 1);
        }
        if (sp0 === -1 || nl0 < sp0)
          hasPropsLine = true;
      }
      if (!hasPropsLine)
        ws = `
${ctx.indent}`;
    }
  } else if (valueStr === "" || valueStr[0] === "\n") {
    ws = "";
  }
  str += ws + valueStr;
  if (ctx.inFlow) {
    if (valueCommentDone && onComment)
      onComment();
  } else if (valueComment && !valueCommentDone) {
    str += lineComment(str, ctx.indent, commentString(valueComment));
  } else if (chompKeep && onChompKeep) {
    onChompKeep();
  }
  return str;
}
var init_stringifyPair = __esm({
  "node_modules/yaml/browser/dist/stringify/stringifyPair.js"() {
    "use strict";
    init_identity();
    init_Scalar();
    init_stringify();
    init_stringifyComment();
  }
});

// node_modules/yaml/browser/dist/log.js
function warn(logLevel, warning) {
  if (logLevel === "debug" || logLevel === "warn") {
    console.warn(warning);
  }
}
var init_log = __esm({
  "node_modules/yaml/browser/dist/log.js"() {
    "use strict";
  }
});

// node_modules/yaml/browser/dist/schema/yaml-1.1/merge.js
function addMergeToJSMap(ctx, map3, value) {
  const source = resolveAliasValue(ctx, value);
  if (isSeq(source))
    for (const it of source.items)
      mergeValue(ctx, map3, it);
  else if (Array.isArray(source))
    for (const it of source)
      mergeValue(ctx, map3, it);
  else
    mergeValue(ctx, map3, source);
}
function mergeValue(ctx, map3, value) {
  const source = resolveAliasValue(ctx, value);
  if (!isMap2(source))
    throw new Error("Merge sources must be maps or map aliases");
  const srcMap = source.toJSON(null, ctx, Map);
  for (const [key, value2] of srcMap) {
    if (map3 instanceof Map) {
      if (!map3.has(key))
        map3.set(key, value2);
    } else if (map3 instanceof Set) {
      map3.add(key);
    } else if (!Object.prototype.hasOwnProperty.call(map3, key)) {
      Object.defineProperty(map3, key, {
        value: value2,
        writable: true,
        enumerable: true,
        configurable: true
      });
    }
  }
  return map3;
}
function resolveAliasValue(ctx, value) {
  return ctx && isAlias(value) ? value.resolve(ctx.doc, ctx) : value;
}
var MERGE_KEY, merge, isMergeKey;
var init_merge = __esm({
  "node_modules/yaml/browser/dist/schema/yaml-1.1/merge.js"() {
    "use strict";
    init_identity();
    init_Scalar();
    MERGE_KEY = "<<";
    merge = {
      identify: (value) => value === MERGE_KEY || typeof value === "symbol" && value.description === MERGE_KEY,
      default: "key",
      tag: "tag:yaml.org,2002:merge",
      test: /^<<$/,
      resolve: () => Object.assign(new Scalar(Symbol(MERGE_KEY)), {
        addToJSMap: addMergeToJSMap
      }),
      stringify: () => MERGE_KEY
    };
    isMergeKey = (ctx, key) => (merge.identify(key) || isScalar(key) && (!key.type || key.type === Scalar.PLAIN) && merge.identify(key.value)) && ctx?.doc.schema.tags.some((tag) => tag.tag === merge.tag && tag.default);
  }
});

// node_modules/yaml/browser/dist/nodes/addPairToJSMap.js
function addPairToJSMap(ctx, map3, { key, value }) {
  if (isNode(key) && key.addToJSMap)
    key.addToJSMap(ctx, map3, value);
  else if (isMergeKey(ctx, key))
    addMergeToJSMap(ctx, map3, value);
  else {
    const jsKey = toJS(key, "", ctx);
    if (map3 instanceof Map) {
      map3.set(jsKey, toJS(value, jsKey, ctx));
    } else if (map3 instanceof Set) {
      map3.add(jsKey);
    } else {
      const stringKey = stringifyKey(key, jsKey, ctx);
      const jsValue = toJS(value, stringKey, ctx);
      if (stringKey in map3)
        Object.defineProperty(map3, stringKey, {
          value: jsValue,
          writable: true,
          enumerable: true,
          configurable: true
        });
      else
        map3[stringKey] = jsValue;
    }
  }
  return map3;
}
function stringifyKey(key, jsKey, ctx) {
  if (jsKey === null)
    return "";
  if (typeof jsKey !== "object")
    return String(jsKey);
  if (isNode(key) && ctx?.doc) {
    const strCtx = createStringifyContext(ctx.doc, {});
    strCtx.anchors = /* @__PURE__ */ new Set();
    for (const node of ctx.anchors.keys())
      strCtx.anchors.add(node.anchor);
    strCtx.inFlow = true;
    strCtx.inStringifyKey = true;
    const strKey = key.toString(strCtx);
    if (!ctx.mapKeyWarned) {
      let jsonStr = JSON.stringify(strKey);
      if (jsonStr.length > 40)
        jsonStr = jsonStr.substring(0, 36) + '..."';
      warn(ctx.doc.options.logLevel, `Keys with collection values will be stringified due to JS Object restrictions: ${jsonStr}. Set mapAsMap: true to use object keys.`);
      ctx.mapKeyWarned = true;
    }
    return strKey;
  }
  return JSON.stringify(jsKey);
}
var init_addPairToJSMap = __esm({
  "node_modules/yaml/browser/dist/nodes/addPairToJSMap.js"() {
    "use strict";
    init_log();
    init_merge();
    init_stringify();
    init_identity();
    init_toJS();
  }
});

// node_modules/yaml/browser/dist/nodes/Pair.js
function createPair(key, value, ctx) {
  const k = createNode(key, void 0, ctx);
  const v = createNode(value, void 0, ctx);
  return new Pair(k, v);
}
var Pair;
var init_Pair = __esm({
  "node_modules/yaml/browser/dist/nodes/Pair.js"() {
    "use strict";
    init_createNode();
    init_stringifyPair();
    init_addPairToJSMap();
    init_identity();
    Pair = class _Pair {
      constructor(key, value = null) {
        Object.defineProperty(this, NODE_TYPE, { value: PAIR });
        this.key = key;
        this.value = value;
      }
      clone(schema4) {
        let { key, value } = this;
        if (isNode(key))
          key = key.clone(schema4);
        if (isNode(value))
          value = value.clone(schema4);
        return new _Pair(key, value);
      }
      toJSON(_, ctx) {
        const pair = ctx?.mapAsMap ? /* @__PURE__ */ new Map() : {};
        return addPairToJSMap(ctx, pair, this);
      }
      toString(ctx, onComment, onChompKeep) {
        return ctx?.doc ? stringifyPair(this, ctx, onComment, onChompKeep) : JSON.stringify(this);
      }
    };
  }
});

// node_modules/yaml/browser/dist/stringify/stringifyCollection.js
function stringifyCollection(collection, ctx, options) {
  const flow = ctx.inFlow ?? collection.flow;
  const stringify4 = flow ? stringifyFlowCollection : stringifyBlockCollection;
  return stringify4(collection, ctx, options);
}
function stringifyBlockCollection({ comment, items }, ctx, { blockItemPrefix, flowChars, itemIndent, onChompKeep, onComment }) {
  const { indent, options: { commentString } } = ctx;
  const itemCtx = Object.assign({}, ctx, { indent: itemIndent, type: null });
  let chompKeep = false;
  const lines2 = [];
  for (let i = 0; i < items.length; ++i) {
    const item = items[i];
    let comment2 = null;
    if (isNode(item)) {
      if (!chompKeep && item.spaceBefore)
        lines2.push("");
      addCommentBefore(ctx, lines2, item.commentBefore, chompKeep);
      if (item.comment)
        comment2 = item.comment;
    } else if (isPair(item)) {
      const ik = isNode(item.key) ? item.key : null;
      if (ik) {
        if (!chompKeep && ik.spaceBefore)
          lines2.push("");
        addCommentBefore(ctx, lines2, ik.commentBefore, chompKeep);
      }
    }
    chompKeep = false;
    let str2 = stringify(item, itemCtx, () => comment2 = null, () => chompKeep = true);
    if (comment2)
      str2 += lineComment(str2, itemIndent, commentString(comment2));
    if (chompKeep && comment2)
      chompKeep = false;
    lines2.push(blockItemPrefix + str2);
  }
  let str;
  if (lines2.length === 0) {
    str = flowChars.start + flowChars.end;
  } else {
    str = lines2[0];
    for (let i = 1; i < lines2.length; ++i) {
      const line2 = lines2[i];
      str += line2 ? `
${indent}${line2}` : "\n";
    }
  }
  if (comment) {
    str += "\n" + indentComment(commentString(comment), indent);
    if (onComment)
      onComment();
  } else if (chompKeep && onChompKeep)
    onChompKeep();
  return str;
}
function stringifyFlowCollection({ items }, ctx, { flowChars, itemIndent }) {
  const { indent, indentStep, flowCollectionPadding: fcPadding, options: { commentString } } = ctx;
  itemIndent += indentStep;
  const itemCtx = Object.assign({}, ctx, {
    indent: itemIndent,
    inFlow: true,
    type: null
  });
  let reqNewline = false;
  let linesAtValue = 0;
  const lines2 = [];
  for (let i = 0; i < items.length; ++i) {
    const item = items[i];
    let comment = null;
    if (isNode(item)) {
      if (item.spaceBefore)
        lines2.push("");
      addCommentBefore(ctx, lines2, item.commentBefore, false);
      if (item.comment)
        comment = item.comment;
    } else if (isPair(item)) {
      const ik = isNode(item.key) ? item.key : null;
      if (ik) {
        if (ik.spaceBefore)
          lines2.push("");
        addCommentBefore(ctx, lines2, ik.commentBefore, false);
        if (ik.comment)
          reqNewline = true;
      }
      const iv = isNode(item.value) ? item.value : null;
      if (iv) {
        if (iv.comment)
          comment = iv.comment;
        if (iv.commentBefore)
          reqNewline = true;
      } else if (item.value == null && ik?.comment) {
        comment = ik.comment;
      }
    }
    if (comment)
      reqNewline = true;
    let str = stringify(item, itemCtx, () => comment = null);
    reqNewline || (reqNewline = lines2.length > linesAtValue || str.includes("\n"));
    if (i < items.length - 1) {
      str += ",";
    } else if (ctx.options.trailingComma) {
      if (ctx.options.lineWidth > 0) {
        reqNewline || (reqNewline = lines2.reduce((sum, line2) => sum + line2.length + 2, 2) + (str.length + 2) > ctx.options.lineWidth);
      }
      if (reqNewline) {
        str += ",";
      }
    }
    if (comment)
      str += lineComment(str, itemIndent, commentString(comment));
    lines2.push(str);
    linesAtValue = lines2.length;
  }
  const { start, end: end2 } = flowChars;
  if (lines2.length === 0) {
    return start + end2;
  } else {
    if (!reqNewline) {
      const len = lines2.reduce((sum, line2) => sum + line2.length + 2, 2);
      reqNewline = ctx.options.lineWidth > 0 && len > ctx.options.lineWidth;
    }
    if (reqNewline) {
      let str = start;
      for (const line2 of lines2)
        str += line2 ? `
${indentStep}${indent}${line2}` : "\n";
      return `${str}
${indent}${end2}`;
    } else {
      return `${start}${fcPadding}${lines2.join(" ")}${fcPadding}${end2}`;
    }
  }
}
function addCommentBefore({ indent, options: { commentString } }, lines2, comment, chompKeep) {
  if (comment && chompKeep)
    comment = comment.replace(/^\n+/, "");
  if (comment) {
    const ic = indentComment(commentString(comment), indent);
    lines2.push(ic.trimStart());
  }
}
var init_stringifyCollection = __esm({
  "node_modules/yaml/browser/dist/stringify/stringifyCollection.js"() {
    "use strict";
    init_identity();
    init_stringify();
    init_stringifyComment();
  }
});

// node_modules/yaml/browser/dist/nodes/YAMLMap.js
function findPair(items, key) {
  const k = isScalar(key) ? key.value : key;
  for (const it of items) {
    if (isPair(it)) {
      if (it.key === key || it.key === k)
        return it;
      if (isScalar(it.key) && it.key.value === k)
        return it;
    }
  }
  return void 0;
}
var YAMLMap;
var init_YAMLMap = __esm({
  "node_modules/yaml/browser/dist/nodes/YAMLMap.js"() {
    "use strict";
    init_stringifyCollection();
    init_addPairToJSMap();
    init_Collection();
    init_identity();
    init_Pair();
    init_Scalar();
    YAMLMap = class extends Collection {
      static get tagName() {
        return "tag:yaml.org,2002:map";
      }
      constructor(schema4) {
        super(MAP, schema4);
        this.items = [];
      }
      /**
       * A generic collection parsing method that can be extended
       * to other node classes that inherit from YAMLMap
       */
      static from(schema4, obj, ctx) {
        const { keepUndefined, replacer } = ctx;
        const map3 = new this(schema4);
        const add = (key, value) => {
          if (typeof replacer === "function")
            value = replacer.call(obj, key, value);
          else if (Array.isArray(replacer) && !replacer.includes(key))
            return;
          if (value !== void 0 || keepUndefined)
            map3.items.push(createPair(key, value, ctx));
        };
        if (obj instanceof Map) {
          for (const [key, value] of obj)
            add(key, value);
        } else if (obj && typeof obj === "object") {
          for (const key of Object.keys(obj))
            add(key, obj[key]);
        }
        if (typeof schema4.sortMapEntries === "function") {
          map3.items.sort(schema4.sortMapEntries);
        }
        return map3;
      }
      /**
       * Adds a value to the collection.
       *
       * @param overwrite - If not set `true`, using a key that is already in the
       *   collection will throw. Otherwise, overwrites the previous value.
       */
      add(pair, overwrite) {
        let _pair;
        if (isPair(pair))
          _pair = pair;
        else if (!pair || typeof pair !== "object" || !("key" in pair)) {
          _pair = new Pair(pair, pair?.value);
        } else
          _pair = new Pair(pair.key, pair.value);
        const prev = findPair(this.items, _pair.key);
        const sortEntries = this.schema?.sortMapEntries;
        if (prev) {
          if (!overwrite)
            throw new Error(`Key ${_pair.key} already set`);
          if (isScalar(prev.value) && isScalarValue(_pair.value))
            prev.value.value = _pair.value;
          else
            prev.value = _pair.value;
        } else if (sortEntries) {
          const i = this.items.findIndex((item) => sortEntries(_pair, item) < 0);
          if (i === -1)
            this.items.push(_pair);
          else
            this.items.splice(i, 0, _pair);
        } else {
          this.items.push(_pair);
        }
      }
      delete(key) {
        const it = findPair(this.items, key);
        if (!it)
          return false;
        const del = this.items.splice(this.items.indexOf(it), 1);
        return del.length > 0;
      }
      get(key, keepScalar) {
        const it = findPair(this.items, key);
        const node = it?.value;
        return (!keepScalar && isScalar(node) ? node.value : node) ?? void 0;
      }
      has(key) {
        return !!findPair(this.items, key);
      }
      set(key, value) {
        this.add(new Pair(key, value), true);
      }
      /**
       * @param ctx - Conversion context, originally set in Document#toJS()
       * @param {Class} Type - If set, forces the returned collection type
       * @returns Instance of Type, Map, or Object
       */
      toJSON(_, ctx, Type) {
        const map3 = Type ? new Type() : ctx?.mapAsMap ? /* @__PURE__ */ new Map() : {};
        if (ctx?.onCreate)
          ctx.onCreate(map3);
        for (const item of this.items)
          addPairToJSMap(ctx, map3, item);
        return map3;
      }
      toString(ctx, onComment, onChompKeep) {
        if (!ctx)
          return JSON.stringify(this);
        for (const item of this.items) {
          if (!isPair(item))
            throw new Error(`Map items must all be pairs; found ${JSON.stringify(item)} instead`);
        }
        if (!ctx.allNullValues && this.hasAllNullValues(false))
          ctx = Object.assign({}, ctx, { allNullValues: true });
        return stringifyCollection(this, ctx, {
          blockItemPrefix: "",
          flowChars: { start: "{", end: "}" },
          itemIndent: ctx.indent || "",
          onChompKeep,
          onComment
        });
      }
    };
  }
});

// node_modules/yaml/browser/dist/schema/common/map.js
var map2;
var init_map = __esm({
  "node_modules/yaml/browser/dist/schema/common/map.js"() {
    "use strict";
    init_identity();
    init_YAMLMap();
    map2 = {
      collection: "map",
      default: true,
      nodeClass: YAMLMap,
      tag: "tag:yaml.org,2002:map",
      resolve(map3, onError) {
        if (!isMap2(map3))
          onError("Expected a mapping for this tag");
        return map3;
      },
      createNode: (schema4, obj, ctx) => YAMLMap.from(schema4, obj, ctx)
    };
  }
});

// node_modules/yaml/browser/dist/nodes/YAMLSeq.js
function asItemIndex(key) {
  let idx = isScalar(key) ? key.value : key;
  if (idx && typeof idx === "string")
    idx = Number(idx);
  return typeof idx === "number" && Number.isInteger(idx) && idx >= 0 ? idx : null;
}
var YAMLSeq;
var init_YAMLSeq = __esm({
  "node_modules/yaml/browser/dist/nodes/YAMLSeq.js"() {
    "use strict";
    init_createNode();
    init_stringifyCollection();
    init_Collection();
    init_identity();
    init_Scalar();
    init_toJS();
    YAMLSeq = class extends Collection {
      static get tagName() {
        return "tag:yaml.org,2002:seq";
      }
      constructor(schema4) {
        super(SEQ, schema4);
        this.items = [];
      }
      add(value) {
        this.items.push(value);
      }
      /**
       * Removes a value from the collection.
       *
       * `key` must contain a representation of an integer for this to succeed.
       * It may be wrapped in a `Scalar`.
       *
       * @returns `true` if the item was found and removed.
       */
      delete(key) {
        const idx = asItemIndex(key);
        if (typeof idx !== "number")
          return false;
        const del = this.items.splice(idx, 1);
        return del.length > 0;
      }
      get(key, keepScalar) {
        const idx = asItemIndex(key);
        if (typeof idx !== "number")
          return void 0;
        const it = this.items[idx];
        return !keepScalar && isScalar(it) ? it.value : it;
      }
      /**
       * Checks if the collection includes a value with the key `key`.
       *
       * `key` must contain a representation of an integer for this to succeed.
       * It may be wrapped in a `Scalar`.
       */
      has(key) {
        const idx = asItemIndex(key);
        return typeof idx === "number" && idx < this.items.length;
      }
      /**
       * Sets a value in this collection. For `!!set`, `value` needs to be a
       * boolean to add/remove the item from the set.
       *
       * If `key` does not contain a representation of an integer, this will throw.
       * It may be wrapped in a `Scalar`.
       */
      set(key, value) {
        const idx = asItemIndex(key);
        if (typeof idx !== "number")
          throw new Error(`Expected a valid index, not ${key}.`);
        const prev = this.items[idx];
        if (isScalar(prev) && isScalarValue(value))
          prev.value = value;
        else
          this.items[idx] = value;
      }
      toJSON(_, ctx) {
        const seq2 = [];
        if (ctx?.onCreate)
          ctx.onCreate(seq2);
        let i = 0;
        for (const item of this.items)
          seq2.push(toJS(item, String(i++), ctx));
        return seq2;
      }
      toString(ctx, onComment, onChompKeep) {
        if (!ctx)
          return JSON.stringify(this);
        return stringifyCollection(this, ctx, {
          blockItemPrefix: "- ",
          flowChars: { start: "[", end: "]" },
          itemIndent: (ctx.indent || "") + "  ",
          onChompKeep,
          onComment
        });
      }
      static from(schema4, obj, ctx) {
        const { replacer } = ctx;
        const seq2 = new this(schema4);
        if (obj && Symbol.iterator in Object(obj)) {
          let i = 0;
          for (let it of obj) {
            if (typeof replacer === "function") {
              const key = obj instanceof Set ? it : String(i++);
              it = replacer.call(obj, key, it);
            }
            seq2.items.push(createNode(it, void 0, ctx));
          }
        }
        return seq2;
      }
    };
  }
});

// node_modules/yaml/browser/dist/schema/common/seq.js
var seq;
var init_seq = __esm({
  "node_modules/yaml/browser/dist/schema/common/seq.js"() {
    "use strict";
    init_identity();
    init_YAMLSeq();
    seq = {
      collection: "seq",
      default: true,
      nodeClass: YAMLSeq,
      tag: "tag:yaml.org,2002:seq",
      resolve(seq2, onError) {
        if (!isSeq(seq2))
          onError("Expected a sequence for this tag");
        return seq2;
      },
      createNode: (schema4, obj, ctx) => YAMLSeq.from(schema4, obj, ctx)
    };
  }
});

// node_modules/yaml/browser/dist/schema/common/string.js
var string2;
var init_string = __esm({
  "node_modules/yaml/browser/dist/schema/common/string.js"() {
    "use strict";
    init_stringifyString();
    string2 = {
      identify: (value) => typeof value === "string",
      default: true,
      tag: "tag:yaml.org,2002:str",
      resolve: (str) => str,
      stringify(item, ctx, onComment, onChompKeep) {
        ctx = Object.assign({ actualString: true }, ctx);
        return stringifyString(item, ctx, onComment, onChompKeep);
      }
    };
  }
});

// node_modules/yaml/browser/dist/schema/common/null.js
var nullTag;
var init_null = __esm({
  "node_modules/yaml/browser/dist/schema/common/null.js"() {
    "use strict";
    init_Scalar();
    nullTag = {
      identify: (value) => value == null,
      createNode: () => new Scalar(null),
      default: true,
      tag: "tag:yaml.org,2002:null",
      test: /^(?:~|[Nn]ull|NULL)?$/,
      resolve: () => new Scalar(null),
      stringify: ({ source }, ctx) => typeof source === "string" && nullTag.test.test(source) ? source : ctx.options.nullStr
    };
  }
});

// node_modules/yaml/browser/dist/schema/core/bool.js
var boolTag;
var init_bool = __esm({
  "node_modules/yaml/browser/dist/schema/core/bool.js"() {
    "use strict";
    init_Scalar();
    boolTag = {
      identify: (value) => typeof value === "boolean",
      default: true,
      tag: "tag:yaml.org,2002:bool",
      test: /^(?:[Tt]rue|TRUE|[Ff]alse|FALSE)$/,
      resolve: (str) => new Scalar(str[0] === "t" || str[0] === "T"),
      stringify({ source, value }, ctx) {
        if (source && boolTag.test.test(source)) {
          const sv = source[0] === "t" || source[0] === "T";
          if (value === sv)
            return source;
        }
        return value ? ctx.options.trueStr : ctx.options.falseStr;
      }
    };
  }
});

// node_modules/yaml/browser/dist/stringify/stringifyNumber.js
function stringifyNumber({ format, minFractionDigits, tag, value }) {
  if (typeof value === "bigint")
    return String(value);
  const num = typeof value === "number" ? value : Number(value);
  if (!isFinite(num))
    return isNaN(num) ? ".nan" : num < 0 ? "-.inf" : ".inf";
  let n = Object.is(value, -0) ? "-0" : JSON.stringify(value);
  if (!format && minFractionDigits && (!tag || tag === "tag:yaml.org,2002:float") && /^-?\d/.test(n) && !n.includes("e")) {
    let i = n.indexOf(".");
    if (i < 0) {
      i = n.length;
      n += ".";
    }
    let d = minFractionDigits - (n.length - i - 1);
    while (d-- > 0)
      n += "0";
  }
  return n;
}
var init_stringifyNumber = __esm({
  "node_modules/yaml/browser/dist/stringify/stringifyNumber.js"() {
    "use strict";
  }
});

// node_modules/yaml/browser/dist/schema/core/float.js
var floatNaN, floatExp, float;
var init_float = __esm({
  "node_modules/yaml/browser/dist/schema/core/float.js"() {
    "use strict";
    init_Scalar();
    init_stringifyNumber();
    floatNaN = {
      identify: (value) => typeof value === "number",
      default: true,
      tag: "tag:yaml.org,2002:float",
      test: /^(?:[-+]?\.(?:inf|Inf|INF)|\.nan|\.NaN|\.NAN)$/,
      resolve: (str) => str.slice(-3).toLowerCase() === "nan" ? NaN : str[0] === "-" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY,
      stringify: stringifyNumber
    };
    floatExp = {
      identify: (value) => typeof value === "number",
      default: true,
      tag: "tag:yaml.org,2002:float",
      format: "EXP",
      test: /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)[eE][-+]?[0-9]+$/,
      resolve: (str) => parseFloat(str),
      stringify(node) {
        const num = Number(node.value);
        return isFinite(num) ? num.toExponential() : stringifyNumber(node);
      }
    };
    float = {
      identify: (value) => typeof value === "number",
      default: true,
      tag: "tag:yaml.org,2002:float",
      test: /^[-+]?(?:\.[0-9]+|[0-9]+\.[0-9]*)$/,
      resolve(str) {
        const node = new Scalar(parseFloat(str));
        const dot = str.indexOf(".");
        if (dot !== -1 && str[str.length - 1] === "0")
          node.minFractionDigits = str.length - dot - 1;
        return node;
      },
      stringify: stringifyNumber
    };
  }
});

// node_modules/yaml/browser/dist/schema/core/int.js
function intStringify(node, radix, prefix) {
  const { value } = node;
  if (intIdentify(value) && value >= 0)
    return prefix + value.toString(radix);
  return stringifyNumber(node);
}
var intIdentify, intResolve, intOct, int, intHex;
var init_int = __esm({
  "node_modules/yaml/browser/dist/schema/core/int.js"() {
    "use strict";
    init_stringifyNumber();
    intIdentify = (value) => typeof value === "bigint" || Number.isInteger(value);
    intResolve = (str, offset2, radix, { intAsBigInt }) => intAsBigInt ? BigInt(str) : parseInt(str.substring(offset2), radix);
    intOct = {
      identify: (value) => intIdentify(value) && value >= 0,
      default: true,
      tag: "tag:yaml.org,2002:int",
      format: "OCT",
      test: /^0o[0-7]+$/,
      resolve: (str, _onError, opt) => intResolve(str, 2, 8, opt),
      stringify: (node) => intStringify(node, 8, "0o")
    };
    int = {
      identify: intIdentify,
      default: true,
      tag: "tag:yaml.org,2002:int",
      test: /^[-+]?[0-9]+$/,
      resolve: (str, _onError, opt) => intResolve(str, 0, 10, opt),
      stringify: stringifyNumber
    };
    intHex = {
      identify: (value) => intIdentify(value) && value >= 0,
      default: true,
      tag: "tag:yaml.org,2002:int",
      format: "HEX",
      test: /^0x[0-9a-fA-F]+$/,
      resolve: (str, _onError, opt) => intResolve(str, 2, 16, opt),
      stringify: (node) => intStringify(node, 16, "0x")
    };
  }
});

// node_modules/yaml/browser/dist/schema/core/schema.js
var schema;
var init_schema2 = __esm({
  "node_modules/yaml/browser/dist/schema/core/schema.js"() {
    "use strict";
    init_map();
    init_null();
    init_seq();
    init_string();
    init_bool();
    init_float();
    init_int();
    schema = [
      map2,
      seq,
      string2,
      nullTag,
      boolTag,
      intOct,
      int,
      intHex,
      floatNaN,
      floatExp,
      float
    ];
  }
});

// node_modules/yaml/browser/dist/schema/json/schema.js
function intIdentify2(value) {
  return typeof value === "bigint" || Number.isInteger(value);
}
var stringifyJSON, jsonScalars, jsonError, schema2;
var init_schema3 = __esm({
  "node_modules/yaml/browser/dist/schema/json/schema.js"() {
    "use strict";
    init_Scalar();
    init_map();
    init_seq();
    stringifyJSON = ({ value }) => JSON.stringify(value);
    jsonScalars = [
      {
        identify: (value) => typeof value === "string",
        default: true,
        tag: "tag:yaml.org,2002:str",
        resolve: (str) => str,
        stringify: stringifyJSON
      },
      {
        identify: (value) => value == null,
        createNode: () => new Scalar(null),
        default: true,
        tag: "tag:yaml.org,2002:null",
        test: /^null$/,
        resolve: () => null,
        stringify: stringifyJSON
      },
      {
        identify: (value) => typeof value === "boolean",
        default: true,
        tag: "tag:yaml.org,2002:bool",
        test: /^true$|^false$/,
        resolve: (str) => str === "true",
        stringify: stringifyJSON
      },
      {
        identify: intIdentify2,
        default: true,
        tag: "tag:yaml.org,2002:int",
        test: /^-?(?:0|[1-9][0-9]*)$/,
        resolve: (str, _onError, { intAsBigInt }) => intAsBigInt ? BigInt(str) : parseInt(str, 10),
        stringify: ({ value }) => intIdentify2(value) ? value.toString() : JSON.stringify(value)
      },
      {
        identify: (value) => typeof value === "number",
        default: true,
        tag: "tag:yaml.org,2002:float",
        test: /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]*)?(?:[eE][-+]?[0-9]+)?$/,
        resolve: (str) => parseFloat(str),
        stringify: stringifyJSON
      }
    ];
    jsonError = {
      default: true,
      tag: "",
      test: /^/,
      resolve(str, onError) {
        onError(`Unresolved plain scalar ${JSON.stringify(str)}`);
        return str;
      }
    };
    schema2 = [map2, seq].concat(jsonScalars, jsonError);
  }
});

// node_modules/yaml/browser/dist/schema/yaml-1.1/binary.js
var binary;
var init_binary = __esm({
  "node_modules/yaml/browser/dist/schema/yaml-1.1/binary.js"() {
    "use strict";
    init_Scalar();
    init_stringifyString();
    binary = {
      identify: (value) => value instanceof Uint8Array,
      // Buffer inherits from Uint8Array
      default: false,
      tag: "tag:yaml.org,2002:binary",
      /**
       * Returns a Buffer in node and an Uint8Array in browsers
       *
       * To use the resulting buffer as an image, you'll want to do something like:
       *
       *   const blob = new Blob([buffer], { type: 'image/jpeg' })
       *   document.querySelector('#photo').src = URL.createObjectURL(blob)
       */
      resolve(src, onError) {
        if (typeof atob === "function") {
          const str = atob(src.replace(/[\n\r]/g, ""));
          const buffer = new Uint8Array(str.length);
          for (let i = 0; i < str.length; ++i)
            buffer[i] = str.charCodeAt(i);
          return buffer;
        } else {
          onError("This environment does not support reading binary tags; either Buffer or atob is required");
          return src;
        }
      },
      stringify({ comment, type, value }, ctx, onComment, onChompKeep) {
        if (!value)
          return "";
        const buf = value;
        let str;
        if (typeof btoa === "function") {
          let s = "";
          for (let i = 0; i < buf.length; ++i)
            s += String.fromCharCode(buf[i]);
          str = btoa(s);
        } else {
          throw new Error("This environment does not support writing binary tags; either Buffer or btoa is required");
        }
        type ?? (type = Scalar.BLOCK_LITERAL);
        if (type !== Scalar.QUOTE_DOUBLE) {
          const lineWidth = Math.max(ctx.options.lineWidth - ctx.indent.length, ctx.options.minContentWidth);
          const n = Math.ceil(str.length / lineWidth);
          const lines2 = new Array(n);
          for (let i = 0, o = 0; i < n; ++i, o += lineWidth) {
            lines2[i] = str.substr(o, lineWidth);
          }
          str = lines2.join(type === Scalar.BLOCK_LITERAL ? "\n" : " ");
        }
        return stringifyString({ comment, type, value: str }, ctx, onComment, onChompKeep);
      }
    };
  }
});

// node_modules/yaml/browser/dist/schema/yaml-1.1/pairs.js
function resolvePairs(seq2, onError) {
  if (isSeq(seq2)) {
    for (let i = 0; i < seq2.items.length; ++i) {
      let item = seq2.items[i];
      if (isPair(item))
        continue;
      else if (isMap2(item)) {
        if (item.items.length > 1)
          onError("Each pair must have its own sequence indicator");
        const pair = item.items[0] || new Pair(new Scalar(null));
        if (item.commentBefore)
          pair.key.commentBefore = pair.key.commentBefore ? `${item.commentBefore}
${pair.key.commentBefore}` : item.commentBefore;
        if (item.comment) {
          const cn = pair.value ?? pair.key;
          cn.comment = cn.comment ? `${item.comment}
${cn.comment}` : item.comment;
        }
        item = pair;
      }
      seq2.items[i] = isPair(item) ? item : new Pair(item);
    }
  } else
    onError("Expected a sequence for this tag");
  return seq2;
}
function createPairs(schema4, iterable, ctx) {
  const { replacer } = ctx;
  const pairs2 = new YAMLSeq(schema4);
  pairs2.tag = "tag:yaml.org,2002:pairs";
  let i = 0;
  if (iterable && Symbol.iterator in Object(iterable))
    for (let it of iterable) {
      if (typeof replacer === "function")
        it = replacer.call(iterable, String(i++), it);
      let key, value;
      if (Array.isArray(it)) {
        if (it.length === 2) {
          key = it[0];
          value = it[1];
        } else
          throw new TypeError(`Expected [key, value] tuple: ${it}`);
      } else if (it && it instanceof Object) {
        const keys = Object.keys(it);
        if (keys.length === 1) {
          key = keys[0];
          value = it[key];
        } else {
          throw new TypeError(`Expected tuple with one key, not ${keys.length} keys`);
        }
      } else {
        key = it;
      }
      pairs2.items.push(createPair(key, value, ctx));
    }
  return pairs2;
}
var pairs;
var init_pairs = __esm({
  "node_modules/yaml/browser/dist/schema/yaml-1.1/pairs.js"() {
    "use strict";
    init_identity();
    init_Pair();
    init_Scalar();
    init_YAMLSeq();
    pairs = {
      collection: "seq",
      default: false,
      tag: "tag:yaml.org,2002:pairs",
      resolve: resolvePairs,
      createNode: createPairs
    };
  }
});

// node_modules/yaml/browser/dist/schema/yaml-1.1/omap.js
var YAMLOMap, omap;
var init_omap = __esm({
  "node_modules/yaml/browser/dist/schema/yaml-1.1/omap.js"() {
    "use strict";
    init_identity();
    init_toJS();
    init_YAMLMap();
    init_YAMLSeq();
    init_pairs();
    YAMLOMap = class _YAMLOMap extends YAMLSeq {
      constructor() {
        super();
        this.add = YAMLMap.prototype.add.bind(this);
        this.delete = YAMLMap.prototype.delete.bind(this);
        this.get = YAMLMap.prototype.get.bind(this);
        this.has = YAMLMap.prototype.has.bind(this);
        this.set = YAMLMap.prototype.set.bind(this);
        this.tag = _YAMLOMap.tag;
      }
      /**
       * If `ctx` is given, the return type is actually `Map<unknown, unknown>`,
       * but TypeScript won't allow widening the signature of a child method.
       */
      toJSON(_, ctx) {
        if (!ctx)
          return super.toJSON(_);
        const map3 = /* @__PURE__ */ new Map();
        if (ctx?.onCreate)
          ctx.onCreate(map3);
        for (const pair of this.items) {
          let key, value;
          if (isPair(pair)) {
            key = toJS(pair.key, "", ctx);
            value = toJS(pair.value, key, ctx);
          } else {
            key = toJS(pair, "", ctx);
          }
          if (map3.has(key))
            throw new Error("Ordered maps must not include duplicate keys");
          map3.set(key, value);
        }
        return map3;
      }
      static from(schema4, iterable, ctx) {
        const pairs2 = createPairs(schema4, iterable, ctx);
        const omap2 = new this();
        omap2.items = pairs2.items;
        return omap2;
      }
    };
    YAMLOMap.tag = "tag:yaml.org,2002:omap";
    omap = {
      collection: "seq",
      identify: (value) => value instanceof Map,
      nodeClass: YAMLOMap,
      default: false,
      tag: "tag:yaml.org,2002:omap",
      resolve(seq2, onError) {
        const pairs2 = resolvePairs(seq2, onError);
        const seenKeys = [];
        for (const { key } of pairs2.items) {
          if (isScalar(key)) {
            if (seenKeys.includes(key.value)) {
              onError(`Ordered maps must not include duplicate keys: ${key.value}`);
            } else {
              seenKeys.push(key.value);
            }
          }
        }
        return Object.assign(new YAMLOMap(), pairs2);
      },
      createNode: (schema4, iterable, ctx) => YAMLOMap.from(schema4, iterable, ctx)
    };
  }
});

// node_modules/yaml/browser/dist/schema/yaml-1.1/bool.js
function boolStringify({ value, source }, ctx) {
  const boolObj = value ? trueTag : falseTag;
  if (source && boolObj.test.test(source))
    return source;
  return value ? ctx.options.trueStr : ctx.options.falseStr;
}
var trueTag, falseTag;
var init_bool2 = __esm({
  "node_modules/yaml/browser/dist/schema/yaml-1.1/bool.js"() {
    "use strict";
    init_Scalar();
    trueTag = {
      identify: (value) => value === true,
      default: true,
      tag: "tag:yaml.org,2002:bool",
      test: /^(?:Y|y|[Yy]es|YES|[Tt]rue|TRUE|[Oo]n|ON)$/,
      resolve: () => new Scalar(true),
      stringify: boolStringify
    };
    falseTag = {
      identify: (value) => value === false,
      default: true,
      tag: "tag:yaml.org,2002:bool",
      test: /^(?:N|n|[Nn]o|NO|[Ff]alse|FALSE|[Oo]ff|OFF)$/,
      resolve: () => new Scalar(false),
      stringify: boolStringify
    };
  }
});

// node_modules/yaml/browser/dist/schema/yaml-1.1/float.js
var floatNaN2, floatExp2, float2;
var init_float2 = __esm({
  "node_modules/yaml/browser/dist/schema/yaml-1.1/float.js"() {
    "use strict";
    init_Scalar();
    init_stringifyNumber();
    floatNaN2 = {
      identify: (value) => typeof value === "number",
      default: true,
      tag: "tag:yaml.org,2002:float",
      test: /^(?:[-+]?\.(?:inf|Inf|INF)|\.nan|\.NaN|\.NAN)$/,
      resolve: (str) => str.slice(-3).toLowerCase() === "nan" ? NaN : str[0] === "-" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY,
      stringify: stringifyNumber
    };
    floatExp2 = {
      identify: (value) => typeof value === "number",
      default: true,
      tag: "tag:yaml.org,2002:float",
      format: "EXP",
      test: /^[-+]?(?:[0-9][0-9_]*)?(?:\.[0-9_]*)?[eE][-+]?[0-9]+$/,
      resolve: (str) => parseFloat(str.replace(/_/g, "")),
      stringify(node) {
        const num = Number(node.value);
        return isFinite(num) ? num.toExponential() : stringifyNumber(node);
      }
    };
    float2 = {
      identify: (value) => typeof value === "number",
      default: true,
      tag: "tag:yaml.org,2002:float",
      test: /^[-+]?(?:[0-9][0-9_]*)?\.[0-9_]*$/,
      resolve(str) {
        const node = new Scalar(parseFloat(str.replace(/_/g, "")));
        const dot = str.indexOf(".");
        if (dot !== -1) {
          const f = str.substring(dot + 1).replace(/_/g, "");
          if (f[f.length - 1] === "0")
            node.minFractionDigits = f.length;
        }
        return node;
      },
      stringify: stringifyNumber
    };
  }
});

// node_modules/yaml/browser/dist/schema/yaml-1.1/int.js
function intResolve2(str, offset2, radix, { intAsBigInt }) {
  const sign = str[0];
  if (sign === "-" || sign === "+")
    offset2 += 1;
  str = str.substring(offset2).replace(/_/g, "");
  if (intAsBigInt) {
    switch (radix) {
      case 2:
        str = `0b${str}`;
        break;
      case 8:
        str = `0o${str}`;
        break;
      case 16:
        str = `0x${str}`;
        break;
    }
    const n2 = BigInt(str);
    return sign === "-" ? BigInt(-1) * n2 : n2;
  }
  const n = parseInt(str, radix);
  return sign === "-" ? -1 * n : n;
}
function intStringify2(node, radix, prefix) {
  const { value } = node;
  if (intIdentify3(value)) {
    const str = value.toString(radix);
    return value < 0 ? "-" + prefix + str.substr(1) : prefix + str;
  }
  return stringifyNumber(node);
}
var intIdentify3, intBin, intOct2, int2, intHex2;
var init_int2 = __esm({
  "node_modules/yaml/browser/dist/schema/yaml-1.1/int.js"() {
    "use strict";
    init_stringifyNumber();
    intIdentify3 = (value) => typeof value === "bigint" || Number.isInteger(value);
    intBin = {
      identify: intIdentify3,
      default: true,
      tag: "tag:yaml.org,2002:int",
      format: "BIN",
      test: /^[-+]?0b[0-1_]+$/,
      resolve: (str, _onError, opt) => intResolve2(str, 2, 2, opt),
      stringify: (node) => intStringify2(node, 2, "0b")
    };
    intOct2 = {
      identify: intIdentify3,
      default: true,
      tag: "tag:yaml.org,2002:int",
      format: "OCT",
      test: /^[-+]?0[0-7_]+$/,
      resolve: (str, _onError, opt) => intResolve2(str, 1, 8, opt),
      stringify: (node) => intStringify2(node, 8, "0")
    };
    int2 = {
      identify: intIdentify3,
      default: true,
      tag: "tag:yaml.org,2002:int",
      test: /^[-+]?[0-9][0-9_]*$/,
      resolve: (str, _onError, opt) => intResolve2(str, 0, 10, opt),
      stringify: stringifyNumber
    };
    intHex2 = {
      identify: intIdentify3,
      default: true,
      tag: "tag:yaml.org,2002:int",
      format: "HEX",
      test: /^[-+]?0x[0-9a-fA-F_]+$/,
      resolve: (str, _onError, opt) => intResolve2(str, 2, 16, opt),
      stringify: (node) => intStringify2(node, 16, "0x")
    };
  }
});

// node_modules/yaml/browser/dist/schema/yaml-1.1/set.js
var YAMLSet, set;
var init_set = __esm({
  "node_modules/yaml/browser/dist/schema/yaml-1.1/set.js"() {
    "use strict";
    init_identity();
    init_Pair();
    init_YAMLMap();
    YAMLSet = class _YAMLSet extends YAMLMap {
      constructor(schema4) {
        super(schema4);
        this.tag = _YAMLSet.tag;
      }
      add(key) {
        let pair;
        if (isPair(key))
          pair = key;
        else if (key && typeof key === "object" && "key" in key && "value" in key && key.value === null)
          pair = new Pair(key.key, null);
        else
          pair = new Pair(key, null);
        const prev = findPair(this.items, pair.key);
        if (!prev)
          this.items.push(pair);
      }
      /**
       * If `keepPair` is `true`, returns the Pair matching `key`.
       * Otherwise, returns the value of that Pair's key.
       */
      get(key, keepPair) {
        const pair = findPair(this.items, key);
        return !keepPair && isPair(pair) ? isScalar(pair.key) ? pair.key.value : pair.key : pair;
      }
      set(key, value) {
        if (typeof value !== "boolean")
          throw new Error(`Expected boolean value for set(key, value) in a YAML set, not ${typeof value}`);
        const prev = findPair(this.items, key);
        if (prev && !value) {
          this.items.splice(this.items.indexOf(prev), 1);
        } else if (!prev && value) {
          this.items.push(new Pair(key));
        }
      }
      toJSON(_, ctx) {
        return super.toJSON(_, ctx, Set);
      }
      toString(ctx, onComment, onChompKeep) {
        if (!ctx)
          return JSON.stringify(this);
        if (this.hasAllNullValues(true))
          return super.toString(Object.assign({}, ctx, { allNullValues: true }), onComment, onChompKeep);
        else
          throw new Error("Set items must all have null values");
      }
      static from(schema4, iterable, ctx) {
        const { replacer } = ctx;
        const set2 = new this(schema4);
        if (iterable && Symbol.iterator in Object(iterable))
          for (let value of iterable) {
            if (typeof replacer === "function")
              value = replacer.call(iterable, value, value);
            set2.items.push(createPair(value, null, ctx));
          }
        return set2;
      }
    };
    YAMLSet.tag = "tag:yaml.org,2002:set";
    set = {
      collection: "map",
      identify: (value) => value instanceof Set,
      nodeClass: YAMLSet,
      default: false,
      tag: "tag:yaml.org,2002:set",
      createNode: (schema4, iterable, ctx) => YAMLSet.from(schema4, iterable, ctx),
      resolve(map3, onError) {
        if (isMap2(map3)) {
          if (map3.hasAllNullValues(true))
            return Object.assign(new YAMLSet(), map3);
          else
            onError("Set items must all have null values");
        } else
          onError("Expected a mapping for this tag");
        return map3;
      }
    };
  }
});

// node_modules/yaml/browser/dist/schema/yaml-1.1/timestamp.js
function parseSexagesimal(str, asBigInt) {
  const sign = str[0];
  const parts = sign === "-" || sign === "+" ? str.substring(1) : str;
  const num = (n) => asBigInt ? BigInt(n) : Number(n);
  const res = parts.replace(/_/g, "").split(":").reduce((res2, p) => res2 * num(60) + num(p), num(0));
  return sign === "-" ? num(-1) * res : res;
}
function stringifySexagesimal(node) {
  let { value } = node;
  let num = (n) => n;
  if (typeof value === "bigint")
    num = (n) => BigInt(n);
  else if (isNaN(value) || !isFinite(value))
    return stringifyNumber(node);
  let sign = "";
  if (value < 0) {
    sign = "-";
    value *= num(-1);
  }
  const _60 = num(60);
  const parts = [value % _60];
  if (value < 60) {
    parts.unshift(0);
  } else {
    value = (value - parts[0]) / _60;
    parts.unshift(value % _60);
    if (value >= 60) {
      value = (value - parts[0]) / _60;
      parts.unshift(value);
    }
  }
  return sign + parts.map((n) => String(n).padStart(2, "0")).join(":").replace(/000000\d*$/, "");
}
var intTime, floatTime, timestamp;
var init_timestamp = __esm({
  "node_modules/yaml/browser/dist/schema/yaml-1.1/timestamp.js"() {
    "use strict";
    init_stringifyNumber();
    intTime = {
      identify: (value) => typeof value === "bigint" || Number.isInteger(value),
      default: true,
      tag: "tag:yaml.org,2002:int",
      format: "TIME",
      test: /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+$/,
      resolve: (str, _onError, { intAsBigInt }) => parseSexagesimal(str, intAsBigInt),
      stringify: stringifySexagesimal
    };
    floatTime = {
      identify: (value) => typeof value === "number",
      default: true,
      tag: "tag:yaml.org,2002:float",
      format: "TIME",
      test: /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*$/,
      resolve: (str) => parseSexagesimal(str, false),
      stringify: stringifySexagesimal
    };
    timestamp = {
      identify: (value) => value instanceof Date,
      default: true,
      tag: "tag:yaml.org,2002:timestamp",
      // If the time zone is omitted, the timestamp is assumed to be specified in UTC. The time part
      // may be omitted altogether, resulting in a date format. In such a case, the time part is
      // assumed to be 00:00:00Z (start of day, UTC).
      test: RegExp("^([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:(?:t|T|[ \\t]+)([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2}(\\.[0-9]+)?)(?:[ \\t]*(Z|[-+][012]?[0-9](?::[0-9]{2})?))?)?$"),
      resolve(str) {
        const match = str.match(timestamp.test);
        if (!match)
          throw new Error("!!timestamp expects a date, starting with yyyy-mm-dd");
        const [, year, month, day, hour, minute, second] = match.map(Number);
        const millisec = match[7] ? Number((match[7] + "00").substr(1, 3)) : 0;
        let date = Date.UTC(year, month - 1, day, hour || 0, minute || 0, second || 0, millisec);
        const tz = match[8];
        if (tz && tz !== "Z") {
          let d = parseSexagesimal(tz, false);
          if (Math.abs(d) < 30)
            d *= 60;
          date -= 6e4 * d;
        }
        return new Date(date);
      },
      stringify: ({ value }) => value?.toISOString().replace(/(T00:00:00)?\.000Z$/, "") ?? ""
    };
  }
});

// node_modules/yaml/browser/dist/schema/yaml-1.1/schema.js
var schema3;
var init_schema4 = __esm({
  "node_modules/yaml/browser/dist/schema/yaml-1.1/schema.js"() {
    "use strict";
    init_map();
    init_null();
    init_seq();
    init_string();
    init_binary();
    init_bool2();
    init_float2();
    init_int2();
    init_merge();
    init_omap();
    init_pairs();
    init_set();
    init_timestamp();
    schema3 = [
      map2,
      seq,
      string2,
      nullTag,
      trueTag,
      falseTag,
      intBin,
      intOct2,
      int2,
      intHex2,
      floatNaN2,
      floatExp2,
      float2,
      binary,
      merge,
      omap,
      pairs,
      set,
      intTime,
      floatTime,
      timestamp
    ];
  }
});

// node_modules/yaml/browser/dist/schema/tags.js
function getTags(customTags, schemaName, addMergeTag) {
  const schemaTags = schemas.get(schemaName);
  if (schemaTags && !customTags) {
    return addMergeTag && !schemaTags.includes(merge) ? schemaTags.concat(merge) : schemaTags.slice();
  }
  let tags = schemaTags;
  if (!tags) {
    if (Array.isArray(customTags))
      tags = [];
    else {
      const keys = Array.from(schemas.keys()).filter((key) => key !== "yaml11").map((key) => JSON.stringify(key)).join(", ");
      throw new Error(`Unknown schema "${schemaName}"; use one of ${keys} or define customTags array`);
    }
  }
  if (Array.isArray(customTags)) {
    for (const tag of customTags)
      tags = tags.concat(tag);
  } else if (typeof customTags === "function") {
    tags = customTags(tags.slice());
  }
  if (addMergeTag)
    tags = tags.concat(merge);
  return tags.reduce((tags2, tag) => {
    const tagObj = typeof tag === "string" ? tagsByName[tag] : tag;
    if (!tagObj) {
      const tagName = JSON.stringify(tag);
      const keys = Object.keys(tagsByName).map((key) => JSON.stringify(key)).join(", ");
      throw new Error(`Unknown custom tag ${tagName}; use one of ${keys}`);
    }
    if (!tags2.includes(tagObj))
      tags2.push(tagObj);
    return tags2;
  }, []);
}
var schemas, tagsByName, coreKnownTags;
var init_tags = __esm({
  "node_modules/yaml/browser/dist/schema/tags.js"() {
    "use strict";
    init_map();
    init_null();
    init_seq();
    init_string();
    init_bool();
    init_float();
    init_int();
    init_schema2();
    init_schema3();
    init_binary();
    init_merge();
    init_omap();
    init_pairs();
    init_schema4();
    init_set();
    init_timestamp();
    schemas = /* @__PURE__ */ new Map([
      ["core", schema],
      ["failsafe", [map2, seq, string2]],
      ["json", schema2],
      ["yaml11", schema3],
      ["yaml-1.1", schema3]
    ]);
    tagsByName = {
      binary,
      bool: boolTag,
      float,
      floatExp,
      floatNaN,
      floatTime,
      int,
      intHex,
      intOct,
      intTime,
      map: map2,
      merge,
      null: nullTag,
      omap,
      pairs,
      seq,
      set,
      timestamp
    };
    coreKnownTags = {
      "tag:yaml.org,2002:binary": binary,
      "tag:yaml.org,2002:merge": merge,
      "tag:yaml.org,2002:omap": omap,
      "tag:yaml.org,2002:pairs": pairs,
      "tag:yaml.org,2002:set": set,
      "tag:yaml.org,2002:timestamp": timestamp
    };
  }
});

// node_modules/yaml/browser/dist/schema/Schema.js
var sortMapEntriesByKey, Schema;
var init_Schema = __esm({
  "node_modules/yaml/browser/dist/schema/Schema.js"() {
    "use strict";
    init_identity();
    init_map();
    init_seq();
    init_string();
    init_tags();
    sortMapEntriesByKey = (a, b) => a.key < b.key ? -1 : a.key > b.key ? 1 : 0;
    Schema = class _Schema {
      constructor({ compat, customTags, merge: merge2, resolveKnownTags, schema: schema4, sortMapEntries, toStringDefaults }) {
        this.compat = Array.isArray(compat) ? getTags(compat, "compat") : compat ? getTags(null, compat) : null;
        this.name = typeof schema4 === "string" && schema4 || "core";
        this.knownTags = resolveKnownTags ? coreKnownTags : {};
        this.tags = getTags(customTags, this.name, merge2);
        this.toStringOptions = toStringDefaults ?? null;
        Object.defineProperty(this, MAP, { value: map2 });
        Object.defineProperty(this, SCALAR, { value: string2 });
        Object.defineProperty(this, SEQ, { value: seq });
        this.sortMapEntries = typeof sortMapEntries === "function" ? sortMapEntries : sortMapEntries === true ? sortMapEntriesByKey : null;
      }
      clone() {
        const copy = Object.create(_Schema.prototype, Object.getOwnPropertyDescriptors(this));
        copy.tags = this.tags.slice();
        return copy;
      }
    };
  }
});

// node_modules/yaml/browser/dist/stringify/stringifyDocument.js
function stringifyDocument(doc, options) {
  const lines2 = [];
  let hasDirectives = options.directives === true;
  if (options.directives !== false && doc.directives) {
    const dir = doc.directives.toString(doc);
    if (dir) {
      lines2.push(dir);
      hasDirectives = true;
    } else if (doc.directives.docStart)
      hasDirectives = true;
  }
  if (hasDirectives)
    lines2.push("---");
  const ctx = createStringifyContext(doc, options);
  const { commentString } = ctx.options;
  if (doc.commentBefore) {
    if (lines2.length !== 1)
      lines2.unshift("");
    const cs = commentString(doc.commentBefore);
    lines2.unshift(indentComment(cs, ""));
  }
  let chompKeep = false;
  let contentComment = null;
  if (doc.contents) {
    if (isNode(doc.contents)) {
      if (doc.contents.spaceBefore && hasDirectives)
        lines2.push("");
      if (doc.contents.commentBefore) {
        const cs = commentString(doc.contents.commentBefore);
        lines2.push(indentComment(cs, ""));
      }
      ctx.forceBlockIndent = !!doc.comment;
      contentComment = doc.contents.comment;
    }
    const onChompKeep = contentComment ? void 0 : () => chompKeep = true;
    let body = stringify(doc.contents, ctx, () => contentComment = null, onChompKeep);
    if (contentComment)
      body += lineComment(body, "", commentString(contentComment));
    if ((body[0] === "|" || body[0] === ">") && lines2[lines2.length - 1] === "---") {
      lines2[lines2.length - 1] = `--- ${body}`;
    } else
      lines2.push(body);
  } else {
    lines2.push(stringify(doc.contents, ctx));
  }
  if (doc.directives?.docEnd) {
    if (doc.comment) {
      const cs = commentString(doc.comment);
      if (cs.includes("\n")) {
        lines2.push("...");
        lines2.push(indentComment(cs, ""));
      } else {
        lines2.push(`... ${cs}`);
      }
    } else {
      lines2.push("...");
    }
  } else {
    let dc = doc.comment;
    if (dc && chompKeep)
      dc = dc.replace(/^\n+/, "");
    if (dc) {
      if ((!chompKeep || contentComment) && lines2[lines2.length - 1] !== "")
        lines2.push("");
      lines2.push(indentComment(commentString(dc), ""));
    }
  }
  return lines2.join("\n") + "\n";
}
var init_stringifyDocument = __esm({
  "node_modules/yaml/browser/dist/stringify/stringifyDocument.js"() {
    "use strict";
    init_identity();
    init_stringify();
    init_stringifyComment();
  }
});

// node_modules/yaml/browser/dist/doc/Document.js
function assertCollection(contents) {
  if (isCollection(contents))
    return true;
  throw new Error("Expected a YAML collection as document contents");
}
var Document;
var init_Document = __esm({
  "node_modules/yaml/browser/dist/doc/Document.js"() {
    "use strict";
    init_Alias();
    init_Collection();
    init_identity();
    init_Pair();
    init_toJS();
    init_Schema();
    init_stringifyDocument();
    init_anchors();
    init_applyReviver();
    init_createNode();
    init_directives();
    Document = class _Document {
      constructor(value, replacer, options) {
        this.commentBefore = null;
        this.comment = null;
        this.errors = [];
        this.warnings = [];
        Object.defineProperty(this, NODE_TYPE, { value: DOC });
        let _replacer = null;
        if (typeof replacer === "function" || Array.isArray(replacer)) {
          _replacer = replacer;
        } else if (options === void 0 && replacer) {
          options = replacer;
          replacer = void 0;
        }
        const opt = Object.assign({
          intAsBigInt: false,
          keepSourceTokens: false,
          logLevel: "warn",
          prettyErrors: true,
          strict: true,
          stringKeys: false,
          uniqueKeys: true,
          version: "1.2"
        }, options);
        this.options = opt;
        let { version } = opt;
        if (options?._directives) {
          this.directives = options._directives.atDocument();
          if (this.directives.yaml.explicit)
            version = this.directives.yaml.version;
        } else
          this.directives = new Directives({ version });
        this.setSchema(version, options);
        this.contents = value === void 0 ? null : this.createNode(value, _replacer, options);
      }
      /**
       * Create a deep copy of this Document and its contents.
       *
       * Custom Node values that inherit from `Object` still refer to their original instances.
       */
      clone() {
        const copy = Object.create(_Document.prototype, {
          [NODE_TYPE]: { value: DOC }
        });
        copy.commentBefore = this.commentBefore;
        copy.comment = this.comment;
        copy.errors = this.errors.slice();
        copy.warnings = this.warnings.slice();
        copy.options = Object.assign({}, this.options);
        if (this.directives)
          copy.directives = this.directives.clone();
        copy.schema = this.schema.clone();
        copy.contents = isNode(this.contents) ? this.contents.clone(copy.schema) : this.contents;
        if (this.range)
          copy.range = this.range.slice();
        return copy;
      }
      /** Adds a value to the document. */
      add(value) {
        if (assertCollection(this.contents))
          this.contents.add(value);
      }
      /** Adds a value to the document. */
      addIn(path, value) {
        if (assertCollection(this.contents))
          this.contents.addIn(path, value);
      }
      /**
       * Create a new `Alias` node, ensuring that the target `node` has the required anchor.
       *
       * If `node` already has an anchor, `name` is ignored.
       * Otherwise, the `node.anchor` value will be set to `name`,
       * or if an anchor with that name is already present in the document,
       * `name` will be used as a prefix for a new unique anchor.
       * If `name` is undefined, the generated anchor will use 'a' as a prefix.
       */
      createAlias(node, name2) {
        if (!node.anchor) {
          const prev = anchorNames(this);
          node.anchor = // eslint-disable-next-line @typescript-eslint/prefer-nullish-coalescing
          !name2 || prev.has(name2) ? findNewAnchor(name2 || "a", prev) : name2;
        }
        return new Alias(node.anchor);
      }
      createNode(value, replacer, options) {
        let _replacer = void 0;
        if (typeof replacer === "function") {
          value = replacer.call({ "": value }, "", value);
          _replacer = replacer;
        } else if (Array.isArray(replacer)) {
          const keyToStr = (v) => typeof v === "number" || v instanceof String || v instanceof Number;
          const asStr = replacer.filter(keyToStr).map(String);
          if (asStr.length > 0)
            replacer = replacer.concat(asStr);
          _replacer = replacer;
        } else if (options === void 0 && replacer) {
          options = replacer;
          replacer = void 0;
        }
        const { aliasDuplicateObjects, anchorPrefix, flow, keepUndefined, onTagObj, tag } = options ?? {};
        const { onAnchor, setAnchors, sourceObjects } = createNodeAnchors(
          this,
          // eslint-disable-next-line @typescript-eslint/prefer-nullish-coalescing
          anchorPrefix || "a"
        );
        const ctx = {
          aliasDuplicateObjects: aliasDuplicateObjects ?? true,
          keepUndefined: keepUndefined ?? false,
          onAnchor,
          onTagObj,
          replacer: _replacer,
          schema: this.schema,
          sourceObjects
        };
        const node = createNode(value, tag, ctx);
        if (flow && isCollection(node))
          node.flow = true;
        setAnchors();
        return node;
      }
      /**
       * Convert a key and a value into a `Pair` using the current schema,
       * recursively wrapping all values as `Scalar` or `Collection` nodes.
       */
      createPair(key, value, options = {}) {
        const k = this.createNode(key, null, options);
        const v = this.createNode(value, null, options);
        return new Pair(k, v);
      }
      /**
       * Removes a value from the document.
       * @returns `true` if the item was found and removed.
       */
      delete(key) {
        return assertCollection(this.contents) ? this.contents.delete(key) : false;
      }
      /**
       * Removes a value from the document.
       * @returns `true` if the item was found and removed.
       */
      deleteIn(path) {
        if (isEmptyPath(path)) {
          if (this.contents == null)
            return false;
          this.contents = null;
          return true;
        }
        return assertCollection(this.contents) ? this.contents.deleteIn(path) : false;
      }
      /**
       * Returns item at `key`, or `undefined` if not found. By default unwraps
       * scalar values from their surrounding node; to disable set `keepScalar` to
       * `true` (collections are always returned intact).
       */
      get(key, keepScalar) {
        return isCollection(this.contents) ? this.contents.get(key, keepScalar) : void 0;
      }
      /**
       * Returns item at `path`, or `undefined` if not found. By default unwraps
       * scalar values from their surrounding node; to disable set `keepScalar` to
       * `true` (collections are always returned intact).
       */
      getIn(path, keepScalar) {
        if (isEmptyPath(path))
          return !keepScalar && isScalar(this.contents) ? this.contents.value : this.contents;
        return isCollection(this.contents) ? this.contents.getIn(path, keepScalar) : void 0;
      }
      /**
       * Checks if the document includes a value with the key `key`.
       */
      has(key) {
        return isCollection(this.contents) ? this.contents.has(key) : false;
      }
      /**
       * Checks if the document includes a value at `path`.
       */
      hasIn(path) {
        if (isEmptyPath(path))
          return this.contents !== void 0;
        return isCollection(this.contents) ? this.contents.hasIn(path) : false;
      }
      /**
       * Sets a value in this document. For `!!set`, `value` needs to be a
       * boolean to add/remove the item from the set.
       */
      set(key, value) {
        if (this.contents == null) {
          this.contents = collectionFromPath(this.schema, [key], value);
        } else if (assertCollection(this.contents)) {
          this.contents.set(key, value);
        }
      }
      /**
       * Sets a value in this document. For `!!set`, `value` needs to be a
       * boolean to add/remove the item from the set.
       */
      setIn(path, value) {
        if (isEmptyPath(path)) {
          this.contents = value;
        } else if (this.contents == null) {
          this.contents = collectionFromPath(this.schema, Array.from(path), value);
        } else if (assertCollection(this.contents)) {
          this.contents.setIn(path, value);
        }
      }
      /**
       * Change the YAML version and schema used by the document.
       * A `null` version disables support for directives, explicit tags, anchors, and aliases.
       * It also requires the `schema` option to be given as a `Schema` instance value.
       *
       * Overrides all previously set schema options.
       */
      setSchema(version, options = {}) {
        if (typeof version === "number")
          version = String(version);
        let opt;
        switch (version) {
          case "1.1":
            if (this.directives)
              this.directives.yaml.version = "1.1";
            else
              this.directives = new Directives({ version: "1.1" });
            opt = { resolveKnownTags: false, schema: "yaml-1.1" };
            break;
          case "1.2":
          case "next":
            if (this.directives)
              this.directives.yaml.version = version;
            else
              this.directives = new Directives({ version });
            opt = { resolveKnownTags: true, schema: "core" };
            break;
          case null:
            if (this.directives)
              delete this.directives;
            opt = null;
            break;
          default: {
            const sv = JSON.stringify(version);
            throw new Error(`Expected '1.1', '1.2' or null as first argument, but found: ${sv}`);
          }
        }
        if (options.schema instanceof Object)
          this.schema = options.schema;
        else if (opt)
          this.schema = new Schema(Object.assign(opt, options));
        else
          throw new Error(`With a null YAML version, the { schema: Schema } option is required`);
      }
      // json & jsonArg are only used from toJSON()
      toJS({ json: json3, jsonArg, mapAsMap, maxAliasCount, onAnchor, reviver } = {}) {
        const ctx = {
          anchors: /* @__PURE__ */ new Map(),
          doc: this,
          keep: !json3,
          mapAsMap: mapAsMap === true,
          mapKeyWarned: false,
          maxAliasCount: typeof maxAliasCount === "number" ? maxAliasCount : 100
        };
        const res = toJS(this.contents, jsonArg ?? "", ctx);
        if (typeof onAnchor === "function")
          for (const { count: count2, res: res2 } of ctx.anchors.values())
            onAnchor(res2, count2);
        return typeof reviver === "function" ? applyReviver(reviver, { "": res }, "", res) : res;
      }
      /**
       * A JSON representation of the document `contents`.
       *
       * @param jsonArg Used by `JSON.stringify` to indicate the array index or
       *   property name.
       */
      toJSON(jsonArg, onAnchor) {
        return this.toJS({ json: true, jsonArg, mapAsMap: false, onAnchor });
      }
      /** A YAML representation of the document. */
      toString(options = {}) {
        if (this.errors.length > 0)
          throw new Error("Document with errors cannot be stringified");
        if ("indent" in options && (!Number.isInteger(options.indent) || Number(options.indent) <= 0)) {
          const s = JSON.stringify(options.indent);
          throw new Error(`"indent" option must be a positive integer, not ${s}`);
        }
        return stringifyDocument(this, options);
      }
    };
  }
});

// node_modules/yaml/browser/dist/errors.js
var YAMLError, YAMLParseError, YAMLWarning, prettifyError;
var init_errors2 = __esm({
  "node_modules/yaml/browser/dist/errors.js"() {
    "use strict";
    YAMLError = class extends Error {
      constructor(name2, pos, code, message) {
        super();
        this.name = name2;
        this.code = code;
        this.message = message;
        this.pos = pos;
      }
    };
    YAMLParseError = class extends YAMLError {
      constructor(pos, code, message) {
        super("YAMLParseError", pos, code, message);
      }
    };
    YAMLWarning = class extends YAMLError {
      constructor(pos, code, message) {
        super("YAMLWarning", pos, code, message);
      }
    };
    prettifyError = (src, lc) => (error) => {
      if (error.pos[0] === -1)
        return;
      error.linePos = error.pos.map((pos) => lc.linePos(pos));
      const { line: line2, col } = error.linePos[0];
      error.message += ` at line ${line2}, column ${col}`;
      let ci = col - 1;
      let lineStr = src.substring(lc.lineStarts[line2 - 1], lc.lineStarts[line2]).replace(/[\n\r]+$/, "");
      if (ci >= 60 && lineStr.length > 80) {
        const trimStart = Math.min(ci - 39, lineStr.length - 79);
        lineStr = "\u2026" + lineStr.substring(trimStart);
        ci -= trimStart - 1;
      }
      if (lineStr.length > 80)
        lineStr = lineStr.substring(0, 79) + "\u2026";
      if (line2 > 1 && /^ *$/.test(lineStr.substring(0, ci))) {
        let prev = src.substring(lc.lineStarts[line2 - 2], lc.lineStarts[line2 - 1]);
        if (prev.length > 80)
          prev = prev.substring(0, 79) + "\u2026\n";
        lineStr = prev + lineStr;
      }
      if (/[^ ]/.test(lineStr)) {
        let count2 = 1;
        const end2 = error.linePos[1];
        if (end2?.line === line2 && end2.col > col) {
          count2 = Math.max(1, Math.min(end2.col - col, 80 - ci));
        }
        const pointer = " ".repeat(ci) + "^".repeat(count2);
        error.message += `:

${lineStr}
${pointer}
`;
      }
    };
  }
});

// node_modules/yaml/browser/dist/compose/resolve-props.js
function resolveProps(tokens, { flow, indicator, next, offset: offset2, onError, parentIndent, startOnNewline }) {
  let spaceBefore = false;
  let atNewline = startOnNewline;
  let hasSpace = startOnNewline;
  let comment = "";
  let commentSep = "";
  let hasNewline = false;
  let reqSpace = false;
  let tab = null;
  let anchor = null;
  let tag = null;
  let newlineAfterProp = null;
  let comma = null;
  let found = null;
  let start = null;
  for (const token of tokens) {
    if (reqSpace) {
      if (token.type !== "space" && token.type !== "newline" && token.type !== "comma")
        onError(token.offset, "MISSING_CHAR", "Tags and anchors must be separated from the next token by white space");
      reqSpace = false;
    }
    if (tab) {
      if (atNewline && token.type !== "comment" && token.type !== "newline") {
        onError(tab, "TAB_AS_INDENT", "Tabs are not allowed as indentation");
      }
      tab = null;
    }
    switch (token.type) {
      case "space":
        if (!flow && (indicator !== "doc-start" || next?.type !== "flow-collection") && token.source.includes("	")) {
          tab = token;
        }
        hasSpace = true;
        break;
      case "comment": {
        if (!hasSpace)
          onError(token, "MISSING_CHAR", "Comments must be separated from other tokens by white space characters");
        const cb = token.source.substring(1) || " ";
        if (!comment)
          comment = cb;
        else
          comment += commentSep + cb;
        commentSep = "";
        atNewline = false;
        break;
      }
      case "newline":
        if (atNewline) {
          if (comment)
            comment += token.source;
          else if (!found || indicator !== "seq-item-ind")
            spaceBefore = true;
        } else
          commentSep += token.source;
        atNewline = true;
        hasNewline = true;
        if (anchor || tag)
          newlineAfterProp = token;
        hasSpace = true;
        break;
      case "anchor":
        if (anchor)
          onError(token, "MULTIPLE_ANCHORS", "A node can have at most one anchor");
        if (token.source.endsWith(":"))
          onError(token.offset + token.source.length - 1, "BAD_ALIAS", "Anchor ending in : is ambiguous", true);
        anchor = token;
        start ?? (start = token.offset);
        atNewline = false;
        hasSpace = false;
        reqSpace = true;
        break;
      case "tag": {
        if (tag)
          onError(token, "MULTIPLE_TAGS", "A node can have at most one tag");
        tag = token;
        start ?? (start = token.offset);
        atNewline = false;
        hasSpace = false;
        reqSpace = true;
        break;
      }
      case indicator:
        if (anchor || tag)
          onError(token, "BAD_PROP_ORDER", `Anchors and tags must be after the ${token.source} indicator`);
        if (found)
          onError(token, "UNEXPECTED_TOKEN", `Unexpected ${token.source} in ${flow ?? "collection"}`);
        found = token;
        atNewline = indicator === "seq-item-ind" || indicator === "explicit-key-ind";
        hasSpace = false;
        break;
      case "comma":
        if (flow) {
          if (comma)
            onError(token, "UNEXPECTED_TOKEN", `Unexpected , in ${flow}`);
          comma = token;
          atNewline = false;
          hasSpace = false;
          break;
        }
      // else fallthrough
      default:
        onError(token, "UNEXPECTED_TOKEN", `Unexpected ${token.type} token`);
        atNewline = false;
        hasSpace = false;
    }
  }
  const last = tokens[tokens.length - 1];
  const end2 = last ? last.offset + last.source.length : offset2;
  if (reqSpace && next && next.type !== "space" && next.type !== "newline" && next.type !== "comma" && (next.type !== "scalar" || next.source !== "")) {
    onError(next.offset, "MISSING_CHAR", "Tags and anchors must be separated from the next token by white space");
  }
  if (tab && (atNewline && tab.indent <= parentIndent || next?.type === "block-map" || next?.type === "block-seq"))
    onError(tab, "TAB_AS_INDENT", "Tabs are not allowed as indentation");
  return {
    comma,
    found,
    spaceBefore,
    comment,
    hasNewline,
    anchor,
    tag,
    newlineAfterProp,
    end: end2,
    start: start ?? end2
  };
}
var init_resolve_props = __esm({
  "node_modules/yaml/browser/dist/compose/resolve-props.js"() {
    "use strict";
  }
});

// node_modules/yaml/browser/dist/compose/util-contains-newline.js
function containsNewline(key) {
  if (!key)
    return null;
  switch (key.type) {
    case "alias":
    case "scalar":
    case "double-quoted-scalar":
    case "single-quoted-scalar":
      if (key.source.includes("\n"))
        return true;
      if (key.end) {
        for (const st of key.end)
          if (st.type === "newline")
            return true;
      }
      return false;
    case "flow-collection":
      for (const it of key.items) {
        for (const st of it.start)
          if (st.type === "newline")
            return true;
        if (it.sep) {
          for (const st of it.sep)
            if (st.type === "newline")
              return true;
        }
        if (containsNewline(it.key) || containsNewline(it.value))
          return true;
      }
      return false;
    default:
      return true;
  }
}
var init_util_contains_newline = __esm({
  "node_modules/yaml/browser/dist/compose/util-contains-newline.js"() {
    "use strict";
  }
});

// node_modules/yaml/browser/dist/compose/util-flow-indent-check.js
function flowIndentCheck(indent, fc, onError) {
  if (fc?.type === "flow-collection") {
    const end2 = fc.end[0];
    if (end2.indent === indent && (end2.source === "]" || end2.source === "}") && containsNewline(fc)) {
      const msg = "Flow end indicator should be more indented than parent";
      onError(end2, "BAD_INDENT", msg, true);
    }
  }
}
var init_util_flow_indent_check = __esm({
  "node_modules/yaml/browser/dist/compose/util-flow-indent-check.js"() {
    "use strict";
    init_util_contains_newline();
  }
});

// node_modules/yaml/browser/dist/compose/util-map-includes.js
function mapIncludes(ctx, items, search) {
  const { uniqueKeys } = ctx.options;
  if (uniqueKeys === false)
    return false;
  const isEqual = typeof uniqueKeys === "function" ? uniqueKeys : (a, b) => a === b || isScalar(a) && isScalar(b) && a.value === b.value;
  return items.some((pair) => isEqual(pair.key, search));
}
var init_util_map_includes = __esm({
  "node_modules/yaml/browser/dist/compose/util-map-includes.js"() {
    "use strict";
    init_identity();
  }
});

// node_modules/yaml/browser/dist/compose/resolve-block-map.js
function resolveBlockMap({ composeNode: composeNode2, composeEmptyNode: composeEmptyNode2 }, ctx, bm, onError, tag) {
  const NodeClass = tag?.nodeClass ?? YAMLMap;
  const map3 = new NodeClass(ctx.schema);
  if (ctx.atRoot)
    ctx.atRoot = false;
  let offset2 = bm.offset;
  let commentEnd = null;
  for (const collItem of bm.items) {
    const { start, key, sep, value } = collItem;
    const keyProps = resolveProps(start, {
      indicator: "explicit-key-ind",
      next: key ?? sep?.[0],
      offset: offset2,
      onError,
      parentIndent: bm.indent,
      startOnNewline: true
    });
    const implicitKey = !keyProps.found;
    if (implicitKey) {
      if (key) {
        if (key.type === "block-seq")
          onError(offset2, "BLOCK_AS_IMPLICIT_KEY", "A block sequence may not be used as an implicit map key");
        else if ("indent" in key && key.indent !== bm.indent)
          onError(offset2, "BAD_INDENT", startColMsg);
      }
      if (!keyProps.anchor && !keyProps.tag && !sep) {
        commentEnd = keyProps.end;
        if (keyProps.comment) {
          if (map3.comment)
            map3.comment += "\n" + keyProps.comment;
          else
            map3.comment = keyProps.comment;
        }
        continue;
      }
      if (keyProps.newlineAfterProp || containsNewline(key)) {
        onError(key ?? start[start.length - 1], "MULTILINE_IMPLICIT_KEY", "Implicit keys need to be on a single line");
      }
    } else if (keyProps.found?.indent !== bm.indent) {
      onError(offset2, "BAD_INDENT", startColMsg);
    }
    ctx.atKey = true;
    const keyStart = keyProps.end;
    const keyNode = key ? composeNode2(ctx, key, keyProps, onError) : composeEmptyNode2(ctx, keyStart, start, null, keyProps, onError);
    if (ctx.schema.compat)
      flowIndentCheck(bm.indent, key, onError);
    ctx.atKey = false;
    if (mapIncludes(ctx, map3.items, keyNode))
      onError(keyStart, "DUPLICATE_KEY", "Map keys must be unique");
    const valueProps = resolveProps(sep ?? [], {
      indicator: "map-value-ind",
      next: value,
      offset: keyNode.range[2],
      onError,
      parentIndent: bm.indent,
      startOnNewline: !key || key.type === "block-scalar"
    });
    offset2 = valueProps.end;
    if (valueProps.found) {
      if (implicitKey) {
        if (value?.type === "block-map" && !valueProps.hasNewline)
          onError(offset2, "BLOCK_AS_IMPLICIT_KEY", "Nested mappings are not allowed in compact mappings");
        if (ctx.options.strict && keyProps.start < valueProps.found.offset - 1024)
          onError(keyNode.range, "KEY_OVER_1024_CHARS", "The : indicator must be at most 1024 chars after the start of an implicit block mapping key");
      }
      const valueNode = value ? composeNode2(ctx, value, valueProps, onError) : composeEmptyNode2(ctx, offset2, sep, null, valueProps, onError);
      if (ctx.schema.compat)
        flowIndentCheck(bm.indent, value, onError);
      offset2 = valueNode.range[2];
      const pair = new Pair(keyNode, valueNode);
      if (ctx.options.keepSourceTokens)
        pair.srcToken = collItem;
      map3.items.push(pair);
    } else {
      if (implicitKey)
        onError(keyNode.range, "MISSING_CHAR", "Implicit map keys need to be followed by map values");
      if (valueProps.comment) {
        if (keyNode.comment)
          keyNode.comment += "\n" + valueProps.comment;
        else
          keyNode.comment = valueProps.comment;
      }
      const pair = new Pair(keyNode);
      if (ctx.options.keepSourceTokens)
        pair.srcToken = collItem;
      map3.items.push(pair);
    }
  }
  if (commentEnd && commentEnd < offset2)
    onError(commentEnd, "IMPOSSIBLE", "Map comment with trailing content");
  map3.range = [bm.offset, offset2, commentEnd ?? offset2];
  return map3;
}
var startColMsg;
var init_resolve_block_map = __esm({
  "node_modules/yaml/browser/dist/compose/resolve-block-map.js"() {
    "use strict";
    init_Pair();
    init_YAMLMap();
    init_resolve_props();
    init_util_contains_newline();
    init_util_flow_indent_check();
    init_util_map_includes();
    startColMsg = "All mapping items must start at the same column";
  }
});

// node_modules/yaml/browser/dist/compose/resolve-block-seq.js
function resolveBlockSeq({ composeNode: composeNode2, composeEmptyNode: composeEmptyNode2 }, ctx, bs, onError, tag) {
  const NodeClass = tag?.nodeClass ?? YAMLSeq;
  const seq2 = new NodeClass(ctx.schema);
  if (ctx.atRoot)
    ctx.atRoot = false;
  if (ctx.atKey)
    ctx.atKey = false;
  let offset2 = bs.offset;
  let commentEnd = null;
  for (const { start, value } of bs.items) {
    const props = resolveProps(start, {
      indicator: "seq-item-ind",
      next: value,
      offset: offset2,
      onError,
      parentIndent: bs.indent,
      startOnNewline: true
    });
    if (!props.found) {
      if (props.anchor || props.tag || value) {
        if (value?.type === "block-seq")
          onError(props.end, "BAD_INDENT", "All sequence items must start at the same column");
        else
          onError(offset2, "MISSING_CHAR", "Sequence item without - indicator");
      } else {
        commentEnd = props.end;
        if (props.comment)
          seq2.comment = props.comment;
        continue;
      }
    }
    const node = value ? composeNode2(ctx, value, props, onError) : composeEmptyNode2(ctx, props.end, start, null, props, onError);
    if (ctx.schema.compat)
      flowIndentCheck(bs.indent, value, onError);
    offset2 = node.range[2];
    seq2.items.push(node);
  }
  seq2.range = [bs.offset, offset2, commentEnd ?? offset2];
  return seq2;
}
var init_resolve_block_seq = __esm({
  "node_modules/yaml/browser/dist/compose/resolve-block-seq.js"() {
    "use strict";
    init_YAMLSeq();
    init_resolve_props();
    init_util_flow_indent_check();
  }
});

// node_modules/yaml/browser/dist/compose/resolve-end.js
function resolveEnd(end2, offset2, reqSpace, onError) {
  let comment = "";
  if (end2) {
    let hasSpace = false;
    let sep = "";
    for (const token of end2) {
      const { source, type } = token;
      switch (type) {
        case "space":
          hasSpace = true;
          break;
        case "comment": {
          if (reqSpace && !hasSpace)
            onError(token, "MISSING_CHAR", "Comments must be separated from other tokens by white space characters");
          const cb = source.substring(1) || " ";
          if (!comment)
            comment = cb;
          else
            comment += sep + cb;
          sep = "";
          break;
        }
        case "newline":
          if (comment)
            sep += source;
          hasSpace = true;
          break;
        default:
          onError(token, "UNEXPECTED_TOKEN", `Unexpected ${type} at node end`);
      }
      offset2 += source.length;
    }
  }
  return { comment, offset: offset2 };
}
var init_resolve_end = __esm({
  "node_modules/yaml/browser/dist/compose/resolve-end.js"() {
    "use strict";
  }
});

// node_modules/yaml/browser/dist/compose/resolve-flow-collection.js
function resolveFlowCollection({ composeNode: composeNode2, composeEmptyNode: composeEmptyNode2 }, ctx, fc, onError, tag) {
  const isMap3 = fc.start.source === "{";
  const fcName = isMap3 ? "flow map" : "flow sequence";
  const NodeClass = tag?.nodeClass ?? (isMap3 ? YAMLMap : YAMLSeq);
  const coll = new NodeClass(ctx.schema);
  coll.flow = true;
  const atRoot = ctx.atRoot;
  if (atRoot)
    ctx.atRoot = false;
  if (ctx.atKey)
    ctx.atKey = false;
  let offset2 = fc.offset + fc.start.source.length;
  for (let i = 0; i < fc.items.length; ++i) {
    const collItem = fc.items[i];
    const { start, key, sep, value } = collItem;
    const props = resolveProps(start, {
      flow: fcName,
      indicator: "explicit-key-ind",
      next: key ?? sep?.[0],
      offset: offset2,
      onError,
      parentIndent: fc.indent,
      startOnNewline: false
    });
    if (!props.found) {
      if (!props.anchor && !props.tag && !sep && !value) {
        if (i === 0 && props.comma)
          onError(props.comma, "UNEXPECTED_TOKEN", `Unexpected , in ${fcName}`);
        else if (i < fc.items.length - 1)
          onError(props.start, "UNEXPECTED_TOKEN", `Unexpected empty item in ${fcName}`);
        if (props.comment) {
          if (coll.comment)
            coll.comment += "\n" + props.comment;
          else
            coll.comment = props.comment;
        }
        offset2 = props.end;
        continue;
      }
      if (!isMap3 && ctx.options.strict && containsNewline(key))
        onError(
          key,
          // checked by containsNewline()
          "MULTILINE_IMPLICIT_KEY",
          "Implicit keys of flow sequence pairs need to be on a single line"
        );
    }
    if (i === 0) {
      if (props.comma)
        onError(props.comma, "UNEXPECTED_TOKEN", `Unexpected , in ${fcName}`);
    } else {
      if (!props.comma)
        onError(props.start, "MISSING_CHAR", `Missing , between ${fcName} items`);
      if (props.comment) {
        let prevItemComment = "";
        loop: for (const st of start) {
          switch (st.type) {
            case "comma":
            case "space":
              break;
            case "comment":
              prevItemComment = st.source.substring(1);
              break loop;
            default:
              break loop;
          }
        }
        if (prevItemComment) {
          let prev = coll.items[coll.items.length - 1];
          if (isPair(prev))
            prev = prev.value ?? prev.key;
          if (prev.comment)
            prev.comment += "\n" + prevItemComment;
          else
            prev.comment = prevItemComment;
          props.comment = props.comment.substring(prevItemComment.length + 1);
        }
      }
    }
    if (!isMap3 && !sep && !props.found) {
      const valueNode = value ? composeNode2(ctx, value, props, onError) : composeEmptyNode2(ctx, props.end, sep, null, props, onError);
      coll.items.push(valueNode);
      offset2 = valueNode.range[2];
      if (isBlock(value))
        onError(valueNode.range, "BLOCK_IN_FLOW", blockMsg);
    } else {
      ctx.atKey = true;
      const keyStart = props.end;
      const keyNode = key ? composeNode2(ctx, key, props, onError) : composeEmptyNode2(ctx, keyStart, start, null, props, onError);
      if (isBlock(key))
        onError(keyNode.range, "BLOCK_IN_FLOW", blockMsg);
      ctx.atKey = false;
      const valueProps = resolveProps(sep ?? [], {
        flow: fcName,
        indicator: "map-value-ind",
        next: value,
        offset: keyNode.range[2],
        onError,
        parentIndent: fc.indent,
        startOnNewline: false
      });
      if (valueProps.found) {
        if (!isMap3 && !props.found && ctx.options.strict) {
          if (sep)
            for (const st of sep) {
              if (st === valueProps.found)
                break;
              if (st.type === "newline") {
                onError(st, "MULTILINE_IMPLICIT_KEY", "Implicit keys of flow sequence pairs need to be on a single line");
                break;
              }
            }
          if (props.start < valueProps.found.offset - 1024)
            onError(valueProps.found, "KEY_OVER_1024_CHARS", "The : indicator must be at most 1024 chars after the start of an implicit flow sequence key");
        }
      } else if (value) {
        if ("source" in value && value.source?.[0] === ":")
          onError(value, "MISSING_CHAR", `Missing space after : in ${fcName}`);
        else
          onError(valueProps.start, "MISSING_CHAR", `Missing , or : between ${fcName} items`);
      }
      const valueNode = value ? composeNode2(ctx, value, valueProps, onError) : valueProps.found ? composeEmptyNode2(ctx, valueProps.end, sep, null, valueProps, onError) : null;
      if (valueNode) {
        if (isBlock(value))
          onError(valueNode.range, "BLOCK_IN_FLOW", blockMsg);
      } else if (valueProps.comment) {
        if (keyNode.comment)
          keyNode.comment += "\n" + valueProps.comment;
        else
          keyNode.comment = valueProps.comment;
      }
      const pair = new Pair(keyNode, valueNode);
      if (ctx.options.keepSourceTokens)
        pair.srcToken = collItem;
      if (isMap3) {
        const map3 = coll;
        if (mapIncludes(ctx, map3.items, keyNode))
          onError(keyStart, "DUPLICATE_KEY", "Map keys must be unique");
        map3.items.push(pair);
      } else {
        const map3 = new YAMLMap(ctx.schema);
        map3.flow = true;
        map3.items.push(pair);
        const endRange = (valueNode ?? keyNode).range;
        map3.range = [keyNode.range[0], endRange[1], endRange[2]];
        coll.items.push(map3);
      }
      offset2 = valueNode ? valueNode.range[2] : valueProps.end;
    }
  }
  const expectedEnd = isMap3 ? "}" : "]";
  const [ce, ...ee] = fc.end;
  let cePos = offset2;
  if (ce?.source === expectedEnd)
    cePos = ce.offset + ce.source.length;
  else {
    const name2 = fcName[0].toUpperCase() + fcName.substring(1);
    const msg = atRoot ? `${name2} must end with a ${expectedEnd}` : `${name2} in block collection must be sufficiently indented and end with a ${expectedEnd}`;
    onError(offset2, atRoot ? "MISSING_CHAR" : "BAD_INDENT", msg);
    if (ce && ce.source.length !== 1)
      ee.unshift(ce);
  }
  if (ee.length > 0) {
    const end2 = resolveEnd(ee, cePos, ctx.options.strict, onError);
    if (end2.comment) {
      if (coll.comment)
        coll.comment += "\n" + end2.comment;
      else
        coll.comment = end2.comment;
    }
    coll.range = [fc.offset, cePos, end2.offset];
  } else {
    coll.range = [fc.offset, cePos, cePos];
  }
  return coll;
}
var blockMsg, isBlock;
var init_resolve_flow_collection = __esm({
  "node_modules/yaml/browser/dist/compose/resolve-flow-collection.js"() {
    "use strict";
    init_identity();
    init_Pair();
    init_YAMLMap();
    init_YAMLSeq();
    init_resolve_end();
    init_resolve_props();
    init_util_contains_newline();
    init_util_map_includes();
    blockMsg = "Block collections are not allowed within flow collections";
    isBlock = (token) => token && (token.type === "block-map" || token.type === "block-seq");
  }
});

// node_modules/yaml/browser/dist/compose/compose-collection.js
function resolveCollection(CN2, ctx, token, onError, tagName, tag) {
  const coll = token.type === "block-map" ? resolveBlockMap(CN2, ctx, token, onError, tag) : token.type === "block-seq" ? resolveBlockSeq(CN2, ctx, token, onError, tag) : resolveFlowCollection(CN2, ctx, token, onError, tag);
  const Coll = coll.constructor;
  if (tagName === "!" || tagName === Coll.tagName) {
    coll.tag = Coll.tagName;
    return coll;
  }
  if (tagName)
    coll.tag = tagName;
  return coll;
}
function composeCollection(CN2, ctx, token, props, onError) {
  const tagToken = props.tag;
  const tagName = !tagToken ? null : ctx.directives.tagName(tagToken.source, (msg) => onError(tagToken, "TAG_RESOLVE_FAILED", msg));
  if (token.type === "block-seq") {
    const { anchor, newlineAfterProp: nl } = props;
    const lastProp = anchor && tagToken ? anchor.offset > tagToken.offset ? anchor : tagToken : anchor ?? tagToken;
    if (lastProp && (!nl || nl.offset < lastProp.offset)) {
      const message = "Missing newline after block sequence props";
      onError(lastProp, "MISSING_CHAR", message);
    }
  }
  const expType = token.type === "block-map" ? "map" : token.type === "block-seq" ? "seq" : token.start.source === "{" ? "map" : "seq";
  if (!tagToken || !tagName || tagName === "!" || tagName === YAMLMap.tagName && expType === "map" || tagName === YAMLSeq.tagName && expType === "seq") {
    return resolveCollection(CN2, ctx, token, onError, tagName);
  }
  let tag = ctx.schema.tags.find((t) => t.tag === tagName && t.collection === expType);
  if (!tag) {
    const kt = ctx.schema.knownTags[tagName];
    if (kt?.collection === expType) {
      ctx.schema.tags.push(Object.assign({}, kt, { default: false }));
      tag = kt;
    } else {
      if (kt) {
        onError(tagToken, "BAD_COLLECTION_TYPE", `${kt.tag} used for ${expType} collection, but expects ${kt.collection ?? "scalar"}`, true);
      } else {
        onError(tagToken, "TAG_RESOLVE_FAILED", `Unresolved tag: ${tagName}`, true);
      }
      return resolveCollection(CN2, ctx, token, onError, tagName);
    }
  }
  const coll = resolveCollection(CN2, ctx, token, onError, tagName, tag);
  const res = tag.resolve?.(coll, (msg) => onError(tagToken, "TAG_RESOLVE_FAILED", msg), ctx.options) ?? coll;
  const node = isNode(res) ? res : new Scalar(res);
  node.range = coll.range;
  node.tag = tagName;
  if (tag?.format)
    node.format = tag.format;
  return node;
}
var init_compose_collection = __esm({
  "node_modules/yaml/browser/dist/compose/compose-collection.js"() {
    "use strict";
    init_identity();
    init_Scalar();
    init_YAMLMap();
    init_YAMLSeq();
    init_resolve_block_map();
    init_resolve_block_seq();
    init_resolve_flow_collection();
  }
});

// node_modules/yaml/browser/dist/compose/resolve-block-scalar.js
function resolveBlockScalar(ctx, scalar, onError) {
  const start = scalar.offset;
  const header = parseBlockScalarHeader(scalar, ctx.options.strict, onError);
  if (!header)
    return { value: "", type: null, comment: "", range: [start, start, start] };
  const type = header.mode === ">" ? Scalar.BLOCK_FOLDED : Scalar.BLOCK_LITERAL;
  const lines2 = scalar.source ? splitLines(scalar.source) : [];
  let chompStart = lines2.length;
  for (let i = lines2.length - 1; i >= 0; --i) {
    const content = lines2[i][1];
    if (content === "" || content === "\r")
      chompStart = i;
    else
      break;
  }
  if (chompStart === 0) {
    const value2 = header.chomp === "+" && lines2.length > 0 ? "\n".repeat(Math.max(1, lines2.length - 1)) : "";
    let end3 = start + header.length;
    if (scalar.source)
      end3 += scalar.source.length;
    return { value: value2, type, comment: header.comment, range: [start, end3, end3] };
  }
  let trimIndent = scalar.indent + header.indent;
  let offset2 = scalar.offset + header.length;
  let contentStart = 0;
  for (let i = 0; i < chompStart; ++i) {
    const [indent, content] = lines2[i];
    if (content === "" || content === "\r") {
      if (header.indent === 0 && indent.length > trimIndent)
        trimIndent = indent.length;
    } else {
      if (indent.length < trimIndent) {
        const message = "Block scalars with more-indented leading empty lines must use an explicit indentation indicator";
        onError(offset2 + indent.length, "MISSING_CHAR", message);
      }
      if (header.indent === 0)
        trimIndent = indent.length;
      contentStart = i;
      if (trimIndent === 0 && !ctx.atRoot) {
        const message = "Block scalar values in collections must be indented";
        onError(offset2, "BAD_INDENT", message);
      }
      break;
    }
    offset2 += indent.length + content.length + 1;
  }
  for (let i = lines2.length - 1; i >= chompStart; --i) {
    if (lines2[i][0].length > trimIndent)
      chompStart = i + 1;
  }
  let value = "";
  let sep = "";
  let prevMoreIndented = false;
  for (let i = 0; i < contentStart; ++i)
    value += lines2[i][0].slice(trimIndent) + "\n";
  for (let i = contentStart; i < chompStart; ++i) {
    let [indent, content] = lines2[i];
    offset2 += indent.length + content.length + 1;
    const crlf = content[content.length - 1] === "\r";
    if (crlf)
      content = content.slice(0, -1);
    if (content && indent.length < trimIndent) {
      const src = header.indent ? "explicit indentation indicator" : "first line";
      const message = `Block scalar lines must not be less indented than their ${src}`;
      onError(offset2 - content.length - (crlf ? 2 : 1), "BAD_INDENT", message);
      indent = "";
    }
    if (type === Scalar.BLOCK_LITERAL) {
      value += sep + indent.slice(trimIndent) + content;
      sep = "\n";
    } else if (indent.length > trimIndent || content[0] === "	") {
      if (sep === " ")
        sep = "\n";
      else if (!prevMoreIndented && sep === "\n")
        sep = "\n\n";
      value += sep + indent.slice(trimIndent) + content;
      sep = "\n";
      prevMoreIndented = true;
    } else if (content === "") {
      if (sep === "\n")
        value += "\n";
      else
        sep = "\n";
    } else {
      value += sep + content;
      sep = " ";
      prevMoreIndented = false;
    }
  }
  switch (header.chomp) {
    case "-":
      break;
    case "+":
      for (let i = chompStart; i < lines2.length; ++i)
        value += "\n" + lines2[i][0].slice(trimIndent);
      if (value[value.length - 1] !== "\n")
        value += "\n";
      break;
    default:
      value += "\n";
  }
  const end2 = start + header.length + scalar.source.length;
  return { value, type, comment: header.comment, range: [start, end2, end2] };
}
function parseBlockScalarHeader({ offset: offset2, props }, strict, onError) {
  if (props[0].type !== "block-scalar-header") {
    onError(props[0], "IMPOSSIBLE", "Block scalar header not found");
    return null;
  }
  const { source } = props[0];
  const mode = source[0];
  let indent = 0;
  let chomp = "";
  let error = -1;
  for (let i = 1; i < source.length; ++i) {
    const ch = source[i];
    if (!chomp && (ch === "-" || ch === "+"))
      chomp = ch;
    else {
      const n = Number(ch);
      if (!indent && n)
        indent = n;
      else if (error === -1)
        error = offset2 + i;
    }
  }
  if (error !== -1)
    onError(error, "UNEXPECTED_TOKEN", `Block scalar header includes extra characters: ${source}`);
  let hasSpace = false;
  let comment = "";
  let length = source.length;
  for (let i = 1; i < props.length; ++i) {
    const token = props[i];
    switch (token.type) {
      case "space":
        hasSpace = true;
      // fallthrough
      case "newline":
        length += token.source.length;
        break;
      case "comment":
        if (strict && !hasSpace) {
          const message = "Comments must be separated from other tokens by white space characters";
          onError(token, "MISSING_CHAR", message);
        }
        length += token.source.length;
        comment = token.source.substring(1);
        break;
      case "error":
        onError(token, "UNEXPECTED_TOKEN", token.message);
        length += token.source.length;
        break;
      /* istanbul ignore next should not happen */
      default: {
        const message = `Unexpected token in block scalar header: ${token.type}`;
        onError(token, "UNEXPECTED_TOKEN", message);
        const ts = token.source;
        if (ts && typeof ts === "string")
          length += ts.length;
      }
    }
  }
  return { mode, indent, chomp, comment, length };
}
function splitLines(source) {
  const split = source.split(/\n( *)/);
  const first = split[0];
  const m = first.match(/^( *)/);
  const line0 = m?.[1] ? [m[1], first.slice(m[1].length)] : ["", first];
  const lines2 = [line0];
  for (let i = 1; i < split.length; i += 2)
    lines2.push([split[i], split[i + 1]]);
  return lines2;
}
var init_resolve_block_scalar = __esm({
  "node_modules/yaml/browser/dist/compose/resolve-block-scalar.js"() {
    "use strict";
    init_Scalar();
  }
});

// node_modules/yaml/browser/dist/compose/resolve-flow-scalar.js
function resolveFlowScalar(scalar, strict, onError) {
  const { offset: offset2, type, source, end: end2 } = scalar;
  let _type;
  let value;
  const _onError = (rel, code, msg) => onError(offset2 + rel, code, msg);
  switch (type) {
    case "scalar":
      _type = Scalar.PLAIN;
      value = plainValue(source, _onError);
      break;
    case "single-quoted-scalar":
      _type = Scalar.QUOTE_SINGLE;
      value = singleQuotedValue(source, _onError);
      break;
    case "double-quoted-scalar":
      _type = Scalar.QUOTE_DOUBLE;
      value = doubleQuotedValue(source, _onError);
      break;
    /* istanbul ignore next should not happen */
    default:
      onError(scalar, "UNEXPECTED_TOKEN", `Expected a flow scalar value, but found: ${type}`);
      return {
        value: "",
        type: null,
        comment: "",
        range: [offset2, offset2 + source.length, offset2 + source.length]
      };
  }
  const valueEnd = offset2 + source.length;
  const re = resolveEnd(end2, valueEnd, strict, onError);
  return {
    value,
    type: _type,
    comment: re.comment,
    range: [offset2, valueEnd, re.offset]
  };
}
function plainValue(source, onError) {
  let badChar = "";
  switch (source[0]) {
    /* istanbul ignore next should not happen */
    case "	":
      badChar = "a tab character";
      break;
    case ",":
      badChar = "flow indicator character ,";
      break;
    case "%":
      badChar = "directive indicator character %";
      break;
    case "|":
    case ">": {
      badChar = `block scalar indicator ${source[0]}`;
      break;
    }
    case "@":
    case "`": {
      badChar = `reserved character ${source[0]}`;
      break;
    }
  }
  if (badChar)
    onError(0, "BAD_SCALAR_START", `Plain value cannot start with ${badChar}`);
  return unfoldLines(source);
}
function singleQuotedValue(source, onError) {
  if (source[source.length - 1] !== "'" || source.length === 1)
    onError(source.length, "MISSING_CHAR", "Missing closing 'quote");
  return unfoldLines(source.slice(1, -1)).replace(/''/g, "'");
}
function unfoldLines(source) {
  const line2 = /(.*?)\r?\n/sy;
  let match = line2.exec(source);
  if (!match)
    return source;
  let trimEnd, trimBoth;
  try {
    trimEnd = new RegExp("(?<![ 	])[ 	]+$");
    trimBoth = new RegExp("^[ 	]+|(?<![ 	])[ 	]+$", "g");
  } catch {
    trimEnd = /[ \t]+$/;
    trimBoth = /^[ \t]+|[ \t]+$/g;
  }
  let res = match[1].replace(trimEnd, "");
  let sep = " ";
  let pos = line2.lastIndex;
  while (match = line2.exec(source)) {
    const lm = match[1].replace(trimBoth, "");
    if (lm === "") {
      if (sep === "\n")
        res += sep;
      else
        sep = "\n";
    } else {
      res += sep + lm;
      sep = " ";
    }
    pos = line2.lastIndex;
  }
  const last = /[ \t]*(.*)/sy;
  last.lastIndex = pos;
  match = last.exec(source);
  return res + sep + (match?.[1] ?? "");
}
function doubleQuotedValue(source, onError) {
  let res = "";
  for (let i = 1; i < source.length - 1; ++i) {
    const ch = source[i];
    if (ch === "\r" && source[i + 1] === "\n")
      continue;
    if (ch === "\n") {
      const { fold, offset: offset2 } = foldNewline(source, i);
      res += fold;
      i = offset2;
    } else if (ch === "\\") {
      let next = source[++i];
      const cc = escapeCodes[next];
      if (cc)
        res += cc;
      else if (next === "\n") {
        next = source[i + 1];
        while (next === " " || next === "	")
          next = source[++i + 1];
      } else if (next === "\r" && source[i + 1] === "\n") {
        next = source[++i + 1];
        while (next === " " || next === "	")
          next = source[++i + 1];
      } else if (next === "x" || next === "u" || next === "U") {
        const length = next === "x" ? 2 : next === "u" ? 4 : 8;
        res += parseCharCode(source, i + 1, length, onError);
        i += length;
      } else {
        const raw = source.substr(i - 1, 2);
        onError(i - 1, "BAD_DQ_ESCAPE", `Invalid escape sequence ${raw}`);
        res += raw;
      }
    } else if (ch === " " || ch === "	") {
      const wsStart = i;
      let next = source[i + 1];
      while (next === " " || next === "	")
        next = source[++i + 1];
      if (next !== "\n" && !(next === "\r" && source[i + 2] === "\n"))
        res += i > wsStart ? source.slice(wsStart, i + 1) : ch;
    } else {
      res += ch;
    }
  }
  if (source[source.length - 1] !== '"' || source.length === 1)
    onError(source.length, "MISSING_CHAR", 'Missing closing "quote');
  return res;
}
function foldNewline(source, offset2) {
  let fold = "";
  let ch = source[offset2 + 1];
  while (ch === " " || ch === "	" || ch === "\n" || ch === "\r") {
    if (ch === "\r" && source[offset2 + 2] !== "\n")
      break;
    if (ch === "\n")
      fold += "\n";
    offset2 += 1;
    ch = source[offset2 + 1];
  }
  if (!fold)
    fold = " ";
  return { fold, offset: offset2 };
}
function parseCharCode(source, offset2, length, onError) {
  const cc = source.substr(offset2, length);
  const ok = cc.length === length && /^[0-9a-fA-F]+$/.test(cc);
  const code = ok ? parseInt(cc, 16) : NaN;
  try {
    return String.fromCodePoint(code);
  } catch {
    const raw = source.substr(offset2 - 2, length + 2);
    onError(offset2 - 2, "BAD_DQ_ESCAPE", `Invalid escape sequence ${raw}`);
    return raw;
  }
}
var escapeCodes;
var init_resolve_flow_scalar = __esm({
  "node_modules/yaml/browser/dist/compose/resolve-flow-scalar.js"() {
    "use strict";
    init_Scalar();
    init_resolve_end();
    escapeCodes = {
      "0": "\0",
      // null character
      a: "\x07",
      // bell character
      b: "\b",
      // backspace
      e: "\x1B",
      // escape character
      f: "\f",
      // form feed
      n: "\n",
      // line feed
      r: "\r",
      // carriage return
      t: "	",
      // horizontal tab
      v: "\v",
      // vertical tab
      N: "\x85",
      // Unicode next line
      _: "\xA0",
      // Unicode non-breaking space
      L: "\u2028",
      // Unicode line separator
      P: "\u2029",
      // Unicode paragraph separator
      " ": " ",
      '"': '"',
      "/": "/",
      "\\": "\\",
      "	": "	"
    };
  }
});

// node_modules/yaml/browser/dist/compose/compose-scalar.js
function composeScalar(ctx, token, tagToken, onError) {
  const { value, type, comment, range } = token.type === "block-scalar" ? resolveBlockScalar(ctx, token, onError) : resolveFlowScalar(token, ctx.options.strict, onError);
  const tagName = tagToken ? ctx.directives.tagName(tagToken.source, (msg) => onError(tagToken, "TAG_RESOLVE_FAILED", msg)) : null;
  let tag;
  if (ctx.options.stringKeys && ctx.atKey) {
    tag = ctx.schema[SCALAR];
  } else if (tagName)
    tag = findScalarTagByName(ctx.schema, value, tagName, tagToken, onError);
  else if (token.type === "scalar")
    tag = findScalarTagByTest(ctx, value, token, onError);
  else
    tag = ctx.schema[SCALAR];
  let scalar;
  try {
    const res = tag.resolve(value, (msg) => onError(tagToken ?? token, "TAG_RESOLVE_FAILED", msg), ctx.options);
    scalar = isScalar(res) ? res : new Scalar(res);
  } catch (error) {
    const msg = error instanceof Error ? error.message : String(error);
    onError(tagToken ?? token, "TAG_RESOLVE_FAILED", msg);
    scalar = new Scalar(value);
  }
  scalar.range = range;
  scalar.source = value;
  if (type)
    scalar.type = type;
  if (tagName)
    scalar.tag = tagName;
  if (tag.format)
    scalar.format = tag.format;
  if (comment)
    scalar.comment = comment;
  return scalar;
}
function findScalarTagByName(schema4, value, tagName, tagToken, onError) {
  if (tagName === "!")
    return schema4[SCALAR];
  const matchWithTest = [];
  for (const tag of schema4.tags) {
    if (!tag.collection && tag.tag === tagName) {
      if (tag.default && tag.test)
        matchWithTest.push(tag);
      else
        return tag;
    }
  }
  for (const tag of matchWithTest)
    if (tag.test?.test(value))
      return tag;
  const kt = schema4.knownTags[tagName];
  if (kt && !kt.collection) {
    schema4.tags.push(Object.assign({}, kt, { default: false, test: void 0 }));
    return kt;
  }
  onError(tagToken, "TAG_RESOLVE_FAILED", `Unresolved tag: ${tagName}`, tagName !== "tag:yaml.org,2002:str");
  return schema4[SCALAR];
}
function findScalarTagByTest({ atKey, directives, schema: schema4 }, value, token, onError) {
  const tag = schema4.tags.find((tag2) => (tag2.default === true || atKey && tag2.default === "key") && tag2.test?.test(value)) || schema4[SCALAR];
  if (schema4.compat) {
    const compat = schema4.compat.find((tag2) => tag2.default && tag2.test?.test(value)) ?? schema4[SCALAR];
    if (tag.tag !== compat.tag) {
      const ts = directives.tagString(tag.tag);
      const cs = directives.tagString(compat.tag);
      const msg = `Value may be parsed as either ${ts} or ${cs}`;
      onError(token, "TAG_RESOLVE_FAILED", msg, true);
    }
  }
  return tag;
}
var init_compose_scalar = __esm({
  "node_modules/yaml/browser/dist/compose/compose-scalar.js"() {
    "use strict";
    init_identity();
    init_Scalar();
    init_resolve_block_scalar();
    init_resolve_flow_scalar();
  }
});

// node_modules/yaml/browser/dist/compose/util-empty-scalar-position.js
function emptyScalarPosition(offset2, before, pos) {
  if (before) {
    pos ?? (pos = before.length);
    for (let i = pos - 1; i >= 0; --i) {
      let st = before[i];
      switch (st.type) {
        case "space":
        case "comment":
        case "newline":
          offset2 -= st.source.length;
          continue;
      }
      st = before[++i];
      while (st?.type === "space") {
        offset2 += st.source.length;
        st = before[++i];
      }
      break;
    }
  }
  return offset2;
}
var init_util_empty_scalar_position = __esm({
  "node_modules/yaml/browser/dist/compose/util-empty-scalar-position.js"() {
    "use strict";
  }
});

// node_modules/yaml/browser/dist/compose/compose-node.js
function composeNode(ctx, token, props, onError) {
  const atKey = ctx.atKey;
  const { spaceBefore, comment, anchor, tag } = props;
  let node;
  let isSrcToken = true;
  switch (token.type) {
    case "alias":
      node = composeAlias(ctx, token, onError);
      if (anchor || tag)
        onError(token, "ALIAS_PROPS", "An alias node must not specify any properties");
      break;
    case "scalar":
    case "single-quoted-scalar":
    case "double-quoted-scalar":
    case "block-scalar":
      node = composeScalar(ctx, token, tag, onError);
      if (anchor)
        node.anchor = anchor.source.substring(1);
      break;
    case "block-map":
    case "block-seq":
    case "flow-collection":
      try {
        node = composeCollection(CN, ctx, token, props, onError);
        if (anchor)
          node.anchor = anchor.source.substring(1);
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        onError(token, "RESOURCE_EXHAUSTION", message);
      }
      break;
    default: {
      const message = token.type === "error" ? token.message : `Unsupported token (type: ${token.type})`;
      onError(token, "UNEXPECTED_TOKEN", message);
      isSrcToken = false;
    }
  }
  node ?? (node = composeEmptyNode(ctx, token.offset, void 0, null, props, onError));
  if (anchor && node.anchor === "")
    onError(anchor, "BAD_ALIAS", "Anchor cannot be an empty string");
  if (atKey && ctx.options.stringKeys && (!isScalar(node) || typeof node.value !== "string" || node.tag && node.tag !== "tag:yaml.org,2002:str")) {
    const msg = "With stringKeys, all keys must be strings";
    onError(tag ?? token, "NON_STRING_KEY", msg);
  }
  if (spaceBefore)
    node.spaceBefore = true;
  if (comment) {
    if (token.type === "scalar" && token.source === "")
      node.comment = comment;
    else
      node.commentBefore = comment;
  }
  if (ctx.options.keepSourceTokens && isSrcToken)
    node.srcToken = token;
  return node;
}
function composeEmptyNode(ctx, offset2, before, pos, { spaceBefore, comment, anchor, tag, end: end2 }, onError) {
  const token = {
    type: "scalar",
    offset: emptyScalarPosition(offset2, before, pos),
    indent: -1,
    source: ""
  };
  const node = composeScalar(ctx, token, tag, onError);
  if (anchor) {
    node.anchor = anchor.source.substring(1);
    if (node.anchor === "")
      onError(anchor, "BAD_ALIAS", "Anchor cannot be an empty string");
  }
  if (spaceBefore)
    node.spaceBefore = true;
  if (comment) {
    node.comment = comment;
    node.range[2] = end2;
  }
  return node;
}
function composeAlias({ options }, { offset: offset2, source, end: end2 }, onError) {
  const alias = new Alias(source.substring(1));
  if (alias.source === "")
    onError(offset2, "BAD_ALIAS", "Alias cannot be an empty string");
  if (alias.source.endsWith(":"))
    onError(offset2 + source.length - 1, "BAD_ALIAS", "Alias ending in : is ambiguous", true);
  const valueEnd = offset2 + source.length;
  const re = resolveEnd(end2, valueEnd, options.strict, onError);
  alias.range = [offset2, valueEnd, re.offset];
  if (re.comment)
    alias.comment = re.comment;
  return alias;
}
var CN;
var init_compose_node = __esm({
  "node_modules/yaml/browser/dist/compose/compose-node.js"() {
    "use strict";
    init_Alias();
    init_identity();
    init_compose_collection();
    init_compose_scalar();
    init_resolve_end();
    init_util_empty_scalar_position();
    CN = { composeNode, composeEmptyNode };
  }
});

// node_modules/yaml/browser/dist/compose/compose-doc.js
function composeDoc(options, directives, { offset: offset2, start, value, end: end2 }, onError) {
  const opts = Object.assign({ _directives: directives }, options);
  const doc = new Document(void 0, opts);
  const ctx = {
    atKey: false,
    atRoot: true,
    directives: doc.directives,
    options: doc.options,
    schema: doc.schema
  };
  const props = resolveProps(start, {
    indicator: "doc-start",
    next: value ?? end2?.[0],
    offset: offset2,
    onError,
    parentIndent: 0,
    startOnNewline: true
  });
  if (props.found) {
    doc.directives.docStart = true;
    if (value && (value.type === "block-map" || value.type === "block-seq") && !props.hasNewline)
      onError(props.end, "MISSING_CHAR", "Block collection cannot start on same line with directives-end marker");
  }
  doc.contents = value ? composeNode(ctx, value, props, onError) : composeEmptyNode(ctx, props.end, start, null, props, onError);
  const contentEnd = doc.contents.range[2];
  const re = resolveEnd(end2, contentEnd, false, onError);
  if (re.comment)
    doc.comment = re.comment;
  doc.range = [offset2, contentEnd, re.offset];
  return doc;
}
var init_compose_doc = __esm({
  "node_modules/yaml/browser/dist/compose/compose-doc.js"() {
    "use strict";
    init_Document();
    init_compose_node();
    init_resolve_end();
    init_resolve_props();
  }
});

// node_modules/yaml/browser/dist/compose/composer.js
function getErrorPos(src) {
  if (typeof src === "number")
    return [src, src + 1];
  if (Array.isArray(src))
    return src.length === 2 ? src : [src[0], src[1]];
  const { offset: offset2, source } = src;
  return [offset2, offset2 + (typeof source === "string" ? source.length : 1)];
}
function parsePrelude(prelude) {
  let comment = "";
  let atComment = false;
  let afterEmptyLine = false;
  for (let i = 0; i < prelude.length; ++i) {
    const source = prelude[i];
    switch (source[0]) {
      case "#":
        comment += (comment === "" ? "" : afterEmptyLine ? "\n\n" : "\n") + (source.substring(1) || " ");
        atComment = true;
        afterEmptyLine = false;
        break;
      case "%":
        if (prelude[i + 1]?.[0] !== "#")
          i += 1;
        atComment = false;
        break;
      default:
        if (!atComment)
          afterEmptyLine = true;
        atComment = false;
    }
  }
  return { comment, afterEmptyLine };
}
var Composer;
var init_composer = __esm({
  "node_modules/yaml/browser/dist/compose/composer.js"() {
    "use strict";
    init_directives();
    init_Document();
    init_errors2();
    init_identity();
    init_compose_doc();
    init_resolve_end();
    Composer = class {
      constructor(options = {}) {
        this.doc = null;
        this.atDirectives = false;
        this.prelude = [];
        this.errors = [];
        this.warnings = [];
        this.onError = (source, code, message, warning) => {
          const pos = getErrorPos(source);
          if (warning)
            this.warnings.push(new YAMLWarning(pos, code, message));
          else
            this.errors.push(new YAMLParseError(pos, code, message));
        };
        this.directives = new Directives({ version: options.version || "1.2" });
        this.options = options;
      }
      decorate(doc, afterDoc) {
        const { comment, afterEmptyLine } = parsePrelude(this.prelude);
        if (comment) {
          const dc = doc.contents;
          if (afterDoc) {
            doc.comment = doc.comment ? `${doc.comment}
${comment}` : comment;
          } else if (afterEmptyLine || doc.directives.docStart || !dc) {
            doc.commentBefore = comment;
          } else if (isCollection(dc) && !dc.flow && dc.items.length > 0) {
            let it = dc.items[0];
            if (isPair(it))
              it = it.key;
            const cb = it.commentBefore;
            it.commentBefore = cb ? `${comment}
${cb}` : comment;
          } else {
            const cb = dc.commentBefore;
            dc.commentBefore = cb ? `${comment}
${cb}` : comment;
          }
        }
        if (afterDoc) {
          for (let i = 0; i < this.errors.length; ++i)
            doc.errors.push(this.errors[i]);
          for (let i = 0; i < this.warnings.length; ++i)
            doc.warnings.push(this.warnings[i]);
        } else {
          doc.errors = this.errors;
          doc.warnings = this.warnings;
        }
        this.prelude = [];
        this.errors = [];
        this.warnings = [];
      }
      /**
       * Current stream status information.
       *
       * Mostly useful at the end of input for an empty stream.
       */
      streamInfo() {
        return {
          comment: parsePrelude(this.prelude).comment,
          directives: this.directives,
          errors: this.errors,
          warnings: this.warnings
        };
      }
      /**
       * Compose tokens into documents.
       *
       * @param forceDoc - If the stream contains no document, still emit a final document including any comments and directives that would be applied to a subsequent document.
       * @param endOffset - Should be set if `forceDoc` is also set, to set the document range end and to indicate errors correctly.
       */
      *compose(tokens, forceDoc = false, endOffset = -1) {
        for (const token of tokens)
          yield* this.next(token);
        yield* this.end(forceDoc, endOffset);
      }
      /** Advance the composer by one CST token. */
      *next(token) {
        switch (token.type) {
          case "directive":
            this.directives.add(token.source, (offset2, message, warning) => {
              const pos = getErrorPos(token);
              pos[0] += offset2;
              this.onError(pos, "BAD_DIRECTIVE", message, warning);
            });
            this.prelude.push(token.source);
            this.atDirectives = true;
            break;
          case "document": {
            const doc = composeDoc(this.options, this.directives, token, this.onError);
            if (this.atDirectives && !doc.directives.docStart)
              this.onError(token, "MISSING_CHAR", "Missing directives-end/doc-start indicator line");
            this.decorate(doc, false);
            if (this.doc)
              yield this.doc;
            this.doc = doc;
            this.atDirectives = false;
            break;
          }
          case "byte-order-mark":
          case "space":
            break;
          case "comment":
          case "newline":
            this.prelude.push(token.source);
            break;
          case "error": {
            const msg = token.source ? `${token.message}: ${JSON.stringify(token.source)}` : token.message;
            const error = new YAMLParseError(getErrorPos(token), "UNEXPECTED_TOKEN", msg);
            if (this.atDirectives || !this.doc)
              this.errors.push(error);
            else
              this.doc.errors.push(error);
            break;
          }
          case "doc-end": {
            if (!this.doc) {
              const msg = "Unexpected doc-end without preceding document";
              this.errors.push(new YAMLParseError(getErrorPos(token), "UNEXPECTED_TOKEN", msg));
              break;
            }
            this.doc.directives.docEnd = true;
            const end2 = resolveEnd(token.end, token.offset + token.source.length, this.doc.options.strict, this.onError);
            this.decorate(this.doc, true);
            if (end2.comment) {
              const dc = this.doc.comment;
              this.doc.comment = dc ? `${dc}
${end2.comment}` : end2.comment;
            }
            this.doc.range[2] = end2.offset;
            break;
          }
          default:
            this.errors.push(new YAMLParseError(getErrorPos(token), "UNEXPECTED_TOKEN", `Unsupported token ${token.type}`));
        }
      }
      /**
       * Call at end of input to yield any remaining document.
       *
       * @param forceDoc - If the stream contains no document, still emit a final document including any comments and directives that would be applied to a subsequent document.
       * @param endOffset - Should be set if `forceDoc` is also set, to set the document range end and to indicate errors correctly.
       */
      *end(forceDoc = false, endOffset = -1) {
        if (this.doc) {
          this.decorate(this.doc, true);
          yield this.doc;
          this.doc = null;
        } else if (forceDoc) {
          const opts = Object.assign({ _directives: this.directives }, this.options);
          const doc = new Document(void 0, opts);
          if (this.atDirectives)
            this.onError(endOffset, "MISSING_CHAR", "Missing directives-end indicator line");
          doc.range = [0, endOffset, endOffset];
          this.decorate(doc, false);
          yield doc;
        }
      }
    };
  }
});

// node_modules/yaml/browser/dist/parse/cst-scalar.js
var init_cst_scalar = __esm({
  "node_modules/yaml/browser/dist/parse/cst-scalar.js"() {
    "use strict";
    init_resolve_block_scalar();
    init_resolve_flow_scalar();
    init_errors2();
    init_stringifyString();
  }
});

// node_modules/yaml/browser/dist/parse/cst-stringify.js
var init_cst_stringify = __esm({
  "node_modules/yaml/browser/dist/parse/cst-stringify.js"() {
    "use strict";
  }
});

// node_modules/yaml/browser/dist/parse/cst-visit.js
function visit2(cst, visitor) {
  if ("type" in cst && cst.type === "document")
    cst = { start: cst.start, value: cst.value };
  _visit(Object.freeze([]), cst, visitor);
}
function _visit(path, item, visitor) {
  let ctrl = visitor(item, path);
  if (typeof ctrl === "symbol")
    return ctrl;
  for (const field of ["key", "value"]) {
    const token = item[field];
    if (token && "items" in token) {
      for (let i = 0; i < token.items.length; ++i) {
        const ci = _visit(Object.freeze(path.concat([[field, i]])), token.items[i], visitor);
        if (typeof ci === "number")
          i = ci - 1;
        else if (ci === BREAK2)
          return BREAK2;
        else if (ci === REMOVE2) {
          token.items.splice(i, 1);
          i -= 1;
        }
      }
      if (typeof ctrl === "function" && field === "key")
        ctrl = ctrl(item, path);
    }
  }
  return typeof ctrl === "function" ? ctrl(item, path) : ctrl;
}
var BREAK2, SKIP2, REMOVE2;
var init_cst_visit = __esm({
  "node_modules/yaml/browser/dist/parse/cst-visit.js"() {
    "use strict";
    BREAK2 = /* @__PURE__ */ Symbol("break visit");
    SKIP2 = /* @__PURE__ */ Symbol("skip children");
    REMOVE2 = /* @__PURE__ */ Symbol("remove item");
    visit2.BREAK = BREAK2;
    visit2.SKIP = SKIP2;
    visit2.REMOVE = REMOVE2;
    visit2.itemAtPath = (cst, path) => {
      let item = cst;
      for (const [field, index] of path) {
        const tok = item?.[field];
        if (tok && "items" in tok) {
          item = tok.items[index];
        } else
          return void 0;
      }
      return item;
    };
    visit2.parentCollection = (cst, path) => {
      const parent = visit2.itemAtPath(cst, path.slice(0, -1));
      const field = path[path.length - 1][0];
      const coll = parent?.[field];
      if (coll && "items" in coll)
        return coll;
      throw new Error("Parent collection not found");
    };
  }
});

// node_modules/yaml/browser/dist/parse/cst.js
function tokenType(source) {
  switch (source) {
    case BOM:
      return "byte-order-mark";
    case DOCUMENT:
      return "doc-mode";
    case FLOW_END:
      return "flow-error-end";
    case SCALAR2:
      return "scalar";
    case "---":
      return "doc-start";
    case "...":
      return "doc-end";
    case "":
    case "\n":
    case "\r\n":
      return "newline";
    case "-":
      return "seq-item-ind";
    case "?":
      return "explicit-key-ind";
    case ":":
      return "map-value-ind";
    case "{":
      return "flow-map-start";
    case "}":
      return "flow-map-end";
    case "[":
      return "flow-seq-start";
    case "]":
      return "flow-seq-end";
    case ",":
      return "comma";
  }
  switch (source[0]) {
    case " ":
    case "	":
      return "space";
    case "#":
      return "comment";
    case "%":
      return "directive-line";
    case "*":
      return "alias";
    case "&":
      return "anchor";
    case "!":
      return "tag";
    case "'":
      return "single-quoted-scalar";
    case '"':
      return "double-quoted-scalar";
    case "|":
    case ">":
      return "block-scalar-header";
  }
  return null;
}
var BOM, DOCUMENT, FLOW_END, SCALAR2;
var init_cst = __esm({
  "node_modules/yaml/browser/dist/parse/cst.js"() {
    "use strict";
    init_cst_scalar();
    init_cst_stringify();
    init_cst_visit();
    BOM = "\uFEFF";
    DOCUMENT = "";
    FLOW_END = "";
    SCALAR2 = "";
  }
});

// node_modules/yaml/browser/dist/parse/lexer.js
function isEmpty(ch) {
  switch (ch) {
    case void 0:
    case " ":
    case "\n":
    case "\r":
    case "	":
      return true;
    default:
      return false;
  }
}
var hexDigits, tagChars, flowIndicatorChars, invalidAnchorChars, isNotAnchorChar, Lexer;
var init_lexer = __esm({
  "node_modules/yaml/browser/dist/parse/lexer.js"() {
    "use strict";
    init_cst();
    hexDigits = new Set("0123456789ABCDEFabcdef");
    tagChars = new Set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-#;/?:@&=+$_.!~*'()");
    flowIndicatorChars = new Set(",[]{}");
    invalidAnchorChars = new Set(" ,[]{}\n\r	");
    isNotAnchorChar = (ch) => !ch || invalidAnchorChars.has(ch);
    Lexer = class {
      constructor() {
        this.atEnd = false;
        this.blockScalarIndent = -1;
        this.blockScalarKeep = false;
        this.buffer = "";
        this.flowKey = false;
        this.flowLevel = 0;
        this.indentNext = 0;
        this.indentValue = 0;
        this.lineEndPos = null;
        this.next = null;
        this.pos = 0;
      }
      /**
       * Generate YAML tokens from the `source` string. If `incomplete`,
       * a part of the last line may be left as a buffer for the next call.
       *
       * @returns A generator of lexical tokens
       */
      *lex(source, incomplete = false) {
        if (source) {
          if (typeof source !== "string")
            throw TypeError("source is not a string");
          this.buffer = this.buffer ? this.buffer + source : source;
          this.lineEndPos = null;
        }
        this.atEnd = !incomplete;
        let next = this.next ?? "stream";
        while (next && (incomplete || this.hasChars(1)))
          next = yield* this.parseNext(next);
      }
      atLineEnd() {
        let i = this.pos;
        let ch = this.buffer[i];
        while (ch === " " || ch === "	")
          ch = this.buffer[++i];
        if (!ch || ch === "#" || ch === "\n")
          return true;
        if (ch === "\r")
          return this.buffer[i + 1] === "\n";
        return false;
      }
      charAt(n) {
        return this.buffer[this.pos + n];
      }
      continueScalar(offset2) {
        let ch = this.buffer[offset2];
        if (this.indentNext > 0) {
          let indent = 0;
          while (ch === " ")
            ch = this.buffer[++indent + offset2];
          if (ch === "\r") {
            const next = this.buffer[indent + offset2 + 1];
            if (next === "\n" || !next && !this.atEnd)
              return offset2 + indent + 1;
          }
          return ch === "\n" || indent >= this.indentNext || !ch && !this.atEnd ? offset2 + indent : -1;
        }
        if (ch === "-" || ch === ".") {
          const dt = this.buffer.substr(offset2, 3);
          if ((dt === "---" || dt === "...") && isEmpty(this.buffer[offset2 + 3]))
            return -1;
        }
        return offset2;
      }
      getLine() {
        let end2 = this.lineEndPos;
        if (typeof end2 !== "number" || end2 !== -1 && end2 < this.pos) {
          end2 = this.buffer.indexOf("\n", this.pos);
          this.lineEndPos = end2;
        }
        if (end2 === -1)
          return this.atEnd ? this.buffer.substring(this.pos) : null;
        if (this.buffer[end2 - 1] === "\r")
          end2 -= 1;
        return this.buffer.substring(this.pos, end2);
      }
      hasChars(n) {
        return this.pos + n <= this.buffer.length;
      }
      setNext(state) {
        this.buffer = this.buffer.substring(this.pos);
        this.pos = 0;
        this.lineEndPos = null;
        this.next = state;
        return null;
      }
      peek(n) {
        return this.buffer.substr(this.pos, n);
      }
      *parseNext(next) {
        switch (next) {
          case "stream":
            return yield* this.parseStream();
          case "line-start":
            return yield* this.parseLineStart();
          case "block-start":
            return yield* this.parseBlockStart();
          case "doc":
            return yield* this.parseDocument();
          case "flow":
            return yield* this.parseFlowCollection();
          case "quoted-scalar":
            return yield* this.parseQuotedScalar();
          case "block-scalar":
            return yield* this.parseBlockScalar();
          case "plain-scalar":
            return yield* this.parsePlainScalar();
        }
      }
      *parseStream() {
        let line2 = this.getLine();
        if (line2 === null)
          return this.setNext("stream");
        if (line2[0] === BOM) {
          yield* this.pushCount(1);
          line2 = line2.substring(1);
        }
        if (line2[0] === "%") {
          let dirEnd = line2.length;
          let cs = line2.indexOf("#");
          while (cs !== -1) {
            const ch = line2[cs - 1];
            if (ch === " " || ch === "	") {
              dirEnd = cs - 1;
              break;
            } else {
              cs = line2.indexOf("#", cs + 1);
            }
          }
          while (true) {
            const ch = line2[dirEnd - 1];
            if (ch === " " || ch === "	")
              dirEnd -= 1;
            else
              break;
          }
          const n = (yield* this.pushCount(dirEnd)) + (yield* this.pushSpaces(true));
          yield* this.pushCount(line2.length - n);
          this.pushNewline();
          return "stream";
        }
        if (this.atLineEnd()) {
          const sp = yield* this.pushSpaces(true);
          yield* this.pushCount(line2.length - sp);
          yield* this.pushNewline();
          return "stream";
        }
        yield DOCUMENT;
        return yield* this.parseLineStart();
      }
      *parseLineStart() {
        const ch = this.charAt(0);
        if (!ch && !this.atEnd)
          return this.setNext("line-start");
        if (ch === "-" || ch === ".") {
          if (!this.atEnd && !this.hasChars(4))
            return this.setNext("line-start");
          const s = this.peek(3);
          if ((s === "---" || s === "...") && isEmpty(this.charAt(3))) {
            yield* this.pushCount(3);
            this.indentValue = 0;
            this.indentNext = 0;
            return s === "---" ? "doc" : "stream";
          }
        }
        this.indentValue = yield* this.pushSpaces(false);
        if (this.indentNext > this.indentValue && !isEmpty(this.charAt(1)))
          this.indentNext = this.indentValue;
        return yield* this.parseBlockStart();
      }
      *parseBlockStart() {
        const [ch0, ch1] = this.peek(2);
        if (!ch1 && !this.atEnd)
          return this.setNext("block-start");
        if ((ch0 === "-" || ch0 === "?" || ch0 === ":") && isEmpty(ch1)) {
          const n = (yield* this.pushCount(1)) + (yield* this.pushSpaces(true));
          this.indentNext = this.indentValue + 1;
          this.indentValue += n;
          return "block-start";
        }
        return "doc";
      }
      *parseDocument() {
        yield* this.pushSpaces(true);
        const line2 = this.getLine();
        if (line2 === null)
          return this.setNext("doc");
        let n = yield* this.pushIndicators();
        switch (line2[n]) {
          case "#":
            yield* this.pushCount(line2.length - n);
          // fallthrough
          case void 0:
            yield* this.pushNewline();
            return yield* this.parseLineStart();
          case "{":
          case "[":
            yield* this.pushCount(1);
            this.flowKey = false;
            this.flowLevel = 1;
            return "flow";
          case "}":
          case "]":
            yield* this.pushCount(1);
            return "doc";
          case "*":
            yield* this.pushUntil(isNotAnchorChar);
            return "doc";
          case '"':
          case "'":
            return yield* this.parseQuotedScalar();
          case "|":
          case ">":
            n += yield* this.parseBlockScalarHeader();
            n += yield* this.pushSpaces(true);
            yield* this.pushCount(line2.length - n);
            yield* this.pushNewline();
            return yield* this.parseBlockScalar();
          default:
            return yield* this.parsePlainScalar();
        }
      }
      *parseFlowCollection() {
        let nl, sp;
        let indent = -1;
        do {
          nl = yield* this.pushNewline();
          if (nl > 0) {
            sp = yield* this.pushSpaces(false);
            this.indentValue = indent = sp;
          } else {
            sp = 0;
          }
          sp += yield* this.pushSpaces(true);
        } while (nl + sp > 0);
        const line2 = this.getLine();
        if (line2 === null)
          return this.setNext("flow");
        if (indent !== -1 && indent < this.indentNext && line2[0] !== "#" || indent === 0 && (line2.startsWith("---") || line2.startsWith("...")) && isEmpty(line2[3])) {
          const atFlowEndMarker = indent === this.indentNext - 1 && this.flowLevel === 1 && (line2[0] === "]" || line2[0] === "}");
          if (!atFlowEndMarker) {
            this.flowLevel = 0;
            yield FLOW_END;
            return yield* this.parseLineStart();
          }
        }
        let n = 0;
        while (line2[n] === ",") {
          n += yield* this.pushCount(1);
          n += yield* this.pushSpaces(true);
          this.flowKey = false;
        }
        n += yield* this.pushIndicators();
        switch (line2[n]) {
          case void 0:
            return "flow";
          case "#":
            yield* this.pushCount(line2.length - n);
            return "flow";
          case "{":
          case "[":
            yield* this.pushCount(1);
            this.flowKey = false;
            this.flowLevel += 1;
            return "flow";
          case "}":
          case "]":
            yield* this.pushCount(1);
            this.flowKey = true;
            this.flowLevel -= 1;
            return this.flowLevel ? "flow" : "doc";
          case "*":
            yield* this.pushUntil(isNotAnchorChar);
            return "flow";
          case '"':
          case "'":
            this.flowKey = true;
            return yield* this.parseQuotedScalar();
          case ":": {
            const next = this.charAt(1);
            if (this.flowKey || isEmpty(next) || next === ",") {
              this.flowKey = false;
              yield* this.pushCount(1);
              yield* this.pushSpaces(true);
              return "flow";
            }
          }
          // fallthrough
          default:
            this.flowKey = false;
            return yield* this.parsePlainScalar();
        }
      }
      *parseQuotedScalar() {
        const quote2 = this.charAt(0);
        let end2 = this.buffer.indexOf(quote2, this.pos + 1);
        if (quote2 === "'") {
          while (end2 !== -1 && this.buffer[end2 + 1] === "'")
            end2 = this.buffer.indexOf("'", end2 + 2);
        } else {
          while (end2 !== -1) {
            let n = 0;
            while (this.buffer[end2 - 1 - n] === "\\")
              n += 1;
            if (n % 2 === 0)
              break;
            end2 = this.buffer.indexOf('"', end2 + 1);
          }
        }
        const qb = this.buffer.substring(0, end2);
        let nl = qb.indexOf("\n", this.pos);
        if (nl !== -1) {
          while (nl !== -1) {
            const cs = this.continueScalar(nl + 1);
            if (cs === -1)
              break;
            nl = qb.indexOf("\n", cs);
          }
          if (nl !== -1) {
            end2 = nl - (qb[nl - 1] === "\r" ? 2 : 1);
          }
        }
        if (end2 === -1) {
          if (!this.atEnd)
            return this.setNext("quoted-scalar");
          end2 = this.buffer.length;
        }
        yield* this.pushToIndex(end2 + 1, false);
        return this.flowLevel ? "flow" : "doc";
      }
      *parseBlockScalarHeader() {
        this.blockScalarIndent = -1;
        this.blockScalarKeep = false;
        let i = this.pos;
        while (true) {
          const ch = this.buffer[++i];
          if (ch === "+")
            this.blockScalarKeep = true;
          else if (ch > "0" && ch <= "9")
            this.blockScalarIndent = Number(ch) - 1;
          else if (ch !== "-")
            break;
        }
        return yield* this.pushUntil((ch) => isEmpty(ch) || ch === "#");
      }
      *parseBlockScalar() {
        let nl = this.pos - 1;
        let indent = 0;
        let ch;
        loop: for (let i2 = this.pos; ch = this.buffer[i2]; ++i2) {
          switch (ch) {
            case " ":
              indent += 1;
              break;
            case "\n":
              nl = i2;
              indent = 0;
              break;
            case "\r": {
              const next = this.buffer[i2 + 1];
              if (!next && !this.atEnd)
                return this.setNext("block-scalar");
              if (next === "\n")
                break;
            }
            // fallthrough
            default:
              break loop;
          }
        }
        if (!ch && !this.atEnd)
          return this.setNext("block-scalar");
        if (indent >= this.indentNext) {
          if (this.blockScalarIndent === -1)
            this.indentNext = indent;
          else {
            this.indentNext = this.blockScalarIndent + (this.indentNext === 0 ? 1 : this.indentNext);
          }
          do {
            const cs = this.continueScalar(nl + 1);
            if (cs === -1)
              break;
            nl = this.buffer.indexOf("\n", cs);
          } while (nl !== -1);
          if (nl === -1) {
            if (!this.atEnd)
              return this.setNext("block-scalar");
            nl = this.buffer.length;
          }
        }
        let i = nl + 1;
        ch = this.buffer[i];
        while (ch === " ")
          ch = this.buffer[++i];
        if (ch === "	") {
          while (ch === "	" || ch === " " || ch === "\r" || ch === "\n")
            ch = this.buffer[++i];
          nl = i - 1;
        } else if (!this.blockScalarKeep) {
          do {
            let i2 = nl - 1;
            let ch2 = this.buffer[i2];
            if (ch2 === "\r")
              ch2 = this.buffer[--i2];
            const lastChar = i2;
            while (ch2 === " ")
              ch2 = this.buffer[--i2];
            if (ch2 === "\n" && i2 >= this.pos && i2 + 1 + indent > lastChar)
              nl = i2;
            else
              break;
          } while (true);
        }
        yield SCALAR2;
        yield* this.pushToIndex(nl + 1, true);
        return yield* this.parseLineStart();
      }
      *parsePlainScalar() {
        const inFlow = this.flowLevel > 0;
        let end2 = this.pos - 1;
        let i = this.pos - 1;
        let ch;
        while (ch = this.buffer[++i]) {
          if (ch === ":") {
            const next = this.buffer[i + 1];
            if (isEmpty(next) || inFlow && flowIndicatorChars.has(next))
              break;
            end2 = i;
          } else if (isEmpty(ch)) {
            let next = this.buffer[i + 1];
            if (ch === "\r") {
              if (next === "\n") {
                i += 1;
                ch = "\n";
                next = this.buffer[i + 1];
              } else
                end2 = i;
            }
            if (next === "#" || inFlow && flowIndicatorChars.has(next))
              break;
            if (ch === "\n") {
              const cs = this.continueScalar(i + 1);
              if (cs === -1)
                break;
              i = Math.max(i, cs - 2);
            }
          } else {
            if (inFlow && flowIndicatorChars.has(ch))
              break;
            end2 = i;
          }
        }
        if (!ch && !this.atEnd)
          return this.setNext("plain-scalar");
        yield SCALAR2;
        yield* this.pushToIndex(end2 + 1, true);
        return inFlow ? "flow" : "doc";
      }
      *pushCount(n) {
        if (n > 0) {
          yield this.buffer.substr(this.pos, n);
          this.pos += n;
          return n;
        }
        return 0;
      }
      *pushToIndex(i, allowEmpty) {
        const s = this.buffer.slice(this.pos, i);
        if (s) {
          yield s;
          this.pos += s.length;
          return s.length;
        } else if (allowEmpty)
          yield "";
        return 0;
      }
      *pushIndicators() {
        let n = 0;
        loop: while (true) {
          switch (this.charAt(0)) {
            case "!":
              n += yield* this.pushTag();
              n += yield* this.pushSpaces(true);
              continue loop;
            case "&":
              n += yield* this.pushUntil(isNotAnchorChar);
              n += yield* this.pushSpaces(true);
              continue loop;
            case "-":
            // this is an error
            case "?":
            // this is an error outside flow collections
            case ":": {
              const inFlow = this.flowLevel > 0;
              const ch1 = this.charAt(1);
              if (isEmpty(ch1) || inFlow && flowIndicatorChars.has(ch1)) {
                if (!inFlow)
                  this.indentNext = this.indentValue + 1;
                else if (this.flowKey)
                  this.flowKey = false;
                n += yield* this.pushCount(1);
                n += yield* this.pushSpaces(true);
                continue loop;
              }
            }
          }
          break loop;
        }
        return n;
      }
      *pushTag() {
        if (this.charAt(1) === "<") {
          let i = this.pos + 2;
          let ch = this.buffer[i];
          while (!isEmpty(ch) && ch !== ">")
            ch = this.buffer[++i];
          return yield* this.pushToIndex(ch === ">" ? i + 1 : i, false);
        } else {
          let i = this.pos + 1;
          let ch = this.buffer[i];
          while (ch) {
            if (tagChars.has(ch))
              ch = this.buffer[++i];
            else if (ch === "%" && hexDigits.has(this.buffer[i + 1]) && hexDigits.has(this.buffer[i + 2])) {
              ch = this.buffer[i += 3];
            } else
              break;
          }
          return yield* this.pushToIndex(i, false);
        }
      }
      *pushNewline() {
        const ch = this.buffer[this.pos];
        if (ch === "\n")
          return yield* this.pushCount(1);
        else if (ch === "\r" && this.charAt(1) === "\n")
          return yield* this.pushCount(2);
        else
          return 0;
      }
      *pushSpaces(allowTabs) {
        let i = this.pos - 1;
        let ch;
        do {
          ch = this.buffer[++i];
        } while (ch === " " || allowTabs && ch === "	");
        const n = i - this.pos;
        if (n > 0) {
          yield this.buffer.substr(this.pos, n);
          this.pos = i;
        }
        return n;
      }
      *pushUntil(test) {
        let i = this.pos;
        let ch = this.buffer[i];
        while (!test(ch))
          ch = this.buffer[++i];
        return yield* this.pushToIndex(i, false);
      }
    };
  }
});

// node_modules/yaml/browser/dist/parse/line-counter.js
var LineCounter;
var init_line_counter = __esm({
  "node_modules/yaml/browser/dist/parse/line-counter.js"() {
    "use strict";
    LineCounter = class {
      constructor() {
        this.lineStarts = [];
        this.addNewLine = (offset2) => this.lineStarts.push(offset2);
        this.linePos = (offset2) => {
          let low = 0;
          let high = this.lineStarts.length;
          while (low < high) {
            const mid = low + high >> 1;
            if (this.lineStarts[mid] < offset2)
              low = mid + 1;
            else
              high = mid;
          }
          if (this.lineStarts[low] === offset2)
            return { line: low + 1, col: 1 };
          if (low === 0)
            return { line: 0, col: offset2 };
          const start = this.lineStarts[low - 1];
          return { line: low, col: offset2 - start + 1 };
        };
      }
    };
  }
});

// node_modules/yaml/browser/dist/parse/parser.js
function includesToken(list2, type) {
  for (let i = 0; i < list2.length; ++i)
    if (list2[i].type === type)
      return true;
  return false;
}
function findNonEmptyIndex(list2) {
  for (let i = 0; i < list2.length; ++i) {
    switch (list2[i].type) {
      case "space":
      case "comment":
      case "newline":
        break;
      default:
        return i;
    }
  }
  return -1;
}
function isFlowToken(token) {
  switch (token?.type) {
    case "alias":
    case "scalar":
    case "single-quoted-scalar":
    case "double-quoted-scalar":
    case "flow-collection":
      return true;
    default:
      return false;
  }
}
function getPrevProps(parent) {
  switch (parent.type) {
    case "document":
      return parent.start;
    case "block-map": {
      const it = parent.items[parent.items.length - 1];
      return it.sep ?? it.start;
    }
    case "block-seq":
      return parent.items[parent.items.length - 1].start;
    /* istanbul ignore next should not happen */
    default:
      return [];
  }
}
function getFirstKeyStartProps(prev) {
  if (prev.length === 0)
    return [];
  let i = prev.length;
  loop: while (--i >= 0) {
    switch (prev[i].type) {
      case "doc-start":
      case "explicit-key-ind":
      case "map-value-ind":
      case "seq-item-ind":
      case "newline":
        break loop;
    }
  }
  while (prev[++i]?.type === "space") {
  }
  return prev.splice(i, prev.length);
}
function arrayPushArray(target, source) {
  if (source.length < 1e5)
    Array.prototype.push.apply(target, source);
  else
    for (let i = 0; i < source.length; ++i)
      target.push(source[i]);
}
function fixFlowSeqItems(fc) {
  if (fc.start.type === "flow-seq-start") {
    for (const it of fc.items) {
      if (it.sep && !it.value && !includesToken(it.start, "explicit-key-ind") && !includesToken(it.sep, "map-value-ind")) {
        if (it.key)
          it.value = it.key;
        delete it.key;
        if (isFlowToken(it.value)) {
          if (it.value.end)
            arrayPushArray(it.value.end, it.sep);
          else
            it.value.end = it.sep;
        } else
          arrayPushArray(it.start, it.sep);
        delete it.sep;
      }
    }
  }
}
var Parser;
var init_parser = __esm({
  "node_modules/yaml/browser/dist/parse/parser.js"() {
    "use strict";
    init_cst();
    init_lexer();
    Parser = class {
      /**
       * @param onNewLine - If defined, called separately with the start position of
       *   each new line (in `parse()`, including the start of input).
       */
      constructor(onNewLine) {
        this.atNewLine = true;
        this.atScalar = false;
        this.indent = 0;
        this.offset = 0;
        this.onKeyLine = false;
        this.stack = [];
        this.source = "";
        this.type = "";
        this.lexer = new Lexer();
        this.onNewLine = onNewLine;
      }
      /**
       * Parse `source` as a YAML stream.
       * If `incomplete`, a part of the last line may be left as a buffer for the next call.
       *
       * Errors are not thrown, but yielded as `{ type: 'error', message }` tokens.
       *
       * @returns A generator of tokens representing each directive, document, and other structure.
       */
      *parse(source, incomplete = false) {
        if (this.onNewLine && this.offset === 0)
          this.onNewLine(0);
        for (const lexeme of this.lexer.lex(source, incomplete))
          yield* this.next(lexeme);
        if (!incomplete)
          yield* this.end();
      }
      /**
       * Advance the parser by the `source` of one lexical token.
       */
      *next(source) {
        this.source = source;
        if (this.atScalar) {
          this.atScalar = false;
          yield* this.step();
          this.offset += source.length;
          return;
        }
        const type = tokenType(source);
        if (!type) {
          const message = `Not a YAML token: ${source}`;
          yield* this.pop({ type: "error", offset: this.offset, message, source });
          this.offset += source.length;
        } else if (type === "scalar") {
          this.atNewLine = false;
          this.atScalar = true;
          this.type = "scalar";
        } else {
          this.type = type;
          yield* this.step();
          switch (type) {
            case "newline":
              this.atNewLine = true;
              this.indent = 0;
              if (this.onNewLine)
                this.onNewLine(this.offset + source.length);
              break;
            case "space":
              if (this.atNewLine && source[0] === " ")
                this.indent += source.length;
              break;
            case "explicit-key-ind":
            case "map-value-ind":
            case "seq-item-ind":
              if (this.atNewLine)
                this.indent += source.length;
              break;
            case "doc-mode":
            case "flow-error-end":
              return;
            default:
              this.atNewLine = false;
          }
          this.offset += source.length;
        }
      }
      /** Call at end of input to push out any remaining constructions */
      *end() {
        while (this.stack.length > 0)
          yield* this.pop();
      }
      get sourceToken() {
        const st = {
          type: this.type,
          offset: this.offset,
          indent: this.indent,
          source: this.source
        };
        return st;
      }
      *step() {
        const top = this.peek(1);
        if (this.type === "doc-end" && top?.type !== "doc-end") {
          while (this.stack.length > 0)
            yield* this.pop();
          this.stack.push({
            type: "doc-end",
            offset: this.offset,
            source: this.source
          });
          return;
        }
        if (!top)
          return yield* this.stream();
        switch (top.type) {
          case "document":
            return yield* this.document(top);
          case "alias":
          case "scalar":
          case "single-quoted-scalar":
          case "double-quoted-scalar":
            return yield* this.scalar(top);
          case "block-scalar":
            return yield* this.blockScalar(top);
          case "block-map":
            return yield* this.blockMap(top);
          case "block-seq":
            return yield* this.blockSequence(top);
          case "flow-collection":
            return yield* this.flowCollection(top);
          case "doc-end":
            return yield* this.documentEnd(top);
        }
        yield* this.pop();
      }
      peek(n) {
        return this.stack[this.stack.length - n];
      }
      *pop(error) {
        const token = error ?? this.stack.pop();
        if (!token) {
          const message = "Tried to pop an empty stack";
          yield { type: "error", offset: this.offset, source: "", message };
        } else if (this.stack.length === 0) {
          yield token;
        } else {
          const top = this.peek(1);
          if (token.type === "block-scalar") {
            token.indent = "indent" in top ? top.indent : 0;
          } else if (token.type === "flow-collection" && top.type === "document") {
            token.indent = 0;
          }
          if (token.type === "flow-collection")
            fixFlowSeqItems(token);
          switch (top.type) {
            case "document":
              top.value = token;
              break;
            case "block-scalar":
              top.props.push(token);
              break;
            case "block-map": {
              const it = top.items[top.items.length - 1];
              if (it.value) {
                top.items.push({ start: [], key: token, sep: [] });
                this.onKeyLine = true;
                return;
              } else if (it.sep) {
                it.value = token;
              } else {
                Object.assign(it, { key: token, sep: [] });
                this.onKeyLine = !it.explicitKey;
                return;
              }
              break;
            }
            case "block-seq": {
              const it = top.items[top.items.length - 1];
              if (it.value)
                top.items.push({ start: [], value: token });
              else
                it.value = token;
              break;
            }
            case "flow-collection": {
              const it = top.items[top.items.length - 1];
              if (!it || it.value)
                top.items.push({ start: [], key: token, sep: [] });
              else if (it.sep)
                it.value = token;
              else
                Object.assign(it, { key: token, sep: [] });
              return;
            }
            /* istanbul ignore next should not happen */
            default:
              yield* this.pop();
              yield* this.pop(token);
          }
          if ((top.type === "document" || top.type === "block-map" || top.type === "block-seq") && (token.type === "block-map" || token.type === "block-seq")) {
            const last = token.items[token.items.length - 1];
            if (last && !last.sep && !last.value && last.start.length > 0 && findNonEmptyIndex(last.start) === -1 && (token.indent === 0 || last.start.every((st) => st.type !== "comment" || st.indent < token.indent))) {
              if (top.type === "document")
                top.end = last.start;
              else
                top.items.push({ start: last.start });
              token.items.splice(-1, 1);
            }
          }
        }
      }
      *stream() {
        switch (this.type) {
          case "directive-line":
            yield { type: "directive", offset: this.offset, source: this.source };
            return;
          case "byte-order-mark":
          case "space":
          case "comment":
          case "newline":
            yield this.sourceToken;
            return;
          case "doc-mode":
          case "doc-start": {
            const doc = {
              type: "document",
              offset: this.offset,
              start: []
            };
            if (this.type === "doc-start")
              doc.start.push(this.sourceToken);
            this.stack.push(doc);
            return;
          }
        }
        yield {
          type: "error",
          offset: this.offset,
          message: `Unexpected ${this.type} token in YAML stream`,
          source: this.source
        };
      }
      *document(doc) {
        if (doc.value)
          return yield* this.lineEnd(doc);
        switch (this.type) {
          case "doc-start": {
            if (findNonEmptyIndex(doc.start) !== -1) {
              yield* this.pop();
              yield* this.step();
            } else
              doc.start.push(this.sourceToken);
            return;
          }
          case "anchor":
          case "tag":
          case "space":
          case "comment":
          case "newline":
            doc.start.push(this.sourceToken);
            return;
        }
        const bv = this.startBlockValue(doc);
        if (bv)
          this.stack.push(bv);
        else {
          yield {
            type: "error",
            offset: this.offset,
            message: `Unexpected ${this.type} token in YAML document`,
            source: this.source
          };
        }
      }
      *scalar(scalar) {
        if (this.type === "map-value-ind") {
          const prev = getPrevProps(this.peek(2));
          const start = getFirstKeyStartProps(prev);
          let sep;
          if (scalar.end) {
            sep = scalar.end;
            sep.push(this.sourceToken);
            delete scalar.end;
          } else
            sep = [this.sourceToken];
          const map3 = {
            type: "block-map",
            offset: scalar.offset,
            indent: scalar.indent,
            items: [{ start, key: scalar, sep }]
          };
          this.onKeyLine = true;
          this.stack[this.stack.length - 1] = map3;
        } else
          yield* this.lineEnd(scalar);
      }
      *blockScalar(scalar) {
        switch (this.type) {
          case "space":
          case "comment":
          case "newline":
            scalar.props.push(this.sourceToken);
            return;
          case "scalar":
            scalar.source = this.source;
            this.atNewLine = true;
            this.indent = 0;
            if (this.onNewLine) {
              let nl = this.source.indexOf("\n") + 1;
              while (nl !== 0) {
                this.onNewLine(this.offset + nl);
                nl = this.source.indexOf("\n", nl) + 1;
              }
            }
            yield* this.pop();
            break;
          /* istanbul ignore next should not happen */
          default:
            yield* this.pop();
            yield* this.step();
        }
      }
      *blockMap(map3) {
        const it = map3.items[map3.items.length - 1];
        switch (this.type) {
          case "newline":
            this.onKeyLine = false;
            if (it.value) {
              const end2 = "end" in it.value ? it.value.end : void 0;
              const last = Array.isArray(end2) ? end2[end2.length - 1] : void 0;
              if (last?.type === "comment")
                end2?.push(this.sourceToken);
              else
                map3.items.push({ start: [this.sourceToken] });
            } else if (it.sep) {
              it.sep.push(this.sourceToken);
            } else {
              it.start.push(this.sourceToken);
            }
            return;
          case "space":
          case "comment":
            if (it.value) {
              map3.items.push({ start: [this.sourceToken] });
            } else if (it.sep) {
              it.sep.push(this.sourceToken);
            } else {
              if (this.atIndentedComment(it.start, map3.indent)) {
                const prev = map3.items[map3.items.length - 2];
                const end2 = prev?.value?.end;
                if (Array.isArray(end2)) {
                  arrayPushArray(end2, it.start);
                  end2.push(this.sourceToken);
                  map3.items.pop();
                  return;
                }
              }
              it.start.push(this.sourceToken);
            }
            return;
        }
        if (this.indent >= map3.indent) {
          const atMapIndent = !this.onKeyLine && this.indent === map3.indent;
          const atNextItem = atMapIndent && (it.sep || it.explicitKey) && this.type !== "seq-item-ind";
          let start = [];
          if (atNextItem && it.sep && !it.value) {
            const nl = [];
            for (let i = 0; i < it.sep.length; ++i) {
              const st = it.sep[i];
              switch (st.type) {
                case "newline":
                  nl.push(i);
                  break;
                case "space":
                  break;
                case "comment":
                  if (st.indent > map3.indent)
                    nl.length = 0;
                  break;
                default:
                  nl.length = 0;
              }
            }
            if (nl.length >= 2)
              start = it.sep.splice(nl[1]);
          }
          switch (this.type) {
            case "anchor":
            case "tag":
              if (atNextItem || it.value) {
                start.push(this.sourceToken);
                map3.items.push({ start });
                this.onKeyLine = true;
              } else if (it.sep) {
                it.sep.push(this.sourceToken);
              } else {
                it.start.push(this.sourceToken);
              }
              return;
            case "explicit-key-ind":
              if (!it.sep && !it.explicitKey) {
                it.start.push(this.sourceToken);
                it.explicitKey = true;
              } else if (atNextItem || it.value) {
                start.push(this.sourceToken);
                map3.items.push({ start, explicitKey: true });
              } else {
                this.stack.push({
                  type: "block-map",
                  offset: this.offset,
                  indent: this.indent,
                  items: [{ start: [this.sourceToken], explicitKey: true }]
                });
              }
              this.onKeyLine = true;
              return;
            case "map-value-ind":
              if (it.explicitKey) {
                if (!it.sep) {
                  if (includesToken(it.start, "newline")) {
                    Object.assign(it, { key: null, sep: [this.sourceToken] });
                  } else {
                    const start2 = getFirstKeyStartProps(it.start);
                    this.stack.push({
                      type: "block-map",
                      offset: this.offset,
                      indent: this.indent,
                      items: [{ start: start2, key: null, sep: [this.sourceToken] }]
                    });
                  }
                } else if (it.value) {
                  map3.items.push({ start: [], key: null, sep: [this.sourceToken] });
                } else if (includesToken(it.sep, "map-value-ind")) {
                  this.stack.push({
                    type: "block-map",
                    offset: this.offset,
                    indent: this.indent,
                    items: [{ start, key: null, sep: [this.sourceToken] }]
                  });
                } else if (isFlowToken(it.key) && !includesToken(it.sep, "newline")) {
                  const start2 = getFirstKeyStartProps(it.start);
                  const key = it.key;
                  const sep = it.sep;
                  sep.push(this.sourceToken);
                  delete it.key;
                  delete it.sep;
                  this.stack.push({
                    type: "block-map",
                    offset: this.offset,
                    indent: this.indent,
                    items: [{ start: start2, key, sep }]
                  });
                } else if (start.length > 0) {
                  it.sep = it.sep.concat(start, this.sourceToken);
                } else {
                  it.sep.push(this.sourceToken);
                }
              } else {
                if (!it.sep) {
                  Object.assign(it, { key: null, sep: [this.sourceToken] });
                } else if (it.value || atNextItem) {
                  map3.items.push({ start, key: null, sep: [this.sourceToken] });
                } else if (includesToken(it.sep, "map-value-ind")) {
                  this.stack.push({
                    type: "block-map",
                    offset: this.offset,
                    indent: this.indent,
                    items: [{ start: [], key: null, sep: [this.sourceToken] }]
                  });
                } else {
                  it.sep.push(this.sourceToken);
                }
              }
              this.onKeyLine = true;
              return;
            case "alias":
            case "scalar":
            case "single-quoted-scalar":
            case "double-quoted-scalar": {
              const fs = this.flowScalar(this.type);
              if (atNextItem || it.value) {
                map3.items.push({ start, key: fs, sep: [] });
                this.onKeyLine = true;
              } else if (it.sep) {
                this.stack.push(fs);
              } else {
                Object.assign(it, { key: fs, sep: [] });
                this.onKeyLine = true;
              }
              return;
            }
            default: {
              const bv = this.startBlockValue(map3);
              if (bv) {
                if (bv.type === "block-seq") {
                  if (!it.explicitKey && it.sep && !includesToken(it.sep, "newline")) {
                    yield* this.pop({
                      type: "error",
                      offset: this.offset,
                      message: "Unexpected block-seq-ind on same line with key",
                      source: this.source
                    });
                    return;
                  }
                } else if (atMapIndent) {
                  map3.items.push({ start });
                }
                this.stack.push(bv);
                return;
              }
            }
          }
        }
        yield* this.pop();
        yield* this.step();
      }
      *blockSequence(seq2) {
        const it = seq2.items[seq2.items.length - 1];
        switch (this.type) {
          case "newline":
            if (it.value) {
              const end2 = "end" in it.value ? it.value.end : void 0;
              const last = Array.isArray(end2) ? end2[end2.length - 1] : void 0;
              if (last?.type === "comment")
                end2?.push(this.sourceToken);
              else
                seq2.items.push({ start: [this.sourceToken] });
            } else
              it.start.push(this.sourceToken);
            return;
          case "space":
          case "comment":
            if (it.value)
              seq2.items.push({ start: [this.sourceToken] });
            else {
              if (this.atIndentedComment(it.start, seq2.indent)) {
                const prev = seq2.items[seq2.items.length - 2];
                const end2 = prev?.value?.end;
                if (Array.isArray(end2)) {
                  arrayPushArray(end2, it.start);
                  end2.push(this.sourceToken);
                  seq2.items.pop();
                  return;
                }
              }
              it.start.push(this.sourceToken);
            }
            return;
          case "anchor":
          case "tag":
            if (it.value || this.indent <= seq2.indent)
              break;
            it.start.push(this.sourceToken);
            return;
          case "seq-item-ind":
            if (this.indent !== seq2.indent)
              break;
            if (it.value || includesToken(it.start, "seq-item-ind"))
              seq2.items.push({ start: [this.sourceToken] });
            else
              it.start.push(this.sourceToken);
            return;
        }
        if (this.indent > seq2.indent) {
          const bv = this.startBlockValue(seq2);
          if (bv) {
            this.stack.push(bv);
            return;
          }
        }
        yield* this.pop();
        yield* this.step();
      }
      *flowCollection(fc) {
        const it = fc.items[fc.items.length - 1];
        if (this.type === "flow-error-end") {
          let top;
          do {
            yield* this.pop();
            top = this.peek(1);
          } while (top?.type === "flow-collection");
        } else if (fc.end.length === 0) {
          switch (this.type) {
            case "comma":
            case "explicit-key-ind":
              if (!it || it.sep)
                fc.items.push({ start: [this.sourceToken] });
              else
                it.start.push(this.sourceToken);
              return;
            case "map-value-ind":
              if (!it || it.value)
                fc.items.push({ start: [], key: null, sep: [this.sourceToken] });
              else if (it.sep)
                it.sep.push(this.sourceToken);
              else
                Object.assign(it, { key: null, sep: [this.sourceToken] });
              return;
            case "space":
            case "comment":
            case "newline":
            case "anchor":
            case "tag":
              if (!it || it.value)
                fc.items.push({ start: [this.sourceToken] });
              else if (it.sep)
                it.sep.push(this.sourceToken);
              else
                it.start.push(this.sourceToken);
              return;
            case "alias":
            case "scalar":
            case "single-quoted-scalar":
            case "double-quoted-scalar": {
              const fs = this.flowScalar(this.type);
              if (!it || it.value)
                fc.items.push({ start: [], key: fs, sep: [] });
              else if (it.sep)
                this.stack.push(fs);
              else
                Object.assign(it, { key: fs, sep: [] });
              return;
            }
            case "flow-map-end":
            case "flow-seq-end":
              fc.end.push(this.sourceToken);
              return;
          }
          const bv = this.startBlockValue(fc);
          if (bv)
            this.stack.push(bv);
          else {
            yield* this.pop();
            yield* this.step();
          }
        } else {
          const parent = this.peek(2);
          if (parent.type === "block-map" && (this.type === "map-value-ind" && parent.indent === fc.indent || this.type === "newline" && !parent.items[parent.items.length - 1].sep)) {
            yield* this.pop();
            yield* this.step();
          } else if (this.type === "map-value-ind" && parent.type !== "flow-collection") {
            const prev = getPrevProps(parent);
            const start = getFirstKeyStartProps(prev);
            fixFlowSeqItems(fc);
            const sep = fc.end.splice(1, fc.end.length);
            sep.push(this.sourceToken);
            const map3 = {
              type: "block-map",
              offset: fc.offset,
              indent: fc.indent,
              items: [{ start, key: fc, sep }]
            };
            this.onKeyLine = true;
            this.stack[this.stack.length - 1] = map3;
          } else {
            yield* this.lineEnd(fc);
          }
        }
      }
      flowScalar(type) {
        if (this.onNewLine) {
          let nl = this.source.indexOf("\n") + 1;
          while (nl !== 0) {
            this.onNewLine(this.offset + nl);
            nl = this.source.indexOf("\n", nl) + 1;
          }
        }
        return {
          type,
          offset: this.offset,
          indent: this.indent,
          source: this.source
        };
      }
      startBlockValue(parent) {
        switch (this.type) {
          case "alias":
          case "scalar":
          case "single-quoted-scalar":
          case "double-quoted-scalar":
            return this.flowScalar(this.type);
          case "block-scalar-header":
            return {
              type: "block-scalar",
              offset: this.offset,
              indent: this.indent,
              props: [this.sourceToken],
              source: ""
            };
          case "flow-map-start":
          case "flow-seq-start":
            return {
              type: "flow-collection",
              offset: this.offset,
              indent: this.indent,
              start: this.sourceToken,
              items: [],
              end: []
            };
          case "seq-item-ind":
            return {
              type: "block-seq",
              offset: this.offset,
              indent: this.indent,
              items: [{ start: [this.sourceToken] }]
            };
          case "explicit-key-ind": {
            this.onKeyLine = true;
            const prev = getPrevProps(parent);
            const start = getFirstKeyStartProps(prev);
            start.push(this.sourceToken);
            return {
              type: "block-map",
              offset: this.offset,
              indent: this.indent,
              items: [{ start, explicitKey: true }]
            };
          }
          case "map-value-ind": {
            this.onKeyLine = true;
            const prev = getPrevProps(parent);
            const start = getFirstKeyStartProps(prev);
            return {
              type: "block-map",
              offset: this.offset,
              indent: this.indent,
              items: [{ start, key: null, sep: [this.sourceToken] }]
            };
          }
        }
        return null;
      }
      atIndentedComment(start, indent) {
        if (this.type !== "comment")
          return false;
        if (this.indent <= indent)
          return false;
        return start.every((st) => st.type === "newline" || st.type === "space");
      }
      *documentEnd(docEnd) {
        if (this.type !== "doc-mode") {
          if (docEnd.end)
            docEnd.end.push(this.sourceToken);
          else
            docEnd.end = [this.sourceToken];
          if (this.type === "newline")
            yield* this.pop();
        }
      }
      *lineEnd(token) {
        switch (this.type) {
          case "comma":
          case "doc-start":
          case "doc-end":
          case "flow-seq-end":
          case "flow-map-end":
          case "map-value-ind":
            yield* this.pop();
            yield* this.step();
            break;
          case "newline":
            this.onKeyLine = false;
          // fallthrough
          case "space":
          case "comment":
          default:
            if (token.end)
              token.end.push(this.sourceToken);
            else
              token.end = [this.sourceToken];
            if (this.type === "newline")
              yield* this.pop();
        }
      }
    };
  }
});

// node_modules/yaml/browser/dist/public-api.js
function parseOptions(options) {
  const prettyErrors = options.prettyErrors !== false;
  const lineCounter = options.lineCounter || prettyErrors && new LineCounter() || null;
  return { lineCounter, prettyErrors };
}
function parseDocument(source, options = {}) {
  const { lineCounter, prettyErrors } = parseOptions(options);
  const parser = new Parser(lineCounter?.addNewLine);
  const composer = new Composer(options);
  let doc = null;
  for (const _doc of composer.compose(parser.parse(source), true, source.length)) {
    if (!doc)
      doc = _doc;
    else if (doc.options.logLevel !== "silent") {
      doc.errors.push(new YAMLParseError(_doc.range.slice(0, 2), "MULTIPLE_DOCS", "Source contains multiple documents; please use YAML.parseAllDocuments()"));
      break;
    }
  }
  if (prettyErrors && lineCounter) {
    doc.errors.forEach(prettifyError(source, lineCounter));
    doc.warnings.forEach(prettifyError(source, lineCounter));
  }
  return doc;
}
var init_public_api = __esm({
  "node_modules/yaml/browser/dist/public-api.js"() {
    "use strict";
    init_composer();
    init_Document();
    init_errors2();
    init_log();
    init_identity();
    init_line_counter();
    init_parser();
  }
});

// node_modules/yaml/browser/dist/index.js
var init_dist2 = __esm({
  "node_modules/yaml/browser/dist/index.js"() {
    "use strict";
    init_composer();
    init_Document();
    init_Schema();
    init_errors2();
    init_Alias();
    init_identity();
    init_Pair();
    init_Scalar();
    init_YAMLMap();
    init_YAMLSeq();
    init_cst();
    init_lexer();
    init_line_counter();
    init_parser();
    init_public_api();
    init_visit();
  }
});

// src/policy/yaml.ts
function readYaml(text3, file, example) {
  const fail = (message, remedy, place = { file, line: 1, column: 1 }) => new UserError([{ message, remedy, place }]);
  if (text3.length > MAX_CHARACTERS || Buffer.byteLength(text3) > MAX_CHARACTERS) {
    throw fail(`${file} is larger than 1 MiB`, "Nothing this long is read; is it the right file?");
  }
  try {
    return read2(text3.replace(/^\ufeff/, ""), file, example, fail);
  } catch (error) {
    if (error instanceof RangeError) throw fail(`${file} is nested too deeply`, `At most ${MAX_DEPTH} levels are read.`);
    throw error;
  }
}
function read2(text3, file, example, fail) {
  const lineCounter = new LineCounter();
  const document = parseDocument(text3, { lineCounter, schema: "core", stringKeys: true, uniqueKeys: false, prettyErrors: false });
  const placeAt = (offset2) => {
    const { line: line2, col } = lineCounter.linePos(offset2);
    return { file, line: Math.max(line2, 1), column: Math.max(col, 1) };
  };
  const found = [...document.errors, ...document.warnings].filter((error) => error.code !== "TAG_RESOLVE_FAILED");
  const problems = found.map((error) => {
    const several = error.code === "MULTIPLE_DOCS";
    return {
      message: several ? "there is a second YAML document" : `not valid YAML: ${error.message}`,
      remedy: several ? "Keep one document: nothing may follow `---` or `...`." : "",
      place: placeAt(error.pos[0])
    };
  });
  problems.push(...oddities(document, placeAt));
  if (problems.length > 0) throw new UserError(problems);
  if (document.contents === null || isScalar(document.contents) && document.contents.value === null) {
    throw fail(`${file} is empty`, `Write ${example}, or leave it out.`);
  }
  const contents = document.contents;
  return {
    value: document.toJS({ maxAliasCount: 0 }),
    place: (path, part = "value") => placeAt(offset(contents, path, part))
  };
}
function oddities(document, placeAt) {
  const problems = [];
  const report2 = (node, message, remedy) => {
    const range = node?.range;
    problems.push({ message, remedy, place: placeAt(range?.[0] ?? 0) });
  };
  const { yaml, tags } = document.directives;
  if (yaml.explicit === true || Object.keys(tags).length > 1) {
    report2(null, "YAML directives (`%\u2026`) are not read", "Remove the line; YAML 1.2 is meant.");
  }
  visit(document, {
    Alias: (_, node) => report2(node, `aliases (\`*${node.source}\`) are not read`, "Write the value out."),
    Node: (_, node, path) => {
      if (path.length > MAX_DEPTH && path.filter(isCollection).length >= MAX_DEPTH) throw new RangeError("depth");
      if ("anchor" in node && node.anchor) report2(node, `anchors (\`&${node.anchor}\`) are not read`, "Write the value out.");
      if (node.tag) report2(node, `tags (\`${node.tag}\`) are not read`, "Quote the value where text is meant.");
      if (isScalar(node)) checkScalar(node.value, (message, remedy) => report2(node, message, remedy));
      if (isMap2(node)) checkKeys(node.items, report2);
    }
  });
  return problems;
}
function checkScalar(value, report2) {
  if (typeof value === "string" && !value.isWellFormed()) report2("text holds half of a surrogate pair", "Write the character itself.");
  if (typeof value === "number" && (!Number.isFinite(value) || Math.abs(value) > Number.MAX_SAFE_INTEGER)) {
    report2(`${value} is not a number that can be kept exactly`, "Quote it where text is meant.");
  }
}
function checkKeys(items, report2) {
  const seen = /* @__PURE__ */ new Set();
  for (const { key } of items) {
    if (!isScalar(key)) continue;
    const name2 = String(key.value);
    if (seen.has(name2)) report2(key, `key ${JSON.stringify(name2)} is there twice`, "Keep one of them.");
    else if (name2 === "<<") report2(key, "merge keys (`<<`) are not read", "Write the keys out.");
    else if (FORBIDDEN_KEYS.includes(name2)) report2(key, `${JSON.stringify(name2)} cannot be used as a key`, "");
    seen.add(name2);
  }
}
function offset(contents, path, part) {
  let node = contents;
  let at2 = contents.range?.[0] ?? 0;
  for (const [depth, step2] of path.entries()) {
    const last = depth === path.length - 1;
    const found = isMap2(node) ? node.items.find((pair) => isScalar(pair.key) && String(pair.key.value) === step2) : isSeq(node) && typeof step2 === "number" ? node.items[step2] : void 0;
    if (found === void 0) return at2;
    const key = isPair(found) ? found.key : null;
    node = isPair(found) ? found.value : found;
    const blank = node === null || isScalar(node) && node.value === null;
    const shown = key !== null && (last && part === "key" || blank) ? key : node;
    at2 = shown?.range?.[0] ?? at2;
  }
  return at2;
}
var MAX_CHARACTERS, MAX_DEPTH, FORBIDDEN_KEYS;
var init_yaml = __esm({
  "src/policy/yaml.ts"() {
    "use strict";
    init_dist2();
    init_errors();
    MAX_CHARACTERS = 1 << 20;
    MAX_DEPTH = 100;
    FORBIDDEN_KEYS = ["__proto__", "prototype", "constructor"];
  }
});

// src/policy/parse.ts
var parse_exports = {};
__export(parse_exports, {
  NOWHERE: () => NOWHERE,
  defaultPolicy: () => defaultPolicy,
  parsePolicy: () => parsePolicy,
  policyOf: () => policyOf
});
function parsePolicy(text3, file) {
  return policyOf(readYaml(text3, file, "`version: 1` for a policy of defaults"));
}
function policyOf(source) {
  const user = check(policySchema, source);
  const policy = resolve3(user, (path, part) => written(source.value, path) ? source.place(path, part) : NOWHERE);
  const problems = relations(user, policy, (path, part) => source.place(path, part));
  if (problems.length > 0) throw new UserError(problems.sort(byPlace));
  rememberPlaces(policy, (path) => written(source.value, path) ? source.place(path) : null);
  return policy;
}
function defaultPolicy() {
  return resolve3(parse2(policySchema, {}), () => NOWHERE);
}
function written(value, path) {
  let node = value;
  for (const key of path) {
    if (typeof node !== "object" || node === null || !Object.hasOwn(node, key)) return false;
    node = node[key];
  }
  return true;
}
var NOWHERE;
var init_parse = __esm({
  "src/policy/parse.ts"() {
    "use strict";
    init_dist();
    init_errors();
    init_check();
    init_places2();
    init_relations();
    init_resolve();
    init_schema();
    init_yaml();
    NOWHERE = { file: "", line: 0, column: 0 };
  }
});

// src/cli/policy.ts
async function loadPolicy(file, io) {
  if (file === void 0) {
    const { defaultPolicy: defaultPolicy2 } = await Promise.resolve().then(() => (init_parse(), parse_exports));
    return { policy: defaultPolicy2(), source: { kind: "default" } };
  }
  const text3 = readText(file, io);
  const named3 = HERE.slashed(file);
  const { parsePolicy: parsePolicy2 } = await Promise.resolve().then(() => (init_parse(), parse_exports));
  return { policy: parsePolicy2(text3, named3), source: { kind: "file", file: named3 } };
}
function readText(file, io) {
  try {
    return (0, import_node_fs10.readFileSync)((0, import_node_path9.resolve)(io.cwd, file), "utf8");
  } catch (error) {
    const { code, message } = error;
    throw wrong(`cannot read ${file}: ${code === "ENOENT" ? "there is no such file" : message}`);
  }
}
var import_node_fs10, import_node_path9;
var init_policy = __esm({
  "src/cli/policy.ts"() {
    "use strict";
    import_node_fs10 = require("node:fs");
    import_node_path9 = require("node:path");
    init_platform();
    init_args();
  }
});

// src/cli/format.ts
function duration(ms) {
  if (ms < 1e3) return `${Math.round(ms)} ms`;
  if (ms < 59950) return `${(ms / 1e3).toFixed(1)} s`;
  const seconds = Math.round(ms / 1e3);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} m ${two(seconds % 60)} s`;
  return `${Math.floor(seconds / 3600)} h ${two(Math.floor(seconds % 3600 / 60))} m`;
}
function size2(bytes) {
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
function fitting(text3, columns) {
  let left2 = columns;
  let end2 = 0;
  for (const character of text3) {
    left2 -= (character.codePointAt(0) ?? 0) < 4352 ? 1 : 2;
    if (left2 < 0) break;
    end2 += character.length;
  }
  return text3.slice(0, end2);
}
var init_format = __esm({
  "src/cli/format.ts"() {
    "use strict";
  }
});

// src/cli/figures.ts
var Figures, many;
var init_figures = __esm({
  "src/cli/figures.ts"() {
    "use strict";
    init_format();
    Figures = class {
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
        return [duration(ms), `${size2(bytes)} printed`, `memory ${size2(memory)}`, many(processes, "process", "es"), ...this.#network()].join(
          ", "
        );
      }
      /** `exit 0, 5.0 s, 1.2 MiB, memory up to 300.0 MiB, limits hit: processes`. */
      ended(exit) {
        const memory = this.#last === null ? [] : [`memory up to ${size2(this.#last.peak)}`];
        const hit = exit.hit.length === 0 ? [] : [`limits hit: ${exit.hit.join(", ")}`];
        return [ending(exit), duration(exit.ms), size2(exit.bytes), ...memory, ...this.#network(), ...hit].join(", ");
      }
      /** Of the run: who was denied in an earlier step is not told again. */
      #network() {
        return this.#denied.size === 0 ? [] : [`${many(this.#denied.size, "host", "s")} denied`];
      }
    };
    many = (count2, one, plural) => `${count2} ${one}${count2 === 1 ? "" : plural}`;
  }
});

// src/cli/progress.ts
function line(text3) {
  return forTerminal(text3).replaceAll("\n", " ");
}
var EVERY, COLUMNS, LABEL, Progress;
var init_progress = __esm({
  "src/cli/progress.ts"() {
    "use strict";
    init_sanitise();
    init_figures();
    init_format();
    EVERY = 200;
    COLUMNS = 80;
    LABEL = 16;
    Progress = class {
      #io;
      #steps;
      #timer;
      #shown = false;
      #step = null;
      #before = "starting";
      #figures = new Figures();
      /** A step has printed the start of a line to this terminal: a line of ours would erase it. */
      #inLine = false;
      constructor(io, steps) {
        this.#io = io;
        this.#steps = steps;
      }
      observe(event) {
        if (!this.#io.live) {
          if (event.kind === "notice" && event.seq < 0) this.#keep(`agent-jail: ${event.message}`);
          return;
        }
        this.#figures.observe(event);
        if (event.kind === "phase" && this.#step === null) this.#before = event.phase;
        if (event.kind === "denied") this.#keep(`denied ${event.host}:${event.port} (${event.rule})`);
        if (event.kind === "notice") this.#keep(event.message);
        if (event.kind === "step") {
          const label2 = `${event.step + 1}/${this.#steps} ${event.name}`;
          if (event.exit === null) this.#step = { label: label2, since: performance.now() };
          else {
            this.#step = null;
            this.#keep(`${label2}: ${this.#figures.ended(event.exit)}`);
          }
        }
        this.#timer ??= setInterval(() => this.#draw(), EVERY).unref();
        this.#draw();
      }
      /** Writes what a step printed: takes the line away before; the next tick brings it back. */
      print(text3) {
        if (text3 === "") return;
        this.#clear();
        this.#io.out(text3);
        this.#inLine = this.#io.terminal && !text3.endsWith("\n");
      }
      close() {
        clearInterval(this.#timer);
        this.#clear();
      }
      #clear() {
        if (this.#shown) this.#io.err("\r\x1B[K");
        this.#shown = false;
      }
      #draw() {
        if (this.#inLine) return;
        const columns = (this.#io.columns || COLUMNS) - 1;
        const figures = this.#step === null ? "" : `  ${this.#figures.running(performance.now() - this.#step.since)}`;
        const label2 = fitting(line(this.#step?.label ?? this.#before), Math.max(LABEL, columns - figures.length));
        this.#io.err(`\r\x1B[K${fitting(`${label2}${figures}`, columns)}`);
        this.#shown = true;
      }
      #keep(text3) {
        this.#clear();
        this.#io.err(`${this.#inLine ? "\n" : ""}${line(text3)}
`);
        this.#inLine = false;
      }
    };
  }
});

// src/cli/script.ts
function scriptOf(argv) {
  return `exec ${argv.map(quote).join(" ")}
`;
}
function quote(argument) {
  return `'${argument.replaceAll("'", "'\\''")}'`;
}
var init_script = __esm({
  "src/cli/script.ts"() {
    "use strict";
  }
});

// src/cli/perform.ts
var perform_exports = {};
__export(perform_exports, {
  perform: () => perform
});
async function perform(options, io) {
  const base = baseAhead(io.cwd);
  const { policy, source } = await loadPolicy(options.policy, io);
  const backend = options.backend ?? policy.jail.backend;
  const steps = await stepsOf(options, io);
  if (backend === "chroot") (await Promise.resolve().then(() => __toESM(require("./unisolated.js"), 1))).warnUnisolated(policy, steps, io);
  announceRoot(policy.jail.root);
  if (backend === "docker") announceEngine(engineFor(io.env));
  const id = newId();
  const request = await prepare({
    id,
    version: VERSION,
    policy,
    source,
    backend,
    steps,
    environment: io.env,
    mask: [],
    workspace: io.cwd,
    base,
    record: recordPlace(options.out, id, io),
    display: !options.json
  });
  const last = new LastExit();
  const result = await watch(request, last, io);
  const code = options.stepExit ? last.code ?? EXIT[result.outcome] : EXIT[result.outcome];
  if (options.json) json(io, documentOf(id, result, last.code, code));
  else io.err(closing(result));
  return code;
}
async function stepsOf({ setup: script, what }, io) {
  const setup = script === void 0 ? [] : [step("setup", true, script, null)];
  if ("command" in what) return [...setup, step(what.command[0], false, scriptOf(what.command), "sh")];
  const text3 = readText(what.steps, io);
  const { parseSteps } = await Promise.resolve().then(() => __toESM(require("./steps.js"), 1));
  return [...setup, ...parseSteps(text3, what.steps)];
}
function step(name2, setup, run2, shell) {
  return { name: name2, setup, run: run2, shell, workingDirectory: null, env: {}, time: null, idle: null, tty: null, agent: null, place: null };
}
async function watch(request, last, io) {
  const cancel = new AbortController();
  const stop = (signal) => cancel.abort(new Error(signal));
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, stop);
  const progress = new Progress(io, request.steps.length);
  const output = outputOf(io, redactorOf(request));
  try {
    return await runJail(
      request,
      (event) => {
        last.observe(event);
        if (event.kind === "output") progress.print(output.push(event.text));
        else progress.observe(event);
      },
      cancel.signal
    );
  } finally {
    progress.print(output.flush());
    progress.close();
  }
}
function recordPlace(out, id, io) {
  if (out !== void 0) return (0, import_node_path10.resolve)(io.cwd, out);
  const records = (0, import_node_path10.join)(io.cwd, ".agent-jail");
  (0, import_node_fs11.mkdirSync)(records, { recursive: true, mode: 448 });
  try {
    (0, import_node_fs11.writeFileSync)((0, import_node_path10.join)(records, ".gitignore"), "*\n", { flag: "wx" });
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
  }
  return (0, import_node_path10.join)(records, id);
}
function documentOf(id, result, stepExit, exit) {
  return { schema: "agent-jail/result@1", id, ...result, stepExit, exit };
}
function closing({ outcome, because, record: record2, end: end2 }) {
  const why = outcome === "succeeded" ? "" : `: ${withRemedy(because, end2.how === "error" ? end2.remedy : "")}`;
  return `agent-jail: ${outcome}${why}
agent-jail: record ${record2}
`;
}
var import_node_fs11, import_node_path10;
var init_perform = __esm({
  "src/cli/perform.ts"() {
    "use strict";
    import_node_fs11 = require("node:fs");
    import_node_path10 = require("node:path");
    init_outcome();
    init_client();
    init_id();
    init_prepare();
    init_redact();
    init_io();
    init_last_exit();
    init_output();
    init_policy();
    init_problem();
    init_progress();
    init_script();
    init_version();
  }
});

// src/cli/run.ts
var run_exports = {};
__export(run_exports, {
  run: () => run
});
async function run(argv, io) {
  try {
    const options = optionsOf(argv);
    startWarden(options.backend ?? "auto");
    const { perform: perform2 } = await Promise.resolve().then(() => (init_perform(), perform_exports));
    return await perform2(options, io);
  } finally {
    await dismissWarden();
  }
}
function optionsOf(argv) {
  const { options, rest } = parse(argv, OPTIONS, 0);
  const { policy, out, setup, steps } = options;
  if (setup?.trim() === "") throw wrong("--setup is empty");
  return {
    policy,
    out,
    setup,
    backend: backendOf(options["backend"]),
    what: whatOf(rest, steps),
    stepExit: ownExit(options["exit-code"]),
    json: options["json"] !== void 0
  };
}
function whatOf(rest, steps) {
  if (rest === null === (steps === void 0))
    throw wrong("what shall run in the jail? Give `-- CMD \u2026`, or `--steps FILE`, and not both");
  if (steps !== void 0) return { steps };
  const [program = "", ...args] = rest ?? [];
  if (program === "" || program.startsWith("-")) throw wrong(`${JSON.stringify(program)} is not the name of a program`);
  return { command: [program, ...args] };
}
function backendOf(name2) {
  if (name2 === void 0) return null;
  if (!BACKENDS.includes(name2)) {
    throw wrong(`--backend ${JSON.stringify(name2)} is not one of ${BACKENDS.join(", ")}`, didYouMean(name2, BACKENDS));
  }
  return name2;
}
function ownExit(value) {
  if (value !== void 0 && value !== "step") throw wrong(`--exit-code ${JSON.stringify(value)}: the only value is \`step\``);
  return value === "step";
}
var OPTIONS, BACKENDS;
var init_run = __esm({
  "src/cli/run.ts"() {
    "use strict";
    init_client();
    init_args();
    OPTIONS = {
      policy: "string",
      out: "string",
      backend: "string",
      setup: "string",
      steps: "string",
      "exit-code": "string",
      json: "boolean"
    };
    BACKENDS = ["auto", "nspawn", "docker", "vm", "chroot"];
  }
});

// src/cli/end.ts
init_outcome();

// src/system/kept-code.ts
var KEEP = /* @__PURE__ */ Symbol.for("agent-jail.keep-code");
function keepCode() {
  globalThis[KEEP]?.();
}

// src/cli/end.ts
var PATIENCE = 100;
function end(code) {
  process.exitCode = code;
  if (code !== EXIT["usage-error"]) keepCode();
  setTimeout(() => process.exit(), PATIENCE).unref();
}

// src/cli-run.ts
init_io();

// src/cli/main.ts
init_errors();
init_outcome();
init_args();

// src/cli/help.ts
init_args();
var COMMANDS = {
  run: {
    does: "Run a command in a jail and keep a record of it.",
    usage: "agent-jail run [options] -- CMD \u2026",
    options: {
      "--policy FILE": "the policy; without one all defaults hold: no network",
      "--out DIR": "where the record goes; a new folder under .agent-jail/",
      "--backend B": "auto, nspawn, docker, vm or chroot (no isolation), in place of the policy's",
      "--setup SCRIPT": "a script that runs first, as a setup step",
      "--steps FILE": "a YAML list of steps, in place of CMD",
      "--exit-code step": "exit with the last step's own code",
      "--json": "one JSON document on stdout, and no output of the steps"
    }
  },
  check: {
    does: "Look for mistakes in a policy; each is a line file:line:column: message.",
    usage: "agent-jail check [--json] FILE",
    options: { "--json": "the problems as JSON" }
  },
  explain: {
    does: "Print the policy with every default filled in, and where it is weak.",
    usage: "agent-jail explain [--json] [FILE]",
    options: { "--from-record DIR": "the network that this run needed, in place of a policy", "--json": "the same as JSON" }
  },
  verify: {
    does: "Check a record: exit 0 intact, 4 cut off but valid as far as it goes, 3 broken.",
    usage: "agent-jail verify [--json] DIR",
    options: { "--json": "the result as JSON" }
  },
  apply: {
    does: "Bring the changes of a record into a checkout: all of them or none.",
    usage: "agent-jail apply DIR --to DIR --expect SHA256 [options]",
    options: {
      "--to DIR": "the checkout, at the commit that the run began with",
      "--expect SHA256": "of the record's manifest.json, from another channel than the record",
      "--policy FILE": "the policy whose guards judge the record; without one the defaults",
      "--only GLOB": "only changes of these paths; several globs stand on lines of their own",
      "--check": "look whether it can be done, and write nothing",
      "--commit MESSAGE": "commit what was applied, without running hooks",
      "--author NAME": "`Name <address>`, in place of git's own settings",
      "--on-review R": "pass or fail: whether a review guard stops it (exit 4)",
      "--runs-later R": "refuse or allow: files that tools run or obey by themselves",
      "--repository R": "owner/name that the record must be of, or any",
      "--run ID": "workflow run that the record must be of, or any",
      "--forks R": "refuse or allow: records about the commit of a fork",
      "--undo": "take back an apply that was killed",
      "--json": "the result as JSON"
    }
  },
  report: {
    does: "Make report.html, transcript.cast and summary.md of a record again; exit as verify does.",
    usage: "agent-jail report [options] DIR",
    options: {
      "--out DIR": "where they go; a new folder DIR.report",
      "--cast VERSION": "v2, or v3: of the asciicast",
      "--json": "where they are, and whether the record is intact, as JSON"
    }
  },
  suite: {
    does: "Evaluate agents: run the tasks of a suite, compare with earlier nights.",
    usage: "agent-jail suite COMMAND \u2026",
    options: { "--help": "the commands" }
  },
  model: {
    does: "Serve a model that follows a script, or a recording, to agents that think it is a real one.",
    usage: "agent-jail model [options] SCRIPT|CASSETTE [-- CMD \u2026]",
    options: {
      "--listen HOST:PORT": "an IP address and a port; 127.0.0.1:0, which is any free port",
      "--log FILE": "what was asked and answered, as NDJSON; never keys",
      "--seed N": "of the chances in the script; 0",
      "--require-key NAME": "refuse keys that are not the value of this environment variable",
      "--record FILE": "write a cassette: pass requests on to a real model, and keep its answers",
      "--upstream URL": "with --record: scheme and host of that model",
      "--key NAME": "with --record: the variable whose value stands for the client's key there",
      "--mask NAMES": "variables whose values are kept out of cassette and log, with commas between",
      "--loose": "give a cassette's answers in their order, whatever is asked",
      "--pace": "give them as slowly as they came",
      "--json": "where it listens as JSON"
    }
  },
  doctor: {
    does: "Tell whether this machine can build a jail, and what is missing.",
    usage: "agent-jail doctor [--measure | --clean] [--json]",
    options: {
      "--measure": "run each backend that can be used three times, and say how long it takes",
      "--clean": "remove what dead runs left on this machine",
      "--json": "the findings as JSON"
    }
  }
};
function help(name2) {
  if (name2 === void 0) {
    const lines3 = Object.entries(COMMANDS).map(([command, { does: does2 }]) => `  ${command.padEnd(9)}${does2}`);
    const more = "agent-jail COMMAND --help says more about one.";
    return ["Usage: agent-jail COMMAND \u2026", "", ...lines3, "", more, ""].join("\n");
  }
  if (!Object.hasOwn(COMMANDS, name2)) throw wrong(`there is no command ${JSON.stringify(name2)}`, "See `agent-jail --help`.");
  const { does, usage, options } = COMMANDS[name2];
  const lines2 = Object.entries(options).map(([option, meaning]) => `  ${option.padEnd(17)} ${meaning}`);
  return [`Usage: ${usage}`, "", does, "", ...lines2, ""].join("\n");
}

// src/cli/main.ts
init_problem();
init_version();
var LOAD = {
  run: async () => (await Promise.resolve().then(() => (init_run(), run_exports))).run,
  check: async () => (await Promise.resolve().then(() => __toESM(require("./check.js"), 1))).check,
  explain: async () => (await Promise.resolve().then(() => __toESM(require("./explain.js"), 1))).explainCommand,
  verify: async () => (await Promise.resolve().then(() => __toESM(require("./verify.js"), 1))).verifyCommand,
  apply: async () => (await Promise.resolve().then(() => __toESM(require("./apply-2.js"), 1))).applyCommand,
  report: async () => (await Promise.resolve().then(() => __toESM(require("./report.js"), 1))).reportCommand,
  suite: async () => (await Promise.resolve().then(() => __toESM(require("./suite-2.js"), 1))).suiteCommand,
  model: async () => (await Promise.resolve().then(() => __toESM(require("./model.js"), 1))).modelCommand,
  doctor: async () => (await Promise.resolve().then(() => __toESM(require("./doctor.js"), 1))).doctorCommand
};
async function cli(argv, io) {
  try {
    const [name2 = "", ...rest] = argv;
    const flags = rest.slice(0, rest.includes("--") ? rest.indexOf("--") : rest.length);
    if (name2 === "--version") return say(io, `${VERSION}
`);
    if (name2 === "help" || name2 === "--help" || name2 === "-h") return say(io, help(rest[0]));
    if (name2 === "") {
      io.err(help());
      return EXIT["usage-error"];
    }
    if (!isCommand(name2)) {
      throw wrong(`there is no command ${JSON.stringify(name2)}`, didYouMean(name2, Object.keys(COMMANDS)) || "See `agent-jail --help`.");
    }
    if (name2 !== "suite" && (flags.includes("--help") || flags.includes("-h"))) return say(io, help(name2));
    const command = await LOAD[name2]();
    return await command(rest, io);
  } catch (error) {
    return report(error, io);
  }
}
function report(error, io) {
  if (error instanceof UserError) {
    for (const problem2 of error.problems) io.err(`${problemLine(problem2)}
`);
    return EXIT["usage-error"];
  }
  if (error instanceof JailError) {
    io.err(`${problemLine(error)}
`);
    return EXIT["jail-error"];
  }
  io.err(`agent-jail: unexpected: ${error instanceof Error ? error.stack ?? error.message : String(error)}
`);
  return EXIT["jail-error"];
}
function isCommand(name2) {
  return Object.hasOwn(COMMANDS, name2);
}
function say(io, text3) {
  io.out(text3);
  return 0;
}

// src/cli-run.ts
void cli(process.argv.slice(2), processIo()).then(end);
