const { mkdir, writeFile } = process.getBuiltinModule("node:fs/promises");
const { join, resolve } = process.getBuiltinModule("node:path");
import {
  Only,
  callerIdentity,
  personOf
} from "./shared-cli-only.js";
import "./shared-guard-globs.js";
import "./shared-ignore.js";
import "./shared-policy-rules.js";
import "./shared-system-exec.js";
import "./shared-record-display.js";
import {
  APPLY_OUTPUTS,
  annotate,
  inputPlace,
  problemsOf,
  unknownInputs,
  writeClosed
} from "./shared-action-outputs.js";
import "./shared-policy-units.js";
import {
  wrong
} from "./shared-cli-args.js";
import "./shared-policy-nearest.js";
import "./shared-model-trajectory.js";
import {
  oneLine
} from "./shared-action-log.js";
import "./shared-cli-figures.js";
import "./shared-cli-format.js";
import "./shared-transcript-escapes.js";
import {
  inputVariable,
  variable
} from "./shared-action-environment.js";
import {
  withRemedy
} from "./shared-cli-problem.js";
import {
  UserError
} from "./shared-model-errors.js";
import {
  EXIT
} from "./shared-model-outcome.js";
import "./shared-runtime.js";

// src/action/apply.ts

// src/action/apply-inputs.ts
var APPLY_DEFAULTS = {
  record: "",
  expect: "",
  to: "",
  policy: "",
  "policy-file": "",
  "policy-source": "",
  only: "",
  check: "false",
  commit: "",
  author: "",
  "on-review": "pass",
  "runs-later": "refuse",
  repository: "",
  "run-id": "",
  forks: "refuse"
};
function loadApplyInputs(env) {
  const problems = unknownInputs(env, Object.keys(APPLY_DEFAULTS));
  const report = (name, message, remedy = "") => {
    problems.push({ message: `input \`${name}\`: ${message}`, remedy, place: null });
  };
  const given = (name) => (env[inputVariable(name)] ?? "").trim() || APPLY_DEFAULTS[name];
  const oneOf = (name, allowed) => {
    const value = allowed.find((one) => one === given(name));
    if (value === void 0) report(name, `${JSON.stringify(given(name))} is not one of ${allowed.filter((one) => one !== "").join(", ")}`);
    return value ?? allowed[0];
  };
  const own = (name, here) => given(name) === "any" ? null : given(name) || here;
  if (given("record") === "") report("record", "is not given", "Download the artifact first, and give its directory.");
  if (!/^[0-9a-f]{64}$/.test(given("expect"))) {
    report("expect", "is not a SHA-256", "Give `needs.JOB.outputs`, from the output `manifest-sha256` of the step that made the record.");
  }
  if (given("policy") !== "" && given("policy-file") !== "") problems.push({ ...EITHER, place: null });
  const author = given("author") === "" ? null : personOf(given("author"));
  if (given("author") !== "" && author === null) report("author", `${JSON.stringify(given("author"))} is not \`Name <address>\``);
  const policySource = oneOf("policy-source", ["", "base", "workspace"]);
  const inputs = {
    record: given("record"),
    expect: given("expect"),
    to: given("to") || variable(env, "GITHUB_WORKSPACE"),
    policy: given("policy"),
    policyFile: given("policy-file"),
    policySource: policySource === "" ? null : policySource,
    only: onlyOf(env[inputVariable("only")] ?? "", problems),
    check: oneOf("check", ["false", "true"]) === "true",
    commit: given("commit") || null,
    author,
    stopOnReview: oneOf("on-review", ["pass", "fail"]) === "fail",
    allowRunsLater: oneOf("runs-later", ["refuse", "allow"]) === "allow",
    repository: own("repository", variable(env, "GITHUB_REPOSITORY")),
    run: own("run-id", variable(env, "GITHUB_RUN_ID")),
    forks: oneOf("forks", ["refuse", "allow"]) === "allow"
  };
  if (problems.length > 0) throw new UserError(problems);
  if (inputs.repository === "" || inputs.run === "")
    throw wrong("GITHUB_REPOSITORY or GITHUB_RUN_ID is not set: this is not a step of a workflow");
  return inputs;
}
var EITHER = { message: "both `policy` and `policy-file` are given", remedy: "Keep one of them." };
function onlyOf(text, problems) {
  try {
    return Only.parse(text, inputPlace("only"));
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    problems.push(...error.problems);
    return Only.parse("", "");
  }
}

