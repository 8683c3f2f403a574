import {
  dismissWarden,
  startWarden
} from "./shared-run-client.js";
import "./shared-run-warden-process.js";
import "./shared-system-contained.js";
import "./shared-system-lines.js";
import "./shared-system-platform.js";
import "./shared-run-start-warden.js";
import "./shared-system-proc.js";
import "./shared-system-exec.js";
import {
  didYouMean,
  parse,
  wrong
} from "./shared-cli-args.js";
import "./shared-policy-nearest.js";
import "./shared-model-errors.js";
import "./shared-runtime.js";

// src/cli/run.ts
var OPTIONS = {
  policy: "string",
  out: "string",
  backend: "string",
  setup: "string",
  steps: "string",
  "exit-code": "string",
  json: "boolean"
};
var BACKENDS = ["auto", "nspawn", "docker", "vm", "chroot"];
async function run(argv, io) {
  try {
    const options = optionsOf(argv);
    startWarden(options.backend ?? "auto");
    const { perform } = await import("./perform.js");
    return await perform(options, io);
  } finally {
    await dismissWarden();
  }
}
function optionsOf(argv) {
  const { options, rest } = parse(argv, OPTIONS, 0);
  const { policy, out, setup, steps } = options;
  if (setup?.trim() === "") throw wrong("--setup is empty");
  return {
    policy,
    out,
    setup,
    backend: backendOf(options["backend"]),
    what: whatOf(rest, steps),
    stepExit: ownExit(options["exit-code"]),
    json: options["json"] !== void 0
  };
}
function whatOf(rest, steps) {
  if (rest === null === (steps === void 0))
    throw wrong("what shall run in the jail? Give `-- CMD …`, or `--steps FILE`, and not both");
  if (steps !== void 0) return { steps };
  const [program = "", ...args] = rest ?? [];
  if (program === "" || program.startsWith("-")) throw wrong(`${JSON.stringify(program)} is not the name of a program`);
  return { command: [program, ...args] };
}
function backendOf(name) {
  if (name === void 0) return null;
  if (!BACKENDS.includes(name)) {
    throw wrong(`--backend ${JSON.stringify(name)} is not one of ${BACKENDS.join(", ")}`, didYouMean(name, BACKENDS));
  }
  return name;
}
function ownExit(value) {
  if (value !== void 0 && value !== "step") throw wrong(`--exit-code ${JSON.stringify(value)}: the only value is \`step\``);
  return value === "step";
}
export {
  run
};
