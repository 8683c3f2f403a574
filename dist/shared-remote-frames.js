const { spawn } = process.getBuiltinModule("node:child_process");
const { once } = process.getBuiltinModule("node:events");
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
async function sendTree(tree, to) {
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
  if (code !== 0)
    throw new JailError(
      `${tree.from} could not be sent to the engine: ${said.trim().split("\n").slice(0, 3).join(" / ") || `tar ended with ${code}`}`,
      "make all of it readable for this user, and let nothing write there meanwhile"
    );
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
