const { existsSync, mkdirSync, readFileSync: readFileSync2, rmdirSync, writeFileSync: writeFileSync2 } = process.getBuiltinModule("node:fs");
const { setTimeout: sleep } = process.getBuiltinModule("node:timers/promises");
const { readdirSync, readFileSync, writeFileSync } = process.getBuiltinModule("node:fs");
const { accessSync, constants } = process.getBuiltinModule("node:fs");
const { join } = process.getBuiltinModule("node:path");
const { existsSync: existsSync3, lstatSync: lstatSync3, realpathSync } = process.getBuiltinModule("node:fs");
const { readFileSync: readFileSync3, statSync } = process.getBuiltinModule("node:fs");
const { arch, availableParallelism, release, totalmem } = process.getBuiltinModule("node:os");
const { lstatSync: lstatSync2, readFileSync: readFileSync5, writeFileSync: writeFileSync4 } = process.getBuiltinModule("node:fs");
const { dirname } = process.getBuiltinModule("node:path");
const { rootCertificates } = process.getBuiltinModule("node:tls");
const { chmodSync, chownSync, existsSync: existsSync2, lstatSync, mkdirSync: mkdirSync2, writeFileSync: writeFileSync3 } = process.getBuiltinModule("node:fs");
const { setTimeout: sleep2 } = process.getBuiltinModule("node:timers/promises");
const { closeSync, constants: constants2, openSync } = process.getBuiltinModule("node:fs");
const { Socket } = process.getBuiltinModule("node:net");
const { readFileSync: readFileSync4, statSync: statSync2 } = process.getBuiltinModule("node:fs");
import {
  masksHere
} from "./shared-backend-proc-masks.js";
import {
  planView,
  visiblePaths,
  within
} from "./shared-plan-toolchain.js";
import {
  inside
} from "./shared-host-unpack.js";
import {
  ARCHITECTURE_NAMES,
  LARGEST_PAGE,
  architectureOf
} from "./shared-model-architecture.js";
import {
  freeBytes,
  machineNamespaces,
  mustAll,
  scratchFiles,
  scratchSize
} from "./shared-host-scratch.js";
import {
  STATE,
  work
} from "./shared-host-places.js";
import {
  parseMountinfo,
  parseStatus,
  readProc,
  readProcLink
} from "./shared-system-proc.js";
import {
  SYSTEM_PATH
} from "./shared-system-exec.js";
import {
  JailError
} from "./shared-model-errors.js";

// src/host/cgroup.ts

// src/host/cgroup-files.ts
function below(directory) {
  try {
    return readdirSync(directory, { withFileTypes: true }).filter((entry) => entry.isDirectory()).flatMap((entry) => [...below(`${directory}/${entry.name}`), `${directory}/${entry.name}`]);
  } catch {
    return [];
  }
}
function read(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return null;
  }
}
function write(file, value) {
  try {
    writeFileSync(file, value);
  } catch {
  }
}
var number = (text) => text === null ? 0 : Number(text.trim()) || 0;
var field = (text, name) => Number(new RegExp(`^${name} (\\d+)$`, "m").exec(text ?? "")?.[1] ?? 0);

