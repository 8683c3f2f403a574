const { closeSync, createWriteStream, readSync } = process.getBuiltinModule("node:fs");
const { Readable } = process.getBuiltinModule("node:stream");
const { pipeline } = process.getBuiltinModule("node:stream/promises");
const { createGzip } = process.getBuiltinModule("node:zlib");
const { isUtf8 } = process.getBuiltinModule("node:buffer");
const { createHash, hash } = process.getBuiltinModule("node:crypto");
const { closeSync: closeSync2, readSync: readSync3 } = process.getBuiltinModule("node:fs");
const { readSync: readSync2 } = process.getBuiltinModule("node:fs");
const { Readable: Readable2 } = process.getBuiltinModule("node:stream");
const { constants, createGunzip, inflateRawSync, inflateSync } = process.getBuiltinModule("node:zlib");
const { closeSync: closeSync3 } = process.getBuiltinModule("node:fs");
const { spawn } = process.getBuiltinModule("node:child_process");
const { once } = process.getBuiltinModule("node:events");
const { closeSync: closeSync4, constants: constants2, mkdirSync, openSync, symlinkSync } = process.getBuiltinModule("node:fs");
const { dirname } = process.getBuiltinModule("node:path");
const { closeSync: closeSync5, constants: constants3, fstatSync, openSync: openSync2 } = process.getBuiltinModule("node:fs");
const { closeSync: closeSync6, constants: constants4, fstatSync: fstatSync2, lstatSync, openSync: openSync3, readdirSync, readlinkSync } = process.getBuiltinModule("node:fs");
import {
  asPath,
  basename,
  byLayerAndPath,
  join,
  key,
  parent,
  split,
  view,
  writeManifest
} from "./shared-changes-manifest.js";
import {
  BLOCK,
  padding,
  tarHeader
} from "./shared-system-tar.js";
import {
  require_ignore
} from "./shared-ignore.js";
import {
  FLAGS
} from "./shared-model-changes.js";
import {
  JailError
} from "./shared-model-errors.js";
import {
  writeAll
} from "./shared-system-ndjson.js";
import {
  __toESM
} from "./shared-runtime.js";

// src/changes/archive.ts

// src/changes/flags.ts
var import_ignore = __toESM(require_ignore(), 1);

