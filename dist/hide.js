const { readdirSync } = process.getBuiltinModule("node:fs");
import {
  require_ignore
} from "./shared-ignore.js";
import {
  JailError
} from "./shared-model-errors.js";
import {
  __toESM
} from "./shared-runtime.js";

// src/run/hide.ts
var import_ignore = __toESM(require_ignore(), 1);
var DEEPEST = 1e3;
function hiddenByGlobs(workspace, globs) {
  if (globs.length === 0) return [];
  const matcher = (0, import_ignore.default)({ ignorecase: false }).add([...globs]);
  const found = [];
  const directories = [""];
  for (let directory = directories.pop(); directory !== void 0; directory = directories.pop()) {
    for (const entry of list(workspace, directory)) {
      const path = directory === "" ? entry.name : `${directory}/${entry.name}`;
      const seen = entry.isDirectory() ? `${path}/` : path;
      if (matcher.ignores(seen)) {
        if (path.includes("�")) throw cannot(`${workspace}/${path}`, "its name is not UTF-8");
        found.push(`${workspace}/${path}`);
      } else if (entry.isDirectory() && entry.name !== ".git") directories.push(path);
    }
  }
  return found;
}
function list(workspace, directory) {
  const path = `${workspace}/${directory}`;
  if (directory.split("/").length > DEEPEST) throw cannot(path, "it is too deep");
  try {
    return readdirSync(path, { withFileTypes: true });
  } catch (error) {
    if (error.code === "EACCES") return [];
    throw cannot(path, directory.includes("�") ? "its name is not UTF-8" : error.message);
  }
}
var cannot = (path, why) => new JailError(
  `${JSON.stringify(path)} cannot be looked at for \`workspace.hide\`: ${why}`,
  "rename or remove it, or take `hide` out of the policy"
);
export {
  hiddenByGlobs
};