// src/action/apply.ts
async function runApply(env) {
  try {
    const inputs = loadApplyInputs(env);
    const { bring, STATE_EXIT } = await import("./bring.js");
    const brought = await bring(await wishOf(inputs, env));
    const code = STATE_EXIT[brought.state];
    await tell(brought, code, env);
    return code;
  } catch (error) {
    const usage = error instanceof UserError;
    await annotate(error);
    await writeClosed(APPLY_OUTPUTS, { state: usage ? "usage-error" : "error", because: problemsOf(error)[0]?.message ?? "" });
    return EXIT[usage ? "usage-error" : "jail-error"];
  }
}
async function wishOf(inputs, env) {
  const { record, to, commit, author, repository, run, forks, policy: _inline, policyFile: _file, policySource: _source, ...rest } = inputs;
  const workspace = variable(env, "GITHUB_WORKSPACE");
  return {
    ...rest,
    record: resolve(workspace, record),
    to: resolve(workspace, to),
    policy: await ownPolicy(inputs, env),
    origin: { server: variable(env, "GITHUB_SERVER_URL") || null, repository, run, forks },
    commit: commit === null ? null : async ({ top }) => ({ message: commit, ...author ?? await callerIdentity(top, env) })
  };
}
async function ownPolicy(inputs, env) {
  const { defaultPolicy, parsePolicy } = await import("./parse.js");
  if (inputs.policy !== "") return { policy: parsePolicy(inputs.policy, inputPlace("policy")), source: { kind: "inline" } };
  if (inputs.policyFile === "") return { policy: defaultPolicy(), source: { kind: "default" } };
  const { readPolicySource } = await import("./source.js");
  const { text, file, source, trustedHead } = await readPolicySource(inputs, env);
  if (source.kind === "workspace" && !trustedHead) {
    throw wrong("the policy comes from the workspace, which this event does not make trustworthy", "Use `policy-source: base`.");
  }
  return { policy: parsePolicy(text, file), source };
}
async function tell(brought, code, env) {
  const { state, because, remedy, what, more, conclusion, base, changed, commit, warnings } = brought;
  const core = await import("./core.js");
  const id = conclusion?.run.id.toLowerCase() ?? null;
  await writeClosed(APPLY_OUTPUTS, {
    state,
    because,
    outcome: conclusion?.outcome ?? null,
    review: conclusion === null ? null : conclusion.outcome === "needs-review",
    "changed-files": changed,
    base,
    commit,
    branch: id === null ? null : `agent-jail/${id}`,
    "body-path": conclusion === null || id === null ? null : await writeBody(id, conclusion, env)
  });
  for (const warning of warnings) core.warning(oneLine(warning), { title: "agent-jail" });
  for (const item of what) core.info(oneLine(`  ${item}`));
  if (more > 0) core.info(`  and ${more} more`);
  const text = oneLine(`${state}: ${withRemedy(because, remedy)}`);
  if (code !== 0) core.error(text, { title: "agent-jail" });
  else if (conclusion?.outcome === "needs-review")
    core.warning(oneLine(`${state}, and to be reviewed: ${conclusion.because}`), { title: "agent-jail" });
  else core.info(`agent-jail: ${text}`);
}
async function writeBody(id, conclusion, env) {
  const directory = join(variable(env, "RUNNER_TEMP"), "agent-jail");
  await mkdir(directory, { recursive: true, mode: 448 });
  const path = join(directory, `apply-${id}.md`);
  const { summary } = await import("./summary.js");
  await writeFile(path, await summary(conclusion));
  return path;
}

// src/apply.ts
process.exitCode = await runApply(process.env);
