const { readFile } = process.getBuiltinModule("node:fs/promises");
const { resolve } = process.getBuiltinModule("node:path");
import {
  HERE
} from "./shared-system-platform.js";
import {
  wrong
} from "./shared-cli-args.js";

// src/cli/policy.ts
async function loadPolicy(file, io) {
  if (file === void 0) {
    const { defaultPolicy } = await import("./parse.js");
    return { policy: defaultPolicy(), source: { kind: "default" } };
  }
  const text = await readText(file, io);
  const named = HERE.slashed(file);
  const { parsePolicy } = await import("./parse.js");
  return { policy: parsePolicy(text, named), source: { kind: "file", file: named } };
}
async function readText(file, io) {
  return await readFile(resolve(io.cwd, file), "utf8").catch((error) => {
    throw wrong(`cannot read ${file}: ${error.code === "ENOENT" ? "there is no such file" : error.message}`);
  });
}

export {
  loadPolicy,
  readText
};
