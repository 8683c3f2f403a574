const { mkdirSync } = process.getBuiltinModule("node:fs");
const { join, resolve } = process.getBuiltinModule("node:path");
import {
  fit,
  openTrials,
  resumeTrials,
  runTrials
} from "./shared-suite-checks.js";
import "./shared-suite-trials-differences.js";
import "./shared-system-untar.js";
import {
  Tally
} from "./shared-cli-suite-tally.js";
import {
  readUnits
} from "./shared-suite-plan-units.js";
import {
  select
} from "./shared-suite-select.js";
import {
  cancelled,
  loadSuite,
  originOfRun,
  suiteFolder,
  told,
  withBench
} from "./shared-cli-suite-common.js";
import "./shared-suite-read.js";
import "./shared-record-patches.js";
import "./shared-guard-output.js";
import "./shared-guard-bounded.js";
import "./shared-guard-bag.js";
import "./shared-policy-resolve.js";
import "./shared-policy-places.js";
import "./shared-policy-schema.js";
import "./shared-policy-steps.js";
import "./shared-policy-yaml.js";
import "./shared-yaml.js";
import "./shared-policy-shape.js";
import "./shared-plan-git-config.js";
import "./shared-secrets-forms.js";
import "./shared-run-origin.js";
import {
  VERSION
} from "./shared-cli-version.js";
import {
  readText
} from "./shared-cli-policy.js";
import "./shared-run-client.js";
import "./shared-run-warden-process.js";
import "./shared-cli-io.js";
import "./shared-record-write.js";
import "./shared-record-schema.js";
import "./shared-model-changes.js";
import "./shared-system-contained.js";
import "./shared-system-lines.js";
import "./shared-system-platform.js";
import "./shared-system-engine-connection.js";
import "./shared-system-tar.js";
import "./shared-system-git.js";
import "./shared-run-start-warden.js";
import "./shared-system-proc.js";
import "./shared-guard-globs.js";
import "./shared-ignore.js";
import "./shared-policy-rules.js";
import "./shared-system-exec.js";
import {
  readTrials
} from "./shared-suite-trials.js";
import "./shared-record-ndjson.js";
import "./shared-record-error.js";
import "./shared-valibot.js";
import "./shared-model-record.js";
import "./shared-record-display.js";
import {
  backendOf,
  listOf,
  numberOf
} from "./shared-cli-suite-args.js";
import "./shared-model-suite.js";
import {
  newId
} from "./shared-run-id.js";
import "./shared-policy-units.js";
import {
  parse,
  wrong
} from "./shared-cli-args.js";
import "./shared-policy-nearest.js";
import "./shared-model-trajectory.js";
import {
  duration
} from "./shared-cli-format.js";
import "./shared-model-errors.js";
import "./shared-model-outcome.js";
import "./shared-runtime.js";

