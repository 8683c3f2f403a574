const { appendFileSync, existsSync } = process.getBuiltinModule("node:fs");
const { EOL } = process.getBuiltinModule("node:os");
import {
  nearest
} from "./shared-policy-nearest.js";
import {
  AGENTS
} from "./shared-model-trajectory.js";
import {
  oneLine
} from "./shared-action-log.js";
import {
  inputVariable
} from "./shared-action-environment.js";
import {
  problemLine,
  withRemedy
} from "./shared-cli-problem.js";
import {
  JailError,
  UserError
} from "./shared-model-errors.js";
import {
  EXIT
} from "./shared-model-outcome.js";

// src/action/annotations.ts
var MOST = 10;
var INPUT = "input ";
function inputPlace(name) {
  return `${INPUT}${name}`;
}
async function annotate(error) {
  const core = await import("./core.js");
  const problems = problemsOf(error);
  for (const { message, remedy, place } of problems.slice(0, MOST)) {
    if (place === null || place.file === "") core.error(withRemedy(message, remedy), { title: "agent-jail" });
    else if (place.file.startsWith(INPUT)) core.error(problemLine({ message, remedy, place }), { title: "agent-jail" });
    else
      core.error(withRemedy(message, remedy), { title: "agent-jail", file: place.file, startLine: place.line, startColumn: place.column });
  }
  for (const problem of problems.slice(MOST)) core.info(`agent-jail: ${oneLine(problemLine(problem))}`);
}
function problemsOf(error) {
  if (error instanceof UserError && error.problems.length > 0) return error.problems;
  if (error instanceof JailError) return [{ message: error.message, remedy: error.remedy, place: error.place }];
  const message = error instanceof Error ? error.message : String(error);
  return [{ message: `unexpected: ${message}`, remedy: "This is a mistake of agent-jail; please report it.", place: null }];
}

// src/action/outputs.ts
var NUMBER = /^\d{1,15}$/;
var DIGEST = /^[0-9a-f]{64}$/;
var PATH = /^(?:[A-Za-z]:)?\/[^\u0000-\u001f\u007f"'`$;&|<>\\]*$/;
var OUTPUTS = {
  outcome: new RegExp(`^(${Object.keys(EXIT).join("|")})$`),
  because: /^[A-Za-z0-9 .,:/_@%+=-]{0,200}$/,
  "exit-code": NUMBER,
  backend: /^(nspawn|docker|vm|chroot)$/,
  "policy-sha256": DIGEST,
  "manifest-sha256": DIGEST,
  changed: /^(true|false)$/,
  "changed-files": NUMBER,
  patch: PATH,
  sarif: PATH,
  record: PATH,
  result: PATH,
  denied: NUMBER,
  "cost-usd": /^\d{1,9}(\.\d{1,6})?$/,
  "input-tokens": NUMBER,
  "output-tokens": NUMBER,
  "tokens-source": /^(gateway|agent)$/,
  turns: NUMBER,
  "tool-calls": NUMBER,
  "artifact-id": NUMBER,
  "artifact-url": /^https?:\/\/[A-Za-z0-9.:_/-]{1,500}$/,
  "artifact-digest": DIGEST
};
var COMMIT = /^[0-9a-f]{40}([0-9a-f]{24})?$/;
var APPLY_OUTPUTS = {
  state: /^(applied|checked|nothing|needs-review|refused|usage-error|error)$/,
  because: OUTPUTS.because,
  outcome: OUTPUTS.outcome,
  review: OUTPUTS.changed,
  "changed-files": NUMBER,
  base: COMMIT,
  commit: COMMIT,
  branch: /^agent-jail\/[0-9a-z]{26}$/,
  "body-path": PATH
};
var SUITE_OUTPUTS = {
  outcome: OUTPUTS.outcome,
  because: OUTPUTS.because,
  /** JSON of names, numbers and digests: what a job's strategy takes. */
  matrix: /^\{"include":\[[A-Za-z0-9 ._:,{}"-]*\]\}$/,
  shards: NUMBER,
  results: PATH,
  trials: NUMBER,
  passed: NUMBER,
  "pass-rate": /^[01](\.\d{1,6})?$/,
  "artifact-id": NUMBER,
  "artifact-url": OUTPUTS["artifact-url"],
  "artifact-digest": DIGEST
};
var COMPARE_OUTPUTS = {
  outcome: OUTPUTS.outcome,
  because: OUTPUTS.because,
  verdict: /^(regressed|steady|improved|inconclusive|none)$/,
  regressed: NUMBER,
  drift: NUMBER,
  "pass-rate": SUITE_OUTPUTS["pass-rate"],
  baselines: NUMBER,
  report: PATH,
  junit: PATH,
  "artifact-id": NUMBER,
  "artifact-url": OUTPUTS["artifact-url"],
  "artifact-digest": DIGEST
};
function closed(table, outputs) {
  const close = ([name, set]) => {
    const value = String(outputs[name] ?? "");
    const text = name === "because" ? plainWords(value) : value;
    return [name, set.test(text) ? text : ""];
  };
  return Object.fromEntries(Object.entries(table).map(close));
}
async function writeClosed(table, outputs) {
  const values = Object.entries(closed(table, outputs));
  const file = process.env["GITHUB_OUTPUT"] ?? "";
  if (existsSync(file)) return appendFileSync(file, values.map(([name, value]) => `${name}=${value}${EOL}`).join(""));
  const core = await import("./core.js");
  for (const [name, value] of values) core.setOutput(name, value);
}
function plainWords(text) {
  return text.slice(0, 200).replace(/[^A-Za-z0-9 .,:/_@%+=-]/g, "_");
}

// src/action/inputs.ts
var VALUES = {
  agent: ["auto", ...AGENTS, "none"],
  "policy-source": ["", "base", "workspace"],
  backend: ["", "auto", "nspawn", "docker", "vm"],
  "on-review": ["pass", "fail"],
  log: ["full", "summary", "none"],
  upload: ["always", "failure", "never"],
  comment: ["false", "true"]
};
function unknownInputs(env, names) {
  const known = new Set(names.map(inputVariable));
  return Object.keys(env).filter((key) => key.startsWith("INPUT_") && !known.has(key)).sort().map((key) => {
    const name = key.slice("INPUT_".length).toLowerCase();
    return { message: `input ${JSON.stringify(name)} is not known`, remedy: suggestion(name, names), place: null };
  });
}
function suggestion(value, allowed) {
  const best = nearest(value, allowed);
  return best === null ? "" : `Did you mean \`${best}\`?`;
}

export {
  inputPlace,
  annotate,
  problemsOf,
  unknownInputs,
  APPLY_OUTPUTS,
  SUITE_OUTPUTS,
  COMPARE_OUTPUTS,
  writeClosed
};
