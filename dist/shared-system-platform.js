const { realpathSync } = process.getBuiltinModule("node:fs");
const { posix } = process.getBuiltinModule("node:path");
import {
  JailError
} from "./shared-model-errors.js";

// src/system/platform.ts
var POSIX = {
  modes: true,
  separator: ":",
  slashed: (path) => path,
  toJail: (path) => path.startsWith("/") ? path : null,
  toHost: (path) => path.startsWith("/") ? path : null,
  real: (path) => realpathSync(path)
};
var slashed = (path) => path.replaceAll("\\", "/").replace(/^\/\/\?\/(?=[A-Za-z]:)/, "");
var WINDOWS = {
  called: "Windows",
  jails: false,
  modes: false,
  separator: ";",
  slashed,
  toJail(path) {
    const [, drive, rest = ""] = /^([A-Za-z]):(\/[^:\0]*)$/.exec(slashed(path)) ?? [];
    if (drive === void 0) return null;
    return `/${drive.toLowerCase()}${posix.normalize(rest).replace(/\/$/, "")}`;
  },
  toHost(path) {
    const [, drive, rest = ""] = /^\/([a-z])(\/[^\0]*)?$/.exec(path) ?? [];
    return drive === void 0 ? null : `${drive.toUpperCase()}:${rest === "" ? "/" : rest}`;
  },
  // Also in the case that the disk has, which paths are compared by.
  real: (path) => slashed(realpathSync.native(path))
};
function platformOf(name) {
  if (name === "linux") return { ...POSIX, called: "Linux", jails: true };
  if (name === "darwin") return { ...POSIX, called: "macOS", jails: false };
  return name === "win32" ? WINDOWS : null;
}
var HERE = platformOf(process.platform) ?? { ...POSIX, called: process.platform, jails: false };
function jailPathOf(path, here) {
  const found = here.toJail(path);
  if (found !== null) return found;
  throw new JailError(
    `${JSON.stringify(path)} has no place in a jail: it is not an absolute path of a drive with a letter`,
    "use a directory of a drive of this machine, such as `D:\\work`; copy there what is on a share"
  );
}
function hostPathOf(path, here) {
  const found = here.toHost(path);
  if (found !== null) return found;
  throw new JailError(
    `${JSON.stringify(path)} is not on this machine: on ${here.called} a policy names what is on a drive by the letter of it`,
    "write `D:\\data` as `/d/data`"
  );
}
function inJailForm(env, here) {
  const form = (value) => value.split(here.separator).map((one) => here.toJail(one) ?? one).join(":");
  const isList = (value) => value.split(here.separator).every((one) => one === "" || here.toJail(one) !== null);
  return Object.fromEntries(Object.entries(env).map(([name, value]) => [name, value !== void 0 && isList(value) ? form(value) : value]));
}

export {
  HERE,
  jailPathOf,
  hostPathOf,
  inJailForm
};
