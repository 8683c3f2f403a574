const { mkdirSync } = process.getBuiltinModule("node:fs");
const { join, resolve } = process.getBuiltinModule("node:path");
import {
  asksGitHub,
  earlierResults,
  earlierWish,
  spoken
} from "./shared-action-earlier.js";
import "./shared-cli-suite-args.js";
import {
  MEASURED
} from "./shared-model-suite.js";
import {
  newId
} from "./shared-run-id.js";
import {
  SUITE_OUTPUTS,
  annotate,
  problemsOf,
  unknownInputs,
  writeClosed
} from "./shared-action-outputs.js";
import {
  parseSize
} from "./shared-policy-units.js";
import "./shared-cli-args.js";
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
import "./shared-cli-problem.js";
import {
  JailError,
  UserError
} from "./shared-model-errors.js";
import {
  EXIT
} from "./shared-model-outcome.js";
import "./shared-runtime.js";

// src/action/suite.ts

// src/action/suite-inputs.ts
var SUITE_DEFAULTS = {
  command: "run",
  suite: "",
  "suite-source": "",
  agent: "",
  backend: "",
  filter: "",
  trials: "",
  seed: "",
  jobs: "",
  "fail-fast": "false",
  build: "false",
  shards: "",
  past: "",
  "past-artifact": "",
  workflow: "",
  branch: "",
  "github-token": "",
  shard: "",
  of: "",
  plan: "",
  tasks: "",
  results: "",
  "allow-cut": "false",
  records: "all",
  upload: "true",
  "artifact-name": "",
  "retention-days": "30",
  "max-upload": "500MB"
};
var OF = {
  run: ["suite", "suite-source", "agent", "backend", "filter", "trials", "seed", "jobs", "fail-fast", "build", "shard", "of", "plan", "tasks", "records"],
  plan: ["suite", "suite-source", "agent", "filter", "trials", "seed", "shards", "past", "past-artifact", "workflow", "branch", "github-token"],
  merge: ["results", "allow-cut", "records"]
};
var UPLOAD = ["upload", "artifact-name", "retention-days", "max-upload"];
function loadSuiteInputs(env) {
  const problems = unknownInputs(env, Object.keys(SUITE_DEFAULTS));
  const report = (name, message, remedy = "") => {
    problems.push({ message: `input \`${name}\`: ${message}`, remedy, place: null });
  };
  const given = (name) => (env[inputVariable(name)] ?? "").trim() || SUITE_DEFAULTS[name];
  const oneOf = (name, allowed) => {
    const value = allowed.find((one) => one === given(name));
    if (value === void 0) report(name, `${JSON.stringify(given(name))} is not one of ${allowed.filter((one) => one !== "").join(", ")}`);
    return value ?? allowed[0];
  };
  const command = oneOf("command", ["run", "plan", "merge"]);
  for (const name of Object.keys(SUITE_DEFAULTS))
    if (name !== "command" && given(name) !== SUITE_DEFAULTS[name] && !OF[command].includes(name) && !(UPLOAD.includes(name) && command !== "plan"))
      report(name, `means nothing for the command ${command}`, "Leave it out.");
  if (command !== "merge" && given("suite") === "") report("suite", "is not given", "Give the path of the suite file.");
  if (command === "merge" && given("results") === "")
    report("results", "is not given", "Give the folder that the artifacts of the shards were downloaded into.");
  if (command === "plan" && given("shards") === "") report("shards", "is not given", "Say how many jobs the suite is spread over.");
  const past = earlierWish(given("past") || "none");
  if (past === null) report("past", `${JSON.stringify(given("past").slice(0, 80))} is not last-N, the number of a run, paths, or none`);
  else if (command === "plan" && asksGitHub(past) && given("github-token") === "")
    report(
      "github-token",
      "is not given, and earlier results are asked for from GitHub",
      "Give `github-token: ${{ github.token }}`, and the job `permissions: actions: read`; or another `past`."
    );
  const parts = ["shard", "of", "plan", "tasks"].filter((name) => given(name) !== "");
  if (parts.length > 0 && parts.length < 4)
    report(parts[0] ?? "shard", "shard, of, plan and tasks go together", "Pass on all four of the matrix.");
  const source = oneOf("suite-source", ["", "base", "workspace"]);
  const days = Number(given("retention-days"));
  if (!/^\d{1,3}$/.test(given("retention-days")) || days < 1 || days > 400)
    report("retention-days", `${JSON.stringify(given("retention-days"))} is not a whole number of days from 1 to 400`);
  let max = 0;
  try {
    max = parseSize(given("max-upload"));
  } catch (error) {
    report("max-upload", error.message);
  }
  const inputs = {
    command,
    suite: given("suite"),
    suiteSource: source === "" ? null : source,
    options: optionsOf(command, given),
    past: {
      wish: past ?? "none",
      artifact: given("past-artifact") || null,
      workflow: given("workflow") || null,
      branch: given("branch") || null,
      token: given("github-token")
    },
    results: given("results"),
    records: oneOf("records", ["all", "failed", "none"]),
    upload: command === "plan" || oneOf("upload", ["true", "false"]) === "false" ? null : { name: given("artifact-name"), retentionDays: days, max }
  };
  for (const name of ["fail-fast", "build", "allow-cut"]) oneOf(name, ["false", "true"]);
  if (problems.length > 0) throw new UserError(problems);
  return inputs;
}
function optionsOf(command, given) {
  const text = (name, option) => given(name) === "" ? [] : [`--${option}=${given(name)}`];
  const flag = (name) => given(name) === "true" ? [`--${name}`] : [];
  if (command === "merge") return flag("allow-cut");
  const common = [...text("agent", "agent"), ...text("filter", "filter"), ...text("trials", "trials"), ...text("seed", "seed")];
  if (command === "plan") return [...common, ...text("shards", "shards")];
  const shard = given("shard") === "" ? [] : [`--shard=${given("shard")}/${given("of")}`, `--plan=${given("plan")}`, `--units=${given("tasks")}`];
  return [...common, ...text("backend", "backend"), ...text("jobs", "jobs"), ...flag("fail-fast"), ...flag("build"), ...shard];
}

