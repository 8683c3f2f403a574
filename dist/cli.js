#!/usr/bin/env node
import {
  EXIT
} from "./shared-model-outcome.js";
import "./shared-runtime.js";

// src/cli/node.ts
var LEAST = 24;
function unfitNode(version) {
  const major = Number(version.split(".")[0]);
  return major >= LEAST ? null : `agent-jail: needs Node ${LEAST} or later, and this is ${version}. Install it, or put it first on PATH.`;
}

// src/cli.ts
var unfit = unfitNode(process.versions.node);
if (unfit === null) {
  const [{ processIo }, { cli }] = await Promise.all([import("./io.js"), import("./main-2.js")]);
  process.exitCode = await cli(process.argv.slice(2), processIo());
  setTimeout(() => process.exit(), 100).unref();
} else {
  process.stderr.write(`${unfit}
`);
  process.exitCode = EXIT["jail-error"];
}
