const { mkdirSync } = process.getBuiltinModule("node:fs");
const { dirname, join, resolve } = process.getBuiltinModule("node:path");
import {
  DEFAULTS,
  compare
} from "./shared-compare-verdict.js";
import {
  json
} from "./shared-cli-io.js";
import {
  REPORTS,
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
import "./shared-report-markdown.js";
import "./shared-model-record.js";
import "./shared-record-display.js";
import {
  listOf,
  resultsFile
} from "./shared-cli-suite-args.js";
import "./shared-model-suite.js";
import {
  parse,
  wrong
} from "./shared-cli-args.js";
import "./shared-policy-nearest.js";
import "./shared-model-errors.js";
import "./shared-model-outcome.js";
import "./shared-runtime.js";

// src/cli/suite-report.ts
async function suiteReport(argv, io) {
  const { options, positionals } = parse(argv, { out: "string", nights: "string", json: "boolean" }, 1);
  const [written] = positionals;
  if (written === void 0) throw wrong("which results? agent-jail suite report RESULTS");
  const results = resultsFile(written, io);
  const out = options["out"] === void 0 ? dirname(results) : resolve(io.cwd, options["out"]);
  mkdirSync(out, { recursive: true, mode: 448 });
  const nights = listOf(options["nights"]).map((name) => ({ name, path: resultsFile(name, io) }));
  const trials = readTrials(results);
  const comparison = await compare({ name: written, header: trials.header, trials, complete: trials.complete }, [], DEFAULTS);
  await writeReports(out, { results, nights, comparison, failures: [] });
  const files = REPORTS.map((name) => join(out, name));
  if (options["json"] === void 0) io.out(`${files[0]}
`);
  else json(io, { schema: "agent-jail/suite-reports@1", files });
  return 0;
}
export {
  suiteReport
};
