const { spawn } = process.getBuiltinModule("node:child_process");
const { once } = process.getBuiltinModule("node:events");
const { closeSync, fstatSync, lstatSync, openSync, readdirSync, readlinkSync, readSync } = process.getBuiltinModule("node:fs");
import {
  BLOCK,
  padding,
  tarHeader
} from "./shared-system-tar.js";
import {
  git
} from "./shared-system-git.js";
import {
  CLEAN_ENV
} from "./shared-system-exec.js";
import {
  JailError
} from "./shared-model-errors.js";

// src/remote/frames.ts
var KINDS = {
  /** main → helper, first: JSON, a `HelperRequest`. */
  request: "Q",
  /** main → helper: bytes of the tar archive of the next tree; `treeEnd`: that was all of it. */
  tree: "T",
  treeEnd: "t",
  /** main → helper: the warden's stdin; `inputEnd`: its end. */
  input: "I",
  inputEnd: "i",
  /** helper → main: the warden's stdout. */
  output: "O",
  /** helper → main: JSON, `{ code, errors }`: the warden has ended. */
  ended: "E",
  /** helper → main: JSON, `{ name }`: a file of the record; then its bytes. `recordEnd`: that was all. */
  file: "F",
  bytes: "B",
  recordEnd: "b",
  /** helper → main, and nothing after it: JSON, `{ message, remedy }`. */
  failed: "X"
};
var LONGEST = 1 << 20;
var HEAD = 5;
var KIND_OF = new Map(Object.entries(KINDS).map(([kind, letter]) => [letter, kind]));
function frame(kind, payload = "") {
  const bytes = Buffer.from(payload);
  if (bytes.length > LONGEST) throw new Error("a frame that is too long");
  const head = Buffer.alloc(HEAD);
  head.write(KINDS[kind], "latin1");
  head.writeUInt32BE(bytes.length, 1);
  return Buffer.concat([head, bytes]);
}
function* framesOf(kind, bytes) {
  for (let at = 0; at < bytes.length; at += LONGEST) yield frame(kind, bytes.subarray(at, at + LONGEST));
}
async function* readFrames(chunks) {
  let rest = Buffer.alloc(0);
  for await (const chunk of chunks) {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    while (rest.length >= HEAD) {
      const kind = KIND_OF.get(rest.toString("latin1", 0, 1));
      const length = rest.readUInt32BE(1);
      if (kind === void 0 || length > LONGEST)
        throw new Error(`what came is no frame: ${JSON.stringify(rest.toString("latin1", 0, 80))}`);
      if (rest.length < HEAD + length) break;
      yield { kind, payload: rest.subarray(HEAD, HEAD + length) };
      rest = rest.subarray(HEAD + length);
    }
  }
  if (rest.length > 0) throw new Error("it is cut off");
}

// src/remote/trees.ts

