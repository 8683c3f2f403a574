import {
  agentSchema,
  decodeChange,
  manifestSchema,
  networkSchema,
  programsSchema,
  runSchema,
  trajectorySchema,
  transcriptSchema,
  usageSchema,
  verdictSchema
} from "./shared-record-schema.js";
import {
  NdjsonFile,
  check,
  checkSchema,
  fileSize,
  lineOf,
  listRecord,
  parseObject,
  readPieces,
  readSmall
} from "./shared-record-ndjson.js";
import {
  RecordError
} from "./shared-record-error.js";
import {
  sha256
} from "./shared-record-write.js";

// src/record/read.ts
var SCHEMAS = {
  "run.json": runSchema,
  "manifest.json": manifestSchema,
  "verdict.json": verdictSchema,
  "trajectory.json": trajectorySchema
};
var LINE_FILES = [
  "agent.ndjson",
  "changes.ndjson",
  "network.ndjson",
  "programs.ndjson",
  "transcript.ndjson",
  "usage.ndjson"
];
function openRecordDir(dir) {
  return {
    dir,
    names: listRecord(dir),
    document: (file) => readDocument(dir, file),
    lines: (file) => lines(dir, file),
    size: (file) => fileSize(dir, file),
    pieces: (file) => readPieces(dir, file)
  };
}
async function readRun(dir) {
  return readDocument(dir, "run.json").value;
}
function readDocument(dir, file) {
  const bytes = readSmall(dir, file);
  if (bytes === null) throw new RecordError(file, null, "is not in the record");
  if (bytes.length === 0) throw new RecordError(file, null, "is empty");
  const value = parseObject(file, null, bytes);
  if (file !== "trajectory.json") checkSchema(file, value, null);
  return { value: check(file, null, SCHEMAS[file], value), sha256: sha256(bytes) };
}
function lines(dir, file) {
  return new NdjsonFile(dir, file, DECODERS[file]);
}
var DECODERS = {
  "agent.ndjson": lineOf("agent.ndjson", agentSchema),
  "changes.ndjson": decodeChange,
  "network.ndjson": lineOf("network.ndjson", networkSchema),
  "programs.ndjson": lineOf("programs.ndjson", programsSchema),
  "transcript.ndjson": lineOf("transcript.ndjson", transcriptSchema),
  "usage.ndjson": lineOf("usage.ndjson", usageSchema)
};

export {
  LINE_FILES,
  openRecordDir,
  readRun
};
