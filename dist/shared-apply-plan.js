const { lstatSync: lstatSync4 } = process.getBuiltinModule("node:fs");
const { copyFileSync, existsSync, linkSync, lstatSync, renameSync, rmSync } = process.getBuiltinModule("node:fs");
const { join } = process.getBuiltinModule("node:path");
const { createHash } = process.getBuiltinModule("node:crypto");
const {
  closeSync,
  constants,
  fstatSync,
  linkSync: linkSync2,
  lstatSync: lstatSync2,
  mkdirSync,
  openSync,
  readlinkSync,
  readSync,
  renameSync: renameSync2,
  rmdirSync,
  unlinkSync
} = process.getBuiltinModule("node:fs");
const { createHash: createHash2 } = process.getBuiltinModule("node:crypto");
const { closeSync: closeSync2, openSync: openSync2, renameSync: renameSync3, rmSync: rmSync2 } = process.getBuiltinModule("node:fs");
const { pipeline, Readable } = process.getBuiltinModule("node:stream");
const { createGunzip } = process.getBuiltinModule("node:zlib");
const { chmodSync, copyFileSync: copyFileSync2, mkdirSync: mkdirSync2, readFileSync, renameSync: renameSync4, rmSync: rmSync3, symlinkSync, writeFileSync } = process.getBuiltinModule("node:fs");
const { join: join2 } = process.getBuiltinModule("node:path");
const { lstatSync: lstatSync3, rmSync: rmSync4 } = process.getBuiltinModule("node:fs");
const { lstatSync: lstatSync5, realpathSync } = process.getBuiltinModule("node:fs");
const { createHash: createHash3 } = process.getBuiltinModule("node:crypto");
import {
  runsLater
} from "./shared-changes-runs-later.js";
import {
  readTar
} from "./shared-system-untar.js";
import {
  baseOf,
  git,
  withoutFilters
} from "./shared-system-git.js";
import {
  verify
} from "./shared-record-verify.js";
import {
  decideRun,
  evaluate,
  trajectoryOf
} from "./shared-guard-changes.js";
import {
  openRecordDir
} from "./shared-record-read.js";
import {
  RecordError
} from "./shared-record-error.js";
import {
  SEALED_FILES
} from "./shared-record-write.js";
import {
  isSpare
} from "./shared-model-record.js";
import {
  writeAll
} from "./shared-system-ndjson.js";
import {
  displayPath,
  displayText
} from "./shared-record-display.js";
import {
  JailError,
  UserError
} from "./shared-model-errors.js";
import {
  __callDispose,
  __using
} from "./shared-runtime.js";

// src/apply/apply.ts

// src/apply/commit.ts