// src/cli/suite-run.ts
var OPTIONS = {
  agent: "string",
  backend: "string",
  out: "string",
  resume: "string",
  filter: "string",
  trials: "string",
  jobs: "string",
  seed: "string",
  shard: "string",
  plan: "string",
  units: "string",
  suspects: "string",
  "fail-fast": "boolean",
  build: "boolean",
  json: "boolean"
};
async function suiteRun(argv, io, load = loadSuite) {
  const { options, positionals } = parse(argv, OPTIONS, 1);
  const [file] = positionals;
  if (file === void 0) throw wrong("which suite? agent-jail suite run SUITE");
  if (options["out"] !== void 0 && options["resume"] !== void 0)
    throw wrong("--out and --resume do not go together", "A run is resumed where it is.");
  const { suite, trusted } = await load(file, io);
  const backend = backendOf(options["backend"]);
  const trials = numberOf(options["trials"], "--trials", 1, 1e6);
  const all = select(suite, { agent: options["agent"] ?? null, filter: listOf(options["filter"]), trials });
  const shard = shardOf(options);
  const suspects = options["suspects"];
  const selected = shard !== null ? only(all, options["units"] ?? "") : suspects === void 0 ? all : again(all, readText(suspects, io), trials);
  const seed = numberOf(options["seed"], "--seed", 0, 4294967295) ?? suite.seed;
  const { jobs, share } = fit(selected.tasks, numberOf(options["jobs"], "--jobs", 1, 1024) ?? suite.jobs);
  const resume = options["resume"];
  const out = resume === void 0 ? await suiteFolder(options["out"], newId(), io) : resolve(io.cwd, resume);
  const header = {
    schema: "agent-jail/trials@1",
    suite: suite.name,
    digest: suite.digest,
    agent: selected.agent,
    backend: backend ?? "auto",
    version: VERSION,
    started: (/* @__PURE__ */ new Date()).toISOString(),
    seed,
    shard,
    expected: selected.expected,
    origin: await originOfRun(io.env)
  };
  for (const notice of suite.notices) io.err(`agent-jail: ${notice}
`);
  const tally = new Tally(suite.gate, selected.expected);
  const cancel = cancelled();
  await withBench(
    { suite, trusted, tasks: selected.tasks, build: options["build"] !== void 0, out, backend, share, io },
    async (bench, workspaces, tasks) => {
      const file2 = join(out, "trials.ndjson");
      if (resume === void 0) mkdirSync(out, { recursive: true, mode: 448 });
      const writer = resume === void 0 ? openTrials(file2, header) : resumeTrials(file2, header);
      const before = writer.count;
      if (before > 0) for await (const trial of readTrials(file2)) tally.add(trial);
      if (resume !== void 0) io.err(`agent-jail: ${before} trials are finished already
`);
      const work = {
        bench,
        workspaces,
        seed,
        jobs,
        oracle: selected.agent === "oracle",
        failFast: options["fail-fast"] !== void 0,
        selected: { ...selected, tasks },
        done: (task, trial) => writer.has(task, trial)
      };
      await runTrials(work, (event) => observe(event, { writer, tally, io, before, of: total(selected.expected) }), cancel.signal);
      if (cancel.signal.aborted) writer.close();
      else writer.end();
    }
  );
  const results = join(out, "trials.ndjson");
  const code = told(io, {
    suite: suite.name,
    agent: selected.agent,
    results,
    tally,
    cut: cancel.signal.aborted,
    json: options["json"] !== void 0
  });
  if (cancel.signal.aborted) io.err(`agent-jail: cut off; go on with: agent-jail suite run ${file} --resume ${out}
`);
  return code;
}
function shardOf({ shard, plan, units }) {
  if (shard === void 0 && plan === void 0 && units === void 0) return null;
  if (shard === void 0 || plan === void 0 || units === void 0)
    throw wrong("--shard, --plan and --units go together", "`agent-jail suite plan` gives all three.");
  const [, index = "", of = ""] = /^([1-9]\d{0,2})\/([1-9]\d{0,2})$/.exec(shard) ?? [];
  if (index === "" || Number(index) > Number(of)) throw wrong(`--shard ${JSON.stringify(shard)} is not such as 2/4`);
  if (!/^[0-9a-f]{64}$/.test(plan)) throw wrong(`--plan ${JSON.stringify(plan)} is not a SHA-256`);
  return { index: Number(index), of: Number(of), plan };
}
function again(selected, text, trials) {
  const names = suspectsOf(text);
  const expected = selected.expected.filter(({ task }) => names.has(task)).map((one) => ({ ...one, first: Math.max(one.trials, names.get(one.task) ?? 0) + 1, trials: trials ?? one.trials }));
  if (expected.length === 0) throw wrong("the comparison suspects no task of this suite");
  return { ...selected, expected, tasks: selected.tasks.filter(({ id }) => names.has(id)) };
}
function suspectsOf(text) {
  let value;
  try {
    value = JSON.parse(text);
  } catch {
    throw wrong("the comparison is no JSON", "Give what `agent-jail suite compare --out FILE` wrote.");
  }
  const { schema, suspects, tasks } = value ?? {};
  if (schema !== "agent-jail/comparison@1" || !Array.isArray(suspects) || !Array.isArray(tasks))
    throw wrong("this is no comparison with suspects", "Give what `agent-jail suite compare --json` printed.");
  const tried = new Map(
    tasks.map((task) => [
      task.task,
      Number(task.now?.trials) || 0
    ])
  );
  return new Map(suspects.map((name) => [String(name), tried.get(name) ?? 0]));
}
function only(selected, units) {
  const expected = readUnits(units, selected.expected);
  return { ...selected, expected, tasks: selected.tasks.filter(({ id }) => expected.some(({ task }) => task === id)) };
}
var total = (expected) => expected.reduce((sum, { trials }) => sum + trials, 0);
function observe(event, { writer, tally, io, before, of }) {
  if (event.kind !== "end") return;
  const { trial, done, left } = event;
  writer.add(trial);
  tally.add(trial);
  const count = `${String(before + done).padStart(String(of).length)}/${of}`;
  const said = trial.outcome === "pass" ? "" : `: ${trial.because.slice(0, 300)}`;
  const what = trial.outcome === "pass" || trial.what === null ? trial.outcome : `${trial.outcome} (${trial.what})`;
  const rest = done + before === of ? "" : `, ${duration(left)} left`;
  io.err(`[${count}] ${trial.task} #${trial.trial} ${what} ${duration(trial.ms.total)}${said}${rest}
`);
}
export {
  suiteRun
};
