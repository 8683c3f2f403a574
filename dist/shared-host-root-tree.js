const { lstatSync, readlinkSync } = process.getBuiltinModule("node:fs");
import {
  JailError
} from "./shared-model-errors.js";

// src/host/root-tree.ts
var MOST_LINKS = 40;
function requireRoot(tree, what) {
  const remedy = "give the root of a Linux file system with a `/bin/sh` in it: a step is started by that";
  const wrong = (why) => new JailError(`${what} ${why}`, remedy);
  if (look(tree)?.isDirectory() !== true) throw wrong("is not a directory");
  const usr = look(`${tree}/usr`);
  if (usr !== null && !usr.isDirectory()) throw wrong("holds no root file system: `usr` is not a directory in it");
  const shell = inside(tree, "/bin/sh");
  const found = shell === null ? null : look(shell);
  if (found === null) throw wrong("holds no root file system: there is no `/bin/sh` in it");
  if (!found.isFile() || (found.mode & 73) === 0) throw wrong("holds no root file system: its `/bin/sh` is not a program");
}
function inside(tree, path) {
  let here = [];
  const ahead = parts(path);
  let links = 0;
  for (let part = ahead.shift(); part !== void 0; part = ahead.shift()) {
    if (part === "..") here.pop();
    if (part === ".." || part === ".") continue;
    const at = [tree, ...here, part].join("/");
    const seen = look(at);
    if (seen === null) return null;
    if (!seen.isSymbolicLink()) {
      here.push(part);
      continue;
    }
    links += 1;
    if (links > MOST_LINKS) return null;
    const target = readlinkSync(at);
    if (target.startsWith("/")) here = [];
    ahead.unshift(...parts(target));
  }
  return [tree, ...here].join("/");
}
var parts = (path) => path.split("/").filter((part) => part !== "");
function look(path) {
  try {
    return lstatSync(path);
  } catch {
    return null;
  }
}

export {
  requireRoot,
  inside
};
