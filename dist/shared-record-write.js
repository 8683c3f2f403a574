const { createHash } = process.getBuiltinModule("node:crypto");
const {
  chmodSync,
  chownSync,
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  writeFileSync
} = process.getBuiltinModule("node:fs");
const { join } = process.getBuiltinModule("node:path");
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
  RECORD
} from "./shared-model-record.js";

// src/record/write.ts
var RECORD_FILES = Object.keys(RECORD);
var SEALED_FILES = RECORD_FILES.filter((file) => RECORD[file].sealed);
var FILLED_FILES = RECORD_FILES.filter((file) => file !== "run.json" && file !== "manifest.json");
var CREATE = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
function hashFile(path) {
  let fd;
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    if (error.code === "ENOENT") return null;
    throw error;
  }
  try {
    if (!fstatSync(fd).isFile()) throw new Error(`${path} is not a regular file`);
    const hash = createHash("sha256");
    const buffer = Buffer.allocUnsafe(1 << 20);
    let size = 0;
    for (let read = readSync(fd, buffer); read > 0; read = readSync(fd, buffer)) {
      hash.update(buffer.subarray(0, read));
      size += read;
    }
    return { sha256: hash.digest("hex"), size };
  } finally {
    closeSync(fd);
  }
}
var temporaryName = (file) => `.${file}.tmp`;
function replaceFile(dir, file, bytes, owner) {
  const temporary = join(dir, temporaryName(file));
  rmSync(temporary, { force: true });
  const fd = createFile(temporary, owner);
  try {
    writeFileSync(fd, bytes);
  } finally {
    closeSync(fd);
  }
  renameSync(temporary, join(dir, file));
}
var json = (document) => Buffer.from(`${JSON.stringify(document, null, 2)}
`);
var sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");
function createFile(path, owner) {
  const fd = openSync(path, CREATE, 384);
  fchmodSync(fd, 384);
  fchownSync(fd, owner.uid, owner.gid);
  return fd;
}

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
  RECORD_FILES,
  SEALED_FILES,
  hashFile,
  temporaryName,
  replaceFile,
  json,
  LINE_FILES,
  openRecordDir
};
