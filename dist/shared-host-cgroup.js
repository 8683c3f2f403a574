const { accessSync, constants, existsSync, mkdirSync, readdirSync, renameSync, rmSync } = process.getBuiltinModule("node:fs");
const { existsSync: existsSync2, mkdirSync: mkdirSync2, readdirSync: readdirSync2, readFileSync, rmdirSync, writeFileSync } = process.getBuiltinModule("node:fs");
const { setTimeout: sleep } = process.getBuiltinModule("node:timers/promises");
const { accessSync: accessSync2, constants: constants2 } = process.getBuiltinModule("node:fs");
const { join } = process.getBuiltinModule("node:path");
const { existsSync: existsSync4, lstatSync: lstatSync3, realpathSync } = process.getBuiltinModule("node:fs");
const { readFileSync: readFileSync2, statSync } = process.getBuiltinModule("node:fs");
const { arch, availableParallelism, release, totalmem } = process.getBuiltinModule("node:os");
const { lstatSync: lstatSync2, readFileSync: readFileSync4, writeFileSync: writeFileSync3 } = process.getBuiltinModule("node:fs");
const { dirname } = process.getBuiltinModule("node:path");
const { rootCertificates } = process.getBuiltinModule("node:tls");
const { chmodSync, chownSync, existsSync: existsSync3, lstatSync, mkdirSync: mkdirSync3, writeFileSync: writeFileSync2 } = process.getBuiltinModule("node:fs");
const { setTimeout: sleep2 } = process.getBuiltinModule("node:timers/promises");
const { closeSync, constants: constants3, openSync } = process.getBuiltinModule("node:fs");
const { Socket } = process.getBuiltinModule("node:net");
const { readFileSync: readFileSync3, statSync: statSync2 } = process.getBuiltinModule("node:fs");
import {
  inside
} from "./shared-host-root-tree.js";
import {
  planView,
  visiblePaths,
  within
} from "./shared-plan-toolchain.js";
import {
  freeBytes,
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
  CLEAN_ENV,
  SYSTEM_PATH,
  exec,
  failure
} from "./shared-system-exec.js";
import {
  JailError
} from "./shared-model-errors.js";

