const { readFile } = process.getBuiltinModule("node:fs/promises");
const { resolve } = process.getBuiltinModule("node:path");
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
  const { parsePolicy } = await import("./parse.js");
  return { policy: parsePolicy(text, file), source: { kind: "file", file } };
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
