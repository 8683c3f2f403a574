import { createRequire as requireFor } from 'node:module';
const require = requireFor(import.meta.url);
import {
  wrong
} from "./shared-cli-args.js";

// src/cli/policy.ts
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
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
