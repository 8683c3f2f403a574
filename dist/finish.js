const { lstatSync, mkdirSync } = process.getBuiltinModule("node:fs");
import {
  NO_ID
} from "./shared-record-verify.js";
import {
  json,
  openRecordDir,
  replaceFile
} from "./shared-record-write.js";
import "./shared-record-schema.js";
import "./shared-model-changes.js";
import "./shared-record-ndjson.js";
import {
  RecordError
} from "./shared-record-error.js";
import "./shared-valibot.js";
import "./shared-model-record.js";
import {
  displayText
} from "./shared-record-display.js";
import "./shared-model-trajectory.js";
import "./shared-model-errors.js";
import "./shared-model-outcome.js";
import "./shared-runtime.js";

// src/run/finish.ts
async function finish(dir, why) {
  const record = attempt(() => openRecordDir(dir));
  const run = record === null ? null : document(record, "run.json");
  const judged = record === null || run === null ? null : judgement(record, run);
  if (judged !== null && run !== null && judged.manifest !== null) {
    const { outcome, because: because2, manifest, findings } = judged;
    return {
      end: run.end,
      outcome,
      because: because2,
      manifest,
      counts: { ...run.counts, findings: findings.length },
      record: dir
    };
  }
  const because = judged?.because ?? write(dir, run?.id ?? NO_ID, displayText(why.trim().replace(/\.$/, "")));
  const end = {
    how: "error",
    started: mayHaveStarted(record, run),
    message: because,
    // Without `run.json` no warden came up: there is nothing to look at.
    remedy: run === null ? "`agent-jail doctor` tells what this machine lacks" : "look at what is in the record, and run again",
    place: null
  };
  return { end, outcome: "jail-error", because, manifest: null, counts: run?.counts ?? null, record: dir };
}
function judgement(record, run) {
  const verdict = document(record, "verdict.json");
  if (verdict === null) return null;
  if (verdict.manifest === null) return verdict.outcome === "jail-error" ? verdict : null;
  const fits = verdict.id === run.id && verdict.manifest === manifestDigest(record);
  return fits ? verdict : null;
}
function write(dir, id, because) {
  const verdict = {
    schema: "agent-jail/verdict@1",
    id,
    outcome: "jail-error",
    because,
    findings: [],
    manifest: null,
    files: {}
  };
  const text = `## agent-jail: jail-error

    ${because}

The run was cut off. What it left in the record is unchanged.
`;
  try {
    mkdirSync(dir, { recursive: true, mode: 448 });
    const owner = lstatSync(dir);
    if (!owner.isDirectory()) throw new Error("the record is not a directory");
    replaceFile(dir, "summary.md", Buffer.from(text), owner);
    replaceFile(dir, "verdict.json", json(verdict), owner);
    return because;
  } catch (error) {
    return displayText(`${because}; and the verdict cannot be written: ${error instanceof Error ? error.message : String(error)}`);
  }
}
function mayHaveStarted(record, run) {
  if (record === null) return false;
  if (run !== null && run.steps.some((step) => step.started !== null)) return true;
  return hasContent(record, "transcript.log") || run === null && hasContent(record, "transcript.ndjson");
}
function document(record, file) {
  return attempt(() => record.document(file).value);
}
var manifestDigest = (record) => attempt(() => record.document("manifest.json").sha256);
var hasContent = (record, file) => (attempt(() => record.size(file)) ?? 0) > 0;
function attempt(read) {
  try {
    return read();
  } catch (error) {
    if (error instanceof RecordError) return null;
    throw error;
  }
}
export {
  finish
};
