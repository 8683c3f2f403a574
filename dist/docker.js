const { appendFileSync, lstatSync, readdirSync, readlinkSync } = process.getBuiltinModule("node:fs");
const { setTimeout: sleep } = process.getBuiltinModule("node:timers/promises");
const { existsSync } = process.getBuiltinModule("node:fs");
const { totalmem } = process.getBuiltinModule("node:os");
const { createHash } = process.getBuiltinModule("node:crypto");
const { Readable } = process.getBuiltinModule("node:stream");
import {
  MASKED_DIRECTORIES,
  MASKED_FILES,
  masksHere
} from "./shared-backend-proc-masks.js";
import {
  openFiles
} from "./shared-backend-open-files.js";
import {
  Engine,
  messageOf,
  socketOf
} from "./shared-system-engine.js";
import "./shared-system-engine-connection.js";
import {
  ARCHITECTURES
} from "./shared-model-architecture.js";
import {
  BLOCK,
  padding,
  tarHeader
} from "./shared-system-tar.js";
import {
  readProc
} from "./shared-system-proc.js";
import {
  JailError
} from "./shared-model-errors.js";
import "./shared-runtime.js";

// src/backend/docker.ts

// src/backend/docker-container.ts
var OWN = ["proc", "sys", "dev", "run"];
var NETWORK_FILES = ["/etc/hosts", "/etc/hostname", "/etc/resolv.conf"];
var SYSCTLS = {
  "net.ipv4.ip_unprivileged_port_start": "1024",
  "net.ipv4.ping_group_range": "1 0",
  ...existsSync("/proc/sys/net/ipv6") ? { "net.ipv6.conf.lo.disable_ipv6": "0" } : {}
};
var part = (of) => `size=${Math.floor(totalmem() / of / 1024)}k`;
var TMPFS = { "/run": `rw,nosuid,nodev,exec,mode=755,${part(5)}`, "/dev/shm": `rw,nosuid,nodev,exec,mode=1777,${part(10)}` };
var LABEL = "agent-jail.run";
function containerView({ root, view }, entries) {
  const top = view.find(({ target }) => target === "/");
  const writable = top?.writable ?? false;
  const overlay = (target) => {
    const source = `${root}${target}`;
    return { target, kind: "overlay", source, writable };
  };
  const mounted = entries.flatMap(({ name, kind }) => kind === "link" || OWN.includes(name) ? [] : [overlay(`/${name}`)]);
  const own = new Map(view.map((mount) => [mount.target, mount]));
  return [
    // One that is listed itself says more of itself; its source is the place it is mounted at.
    ...mounted.map((mount) => ({ ...mount, ...pick(own.get(mount.target)) })),
    ...NETWORK_FILES.map(overlay),
    ...view.filter(({ target, source }) => source !== null || !/^\/[^/]*$/.test(target))
  ];
}
var pick = (mount) => mount === void 0 ? {} : { kind: mount.kind, writable: mount.writable };
var containerMounts = (view) => view.filter(({ source }) => source !== null);
function container(spec, view, start, host) {
  const { id, root, view: _view, identity, cgroup, netns, seccomp, hostname, ...rest } = spec;
  rest;
  void root;
  void cgroup;
  void netns;
  const files = openFiles();
  return {
    Image: host.image,
    Cmd: start.argv,
    Entrypoint: null,
    User: `${identity.uid}:${identity.gid}`,
    WorkingDir: start.cwd,
    Env: Object.entries(start.env).map(([name, value]) => `${name}=${value}`),
    Hostname: hostname,
    Labels: { [LABEL]: id },
    AttachStdin: false,
    AttachStdout: false,
    AttachStderr: false,
    OpenStdin: false,
    Tty: false,
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
      Mounts: containerMounts(view).map((mount) => ({
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
var LEAST_MEMORY = 6 << 20;
var PERIOD = 1e5;
var keptLimits = ({ memory, cpus, processes }) => ({
  Memory: Math.max(LEAST_MEMORY, memory),
  // Both together. No swap at all is not told to systemd (runc, systemd/v2.go); a byte of it is, and for the kernel it is no page.
  MemorySwap: Math.max(LEAST_MEMORY, memory) + 1,
  CpuPeriod: PERIOD,
  CpuQuota: Math.max(1e3, Math.round(cpus * PERIOD)),
  PidsLimit: processes
});
var containerName = (id, step) => `agent-jail-${id}-${step}`;
var containersOf = (id) => `/containers/json?all=1&filters=${encodeURIComponent(JSON.stringify({ label: [`${LABEL}=${id}`] }))}`;

// src/backend/docker-image.ts
var NAME = "agent-jail-root";
function linkImage(entries, arch) {
  const links = entries.flatMap((entry) => entry.kind === "link" ? [entry] : []);
  const layer = tar(links.map(({ name: name2, target }) => ({ entry: symlink(name2, target), content: Buffer.alloc(0) })));
  const config = json({
    architecture: ARCHITECTURES[arch].image,
    os: "linux",
    created: "1970-01-01T00:00:00Z",
    config: { Labels: { "agent-jail.image": "root" } },
    rootfs: { type: "layers", diff_ids: [`sha256:${sha256(layer)}`] },
    history: [{ created: "1970-01-01T00:00:00Z", comment: "agent-jail" }]
  });
  const name = `${NAME}:${sha256(config).slice(0, 16)}`;
  const configName = `${sha256(config)}.json`;
  const manifest = json([{ Config: configName, RepoTags: [name], Layers: ["layer.tar"] }]);
  const archive = tar([
    { entry: file(configName, config.length), content: config },
    { entry: file("layer.tar", layer.length), content: layer },
    { entry: file("manifest.json", manifest.length), content: manifest }
  ]);
  return { name, archive };
}
async function provide(engine, { name, archive }) {
  if ((await engine.ask("GET", `/images/${name}/json`)).status === 200) return;
  const { status, body } = await engine.ask("POST", "/images/load?quiet=1", { body: Readable.from([archive]) });
  if (status === 200 && (await engine.ask("GET", `/images/${name}/json`)).status === 200) return;
  throw new JailError(
    `the Docker engine does not take the image of the jail's root: ${messageOf(status, body)}`,
    "look into the log of the engine"
  );
}
function tar(files) {
  return Buffer.concat([
    ...files.flatMap(({ entry, content }) => [tarHeader(entry), content, padding(content.length)]),
    Buffer.alloc(2 * BLOCK)
  ]);
}
var file = (name, size) => ({
  name: Buffer.from(name),
  type: "file",
  mode: 420,
  uid: 0,
  gid: 0,
  size,
  mtime: 0,
  link: null
});
var symlink = (name, target) => ({
  ...file(name, 0),
  type: "symlink",
  mode: 511,
  link: Buffer.from(target)
});
var json = (value) => Buffer.from(JSON.stringify(value));
var sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");

// src/backend/docker.ts
var REMEDY = "use the Docker engine of the distribution on this machine, or choose `jail.backend: nspawn`";
var RUNTIME_REMEDY = "install the runtime, name it under `runtimes` in /etc/docker/daemon.json, and reload the engine; or take `jail.docker.runtime` out";
var PATIENCE = 3e4;
var FOREIGN = 1e4;
function docker(host) {
  let found = null;
  return {
    name: "docker",
    lacks: null,
    overhead: { memory: 0, processes: 0 },
    get engine() {
      return found?.engine.where ?? "";
    },
    async probe() {
      try {
        socketOf(host.engine);
        const engine = await Engine.connect(host.engine);
        const info = (await engine.ask("GET", "/info")).body;
        const why = unusable(info);
        if (why !== null) return { ok: false, why: `the Docker engine at ${engine.where} ${why}`, remedy: REMEDY };
        const { runtime } = host;
        const lacks = runtime === null ? null : lacksRuntime(info, runtime);
        if (lacks !== null) return { ok: false, why: `the Docker engine at ${engine.where} ${lacks}`, remedy: RUNTIME_REMEDY };
        found = { engine, info };
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
    cgroup: (id) => cgroupOf(found?.info.CgroupDriver ?? "", id),
    refuses: (spec) => [
      ...spec.identity.uid === 0 ? ["root in the jail is not offered"] : [],
      ...spec.view.filter(({ target }) => target.includes("�")).map(({ target }) => `${target} is not UTF-8, which the engine's interface needs`)
    ],
    async open(spec, places) {
      if (found === null) throw new JailError("docker was opened before it was probed", "this is a defect of agent-jail");
      const { engine, info } = found;
      const entries = rootEntries(spec.root);
      const image = linkImage(entries, host.arch);
      await provide(engine, image);
      const jail = new DockerJail(engine, spec, containerView(spec, entries), places.log, host.proc, {
        image: image.name,
        runtime: host.runtime,
        cgroupParent: info.CgroupDriver === "systemd" ? spec.cgroup : `/${spec.cgroup}`,
        systemd: info.CgroupDriver === "systemd",
        seen: (path) => host.seen(path)
      });
      return jail;
    }
  };
}
var strengthOf = ({ SecurityOptions }) => `namespaces, seccomp${SecurityOptions.some((option) => option.startsWith("name=apparmor")) ? ", AppArmor" : ""}`;
function unusable({ OSType, SecurityOptions }) {
  if (OSType !== "linux") return `runs ${OSType} containers`;
  if (SecurityOptions.some((option) => option.startsWith("name=rootless")))
    return "is rootless: it cannot see the layers, which are root's";
  if (!SecurityOptions.some((option) => option.startsWith("name=seccomp"))) return "has no seccomp";
  return null;
}
var runtimesOf = ({ Runtimes }) => Object.keys(Runtimes ?? {}).filter((name) => !name.startsWith("io.containerd.")).sort();
function lacksRuntime(info, runtime) {
  if (Object.hasOwn(info.Runtimes ?? {}, runtime)) return null;
  return `has no runtime ${JSON.stringify(runtime)}; it has ${runtimesOf(info).join(", ")}`;
}
var cgroupOf = (driver, id) => driver === "systemd" ? `agent_jail_${id}.slice` : `agent-jail-${id}`;
function rootEntries(root) {
  return readdirSync(root).sort().flatMap((name) => {
    const path = `${root}/${name}`;
    const seen = lstatSync(path);
    if (seen.isSymbolicLink()) return [{ name, kind: "link", target: readlinkSync(path) }];
    return seen.isDirectory() ? [{ name, kind: "directory" }] : seen.isFile() ? [{ name, kind: "file" }] : [];
  });
}
var DockerJail = class {
  died = "the Docker engine went away, or what held the jail was killed";
  view;
  #engine;
  #spec;
  #host;
  #log;
  #proc;
  #gone = [];
  constructor(engine, spec, view, log, proc, host) {
    this.#engine = engine;
    this.#spec = spec;
    this.view = view;
    this.#log = log;
    this.#proc = proc;
    this.#host = host;
  }
  async start(start) {
    const name = containerName(this.#spec.id, start.index);
    const body = container(this.#spec, this.view, start, this.#host);
    await this.#must("POST", `/containers/create?name=${name}`, 201, body);
    const ended = this.#engine.ask("POST", `/containers/${name}/wait?condition=next-exit`, { timeout: null });
    ended.catch(() => {
    });
    await this.#must("POST", `/containers/${name}/start`, 204);
    const exit = ended.then(({ status, body: said }) => exitOf(status, said)).catch((error) => {
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
        await this.#engine.ask("POST", `/containers/${name}/kill`).catch(() => {
        });
      }
    };
  }
  /** Pid 1 of the container, once it is the wrapper. */
  async #leader(name, start) {
    const wanted = `${start.argv.join("\0")}\0`;
    const began = performance.now();
    while (performance.now() < began + PATIENCE) {
      const { body } = await this.#engine.ask("GET", `/containers/${name}/json`);
      const { Running: running = false, Pid: pid = 0, Error: said = "" } = body?.State ?? {};
      if (running && pid > 0 && readProc(pid, "cmdline", this.#proc) === wanted) return pid;
      if (running && pid > 0 && performance.now() > began + FOREIGN) throw this.#unseen();
      if (!running) throw new JailError(`the container ended before the step could start${said === "" ? "" : `: ${said}`}`, SEE);
      await sleep(5);
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
  async #must(method, path, wanted, ask) {
    const { status, body } = await this.#engine.ask(method, path, ask === void 0 ? {} : { body: ask });
    if (status === wanted) return;
    const said = messageOf(status, body);
    this.#say(said);
    throw new JailError(`the Docker engine: ${said}`, SEE);
  }
  async #remove(name) {
    const { status, body } = await this.#engine.ask("DELETE", `/containers/${name}?force=1&v=1`);
    if (![204, 404, 409].includes(status))
      throw new JailError(`a container is left: ${messageOf(status, body)}`, `docker rm --force ${name}`);
  }
  #say(message) {
    appendFileSync(this.#log, `${message}
`);
  }
  async [Symbol.asyncDispose]() {
    await Promise.all(this.#gone);
    await removeContainers(this.#engine, this.#spec.id);
  }
};
var SEE = "see backend.log in the record, and the log of the Docker engine";
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
export {
  cgroupOf,
  docker,
  exitOf,
  lacksRuntime,
  removeContainers,
  runtimesOf,
  strengthOf,
  unusable
};
