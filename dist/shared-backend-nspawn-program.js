const { accessSync, constants, existsSync } = process.getBuiltinModule("node:fs");
const { join } = process.getBuiltinModule("node:path");
const {
  accessSync: accessSync2,
  constants: constants2,
  existsSync: existsSync2,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync
} = process.getBuiltinModule("node:fs");
import {
  ARCHITECTURES
} from "./shared-model-architecture.js";
import {
  CLEAN_ENV,
  SYSTEM_PATH,
  exec,
  failure
} from "./shared-system-exec.js";
import {
  JailError
} from "./shared-model-errors.js";

// src/host/programs.ts
var PROGRAMS = {
  perl: "perl-base",
  git: "git",
  tar: "tar",
  "mkfs.ext4": "e2fsprogs",
  mount: "mount",
  losetup: "mount",
  unshare: "util-linux",
  setpriv: "util-linux",
  flock: "util-linux",
  ip: "iproute2"
};
function findProgram(name) {
  return SYSTEM_PATH.split(":").map((directory) => join(directory, name)).find(executable) ?? null;
}
function executable(path) {
  if (!existsSync(path)) return false;
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

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
    if (executable2(path)) return asBefore(tools, path, CLEAN_ENV, false);
  }
  const tree = `${tools}/nspawn`;
  return existsSync2(tree) ? asBefore(tools, `${tree}/usr/bin/systemd-nspawn`, fetchedEnv(tree), true) : null;
}
async function asBefore(tools, path, env, fetched) {
  const { dev, ino, size, mtimeNs, ctimeNs } = statSync(path, { bigint: true });
  const key = [path, dev, ino, size, mtimeNs, ctimeNs].join(" ");
  const notes = `${tools}/nspawn-version`;
  const [known, version] = noted(notes).split("\n");
  if (known === key && version !== void 0 && version !== "") return { path, env, version, fetched };
  const program = await checked(path, env, fetched);
  try {
    if (!existsSync2(tools)) mkdirSync(tools, { mode: 493 });
    writeFileSync(`${notes}.${process.pid}`, `${key}
${program.version}
`, { mode: 420 });
    renameSync(`${notes}.${process.pid}`, notes);
  } catch {
  }
  return program;
}
function noted(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
async function fetchNspawn(tools) {
  const remedy = "install the package systemd-container, or choose `jail.backend: docker`";
  for (const program of ["apt-get", "dpkg-deb"])
    if (!SYSTEM_PATH.split(":").some((d) => executable2(`${d}/${program}`)))
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
  return { ...CLEAN_ENV, LD_LIBRARY_PATH: librariesOf(tree).filter(existsSync2).join(":") };
}
function librariesOf(tree) {
  const triplets = Object.values(ARCHITECTURES).map(({ triplet }) => triplet);
  const own = ["usr/lib", "lib"].flatMap((lib) => triplets.flatMap((triplet) => [`${lib}/${triplet}/systemd`, `${lib}/${triplet}`]));
  return [...own, "usr/lib/systemd", "lib/systemd"].map((path) => `${tree}/${path}`);
}
function executable2(path) {
  try {
    accessSync2(path, constants2.X_OK);
    return true;
  } catch {
    return false;
  }
}

export {
  PROGRAMS,
  findProgram,
  findNspawn,
  fetchNspawn
};
