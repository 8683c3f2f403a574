#!/usr/bin/env node
import "./shared-runtime.js";

// src/cli/node.ts
var LEAST = 24;
function unfitNode(version) {
  const major = Number(version.split(".")[0]);
  return major >= LEAST ? null : `agent-jail: needs Node ${LEAST} or later, and this is ${version}. Install it, or put it first on PATH.`;
}

// src/cli.ts
var unfit = unfitNode(process.versions.node);
if (unfit !== null) {
  process.stderr.write(`${unfit}
`);
  process.exitCode = (await import("./outcome.js")).EXIT["jail-error"];
} else if (process.argv[2] === "run") {
  (await import("node:module")).createRequire(import.meta.url)("./cli-run.cjs");
} else {
  const [{ processIo }, { cli }, { end }] = await Promise.all([import("./io.js"), import("./main-2.js"), import("./end.js")]);
  end(await cli(process.argv.slice(2), processIo()));
}
