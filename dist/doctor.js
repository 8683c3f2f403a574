const { homedir } = process.getBuiltinModule("node:os");
const { existsSync, readFileSync: readFileSync2, statfsSync } = process.getBuiltinModule("node:fs");
const { arch, release } = process.getBuiltinModule("node:os");
const { dirname } = process.getBuiltinModule("node:path");
const { readdirSync, readFileSync, writeFileSync } = process.getBuiltinModule("node:fs");
const { mkdtemp, mkdir, rm } = process.getBuiltinModule("node:fs/promises");
const { tmpdir } = process.getBuiltinModule("node:os");
const { join } = process.getBuiltinModule("node:path");
import {
  parsePolicy
} from "./shared-policy-resolve.js";
import "./shared-policy-places.js";
import "./shared-policy-schema.js";
import "./shared-policy-yaml.js";
import "./shared-yaml.js";
import "./shared-policy-shape.js";
import {
  engineOf,
  prepare
} from "./shared-plan-git-config.js";
import "./shared-secrets-forms.js";
import "./shared-run-origin.js";
import {
  VERSION
} from "./shared-cli-version.js";
import {
  runJail,
  sweep
} from "./shared-run-client.js";
import "./shared-run-warden-process.js";
import {
  json
} from "./shared-cli-io.js";
import "./shared-model-changes.js";
import {
  whyElsewhere
} from "./shared-run-why-elsewhere.js";
import {
  PROGRAMS,
  findNspawn,
  findProgram
} from "./shared-backend-nspawn-program.js";
import {
  contained
} from "./shared-system-contained.js";
import "./shared-system-lines.js";
import {
  HERE
} from "./shared-system-platform.js";
import {
  noHelper
} from "./shared-remote-helper.js";
import {
  ARCHITECTURE_NAMES,
  architectureOf
} from "./shared-model-architecture.js";
import "./shared-system-engine.js";
import {
  readIfThere
} from "./shared-system-engine-connection.js";
import "./shared-system-git.js";
import {
  STATE,
  TOOLS,
  work
} from "./shared-run-start-warden.js";
import {
  parseMountinfo,
  readProc
} from "./shared-system-proc.js";
import "./shared-policy-rules.js";
import {
  exec
} from "./shared-system-exec.js";
import "./shared-valibot.js";
import {
  newId
} from "./shared-run-id.js";
import "./shared-policy-units.js";
import {
  parse,
  wrong
} from "./shared-cli-args.js";
import "./shared-policy-nearest.js";
import {
  JailError
} from "./shared-model-errors.js";
import {
  EXIT
} from "./shared-model-outcome.js";
import "./shared-runtime.js";

// src/cli/doctor.ts

// src/run/doctor.ts

// src/host/cgroup-files.ts
function read(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return null;
  }
}

// src/host/cgroup-layout.ts
var NEEDED = ["memory", "pids", "cpu"];
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
  const absent = NEEDED.filter((c) => !layout.controllers.has(c));
  return absent.length === 0 ? null : `cgroup v1 without the controller ${absent.join(", ")}`;
}

// src/host/layers.ts
var ROOT = work("root");

// src/run/gate.ts
var CHUNK = 1 << 16;

// src/run/step.ts
var RUNTIME = "/run/agent-jail";

// src/run/trust.ts
var MOST_BYTES = 8 << 20;
var [ALONE, ALL] = ["ca.pem", "ca-bundle.pem"];
var TRUST = {
  NODE_EXTRA_CA_CERTS: `${RUNTIME}/${ALONE}`,
  ...Object.fromEntries(
    ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "GIT_SSL_CAINFO", "PIP_CERT"].map((name) => [name, `${RUNTIME}/${ALL}`])
  )
};

// src/plan/retries.ts
var APT = { path: "/run/agent-jail/apt.conf", text: 'Acquire::Retries::Delay "false";\n' };
var RETRIES = {
  npm_config_fetch_retry_mintimeout: "100",
  npm_config_fetch_retry_maxtimeout: "1000",
  PIP_RETRIES: "1",
  APT_CONFIG: APT.path
};

// src/run/check.ts
var MOST_OF_A_MACHINE = 4 * 1024 ** 3;
function kernelAtLeast(release2, major, minor) {
  const [a = 0, b = 0] = release2.split(/[.-]/).map(Number);
  return a > major || a === major && b >= minor;
}

