const { accessSync, constants, existsSync, readdirSync, readFileSync } = process.getBuiltinModule("node:fs");
import {
  ARCHITECTURES,
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

// src/backend/vm-modules.ts
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
var QEMU = "/usr/bin/qemu-system-x86_64";
var FILES = "/usr/lib/qemu/virtiofsd";
var WANTED = ["virtio_pci", "virtiofs", "virtio_console"];
var INSTALL = "run `apt-get install qemu-system-x86 linux-image-cloud-amd64`";
var TRY_KVM = [
  QEMU,
  "-accel",
  "kvm",
  "-machine",
  "q35",
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
  const here = architectureOf(process.arch);
  if (here === null || !ARCHITECTURES[here].vm)
    throw new JailError(`virtual machines are not made on ${process.arch} yet`, "use `jail.backend: nspawn` or `docker`");
  if (!executable(QEMU)) throw new JailError(`${QEMU} is not there`, INSTALL);
  if (!executable(FILES))
    throw new JailError(
      `${FILES} is not there, which shows the run's files to the guest`,
      "run `apt-get install qemu-system-common` on Debian 12 or Ubuntu 22.04; the virtiofsd of later ones is not supported yet"
    );
  const { kernel, release, modules } = findKernel("/");
  const said = await exec([QEMU, "--version"]);
  const version = /version (\d+(?:\.\d+)*)/.exec(said.stdout)?.[1];
  if (version === void 0) throw new JailError(`${QEMU} does not tell its version`, INSTALL);
  return { qemu: QEMU, version, files: FILES, kernel, release, modules, emulated: await emulated() };
}
function findKernel(root) {
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
  throw new JailError(`there is no kernel for a virtual machine: ${why}`, INSTALL);
}
function byPreference(releases) {
  const cloud = (release) => /-(cloud|kvm|virtual|azure|aws|gcp)\b/.test(release) ? 1 : 0;
  return [...releases].sort((a, b) => cloud(b) - cloud(a) || b.localeCompare(a, "en", { numeric: true }));
}
async function emulated() {
  if (!existsSync("/dev/kvm")) return "/dev/kvm is not there";
  const result = await exec(TRY_KVM, { input: "quit\n", timeout: 1e4 });
  if (result.code === 0) return null;
  return `/dev/kvm is of no use here (QEMU: ${result.stderr.trim().split("\n")[0]?.slice(0, 200) ?? ""})`;
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
  findVm
};
