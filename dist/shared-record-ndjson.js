const { closeSync, constants, fstatSync, lstatSync, openSync, readdirSync, readSync } = process.getBuiltinModule("node:fs");
const { join } = process.getBuiltinModule("node:path");
const { closeSync: closeSync2, readSync: readSync2 } = process.getBuiltinModule("node:fs");
import {
  RecordError
} from "./shared-record-error.js";
import {
  array,
  getDotPath,
  integer,
  maxValue,
  minValue,
  number,
  picklist,
  pipe,
  record,
  regex,
  safeParse,
  strictObject,
  string
} from "./shared-valibot.js";
import {
  OTHER_PATCHES,
  RECORD
} from "./shared-model-record.js";
import {
  displayText,
  utf8
} from "./shared-record-display.js";

// src/record/files.ts
var MiB = 1 << 20;
var GiB = 1 << 30;
var SIZE_LIMITS = {
  "run.json": 16 * MiB,
  "transcript.log": 64 * GiB,
  "transcript.ndjson": 8 * GiB,
  "network.ndjson": GiB,
  "programs.ndjson": GiB,
  "usage.ndjson": GiB,
  "backend.log": GiB,
  "changes.ndjson": 8 * GiB,
  "changes.patch": 64 * GiB,
  ...Object.fromEntries(OTHER_PATCHES.map((file) => [file, 64 * GiB])),
  "changes.tar.gz": 256 * GiB,
  "result.txt": MiB,
  "agent.ndjson": 512 * MiB,
  "manifest.json": MiB,
  "verdict.json": 4 * MiB,
  "trajectory.json": 128 * MiB,
  "transcript.cast": 256 * MiB,
  "transcript.txt": 64 * MiB,
  "report.html": 64 * MiB,
  "findings.sarif": 16 * MiB,
  "summary.md": MiB
};
function listRecord(dir) {
  const stat = lstatSync(dir, { throwIfNoEntry: false });
  if (stat === void 0) throw new RecordError(".", null, "there is no such directory");
  if (!stat.isDirectory()) throw new RecordError(".", null, "not a directory (a link is not followed)");
  try {
    return readdirSync(dir);
  } catch (error) {
    throw new RecordError(".", null, `cannot be read: ${code(error)}`);
  }
}
function openFile(dir, file) {
  let fd;
  try {
    fd = openSync(join(dir, file), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK | constants.O_NOCTTY);
  } catch (error) {
    if (code(error) === "ENOENT") return null;
    const link = code(error) === "ELOOP" || code(error) === "ENXIO";
    throw new RecordError(file, null, link ? "not a regular file" : `cannot be opened: ${code(error)}`);
  }
  try {
    const stat = fstatSync(fd);
    if (!stat.isFile()) throw new RecordError(file, null, "not a regular file");
    if (stat.size > SIZE_LIMITS[file]) throw new RecordError(file, null, `larger than ${SIZE_LIMITS[file]} bytes`);
    return { fd, size: stat.size };
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}
function fileSize(dir, file) {
  const open = openFile(dir, file);
  if (open === null) return null;
  closeSync(open.fd);
  return open.size;
}
function readSmall(dir, file) {
  const open = openFile(dir, file);
  if (open === null) return null;
  try {
    return Buffer.concat([...pieces(file, open.fd, open.size)]);
  } finally {
    closeSync(open.fd);
  }
}
function* readPieces(dir, file) {
  const open = openFile(dir, file);
  if (open === null) return;
  const buffer = Buffer.allocUnsafe(MiB);
  try {
    yield* pieces(file, open.fd, open.size, buffer);
  } finally {
    closeSync(open.fd);
  }
}
function* pieces(file, fd, size, buffer) {
  for (let at = 0; at < size; ) {
    const piece = buffer ?? Buffer.allocUnsafe(Math.min(MiB, size));
    const read = readSync(fd, piece, 0, Math.min(piece.length, size - at), at);
    if (read === 0) throw new RecordError(file, null, "became shorter while it was read");
    at += read;
    yield piece.subarray(0, read);
  }
}
var code = (error) => error.code ?? String(error);

// src/record/ndjson.ts
var LINE_LIMIT = 1 << 24;
var NdjsonFile = class {
  file;
  /** The last line says that this was all. */
  complete;
  /** That last line, with the writer's totals; null where the file was cut off. */
  footer;
  #dir;
  #decode;
  constructor(dir, file, decode) {
    this.file = file;
    this.#dir = dir;
    this.#decode = decode;
    this.footer = readFooter(dir, file);
    this.complete = this.footer !== null;
  }
  async *[Symbol.asyncIterator]() {
    yield* this.#lines();
  }
  *#lines() {
    let number2 = 0;
    let ended = false;
    for (const bytes of wholeLines(this.#dir, this.file)) {
      number2 += 1;
      if (ended) throw new RecordError(this.file, number2, "stands after the last line");
      const value = parseObject(this.file, number2, bytes);
      if (number2 === 1) {
        checkSchema(this.file, value);
      } else if (value["end"] === true) {
        ended = true;
        if (value["lines"] !== number2 - 2) throw new RecordError(this.file, number2, `the last line does not count ${number2 - 2} lines`);
      } else {
        yield this.#decode(value, number2);
      }
    }
    const grown = ended && !this.complete && readFooter(this.#dir, this.file) !== null;
    if (ended !== this.complete && !grown) throw new RecordError(this.file, number2, "the file does not end where its last line says");
  }
};
function lineOf(file, schema) {
  return (value, line) => check(file, line, schema, value);
}
function check(file, line, schema, value) {
  const result = safeParse(schema, value, { abortEarly: true });
  if (result.success) return result.output;
  const [issue] = result.issues;
  const at = getDotPath(issue) ?? "";
  throw new RecordError(file, line, displayText(`${at === "" ? "" : `${at}: `}${issue.message}`));
}
function parseObject(file, line, bytes) {
  const text = utf8(bytes);
  if (text === null) throw new RecordError(file, line, "not UTF-8");
  let value;
  try {
    value = JSON.parse(text);
  } catch {
    throw new RecordError(file, line, "not JSON");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new RecordError(file, line, "not a JSON object");
  return value;
}
function checkSchema(file, value, line = 1) {
  const wanted = `agent-jail/${RECORD[file].schema}@1`;
  const given = value["schema"];
  if (given === wanted) return;
  const other = typeof given === "string" && given.startsWith(wanted.slice(0, -1));
  const why = other ? `is ${given}, which this version of agent-jail does not read` : `has no "schema": "${wanted}"`;
  throw new RecordError(file, line, displayText(why));
}
function* wholeLines(dir, file) {
  let rest = Buffer.alloc(0);
  let number2 = 1;
  for (const piece of readPieces(dir, file)) {
    let from = 0;
    for (let at = piece.indexOf(10); at !== -1; at = piece.indexOf(10, from)) {
      const line = piece.subarray(from, at);
      yield rest.length === 0 ? line : Buffer.concat([rest, line]);
      rest = Buffer.alloc(0);
      number2 += 1;
      from = at + 1;
    }
    if (from < piece.length) rest = Buffer.concat([rest, piece.subarray(from)]);
    if (rest.length > LINE_LIMIT) throw new RecordError(file, number2, `longer than ${LINE_LIMIT} bytes`);
  }
}
function readFooter(dir, file) {
  const open = openFile(dir, file);
  if (open === null) return null;
  try {
    const line = lastLine(open.fd, open.size);
    const value = line === null ? null : JSON.parse(utf8(line) ?? "");
    return typeof value === "object" && value !== null && value["end"] === true ? value : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  } finally {
    closeSync2(open.fd);
  }
}
function lastLine(fd, size) {
  for (let want = 1 << 12; ; want *= 8) {
    const tail = Buffer.alloc(Math.min(size, want));
    if (readSync2(fd, tail, 0, tail.length, size - tail.length) !== tail.length || tail.at(-1) !== 10) return null;
    const before = tail.lastIndexOf(10, -2);
    if (before !== -1) return tail.subarray(before + 1, -1);
    if (want >= size || want > LINE_LIMIT) return null;
  }
}

// src/record/schema-common.ts
var count = pipe(number(), integer(), minValue(0), maxValue(Number.MAX_SAFE_INTEGER));
var amount = pipe(number(), minValue(0));
var sha256 = pipe(string(), regex(/^[0-9a-f]{64}$/));
var id = pipe(string(), regex(/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/));
var strings = array(string());
var stringMap = record(string(), string());
var place = strictObject({ file: string(), line: count, column: count });
var base64 = pipe(string(), regex(/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/));
var backendName = picklist(["nspawn", "docker", "vm", "chroot"]);
var limitName = picklist([
  "memory",
  "cpus",
  "processes",
  "time",
  "idle",
  "output",
  "disk",
  "files",
  "upload",
  "download",
  "connections",
  "requests"
]);
var guardAction = picklist(["fail", "review"]);
var digest = strictObject({ sha256, size: count });

export {
  listRecord,
  fileSize,
  readSmall,
  readPieces,
  NdjsonFile,
  lineOf,
  check,
  parseObject,
  checkSchema,
  count,
  amount,
  sha256,
  id,
  strings,
  stringMap,
  place,
  base64,
  backendName,
  limitName,
  guardAction,
  digest
};