// src/host/cgroup.ts
var NEEDED = ["memory", "pids", "cpu"];
var PERIOD = 1e5;
var FOLLOW = 5;
function cgroupLayout(mounts) {
  const unified = mounts.find((m) => m.type === "cgroup2")?.target ?? null;
  const controllers = /* @__PURE__ */ new Map();
  const named = [];
  for (const mount of mounts) {
    if (mount.type !== "cgroup") continue;
    if (mount.superOptions.some((o) => o.startsWith("name="))) named.push(mount.target);
    for (const option of mount.superOptions)
      if (/^[a-z_]+$/.test(option) && !["rw", "ro", "xattr"].includes(option)) controllers.set(option, mount.target);
  }
  return { kind: controllers.size === 0 ? "v2" : unified === null ? "v1" : "hybrid", unified, controllers, named };
}
function cgroupRefusal(layout) {
  if (layout.kind === "v2") {
    if (layout.unified === null) return "no cgroup file system is mounted";
    const there = (read(`${layout.unified}/cgroup.controllers`) ?? "").split(/\s+/);
    const absent2 = NEEDED.filter((c) => !there.includes(c));
    return absent2.length === 0 ? null : `cgroup v2 without the controller ${absent2.join(", ")}`;
  }
  const absent = [...NEEDED, ...layout.kind === "v1" ? ["freezer"] : []].filter((c) => !layout.controllers.has(c));
  return absent.length === 0 ? null : `cgroup v1 without the controller ${absent.join(", ")}`;
}
var Cgroup = class {
  layout;
  name;
  #counted = /* @__PURE__ */ new Map();
  #following;
  constructor(layout, name) {
    this.layout = layout;
    this.name = name;
  }
  /** Group directories, by hierarchy. */
  get directories() {
    const { kind, unified, controllers } = this.layout;
    const roots = kind === "v2" ? [] : ["memory", "pids", "cpu", "freezer"].flatMap((c) => controllers.get(c) ?? []);
    return [.../* @__PURE__ */ new Set([...roots, ...unified === null ? [] : [unified]])].map((root) => `${root}/${this.name}`);
  }
  /** Files a process writes `0` to, to join. */
  get doors() {
    return this.directories.map((d) => `${d}/cgroup.procs`);
  }
  make() {
    const { kind, unified } = this.layout;
    try {
      if (kind === "v2") writeFileSync2(`${unified}/cgroup.subtree_control`, NEEDED.map((c) => `+${c}`).join(" "));
      for (const directory of this.directories) mkdirSync(directory, { recursive: false });
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
    for (const [file, value] of limitWrites(this.layout, this.name, limits)) {
      try {
        writeFileSync2(file, value);
      } catch (error) {
        if (file.endsWith("memory.memsw.limit_in_bytes") || file.endsWith("memory.swap.max")) {
          if (!existsSync(file) && /^SwapTotal:\s+0 kB$/m.test(readFileSync2("/proc/meminfo", "utf8"))) continue;
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
    const own = `${this.layout.unified}/${this.name}`;
    this.#refused();
    for (const group of below(own)) rmdirSync(group);
    const given = (read(`${own}/cgroup.subtree_control`) ?? "").split(/\s+/).filter((name) => name !== "");
    if (given.length > 0) writeFileSync2(`${own}/cgroup.subtree_control`, given.map((name) => `-${name}`).join(" "));
  }
  /** Files and what they read as while these limits are in force. */
  limitFiles(limits) {
    return new Map(limitWrites(this.layout, this.name, limits).filter(([file]) => existsSync(file)));
  }
  /** What the kernel counted so far. */
  usage() {
    const v1 = (controller, file) => read(`${this.layout.controllers.get(controller)}/${this.name}/${file}`);
    const v2 = (file) => read(`${this.layout.unified}/${this.name}/${file}`);
    if (this.layout.kind === "v2") {
      return {
        memory: number(v2("memory.current")),
        memoryPeak: number(v2("memory.peak")),
        cpu: field(v2("cpu.stat"), "usage_usec"),
        pids: number(v2("pids.current")),
        pidsPeak: number(v2("pids.peak")),
        ...this.#refused()
      };
    }
    return {
      memory: number(v1("memory", "memory.usage_in_bytes")),
      memoryPeak: number(v1("memory", "memory.max_usage_in_bytes")),
      cpu: this.layout.unified === null ? 0 : field(v2("cpu.stat"), "usage_usec"),
      pids: number(v1("pids", "pids.current")),
      pidsPeak: number(v1("pids", "pids.peak")),
      ...this.#refused()
    };
  }
  /**
   * What the kernel counts where it happens only: in this group, and in those that a backend makes below it and an engine removes with what
   * they counted. Of forks that is so on v2 too, before Linux 6.11; later the groups above count as well, which makes more of it, but not
   * something of nothing.
   */
  #sum(hierarchy, file, name) {
    const own = `${hierarchy}/${this.name}`;
    for (const group of [own, ...below(own)]) {
      const seen = field(read(`${group}/${file}`), name);
      if (seen > 0) this.#counted.set(`${group}/${file}`, seen);
    }
    return [...this.#counted].reduce((all, [path, count]) => path.endsWith(`/${file}`) ? all + count : all, 0);
  }
  #forksRefused() {
    const { kind, unified, controllers } = this.layout;
    return this.#sum(kind === "v2" ? unified : controllers.get("pids"), "pids.events", "max");
  }
  /** failcnt of memory stays 0 here; v2's events have those of the groups below. */
  #oomKills() {
    const { kind, unified, controllers } = this.layout;
    if (kind === "v2") return field(read(`${unified}/${this.name}/memory.events`), "oom_kill");
    return this.#sum(controllers.get("memory"), "memory.oom_control", "oom_kill");
  }
  #refused() {
    return { oomKills: this.#oomKills(), forksRefused: this.#forksRefused() };
  }
  /** Counts often enough to see what a group counted before it is removed: an engine needs several times as long for that. */
  follow() {
    this.#following ??= setInterval(() => this.#refused(), FOLLOW);
  }
  unfollow() {
    clearInterval(this.#following);
    this.#following = void 0;
  }
  /** Process ids in the group and below it, as this process's namespace numbers them. */
  members() {
    const all = /* @__PURE__ */ new Set();
    for (const directory of this.directories) {
      for (const group of [...below(directory), directory])
        for (const line of (read(`${group}/cgroup.procs`) ?? "").split("\n")) if (line !== "" && line !== "0") all.add(Number(line));
    }
    return [...all];
  }
  /** A process of a namespace that this one cannot see counts too: it is listed as 0. */
  #occupied() {
    return this.directories.some(
      (directory) => [...below(directory), directory].some((group) => (read(`${group}/cgroup.procs`) ?? "") !== "")
    );
  }
  /** Kills everything in the group and waits until it is empty; false: something is still there after `timeout` ms. */
  async kill(timeout = 5e3) {
    const end = performance.now() + timeout;
    for (let wait = 1; ; wait = Math.min(wait * 2, 50)) {
      this.#strike();
      if (!this.#occupied()) return true;
      if (performance.now() > end) return false;
      await sleep(wait);
    }
  }
  #strike() {
    if (this.layout.unified !== null) {
      const file = `${this.layout.unified}/${this.name}/cgroup.kill`;
      if (existsSync(file)) return write(file, "1");
    }
    const freezer = `${this.layout.controllers.get("freezer")}/${this.name}/freezer.state`;
    write(freezer, "FROZEN");
    for (const pid of this.members()) {
      try {
        process.kill(pid, "SIGKILL");
      } catch {
      }
    }
    write(freezer, "THAWED");
  }
  /** Removes the groups, in every hierarchy: backends make some below them, and of the same name in others. Idempotent. */
  remove() {
    const { unified, controllers, named } = this.layout;
    const roots = /* @__PURE__ */ new Set([...controllers.values(), ...named, ...unified === null ? [] : [unified]]);
    for (const directory of [...roots].map((root) => `${root}/${this.name}`)) {
      for (const group of [...below(directory), directory]) {
        try {
          rmdirSync(group);
        } catch (error) {
          if (error.code !== "ENOENT") throw error;
        }
      }
    }
  }
};
function limitWrites(layout, name, limits) {
  const quota = String(Math.max(1e3, Math.round(limits.cpus * PERIOD)));
  const memory = String(limits.memory);
  if (layout.kind === "v2") {
    const at2 = `${layout.unified}/${name}`;
    return [
      [`${at2}/memory.max`, memory],
      [`${at2}/memory.swap.max`, "0"],
      [`${at2}/memory.oom.group`, "0"],
      [`${at2}/pids.max`, String(limits.processes)],
      [`${at2}/cpu.max`, `${quota} ${PERIOD}`]
    ];
  }
  const at = (controller) => `${layout.controllers.get(controller)}/${name}`;
  return [
    // The sum may never be below the part, whether the limit grows or shrinks.
    [`${at("memory")}/memory.memsw.limit_in_bytes`, "-1"],
    [`${at("memory")}/memory.limit_in_bytes`, memory],
    [`${at("memory")}/memory.memsw.limit_in_bytes`, memory],
    [`${at("pids")}/pids.max`, String(limits.processes)],
    [`${at("cpu")}/cpu.cfs_period_us`, String(PERIOD)],
    [`${at("cpu")}/cpu.cfs_quota_us`, quota]
  ];
}

// src/host/programs.ts
var PROGRAMS = {
  perl: "perl-base",
  git: "git",
  tar: "tar",
  "mkfs.ext4": "e2fsprogs",
  mount: "mount",
  losetup: "mount",
  unshare: "util-linux",
  nsenter: "util-linux",
  setpriv: "util-linux",
  flock: "util-linux",
  ip: "iproute2"
};
function findProgram(name) {
  return SYSTEM_PATH.split(":").map((directory) => join(directory, name)).find(executable) ?? null;
}
function requirePrograms(find = findProgram) {
  const missing = Object.keys(PROGRAMS).filter((name) => find(name) === null);
  if (missing.length === 0) return;
  const packages = [...new Set(missing.map((name) => PROGRAMS[name]))].join(" ");
  throw new JailError(`missing on this machine: ${missing.join(", ")}`, `install what is missing: \`apt-get install ${packages}\``);
}
function executable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

// src/run/check.ts

// src/host/machine.ts
function readMachine() {
  return {
    kernel: release(),
    arch: arch(),
    cpus: availableParallelism(),
    memory: totalmem(),
    mounts: parseMountinfo(readProc("self", "mountinfo") ?? "")
  };
}
function lookAt(path, mounts) {
  let stat;
  try {
    stat = statSync(path);
  } catch {
    return null;
  }
  if (!stat.isDirectory()) return null;
  const below2 = [...new Set(mounts.map((m) => m.target).filter((target) => target.startsWith(path === "/" ? "/" : `${path}/`)))];
  const nearest = below2.filter((target) => !below2.some((other) => target.startsWith(`${other}/`)));
  return {
    owner: { uid: stat.uid, gid: stat.gid },
    mode: stat.mode & 4095,
    submounts: nearest.map((target) => ({ target, directory: isDirectory(target) }))
  };
}
function knownUids() {
  return new Set(
    readFileSync3("/etc/passwd", "utf8").split("\n").map((line) => Number(line.split(":")[2]))
  );
}
function isDirectory(path) {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

// src/run/architecture.ts
function requireArchitecture(arch2) {
  const known = architectureOf(arch2);
  if (known !== null) return known;
  throw new JailError(`the jail's system call filter is not made for ${arch2}`, `use an ${ARCHITECTURE_NAMES} machine`);
}

// src/run/trust.ts

// src/host/layers.ts
var AT_ONCE = 300;
var ROOT = work("root");
var upper = (key) => work("scratch", "layers", key, "upper");
var setup = (key) => work("setup", key);
var restored = (key) => work("scratch", "restored", key);
var merged = (target) => target === "/" ? ROOT : `${ROOT}${target}`;
var lowerOf = (o) => o.lower !== null && (o.swap !== null || /[,:\\\s"]/.test(o.lower)) ? work("lower", o.key) : o.lower;
function makeDirectories(overlays) {
  for (const name of ["root", "setup", "lower"]) mkdirSync2(work(name), { recursive: true });
  for (const o of overlays) {
    const directories = o.access === "read-only" ? [setup(o.key)] : [setup(o.key), upper(o.key)];
    for (const directory of directories) {
      mkdirSync2(directory, { recursive: true });
      chownSync(directory, o.owner.uid, o.owner.gid);
      chmodSync(directory, o.mode);
    }
    if (o.access === "copy-on-write") mkdirSync2(work("scratch", "layers", o.key, "work"));
    if (lowerOf(o) !== o.lower) mkdirSync2(work("lower", o.key));
  }
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
  const parts = relative.split("/").filter(Boolean);
  for (const [index, part] of parts.entries()) {
    here += `/${part}`;
    left = left.flatMap(
      ({ path, owner }) => path !== null && look(`${path}/${part}`)?.isDirectory() === true ? [{ path: `${path}/${part}`, owner }] : []
    );
    if (existsSync2(here)) continue;
    mkdirSync2(here);
    const [top] = left;
    const seen = top === void 0 || top.path === null ? null : look(top.path);
    if (seen === null || top === void 0) chmodSync(here, index === parts.length - 1 ? mode : 493);
    else {
      const { uid, gid } = top.owner(seen);
      chownSync(here, uid, gid);
      chmodSync(here, seen.mode & 4095);
    }
  }
  return here;
}
function mountPoint(around, target, agent) {
  const relative = around.target === "/" ? target : target.slice(around.target.length);
  let [here, below2, missing] = [setup(around.key), around.lower, false];
  for (const part of relative.split("/").filter(Boolean)) {
    here += `/${part}`;
    const own = look(here);
    const seen = own ?? (below2 === null ? null : look(`${below2}/${part}`));
    if (seen !== null && !seen.isDirectory())
      throw new JailError(
        `${target} cannot be a directory in the jail: ${part} is ${seen.isSymbolicLink() ? "a link" : "none"} there`,
        "give the mount another `target`, or use another root"
      );
    missing ||= seen === null;
    below2 = below2 !== null && (look(`${below2}/${part}`)?.isDirectory() ?? false) ? `${below2}/${part}` : null;
  }
  if (missing) setupDirectory(around, relative, agent);
}
function requireWay(around, target) {
  let here = restored(around.key);
  for (const part of (around.target === "/" ? target : target.slice(around.target.length)).split("/").filter(Boolean)) {
    here += `/${part}`;
    const seen = look(here);
    if (seen === null) return;
    if (!seen.isDirectory())
      throw new JailError(`the earlier run left ${part} in the way of ${target}`, "look at its changes: it is no directory any more");
  }
}
async function cover(o, covers, agent) {
  const whiteouts = [];
  for (const { path, content } of covers) {
    const relative = path.slice((o.lower ?? o.target).length + 1);
    const slash = relative.lastIndexOf("/");
    const place = `${setupDirectory(o, slash === -1 ? "" : relative.slice(0, slash), agent)}/${relative.slice(slash + 1)}`;
    if (content === null) whiteouts.push(place);
    else {
      writeFileSync3(place, content, { flag: "wx", mode: 420 });
      chownSync(place, o.owner.uid, o.owner.gid);
    }
  }
  for (let at = 0; at < whiteouts.length; at += AT_ONCE)
    await mustAll(
      whiteouts.slice(at, at + AT_ONCE).map((place) => ({ argv: ["mknod", place, "c", "0", "0"], what: `${place} could not be hidden` }))
    );
}
var lowersOf = (o, kept) => [kept.has(o.key) ? restored(o.key) : null, setup(o.key), lowerOf(o)].filter((path) => path !== null);
async function mountOverlays(overlays, agent, idmapScript, kept) {
  const mapped = overlays.flatMap(
    (o) => o.lower === null || o.swap === null ? [] : [o.lower, work("lower", o.key), String(o.swap.uid), String(agent.uid), String(o.swap.gid), String(agent.gid)]
  );
  writeFileSync3(work("fstab"), fstab(overlays, kept));
  await mustAll([
    ...mapped.length > 0 ? [{ argv: ["perl", idmapScript, ...mapped], what: "a directory could not be id-mapped" }] : [],
    { argv: ["mount", "--all", "--fstab", work("fstab")], what: "the layers could not be mounted" }
  ]);
}
function fstab(overlays, kept = /* @__PURE__ */ new Set()) {
  const lines = [];
  for (const o of overlays) {
    const lower = lowerOf(o);
    if (lower !== o.lower && o.swap === null && o.lower !== null)
      lines.push(`${escape(o.lower)} ${escape(work("lower", o.key))} none bind 0 0`);
    const lowers = lowersOf(o, kept).join(":");
    const options = o.access === "read-only" ? `ro,nosuid,nodev,lowerdir=${lowers},redirect_dir=on,metacopy=off,index=off` : `nosuid,nodev,lowerdir=${lowers},upperdir=${upper(o.key)},workdir=${work("scratch", "layers", o.key, "work")},redirect_dir=on,metacopy=off,index=off`;
    lines.push(`overlay ${escape(merged(o.target))} overlay ${options} 0 0`);
  }
  return `${lines.join("\n")}
`;
}
function layerViews(overlays, agent, kept) {
  return overlays.filter((o) => o.access === "copy-on-write").map((o) => ({
    layer: o.layer,
    target: o.target,
    upper: upper(o.key),
    lowers: lowersOf(o, kept),
    merged: merged(o.target),
    swapped: o.swap === null ? null : { host: o.swap, jail: agent }
  }));
}
var escape = (path) => path.replace(/[\\\s]/g, (c) => `\\${c.charCodeAt(0).toString(8).padStart(3, "0")}`);
var flip = (id, a, b) => a === void 0 ? id : id === a ? b : id === b ? a : id;
function look(path) {
  try {
    return lstatSync(path);
  } catch {
    return null;
  }
}

// src/run/step.ts

// src/run/gate.ts
var CHUNK = 1 << 16;
var Gate = class {
  #path;
  #hold = null;
  #over = Promise.resolve();
  constructor(path) {
    this.#path = path;
  }
  /** Opens the gate; `take` gets every byte, in order. A chunk is valid during the call only. */
  open(take) {
    const fd = openSync(this.#path, constants2.O_RDONLY | constants2.O_NONBLOCK);
    this.#hold = openSync(this.#path, constants2.O_WRONLY | constants2.O_NONBLOCK);
    const buffer = Buffer.allocUnsafe(CHUNK);
    const callback = (length) => {
      take(buffer.subarray(0, length));
      return true;
    };
    const stream = new Socket({ fd, readable: true, writable: false, onread: { buffer, callback } });
    stream.resume();
    this.#over = new Promise((resolve) => {
      stream.once("close", () => resolve());
      stream.on("error", () => stream.destroy());
    });
  }
  /** Call once the jail is dead: what is still in the FIFO arrives, then this resolves. */
  async drain() {
    if (this.#hold !== null) closeSync(this.#hold);
    this.#hold = null;
    await this.#over;
  }
};

// src/run/held.ts
var NAMESPACES = ["mnt", "pid", "ipc", "uts", "cgroup", "net", "user"];
function readHeld({ pid, proc, netns }, limits, unified) {
  const links = (of, where) => new Map(NAMESPACES.map((name) => [name, readProcLink(of, `ns/${name}`, where)]));
  return {
    status: parseStatus(readProc(pid, "status", proc) ?? ""),
    namespaces: links(pid, proc),
    ours: links("self"),
    machine: machineNamespaces(NAMESPACES),
    netns: `net:[${statSync2(netns).ino}]`,
    root: identityOf(`${proc}/${pid}/root`),
    ourRoot: identityOf("/"),
    mounts: parseMountinfo(readProc(pid, "mountinfo", proc) ?? ""),
    masks: Object.values(masksHere()).flat(),
    groups: (readProc(pid, "cgroup", proc) ?? "").split("\n").map((line) => line.split(":")).filter(
      ([id, controllers]) => id === "0" && unified || ["memory", "pids", "cpu", "freezer"].some((c) => controllers?.split(",").includes(c))
    ).map((fields) => fields.slice(2).join(":")),
    limits: new Map([...limits.keys()].map((file) => [file, readText(file)])),
    wantedLimits: limits,
    interfaces: (readProc(pid, "net/dev", proc) ?? "").split("\n").slice(2).map((line) => line.split(":")[0]?.trim() ?? "").filter((name) => name !== ""),
    // The main tables hold no local route: one line here is a way out.
    routes: [...table(readProc(pid, "net/route", proc), 1, 0), ...table(readProc(pid, "net/ipv6_route", proc), 0, 9)]
  };
}
function identityOf(directory) {
  const found = statSync2(directory, { throwIfNoEntry: false });
  return found === void 0 ? null : `${found.dev}:${found.ino}`;
}
function table(text, header, device) {
  return (text ?? "").split("\n").slice(header).filter((line) => line.trim() !== "").map((line) => line.trim().split(/\s+/)).filter((fields) => fields[device] !== "lo").map((fields) => fields.join(" "));
}
function readText(file) {
  try {
    return readFileSync4(file, "utf8").trim();
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
var wrapper = (added, streams, end) => `: >/run/agent-jail/out
${streams}
cd -- "$1" 2>/dev/null || { echo "agent-jail: the working-directory $1 is not a directory in the jail"; exit 1; }
shift
unset ${added.join(" ")}
exec "$@")
${end}`;
var piped = (added, split) => wrapper(added, `(exec >/run/agent-jail/out 2>${split ? "/run/agent-jail/err" : "&1"}`, "exit $?");
var onTerminal = (added) => wrapper(added, "exec 3<>/dev/pts/0\n(exec <&3 >&3 2>&3 3>&-", "code=$?\nread -r _ </run/agent-jail/drained\nexit $code");
var PATIENCE = 1e4;
var RETRY = 10;
var LOOK = 100;
var TELL = 1e3;
function stepStart(step, cwd, index, env, split, { memory, cpus, processes }) {
  const script = `${RUNTIME}/step-${index}${step.extension}`;
  const added = [...ADDED, "PWD", "OLDPWD"].filter((name) => !Object.hasOwn(env, name));
  return {
    index,
    argv: [
      "/bin/sh",
      "-c",
      step.tty === null ? piped(added, split) : onTerminal(added),
      "sh",
      cwd,
      ...step.shell.map((part) => part.replaceAll("{0}", script))
    ],
    cwd: "/",
    env,
    split,
    limits: { memory, cpus, processes }
  };
}
async function runStep(place, start, step, limits) {
  const { cgroup, recorder } = place;
  const before = cgroup.usage();
  const running = await place.jail.start(start);
  const gate = new Gate(place.output);
  const errors = place.errors === null || step.tty !== null ? null : new Gate(place.errors);
  let terminal = null;
  try {
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
    if (step.tty !== null) terminal = await place.terminal(held, step.tty);
    await traced;
    place.proved(properties);
    const watch = new Watch(place, limits, step, start.index, before);
    void running.inside?.exceeded.then((limit) => watch.exceed(limit));
    recorder.begin(start.index, step.name, terminal !== null ? "tty" : errors !== null ? "stdout" : "merged");
    place.opened();
    errors?.open((chunk) => watch.take(chunk, "stderr"));
    gate.open((chunk) => watch.take(chunk));
    const exit = await Promise.race([running.exit.then(() => null), watch.over, place.stop, ...terminal === null ? [] : [terminal.died]]);
    watch.stop();
    const ended = await kill(cgroup, running);
    const { code, signal } = ended === "backend" || exit !== null ? KILLED : ended;
    await terminal?.drain();
    await Promise.all([gate.drain(), errors?.drain()]);
    await place.left();
    const after = cgroup.usage();
    const { bytes } = recorder.end({ code, signal });
    watch.look();
    watch.finish(after);
    const memory = after.oomKills > before.oomKills ? { how: "limit", limit: "memory", step: start.index } : null;
    const end = exit ?? watch.ended ?? memory ?? (ended === "backend" ? backendDied(place.jail.died) : null);
    const hit = /* @__PURE__ */ new Set([...watch.refused, ...place.refused(), ...running.inside?.refused() ?? []]);
    if (after.forksRefused > before.forksRefused) hit.add("processes");
    if (memory !== null) hit.add("memory");
    if (end?.how === "limit") hit.add(end.limit);
    return { exit: { code, signal, hit: [...hit], ms: watch.elapsed, bytes }, end };
  } finally {
    await kill(cgroup, running);
    terminal?.kill();
    await Promise.all([gate.drain(), errors?.drain()]);
  }
}
async function kill(cgroup, running) {
  for (const end = performance.now() + PATIENCE; ; ) {
    await running.kill();
    const empty = await cgroup.kill();
    const exit = await Promise.race([running.exit, sleep2(RETRY, null)]);
    if (empty && exit !== null) return exit;
    if (performance.now() > end)
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
      }, LOOK)
    );
  }
  /** A limit that somebody else watches. */
  exceed(limit) {
    this.#end(limit);
  }
  look() {
    const full = this.#place.full();
    if (full !== null) this.refused.add(full);
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
  #tell({ memory, pids }) {
    this.#told = this.elapsed;
    this.#place.progress({ ms: this.elapsed, bytes: this.#bytes, memory, peak: this.#peak, processes: pids });
  }
  stop() {
    for (const timer of this.#timers) clearTimeout(timer);
  }
  get elapsed() {
    return Math.round(performance.now() - this.#started);
  }
};

// src/run/trust.ts
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
  writeFileSync4(work("runtime", ALONE), authority, { mode: 292 });
  writeFileSync4(work("runtime", ALL), `${publicAuthorities()}
${authority}`, { mode: 292 });
}
function trustInRoot(root, identity, authority) {
  const places = /* @__PURE__ */ new Set();
  const tree = root.lower ?? work("setup", root.key);
  for (const bundle of BUNDLES) {
    const found = inside(tree, bundle);
    if (found === null || places.has(found)) continue;
    const seen = lstatSync2(found);
    if (!seen.isFile() || seen.size > MOST_BYTES) continue;
    places.add(found);
    const relative = found.slice(tree.length + 1);
    const own = setupDirectory(root, dirname(relative), identity);
    writeFileSync4(`${own}/${relative.slice(relative.lastIndexOf("/") + 1)}`, `${readFileSync5(found, "utf8")}
${authority}`, {
      mode: 420
    });
  }
}
function publicAuthorities() {
  for (const bundle of BUNDLES) {
    const found = inside("", bundle);
    if (found !== null) return readFileSync5(found, "utf8");
  }
  return rootCertificates.join("\n");
}

// src/plan/retries.ts
var APT = { path: "/run/agent-jail/apt.conf", text: 'Acquire::Retries::Delay "false";\n' };
var RETRIES = {
  npm_config_fetch_retry_mintimeout: "100",
  npm_config_fetch_retry_maxtimeout: "1000",
  PIP_RETRIES: "1",
  APT_CONFIG: APT.path
};

// src/run/check.ts
var AGENT_UID = 61001;
function check(request, { tree, env }) {
  const machine = readMachine();
  const architecture = requireArchitecture(machine.arch);
  const layout = cgroupLayout(machine.mounts);
  const refusal = cgroupRefusal(layout);
  if (refusal !== null)
    throw new JailError(
      `limits cannot be kept on this machine: ${refusal}`,
      "run on a host with cgroup v2, or v1 with memory, pids and cpu"
    );
  const { policy, workspace } = request;
  const notices = [];
  if (request.backend === "vm") machineCan(request);
  const { surroundings } = request;
  const brought = policy.jail.toolchain === "none" ? { ...surroundings, path: [], toolchain: {} } : surroundings;
  const visible = tree === null ? visiblePaths({ ...brought, workspace, exists: existsSync3, realpath }) : { paths: [], env: {}, path: SYSTEM_PATH.split(":"), notices: [] };
  notices.push(...visible.notices);
  for (const [who, { network }] of Object.entries({ agent: policy.agent, setup: policy.setup }))
    if (network.mode === "observe") notices.push(`weak: ${who} can reach every public host (\`network.observe\`)`);
  const owner = lookAt(workspace, machine.mounts)?.owner;
  if (owner === void 0)
    throw new JailError(`the workspace ${workspace} is not a directory`, "check out a repository first, or give another workspace");
  const idmap = kernelAtLeast(machine.kernel, 5, 12);
  if (!idmap) {
    if (owner.uid === 0)
      throw new JailError(
        `this kernel (${machine.kernel}) cannot map ids, and the workspace is root's`,
        "use Linux 5.12 or later, or give the workspace to another user"
      );
    notices.push(`this kernel cannot map ids: the agent runs with the id of the workspace's owner (${owner.uid})`);
  }
  const identity = idmap ? agentIdentity(request.caller.uid) : { ...agentIdentity(request.caller.uid), ...owner };
  const mounts = [
    ...policy.mounts,
    ...policy.workspace.access === "none" ? [] : [{ source: workspace, target: workspace, access: policy.workspace.access }]
  ];
  const found = /* @__PURE__ */ new Map();
  const find = (path, what) => {
    if (found.has(path)) return;
    const seen = lookAt(path, machine.mounts);
    if (seen === null) throw new JailError(`${what} ${path} is not a directory`, "list directories that are there");
    if (within(STATE, path)) throw new JailError(`${what} ${path} contains agent-jail's own state`, "list a directory below it");
    found.set(path, seen);
    for (const mount of seen.submounts) if (mount.directory) find(mount.target, "the mount");
  };
  for (const path of visible.paths) find(path, "the directory");
  for (const mount of mounts) find(mount.source, mount.source === workspace ? "the workspace" : "the mount");
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
    found
  });
  const output = Math.max(policy.agent.limits.output, policy.setup.limits.output) * request.steps.length;
  const size = scratchSize(policy.limits.disk, output, freeBytes(STATE));
  return {
    machine,
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
    scratch: { size, files: scratchFiles(policy.limits.files, size) },
    limits: {
      setup: numbers(policy.setup.limits, machine, request.backend),
      agent: numbers(policy.agent.limits, machine, request.backend)
    },
    notices
  };
}
var MOST_OF_A_MACHINE = 4 * 1024 ** 3;
function machineCan({ steps }) {
  const terminal = steps.find(({ tty }) => tty !== null);
  if (terminal !== void 0)
    throw new JailError(
      `step ${terminal.name} wants a terminal, which \`jail.backend: vm\` cannot give yet`,
      "leave `tty` out, or use `jail.backend: nspawn` or `docker`"
    );
}
function numbers(limits, machine, backend) {
  const most = backend === "vm" ? MOST_OF_A_MACHINE : Number.POSITIVE_INFINITY;
  const memory = limits.memory ?? Math.min(most, Math.floor(machine.memory * 0.75));
  return { ...limits, memory: Math.floor(memory / LARGEST_PAGE) * LARGEST_PAGE, cpus: limits.cpus ?? machine.cpus };
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
      return lstatSync3(`/${name}`).isSymbolicLink() ? [{ name, target: `usr/${name}` }] : [];
    } catch {
      return [];
    }
  });
}
function treeLinks(tree) {
  const lacks = (path) => lstatSync3(`${tree}/${path}`, { throwIfNoEntry: false }) === void 0;
  return ["bin", "sbin", "lib"].filter((name) => lacks(name) && !lacks(`usr/${name}`)).map((name) => ({ name, target: `usr/${name}` }));
}
function kernelAtLeast(release2, major, minor) {
  const [a = 0, b = 0] = release2.split(/[.-]/).map(Number);
  return a > major || a === major && b >= minor;
}
function realpath(path) {
  try {
    return realpathSync(path);
  } catch {
    return null;
  }
}

export {
  cgroupLayout,
  cgroupRefusal,
  Cgroup,
  PROGRAMS,
  findProgram,
  requirePrograms,
  requireArchitecture,
  ROOT,
  restored,
  makeDirectories,
  setupDirectory,
  restoredDirectory,
  mountPoint,
  requireWay,
  cover,
  mountOverlays,
  layerViews,
  RUNTIME,
  stepStart,
  runStep,
  writeTrust,
  trustInRoot,
  APT,
  check,
  kernelAtLeast
};
