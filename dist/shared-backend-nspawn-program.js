const { accessSync, constants, existsSync, mkdirSync, readdirSync, renameSync, rmSync } = process.getBuiltinModule("node:fs");
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
  return { ...CLEAN_ENV, LD_LIBRARY_PATH: librariesOf(tree).filter(existsSync).join(":") };
}
function librariesOf(tree) {
  const triplets = Object.values(ARCHITECTURES).map(({ triplet }) => triplet);
  const own = ["usr/lib", "lib"].flatMap((lib) => triplets.flatMap((triplet) => [`${lib}/${triplet}/systemd`, `${lib}/${triplet}`]));
  return [...own, "usr/lib/systemd", "lib/systemd"].map((path) => `${tree}/${path}`);
}
function executable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

export {
  findNspawn,
  fetchNspawn
};
