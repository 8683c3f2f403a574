const { closeSync, createWriteStream, readSync } = process.getBuiltinModule("node:fs");
const { Readable } = process.getBuiltinModule("node:stream");
const { pipeline } = process.getBuiltinModule("node:stream/promises");
const { createGzip } = process.getBuiltinModule("node:zlib");
const { closeSync: closeSync2 } = process.getBuiltinModule("node:fs");
const { spawn } = process.getBuiltinModule("node:child_process");
const { once } = process.getBuiltinModule("node:events");
const { closeSync: closeSync3, openSync, rmSync } = process.getBuiltinModule("node:fs");
const { join: join2 } = process.getBuiltinModule("node:path");
const { spawn: spawn2 } = process.getBuiltinModule("node:child_process");
const { once: once2 } = process.getBuiltinModule("node:events");
const { closeSync: closeSync5 } = process.getBuiltinModule("node:fs");
const { createHash, hash } = process.getBuiltinModule("node:crypto");
const { closeSync: closeSync4, mkdirSync, openSync: openSync2, readSync: readSync2, writeFileSync } = process.getBuiltinModule("node:fs");
const { crc32 } = process.getBuiltinModule("node:zlib");
const { closeSync: closeSync6, constants, fstatSync, openSync: openSync3 } = process.getBuiltinModule("node:fs");
const { closeSync: closeSync7, constants: constants2, fstatSync: fstatSync2, lstatSync, opendirSync, openSync: openSync4, readdirSync, readlinkSync } = process.getBuiltinModule("node:fs");
import {
  ContentReader,
  SecretSearch,
  byLayerAndPath,
  readAll,
  simpleForms,
  writeManifest,
  writeSessions
} from "./shared-changes-content.js";
import {
  flagsOf,
  isWhiteoutName,
  whyLater
} from "./shared-changes-runs-later.js";
import {
  asPath,
  basename,
  join,
  key,
  parent,
  split,
  view
} from "./shared-changes-bytes.js";
import {
  BLOCK,
  padding,
  tarHeader
} from "./shared-system-tar.js";
import "./shared-secrets-tokens.js";
import {
  FLAGS
} from "./shared-model-changes.js";
import {
  OTHER_PATCHES
} from "./shared-model-record.js";
import {
  writeAll
} from "./shared-system-ndjson.js";
import {
  require_ignore
} from "./shared-ignore.js";
import "./shared-model-trajectory.js";
import "./shared-system-exec.js";
import {
  JailError
} from "./shared-model-errors.js";
import {
  __toESM
} from "./shared-runtime.js";

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
    if (item.after !== null && why === null) plan.entries.push({ name, side: item.after, bytes: item.bytes.after });
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
  for (const { name, side: side2, bytes } of entries) {
    const original = side2.inode === null ? void 0 : first.get(side2.inode);
    if (side2.inode !== null && original === void 0) first.set(side2.inode, name);
    yield tarHeader(original === void 0 ? entryOf(name, side2) : { ...entryOf(name, side2), type: "link", size: 0, link: original });
    if (original === void 0 && side2.entry.type === "file") yield* fileBlocks(side2, bytes);
  }
  yield Buffer.alloc(2 * BLOCK);
}
function entryOf(name, { entry }) {
  const type = entry.type;
  return {
    name,
    type,
    mode: entry.mode,
    uid: entry.uid,
    gid: entry.gid,
    size: type === "file" ? entry.size : 0,
    mtime: entry.mtime ?? 0,
    xattrs: entry.xattrs ?? {},
    link: entry.link
  };
}
function* fileBlocks(side2, bytes) {
  const { size } = side2.entry;
  if (bytes !== null) {
    yield bytes;
    yield padding(size);
    return;
  }
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
function* batches(pieces) {
  let pending = [];
  let size = 0;
  for (const piece of pieces) {
    pending.push(piece);
    size += piece.length;
    if (size < CHUNK) continue;
    yield Buffer.concat(pending);
    pending = [];
    size = 0;
  }
  yield Buffer.concat(pending);
}

// src/changes/base.ts
var Base = class {
  #root;
  constructor(root) {
    this.#root = known(root);
  }
  get empty() {
    return this.#root === null;
  }
  /** null: there was nothing. */
  find(path) {
    let at = this.#root;
    for (const name of split(parent(path))) {
      if (at === null) return null;
      const id = key(name);
      let next = at.below.get(id);
      if (next === void 0) {
        next = known(at.directory.child(name)?.directory ?? null);
        at.below.set(id, next);
      }
      at = next;
    }
    return at?.directory.child(basename(path)) ?? null;
  }
  /** Of a regular file of at most `most` bytes. */
  read(path, most) {
    const entry = this.find(path);
    if (entry === null || !entry.stat.isFile() || entry.stat.size > most) return null;
    const fd = entry.tree.open(entry.path);
    try {
      return readAll(fd, entry.stat.size);
    } finally {
      closeSync2(fd);
    }
  }
};
var known = (directory2) => directory2 === null ? null : { directory: directory2, below: /* @__PURE__ */ new Map() };

// src/changes/checkouts.ts
var GIT = Buffer.from(".git");
var POINTER = 4096;
var Checkouts = class {
  #base;
  #known = /* @__PURE__ */ new Map();
  constructor(base) {
    this.#base = base;
  }
  /** The innermost one that a path lies in. That a directory is a checkout's root does not put it inside. */
  of(path) {
    return this.#at(parent(path));
  }
  #at(directory2) {
    const id = key(directory2);
    const known2 = this.#known.get(id);
    if (known2 !== void 0) return known2;
    const git = this.#gitOf(directory2);
    const checkout = git !== void 0 ? { root: directory2, git, common: git && this.#commonOf(git) } : directory2.length === 0 ? { root: directory2, git: null, common: null } : this.#at(parent(directory2));
    this.#known.set(id, checkout);
    return checkout;
  }
  /** undefined: no checkout begins here. A link is not followed. */
  #gitOf(directory2) {
    const path = join(directory2, GIT);
    const entry = this.#base.find(path);
    if (entry === null) return void 0;
    if (entry.directory !== null) return path;
    const [, pointer] = /^gitdir: ([^\n]+)\n?$/.exec(this.#text(path) ?? "") ?? [];
    return pointer === void 0 ? null : resolve(directory2, pointer);
  }
  #commonOf(git) {
    const pointer = this.#text(join(git, Buffer.from("commondir")));
    return pointer === null ? git : resolve(git, pointer.replace(/\n$/, ""));
  }
  #text(path) {
    return this.#base.read(path, POINTER)?.toString("latin1") ?? null;
  }
};
function within(path, { root }) {
  return view(path).subarray(root.length === 0 ? 0 : root.length + 1);
}
function resolve(from, pointer) {
  if (pointer.startsWith("/")) return null;
  const names = split(from);
  for (const name of split(Buffer.from(pointer, "latin1"))) {
    const text = key(name);
    if (text === ".") continue;
    if (text !== "..") names.push(name);
    else if (names.pop() === void 0) return null;
  }
  return names.reduce(join, Buffer.alloc(0));
}

