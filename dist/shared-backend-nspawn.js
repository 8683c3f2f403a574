const { spawn } = process.getBuiltinModule("node:child_process");
const { mkdirSync, writeFileSync } = process.getBuiltinModule("node:fs");
import {
  masksHere
} from "./shared-backend-proc-masks.js";
import {
  BackendLog,
  heldProcess
} from "./shared-backend-launched.js";
import {
  openFiles
} from "./shared-backend-open-files.js";
import {
  fetchNspawn,
  findNspawn
} from "./shared-backend-nspawn-program.js";
import {
  parseStatus,
  readProc
} from "./shared-system-proc.js";
import {
  JailError
} from "./shared-model-errors.js";

// src/backend/nspawn.ts

// src/backend/nspawn-bundle.ts
var NOT_MADE = /^\/sys\/(?!(?:block|bus|class|dev|devices|kernel)\/)/;
var CAPABILITY_SETS = ["bounding", "effective", "inheritable", "permitted", "ambient"];
function bundle(spec, start) {
  const { id, root, view, identity, cgroup, netns, seccomp, hostname, ...rest } = spec;
  rest;
  void id;
  void cgroup;
  if (netns === null) throw new Error("nspawn joins a network namespace that is there");
  return {
    ociVersion: "1.0.0",
    root: { path: root, readonly: readOnly(view) },
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
        { type: "RLIMIT_NOFILE", ...openFiles() }
      ],
      oomScoreAdj: 900
      // the payload dies for memory, not nspawn
    },
    hostname,
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
function nspawnArgv(program, spec, start, directory, masks) {
  return [
    program,
    "--quiet",
    "--register=no",
    "--keep-unit",
    "--pipe",
    ...readOnly(spec.view) ? ["--read-only"] : [],
    "--as-pid2",
    // process 1 is nspawn's own, whose memory and environment the agent may not open
    `--machine=${machine(spec.id, start.index)}`,
    `--oci-bundle=${directory}`,
    // Over a directory and a file of the host; nspawn's own socket in it is root's alone.
    "--tmpfs=/run/host:mode=700",
    "--tmpfs=/run/host/incoming:mode=700",
    // newer ones (257) set what is mounted here apart after that, and end where nothing is
    "--tmpfs=/dev/net:ro,mode=555,nr_inodes=1",
    // nspawn makes tun there, which everybody may open
    ...masks.files.map((path) => `--bind-ro=/dev/null:${path}`),
    // the source is looked up inside the jail
    ...masks.directories.filter((path) => !NOT_MADE.test(path)).map((path) => `--tmpfs=${late(path)}:ro,mode=555,nr_inodes=1`),
    ...spec.view.filter((m) => (m.kind === "bind" || m.kind === "device") && m.source !== null).map(bind),
    "--",
    ...start.argv
  ];
}
var readOnly = (view) => view.some(({ target, kind, writable }) => target === "/" && kind === "bind" && !writable);
var machine = (id, step) => `agent-jail-${id.toLowerCase()}-${step}`;
var bind = (mount) => `--bind${mount.writable ? "" : "-ro"}=${quote(mount.source ?? "")}:${quote(mount.target)}`;
var late = (path) => path.startsWith("/proc/") ? path : `/proc/self/root${path}`;
var quote = (path) => path.replace(/[\\:]/g, "\\$&");

// src/backend/nspawn.ts
function nspawn(host) {
  let program = null;
  return {
    name: "nspawn",
    engine: null,
    lacks: null,
    overhead: { memory: 0, processes: 0 },
    async probe() {
      try {
        program = await findNspawn(host.tools) ?? await fetchNspawn(host.tools);
        return {
          ok: true,
          version: `systemd-nspawn ${program.version}${program.fetched ? " (fetched)" : ""}`,
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
      if (program === null) throw new JailError("nspawn was opened before it was probed", "this is a defect of agent-jail");
      const opened = program;
      return {
        view: spec.view,
        died: "the process that holds the jail was killed",
        start: async (start) => startStep(opened, host, spec, places, start),
        [Symbol.asyncDispose]: async () => {
        }
      };
    }
  };
}
function startStep(program, host, spec, places, start) {
  const directory = `${places.state}/step-${start.index}`;
  mkdirSync(directory, { mode: 448 });
  writeFileSync(`${directory}/config.json`, JSON.stringify(bundle(spec, start)), { mode: 384 });
  const argv = nspawnArgv(program.path, spec, start, directory, masksHere());
  const child = spawn("perl", [host.launcher, ...host.doors().flatMap((door) => ["--cgroup", door]), "--clone3-enosys", "--", ...argv], {
    // /tmp is on the scratch disk, where limits.disk counts it; a unified group would be made for a manager that is not there.
    env: { ...program.env, SYSTEMD_NSPAWN_TMPFS_TMP: "0" },
    stdio: ["ignore", "pipe", "pipe"],
    cwd: "/"
  });
  const log = new BackendLog(places.log);
  child.stdout.on("data", (chunk) => {
    log.append(chunk);
    host.said?.(chunk);
  });
  child.stderr.on("data", (chunk) => log.append(chunk));
  let over = false;
  const exit = new Promise((resolve) => {
    const end = (code, signal) => {
      over = true;
      resolve(exitOf(code, signal, log.text));
    };
    child.once("error", (error) => {
      log.append(Buffer.from(`${error.message}
`));
      end(null, null);
    });
    child.once("close", end);
  });
  return {
    leader: () => heldProcess({
      program: "systemd-nspawn",
      argv: start.argv,
      members: () => host.members(),
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
function exitOf(code, signal, said) {
  if (signal !== null) return "backend";
  const killed = code === 255 ? /terminated by signal ([A-Z0-9]+)\./.exec(said) : null;
  return killed === null ? { code, signal: null } : { code: null, signal: `SIG${killed[1]}` };
}

export {
  nspawn
};
