#!/usr/bin/env node
const { createRequire } = process.getBuiltinModule("node:module");
import {
  EXIT
} from "./shared-model-outcome.js";
import "./shared-runtime.js";

// src/cli.ts

// src/cli/node.ts
var LEAST = 24;
function unfitNode(version) {
  const major = Number(version.split(".")[0]);
  return major >= LEAST ? null : `agent-jail: needs Node ${LEAST} or later, and this is ${version}. Install it, or put it first on PATH.`;
}

// src/cli.ts
var unfit = unfitNode(process.versions.node);
if (unfit === null && process.argv[2] === "run") {
  createRequire(import.meta.url)("./cli-run.cjs");
} else if (unfit === null) {
  const [{ processIo }, { cli }, { end }] = await Promise.all([import("./io.js"), import("./main-2.js"), import("./end.js")]);
  end(await cli(process.argv.slice(2), processIo()));
} else {
  process.stderr.write(`${unfit}
`);
  process.exitCode = EXIT["jail-error"];
}
