const { lstatSync, readlinkSync } = process.getBuiltinModule("node:fs");
const { spawn } = process.getBuiltinModule("node:child_process");
const { once } = process.getBuiltinModule("node:events");
const { Readable } = process.getBuiltinModule("node:stream");
import {
  CLEAN_ENV
} from "./shared-system-exec.js";
import {
  JailError
} from "./shared-model-errors.js";

// src/host/root-tree.ts
var MOST_LINKS = 40;
function requireRoot(tree, what) {
  const remedy = "give the root of a Linux file system with a `/bin/sh` in it: a step is started by that";
  const wrong = (why) => new JailError(`${what} ${why}`, remedy);
  if (look(tree)?.isDirectory() !== true) throw wrong("is not a directory");
  const usr = look(`${tree}/usr`);
  if (usr !== null && !usr.isDirectory()) throw wrong("holds no root file system: `usr` is not a directory in it");
  const shell = inside(tree, "/bin/sh");
  const found = shell === null ? null : look(shell);
  if (found === null) throw wrong("holds no root file system: there is no `/bin/sh` in it");
  if (!found.isFile() || (found.mode & 73) === 0) throw wrong("holds no root file system: its `/bin/sh` is not a program");
}
function inside(tree, path) {
  let here = [];
  const ahead = parts(path);
  let links = 0;
  for (let part = ahead.shift(); part !== void 0; part = ahead.shift()) {
    if (part === "..") here.pop();
    if (part === ".." || part === ".") continue;
    const at = [tree, ...here, part].join("/");
    const seen = look(at);
    if (seen === null) return null;
    if (!seen.isSymbolicLink()) {
      here.push(part);
      continue;
    }
    links += 1;
    if (links > MOST_LINKS) return null;
    const target = readlinkSync(at);
    if (target.startsWith("/")) here = [];
    ahead.unshift(...parts(target));
  }
  return [tree, ...here].join("/");
}
var parts = (path) => path.split("/").filter((part) => part !== "");
function look(path) {
  try {
    return lstatSync(path);
  } catch {
    return null;
  }
}

// src/host/unpack.ts
var COMPRESSED = [
  { begins: "1f8b", program: "gzip" },
  { begins: "1f9d", program: "gzip" },
  { begins: "425a68", program: "bzip2" },
  { begins: "fd377a585a00", program: "xz" },
  { begins: "5d0000", program: "xz" },
  { begins: "28b52ffd", program: "zstd" },
  { begins: "4c5a4950", program: "lzip" },
  { begins: "894c5a4f00", program: "lzop" }
];
var OFTEN = 8 << 20;
function decompressor(head) {
  return COMPRESSED.find(({ begins }) => head.toString("hex").startsWith(begins))?.program ?? null;
}
async function* through(chunks, { program, what, remedy, signal }) {
  const child = spawn(program, ["--decompress", "--stdout"], { env: CLEAN_ENV, stdio: ["pipe", "pipe", "pipe"], signal });
  const ended = endOf(child);
  const source = Readable.from(chunks, { objectMode: false });
  source.on("error", (error) => child.stdout.destroy(error));
  child.stdin.on("error", () => source.destroy());
  source.pipe(child.stdin);
  let whole = false;
  try {
    yield* child.stdout;
    whole = true;
  } finally {
    if (!whole) child.kill("SIGKILL");
  }
  const said = await ended;
  if (said !== null) throw new JailError(`${what} could not be unpacked: ${program}: ${said}`, remedy);
}
async function unpack(chunks, { what, into, room, signal, without = [], remedy }) {
  const args = [
    "--extract",
    "--file=-",
    "--numeric-owner",
    "--same-owner",
    "--same-permissions",
    // Anchored: else it would be any directory called `dev`.
    "--anchored",
    ...["dev/*", "./dev/*", "/dev/*", ...without].map((pattern) => `--exclude=${pattern}`),
    "--delay-directory-restore",
    `--directory=${into}`
  ];
  const tar = spawn("tar", args, { env: CLEAN_ENV, stdio: ["pipe", "ignore", "pipe"] });
  const ended = endOf(tar);
  let closed = false;
  tar.stdin.on("error", () => {
  });
  tar.stdin.once("close", () => closed = true);
  let [bytes, looked] = [0, 0];
  try {
    for await (const chunk of chunks) {
      signal.throwIfAborted();
      bytes += chunk.length;
      if (bytes - looked >= OFTEN) {
        looked = bytes;
        await room(bytes, false);
      }
      if (!closed && !tar.stdin.write(chunk)) await Promise.race([once(tar.stdin, "drain").catch(() => {
      }), ended]);
    }
    tar.stdin.end();
    const said = await ended;
    signal.throwIfAborted();
    if (said === null) return;
    if (/No space left on device/.test(said)) await room(bytes, true);
    throw new JailError(`${what} could not be unpacked: ${said}`, remedy);
  } catch (error) {
    tar.kill("SIGKILL");
    await ended;
    throw error;
  }
}
async function endOf(child) {
  let said = "";
  child.stderr?.on("data", (chunk) => {
    if (said.length < 2e3) said += chunk.toString("utf8");
  });
  return new Promise((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once(
      "close",
      (code, signal) => resolve(code === 0 ? null : said.trim().split("\n").slice(0, 3).join(" / ") || `it ended with ${signal ?? code}`)
    );
  });
}

export {
  requireRoot,
  inside,
  decompressor,
  through,
  unpack
};