// src/action/suite.ts
async function runSuite(env) {
  try {
    const inputs = loadSuiteInputs(env);
    if (inputs.command === "plan") return await plan(inputs, env);
    return inputs.command === "merge" ? await merge(inputs, env) : await run(inputs, env);
  } catch (error) {
    const outcome = error instanceof UserError ? "usage-error" : "jail-error";
    await annotate(error);
    if (!(error instanceof UserError) && !(error instanceof JailError))
      (await import("./core.js")).debug(String(error.stack));
    await writeClosed(SUITE_OUTPUTS, { outcome, because: problemsOf(error)[0]?.message ?? "" });
    return EXIT[outcome];
  }
}
async function plan(inputs, env) {
  const [{ suitePlan }, { suiteOf }] = await Promise.all([import("./suite-plan.js"), import("./suite-source.js")]);
  const loaded = await suiteOf(inputs, env);
  const own = join(variable(env, "RUNNER_TEMP"), "agent-jail", `plan-${newId()}`);
  mkdirSync(own, { recursive: true, mode: 448 });
  const past = await earlierResults(inputs.past, loaded.suite.name, own, env);
  const { out } = await spoken(env, (io) => suitePlan([...inputs.options, fileOf(inputs, env)], io, async () => loaded, past));
  const { include } = JSON.parse(out);
  await writeClosed(SUITE_OUTPUTS, { outcome: "succeeded", matrix: out.trim(), shards: include.length });
  return 0;
}
async function run(inputs, env) {
  const [{ suiteRun }, { suiteOf }] = await Promise.all([import("./suite-run.js"), import("./suite-source.js")]);
  const id = newId();
  const folder = join(variable(env, "RUNNER_TEMP"), "agent-jail", `suite-${id}`);
  const loaded = await suiteOf(inputs, env);
  const shard = inputs.options.find((option) => option.startsWith("--shard="))?.replace(/^--shard=(\d+)\/.*/, "shard-$1") ?? "all";
  const { code, out } = await spoken(
    env,
    (io) => suiteRun([...inputs.options, `--out=${folder}`, "--json", fileOf(inputs, env)], io, async () => loaded)
  );
  const said = JSON.parse(out);
  return finish(said, code, { inputs, folder, id, fallback: `agent-jail-suite-${loaded.suite.name}-${shard}-${id}` }, env);
}
async function merge(inputs, env) {
  const [{ suiteMerge }, { resultFiles }, { resultOf }] = await Promise.all([
    import("./suite-merge.js"),
    import("./suite-upload.js"),
    import("./suite-tally.js")
  ]);
  const folder = resolve(variable(env, "GITHUB_WORKSPACE"), inputs.results);
  const files = resultFiles(folder);
  if (files.length === 0)
    throw new UserError([
      { message: `there are no results below ${inputs.results}`, remedy: "Download the artifacts of the shards into it.", place: null }
    ]);
  const { out } = await spoken(env, (io) => suiteMerge([...inputs.options, `--out=${folder}`, "--json", ...files], io));
  const { suite, results } = JSON.parse(out);
  const said = await resultOf(results);
  return finish(said, EXIT[said.outcome], { inputs, folder, id: newId(), fallback: `agent-jail-results-${suite}` }, env);
}
async function finish(said, code, { inputs, folder, id, fallback }, env) {
  const core = await import("./core.js");
  const say = (message) => core.info(oneLine(`agent-jail: ${message}`));
  const { uploadResults } = await import("./suite-upload.js");
  const { records, upload } = inputs;
  const uploaded = upload === null ? null : await uploadResults(folder, { upload, records, fallback, id }, env, say);
  const { outcome, because, outcomes, rate } = said;
  await writeClosed(SUITE_OUTPUTS, {
    outcome,
    because: because[0] ?? "",
    results: folder,
    trials: MEASURED.reduce((sum, one) => sum + outcomes[one], 0),
    passed: outcomes.pass,
    "pass-rate": rate === null ? null : rate.toFixed(6).replace(/\.?0+$/, ""),
    "artifact-id": uploaded?.id ?? null,
    "artifact-url": uploaded?.url ?? null,
    "artifact-digest": uploaded?.digest ?? null
  });
  const text = oneLine(`${outcome}${because.length === 0 ? "" : `: ${because.join("; ")}`}`);
  if (code !== 0) core.error(text, { title: "agent-jail" });
  else core.info(`agent-jail: ${text}`);
  return code;
}
var fileOf = ({ suite }, env) => resolve(variable(env, "GITHUB_WORKSPACE"), suite);

// src/suite.ts
process.exitCode = await runSuite(process.env);
