const { readFileSync } = process.getBuiltinModule("node:fs");
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
  const text = readText(file, io);
  const named = HERE.slashed(file);
  const { parsePolicy } = await import("./parse.js");
  return { policy: parsePolicy(text, named), source: { kind: "file", file: named } };
}
function readText(file, io) {
  try {
    return readFileSync(resolve(io.cwd, file), "utf8");
  } catch (error) {
    const { code, message } = error;
    throw wrong(`cannot read ${file}: ${code === "ENOENT" ? "there is no such file" : message}`);
  }
}

export {
  loadPolicy,
  readText
};
