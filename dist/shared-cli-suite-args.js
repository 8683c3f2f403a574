const { existsSync, statSync } = process.getBuiltinModule("node:fs");
const { join, resolve } = process.getBuiltinModule("node:path");
import {
  didYouMean,
  wrong
} from "./shared-cli-args.js";

// src/cli/suite-args.ts
var BACKENDS = ["auto", "nspawn", "docker"];
function backendOf(name) {
  if (name === void 0) return null;
  const known = BACKENDS.find((one) => one === name);
  if (known === void 0)
    throw wrong(
      `--backend ${JSON.stringify(name)} is not one of ${BACKENDS.join(", ")}`,
      name === "chroot" ? "It isolates nothing, and can be asked for with `agent-jail run` only." : didYouMean(name, BACKENDS)
    );
  return known;
}
function numberOf(text, option, least, most) {
  if (text === void 0) return null;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < least || value > most)
    throw wrong(`${option} ${JSON.stringify(text)} is not a whole number from ${least} to ${most}`);
  return value;
}
var listOf = (text) => (text ?? "").split(",").map((one) => one.trim()).filter((one) => one !== "");
function resultsFile(written, io) {
  const path = resolve(io.cwd, written);
  if (!existsSync(path)) throw wrong(`cannot read ${written}: there is no such file`);
  return statSync(path).isDirectory() ? join(path, "trials.ndjson") : path;
}

export {
  backendOf,
  numberOf,
  listOf,
  resultsFile
};