// src/changes/runs-later.ts
var RUNS_LATER = [
  { why: "GitHub runs it", patterns: [".github/workflows/", ".github/actions/", "action.yml", "action.yaml", ".github/dependabot.yml"] },
  { why: "decides who reviews", patterns: ["CODEOWNERS"] },
  { why: "sets what a jail allows", patterns: [".github/agent-jail*", "/agent-jail*.yml", "/agent-jail*.yaml"] },
  {
    why: "another CI service runs it",
    patterns: [
      ".gitlab-ci.yml",
      ".circleci/",
      ".travis.yml",
      "azure-pipelines*.yml",
      "Jenkinsfile",
      ".buildkite/",
      ".drone.yml",
      "appveyor.yml",
      ".ci/",
      "bitbucket-pipelines.yml",
      ".woodpecker/",
      ".woodpecker.yml",
      ".forgejo/",
      ".gitea/",
      "cloudbuild.yaml",
      ".readthedocs.y*ml"
    ]
  },
  {
    why: "git runs or obeys it",
    patterns: [
      "**/.git/hooks/",
      "**/.git/config*",
      ".gitmodules",
      ".gitattributes",
      ".gitconfig",
      ".githooks/",
      ".husky/",
      "lefthook.y*ml",
      ".pre-commit-config.y*ml"
    ]
  },
  {
    why: "npm and its kin run scripts of it or obey it",
    patterns: [
      "package.json",
      ".npmrc",
      ".yarnrc",
      ".yarnrc.yml",
      ".yarn/",
      ".pnpmfile.*",
      "pnpm-workspace.yaml",
      "bunfig.toml",
      "binding.gyp"
    ]
  },
  {
    why: "a lock file says what is installed",
    patterns: ["package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "pnpm-lock.yaml", "bun.lock", "bun.lockb"]
  },
  {
    why: "a JavaScript tool loads it",
    patterns: [
      "*.config.js",
      "*.config.cjs",
      "*.config.mjs",
      "*.config.ts",
      "*.config.mts",
      "*.config.cts",
      ".eslintrc*",
      ".prettierrc*",
      ".babelrc*",
      ".mocharc*",
      "gulpfile.*",
      "Gruntfile.*",
      ".swcrc",
      "deno.json*"
    ]
  },
  {
    why: "Python runs it on import, test or install",
    patterns: [
      "conftest.py",
      "setup.py",
      "setup.cfg",
      "pyproject.toml",
      "tox.ini",
      "noxfile.py",
      "pytest.ini",
      "sitecustomize.py",
      "usercustomize.py",
      "*.pth",
      "tasks.py",
      "requirements*.txt",
      "pip.conf"
    ]
  },
  {
    why: "a build tool runs it",
    patterns: [
      "Makefile",
      "GNUmakefile",
      "*.mk",
      "CMakeLists.txt",
      "*.cmake",
      "configure.ac",
      "meson.build",
      "justfile",
      ".justfile",
      "Taskfile.y*ml",
      "BUILD.bazel",
      "WORKSPACE.bazel",
      "MODULE.bazel",
      "*.bzl",
      ".bazelrc",
      "Rakefile",
      "Gemfile",
      "*.gemspec",
      "build.rs",
      ".cargo/",
      "Cargo.toml",
      "pom.xml",
      ".mvn/",
      "mvnw",
      "mvnw.cmd",
      "build.gradle*",
      "settings.gradle*",
      "gradle.properties",
      "gradle/wrapper/",
      "gradlew",
      "gradlew.bat",
      "build.sbt",
      "project/*.sbt",
      "*.csproj",
      "*.targets",
      "*.props",
      "composer.json",
      "Package.swift",
      "mix.exs",
      "flake.nix",
      "default.nix",
      "shell.nix"
    ],
    exact: ["BUILD", "WORKSPACE", "configure"]
  },
  {
    why: "a container is built or started from it",
    patterns: [
      "Dockerfile*",
      "*.dockerfile",
      "Containerfile",
      "compose*.y*ml",
      "docker-compose*.y*ml",
      ".devcontainer/",
      ".devcontainer.json"
    ]
  },
  {
    why: "the shell or its helpers obey it",
    patterns: [
      ".envrc",
      ".env",
      ".env.*",
      ".tool-versions",
      "mise.toml",
      ".mise.toml",
      ".mise/",
      ".bashrc",
      ".profile",
      ".bash_profile",
      ".zshrc",
      ".zshenv"
    ]
  },
  {
    why: "an editor runs tasks of it",
    patterns: [
      ".vscode/",
      ".idea/",
      "*.code-workspace",
      ".vimrc",
      ".exrc",
      ".nvim.lua",
      ".nvimrc",
      ".dir-locals.el",
      ".zed/",
      ".gdbinit",
      ".lldbinit"
    ]
  },
  {
    why: "another agent obeys it",
    patterns: [
      "CLAUDE.md",
      "CLAUDE.local.md",
      "AGENTS.md",
      "AGENTS.override.md",
      "GEMINI.md",
      ".claude/",
      ".codex/",
      ".gemini/",
      ".mcp.json",
      "mcp.json",
      ".cursor/",
      ".cursorrules",
      ".windsurf/",
      ".windsurfrules",
      ".clinerules",
      ".roo/",
      ".aider*",
      ".opencode/",
      "opencode.json*",
      ".goosehints",
      ".pi/",
      ".github/copilot-instructions.md",
      ".github/instructions/",
      ".github/prompts/",
      ".github/chatmodes/",
      ".github/agents/",
      ".github/hooks/",
      ".agents/",
      "SKILL.md"
    ]
  }
];

// src/changes/flags.ts
function flagsOf(facts) {
  const { after } = facts;
  const is = {
    "runs-later": facts.layer === "workspace" && runsLater(facts.path, (after ?? facts.before)?.type === "directory"),
    secret: facts.secret,
    setuid: after?.type === "file" && (after.mode & 3072) !== 0,
    special: facts.unread || after !== null && ["fifo", "socket", "device"].includes(after.type),
    "escaping-link": after !== null && after.link !== null && escapes(facts.layer, facts.target, facts.path, after.link),
    binary: facts.binary,
    ignored: facts.ignored,
    "git-dir": isGitDir(facts.path),
    "odd-name": split(facts.path).some(isOddName),
    "base-changed": facts.baseChanged
  };
  return FLAGS.filter((flag) => is[flag]);
}
var folded = (0, import_ignore.default)({ ignorecase: true }).add(RUNS_LATER.flatMap(({ patterns }) => patterns));
var exact = (0, import_ignore.default)({ ignorecase: false }).add(RUNS_LATER.flatMap((group) => group.exact ?? []));
function runsLater(path, directory2) {
  const text2 = view(path).toString() + (directory2 ? "/" : "");
  return folded.ignores(text2) || exact.ignores(text2);
}
function isGitDir(path) {
  return split(path).some((name) => /(?:^|\\)(?:\.git|git~1)[. ]*(?:$|[\\:])/i.test(name.toString("latin1")));
}
function isOddName(name) {
  const text2 = view(name).toString();
  return !isUtf8(name) || /[\p{Cc}\p{Cf}\p{Co}\p{Zl}\p{Zp}]/u.test(text2) || text2.startsWith("-") || isWhiteoutName(name);
}
function isWhiteoutName(name) {
  return view(name).toString("latin1", 0, 4) === ".wh.";
}
function escapes(layer2, target, path, link) {
  if (layer2 === "root") return false;
  const parts = split(link).map((part) => part.toString("latin1"));
  const absolute = link[0] === 47;
  if (absolute && (layer2 === "workspace" || !view(link).toString().startsWith(`${target}/`))) return true;
  const names = parts.filter((part) => part !== ".");
  const ups = names.findIndex((part) => part !== "..");
  const climbs = ups === -1 ? names.length : ups;
  if (names.slice(climbs).includes("..")) return true;
  return !absolute && climbs > split(path).length - 1;
}

// src/changes/archive.ts
var CHUNK = 1 << 18;
var WHITEOUT = Buffer.from(".wh.");
async function writeArchive(fd, items) {
  const plan = planArchive(items);
  const blocks = Readable.from(batches(layer(plan)), { objectMode: true, highWaterMark: 2 });
  await pipeline(blocks, createGzip({ level: 1 }), createWriteStream("", { fd, autoClose: false }));
  return { entries: plan.whiteouts.length + plan.entries.length, leftOut: plan.leftOut };
}
function planArchive(items) {
  const placed = items.map((item) => ({ item, name: join(item.view.place, item.path) })).sort((a, b) => Buffer.compare(a.name, b.name));
  const gone2 = new Set(placed.filter(({ item }) => isGone(item)).map(({ name }) => key(name)));
  const plan = { whiteouts: [], entries: [], leftOut: [] };
  for (const { item, name } of placed) {
    const why = reason(item, name);
    if (why !== null) plan.leftOut.push({ path: item.change.path, why });
    if (why !== null && why !== "special") continue;
    if (isGone(item) && !gone2.has(key(parent(name)))) plan.whiteouts.push(join(parent(name), Buffer.concat([WHITEOUT, basename(name)])));
    if (item.after !== null && why === null) plan.entries.push({ name, side: item.after });
  }
  return plan;
}
function isGone({ change }) {
  return change.op === "deleted" || change.op === "retyped";
}
function reason({ withheld, after, change }, name) {
  if (withheld) return change.flags.includes("secret") ? "secret" : "unread";
  if (split(name).some(isWhiteoutName)) return "whiteout-name";
  return after?.entry.type === "socket" || after?.entry.type === "device" ? "special" : null;
}
function* layer({ whiteouts, entries }) {
  for (const name of whiteouts) yield tarHeader({ name, type: "file", mode: 0, uid: 0, gid: 0, size: 0, mtime: 0, link: null });
  const first = /* @__PURE__ */ new Map();
  for (const { name, side: side2 } of entries) {
    const original = side2.inode === null ? void 0 : first.get(side2.inode);
    if (side2.inode !== null && original === void 0) first.set(side2.inode, name);
    yield tarHeader(original === void 0 ? entryOf(name, side2) : { ...entryOf(name, side2), type: "link", size: 0, link: original });
    if (original === void 0 && side2.entry.type === "file") yield* fileBlocks(side2);
  }
  yield Buffer.alloc(2 * BLOCK);
}
function entryOf(name, { entry, mtime }) {
  const type = entry.type;
  return { name, type, mode: entry.mode, uid: entry.uid, gid: entry.gid, size: type === "file" ? entry.size : 0, mtime, link: entry.link };
}
function* fileBlocks(side2) {
  const { size } = side2.entry;
  const fd = side2.tree.open(side2.path);
  try {
    for (let done = 0; done < size; ) {
      const chunk = Buffer.allocUnsafe(Math.min(CHUNK, size - done));
      const got = readSync(fd, chunk, 0, chunk.length, done);
      if (got === 0) throw new Error("a file became shorter while it was archived");
      yield chunk.subarray(0, got);
      done += got;
    }
  } finally {
    closeSync(fd);
  }
  yield padding(size);
}
function* batches(pieces2) {
  let pending = [];
  let size = 0;
  for (const piece of pieces2) {
    pending.push(piece);
    size += piece.length;
    if (size < CHUNK) continue;
    yield Buffer.concat(pending);
    pending = [];
    size = 0;
  }
  yield Buffer.concat(pending);
}

// src/changes/entry.ts
function side(tree, path, stat, swapped, inode) {
  const link = stat.isSymbolicLink() ? tree.readlink(path) : null;
  return {
    tree,
    path,
    entry: entryOf2(stat, link, swapped),
    mtime: Math.floor(stat.mtimeMs / 1e3),
    ctime: stat.ctimeMs,
    holes: stat.isFile() ? Math.max(0, stat.size - stat.blocks * 512) : 0,
    inode
  };
}
function entryOf2(stat, link, swapped) {
  return {
    type: typeOf(stat),
    mode: stat.mode & 4095,
    uid: swapped === null ? stat.uid : swap(stat.uid, swapped.host.uid, swapped.jail.uid),
    gid: swapped === null ? stat.gid : swap(stat.gid, swapped.host.gid, swapped.jail.gid),
    size: stat.isFile() ? stat.size : link?.length ?? 0,
    sha256: null,
    link: link === null ? null : asPath(link)
  };
}
function typeOf(stat) {
  if (stat.isFile()) return "file";
  if (stat.isDirectory()) return "directory";
  if (stat.isSymbolicLink()) return "symlink";
  if (stat.isFIFO()) return "fifo";
  if (stat.isSocket()) return "socket";
  return "device";
}
function swap(id, a, b) {
  if (id === a) return b;
  return id === b ? a : id;
}
function sameMetadata(a, b) {
  return a.uid === b.uid && a.gid === b.gid && (a.mode === b.mode || a.type === "symlink");
}

// src/changes/compare.ts
async function difference(view2, pair, tools) {
  const { before, after } = pair;
  const old = await contentOf(before, tools.reader);
  const now = await contentOf(after, tools.reader);
  const op = operation(before, after, old, now);
  if (op === null) return null;
  const path = join(view2.prefix, pair.path);
  const names = [path, before?.entry.link, after?.entry.link].filter((bytes) => bytes !== null && bytes !== void 0);
  const secret = (old?.secret ?? now?.secret ?? null) !== null || names.some((bytes) => tools.search.find(view(bytes)) !== null);
  const unread = now !== null && now.sha256 === null;
  const directory2 = (after ?? before)?.entry.type === "directory";
  const flags = flagsOf({
    layer: view2.layer,
    target: view2.target,
    path,
    before: before?.entry ?? null,
    after: after?.entry ?? null,
    binary: (now ?? old)?.binary ?? false,
    secret,
    unread,
    ignored: view2.layer === "workspace" && tools.ignored.test(path, directory2, before !== null),
    baseChanged: before !== null && before.tree === view2.host && view2.born > 0 && before.ctime > view2.born
  });
  const entry = (side2, content2) => {
    const link = side2.entry.link === null ? null : asPath(secret ? tools.search.mask(view(side2.entry.link)) : side2.entry.link);
    return { ...side2.entry, link, sha256: secret ? null : content2?.sha256 ?? null };
  };
  const change = {
    path: asPath(secret ? tools.search.mask(path) : path),
    layer: view2.layer,
    flags,
    op,
    ...before === null ? {} : { before: entry(before, old) },
    ...after === null ? {} : { after: entry(after, now) }
  };
  return { change, view: view2, path: pair.path, before, after, withheld: secret || unread };
}
async function contentOf(side2, reader) {
  return side2?.entry.type === "file" ? await reader.read(side2) : null;
}
function operation(before, after, old, now) {
  if (before === null) return "added";
  if (after === null) return "deleted";
  const [a, b] = [before.entry, after.entry];
  if (a.type !== b.type) return "retyped";
  if (a.type === "file" && (now?.sha256 ?? null) === null) return "modified";
  if (old?.sha256 !== now?.sha256) return "modified";
  if (a.link !== null && b.link !== null && Buffer.compare(a.link, b.link) !== 0) return "modified";
  return sameMetadata(a, b) ? null : "metadata";
}

// src/changes/content.ts

// src/changes/packed.ts
var TOTAL = 256 << 20;
var PART = 64 << 20;
var FAILED = 1 << 20;
var IN_MEMORY = 64 << 20;
function packingOf(head) {
  if (head.length < 4) return null;
  if (head[0] === 31 && head[1] === 139) return "gzip";
  if (head.toString("latin1", 0, 4) === "PK") return "zip";
  if (head.toString("latin1", 0, 4) === "PACK") return "pack";
  return isZlib(head, 0) ? "zlib" : null;
}
function isZlib(bytes, at) {
  return (bytes[at] ?? 0) === 120 && at + 1 < bytes.length && bytes.readUInt16BE(at) % 31 === 0;
}
function* unpack(bytes, packing) {
  let budget = TOTAL;
  let at = 0;
  while (budget > 0 && at < bytes.length) {
    const start = packing === "zip" ? nextZip(bytes, at) : nextZlib(bytes, at, packing === "zlib");
    if (start === -1) return;
    const part = inflate(bytes.subarray(start), packing === "zip", Math.min(PART, budget));
    budget -= part === null ? FAILED : part.data.length;
    at = start + Math.max(1, part?.used ?? 0);
    if (part !== null) yield part.data;
  }
}
function nextZip(bytes, from) {
  for (let at = bytes.indexOf("PK", from, "latin1"); at !== -1 && at + 30 < bytes.length; at = bytes.indexOf("PK", at + 4, "latin1")) {
    if (bytes.readUInt16LE(at + 8) === 8) return at + 30 + bytes.readUInt16LE(at + 26) + bytes.readUInt16LE(at + 28);
  }
  return -1;
}
function nextZlib(bytes, from, only) {
  if (only) return from === 0 ? 0 : -1;
  for (let at = bytes.indexOf(120, from); at !== -1; at = bytes.indexOf(120, at + 1)) if (isZlib(bytes, at)) return at;
  return -1;
}
function inflate(bytes, raw, most) {
  const options = { info: true, maxOutputLength: most, finishFlush: constants.Z_SYNC_FLUSH };
  try {
    const { buffer, engine } = (raw ? inflateRawSync : inflateSync)(bytes, options);
    return { data: buffer, used: engine.bytesWritten };
  } catch {
    return null;
  }
}
function* pieces(fd) {
  for (let offset = 0; ; ) {
    const piece = Buffer.allocUnsafe(1 << 16);
    const got = readSync2(fd, piece, 0, piece.length, offset);
    if (got === 0) return;
    yield piece.subarray(0, got);
    offset += got;
  }
}
async function* gunzip(fd) {
  const source = Readable2.from(pieces(fd));
  const gzip = createGunzip({ finishFlush: constants.Z_SYNC_FLUSH });
  source.on("error", (error) => gzip.destroy(error));
  let budget = TOTAL;
  try {
    for await (const piece of source.pipe(gzip)) {
      yield piece;
      budget -= piece.length;
      if (budget < 0) return;
    }
  } catch (error) {
    if (!(error instanceof Error && "code" in error && String(error.code).startsWith("Z_"))) throw error;
  } finally {
    source.destroy();
    gzip.destroy();
  }
}

// src/changes/content.ts
var UNREAD = { sha256: null, binary: true, secret: null };
var CHUNK2 = 1 << 20;
var HOLES = 4 * 1024 ** 3;
var ContentReader = class {
  #search;
  #known = /* @__PURE__ */ new Map();
  #chunk = Buffer.allocUnsafe(CHUNK2);
  #holes;
  constructor(search, holes = HOLES) {
    this.#search = search;
    this.#holes = holes;
  }
  async read(side2) {
    const known = side2.inode === null ? void 0 : this.#known.get(side2.inode);
    if (known !== void 0) return known;
    const content2 = await this.#read(side2);
    if (side2.inode !== null) this.#known.set(side2.inode, content2);
    return content2;
  }
  async #read(side2) {
    if (side2.holes > this.#holes) return UNREAD;
    this.#holes -= side2.holes;
    const fd = side2.tree.open(side2.path);
    try {
      const { head, ...plain } = this.#scan(fd);
      const packing = plain.secret === null && !this.#search.idle ? packingOf(head) : null;
      return packing === null ? plain : { ...plain, secret: await this.#packed(fd, packing, side2.entry.size) };
    } finally {
      closeSync2(fd);
    }
  }
  #scan(fd) {
    const search = this.#search.stream();
    const first = this.#fill(fd, 0);
    const head = Buffer.from(first.subarray(0, 8e3));
    const binary = head.includes(0);
    if (first.length < CHUNK2) return { head, binary, secret: search(first), sha256: hash("sha256", first) };
    const digest = createHash("sha256");
    let secret = null;
    let offset = 0;
    for (let piece = first; piece.length > 0; piece = this.#fill(fd, offset)) {
      digest.update(piece);
      secret ??= search(piece);
      offset += piece.length;
    }
    return { head, binary, secret, sha256: digest.digest("hex") };
  }
  /** The next bytes from `offset`: a full chunk but for the last. Valid until the next call. */
  #fill(fd, offset) {
    let size = 0;
    while (size < CHUNK2) {
      const got = readSync3(fd, this.#chunk, size, CHUNK2 - size, offset + size);
      if (got === 0) break;
      size += got;
    }
    return this.#chunk.subarray(0, size);
  }
  async #packed(fd, packing, size) {
    const search = this.#search.stream();
    if (packing === "gzip") {
      for await (const piece of gunzip(fd)) {
        const found = search(piece);
        if (found !== null) return found;
      }
      return null;
    }
    if (size > IN_MEMORY) return null;
    for (const part of unpack(readAll(fd, size), packing)) {
      const found = this.#search.find(part);
      if (found !== null) return found;
    }
    return null;
  }
};
function readAll(fd, size) {
  const bytes = Buffer.alloc(size);
  let done = 0;
  while (done < size) {
    const got = readSync3(fd, bytes, done, size - done, done);
    if (got === 0) break;
    done += got;
  }
  return bytes.subarray(0, done);
}