// src/remote/pack.ts
var PIECE = 1 << 20;
async function* packed(from, only, here) {
  const seen = { links: /* @__PURE__ */ new Map(), executable: /* @__PURE__ */ new Set() };
  yield* entryOf(from, Buffer.from(only ?? "."), seen, here);
  yield Buffer.alloc(2 * BLOCK);
}
async function* entryOf(from, name, seen, here) {
  const path = Buffer.concat([Buffer.from(`${from}/`), name]);
  const stat = lstatSync(path, { bigint: true });
  const header = (type, more = {}) => tarHeader({ name, type, mode: 511, uid: 0, gid: 0, size: 0, mtime: Number(stat.mtimeMs / 1000n), link: null, ...more });
  const mode = modeOf(stat, name, seen, here);
  if (stat.isSymbolicLink()) yield header("symlink", { link: targetOf(readlinkSync(path, "buffer"), here) });
  else if (stat.isDirectory()) {
    yield header("directory", { mode });
    const names = readdirSync(path, "buffer").sort((a, b) => Buffer.compare(a, b));
    if (!here.modes && names.some((one) => one.equals(DOT_GIT))) await addExecutables(from, name, seen);
    for (const one of names) yield* entryOf(from, within(name, one), seen, here);
  } else if (stat.isFIFO()) yield header("fifo", { mode });
  else if (stat.isFile()) {
    const number = `${stat.dev}:${stat.ino}`;
    const first = stat.nlink > 1n ? seen.links.get(number) : void 0;
    if (first !== void 0) yield header("link", { mode, link: first });
    else {
      if (stat.nlink > 1n) seen.links.set(number, name);
      yield* contentOf(path, (size) => header("file", { mode, size }));
    }
  }
}
var DOT_GIT = Buffer.from(".git");
var DOT = Buffer.from(".");
var within = (directory, name) => directory.equals(DOT) ? name : Buffer.concat([directory, Buffer.from("/"), name]);
function modeOf(stat, name, { executable }, here) {
  if (here.modes) return Number(stat.mode) & 4095;
  return stat.isDirectory() || executable.has(name.toString("latin1")) ? 493 : 420;
}
function targetOf(written, here) {
  if (here.modes) return written;
  const path = here.slashed(written.toString());
  return Buffer.from(here.toJail(path) ?? path);
}
async function addExecutables(from, directory, { executable }) {
  const at = `${from}/${directory.toString()}`;
  const { stdout, missing } = await git(at, ["ls-files", "--stage", "-z"], { maxBuffer: 1 << 30, timeout: 12e4 });
  if (missing)
    throw new JailError("git is not there, which says what files of the workspace are executable", "install git, and have it in PATH");
  for (const line of stdout.toString("latin1").split("\0")) {
    const tab = line.indexOf("	");
    if (line.startsWith("100755 ")) executable.add(within(directory, Buffer.from(line.slice(tab + 1), "latin1")).toString("latin1"));
  }
}
function* contentOf(path, header) {
  const file = openSync(path, "r");
  try {
    const { size } = fstatSync(file);
    const read = (at) => {
      const piece = Buffer.alloc(Math.min(PIECE, size - at));
      if (readSync(file, piece, 0, piece.length, at) < piece.length) throw new Error(`${path.toString()} became shorter while it was read`);
      return piece;
    };
    if (size <= PIECE) yield Buffer.concat([header(size), read(0), padding(size)]);
    else {
      yield header(size);
      for (let at = 0; at < size; at += PIECE) yield read(at);
      yield padding(size);
    }
    if (fstatSync(file).size !== size) throw new Error(`${path.toString()} became longer while it was read`);
  } finally {
    closeSync(file);
  }
}

// src/remote/trees.ts
var packing = ({ from, only }) => [
  "tar",
  "--create",
  "--file=-",
  "--format=pax",
  "--numeric-owner",
  "--sparse",
  "--xattrs",
  "--xattrs-include=*",
  `--directory=${from}`,
  "--",
  only ?? "."
];
var unpacking = (to, without) => [
  "tar",
  "--extract",
  "--file=-",
  "--numeric-owner",
  "--same-owner",
  "--same-permissions",
  "--xattrs",
  "--xattrs-include=*",
  "--anchored",
  ...without.map((pattern) => `--exclude=${pattern}`),
  "--delay-directory-restore",
  `--directory=${to}`
];
async function sendArchive(chunks, to) {
  for await (const chunk of chunks) for (const one of framesOf("tree", chunk)) await push(to, one);
  await push(to, frame("treeEnd"));
}
async function push(to, bytes) {
  if (to.destroyed || to.writableEnded) throw new Error("the connection is closed");
  if (!to.write(bytes)) await once(to, "drain");
}
async function sendTree(tree, to, here) {
  await (here.jails ? sendByTar(tree, to) : sendArchive(readable(tree, here), to));
}
async function* readable({ from, only }, here) {
  try {
    yield* packed(from, only, here);
  } catch (error) {
    throw error instanceof JailError ? error : unsent(from, error.message);
  }
}
var unsent = (from, why) => new JailError(
  `${from} could not be sent to the engine: ${why}`,
  "make all of it readable for this user, and let nothing write there meanwhile"
);
async function sendByTar(tree, to) {
  const [file, ...args] = packing(tree);
  const child = spawn(file, args, { env: CLEAN_ENV, stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  child.stderr.on("data", (chunk) => {
    if (said.length < 2e3) said += chunk.toString("utf8");
  });
  const ended = new Promise((resolve) => {
    child.once("error", (error) => {
      said = error.message;
      resolve(null);
    });
    child.once("close", resolve);
  });
  try {
    for await (const chunk of child.stdout) for (const one of framesOf("tree", chunk)) await push(to, one);
  } catch (error) {
    child.kill("SIGKILL");
    throw error;
  }
  const code = await ended;
  if (code !== 0) throw unsent(tree.from, said.trim().split("\n").slice(0, 3).join(" / ") || `tar ended with ${code}`);
  await push(to, frame("treeEnd"));
}

export {
  frame,
  framesOf,
  readFrames,
  unpacking,
  sendArchive,
  push,
  sendTree
};
