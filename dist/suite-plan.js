import {
  fewerShards,
  pastDurations,
  planDigest,
  planMatrix,
  planOf,
  planShards
} from "./shared-suite-plan.js";
import "./shared-suite-plan-units.js";
import {
  select
} from "./shared-suite-select.js";
import {
  loadSuite
} from "./shared-cli-suite-common.js";
import "./shared-suite-read.js";
import "./shared-policy-resolve.js";
import "./shared-policy-places.js";
import "./shared-policy-schema.js";
import "./shared-policy-steps.js";
import "./shared-policy-yaml.js";
import "./shared-yaml.js";
import "./shared-policy-shape.js";
import "./shared-run-origin.js";
import "./shared-cli-version.js";
import "./shared-cli-policy.js";
import "./shared-run-warden-process.js";
import {
  json
} from "./shared-cli-io.js";
import "./shared-model-changes.js";
import "./shared-system-lines.js";
import "./shared-system-platform.js";
import "./shared-system-git.js";
import "./shared-run-start-warden.js";
import "./shared-system-proc.js";
import "./shared-policy-rules.js";
import "./shared-system-exec.js";
import {
  readTrials
} from "./shared-suite-trials.js";
import "./shared-record-ndjson.js";
import "./shared-record-error.js";
import "./shared-valibot.js";
import "./shared-model-record.js";
import {
  displayText
} from "./shared-record-display.js";
import {
  listOf,
  numberOf,
  resultsFile
} from "./shared-cli-suite-args.js";
import "./shared-model-suite.js";
import "./shared-policy-units.js";
import {
  parse,
  wrong
} from "./shared-cli-args.js";
import "./shared-policy-nearest.js";
import "./shared-model-trajectory.js";
import {
  UserError
} from "./shared-model-errors.js";
import "./shared-model-outcome.js";
import "./shared-runtime.js";

// src/cli/suite-plan.ts
var OPTIONS = {
  shards: "string",
  past: "string",
  agent: "string",
  filter: "string",
  trials: "string",
  seed: "string",
  json: "boolean"
};
var NONE = { found: [], refused: [] };
async function suitePlan(argv, io, load = loadSuite, earlier = NONE) {
  const { options, positionals } = parse(argv, OPTIONS, 1);
  const [file] = positionals;
  if (file === void 0) throw wrong("which suite? agent-jail suite plan SUITE --shards N");
  const shards = numberOf(options["shards"], "--shards", 1, 1e6);
  if (shards === null) throw wrong("how many shards? --shards N");
  const { suite } = await load(file, io);
  const trials = numberOf(options["trials"], "--trials", 1, 1e6);
  const { agent, expected } = select(suite, { agent: options["agent"] ?? null, filter: listOf(options["filter"]), trials });
  const given = listOf(options["past"]).map((written) => readTrials(resultsFile(written, io)));
  const past = await pastDurations([...given, ...await usable(earlier, io)]);
  const seed = numberOf(options["seed"], "--seed", 0, 4294967295) ?? suite.seed;
  const plan = planOf({ suite: suite.name, digest: suite.digest, agent, seed }, planShards(expected, shards, past));
  const matrix = planMatrix(plan, expected);
  const fewer = fewerShards(shards, plan.shards.length);
  if (fewer !== null) io.err(`agent-jail: ${fewer}
`);
  json(io, options["json"] === void 0 ? matrix : { schema: "agent-jail/suite-plan@1", plan: planDigest(plan), matrix, document: plan });
  return 0;
}
async function usable({ found, refused }, io) {
  const files = [];
  const told = [...refused];
  for (const { name, path } of found)
    try {
      const file = readTrials(path);
      await pastDurations([file]);
      files.push(file);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      told.push({ name, why: error.problems[0]?.message ?? "" });
    }
  for (const { name, why } of told) io.err(`agent-jail: durations are not taken from ${name}: ${displayText(why, 300)}
`);
  return files;
}
export {
  suitePlan
};