// src/changes/ignored.ts
var import_ignore2 = __toESM(require_ignore(), 1);

// src/changes/tracked.ts
function varint(bytes, from) {
  let at = from;
  let byte = bytes.readUInt8(at++);
  let value = byte & 127;
  while ((byte & 128) !== 0) {
    byte = bytes.readUInt8(at++);
    value = (value + 1) * 128 + (byte & 127);
  }
  return { value, next: at };
}
var DIRECTORY = 16384;
function trackedPaths(index) {
  try {
    return index.length >= 12 && index.toString("latin1", 0, 4) === "DIRC" ? parse(index) : null;
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}
function parse(index) {
  const version = index.readUInt32BE(4);
  if (version < 2 || version > 4) return null;
  const paths = /* @__PURE__ */ new Set();
  let name = "";
  let at = 12;
  for (let left = index.readUInt32BE(8); left > 0; left -= 1) {
    if (index.readUInt32BE(at + 24) >>> 0 === DIRECTORY) return null;
    const extended = version > 2 && (index.readUInt16BE(at + 60) & 16384) !== 0;
    let from = at + (extended ? 64 : 62);
    let kept = "";
    if (version === 4) {
      const { value, next } = varint(index, from);
      kept = name.slice(0, Math.max(0, name.length - value));
      from = next;
    }
    const end = index.indexOf(0, from);
    if (end === -1) return null;
    name = kept + index.toString("latin1", from, end);
    paths.add(name);
    at = version === 4 ? end + 1 : at + (end - at + 8 & ~7);
  }
  return hasLink(index, at) ? null : paths;
}
function hasLink(index, from) {
  for (let at = from; at + 8 <= index.length - 20; at += 8 + index.readUInt32BE(at + 4)) {
    if (index.toString("latin1", at, at + 4) === "link") return true;
  }
  return false;
}

// src/changes/ignored.ts
var RULES = 1 << 20;
var INDEX = 256 << 20;
var STARS = 4;
var Ignored = class {
  #root;
  #rules = /* @__PURE__ */ new Map();
  #tracked;
  constructor(base) {
    this.#root = base;
  }
  test(path, directory2, inBase) {
    if (this.#root === null) return false;
    const text2 = Buffer.from(path).toString() + (directory2 ? "/" : "");
    if (!this.#rulesOf(parent(path)).ignores(text2)) return false;
    if (this.#tracked === void 0) this.#tracked = this.#readIndex();
    if (directory2 || !inBase) return true;
    return this.#tracked !== null && !this.#tracked.has(key(path));
  }
  /** The rules in force in a directory: its parents' first, so that its own win. */
  #rulesOf(path) {
    const id = key(path);
    const known = this.#rules.get(id);
    if (known !== void 0) return known;
    const above = path.length === 0 ? this.#exclude() : this.#rulesOf(parent(path));
    const own = text(this.#find(join(path, Buffer.from(".gitignore"))), RULES);
    const rules = own === null ? above : (0, import_ignore2.default)({ ignorecase: false }).add(above).add(rebase(own, Buffer.from(path).toString()));
    this.#rules.set(id, rules);
    return rules;
  }
  #exclude() {
    const own = text(this.#find(Buffer.from(".git/info/exclude")), RULES);
    return (0, import_ignore2.default)({ ignorecase: false }).add(own === null ? [] : rebase(own, ""));
  }
  #readIndex() {
    const bytes = content(this.#find(Buffer.from(".git/index")), INDEX);
    return bytes === null ? null : trackedPaths(bytes);
  }
  /** Goes down by directories only: no link of the base is followed. */
  #find(path) {
    let directory2 = this.#root;
    for (const name of split(parent(path))) directory2 = directory2?.child(name)?.directory ?? null;
    return directory2?.child(basename(path)) ?? null;
  }
};
function rebase(rules, directory2) {
  return rules.replace(/^\uFEFF/, "").split(/\r?\n/).flatMap((line) => {
    const negated = line.startsWith("!");
    const rule = negated ? line.slice(1) : line;
    if (rule.trim() === "" || line.startsWith("#") || rule.split("*").length - 1 > STARS) return [];
    if (directory2 === "") return [line];
    const slash = rule.indexOf("/");
    const anchored = slash !== -1 && slash < rule.trimEnd().length - 1;
    const place = directory2.replace(/[\\*?[\] ]/g, "\\$&");
    return [`${negated ? "!" : ""}/${place}/${anchored ? rule.replace(/^\//, "") : `**/${rule}`}`];
  });
}
function text(entry, most) {
  return content(entry, most)?.toString() ?? null;
}
function content(entry, most) {
  if (entry === null || !entry.stat.isFile() || entry.stat.size > most) return null;
  const fd = entry.tree.open(entry.path);
  try {
    return readAll(fd, entry.stat.size);
  } finally {
    closeSync3(fd);
  }
}

// src/changes/patch.ts

// src/changes/headers.ts
var HEADER = Buffer.from("diff --git ");
async function* usualHeaders(patch) {
  let rest = Buffer.alloc(0);
  for await (const piece of patch) {
    const all = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
    const end = all.lastIndexOf(10) + 1;
    rest = all.subarray(end);
    if (end > 0) yield rewrite(all.subarray(0, end));
  }
  if (rest.length > 0) yield rewrite(rest);
}
function rewrite(lines) {
  const parts = [];
  let done = 0;
  for (let at = header(lines, 0); at !== -1; at = header(lines, done)) {
    const from = at + HEADER.length;
    const newline = lines.indexOf(10, from);
    const to = newline === -1 ? lines.length : newline;
    parts.push(lines.subarray(done, from), sides(lines.subarray(from, to)));
    done = to;
  }
  parts.push(lines.subarray(done));
  return Buffer.concat(parts);
}
function header(lines, from) {
  for (let at = lines.indexOf(HEADER, from); at !== -1; at = lines.indexOf(HEADER, at + 1)) {
    if (at === 0 || lines[at - 1] === 10) return at;
  }
  return -1;
}
function sides(text2) {
  const half = (text2.length - 1) / 2;
  const left = Buffer.from(text2.subarray(0, half));
  const right = Buffer.from(text2.subarray(half + 1));
  if (!left.equals(right)) return text2;
  const at = left[0] === 34 ? 1 : 0;
  left[at] = 97;
  right[at] = 98;
  return Buffer.concat([left, Buffer.from(" "), right]);
}

// src/changes/patch.ts
var LARGEST = 5 << 20;
var COPIED = 512 << 20;
var LONGEST = 3800;
var WRITE = constants2.O_WRONLY | constants2.O_CREAT | constants2.O_EXCL | constants2.O_NOFOLLOW;
async function writePatch(fd, items, scratch, copied = COPIED) {
  const leftOut = [];
  const sides2 = { before: new Copy(scratch, "a"), after: new Copy(scratch, "b") };
  let budget = copied;
  let files = 0;
  for (const item of items) {
    if (item.view.layer !== "workspace" || !isVisibleToGit(item)) continue;
    const size = (item.before?.entry.size ?? 0) + (item.after?.entry.size ?? 0);
    const why = reason2(item) ?? (size > budget ? "full" : null);
    if (why !== null) {
      leftOut.push({ path: item.change.path, why });
      continue;
    }
    for (const part of ["before", "after"]) {
      const side2 = item[part];
      if (side2 !== null && isContent(side2)) sides2[part].add(pathOf(item), side2);
    }
    budget -= size;
    files += 1;
  }
  await diff(fd, scratch);
  return { files, leftOut };
}
var pathOf = (item) => join(item.view.prefix, item.path);
function isContent(side2) {
  return side2?.entry.type === "file" || side2?.entry.type === "symlink";
}
function isVisibleToGit({ change, before, after }) {
  if (change.op === "metadata") return change.after.type === "file" && ((change.before.mode ^ change.after.mode) & 64) !== 0;
  return isContent(before) || isContent(after) || after !== null && after.entry.type !== "directory";
}
function reason2(item) {
  const { flags } = item.change;
  if (flags.includes("secret")) return "secret";
  if (flags.includes("ignored")) return "ignored";
  if (flags.includes("git-dir")) return "git-dir";
  const sides2 = [item.before, item.after].filter((side2) => side2 !== null);
  if (sides2.some((side2) => !isContent(side2) && side2.entry.type !== "directory")) return "special";
  if (item.withheld) return "unread";
  if (sides2.some((side2) => side2.entry.size > LARGEST)) return "too-large";
  if (pathOf(item).length > LONGEST) return "long-path";
  const isModules = /^(?:\.gitmod|gitmod~|g[i7eba]{0,5}~\d)/i.test(basename(pathOf(item)).toString("latin1"));
  return isModules && sides2.some((side2) => side2.entry.type === "symlink") ? "gitmodules-link" : null;
}
var Copy = class {
  #root;
  #made = /* @__PURE__ */ new Set();
  constructor(scratch, name) {
    this.#root = Buffer.from(`${scratch}/${name}`);
    mkdirSync(this.#root, { mode: 448 });
  }
  add(path, side2) {
    this.#directories(parent(path));
    const to = join(this.#root, path);
    if (side2.entry.link !== null) {
      symlinkSync(Buffer.from(side2.entry.link), to);
      return;
    }
    const from = side2.tree.open(side2.path);
    try {
      const fd = openSync(to, WRITE, (side2.entry.mode & 64) === 0 ? 384 : 448);
      writeAll(fd, readAll(from, side2.entry.size));
      closeSync4(fd);
    } finally {
      closeSync4(from);
    }
  }
  #directories(path) {
    let here = Buffer.alloc(0);
    for (const name of split(path)) {
      here = join(here, name);
      if (this.#made.has(key(here))) continue;
      mkdirSync(join(this.#root, here), { mode: 448 });
      this.#made.add(key(here));
    }
  }
};
var OPTIONS = ["--no-index", "--no-prefix", "--binary", "--full-index", "--no-ext-diff", "--no-textconv", "--no-color", "--no-renames"];
async function diff(fd, scratch) {
  const env = {
    PATH: process.env.PATH ?? "/usr/bin:/bin",
    LC_ALL: "C",
    HOME: "/nonexistent",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_CEILING_DIRECTORIES: dirname(scratch)
  };
  const git = spawn("git", ["diff", ...OPTIONS, "a", "b"], { cwd: scratch, env, stdio: ["ignore", "pipe", "pipe"] });
  const said = [];
  git.stderr.on("data", (piece) => said.push(piece));
  const copy = async () => {
    for await (const piece of usualHeaders(git.stdout)) writeAll(fd, piece);
  };
  try {
    const [[code, signal]] = await Promise.all([once(git, "close"), copy()]);
    if (code !== 0 && code !== 1) throw new Error(`it ended with ${code ?? signal}: ${Buffer.concat(said).toString().slice(0, 500)}`);
  } catch (error) {
    throw new JailError("git could not make the patch", "Is git 2.32 or later installed?", null, { cause: error });
  }
}

// src/changes/rename.ts
function withRenames(changes) {
  const renamed = /* @__PURE__ */ new Map();
  match(changes, renamed, (path) => key(basename(path)));
  match(changes, renamed, () => "");
  const taken = new Set(renamed.values());
  return changes.flatMap((change) => {
    if (taken.has(change)) return [];
    const origin = change.op === "added" ? renamed.get(change) : void 0;
    return change.op === "added" && origin !== void 0 ? [rename(origin, change)] : [change];
  });
}
function match(changes, renamed, nameOf) {
  const taken = /* @__PURE__ */ new Set([...renamed.keys(), ...renamed.values()]);
  const groups = /* @__PURE__ */ new Map();
  for (const change of changes) {
    if (taken.has(change) || change.op !== "added" && change.op !== "deleted") continue;
    const entry = change.op === "added" ? change.after : change.before;
    if (entry.sha256 === null || entry.size === 0) continue;
    const id = [change.layer, change.flags.includes("ignored"), entry.sha256, nameOf(change.path)].join(" ");
    const group = groups.get(id) ?? { deleted: [], added: [] };
    groups.set(id, group);
    if (change.op === "added") group.added.push(change);
    else group.deleted.push(change);
  }
  for (const { deleted, added } of groups.values()) {
    const named = nameOf(Buffer.from("x")) !== "";
    if (deleted.length !== added.length || !named && added.length !== 1) continue;
    for (const [at, change] of added.entries()) renamed.set(change, deleted[at]);
  }
}
function rename(from, to) {
  const flags = FLAGS.filter((flag) => to.flags.includes(flag) || from.flags.includes(flag));
  return { path: to.path, layer: to.layer, op: "renamed", flags, from: from.path, before: from.before, after: to.after };
}

// src/changes/result.ts
var LARGEST_RESULT = 64 << 10;
function writeResult(fd, result, search) {
  const from = openRegular(result);
  if (from === null) return;
  try {
    const bytes = readAll(from, LARGEST_RESULT + search.longest);
    const text2 = Buffer.from(search.mask(bytes, Math.min(LARGEST_RESULT, bytes.length)).toString());
    writeAll(fd, text2.subarray(0, characterStart(text2, LARGEST_RESULT)));
  } finally {
    closeSync5(from);
  }
}
function characterStart(text2, most) {
  let at = Math.min(most, text2.length);
  while (at < text2.length && ((text2[at] ?? 0) & 192) === 128) at -= 1;
  return at;
}
function openRegular(path) {
  try {
    const fd = openSync2(path, constants3.O_RDONLY | constants3.O_NOFOLLOW | constants3.O_NONBLOCK | constants3.O_NOCTTY);
    if (fstatSync(fd).isFile()) return fd;
    closeSync5(fd);
    return null;
  } catch (error) {
    if (["ENOENT", "ELOOP", "ENXIO", "ENODEV"].includes(error.code ?? "")) return null;
    throw error;
  }
}

// src/changes/secrets.ts
var SHORTEST = 4;
var MASK = Buffer.from("***");
function simpleForms(secrets) {
  return secrets.map(({ name, value }) => {
    const plain = Buffer.from(value);
    const hex = plain.toString("hex");
    const texts = [hex, hex.toUpperCase(), ...[0, 1, 2].flatMap((shift) => aligned(plain, shift))];
    const forms = [plain, ...texts.map((text2) => Buffer.from(text2))].filter((form) => form.length >= SHORTEST);
    return { name, bytes: [...new Map(forms.map((form) => [form.toString("latin1"), form])).values()] };
  });
}
function aligned(plain, shift) {
  const from = Math.ceil(shift * 8 / 6);
  const to = Math.floor((shift + plain.length) * 8 / 6);
  const padded = Buffer.concat([Buffer.alloc(shift), plain]);
  return [padded.toString("base64").slice(from, to), padded.toString("base64url").slice(from, to)];
}
var SecretSearch = class {
  #forms;
  /** Bytes of the longest form. */
  longest;
  constructor(forms) {
    this.#forms = forms.map(({ name, bytes }) => ({ name, bytes: bytes.filter((form) => form.length > 0) }));
    this.longest = Math.max(0, ...this.#forms.flatMap(({ bytes }) => bytes.map((form) => form.length)));
  }
  get idle() {
    return this.longest === 0;
  }
  /** The name of a secret that stands in `bytes`. */
  find(bytes) {
    for (const { name, bytes: forms } of this.#forms) if (forms.some((form) => bytes.includes(form))) return name;
    return null;
  }
  /** A search over pieces of one stream; a form may be cut by their borders. */
  stream() {
    let tail = Buffer.alloc(0);
    return (piece) => {
      if (this.idle) return null;
      const found = this.find(tail.length === 0 ? piece : Buffer.concat([tail, piece]));
      const all = piece.length >= this.longest ? piece : Buffer.concat([tail, piece]);
      tail = Buffer.from(all.subarray(Math.max(0, all.length - this.longest + 1)));
      return found;
    };
  }
  /** The first `limit` bytes with every form replaced; one that crosses the limit is replaced as well. */
  mask(bytes, limit = bytes.length) {
    const hits = this.#hits(bytes);
    const parts = [];
    let done = 0;
    for (const [from, to] of hits) {
      if (from >= limit) break;
      if (from >= done) parts.push(bytes.subarray(done, from), MASK);
      done = Math.max(done, to);
    }
    if (done < limit) parts.push(bytes.subarray(done, limit));
    return Buffer.concat(parts);
  }
  #hits(bytes) {
    const hits = [];
    for (const { bytes: forms } of this.#forms) {
      for (const form of forms) {
        for (let at = bytes.indexOf(form); at !== -1; at = bytes.indexOf(form, at + 1)) hits.push([at, at + form.length]);
      }
    }
    return hits.sort((a, b) => a[0] - b[0] || b[1] - a[1]);
  }
};

// src/changes/lower.ts
function isWhiteout(stat) {
  return stat.isCharacterDevice() && stat.rdev === 0;
}
var BaseDirectory = class _BaseDirectory {
  path;
  #trees;
  constructor(path, trees) {
    this.path = path;
    this.#trees = trees;
  }
  child(name) {
    const path = join(this.path, name);
    const trees = [];
    let top = null;
    for (const tree2 of this.#trees) {
      const stat = tree2.lstat(path);
      if (stat === null) continue;
      if (isWhiteout(stat)) break;
      if (!stat.isDirectory()) {
        if (top === null) return { stat, tree: tree2, path, directory: null };
        break;
      }
      top ??= stat;
      trees.push(tree2);
    }
    const [tree] = trees;
    return top === null || tree === void 0 ? null : { stat: top, tree, path, directory: new _BaseDirectory(path, trees) };
  }
  /** Names by `key`. */
  names() {
    const names = /* @__PURE__ */ new Map();
    const hidden = /* @__PURE__ */ new Set();
    for (const tree of this.#trees) {
      for (const entry of tree.list(this.path)) {
        const id = key(entry.name);
        if (hidden.has(id)) continue;
        const stat = entry.isCharacterDevice() ? tree.lstat(join(this.path, entry.name)) : null;
        if (stat !== null && isWhiteout(stat)) hidden.add(id);
        else names.set(id, entry.name);
      }
    }
    return names;
  }
};

// src/changes/tree.ts
var CALL = 4e3;
var DEEPEST = 32768;
var KEPT = 256;
var SLASH = Buffer.from("/");
var READ = constants4.O_RDONLY | constants4.O_NOFOLLOW | constants4.O_NONBLOCK | constants4.O_NOCTTY;
var DIRECTORY2 = constants4.O_RDONLY | constants4.O_NOFOLLOW | constants4.O_DIRECTORY;
var Tree = class {
  root;
  #anchors = /* @__PURE__ */ new Map();
  constructor(root) {
    this.root = Buffer.from(root);
  }
  /** null: there is no such entry. */
  lstat(rel) {
    return lstatSync(this.#at(rel), { throwIfNoEntry: false }) ?? null;
  }
  lstatExact(rel) {
    return lstatSync(this.#at(rel), { throwIfNoEntry: false, bigint: true }) ?? null;
  }
  list(rel) {
    return readdirSync(this.#at(rel), { encoding: "buffer", withFileTypes: true });
  }
  readlink(rel) {
    return readlinkSync(this.#at(rel), { encoding: "buffer" });
  }
  /** A descriptor of a regular file; anything else throws, and a FIFO or a device is never waited for. */
  open(rel) {
    const fd = openSync3(this.#at(rel), READ);
    if (fstatSync2(fd).isFile()) return fd;
    closeSync6(fd);
    throw new Error("a regular file became something else");
  }
  close() {
    for (const fd of this.#anchors.values()) closeSync6(fd);
    this.#anchors.clear();
  }
  #at(rel) {
    if (this.root.length + rel.length < CALL) return rel.length === 0 ? this.root : Buffer.concat([this.root, SLASH, rel]);
    if (rel.length > DEEPEST) {
      throw new JailError(
        `the jail left a path of more than ${DEEPEST} bytes, so its changes cannot be listed`,
        "Look in the transcript for what makes directories without end."
      );
    }
    if (this.#anchors.size > KEPT) this.close();
    return this.#beyond(rel);
  }
  /** A long path as `/proc/self/fd/N/rest`, N being a directory on the way; each piece is cut at a slash. */
  #beyond(rel) {
    const bytes = Buffer.from(rel);
    let base = this.root;
    let done = 0;
    while (base.length + bytes.length - done >= CALL) {
      const cut = bytes.lastIndexOf(47, done + CALL - base.length - 1);
      if (cut <= done) throw new Error("a name of more than 255 bytes");
      const name = bytes.toString("latin1", 0, cut);
      let fd = this.#anchors.get(name);
      if (fd === void 0) {
        fd = openSync3(join(base, bytes.subarray(done, cut)), DIRECTORY2);
        this.#anchors.set(name, fd);
      }
      base = Buffer.from(`/proc/self/fd/${fd}`);
      done = cut + 1;
    }
    return join(base, bytes.subarray(done));
  }
};

// src/changes/view.ts
var EMPTY = Buffer.alloc(0);
function openView(layer2, workspace) {
  const upper = new Tree(layer2.upper);
  const merged = new Tree(layer2.merged);
  const lowers = layer2.lowers.map((lower) => new Tree(lower));
  const root = merged.lstat(EMPTY);
  const top = upper.lstat(EMPTY);
  if (root === null || top === null) {
    throw new JailError(`the layer of ${layer2.target} is not there any more`, "Was something unmounted while the run went on?");
  }
  const inside = Buffer.from(layer2.target.replace(/^\/+/, ""));
  return {
    layer: layer2.layer,
    target: layer2.target,
    prefix: layer2.layer === "root" ? inside : layer2.layer === "workspace" ? Buffer.from(layer2.target.slice(workspace.length + 1)) : EMPTY,
    place: inside,
    upper,
    merged,
    base: lowers.length === 0 ? null : new BaseDirectory(EMPTY, lowers),
    host: lowers.at(-1) ?? null,
    swapped: layer2.swapped,
    trees: [upper, merged, ...lowers],
    device: root.dev,
    born: top.birthtimeMs
  };
}

// src/changes/origin.ts
var TRIES = 16;
var DEEP = 64;
var LOW = 0xffffffffn;
function isUntouched(merged, path, base, names) {
  return names.length === 0 || probe(merged, path, base, names, DEEP) === "same";
}
function probe(merged, path, base, names, deep) {
  const directories = [];
  for (const name of names.slice(0, TRIES)) {
    const seen = merged.lstatExact(join(path, name));
    const entry = base.child(name);
    const expected = entry?.tree.lstatExact(entry.path) ?? null;
    if (seen === null || expected === null) return "other";
    if (seen.isDirectory() && expected.isDirectory()) directories.push(name);
    else if (!isSame(seen, expected)) return "other";
    else if (seen.nlink === 1n) return "same";
  }
  if (deep === 0) return "unknown";
  for (const name of directories.slice(0, 2)) {
    const verdict = below(merged, join(path, name), base.child(name)?.directory ?? null, deep - 1);
    if (verdict !== "unknown") return verdict;
  }
  return "unknown";
}
function below(merged, path, base, deep) {
  if (base === null) return "other";
  const names = merged.list(path).map((entry) => entry.name);
  const expected = base.names();
  if (names.length !== expected.size || names.some((name) => !expected.has(key(name)))) return "other";
  return probe(merged, path, base, names, deep);
}
function isSame(a, b) {
  return (a.ino & LOW) === (b.ino & LOW) && a.ctimeNs === b.ctimeNs && a.mtimeNs === b.mtimeNs && a.size === b.size && a.mode === b.mode;
}

// src/changes/walk.ts
function* walk(view2) {
  const todo = [{ path: Buffer.alloc(0), base: view2.base, upper: true }];
  for (let next = todo.pop(); next !== void 0; next = todo.pop()) yield* directory(view2, next, todo);
}
function* directory(view2, here, todo) {
  const { base } = here;
  const merged = namesOf(view2.merged.list(here.path));
  const before = base?.names() ?? /* @__PURE__ */ new Map();
  for (const [id, name] of before) {
    const entry = merged.has(id) ? null : base?.child(name) ?? null;
    if (entry !== null) yield* gone(view2, join(here.path, name), entry);
  }
  const own = here.upper && base !== null ? namesOf(view2.upper.list(here.path)) : null;
  if (own === null || base === null) {
    for (const name of merged.values()) yield* compare(view2, join(here.path, name), base?.child(name) ?? null, here.upper, todo);
    return;
  }
  const rest = [...merged].filter(([id]) => !own.has(id));
  const untouched = rest.every(([id]) => before.has(id)) && // Nobody can put another directory in the place of a mount.
  (here.path.length === 0 || isUntouched(
    view2.merged,
    here.path,
    base,
    rest.map(([, name]) => name)
  ));
  for (const [id, name] of merged) {
    if (!own.has(id) && untouched) continue;
    yield* compare(view2, join(here.path, name), before.has(id) ? base.child(name) : null, own.has(id), todo);
  }
}
function* compare(view2, path, base, upper, todo) {
  const stat = view2.merged.lstat(path);
  if (stat === null) throw new Error("an entry vanished while the changes were read");
  if (stat.isDirectory() && stat.dev !== view2.device) return;
  const several = stat.nlink > 1 && !stat.isDirectory() && upper;
  const inode = several ? `${view2.target} ${view2.upper.lstat(path)?.ino ?? key(path)}` : null;
  const after = side(view2.merged, path, stat, view2.swapped, inode);
  const before = base === null ? null : sideOf(view2, base);
  if (!stat.isDirectory()) {
    yield { path, before, after };
    if (base?.directory) yield* children(view2, path, base.directory);
    return;
  }
  todo.push({ path, base: base?.directory ?? null, upper });
  if (before === null || before.entry.type !== "directory" || !sameMetadata(before.entry, after.entry)) yield { path, before, after };
}
function* gone(view2, path, base) {
  const todo = [{ path, base }];
  for (let next = todo.pop(); next !== void 0; next = todo.pop()) {
    yield { path: next.path, before: sideOf(view2, next.base), after: null };
    const { directory: directory2 } = next.base;
    if (directory2 === null) continue;
    for (const name of directory2.names().values()) {
      const child = directory2.child(name);
      if (child !== null) todo.push({ path: join(next.path, name), base: child });
    }
  }
}
function* children(view2, path, base) {
  for (const name of base.names().values()) {
    const child = base.child(name);
    if (child !== null) yield* gone(view2, join(path, name), child);
  }
}
function sideOf(view2, base) {
  return side(base.tree, base.path, base.stat, view2.swapped, null);
}
function namesOf(entries) {
  return new Map(entries.map((entry) => [key(entry.name), entry.name]));
}

// src/changes/collect.ts
async function collectChanges(request, forms = simpleForms(request.secrets)) {
  const views = [];
  try {
    const workspace = request.layers.find(({ layer: layer2 }) => layer2 === "workspace")?.target ?? "";
    for (const layer2 of request.layers) views.push(openView(layer2, workspace));
    return await collect(request, views, new SecretSearch(forms));
  } catch (error) {
    if (error instanceof JailError) throw error;
    throw new JailError(
      `the changes could not be collected: ${cause(error)}`,
      "Nothing of this run can be trusted to be complete; run it again.",
      null,
      { cause: error }
    );
  } finally {
    for (const view2 of views) for (const tree of view2.trees) tree.close();
  }
}
function cause(error) {
  if (!(error instanceof Error)) return String(error);
  const { code, syscall } = error;
  return code === void 0 ? error.message : `${code}${syscall === void 0 ? "" : ` (${syscall})`}`;
}
async function collect(request, views, search) {
  const { outputs } = request;
  const items = await differences(views, search);
  const patch = await writePatch(outputs["changes.patch"], items, request.scratch);
  const archive = await writeArchive(outputs["changes.tar.gz"], items);
  const ignored = items.filter(({ change }) => change.flags.includes("ignored")).length;
  const withheld = items.filter((item) => item.withheld).length;
  const changes = withRenames(items.map(({ change }) => change));
  const header2 = { id: request.id, layers: views.map(({ layer: layer2, target }) => ({ layer: layer2, target })) };
  writeManifest(outputs["changes.ndjson"], header2, changes, { ignored, withheld, patch, archive });
  writeResult(outputs["result.txt"], request.result, search);
  return { changed: changes.filter(counts).length, ignored, withheld };
}
async function differences(views, search) {
  const reader = new ContentReader(search);
  const items = [];
  const ignored = new Ignored(views.find(({ layer: layer2 }) => layer2 === "workspace")?.base ?? null);
  for (const view2 of views) {
    for (const pair of walk(view2)) {
      const item = await difference(view2, pair, { reader, search, ignored });
      if (item !== null) items.push(item);
    }
  }
  return items.sort((a, b) => byLayerAndPath(a.change, b.change));
}
function counts(change) {
  if (change.layer !== "workspace" || change.flags.includes("ignored") || change.flags.includes("git-dir")) return false;
  return [..."before" in change ? [change.before] : [], ..."after" in change ? [change.after] : []].some(
    ({ type }) => type !== "directory"
  );
}
export {
  collectChanges
};
