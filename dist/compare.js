const { mkdirSync, writeFileSync: writeFileSync2 } = process.getBuiltinModule("node:fs");
const { dirname, join: join2, resolve } = process.getBuiltinModule("node:path");
const { writeFileSync } = process.getBuiltinModule("node:fs");
const { join } = process.getBuiltinModule("node:path");
import {
  uploadResults
} from "./shared-action-suite-upload.js";
import {
  LARGEST_COMMENT,
  LARGEST_SUMMARY,
  suiteMarkdown,
  writeReports
} from "./shared-report-suite-markdown.js";
import "./shared-statistics-factorial.js";
import "./shared-report-html.js";
import "./shared-report-sections.js";
import {
  readTrials
} from "./shared-suite-trials.js";
import "./shared-record-ndjson.js";
import "./shared-record-error.js";
import "./shared-valibot.js";
import {
  writeSummary
} from "./shared-action-summary.js";
import "./shared-action-artifacts.js";
import "./shared-report-markdown.js";
import {
  NEVER
} from "./shared-action-cancel.js";
import "./shared-model-record.js";
import "./shared-record-display.js";
import {
  asksGitHub,
  earlierResults,
  earlierWish,
  spoken
} from "./shared-action-earlier.js";
import {
  resultsFile
} from "./shared-cli-suite-args.js";
import "./shared-model-suite.js";
import {
  newId
} from "./shared-run-id.js";
import {
  COMPARE_OUTPUTS,
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

// src/action/compare.ts

// src/action/compare-inputs.ts
var COMPARE_DEFAULTS = {
  results: "",
  baseline: "last-7",
  "baseline-artifact": "",
  workflow: "",
  branch: "",
  "min-effect": "",
  alpha: "",
  "min-visible": "",
  "min-ratio": "",
  "max-infra": "",
  "fail-on": "",
  "on-inconclusive": "pass",
  confirm: "",
  suite: "",
  "suite-source": "",
  backend: "",
  records: "failed",
  upload: "true",
  "artifact-name": "",
  "retention-days": "30",
  "max-upload": "500MB",
  comment: "false",
  "github-token": ""
};
function loadCompareInputs(env) {
  const problems = unknownInputs(env, Object.keys(COMPARE_DEFAULTS));
  const report = (name, message, remedy = "") => {
    problems.push({ message: `input \`${name}\`: ${message}`, remedy, place: null });
  };
  const given = (name) => (env[inputVariable(name)] ?? "").trim() || COMPARE_DEFAULTS[name];
  const oneOf = (name, allowed) => {
    const value = allowed.find((one) => one === given(name));
    if (value === void 0) report(name, `${JSON.stringify(given(name))} is not one of ${allowed.filter((one) => one !== "").join(", ")}`);
    return value ?? allowed[0];
  };
  const whole = (name, least, most) => {
    const value = Number(given(name));
    if (/^\d{1,6}$/.test(given(name)) && value >= least && value <= most) return value;
    report(name, `${JSON.stringify(given(name))} is not a whole number from ${least} to ${most}`);
    return least;
  };
  if (given("results") === "")
    report("results", "is not given", "Give the folder of the merged results: the output `results` of the step before.");
  const wish = earlierWish(given("baseline"));
  if (wish === null)
    report("baseline", `${JSON.stringify(given("baseline").slice(0, 80))} is not last-N, the number of a run, paths, or none`);
  if (wish !== null && asksGitHub(wish) && given("github-token") === "")
    report(
      "github-token",
      "is not given, and earlier results are asked for from GitHub",
      "Give `github-token: ${{ github.token }}`, and the job `permissions: actions: read`; or another `baseline`."
    );
  const confirm = given("confirm") === "" ? 0 : whole("confirm", 1, 1e3);
  if (confirm > 0 && given("suite") === "")
    report("suite", "is not given, and `confirm` runs further trials", "Give the path of the suite file.");
  if (oneOf("comment", ["false", "true"]) === "true" && given("github-token") === "")
    report(
      "comment",
      "comments need `github-token`, which is not given",
      "Give the token, and the job `permissions: pull-requests: write`."
    );
  let max = 0;
  try {
    max = parseSize(given("max-upload"));
  } catch (error) {
    report("max-upload", error.message);
  }
  const numbers = ["min-effect", "alpha", "min-visible", "min-ratio", "max-infra", "fail-on", "on-inconclusive"];
  const source = oneOf("suite-source", ["", "base", "workspace"]);
  const inputs = {
    results: given("results"),
    baseline: {
      wish: wish ?? "none",
      artifact: given("baseline-artifact") || null,
      workflow: given("workflow") || null,
      branch: given("branch") || null,
      token: given("github-token")
    },
    options: numbers.flatMap((name) => given(name) === "" ? [] : [`--${name}=${given(name)}`]),
    confirm,
    suite: given("suite"),
    suiteSource: source === "" ? null : source,
    backend: given("backend"),
    records: oneOf("records", ["failed", "all", "none"]),
    upload: oneOf("upload", ["true", "false"]) === "false" ? null : { name: given("artifact-name"), retentionDays: whole("retention-days", 1, 400), max },
    comment: given("comment") === "true",
    token: given("github-token")
  };
  oneOf("on-inconclusive", ["pass", "fail"]);
  if (problems.length > 0) throw new UserError(problems);
  return inputs;
}

// src/action/compare-report.ts
async function reported(inputs, { said, code, folder, results, id, nights }, env, say) {
  const { failed: failures, suspects: _suspects, ...comparison } = said;
  writeFileSync(join(folder, "comparison.json"), `${JSON.stringify(comparison)}
`, { mode: 384 });
  const used = new Set(said.baseline?.nights.map(({ name: name2 }) => name2));
  const input = await writeReports(folder, { results, nights: nights.filter(({ name: name2 }) => used.has(name2)), comparison, failures });
  const name = `agent-jail-report-${said.suite}`;
  const { records, upload } = inputs;
  const uploaded = upload === null ? null : await uploadResults(folder, { upload, records, fallback: name, id }, env, say);
  const where = uploaded === null ? "" : `
The report is in the artifact [${uploaded.name}](${uploaded.url}).
`;
  await writeSummary(env, suiteMarkdown(input, LARGEST_SUMMARY) + where);
  if (inputs.comment) {
    const { comment } = await import("./comment.js");
    await comment(env, inputs.token, name, suiteMarkdown(input, LARGEST_COMMENT) + where, say, NEVER);
  }
  await writeClosed(COMPARE_OUTPUTS, {
    outcome: code === 0 ? "succeeded" : code === EXIT["needs-review"] ? "needs-review" : "step-failed",
    because: said.failed[0] ?? said.because[0] ?? "",
    verdict: said.verdict,
    regressed: said.tasks.filter(({ verdict }) => verdict === "regressed").length,
    drift: said.drift.length,
    "pass-rate": said.current.rate === null ? null : said.current.rate.toFixed(6).replace(/\.?0+$/, ""),
    baselines: said.baseline?.nights.length ?? 0,
    report: join(folder, "suite.html"),
    junit: join(folder, "junit.xml"),
    "artifact-id": uploaded?.id ?? null,
    "artifact-url": uploaded?.url ?? null,
    "artifact-digest": uploaded?.digest ?? null
  });
}

// src/action/compare.ts
async function runCompare(env) {
  try {
    return await perform(loadCompareInputs(env), env);
  } catch (error) {
    const outcome = error instanceof UserError ? "usage-error" : "jail-error";
    await annotate(error);
    if (!(error instanceof UserError) && !(error instanceof JailError))
      (await import("./core.js")).debug(String(error.stack));
    await writeClosed(COMPARE_OUTPUTS, { outcome, because: problemsOf(error)[0]?.message ?? "" });
    return EXIT[outcome];
  }
}
async function perform(inputs, env) {
  const core = await import("./core.js");
  const say = (message) => core.info(oneLine(`agent-jail: ${message}`));
  const results = resultsFile(inputs.results, { cwd: variable(env, "GITHUB_WORKSPACE") });
  const id = newId();
  const own = join2(variable(env, "RUNNER_TEMP"), "agent-jail", `compare-${id}`);
  mkdirSync(own, { recursive: true, mode: 448 });
  const { suite } = readTrials(results).header;
  const baselines = await earlierResults(inputs.baseline, suite, own, env);
  let { code, said } = await compared(inputs, results, baselines, [], env);
  if (inputs.confirm > 0 && said.suspects.length > 0) {
    say(`trying again, ${inputs.confirm} times each: ${said.suspects.join(", ")}`);
    const further = await confirmed(inputs, said, results, own, env);
    ({ code, said } = await compared(inputs, results, baselines, [`--confirm=${further}`], env));
  }
  for (const { name, why: why2 } of said.refused) say(`${name} is no baseline: ${why2}`);
  await reported(inputs, { said, code, folder: dirname(results), results, id, nights: baselines.found }, env, say);
  const why = said.failed.length > 0 ? said.failed : said.because;
  const text = oneLine(`${said.verdict}${why.length === 0 ? "" : `: ${why.join("; ")}`}`);
  if (code !== 0) core.error(text, { title: "agent-jail" });
  else if (said.verdict === "inconclusive") core.warning(text, { title: "agent-jail" });
  else core.info(`agent-jail: ${text}`);
  return code;
}
async function compared(inputs, results, baselines, more, env) {
  const { suiteCompare } = await import("./suite-compare.js");
  const { code, out } = await spoken(env, (io) => suiteCompare([results, ...inputs.options, ...more, "--json"], io, baselines));
  return { code, said: JSON.parse(out) };
}
async function confirmed(inputs, said, results, directory, env) {
  const [{ suiteRun }, { suiteOf }] = await Promise.all([import("./suite-run.js"), import("./suite-source.js")]);
  const suspects = join2(directory, "suspects.json");
  writeFileSync2(suspects, JSON.stringify(said), { mode: 384 });
  const out = join2(directory, "confirm");
  const { agent } = readTrials(results).header;
  const options = [`--suspects=${suspects}`, `--trials=${inputs.confirm}`, `--agent=${agent}`, `--out=${out}`, "--json"];
  const backend = inputs.backend === "" ? [] : [`--backend=${inputs.backend}`];
  const file = resolve(variable(env, "GITHUB_WORKSPACE"), inputs.suite);
  await spoken(env, (io) => suiteRun([...options, ...backend, file], io, () => suiteOf(inputs, env)));
  return join2(out, "trials.ndjson");
}

// src/compare.ts
process.exitCode = await runCompare(process.env);
