const { accessSync, constants, existsSync, readdirSync, readFileSync } = process.getBuiltinModule("node:fs");
const { dirname } = process.getBuiltinModule("node:path");
import {
  architectureOf
} from "./shared-model-architecture.js";
import {
  exec
} from "./shared-system-exec.js";
import {
  JailError
} from "./shared-model-errors.js";
import "./shared-runtime.js";

// src/backend/vm-program.ts

// src/backend/vm-architecture.ts
var VM_ARCHITECTURES = {
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
var installOf = ({ packages: { qemu, debian, ubuntu } }) => `run \`apt-get install ${qemu} ${debian}\`, on Ubuntu \`apt-get install ${qemu} virtiofsd ${ubuntu}\``;

// src/backend/vm-files.ts
var PLACES = ["/usr/libexec/virtiofsd", "/usr/lib/virtiofsd", "/usr/lib/qemu/virtiofsd"];
var INSTALL = "run `apt-get install virtiofsd` (Debian 13, Ubuntu 24.04 and later) or `apt-get install qemu-system-common` (Debian 12, Ubuntu 22.04)";
function serverIn(said) {
  const [, c] = /^virtiofsd version (\d+(?:\.\d+)+)/.exec(said) ?? [];
  if (c !== void 0) return { kind: "c", version: c };
  const [, rust] = /^virtiofsd(?: backend)? (\d+(?:\.\d+)+)/.exec(said) ?? [];
  return rust === void 0 ? null : { kind: "rust", version: rust };
}
async function findFileServer(there) {
  const path = PLACES.find(there);
  if (path === void 0)
    throw new JailError(
      `virtiofsd, which shows the run's files to the guest, is not there: not in ${PLACES.map(dirname).join(", ")}`,
      INSTALL
    );
  const said = await exec([path, "--version"]);
  const found = serverIn(said.stdout);
  if (found === null) throw new JailError(`${path} does not tell its version`, INSTALL);
  return { path, ...found };
}

// src/backend/vm-modules.ts
var MOST = 64 << 20;
function modulesOf(wanted, dependencies, builtin) {
  const needs = /* @__PURE__ */ new Map();
  const files = /* @__PURE__ */ new Map();
  for (const line of dependencies.split("\n")) {
    const [file = "", rest = ""] = line.split(":");
    if (file === "") continue;
    needs.set(
      file,
      rest.split(" ").filter((one) => one !== "")
    );
    files.set(moduleName(file), file);
  }
  const inside = new Set(builtin.split("\n").map(moduleName));
  const modules = [];
  const add = (file) => {
    if (modules.includes(file)) return;
    for (const one of [...needs.get(file) ?? []].reverse()) add(one);
    if (!modules.includes(file)) modules.push(file);
  };
  const missing = [];
  for (const name of wanted) {
    const file = files.get(name);
    if (file !== void 0) add(file);
    else if (!inside.has(name)) missing.push(name);
  }
  return { modules, missing };
}
var moduleName = (file) => (file.split("/").at(-1) ?? "").replace(/\.ko(\.\w+)?$/, "").replaceAll("-", "_");

// src/backend/vm-program.ts
var WANTED = ["virtio_pci", "virtiofs", "virtio_console"];
var tryKvm = ({ qemu, machine }) => [
  qemu,
  "-accel",
  "kvm",
  "-machine",
  machine,
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
async function findVm() {
  const architecture = architectureOf(process.arch);
  if (architecture === null)
    throw new JailError(`virtual machines are not made on ${process.arch}`, "use `jail.backend: nspawn` or `docker`");
  const here = VM_ARCHITECTURES[architecture];
  const { qemu } = here;
  const install = installOf(here);
  if (!executable(qemu)) throw new JailError(`${qemu} is not there`, install);
  const files = await findFileServer(executable);
  const { kernel, release, modules } = findKernel("/", install);
  const said = await exec([qemu, "--version"]);
  const version = /version (\d+(?:\.\d+)*)/.exec(said.stdout)?.[1];
  if (version === void 0) throw new JailError(`${qemu} does not tell its version`, install);
  return { architecture, qemu, version, files, kernel, release, modules, emulated: await emulated(here) };
}
function findKernel(root, install) {
  const names = list(`${root}boot`).flatMap((name) => /^vmlinuz-(.+)$/.exec(name)?.slice(1) ?? []);
  const releases = byPreference(names.filter((release) => existsSync(`${root}lib/modules/${release}/modules.dep`)));
  let why = `no kernel with its modules is in ${root}boot`;
  for (const release of releases) {
    const directory = `${root}lib/modules/${release}`;
    const found = modulesOf(WANTED, readFileSync(`${directory}/modules.dep`, "utf8"), read(`${directory}/modules.builtin`));
    if (found.missing.length > 0) {
      why = `the kernel ${release} has no ${found.missing.join(", ")}`;
      continue;
    }
    return {
      kernel: `${root}boot/vmlinuz-${release}`,
      release,
      modules: found.modules.map((path) => ({ path: `${directory}/${path}` }))
    };
  }
  throw new JailError(`there is no kernel for a virtual machine: ${why}`, install);
}
function byPreference(releases) {
  const cloud = (release) => /-(cloud|kvm|virtual|azure|aws|gcp)\b/.test(release) ? 1 : 0;
  return [...releases].sort((a, b) => cloud(b) - cloud(a) || b.localeCompare(a, "en", { numeric: true }));
}
async function emulated(here) {
  if (!existsSync("/dev/kvm")) return "/dev/kvm is not there";
  const unfit = unfitProcessor(here, readFileSync("/proc/cpuinfo", "utf8"));
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
function executable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
function list(directory) {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}
var read = (file) => existsSync(file) ? readFileSync(file, "utf8") : "";
export {
  byPreference,
  findKernel,
  findVm,
  unfitProcessor
};
