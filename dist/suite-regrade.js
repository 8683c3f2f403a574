const { mkdirSync: mkdirSync2 } = process.getBuiltinModule("node:fs");
const { join: join2 } = process.getBuiltinModule("node:path");
const { copyFileSync, linkSync, mkdirSync, readdirSync, rmSync } = process.getBuiltinModule("node:fs");
const { dirname, join } = process.getBuiltinModule("node:path");
import {
  fit,
  judge,
  openTrials,
  recordOf
} from "./shared-suite-checks.js";
import "./shared-suite-trials-differences.js";
import "./shared-system-untar.js";
import {
  Tally
} from "./shared-cli-suite-tally.js";
import "./shared-suite-select.js";
import {
  cancelled,
  loadSuite,
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
import "./shared-cli-version.js";
import "./shared-cli-policy.js";
import "./shared-run-client.js";
import "./shared-run-warden-process.js";
import "./shared-cli-io.js";
import {
  verify
} from "./shared-record-verify.js";
import {
  openRecordDir
} from "./shared-record-write.js";
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
  numberOf,
  resultsFile
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
import "./shared-model-errors.js";
import "./shared-model-outcome.js";
import "./shared-runtime.js";

// src/cli/suite-regrade.ts

// src/suite/regrade.ts
async function regrade(bench, workspaces, task, earlier, results, cancel) {
  if (earlier.record === null || earlier.run === null) return earlier;
  const moved = { ...earlier, record: recordOf(earlier), policy: task.policy.digest };
  const broken = (because) => ({ ...moved, outcome: "invalid", what: null, because, reward: null, verifier: null });
  try {
    const record = keep(join(dirname(results), earlier.record, "agent"), join(bench.out, moved.record));
    const { state, problems } = await verify(record);
    if (state !== "intact") return broken(`its record is ${state}: ${problems[0]?.message ?? "cut off"}`);
    const ran = ranOf(record);
    const attempt = {
      task,
      agent: { steps: [], deterministic: false },
      oracle: false,
      workspace: await workspaces.of(task),
      trial: earlier.trial,
      seed: earlier.seed
    };
    const again = await judge(bench, attempt, ran, cancel);
    return { ...moved, ...again, record: moved.record, ms: { ...earlier.ms, verifier: again.ms.verifier } };
  } catch (error) {
    return broken(error instanceof Error ? error.message : String(error));
  }
}
function keep(from, directory) {
  const to = join(directory, "agent");
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(to, { recursive: true, mode: 448 });
  for (const name of readdirSync(from)) {
    try {
      linkSync(join(from, name), join(to, name));
    } catch {
      copyFileSync(join(from, name), join(to, name));
    }
  }
  return to;
}
function ranOf(directory) {
  const record = openRecordDir(directory);
  const { end, counts } = record.document("run.json").value;
  const { outcome, because, manifest } = record.document("verdict.json").value;
  return { end, outcome, because, manifest, counts, record: directory };
}

// src/cli/suite-regrade.ts
var OPTIONS = { suite: "string", out: "string", backend: "string", jobs: "string", build: "boolean", json: "boolean" };
async function suiteRegrade(argv, io) {
  const { options, positionals } = parse(argv, OPTIONS, 1);
  const [written] = positionals;
  if (written === void 0) throw wrong("which results? agent-jail suite regrade RESULTS --suite FILE");
  if (options["suite"] === void 0) throw wrong("which suite judges? --suite FILE");
  const results = resultsFile(written, io);
  const { suite, trusted } = await loadSuite(options["suite"], io);
  const trials = readTrials(results);
  const { header } = trials;
  const tasks = new Map(suite.tasks.map((task) => [task.id, task]));
  const unknown = header.expected.filter(({ task }) => !tasks.has(task)).map(({ task }) => task);
  if (unknown.length > 0)
    throw wrong(`the suite has no task ${unknown.slice(0, 10).join(", ")}, which the results have`, "Give the suite that they are of.");
  const out = await suiteFolder(options["out"], newId(), io);
  const backend = backendOf(options["backend"]);
  const chosen = suite.tasks.filter(({ id }) => header.expected.some(({ task }) => task === id));
  const { jobs, share } = fit(chosen, numberOf(options["jobs"], "--jobs", 1, 1024) ?? suite.jobs);
  const tally = new Tally(suite.gate, header.expected);
  const cancel = cancelled();
  let changed = 0;
  await withBench(
    { suite, trusted, tasks: chosen, build: options["build"] !== void 0, out, backend, share, io },
    async (bench, workspaces, ready) => {
      mkdirSync2(out, { recursive: true, mode: 448 });
      const expected = header.expected.map((one) => ({ ...one, policy: tasks.get(one.task)?.policy.digest ?? one.policy }));
      const writer = openTrials(join2(out, "trials.ndjson"), { ...header, suite: suite.name, digest: suite.digest, expected });
      const source = trials[Symbol.asyncIterator]();
      const worker = async () => {
        for (let next = await source.next(); next.done !== true && !cancel.signal.aborted; next = await source.next()) {
          const earlier = next.value;
          const task = ready.find(({ id }) => id === earlier.task);
          const again = task === void 0 ? earlier : await regrade(bench, workspaces, task, earlier, results, cancel.signal);
          if (cancel.signal.aborted) return;
          writer.add(again);
          tally.add(again);
          if (again.outcome === earlier.outcome && again.reward === earlier.reward) continue;
          changed += 1;
          io.err(`${again.task} #${again.trial} ${said(earlier)} → ${said(again)}: ${again.because.slice(0, 300)}
`);
        }
      };
      await Promise.all(Array.from({ length: jobs }, worker));
      if (cancel.signal.aborted) writer.close();
      else writer.end();
    }
  );
  io.err(`agent-jail: ${changed} judged otherwise
`);
  const ended = { suite: suite.name, agent: header.agent, results: join2(out, "trials.ndjson"), tally, cut: cancel.signal.aborted };
  return told(io, { ...ended, json: options["json"] !== void 0, more: { changed } });
}
var said = ({ outcome, reward }) => reward === null ? outcome : `${outcome} ${reward}`;
export {
  suiteRegrade
};
