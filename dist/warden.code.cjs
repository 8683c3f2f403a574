"use strict";
const later = (name) =>
  new Proxy({}, { get: (_, key) => (key === "default" ? process.getBuiltinModule(name) : process.getBuiltinModule(name)[key]) });
var __create = Object.create;
var __defProp = Object.defineProperty;
var __getOwnPropDesc = Object.getOwnPropertyDescriptor;
var __getOwnPropNames = Object.getOwnPropertyNames;
var __getProtoOf = Object.getPrototypeOf;
var __hasOwnProp = Object.prototype.hasOwnProperty;
var __knownSymbol = (name, symbol) => (symbol = Symbol[name]) ? symbol : /* @__PURE__ */ Symbol.for("Symbol." + name);
var __typeError = (msg) => {
  throw TypeError(msg);
};
var __esm = (fn, res, err) => function __init() {
  if (err) throw err[0];
  try {
    return fn && (res = (0, fn[__getOwnPropNames(fn)[0]])(fn = 0)), res;
  } catch (e) {
    throw err = [e], e;
  }
};
var __export = (target, all) => {
  for (var name in all)
    __defProp(target, name, { get: all[name], enumerable: true });
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
var __using = (stack, value, async) => {
  if (value != null) {
    if (typeof value !== "object" && typeof value !== "function") __typeError("Object expected");
    var dispose, inner;
    if (async) dispose = value[__knownSymbol("asyncDispose")];
    if (dispose === void 0) {
      dispose = value[__knownSymbol("dispose")];
      if (async) inner = dispose;
    }
    if (typeof dispose !== "function") __typeError("Object not disposable");
    if (inner) dispose = function() {
      try {
        inner.call(this);
      } catch (e) {
        return Promise.reject(e);
      }
    };
    stack.push([async, dispose, value]);
  } else if (async) {
    stack.push([async]);
  }
  return value;
};
var __callDispose = (stack, error, hasError) => {
  var E = typeof SuppressedError === "function" ? SuppressedError : function(e, s, m, _) {
    return _ = Error(m), _.name = "SuppressedError", _.error = e, _.suppressed = s, _;
  };
  var fail = (e) => error = hasError ? new E(e, error, "An error was suppressed during disposal") : (hasError = true, e);
  var next = (it) => {
    while (it = stack.pop()) {
      try {
        var result = it[1] && it[1].call(it[2]);
        if (it[0]) return Promise.resolve(result).then(next, (e) => (fail(e), next()));
      } catch (e) {
        fail(e);
      }
    }
    if (hasError) throw error;
  };
  return next();
};

// src/model/errors.ts
var named, JailError;
var init_errors = __esm({
  "src/model/errors.ts"() {
    "use strict";
    named = (value, name) => value instanceof Error && value.name === name;
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

// src/system/lines.ts
async function* lines(stream, max) {
  const pending = [];
  let size = 0;
  for await (const chunk of stream) {
    let rest = chunk;
    for (let at2 = rest.indexOf(10); at2 !== -1; at2 = rest.indexOf(10)) {
      pending.push(rest.subarray(0, at2));
      yield Buffer.concat(pending).toString("utf8");
      pending.length = 0;
      size = 0;
      rest = rest.subarray(at2 + 1);
    }
    size += rest.length;
    if (size > max) throw new Error(`a line of more than ${max} bytes`);
    if (rest.length > 0) pending.push(rest);
  }
  if (size > 0) yield Buffer.concat(pending).toString("utf8");
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
  const of = (name) => Object.entries(env).find(([one2]) => one2.toUpperCase() === name)?.[1] ?? "";
  return { PATH: of("PATH"), SystemRoot: of("SYSTEMROOT"), ...bare };
}
async function exec(argv, options = {}) {
  const { stdout, stderr, ...result } = await execBytes(argv, options);
  return { ...result, stdout: text(stdout), stderr: text(stderr) };
}
function execBytes([file2, ...args], options = {}) {
  const { env = CLEAN_ENV, cwd, input = "", timeout = 6e4, maxBuffer = 1 << 20 } = options;
  return new Promise((resolve) => {
    const child = (0, import_node_child_process.execFile)(
      file2,
      args,
      { env, cwd, timeout, maxBuffer, killSignal: "SIGKILL", encoding: "buffer" },
      (error, stdout, stderr) => {
        const code = error === null ? 0 : typeof error.code === "number" ? error.code : null;
        const missing = error?.code === "ENOENT";
        const timedOut = error?.killed === true && typeof error.code !== "string";
        resolve({ code, signal: error?.signal ?? null, stdout, stderr, missing, timedOut });
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
function parseStatus(text4) {
  const fields = /* @__PURE__ */ new Map();
  for (const line of text4.split("\n")) {
    const colon = line.indexOf(":");
    if (colon > 0) fields.set(line.slice(0, colon), line.slice(colon + 1).trim());
  }
  return fields;
}
function parseMountinfo(text4) {
  const mounts2 = [];
  for (const line of text4.split("\n")) {
    const fields = line.split(" ");
    const dash = fields.indexOf("-", 6);
    if (dash === -1) continue;
    mounts2.push({
      id: Number(fields[0]),
      parent: Number(fields[1]),
      root: unescape(fields[3] ?? ""),
      target: unescape(fields[4] ?? ""),
      options: (fields[5] ?? "").split(","),
      type: fields[dash + 1] ?? "",
      source: unescape(fields[dash + 2] ?? ""),
      superOptions: (fields[dash + 3] ?? "").split(",")
    });
  }
  return mounts2;
}
function unescape(text4) {
  return text4.replace(/\\([0-7]{3})/g, (_, digits) => String.fromCharCode(Number.parseInt(digits, 8)));
}
function readProc(pid, name, proc = "/proc") {
  try {
    return (0, import_node_fs2.readFileSync)(`${proc}/${pid}/${name}`, "utf8");
  } catch {
    return null;
  }
}
function readProcLink(pid, name, proc = "/proc") {
  try {
    return (0, import_node_fs2.readlinkSync)(`${proc}/${pid}/${name}`);
  } catch {
    return null;
  }
}
function pids() {
  return (0, import_node_fs2.readdirSync)("/proc").filter((name) => /^\d+$/.test(name)).map(Number);
}
var import_node_fs2;
var init_proc = __esm({
  "src/system/proc.ts"() {
    "use strict";
    import_node_fs2 = require("node:fs");
  }
});

// src/host/places.ts
var STATE, TOOLS, ROOTS, WORK, RUN_SYSTEMD, COLLECT, REHEARSAL, hostName, stateOf, ID, work;
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
    hostName = (id) => `agent-jail-${id}`;
    stateOf = (id) => `${STATE}/${id}`;
    ID = /^[0-9A-HJKMNP-TV-Z]{26}$/;
    work = (...parts2) => [WORK, ...parts2].join("/");
  }
});

// src/host/unpack.ts
function decompressor(head) {
  return COMPRESSED.find(({ begins }) => head.toString("hex").startsWith(begins))?.program ?? null;
}
async function* through(chunks, { program: program2, what, remedy, signal }) {
  const child = (0, import_node_child_process3.spawn)(program2, ["--decompress", "--stdout"], { env: CLEAN_ENV, stdio: ["pipe", "pipe", "pipe"], signal });
  const ended = endOf(child);
  const source = import_node_stream.Readable.from(chunks, { objectMode: false });
  source.on("error", (error) => child.stdout.destroy(error));
  child.stdin.on("error", () => source.destroy());
  source.pipe(child.stdin);
  let whole = false;
  try {
    yield* child.stdout;
    whole = true;
  } finally {
    if (!whole) child.kill("SIGKILL");
  }
  const said = await ended;
  if (said !== null) throw new JailError(`${what} could not be unpacked: ${program2}: ${said}`, remedy);
}
async function unpack(chunks, { what, into, room, signal, without = [], remedy }) {
  const args = [
    "--extract",
    "--file=-",
    "--numeric-owner",
    "--same-owner",
    "--same-permissions",
    // Anchored: else it would be any directory called `dev`.
    "--anchored",
    ...["dev/*", "./dev/*", "/dev/*", ...without].map((pattern) => `--exclude=${pattern}`),
    "--delay-directory-restore",
    `--directory=${into}`
  ];
  const tar2 = (0, import_node_child_process3.spawn)("tar", args, { env: CLEAN_ENV, stdio: ["pipe", "ignore", "pipe"] });
  const ended = endOf(tar2);
  let closed = false;
  tar2.stdin.on("error", () => {
  });
  tar2.stdin.once("close", () => closed = true);
  let [bytes, looked] = [0, 0];
  try {
    for await (const chunk of chunks) {
      signal.throwIfAborted();
      bytes += chunk.length;
      if (bytes - looked >= OFTEN) {
        looked = bytes;
        await room(bytes, false);
      }
      if (!closed && !tar2.stdin.write(chunk)) await Promise.race([(0, import_node_events.once)(tar2.stdin, "drain").catch(() => {
      }), ended]);
    }
    tar2.stdin.end();
    const said = await ended;
    signal.throwIfAborted();
    if (said === null) return;
    if (/No space left on device/.test(said)) await room(bytes, true);
    throw new JailError(`${what} could not be unpacked: ${said}`, remedy);
  } catch (error) {
    tar2.kill("SIGKILL");
    await ended;
    throw error;
  }
}
async function endOf(child) {
  let said = "";
  child.stderr?.on("data", (chunk) => {
    if (said.length < 2e3) said += chunk.toString("utf8");
  });
  return new Promise((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once(
      "close",
      (code, signal) => resolve(code === 0 ? null : said.trim().split("\n").slice(0, 3).join(" / ") || `it ended with ${signal ?? code}`)
    );
  });
}
var import_node_child_process3, import_node_events, import_node_stream, COMPRESSED, OFTEN;
var init_unpack = __esm({
  "src/host/unpack.ts"() {
    "use strict";
    import_node_child_process3 = require("node:child_process");
    import_node_events = require("node:events");
    import_node_stream = require("node:stream");
    init_errors();
    init_exec();
    COMPRESSED = [
      { begins: "1f8b", program: "gzip" },
      { begins: "1f9d", program: "gzip" },
      { begins: "425a68", program: "bzip2" },
      { begins: "fd377a585a00", program: "xz" },
      { begins: "5d0000", program: "xz" },
      { begins: "28b52ffd", program: "zstd" },
      { begins: "4c5a4950", program: "lzip" },
      { begins: "894c5a4f00", program: "lzop" }
    ];
    OFTEN = 8 << 20;
  }
});

// src/model/architecture.ts
var ARCHITECTURES, architectureOf, ARCHITECTURE_NAMES, LARGEST_PAGE;
var init_architecture = __esm({
  "src/model/architecture.ts"() {
    "use strict";
    ARCHITECTURES = {
      x64: {
        /** libseccomp, as the OCI runtime specification has it. */
        seccomp: "SCMP_ARCH_X86_64",
        /** Of images (OCI image specification, `GOARCH`). */
        image: "amd64",
        /** Directory of libraries in Debian and Ubuntu. */
        triplet: "x86_64-linux-gnu",
        /** As engines say it (`GET /info`): Docker by uname(2), Podman as images do. */
        engine: ["x86_64", "amd64"]
      },
      arm64: { seccomp: "SCMP_ARCH_AARCH64", image: "arm64", triplet: "aarch64-linux-gnu", engine: ["aarch64", "arm64"] }
    };
    architectureOf = (arch2) => Object.hasOwn(ARCHITECTURES, arch2) ? arch2 : null;
    ARCHITECTURE_NAMES = Object.keys(ARCHITECTURES).join(" or ");
    LARGEST_PAGE = 1 << 16;
  }
});

// src/backend/proc-masks.ts
function masksHere() {
  return masksOf((0, import_node_fs14.existsSync)(CPUS) ? (0, import_node_fs14.readdirSync)(CPUS) : [], import_node_fs14.existsSync);
}
function masksOf(cpus, isThere) {
  const thermal = cpus.filter((name) => /^cpu\d+$/.test(name)).map((name) => `${CPUS}/${name}/thermal_throttle`);
  return { files: MASKED_FILES.filter(isThere), directories: [...MASKED_DIRECTORIES, ...thermal].filter(isThere) };
}
var import_node_fs14, MASKED_FILES, MASKED_DIRECTORIES, CPUS;
var init_proc_masks = __esm({
  "src/backend/proc-masks.ts"() {
    "use strict";
    import_node_fs14 = require("node:fs");
    MASKED_FILES = [
      "/proc/keys",
      "/proc/key-users",
      "/proc/interrupts",
      "/proc/softirqs",
      "/proc/config.gz",
      "/proc/timer_list",
      "/proc/timer_stats",
      "/proc/kallsyms",
      "/proc/kcore",
      "/proc/sched_debug",
      "/proc/latency_stats",
      "/proc/vmallocinfo",
      "/proc/slabinfo",
      "/proc/pagetypeinfo",
      "/proc/buddyinfo",
      "/proc/diskstats",
      "/proc/partitions",
      "/proc/iomem",
      "/proc/ioports",
      "/proc/modules",
      "/proc/swaps",
      // Anyone may write to these: a trigger that the host's kernel then serves (Documentation/accounting/psi.rst).
      "/proc/pressure/cpu",
      "/proc/pressure/io",
      "/proc/pressure/irq",
      "/proc/pressure/memory",
      "/proc/sysrq-trigger"
    ];
    MASKED_DIRECTORIES = [
      "/proc/acpi",
      "/proc/asound",
      "/proc/scsi",
      "/sys/firmware",
      "/sys/devices/virtual/powercap",
      "/sys/dev/block"
    ];
    CPUS = "/sys/devices/system/cpu";
  }
});

// src/host/root-tree.ts
function requireRoot(tree, what) {
  const remedy = "give the root of a Linux file system with a `/bin/sh` in it: a step is started by that";
  const wrong = (why) => new JailError(`${what} ${why}`, remedy);
  if (look2(tree)?.isDirectory() !== true) throw wrong("is not a directory");
  const usr = look2(`${tree}/usr`);
  if (usr !== null && !usr.isDirectory()) throw wrong("holds no root file system: `usr` is not a directory in it");
  const shell = inside(tree, "/bin/sh");
  const found2 = shell === null ? null : look2(shell);
  if (found2 === null) throw wrong("holds no root file system: there is no `/bin/sh` in it");
  if (!found2.isFile() || (found2.mode & 73) === 0) throw wrong("holds no root file system: its `/bin/sh` is not a program");
}
function inside(tree, path2) {
  let here = [];
  const ahead = parts(path2);
  let links = 0;
  for (let part2 = ahead.shift(); part2 !== void 0; part2 = ahead.shift()) {
    if (part2 === "..") here.pop();
    if (part2 === ".." || part2 === ".") continue;
    const at2 = [tree, ...here, part2].join("/");
    const seen = look2(at2);
    if (seen === null) return null;
    if (!seen.isSymbolicLink()) {
      here.push(part2);
      continue;
    }
    links += 1;
    if (links > MOST_LINKS) return null;
    const target = (0, import_node_fs16.readlinkSync)(at2);
    if (target.startsWith("/")) here = [];
    ahead.unshift(...parts(target));
  }
  return [tree, ...here].join("/");
}
function look2(path2) {
  try {
    return (0, import_node_fs16.lstatSync)(path2);
  } catch {
    return null;
  }
}
var import_node_fs16, MOST_LINKS, parts;
var init_root_tree = __esm({
  "src/host/root-tree.ts"() {
    "use strict";
    import_node_fs16 = require("node:fs");
    init_errors();
    MOST_LINKS = 40;
    parts = (path2) => path2.split("/").filter((part2) => part2 !== "");
  }
});

// src/backend/nspawn-program.ts
function findNspawn(tools) {
  const known = found.get(tools) ?? look3(tools);
  found.set(tools, known);
  return known;
}
async function look3(tools) {
  for (const directory2 of SYSTEM_PATH.split(":")) {
    const path2 = `${directory2}/systemd-nspawn`;
    if (executable(path2)) return asBefore(tools, path2, CLEAN_ENV, false);
  }
  const tree = `${tools}/nspawn`;
  return (0, import_node_fs18.existsSync)(tree) ? asBefore(tools, `${tree}/usr/bin/systemd-nspawn`, fetchedEnv(tree), true) : null;
}
async function asBefore(tools, path2, env, fetched) {
  const { dev, ino, size, mtimeNs, ctimeNs } = (0, import_node_fs18.statSync)(path2, { bigint: true });
  const key = [path2, dev, ino, size, mtimeNs, ctimeNs].join(" ");
  const notes = `${tools}/nspawn-version`;
  const [known, version] = noted(notes).split("\n");
  if (known === key && version !== void 0 && version !== "") return { path: path2, env, version, fetched };
  const program2 = await checked(path2, env, fetched);
  try {
    if (!(0, import_node_fs18.existsSync)(tools)) (0, import_node_fs18.mkdirSync)(tools, { mode: 493 });
    (0, import_node_fs18.writeFileSync)(`${notes}.${process.pid}`, `${key}
${program2.version}
`, { mode: 420 });
    (0, import_node_fs18.renameSync)(`${notes}.${process.pid}`, notes);
  } catch {
  }
  return program2;
}
function noted(file2) {
  try {
    return (0, import_node_fs18.readFileSync)(file2, "utf8");
  } catch {
    return "";
  }
}
async function fetchNspawn(tools) {
  const remedy = "install the package systemd-container, or choose `jail.backend: docker`";
  for (const program2 of ["apt-get", "dpkg-deb"])
    if (!SYSTEM_PATH.split(":").some((d) => executable(`${d}/${program2}`)))
      throw new JailError(`systemd-nspawn is not here and cannot be fetched: ${program2} is not there`, remedy);
  (0, import_node_fs18.mkdirSync)(tools, { recursive: true, mode: 493 });
  const fresh2 = `${tools}/nspawn.${process.pid}.${Date.now()}`;
  (0, import_node_fs18.mkdirSync)(fresh2, { mode: 493 });
  try {
    const download = ["apt-get", "-qq", "-o", "APT::Sandbox::User=root", "download", "systemd-container", "libsystemd-shared"];
    let result = await exec(download, { cwd: fresh2, timeout: 12e4 });
    if (result.code !== 0) {
      const update = await exec(["apt-get", "-qq", "update"], { timeout: 24e4 });
      result = await exec(download, { cwd: fresh2, timeout: 12e4 });
      if (result.code !== 0)
        result = await exec(download.slice(0, -1), { cwd: fresh2, timeout: 12e4 });
      if (result.code !== 0)
        throw new JailError(`systemd-nspawn could not be fetched: ${failure(download, update.code === 0 ? result : update)}`, remedy);
    }
    for (const file2 of (0, import_node_fs18.readdirSync)(fresh2).filter((name) => name.endsWith(".deb"))) {
      const unpacked2 = await exec(["dpkg-deb", "-x", `${fresh2}/${file2}`, fresh2]);
      if (unpacked2.code !== 0) throw new JailError(`systemd-nspawn could not be unpacked: ${failure(["dpkg-deb"], unpacked2)}`, remedy);
      (0, import_node_fs18.rmSync)(`${fresh2}/${file2}`);
    }
    await checked(`${fresh2}/usr/bin/systemd-nspawn`, fetchedEnv(fresh2), true);
    (0, import_node_fs18.rmSync)(`${tools}/nspawn`, { recursive: true, force: true });
    (0, import_node_fs18.renameSync)(fresh2, `${tools}/nspawn`);
  } catch (error) {
    (0, import_node_fs18.rmSync)(fresh2, { recursive: true, force: true });
    const other = error.code === "ENOTEMPTY" ? await look3(tools) : null;
    if (other === null) throw error;
  }
  const tree = `${tools}/nspawn`;
  return checked(`${tree}/usr/bin/systemd-nspawn`, fetchedEnv(tree), true);
}
async function checked(path2, env, fetched) {
  const argv = [path2, "--version"];
  const result = await exec(argv, { env, timeout: 1e4 });
  const version = /^systemd (\d+) ?(\(.*\))?/.exec(result.stdout);
  if (result.code !== 0 || version === null)
    throw new JailError(`systemd-nspawn does not run: ${failure(argv, result)}`, "reinstall systemd-container");
  if (Number(version[1]) < LEAST2)
    throw new JailError(
      `systemd-nspawn ${version[1]} is too old, ${LEAST2} is needed`,
      "use a newer distribution, or `jail.backend: docker`"
    );
  return { path: path2, env, version: (version[2] ?? "").replace(/[()]/g, "") || version[1], fetched };
}
function fetchedEnv(tree) {
  return { ...CLEAN_ENV, LD_LIBRARY_PATH: librariesOf(tree).filter(import_node_fs18.existsSync).join(":") };
}
function librariesOf(tree) {
  const triplets = Object.values(ARCHITECTURES).map(({ triplet }) => triplet);
  const own2 = ["usr/lib", "lib"].flatMap((lib) => triplets.flatMap((triplet) => [`${lib}/${triplet}/systemd`, `${lib}/${triplet}`]));
  return [...own2, "usr/lib/systemd", "lib/systemd"].map((path2) => `${tree}/${path2}`);
}
function executable(path2) {
  try {
    (0, import_node_fs18.accessSync)(path2, import_node_fs18.constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
var import_node_fs18, LEAST2, found;
var init_nspawn_program = __esm({
  "src/backend/nspawn-program.ts"() {
    "use strict";
    import_node_fs18 = require("node:fs");
    init_architecture();
    init_errors();
    init_exec();
    LEAST2 = 247;
    found = /* @__PURE__ */ new Map();
  }
});

// src/system/engine-connection.ts
async function connectionTo({ host, from, tls }) {
  const path2 = /^unix:\/\/(\/.+)$/.exec(host)?.[1] ?? pipeOf(host);
  if (path2 !== null) return { where: path2, socket: path2, open: () => (0, import_node_net2.connect)(path2) };
  const [, written = "", port = ""] = /^tcp:\/\/(\[[^\]]+\]|[^/:[\]]+):(\d{1,5})\/?$/.exec(host) ?? [];
  if (port === "")
    throw new JailError(
      `${from} is ${JSON.stringify(host)}, which is no place of an engine`,
      "write `unix:///path`, `tcp://name:port`, or on Windows `npipe:////./pipe/name`"
    );
  const name = written.replace(/^\[|\]$/g, "");
  const where = `tcp://${written}:${port}`;
  if (tls === null) return { where, socket: null, open: () => (0, import_node_net2.connect)(Number(port), name) };
  const { connect: connectTls } = await Promise.resolve().then(() => __toESM(require("node:tls"), 1));
  const { ca, cert, key } = tls;
  const options = {
    host: name,
    port: Number(port),
    minVersion: "TLSv1.2",
    .../^[\d.]+$|:/.test(name) ? {} : { servername: name },
    ...ca === null ? {} : { ca },
    ...cert === null || key === null ? {} : { cert, key }
  };
  return { where, socket: null, open: () => connectTls(options) };
}
function pipeOf(host) {
  const rest = /^npipe:\/\/(\/\/.+)$/.exec(host)?.[1];
  return rest === void 0 ? null : rest.replaceAll("/", "\\");
}
var import_node_net2;
var init_engine_connection = __esm({
  "src/system/engine-connection.ts"() {
    "use strict";
    import_node_net2 = require("node:net");
    init_errors();
  }
});

// src/system/engine.ts
var engine_exports = {};
__export(engine_exports, {
  Engine: () => Engine,
  greeting: () => greeting,
  messageOf: () => messageOf,
  older: () => older,
  socketOf: () => socketOf
});
function socketOf(where) {
  const choice = choiceOf(where);
  if (!choice.ok) throw new JailError(choice.message, choice.remedy);
  const path2 = /^unix:\/\/(\/.+)$/.exec(choice.host)?.[1];
  if (path2 !== void 0) return path2;
  throw new JailError(
    `${choice.from} is ${JSON.stringify(choice.host)}: the engine has to be on this machine, where the layers are`,
    "name `jail.backend: docker`, and the whole run is made there; or use an engine of this machine"
  );
}
async function headOf(socket) {
  let bytes = Buffer.alloc(0);
  while (bytes.length < 64 << 10) {
    const chunk = socket.read();
    if (chunk === null) {
      const [end2] = await Promise.race([(0, import_node_events2.once)(socket, "readable").then(() => [false]), (0, import_node_events2.once)(socket, "end").then(() => [true])]);
      if (end2) break;
      continue;
    }
    bytes = Buffer.concat([bytes, chunk]);
    const at2 = bytes.indexOf("\r\n\r\n");
    if (at2 >= 0) return { head: bytes.toString("latin1", 0, at2), rest: bytes.subarray(at2 + 4) };
  }
  throw new Error("its answer is not HTTP");
}
function messageOf(status, body) {
  const said = body?.message;
  return typeof said === "string" && said !== "" ? said.trim().slice(0, 500) : `status ${status}`;
}
function greeting(head) {
  const version = /^server: *Docker\/(\S+)/im.exec(head)?.[1];
  const api = /^api-version: *(\d+\.\d+)/im.exec(head)?.[1];
  return version === void 0 || api === void 0 || older(KNOWN, api) ? null : { version, api };
}
function older(a, b) {
  const [left = [], right = []] = [a, b].map((version) => version.split(".").map(Number));
  return left[0] === right[0] ? (left[1] ?? 0) < (right[1] ?? 0) : (left[0] ?? 0) < (right[0] ?? 0);
}
async function exchange(to, method, path2, { body, timeout = 6e4, signal }) {
  if (!/^[!-~]+$/.test(path2)) throw new Error(`not a path of the engine's: ${path2}`);
  const text4 = body === void 0 ? "" : JSON.stringify(body);
  const content = body === void 0 ? [] : ["Content-Type: application/json", `Content-Length: ${Buffer.byteLength(text4)}`];
  const { late: late2, any } = until(timeout, signal);
  const connection = to.open();
  if (any !== null) (0, import_node_stream2.addAbortSignal)(any, connection);
  connection.write([`${method} ${path2} HTTP/1.0`, "Host: docker", ...content, "", text4].join("\r\n"));
  const chunks = [];
  let length = 0;
  try {
    for await (const chunk of connection) {
      length += chunk.length;
      if (length > LONGEST2) throw brokeOff(new Error("its answer is too long"));
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof JailError) throw error;
    if (length > 0 && late2?.aborted !== true) throw brokeOff(error);
    throw unreachable(to, error, late2?.aborted === true);
  }
  const whole = Buffer.concat(chunks);
  const end2 = whole.indexOf("\r\n\r\n");
  const head = whole.subarray(0, Math.max(end2, 0)).toString("latin1");
  const status = /^HTTP\/1\.[01] (\d{3})/.exec(head)?.[1];
  if (status === void 0) throw brokeOff(new Error("its answer is not HTTP"));
  const received = whole.subarray(end2 + 4);
  const announced = /^content-length: *(\d+)/im.exec(head)?.[1];
  if (announced !== void 0 && Number(announced) !== received.length && method !== "HEAD")
    throw brokeOff(new Error("its answer is cut off"));
  return { status: Number(status), body: parsed(received), head };
}
function until(timeout, signal) {
  const late2 = timeout === null ? null : AbortSignal.timeout(timeout);
  const signals = [late2, signal].filter((one2) => one2 !== null && one2 !== void 0);
  return { late: late2, any: signals.length === 0 ? null : AbortSignal.any(signals) };
}
async function send(to, method, path2, { body, timeout = 6e4, signal }) {
  const { request: httpRequest } = await Promise.resolve().then(() => __toESM(require("node:http"), 1));
  const stream = isStream(body) ? body : null;
  const text4 = body === void 0 || stream !== null ? "" : JSON.stringify(body);
  const type = stream === null ? "application/json" : "application/x-tar";
  const { late: late2, any } = until(timeout, signal);
  return new Promise((resolve, reject) => {
    const request = httpRequest({
      createConnection: () => to.open(),
      // and no agent, which would open its own
      method,
      path: path2,
      headers: { Host: "docker", ...body === void 0 ? {} : { "Content-Type": type } },
      ...any === null ? {} : { signal: any }
    });
    request.once("response", resolve);
    request.once("error", (error) => reject(unreachable(to, error, late2?.aborted === true)));
    if (stream === null) request.end(text4);
    else stream.on("error", (error) => request.destroy(error)).pipe(request);
  });
}
async function answer(response) {
  const chunks = [];
  let length = 0;
  try {
    for await (const chunk of response) {
      length += chunk.length;
      if (length > LONGEST2) throw new Error("its answer is too long");
      chunks.push(chunk);
    }
  } catch (error) {
    throw brokeOff(error);
  }
  return { status: response.statusCode ?? 0, body: parsed(Buffer.concat(chunks)) };
}
function parsed(bytes) {
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch {
    return null;
  }
}
function unreachable({ where, socket }, error, late2) {
  if (!late2 && isUntrusted(error))
    return new JailError(`the Docker engine at ${where} is not who it should be: ${error.message}`, TLS_REMEDY, null, { cause: error });
  if (/^ERR_SSL_.*ALERT_(?:BAD_CERTIFICATE|CERTIFICATE_|UNKNOWN_CA)/.test(error.code ?? ""))
    return new JailError(`the Docker engine at ${where} does not know us: ${error.message}`, CERTIFICATE_REMEDY, null, { cause: error });
  const why = late2 ? `the Docker engine at ${where} does not answer in time` : error.code === "ENOENT" && socket !== null ? `there is no Docker engine: ${where} is not there` : error.code === "ECONNREFUSED" ? `there is no Docker engine: nobody listens at ${where}` : `the Docker engine at ${where} cannot be spoken to: ${error.message}`;
  return new JailError(why, ENGINE_REMEDY, null, { cause: error });
}
var import_node_events2, import_node_stream2, WANTED, KNOWN, SOCKET, LONGEST2, engineAt, choiceOf, Engine, isPodman, isStream, ENGINE_REMEDY, brokeOff, CERTIFICATE_REMEDY, TLS_REMEDY, isUntrusted;
var init_engine = __esm({
  "src/system/engine.ts"() {
    "use strict";
    import_node_events2 = require("node:events");
    import_node_stream2 = require("node:stream");
    init_errors();
    init_engine_connection();
    WANTED = "1.44";
    KNOWN = "1.54";
    SOCKET = "/var/run/docker.sock";
    LONGEST2 = 16 << 20;
    engineAt = (host) => ({
      ok: true,
      host: host === null || host === "" ? `unix://${SOCKET}` : host,
      from: "DOCKER_HOST",
      tls: null
    });
    choiceOf = (where) => where === null || typeof where === "string" ? engineAt(where) : where;
    Engine = class _Engine {
      /** The path of its socket, or `tcp://name:port`. */
      where;
      /** Such as `20.10.24`. */
      version;
      product;
      #connection;
      #api;
      constructor(connection, version, api, product) {
        this.product = product;
        this.where = connection.where;
        this.#connection = connection;
        this.version = version;
        this.#api = api;
      }
      /** Finds out whether it is there, and how it is spoken to. */
      static async connect(where, timeout = 1e4) {
        const choice = choiceOf(where);
        if (!choice.ok) throw new JailError(choice.message, choice.remedy);
        const connection = await connectionTo(choice);
        const pinged = greeting((await exchange(connection, "GET", "/_ping", { timeout })).head);
        if (pinged !== null) return new _Engine(connection, pinged.version, older(pinged.api, WANTED) ? pinged.api : WANTED, "docker");
        const { status, body } = await exchange(connection, "GET", "/version", { timeout });
        const { Version, ApiVersion, MinAPIVersion, Components } = body ?? {};
        if (status !== 200 || typeof Version !== "string" || typeof ApiVersion !== "string")
          throw new JailError(`what answers at ${connection.where} is no Docker engine`, "set DOCKER_HOST to the socket of a Docker engine");
        const least = typeof MinAPIVersion === "string" ? MinAPIVersion : WANTED;
        const api = older(ApiVersion, WANTED) ? ApiVersion : older(WANTED, least) ? least : WANTED;
        return new _Engine(connection, Version, api, isPodman(Components) ? "podman" : "docker");
      }
      /** One question; the answer whatever its status is. `path` begins with `/` and is encoded already. */
      async ask(method, path2, ask = {}) {
        const whole = `/v${this.#api}${path2}`;
        if (isStream(ask.body)) return answer(await send(this.#connection, method, whole, ask));
        const { status, body } = await exchange(this.#connection, method, whole, ask);
        return { status, body };
      }
      /** The same for an answer that is no JSON, such as the tar archive of an export. Throws JailError unless the status is 200. */
      async stream(method, path2, ask = {}) {
        const response = await send(this.#connection, method, `/v${this.#api}${path2}`, { timeout: null, ...ask });
        if (response.statusCode === 200) return response;
        const { status, body } = await answer(response);
        throw new JailError(`the Docker engine: ${messageOf(status, body)}`, "look into the log of the engine");
      }
      /**
       * The streams of a container, both ways on one connection: what is written there is its stdin; what comes is multiplexed (Docker Engine
       * API, "Attach to a container"). Throws JailError.
       */
      async attach(path2) {
        const socket = this.#connection.open();
        const failed = (why) => brokeOff(new Error(why));
        socket.write(`POST /v${this.#api}${path2} HTTP/1.1\r
Host: docker\r
Connection: Upgrade\r
Upgrade: tcp\r
Content-Length: 0\r
\r
`);
        try {
          const { head, rest } = await headOf(socket);
          const status = /^HTTP\/1\.[01] (\d{3})/.exec(head)?.[1];
          if (status !== "101" && status !== "200") throw failed(`it does not let us speak to the container: status ${status ?? "none"}`);
          if (rest.length > 0) socket.unshift(rest);
          return socket;
        } catch (error) {
          socket.destroy();
          throw error instanceof JailError ? error : failed(error.message);
        }
      }
    };
    isPodman = (components) => Array.isArray(components) && components.some((one2) => one2?.Name === "Podman Engine");
    isStream = (body) => body !== null && typeof body === "object" && "pipe" in body;
    ENGINE_REMEDY = "start the Docker engine, or choose `jail.backend: nspawn`";
    brokeOff = (cause) => new JailError(`the Docker engine broke off: ${cause.message}`, ENGINE_REMEDY, null, { cause });
    CERTIFICATE_REMEDY = "give a certificate that it takes and its key as `cert.pem` and `key.pem`, in DOCKER_CERT_PATH or in the context";
    TLS_REMEDY = "give the authority that certified it as `ca.pem`, in DOCKER_CERT_PATH or in the context, and the name it is certified for";
    isUntrusted = ({ code = "" }) => /^(?:ERR_TLS_CERT_|UNABLE_TO_|CERT_|SELF_SIGNED_|DEPTH_ZERO_|INVALID_CA|HOSTNAME_MISMATCH)/.test(code);
  }
});

// src/host/image.ts
var image_exports = {};
__export(image_exports, {
  NOT_THE_IMAGES: () => NOT_THE_IMAGES,
  exportImage: () => exportImage,
  filesOf: () => filesOf,
  findImage: () => findImage,
  platformOf: () => platformOf,
  split: () => split
});
async function findImage(engine, ref, signal) {
  let seen = await inspect(engine, ref);
  if (seen === null) {
    if (isId(ref)) throw new JailError(`the image ${ref} is not there: the engine has none of this id`, "give a name, which can be pulled");
    await pull(engine, ref, signal);
    seen = await inspect(engine, ref);
  }
  if (seen === null) throw new JailError(`the image ${ref} is not there, though it was pulled`, PULL);
  const { Id, Architecture, Os, Config } = seen;
  const id = /^sha256:([0-9a-f]{64})$/.exec(String(Id))?.[1];
  if (id === void 0)
    throw new JailError(`the image ${ref} has no id that could be used: ${JSON.stringify(Id)}`, "update the Docker engine");
  const wanted = platformOf(process.arch);
  const found2 = `${text3(Os) || "linux"}/${text3(Architecture) || wanted.slice("linux/".length)}`;
  if (found2 !== wanted)
    throw new JailError(
      `the image ${ref} is for ${found2}, this machine is ${wanted}`,
      `use an image for ${wanted}, such as one of many platforms`
    );
  const config = Config ?? {};
  return { id, env: Array.isArray(config.Env) ? config.Env.map(String) : [], directory: text3(config.WorkingDir) };
}
async function exportImage(engine, image, run2, { what, into, room, signal }) {
  await unpack(filesOf(engine, image, run2, what, signal), { what, into, room, signal, without: NOT_THE_IMAGES, remedy: ROOM });
  requireRoot(into, what);
}
async function* filesOf(engine, { id }, run2, what, signal) {
  const name = `${hostName(run2)}-root`;
  const asked = { Image: `sha256:${id}`, Entrypoint: [], Cmd: ["/bin/sh"], NetworkDisabled: true, Labels: { [LABEL]: run2 } };
  try {
    const made = await engine.ask("POST", `/containers/create?name=${name}`, { body: asked, timeout: CREATION });
    if (made.status !== 201)
      throw new JailError(`${what} could not be unpacked: no container could be made of it: ${messageOf(made.status, made.body)}`, ROOM);
    yield* chunksOf(await engine.stream("GET", `/containers/${name}/export`, { signal }), what);
  } finally {
    await removeContainer(engine, name);
  }
}
async function removeContainer(engine, name) {
  const { status, body } = await engine.ask("DELETE", `/containers/${name}?force=1&v=1`);
  if (status !== 204 && status !== 404)
    throw new JailError(`the container ${name} could not be removed: ${messageOf(status, body)}`, `\`docker rm --force ${name}\``);
}
async function inspect(engine, ref) {
  const { status, body } = await engine.ask("GET", `/images/${path(ref)}/json`);
  if (status === 200) return body;
  if (status === 404) return null;
  throw new JailError(`the image ${ref} could not be looked at: ${messageOf(status, body)}`, "give a name, a digest or an id of an image");
}
async function pull(engine, ref, signal) {
  const failed = (why) => new JailError(`the image ${ref} could not be pulled: ${why}`, PULL);
  const { name, tag } = split(ref);
  const silent = new AbortController();
  const timer = (0, import_node_timers.setTimeout)(() => silent.abort(), SILENCE);
  try {
    const query = `fromImage=${encodeURIComponent(name)}&tag=${encodeURIComponent(tag)}`;
    const said = await engine.stream("POST", `/images/create?${query}`, { signal: AbortSignal.any([signal, silent.signal]) });
    for await (const line of lines(said, 1 << 20)) {
      timer.refresh();
      const { error } = JSON.parse(line);
      if (error !== void 0) throw failed(error.slice(0, 500));
    }
  } catch (error) {
    signal.throwIfAborted();
    if (silent.signal.aborted) throw failed(`the engine said nothing for ${SILENCE / 1e3} s`);
    if (error instanceof JailError) throw error.message.startsWith("the image") ? error : failed(error.message);
    throw failed(error.message);
  } finally {
    clearTimeout(timer);
  }
}
async function* chunksOf(stream, what) {
  try {
    yield* stream;
  } catch (error) {
    throw new JailError(`${what} could not be unpacked: the Docker engine broke off: ${error.message}`, "run again", null, {
      cause: error
    });
  }
}
function platformOf(arch2) {
  const known = architectureOf(arch2);
  return `linux/${known === null ? arch2 : ARCHITECTURES[known].image}`;
}
function split(ref) {
  const [named2 = "", digest] = ref.split("@");
  const colon = named2.indexOf(":", named2.lastIndexOf("/") + 1);
  const [name, tag] = colon === -1 ? [named2, "latest"] : [named2.slice(0, colon), named2.slice(colon + 1)];
  return { name, tag: digest ?? tag };
}
var import_node_timers, SILENCE, CREATION, PULL, LABEL, NOT_THE_IMAGES, ROOM, isId, path, text3;
var init_image = __esm({
  "src/host/image.ts"() {
    "use strict";
    import_node_timers = require("node:timers");
    init_architecture();
    init_errors();
    init_engine();
    init_lines();
    init_places();
    init_root_tree();
    init_unpack();
    SILENCE = 12e4;
    CREATION = 6e5;
    PULL = "check the name; where it needs a login, or is slow: `docker login` and `docker pull` in an earlier step";
    LABEL = "agent-jail.run";
    NOT_THE_IMAGES = [".dockerenv"];
    ROOM = "look into the log of the Docker engine, and at the space that it has";
    isId = (ref) => ref.startsWith("sha256:");
    path = (ref) => ref.split("/").map(encodeURIComponent).join("/");
    text3 = (value) => typeof value === "string" ? value : "";
  }
});

// src/backend/docker-engine.ts
var docker_engine_exports = {};
__export(docker_engine_exports, {
  cgroupOf: () => cgroupOf,
  lacksRuntime: () => lacksRuntime,
  meet: () => meet,
  runtimesOf: () => runtimesOf,
  strengthOf: () => strengthOf,
  unusable: () => unusable
});
async function meet(choice) {
  socketOf(choice);
  const engine = await Engine.connect(choice);
  return { engine, info: (await engine.ask("GET", "/info")).body };
}
function unusable({ OSType, SecurityOptions }) {
  if (OSType !== "linux") return `runs ${OSType} containers`;
  if (SecurityOptions.some((option) => option.startsWith("name=rootless")))
    return "is rootless: it cannot see the layers, which are root's";
  if (!SecurityOptions.some((option) => option.startsWith("name=seccomp"))) return "has no seccomp";
  return null;
}
function lacksRuntime(info, runtime) {
  if (Object.hasOwn(info.Runtimes ?? {}, runtime)) return null;
  return `has no runtime ${JSON.stringify(runtime)}; it has ${runtimesOf(info).join(", ")}`;
}
var strengthOf, runtimesOf, cgroupOf;
var init_docker_engine = __esm({
  "src/backend/docker-engine.ts"() {
    "use strict";
    init_engine();
    strengthOf = ({ SecurityOptions }) => `namespaces, seccomp${SecurityOptions.some((option) => option.startsWith("name=apparmor")) ? ", AppArmor" : ""}`;
    runtimesOf = ({ Runtimes }) => Object.keys(Runtimes ?? {}).filter((name) => !name.startsWith("io.containerd.")).sort();
    cgroupOf = (driver, id) => driver === "systemd" ? `agent_jail_${id}.slice` : `agent-jail-${id}`;
  }
});

// src/backend/open-files.ts
function openFilesWithin(limits) {
  const own2 = /^Max open files +\S+ +(\S+)/m.exec(limits)?.[1];
  const hard = own2 === void 0 || own2 === "unlimited" ? HARD : Math.min(HARD, Number(own2));
  return { soft: Math.min(SOFT, hard), hard };
}
var SOFT, HARD, openFiles2;
var init_open_files = __esm({
  "src/backend/open-files.ts"() {
    "use strict";
    init_proc();
    SOFT = 1024;
    HARD = 524288;
    openFiles2 = () => openFilesWithin(readProc("self", "limits") ?? "");
  }
});

// src/backend/docker-container.ts
function containerView({ root, view: view2 }, entries) {
  const top = view2.find(({ target }) => target === "/");
  const writable = top?.writable ?? false;
  const overlay = (target) => {
    const source = `${root}${target}`;
    return { target, kind: "overlay", source, writable };
  };
  const mounted = entries.flatMap(({ name, kind: kind2 }) => kind2 === "link" || OWN.includes(name) ? [] : [overlay(`/${name}`)]);
  const own2 = new Map(view2.map((mount) => [mount.target, mount]));
  return [
    // One that is listed itself says more of itself; its source is the place it is mounted at.
    ...mounted.map((mount) => ({ ...mount, ...pick(own2.get(mount.target)) })),
    ...NETWORK_FILES.map(overlay),
    ...view2.filter(({ target, source }) => source !== null || !/^\/[^/]*$/.test(target))
  ];
}
function container(spec, view2, start, host) {
  const { id, root, view: _view, identity, cgroup, netns, seccomp, hostname: hostname2, ...rest } = spec;
  rest;
  void root;
  void cgroup;
  void netns;
  const files = openFiles2();
  return {
    Image: host.image,
    Cmd: start.argv,
    Entrypoint: null,
    User: `${identity.uid}:${identity.gid}`,
    WorkingDir: start.cwd,
    Env: Object.entries(start.env).map(([name, value]) => `${name}=${value}`),
    Hostname: hostname2,
    Labels: { [LABEL2]: id },
    AttachStdin: false,
    AttachStdout: false,
    AttachStderr: false,
    OpenStdin: false,
    Tty: false,
    // The namespace is as new without it. With it the engine has its own network for `none`, to which it joins the container by a hook that
    // starts the engine's program again: half of all that a start takes.
    NetworkDisabled: true,
    HostConfig: {
      ...host.runtime === null ? {} : { Runtime: host.runtime },
      NetworkMode: "none",
      IpcMode: "private",
      CgroupnsMode: "private",
      UsernsMode: "host",
      // where the engine maps ids for all containers: the layers have theirs mapped
      CgroupParent: host.cgroupParent,
      ...host.systemd ? keptLimits(start.limits) : {},
      ReadonlyRootfs: true,
      Privileged: false,
      CapDrop: ["ALL"],
      SecurityOpt: ["no-new-privileges", `seccomp=${JSON.stringify(seccomp)}`],
      LogConfig: { Type: "none" },
      Mounts: containerMounts(view2).map((mount) => ({
        Type: "bind",
        Source: host.seen(mount.source ?? ""),
        Target: mount.target,
        ReadOnly: false,
        // what is to be read-only is so itself
        BindOptions: { Propagation: "rprivate" }
      })),
      Tmpfs: TMPFS,
      // This takes the place of the engine's own list.
      MaskedPaths: [.../* @__PURE__ */ new Set([...MASKED_FILES, ...MASKED_DIRECTORIES, ...masksHere().directories])],
      Sysctls: SYSCTLS,
      Ulimits: [
        { Name: "core", Soft: 0, Hard: 0 },
        { Name: "nofile", Soft: files.soft, Hard: files.hard }
      ],
      OomScoreAdj: 900,
      RestartPolicy: { Name: "no" },
      AutoRemove: false
      // its end is asked for
    }
  };
}
var import_node_fs25, import_node_os, OWN, NETWORK_FILES, SYSCTLS, part, TMPFS, LABEL2, pick, containerMounts, LEAST_MEMORY, PERIOD2, keptLimits, containerName, containersOf;
var init_docker_container = __esm({
  "src/backend/docker-container.ts"() {
    "use strict";
    import_node_fs25 = require("node:fs");
    import_node_os = require("node:os");
    init_open_files();
    init_proc_masks();
    OWN = ["proc", "sys", "dev", "run"];
    NETWORK_FILES = ["/etc/hosts", "/etc/hostname", "/etc/resolv.conf"];
    SYSCTLS = {
      "net.ipv4.ip_unprivileged_port_start": "1024",
      "net.ipv4.ping_group_range": "1 0",
      ...(0, import_node_fs25.existsSync)("/proc/sys/net/ipv6") ? { "net.ipv6.conf.lo.disable_ipv6": "0" } : {}
    };
    part = (of) => `size=${Math.floor((0, import_node_os.totalmem)() / of / 1024)}k`;
    TMPFS = { "/run": `rw,nosuid,nodev,exec,mode=755,${part(5)}`, "/dev/shm": `rw,nosuid,nodev,exec,mode=1777,${part(10)}` };
    LABEL2 = "agent-jail.run";
    pick = (mount) => mount === void 0 ? {} : { kind: mount.kind, writable: mount.writable };
    containerMounts = (view2) => view2.filter(({ source }) => source !== null);
    LEAST_MEMORY = 6 << 20;
    PERIOD2 = 1e5;
    keptLimits = ({ memory, cpus, processes }) => ({
      Memory: Math.max(LEAST_MEMORY, memory),
      // Both together. No swap at all is not told to systemd (runc, systemd/v2.go); a byte of it is, and for the kernel it is no page.
      MemorySwap: Math.max(LEAST_MEMORY, memory) + 1,
      CpuPeriod: PERIOD2,
      CpuQuota: Math.max(1e3, Math.round(cpus * PERIOD2)),
      PidsLimit: processes
    });
    containerName = (id, step) => `agent-jail-${id}-${step}`;
    containersOf = (id) => `/containers/json?all=1&filters=${encodeURIComponent(JSON.stringify({ label: [`${LABEL2}=${id}`] }))}`;
  }
});

// src/system/tar.ts
function tarHeader(entry2) {
  const name = entry2.type === "directory" ? Buffer.concat([entry2.name, SLASH]) : entry2.name;
  const link = entry2.link ?? NONE;
  const records = [];
  const number2 = (key, value, limit) => {
    if (value >= 0 && value < limit) return value;
    records.push(paxRecord(key, Buffer.from(String(value))));
    return 0;
  };
  if (name.length > 100) records.push(paxRecord("path", name));
  if (link.length > 100) records.push(paxRecord("linkpath", link));
  for (const [key, value] of Object.entries(entry2.xattrs ?? {}))
    records.push(paxRecord(`SCHILY.xattr.${key}`, Buffer.from(value, "base64")));
  const fields = {
    mode: entry2.mode & 4095,
    uid: number2("uid", entry2.uid, ID2),
    gid: number2("gid", entry2.gid, ID2),
    size: number2("size", entry2.size, NUMBER),
    mtime: number2("mtime", entry2.mtime, NUMBER)
  };
  const header = ustar(name, TYPES[entry2.type], fields, link);
  if (records.length === 0) return header;
  const pax = Buffer.concat(records);
  const none = { mode: 420, uid: 0, gid: 0, size: pax.length, mtime: 0 };
  return Buffer.concat([ustar(Buffer.from("PaxHeader"), "x", none, NONE), pax, padding(pax.length), header]);
}
function padding(size) {
  return ZEROS.subarray(0, (BLOCK2 - size % BLOCK2) % BLOCK2);
}
function paxRecord(key, value) {
  const rest = Buffer.concat([Buffer.from(` ${key}=`, "latin1"), value, Buffer.from("\n")]);
  let length = rest.length + 1;
  while (length !== rest.length + String(length).length) length = rest.length + String(length).length;
  return Buffer.concat([Buffer.from(String(length)), rest]);
}
function ustar(name, type, fields, link) {
  const block = Buffer.from(TEMPLATE);
  block.set(name.length > NAME2 ? name.subarray(0, NAME2) : name);
  octal(block, 100, fields.mode, 7);
  octal(block, 108, fields.uid, 7);
  octal(block, 116, fields.gid, 7);
  octal(block, 124, fields.size, 11);
  octal(block, 136, fields.mtime, 11);
  block[156] = type.charCodeAt(0);
  if (link.length > 0) block.set(link.subarray(0, NAME2), 157);
  let sum = 8 * 32;
  for (let at2 = 0; at2 < USED; at2 += 1) sum += block[at2];
  octal(block, 148, sum, 6);
  block[155] = 32;
  return block;
}
function octal(block, at2, value, digits) {
  let rest = value;
  for (let digit = at2 + digits - 1; digit >= at2; digit -= 1) {
    const above = Math.floor(rest / 8);
    block[digit] = 48 + rest - above * 8;
    rest = above;
  }
}
var BLOCK2, SLASH, NONE, ID2, NUMBER, TYPES, TEMPLATE, ZEROS, NAME2, USED;
var init_tar = __esm({
  "src/system/tar.ts"() {
    "use strict";
    BLOCK2 = 512;
    [SLASH, NONE] = [Buffer.from("/"), Buffer.alloc(0)];
    [ID2, NUMBER] = [8 ** 7, 8 ** 11];
    TYPES = { file: "0", link: "1", symlink: "2", directory: "5", fifo: "6" };
    [TEMPLATE, ZEROS] = [Buffer.alloc(BLOCK2), Buffer.alloc(BLOCK2)];
    TEMPLATE.write("ustar\x0000", 257, "latin1");
    [NAME2, USED] = [100, 265];
  }
});

// src/backend/docker-image.ts
function linkImage(entries, arch2) {
  const links = entries.flatMap((entry2) => entry2.kind === "link" ? [entry2] : []);
  const layer = tar(links.map(({ name: name2, target }) => ({ entry: symlink(name2, target), content: Buffer.alloc(0) })));
  const config = json2({
    architecture: ARCHITECTURES[arch2].image,
    os: "linux",
    created: "1970-01-01T00:00:00Z",
    config: { Labels: { "agent-jail.image": "root" } },
    rootfs: { type: "layers", diff_ids: [`sha256:${sha2562(layer)}`] },
    history: [{ created: "1970-01-01T00:00:00Z", comment: "agent-jail" }]
  });
  const name = `${NAME3}:${sha2562(config).slice(0, 16)}`;
  const configName = `${sha2562(config)}.json`;
  const manifest = json2([{ Config: configName, RepoTags: [name], Layers: ["layer.tar"] }]);
  const archive = tar([
    { entry: file(configName, config.length), content: config },
    { entry: file("layer.tar", layer.length), content: layer },
    { entry: file("manifest.json", manifest.length), content: manifest }
  ]);
  return { name, archive };
}
async function provide(engine, { name, archive }) {
  if ((await engine.ask("GET", `/images/${name}/json`)).status === 200) return;
  const { status, body } = await engine.ask("POST", "/images/load?quiet=1", { body: import_node_stream3.Readable.from([archive]) });
  if (status === 200 && (await engine.ask("GET", `/images/${name}/json`)).status === 200) return;
  throw new JailError(
    `the Docker engine does not take the image of the jail's root: ${messageOf(status, body)}`,
    "look into the log of the engine"
  );
}
function tar(files) {
  return Buffer.concat([
    ...files.flatMap(({ entry: entry2, content }) => [tarHeader(entry2), content, padding(content.length)]),
    Buffer.alloc(2 * BLOCK2)
  ]);
}
var import_node_crypto5, import_node_stream3, NAME3, file, symlink, json2, sha2562;
var init_docker_image = __esm({
  "src/backend/docker-image.ts"() {
    "use strict";
    import_node_crypto5 = later("node:crypto");
    import_node_stream3 = require("node:stream");
    init_architecture();
    init_errors();
    init_engine();
    init_tar();
    NAME3 = "agent-jail-root";
    file = (name, size) => ({
      name: Buffer.from(name),
      type: "file",
      mode: 420,
      uid: 0,
      gid: 0,
      size,
      mtime: 0,
      link: null
    });
    symlink = (name, target) => ({
      ...file(name, 0),
      type: "symlink",
      mode: 511,
      link: Buffer.from(target)
    });
    json2 = (value) => Buffer.from(JSON.stringify(value));
    sha2562 = (bytes) => (0, import_node_crypto5.createHash)("sha256").update(bytes).digest("hex");
  }
});

// src/backend/docker.ts
var docker_exports = {};
__export(docker_exports, {
  docker: () => docker,
  exitOf: () => exitOf,
  removeContainers: () => removeContainers
});
function docker(host) {
  let found2 = null;
  return {
    name: "docker",
    lacks: null,
    overhead: { memory: 0, processes: 0 },
    get engine() {
      return found2?.engine.where ?? "";
    },
    async probe() {
      try {
        const met = await host.met();
        const { engine, info } = met;
        const why = unusable(info);
        if (why !== null) return { ok: false, why: `the Docker engine at ${engine.where} ${why}`, remedy: REMEDY3 };
        const { runtime } = host;
        const lacks = runtime === null ? null : lacksRuntime(info, runtime);
        if (lacks !== null) return { ok: false, why: `the Docker engine at ${engine.where} ${lacks}`, remedy: RUNTIME_REMEDY };
        found2 = met;
        return {
          ok: true,
          version: `Docker ${engine.version}${runtime === null ? "" : `, runtime ${runtime}`}`,
          strength: strengthOf(info)
        };
      } catch (error) {
        if (error instanceof JailError) return { ok: false, why: error.message, remedy: error.remedy };
        throw error;
      }
    },
    cgroup: (id) => cgroupOf(found2?.info.CgroupDriver ?? "", id),
    refuses: (spec) => [
      ...spec.identity.uid === 0 ? ["root in the jail is not offered"] : [],
      ...spec.view.filter(({ target }) => target.includes("\uFFFD")).map(({ target }) => `${target} is not UTF-8, which the engine's interface needs`)
    ],
    async open(spec, places) {
      if (found2 === null) throw new JailError("docker was opened before it was probed", "this is a defect of agent-jail");
      const { engine, info } = found2;
      const entries = rootEntries(spec.root);
      const image = linkImage(entries, host.arch);
      const jail = new DockerJail(engine, spec, image, containerView(spec, entries), places.log, host.proc, {
        image: image.name,
        runtime: host.runtime,
        cgroupParent: info.CgroupDriver === "systemd" ? spec.cgroup : `/${spec.cgroup}`,
        systemd: info.CgroupDriver === "systemd",
        seen: (path2) => host.seen(path2)
      });
      return jail;
    }
  };
}
function rootEntries(root) {
  return (0, import_node_fs26.readdirSync)(root).sort().flatMap((name) => {
    const path2 = `${root}/${name}`;
    const seen = (0, import_node_fs26.lstatSync)(path2);
    if (seen.isSymbolicLink()) return [{ name, kind: "link", target: (0, import_node_fs26.readlinkSync)(path2) }];
    return seen.isDirectory() ? [{ name, kind: "directory" }] : seen.isFile() ? [{ name, kind: "file" }] : [];
  });
}
async function removeContainers(engine, id) {
  const { status, body } = await engine.ask("GET", containersOf(id));
  if (status !== 200 || !Array.isArray(body)) throw new JailError(`the Docker engine: ${messageOf(status, body)}`, SEE);
  for (const { Id } of body) {
    const removed = await engine.ask("DELETE", `/containers/${Id}?force=1&v=1`);
    if (![204, 404, 409].includes(removed.status))
      throw new JailError(`a container is left: ${messageOf(removed.status, removed.body)}`, `docker rm --force ${Id}`);
  }
}
function exitOf(status, body) {
  const code = body?.StatusCode;
  return status === 200 && typeof code === "number" ? { code, signal: null } : "backend";
}
var import_node_fs26, import_promises7, REMEDY3, RUNTIME_REMEDY, PATIENCE5, FOREIGN, DockerJail, NO_SUCH_IMAGE, SEE;
var init_docker = __esm({
  "src/backend/docker.ts"() {
    "use strict";
    import_node_fs26 = require("node:fs");
    import_promises7 = require("node:timers/promises");
    init_errors();
    init_engine();
    init_proc();
    init_docker_container();
    init_docker_engine();
    init_docker_image();
    REMEDY3 = "use the Docker engine of the distribution on this machine, or choose `jail.backend: nspawn`";
    RUNTIME_REMEDY = "install the runtime, name it under `runtimes` in /etc/docker/daemon.json, and reload the engine; or take `jail.docker.runtime` out";
    PATIENCE5 = 3e4;
    FOREIGN = 1e4;
    DockerJail = class {
      died = "the Docker engine went away, or what held the jail was killed";
      view;
      #engine;
      #spec;
      #image;
      #host;
      #log;
      #proc;
      /** Resolves with whether the engine has said that the container is gone. */
      #gone = [];
      /** How often the engine was asked to make one. */
      #asked = 0;
      constructor(engine, spec, image, view2, log, proc, host) {
        this.#engine = engine;
        this.#spec = spec;
        this.#image = image;
        this.view = view2;
        this.#log = log;
        this.#proc = proc;
        this.#host = host;
      }
      async start(start) {
        const name = containerName(this.#spec.id, start.index);
        const body = container(this.#spec, this.view, start, this.#host);
        await this.#create(`/containers/create?name=${name}`, body);
        const ended = this.#engine.ask("POST", `/containers/${name}/wait?condition=next-exit`, { timeout: null });
        ended.catch(() => {
        });
        this.#must(await this.#engine.ask("POST", `/containers/${name}/start`), 204);
        let over = false;
        const exit = ended.then(({ status, body: said }) => {
          const how = exitOf(status, said);
          over = how !== "backend";
          return how;
        }).catch((error) => {
          this.#say(error.message);
          return "backend";
        });
        this.#gone.push(exit.then(() => this.#remove(name)));
        this.#gone.at(-1)?.catch(() => {
        });
        return {
          leader: () => this.#leader(name, start),
          exit,
          kill: async () => {
            if (!over) await this.#engine.ask("POST", `/containers/${name}/kill`).catch(() => {
            });
          }
        };
      }
      /** Pid 1 of the container, once it is the wrapper. */
      async #leader(name, start) {
        const wanted = `${start.argv.join("\0")}\0`;
        const began = performance.now();
        while (performance.now() < began + PATIENCE5) {
          const { body } = await this.#engine.ask("GET", `/containers/${name}/json`);
          const { Running: running = false, Pid: pid = 0, Error: said = "" } = body?.State ?? {};
          if (running && pid > 0 && readProc(pid, "cmdline", this.#proc) === wanted) return pid;
          if (running && pid > 0 && performance.now() > began + FOREIGN) throw this.#unseen();
          if (!running) throw new JailError(`the container ended before the step could start${said === "" ? "" : `: ${said}`}`, SEE);
          await (0, import_promises7.setTimeout)(5);
        }
        throw new JailError("the container did not come up", SEE);
      }
      /** Nothing is started that was not seen from outside: this ends before the gate. */
      #unseen() {
        const runtime = this.#host.runtime ?? "the engine's default";
        return new JailError(
          `the runtime ${runtime} does not run the step as a process of this machine's kernel: the jail cannot be proved from outside`,
          "use a runtime that shares the machine's kernel, such as runc"
        );
      }
      /** That the image is there is not asked beforehand: it is, but for the first run with such a root. */
      async #create(path2, body) {
        this.#asked += 1;
        const ask = async () => this.#engine.ask("POST", path2, { body });
        const first = await ask();
        if (first.status !== NO_SUCH_IMAGE) return this.#must(first, 201);
        await provide(this.#engine, this.#image);
        this.#must(await ask(), 201);
      }
      #must({ status, body }, wanted) {
        if (status === wanted) return;
        const said = messageOf(status, body);
        this.#say(said);
        throw new JailError(`the Docker engine: ${said}`, SEE);
      }
      async #remove(name) {
        const { status, body } = await this.#engine.ask("DELETE", `/containers/${name}?force=1&v=1`);
        if (![204, 404, 409].includes(status))
          throw new JailError(`a container is left: ${messageOf(status, body)}`, `docker rm --force ${name}`);
        return status === 204;
      }
      #say(message) {
        (0, import_node_fs26.appendFileSync)(this.#log, `${message}
`);
      }
      async [Symbol.asyncDispose]() {
        const gone2 = await Promise.all(this.#gone);
        if (gone2.filter(Boolean).length < this.#asked) await removeContainers(this.#engine, this.#spec.id);
      }
    };
    NO_SUCH_IMAGE = 404;
    SEE = "see backend.log in the record, and the log of the Docker engine";
  }
});

// src/backend/launched.ts
async function heldProcess({ program: program2, argv, members, may, over, log }) {
  const wanted = `${argv.join("\0")}\0`;
  for (const end2 = performance.now() + PATIENCE8; performance.now() < end2; await (0, import_promises8.setTimeout)(LOOK4)) {
    for (const pid of members()) if (may(pid) && readProc(pid, "cmdline") === wanted) return pid;
    if (over()) break;
  }
  const said = log.text.trim().split("\n").slice(-3).join(" / ");
  throw new JailError(
    `${program2} ${over() ? "ended" : "did not come up"} before the step could start${said === "" ? "" : `: ${said}`}`,
    "see backend.log in the record; `agent-jail doctor` tells what is missing"
  );
}
var import_node_fs36, import_promises8, PATIENCE8, LOOK4, BackendLog;
var init_launched = __esm({
  "src/backend/launched.ts"() {
    "use strict";
    import_node_fs36 = require("node:fs");
    import_promises8 = require("node:timers/promises");
    init_errors();
    init_proc();
    PATIENCE8 = 3e4;
    LOOK4 = 2;
    BackendLog = class {
      text = "";
      #file;
      constructor(file2) {
        this.#file = file2;
      }
      append(chunk) {
        if (this.text.length > 1 << 16) return;
        this.text += chunk.toString("utf8");
        (0, import_node_fs36.appendFileSync)(this.#file, chunk);
      }
    };
  }
});

// src/backend/launcher.ts
var import_node_child_process9, Launcher;
var init_launcher = __esm({
  "src/backend/launcher.ts"() {
    "use strict";
    import_node_child_process9 = require("node:child_process");
    Launcher = class {
      ended;
      #child;
      /** What it printed before anybody heard it. */
      #early = [];
      #heard = (...one2) => void this.#early.push(one2);
      constructor(script, doors, env) {
        const argv = [script, ...doors.flatMap((door) => ["--cgroup", door]), "--clone3-enosys", "--wait"];
        const child = (0, import_node_child_process9.spawn)("perl", argv, { env, stdio: ["pipe", "pipe", "pipe"], cwd: "/" });
        this.#child = child;
        child.stdin.on("error", () => {
        });
        for (const from of ["stdout", "stderr"]) child[from].on("data", (chunk) => this.#heard(chunk, from));
        this.ended = new Promise((resolve) => {
          child.once("error", (error) => resolve({ code: null, signal: null, failure: error.message }));
          child.once("close", (code, signal) => resolve({ code, signal, failure: null }));
        });
      }
      /** Once. What it prints, and has printed, is told from now on. */
      become(argv, heard) {
        for (const one2 of this.#early.splice(0)) heard(...one2);
        this.#heard = heard;
        this.#child.stdin.end(argv.join("\0"));
      }
    };
  }
});

// src/backend/nspawn-bundle.ts
function bundle(spec, start) {
  const { id, root, view: view2, identity, cgroup, netns, seccomp, hostname: hostname2, ...rest } = spec;
  rest;
  void id;
  void cgroup;
  if (netns === null) throw new Error("nspawn joins a network namespace that is there");
  return {
    ociVersion: "1.0.0",
    root: { path: root, readonly: readOnly(view2) },
    process: {
      terminal: false,
      user: { uid: identity.uid, gid: identity.gid, additionalGids: [identity.gid] },
      args: start.argv,
      // ignored with --as-pid2: the command line has it again
      cwd: start.cwd,
      env: Object.entries(start.env).map(([name, value]) => `${name}=${value}`),
      noNewPrivileges: true,
      capabilities: Object.fromEntries(CAPABILITY_SETS.map((set) => [set, []])),
      rlimits: [
        { type: "RLIMIT_CORE", soft: 0, hard: 0 },
        { type: "RLIMIT_NOFILE", ...openFiles2() }
      ],
      oomScoreAdj: 900
      // the payload dies for memory, not nspawn
    },
    hostname: hostname2,
    mounts: [],
    linux: {
      namespaces: [
        { type: "pid" },
        { type: "ipc" },
        { type: "uts" },
        { type: "mount" },
        { type: "cgroup" },
        { type: "network", path: netns }
      ],
      seccomp
    }
  };
}
function nspawnArgv(program2, spec, start, directory2, masks) {
  return [
    program2,
    "--quiet",
    "--register=no",
    "--keep-unit",
    "--pipe",
    ...readOnly(spec.view) ? ["--read-only"] : [],
    "--as-pid2",
    // process 1 is nspawn's own, whose memory and environment the agent may not open
    `--machine=${machine(spec.id, start.index)}`,
    `--oci-bundle=${directory2}`,
    // Over a directory and a file of the host; nspawn's own socket in it is root's alone.
    "--tmpfs=/run/host:mode=700",
    "--tmpfs=/run/host/incoming:mode=700",
    // newer ones (257) set what is mounted here apart after that, and end where nothing is
    "--tmpfs=/dev/net:ro,mode=555,nr_inodes=1",
    // nspawn makes tun there, which everybody may open
    ...masks.files.map((path2) => `--bind-ro=/dev/null:${path2}`),
    // the source is looked up inside the jail
    ...masks.directories.filter((path2) => !NOT_MADE.test(path2)).map((path2) => `--tmpfs=${late(path2)}:ro,mode=555,nr_inodes=1`),
    ...spec.view.filter((m) => (m.kind === "bind" || m.kind === "device") && m.source !== null).map(bind2),
    "--",
    ...start.argv
  ];
}
var NOT_MADE, CAPABILITY_SETS, readOnly, machine, bind2, late, quote;
var init_nspawn_bundle = __esm({
  "src/backend/nspawn-bundle.ts"() {
    "use strict";
    init_open_files();
    NOT_MADE = /^\/sys\/(?!(?:block|bus|class|dev|devices|kernel)\/)/;
    CAPABILITY_SETS = ["bounding", "effective", "inheritable", "permitted", "ambient"];
    readOnly = (view2) => view2.some(({ target, kind: kind2, writable }) => target === "/" && kind2 === "bind" && !writable);
    machine = (id, step) => `agent-jail-${id.toLowerCase()}-${step}`;
    bind2 = (mount) => `--bind${mount.writable ? "" : "-ro"}=${quote(mount.source ?? "")}:${quote(mount.target)}`;
    late = (path2) => path2.startsWith("/proc/") ? path2 : `/proc/self/root${path2}`;
    quote = (path2) => path2.replace(/[\\:]/g, "\\$&");
  }
});

// src/backend/nspawn.ts
function nspawn(host) {
  let program2 = null;
  const ahead = [];
  return {
    name: "nspawn",
    engine: null,
    lacks: null,
    overhead: { memory: 0, processes: 0 },
    async probe() {
      try {
        program2 = await findNspawn(host.tools) ?? await fetchNspawn(host.tools);
        return {
          ok: true,
          version: `systemd-nspawn ${program2.version}${program2.fetched ? " (fetched)" : ""}`,
          strength: "namespaces, seccomp"
        };
      } catch (error) {
        if (error instanceof JailError) return { ok: false, why: error.message, remedy: error.remedy };
        throw error;
      }
    },
    cgroup: (id) => `agent-jail-${id}`,
    refuses: (spec) => [
      ...spec.netns === null ? ["nspawn needs a network namespace made beforehand"] : [],
      ...spec.identity.uid === 0 ? ["root in the jail is not offered"] : []
    ],
    async open(spec, places) {
      if (program2 === null) throw new JailError("nspawn was opened before it was probed", "this is a defect of agent-jail");
      const opened = program2;
      return {
        view: spec.view,
        died: "the process that holds the jail was killed",
        start: async (start) => startStep2(opened, host, spec, places, start, ahead.splice(0)[0] ?? launcherOf(host, opened)),
        [Symbol.asyncDispose]: async () => {
        }
      };
    },
    begin() {
      if (program2 !== null) ahead.push(launcherOf(host, program2));
    }
  };
}
function startStep2(program2, host, spec, places, start, launcher) {
  const directory2 = `${places.state}/step-${start.index}`;
  (0, import_node_fs38.mkdirSync)(directory2, { mode: 448 });
  (0, import_node_fs38.writeFileSync)(`${directory2}/config.json`, JSON.stringify(bundle(spec, start)), { mode: 384 });
  const argv = nspawnArgv(program2.path, spec, start, directory2, masksHere());
  const log = new BackendLog(places.log);
  launcher.become(argv, (chunk, from) => log.append(from === "stdout" ? host.said?.(chunk) ?? chunk : chunk));
  let over = false;
  const exit = launcher.ended.then(({ code, signal, failure: failure2 }) => {
    over = true;
    if (failure2 !== null) log.append(Buffer.from(`${failure2}
`));
    return exitOf2(code, signal, log.text);
  });
  return {
    leader: () => heldProcess({
      program: "systemd-nspawn",
      argv: start.argv,
      members: () => host.membersOfOne(),
      // The second process of the jail's namespace.
      may: (pid) => parseStatus(readProc(pid, "status") ?? "").get("NSpid")?.endsWith("	2") === true,
      over: () => over,
      log
    }),
    exit,
    kill: async () => {
    }
    // the warden's cgroup reaches all of it
  };
}
function exitOf2(code, signal, said) {
  if (signal !== null) return "backend";
  const killed = code === 255 ? /terminated by signal ([A-Z0-9]+)\./.exec(said) : null;
  return killed === null ? { code, signal: null } : { code: null, signal: `SIG${killed[1]}` };
}
var import_node_fs38, launcherOf;
var init_nspawn = __esm({
  "src/backend/nspawn.ts"() {
    "use strict";
    import_node_fs38 = require("node:fs");
    init_errors();
    init_proc();
    init_launched();
    init_launcher();
    init_nspawn_bundle();
    init_proc_masks();
    init_nspawn_program();
    launcherOf = (host, { env }) => (
      // /tmp is on the scratch disk, where limits.disk counts it; a unified group would be made for a manager that is not there.
      new Launcher(host.launcher, host.doors(), { ...env, SYSTEMD_NSPAWN_TMPFS_TMP: "0" })
    );
  }
});

// src/backend/syscall-numbers.ts
function table2(text4) {
  return new Map([...text4.matchAll(/([a-z_]\w*)\s+(\d+)/g)].map(([, name = "", value]) => [name, Number(value)]));
}
var SYSCALL_NUMBERS;
var init_syscall_numbers = __esm({
  "src/backend/syscall-numbers.ts"() {
    "use strict";
    SYSCALL_NUMBERS = {
      x64: table2(`
read 0 write 1 open 2 close 3 stat 4 fstat 5 lstat 6 poll 7 lseek 8 mmap 9 mprotect 10 munmap 11 brk 12 rt_sigaction 13 rt_sigprocmask 14
rt_sigreturn 15 ioctl 16 pread64 17 pwrite64 18 readv 19 writev 20 access 21 pipe 22 select 23 sched_yield 24 mremap 25 msync 26 mincore
27 madvise 28 shmget 29 shmat 30 shmctl 31 dup 32 dup2 33 pause 34 nanosleep 35 getitimer 36 alarm 37 setitimer 38 getpid 39 sendfile 40
socket 41 connect 42 accept 43 sendto 44 recvfrom 45 sendmsg 46 recvmsg 47 shutdown 48 bind 49 listen 50 getsockname 51 getpeername 52
socketpair 53 setsockopt 54 getsockopt 55 clone 56 fork 57 vfork 58 execve 59 exit 60 wait4 61 kill 62 uname 63 semget 64 semop 65 semctl
66 shmdt 67 msgget 68 msgsnd 69 msgrcv 70 msgctl 71 fcntl 72 flock 73 fsync 74 fdatasync 75 truncate 76 ftruncate 77 getdents 78 getcwd 79
chdir 80 fchdir 81 rename 82 mkdir 83 rmdir 84 creat 85 link 86 unlink 87 symlink 88 readlink 89 chmod 90 fchmod 91 chown 92 fchown 93
lchown 94 umask 95 gettimeofday 96 getrlimit 97 getrusage 98 sysinfo 99 times 100 getuid 102 getgid 104 setuid 105 setgid 106 geteuid 107
getegid 108 setpgid 109 getppid 110 getpgrp 111 setsid 112 setreuid 113 setregid 114 getgroups 115 setgroups 116 setresuid 117 getresuid
118 setresgid 119 getresgid 120 getpgid 121 setfsuid 122 setfsgid 123 getsid 124 capget 125 capset 126 rt_sigpending 127 rt_sigtimedwait
128 rt_sigqueueinfo 129 rt_sigsuspend 130 sigaltstack 131 utime 132 mknod 133 personality 135 statfs 137 fstatfs 138 getpriority 140
setpriority 141 sched_setparam 142 sched_getparam 143 sched_setscheduler 144 sched_getscheduler 145 sched_get_priority_max 146
sched_get_priority_min 147 sched_rr_get_interval 148 mlock 149 munlock 150 mlockall 151 munlockall 152 prctl 157 arch_prctl 158 adjtimex
159 setrlimit 160 sync 162 gettid 186 readahead 187 setxattr 188 lsetxattr 189 fsetxattr 190 getxattr 191 lgetxattr 192 fgetxattr 193
listxattr 194 llistxattr 195 flistxattr 196 removexattr 197 lremovexattr 198 fremovexattr 199 tkill 200 time 201 futex 202
sched_setaffinity 203 sched_getaffinity 204 set_thread_area 205 io_setup 206 io_destroy 207 io_getevents 208 io_submit 209 io_cancel 210
get_thread_area 211 epoll_create 213 remap_file_pages 216 getdents64 217 set_tid_address 218 restart_syscall 219 semtimedop 220 fadvise64
221 timer_create 222 timer_settime 223 timer_gettime 224 timer_getoverrun 225 timer_delete 226 clock_gettime 228 clock_getres 229
clock_nanosleep 230 exit_group 231 epoll_wait 232 epoll_ctl 233 tgkill 234 utimes 235 mq_open 240 mq_unlink 241 mq_timedsend 242
mq_timedreceive 243 mq_notify 244 mq_getsetattr 245 waitid 247 ioprio_set 251 ioprio_get 252 inotify_init 253 inotify_add_watch 254
inotify_rm_watch 255 openat 257 mkdirat 258 mknodat 259 fchownat 260 futimesat 261 newfstatat 262 unlinkat 263 renameat 264 linkat 265
symlinkat 266 readlinkat 267 fchmodat 268 faccessat 269 pselect6 270 ppoll 271 unshare 272 set_robust_list 273 get_robust_list 274 splice
275 tee 276 sync_file_range 277 vmsplice 278 utimensat 280 epoll_pwait 281 signalfd 282 timerfd_create 283 eventfd 284 fallocate 285
timerfd_settime 286 timerfd_gettime 287 accept4 288 signalfd4 289 eventfd2 290 epoll_create1 291 dup3 292 pipe2 293 inotify_init1 294
preadv 295 pwritev 296 rt_tgsigqueueinfo 297 recvmmsg 299 prlimit64 302 name_to_handle_at 303 clock_adjtime 305 syncfs 306 sendmmsg 307
getcpu 309 sched_setattr 314 sched_getattr 315 renameat2 316 seccomp 317 getrandom 318 memfd_create 319 execveat 322 membarrier 324 mlock2
325 copy_file_range 326 preadv2 327 pwritev2 328 pkey_mprotect 329 pkey_alloc 330 pkey_free 331 statx 332 io_pgetevents 333 rseq 334
pidfd_send_signal 424 pidfd_open 434 clone3 435 close_range 436 openat2 437 faccessat2 439 epoll_pwait2 441 landlock_create_ruleset 444
landlock_add_rule 445 landlock_restrict_self 446 memfd_secret 447 process_mrelease 448 futex_waitv 449 cachestat 451 fchmodat2 452
map_shadow_stack 453 futex_wake 454 futex_wait 455 futex_requeue 456 mseal 462 setxattrat 463 getxattrat 464 listxattrat 465 removexattrat
466
`),
      arm64: table2(`
io_setup 0 io_destroy 1 io_submit 2 io_cancel 3 io_getevents 4 setxattr 5 lsetxattr 6 fsetxattr 7 getxattr 8 lgetxattr 9 fgetxattr 10
listxattr 11 llistxattr 12 flistxattr 13 removexattr 14 lremovexattr 15 fremovexattr 16 getcwd 17 eventfd2 19 epoll_create1 20 epoll_ctl 21
epoll_pwait 22 dup 23 dup3 24 fcntl 25 inotify_init1 26 inotify_add_watch 27 inotify_rm_watch 28 ioctl 29 ioprio_set 30 ioprio_get 31
flock 32 mknodat 33 mkdirat 34 unlinkat 35 symlinkat 36 linkat 37 renameat 38 statfs 43 fstatfs 44 truncate 45 ftruncate 46 fallocate 47
faccessat 48 chdir 49 fchdir 50 fchmod 52 fchmodat 53 fchownat 54 fchown 55 openat 56 close 57 pipe2 59 getdents64 61 lseek 62 read 63
write 64 readv 65 writev 66 pread64 67 pwrite64 68 preadv 69 pwritev 70 sendfile 71 pselect6 72 ppoll 73 signalfd4 74 vmsplice 75 splice 76
tee 77 readlinkat 78 newfstatat 79 fstat 80 sync 81 fsync 82 fdatasync 83 sync_file_range 84 timerfd_create 85 timerfd_settime 86
timerfd_gettime 87 utimensat 88 capget 90 capset 91 personality 92 exit 93 exit_group 94 waitid 95 set_tid_address 96 unshare 97 futex 98
set_robust_list 99 get_robust_list 100 nanosleep 101 getitimer 102 setitimer 103 timer_create 107 timer_gettime 108 timer_getoverrun 109
timer_settime 110 timer_delete 111 clock_gettime 113 clock_getres 114 clock_nanosleep 115 ptrace 117 sched_setparam 118
sched_setscheduler 119 sched_getscheduler 120 sched_getparam 121 sched_setaffinity 122 sched_getaffinity 123 sched_yield 124
sched_get_priority_max 125 sched_get_priority_min 126 sched_rr_get_interval 127 restart_syscall 128 kill 129 tkill 130 tgkill 131
sigaltstack 132 rt_sigsuspend 133 rt_sigaction 134 rt_sigprocmask 135 rt_sigpending 136 rt_sigtimedwait 137 rt_sigqueueinfo 138
rt_sigreturn 139 setpriority 140 getpriority 141 reboot 142 setregid 143 setgid 144 setreuid 145 setuid 146 setresuid 147 getresuid 148
setresgid 149 getresgid 150 setfsuid 151 setfsgid 152 times 153 setpgid 154 getpgid 155 getsid 156 setsid 157 getgroups 158 setgroups 159
uname 160 getrlimit 163 setrlimit 164 getrusage 165 umask 166 prctl 167 getcpu 168 gettimeofday 169 adjtimex 171 getpid 172 getppid 173
getuid 174 geteuid 175 getgid 176 getegid 177 gettid 178 sysinfo 179 mq_open 180 mq_unlink 181 mq_timedsend 182 mq_timedreceive 183
mq_notify 184 mq_getsetattr 185 msgget 186 msgctl 187 msgrcv 188 msgsnd 189 semget 190 semctl 191 semtimedop 192 semop 193 shmget 194
shmctl 195 shmat 196 shmdt 197 socket 198 socketpair 199 bind 200 listen 201 accept 202 connect 203 getsockname 204 getpeername 205
sendto 206 recvfrom 207 setsockopt 208 getsockopt 209 shutdown 210 sendmsg 211 recvmsg 212 readahead 213 brk 214 munmap 215 mremap 216
clone 220 execve 221 mmap 222 fadvise64 223 mprotect 226 msync 227 mlock 228 munlock 229 mlockall 230 munlockall 231 mincore 232 madvise 233
remap_file_pages 234 rt_tgsigqueueinfo 240 accept4 242 recvmmsg 243 wait4 260 prlimit64 261 name_to_handle_at 264 clock_adjtime 266
syncfs 267 sendmmsg 269 sched_setattr 274 sched_getattr 275 renameat2 276 seccomp 277 getrandom 278 memfd_create 279 bpf 280 execveat 281
userfaultfd 282 membarrier 283 mlock2 284 copy_file_range 285 preadv2 286 pwritev2 287 pkey_mprotect 288 pkey_alloc 289 pkey_free 290
statx 291 io_pgetevents 292 rseq 293 pidfd_send_signal 424 pidfd_open 434 clone3 435 close_range 436 openat2 437 faccessat2 439
epoll_pwait2 441 landlock_create_ruleset 444 landlock_add_rule 445 landlock_restrict_self 446 memfd_secret 447 process_mrelease 448
futex_waitv 449 cachestat 451 fchmodat2 452 map_shadow_stack 453 futex_wake 454 futex_wait 455 futex_requeue 456 mseal 462 setxattrat 463
getxattrat 464 listxattrat 465 removexattrat 466
`)
    };
  }
});

// src/backend/vm-architecture.ts
var VM_ARCHITECTURES, installOf;
var init_vm_architecture = __esm({
  "src/backend/vm-architecture.ts"() {
    "use strict";
    VM_ARCHITECTURES = {
      x64: {
        qemu: "/usr/bin/qemu-system-x86_64",
        packages: { qemu: "qemu-system-x86", debian: "linux-image-cloud-amd64", ubuntu: "linux-image-virtual" },
        machine: "q35,usb=off,vmport=off",
        cpu: "max",
        virtualizes: ["vmx", "svm"],
        console: "ttyS0",
        // It ends by a fault, which QEMU takes for the end; a timer that is late on a busy machine is not taken for a broken one, as with KVM;
        // no keyboard is looked for.
        kernel: ["reboot=t", "no_timer_check", "i8042.nokbd", "i8042.noaux"],
        audit: 3221225534,
        otherAbi: 1073741824
      },
      arm64: {
        qemu: "/usr/bin/qemu-system-aarch64",
        packages: { qemu: "qemu-system-arm", debian: "linux-image-cloud-arm64", ubuntu: "linux-image-virtual" },
        // The newest interrupt controller that there is for the processor: the default has eight processors at the most.
        machine: "virt,gic-version=max",
        // The authentication of pointers as its algorithm says would take most of the time.
        cpu: "max,pauth-impdef=on",
        virtualizes: null,
        console: "ttyAMA0",
        kernel: [],
        audit: 3221225655,
        otherAbi: null
      }
    };
    installOf = ({ packages: { qemu, debian, ubuntu } }) => `run \`apt-get install ${qemu} ${debian}\`, on Ubuntu \`apt-get install ${qemu} virtiofsd ${ubuntu}\``;
  }
});

// src/backend/vm-filter.ts
function filterProgram({ architectures, syscalls }) {
  const here = Object.keys(ARCHITECTURES).find((name) => architectures.includes(ARCHITECTURES[name].seccomp));
  if (here === void 0) throw new Error(`no such machine here: ${architectures.join()}`);
  const { audit, otherAbi } = VM_ARCHITECTURES[here];
  const numbers2 = SYSCALL_NUMBERS[here];
  const known = (name) => [numbers2.get(name) ?? []].flat();
  const program2 = [
    load(ARCHITECTURE),
    [EQUAL, 1, 0, audit],
    end(KILL),
    load(NUMBER2),
    ...otherAbi === null ? [] : [[AT_LEAST, 0, 1, otherAbi], end(KILL)],
    ...known("clone3").flatMap((number2) => [[EQUAL, 0, 1, number2], end(REFUSE | ENOSYS2)])
  ];
  const allowed = syscalls.filter(({ action, names: names3 }) => action === "SCMP_ACT_ALLOW" && !names3.includes("clone3"));
  const always = allowed.filter(({ args }) => args === void 0).flatMap(({ names: names3 }) => names3.flatMap(known));
  for (const [first, last] of runs(always)) program2.push([AT_LEAST, 0, 2, first], [MORE, 1, 0, last], end(ALLOW));
  for (const name of new Set(allowed.filter(({ args }) => args !== void 0).flatMap(({ names: names3 }) => names3))) {
    const rules = allowed.filter(({ args, names: names3 }) => args !== void 0 && names3.includes(name)).flatMap(({ args }) => one(args ?? []));
    for (const number2 of known(name)) program2.push([EQUAL, 0, rules.length + 1, number2], ...rules, end(REFUSE | EPERM));
  }
  program2.push(end(REFUSE | EPERM));
  return Buffer.concat(program2.map(encode));
}
function one(args) {
  const tests = args.flatMap(({ index, op, value, valueTwo }) => {
    const [mask, wanted] = op === "SCMP_CMP_MASKED_EQ" ? [BigInt(value), BigInt(valueTwo ?? 0)] : [WORD2 * WORD2 - 1n, BigInt(value)];
    if (!["SCMP_CMP_EQ", "SCMP_CMP_MASKED_EQ"].includes(op)) throw new Error(`no such comparison here: ${op}`);
    return [0, 4].map((half) => {
      const part2 = (of) => Number(half === 0 ? of % WORD2 : of / WORD2);
      return [
        load(ARGUMENTS + 8 * index + half),
        ...part2(mask) === 4294967295 ? [] : [[AND, 0, 0, part2(mask)]],
        [EQUAL, 0, 0, part2(wanted)]
      ];
    });
  });
  const length = tests.reduce((sum, test) => sum + test.length, 0) + 1;
  let done = 0;
  const program2 = [];
  for (const test of tests) {
    done += test.length;
    program2.push(...test.slice(0, -1), [EQUAL, 0, length - done, test.at(-1)[3]]);
  }
  return [...program2, end(ALLOW)];
}
function runs(numbers2) {
  const found2 = [];
  for (const next of [...new Set(numbers2)].sort((a, b) => a - b)) {
    const last = found2.at(-1);
    if (last !== void 0 && last[1] + 1 === next) last[1] = next;
    else found2.push([next, next]);
  }
  return found2;
}
function encode([code, yes, no, k]) {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt16LE(code, 0);
  bytes.writeUInt8(yes, 2);
  bytes.writeUInt8(no, 3);
  bytes.writeUInt32LE(k >>> 0, 4);
  return bytes;
}
var LOAD, AND, EQUAL, AT_LEAST, MORE, RETURN, KILL, REFUSE, ALLOW, EPERM, ENOSYS2, NUMBER2, ARCHITECTURE, ARGUMENTS, WORD2, load, end;
var init_vm_filter = __esm({
  "src/backend/vm-filter.ts"() {
    "use strict";
    init_architecture();
    init_syscall_numbers();
    init_vm_architecture();
    LOAD = 32;
    AND = 84;
    EQUAL = 21;
    AT_LEAST = 53;
    MORE = 37;
    RETURN = 6;
    KILL = 2147483648;
    REFUSE = 327680;
    ALLOW = 2147418112;
    [EPERM, ENOSYS2] = [1, 38];
    [NUMBER2, ARCHITECTURE, ARGUMENTS] = [0, 4, 16];
    WORD2 = 2n ** 32n;
    load = (offset) => [LOAD, 0, 0, offset];
    end = (action) => [RETURN, 0, 0, action];
  }
});

// src/backend/vm-machine.ts
function qemuArgv(program2, { index, limits }) {
  const memory = `${Math.ceil((limits.memory + KERNEL) / MIB2)}M`;
  const emulated2 = program2.emulated !== null;
  const here = VM_ARCHITECTURES[program2.architecture];
  const common = words`quiet panic=-1 random.trust_cpu=on maxcpus=1 cryptomgr.notests`;
  const kernel = [`console=${here.console}`, ...common, ...here.kernel, ...emulated2 ? ["mitigations=off"] : []].join(" ");
  return [
    program2.qemu,
    ...words`-nodefaults -no-user-config -no-reboot -display none`,
    ...words`-sandbox on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny`,
    ...emulated2 ? words`-accel tcg,thread=multi,tb-size=${TRANSLATED / MIB2} -cpu ${here.cpu}` : words`-accel kvm -cpu host`,
    ...words`-smp ${Math.ceil(limits.cpus)} -m ${memory} -machine ${here.machine},memory-backend=memory`,
    ...words`-object memory-backend-memfd,id=memory,size=${memory},share=on`,
    ...words`-kernel ${PLACE}/kernel -initrd ${PLACE}/ramdisk -append ${kernel}`,
    // What the kernel prints, for backend.log.
    ...words`-chardev stdio,id=console,signal=off -serial chardev:console`,
    ...words`-chardev socket,id=channel,fd={channel} -device virtio-serial-pci,max_ports=2 -device virtserialport,chardev=channel,name=channel`,
    ...words`-chardev socket,id=files,path=${PLACE}/step-${index}/files -device vhost-user-fs-pci,chardev=files,tag=root,queue-size=1024`
  ];
}
function guestConfig(spec, start, sockets, open3) {
  const { identity, view: view2, hostname: hostname2, seccomp } = spec;
  const files = openFiles2();
  const groups = {
    ids: [String(identity.uid), String(identity.gid)],
    hostname: [hostname2],
    cwd: [start.cwd],
    argv: start.argv,
    terminal: start.tty === null ? [] : [start.tty.rows, start.tty.columns].map(String),
    env: Object.entries(start.env).map(([name, value]) => `${name}=${value}`),
    // setrlimit(2): files, and what the kernel would make of the guest's memory.
    limits: [`${CORE} 0 0`, `${NOFILE} ${files.soft} ${files.hard}`, ...limitsAsHere(readProc("self", "limits") ?? "")],
    processes: [String(start.limits.processes)],
    // The server has a file open for each that the guest remembers: it has to forget in time.
    remember: [String(Math.floor(open3 / 2))],
    memory: [String(start.limits.memory)],
    mounts: view2.filter(({ kind: kind2 }) => kind2 === "overlay").map(({ target }) => target),
    "read-only": view2.filter(({ kind: kind2, writable }) => kind2 === "overlay" && !writable).map(({ target }) => target),
    masks: [...MASKED_FILES, ...MASKED_DIRECTORIES],
    sockets: sockets.map(({ protocol, address, port }) => `${protocol}:${address}:${port}`),
    filter: [filterProgram(seccomp)]
  };
  const strings = Object.entries(groups).flatMap(([name, values]) => [name, String(values.length), ...values]);
  return Buffer.concat(strings.flatMap((one2) => sized(Buffer.from(one2))));
}
function sized(bytes) {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return [length, bytes];
}
var MIB2, CORE, NPROC, NOFILE, SIGPENDING, PLACE, TRANSLATED, KERNEL, OVERHEAD, words, relayArgv, limitsAsHere;
var init_vm_machine = __esm({
  "src/backend/vm-machine.ts"() {
    "use strict";
    init_proc();
    init_open_files();
    init_proc_masks();
    init_vm_filter();
    init_vm_architecture();
    MIB2 = 1 << 20;
    [CORE, NPROC, NOFILE, SIGPENDING] = [4, 6, 7, 11];
    PLACE = "/vm";
    TRANSLATED = 128 * MIB2;
    KERNEL = 192 * MIB2;
    OVERHEAD = { memory: KERNEL + 384 * MIB2, processes: 64 };
    words = (texts, ...values) => texts.flatMap((text4, index) => [...text4.split(/(?= )|(?<= )/), ...index < values.length ? [{ value: String(values[index]) }] : []]).reduce((all, part2) => {
      if (part2 === " ") all.push("");
      else all.push(`${all.pop() ?? ""}${typeof part2 === "string" ? part2 : part2.value}`);
      return all;
    }, []);
    relayArgv = (program2, start, output) => [
      "/usr/bin/perl",
      `${PLACE}/vm-relay.pl`,
      `${PLACE}/vm-mux.pl`,
      `${PLACE}/step-${start.index}/config`,
      output.out,
      output.err,
      "--",
      ...qemuArgv(program2, start)
    ];
    limitsAsHere = (limits) => Object.entries({ "Max processes": NPROC, "Max pending signals": SIGPENDING }).flatMap(([name, number2]) => {
      const [, soft, hard] = new RegExp(`^${name} +(\\d+) +(\\d+)`, "m").exec(limits) ?? [];
      return soft === void 0 ? [] : [`${number2} ${soft} ${hard}`];
    });
  }
});

// src/backend/vm-libraries.ts
async function linkedLibraries(program2) {
  const argv = ["ldd", program2];
  const result = await exec(argv);
  const found2 = librariesIn(result.stdout);
  if (result.code !== 0 || found2.length === 0)
    throw new JailError(`the libraries of ${program2} are not known: ${failure(argv, result)}`, "see `agent-jail doctor`");
  return found2;
}
var librariesIn;
var init_vm_libraries = __esm({
  "src/backend/vm-libraries.ts"() {
    "use strict";
    init_errors();
    init_exec();
    librariesIn = (said) => said.split("\n").flatMap((line) => /(?:=> |^\s+)(\/\S+) \(/.exec(line)?.slice(1) ?? []);
  }
});

// src/backend/vm-files.ts
function serverIn(said) {
  const [, c] = /^virtiofsd version (\d+(?:\.\d+)+)/.exec(said) ?? [];
  if (c !== void 0) return { kind: "c", version: c };
  const [, rust] = /^virtiofsd(?: backend)? (\d+(?:\.\d+)+)/.exec(said) ?? [];
  return rust === void 0 ? null : { kind: "rust", version: rust };
}
async function findFileServer(there) {
  const path2 = PLACES.find(there);
  if (path2 === void 0)
    throw new JailError(
      `virtiofsd, which shows the run's files to the guest, is not there: not in ${PLACES.map(import_node_path9.dirname).join(", ")}`,
      INSTALL
    );
  const said = await exec([path2, "--version"]);
  const found2 = serverIn(said.stdout);
  if (found2 === null) throw new JailError(`${path2} does not tell its version`, INSTALL);
  return { path: path2, ...found2 };
}
function filesArgv({ path: path2, kind: kind2 }, shown) {
  const same = ["--fd={socket}", "--rlimit-nofile=0", "--thread-pool-size=0"];
  if (kind2 === "rust") {
    const options2 = ["--sandbox=none", "--seccomp=kill", "--announce-submounts", "--inode-file-handles=never", "--cache=always", "--xattr"];
    return [path2, ...same, `--shared-dir=${SHARED2}`, ...options2, "--log-level=warn"];
  }
  const caps = ["chown", "dac_override", "fowner", "fsetid", "setgid", "setuid", "mknod", "setfcap"].map((one2) => `-${one2}`).join(":");
  const options = [`source=${shown}`, "sandbox=namespace", "announce_submounts", "cache=always", "xattr", `modcaps=${caps}`];
  return [path2, ...same, ...options.flatMap((option) => ["-o", option]), "-f"];
}
async function buildServerRoot({ path: path2, kind: kind2 }, state) {
  if (kind2 === "c") return null;
  const root = `${state}/server`;
  const directory2 = (at2) => void (0, import_node_fs39.mkdirSync)(`${root}${at2}`, { recursive: true, mode: 493 });
  for (const at2 of [SHARED2, "/proc/self/fd", (0, import_node_path9.dirname)(MOST_OPEN)]) directory2(at2);
  (0, import_node_fs39.writeFileSync)(`${root}/proc/self/mountinfo`, "");
  (0, import_node_fs39.writeFileSync)(`${root}${MOST_OPEN}`, (0, import_node_fs39.readFileSync)(MOST_OPEN));
  for (const file2 of [path2, ...await linkedLibraries(path2)]) {
    directory2((0, import_node_path9.dirname)(file2));
    (0, import_node_fs39.copyFileSync)(file2, `${root}${file2}`);
    (0, import_node_fs39.chmodSync)(`${root}${file2}`, 493);
  }
  return { root, shown: `${root}${SHARED2}` };
}
var import_node_fs39, import_node_path9, PLACES, INSTALL, SHARED2, MOST_OPEN;
var init_vm_files = __esm({
  "src/backend/vm-files.ts"() {
    "use strict";
    import_node_fs39 = require("node:fs");
    import_node_path9 = require("node:path");
    init_errors();
    init_exec();
    init_vm_libraries();
    PLACES = ["/usr/libexec/virtiofsd", "/usr/lib/virtiofsd", "/usr/lib/qemu/virtiofsd"];
    INSTALL = "run `apt-get install virtiofsd` (Debian 13, Ubuntu 24.04 and later) or `apt-get install qemu-system-common` (Debian 12, Ubuntu 22.04)";
    SHARED2 = "/files";
    MOST_OPEN = "/proc/sys/fs/nr_open";
  }
});

// src/backend/vm-modules.ts
function modulesOf(wanted, dependencies, builtin) {
  const needs = /* @__PURE__ */ new Map();
  const files = /* @__PURE__ */ new Map();
  for (const line of dependencies.split("\n")) {
    const [file2 = "", rest = ""] = line.split(":");
    if (file2 === "") continue;
    needs.set(
      file2,
      rest.split(" ").filter((one2) => one2 !== "")
    );
    files.set(moduleName(file2), file2);
  }
  const inside2 = new Set(builtin.split("\n").map(moduleName));
  const modules = [];
  const add = (file2) => {
    if (modules.includes(file2)) return;
    for (const one2 of [...needs.get(file2) ?? []].reverse()) add(one2);
    if (!modules.includes(file2)) modules.push(file2);
  };
  const missing = [];
  for (const name of wanted) {
    const file2 = files.get(name);
    if (file2 !== void 0) add(file2);
    else if (!inside2.has(name)) missing.push(name);
  }
  return { modules, missing };
}
async function moduleBytes({ path: path2 }) {
  if (path2.endsWith(".xz")) return unxz(path2);
  const bytes = (0, import_node_fs40.readFileSync)(path2);
  if (path2.endsWith(".ko")) return bytes;
  if (path2.endsWith(".zst")) return (0, import_node_zlib.zstdDecompressSync)(bytes);
  if (path2.endsWith(".gz")) return (0, import_node_zlib.gunzipSync)(bytes);
  throw new JailError(`${path2} is packed in a way that is not known`, "use a kernel whose modules end in .ko, .ko.gz, .ko.xz or .ko.zst");
}
async function unxz(path2) {
  const argv = ["xz", "--decompress", "--stdout", path2];
  const { stdout, ...result } = await execBytes(argv, { maxBuffer: MOST6 });
  if (result.code === 0) return stdout;
  const why = failure(argv, { ...result, stdout: "", stderr: result.stderr.toString("utf8") });
  throw new JailError(`${path2} could not be unpacked: ${why}`, "run `apt-get install xz-utils`, or install the kernel again");
}
var import_node_fs40, import_node_zlib, MOST6, moduleName;
var init_vm_modules = __esm({
  "src/backend/vm-modules.ts"() {
    "use strict";
    import_node_fs40 = require("node:fs");
    import_node_zlib = later("node:zlib");
    init_errors();
    init_exec();
    MOST6 = 64 << 20;
    moduleName = (file2) => (file2.split("/").at(-1) ?? "").replace(/\.ko(\.\w+)?$/, "").replaceAll("-", "_");
  }
});

// src/backend/vm-program.ts
async function findVm() {
  const architecture = architectureOf(process.arch);
  if (architecture === null)
    throw new JailError(`virtual machines are not made on ${process.arch}`, "use `jail.backend: nspawn` or `docker`");
  const here = VM_ARCHITECTURES[architecture];
  const { qemu } = here;
  const install = installOf(here);
  if (!executable3(qemu)) throw new JailError(`${qemu} is not there`, install);
  const files = await findFileServer(executable3);
  const { kernel, release: release2, modules } = findKernel("/", install);
  const said = await exec([qemu, "--version"]);
  const version = /version (\d+(?:\.\d+)*)/.exec(said.stdout)?.[1];
  if (version === void 0) throw new JailError(`${qemu} does not tell its version`, install);
  return { architecture, qemu, version, files, kernel, release: release2, modules, emulated: await emulated(here) };
}
function findKernel(root, install) {
  const names3 = list(`${root}boot`).flatMap((name) => /^vmlinuz-(.+)$/.exec(name)?.slice(1) ?? []);
  const releases = byPreference(names3.filter((release2) => (0, import_node_fs41.existsSync)(`${root}lib/modules/${release2}/modules.dep`)));
  let why = `no kernel with its modules is in ${root}boot`;
  for (const release2 of releases) {
    const directory2 = `${root}lib/modules/${release2}`;
    const found2 = modulesOf(WANTED2, (0, import_node_fs41.readFileSync)(`${directory2}/modules.dep`, "utf8"), read3(`${directory2}/modules.builtin`));
    if (found2.missing.length > 0) {
      why = `the kernel ${release2} has no ${found2.missing.join(", ")}`;
      continue;
    }
    return {
      kernel: `${root}boot/vmlinuz-${release2}`,
      release: release2,
      modules: found2.modules.map((path2) => ({ path: `${directory2}/${path2}` }))
    };
  }
  throw new JailError(`there is no kernel for a virtual machine: ${why}`, install);
}
function byPreference(releases) {
  const cloud = (release2) => /-(cloud|kvm|virtual|azure|aws|gcp)\b/.test(release2) ? 1 : 0;
  return [...releases].sort((a, b) => cloud(b) - cloud(a) || b.localeCompare(a, "en", { numeric: true }));
}
async function emulated(here) {
  if (!(0, import_node_fs41.existsSync)("/dev/kvm")) return "/dev/kvm is not there";
  const unfit = unfitProcessor(here, (0, import_node_fs41.readFileSync)("/proc/cpuinfo", "utf8"));
  if (unfit !== null) return unfit;
  const result = await exec(tryKvm(here), { input: "quit\n", timeout: 1e4 });
  if (result.code === 0) return null;
  return `/dev/kvm is of no use here (QEMU: ${result.stderr.trim().split("\n")[0]?.slice(0, 200) ?? ""})`;
}
function unfitProcessor({ virtualizes }, cpuinfo) {
  const flags = new Set(/^flags\s*:(.*)$/m.exec(cpuinfo)?.[1]?.split(" "));
  if (virtualizes === null || virtualizes.some((flag) => flags.has(flag))) return null;
  return `/dev/kvm is for other kernels (the processor has none of ${virtualizes.join(", ")})`;
}
function executable3(path2) {
  try {
    (0, import_node_fs41.accessSync)(path2, import_node_fs41.constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
function list(directory2) {
  try {
    return (0, import_node_fs41.readdirSync)(directory2);
  } catch {
    return [];
  }
}
var import_node_fs41, WANTED2, tryKvm, read3;
var init_vm_program = __esm({
  "src/backend/vm-program.ts"() {
    "use strict";
    import_node_fs41 = require("node:fs");
    init_architecture();
    init_errors();
    init_exec();
    init_vm_architecture();
    init_vm_files();
    init_vm_modules();
    WANTED2 = ["virtio_pci", "virtiofs", "virtio_console"];
    tryKvm = ({ qemu, machine: machine2 }) => [
      qemu,
      "-accel",
      "kvm",
      "-machine",
      machine2,
      "-cpu",
      "host",
      "-m",
      "16",
      "-nodefaults",
      "-no-user-config",
      "-display",
      "none",
      "-S",
      "-monitor",
      "stdio"
    ];
    read3 = (file2) => (0, import_node_fs41.existsSync)(file2) ? (0, import_node_fs41.readFileSync)(file2, "utf8") : "";
  }
});

// src/backend/vm-proof.ts
function machineProof(program2, spec, argv, guest, pids2) {
  const all = pids2.map((pid) => ({
    pid,
    argv: (readProc(pid, "cmdline") ?? "").split("\0").slice(0, -1),
    status: parseStatus(readProc(pid, "status") ?? "")
  }));
  const qemu = all.filter(({ status, argv: [name] }) => name === program2.qemu && status.get("PPid") === String(guest?.relay));
  const files = all.filter(({ argv: [name] }) => name === program2.files.path);
  const uid = [0, 0, 0, 0].map(() => spec.identity.uid).join("	");
  const properties = (name, status, filters2) => [
    equal2(`${name}: uid`, status?.get("Uid"), uid),
    equal2(`${name}: capabilities CapPrm`, status?.get("CapPrm"), "0000000000000000"),
    equal2(`${name}: capabilities CapEff`, status?.get("CapEff"), "0000000000000000"),
    equal2(`${name}: no new privileges`, status?.get("NoNewPrivs"), "1"),
    equal2(`${name}: seccomp`, status?.get("Seccomp"), "2"),
    ok(`${name}: seccomp filters`, status?.get("Seccomp_filters"), (seen) => Number(seen) >= filters2, `should be ${filters2} or more`)
  ];
  const server = files.find(({ status }) => files.some(({ pid }) => status.get("PPid") === String(pid))) ?? files[0];
  return [
    equal2("machine: processes", String(qemu.length), "1"),
    equal2("machine: command line", qemu[0]?.argv.join(" ").replace(/,fd=\d+/, ",fd={channel}"), argv.join(" ")),
    ...properties("machine", qemu[0]?.status, QEMU_FILTERS),
    ok(
      "kernel of its own",
      guest === null ? void 0 : `${guest.release}, boot ${guest.bootId}`,
      () => guest?.bootId !== hostBoot(),
      "is this machine's"
    ),
    equal2("kernel release", guest?.release, program2.release),
    ...properties("file server", server?.status, 1),
    ok("file server: root", server === void 0 ? void 0 : rootOf(server.pid), (seen) => seen !== rootOf("self"), "is this machine's"),
    ...APART.map(
      (name) => ok(
        `file server: namespace ${name}`,
        (server === void 0 ? null : readProcLink(server.pid, `ns/${name}`)) ?? void 0,
        (seen) => seen !== readProcLink("self", `ns/${name}`),
        "should be its own"
      )
    )
  ];
}
function rootOf(pid) {
  const found2 = (0, import_node_fs42.statSync)(`/proc/${pid}/root`, { throwIfNoEntry: false });
  return found2 === void 0 ? void 0 : `${found2.dev}:${found2.ino}`;
}
var import_node_fs42, QEMU_FILTERS, APART, hostBoot, equal2, ok;
var init_vm_proof = __esm({
  "src/backend/vm-proof.ts"() {
    "use strict";
    import_node_fs42 = require("node:fs");
    init_proc();
    QEMU_FILTERS = 3;
    APART = ["mnt", "pid", "net"];
    hostBoot = () => (0, import_node_fs42.readFileSync)("/proc/sys/kernel/random/boot_id", "utf8").trim();
    equal2 = (property, seen, wanted) => ok(property, seen, (value) => value === wanted, `should be ${wanted}`);
    ok = (property, seen, right, wrong) => ({
      property,
      seen: seen ?? "absent",
      wrong: seen !== void 0 && right(seen) ? null : wrong
    });
  }
});

// src/backend/vm-said.ts
var import_promises9, MOST7, PROGRAM, Said;
var init_vm_said = __esm({
  "src/backend/vm-said.ts"() {
    "use strict";
    import_promises9 = require("node:timers/promises");
    init_errors();
    MOST7 = 1 << 16;
    PROGRAM = "program ";
    Said = class {
      failed = false;
      onHit = () => {
      };
      onTold = () => {
      };
      #text = "";
      #ready = Promise.withResolvers();
      /** The next step's relay is started. */
      begin() {
        this.failed = false;
        this.#text = "";
        this.#ready = Promise.withResolvers();
        this.onHit = () => {
        };
        this.onTold = () => {
        };
      }
      /** Returns what is for the log: whole lines, but for those about programs. */
      take(chunk) {
        this.#text += chunk.toString("latin1");
        const lines3 = this.#text.split("\n");
        this.#text = (lines3.pop() ?? "").slice(-MOST7);
        const others = [];
        for (const line of lines3) {
          if (line.startsWith(PROGRAM)) {
            this.onTold(line.slice(PROGRAM.length));
            continue;
          }
          others.push(`${line}
`);
          const ready = /^ready ([\w.+~-]{1,100}) ([0-9a-f-]{36})$/.exec(line);
          if (ready !== null) this.#ready.resolve({ release: ready[1] ?? "", bootId: ready[2] ?? "" });
          const hit = /^hit (memory|processes)$/.exec(line)?.[1];
          if (hit === "memory" || hit === "processes") this.onHit(hit);
          if (line === "failed") this.failed = true;
        }
        return Buffer.from(others.join(""), "latin1");
      }
      /** Resolves once the guest is ready; rejects with a JailError where it ended, or takes too long. */
      async ready(end2, patience) {
        const stop2 = new AbortController();
        const late2 = (0, import_promises9.setTimeout)(patience, "did not come up in time", { signal: stop2.signal, ref: false }).catch(() => "stopped");
        const first = await Promise.race([this.#ready.promise, end2.then(() => "ended before the step could start"), late2]);
        stop2.abort();
        if (typeof first !== "string") return first;
        throw new JailError(`the virtual machine ${first}`, "see backend.log in the record, which has what its kernel printed");
      }
    };
  }
});

// src/system/cpio.ts
function cpio(entries) {
  const parts2 = entries.flatMap(
    (entry2, index) => record(
      index + 1,
      entry2.path,
      entry2.kind === "directory" ? DIRECTORY : FILE | entry2.mode,
      entry2.kind === "directory" ? Buffer.alloc(0) : entry2.bytes
    )
  );
  return Buffer.concat([...parts2, ...record(0, "TRAILER!!!", 0, Buffer.alloc(0))]);
}
function record(inode, path2, mode, bytes) {
  const name = Buffer.from(`${path2}\0`);
  const fields = [inode, mode, 0, 0, 1, 0, bytes.length, 0, 0, 0, 0, name.length, 0];
  const head = Buffer.concat([Buffer.from(`070701${fields.map((n) => n.toString(16).padStart(8, "0")).join("")}`), name]);
  return [head, padding2(head.length), bytes, padding2(bytes.length)];
}
var ALIGN, DIRECTORY, FILE, padding2;
var init_cpio = __esm({
  "src/system/cpio.ts"() {
    "use strict";
    ALIGN = 4;
    [DIRECTORY, FILE] = [16877, 32768];
    padding2 = (length) => Buffer.alloc((ALIGN - length % ALIGN) % ALIGN);
  }
});

// src/backend/vm-ramdisk.ts
async function ramdisk(modules, { guest, ...scripts }) {
  const [libraries, files] = await Promise.all([linkedLibraries(PERL), loaded()]);
  const bytes = /* @__PURE__ */ new Map();
  const add = (path2, mode, from = path2) => void bytes.set(path2.slice(1), { mode, bytes: (0, import_node_fs43.readFileSync)((0, import_node_fs43.realpathSync)(from)) });
  add("/bin/perl", 493, PERL);
  for (const path2 of libraries) add(path2, 493);
  for (const path2 of files) add(path2, 420);
  add("/init", 493, guest);
  for (const name of OWN3) add(`/${(0, import_node_path10.basename)(scripts[name])}`, 420, scripts[name]);
  for (const [index, module2] of modules.entries())
    bytes.set(`modules/${String(index).padStart(3, "0")}.ko`, { mode: 420, bytes: await moduleBytes(module2) });
  return cpio(entriesOf(bytes));
}
function entriesOf(files) {
  const directories = new Set(PLACES2);
  for (const path2 of files.keys()) {
    const parts2 = path2.split("/");
    for (let length = 1; length < parts2.length; length += 1) directories.add(parts2.slice(0, length).join("/"));
  }
  return [
    ...[...directories].sort().map((path2) => ({ path: path2, kind: "directory" })),
    ...[...files].map(([path2, file2]) => ({ path: path2, kind: "file", ...file2 }))
  ];
}
async function loaded() {
  const argv = [PERL, "-Mstrict", "-Mwarnings", "-e", 'print "$_\\n" for values %INC'];
  const result = await exec(argv);
  if (result.code !== 0) throw new JailError(`perl does not work: ${failure(argv, result)}`, "see `agent-jail doctor`");
  return result.stdout.split("\n").filter((line) => line !== "");
}
var import_node_fs43, import_node_path10, PERL, PLACES2, OWN3;
var init_vm_ramdisk = __esm({
  "src/backend/vm-ramdisk.ts"() {
    "use strict";
    import_node_fs43 = require("node:fs");
    import_node_path10 = require("node:path");
    init_errors();
    init_cpio();
    init_exec();
    init_vm_libraries();
    init_vm_modules();
    PERL = "/usr/bin/perl";
    PLACES2 = ["proc", "sys", "dev", "root", "modules"];
    OWN3 = ["calls", "mux", "network", "step", "programs", "trace", "pty"];
  }
});

// src/backend/vm-tree.ts
async function buildTree(program2, { programs, kvm }, { uid, gid }, state) {
  const root = `${state}/machine`;
  (0, import_node_fs44.mkdirSync)(root, { mode: 493 });
  for (const name of DIRECTORIES3) (0, import_node_fs44.mkdirSync)(`${root}/${name}`, { mode: 493 });
  for (const name of LINKS)
    if ((0, import_node_fs44.lstatSync)(`/${name}`, { throwIfNoEntry: false })?.isSymbolicLink() === true)
      (0, import_node_fs44.symlinkSync)((0, import_node_fs44.readlinkSync)(`/${name}`), `${root}/${name}`);
  if ((0, import_node_fs44.existsSync)("/etc/ld.so.cache")) (0, import_node_fs44.copyFileSync)("/etc/ld.so.cache", `${root}/etc/ld.so.cache`);
  for (const file2 of [programs.mux, programs.relay]) (0, import_node_fs44.copyFileSync)(file2, `${root}${PLACE}/${(0, import_node_path11.basename)(file2)}`);
  (0, import_node_fs44.copyFileSync)(program2.kernel, `${root}${PLACE}/kernel`);
  (0, import_node_fs44.writeFileSync)(`${root}${PLACE}/ramdisk`, await ramdisk(program2.modules, programs), { mode: 292 });
  for (const name of ["kernel", "ramdisk"]) (0, import_node_fs44.chownSync)(`${root}${PLACE}/${name}`, uid, gid);
  (0, import_node_fs44.mkdirSync)(`${state}/empty`, { mode: 493 });
  await must2("mount", "-t", "overlay", "-o", `ro,nosuid,nodev,lowerdir=${state}/empty:/usr`, "overlay", `${root}/usr`);
  const view2 = [
    { target: "/", kind: "bind", source: null, writable: false },
    { target: "/usr", kind: "overlay", source: null, writable: false }
  ];
  if (program2.emulated !== null) return { root, view: view2 };
  await must2("mknod", "-m", "600", kvm, "c", "10", "232");
  (0, import_node_fs44.chownSync)(kvm, uid, gid);
  return { root, view: [...view2, { target: "/dev/kvm", kind: "device", source: kvm, writable: true }] };
}
async function must2(...argv) {
  const result = await exec(argv);
  if (result.code !== 0)
    throw new JailError(`the jail of the virtual machine could not be made: ${failure(argv, result)}`, "see `agent-jail doctor`");
}
var import_node_fs44, import_node_path11, DIRECTORIES3, LINKS;
var init_vm_tree = __esm({
  "src/backend/vm-tree.ts"() {
    "use strict";
    import_node_fs44 = require("node:fs");
    import_node_path11 = require("node:path");
    init_errors();
    init_exec();
    init_vm_machine();
    init_vm_ramdisk();
    DIRECTORIES3 = ["usr", "etc", "proc", "sys", "dev", "run", "tmp", PLACE.slice(1)];
    LINKS = ["bin", "sbin", "lib", "lib32", "lib64", "libx32"];
  }
});

// src/backend/vm.ts
var vm_exports = {};
__export(vm_exports, {
  vm: () => vm
});
function vm(host) {
  const said = new Said();
  const outer = nspawn({ ...host, said: (chunk) => said.take(chunk) });
  let program2 = null;
  return {
    name: "vm",
    engine: null,
    lacks: null,
    overhead: OVERHEAD,
    async probe() {
      try {
        program2 = await findVm();
      } catch (error) {
        if (error instanceof JailError) return { ok: false, why: error.message, remedy: error.remedy };
        throw error;
      }
      const { version, files, release: release2, emulated: emulated2 } = program2;
      if (emulated2 !== null && host.emulation === "refuse")
        return {
          ok: false,
          why: `a virtual machine would be emulated, which is slow: ${emulated2}`,
          remedy: "set `jail.vm.emulation: allow`, or run on a machine with KVM"
        };
      const holder = await outer.probe();
      if (!holder.ok) return holder;
      return {
        ok: true,
        version: `QEMU ${version}, virtiofsd ${files.version}, ${emulated2 === null ? "KVM" : "emulated"}, Linux ${release2}; ${holder.version}`,
        strength: `own kernel; around it ${holder.strength}`
      };
    },
    cgroup: (id) => outer.cgroup(id),
    refuses: (spec) => outer.refuses(spec),
    async open(spec, places) {
      if (program2 === null) throw new JailError("vm was opened before it was probed", "this is a defect of agent-jail");
      const tree = await buildTree(program2, host, spec.identity, places.state);
      const holder = { ...spec, root: tree.root, view: [...tree.view, runtimeOf(spec)] };
      const server = await buildServerRoot(program2.files, places.state);
      const jail = await outer.open(holder, places);
      const built = { host, program: program2, spec, holder, jail, server, tree: tree.root, log: new BackendLog(places.log), said };
      return {
        view: holder.view,
        died: "the virtual machine ended before its step did; backend.log in the record may tell why",
        start: (start) => startStep3(built, start),
        [Symbol.asyncDispose]: () => jail[Symbol.asyncDispose]()
      };
    }
  };
}
async function startStep3(built, start) {
  const { host, program: program2, spec, jail, said } = built;
  const place = `${built.tree}${PLACE}/step-${start.index}`;
  (0, import_node_fs45.mkdirSync)(place, { mode: 493 });
  const files = await serveFiles(built, `${place}/files`);
  (0, import_node_fs45.writeFileSync)(`${place}/config`, guestConfig(spec, start, host.sockets, files), { mode: 256 });
  (0, import_node_fs45.chownSync)(`${place}/config`, spec.identity.uid, spec.identity.gid);
  if (start.tty !== null) (0, import_node_fs45.writeFileSync)(`${runtimeOf(spec).source}/drained`, "");
  said.begin();
  const output = { out: `${RUNTIME2}/out`, err: start.split ? `${RUNTIME2}/err` : "" };
  const argv = relayArgv(program2, start, output);
  const running = await jail.start({ ...start, argv, cwd: "/", env: CLEAN_ENV });
  const exceeded = Promise.withResolvers();
  const refused2 = /* @__PURE__ */ new Set();
  said.onHit = (name) => {
    refused2.add(name);
    if (name === "memory") exceeded.resolve(name);
  };
  said.onTold = (line) => host.told(line);
  let held = null;
  const exit = running.exit.then((end2) => said.failed ? "backend" : end2);
  return {
    leader: async () => {
      const relay = await running.leader();
      held = { relay, ...await said.ready(running.exit, PATIENCE9) };
      return relay;
    },
    exit,
    kill: () => running.kill(),
    inside: { exceeded: exceeded.promise, refused: () => [...refused2] },
    proof: () => machineProof(program2, spec, argv.slice(argv.indexOf("--") + 1), held, host.members())
  };
}
async function serveFiles({ host, program: program2, spec, server, log }, socket) {
  const { uid, gid } = spec.identity;
  const runtime = runtimeOf(spec).source ?? "";
  const result = spec.view.find(({ target }) => target === `${RUNTIME2}/result`)?.source ?? "";
  const shown = server?.shown ?? host.shown;
  const share = [socket, server?.root ?? "", shown, spec.root, runtime, result, uid, gid, openFiles2().hard].map(String);
  const argv = ["perl", host.programs.share, ...share, "--", ...filesArgv(program2.files, shown)];
  const child = (0, import_node_child_process10.spawn)("perl", [host.launcher, ...host.doors().flatMap((door) => ["--cgroup", door]), "--", ...argv], {
    env: CLEAN_ENV,
    stdio: ["ignore", "pipe", "pipe"],
    cwd: "/"
  });
  child.stderr.on("data", (chunk) => log.append(chunk));
  return new Promise((resolve, reject) => {
    const failed = () => reject(
      new JailError(
        `the server of the run's files did not start: ${log.text.trim().split("\n").at(-1) ?? ""}`,
        "see backend.log in the record"
      )
    );
    child.stdout.once("data", (chunk) => resolve(Number(/^listening (\d+)\n$/.exec(chunk.toString("latin1"))?.[1] ?? 0)));
    child.once("error", failed);
    child.once("close", failed);
  });
}
var import_node_child_process10, import_node_fs45, PATIENCE9, RUNTIME2, runtimeOf;
var init_vm = __esm({
  "src/backend/vm.ts"() {
    "use strict";
    import_node_child_process10 = require("node:child_process");
    import_node_fs45 = require("node:fs");
    init_errors();
    init_exec();
    init_launched();
    init_nspawn();
    init_open_files();
    init_vm_machine();
    init_vm_files();
    init_vm_program();
    init_vm_proof();
    init_vm_said();
    init_vm_tree();
    PATIENCE9 = 6e4;
    RUNTIME2 = "/run/agent-jail";
    runtimeOf = (spec) => {
      const found2 = spec.view.find(({ target }) => target === RUNTIME2);
      if (found2 === void 0) throw new Error("no runtime files");
      return found2;
    };
  }
});

// src/run/warden.ts
var import_node_path12 = require("node:path");

// src/record/write.ts
var import_node_crypto = later("node:crypto");
var import_node_fs = require("node:fs");
var import_node_path = require("node:path");
init_errors();

// src/model/record.ts
var OTHER_PATCHES = [
  "changes.1.patch",
  "changes.2.patch",
  "changes.3.patch",
  "changes.4.patch",
  "changes.5.patch",
  "changes.6.patch",
  "changes.7.patch",
  "changes.8.patch",
  "changes.9.patch"
];
var isSpare = (file2) => OTHER_PATCHES.some((other) => other === file2);
var PATCH = { writer: "collector", schema: null, sealed: true };
var RECORD = {
  "run.json": { writer: "warden", schema: "run", sealed: true },
  "transcript.log": { writer: "warden", schema: null, sealed: true },
  "transcript.ndjson": { writer: "warden", schema: "transcript", sealed: true },
  "network.ndjson": { writer: "gateway", schema: "network", sealed: true },
  "programs.ndjson": { writer: "warden", schema: "programs", sealed: true },
  "usage.ndjson": { writer: "warden", schema: "usage", sealed: true },
  "backend.log": { writer: "warden", schema: null, sealed: true },
  "changes.ndjson": { writer: "collector", schema: "changes", sealed: true },
  "changes.patch": PATCH,
  ...Object.fromEntries(OTHER_PATCHES.map((file2) => [file2, PATCH])),
  "changes.tar.gz": { writer: "collector", schema: null, sealed: true },
  "result.txt": { writer: "collector", schema: null, sealed: true },
  "agent.ndjson": { writer: "collector", schema: "agent", sealed: true },
  "manifest.json": { writer: "warden", schema: "manifest", sealed: false },
  "verdict.json": { writer: "collector", schema: "verdict", sealed: false },
  "trajectory.json": { writer: "collector", schema: null, sealed: false },
  "transcript.cast": { writer: "collector", schema: null, sealed: false },
  "transcript.txt": { writer: "collector", schema: null, sealed: false },
  "report.html": { writer: "collector", schema: null, sealed: false },
  "findings.sarif": { writer: "collector", schema: null, sealed: false },
  "summary.md": { writer: "collector", schema: null, sealed: false }
};

// src/record/write.ts
var RecordFiles = class {
  #fds;
  constructor(fds) {
    this.#fds = fds;
  }
  fd(file2) {
    const fd = this.#fds.get(file2);
    if (fd === void 0) throw new Error(`${file2} is not open`);
    return fd;
  }
  close() {
    for (const fd of this.#fds.values()) (0, import_node_fs.closeSync)(fd);
  }
};
var RECORD_FILES = Object.keys(RECORD);
var SEALED_FILES = RECORD_FILES.filter((file2) => RECORD[file2].sealed);
var FILLED_FILES = RECORD_FILES.filter((file2) => file2 !== "run.json" && file2 !== "manifest.json");
var CREATE = import_node_fs.constants.O_WRONLY | import_node_fs.constants.O_CREAT | import_node_fs.constants.O_EXCL | import_node_fs.constants.O_NOFOLLOW;
function createRecord(dir, owner) {
  refuseUsed(dir);
  const fds = /* @__PURE__ */ new Map();
  try {
    (0, import_node_fs.chownSync)(dir, owner.uid, owner.gid);
    (0, import_node_fs.chmodSync)(dir, 448);
    for (const file2 of FILLED_FILES) fds.set(file2, createFile((0, import_node_path.join)(dir, file2), owner));
  } catch (error) {
    new RecordFiles(fds).close();
    throw new JailError(
      `the record cannot be written to ${dir}: ${error instanceof Error ? error.message : String(error)}`,
      "give an empty directory on a disk that can be written to",
      null,
      { cause: error }
    );
  }
  return new RecordFiles(fds);
}
function writeRun(dir, document, owner) {
  replaceFile(dir, "run.json", json(document), owner);
}
function seal(dir, id, owner) {
  const files = {};
  for (const file2 of SEALED_FILES) {
    const digest = hashFile((0, import_node_path.join)(dir, file2));
    if (digest?.size === 0 && isSpare(file2)) (0, import_node_fs.rmSync)((0, import_node_path.join)(dir, file2));
    else if (digest !== null) files[file2] = digest;
  }
  const manifest = { schema: "agent-jail/manifest@1", id, files };
  const bytes = json(manifest);
  replaceFile(dir, "manifest.json", bytes, owner);
  return sha256(bytes);
}
function hashFile(path2) {
  let fd;
  try {
    fd = (0, import_node_fs.openSync)(path2, import_node_fs.constants.O_RDONLY | import_node_fs.constants.O_NOFOLLOW | import_node_fs.constants.O_NONBLOCK);
  } catch (error) {
    if (error.code === "ENOENT") return null;
    throw error;
  }
  try {
    if (!(0, import_node_fs.fstatSync)(fd).isFile()) throw new Error(`${path2} is not a regular file`);
    const hash2 = (0, import_node_crypto.createHash)("sha256");
    const buffer2 = Buffer.allocUnsafe(1 << 20);
    let size = 0;
    for (let read4 = (0, import_node_fs.readSync)(fd, buffer2); read4 > 0; read4 = (0, import_node_fs.readSync)(fd, buffer2)) {
      hash2.update(buffer2.subarray(0, read4));
      size += read4;
    }
    return { sha256: hash2.digest("hex"), size };
  } finally {
    (0, import_node_fs.closeSync)(fd);
  }
}
var temporaryName = (file2) => `.${file2}.tmp`;
function replaceFile(dir, file2, bytes, owner) {
  const temporary = (0, import_node_path.join)(dir, temporaryName(file2));
  (0, import_node_fs.rmSync)(temporary, { force: true });
  const fd = createFile(temporary, owner);
  try {
    (0, import_node_fs.writeFileSync)(fd, bytes);
  } finally {
    (0, import_node_fs.closeSync)(fd);
  }
  (0, import_node_fs.renameSync)(temporary, (0, import_node_path.join)(dir, file2));
}
var json = (document) => Buffer.from(`${JSON.stringify(document, null, 2)}
`);
var sha256 = (bytes) => (0, import_node_crypto.createHash)("sha256").update(bytes).digest("hex");
function createFile(path2, owner) {
  const fd = (0, import_node_fs.openSync)(path2, CREATE, 384);
  (0, import_node_fs.fchmodSync)(fd, 384);
  (0, import_node_fs.fchownSync)(fd, owner.uid, owner.gid);
  return fd;
}
function refuseUsed(dir) {
  const stat2 = (0, import_node_fs.lstatSync)(dir, { throwIfNoEntry: false });
  const why = stat2 === void 0 ? "does not exist" : !stat2.isDirectory() ? "is not a directory (a link is not followed)" : (0, import_node_fs.readdirSync)(dir).length > 0 ? "is not empty" : null;
  if (why !== null) throw new JailError(`the record's directory ${dir} ${why}`, "give an empty directory");
}

// src/run/warden.ts
init_lines();

// src/run/again.ts
var import_node_fs3 = require("node:fs");
var import_promises = require("node:timers/promises");
init_exec();
init_proc();
var MOST = 50;
var SLACK = 8;
var PATIENCE = 5e3;
var LOOK = 2;
var Namespaces = class {
  #mounts = new Set(mounts().map(({ id }) => id));
  #files = null;
  #runs = 0;
  /** Made before anything is mounted. Kills and unmounts all that was started and mounted since; false: something is left. */
  async emptied() {
    this.#runs += 1;
    if (this.#runs >= MOST || !await killOthers()) return false;
    await exec(["umount", "--lazy", "--", ...outermost(this.#mounts, mounts())]);
    const files = openFiles();
    this.#files ??= files;
    return mounts().every(({ id }) => this.#mounts.has(id)) && files <= this.#files + SLACK;
  }
};
function outermost(before, now) {
  return now.flatMap(({ id, parent, target }) => !before.has(id) && before.has(parent) ? [target] : []);
}
var mounts = () => parseMountinfo(readProc("self", "mountinfo") ?? "");
var openFiles = () => (0, import_node_fs3.readdirSync)("/proc/self/fd").length;
async function killOthers() {
  for (const end2 = performance.now() + PATIENCE; performance.now() < end2; await (0, import_promises.setTimeout)(LOOK)) {
    const alive = pids().filter((pid) => pid !== process.pid && lives(pid));
    if (alive.length === 0) return true;
    for (const pid of alive) kill(pid);
  }
  return false;
}
var lives = (pid) => !/^[ZX]/.test(parseStatus(readProc(pid, "status") ?? "").get("State") ?? "X");
function kill(pid) {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
  }
}

// src/system/ndjson.ts
var import_node_fs4 = require("node:fs");
var NdjsonWriter = class {
  #fd;
  #every;
  #pending = [];
  #size = 0;
  #lines = 0;
  /** `schema` is the bare name: `changes` becomes `agent-jail/changes@1`. */
  constructor(fd, schema, header = {}, flush = "line") {
    this.#fd = fd;
    this.#every = flush === "line";
    this.#push({ schema: `agent-jail/${schema}@1`, ...header });
  }
  line(value) {
    this.#lines += 1;
    this.#push(value);
  }
  /** Lines written, the schema line not counted. */
  get lines() {
    return this.#lines;
  }
  end(extra = {}) {
    this.#push({ end: true, lines: this.#lines, ...extra });
    this.flush();
  }
  flush() {
    if (this.#pending.length === 0) return;
    writeAll(this.#fd, Buffer.from(this.#pending.join("")));
    this.#pending = [];
    this.#size = 0;
  }
  #push(value) {
    const text4 = `${JSON.stringify(value)}
`;
    this.#pending.push(text4);
    this.#size += text4.length;
    if (this.#every || this.#size > 1 << 18) this.flush();
  }
};
function writeAll(fd, bytes, at2 = null) {
  let done = 0;
  while (done < bytes.length) done += (0, import_node_fs4.writeSync)(fd, bytes, done, bytes.length - done, at2 === null ? null : at2 + done);
}

// src/changes/bytes.ts
var import_node_buffer = require("node:buffer");
var slab = Buffer.alloc(0);
function view(bytes) {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
function isPlainText(bytes) {
  return (0, import_node_buffer.isUtf8)(bytes) && !new RegExp("\\p{Cc}", "u").test(view(bytes).toString());
}

// src/changes/manifest.ts
function pathFields(name, bytes) {
  const text4 = { [name]: view(bytes).toString() };
  return isPlainText(bytes) ? text4 : { ...text4, [`${name}_b64`]: view(bytes).toString("base64") };
}
function changeLine(change) {
  return {
    ...pathFields("path", change.path),
    layer: change.layer,
    op: change.op,
    flags: change.flags,
    ...change.why === void 0 ? {} : { why: change.why },
    ...change.more === void 0 ? {} : { more: change.more },
    ...change.token === void 0 ? {} : { token: change.token },
    ...change.op === "renamed" ? pathFields("from", change.from) : {},
    ..."before" in change ? { before: entryFields(change.before) } : {},
    ..."after" in change ? { after: entryFields(change.after) } : {}
  };
}
function entryFields({ link, ...rest }) {
  return link === null ? { ...rest, link } : { ...rest, ...pathFields("link", link) };
}
var NAMED = 1e3;
var NAMED_BYTES = 1 << 19;
function beginManifest(fd, header, changes) {
  const writer = new NdjsonWriter(fd, "changes", header, "buffer");
  const counts = {};
  let noise = 0;
  let unlisted = 0;
  for (const change of changes) {
    if (change.flags.includes("noise")) noise += 1;
    unlisted += change.more ?? 0;
    counts[change.op] = (counts[change.op] ?? 0) + 1;
    writer.line(changeLine(change));
  }
  writer.flush();
  return ({ ignored, withheld, xattrs = true, patch, archive }) => writer.end({
    counts,
    unlisted,
    ignored,
    noise,
    withheld,
    xattrs,
    patch: {
      files: patch.files,
      others: (patch.others ?? []).map(({ file: file2, path: path2, files }) => ({ file: file2, ...pathFields("path", path2), files })),
      ...leftOutFields(patch.leftOut)
    },
    archive: { entries: archive.entries, ...leftOutFields(archive.leftOut) }
  });
}
function writeManifest(...[fd, header, changes, footer]) {
  beginManifest(fd, header, changes)(footer);
}
function leftOutFields(all) {
  let bytes = 0;
  const first = all.slice(0, NAMED).filter(({ path: path2 }) => (bytes += path2.length) <= NAMED_BYTES);
  return { left_out: first.map(({ path: path2, why }) => ({ ...pathFields("path", path2), why })), more: all.length - first.length };
}

// src/changes/nothing.ts
var EMPTY_ARCHIVE = Buffer.from("H4sIAAAAAAAEA2NgGAWjITAaAiM1BAAur7XvAAQAAA==", "base64");
function writeNothing({ id, layers: layers2, outputs }) {
  writeAll(outputs["changes.tar.gz"], EMPTY_ARCHIVE);
  new NdjsonWriter(outputs["agent.ndjson"], "agent", { id }, "buffer").end({ files: 0, ...leftOutFields([]) });
  const header = { id, layers: layers2.map(({ layer, target }) => ({ layer, target })) };
  const none = { leftOut: [] };
  writeManifest(outputs["changes.ndjson"], header, [], {
    ignored: 0,
    withheld: 0,
    patch: { files: 0, ...none },
    archive: { entries: 0, ...none }
  });
}

// src/host/cgroup.ts
var import_node_fs7 = require("node:fs");
var import_promises2 = require("node:timers/promises");
init_errors();

// src/host/cgroup-files.ts
var import_node_fs5 = require("node:fs");
function below(directory2) {
  try {
    return (0, import_node_fs5.readdirSync)(directory2, { withFileTypes: true }).filter((entry2) => entry2.isDirectory()).flatMap((entry2) => [...below(`${directory2}/${entry2.name}`), `${directory2}/${entry2.name}`]);
  } catch {
    return [];
  }
}
function read(file2) {
  try {
    return (0, import_node_fs5.readFileSync)(file2, "utf8");
  } catch {
    return null;
  }
}
function write(file2, value) {
  try {
    (0, import_node_fs5.writeFileSync)(file2, value);
  } catch {
  }
}
var number = (text4) => text4 === null ? 0 : Number(text4.trim()) || 0;
var field = (text4, name) => Number(new RegExp(`^${name} (\\d+)$`, "m").exec(text4 ?? "")?.[1] ?? 0);

// src/host/cgroup-layout.ts
var NEEDED = ["memory", "pids", "cpu"];
function cgroupLayout(mounts2) {
  const unified = mounts2.find((m) => m.type === "cgroup2")?.target ?? null;
  const controllers = /* @__PURE__ */ new Map();
  const named2 = [];
  for (const mount of mounts2) {
    if (mount.type !== "cgroup") continue;
    if (mount.superOptions.some((o) => o.startsWith("name="))) named2.push(mount.target);
    for (const option of mount.superOptions)
      if (/^[a-z_]+$/.test(option) && !["rw", "ro", "xattr"].includes(option)) controllers.set(option, mount.target);
  }
  return { kind: controllers.size === 0 ? "v2" : unified === null ? "v1" : "hybrid", unified, controllers, named: named2 };
}
function cgroupRefusal(layout) {
  if (layout.kind === "v2") {
    if (layout.unified === null) return "no cgroup file system is mounted";
    const there = (read(`${layout.unified}/cgroup.controllers`) ?? "").split(/\s+/);
    const absent2 = NEEDED.filter((c) => !there.includes(c));
    return absent2.length === 0 ? null : `cgroup v2 without the controller ${absent2.join(", ")}`;
  }
  const absent = NEEDED.filter((c) => !layout.controllers.has(c));
  return absent.length === 0 ? null : `cgroup v1 without the controller ${absent.join(", ")}`;
}

// src/host/cgroup-refusals.ts
var import_node_fs6 = require("node:fs");
var EVERY = 5;
var Refusals = class {
  /** The group, in the hierarchy that counts processes. */
  processes;
  #memory;
  #isV1;
  #counted = /* @__PURE__ */ new Map();
  #limits = null;
  #following = null;
  constructor({ kind: kind2, unified, controllers }, name) {
    this.#isV1 = kind2 !== "v2";
    this.processes = `${this.#isV1 ? controllers.get("pids") : unified}/${name}`;
    this.#memory = `${this.#isV1 ? controllers.get("memory") : unified}/${name}`;
  }
  limit(limits) {
    this.#limits = limits;
  }
  count() {
    return {
      // v2's events have those of the groups below.
      oomKills: this.#isV1 ? this.#sum(this.#memory, "memory.oom_control", "oom_kill") : field(read(`${this.#memory}/memory.events`), "oom_kill"),
      forksRefused: this.#sum(this.processes, "pids.events", "max")
    };
  }
  #sum(own2, file2, name) {
    for (const group2 of [own2, ...below(own2)]) {
      const seen = field(read(`${group2}/${file2}`), name);
      if (seen > 0) this.#counted.set(`${group2}/${file2}`, seen);
    }
    return [...this.#counted].reduce((all, [path2, count2]) => path2.endsWith(`/${file2}`) ? all + count2 : all, 0);
  }
  /**
   * Counts often enough to see what a group counted before it is removed: an engine needs several times as long for that. Resolves once
   * nothing lives in it, which an engine takes as long to tell; never, where what lives in it now is not counted there.
   */
  async follow() {
    this.unfollow();
    const { promise, resolve } = Promise.withResolvers();
    const counted = (this.#living() ?? 0) > 0;
    const look4 = () => {
      const over = this.#living() === 0;
      this.count();
      if (over && following.below.every((group2) => (0, import_node_fs6.existsSync)(this.processes + group2))) following.complete = true;
      if (over && counted) resolve();
    };
    const following = {
      below: below(this.processes).map((group2) => group2.slice(this.processes.length)),
      reached: this.#reached,
      killed: killedOnMachine(),
      complete: false,
      timer: setInterval(look4, EVERY)
    };
    this.#following = following;
    return promise;
  }
  unfollow() {
    const following = this.#following;
    if (following === null) return;
    clearInterval(following.timer);
    this.#following = null;
    this.count();
    if (following.complete) return;
    for (const group2 of following.below.filter((one2) => !(0, import_node_fs6.existsSync)(this.processes + one2))) this.#guess(group2, following);
  }
  /**
   * This process was held up while the engine removed a group: what it counted last is lost, and the peaks, which are of the group above,
   * have to tell. Whoever had as many processes as there may be wanted more; whoever had all memory may have been killed for it, if
   * anybody on the machine was.
   */
  #guess(group2, { reached, killed }) {
    const told2 = (0, import_node_fs6.existsSync)(`${this.processes}/pids.events.local`);
    if (!told2 && !reached && this.#reached) this.#once(`${this.processes}${group2}/pids.events`);
    const full2 = number(read(`${this.#memory}/memory.max_usage_in_bytes`)) >= (this.#limits?.memory ?? Infinity);
    if (this.#isV1 && full2 && killedOnMachine() > killed) this.#once(`${this.#memory}${group2}/memory.oom_control`);
  }
  #once(file2) {
    if (!this.#counted.has(file2)) this.#counted.set(file2, 1);
  }
  get #reached() {
    return number(read(`${this.processes}/pids.peak`)) >= (this.#limits?.processes ?? Infinity);
  }
  /** In the group and below it, whatever namespaces they are in: v1 lists none that this one cannot see. null: it could not be read. */
  #living() {
    const text4 = read(`${this.processes}/pids.current`)?.trim();
    return /^\d+$/.test(text4 ?? "") ? Number(text4) : null;
  }
};
var killedOnMachine = () => field(read("/proc/vmstat"), "oom_kill");

// src/host/cgroup.ts
var PERIOD = 1e5;
var RETRY = 5;
var HANGS = "the machine needs a look: a process may hang in the kernel";
var Cgroup = class {
  layout;
  name;
  #refusals;
  constructor(layout, name) {
    this.layout = layout;
    this.name = name;
    this.#refusals = new Refusals(layout, name);
  }
  /** Group directories, by hierarchy. */
  get directories() {
    const { kind: kind2, unified, controllers } = this.layout;
    const roots = kind2 === "v2" ? [] : NEEDED.flatMap((c) => controllers.get(c) ?? []);
    return [.../* @__PURE__ */ new Set([...roots, ...unified === null ? [] : [unified]])].map((root) => `${root}/${this.name}`);
  }
  /** Files a process writes `0` to, to join. */
  get doors() {
    return this.directories.map((d) => `${d}/cgroup.procs`);
  }
  make() {
    const { kind: kind2, unified } = this.layout;
    try {
      if (kind2 === "v2") (0, import_node_fs7.writeFileSync)(`${unified}/cgroup.subtree_control`, NEEDED.map((c) => `+${c}`).join(" "));
      for (const directory2 of this.directories) (0, import_node_fs7.mkdirSync)(directory2, { recursive: false });
    } catch (error) {
      throw new JailError(
        `the cgroup ${this.name} could not be made: ${error.message}`,
        "limits need a writable cgroup file system: run on the host, not in a container",
        null,
        { cause: error }
      );
    }
  }
  limit(limits) {
    this.#refusals.limit(limits);
    for (const [file2, value] of limitWrites(this.layout, this.name, limits)) {
      try {
        (0, import_node_fs7.writeFileSync)(file2, value);
      } catch (error) {
        if (file2.endsWith("memory.memsw.limit_in_bytes") || file2.endsWith("memory.swap.max")) {
          if (!(0, import_node_fs7.existsSync)(file2) && /^SwapTotal:\s+0 kB$/m.test((0, import_node_fs7.readFileSync)("/proc/meminfo", "utf8"))) continue;
        }
        throw new JailError(
          `a limit could not be set: ${error.message}`,
          "check that the cgroup controllers memory, pids and cpu are usable",
          null,
          { cause: error }
        );
      }
    }
  }
  /**
   * Makes room for the next step: what nspawn made in the group on v2, and left there with controllers for it, lets nobody join the group
   * itself any more (cgroup v2, "no internal process constraint"). Nothing may live in it.
   */
  vacate() {
    if (this.layout.kind !== "v2") return;
    const own2 = `${this.layout.unified}/${this.name}`;
    this.#refusals.count();
    for (const group2 of below(own2)) (0, import_node_fs7.rmdirSync)(group2);
    const given = (read(`${own2}/cgroup.subtree_control`) ?? "").split(/\s+/).filter((name) => name !== "");
    if (given.length > 0) (0, import_node_fs7.writeFileSync)(`${own2}/cgroup.subtree_control`, given.map((name) => `-${name}`).join(" "));
  }
  /** Files and what they read as while these limits are in force. */
  limitFiles(limits) {
    return new Map(limitWrites(this.layout, this.name, limits).filter(([file2]) => (0, import_node_fs7.existsSync)(file2)));
  }
  /** What the kernel counted so far. */
  usage() {
    const v1 = (controller, file2) => read(`${this.layout.controllers.get(controller)}/${this.name}/${file2}`);
    const v2 = (file2) => read(`${this.layout.unified}/${this.name}/${file2}`);
    if (this.layout.kind === "v2") {
      return {
        memory: number(v2("memory.current")),
        memoryPeak: number(v2("memory.peak")),
        cpu: field(v2("cpu.stat"), "usage_usec"),
        pids: number(v2("pids.current")),
        pidsPeak: number(v2("pids.peak")),
        ...this.#refusals.count()
      };
    }
    return {
      memory: number(v1("memory", "memory.usage_in_bytes")),
      memoryPeak: number(v1("memory", "memory.max_usage_in_bytes")),
      cpu: this.layout.unified === null ? 0 : field(v2("cpu.stat"), "usage_usec"),
      pids: number(v1("pids", "pids.current")),
      pidsPeak: number(v1("pids", "pids.peak")),
      ...this.#refusals.count()
    };
  }
  /** See `Refusals`. */
  async follow() {
    return this.#refusals.follow();
  }
  unfollow() {
    this.#refusals.unfollow();
  }
  /** Process ids in the group and below it, as this process's namespace numbers them. */
  members() {
    return [...new Set(this.directories.flatMap((directory2) => listed([...below(directory2), directory2])))];
  }
  /** The same, as one hierarchy has them: for whoever looks often. */
  membersOfOne() {
    const [directory2 = ""] = this.directories;
    return listed(this.layout.kind === "v2" ? [...below(directory2), directory2] : [directory2]);
  }
  /** A process of a namespace that this one cannot see counts too: it is listed as 0. */
  #occupied() {
    return this.directories.some(
      (directory2) => [...below(directory2), directory2].some((group2) => (read(`${group2}/cgroup.procs`) ?? "") !== "")
    );
  }
  /** Kills everything in the group and waits until it is empty; false: something is still there after `timeout` ms. */
  async kill(timeout = 5e3) {
    const end2 = performance.now() + timeout;
    for (let wait = 1; ; wait = Math.min(wait * 2, 50)) {
      this.#strike();
      if (!this.#occupied()) return true;
      if (performance.now() > end2) return false;
      await (0, import_promises2.setTimeout)(wait);
    }
  }
  #strike() {
    const { unified } = this.layout;
    if (unified !== null) {
      const file2 = `${unified}/${this.name}/cgroup.kill`;
      if ((0, import_node_fs7.existsSync)(file2)) return write(file2, "1");
    }
    write(`${this.#refusals.processes}/pids.max`, "0");
    for (const pid of this.members()) {
      try {
        process.kill(pid, "SIGKILL");
      } catch {
      }
    }
  }
  /**
   * Removes the groups, in every hierarchy: backends make some below them, and of the same name in others. What was started to join may do
   * so only now: it is killed. Idempotent. Throws JailError, also where that takes longer than `timeout` ms.
   */
  async remove(timeout = 5e3) {
    for (const end2 = performance.now() + timeout; ; await (0, import_promises2.setTimeout)(RETRY)) {
      try {
        return this.#remove();
      } catch (error) {
        const left = end2 - performance.now();
        const { code, message } = error;
        if (code !== "EBUSY" || left <= 0)
          throw new JailError(`the cgroup ${this.name} could not be removed: ${message}`, HANGS, null, { cause: error });
        await this.kill(left);
      }
    }
  }
  #remove() {
    const { unified, controllers, named: named2 } = this.layout;
    const roots = /* @__PURE__ */ new Set([...controllers.values(), ...named2, ...unified === null ? [] : [unified]]);
    for (const directory2 of [...roots].map((root) => `${root}/${this.name}`)) {
      for (const group2 of [...below(directory2), directory2]) {
        try {
          (0, import_node_fs7.rmdirSync)(group2);
        } catch (error) {
          if (error.code !== "ENOENT") throw error;
        }
      }
    }
  }
};
var listed = (groups) => groups.flatMap((group2) => (read(`${group2}/cgroup.procs`) ?? "").split("\n").filter((line) => line !== "" && line !== "0")).map(Number);
function limitWrites(layout, name, limits) {
  const quota = String(Math.max(1e3, Math.round(limits.cpus * PERIOD)));
  const memory = String(limits.memory);
  if (layout.kind === "v2") {
    const at3 = `${layout.unified}/${name}`;
    return [
      [`${at3}/memory.max`, memory],
      [`${at3}/memory.swap.max`, "0"],
      [`${at3}/memory.oom.group`, "0"],
      [`${at3}/pids.max`, String(limits.processes)],
      [`${at3}/cpu.max`, `${quota} ${PERIOD}`]
    ];
  }
  const at2 = (controller) => `${layout.controllers.get(controller)}/${name}`;
  return [
    // The sum may never be below the part, whether the limit grows or shrinks.
    [`${at2("memory")}/memory.memsw.limit_in_bytes`, "-1"],
    [`${at2("memory")}/memory.limit_in_bytes`, memory],
    [`${at2("memory")}/memory.memsw.limit_in_bytes`, memory],
    [`${at2("pids")}/pids.max`, String(limits.processes)],
    [`${at2("cpu")}/cpu.cfs_period_us`, String(PERIOD)],
    [`${at2("cpu")}/cpu.cfs_quota_us`, quota]
  ];
}

// src/host/lock.ts
var import_node_child_process2 = require("node:child_process");
var import_node_fs8 = require("node:fs");
var import_node_path2 = require("node:path");
init_errors();
init_exec();
init_places();
var GRACE = 3e4;
async function holdLock(file2, how, signal) {
  (0, import_node_fs8.closeSync)((0, import_node_fs8.openSync)(file2, "a", 384));
  const holder = (0, import_node_child_process2.spawn)("flock", [...how === "wait" ? [] : ["--nonblock"], "--no-fork", file2, "cat"], {
    env: CLEAN_ENV,
    stdio: ["pipe", "pipe", "ignore"]
  });
  const giveUp = () => void holder.kill();
  if (signal?.aborted === true) giveUp();
  signal?.addEventListener("abort", giveUp);
  const ended = new Promise((resolve) => holder.once("close", () => resolve()));
  const locked = new Promise((resolve) => {
    holder.stdout.once("data", () => resolve(true));
    holder.once("error", () => resolve(false));
    holder.once("close", () => resolve(false));
  });
  holder.stdin.on("error", () => {
  });
  holder.stdin.write("locked\n");
  const got = await locked;
  signal?.removeEventListener("abort", giveUp);
  if (!got) return null;
  const release2 = async () => {
    holder.stdin.end();
    await ended;
  };
  return { release: release2 };
}
async function lockState(hands, id) {
  const state = stateOf(id);
  const unnamed = (0, import_node_path2.join)(STATE, `${UNNAMED}${id}`);
  const what = `the run's directory ${state} could not be locked`;
  const made = (0, import_node_fs8.mkdirSync)(unnamed, { recursive: true, mode: 448 }) !== void 0;
  forgetUnnamed();
  try {
    await hands.ask(what, ["lock", `${unnamed}/lock`]);
    (0, import_node_fs8.renameSync)(unnamed, state);
  } catch (error) {
    if (made) (0, import_node_fs8.rmSync)(unnamed, { recursive: true, force: true });
    if (error instanceof JailError) throw error;
    throw new JailError(`${what}: ${error.message}`, "is another run using the same id?", null, { cause: error });
  }
  return state;
}
var UNNAMED = ".new-";
function forgetUnnamed() {
  for (const name of (0, import_node_fs8.readdirSync)(STATE))
    if (name.startsWith(UNNAMED) && age((0, import_node_path2.join)(STATE, name)) > GRACE) (0, import_node_fs8.rmSync)((0, import_node_path2.join)(STATE, name), { recursive: true, force: true });
}
async function forgetUnnamedOf(id) {
  const unnamed = (0, import_node_path2.join)(STATE, `${UNNAMED}${id}`);
  if (!(0, import_node_fs8.existsSync)(unnamed)) return;
  const lock = await holdLock(`${unnamed}/lock`, "at once");
  if (lock === null) return;
  (0, import_node_fs8.rmSync)(unnamed, { recursive: true, force: true });
  await lock.release();
}
async function leftRuns(but = null) {
  const ids = (0, import_node_fs8.existsSync)(STATE) ? (0, import_node_fs8.readdirSync)(STATE).filter((name) => ID.test(name) && name !== but) : [];
  const live = ids.length === 0 ? /* @__PURE__ */ new Set() : await liveOf(ids);
  return { dead: ids.filter((id) => !live.has(id)), live: ids.filter((id) => live.has(id)) };
}
var isLive = async (id) => (await liveOf([id])).has(id);
async function liveOf(ids) {
  const locked = ids.filter((id) => (0, import_node_fs8.existsSync)(`${stateOf(id)}/lock`));
  const young = ids.filter((id) => !locked.includes(id) && age(stateOf(id)) < GRACE);
  if (locked.length === 0) return new Set(young);
  const asked = await exec(["sh", "-c", FREE, "sh", ...locked.map((id) => `${stateOf(id)}/lock`)]);
  const free = new Set(asked.stdout.split("\n"));
  return /* @__PURE__ */ new Set([...young, ...locked.filter((id) => !free.has(`${stateOf(id)}/lock`))]);
}
var FREE = 'for lock; do { flock --nonblock 9 && printf "%s\\n" "$lock"; } 2>/dev/null 9<"$lock"; done; true';
function age(directory2) {
  const seen = (0, import_node_fs8.statSync)(directory2, { throwIfNoEntry: false });
  return seen === void 0 ? Number.POSITIVE_INFINITY : Date.now() - seen.mtimeMs;
}
function removeState(id) {
  const unnamed = (0, import_node_path2.join)(STATE, `${UNNAMED}${id}`);
  try {
    (0, import_node_fs8.renameSync)(stateOf(id), unnamed);
  } catch {
    (0, import_node_fs8.rmSync)(stateOf(id), { recursive: true, force: true });
  }
  (0, import_node_fs8.rmSync)(unnamed, { recursive: true, force: true });
}

// src/run/conclude.ts
init_places();
init_errors();

// src/model/trajectory.ts
var AGENTS = ["claude-code", "codex", "gemini", "pi", "copilot", "opencode"];

// src/record/display.ts
var HIDDEN = /^[\\\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Cn}\p{Zl}\p{Zp}\u115F\u1160\u3164\uFFA0\u034F\u2800\uFE00-\uFE0F]$/u;
var PLAIN = /^[ -[\]-~]*$/;
var LIMIT = 300;
function displayText(text4, limit = LIMIT) {
  if (PLAIN.test(text4)) return text4.length > limit ? `${text4.slice(0, limit)}\u2026` : text4;
  return join3(characters(text4), limit);
}
var strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
function* characters(text4) {
  for (const character of text4) {
    const code = character.codePointAt(0) ?? 0;
    yield !HIDDEN.test(character) ? character : character === "\\" ? "\\\\" : code < 128 ? hex(code) : `\\u{${code.toString(16)}}`;
  }
}
var hex = (byte2) => `\\x${byte2.toString(16).padStart(2, "0")}`;
function join3(parts2, limit) {
  let shown = "";
  for (const part2 of parts2) {
    if (shown.length + part2.length > limit) return `${shown}\u2026`;
    shown += part2;
  }
  return shown;
}

// src/run/build.ts
var import_node_fs27 = require("node:fs");
var import_node_path5 = require("node:path");

// src/host/layers.ts
var import_node_fs9 = require("node:fs");
init_errors();
init_places();
var LONGEST = 1024;
var ROOT = work("root");
var upper = (key) => work("scratch", "layers", key, "upper");
var setup = (key) => work("setup", key);
var restored = (key) => work("scratch", "restored", key);
var merged = (target) => target === "/" ? ROOT : `${ROOT}${target}`;
var lowerOf = (o) => o.lower !== null && (o.swap !== null || /[,:\\\s"]/.test(o.lower) || Buffer.byteLength(o.lower) > LONGEST) ? work("lower", o.key) : o.lower;
function makeSetup(overlays) {
  for (const name of ["root", "setup", "lower"]) (0, import_node_fs9.mkdirSync)(work(name), { recursive: true });
  for (const o of overlays) {
    const directory2 = setup(o.key);
    (0, import_node_fs9.mkdirSync)(directory2);
    (0, import_node_fs9.chownSync)(directory2, o.owner.uid, o.owner.gid);
    (0, import_node_fs9.chmodSync)(directory2, o.mode);
    if (lowerOf(o) !== o.lower) (0, import_node_fs9.mkdirSync)(work("lower", o.key));
  }
}
function makeUppers(hands, overlays) {
  const ours = { owner: { uid: 0, gid: 0 }, mode: 493 };
  const directories = overlays.filter((o) => o.access === "copy-on-write").flatMap((o) => [
    { path: work("scratch", "layers", o.key), ...ours },
    { path: upper(o.key), ...o },
    { path: work("scratch", "layers", o.key, "work"), ...ours }
  ]);
  return hands.ask("the directories of the layers could not be made", [
    "directories",
    ...[{ path: work("scratch", "layers"), ...ours }, ...directories].flatMap(
      ({ path: path2, owner, mode }) => [path2, owner.uid, owner.gid, mode].map(String)
    )
  ]);
}
function setupDirectory(o, relative, agent, mode = 493) {
  return directoryIn(setup(o.key), [lowerAsSeen(o, agent)], relative, mode);
}
function restoredDirectory(o, relative, agent) {
  return directoryIn(
    restored(o.key),
    [{ path: setup(o.key), owner: ({ uid, gid }) => ({ uid, gid }) }, lowerAsSeen(o, agent)],
    relative,
    493
  );
}
var lowerAsSeen = (o, agent) => ({
  path: o.lower,
  owner: ({ uid, gid }) => ({ uid: flip(uid, o.swap?.uid, agent.uid), gid: flip(gid, o.swap?.gid, agent.gid) })
});
function directoryIn(layer, below2, relative, mode) {
  let here = layer;
  let left = below2;
  const parts2 = relative.split("/").filter(Boolean);
  for (const [index, part2] of parts2.entries()) {
    here += `/${part2}`;
    left = left.flatMap(
      ({ path: path2, owner }) => path2 !== null && look(`${path2}/${part2}`)?.isDirectory() === true ? [{ path: `${path2}/${part2}`, owner }] : []
    );
    if ((0, import_node_fs9.existsSync)(here)) continue;
    (0, import_node_fs9.mkdirSync)(here);
    const [top] = left;
    const seen = top === void 0 || top.path === null ? null : look(top.path);
    if (seen === null || top === void 0) (0, import_node_fs9.chmodSync)(here, index === parts2.length - 1 ? mode : 493);
    else {
      const { uid, gid } = top.owner(seen);
      (0, import_node_fs9.chownSync)(here, uid, gid);
      (0, import_node_fs9.chmodSync)(here, seen.mode & 4095);
    }
  }
  return here;
}
function mountPoint(around, target, agent) {
  const relative = around.target === "/" ? target : target.slice(around.target.length);
  let [here, below2, missing] = [setup(around.key), around.lower, false];
  for (const part2 of relative.split("/").filter(Boolean)) {
    here += `/${part2}`;
    const own2 = look(here);
    const seen = own2 ?? (below2 === null ? null : look(`${below2}/${part2}`));
    if (seen !== null && !seen.isDirectory())
      throw new JailError(
        `${target} cannot be a directory in the jail: ${part2} is ${seen.isSymbolicLink() ? "a link" : "none"} there`,
        "give the mount another `target`, or use another root"
      );
    missing ||= seen === null;
    below2 = below2 !== null && (look(`${below2}/${part2}`)?.isDirectory() ?? false) ? `${below2}/${part2}` : null;
  }
  if (missing) setupDirectory(around, relative, agent);
}
function requireWay(around, target) {
  let here = restored(around.key);
  for (const part2 of (around.target === "/" ? target : target.slice(around.target.length)).split("/").filter(Boolean)) {
    here += `/${part2}`;
    const seen = look(here);
    if (seen === null) return;
    if (!seen.isDirectory())
      throw new JailError(`the earlier run left ${part2} in the way of ${target}`, "look at its changes: it is no directory any more");
  }
}
function cover(o, covers3, agent) {
  return covers3.flatMap(({ path: path2, content }) => {
    const relative = path2.slice((o.lower ?? o.target).length + 1);
    const slash = relative.lastIndexOf("/");
    const place = `${setupDirectory(o, slash === -1 ? "" : relative.slice(0, slash), agent)}/${relative.slice(slash + 1)}`;
    if (content === null) return [place];
    (0, import_node_fs9.writeFileSync)(place, content, { flag: "wx", mode: 420 });
    (0, import_node_fs9.chownSync)(place, o.owner.uid, o.owner.gid);
    return [];
  });
}
var lowersOf = (o, kept2) => [kept2.has(o.key) ? restored(o.key) : null, setup(o.key), lowerOf(o)].filter((path2) => path2 !== null);
function mountOverlays(hands, overlays, whiteouts, agent, kept2) {
  const mapped = overlays.flatMap(
    (o) => o.lower === null || o.swap === null ? [] : [o.lower, work("lower", o.key), String(o.swap.uid), String(agent.uid), String(o.swap.gid), String(agent.gid)]
  );
  return hands.all([
    ["a path could not be hidden", ["whiteout", ...whiteouts]],
    ["a directory could not be id-mapped", ["map", ...mapped]],
    ["the layers could not be mounted", ["mount", ...overlayMounts(overlays, kept2).flatMap((m) => m.map(String))]]
  ]);
}
var [RDONLY, NOSUID, NODEV, BIND] = [1, 2, 4, 4096];
function overlayMounts(overlays, kept2 = /* @__PURE__ */ new Set()) {
  return overlays.flatMap((o) => {
    const lower = lowerOf(o);
    const own2 = o.access === "read-only" ? [] : [`upperdir=${upper(o.key)}`, `workdir=${work("scratch", "layers", o.key, "work")}`];
    const data = [`lowerdir=${lowersOf(o, kept2).join(":")}`, ...own2, "redirect_dir=on", "metacopy=off", "index=off"].join(",");
    const flags = NOSUID | NODEV | (o.access === "read-only" ? RDONLY : 0);
    return [
      ...o.lower !== null && lower !== null && lower !== o.lower && o.swap === null ? [[o.lower, lower, "none", BIND, ""]] : [],
      ["overlay", merged(o.target), "overlay", flags, data]
    ];
  });
}
function layerViews(overlays, agent, kept2) {
  return overlays.filter((o) => o.access === "copy-on-write").map((o) => ({
    layer: o.layer,
    target: o.target,
    upper: upper(o.key),
    lowers: lowersOf(o, kept2),
    merged: merged(o.target),
    swapped: o.swap === null ? null : { host: o.swap, jail: agent }
  }));
}
var flip = (id, a, b) => a === void 0 ? id : id === a ? b : id === b ? a : id;
function look(path2) {
  try {
    return (0, import_node_fs9.lstatSync)(path2);
  } catch {
    return null;
  }
}

// src/host/restore.ts
var import_node_child_process4 = require("node:child_process");
var import_node_crypto2 = later("node:crypto");
var import_node_fs10 = require("node:fs");
var import_promises3 = later("node:fs/promises");
var import_consumers = require("node:stream/consumers");
var import_promises4 = require("node:stream/promises");
init_errors();
init_exec();
init_places();
init_unpack();
var import_node_buffer2 = require("node:buffer");
var REMEDY = "give a record that is whole: `agent-jail verify` tells";
async function restore({ archive, sha256: sha2563, layers: layers2 }, overlays, agent, script) {
  const wanted = overlays.filter((o) => layers2.includes(o.layer));
  (0, import_node_fs10.mkdirSync)(work("scratch", "restored"), { mode: 493 });
  for (const o of wanted) {
    (0, import_node_fs10.mkdirSync)(restored(o.key));
    (0, import_node_fs10.chownSync)(restored(o.key), o.owner.uid, o.owner.gid);
    (0, import_node_fs10.chmodSync)(restored(o.key), o.mode);
  }
  const failed = (why) => new JailError(`the changes of the earlier run could not be restored: ${why}`, REMEDY);
  const file2 = await (0, import_promises3.open)(archive, import_node_fs10.constants.O_RDONLY | import_node_fs10.constants.O_NOFOLLOW | import_node_fs10.constants.O_NONBLOCK).catch((error) => {
    throw failed(error.message);
  });
  try {
    if (!(await file2.stat()).isFile()) throw failed(`${archive} is not a file`);
    const hash2 = (0, import_node_crypto2.createHash)("sha256");
    await (0, import_promises4.pipeline)(fromStart(file2.fd), hash2);
    if (hash2.digest("hex") !== sha2563) throw failed(`${archive} is not what its record says`);
    const places = overlays.flatMap((o) => [o.target, wanted.includes(o) ? o.key : "-"]);
    const run2 = async (what) => {
      const argv = [script, what, work("scratch", "restored"), String(agent.uid), String(agent.gid), ...places];
      return unpacked(file2.fd, argv, failed);
    };
    for (const path2 of names(await run2("list"))) {
      const [key = "", ...parts2] = path2.split("/");
      const overlay = wanted.find((o) => o.key === key);
      if (overlay === void 0 || parts2.some((part2) => part2 === "" || part2 === "." || part2 === ".."))
        throw failed(`a name that leads out: ${path2}`);
      restoredDirectory(overlay, parts2.join("/"), agent);
    }
    await run2("extract");
  } finally {
    await file2.close();
  }
  return new Set(wanted.map((o) => o.key));
}
var fromStart = (fd) => (0, import_node_fs10.createReadStream)("", { fd, start: 0, autoClose: false });
function names(bytes) {
  const found2 = [];
  for (let from = 0; from < bytes.length; ) {
    const to = bytes.indexOf(0, from);
    const name = bytes.subarray(from, to === -1 ? bytes.length : to);
    if ((0, import_node_buffer2.isUtf8)(name)) found2.push(name.toString("utf8"));
    from += name.length + 1;
  }
  return found2;
}
async function unpacked(fd, argv, failed) {
  const child = (0, import_node_child_process4.spawn)("perl", argv, { env: CLEAN_ENV, stdio: ["pipe", "pipe", "pipe"] });
  const code = new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  const printed = Promise.all([(0, import_consumers.buffer)(child.stdout), (0, import_consumers.text)(child.stderr), code]);
  const gzip = { program: "gzip", what: "the changes of the earlier run", remedy: REMEDY, signal: new AbortController().signal };
  const fed = (0, import_promises4.pipeline)(through(fromStart(fd), gzip), child.stdin).then(
    () => null,
    (error) => error
  );
  const [out, said, ended] = await printed;
  const wrong = await fed;
  if (ended !== 0)
    throw wrong instanceof JailError ? wrong : failed(said.trim().slice(0, 500) || `the reader ended with ${ended ?? "a signal"}`);
  if (wrong instanceof JailError) throw wrong;
  return out;
}

// src/run/build.ts
init_places();

// src/host/outside.ts
var import_node_fs12 = require("node:fs");
var import_node_path3 = require("node:path");
init_exec();
init_proc();
init_errors();
init_places();

// src/host/scratch.ts
var import_node_fs11 = require("node:fs");
init_errors();
init_exec();
init_places();
var MIB = 1 << 20;
var MARGIN = 64 * MIB;
var LEAST = 16 * MIB;
var BLOCK = 4096;
function scratchSize(asked, record2, free) {
  const size = asked ?? Math.min(10 * 1024 * MIB, Math.floor(free / 2));
  if (size < LEAST)
    throw new JailError(`a scratch disk of ${size} bytes is too small`, `set \`limits.disk\` to at least ${LEAST / MIB}MiB`);
  if (size + record2 + MARGIN > free)
    throw new JailError(
      `the disk is too full: ${free} bytes are free, ${size} are wanted for \`limits.disk\`, ${record2} for the record and ${MARGIN} as a margin`,
      "free some space, or lower `limits.disk` or `limits.output`"
    );
  return size;
}
var scratchFiles = (asked, size) => Math.min(asked, Math.floor(size / BLOCK));
function freeBytes(path2) {
  const fs = (0, import_node_fs11.statfsSync)(path2);
  return fs.bavail * fs.bsize;
}
var SCRATCH = work("scratch");
var RUNTIME_FILES = work("runtime");
var FIFOS = ["out", "err"];
var [OUTPUT, ERRORS] = FIFOS.map((name) => work("runtime", name));
async function mountWork(hands) {
  (0, import_node_fs11.mkdirSync)(WORK, { recursive: true, mode: 448 });
  (0, import_node_fs11.mkdirSync)(RUN_SYSTEMD, { recursive: true });
  const mounts2 = [
    [WORK, NOSUID2 | NODEV2, "mode=700,size=256m"],
    [RUN_SYSTEMD, 0, "mode=755,size=1m"],
    // Below the one before it.
    [COLLECT, NOSUID2 | NODEV2 | NOEXEC, "mode=700,size=1g"]
  ].flat();
  await hands.ask("what the warden works in could not be made", ["work", RUNTIME_FILES, FIFOS.join(","), ...mounts2.map(String)]);
  (0, import_node_fs11.mkdirSync)(`${RUN_SYSTEMD}/inaccessible/dir`, { recursive: true });
  (0, import_node_fs11.chmodSync)(`${RUN_SYSTEMD}/inaccessible/dir`, 0);
  (0, import_node_fs11.writeFileSync)(`${RUN_SYSTEMD}/inaccessible/reg`, "", { mode: 0 });
}
var [NOSUID2, NODEV2, NOEXEC] = [2, 4, 8];
function beginScratch(hands, image, size, files) {
  const mkfs = [
    "mkfs.ext4",
    "-q",
    "-F",
    "-b",
    String(BLOCK),
    "-m",
    "0",
    "-O",
    "^has_journal",
    "-E",
    "lazy_itable_init=1,nodiscard,root_owner=0:0",
    "-N",
    String(files)
  ];
  return hands.ask(`${size} bytes could not be reserved in ${STATE}`, ["disk", image, String(size), ...mkfs]);
}
function mountScratch(hands, mountPoint2) {
  (0, import_node_fs11.mkdirSync)(mountPoint2, { mode: 448 });
  return hands.ask("the scratch disk could not be made", ["attach", mountPoint2]);
}
async function must(argv, what, input) {
  const result = await exec(argv, input === void 0 ? {} : { input });
  if (result.code !== 0) throw new JailError(`${what}: ${failure(argv, result)}`, "see `agent-jail doctor`");
  return result.stdout;
}
function scratchUse(mountPoint2) {
  const fs = (0, import_node_fs11.statfsSync)(mountPoint2);
  const full2 = fs.ffree === 0 ? "files" : fs.bavail * fs.bsize < 64 * 1024 ? "disk" : null;
  return { bytes: (fs.blocks - fs.bfree) * fs.bsize, files: fs.files - fs.ffree, ...traffic(mountPoint2), full: full2 };
}
function traffic(mountPoint2) {
  const { dev } = (0, import_node_fs11.statSync)(mountPoint2);
  const [major, minor] = [dev >> 8 & 4095, dev & 255 | dev >> 12 & 1048320];
  const fields = (readSys(`dev/block/${major}:${minor}/stat`) ?? "").trim().split(/\s+/).map(Number);
  const sectors = (index) => (fields[index] ?? 0) * 512;
  return { read: sectors(2), written: sectors(6) };
}
function readSys(path2) {
  try {
    return (0, import_node_fs11.readFileSync)(`/sys/${path2}`, "utf8");
  } catch {
    return null;
  }
}

// src/host/outside.ts
var MOUNTS = "/proc/1/fd/3";
var OUTER_PROC = "/proc/1/fd/4";
function machineNamespaces(names3) {
  const parent = Number(parseStatus(readProc("self", "status", OUTER_PROC) ?? "").get("PPid") ?? 0);
  const found2 = names3.map((name) => [name, readProcLink(parent, `ns/${name}`, OUTER_PROC)]);
  const mounts2 = (0, import_node_fs12.statSync)(MOUNTS, { throwIfNoEntry: false });
  return new Map([...found2, ["mnt", mounts2 === void 0 ? null : `mnt:[${mounts2.ino}]`]]);
}
var exported = (id) => `${stateOf(id)}/work`;
var seenOutside = (id, path2) => `${exported(id)}${path2.slice(WORK.length)}`;
var FROZEN_RUNTIME = work("runtime-ro");
async function exportWork(id, script) {
  await must(
    ["perl", script, MOUNTS, WORK, exported(id), (0, import_node_path3.basename)(RUNTIME_FILES), (0, import_node_path3.basename)(FROZEN_RUNTIME)],
    "the layers could not be shown to the machine's engine"
  );
}
async function withdrawWork(id, script) {
  await withdraw(script, MOUNTS, [exported(id)]);
}
async function forgetWork(ids, script) {
  if (ids.length > 0) await withdraw(script, "/proc/self/ns/mnt", ids.map(exported));
}
async function withdraw(script, namespace, targets) {
  const result = await exec(["perl", script, "--back", namespace, ...targets]);
  if (result.code !== 0)
    throw new JailError(
      `layers are still mounted below ${STATE}: ${failure(["umount"], result)}`,
      `unmount them: \`umount --recursive --lazy ${targets[0]}\``
    );
}

// src/plan/etc.ts
var ETC_ALLOWED = [
  // programs and libraries
  "alternatives",
  "ld.so.cache",
  "ld.so.conf",
  "ld.so.conf.d",
  "bash.bashrc",
  "bashrc",
  "inputrc",
  "shells",
  "terminfo",
  "os-release",
  "lsb-release",
  "debian_version",
  "redhat-release",
  "system-release",
  "alpine-release",
  "dpkg/origins",
  // certificates of the public authorities, and what decides about protocols
  "ca-certificates",
  "ca-certificates.conf",
  "ssl/certs",
  "ssl/cert.pem",
  "ssl/openssl.cnf",
  "crypto-policies",
  "gnutls",
  "pki/ca-trust",
  "pki/tls/cert.pem",
  "pki/tls/certs",
  "pki/tls/openssl.cnf",
  // time, language, fonts, types of files
  "localtime",
  "timezone",
  "locale.alias",
  "locale.conf",
  "locale.gen",
  "fonts",
  "papersize",
  "mime.types",
  "mailcap",
  "magic",
  "magic.mime",
  "sgml",
  "xml",
  // names of the network that are not addresses
  "services",
  "protocols",
  "rpc",
  "ethertypes",
  "networks",
  "netconfig",
  "gai.conf",
  "host.conf",
  "iproute2",
  // languages and tools
  "java*",
  "maven/m2.conf",
  "maven/logging",
  "python*",
  "perl",
  "php",
  "php.ini",
  "php.d",
  "R",
  "dotnet",
  "mono",
  "texmf",
  "ImageMagick*",
  "OpenCL",
  "vulkan",
  "glvnd",
  "chromium.d",
  "vim",
  "nanorc",
  "groff",
  "manpath.config",
  "man_db.conf"
];
function etcFiles(identity, hostname2) {
  const { name, uid, gid, home } = identity;
  return {
    passwd: lines2(
      "root:x:0:0:root:/root:/usr/sbin/nologin",
      `${name}:x:${uid}:${gid}:${name}:${home}:/bin/sh`,
      "nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin"
    ),
    group: lines2("root:x:0:", `${name}:x:${gid}:`, "nogroup:x:65534:"),
    hostname: lines2(hostname2),
    hosts: lines2(`127.0.0.1 localhost ${hostname2}`, "::1 ip6-localhost ip6-loopback"),
    // The gateway's resolver; it answers at once or not at all.
    "resolv.conf": lines2("nameserver 127.0.0.1", "options timeout:2 attempts:2"),
    // Only files and DNS: other sources are sockets of host services.
    "nsswitch.conf": lines2(
      ...["passwd", "group", "shadow", "networks", "protocols", "services", "ethers", "rpc"].map((database) => `${database}: files`),
      "hosts: files dns"
    ),
    // Programs read it, and must not learn the host's.
    "machine-id": ""
  };
}
var lines2 = (...all) => `${all.join("\n")}
`;

// src/plan/seccomp.ts
init_architecture();

// src/plan/syscalls.ts
var ALLOWED_SYSCALLS = `
accept accept4 access adjtimex alarm arch_prctl bind brk cachestat capget capset chdir chmod chown clock_adjtime clock_getres
clock_gettime clock_nanosleep close close_range connect copy_file_range creat dup dup2 dup3 epoll_create epoll_create1 epoll_ctl
epoll_pwait epoll_pwait2 epoll_wait eventfd eventfd2 execve execveat exit exit_group faccessat faccessat2 fadvise64 fallocate
fchdir fchmod fchmodat fchmodat2 fchown fchownat fcntl fdatasync fgetxattr flistxattr flock fork fremovexattr fsetxattr fstat
fstatfs fsync ftruncate futex futex_requeue futex_wait futex_waitv futex_wake futimesat get_robust_list get_thread_area getcpu
getcwd getdents getdents64 getegid geteuid getgid getgroups getitimer getpeername getpgid getpgrp getpid getppid getpriority
getrandom getresgid getresuid getrlimit getrusage getsid getsockname getsockopt gettid gettimeofday getuid getxattr getxattrat
inotify_add_watch inotify_init inotify_init1 inotify_rm_watch io_cancel io_destroy io_getevents io_pgetevents io_setup io_submit
ioctl ioprio_get ioprio_set kill landlock_add_rule landlock_create_ruleset landlock_restrict_self lchown lgetxattr link linkat
listen listxattr listxattrat llistxattr lremovexattr lseek lsetxattr lstat madvise map_shadow_stack membarrier memfd_create
memfd_secret mincore mkdir mkdirat mlock mlock2 mlockall mmap mprotect mq_getsetattr mq_notify mq_open mq_timedreceive
mq_timedsend mq_unlink mremap mseal msgctl msgget msgrcv msgsnd msync munlock munlockall munmap name_to_handle_at nanosleep
newfstatat open openat openat2 pause pidfd_open pidfd_send_signal pipe pipe2 pkey_alloc pkey_free pkey_mprotect poll ppoll prctl
pread64 preadv preadv2 prlimit64 process_mrelease pselect6 pwrite64 pwritev pwritev2 read readahead readlink readlinkat readv
recvfrom recvmmsg recvmsg remap_file_pages removexattr removexattrat rename renameat renameat2 restart_syscall rmdir rseq
rt_sigaction rt_sigpending rt_sigprocmask rt_sigqueueinfo rt_sigreturn rt_sigsuspend rt_sigtimedwait rt_tgsigqueueinfo
sched_get_priority_max sched_get_priority_min sched_getaffinity sched_getattr sched_getparam sched_getscheduler
sched_rr_get_interval sched_setaffinity sched_setattr sched_setparam sched_setscheduler sched_yield seccomp select semctl semget
semop semtimedop sendfile sendmmsg sendmsg sendto set_robust_list set_thread_area set_tid_address setfsgid setfsuid setgid
setgroups setitimer setpgid setpriority setregid setresgid setresuid setreuid setrlimit setsid setsockopt setuid setxattr
setxattrat shmat shmctl shmdt shmget shutdown sigaltstack signalfd signalfd4 splice stat statfs statx symlink symlinkat sync
sync_file_range syncfs sysinfo tee tgkill time timer_create timer_delete timer_getoverrun timer_gettime timer_settime
timerfd_create timerfd_gettime timerfd_settime times tkill truncate umask uname unlink unlinkat utime utimensat utimes vfork
vmsplice wait4 waitid write writev
`.trim().split(/\s+/);

// src/plan/seccomp.ts
var NAMESPACES = 2114060288;
var TIME_NAMESPACE = 128;
var UNIX = 1;
var IP_FAMILIES = [2, 10];
var NETLINK = 16;
var IP_PROTOCOLS = [0, 6, 17];
var NETLINK_ROUTE = 0;
var PERSONALITIES = [0, 131072, 4294967295];
var FILE_TYPE = 61440;
var FILE_TYPES = [0, 32768, 4096, 49152];
var ENOSYS = 38;
function seccompProfile(arch2, form) {
  return {
    defaultAction: "SCMP_ACT_ERRNO",
    // One architecture: calls by another ABI (32-bit, x32) are killed.
    architectures: [ARCHITECTURES[arch2].seccomp],
    syscalls: [
      allow(ALLOWED_SYSCALLS),
      allow(["clone"], masked(0, NAMESPACES, 0)),
      allow(["unshare"], masked(0, NAMESPACES | TIME_NAMESPACE, 0)),
      allow(["socket"], equal(0, UNIX)),
      ...IP_FAMILIES.flatMap((family) => IP_PROTOCOLS.map((protocol) => allow(["socket"], equal(0, family), equal(2, protocol)))),
      allow(["socket"], equal(0, NETLINK), equal(2, NETLINK_ROUTE)),
      allow(["socketpair"], equal(0, UNIX)),
      ...PERSONALITIES.map((value) => allow(["personality"], equal(0, value))),
      ...FILE_TYPES.flatMap((type) => [allow(["mknod"], masked(1, FILE_TYPE, type)), allow(["mknodat"], masked(2, FILE_TYPE, type))]),
      form === "oci" ? { names: ["clone3"], action: "SCMP_ACT_ERRNO", errnoRet: ENOSYS } : allow(["clone3"])
    ]
  };
}
function allow(names3, ...args) {
  return { names: names3, action: "SCMP_ACT_ALLOW", ...args.length === 0 ? {} : { args } };
}
var equal = (index, value) => ({ index, value, op: "SCMP_CMP_EQ" });
var masked = (index, mask, value) => ({
  index,
  value: mask,
  valueTwo: value,
  op: "SCMP_CMP_MASKED_EQ"
});

// src/plan/retries.ts
var APT = { path: "/run/agent-jail/apt.conf", text: 'Acquire::Retries::Delay "false";\n' };
var RETRIES = {
  npm_config_fetch_retry_mintimeout: "100",
  npm_config_fetch_retry_maxtimeout: "1000",
  PIP_RETRIES: "1",
  APT_CONFIG: APT.path
};

// src/plan/told.ts
function told({ agent, setup: setup2, workspace, limits }) {
  return {
    schema: "agent-jail/told@1",
    workspace: workspace.access,
    network: network(agent),
    setup: { network: network(setup2) },
    limits: { ...agent.limits, ...limits }
  };
}
function network({ network: { mode, allow: allow2, services }, secrets }) {
  return {
    default: mode === "observe" ? "allow" : "deny",
    allow: allow2.map(({ pattern, ports, methods, paths }) => ({ host: pattern, ports, methods, paths })),
    services: services.map(({ name, port }) => ({ name, port })),
    // The variable of this name holds a placeholder, which the gateway swaps on the way to these hosts.
    secrets: secrets.flatMap(
      (secret) => secret.use === "inject" ? [{ name: secret.name, hosts: secret.hosts, methods: secret.methods, paths: secret.paths }] : []
    )
  };
}

// src/plan/view.ts
init_errors();
function planView(wish) {
  const root = {
    key: "root",
    layer: "root",
    target: "/",
    lower: wish.tree,
    access: "copy-on-write",
    swap: null,
    owner: { uid: 0, gid: 0 },
    mode: 493
  };
  const top = wish.ownRoot && wish.tree !== null && wish.idmap ? { ...root, swap: { uid: 0, gid: 0 }, owner: wish.agent } : root;
  const home = { ...root, key: "home", layer: "home", target: wish.home, lower: null, owner: wish.agent, mode: 488 };
  const listed2 = [
    ...wish.paths.flatMap((path2) => directory(wish, "root", path2, path2, "copy-on-write", callerOwns(wish, path2))),
    ...wish.mounts.flatMap((m) => directory(wish, "root", m.source, m.target, m.access, true)),
    ...wish.workspace === null ? [] : directory(wish, "workspace", wish.workspace.path, wish.workspace.path, wish.workspace.access, true)
  ];
  const all = [top, home, ...listed2].sort((a, b) => compare(a.target, b.target));
  for (const [index, plan] of all.entries()) {
    if (all[index - 1]?.target === plan.target)
      throw new JailError(`two things are to be at ${plan.target} in the jail`, "give the mount another `target`");
  }
  return all.map((plan, index) => ({ ...plan, key: plan.key === "" ? `d${index}` : plan.key }));
}
function directory(wish, layer, source, target, access, mine) {
  const found2 = wish.found.get(source);
  if (found2 === void 0) throw new JailError(`${source} was not looked at`, "this is a defect of agent-jail");
  const file2 = found2.submounts.find((m) => !m.directory);
  if (file2 !== void 0)
    throw new JailError(
      `a file is mounted at ${file2.target}, below ${source}`,
      "unmount it, or do not list the directory: a file mount cannot be copy-on-write"
    );
  const swap = mine && wish.idmap && found2.owner.uid !== wish.agent.uid ? found2.owner : null;
  const owner = swap === null ? found2.owner : { uid: flip2(found2.owner.uid, swap.uid, wish.agent.uid), gid: flip2(found2.owner.gid, swap.gid, wish.agent.gid) };
  return [
    { key: "", layer, target, lower: source, access, swap, owner, mode: found2.mode },
    ...found2.submounts.flatMap(
      (mount) => directory(wish, layer, mount.target, `${target}${mount.target.slice(source.length)}`, access, mine)
    )
  ];
}
var callerOwns = (wish, path2) => wish.caller.uid !== 0 && wish.found.get(path2)?.owner.uid === wish.caller.uid;
var flip2 = (id, a, b) => id === a ? b : id === b ? a : id;
function compare(a, b) {
  const left = a.split("/").filter(Boolean);
  const right = b.split("/").filter(Boolean);
  for (let i = 0; i < Math.min(left.length, right.length); i += 1) {
    const l = left[i];
    const r = right[i];
    if (l !== r) return l < r ? -1 : 1;
  }
  return left.length - right.length;
}
function enclosing(plans, path2) {
  let best = plans[0];
  for (const plan of plans) if (plan.target !== path2 && within(path2, plan.target) && plan.target.length >= best.target.length) best = plan;
  return best;
}
var within = (path2, directory2) => path2 === directory2 || directory2 === "/" || path2.startsWith(`${directory2}/`);

// src/run/step.ts
var import_promises5 = require("node:timers/promises");
init_errors();

// src/run/gate.ts
var import_node_fs13 = require("node:fs");
var import_node_net = require("node:net");
var CHUNK = 1 << 16;
var Gate = class {
  #path;
  #hold = null;
  #over = Promise.resolve();
  constructor(path2) {
    this.#path = path2;
  }
  /** Opens the gate; `take` gets every byte, in order. A chunk is valid during the call only. */
  open(take) {
    const fd = (0, import_node_fs13.openSync)(this.#path, import_node_fs13.constants.O_RDONLY | import_node_fs13.constants.O_NONBLOCK);
    this.#hold = (0, import_node_fs13.openSync)(this.#path, import_node_fs13.constants.O_WRONLY | import_node_fs13.constants.O_NONBLOCK);
    const buffer2 = Buffer.allocUnsafe(CHUNK);
    const callback = (length) => {
      take(buffer2.subarray(0, length));
      return true;
    };
    const stream = new import_node_net.Socket({ fd, readable: true, writable: false, onread: { buffer: buffer2, callback } });
    stream.resume();
    this.#over = new Promise((resolve) => {
      stream.once("close", () => resolve());
      stream.on("error", () => stream.destroy());
    });
  }
  /** Call once the jail is dead: what is still in the FIFO arrives, then this resolves. */
  async drain() {
    if (this.#hold !== null) (0, import_node_fs13.closeSync)(this.#hold);
    this.#hold = null;
    await this.#over;
  }
};

// src/run/held.ts
var import_node_fs15 = require("node:fs");
init_proc_masks();
init_proc();
var NAMESPACES2 = ["mnt", "pid", "ipc", "uts", "cgroup", "net", "user"];
function readHeld({ pid, proc, netns }, limits, unified) {
  const links = (of, where) => new Map(NAMESPACES2.map((name) => [name, readProcLink(of, `ns/${name}`, where)]));
  return {
    status: parseStatus(readProc(pid, "status", proc) ?? ""),
    namespaces: links(pid, proc),
    ours: links("self"),
    machine: machineNamespaces(NAMESPACES2),
    netns: `net:[${(0, import_node_fs15.statSync)(netns).ino}]`,
    root: identityOf(`${proc}/${pid}/root`),
    ourRoot: identityOf("/"),
    mounts: parseMountinfo(readProc(pid, "mountinfo", proc) ?? ""),
    masks: Object.values(masksHere()).flat(),
    groups: (readProc(pid, "cgroup", proc) ?? "").split("\n").map((line) => line.split(":")).filter(([id, controllers]) => id === "0" && unified || ["memory", "pids", "cpu"].some((c) => controllers?.split(",").includes(c))).map((fields) => fields.slice(2).join(":")),
    limits: new Map([...limits.keys()].map((file2) => [file2, readText(file2)])),
    wantedLimits: limits,
    interfaces: (readProc(pid, "net/dev", proc) ?? "").split("\n").slice(2).map((line) => line.split(":")[0]?.trim() ?? "").filter((name) => name !== ""),
    // The main tables hold no local route: one line here is a way out.
    routes: [...table(readProc(pid, "net/route", proc), 1, 0), ...table(readProc(pid, "net/ipv6_route", proc), 0, 9)]
  };
}
function identityOf(directory2) {
  const found2 = (0, import_node_fs15.statSync)(directory2, { throwIfNoEntry: false });
  return found2 === void 0 ? null : `${found2.dev}:${found2.ino}`;
}
function table(text4, header, device) {
  return (text4 ?? "").split("\n").slice(header).filter((line) => line.trim() !== "").map((line) => line.trim().split(/\s+/)).filter((fields) => fields[device] !== "lo").map((fields) => fields.join(" "));
}
function readText(file2) {
  try {
    return (0, import_node_fs15.readFileSync)(file2, "utf8").trim();
  } catch {
    return null;
  }
}

// src/run/step.ts
var RUNTIME = "/run/agent-jail";
var ADDED = [
  "HOSTNAME",
  "container",
  "container_uuid",
  "container_host_id",
  "container_host_version_id",
  "container_host_build_id",
  "container_host_variant_id",
  "NOTIFY_SOCKET"
];
var wrapper = (added, streams, end2) => `: >/run/agent-jail/out
${streams}
cd -- "$1" 2>/dev/null || { echo "agent-jail: the working-directory $1 is not a directory in the jail"; exit 1; }
shift
unset ${added.join(" ")}
exec "$@")
${end2}`;
var piped = (added, split2) => wrapper(added, `(exec >/run/agent-jail/out 2>${split2 ? "/run/agent-jail/err" : "&1"}`, "exit $?");
var onTerminal = (added) => wrapper(added, "exec 3<>/dev/pts/0\n(exec <&3 >&3 2>&3 3>&-", "code=$?\nread -r _ </run/agent-jail/drained\nexit $code");
var PATIENCE2 = 1e4;
var RETRY2 = 10;
var TOLD = 6e4;
var LOOK2 = 100;
var TELL = 1e3;
function stepStart(step, cwd, index, env, split2, { memory, cpus, processes }) {
  const script = `${RUNTIME}/step-${index}${step.extension}`;
  const added = [...ADDED, "PWD", "OLDPWD"].filter((name) => !Object.hasOwn(env, name));
  return {
    index,
    argv: [
      "/bin/sh",
      "-c",
      step.tty === null ? piped(added, split2) : onTerminal(added),
      "sh",
      cwd,
      ...step.shell.map((part2) => part2.replaceAll("{0}", script))
    ],
    cwd: "/",
    env,
    split: split2 && step.tty === null,
    tty: step.tty,
    limits: { memory, cpus, processes }
  };
}
async function runStep(place, start, step, limits) {
  const { cgroup, recorder } = place;
  const before = cgroup.usage();
  const starting = place.jail.start(start);
  const expected = (async () => place.expect())();
  expected.catch(() => {
  });
  void Promise.resolve().then(() => __toESM(require("node:crypto"), 1));
  const running = await starting;
  const gate = new Gate(place.output);
  const errors = place.errors === null || step.tty !== null ? null : new Gate(place.errors);
  let terminal = null;
  try {
    await expected;
    const pid = await Promise.race([running.leader(), place.stop.then(() => null)]);
    if (pid === null) return { exit: NOTHING, end: await place.stop };
    const held = await place.enter(pid);
    const traced = place.traced(held);
    const seen = readHeld(held, place.limitFiles, cgroup.layout.unified !== null);
    const properties = [...place.prove(seen), ...running.proof?.() ?? []];
    const wrong = properties.filter((p) => p.wrong !== null);
    if (wrong.length > 0)
      throw new JailError(
        `the jail is not what the policy says: ${wrong.map((p) => `${p.property} is ${p.seen}, ${p.wrong}`).join("; ")}`,
        "nothing was started; report it with the output of `agent-jail doctor`"
      );
    if (step.tty !== null && running.inside === void 0) terminal = await place.terminal(held, step.tty);
    await traced;
    place.proved(properties);
    const watch = new Watch(place, limits, step, start.index, before);
    void running.inside?.exceeded.then((limit) => watch.exceed(limit));
    recorder.begin(start.index, step.name, step.tty !== null ? "tty" : errors !== null ? "stdout" : "merged");
    place.opened();
    errors?.open((chunk) => watch.take(chunk, "stderr"));
    gate.open((chunk) => watch.take(chunk));
    let emptied = false;
    const dead = held.emptied?.then(() => emptied = true) ?? running.exit;
    const ends = [running.exit, dead].map((end3) => end3.then(() => null));
    const exit = await Promise.race([...ends, watch.over, place.stop, ...terminal === null ? [] : [terminal.died]]);
    watch.stop();
    const killed = emptied ? null : await kill2(cgroup, running);
    await terminal?.drain();
    await Promise.all([gate.drain(), errors?.drain()]);
    await place.left();
    const after = cgroup.usage();
    watch.look();
    watch.finish(after);
    place.dead();
    const told2 = running.exit.then(() => null);
    const stopped = killed !== null ? null : await Promise.race([told2, place.stop, (0, import_promises5.setTimeout)(TOLD, null, { ref: false })]);
    const ended = killed ?? await kill2(cgroup, running);
    const { code, signal } = ended === "backend" || exit !== null ? KILLED : ended;
    const { bytes } = recorder.end({ code, signal });
    const memory = after.oomKills > before.oomKills ? { how: "limit", limit: "memory", step: start.index } : null;
    const end2 = exit ?? stopped ?? watch.ended ?? memory ?? (ended === "backend" ? backendDied(place.jail.died) : null);
    const hit = /* @__PURE__ */ new Set([...watch.refused, ...place.refused(), ...running.inside?.refused() ?? []]);
    if (after.forksRefused > before.forksRefused) hit.add("processes");
    if (memory !== null) hit.add("memory");
    if (end2?.how === "limit") hit.add(end2.limit);
    return { exit: { code, signal, hit: [...hit], ms: watch.elapsed, bytes }, end: end2 };
  } finally {
    await kill2(cgroup, running);
    terminal?.kill();
    await Promise.all([gate.drain(), errors?.drain()]);
  }
}
async function kill2(cgroup, running) {
  for (const end2 = performance.now() + PATIENCE2; ; ) {
    await running.kill();
    const empty = await cgroup.kill();
    const exit = await Promise.race([running.exit, (0, import_promises5.setTimeout)(RETRY2, null)]);
    if (empty && exit !== null) return exit;
    if (performance.now() > end2)
      throw new JailError("processes of the step could not be killed", "the machine needs a look: a process may hang in the kernel");
  }
}
var KILLED = { code: null, signal: "SIGKILL" };
var backendDied = (message) => ({
  how: "error",
  started: true,
  message,
  remedy: "look for who kills processes on this machine (a lack of memory shows in the kernel log), and run again",
  place: null
});
var NOTHING = { code: null, signal: null, hit: [], ms: 0, bytes: 0 };
var Watch = class {
  over;
  refused = /* @__PURE__ */ new Set();
  ended = null;
  #started = performance.now();
  #timers = [];
  #end;
  #place;
  #output;
  #before;
  #bytes = 0;
  #last = performance.now();
  #told = 0;
  #peak = 0;
  constructor(place, limits, step, index, before) {
    const { promise, resolve } = Promise.withResolvers();
    this.over = promise;
    this.#place = place;
    this.#before = before;
    this.#output = limits.output;
    this.#end = (limit) => {
      this.ended ??= { how: "limit", limit, step: index };
      resolve(this.ended);
    };
    const idle = step.idle === null ? limits.idle : Math.min(step.idle, limits.idle ?? Number.POSITIVE_INFINITY);
    this.#timers.push(setTimeout(() => this.#end("time"), Math.min(step.time ?? Number.POSITIVE_INFINITY, limits.time)));
    this.#timers.push(
      setInterval(() => {
        place.recorder.tick();
        this.look();
        if (idle !== null && performance.now() - this.#last > idle) this.#end("idle");
        const usage = place.cgroup.usage();
        if (usage.oomKills > before.oomKills) this.#end("memory");
        this.#peak = Math.max(this.#peak, usage.memory);
        if (this.elapsed - this.#told >= TELL) this.#tell(usage);
      }, LOOK2)
    );
  }
  /** A limit that somebody else watches. */
  exceed(limit) {
    this.#end(limit);
  }
  look() {
    const full2 = this.#place.full();
    if (full2 !== null) this.refused.add(full2);
  }
  take(chunk, stream) {
    this.#last = performance.now();
    const room = this.#output - this.#bytes;
    this.#bytes += chunk.length;
    if (room > 0) this.#place.recorder.write(chunk.length > room ? chunk.subarray(0, room) : chunk, stream);
    if (this.#bytes > this.#output) this.#end("output");
  }
  /** The last numbers: of a short step there were none before. A peak of the run that was reached in this step is the step's own. */
  finish(after) {
    this.#peak = Math.max(this.#peak, after.memoryPeak > this.#before.memoryPeak ? after.memoryPeak : after.memory);
    this.#tell(after);
  }
  #tell({ memory, pids: pids2 }) {
    this.#told = this.elapsed;
    this.#place.progress({ ms: this.elapsed, bytes: this.#bytes, memory, peak: this.#peak, processes: pids2 });
  }
  stop() {
    for (const timer of this.#timers) clearTimeout(timer);
  }
  get elapsed() {
    return Math.round(performance.now() - this.#started);
  }
};

// src/run/trust.ts
var import_node_fs17 = require("node:fs");
var import_node_path4 = require("node:path");
var import_node_tls = later("node:tls");
init_places();
init_root_tree();
var BUNDLES = ["/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem"];
var MOST_BYTES = 8 << 20;
var [ALONE, ALL] = ["ca.pem", "ca-bundle.pem"];
var TRUST = {
  NODE_EXTRA_CA_CERTS: `${RUNTIME}/${ALONE}`,
  ...Object.fromEntries(
    ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "GIT_SSL_CAINFO", "PIP_CERT"].map((name) => [name, `${RUNTIME}/${ALL}`])
  )
};
function writeTrust(authority) {
  (0, import_node_fs17.writeFileSync)(work("runtime", ALONE), authority, { mode: 292 });
  (0, import_node_fs17.writeFileSync)(work("runtime", ALL), `${publicAuthorities()}
${authority}`, { mode: 292 });
}
function trustInRoot(root, identity, authority) {
  const places = /* @__PURE__ */ new Set();
  const tree = root.lower ?? work("setup", root.key);
  for (const bundle2 of BUNDLES) {
    const found2 = inside(tree, bundle2);
    if (found2 === null || places.has(found2)) continue;
    const seen = (0, import_node_fs17.lstatSync)(found2);
    if (!seen.isFile() || seen.size > MOST_BYTES) continue;
    places.add(found2);
    const relative = found2.slice(tree.length + 1);
    const own2 = setupDirectory(root, (0, import_node_path4.dirname)(relative), identity);
    (0, import_node_fs17.writeFileSync)(`${own2}/${relative.slice(relative.lastIndexOf("/") + 1)}`, `${(0, import_node_fs17.readFileSync)(found2, "utf8")}
${authority}`, {
      mode: 420
    });
  }
}
function publicAuthorities() {
  for (const bundle2 of BUNDLES) {
    const found2 = inside("", bundle2);
    if (found2 !== null) return (0, import_node_fs17.readFileSync)(found2, "utf8");
  }
  return import_node_tls.rootCertificates.join("\n");
}

// src/run/warmup.ts
init_nspawn_program();

// src/host/etc.ts
async function copyEtc(hands, target, allowed) {
  const what = "/etc could not be copied";
  await hands.ask(what, ["etc", target, ...allowed]);
  return async () => hands.ask(what, ["copied"]);
}

// src/host/hands.ts
var import_node_child_process5 = require("node:child_process");
init_errors();
init_exec();
init_lines();
var LINE = 1 << 16;
var PATIENCE3 = 6e4;
var Hands = class {
  /** Resolves with how it ended. */
  died;
  #child;
  #waiting = [];
  #patience;
  #dead = null;
  #errors = "";
  #late = false;
  constructor(script, patience = PATIENCE3) {
    const child = (0, import_node_child_process5.spawn)("perl", [script], { env: CLEAN_ENV, cwd: "/", stdio: ["pipe", "pipe", "pipe"] });
    this.#child = child;
    this.#patience = patience;
    child.stdin.on("error", () => {
    });
    child.stderr.on("data", (chunk) => {
      if (this.#errors.length < 4096) this.#errors += chunk.toString("utf8");
    });
    const answered = this.#answers(child.stdout).catch(() => this.kill());
    this.died = new Promise((resolve) => {
      const over = (end2) => {
        const said = this.#errors.trim().split("\n").slice(0, 3).join(" / ").slice(0, 500);
        this.#dead ??= `${NAME} ${this.#late ? "did not answer in time" : `ended with ${end2}`}${said === "" ? "" : `: ${said}`}`;
        for (const { reject } of this.#waiting.splice(0)) reject(gone(this.#dead));
        resolve(this.#dead);
      };
      child.once("error", (error) => over(error.message));
      child.once("close", (code, signal) => void answered.then(() => over(String(signal ?? code))));
    });
  }
  /**
   * Resolves once it is done. Requests are done one after the other, so that what follows need not wait for the answer to be asked for; but it is
   * done as well where this one failed. Rejects with a JailError, `what` it means that it failed and why; nobody has to wait for that.
   */
  ask(what, request) {
    return this.all([[what, request]]);
  }
  /** Several at once: each time it is written to, the other process may take this one's processor. Throws what was wrong first. */
  all(parts2) {
    const bytes = Buffer.concat(parts2.map(([, request]) => encoded(request)));
    const asked = parts2.map(([what]) => this.#wait(what));
    if (this.#dead === null) this.#child.stdin.write(bytes);
    const done = (async () => {
      for (const one2 of asked) await one2;
    })();
    done.catch(() => {
    });
    return done;
  }
  /** Throws JailError where it does not live any more. */
  alive() {
    return this.ask(`${NAME} does not answer`, ["there"]);
  }
  kill() {
    this.#child.kill("SIGKILL");
  }
  #wait(what) {
    if (this.#dead !== null) return refused(gone(this.#dead));
    const { promise, resolve, reject } = Promise.withResolvers();
    const one2 = { what, resolve, reject };
    this.#waiting.push(one2);
    const late2 = () => {
      if (!this.#waiting.includes(one2)) return;
      this.#late = true;
      this.kill();
    };
    const timer = setTimeout(() => setImmediate(late2), this.#patience);
    promise.catch(() => {
    }).finally(() => clearTimeout(timer));
    return promise;
  }
  async #answers(stdout) {
    for await (const line of lines(stdout, LINE)) {
      const one2 = this.#waiting.shift();
      const why = refusal(line);
      if (one2 === void 0) throw new Error("an answer that nobody waits for");
      if (why === null) one2.resolve();
      else one2.reject(new JailError(`${one2.what}: ${why}`, "see `agent-jail doctor`"));
    }
  }
};
var NAME = "the process that makes what the jail needs (hands.pl)";
function refused(error) {
  const promise = Promise.reject(error);
  promise.catch(() => {
  });
  return promise;
}
var gone = (how) => new JailError(how, GONE_REMEDY);
var GONE_REMEDY = "look for who kills processes on this machine (a lack of memory shows in the kernel log), and run again";
function encoded(request) {
  const wrong = request.find((word) => word.includes("\0"));
  if (wrong !== void 0) throw new Error(`a word with a NUL in it: ${JSON.stringify(wrong)}`);
  const bytes = Buffer.from(request.join("\0"));
  return Buffer.concat([Buffer.from(`${bytes.length}
`), bytes]);
}
function refusal(line) {
  if (line === "ok") return null;
  if (!line.startsWith("failed ")) throw new Error(`not an answer: ${line.slice(0, 100)}`);
  return line.slice("failed ".length).slice(0, 1e3);
}

// src/host/netns.ts
var import_node_fs19 = require("node:fs");
init_errors();
async function createNetns(hands, file2) {
  const what = "the network namespace could not be made";
  try {
    (0, import_node_fs19.writeFileSync)(file2, "", { mode: 256, flag: "wx" });
  } catch (error) {
    throw new JailError(`${what}: ${error.message}`, "see `agent-jail doctor`", null, { cause: error });
  }
  await hands.ask(what, ["netns", file2]);
}

// src/run/warmup.ts
init_places();
init_proc();

// src/run/gateway.ts
var import_node_fs21 = require("node:fs");
init_places();
init_errors();

// src/model/hosts.ts
function covers(pattern, name) {
  if (pattern.startsWith("*.")) return name.endsWith(pattern.slice(1));
  if (pattern.startsWith(".")) return name === pattern.slice(1) || name.endsWith(pattern);
  return pattern === name;
}

// src/network/rules.ts
var [HTTP, HTTPS] = [80, 443];
var speaksFirst = (port) => port === HTTP || port === HTTPS;

// src/network/addresses.ts
var FIRST = 198 * 2 ** 24 + 18 * 2 ** 16 + 1;
var LAST = 198 * 2 ** 24 + 19 * 2 ** 16 + 65534;
var BELOW_A_WILDCARD = 16;
function reserve(networks) {
  const exact = /* @__PURE__ */ new Map();
  const below2 = /* @__PURE__ */ new Map();
  const sockets = /* @__PURE__ */ new Map();
  let next = FIRST;
  const take = () => dotted(next++);
  const listen = (address, port) => {
    if (!speaksFirst(port)) sockets.set(`${address}:${port}`, { protocol: "tcp", address, port });
  };
  const rules = networks.flatMap(({ allow: allow2 }) => allow2);
  for (const { name, port } of networks.flatMap(({ services }) => services)) {
    if (!exact.has(name)) exact.set(name, take());
    listen(exact.get(name) ?? "", port);
  }
  for (const { pattern } of rules) {
    const ports = portsOf(rules, pattern);
    if (ports.every(speaksFirst) || exact.has(pattern) || below2.has(pattern)) continue;
    const literal = pattern.endsWith("/32");
    const wild = pattern.startsWith(".") || pattern.startsWith("*");
    const own2 = literal ? [pattern.slice(0, -3)] : Array.from({ length: wild ? BELOW_A_WILDCARD : 1 }, take);
    if (wild) below2.set(pattern, own2);
    else if (!literal) exact.set(pattern, own2[0] ?? "");
    for (const address of own2) for (const port of ports) listen(address, port);
  }
  return { exact, below: below2, sockets: [...sockets.values()] };
}
var portsOf = (rules, pattern) => rules.filter((rule) => rule.pattern === pattern || covers(rule.pattern, pattern)).flatMap(({ ports }) => ports);
var dotted = (n) => [24, 16, 8, 0].map((shift) => n >>> shift & 255).join(".");

// src/plan/environment.ts
var placeholderOf = (run2, secret) => `agent-jail-placeholder-${secret}-${run2}`;
function imageEnvironment(lines3) {
  const env = {};
  const left = [];
  for (const line of lines3) {
    const [, name, value = ""] = /^([A-Za-z_][A-Za-z0-9_]*)=([^\0]*)$/.exec(line) ?? [];
    if (name === void 0) left.push(JSON.stringify(line.split("=")[0]));
    else if (name !== "PATH" || value !== "") env[name] = value;
  }
  return { env, left };
}

// src/run/gateway.ts
init_exec();

// src/run/children.ts
var import_node_child_process6 = require("node:child_process");
init_errors();
init_exec();
init_lines();

// src/system/random.ts
var import_node_fs20 = require("node:fs");
function random24() {
  const bytes = Buffer.alloc(3);
  const file2 = (0, import_node_fs20.openSync)("/dev/urandom", "r");
  try {
    if ((0, import_node_fs20.readSync)(file2, bytes) !== bytes.length) throw new Error("/dev/urandom gives no bytes");
  } finally {
    (0, import_node_fs20.closeSync)(file2);
  }
  return bytes.readUIntBE(0, 3);
}

// src/run/children.ts
var LINE2 = 1 << 20;
var Peer = class {
  ended;
  pid;
  #child;
  #errors = "";
  constructor({ argv, descriptors: descriptors2, name, cwd }) {
    const [file2, ...args] = argv;
    const child = (0, import_node_child_process6.spawn)(file2, args, {
      env: CLEAN_ENV,
      cwd,
      stdio: ["pipe", "pipe", "pipe", ...descriptors2]
    });
    this.#child = child;
    this.pid = child.pid ?? 0;
    child.stdin.on("error", () => {
    });
    child.stderr.on("data", (chunk) => {
      if (this.#errors.length < 4096) this.#errors += chunk.toString("utf8");
    });
    this.ended = new Promise((resolve) => {
      const how = (end2) => {
        const said = this.#errors.trim().split("\n").slice(0, 3).join(" / ").slice(0, 500);
        resolve(`the ${name} ended with ${end2}${said === "" ? "" : `: ${said}`}`);
      };
      child.once("error", (error) => how(error.message));
      child.once("close", (code, signal) => how(String(signal ?? code)));
    });
  }
  send(value) {
    this.#child.stdin.write(`${JSON.stringify(value)}
`);
  }
  /** A line that is no JSON. */
  say(line) {
    this.#child.stdin.write(`${line}
`);
  }
  finish() {
    this.#child.stdin.end();
  }
  kill() {
    this.#child.kill("SIGKILL");
  }
  /** JSON lines of its stdout, or of the pipe that it has as `descriptor`. */
  async *messages(descriptor = 1) {
    const stream = this.#child.stdio[descriptor];
    for await (const line of lines(stream, LINE2)) yield JSON.parse(line);
  }
};
var Collector = class {
  #peer;
  #answers;
  constructor(argv, descriptors2) {
    this.#peer = new Peer({ argv, descriptors: descriptors2, name: "collector" });
    this.#answers = this.#peer.messages();
  }
  get ended() {
    return this.#peer.ended;
  }
  /** Throws JailError where it dies, takes longer than `timeout` ms, or says that it could not. */
  async ask(request, timeout) {
    this.#peer.send(request);
    let late2 = false;
    const timer = setTimeout(() => {
      late2 = true;
      this.#peer.kill();
    }, timeout);
    const { value } = await this.#answers.next().finally(() => clearTimeout(timer));
    const answer2 = value;
    if (answer2?.ok === true) return answer2;
    if (answer2?.ok === false)
      throw new JailError(`the collector: ${String(answer2.message).slice(0, 500)}`, "the evidence is incomplete: run again");
    const how = late2 ? `the collector took longer than ${timeout / 1e3} s` : await this.#peer.ended;
    throw new JailError(how, "the evidence is incomplete: run again, or lower `limits.disk` and `limits.files`");
  }
  kill() {
    this.#peer.kill();
  }
};
function startCollector(programs, files) {
  const uid = ownUid();
  return { uid, collector: new Collector(collectorArgv(programs.node, programs.collector, uid, files.length), files) };
}
var COLLECTOR_FLAGS = [
  ...SINGLE_THREADED,
  "--max-old-space-size=512",
  "--initial-old-space-size=64",
  "--max-semi-space-size=2"
];
function collectorArgv(node, entry2, uid, files) {
  return [
    "unshare",
    "--net",
    "--ipc",
    "--",
    "setpriv",
    `--reuid=${uid}`,
    `--regid=${uid}`,
    "--clear-groups",
    "--inh-caps=-all,+dac_read_search",
    "--ambient-caps=-all,+dac_read_search",
    "--bounding-set=-all,+dac_read_search",
    "--no-new-privs",
    "--",
    node,
    ...COLLECTOR_FLAGS,
    entry2,
    String(files)
  ];
}
var UIDS = 1778384896;
var ownUid = () => UIDS + random24();

// src/run/gateway.ts
var PATIENCE4 = 3e4;
var FIRST_SOCKET = 10;
var SOCKETS = [
  { protocol: "udp", address: "127.0.0.1", port: 53 },
  { protocol: "tcp", address: "127.0.0.1", port: 53 },
  { protocol: "tcp", address: "0.0.0.0", port: 80 },
  { protocol: "tcp", address: "0.0.0.0", port: 443 }
];
var furtherSockets = ({ agent, setup: setup2 }) => reserve([agent.network, setup2.network]).sockets;
function rulesOf({ id, policy, secrets }, kind2) {
  return {
    network: policy[kind2].network,
    secrets: policy[kind2].secrets.flatMap(
      (secret) => secret.use === "inject" ? [{ ...secret, placeholder: placeholderOf(id, secret.name), value: secrets[secret.name] ?? "" }] : []
    )
  };
}
var GATEWAY_FLAGS = [...SINGLE_THREADED, "--max-semi-space-size=2"];
function gatewayArgv({ node, sockets, gateway }, { netns, files, route, further }) {
  const spec = [...SOCKETS, ...further].map((s) => `${s.protocol}:${s.address}:${s.port}`).join(",");
  return [
    "perl",
    sockets,
    netns ?? "-",
    String(files),
    spec,
    ...route ? ["--route"] : [],
    "--wait",
    "--",
    node,
    ...GATEWAY_FLAGS,
    gateway
  ];
}
function waitingGateway(programs, serving, directory2 = WORK) {
  const path2 = `${directory2}/gateway-request`;
  const request = (0, import_node_fs21.openSync)(path2, import_node_fs21.constants.O_RDWR | import_node_fs21.constants.O_CREAT | import_node_fs21.constants.O_EXCL, 384);
  (0, import_node_fs21.unlinkSync)(path2);
  const peer = new Peer({ argv: gatewayArgv(programs, serving), descriptors: ["pipe", request], name: "gateway" });
  return { peer, request };
}
var enterNetns = ({ peer }, netns) => peer.say(netns);
async function dismissGateway({ peer, request }) {
  peer.finish();
  await peer.ended;
  (0, import_node_fs21.closeSync)(request);
}
function writeRequest(fd, request) {
  const bytes = Buffer.from(JSON.stringify(request));
  for (let done = 0; done < bytes.length; ) done += (0, import_node_fs21.writeSync)(fd, bytes, done, bytes.length - done, done);
  (0, import_node_fs21.closeSync)(fd);
}
var Gateway = class {
  /** Its sockets are there. */
  ready;
  died;
  #done;
  #peer;
  #finishing = false;
  constructor({ peer, request }, { further, ...task }, sinks) {
    this.#peer = peer;
    const sockets = [...SOCKETS, ...further].map((socket, index) => ({ ...socket, fd: FIRST_SOCKET + index }));
    writeRequest(request, { ...task, kind: "serve", sockets, log: 3, gid: task.uid });
    const { promise: up, resolve: ready } = Promise.withResolvers();
    const logged = (async () => {
      for await (const line of peer.messages(3)) sinks.log(line);
    })();
    this.#done = (async () => {
      let totals = null;
      for await (const message of peer.messages()) {
        const event = message;
        if (event.kind === "listening" || event.kind === "ready") ready();
        else if (event.kind === "denied") sinks.denied(event);
        else if (event.kind === "limit") sinks.limit(event.limit);
        else if (event.kind === "done") totals = { denied: event.denied, allowed: event.allowed, used: event.used ?? null };
      }
      await logged;
      return totals;
    })();
    this.#done.catch(() => peer.kill());
    const ended = peer.ended;
    this.died = new Promise((resolve) => {
      void ended.then((how) => {
        if (!this.#finishing) resolve(how);
      });
    });
    this.ready = Promise.race([
      up,
      ended.then((how) => {
        throw new JailError(how, "without the gateway nothing may start; see `agent-jail doctor`");
      })
    ]);
    this.ready.catch(() => {
    });
  }
  step(step, setup2) {
    this.#peer.send({ kind: "step", step, setup: setup2 });
  }
  /** Ends it and returns what it counted. Throws JailError where its log is incomplete, also after `patience` ms. */
  async finish(patience = PATIENCE4) {
    this.#finishing = true;
    this.#peer.finish();
    const timer = setTimeout(() => this.#peer.kill(), patience);
    const totals = await Promise.race([this.#done, this.#peer.ended.then(() => this.#done)]).finally(() => clearTimeout(timer));
    if (totals === null) throw new JailError("the gateway ended without its log", "the network log is incomplete: run again");
    return totals;
  }
  kill() {
    this.#finishing = true;
    this.#peer.kill();
  }
};

// src/host/archive.ts
var import_node_crypto3 = later("node:crypto");
var import_node_fs22 = require("node:fs");
var import_promises6 = later("node:fs/promises");
init_errors();
init_root_tree();
init_unpack();
var REMEDY2 = "give a tar archive of a root file system, plain or compressed, and its right `sha256`";
var CHUNK2 = 1 << 20;
var QUIET = 2e3;
var Archive = class _Archive {
  what;
  #file;
  /** What the file looked like when it was opened; another one, or another content, looks different. null: too young to tell. */
  seen;
  constructor(path2, file2, seen) {
    this.#file = file2;
    this.what = `the root archive ${path2}`;
    this.seen = seen;
  }
  /** Throws JailError. */
  static async open(path2) {
    const file2 = await (0, import_promises6.open)(path2, import_node_fs22.constants.O_RDONLY | import_node_fs22.constants.O_NONBLOCK).catch((error) => {
      throw new JailError(`the root archive ${path2} cannot be read: ${error.message}`, REMEDY2);
    });
    const stat2 = await file2.stat({ bigint: true });
    if (stat2.isFile()) return new _Archive(path2, file2, looks(stat2));
    await file2.close();
    throw new JailError(`the root archive ${path2} is not a file`, REMEDY2);
  }
  /** Throws JailError where it is not what the policy says. */
  require(seen, wanted) {
    if (wanted !== null && seen !== wanted) throw new JailError(`${this.what} has the SHA-256 ${seen}, the policy says ${wanted}`, REMEDY2);
  }
  async sha256(signal) {
    const hash2 = (0, import_node_crypto3.createHash)("sha256");
    for await (const chunk of this.#chunks(hash2)) {
      void chunk;
      signal.throwIfAborted();
    }
    return hash2.digest("hex");
  }
  /** Into an empty directory. The bytes that are unpacked are hashed once more on their way: no others have this key. */
  async unpack(sha2563, into, room, signal) {
    const head = Buffer.alloc(6);
    await this.#file.read(head, 0, head.length, 0);
    const hash2 = (0, import_node_crypto3.createHash)("sha256");
    const program2 = decompressor(head);
    const plain = this.#chunks(hash2);
    const chunks = program2 === null ? plain : through(plain, { program: program2, what: this.what, remedy: REMEDY2, signal });
    await unpack(chunks, { what: this.what, into, room, signal, remedy: REMEDY2 });
    if (hash2.digest("hex") !== sha2563)
      throw new JailError(`${this.what} was changed while it was read`, "let nothing write to it while a run starts");
    requireRoot(into, this.what);
  }
  async *#chunks(hash2) {
    for (let at2 = 0; ; ) {
      const { bytesRead, buffer: buffer2 } = await this.#file.read(Buffer.allocUnsafeSlow(CHUNK2), 0, CHUNK2, at2);
      if (bytesRead === 0) return;
      at2 += bytesRead;
      const chunk = buffer2.subarray(0, bytesRead);
      hash2.update(chunk);
      yield chunk;
    }
  }
  async [Symbol.asyncDispose]() {
    await this.#file.close();
  }
};
async function looksOf(path2) {
  return (0, import_promises6.stat)(path2, { bigint: true }).then(looks, () => null);
}
function looks({ dev, ino, size, mtimeNs, ctimeNs, ctimeMs }) {
  return Date.now() - Number(ctimeMs) < QUIET ? null : [dev, ino, size, mtimeNs, ctimeNs].join(" ");
}

// src/host/root-cache.ts
var import_node_crypto4 = later("node:crypto");
var import_node_fs24 = require("node:fs");
init_errors();
init_exec();
init_places();

// src/host/root-lock.ts
var import_node_child_process7 = require("node:child_process");
var import_node_fs23 = require("node:fs");
init_exec();
var LOOK3 = "%C@ %s\\n";
var SCRIPT = `exec 3>&1
{ find "$1" -printf "$2" || printf 'broken ' >&3; } | sha256sum
exec cat >/dev/null 3>&-`;
async function holdRoot(directory2) {
  const lock = `${directory2}/lock`;
  if (!(0, import_node_fs23.existsSync)(lock)) return null;
  const argv = ["--shared", "--nonblock", "--no-fork", lock, "sh", "-c", SCRIPT, "sh", `${directory2}/tree`, LOOK3];
  const holder = (0, import_node_child_process7.spawn)("flock", argv, { env: CLEAN_ENV, stdio: ["pipe", "pipe", "ignore"] });
  const ended = new Promise((resolve) => {
    holder.once("error", () => resolve());
    holder.once("close", () => resolve());
  });
  holder.stdin.on("error", () => {
  });
  let said = "";
  for await (const chunk of holder.stdout) said += chunk.toString("latin1");
  const release2 = async () => {
    holder.stdin.end();
    await ended;
  };
  if (said === "") {
    await release2();
    return null;
  }
  return { seal: /^([0-9a-f]{64}) /.exec(said)?.[1] ?? null, release: release2 };
}

// src/host/root-cache.ts
var KEY = /^(?:image|archive)-[0-9a-f]{64}$/;
var MAKING = `${ROOTS}/lock`;
var MOST2 = 20 * 1024 ** 3;
var MARGIN2 = { bytes: 64 << 20, files: 2e4 };
var at = (name) => `${ROOTS}/${name}`;
var treeOf = (key) => `${ROOTS}/${key}/tree`;
var isKept = (key) => (0, import_node_fs24.existsSync)(at(key));
async function keepRoot(key, making, used) {
  const { what, notice, signal } = making;
  if (await used) return;
  (0, import_node_fs24.mkdirSync)(ROOTS, { recursive: true, mode: 448 });
  const lock = await holdLock(MAKING, "wait", signal);
  if (lock === null) {
    signal.throwIfAborted();
    throw new JailError(`${MAKING} could not be locked`, "see `agent-jail doctor`");
  }
  try {
    signal.throwIfAborted();
    await tidy();
    if (await use(key)) return;
    if (isKept(key)) {
      notice(`the directory kept of ${what} is not as it was made: it is made anew`);
      await discard(key);
    }
    await build(key, making);
  } finally {
    await lock.release();
  }
}
async function tidyRoots() {
  if (!(0, import_node_fs24.existsSync)(ROOTS)) return [];
  const lock = await holdLock(MAKING, "at once");
  if (lock === null) return [];
  try {
    return await tidy();
  } finally {
    await lock.release();
  }
}
var keyOf = (of) => names2().find((name) => kept(name)?.of === of) ?? null;
function remember(key, of) {
  const before = kept(key);
  if (before !== null && before.of !== of) writeKept(at(key), { ...before, of });
}
async function use(key) {
  const held = await holdRoot(at(key));
  if (held === null) return false;
  if (held.seal === null || held.seal !== kept(key)?.seal) {
    await held.release();
    return false;
  }
  (0, import_node_fs24.utimesSync)(`${at(key)}/lock`, /* @__PURE__ */ new Date(), /* @__PURE__ */ new Date());
  return true;
}
async function build(key, { what, make, signal }) {
  const part2 = `${key}.${(0, import_node_crypto4.randomBytes)(4).toString("hex")}.part`;
  const tree = `${at(part2)}/tree`;
  (0, import_node_fs24.mkdirSync)(at(part2), { mode: 448 });
  let held = null;
  try {
    (0, import_node_fs24.mkdirSync)(tree, { mode: 493 });
    (0, import_node_fs24.writeFileSync)(`${at(part2)}/lock`, "", { mode: 384 });
    const room = roomFor(what);
    await make(tree, room);
    const [looked, size] = await Promise.all([holdRoot(at(part2)), sizeOf(part2)]);
    held = looked;
    if (held === null || held.seal === null) throw new JailError(`${what} was unpacked, and could not be read`, "see `agent-jail doctor`");
    await room(size, false);
    signal.throwIfAborted();
    writeKept(at(part2), { schema: "agent-jail/root@1", size, made: (/* @__PURE__ */ new Date()).toISOString(), seal: held.seal, of: null });
    (0, import_node_fs24.renameSync)(at(part2), at(key));
  } catch (error) {
    await held?.release();
    await erase(part2);
    throw error.code === "ENOSPC" ? full(what) : error;
  }
}
function roomFor(what) {
  const { blocks, bsize } = (0, import_node_fs24.statfsSync)(ROOTS);
  const most = Math.min(MOST2, Math.floor(blocks * bsize / 4));
  return async (bytes, refused2) => {
    if (bytes > most)
      throw new JailError(
        `${what} does not fit: unpacked it is larger than the ${most} bytes that kept roots may take`,
        "use a smaller one, or unpack it yourself and use `jail.root: { directory }`"
      );
    const others = names2().map((name) => ({ name, used: lastUse(name), size: kept(name)?.size ?? 0 }));
    let taken = others.reduce((sum, { size }) => sum + size, bytes);
    for (const { name, size } of others.sort((a, b) => a.used - b.used)) {
      if (taken <= most && !isFull()) break;
      if (await remove(name)) taken -= size;
    }
    if (refused2 || isFull()) throw full(what);
    if (taken > most)
      throw new JailError(
        `${what} does not fit: roots that are in use take too much of the ${most} bytes that kept roots may take`,
        "run again when other runs have ended"
      );
  };
}
function isFull() {
  const { bavail, bsize, ffree, files } = (0, import_node_fs24.statfsSync)(ROOTS);
  return bavail * bsize < MARGIN2.bytes || files > 0 && ffree < MARGIN2.files;
}
var full = (what) => new JailError(`${what} does not fit: the disk of ${ROOTS} is full`, "free some space, or use a smaller root");
async function tidy() {
  const removed = [];
  for (const { name } of (0, import_node_fs24.readdirSync)(ROOTS, { withFileTypes: true }).filter((entry2) => entry2.isDirectory() && !KEY.test(entry2.name)))
    if (await remove(name).catch(() => false)) removed.push(at(name));
  return removed;
}
async function remove(name) {
  const file2 = `${at(name)}/lock`;
  const lock = (0, import_node_fs24.existsSync)(file2) ? await holdLock(file2, "at once") : null;
  if (lock === null && (0, import_node_fs24.existsSync)(file2)) return false;
  await erase(KEY.test(name) ? rename(name) : name);
  await lock?.release();
  return true;
}
async function discard(key) {
  await remove(rename(key));
}
function rename(key) {
  const old = `${key}.${(0, import_node_crypto4.randomBytes)(4).toString("hex")}.old`;
  (0, import_node_fs24.renameSync)(at(key), at(old));
  return old;
}
async function erase(name) {
  const argv = ["rm", "--recursive", "--force", "--one-file-system", "--", at(name)];
  const result = await exec([...argv], { timeout: 6e5 });
  if (result.code !== 0) throw new JailError(`${at(name)} could not be removed: ${failure(argv, result)}`, "remove it");
}
var names2 = () => (0, import_node_fs24.existsSync)(ROOTS) ? (0, import_node_fs24.readdirSync)(ROOTS).filter((name) => KEY.test(name)) : [];
function lastUse(name) {
  return (0, import_node_fs24.statSync)(`${at(name)}/lock`, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
async function sizeOf(name) {
  return Number((await must(["du", "--summarize", "--block-size=1", at(name)], "a root could not be measured")).split("	")[0]);
}
function kept(name) {
  try {
    const read4 = JSON.parse((0, import_node_fs24.readFileSync)(`${at(name)}/root.json`, "utf8"));
    return read4.schema === "agent-jail/root@1" ? read4 : null;
  } catch {
    return null;
  }
}
function writeKept(directory2, value) {
  const part2 = `${directory2}/root.json.${(0, import_node_crypto4.randomBytes)(4).toString("hex")}`;
  (0, import_node_fs24.writeFileSync)(part2, `${JSON.stringify(value)}
`, { mode: 384 });
  (0, import_node_fs24.renameSync)(part2, `${directory2}/root.json`);
}

// src/run/root-ahead.ts
async function lookAhead(wanted) {
  if (wanted.kind === "image") void Promise.all([Promise.resolve().then(() => (init_engine(), engine_exports)), Promise.resolve().then(() => (init_image(), image_exports))]).catch(() => {
  });
  const of = wanted.kind === "image" ? wanted.ref : wanted.kind === "archive" ? await looksOf(wanted.path) : null;
  const key = of === null ? null : keyOf(of);
  if (key === null) return null;
  const used = use(key);
  used.catch(() => {
  });
  return { key, used };
}

// src/run/warmup.ts
var NETNS = work("netns");
var ETC = work("etc");
function warmUp(programs, guess2, { first, host }) {
  const hands = new Hands(programs.hands);
  const mounted = mountWork(hands);
  let copying = null;
  const beginEtc = () => copying ??= mounted.then(async () => copyEtc(hands, ETC, ETC_ALLOWED));
  const etc = async () => (await beginEtc())();
  let waiting = null;
  const gateway = () => waiting ??= mounted.then(() => startGateway(hands, programs));
  let looked = null;
  const ahead = (root) => {
    looked ??= lookAhead(root);
    looked.catch(() => {
    });
    return looked;
  };
  const engines = /* @__PURE__ */ new Map();
  const engine = (choice) => {
    const key = JSON.stringify(choice);
    const met = engines.get(key) ?? Promise.resolve().then(() => (init_docker_engine(), docker_engine_exports)).then(async ({ meet: meet2 }) => meet2(choice));
    engines.set(key, met);
    met.catch(() => {
    });
    return met;
  };
  const backend = guess2 === "docker" ? Promise.resolve().then(() => (init_docker(), docker_exports)) : guess2 === "chroot" ? mounted : Promise.all([gateway(), findNspawn(TOOLS)]);
  for (const part2 of [mounted, backend, ...host ? [beginEtc()] : []]) part2.catch(() => {
  });
  const withoutGateway = async () => {
    if (waiting !== null) await dismissGateway(await waiting);
  };
  return { first, hands, mounted, etc, gateway, withoutGateway, ahead, engine };
}
async function startGateway(hands, programs) {
  await createNetns(hands, NETNS);
  return waitingGateway(programs, { netns: NETNS, files: openFiles3(), route: false, further: [] });
}
var openFiles3 = () => Math.min(65536, Number(/^Max open files\s+\d+\s+(\d+)/m.exec(readProc("self", "limits") ?? "")?.[1] ?? 4096));

// src/run/build.ts
var RESULT = work("scratch", "result");
var DIRECTORIES = [
  ["usr", 493],
  ["proc", 365],
  ["sys", 365],
  ["dev", 493],
  ["run", 493],
  ["tmp", 1023],
  ["var/tmp", 1023],
  ["var/lib", 493],
  ["var/cache", 493],
  ["var/log", 493],
  ["etc", 493],
  ["home", 493],
  ["root", 493],
  ["mnt", 493],
  ["srv", 493]
];
async function buildLayers(request, checked2, { hands, restore: script, scratch }) {
  const { overlays, identity } = checked2;
  makeSetup(overlays);
  const root = overlays[0];
  for (const [path2, mode] of DIRECTORIES) {
    const made = setupDirectory(root, path2, identity, mode);
    if (mode === 1023) (0, import_node_fs27.chmodSync)(made, mode);
  }
  const setup2 = work("setup", root.key);
  for (const { name, target } of checked2.links) (0, import_node_fs27.symlinkSync)(target, `${setup2}/${name}`);
  if (root.lower === null) moveEtc(`${setup2}/etc`);
  for (const [name, content] of Object.entries(etcFiles(identity, hostname(request.id))))
    (0, import_node_fs27.writeFileSync)(`${setup2}/etc/${name}`, content, { mode: 420 });
  if (request.interception !== null) trustInRoot(root, identity, request.interception.authority);
  for (const overlay of overlays.slice(1)) mountPoint(enclosing(overlays, overlay.target), overlay.target, identity);
  const whiteouts = overlays.flatMap((overlay) => cover(overlay, coversOf(overlay, overlays, request), identity));
  const earlier = request.restore;
  const kept2 = earlier === null ? /* @__PURE__ */ new Set() : await scratch.then(async () => restore(earlier, overlays, identity, script));
  for (const overlay of overlays.slice(1)) {
    const around = enclosing(overlays, overlay.target);
    if (kept2.has(around.key)) requireWay(around, overlay.target);
  }
  const mounted = mountOverlays(hands, overlays, whiteouts, identity, kept2);
  await scratch;
  await mounted;
  return layerViews(overlays, identity, kept2);
}
function coversOf(overlay, overlays, request) {
  const { lower } = overlay;
  if (lower === null) return [];
  const { forbidden, hidden } = request.surroundings;
  const gone2 = [...forbidden, ...hidden, ...recordPlaces(request.record)];
  const all = [...request.covers, ...gone2.map((path2) => ({ path: path2, content: null }))];
  const unique2 = new Map(all.map((c) => [c.path, c]));
  const absent = [...unique2.values()].filter((c) => c.content === null);
  return [...unique2.values()].filter(
    ({ path: path2 }) => path2 !== lower && !absent.some((c) => c.path !== path2 && within(path2, c.path)) && within(path2, lower) && // an overlay further in shows it, and covers it there
    !overlays.some((o) => o.lower !== null && o.lower.length > lower.length && within(path2, o.lower) && within(o.target, overlay.target))
  );
}
var recordPlaces = (record2) => {
  const folder = (0, import_node_path5.dirname)(record2);
  return (0, import_node_path5.basename)(folder) === ".agent-jail" ? [folder] : [record2];
};
function moveEtc(target) {
  (0, import_node_fs27.renameSync)(ETC, target);
  (0, import_node_fs27.chmodSync)(target, 493);
}
function buildRuntime(request, checked2) {
  const { uid, gid } = checked2.identity;
  (0, import_node_fs27.writeFileSync)(RESULT, "", { mode: 384 });
  (0, import_node_fs27.chownSync)(RESULT, uid, gid);
  (0, import_node_fs27.writeFileSync)(work("runtime", "result"), "", { mode: 292 });
  (0, import_node_fs27.writeFileSync)(work("runtime", "policy.json"), `${JSON.stringify(told(request.policy), null, 2)}
`, { mode: 292 });
  (0, import_node_fs27.writeFileSync)(work("runtime", (0, import_node_path5.basename)(APT.path)), APT.text, { mode: 292 });
  if (request.interception !== null) writeTrust(request.interception.authority);
  for (const [index, step] of request.steps.entries()) {
    const script = work("runtime", `step-${index}${step.extension}`);
    (0, import_node_fs27.writeFileSync)(script, step.script, { mode: 292 });
    (0, import_node_fs27.chmodSync)(script, 292);
  }
}
function makeCgroup(name, checked2) {
  const cgroup = new Cgroup(checked2.layout, name);
  cgroup.make();
  return cgroup;
}
function jailSpec(request, checked2, backend) {
  const view2 = checked2.overlays.map((o) => ({
    target: o.target,
    kind: "overlay",
    source: null,
    writable: o.access === "copy-on-write"
  }));
  return {
    id: request.id,
    root: ROOT,
    view: [
      ...view2,
      { target: RUNTIME, kind: "bind", source: backend.engine === null ? RUNTIME_FILES : FROZEN_RUNTIME, writable: false },
      { target: `${RUNTIME}/result`, kind: "bind", source: RESULT, writable: true }
    ],
    identity: checked2.identity,
    cgroup: backend.cgroup(request.id),
    netns: backend.engine === null && backend.lacks === null ? NETNS : null,
    seccomp: seccompProfile(checked2.architecture, backend.name === "docker" ? "oci" : "nspawn"),
    hostname: hostname(request.id)
  };
}
var hostname = (id) => `jail-${id.slice(-8).toLowerCase()}`;

// src/run/context.ts
var import_node_fs28 = require("node:fs");
init_places();

// src/transcript/recorder.ts
var import_node_crypto6 = later("node:crypto");
var COALESCE_MS = 10;
var COALESCE_BYTES = 1 << 16;
var CHECKPOINT_MS = 1e3;
var CHECKPOINT_BYTES = 1 << 20;
var Recorder = class {
  #options;
  #index;
  /** From the first byte on: to load what hashes takes a while. */
  #hash = null;
  #step = null;
  /** That of what is written without another one. */
  #stream = "merged";
  /** Bytes of two streams do not make one secret. */
  #errors;
  /** Bytes that the running step printed, before redaction. */
  #printed = 0;
  /** Bytes of `transcript.log`. */
  #written = 0;
  #pending = null;
  #checked = { t: 0, bytes: 0 };
  constructor(options) {
    this.#options = options;
    this.#errors = options.redactor.beside();
    this.#index = new NdjsonWriter(options.index, "transcript");
  }
  /** What the running step has printed so far, in bytes before redaction: what `limits.output` is about. */
  get printed() {
    return this.#printed;
  }
  begin(step, name, stream = "merged") {
    if (this.#step !== null) throw new Error(`step ${this.#step} has not ended`);
    this.#step = step;
    this.#stream = stream;
    this.#printed = 0;
    this.#checked = { t: this.#options.clock(), bytes: this.#written };
    this.#line({ kind: "begin", name: this.#options.redactor.redactText(name), offset: this.#written });
  }
  write(chunk, stream = this.#stream) {
    const step = this.#running();
    this.#printed += chunk.length;
    this.#emit(step, stream, (stream === "stderr" ? this.#errors : this.#options.redactor).push(chunk));
  }
  /** To be called about each 100 ms: brings the index up to date, makes the checkpoint that is due. */
  tick() {
    const now = this.#options.clock();
    if (this.#pending !== null && now - this.#pending.t >= COALESCE_MS) this.#flushIndex();
    if (this.#step !== null && this.#written > this.#checked.bytes && now - this.#checked.t >= CHECKPOINT_MS) this.#checkpoint(this.#step);
  }
  /** `bytes` is what the step printed, before redaction; `sha256` is of `transcript.log` so far. */
  end(exit) {
    const step = this.#running();
    this.#flushStreams(step);
    const sha2563 = this.#checkpoint(step);
    this.#line({ kind: "end", code: exit.code, signal: exit.signal, bytes: this.#printed });
    this.#step = null;
    return { bytes: this.#printed, sha256: sha2563 };
  }
  /** Something that the reader of a transcript should know: a limit, a cancellation. `data` is redacted. */
  mark(name, data) {
    this.#flushIndex();
    this.#line({ kind: "mark", name, data: this.#options.redactor.redactJson(data) });
  }
  /** Ends the index; a step that has not ended stays without its `end` line. */
  close() {
    if (this.#step !== null) this.#flushStreams(this.#step);
    this.#flushIndex();
    this.#index.end();
  }
  #running() {
    if (this.#step === null) throw new Error("no step is running");
    return this.#step;
  }
  #flushStreams(step) {
    this.#emit(step, this.#stream, this.#options.redactor.flush());
    this.#emit(step, "stderr", this.#errors.flush());
  }
  #emit(step, stream, bytes) {
    if (bytes.length === 0) return;
    const t = this.#options.clock();
    writeAll(this.#options.log, bytes);
    (this.#hash ??= (0, import_node_crypto6.createHash)("sha256")).update(bytes);
    const pending = this.#pending;
    const together = pending !== null && pending.stream === stream && t - pending.t < COALESCE_MS;
    if (together && pending.length + bytes.length <= COALESCE_BYTES) {
      pending.length += bytes.length;
    } else {
      this.#flushIndex();
      this.#pending = { t, stream, offset: this.#written, length: bytes.length };
    }
    this.#written += bytes.length;
    if (this.#written - this.#checked.bytes >= CHECKPOINT_BYTES) this.#checkpoint(step);
    this.#options.display(step, bytes);
  }
  #checkpoint(step) {
    this.#flushIndex();
    const sha2563 = (this.#hash ??= (0, import_node_crypto6.createHash)("sha256")).copy().digest("hex");
    this.#checked = { t: this.#options.clock(), bytes: this.#written };
    this.#line({ kind: "checkpoint", sha256: sha2563, bytes: this.#written });
    this.#options.checkpoint(step, sha2563, this.#written);
    return sha2563;
  }
  #flushIndex() {
    if (this.#pending === null) return;
    const { t, ...where } = this.#pending;
    this.#pending = null;
    this.#line({ kind: "output", ...where }, t);
  }
  #line(line, t = this.#options.clock()) {
    this.#index.line({ t, step: this.#step, ...line });
  }
};

// src/secrets/forms.ts
var MIN_FORM = 6;
var MIN_PIECE = 12;
var BASE64_COLUMNS = [76, 64];
var HEX_COLUMNS = 60;
var COMMON = new Set(
  "abc123 access account admin123 changeme change-me default demo123 development disabled dummy-value enabled example github hello123 localhost nothing password password1 placeholder private production public qwerty redacted sample secret secrets staging string test123 testing tester undefined unknown username 123456 1234567 12345678 123456789 1234567890".split(" ")
);
function secretForms(value) {
  const text4 = value.toWellFormed();
  const core = text4.trim();
  const bytes = Buffer.from(core);
  const forms = [
    text4,
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
  const unique2 = /* @__PURE__ */ new Map();
  for (const form of forms) {
    const encoded2 = typeof form === "string" ? Buffer.from(form) : form;
    if (encoded2.length >= MIN_FORM) unique2.set(encoded2.toString("latin1"), encoded2);
  }
  return [...unique2.values()];
}
function tooShort(value) {
  const core = value.trim();
  if (Buffer.byteLength(core) < MIN_FORM) return `it has fewer than ${MIN_FORM} bytes`;
  if (COMMON.has(core.toLowerCase())) return "it is a common word";
  if (new Set(core).size < 3) return "it has fewer than 3 different characters";
  return null;
}
function lineForms(core) {
  const lines3 = core.split(/\r\n|\n|\r|\\n/).map((line) => line.trim());
  if (lines3.length === 1) return [];
  return lines3.filter((line) => tooShort(line) === null && !/^-----(?:BEGIN|END) [A-Z0-9 ]+-----$/.test(line));
}
function base64Forms(bytes) {
  const forms = [];
  for (let before = 0; before < 3; before += 1) {
    const padded = Buffer.concat([Buffer.alloc(before), bytes]).toString("base64");
    const start = Math.ceil(before * 8 / 6);
    const stem = padded.slice(start, Math.floor((before + bytes.length) * 8 / 6));
    const open3 = padded.slice(start).replace(/=+$/, "");
    forms.push(stem, open3, padded.slice(start));
    if (before === 0) for (const columns of BASE64_COLUMNS) forms.push(...pieces(stem, columns));
  }
  return [...forms, ...forms.map((form) => form.replaceAll("+", "-").replaceAll("/", "_"))];
}
function hexForms(bytes) {
  const hex2 = bytes.toString("hex");
  return [hex2, hex2.toUpperCase(), ...pieces(hex2, HEX_COLUMNS)];
}
function percentForms(core, bytes) {
  const component = encodeURIComponent(core);
  const strict2 = component.replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
  const upper2 = [component, strict2, strict2.replaceAll("%2F", "/"), strict2.replaceAll("%20", "+")];
  upper2.push(bytes.toString("hex").toUpperCase().replace(/../g, "%$&"));
  return [...upper2, ...upper2.map((form) => form.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()))];
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
function pieces(text4, columns) {
  const found2 = [];
  for (let at2 = 0; text4.length > columns && at2 < text4.length; at2 += columns) found2.push(text4.slice(at2, at2 + columns));
  return found2.filter((piece) => piece.length >= MIN_PIECE);
}

// src/secrets/matcher.ts
var BLOCK3 = 3;
var TABLE = 1 << 16;
var Matcher = class {
  #min;
  #shift;
  /** Patterns by the block at the end of their first `#min` bytes, longest first. */
  #ending = /* @__PURE__ */ new Map();
  #byFirst = Array.from({ length: 256 }, () => []);
  constructor(patterns) {
    const min = Math.min(255, ...patterns.map((pattern) => pattern.bytes.length));
    if (min < BLOCK3) throw new RangeError(`a pattern has fewer than ${BLOCK3} bytes`);
    this.#min = min;
    this.#shift = new Uint8Array(TABLE).fill(min - BLOCK3 + 1);
    for (const pattern of patterns.toSorted((a, b) => b.bytes.length - a.bytes.length)) {
      for (let at2 = 0; at2 + BLOCK3 <= min; at2 += 1) {
        const key = hash(byte(pattern.bytes, at2), byte(pattern.bytes, at2 + 1), byte(pattern.bytes, at2 + 2));
        const shift = min - BLOCK3 - at2;
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

// src/secrets/tokens.ts
var WORD = "A-Za-z0-9";
var FORMATS = [
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
var ARMOUR = { begin: "-----BEGIN ", of: `(?:[${WORD}+/=\\s\\\\:,.]|-(?!----))`, most: 8192 };
var EXAMPLE = /EXAMPLE|(.)\1{15}/;
var group = (words2) => `(?:${words2.join("|")})`;
var ALONE2 = `(?<![${WORD}])`;
var BEGINS = FORMATS.flatMap(({ begins }) => begins);
var KIND = "(?:[A-Z0-9]{1,20} ){0,4}";
var START = new RegExp(group(BEGINS.map((word) => word.length < 4 ? `${word}[${WORD}]` : word)), "g");
var IN_WORD = new RegExp(`[${WORD}]`);
var WHOLE = new RegExp(
  [
    ...FORMATS.map(({ begins, of, least, most }) => {
      const token = `${group(begins)}[${of}]{${least},${most}}`;
      return least === most ? `(${token}(?![${of}]))` : `(${token})`;
    }),
    `(${ARMOUR.begin}${KIND}PRIVATE KEY-----${ARMOUR.of}{40,${ARMOUR.most}}-----END ${KIND}PRIVATE KEY-----)`
  ].join("|"),
  "y"
);
var NAMES = [...FORMATS.map(({ name }) => name), "private-key"];
var OPEN = new RegExp(
  `${group([
    ...FORMATS.map(({ begins, of, most }) => `${group(begins)}[${of}]{0,${most}}`),
    `${ARMOUR.begin}[A-Z0-9 ]{0,100}-{0,4}`,
    `${ARMOUR.begin}${KIND}PRIVATE KEY-----${ARMOUR.of}{0,${ARMOUR.most}}(?:-{0,5}|-----E[A-Z0-9 ]{0,110}-{0,5})`
  ])}$`,
  "y"
);
var beginnings = (word) => Array.from({ length: Math.max(3, word.length - 1) }, (_, at2) => word.slice(0, at2 + 1));
var PARTIAL = new RegExp(`(?:${ALONE2}${group([...new Set(BEGINS.flatMap(beginnings))])}|${group(beginnings(ARMOUR.begin))})$`);
var LONGEST_BEGIN = 12;
function findTokens(text4, final, begin = 0) {
  const tokens = [];
  let armour = text4.indexOf(ARMOUR.begin, begin);
  for (let from = begin; ; ) {
    if (armour !== -1 && armour < from) armour = text4.indexOf(ARMOUR.begin, from);
    START.lastIndex = from;
    const found2 = START.exec(text4)?.index;
    const start = found2 === void 0 || armour !== -1 && armour < found2 ? armour : found2;
    if (start === -1) return { tokens, stop: final ? text4.length : partial(text4, from) };
    if (start > 0 && start !== armour && IN_WORD.test(text4.charAt(start - 1))) {
      from = start + 1;
      continue;
    }
    WHOLE.lastIndex = start;
    const [whole, ...kinds] = WHOLE.exec(text4) ?? [];
    if (whole !== void 0 && (final || start + whole.length < text4.length)) {
      const name = NAMES[kinds.findIndex((kind2) => kind2 !== void 0)] ?? "";
      if (!EXAMPLE.test(whole)) tokens.push({ at: start, length: whole.length, name });
      from = start + whole.length;
      continue;
    }
    OPEN.lastIndex = start;
    if (!final && OPEN.test(text4)) return { tokens, stop: start };
    from = start + 1;
  }
}
function partial(text4, from) {
  const tail = Math.max(from, text4.length - LONGEST_BEGIN);
  const seen = Math.max(0, tail - 1);
  const at2 = text4.slice(seen).search(PARTIAL);
  return at2 === -1 ? text4.length : Math.max(tail, seen + at2);
}

// src/transcript/formats.ts
var EMPTY = Buffer.alloc(0);
var latin1 = (bytes) => bytes.toString("latin1");
var FormatRedactor = class {
  #found;
  /** Bytes that may be the start of a token. */
  #held = EMPTY;
  /** The byte before them: a token does not begin in the middle of a word. */
  #before = "";
  constructor(found2) {
    this.#found = found2;
  }
  /** The next bytes that can be shown; may be `chunk` itself. */
  push(chunk) {
    const data = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    const text4 = this.#before + latin1(data);
    const { tokens, stop: stop2 } = findTokens(text4, false, this.#before.length);
    const shown = this.#replace(data, tokens, this.#before.length, stop2 - this.#before.length);
    this.#held = stop2 === text4.length ? EMPTY : Buffer.from(data.subarray(stop2 - this.#before.length));
    this.#before = text4.charAt(stop2 - 1);
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
  #replace(data, tokens, skip, stop2) {
    if (tokens.length === 0) return stop2 === data.length ? data : data.subarray(0, stop2);
    const pieces2 = [];
    let done = 0;
    for (const { at: at2, length, name } of tokens) {
      this.#found(name);
      pieces2.push(data.subarray(done, at2 - skip), Buffer.from(`[redacted ${name}]`));
      done = at2 - skip + length;
    }
    return Buffer.concat([...pieces2, data.subarray(done, stop2)]);
  }
};

// src/transcript/redact.ts
var EMPTY2 = Buffer.alloc(0);
function redactorOf(request) {
  return new Redactor(
    [
      ...Object.entries(request.secrets).map(([name, value]) => ({ name, value })),
      ...request.mask.map((value) => ({ name: "mask", value }))
    ],
    true
  );
}
var Redactor = class _Redactor {
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
  constructor(secrets, formats = false) {
    this.#secrets = secrets;
    const patterns = /* @__PURE__ */ new Map();
    secrets.forEach(({ name, value }, owner) => {
      this.#counts.set(name, 0);
      for (const bytes of secretForms(value)) {
        const key = bytes.toString("latin1");
        if (!patterns.has(key)) patterns.set(key, { bytes, owner });
      }
    });
    this.#names = secrets.map(({ name }) => name);
    this.#labels = this.#names.map((name) => label(name, [...patterns.values()]));
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
  redactText(text4) {
    const bytes = Buffer.from(text4);
    const known = this.#scan(fresh(), bytes, true);
    const redacted = this.#formats === null ? known : this.#formats.whole(known);
    return redacted === bytes ? text4 : redacted.toString();
  }
  /** The beginning of a text whose rest is not known, without what may be the beginning of a form. */
  redactHead(text4) {
    return this.#scan(fresh(), Buffer.from(text4), false).toString();
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
    let stop2 = data.length;
    for (let match = matcher.next(data, 0, final); match !== null; match = matcher.next(data, match.at + 1, final)) {
      const { at: at2, pattern } = match;
      if (pattern === null) {
        stop2 = at2;
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
    state.held = Buffer.from(data.subarray(stop2));
    state.covered = Math.max(0, done - stop2);
    if (pieces2.length === 0 && done === 0) return stop2 === data.length ? data : data.subarray(0, stop2);
    if (done < stop2) pieces2.push(data.subarray(done, stop2));
    return Buffer.concat(pieces2);
  }
  #replace(state, owner) {
    const name = this.#names[owner] ?? "";
    state.region.add(owner);
    this.#count(name);
    return this.#labels[owner] ?? EMPTY2;
  }
  #count = (name) => void this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
};
function fresh() {
  return { held: EMPTY2, covered: 0, region: /* @__PURE__ */ new Set() };
}
function label(name, patterns) {
  const choices = [`[redacted ${name.replace(/[^\w.-]/g, "_")}]`, "[redacted]"].map((text4) => Buffer.from(text4));
  return choices.find((choice) => patterns.every(({ bytes }) => !choice.includes(bytes))) ?? Buffer.from("***");
}

// src/model/collector.ts
var EVIDENCE = ["changes.ndjson", "changes.patch", ...OTHER_PATCHES, "changes.tar.gz", "result.txt", "agent.ndjson"];
var REHEARSE = "rehearse";

// src/run/collectors.ts
var DERIVED = [
  "verdict.json",
  "trajectory.json",
  "transcript.cast",
  "transcript.txt",
  "report.html",
  "findings.sarif",
  "summary.md"
];
var PATIENCE6 = 10 * 6e4;
var REHEARSED_WITHIN = 1e4;
var REHEARSAL_AFTER = 1e3;
var Collectors = class {
  #start;
  #scratch;
  #first = null;
  /** Who judges, and the files it was started with; null: nobody yet. */
  #judge = null;
  #timer;
  #rehearsal = null;
  #ended = false;
  constructor(start, scratch) {
    this.#start = start;
    this.#scratch = scratch;
  }
  startAhead() {
    this.#begin();
    this.#timer = setTimeout(() => {
      this.#rehearsal = this.#rehearse();
    }, REHEARSAL_AFTER);
  }
  #begin() {
    const files = [...EVIDENCE, ...DERIVED];
    this.#first = this.#start(files);
    this.#judge = { seat: this.#first, files };
  }
  async #rehearse() {
    const { collector, uid } = this.#waiting();
    try {
      await collector.ask({ kind: "rehearsal", scratch: this.#scratch(uid) }, REHEARSED_WITHIN);
    } catch {
      collector.kill();
      if (!this.#ended) this.#begin();
    }
  }
  /** One question at a time. */
  async #rehearsed() {
    clearTimeout(this.#timer);
    await this.#rehearsal;
  }
  /** Evidence of what the agent left, once `freeze` has made that safe to read. */
  async changes(request, freeze) {
    await this.#rehearsed();
    const { collector, uid } = this.#waiting();
    this.#judge = this.#another();
    const scratch = this.#scratch(uid);
    await freeze();
    const answer2 = await collector.ask({ ...request, kind: "changes", outputs: descriptors(EVIDENCE), scratch }, PATIENCE6);
    return answer2;
  }
  /** Of the sealed record. */
  async verdict(request) {
    await this.#rehearsed();
    const { seat, files } = this.#judge ??= this.#another();
    const answer2 = await seat.collector.ask({ ...request, kind: "verdict", outputs: descriptors(DERIVED, files) }, PATIENCE6);
    return answer2;
  }
  kill() {
    clearTimeout(this.#timer);
    this.#ended = true;
    this.#first?.collector.kill();
    this.#judge?.seat.collector.kill();
  }
  #waiting() {
    if (this.#first === null) throw new Error("no collector was started ahead");
    return this.#first;
  }
  #another() {
    return { seat: this.#start(DERIVED), files: DERIVED };
  }
};
function descriptors(names3, inherited = names3) {
  return Object.fromEntries(names3.map((name) => [name, 3 + inherited.indexOf(name)]));
}

// src/run/paper.ts
var NO_COUNTS = { changed: 0, ignored: 0, denied: 0, redacted: 0, findings: 0 };
var Paper = class {
  backend;
  root;
  proof = null;
  end;
  counts = NO_COUNTS;
  tokens = null;
  programs = { source: "none", why: "it never got that far, or was cut off" };
  exact = true;
  redacted = {};
  notices = [];
  #request;
  #channel;
  #steps;
  #started = (/* @__PURE__ */ new Date()).toISOString();
  #limits = /* @__PURE__ */ new Map();
  #host;
  #path = null;
  constructor(request, channel) {
    this.#request = request;
    this.#channel = channel;
    this.backend = { name: request.backend === "auto" ? "nspawn" : request.backend, version: "", why: "" };
    this.#host = { kernel: "", arch: process.arch, cpus: 0, memory: 0, cgroups: "" };
    this.root = { kind: request.policy.jail.root.kind, sha256: null };
    this.#steps = request.steps.map(({ name, setup: setup2, shell, tty, agent }) => ({
      name,
      setup: setup2,
      argv: shell,
      tty,
      agent,
      started: null,
      exit: null
    }));
    this.end = { how: "error", started: false, message: "the warden was killed", remedy: "run again", place: null };
  }
  chose(name, usable, why) {
    this.backend = { name, version: usable.version, why };
  }
  checked({ machine: machine2, layout, limits, env }, scratch) {
    this.#path = env["PATH"] ?? null;
    const { kernel, arch: arch2, cpus, memory } = machine2;
    this.#host = { kernel, arch: arch2, cpus, memory, cgroups: layout.kind };
    const { memory: bytes, cpus: cores, processes, time, idle, output } = limits.agent;
    const numbers2 = [
      ["memory", bytes],
      ["cpus", cores],
      ["processes", processes],
      ["disk", scratch.size],
      ["files", scratch.files],
      ["time", time],
      ["idle", idle],
      ["output", output],
      ["upload", this.#request.policy.limits.upload],
      ["download", this.#request.policy.limits.download],
      ["connections", this.#request.policy.limits.connections],
      ["requests", this.#request.policy.limits.requests]
    ];
    for (const [name, limit] of numbers2) this.#limits.set(name, { limit, peak: null, hit: false });
  }
  /** Keeps the largest. */
  peak(name, value) {
    const entry2 = this.#limits.get(name);
    if (entry2 !== void 0) entry2.peak = Math.max(entry2.peak ?? 0, value);
  }
  hit(name) {
    const entry2 = this.#limits.get(name);
    if (entry2 !== void 0) entry2.hit = true;
  }
  begin(step) {
    this.#step(step, { started: this.#channel.clock() });
    if (this.end.how === "error") this.end = { ...this.end, started: true };
  }
  ended(step, exit) {
    this.#step(step, { exit });
    for (const name of exit.hit) this.hit(name);
    this.peak("output", exit.bytes);
    this.peak("time", exit.ms);
  }
  document() {
    const { id, version, policy, source, base, origin, workspace } = this.#request;
    return {
      schema: "agent-jail/run@1",
      id,
      started: this.#started,
      tool: { name: "agent-jail", version, node: process.version },
      policy,
      source,
      base,
      origin,
      backend: this.backend,
      host: this.#host,
      root: this.root,
      workspace,
      path: this.#path,
      proof: this.proof,
      steps: this.#steps,
      end: this.end,
      limits: [...this.#limits].map(([name, entry2]) => ({ name, ...entry2 })),
      counts: this.counts,
      programs: this.programs,
      tokens: this.tokens,
      redacted: this.redacted,
      exact: this.exact,
      notices: this.notices,
      phases: this.#channel.phases
    };
  }
  #step(index, change) {
    const step = this.#steps[index];
    if (step !== void 0) this.#steps[index] = { ...step, ...change };
  }
};

// src/run/context.ts
var Context = class {
  request;
  programs;
  channel;
  files;
  paper;
  redactor;
  recorder;
  warm;
  collectors;
  /** hrtime at run start, for the gateway's clock. */
  epoch;
  /** Resolves when the run has to end before its steps have: a cancel, a dead gateway. */
  stop;
  end;
  /** An agent command was let go. */
  started = false;
  state = null;
  cgroup = null;
  jail = null;
  /** What the warden mounts is in the machine's mount namespace as well, and has to go from there. */
  exported = null;
  #released = null;
  /** Of the conclusion, what was done, or was begun with ahead. */
  stopped = null;
  collected = null;
  network = null;
  trace = null;
  views = [];
  constructor(request, programs, warm, channel, files, epoch) {
    this.request = request;
    this.warm = warm;
    this.programs = programs;
    this.channel = channel;
    this.files = files;
    this.epoch = epoch;
    this.paper = new Paper(request, channel);
    const { promise, resolve } = Promise.withResolvers();
    this.stop = promise;
    this.end = resolve;
    this.collectors = new Collectors(
      (names3) => startCollector(
        programs,
        names3.map((name) => files.fd(name))
      ),
      (uid) => {
        (0, import_node_fs28.chownSync)(COLLECT, uid, uid);
        return COLLECT;
      }
    );
    this.redactor = redactorOf(request);
    this.recorder = new Recorder({
      log: files.fd("transcript.log"),
      index: files.fd("transcript.ndjson"),
      redactor: this.redactor,
      clock: channel.clock,
      checkpoint: (step, sha2563, bytes) => channel.send({ kind: "checkpoint", step, sha256: sha2563, bytes }),
      display: (step, bytes) => {
        if (request.display) channel.output(step, bytes);
      }
    });
  }
  /** Nobody needs the layers any more: lets go of what the machine's engine holds, and of what is shown to it. Throws JailError. */
  async release() {
    this.#released ??= (async () => {
      const shown = this.exported?.catch(() => {
      }).then(async () => withdrawWork(this.request.id, this.programs.export));
      const ended = await Promise.allSettled([this.jail?.[Symbol.asyncDispose](), shown]);
      void this.warm.hands.ask("the layers could not be unmounted", ["detach", ROOT, SCRATCH]);
      for (const one2 of ended) if (one2.status === "rejected") throw one2.reason;
    })();
    return this.#released;
  }
  notice(message) {
    this.paper.notices.push(message);
    this.channel.send({ kind: "notice", message });
  }
  /** `run.json` as things stand. */
  write() {
    writeRun(this.request.record, this.paper.document(), this.request.caller);
  }
};
var Stopped = class extends Error {
  end;
  constructor(end2) {
    super(end2.how);
    this.end = end2;
  }
};

// src/run/left.ts
var import_node_fs29 = require("node:fs");
function leftNothing(layers2, result) {
  try {
    const stat2 = (0, import_node_fs29.lstatSync)(result);
    return stat2.isFile() && stat2.size === 0 && layers2.every(({ upper: upper2 }) => isEmpty(upper2));
  } catch {
    return false;
  }
}
function isEmpty(directory2) {
  const open3 = (0, import_node_fs29.opendirSync)(directory2, { bufferSize: 1 });
  try {
    return open3.readSync() === null;
  } finally {
    open3.closeSync();
  }
}

// src/run/conclude.ts
function endOf2(error, started) {
  if (error instanceof Stopped) return error.end;
  if (error instanceof JailError) return { how: "error", started, message: error.message, remedy: error.remedy, place: error.place };
  const message = error instanceof Error ? error.stack ?? error.message : String(error);
  return { how: "error", started, message, remedy: "this is a defect of agent-jail: please report it", place: null };
}
async function conclude(context, first) {
  const { channel, paper } = context;
  let end2 = first;
  const attempt = async (work2) => {
    try {
      await work2();
    } catch (error) {
      if (end2.how !== "error") end2 = endOf2(error, context.started);
    }
  };
  let manifest = null;
  let verdict = null;
  channel.phase("stopped");
  await attempt(() => stopOnce(context));
  channel.phase("collect");
  await attempt(() => collectOnce(context));
  channel.phase("seal");
  context.release().catch(() => {
  });
  await attempt(async () => {
    if (context.trace !== null) paper.programs = await context.trace.finish();
    paper.end = end2;
    paper.redacted = Object.fromEntries(context.redactor.counts);
    paper.counts = { ...paper.counts, redacted: [...context.redactor.counts.values()].reduce((sum, n) => sum + n, 0) };
    context.write();
    context.recorder.close();
    const { request } = context;
    manifest = seal(request.record, request.id, request.caller);
    verdict = await context.collectors.verdict({ id: request.id, record: request.record, secrets: request.secrets, mask: request.mask });
  });
  channel.phase("clean");
  await attempt(async () => clean(context));
  const answer2 = verdict;
  const { outcome, because } = concluded(end2, answer2);
  channel.send({
    kind: "ended",
    end: end2,
    outcome,
    because,
    manifest,
    counts: { ...paper.counts, findings: answer2?.findings ?? 0 }
  });
  await channel.flush();
}
function concludeAhead(context) {
  collectOnce(context).catch(() => {
  });
}
async function stopOnce(context) {
  context.stopped ??= stop(context);
  return context.stopped;
}
async function collectOnce(context) {
  context.collected ??= stopOnce(context).catch(() => {
  }).then(async () => collect(context));
  return context.collected;
}
function concluded(end2, answer2) {
  if (end2.how === "error" && answer2?.outcome !== "jail-error") return { outcome: "jail-error", because: displayText(end2.message) };
  return answer2 ?? { outcome: "jail-error", because: "the record could not be judged" };
}
async function stop(context) {
  if (context.cgroup !== null && !await context.cgroup.kill()) throw new JailError("processes of the jail could not be killed", HANGS);
  void context.trace?.finish();
  if (context.network === null) return;
  const { denied, tokens } = await context.network.finish();
  context.paper.counts = { ...context.paper.counts, denied };
  context.paper.tokens = tokens;
}
async function collect(context) {
  const { request, collectors, views, paper } = context;
  if (!context.started) return;
  if (leftNothing(views, RESULT)) {
    context.release().catch(() => {
    });
    return writeNothing({ id: request.id, layers: views, outputs: outputsOf(context) });
  }
  const { changed, ignored, withheld, sessionsLeft } = await collectors.changes(
    {
      id: request.id,
      layers: views,
      result: RESULT,
      secrets: Object.entries(request.secrets).map(([name, value]) => ({ name, value })),
      mask: request.mask,
      touched: request.policy.record.touched,
      agents: AGENTS.filter((agent) => request.steps.some(({ setup: setup2, agent: wish }) => !setup2 && (wish ?? agent) === agent))
    },
    async () => context.warm.hands.ask("the layers could not be made read-only", ["freeze", WORK])
  );
  paper.counts = { ...paper.counts, changed, ignored };
  paper.exact = withheld === 0;
  if (sessionsLeft > 0) context.notice(`${sessionsLeft} of the agent's own logs were not taken; agent.ndjson says why`);
}
var outputsOf = ({ files }) => ({
  "changes.ndjson": files.fd("changes.ndjson"),
  "changes.tar.gz": files.fd("changes.tar.gz"),
  "agent.ndjson": files.fd("agent.ndjson")
});
async function clean(context) {
  context.network?.kill();
  context.collectors.kill();
  context.files.close();
  const untraced = context.trace?.remove();
  untraced?.catch(() => {
  });
  try {
    await context.release();
  } finally {
    await context.cgroup?.remove();
    await untraced;
  }
  if (context.state === null) return;
  await context.warm.hands.alive().finally(() => removeState(context.request.id));
}

// src/run/events.ts
var Channel = class {
  clock;
  phases = {};
  #stream;
  #seq = 0;
  #dropped = 0;
  constructor(stream, clock) {
    this.#stream = stream;
    this.clock = clock;
  }
  phase(phase) {
    this.phases[phase] = this.clock();
    this.send({ kind: "phase", phase });
  }
  send(body) {
    this.#stream.write(`${JSON.stringify({ seq: this.#seq, t: this.clock(), ...body })}
`);
    this.#seq += 1;
  }
  output(step, bytes) {
    if (this.#stream.writableNeedDrain) {
      this.#dropped += bytes.length;
      return;
    }
    for (let at2 = 0; at2 < bytes.length; at2 += CHUNK3) {
      this.send({ kind: "output", step, base64: bytes.toString("base64", at2, at2 + CHUNK3), dropped: this.#dropped });
      this.#dropped = 0;
    }
  }
  /** Resolves when everything was handed to the kernel, or main is gone. */
  async flush() {
    await new Promise((resolve) => this.#stream.write("", () => resolve()));
  }
};
var CHUNK3 = 1 << 16;

// src/run/inbox.ts
var Inbox = class {
  #asked = [];
  #taker = null;
  #cancelled = null;
  #cancel = null;
  constructor(lines3) {
    void this.#read(lines3);
  }
  /** null: main wants nothing any more, or is gone. */
  async next() {
    const asked = this.#asked.shift();
    if (asked !== void 0) return asked;
    return new Promise((resolve) => {
      this.#taker = resolve;
    });
  }
  /** Calls once the run that was asked for last is to end. */
  onCancel(cancel) {
    this.#cancel = cancel;
    if (this.#cancelled !== null) cancel(this.#cancelled);
  }
  async #read(lines3) {
    try {
      for await (const line of lines3) {
        const message = JSON.parse(line);
        if (message.kind === "cancel") this.#stop(message.by);
        else this.#put(message);
      }
      this.#stop("the end of main");
    } catch {
      this.#stop("a broken pipe from main");
    }
    this.#put(null);
  }
  #stop(by) {
    this.#cancelled ??= by;
    this.#cancel?.(by);
  }
  #put(asked) {
    if (asked?.kind === "run") {
      this.#cancelled = null;
      this.#cancel = null;
    }
    const taker = this.#taker;
    this.#taker = null;
    if (taker === null) this.#asked.push(asked);
    else taker(asked);
  }
};

// src/run/rehearsal.ts
var import_node_fs32 = require("node:fs");

// src/changes/changed-tree.ts
var import_node_fs30 = require("node:fs");
var import_node_path6 = require("node:path");
function makeChangedTree(place, directories) {
  const below2 = (name) => (0, import_node_path6.join)(place, name);
  const write2 = (trees, path2, content) => {
    for (const tree of trees) {
      const file2 = (0, import_node_path6.join)(place, tree, path2);
      (0, import_node_fs30.mkdirSync)((0, import_node_path6.dirname)(file2), { mode: 448, recursive: true });
      (0, import_node_fs30.writeFileSync)(file2, content);
    }
  };
  write2(["base", "merged"], ".gitignore", "ignored\n");
  for (let n = 0; n < directories; n += 1) {
    write2(["base"], `d${n}/one`, "old\n");
    write2(["base"], `d${n}/two`, `${n}
`);
    write2(["base"], `d${n}/gone/file`, "gone\n");
    for (const name of ["one", "two", "gone", "new"]) write2(["upper", "merged"], `d${n}/${name}`, `new ${name} ${n}
`);
  }
  return {
    layer: "workspace",
    target: "/workspace",
    upper: below2("upper"),
    lowers: [below2("base")],
    merged: below2("merged"),
    swapped: null
  };
}

// src/run/rehearsal.ts
init_places();

// src/system/code-cache.ts
var import_node_fs31 = require("node:fs");
var import_node_path7 = require("node:path");

// src/system/kept-code.ts
var KEEP = /* @__PURE__ */ Symbol.for("agent-jail.keep-code");
function keepCode() {
  globalThis[KEEP]?.();
}

// src/system/code-cache.ts
var OF_ROOT = "/var/lib/agent-jail/code";
function wantsCode(entry2) {
  if (!(0, import_node_fs31.existsSync)(OF_ROOT)) return false;
  const program2 = programOf(entry2);
  const file2 = (0, import_node_fs31.openSync)(program2, "r");
  try {
    return read2((0, import_node_path7.join)(OF_ROOT, nameOf(program2, file2))) === null;
  } finally {
    (0, import_node_fs31.closeSync)(file2);
  }
}
var programOf = (entry2) => entry2.replace(/\.cjs$/, ".code.cjs");
function nameOf(program2, fd) {
  const { dev, ino, size, ctimeNs } = (0, import_node_fs31.fstatSync)(fd, { bigint: true });
  const file2 = [dev, ino, size, ctimeNs].map((number2) => number2.toString(16));
  return [(0, import_node_path7.basename)(program2, ".code.cjs"), process.versions.node, ...file2].join("-");
}
var MOST3 = 16 << 20;
function read2(place) {
  let file2 = null;
  try {
    if (!own((0, import_node_fs31.statSync)((0, import_node_path7.dirname)(place)))) return null;
    file2 = (0, import_node_fs31.openSync)(place, import_node_fs31.constants.O_RDONLY | import_node_fs31.constants.O_NOFOLLOW | import_node_fs31.constants.O_NONBLOCK);
    const seen = (0, import_node_fs31.fstatSync)(file2);
    if (!seen.isFile() || !own(seen) || seen.size > MOST3) return null;
    const code = (0, import_node_fs31.readFileSync)(file2);
    return code.length > 0 ? code : null;
  } catch {
    return null;
  } finally {
    if (file2 !== null) (0, import_node_fs31.closeSync)(file2);
  }
}
var own = ({ uid, mode }) => (uid === 0 || uid === process.getuid?.()) && (mode & 18) === 0;

// src/run/rehearsal.ts
var PATIENCE7 = 2e4;
var OWNER = { uid: 0, gid: 0 };
var DIRECTORIES2 = 4;
async function rehearse(request, channel, programs) {
  if (!wantsCode(programs.collector)) return;
  const place = (name) => `${REHEARSAL}/${name}`;
  const [record2, scratch] = [place("record"), place("scratch")];
  for (const directory2 of [REHEARSAL, record2, scratch]) (0, import_node_fs32.mkdirSync)(directory2, { mode: 448 });
  const layer = makeChangedTree(REHEARSAL, DIRECTORIES2);
  const files = createRecord(record2, OWNER);
  const names3 = [...EVIDENCE, ...DERIVED];
  const argv = [programs.node, ...COLLECTOR_FLAGS, programs.collector, String(names3.length), REHEARSE];
  const fds = names3.map((name) => files.fd(name));
  const collector = new Collector([...argv], fds);
  try {
    const { id } = request;
    const nothing = { secrets: [], mask: [], touched: false, agents: [] };
    await collector.ask(
      { kind: "changes", id, layers: [layer], outputs: descriptors(EVIDENCE, names3), result: place("merged/d0/new"), scratch, ...nothing },
      PATIENCE7
    );
    writeRun(record2, new Paper(request, channel).document(), OWNER);
    seal(record2, id, OWNER);
    await collector.ask({ kind: "verdict", id, record: record2, secrets: {}, mask: [], outputs: descriptors(DERIVED, names3) }, PATIENCE7);
    await collector.ended;
  } finally {
    collector.kill();
    files.close();
  }
}

// src/run/sequence.ts
var import_node_fs49 = require("node:fs");
var import_promises13 = require("node:timers/promises");
init_places();

// src/host/programs.ts
var import_node_fs33 = require("node:fs");
var import_node_path8 = require("node:path");
init_errors();
init_exec();
var PROGRAMS = {
  perl: "perl-base",
  git: "git",
  tar: "tar",
  "mkfs.ext4": "e2fsprogs",
  mount: "mount",
  losetup: "mount",
  unshare: "util-linux",
  setpriv: "util-linux",
  flock: "util-linux",
  ip: "iproute2"
};
function findProgram(name) {
  return SYSTEM_PATH.split(":").map((directory2) => (0, import_node_path8.join)(directory2, name)).find(executable2) ?? null;
}
function requirePrograms(find = findProgram) {
  const missing = Object.keys(PROGRAMS).filter((name) => find(name) === null);
  if (missing.length === 0) return;
  const packages = [...new Set(missing.map((name) => PROGRAMS[name]))].join(" ");
  throw new JailError(`missing on this machine: ${missing.join(", ")}`, `install what is missing: \`apt-get install ${packages}\``);
}
function executable2(path2) {
  if (!(0, import_node_fs33.existsSync)(path2)) return false;
  try {
    (0, import_node_fs33.accessSync)(path2, import_node_fs33.constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

// src/run/sequence.ts
init_errors();

// src/run/check.ts
var import_node_fs35 = require("node:fs");

// src/host/machine.ts
var import_node_fs34 = require("node:fs");
var import_node_os2 = require("node:os");
init_proc();
function readMachine() {
  return {
    kernel: (0, import_node_os2.release)(),
    arch: (0, import_node_os2.arch)(),
    cpus: (0, import_node_os2.availableParallelism)(),
    memory: (0, import_node_os2.totalmem)(),
    mounts: parseMountinfo(readProc("self", "mountinfo") ?? "")
  };
}
function lookAt(path2, mounts2) {
  let stat2;
  try {
    stat2 = (0, import_node_fs34.statSync)(path2);
  } catch {
    return null;
  }
  if (!stat2.isDirectory()) return null;
  const below2 = [...new Set(mounts2.map((m) => m.target).filter((target) => target.startsWith(path2 === "/" ? "/" : `${path2}/`)))];
  const nearest = below2.filter((target) => !below2.some((other) => target.startsWith(`${other}/`)));
  return {
    owner: { uid: stat2.uid, gid: stat2.gid },
    mode: stat2.mode & 4095,
    submounts: nearest.map((target) => ({ target, directory: isDirectory(target) }))
  };
}
function knownUids() {
  return new Set(
    (0, import_node_fs34.readFileSync)("/etc/passwd", "utf8").split("\n").map((line) => Number(line.split(":")[2]))
  );
}
function isDirectory(path2) {
  try {
    return (0, import_node_fs34.statSync)(path2).isDirectory();
  } catch {
    return false;
  }
}

// src/run/check.ts
init_places();
init_architecture();
init_errors();

// src/plan/toolchain.ts
var import_posix = require("node:path/posix");
init_errors();

// src/plan/toolchain-data.ts
var variables = (kind2, ...names3) => names3.map((name) => ({ name, kind: kind2, export: true }));
var TOOLCHAIN_VARIABLES = [
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
var TOOL_DIRECTORIES = [
  { under: ".cargo/bin", show: [".rustup"], env: { RUSTUP_HOME: ".rustup" } },
  // each program is rustup, which looks for the real one
  { under: ".pyenv", show: [".pyenv"], env: { PYENV_ROOT: ".pyenv" } },
  { under: ".rbenv", show: [".rbenv"], env: { RBENV_ROOT: ".rbenv" } },
  { under: ".nodenv", show: [".nodenv"], env: { NODENV_ROOT: ".nodenv" } },
  { under: ".goenv", show: [".goenv"], env: { GOENV_ROOT: ".goenv" } },
  { under: ".asdf", show: [".asdf"], env: { ASDF_DATA_DIR: ".asdf" } },
  { under: ".nvm", show: [".nvm"], env: { NVM_DIR: ".nvm" } },
  { under: ".volta", show: [".volta"], env: { VOLTA_HOME: ".volta" } },
  { under: ".sdkman", show: [".sdkman"], env: { SDKMAN_DIR: ".sdkman" } },
  { under: ".local/share/mise", show: [".local/share/mise"], env: { MISE_DATA_DIR: ".local/share/mise" } },
  { under: ".local/bin", show: [".local/share/pipx/venvs", ".local/pipx/venvs", ".local/share/uv/tools", ".local/share/uv/python", ".local/share/claude/versions"] },
  { under: ".dotnet", show: [".dotnet"], env: { DOTNET_ROOT: ".dotnet" } },
  { under: ".bun/bin", show: [".bun/install/global"] },
  { under: ".ghcup", show: [".ghcup"] },
  { under: ".opam", show: [".opam"] },
  { under: ".linuxbrew", show: [".linuxbrew"] },
  { under: ".composer/vendor/bin", show: [".composer/vendor"] },
  { under: ".config/composer/vendor/bin", show: [".config/composer/vendor"] },
  { under: "node_modules/.bin", show: ["node_modules"] }
];
var INSTALLATIONS = [
  { marker: "pyvenv.cfg", show: "" },
  { marker: "conda-meta", show: "" },
  { marker: "lib/node_modules", show: "lib/node_modules" }
];

// src/plan/paths.ts
var outermost2 = (paths) => paths.filter((path2) => !paths.some((other) => other !== path2 && within(path2, other)));

// src/plan/toolchain.ts
var ROOTS2 = ["/usr", "/opt", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"];
var CERTIFICATES = ["/etc/ssl/certs", "/etc/pki/ca-trust", "/etc/pki/tls/certs"];
var SYSTEM_PATH2 = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];
var OWN2 = ["/dev", "/etc", "/proc", "/run", "/sys", "/boot"];
var SHARED = ["/home", "/media", "/mnt", "/root", "/srv", "/tmp", "/var", "/var/lib", "/var/tmp"];
var rowOf = (name) => TOOLCHAIN_VARIABLES.find((row) => typeof row.name === "string" ? row.name === name : row.name.test(name));
function visiblePaths(wish) {
  const notices = [];
  const shown = /* @__PURE__ */ new Set();
  const extra = {};
  const isLink = (path3) => wish.realpath(path3) !== path3;
  const links = ROOTS2.filter((path3) => wish.exists(`${path3}/.`) && isLink(path3));
  for (const path3 of ROOTS2) {
    if (!wish.exists(`${path3}/.`) || isLink(path3)) continue;
    const why = path3 === "/opt" ? refuse(path3, wish) : null;
    if (why === null) shown.add(path3);
    else notices.push(`${path3} is left out: ${why}; what PATH names of it is shown`);
  }
  if (within(wish.home, "/usr"))
    throw new JailError(`the home directory ${wish.home} lies in /usr, which every jail sees`, "run as a user with another home directory");
  const show = (path3) => {
    if (within(path3, wish.workspace)) return null;
    const real = wish.exists(`${path3}/.`) ? wish.realpath(path3) : null;
    if (real === null) return "it is not a directory";
    const why = refuse(path3, wish) ?? refuse(real, wish);
    if (why === null && !within(real, wish.workspace)) shown.add(real);
    return why;
  };
  const entries = [];
  for (const written of wish.path) {
    const entry2 = clean2(written);
    if (entry2 !== null && !within(entry2, wish.workspace) && !wish.exists(entry2)) continue;
    const why = entry2 === null ? "it is not absolute" : show(entry2);
    if (entry2 === null || why !== null) {
      notices.push(`PATH: ${JSON.stringify(written)} is left out: ${why}`);
      continue;
    }
    entries.push(entry2);
    for (const more of beside(entry2, wish)) {
      const path3 = wish.realpath(more.path);
      if (path3 === null || show(path3) !== null) continue;
      if (more.variable !== null) extra[more.variable] ??= path3;
    }
  }
  const kept2 = [];
  for (const [name, value] of Object.entries(wish.toolchain)) {
    const row = rowOf(name);
    if (row === void 0) continue;
    if (row.kind === "tree") {
      const path3 = clean2(value);
      const why = path3 === null ? "it is not absolute" : show(path3);
      if (why !== null) {
        notices.push(`${name} is left out, ${JSON.stringify(value)}: ${why}`);
        continue;
      }
    }
    if (row.export) kept2.push([name, value, row]);
  }
  const paths = outermost2([...shown]).sort();
  const inJail = (path3) => {
    const real = wish.realpath(path3);
    const seen = (p) => [...paths, wish.workspace, ...CERTIFICATES].some((directory2) => within(p, directory2));
    if (within(path3, wish.workspace)) return path3;
    if (real === null || !seen(real)) return null;
    return seen(path3) || links.some((link) => within(path3, link)) ? path3 : real;
  };
  const env = { ...extra };
  for (const [name, value, row] of kept2) {
    const parts2 = (row.kind === "list" ? value.split(":") : [value]).flatMap((part2) => clean2(part2) ?? []);
    const found2 = parts2.flatMap((part2) => inJail(part2) ?? []);
    if (found2.length > 0) env[name] = found2.join(":");
    if (found2.length < parts2.length) notices.push(`${name}: not all of ${JSON.stringify(value)} is in the jail`);
  }
  const path2 = unique([...entries.flatMap((entry2) => inJail(entry2) ?? []), ...SYSTEM_PATH2]);
  return { paths, env, path: path2, notices };
}
function refuse(path2, { home, forbidden }) {
  if (path2 === "/") return "it is the whole machine";
  if (OWN2.some((own2) => within(path2, own2)) || SHARED.includes(path2)) return "the jail has its own";
  if (within(home, path2) || /^\/home\/[^/]+$/.test(path2)) return "it is, or contains, a home directory";
  const other = forbidden.find((one2) => within(path2, one2) || within(one2, path2));
  return other === void 0 ? null : `it is, contains or lies in ${other}, which is the runner's own`;
}
function* beside(entry2, wish) {
  for (const { under, show, env } of TOOL_DIRECTORIES) {
    const at2 = `${entry2}/`.indexOf(`/${under}/`);
    if (at2 === -1) continue;
    const base = entry2.slice(0, at2);
    for (const path2 of show) {
      const variable = Object.entries(env ?? {}).find(([, value]) => value === path2)?.[0] ?? null;
      yield { path: `${base}/${path2}`, variable };
    }
  }
  const prefix = entry2.endsWith("/bin") ? entry2.slice(0, -"/bin".length) : "";
  if (prefix === "") return;
  for (const { marker, show } of INSTALLATIONS)
    if (wish.exists(`${prefix}/${marker}`)) yield { path: show === "" ? prefix : `${prefix}/${show}`, variable: null };
}
function clean2(path2) {
  if (!path2.startsWith("/") || /[\0\n]/.test(path2)) return null;
  return (0, import_posix.normalize)(path2).replace(/(?<=.)\/$/, "");
}
var unique = (all) => [...new Set(all)];

// src/run/check.ts
init_exec();

// src/run/architecture.ts
init_architecture();
init_errors();
function requireArchitecture(arch2) {
  const known = architectureOf(arch2);
  if (known !== null) return known;
  throw new JailError(`the jail's system call filter is not made for ${arch2}`, `use an ${ARCHITECTURE_NAMES} machine`);
}

// src/run/check.ts
var AGENT_UID = 61001;
function scratchOf({ policy, steps: steps2 }) {
  const output = Math.max(policy.agent.limits.output, policy.setup.limits.output) * steps2.length;
  const size = scratchSize(policy.limits.disk, output, freeBytes(STATE));
  return { size, files: scratchFiles(policy.limits.files, size) };
}
function check(request, { tree, env }) {
  const machine2 = readMachine();
  const architecture = requireArchitecture(machine2.arch);
  const layout = cgroupLayout(machine2.mounts);
  const refusal2 = cgroupRefusal(layout);
  if (refusal2 !== null)
    throw new JailError(
      `limits cannot be kept on this machine: ${refusal2}`,
      "run on a host with cgroup v2, or v1 with memory, pids and cpu"
    );
  const { policy, workspace } = request;
  const notices = [];
  const { surroundings } = request;
  const brought = policy.jail.toolchain === "none" ? { ...surroundings, path: [], toolchain: {} } : surroundings;
  const visible = tree === null ? visiblePaths({ ...brought, workspace, exists: import_node_fs35.existsSync, realpath }) : { paths: [], env: {}, path: SYSTEM_PATH.split(":"), notices: [] };
  notices.push(...visible.notices);
  for (const [who, { network: network2 }] of Object.entries({ agent: policy.agent, setup: policy.setup }))
    if (network2.mode === "observe") notices.push(`weak: ${who} can reach every public host (\`network.observe\`)`);
  const owner = lookAt(workspace, machine2.mounts)?.owner;
  if (owner === void 0)
    throw new JailError(`the workspace ${workspace} is not a directory`, "check out a repository first, or give another workspace");
  const idmap = kernelAtLeast(machine2.kernel, 5, 12);
  if (!idmap) {
    if (owner.uid === 0)
      throw new JailError(
        `this kernel (${machine2.kernel}) cannot map ids, and the workspace is root's`,
        "use Linux 5.12 or later, or give the workspace to another user"
      );
    notices.push(`this kernel cannot map ids: the agent runs with the id of the workspace's owner (${owner.uid})`);
  }
  const identity = idmap ? agentIdentity(request.caller.uid) : { ...agentIdentity(request.caller.uid), ...owner };
  const mounts2 = [
    ...policy.mounts,
    ...policy.workspace.access === "none" ? [] : [{ source: workspace, target: workspace, access: policy.workspace.access }]
  ];
  const found2 = /* @__PURE__ */ new Map();
  const find = (path2, what) => {
    if (found2.has(path2)) return;
    const seen = lookAt(path2, machine2.mounts);
    if (seen === null) throw new JailError(`${what} ${path2} is not a directory`, "list directories that are there");
    if (within(STATE, path2)) throw new JailError(`${what} ${path2} contains agent-jail's own state`, "list a directory below it");
    found2.set(path2, seen);
    for (const mount of seen.submounts) if (mount.directory) find(mount.target, "the mount");
  };
  for (const path2 of visible.paths) find(path2, "the directory");
  for (const mount of mounts2) find(mount.source, mount.source === workspace ? "the workspace" : "the mount");
  const overlays = planView({
    tree,
    ownRoot: request.ownRoot,
    paths: visible.paths,
    workspace: policy.workspace.access === "none" ? null : { path: workspace, access: policy.workspace.access },
    mounts: policy.mounts,
    home: identity.home,
    agent: identity,
    caller: request.caller,
    idmap,
    found: found2
  });
  return {
    machine: machine2,
    architecture,
    layout,
    identity,
    overlays,
    links: tree === null ? rootLinks() : treeLinks(tree),
    env: {
      LANG: "C.UTF-8",
      ...RETRIES,
      ...visible.env,
      PATH: visible.path.join(":"),
      ...env,
      ...request.interception === null ? {} : TRUST
    },
    limits: {
      setup: numbers(policy.setup.limits, machine2, request.backend),
      agent: numbers(policy.agent.limits, machine2, request.backend)
    },
    notices
  };
}
var MOST_OF_A_MACHINE = 4 * 1024 ** 3;
function numbers(limits, machine2, backend) {
  const most = backend === "vm" ? MOST_OF_A_MACHINE : Number.POSITIVE_INFINITY;
  const memory = limits.memory ?? Math.min(most, Math.floor(machine2.memory * 0.75));
  return { ...limits, memory: Math.floor(memory / LARGEST_PAGE) * LARGEST_PAGE, cpus: limits.cpus ?? machine2.cpus };
}
function agentIdentity(caller) {
  const taken = knownUids();
  let uid = AGENT_UID;
  while (taken.has(uid) || uid === caller) uid += 1;
  return { uid, gid: uid, name: "agent", home: "/home/agent" };
}
function rootLinks() {
  return ["bin", "sbin", "lib", "lib32", "lib64", "libx32"].flatMap((name) => {
    try {
      return (0, import_node_fs35.lstatSync)(`/${name}`).isSymbolicLink() ? [{ name, target: `usr/${name}` }] : [];
    } catch {
      return [];
    }
  });
}
function treeLinks(tree) {
  const lacks = (path2) => (0, import_node_fs35.lstatSync)(`${tree}/${path2}`, { throwIfNoEntry: false }) === void 0;
  return ["bin", "sbin", "lib"].filter((name) => lacks(name) && !lacks(`usr/${name}`)).map((name) => ({ name, target: `usr/${name}` }));
}
function kernelAtLeast(release2, major, minor) {
  const [a = 0, b = 0] = release2.split(/[.-]/).map(Number);
  return a > major || a === major && b >= minor;
}
function realpath(path2) {
  try {
    return (0, import_node_fs35.realpathSync)(path2);
  } catch {
    return null;
  }
}

// src/backend/chroot.ts
var import_node_child_process8 = require("node:child_process");
var import_node_fs37 = require("node:fs");
var import_node_os3 = require("node:os");
init_exec();
init_launched();
init_open_files();
var CHROOT_LACKS = "the backend chroot isolates nothing: the agent has the machine's network whatever the policy says, nothing of it is logged, every system call is let through, and the warden's processes can be seen. It is for comparison only: use nspawn or docker";
function chroot(host) {
  return {
    name: "chroot",
    engine: null,
    lacks: CHROOT_LACKS,
    overhead: { memory: 0, processes: 0 },
    probe: async () => ({ ok: true, version: "chroot(2)", strength: "none" }),
    cgroup: (id) => `agent-jail-${id}`,
    refuses: (spec) => spec.identity.uid === 0 ? ["root in the jail is not offered"] : [],
    async open(spec, places) {
      let before = Promise.resolve();
      return {
        view: spec.view,
        died: "the process that waits for the step was killed",
        start: async (start) => {
          await before;
          const { running, gone: gone2 } = startStep(host, spec, places, start);
          before = gone2;
          return running;
        },
        [Symbol.asyncDispose]: async () => void await before
      };
    }
  };
}
function chrootArgv(spec, start, { launcher, doors, environ }) {
  const { id, root, view: view2, identity, cgroup, netns, seccomp, hostname: hostname2, ...rest } = spec;
  rest;
  void id;
  void cgroup;
  void [netns, seccomp, hostname2];
  const files = openFiles2();
  return [
    "perl",
    launcher,
    root,
    ...[identity.uid, identity.gid, files.soft, files.hard].map(String),
    environ,
    ...doors.flatMap((door) => ["--cgroup", door]),
    ...view2.filter((mount) => mount.kind === "bind" && mount.source !== null).flatMap(bind),
    "--",
    ...start.argv
  ];
}
var bind = ({ source, target, writable }) => ["--bind", writable ? "rw" : "ro", source ?? "", target];
function endOf3(said) {
  const [, how, number2] = /^(exit|signal) (\d+)\n$/.exec(said) ?? [];
  if (how === "exit") return { code: Number(number2), signal: null };
  const signal = Object.entries(import_node_os3.constants.signals).find(([, value]) => value === Number(number2))?.[0];
  return how === "signal" && signal !== void 0 ? { code: null, signal } : "backend";
}
function startStep(host, spec, places, start) {
  const directory2 = `${places.state}/step-${start.index}`;
  const environ = `${directory2}/environ`;
  (0, import_node_fs37.mkdirSync)(directory2, { mode: 448 });
  const variables2 = Object.entries(start.env).map(([name, value]) => `${name}=${value}\0`);
  (0, import_node_fs37.writeFileSync)(environ, variables2.join(""), { mode: 384 });
  const [file2, ...args] = chrootArgv(spec, start, { launcher: host.launcher, doors: host.doors(), environ });
  const child = (0, import_node_child_process8.spawn)(file2, args, { env: CLEAN_ENV, stdio: ["ignore", "pipe", "pipe", "pipe"], cwd: "/" });
  const log = new BackendLog(places.log);
  child.stdout?.on("data", (chunk) => log.append(chunk));
  child.stderr?.on("data", (chunk) => log.append(chunk));
  let over = false;
  let said = "";
  const exit = new Promise((resolve) => {
    const end2 = () => {
      over = true;
      resolve(endOf3(said));
    };
    child.stdio[3].on("data", (chunk) => {
      said += chunk.toString("utf8");
      if (said.endsWith("\n")) end2();
    });
    child.stdio[3]?.once("close", end2);
    child.once("error", (error) => {
      log.append(Buffer.from(`${error.message}
`));
      end2();
    });
  });
  const gone2 = new Promise((resolve) => {
    child.once("error", () => resolve());
    child.once("exit", () => resolve());
  });
  const { argv } = start;
  const leader = () => heldProcess({ program: "the chroot", argv, members: () => host.members(), may: () => true, over: () => over, log });
  return { running: { leader, exit, kill: async () => {
  } }, gone: gone2 };
}

// src/run/choose.ts
init_nspawn();
init_places();
init_errors();

// src/run/guest-trace.ts
var import_node_process = require("node:process");

// src/run/guest-message.ts
var LARGEST = 2 ** 40;
var HOW = ["exit", "signal", "exec", "unseen"];
function guestMessage(text4) {
  const one2 = parsed2(text4);
  if (one2 === null) return null;
  if (one2["kind"] === "ready") return { kind: "ready" };
  if (one2["kind"] === "begun") return amount(one2["t"]) ? { kind: "begun", t: one2["t"] } : null;
  if (one2["kind"] === "done") return count(one2["lost"], 0) ? { kind: "done", lost: one2["lost"] } : null;
  if (one2["kind"] === "none") return typeof one2["why"] === "string" ? { kind: "none", why: one2["why"].slice(0, 300) } : null;
  return one2["kind"] === "program" ? program(one2) : null;
}
function program({
  t,
  process: process2,
  parent,
  program: path2,
  argv,
  cut,
  ms,
  how,
  code,
  signal
}) {
  if (!amount(t) || !amount(ms) || !count(process2, 1) || typeof cut !== "boolean") return null;
  if (!(parent === null || count(parent, 1)) || !(path2 === null || typeof path2 === "string")) return null;
  if (!(argv === null || Array.isArray(argv) && argv.every((word) => typeof word === "string"))) return null;
  if (!(code === null || count(code, 0) && code <= 255) || !(signal === null || count(signal, 1) && signal <= 64)) return null;
  if (typeof how !== "string" || !HOW.includes(how)) return null;
  return { kind: "program", t, step: 0, process: process2, parent, program: path2, argv, cut, ms, how, code, signal };
}
var amount = (value) => typeof value === "number" && value >= 0 && value <= LARGEST;
var count = (value, least) => Number.isInteger(value) && amount(value) && value >= least;
function parsed2(text4) {
  try {
    const value = JSON.parse(text4);
    return typeof value === "object" && value !== null ? value : null;
  } catch {
    return null;
  }
}

// src/run/program-log.ts
var import_node_os4 = require("node:os");
var MOST4 = { lines: 2e4, bytes: 64 << 20 };
var ProgramLog = class {
  /** Of all processes; they are numbered from 1. */
  processes = 0;
  #redactor;
  #writer;
  #bytes = 0;
  #programs = 0;
  #omitted = 0;
  constructor({ files, redactor }) {
    this.#redactor = redactor;
    this.#writer = new NdjsonWriter(files.fd("programs.ndjson"), "programs");
  }
  add(message) {
    const line = programLine(message, this.#redactor);
    this.processes = Math.max(this.processes, line.process);
    if (line.program !== null) this.#programs += 1;
    const size = JSON.stringify(line).length;
    if (this.#writer.lines >= MOST4.lines || this.#bytes + size > MOST4.bytes) {
      this.#omitted += 1;
      return;
    }
    this.#bytes += size;
    this.#writer.line(line);
  }
  /** Writes the last line. */
  end(lost) {
    const counts = { processes: this.processes, programs: this.#programs, omitted: this.#omitted, lost };
    this.#writer.end(counts);
    return counts;
  }
};
var SIGNALS = new Map(Object.entries(import_node_os4.constants.signals).map(([name, number2]) => [number2, name]));
function programLine({ kind: _kind, cut, program: program2, argv, signal, ...rest }, redactor) {
  const { t, step, process: process2, parent, ms, how, code } = rest;
  const last = (argv?.length ?? 0) - 1;
  const text4 = (value, isCut) => isCut ? redactor.redactHead(value) : redactor.redactText(value);
  return {
    t,
    step,
    process: process2,
    parent,
    program: program2 === null ? null : text4(program2, cut),
    argv: argv?.map((value, index) => text4(value, cut && index === last)) ?? null,
    ...cut ? { cut } : {},
    ms,
    how,
    code,
    signal: signal === null ? null : SIGNALS.get(signal) ?? `signal ${signal}`
  };
}

// src/run/guest-trace.ts
var MOST5 = 1e6;
var GuestTrace = class {
  #context;
  #log;
  #speaker = null;
  #lines = 0;
  #lost = 0;
  #why = null;
  #finished = null;
  constructor(context) {
    this.#context = context;
    this.#log = new ProgramLog(context);
  }
  async begin(step) {
    const since = this.#now;
    this.#speaker = { step, since, behind: since, before: this.#log.processes };
  }
  /** A line of the guest's. */
  told(text4) {
    if (this.#speaker === null) return;
    this.#lines += 1;
    const message = this.#lines > MOST5 ? null : guestMessage(text4);
    if (message === null) this.#lost += 1;
    else this.#take(this.#speaker, message);
  }
  #take(speaker, message) {
    if (message.kind === "begun") speaker.behind = this.#now - message.t;
    else if (message.kind === "none") this.#why ??= message.why;
    else if (message.kind === "program") this.#log.add(this.#ofRun(speaker, message));
    else if (message.kind === "done") {
      this.#lost += message.lost;
      this.#speaker = null;
    }
  }
  /** Numbers of processes go on from step to step, and so does the time. */
  #ofRun({ step, since, behind, before }, message) {
    const t = Number(Math.min(this.#now, Math.max(since, message.t + behind)).toFixed(3));
    const parent = message.parent === null ? null : before + message.parent;
    return { ...message, step, t, process: before + message.process, parent };
  }
  /** Nothing of the step lives any more. A guest that has not told everything by now was killed. */
  end(_step) {
    if (this.#speaker !== null) this.#lost += 1;
    this.#speaker = null;
  }
  /** Nothing of the jail lives any more: ends the log, once. */
  async finish() {
    return this.#finished ??= this.#finish();
  }
  #finish() {
    this.end(0);
    const counts = this.#log.end(this.#lost);
    return this.#why === null ? { source: "guest", ...counts } : { source: "none", why: this.#why };
  }
  /** The kernels that saw it are gone. */
  async remove() {
  }
  get #now() {
    return Number(import_node_process.hrtime.bigint() - BigInt(this.#context.epoch)) / 1e6;
  }
};

// src/run/choose.ts
var KVM = `${RUN_SYSTEMD}/agent-jail-kvm`;
var SHOWN = `${RUN_SYSTEMD}/agent-jail-files`;
async function chooseBackend(asked, context) {
  const { runtime } = context.request.policy.jail;
  if (runtime !== void 0 && asked !== "docker") {
    if (asked !== "auto")
      throw new JailError(
        `the backend ${asked} has no runtime ${runtime}`,
        "choose the backend `docker`, or take `jail.docker.runtime` out"
      );
    return { ...await chooseBackend("docker", context), why: `auto: jail.docker.runtime is ${runtime}` };
  }
  if (asked !== "auto") {
    const backend = await { nspawn: nspawnOf, docker: dockerOf, vm: vmOf, chroot: chrootOf }[asked](context);
    const usable2 = await backend.probe();
    if (!usable2.ok) throw new JailError(usable2.why, usable2.remedy);
    const { elsewhere } = context.request;
    return {
      backend,
      usable: usable2,
      why: elsewhere === void 0 ? "asked for" : `docker, but ${elsewhere}: nspawn in a helper container there`
    };
  }
  const first = nspawnOf(context);
  const usable = await first.probe();
  if (usable.ok) return { backend: first, usable, why: "auto: systemd-nspawn is here or can be fetched" };
  const second = await dockerOf(context);
  const other = await second.probe();
  if (other.ok) return { backend: second, usable: other, why: `auto: ${usable.why}` };
  throw new JailError(`no backend is usable here: ${usable.why}; ${other.why}`, `${usable.remedy}; or ${other.remedy}`);
}
var nspawnOf = (context) => nspawn(hostOf(context));
function hostOf(context) {
  return {
    tools: TOOLS,
    launcher: context.programs.launch,
    doors: () => context.cgroup?.doors ?? [],
    members: () => context.cgroup?.members() ?? [],
    membersOfOne: () => context.cgroup?.membersOfOne() ?? []
  };
}
async function vmOf(context) {
  const { request, programs } = context;
  const { vm: vm2 } = await Promise.resolve().then(() => (init_vm(), vm_exports));
  return vm2({
    ...hostOf(context),
    emulation: request.policy.jail.vm.emulation,
    sockets: [...SOCKETS, ...furtherSockets(request.policy)],
    programs: programs.vm,
    kvm: KVM,
    shown: SHOWN,
    told: (line) => {
      if (context.trace instanceof GuestTrace) context.trace.told(line);
    }
  });
}
function chrootOf(context) {
  return chroot({
    launcher: context.programs.chroot,
    doors: () => context.cgroup?.doors ?? [],
    members: () => context.cgroup?.membersOfOne() ?? []
  });
}
async function dockerOf({ request, warm }) {
  const { docker: docker2 } = await Promise.resolve().then(() => (init_docker(), docker_exports));
  return docker2({
    met: async () => warm.engine(request.engine),
    arch: requireArchitecture(process.arch),
    proc: OUTER_PROC,
    runtime: request.policy.jail.runtime ?? null,
    seen: (path2) => seenOutside(request.id, path2)
  });
}

// src/run/network.ts
var TRAFFIC = ["upload", "download", "connections", "requests"];
var Network = class {
  #context;
  #writer;
  #totals = { denied: 0, allowed: 0, omitted: 0 };
  #used = { upload: 0, download: 0, connections: 0, requests: 0 };
  #tokens = { requests: 0, input: 0, output: 0 };
  #rules;
  #handedOut = 0;
  #gateway = null;
  /** Waits for a namespace to serve. */
  #next = null;
  #step = null;
  #refused = [];
  constructor(context) {
    this.#context = context;
    this.#writer = new NdjsonWriter(context.files.fd("network.ndjson"), "network");
    this.#rules = { agent: rulesOf(context.request, "agent"), setup: rulesOf(context.request, "setup") };
  }
  /** A namespace will come that is not there yet: whatever its sockets can be made ready without it is. */
  expect() {
    const { programs, request } = this.#context;
    this.#next ??= waitingGateway(programs, { netns: null, files: openFiles3(), route: true, further: furtherSockets(request.policy) });
  }
  /** It came; `netns` leads to it. As `serve`. */
  async enter(netns) {
    this.expect();
    const waiting = this.#next;
    this.#next = null;
    enterNetns(waiting, netns);
    await this.serve(waiting);
  }
  /** Serves a further namespace; resolves once its sockets are there. Throws JailError. */
  async serve(waiting) {
    const { request, channel, redactor, epoch, paper } = this.#context;
    const { limits } = request.policy;
    const left = (name) => limits[name] === null ? null : Math.max(0, limits[name] - this.#used[name]);
    const gateway = new Gateway(
      waiting,
      {
        id: request.id,
        epoch,
        uid: ownUid(),
        rules: this.#rules,
        certificates: request.interception?.certificates ?? {},
        authorities: request.authorities,
        limits: { upload: left("upload"), download: left("download"), connections: left("connections"), requests: left("requests") },
        handedOut: this.#handedOut,
        further: furtherSockets(request.policy)
      },
      {
        log: (line) => this.#log(line),
        denied: ({ host, port, rule }) => channel.send({ kind: "denied", host: redactor.redactText(host), port, rule: redactor.redactText(rule) }),
        limit: (name) => {
          this.#refused.push(name);
          paper.hit(name);
        }
      }
    );
    this.#gateway = gateway;
    if (this.#step !== null) gateway.step(this.#step.index, this.#step.setup);
    void gateway.died.then(
      (how) => this.#context.end({
        how: "error",
        started: this.#context.started,
        message: `${how}: nothing is reachable any more`,
        remedy: "run again",
        place: null
      })
    );
    await gateway.ready;
  }
  /** From now on these steps' rules are in force. */
  step(index, setup2) {
    this.#step = { index, setup: setup2 };
    this.#refused = [];
    this.#gateway?.step(index, setup2);
  }
  /** Limits beyond which something of this step was refused. */
  get refused() {
    return this.#refused;
  }
  /** The namespace that was served is gone. Throws JailError where its log is incomplete. */
  async release() {
    const gateway = this.#gateway;
    this.#gateway = null;
    const next = this.#next;
    this.#next = null;
    if (next !== null) await dismissGateway(next);
    if (gateway === null) return;
    const { denied, allowed, used } = await gateway.finish();
    this.#totals.denied += denied;
    this.#totals.allowed += allowed;
    if (used === null) return;
    this.#handedOut += used.handedOut;
    for (const name of TRAFFIC) {
      this.#used[name] += used.traffic[name];
      this.#context.paper.peak(name, this.#used[name]);
    }
    for (const name of ["requests", "input", "output"]) this.#tokens[name] += used.tokens[name];
  }
  /** Ends the log; nothing of the jail lives any more. Throws JailError where it is incomplete. */
  async finish() {
    await this.release();
    this.#writer.end(this.#totals);
    return { denied: this.#totals.denied, tokens: this.#tokens };
  }
  kill() {
    this.#gateway?.kill();
    this.#next?.peer.kill();
  }
  /** Names and paths are the agent's words: what is secret in them goes before it is written. Every gateway has a first and a last line. */
  #log(line) {
    if ("schema" in line) return;
    if (line["end"] === true) this.#totals.omitted += Number(line["omitted"] ?? 0);
    else this.#writer.line(this.#context.redactor.redactJson(line));
  }
};

// src/run/proof.ts
var SETS = ["CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"];
var SEPARATE = ["mnt", "pid", "ipc", "uts", "cgroup", "net"];
var OWN4 = [
  { target: /^\/proc$/, types: ["proc"], readOnly: false },
  { target: /^\/proc\/(sys\/net|sys\/kernel\/random\/boot_id|kmsg)$/, types: ["proc", "tmpfs"], readOnly: false },
  // A container's own root: nothing but links and the places where the jail's file system is mounted.
  { target: /^\/$/, types: null, readOnly: true },
  { target: /^\/proc\/.+$/, types: ["proc", "tmpfs", "devtmpfs"], readOnly: true },
  { target: /^\/sys\/fs\/cgroup(\/.+)?$/, types: ["cgroup", "cgroup2", "tmpfs"], readOnly: false },
  { target: /^\/sys(\/.*)?$/, types: ["sysfs", "tmpfs", "cgroup", "cgroup2"], readOnly: true },
  { target: /^\/dev$/, types: ["tmpfs"], readOnly: false },
  {
    target: /^\/dev\/(shm|pts|mqueue|console|null|zero|full|random|urandom|tty)$/,
    types: ["tmpfs", "devpts", "mqueue", "devtmpfs"],
    readOnly: false
  },
  { target: /^\/dev\/net$/, types: ["tmpfs"], readOnly: true },
  { target: /^\/run$/, types: ["tmpfs"], readOnly: false },
  { target: /^\/run\/host(\/incoming)?$/, types: ["tmpfs"], readOnly: false }
];
function prove(spec, held) {
  return [...user(spec, held), ...isolation(spec, held), ...confines(spec, held)];
}
function proveWeak(spec, held) {
  const shared = [...held.namespaces].flatMap(([name, seen]) => seen === held.ours.get(name) ? [name] : []);
  return [
    ...user(spec, held),
    { property: "isolation", seen: `none; shared with the warden: ${shared.join(" ")}`, wrong: null },
    {
      property: "root",
      seen: held.root ?? "absent",
      wrong: held.root === null || held.root === held.ourRoot ? "should be the tree of the run" : null
    },
    ...confines(spec, held)
  ];
}
var equal3 = (property, seen, wanted) => ({
  property,
  seen,
  wrong: seen === wanted ? null : `should be ${wanted}`
});
function user(spec, held) {
  const { uid, gid } = spec.identity;
  const status = (name) => held.status.get(name) ?? "absent";
  return [
    equal3("uid", status("Uid"), [uid, uid, uid, uid].join("	")),
    equal3("gid", status("Gid"), [gid, gid, gid, gid].join("	")),
    { property: "groups", seen: status("Groups"), wrong: ["", String(gid)].includes(status("Groups")) ? null : "should be none" },
    ...SETS.map((set) => equal3(`capabilities ${set}`, status(set), "0000000000000000")),
    equal3("no new privileges", status("NoNewPrivs"), "1")
  ];
}
function isolation(spec, held) {
  const status = (name) => held.status.get(name) ?? "absent";
  return [
    equal3("seccomp", status("Seccomp"), "2"),
    {
      property: "seccomp filters",
      seen: status("Seccomp_filters"),
      wrong: Number(status("Seccomp_filters")) >= filters(spec.seccomp) ? null : `should be ${filters(spec.seccomp)} or more`
    },
    ...SEPARATE.map((name) => {
      const seen = held.namespaces.get(name) ?? "absent";
      const others = [held.ours, held.machine].map((of) => of.get(name) ?? null);
      return {
        property: `namespace ${name}`,
        seen,
        wrong: others.includes(seen) || others.includes(null) || seen === "absent" ? "should be the jail's own" : null
      };
    }),
    equal3("network namespace", held.namespaces.get("net") ?? "absent", held.netns),
    equal3("network interfaces", held.interfaces.join(" "), "lo"),
    { property: "routes", seen: held.routes.join(", ") || "local only", wrong: held.routes.length === 0 ? null : "should be local only" },
    masked2(held)
  ];
}
function confines(spec, held) {
  return [
    {
      property: "cgroup",
      seen: held.groups.join(" "),
      wrong: held.groups.length > 0 && held.groups.every((g) => g.split("/").includes(spec.cgroup)) ? null : `should be ${spec.cgroup}`
    },
    ...[...held.wantedLimits].map(([file2, wanted]) => equal3(`limit ${file2.split("/").at(-1)}`, held.limits.get(file2) ?? "absent", wanted)),
    ...mountProperties(spec, held.mounts)
  ];
}
function masked2({ masks, mounts: mounts2 }) {
  const isSeen = (path2) => {
    const on = mounts2.findLast(({ target }) => target === path2 || target === "/" || path2.startsWith(`${target}/`));
    return on !== void 0 && on.target !== path2 && ["proc", "sysfs"].includes(on.type);
  };
  const seen = masks.filter(isSeen);
  return {
    property: "masks",
    seen: `${masks.length - seen.length} of ${masks.length}`,
    wrong: seen.length === 0 ? null : `should cover ${seen.join(", ")}`
  };
}
var filters = ({ syscalls }) => syscalls.some(({ names: names3, action }) => names3.includes("clone3") && action === "SCMP_ACT_ERRNO") ? 1 : 2;
function mountProperties(spec, mounts2) {
  const properties = [];
  for (const wanted of spec.view) {
    const seen = mounts2.findLast((m) => m.target === wanted.target);
    const text4 = seen === void 0 ? "absent" : `${seen.type} ${seen.options.join(",")}`;
    const wrong = seen === void 0 ? "is not mounted" : wanted.kind === "overlay" && seen.type !== "overlay" ? "should be an overlay" : !wanted.writable && !seen.options.includes("ro") && !seen.superOptions.includes("ro") ? "should be read-only" : wanted.kind === "device" ? isNode(wanted, seen) ? null : "should be the run's own node" : ["nosuid", "nodev"].some((option) => !seen.options.includes(option)) ? "should be nosuid,nodev" : null;
    properties.push({ property: `mount ${wanted.target}`, seen: text4, wrong });
  }
  const listed2 = new Set(spec.view.map((m) => m.target));
  for (const [index, mount] of mounts2.entries()) {
    if (listed2.has(mount.target) || mounts2.slice(index + 1).some((later) => covers2(later, mount))) continue;
    const own2 = OWN4.find((rule) => rule.target.test(mount.target) && (rule.types?.includes(mount.type) ?? true));
    const wrong = own2 === void 0 ? "is not in the specification" : own2.readOnly && !mount.options.includes("ro") && mount.root !== NULL_DEVICE ? "should be read-only" : null;
    if (wrong !== null) properties.push({ property: `mount ${mount.target}`, seen: `${mount.type} ${mount.options.join(",")}`, wrong });
  }
  return properties;
}
var isNode = ({ source }, { root }) => source !== null && root === `/${source.split("/").at(-1)}`;
var NULL_DEVICE = "/null";
var covers2 = (later, earlier) => later.target !== "/" && (later.target === earlier.target || earlier.target.startsWith(`${later.target}/`));

// src/run/root.ts
var import_node_fs48 = require("node:fs");
init_root_tree();
init_errors();

// src/run/sweep.ts
var import_node_fs47 = require("node:fs");
var import_promises12 = require("node:timers/promises");
init_places();

// src/host/tracing.ts
var import_node_fs46 = require("node:fs");
var import_promises10 = later("node:fs/promises");
var import_promises11 = require("node:timers/promises");
init_errors();
init_exec();
init_places();
var INSTANCES = "/sys/kernel/tracing/instances";
var instanceOf = (id) => `${INSTANCES}/${hostName(id)}`;
async function tracedRuns() {
  if (!(0, import_node_fs46.existsSync)(INSTANCES)) await exec(["mount", "-t", "tracefs", "tracefs", "/sys/kernel/tracing"]);
  if (!(0, import_node_fs46.existsSync)(INSTANCES)) return [];
  return (0, import_node_fs46.readdirSync)(INSTANCES).flatMap((name) => ID.exec(name.replace(/^agent-jail-/, ""))?.[0] ?? []);
}
async function removeTrace(id) {
  const instance = instanceOf(id);
  if (!(0, import_node_fs46.existsSync)(instance)) return;
  for (const end2 = performance.now() + CLOSING; ; await (0, import_promises11.setTimeout)(PAUSE)) {
    try {
      return await (0, import_promises10.rmdir)(instance);
    } catch (error) {
      const { code = "", message } = error;
      if (GONE.has(code)) return;
      if (code !== "EBUSY" || performance.now() > end2)
        throw new JailError(`an instance of tracefs is left: ${message}`, `rmdir ${instance}`);
    }
  }
}
var GONE = /* @__PURE__ */ new Set(["ENOENT", "ENODEV"]);
var [CLOSING, PAUSE] = [1e3, 5];

// src/run/sweep.ts
init_errors();
init_proc();
var GROUP = /^(?:agent-jail-([0-9A-Z]{26})|agent_jail_([0-9A-Z]{26})\.slice)$/;
async function sweep(id, script) {
  const layout = cgroupLayout(parseMountinfo(readProc("self", "mountinfo") ?? ""));
  if (id !== null) await dying(id);
  const { dead, live } = await leftRuns();
  const hierarchies = [.../* @__PURE__ */ new Set([...layout.controllers.values(), ...layout.named, ...layout.unified === null ? [] : [layout.unified]])];
  const groups = /* @__PURE__ */ new Map();
  for (const name of hierarchies.flatMap((root) => (0, import_node_fs47.readdirSync)(root))) {
    const [, plain, slice] = GROUP.exec(name) ?? [];
    const one2 = plain ?? slice;
    if (one2 !== void 0 && ID.test(one2)) groups.set(one2, (groups.get(one2) ?? /* @__PURE__ */ new Set()).add(name));
  }
  const traced = await tracedRuns();
  const removed = [];
  const left = [];
  for (const one2 of /* @__PURE__ */ new Set([...dead, ...groups.keys(), ...traced])) {
    if (id !== null && one2 !== id || live.includes(one2) || await isLive(one2)) continue;
    try {
      await releaseEngine(one2, script);
      for (const name of groups.get(one2) ?? []) {
        const cgroup = new Cgroup(layout, name);
        await cgroup.kill();
        await cgroup.remove();
      }
      if (traced.includes(one2)) await removeTrace(one2);
      removeState(one2);
      removed.push(one2);
    } catch (error) {
      left.push({ id: one2, why: error instanceof JailError ? `${error.message}; ${error.remedy}` : String(error) });
    }
  }
  if (id !== null) await forgetUnnamedOf(id);
  removed.push(...await tidyRoots());
  return { removed, live, left };
}
async function dying(id) {
  for (const end2 = performance.now() + DYING; performance.now() < end2 && await isLive(id); ) await (0, import_promises12.setTimeout)(DYING / 100);
}
var DYING = 5e3;
function saidBefore({ id, why }) {
  const file2 = `${stateOf(id)}/left`;
  try {
    if ((0, import_node_fs47.existsSync)(file2) && (0, import_node_fs47.readFileSync)(file2, "utf8") === why) return true;
    (0, import_node_fs47.writeFileSync)(file2, why, { mode: 384 });
  } catch {
  }
  return false;
}
var journal = (id) => `${stateOf(id)}/engine`;
function journalEngine(id, socket) {
  (0, import_node_fs47.writeFileSync)(journal(id), `${socket}
`, { mode: 384 });
}
async function releaseEngine(id, script) {
  const socket = engineOf(id);
  if (socket === null) return;
  const [{ Engine: Engine2 }, { removeContainers: removeContainers2 }] = await Promise.all([Promise.resolve().then(() => (init_engine(), engine_exports)), Promise.resolve().then(() => (init_docker(), docker_exports))]);
  try {
    await removeContainers2(await Engine2.connect(`unix://${socket}`), id);
  } finally {
    await withdrawWork(id, script);
    await forgetWork([id], script);
  }
}
function engineOf(id) {
  try {
    return (0, import_node_fs47.readFileSync)(journal(id), "utf8").trim();
  } catch (error) {
    if (error.code === "ENOENT") return null;
    throw error;
  }
}

// src/run/root.ts
var TMP = "/tmp";
var RootWork = class {
  /** Rejects with JailError, or Stopped. */
  found;
  #abort = new AbortController();
  #made = Promise.resolve();
  constructor(context) {
    void context.stop.then((end2) => this.#abort.abort(new Stopped(end2)));
    void context.warm.ahead(context.request.policy.jail.root);
    this.found = this.#find(context.request.policy.jail.root, context);
    this.found.catch(() => {
    });
  }
  async #find(wanted, context) {
    if (wanted.kind === "host") return { tree: null, env: {}, fact: fact("host", null), ready: Promise.resolve({ directory: TMP }) };
    if (wanted.kind === "directory") {
      requireRoot(wanted.path, `the root directory ${wanted.path}`);
      return { tree: wanted.path, env: {}, fact: fact("directory", null), ready: Promise.resolve({ directory: TMP }) };
    }
    const { rootImage } = context.request;
    if (wanted.kind === "image" && rootImage !== void 0) return this.#given(rootImage, `the image ${wanted.ref}`, context);
    return wanted.kind === "archive" ? this.#archive(wanted.path, wanted.sha256, context) : this.#image(wanted.ref, context);
  }
  async #archive(path2, wanted, context) {
    const { signal } = this.#abort;
    const archive = await Archive.open(path2);
    try {
      const known = archive.seen === null ? null : keyOf(archive.seen);
      const sha2563 = known === null ? await archive.sha256(signal) : known.slice("archive-".length);
      archive.require(sha2563, wanted);
      const key = `archive-${sha2563}`;
      const make = (tree, room) => archive.unpack(sha2563, tree, room, signal);
      const kept2 = this.#keep(key, archive.what, context, make).then(() => {
        if (archive.seen !== null) remember(key, archive.seen);
      });
      const close = async () => archive[Symbol.asyncDispose]();
      this.#made = kept2.then(close, close);
      return await rootOf2(key, kept2, {}, fact("archive", sha2563), async () => TMP);
    } catch (error) {
      await archive[Symbol.asyncDispose]();
      throw error;
    }
  }
  async #image(ref, context) {
    const { signal } = this.#abort;
    const what = `the image ${ref}`;
    const [{ Engine: Engine2, socketOf: socketOf2 }, { exportImage: exportImage2, findImage: findImage2 }] = await Promise.all([
      Promise.resolve().then(() => (init_engine(), engine_exports)),
      Promise.resolve().then(() => (init_image(), image_exports))
    ]);
    const connect2 = async () => {
      socketOf2(context.request.engine);
      return Engine2.connect(context.request.engine);
    };
    const engine = await connect2().catch((error) => {
      if (!(error instanceof JailError)) throw error;
      throw new JailError(`${what} is not to be had: ${error.message}`, "start the Docker engine, or use `jail.root: { archive }`");
    });
    const image = await findImage2(engine, ref, signal);
    const key = `image-${image.id}`;
    const make = async (into, room) => {
      journalEngine(context.request.id, engine.where);
      await exportImage2(engine, image, context.request.id, { what, into, room, signal });
    };
    const kept2 = this.#keep(key, what, context, make).then(() => remember(key, ref));
    this.#made = kept2.catch(() => {
    });
    return rootOf2(
      key,
      kept2,
      environmentOf(image, what, context),
      fact("image", image.id),
      async (tree) => beginsIn(image, tree, (why) => context.notice(`${what}: ${why}`))
    );
  }
  /** Nobody else uses it, and it goes with the helper: it is not kept. */
  #given(image, what, context) {
    const { tree, id } = image;
    requireRoot(tree, what);
    const directory2 = beginsIn(image, tree, (why) => context.notice(`${what}: ${why}`));
    return { tree, env: environmentOf(image, what, context), fact: fact("image", id), ready: Promise.resolve({ directory: directory2 }) };
  }
  async #keep(key, what, context, make) {
    const ahead = await context.warm.ahead(context.request.policy.jail.root);
    const used = ahead?.key === key ? ahead.used : use(key);
    await keepRoot(key, { what, make, notice: (message) => context.notice(message), signal: this.#abort.signal }, used);
  }
  async [Symbol.asyncDispose]() {
    this.#abort.abort();
    await this.found.catch(() => {
    });
    await this.#made;
  }
};
var fact = (kind2, sha2563) => ({ kind: kind2, sha256: sha2563 });
async function rootOf2(key, kept2, env, of, begins) {
  const tree = treeOf(key);
  const ready = kept2.then(async () => ({ directory: await begins(tree) }));
  ready.catch(() => {
  });
  if (!isKept(key)) await kept2;
  return { tree, env, fact: of, ready };
}
function environmentOf(image, what, context) {
  const { env, left } = imageEnvironment(image.env);
  if (left.length > 0) context.notice(`${what} sets variables that are left out, because no process can have them: ${left.join(", ")}`);
  return env;
}
function beginsIn({ directory: directory2 }, tree, notice) {
  if (directory2 === "" || directory2 === "/") return TMP;
  const found2 = directory2.startsWith("/") ? inside(tree, directory2) : null;
  if (found2 !== null && (0, import_node_fs48.lstatSync)(found2).isDirectory()) return directory2;
  notice(`its WORKDIR ${directory2} is not a directory in it`);
  return TMP;
}

// src/run/terminal.ts
init_errors();
var PATIENCE10 = 1e4;
var Terminal = class _Terminal {
  /** Resolves where it ended before the jail did: what the step prints goes nowhere then. */
  died;
  #peer;
  #draining = false;
  constructor(peer) {
    this.#peer = peer;
    this.died = new Promise((resolve) => {
      void peer.ended.then((how) => {
        if (!this.#draining) resolve({ how: "error", started: true, message: how, remedy: "run again", place: null });
      });
    });
  }
  /** `owner`: the uid of the step. Throws JailError. */
  static async make(script, { pid, proc }, owner, { rows, columns }) {
    const argv = ["perl", script, `${proc}/${pid}/root`, ...[owner, rows, columns, ownUid()].map(String)];
    const peer = new Peer({ argv: [...argv], descriptors: [], name: "terminal", cwd: RUNTIME_FILES });
    const { done } = await peer.messages().next();
    if (done === true) throw new JailError(await peer.ended, "leave `tty` out, and report it with the output of `agent-jail doctor`");
    return new _Terminal(peer);
  }
  /** Nothing of the jail lives any more: resolves once what is still on the terminal was brought. The gate is still open. */
  async drain() {
    this.#draining = true;
    this.#peer.finish();
    const timer = setTimeout(() => this.#peer.kill(), PATIENCE10);
    await this.#peer.ended;
    clearTimeout(timer);
  }
  kill() {
    this.#draining = true;
    this.#peer.kill();
  }
};

// src/run/trace.ts
init_places();
var PATIENCE11 = 5e3;
var Trace = class {
  #log;
  #peer;
  #over;
  #ready = Promise.withResolvers();
  #begun = null;
  /** Why there is no log, or no more of it. */
  #why = null;
  #lost = null;
  #finished = null;
  /** By `forget.pl`, as soon as nobody reads it any more: the kernel takes as long for it as all that comes after the last step. */
  #removed;
  constructor(context) {
    const { request, programs, epoch } = context;
    this.#log = new ProgramLog(context);
    const log = ["perl", programs.trace, hostName(request.id), epoch, String(ownUid()), OUTER_PROC];
    const argv = ["perl", programs.forget, instanceOf(request.id), "--", ...log];
    this.#peer = new Peer({ argv: [...argv], descriptors: [], name: "log of programs" });
    this.#over = this.#read().catch((error) => this.#none(error.message));
    this.#removed = this.#peer.ended.then(() => removeTrace(request.id));
    this.#removed.catch(() => {
    });
  }
  /** A step is held: what descends from it counts. After the last one there is nothing more to see once that is dead. Never rejects. */
  async begin(step, { pid, proc }, owner, last) {
    await this.#orLate(this.#ready.promise);
    if (this.#why !== null) return;
    this.#begun = Promise.withResolvers();
    this.#peer.say(`begin ${step} ${pid} ${proc === OUTER_PROC ? "machine" : "own"} ${owner}${last ? " last" : ""}`);
    await this.#orLate(this.#begun.promise);
  }
  /** Nothing of the step lives any more. */
  end(step) {
    if (this.#why === null) this.#peer.say(`end ${step}`);
  }
  /** Nothing of the jail lives any more: ends the log, once. Never rejects. */
  async finish() {
    return this.#finished ??= this.#finish();
  }
  async #finish() {
    this.#peer.finish();
    await this.#orLate(this.#over);
    this.#peer.kill();
    await this.#over;
    const counts = this.#log.end(this.#lost ?? 0);
    return this.#why === null ? { source: "tracefs", ...counts } : { source: "none", why: this.#why };
  }
  /** What the kernel still has of it. Throws JailError. */
  async remove() {
    this.#peer.kill();
    await this.#removed;
  }
  async #read() {
    for await (const line of this.#peer.messages()) {
      const message = line;
      if (message.kind === "ready") this.#ready.resolve();
      else if (message.kind === "begun") this.#begun?.resolve();
      else if (message.kind === "none") this.#none(message.why);
      else if (message.kind === "done") this.#lost = message.lost;
      else this.#log.add(message);
    }
    if (this.#lost === null) this.#none(await this.#peer.ended);
  }
  #none(why) {
    this.#why ??= why;
    this.#ready.resolve();
    this.#begun?.resolve();
  }
  /** A log that does not answer is none. */
  async #orLate(work2) {
    const { promise: late2, resolve } = Promise.withResolvers();
    const timer = setTimeout(() => {
      this.#none(`it did not answer within ${PATIENCE11 / 1e3} s`);
      resolve();
    }, PATIENCE11);
    await Promise.race([work2, late2]);
    clearTimeout(timer);
  }
};

// src/run/usage.ts
var EVERY2 = 1e3;
var Usage = class {
  #context;
  #scratch;
  #before;
  #writer;
  #timer;
  #ended = false;
  constructor(context, scratch) {
    this.#context = context;
    this.#scratch = scratch;
    this.#before = scratch();
    this.#writer = new NdjsonWriter(context.files.fd("usage.ndjson"), "usage");
    this.#timer = setInterval(() => this.#sample(), EVERY2);
  }
  #sample() {
    const { cgroup, paper, channel } = this.#context;
    if (cgroup === null) return;
    const { memory, memoryPeak, cpu, pids: pids2, pidsPeak } = cgroup.usage();
    const { bytes, files, read: read4, written } = this.#scratch();
    const moved = { read: read4 - this.#before.read, written: written - this.#before.written };
    this.#writer.line({ t: channel.clock(), memory, cpu, pids: pids2, disk: bytes, files, ...moved });
    paper.peak("memory", memoryPeak);
    paper.peak("processes", Math.max(pids2, pidsPeak));
    paper.peak("disk", bytes);
    paper.peak("files", files);
  }
  /** Nothing will be used any more, and the scratch disk may go. */
  end() {
    if (this.#ended) return;
    this.#ended = true;
    clearInterval(this.#timer);
    this.#sample();
    this.#writer.end();
  }
  async [Symbol.asyncDispose]() {
    this.end();
  }
};

// src/run/sequence.ts
var OWN_NETNS = "/proc/self/ns/net";
async function runJailed(context) {
  var _stack = [];
  try {
    const { request, channel, paper, stop: stop2 } = context;
    channel.phase("check");
    requirePrograms();
    const { hands } = context.warm;
    void hands.died.then((how) => context.end({ how: "error", started: context.started, message: how, remedy: GONE_REMEDY, place: null }));
    const asked = request.backend === "docker" ? chooseBackend("docker", context) : null;
    asked?.catch(() => {
    });
    const state = await lockState(hands, request.id);
    context.state = state;
    if (context.warm.first) await sweepOthers(context);
    const room = scratchOf(request);
    const begun = beginScratch(hands, `${state}/scratch.img`, room.size, room.files);
    const mountDisk = () => {
      const mounted = mountScratch(hands, SCRATCH);
      const made2 = begun.then(async () => mounted);
      made2.catch(() => {
      });
      return made2;
    };
    const rootWork = __using(_stack, new RootWork(context), true);
    await orStop(context.warm.mounted, stop2);
    const { backend, usable, why } = await orStop(asked ?? chooseBackend(request.backend, context), stop2);
    paper.chose(backend.name, usable, why);
    if (request.backend === "auto" && backend.name !== "nspawn") context.notice(`backend ${backend.name}, ${why}`);
    if (request.elsewhere !== void 0)
      context.notice(
        `${request.elsewhere}: the workspace was copied there, and \`jail.root: host\` is what a helper container has (docs/remote.md)`
      );
    const disk = backend.engine === null ? mountDisk() : null;
    const root = await orStop(rootWork.found, stop2);
    paper.root = root.fact;
    const checked2 = check(request, root);
    paper.checked(checked2, room);
    for (const message of checked2.notices) context.notice(message);
    if (backend.lacks !== null) context.notice(backend.lacks);
    context.write();
    channel.phase("layers");
    const network2 = new Network(context);
    context.network = network2;
    const alone = backend.engine === null && backend.lacks === null;
    const served = alone ? gatewayOf(context).then((waiting) => network2.serve(waiting)) : context.warm.withoutGateway();
    served.catch(() => {
    });
    if (backend.engine !== null) showTo(backend.engine, context);
    context.cgroup = makeCgroup(backend.cgroup(request.id), checked2);
    backend.begin?.();
    const made = layers(context, checked2, root, () => disk ?? mountDisk());
    made.catch(() => {
    });
    await (0, import_promises13.setImmediate)();
    if (backend.engine === null) startTrace(context, backend);
    const views = await orStop(made, stop2);
    context.views = views;
    channel.phase("jail");
    const spec = jailSpec(request, checked2, backend);
    const refused2 = backend.refuses(spec);
    if (refused2.length > 0)
      throw new JailError(`${backend.name} refuses: ${refused2.join("; ")}`, "choose another backend, or change the policy");
    buildRuntime(request, checked2);
    const jail = await backend.open(spec, { state: work("backend"), log: `${request.record}/backend.log` });
    context.jail = jail;
    channel.phase("gateway");
    await orStop(served, stop2);
    context.write();
    channel.phase("selftest");
    const usage = __using(_stack, new Usage(context, () => scratchUse(SCRATCH)), true);
    return await steps(context, checked2, root, { jail, spec, backend, usage });
  } catch (_) {
    var _error = _, _hasError = true;
  } finally {
    var _promise = __callDispose(_stack, _error, _hasError);
    _promise && await _promise;
  }
}
function startTrace(context, backend) {
  context.trace = backend.name === "vm" ? new GuestTrace(context) : new Trace(context);
}
async function sweepOthers(context) {
  const { dead, live } = await leftRuns(context.request.id);
  await forgetWork(live, context.programs.export);
  if (dead.length === 0) return;
  const { removed, left } = await sweep(null, context.programs.export);
  if (removed.length > 0) context.notice(`removed what dead runs had left: ${removed.join(", ")}`);
  for (const one2 of left)
    if (!saidBefore(one2)) context.notice(`a dead run left something that could not be removed: ${one2.id}: ${one2.why}`);
}
function showTo(engine, context) {
  const { request, programs } = context;
  journalEngine(request.id, engine);
  context.exported = exportWork(request.id, programs.export);
  context.exported.catch(() => {
  });
}
async function layers(context, checked2, root, disk) {
  const { request, programs, warm } = context;
  await context.exported;
  const mounted = disk();
  const uppers = makeUppers(warm.hands, checked2.overlays);
  const made = mounted.then(async () => uppers);
  made.catch(() => {
  });
  (0, import_node_fs49.mkdirSync)(work("backend"), { mode: 448 });
  await root.ready;
  if (root.tree === null) await warm.etc();
  return buildLayers(request, checked2, { hands: warm.hands, restore: programs.restore, scratch: made });
}
async function steps(context, checked2, root, { jail, spec, backend, usage }) {
  const { request, channel, paper, recorder, stop: stop2 } = context;
  const engine = backend.engine !== null;
  const cgroup = context.cgroup;
  if (cgroup === null) throw new Error("no cgroup");
  const { directory: directory2 } = await root.ready;
  const spent = { setup: 0, agent: 0 };
  for (const [index, step] of request.steps.entries()) {
    const kind2 = step.setup ? "setup" : "agent";
    const limits = { ...checked2.limits[kind2], time: Math.max(0, checked2.limits[kind2].time - spent[kind2]) };
    const { memory, processes } = backend.overhead;
    const group2 = { ...limits, memory: limits.memory + memory, processes: limits.processes + processes };
    if (!engine) cgroup.vacate();
    cgroup.limit(group2);
    const place = {
      jail,
      cgroup,
      output: OUTPUT,
      errors: request.policy.record.streams === "split" ? ERRORS : null,
      recorder,
      stop: stop2,
      full: () => {
        const { bytes, files, full: full2 } = scratchUse(SCRATCH);
        paper.peak("disk", bytes);
        paper.peak("files", files);
        return full2;
      },
      limitFiles: cgroup.limitFiles(group2),
      expect: () => {
        if (index === 0) {
          if (engine) startTrace(context, backend);
          context.collectors.startAhead();
        }
        if (engine) context.network?.expect();
      },
      enter: async (pid) => engine ? enterContainer(context, cgroup, group2, pid) : { pid, proc: "/proc", netns: spec.netns ?? OWN_NETNS, emptied: null },
      left: async () => {
        if (index === request.steps.length - 1) void context.trace?.finish();
        else context.trace?.end(index);
        if (!engine) return;
        cgroup.unfollow();
        await context.network?.release();
      },
      dead: () => {
        if (!engine || index < request.steps.length - 1) return;
        usage.end();
        concludeAhead(context);
      },
      refused: () => context.network?.refused ?? [],
      traced: async (held) => context.trace?.begin(index, held, spec.identity.uid, index === request.steps.length - 1),
      terminal: (held, size) => Terminal.make(context.programs.terminal, held, spec.identity.uid, size),
      prove: (seen) => {
        const wanted = { ...spec, view: jail.view };
        return backend.lacks === null ? prove(wanted, seen) : proveWeak(wanted, seen);
      },
      proved: (properties) => {
        paper.proof ??= properties.map(({ property, seen }) => ({ property, seen }));
        if (!context.started) channel.phase("steps");
        context.started = true;
        paper.begin(index);
        context.write();
      },
      opened: () => channel.send({ kind: "step", step: index, name: step.name, exit: null }),
      progress: (sample) => channel.send({ kind: "progress", step: index, ...sample })
    };
    context.network?.step(index, step.setup);
    const env = { ...checked2.env, ...step.env, ...identityEnv(spec) };
    const { exit, end: end2 } = await runStep(
      place,
      stepStart(step, step.cwd ?? directory2, index, env, place.errors !== null, limits),
      step,
      limits
    );
    spent[kind2] += exit.ms;
    paper.ended(index, exit);
    context.write();
    channel.send({ kind: "step", step: index, name: step.name, exit });
    if (end2 !== null) return end2;
    if (exit.code !== 0) return { how: "steps-done", failed: index };
  }
  return { how: "steps-done", failed: null };
}
async function gatewayOf({ warm, programs, request }) {
  const further = furtherSockets(request.policy);
  const waiting = await warm.gateway();
  if (further.length === 0) return waiting;
  await dismissGateway(waiting);
  return waitingGateway(programs, { netns: NETNS, files: openFiles3(), route: false, further });
}
async function enterContainer(context, cgroup, limits, pid) {
  const netns = `${OUTER_PROC}/${pid}/ns/net`;
  cgroup.limit(limits);
  const emptied = cgroup.follow();
  await context.network?.enter(netns);
  return { pid, proc: OUTER_PROC, netns, emptied };
}
function identityEnv(spec) {
  const { name, home } = spec.identity;
  return { HOME: home, USER: name, LOGNAME: name, SHELL: "/bin/sh", TMPDIR: "/tmp", AGENT_JAIL_RESULT: "/run/agent-jail/result" };
}
async function orStop(work2, stop2) {
  return Promise.race([
    work2,
    stop2.then((end2) => {
      throw new Stopped(end2);
    })
  ]);
}

// src/run/warden.ts
var LONGEST3 = 64 << 20;
async function warden(entry2, sweeping, guess2) {
  const inbox = new Inbox(lines(process.stdin, LONGEST3));
  process.stdout.on("error", () => {
  });
  if (process.pid !== 1) throw new Error("the warden runs in mount and PID namespaces of its own: `agent-jail run` starts it");
  const programs = programsBeside(entry2);
  const namespaces = new Namespaces();
  let warm = sweeping ? null : warmUp(programs, guess2, { first: true, host: true });
  let host = true;
  let ran = false;
  for (let asked = await inbox.next(); asked !== null; asked = await inbox.next()) {
    if (asked.kind === "ahead") void warm?.ahead(asked.root);
    else if (asked.kind === "engine") void warm?.engine(asked.engine);
    else if (asked.kind === "sweep") {
      process.stdout.write(`${JSON.stringify(await sweep(asked.id, programs.export))}
`);
      break;
    } else if (asked.kind === "run") {
      if (warm === null) throw new Error("a run was asked for where nothing is ready for one");
      host = asked.policy.jail.root.kind === "host";
      await run(asked, programs, warm, inbox);
      ran = true;
      if (asked.stay !== true) break;
      warm = null;
    } else {
      if (!await namespaces.emptied()) break;
      warm = warmUp(programs, guess2, { first: false, host });
      process.stdout.write(`${JSON.stringify({ kind: "ready" })}
`);
    }
  }
  return ran;
}
async function run(request, programs, warm, inbox) {
  const began = process.hrtime.bigint();
  const clock = () => Number((process.hrtime.bigint() - began) / 1000000n);
  const channel = new Channel(process.stdout, clock);
  let context;
  try {
    context = new Context(request, programs, warm, channel, createRecord(request.record, request.caller), String(began));
    context.write();
  } catch (error) {
    const end3 = endOf2(error, false);
    channel.send({
      kind: "ended",
      end: end3,
      outcome: "jail-error",
      because: end3.how === "error" ? end3.message : "",
      manifest: null,
      counts: null
    });
    await channel.flush();
    return;
  }
  inbox.onCancel((by) => context.end({ how: "cancelled", by }));
  const end2 = await runJailed(context).catch((error) => endOf2(error, context.started));
  await conclude(context, end2);
  await rehearse(request, channel, programs).catch(() => {
  });
}
function programsBeside(entry2) {
  const beside2 = (name) => (0, import_node_path12.join)((0, import_node_path12.dirname)(entry2), name);
  return {
    node: process.execPath,
    gateway: beside2("gateway.cjs"),
    collector: beside2("collector.cjs"),
    launch: beside2("launch.pl"),
    chroot: beside2("chroot.pl"),
    restore: beside2("restore.pl"),
    sockets: beside2("sockets.pl"),
    hands: beside2("hands.pl"),
    export: beside2("export.pl"),
    terminal: beside2("terminal.pl"),
    trace: beside2("trace.pl"),
    forget: beside2("forget.pl"),
    vm: {
      guest: beside2("vm-guest.pl"),
      calls: beside2("vm-calls.pl"),
      mux: beside2("vm-mux.pl"),
      network: beside2("vm-network.pl"),
      step: beside2("vm-step.pl"),
      programs: beside2("vm-programs.pl"),
      trace: beside2("trace.pl"),
      pty: beside2("pty.pl"),
      relay: beside2("vm-relay.pl"),
      share: beside2("vm-share.pl")
    }
  };
}

// src/warden.ts
process.on("SIGINT", () => {
});
process.on("SIGTERM", () => {
});
var [, entry = "", kind, guess = "auto"] = process.argv;
warden(entry, kind === "sweep", guess).then((ran) => ran && keepCode()).catch((error) => {
  process.stderr.write(`warden: ${error instanceof Error ? error.message : String(error)}
`);
  process.exitCode = 70;
}).finally(() => process.exit());