// src/run/doctor.ts
var LEAST_FREE = 2 * 1024 ** 3;
async function examine(here = HERE) {
  if (!here.jails)
    return [check("linux", true, `${here.called}: a run is made at an engine of Linux containers, with \`jail.backend: docker\``, "")];
  const programs = Object.entries(PROGRAMS).map(([name, source]) => program(name, source));
  return [
    check("linux", true, "linux", ""),
    architecture(),
    kernel(),
    await privilege(),
    ...programs,
    loopDevices(),
    overlay(),
    cgroups(),
    disk()
  ];
}
function architecture() {
  return check(
    "architecture",
    architectureOf(arch()) !== null,
    arch(),
    `Use an ${ARCHITECTURE_NAMES} machine: the system call filter is made for those.`
  );
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
  const listed = readFileSync2("/proc/filesystems", "utf8").split("\n").some((line) => line.trim().endsWith("overlay"));
  const module = existsSync(`/lib/modules/${release()}/kernel/fs/overlayfs`);
  const what = listed ? "in the kernel" : module ? "a module that can be loaded" : "not there";
  return check("overlay", listed || module, what, "modprobe overlay, or use a kernel with CONFIG_OVERLAY_FS.");
}
function cgroups() {
  const layout = cgroupLayout(parseMountinfo(readProc("self", "mountinfo") ?? ""));
  const refusal = cgroupRefusal(layout);
  return check("cgroups", refusal === null, refusal ?? layout.kind, "Cgroup v2, or v1 with memory, pids and cpu, must be mounted.");
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

// src/run/doctor-backends.ts
var SHARED = "namespaces, seccomp; the machine's kernel";
var OWN_GUEST = "a kernel of its own, in a jail of nspawn";
async function examineBackends(engine, here = HERE) {
  if (!here.jails) {
    const [what, remedy] = [
      `needs Linux, and this is ${here.called}`,
      "use a Linux machine, or `docker` with an engine of Linux containers"
    ];
    return [row("nspawn", false, what, remedy, SHARED), ...await docker(engine, here), row("vm", false, what, remedy, OWN_GUEST)];
  }
  return [
    await nspawn(),
    ...await docker(engine, here),
    await vm(),
    row("chroot", true, "by `run --backend chroot` alone", "", "none: for comparison")
  ];
}
async function nspawn() {
  const remedy = "apt-get install systemd-container";
  try {
    const found = await findNspawn(TOOLS);
    if (found !== null) return row("nspawn", true, `${found.version}, ${found.fetched ? "fetched" : "installed"}`, "", SHARED);
  } catch (error) {
    if (!(error instanceof JailError)) throw error;
    return row("nspawn", false, error.message, error.remedy, SHARED);
  }
  const fetchable = findProgram("apt-get") !== null && findProgram("dpkg-deb") !== null;
  const what = fetchable ? "systemd-nspawn is not installed; it is fetched when first needed" : "systemd-nspawn is not there";
  return row("nspawn", fetchable, what, fetchable ? "" : remedy, SHARED);
}
async function vm() {
  try {
    const { findVm } = await import("./vm-program.js");
    const { version, files, release: release2, emulated } = await findVm();
    const what = `QEMU ${version}, virtiofsd ${files.version}, Linux ${release2}, ${emulated === null ? "KVM" : `emulated, with \`jail.vm.emulation: allow\`: ${emulated}`}`;
    return row("vm", true, what, "", OWN_GUEST);
  } catch (error) {
    if (!(error instanceof JailError)) throw error;
    return row("vm", false, error.message, error.remedy, OWN_GUEST);
  }
}
async function docker(choice, here) {
  const [{ Engine }, { runtimesOf, strengthOf, unusable }] = await Promise.all([
    import("./engine.js"),
    import("./docker-engine.js")
  ]);
  try {
    const engine = await Engine.connect(choice);
    const why = await whyElsewhere(choice, contained(process.execPath, process.env), here);
    if (why !== null) return [await elsewhere(engine, why)];
    const info = (await engine.ask("GET", "/info")).body;
    const unfit = unusable(info);
    if (unfit !== null)
      return [row("docker", false, `the Docker engine at ${engine.where} ${unfit}`, "use the engine of the distribution", SHARED)];
    const strength = `${strengthOf(info)}; the machine's kernel`;
    const names = runtimesOf(info);
    return [
      row("docker", true, `Docker ${engine.version} at ${engine.where}`, "", strength),
      ...names.map((name) => ofRuntime(name, name === info.DefaultRuntime))
    ];
  } catch (error) {
    if (!(error instanceof JailError)) throw error;
    if (here.jails && error.cause?.code === "EACCES")
      return [row("docker", true, "an engine that only root may ask: what it has is not known", "", SHARED)];
    return [row("docker", false, error.message, error.remedy, SHARED)];
  }
}
async function elsewhere(engine, why) {
  const none = noHelper((await engine.ask("GET", "/info")).body);
  const what = `${engine.product === "podman" ? "Podman" : "Docker"} ${engine.version} at ${engine.where}`;
  if (none !== null) return row("docker", false, `${what} ${none}`, "use another engine", SHARED);
  return row("docker", true, `${what}: ${why}, so a run is made by a helper container there`, "", "as nspawn's; that machine's kernel");
}
var OWN_KERNEL = /^(?:runsc|gvisor|kata)/;
function ofRuntime(runtime, isDefault) {
  const own = OWN_KERNEL.test(runtime);
  const what = own ? "the engine has it; the jail cannot be proved from outside, so nothing starts" : "the engine has it";
  return {
    ...row("docker", !own, isDefault ? `${what}: its default` : what, own ? "use runc" : "", own ? "a kernel of its own" : "as docker"),
    runtime
  };
}
function row(name, usable, what, remedy, strength) {
  return { name, runtime: null, usable, what, remedy, strength };
}

