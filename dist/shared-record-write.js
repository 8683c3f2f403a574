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
const { join: join2 } = process.getBuiltinModule("node:path");
import {
  RECORD
} from "./shared-model-record.js";
import {
  JailError
} from "./shared-model-errors.js";

// src/record/display.ts
var HIDDEN = /^[\\\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Cn}\p{Zl}\p{Zp}\u115F\u1160\u3164\uFFA0\u034F\u2800\uFE00-\uFE0F]$/u;
var LIMIT = 300;
function displayText(text, limit = LIMIT) {
  return join(characters(text), limit);
}
function displayPath(path, limit = LIMIT) {
  const text = utf8(path);
  return join(text === null ? bytes(path) : characters(text), limit);
}
function utf8(bytes2) {
  try {
    return strict.decode(bytes2);
  } catch {
    return null;
  }
}
var strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
function* characters(text) {
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    yield !HIDDEN.test(character) ? character : character === "\\" ? "\\\\" : code < 128 ? hex(code) : `\\u{${code.toString(16)}}`;
  }
}
function* bytes(path) {
  for (const byte of path) {
    yield byte === 92 ? "\\\\" : byte < 32 || byte > 126 ? hex(byte) : String.fromCharCode(byte);
  }
}
var hex = (byte) => `\\x${byte.toString(16).padStart(2, "0")}`;
function join(parts, limit) {
  let shown = "";
  for (const part of parts) {
    if (shown.length + part.length > limit) return `${shown}…`;
    shown += part;
  }
  return shown;
}

// src/record/write.ts
var RecordFiles = class {
  #fds;
  constructor(fds) {
    this.#fds = fds;
  }
  fd(file) {
    const fd = this.#fds.get(file);
    if (fd === void 0) throw new Error(`${file} is not open`);
    return fd;
  }
  close() {
    for (const fd of this.#fds.values()) closeSync(fd);
  }
};
var RECORD_FILES = Object.keys(RECORD);
var SEALED_FILES = RECORD_FILES.filter((file) => RECORD[file].sealed);
var FILLED_FILES = RECORD_FILES.filter((file) => file !== "run.json" && file !== "manifest.json");
var CREATE = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
function createRecord(dir, owner) {
  refuseUsed(dir);
  const fds = /* @__PURE__ */ new Map();
  try {
    chownSync(dir, owner.uid, owner.gid);
    chmodSync(dir, 448);
    for (const file of FILLED_FILES) fds.set(file, createFile(join2(dir, file), owner));
  } catch (error) {
    new RecordFiles(fds).close();
    throw new JailError(
      `the record cannot be written to ${dir}: ${error instanceof Error ? error.message : String(error)}`,
      "give an empty directory on a disk that can be written to",
      null,
      { cause: error }
    );
  }
  return new RecordFiles(fds);
}
function writeRun(dir, document, owner) {
  replaceFile(dir, "run.json", json(document), owner);
}
function seal(dir, id, owner) {
  const files = {};
  for (const file of SEALED_FILES) {
    const digest = hashFile(join2(dir, file));
    if (digest !== null) files[file] = digest;
  }
  const manifest = { schema: "agent-jail/manifest@1", id, files };
  const bytes2 = json(manifest);
  replaceFile(dir, "manifest.json", bytes2, owner);
  return sha256(bytes2);
}
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
function replaceFile(dir, file, bytes2, owner) {
  const temporary = join2(dir, temporaryName(file));
  rmSync(temporary, { force: true });
  const fd = createFile(temporary, owner);
  try {
    writeFileSync(fd, bytes2);
  } finally {
    closeSync(fd);
  }
  renameSync(temporary, join2(dir, file));
}
var json = (document) => Buffer.from(`${JSON.stringify(document, null, 2)}
`);
var sha256 = (bytes2) => createHash("sha256").update(bytes2).digest("hex");
function createFile(path, owner) {
  const fd = openSync(path, CREATE, 384);
  fchmodSync(fd, 384);
  fchownSync(fd, owner.uid, owner.gid);
  return fd;
}
function refuseUsed(dir) {
  const stat = lstatSync(dir, { throwIfNoEntry: false });
  const why = stat === void 0 ? "does not exist" : !stat.isDirectory() ? "is not a directory (a link is not followed)" : readdirSync(dir).length > 0 ? "is not empty" : null;
  if (why !== null) throw new JailError(`the record's directory ${dir} ${why}`, "give an empty directory");
}

export {
  displayText,
  displayPath,
  utf8,
  RECORD_FILES,
  SEALED_FILES,
  createRecord,
  writeRun,
  seal,
  hashFile,
  temporaryName,
  replaceFile,
  json,
  sha256
};