// src/changes/attributes.ts
var import_ignore = __toESM(require_ignore(), 1);
var LINES = 1e4;
var STARS = 4;
var BINARY = [
  ["diff", false],
  ["merge", false],
  ["text", false]
];
var AttributesFile = class {
  #rules;
  constructor(text) {
    this.#rules = text.replace(/^\uFEFF/, "").split(/\r?\n/).slice(0, LINES).flatMap((line) => ruleOf(line) ?? []).reverse();
  }
  /** Says of `path`, relative to this file's directory, what `known` does not say yet. null: nothing is said, and nothing above counts. */
  add(path, known2) {
    for (const { pattern, says } of this.#rules) {
      if (says.every(([name]) => known2.has(name)) || !pattern.ignores(path)) continue;
      for (const [name, value] of says) if (!known2.has(name)) known2.set(name, value);
    }
  }
};
function ruleOf(line) {
  const [, quoted, plain, rest = ""] = /^\s*(?:"((?:[^"\\]|\\.)*)"|(\S+))(.*)$/.exec(line) ?? [];
  const glob = quoted?.replace(/\\(.)/g, "$1") ?? plain;
  if (glob === void 0 || /^[#![]/.test(glob) || glob.split("*").length - 1 > STARS) return null;
  const says = rest.trim().split(/\s+/).filter((word) => word !== "").flatMap(saidBy).reverse();
  return says.length === 0 ? null : [{ pattern: (0, import_ignore.default)({ ignorecase: false }).add(glob), says }];
}
function saidBy(word) {
  if (word === "binary") return [...BINARY];
  if (word.startsWith("-")) return [[word.slice(1), false]];
  if (word.startsWith("!")) return [[word.slice(1), null]];
  const at = word.indexOf("=");
  return [at === -1 ? [word, true] : [word.slice(0, at), word.slice(at + 1)]];
}
function isFiltered(attributes, autocrlf, texts) {
  const is = (name) => (attributes.get(name) ?? false) !== false;
  if (is("filter") || is("working-tree-encoding")) return true;
  if (is("ident") && texts.some(({ ident }) => ident)) return true;
  const eol = attributes.get("eol");
  const automatic = autocrlf !== null && autocrlf !== "false";
  const text = attributes.get("text") ?? attributes.get("crlf") ?? (typeof eol === "string" ? true : automatic ? "auto" : false);
  if (text === false) return false;
  const some = text === "auto" ? texts.filter(({ binary }) => !binary) : texts;
  return eol === "crlf" || eol !== "lf" && autocrlf === "true" ? some.length > 0 : some.some(({ crlf }) => crlf);
}

// src/changes/xattrs.ts
var XattrReader = class {
  #list;
  #complete = true;
  constructor(scratch) {
    this.#list = `${scratch}/paths`;
  }
  /** False: those of some entries could not be read. */
  get complete() {
    return this.#complete;
  }
  /** Of those sides that have some. What else is done meanwhile goes on beside it. */
  async read(sides) {
    const found = /* @__PURE__ */ new Map();
    if (sides.length === 0) return found;
    const asked = sides.map((side2) => ({ side: side2, path: side2.tree.absolute(side2.path) }));
    const reachable = asked.flatMap(({ side: side2, path }) => path === null ? [] : [{ side: side2, path }]);
    if (reachable.length < asked.length) this.#complete = false;
    for (const line of await this.#ask(reachable.map(({ path }) => path))) {
      const [number, name, value] = line.split(" ");
      const side2 = reachable[Number(number)]?.side;
      if (side2 === void 0 || name === void 0 || value === void 0) continue;
      const known2 = found.get(side2) ?? {};
      known2[Buffer.from(name, "hex").toString("latin1")] = Buffer.from(value, "hex").toString("base64");
      found.set(side2, known2);
    }
    return found;
  }
  async #ask(paths) {
    const file = openSync(this.#list, "wx+", 384);
    try {
      writeAll(file, Buffer.concat(paths.flatMap((path) => [path, Buffer.of(0)])), 0);
      const env = { PATH: process.env["PATH"] ?? "/usr/bin:/bin", LC_ALL: "C" };
      const perl = spawn("perl", [join2(import.meta.dirname, "xattrs.pl")], { env, stdio: [file, "pipe", "ignore"] });
      const pieces = [];
      perl.stdout?.on("data", (piece) => pieces.push(piece));
      const [code] = await once(perl, "close");
      if (code !== 0) this.#complete = false;
      return Buffer.concat(pieces).toString("latin1").split("\n").slice(0, -1);
    } catch {
      this.#complete = false;
      return [];
    } finally {
      closeSync3(file);
      rmSync(this.#list);
    }
  }
};
function sameXattrs(a, b) {
  const [left, right] = [Object.entries(a ?? {}), b ?? {}];
  return left.length === Object.keys(right).length && left.every(([name, value]) => right[name] === value);
}

// src/changes/entry.ts
function side(tree, path, stat, swapped, inode) {
  const link = stat.isSymbolicLink() ? tree.readlink(path) : null;
  return {
    tree,
    path,
    entry: entryOf2(stat, link, swapped),
    ctime: stat.ctimeMs,
    holes: holesOf(stat),
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
    link: link === null ? null : asPath(link),
    mtime: Math.floor(stat.mtimeMs / 1e3),
    ...stat.isFile() && stat.nlink > 1 ? { names: stat.nlink } : {},
    ...holesOf(stat) >= HOLE ? { stored: stat.blocks * 512 } : {}
  };
}
var HOLE = 1 << 16;
function holesOf(stat) {
  return stat.isFile() ? Math.max(0, stat.size - stat.blocks * 512) : 0;
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
  return a.uid === b.uid && a.gid === b.gid && (a.mode === b.mode || a.type === "symlink") && sameXattrs(a.xattrs, b.xattrs);
}

// src/changes/compare.ts
async function contentsOf({ layer: layer2 }, { before, after }, reader) {
  const tokens = layer2 === "workspace";
  return { old: await contentOf(before, reader, tokens), now: await contentOf(after, reader, tokens) };
}
function difference(view2, pair, { old, now }, tools) {
  const { before, after } = pair;
  const op = operation(before, after, old, now, tools.touched);
  if (op === null) return null;
  const path = join(view2.prefix, pair.path);
  const names = [path, before?.entry.link, after?.entry.link].filter((bytes) => bytes !== null && bytes !== void 0);
  const ignored = view2.layer === "workspace" && tools.ignored.test(path, (after ?? before)?.entry.type === "directory", before !== null);
  const known2 = (old?.secret ?? now?.secret ?? null) !== null || names.some((bytes) => tools.search.find(view(bytes)) !== null);
  const token = ignored ? void 0 : now?.tokens.find(({ value }) => old?.tokens.every((one) => one.value !== value) ?? true);
  const secret = known2 || token !== void 0;
  const unread = now !== null && now.sha256 === null;
  const directory2 = (after ?? before)?.entry.type === "directory";
  const attributes = view2.layer === "workspace" && !directory2 ? tools.repository.attributes(path) : /* @__PURE__ */ new Map();
  const texts = [old, now].filter((content) => content !== null);
  const flags = flagsOf({
    layer: view2.layer,
    target: view2.target,
    path,
    before: before?.entry ?? null,
    after: after?.entry ?? null,
    binary: (now ?? old)?.binary ?? false,
    secret,
    unread,
    ignored,
    baseChanged: before !== null && before.tree === view2.host && view2.born > 0 && before.ctime > view2.born,
    generated: (attributes.get("linguist-generated") ?? "false") !== "false" && attributes.get("linguist-generated") !== false,
    filtered: view2.layer === "workspace" && isFiltered(attributes, tools.repository.autocrlf(path), texts)
  });
  const why = flags.includes("runs-later") ? whyLater(path, directory2) : null;
  const entry = (side2, content) => {
    const link = side2.entry.link === null ? null : asPath(secret ? tools.search.mask(view(side2.entry.link)) : side2.entry.link);
    return { ...side2.entry, link, sha256: secret ? null : content?.sha256 ?? null };
  };
  const change = {
    path: asPath(secret ? tools.search.mask(path) : path),
    layer: view2.layer,
    flags,
    op,
    ...why === null ? {} : { why },
    ...known2 || token === void 0 ? {} : { token: token.name },
    ...pair.more === void 0 ? {} : { more: pair.more },
    ...before === null ? {} : { before: entry(before, old) },
    ...after === null ? {} : { after: entry(after, now) }
  };
  return {
    change,
    view: view2,
    path: pair.path,
    before,
    after,
    withheld: secret || unread,
    bytes: { before: old?.bytes ?? null, after: now?.bytes ?? null },
    checkout: view2.layer === "workspace" ? tools.checkouts.of(path) : null
  };
}
async function contentOf(side2, reader, tokens) {
  return side2?.entry.type === "file" ? await reader.read(side2, tokens) : null;
}
function operation(before, after, old, now, touched) {
  if (before === null) return "added";
  if (after === null) return "deleted";
  const [a, b] = [before.entry, after.entry];
  if (a.type !== b.type) return "retyped";
  if (a.type === "file" && (now?.sha256 ?? null) === null) return "modified";
  if (old?.sha256 !== now?.sha256) return "modified";
  if (a.link !== null && b.link !== null && Buffer.compare(a.link, b.link) !== 0) return "modified";
  if (!sameMetadata(a, b)) return "metadata";
  return touched && a.type !== "directory" && a.mtime !== b.mtime ? "touched" : null;
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
function trackedPaths(index2) {
  try {
    return index2.length >= 12 && index2.toString("latin1", 0, 4) === "DIRC" ? parse(index2) : null;
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}
function parse(index2) {
  const version = index2.readUInt32BE(4);
  if (version < 2 || version > 4) return null;
  const paths = /* @__PURE__ */ new Set();
  let name = "";
  let at = 12;
  for (let left = index2.readUInt32BE(8); left > 0; left -= 1) {
    if (index2.readUInt32BE(at + 24) >>> 0 === DIRECTORY) return null;
    const extended = version > 2 && (index2.readUInt16BE(at + 60) & 16384) !== 0;
    let from = at + (extended ? 64 : 62);
    let kept = "";
    if (version === 4) {
      const { value, next } = varint(index2, from);
      kept = name.slice(0, Math.max(0, name.length - value));
      from = next;
    }
    const end = index2.indexOf(0, from);
    if (end === -1) return null;
    name = kept + index2.toString("latin1", from, end);
    paths.add(name);
    at = version === 4 ? end + 1 : at + (end - at + 8 & ~7);
  }
  return hasLink(index2, at) ? null : paths;
}
function hasLink(index2, from) {
  for (let at = from; at + 8 <= index2.length - 20; at += 8 + index2.readUInt32BE(at + 4)) {
    if (index2.toString("latin1", at, at + 4) === "link") return true;
  }
  return false;
}

// src/changes/ignored.ts
var RULES = 1 << 20;
var INDEX = 256 << 20;
var STARS2 = 4;
var Ignored = class {
  #base;
  #checkouts;
  #rules = /* @__PURE__ */ new Map();
  #tracked = /* @__PURE__ */ new Map();
  #whole = /* @__PURE__ */ new Map();
  constructor(base, checkouts) {
    this.#base = base;
    this.#checkouts = checkouts;
  }
  test(path, directory2, inBase) {
    if (this.#base.empty) return false;
    const checkout = this.#checkouts.of(path);
    if (this.#isIgnored(checkout)) return true;
    const text = Buffer.from(path).toString() + (directory2 ? "/" : "");
    if (!this.#rulesOf(parent(path), checkout).ignores(text)) return false;
    if (directory2 || !inBase) return true;
    return this.#tracks(checkout, path) === false;
  }
  /** By the checkout around it, which has it as a submodule or not at all. */
  #isIgnored(checkout) {
    const { root } = checkout;
    if (root.length === 0) return false;
    let whole = this.#whole.get(checkout);
    if (whole === void 0) {
      whole = this.test(root, true, true) && this.#tracks(this.#checkouts.of(root), root) !== true;
      this.#whole.set(checkout, whole);
    }
    return whole;
  }
  /** null: the index cannot be read. */
  #tracks(checkout, path) {
    let tracked = this.#tracked.get(checkout);
    if (tracked === void 0) {
      const bytes = checkout.git === null ? null : this.#base.read(join(checkout.git, Buffer.from("index")), INDEX);
      tracked = bytes === null ? null : trackedPaths(bytes);
      this.#tracked.set(checkout, tracked);
    }
    return tracked?.has(key(within(path, checkout))) ?? null;
  }
  /** The rules in force in a directory: its parents' first, so that its own win. */
  #rulesOf(path, checkout) {
    const id = key(path);
    const known2 = this.#rules.get(id);
    if (known2 !== void 0) return known2;
    const above = path.length === checkout.root.length ? this.#exclude(checkout) : this.#rulesOf(parent(path), checkout);
    const own = this.#text(join(path, Buffer.from(".gitignore")));
    const rules = own === null ? above : (0, import_ignore2.default)({ ignorecase: false }).add(above).add(rebase(own, Buffer.from(path).toString()));
    this.#rules.set(id, rules);
    return rules;
  }
  #exclude({ root, common }) {
    const own = common === null ? null : this.#text(join(common, Buffer.from("info/exclude")));
    return (0, import_ignore2.default)({ ignorecase: false }).add(own === null ? [] : rebase(own, root.toString()));
  }
  #text(path) {
    return this.#base.read(path, RULES)?.toString() ?? null;
  }
};
function rebase(rules, directory2) {
  return rules.replace(/^\uFEFF/, "").split(/\r?\n/).flatMap((line) => {
    const negated = line.startsWith("!");
    const rule = negated ? line.slice(1) : line;
    if (rule.trim() === "" || line.startsWith("#") || rule.split("*").length - 1 > STARS2) return [];
    if (directory2 === "") return [line];
    const slash = rule.indexOf("/");
    const anchored = slash !== -1 && slash < rule.trimEnd().length - 1;
    const place = directory2.replace(/[\\*?[\] ]/g, "\\$&");
    return [`${negated ? "!" : ""}/${place}/${anchored ? rule.replace(/^\//, "") : `**/${rule}`}`];
  });
}

// src/changes/patch.ts

// src/changes/git-tree.ts
var GitTree = class {
  #root = /* @__PURE__ */ new Map();
  add(path, leaf) {
    const names = key(path).split("/");
    let directory2 = this.#root;
    for (const name of names.slice(0, -1)) {
      const there = directory2.get(name);
      const next = there instanceof Map ? there : /* @__PURE__ */ new Map();
      directory2.set(name, next);
      directory2 = next;
    }
    directory2.set(names.at(-1) ?? "", leaf);
  }
  write(pack) {
    return write(this.#root, pack);
  }
};
function write(directory2, pack) {
  const sortable = [...directory2].map(([name, entry]) => ({ by: entry instanceof Map ? `${name}/` : name, name, entry }));
  const entries = sortable.sort((a, b) => a.by < b.by ? -1 : 1).map(({ name, entry }) => {
    const [mode, id] = entry instanceof Map ? ["40000", write(entry, pack)] : [entry.mode, entry.id];
    return `${mode} ${name}\0${id}`;
  });
  return pack.add("tree", Buffer.from(entries.join(""), "latin1"));
}

// src/changes/pack.ts
var TYPES = { tree: 2, blob: 3 };
var GATHERED = 1 << 20;
var STORED = 65535;
var FRAME = 64;
var BLOCK2 = 5;
var Pack = class {
  repository;
  #fd;
  #known = /* @__PURE__ */ new Map();
  /** What is written next: objects are put together here, since memory of their own would cost more than they do. */
  #buffer = Buffer.allocUnsafeSlow(2 * GATHERED);
  #size = 12;
  #offset = 12;
  constructor(scratch) {
    this.repository = `${scratch}/patch.git`;
    for (const directory2 of ["", "/refs", "/objects", "/objects/pack"]) mkdirSync(this.repository + directory2, { mode: 448 });
    writeFileSync(`${this.repository}/HEAD`, "ref: refs/heads/none\n");
    writeFileSync(`${this.repository}/config`, "[core]\n	repositoryformatversion = 0\n	bare = true\n");
    this.#fd = openSync2(this.#path("pack"), "wx+", 384);
  }
  add(type, content) {
    const bytes = this.#room(content.length + FRAME + BLOCK2 * Math.ceil(content.length / STORED));
    const start = bytes.write(`${type} ${content.length}\0`, "latin1");
    content.copy(bytes, start);
    const id = hash("sha1", bytes.subarray(0, start + content.length), "binary");
    if (this.#known.has(id)) return id;
    const object = bytes.subarray(0, stored(bytes, header(bytes, TYPES[type], content.length), content));
    this.#known.set(id, { crc: crc32(object), offset: this.#offset });
    this.#size += object.length;
    this.#offset += object.length;
    return id;
  }
  /** Now git can read it. */
  close() {
    this.#flush();
    const start = Buffer.from("PACK\0\0\0\0\0\0\0", "latin1");
    start.writeUInt32BE(this.#known.size, 8);
    writeAll(this.#fd, start, 0);
    const checksum = this.#checksum();
    writeAll(this.#fd, checksum, this.#offset);
    closeSync4(this.#fd);
    writeFileSync(this.#path("idx"), index(this.#known, checksum), { flag: "wx", mode: 384 });
  }
  /** Over all that is written: how many objects there are is known last and stands first. */
  #checksum() {
    const sum = createHash("sha1");
    const piece = Buffer.allocUnsafe(GATHERED);
    for (let at = 0; at < this.#offset; ) {
      const got = readSync2(this.#fd, piece, 0, piece.length, at);
      if (got === 0) throw new Error("a pack became shorter while it was read");
      sum.update(piece.subarray(0, got));
      at += got;
    }
    return sum.digest();
  }
  #path(kind) {
    return `${this.repository}/objects/pack/pack-${"0".repeat(40)}.${kind}`;
  }
  /** Room for `most` bytes after those that are gathered. */
  #room(most) {
    if (this.#size >= GATHERED || this.#size + most > this.#buffer.length) this.#flush();
    if (most > this.#buffer.length) this.#buffer = Buffer.allocUnsafeSlow(most);
    return this.#buffer.subarray(this.#size);
  }
  #flush() {
    writeAll(this.#fd, this.#buffer.subarray(0, this.#size));
    this.#size = 0;
  }
};
function header(bytes, type, size) {
  let at = 0;
  bytes[at] = type << 4 | size & 15;
  for (let rest = size >>> 4; rest > 0; rest >>>= 7) {
    bytes[at] = (bytes[at] ?? 0) | 128;
    at += 1;
    bytes[at] = rest & 127;
  }
  return at + 1;
}
function stored(bytes, from, content) {
  let at = bytes.writeUInt16BE(30721, from);
  for (let done = 0; done === 0 || done < content.length; done += STORED) {
    const size = Math.min(STORED, content.length - done);
    bytes[at] = done + STORED >= content.length ? 1 : 0;
    at = bytes.writeUInt16LE(size, at + 1);
    at = bytes.writeUInt16LE(size ^ 65535, at);
    at += content.copy(bytes, at, done, done + size);
  }
  return bytes.writeUInt32BE(adler32(content), at);
}
function adler32(bytes) {
  let [a, b] = [1, 0];
  for (let from = 0; from < bytes.length; from += 5552) {
    const to = Math.min(from + 5552, bytes.length);
    for (let at = from; at < to; at += 1) {
      a += bytes[at];
      b += a;
    }
    a %= 65521;
    b %= 65521;
  }
  return b * 65536 + a;
}
function index(objects, checksum) {
  const sorted = [...objects.keys()].sort();
  const fan = Buffer.alloc(1024);
  let at = 0;
  for (let first = 0; first < 256; first += 1) {
    while (at < sorted.length && (sorted[at]?.charCodeAt(0) ?? 0) <= first) at += 1;
    fan.writeUInt32BE(at, first * 4);
  }
  const numbers = (of) => {
    const bytes = Buffer.alloc(4 * sorted.length);
    sorted.forEach((id, place) => bytes.writeUInt32BE(of(objects.get(id)), place * 4));
    return bytes;
  };
  const body = Buffer.concat([
    Buffer.from("ÿtOc\0\0\0", "latin1"),
    fan,
    Buffer.from(sorted.join(""), "latin1"),
    numbers(({ crc }) => crc),
    numbers(({ offset }) => offset),
    checksum
  ]);
  return Buffer.concat([body, hash("sha1", body, "buffer")]);
}

// src/changes/patch.ts
var LARGEST = 5 << 20;
var COPIED = 512 << 20;
var LONGEST = 3800;
async function writePatches(fds, items, scratch, copied = COPIED) {
  const leftOut = [];
  const pack = new Pack(scratch);
  const compared = /* @__PURE__ */ new Map();
  let budget = copied;
  for (const item of items) {
    const { checkout } = item;
    if (checkout === null || !isVisibleToGit(item)) continue;
    const size = (item.before?.entry.size ?? 0) + (item.after?.entry.size ?? 0);
    const others2 = [...compared.keys()].filter(({ root }) => root.length > 0).length;
    const full = checkout.root.length > 0 && others2 === OTHER_PATCHES.length && !compared.has(checkout);
    const why = reason2(item) ?? (full ? "other-repository" : size > budget ? "full" : null);
    if (why !== null) {
      leftOut.push({ path: item.change.path, why });
      continue;
    }
    let comparison = compared.get(checkout);
    if (comparison === void 0)
      compared.set(checkout, comparison = { checkout, before: new GitTree(), after: new GitTree(), files: 0 });
    const path = within(pathOf(item), checkout);
    add(item.before, item.bytes.before, path, comparison.before, pack);
    add(item.after, item.bytes.after, path, comparison.after, pack);
    budget -= size;
    comparison.files += 1;
  }
  const ids = new Map([...compared.values()].map((one) => [one, [one.before.write(pack), one.after.write(pack)]]));
  pack.close();
  let files = 0;
  const others = [];
  for (const [{ checkout, ...comparison }, trees] of ids) {
    const file = checkout.root.length === 0 ? "changes.patch" : OTHER_PATCHES[others.length];
    if (file !== "changes.patch") others.push({ file, path: checkout.root, files: comparison.files });
    files += comparison.files;
    await diff(fds[file], pack.repository, trees);
  }
  return { files, leftOut, others };
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
  if (flags.includes("filtered")) return "filtered";
  const sides = [item.before, item.after].filter((side2) => side2 !== null);
  if (sides.some((side2) => !isContent(side2) && side2.entry.type !== "directory")) return "special";
  if (item.withheld) return "unread";
  if (sides.some((side2) => side2.entry.size > LARGEST)) return "too-large";
  if (pathOf(item).length > LONGEST) return "long-path";
  const isModules = /^(?:\.gitmod|gitmod~|g[i7eba]{0,5}~\d)/i.test(basename(pathOf(item)).toString("latin1"));
  return isModules && sides.some((side2) => side2.entry.type === "symlink") ? "gitmodules-link" : null;
}
function add(side2, bytes, path, tree, pack) {
  if (side2?.entry.link) tree.add(path, { mode: "120000", id: pack.add("blob", Buffer.from(side2.entry.link)) });
  if (side2?.entry.type !== "file") return;
  const mode = (side2.entry.mode & 64) === 0 ? "100644" : "100755";
  tree.add(path, { mode, id: pack.add("blob", bytes ?? contentOf2(side2)) });
}
function contentOf2(side2) {
  const fd = side2.tree.open(side2.path);
  try {
    return readAll(fd, side2.entry.size);
  } finally {
    closeSync5(fd);
  }
}
var OPTIONS = ["-r", "--patch", "--binary", "--full-index", "--no-ext-diff", "--no-textconv", "--no-color", "--no-renames"];
async function diff(fd, repository, trees) {
  const env = {
    PATH: process.env.PATH ?? "/usr/bin:/bin",
    LC_ALL: "C",
    HOME: "/nonexistent",
    GIT_DIR: ".",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_ATTR_NOSYSTEM: "1"
  };
  const ids = trees.map((id) => Buffer.from(id, "latin1").toString("hex"));
  const git = spawn2("git", ["diff-tree", ...OPTIONS, ...ids], { cwd: repository, env, stdio: ["ignore", fd, "pipe"] });
  const said = [];
  git.stderr?.on("data", (piece) => said.push(piece));
  try {
    const [code, signal] = await once2(git, "close");
    if (code !== 0) throw new Error(`it ended with ${code ?? signal}: ${Buffer.concat(said).toString().slice(0, 500)}`);
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
  const why = to.why ?? from.why;
  return {
    path: to.path,
    layer: to.layer,
    op: "renamed",
    flags,
    ...why === void 0 ? {} : { why },
    from: from.path,
    before: from.before,
    after: to.after
  };
}

// src/changes/repository.ts
var FILE = 1 << 20;
var Repository = class {
  #base;
  #checkouts;
  #files = /* @__PURE__ */ new Map();
  #autocrlf = /* @__PURE__ */ new Map();
  constructor(base, checkouts) {
    this.#base = base;
    this.#checkouts = checkouts;
  }
  /** `core.autocrlf` where the path is; null: not set. */
  autocrlf(path) {
    const checkout = this.#checkouts.of(path);
    let value = this.#autocrlf.get(checkout);
    if (value === void 0) {
      const text = checkout.common === null ? null : this.#base.read(join(checkout.common, Buffer.from("config")), FILE);
      value = /^\s*autocrlf\s*=\s*"?(\w+)/im.exec(text?.toString() ?? "")?.[1]?.toLowerCase() ?? null;
      this.#autocrlf.set(checkout, value);
    }
    return value;
  }
  /** As git would find them: `info/attributes` first, then the nearest directory's, up to the top of the checkout. */
  attributes(path) {
    const { root, common } = this.#checkouts.of(path);
    const known2 = /* @__PURE__ */ new Map();
    const whole = Buffer.from(path).toString();
    const from = (directory2) => whole.slice(directory2.length === 0 ? 0 : directory2.toString().length + 1);
    if (common !== null) this.#fileOf(join(common, Buffer.from("info/attributes")))?.add(from(root), known2);
    for (let directory2 = parent(path); ; directory2 = parent(directory2)) {
      this.#fileOf(join(directory2, Buffer.from(".gitattributes")))?.add(from(directory2), known2);
      if (directory2.length === root.length) break;
    }
    return new Map([...known2].flatMap(([name, value]) => value === null ? [] : [[name, value]]));
  }
  #fileOf(path) {
    const id = key(path);
    let file = this.#files.get(id);
    if (file === void 0) {
      const bytes = this.#base.read(path, FILE);
      file = bytes === null ? null : new AttributesFile(bytes.toString());
      this.#files.set(id, file);
    }
    return file;
  }
};

// src/changes/result.ts
var LARGEST_RESULT = 64 << 10;
function writeResult(fd, result, search) {
  const from = openRegular(result);
  if (from === null) return;
  try {
    const bytes = readAll(from, LARGEST_RESULT + search.longest);
    const text = Buffer.from(search.mask(bytes, Math.min(LARGEST_RESULT, bytes.length)).toString());
    writeAll(fd, text.subarray(0, characterStart(text, LARGEST_RESULT)));
  } finally {
    closeSync6(from);
  }
}
function characterStart(text, most) {
  let at = Math.min(most, text.length);
  while (at < text.length && ((text[at] ?? 0) & 192) === 128) at -= 1;
  return at;
}
function openRegular(path) {
  try {
    const fd = openSync3(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK | constants.O_NOCTTY);
    if (fstatSync(fd).isFile()) return fd;
    closeSync6(fd);
    return null;
  } catch (error) {
    if (["ENOENT", "ELOOP", "ENXIO", "ENODEV"].includes(error.code ?? "")) return null;
    throw error;
  }
}

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
  /** Names that `except` lacks, as far as they are asked for. One that an upper lower hides is among them, and there is no such child. */
  *others(except) {
    for (const tree of this.#trees) for (const name of tree.names(this.path)) if (!except.has(key(name))) yield name;
  }
  /** Names by `key`. */
  names() {
    const names = /* @__PURE__ */ new Map();
    const hidden = /* @__PURE__ */ new Set();
    for (const tree of this.#trees) {
      for (const entry of tree.entries(this.path)) {
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
var READ = constants2.O_RDONLY | constants2.O_NOFOLLOW | constants2.O_NONBLOCK | constants2.O_NOCTTY;
var DIRECTORY2 = constants2.O_RDONLY | constants2.O_NOFOLLOW | constants2.O_DIRECTORY;
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
    return readdirSync(this.#at(rel), { encoding: "buffer" });
  }
  entries(rel) {
    return readdirSync(this.#at(rel), { encoding: "buffer", withFileTypes: true });
  }
  /** The names of a directory as far as they are asked for. */
  *names(rel) {
    const dir = opendirSync(this.#at(rel), { encoding: "buffer", bufferSize: 4 });
    try {
      for (let entry = dir.readSync(); entry !== null; entry = dir.readSync()) yield entry.name;
    } finally {
      dir.closeSync();
    }
  }
  readlink(rel) {
    return readlinkSync(this.#at(rel), { encoding: "buffer" });
  }
  /** A descriptor of a regular file; anything else throws, and a FIFO or a device is never waited for. */
  open(rel) {
    const fd = openSync4(this.#at(rel), READ);
    if (fstatSync2(fd).isFile()) return fd;
    closeSync7(fd);
    throw new Error("a regular file became something else");
  }
  /** For another program; null: longer than a system call takes. */
  absolute(rel) {
    return this.root.length + rel.length < CALL ? this.#at(rel) : null;
  }
  close() {
    for (const fd of this.#anchors.values()) closeSync7(fd);
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
        fd = openSync4(join(base, bytes.subarray(done, cut)), DIRECTORY2);
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
  return probe(merged, path, base, names, DEEP) === "same";
}
function probe(merged, path, base, names, deep) {
  const directories = [];
  let left = TRIES;
  for (const name of names) {
    if (left-- === 0) break;
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
  const names = merged.list(path);
  const expected = base.names();
  if (names.length !== expected.size || names.some((name) => !expected.has(key(name)))) return "other";
  return probe(merged, path, base, names, deep);
}
function isSame(a, b) {
  return (a.ino & LOW) === (b.ino & LOW) && a.ctimeNs === b.ctimeNs && a.mtimeNs === b.mtimeNs && a.size === b.size && a.mode === b.mode;
}

// src/changes/walk.ts
var LISTED = 1e3;
function* walk(view2, missed2 = () => true) {
  const todo = [{ path: Buffer.alloc(0), base: view2.base, upper: true }];
  for (let next = todo.pop(); next !== void 0; next = todo.pop()) yield* directory(view2, next, todo, missed2);
}
function* directory(view2, here, todo, missed2) {
  const { base, path } = here;
  const own = here.upper && base !== null ? namesOf(view2.upper.list(path)) : null;
  if (own !== null && base !== null && (path.length === 0 || isUntouched(view2.merged, path, base, base.others(own)))) {
    for (const name of own.values()) yield* compare(view2, join(path, name), base.child(name), true, todo, missed2);
    return;
  }
  const merged = namesOf(view2.merged.list(path));
  const before = base?.names() ?? /* @__PURE__ */ new Map();
  for (const [id, name] of before)
    if (!merged.has(id)) yield* compare(view2, join(path, name), base?.child(name) ?? null, false, todo, missed2);
  for (const [id, name] of merged) {
    const entry = before.has(id) ? base?.child(name) ?? null : null;
    yield* compare(view2, join(path, name), entry, own?.has(id) ?? here.upper, todo, missed2);
  }
}
function* compare(view2, path, base, upper, todo, missed2) {
  const stat = view2.merged.lstat(path);
  const before = base === null ? null : sideOf(view2, base);
  if (stat === null) {
    if (base !== null) yield { path, before, after: null, ...more(yield* gone(view2, path, base.directory, missed2)) };
    return;
  }
  if (stat.isDirectory() && stat.dev !== view2.device) return;
  const several = stat.nlink > 1 && !stat.isDirectory() && upper;
  const inode = several ? `${view2.target} ${view2.upper.lstat(path)?.ino ?? key(path)}` : null;
  const after = side(view2.merged, path, stat, view2.swapped, inode);
  if (!stat.isDirectory()) {
    yield { path, before, after, ...more(yield* gone(view2, path, base?.directory ?? null, missed2)) };
    return;
  }
  todo.push({ path, base: base?.directory ?? null, upper });
  yield { path, before, after };
}
var more = (count) => count === 0 ? {} : { more: count };
function* gone(view2, path, base, missed2) {
  const todo = base === null ? [] : [{ path, directory: base }];
  let listed = 0;
  let unlisted = 0;
  for (let next = todo.pop(); next !== void 0; next = todo.pop()) {
    for (const name of next.directory.names().values()) {
      const child = next.directory.child(name);
      if (child === null) continue;
      const at = join(next.path, name);
      if (child.directory !== null) todo.push({ path: at, directory: child.directory });
      if (listed >= LISTED && !missed2(at, child.directory !== null)) unlisted += 1;
      else yield { path: at, before: sideOf(view2, child), after: null };
      listed += 1;
    }
  }
  return unlisted;
}
function sideOf(view2, base) {
  return side(base.tree, base.path, base.stat, view2.swapped, null);
}
function namesOf(names) {
  return new Map(names.map((name) => [key(name), name]));
}

// src/changes/collect.ts
async function collectChanges(request, forms = simpleForms(request.secrets), masks = []) {
  const views = [];
  try {
    const workspace = request.layers.find(({ layer: layer2 }) => layer2 === "workspace")?.target ?? "";
    for (const layer2 of request.layers) views.push(openView(layer2, workspace));
    return await collect(request, views, new SecretSearch(forms), new SecretSearch([...forms, ...masks]));
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
async function collect(request, views, search, shown) {
  const { outputs } = request;
  const xattrs = new XattrReader(request.scratch);
  const items = await differences(views, search, xattrs, request.touched);
  const changed = items.filter(({ change }) => change.op !== "touched");
  const written = [writePatches(outputs, changed, request.scratch), writeArchive(outputs["changes.tar.gz"], changed)];
  await Promise.allSettled(written);
  const [patch, archive] = await Promise.all(written);
  const unlisted = items.reduce((sum, { change }) => sum + (change.more ?? 0), 0);
  const ignored = unlisted + changed.filter(({ change }) => change.flags.includes("ignored")).length;
  const withheld = changed.filter((item) => item.withheld).length;
  const changes = withRenames(items.map(({ change }) => change));
  const header2 = { id: request.id, layers: views.map(({ layer: layer2, target }) => ({ layer: layer2, target })) };
  writeManifest(outputs["changes.ndjson"], header2, changes, { ignored, withheld, xattrs: xattrs.complete, patch, archive });
  writeResult(outputs["result.txt"], request.result, shown);
  const home = views.find(({ layer: layer2 }) => layer2 === "home") ?? null;
  const { leftOut } = writeSessions(outputs["agent.ndjson"], { id: request.id }, home, request.agents, shown, request.scratch);
  return { changed: changes.filter(counts).length, ignored, withheld, sessionsLeft: leftOut.length };
}
async function differences(views, search, xattrs, touched = false) {
  const reader = new ContentReader(search);
  const items = [];
  const base = new Base(views.find(({ layer: layer2 }) => layer2 === "workspace")?.base ?? null);
  const checkouts = new Checkouts(base);
  const tools = { search, touched, checkouts, ignored: new Ignored(base, checkouts), repository: new Repository(base, checkouts) };
  for (const view2 of views) {
    for (const pairs of batches2(walk(view2, missed(view2, tools.ignored)))) {
      const found = xattrs.read(pairs.flatMap(({ before, after }) => [before, after].filter((side2) => side2 !== null)));
      const contents = [];
      for (const pair of pairs) contents.push(await contentsOf(view2, pair, reader));
      const attributes = await found;
      for (const [at, pair] of pairs.entries()) {
        const item = difference(view2, withXattrs(pair, attributes), contents[at], tools);
        if (item !== null) items.push(item);
      }
    }
  }
  return items.sort((a, b) => byLayerAndPath(a.change, b.change));
}
function missed(view2, ignored) {
  return (path, directory2) => view2.layer !== "workspace" || !ignored.test(join(view2.prefix, path), directory2, true);
}
var TOGETHER = 2e4;
function* batches2(pairs) {
  let batch = [];
  for (const pair of pairs) {
    batch.push(pair);
    if (batch.length < TOGETHER) continue;
    yield batch;
    batch = [];
  }
  yield batch;
}
function withXattrs(pair, found) {
  const full = (side2) => {
    const xattrs = side2 === null ? void 0 : found.get(side2);
    return side2 === null || xattrs === void 0 ? side2 : { ...side2, entry: { ...side2.entry, xattrs } };
  };
  return { ...pair, before: full(pair.before), after: full(pair.after) };
}
function counts(change) {
  if (change.op === "touched" || change.layer !== "workspace" || change.flags.includes("ignored") || change.flags.includes("git-dir"))
    return false;
  return [..."before" in change ? [change.before] : [], ..."after" in change ? [change.after] : []].some(
    ({ type }) => type !== "directory"
  );
}
export {
  collectChanges,
  differences
};