// src/apply/refusal.ts
var Refusal = class extends Error {
  name = "Refusal";
  remedy;
  /** Paths and the like, in a form that can be shown; a few, and how many more there are. */
  what;
  more;
  constructor(message, remedy, { what, more } = NOTHING) {
    super(message);
    this.remedy = remedy;
    this.what = what;
    this.more = more;
  }
};
var NOTHING = { what: [], more: 0 };
var Problems = class {
  #what = [];
  #more = 0;
  add(text) {
    if (this.#what.length < NAMED) this.#what.push(text);
    else this.#more += 1;
  }
  get count() {
    return this.#what.length + this.#more;
  }
  /** @throws Refusal if there is any. */
  refuse(message, remedy) {
    if (this.count > 0) throw new Refusal(message, remedy, { what: this.#what, more: this.#more });
  }
};
var NAMED = 20;

// src/apply/commit.ts
async function makeCommit(target, stage, places, wish, head) {
  const index = join(target.gitDir, "index");
  if (existsSync(index)) copyFileSync(index, stage.index);
  const emptied = await withoutFilters(target.top);
  if (emptied === null) throw new Refusal("a filter in the configuration of git has a name that cannot be left out", "commit by yourself");
  const paths = [...places].sort((a, b) => Number(a.after !== null) - Number(b.after !== null)).map(({ path }) => `${path}\0`);
  await refuseFiltered(target, places);
  const run = async (args, options = {}) => must(
    args,
    await git(target.top, [...emptied, ...args], { timeout: TIMEOUT, ...options, env: { GIT_INDEX_FILE: stage.index, ...options.env } })
  );
  await run(["update-index", "--add", "--remove", "-z", "--stdin"], { input: Buffer.from(paths.join(""), "latin1") });
  const tree = await run(["write-tree"]);
  if (tree === await run(["rev-parse", "--verify", `${head}^{tree}`])) return null;
  const { name, email, message } = wish;
  const env = { GIT_AUTHOR_NAME: name, GIT_AUTHOR_EMAIL: email, GIT_COMMITTER_NAME: name, GIT_COMMITTER_EMAIL: email };
  return await run(["commit-tree", tree, "-p", head], { input: message, env });
}
var TIMEOUT = 12e4;
async function moveHead(target, stage, commit, head) {
  try {
    linkSync(stage.index, lockOf(target));
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
    throw new Refusal(
      "another git is at work in the checkout: its index is locked",
      `wait for it; if there is none, remove ${lockOf(target)}`
    );
  }
  const args = ["update-ref", "-m", "agent-jail apply", "HEAD", commit, head];
  must(args, await git(target.top, args));
  renameSync(lockOf(target), join(target.gitDir, "index"));
}
function followHead(target, stage) {
  unlock(target, stage);
  if (existsSync(stage.index)) renameSync(stage.index, join(target.gitDir, "index"));
}
function unlock(target, stage) {
  const lock = lstatSync(lockOf(target), { throwIfNoEntry: false });
  const ours = lstatSync(stage.index, { throwIfNoEntry: false });
  if (lock !== void 0 && lock.ino === ours?.ino && lock.dev === ours.dev) rmSync(lockOf(target));
}
async function headOf(target) {
  const args = ["rev-parse", "--verify", "--quiet", "HEAD^{commit}"];
  return must(args, await git(target.top, args));
}
var lockOf = ({ gitDir }) => join(gitDir, "index.lock");
async function refuseFiltered({ top }, places) {
  const paths = places.flatMap(({ path, after }) => after?.kind === "file" ? [`${path}\0`] : []);
  const args = ["check-attr", "--stdin", "-z", "filter"];
  const said = must(args, await git(top, args, { input: Buffer.from(paths.join(""), "latin1"), maxBuffer: 1 << 28, timeout: TIMEOUT }));
  const fields = said.split("\0");
  for (let at2 = 0; at2 + 2 < fields.length; at2 += 3) {
    const [path = "", , value = ""] = fields.slice(at2, at2 + 3);
    if (value === "unspecified" || value === "unset" || value === "set") continue;
    throw new Refusal(
      `${displayText(path)} goes through the git filter ${displayText(value)}, a program that is not run here`,
      "apply without a commit, look at the files, and commit by yourself"
    );
  }
}
function must(args, { code, stdout, stderr }) {
  if (code === 0) return stdout.toString().trimEnd();
  throw new Error(`git ${args[0]} ended with ${code}: ${displayText(stderr.toString().trim())}`);
}

// src/apply/paths.ts
var pathOf = (bytes) => Buffer.from(bytes).toString("latin1");
var bytesOf = (path) => Buffer.from(path, "latin1");
var partsOf = (path) => path.split("/");
var parentOf = (path) => path.slice(0, Math.max(0, path.lastIndexOf("/")));
var nameOf = (path) => path.slice(path.lastIndexOf("/") + 1);
function* ancestorsOf(path) {
  for (let here = parentOf(path); here !== ""; here = parentOf(here)) yield here;
}
var isPlainGitDir = (path) => partsOf(path).includes(".git");
var DROPPED = /[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/g;
function isGitName(name) {
  return /(?:^|\\)(?:\.git|git~\d+)[. ]*(?:$|[\\:])/i.test(plain(name));
}
function isObeyed(name) {
  return /^(?:\.(?:gitmodules|gitattributes|gitignore|mailmap)|(?:gitmod|gitatt|gitign|mailma)~\d+)[. ]*$/i.test(plain(name));
}
var plain = (name) => Buffer.from(name, "latin1").toString("utf8").replace(DROPPED, "");
function pathProblem(path) {
  const parts = partsOf(path);
  if (path.includes("\0") || parts.some((part) => part === "" || part === "." || part === ".."))
    return "it is not a path below the checkout";
  if (parts.some(isGitName)) return "git may take a part of it for its own directory";
  return null;
}
function linkProblem(path, target) {
  if (target.startsWith("/") || /^[a-z]:/i.test(target)) return "it is a link to an absolute path";
  if (target.includes("\\")) return "it is a link that may lead out of the checkout";
  if (target === "" || target.includes("\0")) return "it is a link to nothing";
  const names = partsOf(target).filter((part) => part !== "" && part !== ".");
  const ups = names.findIndex((part) => part !== "..");
  const climbs = ups === -1 ? names.length : ups;
  if (names.slice(climbs).includes("..") || climbs > partsOf(path).length - 1) return "it is a link that may lead out of the checkout";
  if (names.some(isGitName)) return "it is a link into git’s own directory";
  if (isObeyed(nameOf(path))) return "git obeys this file, and it is a link";
  return null;
}

// src/apply/tree.ts
var DIRECTORY = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;
var FILE = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK | constants.O_NOCTTY;
var Blocked = class extends Error {
  name = "Blocked";
};
var Tree = class {
  #top;
  constructor(top) {
    this.#top = openSync(top, DIRECTORY);
  }
  close() {
    closeSync(this.#top);
  }
  get device() {
    return fstatSync(this.#top).dev;
  }
  /** null: there is nothing. @throws Blocked */
  stat(path) {
    return this.#within(path, (entry) => lstatSync2(entry, { throwIfNoEntry: false }) ?? null);
  }
  /** What stands there; 'other': neither file nor link. null: nothing. @throws Blocked */
  content(path) {
    return this.#within(path, contentAt);
  }
  /** Takes an entry out of the tree; `to` is outside of it. */
  take(path, to) {
    this.#at(path, (entry) => renameSync2(entry, to));
  }
  /** Gives a file or link of another directory a name here as well; directories on the way are made. Throws where there is something already. */
  put(path, from) {
    this.#at(path, (entry) => linkSync2(from, entry), true);
  }
  remove(path) {
    this.#at(path, (entry) => unlinkSync(entry));
  }
  /** Removes the directories above a path, as far as they are empty. */
  prune(path) {
    for (const directory of ancestorsOf(path)) {
      try {
        this.#at(directory, (entry) => rmdirSync(entry));
      } catch {
        return;
      }
    }
  }
  #at(path, work, make = false) {
    const found = this.#within(
      path,
      (entry) => {
        work(entry);
        return true;
      },
      make
    );
    if (found === null) throw new Blocked("a directory on the way is not there");
  }
  /** null: a directory on the way is not there. */
  #within(path, work, make = false) {
    const on = parentOf(path);
    let here = this.#top;
    try {
      for (const name of on === "" ? [] : partsOf(on)) {
        const next = step(here, name, make);
        if (next === null) return null;
        if (here !== this.#top) closeSync(here);
        here = next;
      }
      return work(at(here, nameOf(path)));
    } finally {
      if (here !== this.#top) closeSync(here);
    }
  }
};
var at = (directory, name) => Buffer.from(`/proc/self/fd/${directory}/${name}`, "latin1");
function step(directory, name, make) {
  const entry = at(directory, name);
  const open = () => {
    try {
      return openSync(entry, DIRECTORY);
    } catch (error) {
      const { code } = error;
      if (code === "ENOENT") return null;
      if (code === "ENOTDIR" || code === "ELOOP") throw new Blocked("a file or a link is in the way");
      throw error;
    }
  };
  const found = open();
  if (found !== null || !make) return found;
  mkdirSync(entry, 511);
  return open();
}
function contentAt(entry) {
  const stat = lstatSync2(entry, { throwIfNoEntry: false });
  if (stat === void 0) return null;
  if (stat.isSymbolicLink()) return { kind: "link", target: readlinkSync(entry, { encoding: "buffer" }).toString("latin1") };
  return stat.isFile() ? fileContent(entry) : "other";
}
function fileContent(entry) {
  const fd = openSync(entry, FILE);
  try {
    const stat = fstatSync(fd);
    if (!stat.isFile()) return "other";
    const hash = createHash("sha256");
    const buffer = Buffer.allocUnsafe(1 << 20);
    let size = 0;
    for (let read = readSync(fd, buffer); read > 0; read = readSync(fd, buffer)) {
      hash.update(buffer.subarray(0, read));
      size += read;
    }
    return { kind: "file", sha256: hash.digest("hex"), size, executable: (stat.mode & 64) !== 0 };
  } finally {
    closeSync(fd);
  }
}

// src/apply/compare.ts
function compareBase(tree, places) {
  const [moved2, repositories] = [new Problems(), new Problems()];
  const future = new Future(tree, places);
  for (const { path, before, after } of places) {
    const now = () => future.makesWay(path) ? null : tree.content(path);
    const differs = sayDifference(() => difference(before, after, now(), future.hasBelow(path)));
    if (differs !== null) moved2.add(`${displayPath(bytesOf(path))}: ${differs}`);
    const problem = future.problem(path);
    if (problem !== null) repositories.add(`${displayPath(bytesOf(path))}: ${problem}`);
  }
  repositories.refuse(
    "the record changes what git takes, or would take, for a repository of its own, which can name programs",
    "leave it out with `only`"
  );
  moved2.refuse("the checkout is not what the run saw", "check the base commit of the record out anew, apply, and rebase the result");
}
function sayDifference(look) {
  try {
    return look();
  } catch (error) {
    if (error instanceof Blocked) return error.message;
    throw error;
  }
}
function difference(before, after, now, hasBelow) {
  if (now === "other") {
    if (before === null && after !== null && hasBelow) return null;
    return before === null ? "it is there already" : "it is neither a file nor a link";
  }
  if (before === null) return now === null ? null : "it is there already";
  if (now === null) return "it is not there";
  return same(before, now) ? null : "it is not what the run saw";
}
function same(a, b) {
  if (a.kind === "link" || b.kind === "link") return a.kind === "link" && b.kind === "link" && a.target === b.target;
  return a.sha256 === b.sha256 && a.executable === b.executable;
}
var Future = class {
  #tree;
  /** Whether there is something in the end. */
  #after;
  /** Directories that hold something of the plan. */
  #above = /* @__PURE__ */ new Set();
  /** Directories that will hold something of the plan. */
  #filled = /* @__PURE__ */ new Set();
  #known = /* @__PURE__ */ new Map();
  constructor(tree, places) {
    this.#tree = tree;
    this.#after = new Map(places.map(({ path, after }) => [path, after !== null]));
    for (const { path, after } of places) {
      for (const above of ancestorsOf(path)) {
        this.#above.add(above);
        if (after !== null) this.#filled.add(above);
      }
    }
  }
  /** A file or a link above the path goes. */
  makesWay(path) {
    return [...ancestorsOf(path)].some((above) => this.#after.get(above) === false);
  }
  hasBelow(path) {
    return this.#above.has(path);
  }
  /** git runs what the configuration of a repository names, wherever below the checkout somebody stands: none may be made or changed. */
  problem(path) {
    for (let here = path; here !== ""; ) {
      here = parentOf(here);
      if (here === "" && this.#looksLikeBareRepository("")) return BARE;
      if (here === "") return null;
      if (!this.#known.has(here)) this.#known.set(here, this.#problemOf(here));
      const problem = this.#known.get(here) ?? null;
      if (problem !== null) return problem;
    }
    return null;
  }
  #problemOf(directory) {
    if (this.#has(`${directory}/.git`)) return "it lies in a repository of its own";
    return this.#looksLikeBareRepository(directory) ? BARE : null;
  }
  /** What git takes for a repository (git, setup.c, is_git_directory). */
  #looksLikeBareRepository(directory) {
    const has = (name) => this.#has(directory === "" ? name : `${directory}/${name}`);
    return has("HEAD") && (has("objects") && has("refs") || has("commondir"));
  }
  #has(path) {
    if (this.#filled.has(path)) return true;
    const after = this.#after.get(path);
    if (after !== void 0) return after;
    try {
      return this.#tree.stat(path) !== null;
    } catch (error) {
      if (error instanceof Blocked) return false;
      throw error;
    }
  }
};
var BARE = "it would be part of a directory that git takes for a repository";

// src/apply/contents.ts
var FILE2 = "changes.tar.gz";
var EMPTY = createHash2("sha256").digest("hex");
var OVERHEAD = 1 << 14;
async function readContents(record, places, keep) {
  const missing = wantedOf(places);
  if (keep !== null && missing.has(EMPTY)) closeSync2(openSync2(keep.pathOf(EMPTY), "wx", 384));
  missing.delete(EMPTY);
  if (missing.size === 0) return;
  const budget = await mostBytes(record);
  const contents = new Contents(missing, keep);
  try {
    for await (const event of readTar(unzipped(record, budget))) {
      if (event.kind === "entry") contents.begin(event.file ? event.size : 0);
      else contents.push(event.bytes);
      if (missing.size === 0) break;
    }
  } catch (error) {
    const { message, syscall } = error;
    throw error instanceof RecordError || syscall !== void 0 ? error : new RecordError(FILE2, null, message);
  } finally {
    contents.close();
  }
  if (missing.size > 0) throw new RecordError(FILE2, null, `lacks the content of ${missing.size} of the changed files`);
}
function wantedOf(places) {
  const files = places.flatMap(({ after }) => after?.kind === "file" ? [[after.sha256, after.size]] : []);
  return new Map(files);
}
async function mostBytes(record) {
  let bytes = OVERHEAD;
  for await (const change of record.lines("changes.ndjson")) {
    bytes += OVERHEAD + 2 * change.path.length + ("after" in change ? change.after.size : 0);
  }
  return bytes;
}
async function* unzipped(record, most) {
  const pieces = function* () {
    for (const piece of record.pieces(FILE2)) yield Buffer.from(piece);
  };
  const gunzip = createGunzip();
  pipeline(Readable.from(pieces(), { objectMode: false }), gunzip, () => {
  });
  let bytes = 0;
  for await (const piece of gunzip) {
    bytes += piece.length;
    if (bytes > most) throw new RecordError(FILE2, null, "unpacks to more than the changes that it is of");
    yield piece;
  }
}
var Contents = class {
  #missing;
  #sizes;
  #keep;
  #open = null;
  constructor(missing, keep) {
    this.#missing = missing;
    this.#sizes = new Set(missing.values());
    this.#keep = keep;
  }
  begin(size) {
    if (size === 0 || !this.#sizes.has(size)) return;
    this.#open = { hash: createHash2("sha256"), fd: this.#keep === null ? null : openSync2(this.#keep.temporary, "w", 384), left: size };
  }
  close() {
    if (this.#open !== null && this.#open.fd !== null) closeSync2(this.#open.fd);
    this.#open = null;
  }
  push(bytes) {
    const open = this.#open;
    if (open === null) return;
    open.hash.update(bytes);
    if (open.fd !== null) writeAll(open.fd, bytes);
    open.left -= bytes.length;
    if (open.left > 0) return;
    this.close();
    const sha256 = open.hash.digest("hex");
    const wanted = this.#missing.delete(sha256);
    if (this.#keep === null) return;
    if (wanted) renameSync3(this.#keep.temporary, this.#keep.pathOf(sha256));
    else rmSync2(this.#keep.temporary);
  }
};

// src/apply/stage.ts
var Stage = class {
  dir;
  constructor(gitDir) {
    this.dir = join2(gitDir, "agent-jail-apply");
  }
  /** @throws Refusal where there is one already. */
  create() {
    try {
      mkdirSync2(this.dir, { mode: 448 });
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
      throw new Refusal(
        `another apply is going on, or was killed: ${this.dir} is there`,
        "if none is going on: agent-jail apply --undo --to DIR"
      );
    }
  }
  content = (sha256) => join2(this.dir, `content-${sha256}`);
  added = (index) => join2(this.dir, `new-${index}`);
  taken = (index) => join2(this.dir, `old-${index}`);
  get temporary() {
    return join2(this.dir, "content");
  }
  get index() {
    return join2(this.dir, "index");
  }
  /** An entry of its own for each place: two paths must not become two names of one file. */
  build(places) {
    const left = /* @__PURE__ */ new Map();
    for (const { after } of places) if (after?.kind === "file") left.set(after.sha256, (left.get(after.sha256) ?? 0) + 1);
    const umask = process.umask();
    for (const [index, { after }] of places.entries()) {
      if (after === null) continue;
      const to = this.added(index);
      if (after.kind === "link") {
        symlinkSync(Buffer.from(after.target, "latin1"), to);
        continue;
      }
      const more = (left.get(after.sha256) ?? 1) - 1;
      left.set(after.sha256, more);
      if (more > 0) copyFileSync2(this.content(after.sha256), to);
      else renameSync4(this.content(after.sha256), to);
      chmodSync(to, (after.executable ? 511 : 438) & ~umask);
    }
  }
  write(journal) {
    const temporary = join2(this.dir, "journal.tmp");
    writeFileSync(temporary, JSON.stringify(journal), { flush: true });
    renameSync4(temporary, this.#journal);
  }
  /** null: nothing was begun. */
  read() {
    try {
      return JSON.parse(readFileSync(this.#journal, "utf8"));
    } catch (error) {
      if (error.code === "ENOENT") return null;
      throw error;
    }
  }
  /** From here on there is nothing to take back. */
  commit() {
    rmSync3(this.#journal, { force: true });
  }
  remove() {
    this.commit();
    rmSync3(this.dir, { recursive: true, force: true });
  }
  get #journal() {
    return join2(this.dir, "journal.json");
  }
};

// src/apply/swap.ts
function swap(tree, stage, places) {
  const taken = [];
  for (const [index, { path, before }] of places.entries()) {
    if (before === null) continue;
    guarded(path, () => tree.take(path, stage.taken(index)));
    const now = contentAt(stage.taken(index));
    if (now === null || now === "other" || !same(before, now)) throw moved(path);
    taken.push(path);
  }
  const files = new Set(places.flatMap(({ path, after }) => after === null ? [] : [path]));
  for (const path of taken) if ([...ancestorsOf(path)].some((above) => files.has(above))) tree.prune(path);
  for (const [index, { path, after }] of places.entries()) {
    if (after !== null) guarded(path, () => tree.put(path, stage.added(index)));
  }
  for (const path of taken) tree.prune(path);
}
function takeBack(tree, stage, { places }) {
  for (const [index, { path, after }] of places.entries()) {
    if (!after || !isSameEntry(tree, path, stage.added(index))) continue;
    tree.remove(path);
    tree.prune(path);
  }
  for (const [index, { path, before }] of places.entries()) {
    const old = stage.taken(index);
    if (!before || contentAt(old) === null) continue;
    if (!isSameEntry(tree, path, old)) tree.put(path, old);
    rmSync4(old);
  }
}
function isSameEntry(tree, path, staged) {
  const ours = lstatSync3(staged, { throwIfNoEntry: false });
  if (ours === void 0) return false;
  try {
    const there = tree.stat(path);
    return there !== null && there.ino === ours.ino && there.dev === ours.dev;
  } catch {
    return false;
  }
}
function guarded(path, work) {
  try {
    work();
  } catch (error) {
    const { code } = error;
    if (code === "EXDEV") {
      throw new Refusal(`${shown(path)} is on another file system than the repository`, "apply to a checkout without mounts in it");
    }
    if (code === "EEXIST" || code === "ENOENT" || code === "ENOTDIR" || error instanceof Blocked) throw moved(path);
    throw error;
  }
}
var shown = (path) => displayPath(bytesOf(path));
function moved(path) {
  return new Refusal(`${shown(path)} is not, or did not stay, what the run saw`, "let nothing else write to the checkout, and try again");
}

// src/apply/apply.ts
async function checkPlaces(record, target, places) {
  var _stack = [];
  try {
    const opening = __using(_stack, opened(target));
    compareBase(opening.tree, places);
    await readContents(record, places, null);
  } catch (_) {
    var _error = _, _hasError = true;
  } finally {
    __callDispose(_stack, _error, _hasError);
  }
}
async function applyPlaces(record, target, places, commit) {
  var _stack = [];
  try {
    const opening = __using(_stack, opened(target));
    const { tree } = opening;
    compareBase(tree, places);
    const stage = new Stage(target.gitDir);
    stage.create();
    let made = null;
    const _signals = __using(_stack, withoutSignals());
    try {
      if (lstatSync4(stage.dir).dev !== tree.device) {
        throw new Refusal("the repository and its work tree are on different file systems", "apply to an ordinary clone");
      }
      await readContents(record, places, { pathOf: stage.content, temporary: stage.temporary });
      stage.build(places);
      stage.write(journalOf(places, null));
      swap(tree, stage, places);
      if (commit !== null) made = await makeCommit(target, stage, places, commit.wish, commit.head);
      if (made !== null && commit !== null) {
        stage.write(journalOf(places, made));
        await moveHead(target, stage, made, commit.head);
      }
      stage.commit();
    } catch (error) {
      if (await settle(target, tree, stage) === "completed") return made;
      throw error instanceof Refusal || error instanceof RecordError ? error : failed(error);
    }
    stage.remove();
    return made;
  } catch (_) {
    var _error = _, _hasError = true;
  } finally {
    __callDispose(_stack, _error, _hasError);
  }
}
async function undo(target) {
  var _stack = [];
  try {
    const stage = new Stage(target.gitDir);
    if (lstatSync4(stage.dir, { throwIfNoEntry: false }) === void 0) return null;
    const opening = __using(_stack, opened(target));
    return await settle(target, opening.tree, stage);
  } catch (_) {
    var _error = _, _hasError = true;
  } finally {
    __callDispose(_stack, _error, _hasError);
  }
}
async function settle(target, tree, stage) {
  try {
    const journal = stage.read();
    const made = journal?.commit ?? null;
    const completed = made !== null && await headOf(target) === made;
    if (completed) followHead(target, stage);
    else {
      unlock(target, stage);
      if (journal !== null) takeBack(tree, stage, journal);
    }
    stage.remove();
    return completed ? "completed" : journal === null ? "tidied" : "taken back";
  } catch (error) {
    throw new JailError(
      `the checkout ${target.top} could not be made what it was: ${error instanceof Error ? error.message : String(error)}`,
      `what was there before is in ${stage.dir}; mend the cause, then: agent-jail apply --undo --to ${target.top}`,
      null,
      { cause: error }
    );
  }
}
function journalOf(places, commit) {
  const entries = places.map(({ path, before, after }) => ({ path, before: before !== null, after: after !== null }));
  return { schema: "agent-jail/apply-journal@1", places: entries, commit };
}
function failed(error) {
  const message = error instanceof Error ? error.message : String(error);
  return new JailError(`the changes could not be applied: ${message}`, "nothing was changed; mend the cause and try again", null, {
    cause: error
  });
}
function opened(target) {
  const tree = new Tree(target.top);
  return { tree, [Symbol.dispose]: () => tree.close() };
}
function withoutSignals() {
  const wait = () => {
  };
  const names = ["SIGINT", "SIGTERM", "SIGHUP"];
  for (const name of names) process.on(name, wait);
  return { [Symbol.dispose]: () => names.forEach((name) => process.off(name, wait)) };
}

// src/apply/origin.ts
function refuseOrigin(origin, wanted) {
  const { server, repository, run, forks } = wanted;
  if (origin === null) {
    if (repository === null && run === null) return;
    throw new Refusal("the record does not say which repository and run it is of", "apply the record of a run that GitHub started");
  }
  const same2 = (what, is, name, remedy) => {
    if (name !== null && is !== name)
      throw new Refusal(`the record is of the ${what} ${displayText(is)}, not ${displayText(name)}`, remedy);
  };
  same2("server", origin.server, server, "apply it where it was made");
  same2("repository", origin.repository.toLowerCase(), repository?.toLowerCase() ?? null, "name the repository, if that is what you want");
  same2("workflow run", origin.run, run, "name the run, if that is what you want");
  if (!forks && origin.head?.toLowerCase() !== origin.repository.toLowerCase()) {
    const head = origin.head === null ? "a repository that is gone" : displayText(origin.head);
    throw new Refusal(
      `the record is about a commit of ${head}, not of ${displayText(origin.repository)}`,
      "allow forks, if that is what you want"
    );
  }
}

// src/apply/plan.ts
var MOST_PLACES = 1e5;
var MOST_BYTES = 1 << 30;
async function planChanges(changes, wanted) {
  const planner = new Planner(wanted);
  for await (const change of changes) planner.see(change);
  return planner.plan();
}
var Planner = class {
  #wanted;
  #places = /* @__PURE__ */ new Map();
  #leftOut = { ignored: 0, gitDir: 0, unasked: 0 };
  #wrong = new Problems();
  #later = new Problems();
  #bytes = 0;
  constructor(wanted) {
    this.#wanted = wanted;
  }
  see(change) {
    if (change.layer !== "workspace") return;
    this.#leftOut.ignored += change.more ?? 0;
    for (const side of sidesOf(change)) {
      if (!isVisibleToGit(side)) continue;
      if (change.flags.includes("ignored")) this.#leftOut.ignored += 1;
      else if (isPlainGitDir(pathOf(side.path))) this.#leftOut.gitDir += 1;
      else if (!this.#wanted.only(side.path)) this.#leftOut.unasked += 1;
      else this.#add(side);
    }
  }
  plan() {
    this.#structure();
    this.#wrong.refuse("the record holds changes that are never applied", "leave them out with `only`, or run again without them");
    this.#later.refuse(
      "the record changes files that tools run or obey by themselves",
      "read them; leave them out with `only`, or allow `runs-later` where nothing of the checkout is run"
    );
    if (this.#bytes > MOST_BYTES) {
      throw new Refusal(
        `the changes hold ${this.#bytes} bytes, and at most ${MOST_BYTES} are applied at once`,
        "ask for less, with `only`"
      );
    }
    const places = [...this.#places.values()].sort((a, b) => a.path < b.path ? -1 : 1);
    return { places, leftOut: this.#leftOut };
  }
  #add({ path: bytes, before, after }) {
    const path = pathOf(bytes);
    const shown2 = displayPath(bytes);
    const problem = this.#places.has(path) ? "it is named twice" : sideProblem(path, before, after);
    if (problem !== null) return this.#wrong.add(`${shown2}: ${problem}`);
    if (after !== null && this.#wanted.runsLater?.(bytes) === true) this.#later.add(shown2);
    const place = { path, before: contentOf(before), after: contentOf(after) };
    this.#places.set(path, place);
    this.#bytes += place.after?.kind === "file" ? place.after.size : 0;
    if (this.#places.size > MOST_PLACES) {
      throw new Refusal(`the record has more than ${MOST_PLACES} changes, more than are applied at once`, "ask for less, with `only`");
    }
  }
  #structure() {
    for (const { path, after } of this.#places.values()) {
      if (after === null) continue;
      for (const above of ancestorsOf(path)) {
        if ((this.#places.get(above)?.after ?? null) === null) continue;
        this.#wrong.add(`${displayPath(bytesOf(path))}: it lies below what is to be a file or a link`);
        break;
      }
    }
  }
};
function sidesOf(change) {
  const before = "before" in change ? change.before : null;
  const after = "after" in change ? change.after : null;
  if (change.op !== "renamed") return [{ path: change.path, before, after }];
  return [
    { path: change.from, before, after: null },
    { path: change.path, before: null, after }
  ];
}
var isContent = (entry) => entry !== null && (entry.type === "file" || entry.type === "symlink");
var executable = (entry) => (entry.mode & 64) !== 0;
function isVisibleToGit({ before, after }) {
  const isDirectory = (entry) => entry === null || entry.type === "directory";
  if (isDirectory(before) && isDirectory(after)) return false;
  if (!isContent(before) || !isContent(after) || before.type !== after.type) return true;
  if (after.type === "symlink") return before.link === null || after.link === null || pathOf(before.link) !== pathOf(after.link);
  return before.sha256 === null || before.sha256 !== after.sha256 || executable(before) !== executable(after);
}
function sideProblem(path, before, after) {
  const wrong = pathProblem(path);
  if (wrong !== null) return wrong;
  for (const entry of [before, after]) {
    if (entry === null || entry.type === "directory") continue;
    if (entry.type !== "file" && entry.type !== "symlink") return `it is, or was, a ${entry.type}`;
    if (entry.type === "file" ? entry.sha256 === null : entry.link === null) return "its content is not known";
  }
  return after?.type === "symlink" && after.link !== null ? linkProblem(path, pathOf(after.link)) : null;
}
function contentOf(entry) {
  if (entry === null || entry.type === "directory") return null;
  if (entry.type === "symlink" && entry.link !== null) return { kind: "link", target: pathOf(entry.link) };
  if (entry.sha256 === null) throw new Error("sideProblem lets no such entry through");
  return { kind: "file", sha256: entry.sha256, size: entry.size, executable: executable(entry) };
}

// src/apply/target.ts
async function findTarget(dir) {
  const none = (why) => new Refusal(`${dir} ${why}`, "name the top directory of a git checkout, by `--to`");
  let top;
  try {
    top = realpathSync(dir);
  } catch {
    throw none("is not there");
  }
  if (!lstatSync5(top).isDirectory()) throw none("is not a directory");
  const said = await git(top, ["rev-parse", "--show-toplevel", "--absolute-git-dir"]);
  if (said.missing) throw new Refusal("git is not there", "install git; it is looked for in the system directories");
  const [toplevel, gitDir = ""] = said.stdout.toString().split("\n");
  if (said.code !== 0 || !gitDir.startsWith("/")) throw none("is not a git checkout");
  if (toplevel !== top) throw none("is not the top directory of a checkout");
  return { top, gitDir };
}
async function refuseOtherBase({ top }, commit, id) {
  const base = await baseOf(top);
  if (base === null) throw new Refusal(`${top} has no commit`, `check out ${commit}, the base of the record`);
  if (base.commit !== commit) {
    throw new Refusal(
      `the checkout is at ${base.commit}, and the record has changes of ${commit}`,
      `go to the record's base (git switch --create agent-jail/${id} ${commit}), apply with --commit, then git rebase the new branch onto yours`
    );
  }
  if (base.dirty) {
    throw new Refusal(`${top} is dirty: tracked files or the index differ from ${commit}`, "commit, stash or discard those changes first");
  }
}

// src/apply/trust.ts
function openExpected(dir, expect) {
  const record = openRecordDir(dir);
  const other = new Refusal("this is not the record that is expected: its manifest.json has another SHA-256", EXPECT);
  if (!record.names.includes("manifest.json")) throw new RecordError("manifest.json", null, "is not in the record: it was never sealed");
  if (sha256Of(record.pieces("manifest.json")) !== expect) throw other;
  const { value: manifest, sha256 } = record.document("manifest.json");
  if (sha256 !== expect) throw other;
  for (const file of SEALED_FILES) {
    const wanted = manifest.files[file];
    if (wanted === void 0 && isSpare(file) && !record.names.includes(file)) continue;
    if (wanted === void 0) throw new RecordError(file, null, "is not in manifest.json");
    const size = record.size(file);
    if (size === null) throw new RecordError(file, null, LEFT_OUT);
    if (size !== wanted.size) throw new RecordError(file, null, `has ${size} bytes, not ${wanted.size}`);
    if (sha256Of(record.pieces(file)) !== wanted.sha256) throw new RecordError(file, null, "has another SHA-256 than manifest.json says");
  }
  const { value: run } = record.document("run.json");
  if (run.id !== manifest.id) throw new RecordError("run.json", null, "is of another run than manifest.json");
  return record;
}
var EXPECT = "take `expect` from the output `manifest-sha256` of the job that made the record, and download the record of that job";
var LEFT_OUT = "is missing: was it left out of the upload? Raise `max-upload` of the job that made the record";
async function refuseBroken({ dir }) {
  const { state, problems } = await verify(dir);
  const [problem] = problems;
  if (problem !== void 0) throw new RecordError(problem.file, null, problem.message);
  if (state !== "intact") throw new Refusal("the record has no verdict: its run was cut off", "run again");
}
function refuseRun({ exact, backend, base }) {
  if (backend.name === "chroot") {
    throw new Refusal("the record was made with the backend chroot, which isolates nothing", "run it in a jail: nspawn or docker");
  }
  if (!exact) {
    throw new Refusal(
      "the record is not exact: a file that holds a secret was withheld, so the changes are not whole",
      "see the changes with the flag `secret`; use `inject` in the policy, so that the agent has no secret to write"
    );
  }
  if (base === null) {
    throw new Refusal(
      "the run’s workspace was no git checkout, so there is no base to compare with",
      "run the jail in the top directory of a checkout"
    );
  }
  if (base.dirty) {
    throw new Refusal(
      `tracked files differed from the commit ${base.commit} before the run began: nobody has the base of these changes`,
      "commit or discard what earlier steps changed, then run the jail again"
    );
  }
  return base.commit;
}
function sha256Of(pieces) {
  const hash = createHash3("sha256");
  for (const piece of pieces) hash.update(piece);
  return hash.digest("hex");
}

// src/cli/bring.ts
var STATE_EXIT = { applied: 0, checked: 0, nothing: 0, refused: 3, "needs-review": 4 };
async function bring(wish) {
  if (process.platform !== "linux") {
    throw new UserError([
      { message: `apply needs Linux, and this is ${process.platform}`, remedy: "apply on a Linux machine", place: null }
    ]);
  }
  const bringing = new Bringing(wish);
  try {
    return await bringing.bring();
  } catch (error) {
    if (error instanceof Refusal) return bringing.end("refused", error.message, error);
    if (error instanceof RecordError) return bringing.end("refused", `the record cannot be taken: ${error.message}`, { remedy: DOWNLOAD });
    throw error;
  }
}
var DOWNLOAD = "download it again; a record that was cut off, edited or made by another version is not applied";
var REVIEW = "let somebody look at it, then apply with `on-review` pass";
var Bringing = class {
  #wish;
  #conclusion = null;
  #base = null;
  #plan = null;
  #commit = null;
  constructor(wish) {
    this.#wish = wish;
  }
  async bring() {
    const { record: dir, expect, to, origin, only, allowRunsLater, stopOnReview, check, commit } = this.#wish;
    const record = openExpected(dir, expect);
    await refuseBroken(record);
    const { value: run } = record.document("run.json");
    refuseOrigin(run.origin ?? null, origin);
    this.#base = refuseRun(run);
    const conclusion = await this.#judge(record, expect);
    const { outcome, because, findings } = conclusion;
    const what = { what: findings.flatMap((finding) => finding.what), more: findings.reduce((sum, { more }) => sum + more, 0) };
    if (outcome === "needs-review" && stopOnReview) return this.end("needs-review", because, { ...what, remedy: REVIEW });
    if (outcome !== "succeeded" && outcome !== "needs-review") return this.end("refused", `the run counts as ${outcome}: ${because}`, what);
    const wanted = { only: (path) => only.matches(path), runsLater: allowRunsLater ? null : isRunLater };
    this.#plan = await planChanges(record.lines("changes.ndjson"), wanted);
    const target = await findTarget(to);
    await refuseOtherBase(target, this.#base, run.id);
    const { places } = this.#plan;
    if (check) {
      await checkPlaces(record, target, places);
      return this.end("checked", "the changes can be applied");
    }
    const made = commit === null ? null : { wish: await commit(target), head: this.#base };
    if (places.length === 0) return this.end("nothing", "there is nothing to apply");
    this.#commit = await applyPlaces(record, target, places, made);
    return this.end("applied", "the changes are in the checkout");
  }
  /** The verdict of the record is not asked: its evidence is judged once more, by the caller's rules. */
  async #judge(record, manifest) {
    const { policy, source } = this.#wish.policy;
    const { value: run } = record.document("run.json");
    const { trajectory } = await trajectoryOf(record, run);
    const findings = await evaluate(policy.guards, record, [source], trajectory);
    this.#conclusion = { run, findings, ...decideRun(run, findings), manifest, trajectory, record };
    return this.#conclusion;
  }
  end(state, because, { remedy = "", what = [], more = 0 } = {}) {
    return {
      state,
      because,
      remedy,
      what,
      more,
      conclusion: this.#conclusion,
      base: this.#base,
      changed: this.#plan?.places.length ?? 0,
      leftOut: this.#plan?.leftOut ?? null,
      commit: this.#commit,
      warnings: this.#warnings()
    };
  }
  #warnings() {
    if (this.#plan === null) return [];
    const { policy } = this.#wish.policy;
    const other = this.#conclusion !== null && this.#conclusion.run.policy.digest !== policy.digest;
    return [
      ...this.#wish.only.unmatched().map((glob) => `only ${JSON.stringify(glob)} matches no change`),
      ...other ? ["the run had another policy than the one that judges it here"] : []
    ];
  }
};
var isRunLater = (path) => runsLater(path, false);

export {
  Refusal,
  undo,
  findTarget,
  STATE_EXIT,
  bring
};
