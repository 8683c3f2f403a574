const { mkdirSync, writeFileSync } = process.getBuiltinModule("node:fs");
const { join, relative, resolve } = process.getBuiltinModule("node:path");
import {
  VERIFY_CODES
} from "./shared-cli-verify.js";
import {
  json
} from "./shared-cli-io.js";
import {
  verify
} from "./shared-record-verify.js";
import {
  derive,
  makeCast
} from "./shared-report-gather.js";
import "./shared-report-summary.js";
import "./shared-record-patches.js";
import {
  openRecordDir
} from "./shared-record-read.js";
import "./shared-record-schema.js";
import "./shared-report-html.js";
import "./shared-report-sections.js";
import "./shared-record-ndjson.js";
import {
  RecordError
} from "./shared-record-error.js";
import "./shared-report-sarif.js";
import "./shared-model-changes.js";
import "./shared-valibot.js";
import "./shared-report-markdown.js";
import "./shared-record-write.js";
import "./shared-model-record.js";
import {
  parse,
  wrong
} from "./shared-cli-args.js";
import "./shared-policy-nearest.js";
import {
  forTerminal
} from "./shared-transcript-escapes.js";
import "./shared-model-outcome.js";
import "./shared-model-trajectory.js";
import "./shared-record-display.js";
import "./shared-model-errors.js";
import "./shared-runtime.js";

// src/cli/report.ts
async function reportCommand(argv, io) {
  const { options, positionals } = parse(argv, { out: "string", cast: "string", json: "boolean" }, 1);
  const [dir] = positionals;
  if (dir === void 0) throw wrong("which record? agent-jail report DIR");
  const cast = options["cast"] ?? "v2";
  if (cast !== "v2" && cast !== "v3") throw wrong(`${JSON.stringify(cast)} is not one of v2, v3`);
  const record = resolve(io.cwd, dir);
  const out = resolve(io.cwd, options["out"] ?? `${record}.report`);
  const conclusion = readConclusion(record);
  const { state } = await verify(record);
  const base = `${relative(out, record).split("/").map(encodeURIComponent).join("/")}/`;
  const files = { ...await derive(conclusion, { makeCast, version: cast === "v2" ? 2 : 3, base }), "transcript.txt": copied(conclusion) };
  makeFolder(out);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(out, name), text, { mode: 384, flag: "wx" });
  if (options["json"]) json(io, { schema: "agent-jail/report@1", state, files: Object.keys(files).map((name) => join(out, name)) });
  else io.out(`${join(out, "report.html")}
`);
  if (state !== "intact") io.err(`agent-jail: the record is ${state}: \`agent-jail verify\` says more
`);
  return VERIFY_CODES[state];
}
function readConclusion(dir) {
  try {
    const record = openRecordDir(dir);
    const { value: run } = record.document("run.json");
    const verdict = record.size("verdict.json") ? record.document("verdict.json").value : null;
    const { outcome, because, findings, manifest } = verdict ?? CUT_OFF;
    const trajectory = record.size("trajectory.json") ? record.document("trajectory.json").value : null;
    return { run, outcome, because, findings, manifest, trajectory, record };
  } catch (error) {
    if (!(error instanceof RecordError)) throw error;
    throw wrong(`there is no report of this record: ${forTerminal(error.message)}`, "`agent-jail verify` says what is wrong with it.");
  }
}
function copied({ record }) {
  return Buffer.concat([...record.pieces("transcript.txt")].map((piece) => Buffer.from(piece)));
}
var CUT_OFF = { outcome: "jail-error", because: "the run was cut off before its verdict", findings: [], manifest: null };
function makeFolder(out) {
  try {
    mkdirSync(out, { mode: 448 });
  } catch (error) {
    const code = error.code ?? String(error);
    const why = code === "EEXIST" ? "it is there already" : code;
    throw wrong(`cannot make the folder ${JSON.stringify(out)}: ${why}`, "Give one that is not there yet: --out DIR.");
  }
}
export {
  reportCommand
};
