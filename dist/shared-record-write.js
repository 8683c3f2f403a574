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
  RECORD,
  isSpare
} from "./shared-model-record.js";
import {
  JailError
} from "./shared-model-errors.js";

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
    for (const file of FILLED_FILES) fds.set(file, createFile(join(dir, file), owner));
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
    const digest = hashFile(join(dir, file));
    if (digest?.size === 0 && isSpare(file)) rmSync(join(dir, file));
    else if (digest !== null) files[file] = digest;
  }
  const manifest = { schema: "agent-jail/manifest@1", id, files };
  const bytes = json(manifest);
  replaceFile(dir, "manifest.json", bytes, owner);
  return sha256(bytes);
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
function refuseUsed(dir) {
  const stat = lstatSync(dir, { throwIfNoEntry: false });
  const why = stat === void 0 ? "does not exist" : !stat.isDirectory() ? "is not a directory (a link is not followed)" : readdirSync(dir).length > 0 ? "is not empty" : null;
  if (why !== null) throw new JailError(`the record's directory ${dir} ${why}`, "give an empty directory");
}

export {
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
