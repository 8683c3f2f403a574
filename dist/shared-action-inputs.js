import {
  AGENTS
} from "./shared-model-trajectory.js";
import {
  parseSize
} from "./shared-policy-units.js";
import {
  nearest
} from "./shared-policy-nearest.js";
import {
  oneLine
} from "./shared-action-log.js";
import {
  problemLine,
  withRemedy
} from "./shared-cli-problem.js";
import {
  inputVariable
} from "./shared-action-environment.js";
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
var DEFAULTS = {
  run: "",
  steps: "",
  setup: "",
  shell: "bash",
  "working-directory": "",
  agent: "auto",
  policy: "",
  "policy-file": "",
  "policy-source": "",
  backend: "",
  "on-review": "pass",
  log: "full",
  mask: "",
  upload: "always",
  "artifact-name": "agent-jail-${{ github.job }}-${{ strategy.job-index }}-${{ github.run_attempt }}-{id}",
  "retention-days": "7",
  "max-upload": "500MB",
  comment: "false",
  "github-token": ""
};
function loadInputs(env) {
  const problems = unknownInputs(env, Object.keys(DEFAULTS));
  const report = (name, message, remedy) => {
    problems.push({ message: `input \`${name}\`: ${message}`, remedy, place: null });
  };
  const text = (name) => env[inputVariable(name)] ?? "";
  const given = (name) => asciiTrim(text(name)) || DEFAULTS[name];
  const oneOf = (name) => {
    const value = given(name);
    const allowed = VALUES[name];
    if (allowed.includes(value)) return value;
    const named = allowed.filter((v) => v !== "");
    const remedy = value === "chroot" ? "It isolates nothing, and can be asked for on the command line only." : suggestion(value, named);
    report(name, `${JSON.stringify(value)} is not one of ${named.join(", ")}`, remedy);
    return VALUES[name][0];
  };
  const attempt = (name, parse, otherwise) => {
    try {
      return parse(given(name));
    } catch (error) {
      report(name, error instanceof Error ? error.message : String(error), `The default is ${DEFAULTS[name]}.`);
      return otherwise;
    }
  };
  const [run, steps] = [text("run"), text("steps")];
  if (blank(run) === blank(steps)) {
    const what = blank(run) ? "neither `run` nor `steps` is given" : "both `run` and `steps` are given";
    problems.push({ message: `${what}; exactly one of them says what runs in the jail`, remedy: "", place: null });
  }
  if (!blank(text("policy")) && !blank(text("policy-file"))) {
    problems.push({ message: "both `policy` and `policy-file` are given", remedy: "Keep one of them.", place: null });
  }
  const policySource = oneOf("policy-source");
  if (policySource !== "" && blank(text("policy-file"))) {
    report("policy-source", "only means something together with `policy-file`", "Give `policy-file`, or leave `policy-source` out.");
  }
  if (oneOf("comment") === "true" && blank(text("github-token"))) {
    const remedy = "Give `github-token: ${{ github.token }}`, and the job `permissions: pull-requests: write`.";
    report("comment", "comments need `github-token`, which is not given", remedy);
  }
  const agent = oneOf("agent");
  const backend = oneOf("backend");
  const inputs = {
    run: blank(run) ? "" : run,
    steps: blank(steps) ? "" : steps,
    setup: blank(text("setup")) ? "" : text("setup"),
    shell: given("shell"),
    workingDirectory: given("working-directory") || null,
    agent: agent === "auto" ? null : agent,
    policy: blank(text("policy")) ? "" : text("policy"),
    policyFile: given("policy-file"),
    policySource: policySource === "" ? null : policySource,
    backend: backend === "" ? null : backend,
    onReview: oneOf("on-review"),
    log: oneOf("log"),
    mask: Object.freeze(
      text("mask").split(/[\r\n]+/).map(asciiTrim).filter((line) => line !== "")
    ),
    upload: Object.freeze({
      when: oneOf("upload"),
      name: given("artifact-name"),
      retentionDays: attempt("retention-days", days, 7),
      max: attempt("max-upload", parseSize, 0)
    })
  };
  if (problems.length > 0) throw new UserError(problems);
  return Object.freeze(inputs);
}
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
function days(value) {
  const n = /^\d{1,3}$/.test(value) ? Number(value) : 0;
  if (n < 1 || n > 400) throw new Error(`${JSON.stringify(value)} is not a whole number of days from 1 to 400`);
  return n;
}
function asciiTrim(text) {
  let [from, to] = [0, text.length];
  while (from < to && BLANKS.includes(text.charAt(from))) from += 1;
  while (to > from && BLANKS.includes(text.charAt(to - 1))) to -= 1;
  return text.slice(from, to);
}
var BLANKS = " 	\r\n";
function blank(text) {
  return asciiTrim(text) === "";
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
  const core = await import("./core.js");
  for (const [name, value] of Object.entries(closed(table, outputs))) core.setOutput(name, value);
}
var writeOutputs = (outputs) => writeClosed(OUTPUTS, outputs);
function plainWords(text) {
  return text.slice(0, 200).replace(/[^A-Za-z0-9 .,:/_@%+=-]/g, "_");
}

export {
  inputPlace,
  annotate,
  problemsOf,
  loadInputs,
  unknownInputs,
  APPLY_OUTPUTS,
  SUITE_OUTPUTS,
  COMPARE_OUTPUTS,
  writeClosed,
  writeOutputs
};