// src/cli/measure.ts
var BACKENDS = ["nspawn", "docker", "vm", "chroot"];
var TIMES = 3;
async function measure({ name, runtime }, io) {
  const place = await mkdtemp(join(tmpdir(), "agent-jail-doctor-"));
  try {
    await mkdir(join(place, "work"));
    const backend = BACKENDS.find((one) => one === name);
    if (backend === void 0) throw new Error(`no backend ${name}`);
    const docker2 = runtime === null ? "" : `docker: { runtime: ${JSON.stringify(runtime)} }, `;
    const policy = parsePolicy(
      `jail: { ${docker2}vm: { emulation: allow } }
limits: { disk: 64MiB, memory: 512MiB, time: 1m }
`,
      "doctor"
    );
    const took = [];
    for (let time = 0; time < TIMES; time += 1) {
      const id = newId();
      const began = performance.now();
      const request = await prepare({
        id,
        version: VERSION,
        policy,
        source: { kind: "inline" },
        backend,
        steps: [NOTHING],
        environment: io.env,
        mask: [],
        workspace: join(place, "work"),
        record: join(place, id),
        display: false
      });
      const { outcome, because } = await runJail(request, () => {
      }, new AbortController().signal);
      if (outcome !== "succeeded") return { why: because };
      took.push(performance.now() - began);
    }
    return { ms: Math.round(took.toSorted((a, b) => a - b)[Math.floor(TIMES / 2)] ?? 0) };
  } finally {
    await rm(place, { recursive: true, force: true });
  }
}
var NOTHING = {
  name: "nothing",
  setup: false,
  run: "true",
  shell: "sh",
  workingDirectory: null,
  env: {},
  time: null,
  idle: null,
  tty: null,
  agent: null,
  place: null
};

// src/cli/doctor.ts
async function doctorCommand(argv, io) {
  const { options } = parse(argv, { json: "boolean", clean: "boolean", measure: "boolean" }, 0);
  if (options["clean"] && options["measure"]) throw wrong("--clean and --measure are two things: give one of them");
  if (options["clean"]) return await clean(io, options["json"] !== void 0);
  const checks = await examine();
  const backends = await examineBackends(chosen(io));
  const machine = checks.every((check2) => check2.ok);
  const measured = [];
  for (const one of backends) {
    const speed = options["measure"] && machine && one.usable ? await measure(one, io) : null;
    measured.push({ ...one, speed });
  }
  const ok = machine && measured.some(({ name, usable }) => usable && name !== "chroot");
  if (options["json"]) json(io, { schema: "agent-jail/doctor@1", ok, checks, backends: measured });
  else io.out([...machineTable(checks), "", ...backendTable(measured), "", VERDICT[ok ? "yes" : "no"], ""].join("\n"));
  return ok ? 0 : EXIT["jail-error"];
}
async function clean(io, asJson) {
  const { removed: here, live, left } = await sweep(null);
  const removed = [...here, ...await elsewhere2(io)];
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
async function elsewhere2(io) {
  const [{ Engine }, { removeForgotten }] = await Promise.all([import("./engine.js"), import("./helper.js")]);
  try {
    return await removeForgotten(await Engine.connect(chosen(io)));
  } catch (error) {
    if (error instanceof JailError) return [];
    throw error;
  }
}
var chosen = (io) => engineOf(io.env, io.env["HOME"] ?? homedir(), readIfThere);
var VERDICT = { yes: "A jail can be built here.", no: "A jail cannot be built here yet." };
function machineTable(checks) {
  const wide = Math.max(...checks.map((check2) => check2.name.length));
  return checks.flatMap(({ name, ok, what, remedy }) => [
    `${ok ? "ok      " : "missing "} ${name.padEnd(wide)}  ${what}`,
    ...ok || remedy === "" ? [] : [`         ${" ".repeat(wide)}  ${remedy}`]
  ]);
}
function backendTable(backends) {
  const lines = [
    ["backend", "usable", "how strong", "how fast", "what is there"],
    ...backends.flatMap(({ name, runtime, usable, strength, speed, what, remedy }) => [
      [runtime === null ? name : `  runtime ${runtime}`, usable ? "yes" : "no", strength, speedOf(speed), what],
      ...remedy === "" ? [] : [["", "", "", "", remedy]]
    ])
  ];
  const wide = [0, 1, 2, 3].map((column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  const table = lines.map(
    (line) => line.map((cell, column) => cell.padEnd(wide[column] ?? 0)).join("  ").trimEnd()
  );
  const failed = backends.flatMap(
    ({ name, runtime, speed }) => speed !== null && "why" in speed ? [`${runtime === null ? name : `${name} with ${runtime}`} could not run: ${speed.why}`] : []
  );
  const hint = backends.every(({ speed }) => speed === null) ? ["How fast each one is: `agent-jail doctor --measure`, which runs it three times."] : [];
  return [...table, ...failed, ...hint];
}
var speedOf = (speed) => speed === null ? "-" : "why" in speed ? "failed" : `${(speed.ms / 1e3).toFixed(2)} s a run`;
export {
  backendTable,
  doctorCommand
};
