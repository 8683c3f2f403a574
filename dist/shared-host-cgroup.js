const { accessSync, constants, existsSync, mkdirSync, readdirSync, renameSync, rmSync } = process.getBuiltinModule("node:fs");
const { existsSync: existsSync2, mkdirSync: mkdirSync2, readdirSync: readdirSync2, readFileSync, rmdirSync, writeFileSync } = process.getBuiltinModule("node:fs");
const { setTimeout: sleep } = process.getBuiltinModule("node:timers/promises");
const { accessSync: accessSync2, constants: constants2 } = process.getBuiltinModule("node:fs");
const { join } = process.getBuiltinModule("node:path");
const { existsSync: existsSync3, lstatSync, realpathSync } = process.getBuiltinModule("node:fs");
const { readFileSync: readFileSync2, statSync } = process.getBuiltinModule("node:fs");
const { arch, availableParallelism, release, totalmem } = process.getBuiltinModule("node:os");
import {
  planView,
  visiblePaths,
  within
} from "./shared-plan-toolchain.js";
import {
  freeBytes,
  scratchFiles,
  scratchSize
} from "./shared-host-scratch.js";
import {
  STATE
} from "./shared-host-places.js";
import {
  CLEAN_ENV,
  SYSTEM_PATH,
  exec,
  failure
} from "./shared-system-exec.js";
import {
  parseMountinfo,
  readProc
} from "./shared-system-proc.js";
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

// src/run/check.ts
var AGENT_UID = 61001;
var PAGE = 4096;
var TREE_PATH = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];
function check(request, tree) {
  const machine = readMachine();
  const layout = cgroupLayout(machine.mounts);
  const refusal = cgroupRefusal(layout);
  if (refusal !== null)
    throw new JailError(
      `limits cannot be kept on this machine: ${refusal}`,
      "run on a host with cgroup v2, or v1 with memory, pids and cpu"
    );
  const { policy, workspace } = request;
  if (policy.jail.root.kind === "directory") requireRoot(policy.jail.root.path, `the root directory ${policy.jail.root.path}`);
  const notices = [];
  const { surroundings } = request;
  const brought = policy.jail.toolchain === "none" ? { ...surroundings, path: [], toolchain: {} } : surroundings;
  const visible = tree === null ? visiblePaths({ ...brought, workspace, exists: existsSync3, realpath }) : { paths: [], env: {}, path: TREE_PATH, notices: [] };
  notices.push(...visible.notices);
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
    links: tree === null ? rootLinks() : [],
    env: { ...visible.env, PATH: visible.path.join(":") },
    scratch: { size, files: scratchFiles(policy.limits.files, size) },
    limits: { setup: numbers(policy.setup.limits, machine), agent: numbers(policy.agent.limits, machine) },
    notices
  };
}
function requireRoot(tree, what) {
  const remedy = "give the root of a Linux file system, with `usr` and a `/bin/sh` in it";
  if (lookAt(tree, []) === null) throw new JailError(`${what} is not a directory`, remedy);
  if (lstatSync(`${tree}/usr`, { throwIfNoEntry: false })?.isDirectory() !== true)
    throw new JailError(`${what} holds no root file system: there is no \`usr\` in it`, remedy);
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
      return lstatSync(`/${name}`).isSymbolicLink() ? [{ name, target: `usr/${name}` }] : [];
    } catch {
      return [];
    }
  });
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
  check,
  requireRoot,
  kernelAtLeast
};
