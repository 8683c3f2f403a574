const { existsSync, readFileSync, statfsSync } = process.getBuiltinModule("node:fs");
const { arch, release } = process.getBuiltinModule("node:os");
const { dirname } = process.getBuiltinModule("node:path");
import {
  json
} from "./shared-cli-io.js";
import {
  sweep
} from "./shared-run-client.js";
import {
  PROGRAMS,
  cgroupLayout,
  cgroupRefusal,
  findNspawn,
  findProgram,
  kernelAtLeast
} from "./shared-host-cgroup.js";
import "./shared-host-root-tree.js";
import "./shared-plan-toolchain.js";
import "./shared-host-scratch.js";
import {
  STATE,
  TOOLS
} from "./shared-host-places.js";
import {
  parseMountinfo,
  readProc
} from "./shared-system-proc.js";
import "./shared-system-lines.js";
import {
  exec
} from "./shared-system-exec.js";
import {
  parse
} from "./shared-cli-args.js";
import "./shared-policy-nearest.js";
import {
  EXIT
} from "./shared-model-outcome.js";
import {
  JailError
} from "./shared-model-errors.js";
import "./shared-runtime.js";

// src/run/doctor.ts
var LEAST_FREE = 2 * 1024 ** 3;
async function examine(engine = null) {
  if (process.platform !== "linux") return [linux()];
  const programs = Object.entries(PROGRAMS).map(([name, source]) => program(name, source));
  return [
    linux(),
    architecture(),
    kernel(),
    await privilege(),
    ...programs,
    loopDevices(),
    overlay(),
    cgroups(),
    ...await backends(engine),
    disk()
  ];
}
function linux() {
  return check("linux", process.platform === "linux", process.platform, "A jail needs Linux: use a Linux machine or virtual machine.");
}
function architecture() {
  return check("architecture", ["x64", "arm64"].includes(arch()), arch(), "The system call filter is made for x64 and arm64.");
}
function kernel() {
  return check("kernel", kernelAtLeast(release(), 5, 12), release(), "Linux 5.12 or later is needed for id-mapped mounts.");
}
async function privilege() {
  if (process.getuid?.() === 0) return check("root", true, "running as root", "");
  const sudo = await exec(["sudo", "-n", "--", "true"], { timeout: 1e4 });
  const what = sudo.code === 0 ? "sudo without a password" : sudo.missing ? "not root, and sudo is not there" : "not root, and sudo asks for a password";
  return check("root", sudo.code === 0, what, "Run as root, or allow this user sudo without a password.");
}
function program(name, source) {
  const path = findProgram(name);
  return check(name, path !== null, path ?? "not there", `apt-get install ${source}`);
}
function loopDevices() {
  const there = existsSync("/dev/loop-control");
  return check(
    "loop devices",
    there,
    there ? "/dev/loop-control" : "/dev/loop-control is not there",
    "modprobe loop; in a container: run on the host."
  );
}
function overlay() {
  const listed = readFileSync("/proc/filesystems", "utf8").split("\n").some((line) => line.trim().endsWith("overlay"));
  const module = existsSync(`/lib/modules/${release()}/kernel/fs/overlayfs`);
  const what = listed ? "in the kernel" : module ? "a module that can be loaded" : "not there";
  return check("overlay", listed || module, what, "modprobe overlay, or use a kernel with CONFIG_OVERLAY_FS.");
}
function cgroups() {
  const layout = cgroupLayout(parseMountinfo(readProc("self", "mountinfo") ?? ""));
  const refusal = cgroupRefusal(layout);
  return check("cgroups", refusal === null, refusal ?? layout.kind, "Cgroup v2, or v1 with memory, pids and cpu, must be mounted.");
}
async function backends(engine) {
  const both = [await nspawn(), await docker(engine)];
  const one = both.some(({ ok }) => ok);
  return both.map((each) => each.ok || !one ? each : check(each.name, true, `not usable, and not needed: ${each.what}`, ""));
}
async function docker(engine) {
  const { Engine } = await import("./engine.js");
  try {
    const { version, socket } = await Engine.connect(engine);
    return check("docker", true, `Docker ${version} at ${socket}`, "");
  } catch (error) {
    if (!(error instanceof JailError)) throw error;
    if (error.cause?.code === "EACCES")
      return check("docker", true, "an engine that only root may ask", "");
    return check("docker", false, error.message, error.remedy);
  }
}
async function nspawn() {
  const remedy = "apt-get install systemd-container";
  try {
    const found = await findNspawn(TOOLS);
    if (found !== null) return check("systemd-nspawn", true, `${found.version}, ${found.fetched ? "fetched" : "installed"}`, "");
  } catch (error) {
    if (!(error instanceof JailError)) throw error;
    return check("systemd-nspawn", false, error.message, error.remedy);
  }
  const fetchable = findProgram("apt-get") !== null && findProgram("dpkg-deb") !== null;
  return check("systemd-nspawn", fetchable, fetchable ? "not installed; it is fetched when first needed" : "not there", remedy);
}
function disk() {
  let place = STATE;
  while (!existsSync(place)) place = dirname(place);
  const { bavail, bsize } = statfsSync(place);
  const free = bavail * bsize;
  return check("disk", free >= LEAST_FREE, `${(free / 1024 ** 3).toFixed(1)} GiB free for ${STATE}`, "Make room: at least 2 GiB.");
}
function check(name, ok, what, remedy) {
  return { name, ok, what, remedy: ok ? "" : remedy };
}

// src/cli/doctor.ts
async function doctorCommand(argv, io) {
  const { options } = parse(argv, { json: "boolean", clean: "boolean" }, 0);
  if (options["clean"]) return await clean(io, options["json"] !== void 0);
  const checks = await examine(io.env["DOCKER_HOST"] ?? null);
  const ok = checks.every((check2) => check2.ok);
  if (options["json"]) json(io, { schema: "agent-jail/doctor@1", ok, checks });
  else io.out(table(checks));
  return ok ? 0 : EXIT["jail-error"];
}
async function clean(io, asJson) {
  const { removed, live, left } = await sweep(null);
  if (asJson) json(io, { schema: "agent-jail/clean@1", removed, live, left });
  else {
    for (const what of removed) io.out(`removed ${what}
`);
    for (const what of live) io.out(`left alone, still running: ${what}
`);
    for (const { id, why } of left) io.out(`could not be removed: ${id}: ${why}
`);
    if (removed.length + left.length === 0) io.out("nothing to remove\n");
  }
  return left.length === 0 ? 0 : EXIT["jail-error"];
}
function table(checks) {
  const wide = Math.max(...checks.map((check2) => check2.name.length));
  const lines = checks.flatMap(({ name, ok, what, remedy }) => [
    `${ok ? "ok      " : "missing "} ${name.padEnd(wide)}  ${what}`,
    ...ok || remedy === "" ? [] : [`         ${" ".repeat(wide)}  ${remedy}`]
  ]);
  const verdict = checks.every((check2) => check2.ok) ? "A jail can be built here." : "A jail cannot be built here yet.";
  return [...lines, "", verdict, ""].join("\n");
}
export {
  doctorCommand
};