// src/backend/nspawn-program.ts
var LEAST = 247;
var found = /* @__PURE__ */ new Map();
function findNspawn(tools) {
  const known = found.get(tools) ?? look(tools);
  found.set(tools, known);
  return known;
}
async function look(tools) {
  for (const directory of SYSTEM_PATH.split(":")) {
    const path = `${directory}/systemd-nspawn`;
    if (executable(path)) return checked(path, CLEAN_ENV, false);
  }
  const tree = `${tools}/nspawn`;
  return existsSync(tree) ? checked(`${tree}/usr/bin/systemd-nspawn`, fetchedEnv(tree), true) : null;
}
async function fetchNspawn(tools) {
  const remedy = "install the package systemd-container, or choose `jail.backend: docker`";
  for (const program of ["apt-get", "dpkg-deb"])
    if (!SYSTEM_PATH.split(":").some((d) => executable(`${d}/${program}`)))
      throw new JailError(`systemd-nspawn is not here and cannot be fetched: ${program} is not there`, remedy);
  mkdirSync(tools, { recursive: true, mode: 493 });
  const fresh = `${tools}/nspawn.${process.pid}.${Date.now()}`;
  mkdirSync(fresh, { mode: 493 });
  try {
    const download = ["apt-get", "-qq", "-o", "APT::Sandbox::User=root", "download", "systemd-container", "libsystemd-shared"];
    let result = await exec(download, { cwd: fresh, timeout: 12e4 });
    if (result.code !== 0) {
      const update = await exec(["apt-get", "-qq", "update"], { timeout: 24e4 });
      result = await exec(download, { cwd: fresh, timeout: 12e4 });
      if (result.code !== 0)
        result = await exec(download.slice(0, -1), { cwd: fresh, timeout: 12e4 });
      if (result.code !== 0)
        throw new JailError(`systemd-nspawn could not be fetched: ${failure(download, update.code === 0 ? result : update)}`, remedy);
    }
    for (const file of readdirSync(fresh).filter((name) => name.endsWith(".deb"))) {
      const unpacked = await exec(["dpkg-deb", "-x", `${fresh}/${file}`, fresh]);
      if (unpacked.code !== 0) throw new JailError(`systemd-nspawn could not be unpacked: ${failure(["dpkg-deb"], unpacked)}`, remedy);
      rmSync(`${fresh}/${file}`);
    }
    await checked(`${fresh}/usr/bin/systemd-nspawn`, fetchedEnv(fresh), true);
    rmSync(`${tools}/nspawn`, { recursive: true, force: true });
    renameSync(fresh, `${tools}/nspawn`);
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true });
    const other = error.code === "ENOTEMPTY" ? await look(tools) : null;
    if (other === null) throw error;
  }
  const tree = `${tools}/nspawn`;
  return checked(`${tree}/usr/bin/systemd-nspawn`, fetchedEnv(tree), true);
}
async function checked(path, env, fetched) {
  const argv = [path, "--version"];
  const result = await exec(argv, { env, timeout: 1e4 });
  const version = /^systemd (\d+) ?(\(.*\))?/.exec(result.stdout);
  if (result.code !== 0 || version === null)
    throw new JailError(`systemd-nspawn does not run: ${failure(argv, result)}`, "reinstall systemd-container");
  if (Number(version[1]) < LEAST)
    throw new JailError(
      `systemd-nspawn ${version[1]} is too old, ${LEAST} is needed`,
      "use a newer distribution, or `jail.backend: docker`"
    );
  return { path, env, version: (version[2] ?? "").replace(/[()]/g, "") || version[1], fetched };
}
function fetchedEnv(tree) {
  const libraries = ["usr/lib", "lib"].flatMap(
    (lib) => ["x86_64-linux-gnu", "aarch64-linux-gnu"].flatMap((triplet) => [`${tree}/${lib}/${triplet}/systemd`, `${tree}/${lib}/${triplet}`])
  );
  return { ...CLEAN_ENV, LD_LIBRARY_PATH: [...libraries, `${tree}/usr/lib/systemd`, `${tree}/lib/systemd`].filter(existsSync).join(":") };
}
function executable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

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
      if (kind === "v2") writeFileSync(`${unified}/cgroup.subtree_control`, NEEDED.map((c) => `+${c}`).join(" "));
      for (const directory of this.directories) mkdirSync2(directory, { recursive: false });
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
        writeFileSync(file, value);
      } catch (error) {
        if (file.endsWith("memory.memsw.limit_in_bytes") || file.endsWith("memory.swap.max")) {
          if (!existsSync2(file) && /^SwapTotal:\s+0 kB$/m.test(readFileSync("/proc/meminfo", "utf8"))) continue;
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
  /** Files and what they read as while these limits are in force. */
  limitFiles(limits) {
    return new Map(limitWrites(this.layout, this.name, limits).filter(([file]) => existsSync2(file)));
  }
  /** What the kernel counted so far. */
  usage() {
    const v1 = (controller, file) => read(`${this.layout.controllers.get(controller)}/${this.name}/${file}`);
    const v2 = (file) => read(`${this.layout.unified}/${this.name}/${file}`);
    if (this.layout.kind === "v2") {
      const events = v2("memory.events");
      return {
        memory: number(v2("memory.current")),
        memoryPeak: number(v2("memory.peak")),
        cpu: field(v2("cpu.stat"), "usage_usec"),
        pids: number(v2("pids.current")),
        pidsPeak: number(v2("pids.peak")),
        oomKills: field(events, "oom_kill"),
        forksRefused: field(v2("pids.events"), "max")
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
  /** What v1 counts where it happens only: in this group, and in those that an engine makes below it and removes with what they counted. */
  #refused() {
    const sum = (controller, file, name) => {
      const own = `${this.layout.controllers.get(controller)}/${this.name}`;
      for (const group of [own, ...below(own)]) {
        const seen = field(read(`${group}/${file}`), name);
        if (seen > 0) this.#counted.set(`${group}/${file}`, seen);
      }
      return [...this.#counted].reduce((all, [path, count]) => path.endsWith(`/${file}`) ? all + count : all, 0);
    };
    return { oomKills: sum("memory", "memory.oom_control", "oom_kill"), forksRefused: sum("pids", "pids.events", "max") };
  }
  /** Counts often enough to see what a group counted before it is removed: an engine needs several times as long for that. */
  follow() {
    if (this.layout.kind !== "v2") this.#following ??= setInterval(() => this.#refused(), FOLLOW);
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
      if (existsSync2(file)) return write(file, "1");
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
function below(directory) {
  try {
    return readdirSync2(directory, { withFileTypes: true }).filter((entry) => entry.isDirectory()).flatMap((entry) => [...below(`${directory}/${entry.name}`), `${directory}/${entry.name}`]);
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
  return SYSTEM_PATH.split(":").map((directory) => join(directory, name)).find(executable2) ?? null;
}
function requirePrograms(find = findProgram) {
  const missing = Object.keys(PROGRAMS).filter((name) => find(name) === null);
  if (missing.length === 0) return;
  const packages = [...new Set(missing.map((name) => PROGRAMS[name]))].join(" ");
  throw new JailError(`missing on this machine: ${missing.join(", ")}`, `install what is missing: \`apt-get install ${packages}\``);
}
function executable2(path) {
  try {
    accessSync2(path, constants2.X_OK);
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
    readFileSync2("/etc/passwd", "utf8").split("\n").map((line) => Number(line.split(":")[2]))
  );
}
function isDirectory(path) {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
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
  for (const name of ["root", "setup", "lower"]) mkdirSync3(work(name), { recursive: true });
  for (const o of overlays) {
    const directories = o.access === "read-only" ? [setup(o.key)] : [setup(o.key), upper(o.key)];
    for (const directory of directories) {
      mkdirSync3(directory, { recursive: true });
      chownSync(directory, o.owner.uid, o.owner.gid);
      chmodSync(directory, o.mode);
    }
    if (o.access === "copy-on-write") mkdirSync3(work("scratch", "layers", o.key, "work"));
    if (lowerOf(o) !== o.lower) mkdirSync3(work("lower", o.key));
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
      ({ path, owner }) => path !== null && look2(`${path}/${part}`)?.isDirectory() === true ? [{ path: `${path}/${part}`, owner }] : []
    );
    if (existsSync3(here)) continue;
    mkdirSync3(here);
    const [top] = left;
    const seen = top === void 0 || top.path === null ? null : look2(top.path);
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
    const own = look2(here);
    const seen = own ?? (below2 === null ? null : look2(`${below2}/${part}`));
    if (seen !== null && !seen.isDirectory())
      throw new JailError(
        `${target} cannot be a directory in the jail: ${part} is ${seen.isSymbolicLink() ? "a link" : "none"} there`,
        "give the mount another `target`, or use another root"
      );
    missing ||= seen === null;
    below2 = below2 !== null && (look2(`${below2}/${part}`)?.isDirectory() ?? false) ? `${below2}/${part}` : null;
  }
  if (missing) setupDirectory(around, relative, agent);
}
function requireWay(around, target) {
  let here = restored(around.key);
  for (const part of (around.target === "/" ? target : target.slice(around.target.length)).split("/").filter(Boolean)) {
    here += `/${part}`;
    const seen = look2(here);
    if (seen === null) return;
    if (!seen.isDirectory())
      throw new JailError(`the earlier run left ${part} in the way of ${target}`, "look at its changes: it is no directory any more");
  }
}
async function cover(o, covers2, agent) {
  const whiteouts = [];
  for (const { path, content } of covers2) {
    const relative = path.slice((o.lower ?? o.target).length + 1);
    const slash = relative.lastIndexOf("/");
    const place = `${setupDirectory(o, slash === -1 ? "" : relative.slice(0, slash), agent)}/${relative.slice(slash + 1)}`;
    if (content === null) whiteouts.push(place);
    else {
      writeFileSync2(place, content, { flag: "wx", mode: 420 });
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
  writeFileSync2(work("fstab"), fstab(overlays, kept));
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
function look2(path) {
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
    const fd = openSync(this.#path, constants3.O_RDONLY | constants3.O_NONBLOCK);
    this.#hold = openSync(this.#path, constants3.O_WRONLY | constants3.O_NONBLOCK);
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
function readHeld({ pid, proc, netns }, limits) {
  const links = (of, where) => new Map(NAMESPACES.map((name) => [name, readProcLink(of, `ns/${name}`, where)]));
  return {
    status: parseStatus(readProc(pid, "status", proc) ?? ""),
    namespaces: links(pid, proc),
    ours: links("self"),
    netns: `net:[${statSync2(netns).ino}]`,
    mounts: parseMountinfo(readProc(pid, "mountinfo", proc) ?? ""),
    groups: (readProc(pid, "cgroup", proc) ?? "").split("\n").map((line) => line.split(":")).filter(([id, controllers]) => id === "0" || ["memory", "pids", "cpu", "freezer"].some((c) => controllers?.split(",").includes(c))).map((fields) => fields.slice(2).join(":")),
    limits: new Map([...limits.keys()].map((file) => [file, readText(file)])),
    wantedLimits: limits,
    interfaces: (readProc(pid, "net/dev", proc) ?? "").split("\n").slice(2).map((line) => line.split(":")[0]?.trim() ?? "").filter((name) => name !== ""),
    // The main tables hold no local route: one line here is a way out.
    routes: [...table(readProc(pid, "net/route", proc), 1, 0), ...table(readProc(pid, "net/ipv6_route", proc), 0, 9)]
  };
}
function table(text, header, device) {
  return (text ?? "").split("\n").slice(header).filter((line) => line.trim() !== "").map((line) => line.trim().split(/\s+/)).filter((fields) => fields[device] !== "lo").map((fields) => fields.join(" "));
}
function readText(file) {
  try {
    return readFileSync3(file, "utf8").trim();
  } catch {
    return null;
  }
}

// src/run/proof.ts
var SETS = ["CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"];
var SEPARATE = ["mnt", "pid", "ipc", "uts", "cgroup", "net"];
var OWN = [
  { target: /^\/proc$/, types: ["proc"], readOnly: false },
  { target: /^\/proc\/(sys\/net|sys\/kernel\/random\/boot_id|kmsg)$/, types: ["proc", "tmpfs"], readOnly: false },
  // A container's own root: nothing but links and the places where the jail's file system is mounted.
  { target: /^\/$/, types: null, readOnly: true },
  { target: /^\/proc\/.+$/, types: ["proc", "tmpfs", "devtmpfs"], readOnly: true },
  { target: /^\/sys\/fs\/cgroup(\/.+)?$/, types: ["cgroup", "cgroup2", "tmpfs"], readOnly: false },
  { target: /^\/sys(\/.*)?$/, types: ["sysfs", "tmpfs", "cgroup", "cgroup2"], readOnly: true },
  { target: /^\/dev$/, types: ["tmpfs"], readOnly: false },
  {
    target: /^\/dev\/(shm|pts|mqueue|console|null|zero|full|random|urandom|tty|net\/tun)$/,
    types: ["tmpfs", "devpts", "mqueue", "devtmpfs"],
    readOnly: false
  },
  { target: /^\/run$/, types: ["tmpfs"], readOnly: false },
  { target: /^\/run\/host$/, types: ["tmpfs"], readOnly: false }
];
function prove(spec, held) {
  const { uid, gid } = spec.identity;
  const status = (name) => held.status.get(name) ?? "absent";
  const equal = (property, seen, wanted) => ({
    property,
    seen,
    wrong: seen === wanted ? null : `should be ${wanted}`
  });
  return [
    equal("uid", status("Uid"), [uid, uid, uid, uid].join("	")),
    equal("gid", status("Gid"), [gid, gid, gid, gid].join("	")),
    { property: "groups", seen: status("Groups"), wrong: ["", String(gid)].includes(status("Groups")) ? null : "should be none" },
    ...SETS.map((set) => equal(`capabilities ${set}`, status(set), "0000000000000000")),
    equal("no new privileges", status("NoNewPrivs"), "1"),
    equal("seccomp", status("Seccomp"), "2"),
    {
      property: "seccomp filters",
      seen: status("Seccomp_filters"),
      wrong: Number(status("Seccomp_filters")) >= filters(spec.seccomp) ? null : `should be ${filters(spec.seccomp)} or more`
    },
    ...SEPARATE.map((name) => {
      const seen = held.namespaces.get(name) ?? "absent";
      return {
        property: `namespace ${name}`,
        seen,
        wrong: seen === "absent" || seen === held.ours.get(name) ? "should be the jail's own" : null
      };
    }),
    equal("network namespace", held.namespaces.get("net") ?? "absent", held.netns),
    equal("network interfaces", held.interfaces.join(" "), "lo"),
    { property: "routes", seen: held.routes.join(", ") || "local only", wrong: held.routes.length === 0 ? null : "should be local only" },
    {
      property: "cgroup",
      seen: held.groups.join(" "),
      wrong: held.groups.length > 0 && held.groups.every((g) => g.split("/").includes(spec.cgroup)) ? null : `should be ${spec.cgroup}`
    },
    ...[...held.wantedLimits].map(([file, wanted]) => equal(`limit ${file.split("/").at(-1)}`, held.limits.get(file) ?? "absent", wanted)),
    ...mountProperties(spec, held.mounts)
  ];
}
var filters = ({ syscalls }) => syscalls.some(({ names, action }) => names.includes("clone3") && action === "SCMP_ACT_ERRNO") ? 1 : 2;
function mountProperties(spec, mounts) {
  const properties = [];
  for (const wanted of spec.view) {
    const seen = mounts.findLast((m) => m.target === wanted.target);
    const text = seen === void 0 ? "absent" : `${seen.type} ${seen.options.join(",")}`;
    const wrong = seen === void 0 ? "is not mounted" : wanted.kind === "overlay" && seen.type !== "overlay" ? "should be an overlay" : !wanted.writable && !seen.options.includes("ro") && !seen.superOptions.includes("ro") ? "should be read-only" : ["nosuid", "nodev"].some((option) => !seen.options.includes(option)) ? "should be nosuid,nodev" : null;
    properties.push({ property: `mount ${wanted.target}`, seen: text, wrong });
  }
  const listed = new Set(spec.view.map((m) => m.target));
  for (const [index, mount] of mounts.entries()) {
    if (listed.has(mount.target) || mounts.slice(index + 1).some((later) => covers(later, mount))) continue;
    const own = OWN.find((rule) => rule.target.test(mount.target) && (rule.types?.includes(mount.type) ?? true));
    const wrong = own === void 0 ? "is not in the specification" : own.readOnly && !mount.options.includes("ro") && mount.root !== NULL_DEVICE ? "should be read-only" : null;
    if (wrong !== null) properties.push({ property: `mount ${mount.target}`, seen: `${mount.type} ${mount.options.join(",")}`, wrong });
  }
  return properties;
}
var NULL_DEVICE = "/null";
var covers = (later, earlier) => later.target !== "/" && (later.target === earlier.target || earlier.target.startsWith(`${later.target}/`));

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
function stepStart(step, cwd, index, env, split) {
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
    env
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
    const properties = prove({ ...place.spec, view: place.jail.view }, readHeld(held, place.limitFiles));
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
    const hit = /* @__PURE__ */ new Set([...watch.refused, ...place.refused()]);
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
  writeFileSync3(work("runtime", ALONE), authority, { mode: 292 });
  writeFileSync3(work("runtime", ALL), `${publicAuthorities()}
${authority}`, { mode: 292 });
}
function trustInRoot(root, identity, authority) {
  const places = /* @__PURE__ */ new Set();
  const tree = root.lower ?? work("setup", root.key);
  for (const bundle of BUNDLES) {
    const found2 = inside(tree, bundle);
    if (found2 === null || places.has(found2)) continue;
    const seen = lstatSync2(found2);
    if (!seen.isFile() || seen.size > MOST_BYTES) continue;
    places.add(found2);
    const relative = found2.slice(tree.length + 1);
    const own = setupDirectory(root, dirname(relative), identity);
    writeFileSync3(`${own}/${relative.slice(relative.lastIndexOf("/") + 1)}`, `${readFileSync4(found2, "utf8")}
${authority}`, {
      mode: 420
    });
  }
}
function publicAuthorities() {
  for (const bundle of BUNDLES) {
    const found2 = inside("", bundle);
    if (found2 !== null) return readFileSync4(found2, "utf8");
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
var PAGE = 4096;
function check(request, { tree, env }) {
  const machine = readMachine();
  const layout = cgroupLayout(machine.mounts);
  const refusal = cgroupRefusal(layout);
  if (refusal !== null)
    throw new JailError(
      `limits cannot be kept on this machine: ${refusal}`,
      "run on a host with cgroup v2, or v1 with memory, pids and cpu"
    );
  const { policy, workspace } = request;
  const notices = [];
  const { surroundings } = request;
  const brought = policy.jail.toolchain === "none" ? { ...surroundings, path: [], toolchain: {} } : surroundings;
  const visible = tree === null ? visiblePaths({ ...brought, workspace, exists: existsSync4, realpath }) : { paths: [], env: {}, path: SYSTEM_PATH.split(":"), notices: [] };
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
  const found2 = /* @__PURE__ */ new Map();
  const find = (path, what) => {
    if (found2.has(path)) return;
    const seen = lookAt(path, machine.mounts);
    if (seen === null) throw new JailError(`${what} ${path} is not a directory`, "list directories that are there");
    if (within(STATE, path)) throw new JailError(`${what} ${path} contains agent-jail's own state`, "list a directory below it");
    found2.set(path, seen);
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
    found: found2
  });
  const output = Math.max(policy.agent.limits.output, policy.setup.limits.output) * request.steps.length;
  const size = scratchSize(policy.limits.disk, output, freeBytes(STATE));
  return {
    machine,
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
    limits: { setup: numbers(policy.setup.limits, machine), agent: numbers(policy.agent.limits, machine) },
    notices
  };
}
function numbers(limits, machine) {
  const memory = limits.memory ?? Math.floor(machine.memory * 0.75);
  return { ...limits, memory: Math.floor(memory / PAGE) * PAGE, cpus: limits.cpus ?? machine.cpus };
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
  findNspawn,
  fetchNspawn,
  cgroupLayout,
  cgroupRefusal,
  Cgroup,
  PROGRAMS,
  findProgram,
  requirePrograms,
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
