const { spawn } = process.getBuiltinModule("node:child_process");
const { mkdirSync, writeFileSync } = process.getBuiltinModule("node:fs");
const { constants } = process.getBuiltinModule("node:os");
import {
  BackendLog,
  heldProcess
} from "./shared-backend-launched.js";
import {
  openFiles
} from "./shared-backend-open-files.js";
import {
  CLEAN_ENV
} from "./shared-system-exec.js";

// src/backend/chroot.ts
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
          const { running, gone } = startStep(host, spec, places, start);
          before = gone;
          return running;
        },
        [Symbol.asyncDispose]: async () => void await before
      };
    }
  };
}
function chrootArgv(spec, start, { launcher, doors, environ }) {
  const { id, root, view, identity, cgroup, netns, seccomp, hostname, ...rest } = spec;
  rest;
  void id;
  void cgroup;
  void [netns, seccomp, hostname];
  const files = openFiles();
  return [
    "perl",
    launcher,
    root,
    ...[identity.uid, identity.gid, files.soft, files.hard].map(String),
    environ,
    ...doors.flatMap((door) => ["--cgroup", door]),
    ...view.filter((mount) => mount.kind === "bind" && mount.source !== null).flatMap(bind),
    "--",
    ...start.argv
  ];
}
var bind = ({ source, target, writable }) => ["--bind", writable ? "rw" : "ro", source ?? "", target];
function endOf(said) {
  const [, how, number] = /^(exit|signal) (\d+)\n$/.exec(said) ?? [];
  if (how === "exit") return { code: Number(number), signal: null };
  const signal = Object.entries(constants.signals).find(([, value]) => value === Number(number))?.[0];
  return how === "signal" && signal !== void 0 ? { code: null, signal } : "backend";
}
function startStep(host, spec, places, start) {
  const directory = `${places.state}/step-${start.index}`;
  const environ = `${directory}/environ`;
  mkdirSync(directory, { mode: 448 });
  const variables = Object.entries(start.env).map(([name, value]) => `${name}=${value}\0`);
  writeFileSync(environ, variables.join(""), { mode: 384 });
  const [file, ...args] = chrootArgv(spec, start, { launcher: host.launcher, doors: host.doors(), environ });
  const child = spawn(file, args, { env: CLEAN_ENV, stdio: ["ignore", "pipe", "pipe", "pipe"], cwd: "/" });
  const log = new BackendLog(places.log);
  child.stdout?.on("data", (chunk) => log.append(chunk));
  child.stderr?.on("data", (chunk) => log.append(chunk));
  let over = false;
  let said = "";
  const exit = new Promise((resolve) => {
    const end = () => {
      over = true;
      resolve(endOf(said));
    };
    child.stdio[3].on("data", (chunk) => {
      said += chunk.toString("utf8");
      if (said.endsWith("\n")) end();
    });
    child.stdio[3]?.once("close", end);
    child.once("error", (error) => {
      log.append(Buffer.from(`${error.message}
`));
      end();
    });
  });
  const gone = new Promise((resolve) => {
    child.once("error", () => resolve());
    child.once("exit", () => resolve());
  });
  const { argv } = start;
  const leader = () => heldProcess({ program: "the chroot", argv, members: () => host.members(), may: () => true, over: () => over, log });
  return { running: { leader, exit, kill: async () => {
  } }, gone };
}

export {
  CHROOT_LACKS,
  chroot
};
