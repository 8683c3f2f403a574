const require = process.getBuiltinModule('node:module').createRequire(import.meta.url);
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
  writeAll
} from "./shared-system-ndjson.js";
import {
  readTar
} from "./shared-system-untar.js";
import {
  ClaimCheck,
  MISMATCH
} from "./shared-guard-claims.js";
import {
  Bag,
  counted,
  finding,
  unchecked
} from "./shared-guard-bag.js";
import {
  verify
} from "./shared-record-verify.js";
import {
  SEALED_FILES,
  openRecordDir
} from "./shared-record-write.js";
import {
  baseOf,
  git,
  withoutFilters
} from "./shared-system-git.js";
import {
  Globs,
  touched
} from "./shared-guard-globs.js";
import {
  require_ignore
} from "./shared-ignore.js";
import {
  RecordError
} from "./shared-record-error.js";
import {
  OTHER_PATCHES,
  isSpare
} from "./shared-model-record.js";
import {
  displayPath,
  displayText
} from "./shared-record-display.js";
import {
  AGENTS
} from "./shared-model-trajectory.js";
import {
  JailError,
  UserError
} from "./shared-model-errors.js";
import {
  __callDispose,
  __toESM,
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
  constructor(message3, remedy, { what, more } = NOTHING) {
    super(message3);
    this.remedy = remedy;
    this.what = what;
    this.more = more;
  }
};
var NOTHING = { what: [], more: 0 };
var Problems = class {
  #what = [];
  #more = 0;
  add(text2) {
    if (this.#what.length < NAMED) this.#what.push(text2);
    else this.#more += 1;
  }
  get count() {
    return this.#what.length + this.#more;
  }
  /** @throws Refusal if there is any. */
  refuse(message3, remedy) {
    if (this.count > 0) throw new Refusal(message3, remedy, { what: this.#what, more: this.#more });
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
  const run = async (args2, options = {}) => must(
    args2,
    await git(target.top, [...emptied, ...args2], { timeout: TIMEOUT, ...options, env: { GIT_INDEX_FILE: stage.index, ...options.env } })
  );
  await run(["update-index", "--add", "--remove", "-z", "--stdin"], { input: Buffer.from(paths.join(""), "latin1") });
  const tree = await run(["write-tree"]);
  if (tree === await run(["rev-parse", "--verify", `${head}^{tree}`])) return null;
  const { name, email, message: message3 } = wish;
  const env = { GIT_AUTHOR_NAME: name, GIT_AUTHOR_EMAIL: email, GIT_COMMITTER_NAME: name, GIT_COMMITTER_EMAIL: email };
  return await run(["commit-tree", tree, "-p", head], { input: message3, env });
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
  const args2 = ["update-ref", "-m", "agent-jail apply", "HEAD", commit, head];
  must(args2, await git(target.top, args2));
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
  const args2 = ["rev-parse", "--verify", "--quiet", "HEAD^{commit}"];
  return must(args2, await git(target.top, args2));
}
var lockOf = ({ gitDir }) => join(gitDir, "index.lock");
async function refuseFiltered({ top }, places) {
  const paths = places.flatMap(({ path, after }) => after?.kind === "file" ? [`${path}\0`] : []);
  const args2 = ["check-attr", "--stdin", "-z", "filter"];
  const said2 = must(args2, await git(top, args2, { input: Buffer.from(paths.join(""), "latin1"), maxBuffer: 1 << 28, timeout: TIMEOUT }));
  const fields2 = said2.split("\0");
  for (let at2 = 0; at2 + 2 < fields2.length; at2 += 3) {
    const [path = "", , value = ""] = fields2.slice(at2, at2 + 3);
    if (value === "unspecified" || value === "unset" || value === "set") continue;
    throw new Refusal(
      `${displayText(path)} goes through the git filter ${displayText(value)}, a program that is not run here`,
      "apply without a commit, look at the files, and commit by yourself"
    );
  }
}
function must(args2, { code, stdout, stderr }) {
  if (code === 0) return stdout.toString().trimEnd();
  throw new Error(`git ${args2[0]} ended with ${code}: ${displayText(stderr.toString().trim())}`);
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
  if (path.includes("\0") || parts.some((part2) => part2 === "" || part2 === "." || part2 === ".."))
    return "it is not a path below the checkout";
  if (parts.some(isGitName)) return "git may take a part of it for its own directory";
  return null;
}
function linkProblem(path, target) {
  if (target.startsWith("/") || /^[a-z]:/i.test(target)) return "it is a link to an absolute path";
  if (target.includes("\\")) return "it is a link that may lead out of the checkout";
  if (target === "" || target.includes("\0")) return "it is a link to nothing";
  const names2 = partsOf(target).filter((part2) => part2 !== "" && part2 !== ".");
  const ups = names2.findIndex((part2) => part2 !== "..");
  const climbs = ups === -1 ? names2.length : ups;
  if (names2.slice(climbs).includes("..") || climbs > partsOf(path).length - 1) return "it is a link that may lead out of the checkout";
  if (names2.some(isGitName)) return "it is a link into git’s own directory";
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
    const { message: message3, syscall } = error;
    throw error instanceof RecordError || syscall !== void 0 ? error : new RecordError(FILE2, null, message3);
  } finally {
    contents.close();
  }
  if (missing.size > 0) throw new RecordError(FILE2, null, `lacks the content of ${missing.size} of the changed files`);
}
function wantedOf(places) {
  const files2 = places.flatMap(({ after }) => after?.kind === "file" ? [[after.sha256, after.size]] : []);
  return new Map(files2);
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
  const files2 = new Set(places.flatMap(({ path, after }) => after === null ? [] : [path]));
  for (const path of taken) if ([...ancestorsOf(path)].some((above) => files2.has(above))) tree.prune(path);
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
  const message3 = error instanceof Error ? error.message : String(error);
  return new JailError(`the changes could not be applied: ${message3}`, "nothing was changed; mend the cause and try again", null, {
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
  const names2 = ["SIGINT", "SIGTERM", "SIGHUP"];
  for (const name of names2) process.on(name, wait);
  return { [Symbol.dispose]: () => names2.forEach((name) => process.off(name, wait)) };
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
  const said2 = await git(top, ["rev-parse", "--show-toplevel", "--absolute-git-dir"]);
  if (said2.missing) throw new Refusal("git is not there", "install git; it is looked for in the system directories");
  const [toplevel, gitDir = ""] = said2.stdout.toString().split("\n");
  if (said2.code !== 0 || !gitDir.startsWith("/")) throw none("is not a git checkout");
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
  const other2 = new Refusal("this is not the record that is expected: its manifest.json has another SHA-256", EXPECT);
  if (!record.names.includes("manifest.json")) throw new RecordError("manifest.json", null, "is not in the record: it was never sealed");
  if (sha256Of(record.pieces("manifest.json")) !== expect) throw other2;
  const { value: manifest, sha256 } = record.document("manifest.json");
  if (sha256 !== expect) throw other2;
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
function refuseRun({ exact: exact2, backend, base }) {
  if (backend.name === "chroot") {
    throw new Refusal("the record was made with the backend chroot, which isolates nothing", "run it in a jail: nspawn or docker");
  }
  if (!exact2) {
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

// src/changes/bytes.ts
var slab = Buffer.alloc(0);
function view(bytes) {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

// src/changes/kinds.ts
var LOCKFILES = [
  "package-lock.json",
  "npm-shrinkwrap.json",
  "yarn.lock",
  "pnpm-lock.yaml",
  "bun.lock",
  "bun.lockb",
  "deno.lock",
  "Cargo.lock",
  "poetry.lock",
  "uv.lock",
  "pdm.lock",
  "pylock*.toml",
  "Pipfile.lock",
  "Gemfile.lock",
  "composer.lock",
  "go.sum",
  "go.work.sum",
  "mix.lock",
  "flake.lock",
  "pubspec.lock",
  "Podfile.lock",
  "Package.resolved",
  "packages.lock.json",
  "gradle.lockfile",
  "conan.lock",
  "MODULE.bazel.lock",
  ".terraform.lock.hcl"
];
var GENERATED = [
  "*.min.js",
  "*.min.css",
  "*.js.map",
  "*.css.map",
  "*.pb.go",
  "*.pb.cc",
  "*.pb.h",
  "*_pb2.py",
  "*_pb2.pyi",
  "*_pb2_grpc.py",
  "*.g.dart",
  "*.freezed.dart",
  "*.designer.cs",
  "*.Designer.cs",
  "*.generated.*",
  "__generated__/"
];
var NOISE = [
  "/var/lib/apt/",
  "/var/cache/",
  "/var/log/",
  "/etc/ld.so.cache",
  "/usr/share/mime/",
  "/usr/share/info/dir",
  "__pycache__/",
  "*.pyc",
  ".cache/",
  ".npm/_cacache/",
  ".npm/_logs/",
  ".npm/_update-notifier-last-checked",
  ".cargo/registry/cache/",
  ".cargo/registry/index/",
  ".bash_history",
  ".lesshst",
  ".wget-hsts"
];

// src/changes/patterns.ts
var import_ignore = __toESM(require_ignore(), 1);
var Patterns = class {
  #all;
  /** What every path that matches holds. */
  #hint;
  constructor(patterns, options) {
    this.#all = (0, import_ignore.default)({ ignorecase: options.fold }).add([...patterns]);
    this.#hint = new RegExp(patterns.map(literalOf).join("|"), options.fold ? "i" : "");
  }
  /** `text`: of a path's bytes as UTF-8. */
  matches(text2, directory) {
    if (text2 === "") return false;
    return this.#hint.test(text2) && this.#all.ignores(directory ? `${text2}/` : text2);
  }
};
function literalOf(pattern) {
  const [longest = ""] = pattern.split(/[*/?]|\[[^\]]*\]/).sort((a, b) => b.length - a.length);
  return longest.replace(/[.+^${}()|\\]/g, "\\$&");
}

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
var folded = new Patterns(
  RUNS_LATER.flatMap(({ patterns }) => patterns),
  { fold: true }
);
var exact = new Patterns(
  RUNS_LATER.flatMap((group) => group.exact ?? []),
  { fold: false }
);
var reasons = RUNS_LATER.map(({ why, patterns, exact: cased = [] }) => ({
  why,
  patterns: [
    ...patterns.length > 0 ? [new Patterns(patterns, { fold: true })] : [],
    ...cased.length > 0 ? [new Patterns(cased, { fold: false })] : []
  ]
}));
var lockfiles = new Patterns(LOCKFILES, { fold: false });
var generated = new Patterns(GENERATED, { fold: false });
var noise = new Patterns(NOISE, { fold: false });
function runsLater(path, directory) {
  return isLater(view(path).toString(), directory);
}
function isLater(text2, directory) {
  return folded.matches(text2, directory) || exact.matches(text2, directory);
}

// src/guard/decide.ts
function decideRun(run, findings) {
  return decideWith(run.end, run.steps, findings);
}
function decideWith(end, steps, findings) {
  switch (end.how) {
    case "error":
      return decision("jail-error", end.message);
    case "cancelled":
      return decision("cancelled", `cancelled by ${end.by}`);
    case "limit":
      return overLimit(end.limit, stepName(steps, end.step));
    case "steps-done":
      return end.failed === null ? guarded2(findings) : failed2(steps, end.failed);
  }
}
function overLimit(limit, step2) {
  if (limit === "time") return decision("timed-out", `${step2} ran out of limits.time`);
  if (limit === "idle") return decision("timed-out", `${step2} printed nothing for longer than limits.idle`);
  return decision("limit-exceeded", `${step2} went over limits.${limit}`);
}
function failed2(steps, index) {
  const name = stepName(steps, index);
  const exit = steps[index]?.exit ?? null;
  const [hit] = exit?.hit ?? [];
  if (hit !== void 0) return decision("limit-exceeded", `${name} failed after it had reached limits.${hit}`);
  if (exit === null) return decision("step-failed", `${name} failed`);
  if (exit.signal !== null) return decision("step-failed", `${name} was ended by ${exit.signal}`);
  return decision("step-failed", `${name} ended with exit code ${exit.code}`);
}
function guarded2(findings) {
  const broken = findings.filter(({ action }) => action === "fail");
  const first = broken[0] ?? findings[0];
  if (first === void 0) return decision("succeeded", "every step ended with 0 and no guard found anything");
  const others = (broken.length > 0 ? broken : findings).length - 1;
  const more = others === 0 ? "" : `, and ${others} more`;
  return decision(broken.length > 0 ? "guard-failed" : "needs-review", `${first.rule}: ${first.message}${more}`);
}
function stepName(steps, index) {
  const step2 = steps[index];
  return step2 === void 0 ? `step ${index + 1}` : `step ${index + 1} (${displayText(step2.name, 80)})`;
}
function decision(outcome, because) {
  const text2 = because.trim().replace(/\s+/g, " ").replace(/\.$/, "");
  return { outcome, because: displayText(text2) };
}

// src/guard/changes.ts
function changeChecks(rules) {
  const paths = new PathCheck(rules);
  const others = rules.map((rule) => {
    const { test } = rule;
    switch (test.kind) {
      case "forbid":
        return new FlagCheck(rule, test.flags);
      case "require":
        return new RequireCheck(rule, test.globs);
      case "max-files":
        return new TotalCheck(rule, test.max, "file", (change) => isOnlyDirectory(change) ? 0 : 1);
      case "max-bytes":
        return new TotalCheck(rule, test.max, "byte", newBytes);
      case "root":
        return test.allowed ? null : new RootCheck(rule);
      case "allow":
      case "review":
      case "deny":
      case "max-added-lines":
        return null;
    }
  });
  return [paths, ...others.filter((check) => check !== null)];
}
function isTracked({ layer, flags }) {
  return layer === "workspace" && !flags.includes("ignored") && !flags.includes("git-dir");
}
var PathCheck = class {
  #deny;
  #review;
  #allow;
  constructor(rules) {
    this.#deny = lists(rules, "deny");
    this.#review = lists(rules, "review");
    this.#allow = lists(rules, "allow");
  }
  see(change) {
    if (change.layer !== "workspace") return;
    for (const path of touched(change)) {
      const may = ({ globs }) => globs.perhaps(path);
      const hit = this.#deny.find(may) ?? this.#review.find(may) ?? this.#notAllowed(change, path);
      hit?.bag.add(displayPath(path.bytes), path.directory ? null : path.bytes);
    }
  }
  findings() {
    return [
      ...report(this.#deny, (paths) => `${paths} denied`),
      ...report(this.#review, (paths) => `${paths} to be reviewed`),
      ...report(this.#allow, (paths) => `${paths} not allowed`)
    ];
  }
  /** git tracks no directories, and what it ignores or owns does not leave the jail by the patch: those need no leave. */
  #notAllowed(change, path) {
    const needed = isTracked(change) && !path.directory;
    return needed && !this.#allow.some(({ globs }) => globs.surely(path)) ? this.#allow[0] : void 0;
  }
};
function lists(rules, kind) {
  return rules.flatMap((rule) => rule.test.kind === kind ? [{ rule, globs: new Globs(rule.test.globs), bag: new Bag() }] : []);
}
function report(lists2, say) {
  return lists2.filter(({ bag }) => bag.count > 0).map(({ rule, bag }) => bag.finding(rule, say(counted(bag.count, "changed path"))));
}
var EVERYWHERE = /* @__PURE__ */ new Set(["secret", "setuid", "noise"]);
var WORKSPACE = /* @__PURE__ */ new Set(["special", "ignored", "git-dir", "base-changed"]);
var FlagCheck = class {
  #rule;
  #flags;
  #bag = new Bag();
  constructor(rule, flags) {
    this.#rule = rule;
    this.#flags = flags;
  }
  see(change) {
    const { layer, flags } = change;
    const ignored = flags.includes("ignored");
    const counts = (flag) => EVERYWHERE.has(flag) || layer === "workspace" && (WORKSPACE.has(flag) || !ignored);
    const found = flags.filter((flag) => this.#flags.includes(flag) && counts(flag));
    if (found.length === 0) return;
    const place = layer === "workspace" ? "" : `${layer}: `;
    this.#bag.add(
      `${place}${displayPath(change.path)} (${found.map((flag) => described(flag, change)).join(", ")})`,
      layer === "workspace" ? change.path : null
    );
  }
  findings() {
    const { count } = this.#bag;
    return count === 0 ? [] : [this.#bag.finding(this.#rule, `${counted(count, "changed path")} with a forbidden flag`)];
  }
};
function described(flag, { why, token }) {
  if (flag === "runs-later" && why !== void 0) return `${flag}: ${why}`;
  return flag === "secret" && token !== void 0 ? `${flag}: looks like a ${token}` : flag;
}
var RequireCheck = class {
  #rule;
  #open;
  constructor(rule, globs) {
    this.#rule = rule;
    const isNegative = (glob) => glob.startsWith("!");
    this.#open = new Map(
      globs.flatMap((glob, index) => isNegative(glob) ? [] : [[glob, new Globs([glob, ...globs.slice(index + 1).filter(isNegative)])]])
    );
  }
  see(change) {
    if (this.#open.size === 0 || change.layer !== "workspace") return;
    const paths = touched(change).filter((path) => !path.directory);
    for (const [glob, globs] of this.#open) {
      if (paths.some((path) => globs.surely(path))) this.#open.delete(glob);
    }
  }
  findings() {
    if (this.#open.size === 0) return [];
    const bag = new Bag();
    for (const glob of this.#open.keys()) bag.add(glob);
    return [bag.finding(this.#rule, "no change where one is required")];
  }
};
var TotalCheck = class {
  #rule;
  #max;
  #noun;
  #measure;
  #total = 0;
  constructor(rule, max, noun, measure) {
    this.#rule = rule;
    this.#max = max;
    this.#noun = noun;
    this.#measure = measure;
  }
  see(change) {
    if (isTracked(change)) this.#total += this.#measure(change);
  }
  findings() {
    const total = counted(this.#total, this.#noun);
    return this.#total > this.#max ? [finding(this.#rule, `${total} changed, the most allowed is ${this.#max}`)] : [];
  }
};
var RootCheck = class {
  #rule;
  #bag = new Bag();
  constructor(rule) {
    this.#rule = rule;
  }
  see(change) {
    if (change.layer === "root") this.#bag.add(`/${displayPath(change.path)}`);
  }
  findings() {
    const { count } = this.#bag;
    return count === 0 ? [] : [this.#bag.finding(this.#rule, `${counted(count, "path")} changed outside the workspace and the home`)];
  }
};
function isOnlyDirectory(change) {
  return touched(change).every((path) => path.directory);
}
function newBytes(change) {
  const written = change.op === "added" || change.op === "modified" || change.op === "retyped";
  return written && change.after.type === "file" ? change.after.size : 0;
}

// src/guard/added-lines.ts
var AddedLinesCheck = class {
  #rule;
  #max;
  #record;
  #expected = 0;
  constructor(rule, max, record) {
    this.#rule = rule;
    this.#max = max;
    this.#record = record;
  }
  see(change) {
    if (!isTracked(change) || change.op === "deleted" || change.op === "metadata") return;
    if (change.after.type === "file" || change.after.type === "symlink") this.#expected += 1;
  }
  findings() {
    let added = 0;
    let missing = this.#expected;
    for (const file of ["changes.patch", ...OTHER_PATCHES]) {
      const patch = new PatchCounter(file);
      for (const piece of this.#record.pieces(file)) patch.push(piece);
      const counts = patch.end();
      added += counts.added;
      missing -= counts.contents;
    }
    const findings = [];
    if (added > this.#max) findings.push(finding(this.#rule, `${counted(added, "line")} added, the most allowed is ${this.#max}`));
    if (missing > 0) findings.push(unchecked(this.#rule, `${counted(missing, "changed file")} too large or not fit for a patch`));
    return findings;
  }
};
var HEAD = 200;
var HUNK = /^@@ -\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@/;
var PatchCounter = class {
  #file;
  #line = [];
  #length = 0;
  #old = 0;
  #new = 0;
  #added = 0;
  #contents = 0;
  #deletes = false;
  constructor(file) {
    this.#file = file;
  }
  push(piece) {
    for (let from = 0; from < piece.length; ) {
      const at2 = piece.indexOf(10, from);
      const to = at2 === -1 ? piece.length : at2;
      if (this.#length < HEAD) {
        const part2 = Buffer.from(piece.subarray(from, Math.min(to, from + HEAD - this.#length)));
        this.#line.push(part2);
        this.#length += part2.length;
      }
      if (at2 !== -1) this.#endLine();
      from = to + 1;
    }
  }
  /** Lines added, and files of which the patch has new content. */
  end() {
    if (this.#length > 0) this.#endLine();
    if (this.#old > 0 || this.#new > 0) throw new RecordError(this.#file, null, "ends in the middle of a hunk");
    return { added: this.#added, contents: this.#contents };
  }
  #endLine() {
    const text2 = Buffer.concat(this.#line).toString("latin1");
    this.#line = [];
    this.#length = 0;
    if (this.#old > 0 || this.#new > 0) this.#inHunk(text2);
    else this.#header(text2);
  }
  #inHunk(text2) {
    if (text2.startsWith("\\")) return;
    if (text2.startsWith("+")) {
      this.#new -= 1;
      this.#added += 1;
    } else if (text2.startsWith("-")) {
      this.#old -= 1;
    } else {
      this.#old -= 1;
      this.#new -= 1;
    }
    if (this.#old < 0 || this.#new < 0) throw new RecordError(this.#file, null, "a hunk with more lines than it says");
  }
  #header(text2) {
    const hunk = HUNK.exec(text2);
    if (hunk !== null) {
      this.#old = Number(hunk[1] ?? 1);
      this.#new = Number(hunk[2] ?? 1);
    } else if (text2.startsWith("diff --git ")) {
      this.#deletes = false;
    } else if (text2.startsWith("deleted file mode ")) {
      this.#deletes = true;
    } else if (text2.startsWith("index ") && !this.#deletes) {
      this.#contents += 1;
    }
  }
};

// src/guard/built-in.ts
var BUILT_IN = { name: "built-in.policy-or-workflow", action: "review", place: null };
var WORKFLOWS = [".github/workflows", ".github/actions"];
var BuiltInCheck = class {
  #protected;
  #bag = new Bag();
  constructor(sources2, workspace) {
    const own = sources2.map((source) => policyFile(source, workspace)).filter((file) => file !== null);
    this.#protected = [...WORKFLOWS, ...own].map(fold);
  }
  see(change) {
    if (change.layer !== "workspace") return;
    for (const path of touched(change)) {
      const text2 = fold(path.text.replace(/\/$/, ""));
      const gone = !path.directory || change.op === "deleted";
      const hit = this.#protected.some((file) => isWithin(text2, file) || gone && isWithin(file, text2));
      if (hit) this.#bag.add(displayPath(path.bytes), path.directory ? null : path.bytes);
    }
  }
  findings() {
    const { count } = this.#bag;
    if (count === 0) return [];
    return [this.#bag.finding(BUILT_IN, `${counted(count, "changed path")} of a workflow, an action or the policy`)];
  }
};
function policyFile(source, workspace) {
  if (!("file" in source)) return null;
  const file = source.file.startsWith(`${workspace}/`) ? source.file.slice(workspace.length + 1) : source.file;
  const parts = file.split("/").filter((part2) => part2 !== "" && part2 !== ".");
  return file.startsWith("/") || parts.includes("..") || parts.length === 0 ? null : parts.join("/");
}
var isWithin = (path, directory) => path === directory || path.startsWith(`${directory}/`);
var fold = (path) => path.toLowerCase();

// src/guard/evaluate.ts
async function evaluate(rules, record, policies = [], trajectory = null) {
  const { value: run } = record.document("run.json");
  if (run.end.how !== "steps-done" && run.steps.every((step2) => step2.started === null)) return [];
  const findings = [];
  findings.push(
    ...await changeFindings(
      rules.filter((rule) => rule.on === "changes"),
      run,
      record,
      policies,
      trajectory
    )
  );
  if (trajectory !== null) findings.push(...await attempt(MISMATCH, () => claimedCommands(trajectory, run, record)));
  for (const rule of rules) {
    if (rule.on === "changes") continue;
    findings.push(...await attempt(rule, async () => other(rule, record)));
  }
  return await located(findings, record);
}
async function located(findings, record) {
  if (findings.every(({ at: at2 }) => at2 === void 0)) return findings;
  try {
    return (await import("./lines.js")).withLines(findings, record);
  } catch (error) {
    if (error instanceof RecordError) return findings;
    throw error;
  }
}
async function claimedCommands(trajectory, run, record) {
  const { unseenPrograms } = await import("./claimed-programs.js");
  return await unseenPrograms(trajectory, run.programs, record);
}
async function other(rule, record) {
  switch (rule.on) {
    case "network":
      return await (await import("./network.js")).networkFindings(rule, record);
    case "output":
      return (await import("./output.js")).outputFindings(rule, record);
    case "result":
      return (await import("./result.js")).resultFindings(rule, record);
  }
}
async function changeFindings(rules, run, record, policies, trajectory) {
  try {
    const checks = [
      ...changeChecks(rules),
      ...addedLines(rules, record),
      new BuiltInCheck([run.source, ...policies], run.workspace),
      ...claims(trajectory, run)
    ];
    const changes = record.lines("changes.ndjson");
    if (!changes.complete) throw new RecordError(changes.file, null, "is not whole");
    for await (const change of changes) {
      if (change.op !== "touched") for (const check of checks) check.see(change);
    }
    return checks.flatMap((check) => check.findings());
  } catch (error) {
    if (!(error instanceof RecordError)) throw error;
    return [...rules, BUILT_IN].map((rule) => unchecked(rule, error.message));
  }
}
function claims(trajectory, { steps, workspace }) {
  const alone = steps.filter(({ setup, started }) => !setup && started !== null).length === 1;
  return trajectory === null || !alone ? [] : [new ClaimCheck(trajectory, workspace)];
}
function addedLines(rules, record) {
  return rules.flatMap((rule) => rule.test.kind === "max-added-lines" ? [new AddedLinesCheck(rule, rule.test.max, record)] : []);
}
async function attempt(rule, work) {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof RecordError)) throw error;
    return [unchecked(rule, error.message)];
  }
}

// src/trajectory/bounds.ts
var LIMITS = {
  /** Bytes of a line of a log; a longer one is skipped. */
  line: 4 << 20,
  /** Characters of one text: of a longer one the head and the tail are kept. */
  text: 64 << 10,
  /** Characters of a name or an id. */
  name: 200,
  /** Characters of all texts, as JSON writes them. */
  all: 16 << 20,
  turns: 1e4,
  /** Calls of one turn, and results. */
  calls: 1e3,
  /** Of the arguments of a call: entries of a list or an object, and how deep they go. */
  entries: 1e3,
  depth: 12
};
var Bounds = class {
  #room = LIMITS.all;
  /** Texts that were cut. */
  cut = 0;
  text(value, most = LIMITS.text) {
    const whole = value.toWellFormed();
    const fit = Math.min(most, this.#room);
    const kept = whole.length <= fit ? whole : this.#headAndTail(whole, fit);
    this.#room = Math.max(0, this.#room - JSON.stringify(kept).length);
    return kept;
  }
  name(value) {
    const whole = value.toWellFormed();
    if (whole.length <= LIMITS.name) return whole;
    this.cut += 1;
    return `${whole.slice(0, LIMITS.name - 1).toWellFormed()}…`;
  }
  /** The same of all texts in a JSON value. */
  value(value, depth = LIMITS.depth) {
    if (typeof value === "string") return this.text(value);
    if (typeof value !== "object" || value === null) return value;
    const all = Object.entries(value);
    if (depth === 0 || this.#room === 0) return this.#left(`${all.length} entries`);
    const kept = all.slice(0, LIMITS.entries).map(([key, one]) => [this.name(key), this.value(one, depth - 1)]);
    this.#room = Math.max(0, this.#room - 8 * kept.length);
    if (Array.isArray(value)) {
      const rest = all.length - kept.length;
      return [...kept.map(([, one]) => one), ...rest > 0 ? [this.#left(`${rest} entries`)] : []];
    }
    return Object.fromEntries(kept);
  }
  #headAndTail(whole, fit) {
    const tail = Math.floor(fit / 4);
    const head = fit - tail;
    const mark = this.#left(`${whole.length - fit} characters`);
    if (fit === 0) return mark;
    return `${whole.slice(0, head).toWellFormed()}
${mark}
${whole.slice(whole.length - tail).toWellFormed()}`;
  }
  #left(what) {
    this.cut += 1;
    return `[cut: ${what}]`;
  }
};

// src/trajectory/fields.ts
var NONE = {};
var fields = (value) => typeof value === "object" && value !== null && !Array.isArray(value) ? value : NONE;
var list = (value) => Array.isArray(value) ? value : [];
var text = (value) => typeof value === "string" ? value : "";
var amount = (value) => typeof value === "number" && value >= 0 && value <= 1e12 ? value : 0;
var isObject = (value) => fields(value) === value;
function time(value) {
  if (typeof value === "string") return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/.test(value) ? value : null;
  return typeof value === "number" && Math.abs(value) < 864e13 ? new Date(value).toISOString() : null;
}
function textOf(content) {
  if (typeof content === "string") return content;
  if (isObject(content) && typeof content["text"] === "string") return content["text"];
  const parts = list(content).map((part2) => {
    const { text: own, type } = fields(part2);
    return typeof part2 === "string" ? part2 : typeof own === "string" ? own : typeof type === "string" ? `[${type}]` : "";
  });
  return parts.filter((part2) => part2 !== "").join("\n");
}
function args(value) {
  if (isObject(value)) return value;
  if (typeof value !== "string") return value === void 0 || value === null ? {} : { value };
  try {
    const parsed = JSON.parse(value);
    return isObject(parsed) ? parsed : { value: parsed };
  } catch {
    return { value };
  }
}

// src/trajectory/log.ts
var Log = class {
  agent;
  turns = [];
  odd = { unknown: 0, broken: 0, long: 0, left: 0, orphans: 0 };
  session = null;
  version = null;
  model = null;
  /** Told of the session as a whole: these win over the sum of the turns. */
  total = null;
  /** Cost and number of turns where the agent tells them apart from its tokens. */
  cost = null;
  claimedTurns = null;
  /** How it says it ended. */
  end = null;
  #bounds;
  #keys = /* @__PURE__ */ new Map();
  #calls = /* @__PURE__ */ new Map();
  constructor(agent, bounds) {
    this.agent = agent;
    this.#bounds = bounds;
  }
  about({ session, version, model, end }) {
    const own = (value, now) => typeof value === "string" && value !== "" ? this.#bounds.name(value) : now;
    this.session = own(session, this.session);
    this.version = own(version, this.version);
    this.model = own(model, this.model);
    this.end = own(end, this.end);
  }
  /** The turn with this key, or a new one; null: there is no room for it. */
  turn(source, { key, at: at2, model, parent } = {}) {
    const known = key === void 0 ? void 0 : this.#keys.get(key);
    if (known !== void 0) return known;
    if (this.turns.length >= LIMITS.turns) {
      this.odd.left += 1;
      return null;
    }
    const name = (value) => typeof value === "string" && value !== "" ? this.#bounds.name(value) : null;
    const turn = {
      source,
      at: time(at2),
      model: name(model),
      text: "",
      thought: "",
      calls: [],
      results: [],
      usage: null,
      parent: name(parent)
    };
    this.turns.push(turn);
    if (key !== void 0) this.#keys.set(key, turn);
    return turn;
  }
  /** For logs that do not say which answer a line belongs to: the agent's last turn until something came of it, then a new one. */
  open(about4 = {}) {
    const last = this.turns.at(-1);
    return last?.source === "agent" && last.results.length === 0 ? last : this.turn("agent", about4);
  }
  /** One thing said, in a turn of its own. Nothing: no turn. */
  say(source, text2, about4 = {}) {
    if (text2 !== "") this.add(this.turn(source, about4), "text", text2);
  }
  /** Adds to what a turn says or thinks. `glue` stands between. */
  add(turn, to, more, glue = "\n") {
    if (turn === null || more === "") return;
    const room = LIMITS.text - turn[to].length;
    if (room <= 0) this.#bounds.cut += 1;
    else turn[to] += `${turn[to] === "" ? "" : glue}${this.#bounds.text(more, room)}`;
  }
  set(turn, to, whole) {
    if (turn !== null && turn[to] !== whole) turn[to] = this.#bounds.text(whole);
  }
  /** A call; told again, the arguments that came last count. */
  call(turn, given, name, args2) {
    if (turn === null) return;
    const id = this.#bounds.name(given);
    const at2 = turn.calls.findIndex((call3) => call3.id === id);
    if (at2 === -1 && turn.calls.length >= LIMITS.calls) {
      this.odd.left += 1;
      return;
    }
    const call2 = { id, name: this.#bounds.name(name), args: this.#bounds.value(args2) };
    if (at2 === -1) turn.calls.push(call2);
    else turn.calls[at2] = call2;
    this.#calls.set(id, turn);
  }
  has(call2) {
    return this.#calls.has(this.#bounds.name(call2));
  }
  /** What came of a call, at the call; told again, the last one counts. */
  result(given, content, failed3 = false) {
    const id = this.#bounds.name(given);
    const own = this.#calls.get(id);
    if (own === void 0) this.odd.orphans += 1;
    const turn = own ?? this.turns.findLast(({ source }) => source === "agent");
    if (turn === void 0) return;
    const at2 = own === void 0 ? -1 : turn.results.findIndex((result2) => result2.id === id);
    if (at2 === -1 && turn.results.length >= LIMITS.calls) {
      this.odd.left += 1;
      return;
    }
    const result = { id: own === void 0 ? null : id, content: this.#bounds.text(content), failed: failed3 };
    if (at2 === -1) turn.results.push(result);
    else turn.results[at2] = result;
  }
};
function usage(input, output, cached, cost) {
  if (input === 0 && output === 0 && typeof cost !== "number") return null;
  return { input, output, cached: amount(cached), cost: typeof cost === "number" ? amount(cost) : null };
}
function plus(a, b) {
  if (a === null || b === null) return a ?? b;
  const cost = a.cost === null && b.cost === null ? null : (a.cost ?? 0) + (b.cost ?? 0);
  return { input: a.input + b.input, output: a.output + b.output, cached: a.cached + b.cached, cost };
}

// src/trajectory/atif.ts
var MOST_STEPS = 2e4;
function sessions(found) {
  const byId = /* @__PURE__ */ new Map();
  for (const [at2, one] of found.filter(({ log }) => log.turns.length > 0).entries()) {
    const id = one.log.session === null ? `${at2}` : `${one.log.agent} ${one.log.session}`;
    const other2 = byId.get(id);
    byId.set(id, other2 === void 0 ? one : merged(other2, one));
  }
  return [...byId.values()].sort((a, b) => (a.step ?? Infinity) - (b.step ?? Infinity) || 0);
}
function merged(a, b) {
  const [best, other2] = b.log.turns.length > a.log.turns.length ? [b, a] : [a, b];
  const { log } = best;
  log.about({
    version: log.version ?? other2.log.version,
    model: log.model ?? other2.log.model,
    end: log.end ?? other2.log.end
  });
  log.cost ??= other2.log.cost;
  log.claimedTurns ??= other2.log.claimedTurns;
  log.total ??= other2.log.total;
  return { log, step: a.step ?? b.step, from: `${a.from}, ${b.from}` };
}
function usedBy({ total, turns, cost }) {
  const sum = turns.reduce((all, turn) => plus(all, turn.usage), null);
  const used = total ?? sum;
  if (cost === null) return used === null ? null : { ...used, cost: used.cost ?? sum?.cost ?? null };
  return { ...used ?? { input: 0, output: 0, cached: 0 }, cost };
}
var turnsOf = ({ turns, claimedTurns }) => claimedTurns ?? turns.filter(({ source }) => source === "agent").length;
var callsOf = ({ turns }) => turns.reduce((sum, { calls }) => sum + calls.length, 0);
var modelOf = ({ model, turns }) => turns.findLast((turn) => turn.model !== null)?.model ?? model;
function toAtif(all, cut, extra) {
  const [first] = all;
  if (first === void 0) return null;
  const turns = all.flatMap(({ log, step: step2 }) => log.turns.map((turn) => ({ turn, step: step2, agent: log.agent })));
  const several = all.length > 1;
  const steps = turns.slice(0, MOST_STEPS).map((one, index) => stepOf(one, index + 1, several));
  const { session, agent, version } = first.log;
  const model = modelOf(first.log);
  return {
    schema_version: "ATIF-v1.7",
    ...session === null ? {} : { session_id: session },
    agent: { name: agent, version: version ?? "unknown", ...model === null ? {} : { model_name: model } },
    steps,
    final_metrics: finalMetrics(all, steps.length),
    extra: { ...extra, sessions: all.map(about), cut_texts: cut, left_out_steps: turns.length - steps.length }
  };
}
function about({ log, step: step2, from }) {
  const { agent, session, version, end, odd, turns } = log;
  const pending = turns.flatMap(({ calls, results }) => calls.filter(({ id }) => results.every((result) => result.id !== id)));
  return {
    agent,
    session,
    version,
    model: modelOf(log),
    step: step2,
    from,
    end,
    turns: turns.length,
    calls_without_result: pending.length,
    ...names(odd)
  };
}
var names = ({ unknown, broken, long, left, orphans }) => ({
  unknown_events: unknown,
  broken_lines: broken,
  long_lines: long,
  left_out: left,
  results_without_call: orphans
});
function stepOf({ turn, step: step2, agent }, id, several) {
  const { source, at: at2, model, text: text2, thought, calls, results, usage: usage2, parent } = turn;
  const extra = {
    ...several ? { agent, step: step2 } : {},
    ...parent === null ? {} : { parent_tool_call_id: parent }
  };
  const own = source === "agent";
  return {
    step_id: id,
    ...at2 === null ? {} : { timestamp: at2 },
    source,
    message: text2,
    ...own && model !== null ? { model_name: model } : {},
    ...own && thought !== "" ? { reasoning_content: thought } : {},
    ...calls.length === 0 ? {} : { tool_calls: calls.map((call2) => ({ tool_call_id: call2.id, function_name: call2.name, arguments: call2.args })) },
    ...results.length === 0 ? {} : {
      observation: {
        results: results.map((result) => ({
          ...result.id === null ? {} : { source_call_id: result.id },
          content: result.content,
          ...result.failed ? { extra: { failed: true } } : {}
        }))
      }
    },
    ...own && usage2 !== null ? { metrics: metricsOf(usage2) } : {},
    ...Object.keys(extra).length === 0 ? {} : { extra }
  };
}
var metricsOf = ({ input, output, cached, cost }) => ({
  prompt_tokens: input,
  completion_tokens: output,
  cached_tokens: cached,
  ...cost === null ? {} : { cost_usd: cost }
});
function finalMetrics(all, total_steps) {
  const used = all.reduce((sum, { log }) => plus(sum, usedBy(log)), null);
  if (used === null) return { total_steps };
  const { input, output, cached, cost } = used;
  return {
    total_prompt_tokens: input,
    total_completion_tokens: output,
    total_cached_tokens: cached,
    ...cost === null ? {} : { total_cost_usd: cost },
    total_steps
  };
}

// src/trajectory/claude-code.ts
var QUIET = new Set(
  `stream_event tool_progress rate_limit_event progress summary queue-operation file-history-snapshot attachment last-prompt mode
  custom-title ai-title agent-name permission-mode pr-link atis-latch
  api-request api-request-shape api-request-blob tools-used cost-state`.split(/\s+/)
);
var CLAUDE_CODE = {
  name: "claude-code",
  recognises: ({ type, subtype, session_id: stream, sessionId: file, message: message3 }) => type === "system" && subtype === "init" && typeof stream === "string" || (type === "user" || type === "assistant") && isObject(message3) && typeof (stream ?? file) === "string",
  read(line, log) {
    const { type } = line;
    log.about({ session: line["session_id"] ?? line["sessionId"], version: line["claude_code_version"] ?? line["version"] });
    if (type === "assistant") assistant(line, log);
    else if (type === "user") user(line, log);
    else if (type === "system") system(line, log);
    else if (type === "result") ended(line, log);
    else return typeof type === "string" && QUIET.has(type);
    return true;
  }
};
var about2 = (line) => ({ at: line["timestamp"], parent: line["parent_tool_use_id"] });
function assistant(line, log) {
  const { id, model, content, usage: used } = fields(line["message"]);
  const key = typeof id === "string" ? { key: id } : {};
  const turn = log.turn("agent", { ...about2(line), ...key, model });
  if (typeof content === "string") log.add(turn, "text", content);
  for (const block of list(content).map(fields)) {
    if (block["type"] === "text") log.add(turn, "text", text(block["text"]));
    else if (block["type"] === "thinking") log.add(turn, "thought", text(block["thinking"]));
    else if (block["type"] === "tool_use") log.call(turn, text(block["id"]), text(block["name"]), args(block["input"]));
  }
  setUsage(turn, usageOf(fields(used)));
}
function user(line, log) {
  const { content } = fields(line["message"]);
  const said2 = [];
  for (const block of typeof content === "string" ? [content] : list(content)) {
    const { type, tool_use_id: id, content: result, is_error: failed3 } = fields(block);
    if (type === "tool_result") log.result(text(id), textOf(result), failed3 === true);
    else said2.push(block);
  }
  log.say("user", textOf(said2), about2(line));
}
function system(line, log) {
  if (line["subtype"] === "init") log.about({ model: line["model"] });
  if (line["subtype"] === "compact_boundary") log.say("system", "The conversation was compacted.", about2(line));
}
function ended(line, log) {
  const { subtype, num_turns: turns, total_cost_usd: cost, modelUsage, usage: main } = line;
  log.about({ end: subtype });
  if (typeof turns === "number") log.claimedTurns = amount(turns);
  if (typeof cost === "number") log.cost = amount(cost);
  let all = null;
  for (const one of Object.values(fields(modelUsage)).map(fields)) {
    const n = (name) => amount(one[name]);
    const input = n("inputTokens") + n("cacheReadInputTokens") + n("cacheCreationInputTokens");
    all = plus(all, usage(input, n("outputTokens"), one["cacheReadInputTokens"]));
  }
  log.total = all ?? usageOf(fields(main)) ?? log.total;
}
function usageOf(used) {
  const n = (name) => amount(used[name]);
  const input = n("input_tokens") + n("cache_read_input_tokens") + n("cache_creation_input_tokens");
  return usage(input, n("output_tokens"), used["cache_read_input_tokens"]);
}
function setUsage(turn, now) {
  if (turn !== null && now !== null) turn.usage = now;
}

// src/trajectory/codex.ts
var CODEX = {
  name: "codex",
  recognises: ({ type, thread_id: thread, payload }) => type === "thread.started" && typeof thread === "string" || (type === "session_meta" || type === "response_item") && isObject(payload),
  read(line, log) {
    const { type } = line;
    if (typeof type !== "string") return false;
    if (isObject(line["payload"])) return rollout(type, line["payload"], line["timestamp"], log);
    if (type.startsWith("item.")) return item(fields(line["item"]), log);
    if (type === "thread.started") log.about({ session: line["thread_id"] });
    else if (type === "turn.completed") {
      log.about({ end: "completed" });
      log.total = usageOf2(line["usage"]) ?? log.total;
    } else if (type === "turn.failed") {
      log.about({ end: "failed" });
      failure(fields(line["error"])["message"], log);
    } else if (type === "error") failure(line["message"], log);
    else return type === "turn.started";
    return true;
  }
};
function item(it, log) {
  const { id, type, text: said2 } = it;
  const key = text(id);
  if (type === "agent_message") log.set(log.turn("agent", { key }), "text", text(said2));
  else if (type === "reasoning") log.set(log.turn("agent", { key }), "thought", text(said2));
  else if (type === "error") failure(it["message"], log, key);
  else if (type === "command_execution")
    call(it, log, "command_execution", { command: it["command"] }, it["aggregated_output"], amount(it["exit_code"]) !== 0);
  else if (type === "file_change") call(it, log, "file_change", { changes: it["changes"] }, it["status"], false);
  else if (type === "mcp_tool_call") {
    const answer = it["error"] ?? it["result"];
    const content = typeof answer === "string" ? answer : textOf(fields(answer)["content"] ?? fields(answer)["message"]);
    call(it, log, `${text(it["server"])}.${text(it["tool"])}`, args(it["arguments"]), content, isObject(it["error"]));
  } else if (type === "web_search") call(it, log, "web_search", { query: it["query"] }, void 0, false);
  else if (type === "todo_list") call(it, log, "todo_list", { items: it["items"] }, void 0, false);
  else return false;
  return true;
}
function call(it, log, name, given, output, failed3) {
  const id = text(it["id"]);
  log.call(log.turn("agent", { key: id }), id, name, given);
  if (it["status"] !== "in_progress" && typeof output === "string") log.result(id, output, failed3 || it["status"] === "failed");
}
function failure(message3, log, key) {
  log.say("system", text(message3), key === void 0 ? {} : { key });
}
function rollout(type, payload, at2, log) {
  if (type === "session_meta") {
    log.about({ session: payload["id"], version: payload["cli_version"] });
    return true;
  }
  if (type === "turn_context") {
    log.about({ model: payload["model"] });
    return true;
  }
  if (type === "response_item") return response(payload, at2, log);
  if (type === "event_msg" && payload["type"] === "token_count")
    log.total = usageOf2(fields(payload["info"])["total_token_usage"]) ?? log.total;
  return ["event_msg", "compacted", "world_state", "token_usage_record"].includes(type);
}
function response(payload, at2, log) {
  const { type, role, content, call_id: id } = payload;
  const open = () => log.open({ at: at2, model: log.model });
  if (type === "message" && role === "assistant") log.add(open(), "text", textOf(content));
  else if (type === "message") log.say(role === "user" ? "user" : "system", textOf(content), { at: at2 });
  else if (type === "reasoning") log.add(open(), "thought", textOf(payload["summary"]));
  else if (type === "function_call") log.call(open(), text(id), text(payload["name"]), args(payload["arguments"]));
  else if (type === "custom_tool_call") log.call(open(), text(id), text(payload["name"]), args(payload["input"]));
  else if (type === "local_shell_call") log.call(open(), text(id), "local_shell", args(payload["action"]));
  else if (type === "function_call_output" || type === "custom_tool_call_output") {
    const { output } = payload;
    log.result(text(id), textOf(isObject(output) ? output["content"] : output), fields(output)["success"] === false);
  } else return type === "web_search_call" || type === "ghost_snapshot";
  return true;
}
function usageOf2(value) {
  const used = fields(value);
  return usage(amount(used["input_tokens"]), amount(used["output_tokens"]), used["cached_input_tokens"]);
}

// src/trajectory/copilot.ts
var COPILOT = {
  name: "copilot",
  recognises: ({ type, data }) => isObject(data) && typeof type === "string" && /^(session\.start|user\.message|assistant\.)/.test(type),
  read({ type, data: given, timestamp: at2, ...rest }, log) {
    if (type === "result") {
      log.about({ session: rest["sessionId"], end: rest["exitCode"] === 0 ? "success" : "error" });
      return true;
    }
    if (typeof type !== "string" || !isObject(given)) return false;
    const data = given;
    const model = data["model"] ?? log.model;
    switch (type) {
      case "session.start":
        log.about({ session: data["sessionId"], version: data["copilotVersion"], model: data["selectedModel"] });
        break;
      case "session.model_change":
        log.about({ model: data["newModel"] });
        break;
      case "user.message":
        log.say("user", textOf(data["content"]), { at: at2 });
        break;
      case "assistant.message": {
        const key = typeof data["messageId"] === "string" ? { key: data["messageId"] } : {};
        const turn = log.turn("agent", { ...key, at: at2, model, parent: data["parentToolCallId"] });
        log.set(turn, "text", text(data["content"]));
        log.set(turn, "thought", text(data["reasoningText"]));
        for (const call2 of list(data["toolRequests"]).map(fields))
          log.call(turn, text(call2["toolCallId"]), text(call2["name"]), args(call2["arguments"]));
        break;
      }
      // Some versions tell a call only when it begins.
      case "tool.execution_start":
        if (!log.has(text(data["toolCallId"])))
          log.call(log.open({ at: at2, model }), text(data["toolCallId"]), text(data["toolName"]), args(data["arguments"]));
        break;
      case "tool.execution_complete": {
        const answer = data["result"] ?? data["error"];
        const content = isObject(answer) ? answer["content"] ?? answer["message"] : answer;
        log.result(text(data["toolCallId"]), textOf(content), data["success"] === false);
        break;
      }
      case "assistant.usage": {
        const n = (name) => amount(data[name]);
        const used = usage(n("inputTokens"), n("outputTokens"), data["cacheReadTokens"]);
        log.about({ model: data["model"] });
        log.total = plus(log.total, used);
        break;
      }
      case "session.shutdown":
        log.total = metered(fields(fields(data["accountingSnapshot"])["modelMetrics"] ?? data["modelMetrics"])) ?? log.total;
        break;
      case "session.error":
        log.say("system", text(data["message"]), { at: at2 });
        log.about({ end: "error" });
        break;
      case "abort":
        log.about({ end: "aborted" });
        break;
      default:
        return /^(session|assistant|tool|hook|subagent|skill|system|permission|user_input|model)\./.test(type);
    }
    return true;
  }
};
function metered(models) {
  return Object.values(models).reduce((sum, model) => {
    const used = fields(fields(model)["usage"]);
    return plus(sum, usage(amount(used["inputTokens"]), amount(used["outputTokens"]), used["cacheReadTokens"]));
  }, null);
}

// src/trajectory/gemini.ts
var GEMINI = {
  name: "gemini",
  recognises: ({ type, session_id: session, timestamp, sessionId, projectHash }) => type === "init" && typeof session === "string" && typeof timestamp === "string" || typeof sessionId === "string" && typeof projectHash === "string",
  read(line, log) {
    const { type } = line;
    if (typeof line["projectHash"] === "string") return header(line, log);
    if (isObject(line["$set"])) return true;
    if (typeof line["id"] === "string") return message(line, log);
    if (type === "init") log.about({ session: line["session_id"], model: line["model"] });
    else if (type === "message") said(line, log);
    else if (type === "tool_use")
      log.call(log.open(about3(line, log)), text(line["tool_id"]), text(line["tool_name"]), args(line["parameters"]));
    else if (type === "tool_result") {
      const { output, error, status } = line;
      log.result(text(line["tool_id"]), text(output) || text(fields(error)["message"]), status === "error");
    } else if (type === "error") log.say("system", text(line["message"]), { at: line["timestamp"] });
    else if (type === "result") ended2(line, log);
    else return false;
    return true;
  }
};
var about3 = (line, log) => ({ at: line["timestamp"], model: log.model });
function said(line, log) {
  const { role, content } = line;
  if (role === "assistant") log.add(log.open(about3(line, log)), "text", textOf(content), line["delta"] === true ? "" : "\n");
  else log.say(role === "user" ? "user" : "system", textOf(content), { at: line["timestamp"] });
}
function ended2({ status, stats }, log) {
  const { input_tokens: input, output_tokens: output, cached } = fields(stats);
  log.about({ end: status });
  log.total = usage(amount(input), amount(output), cached) ?? log.total;
}
function header(line, log) {
  log.about({ session: line["sessionId"] });
  for (const one of list(line["messages"])) message(fields(one), log);
  return true;
}
function message(line, log) {
  const { id, type, content, model, tokens, thoughts, toolCalls } = line;
  const key = { key: text(id), at: line["timestamp"] };
  if (type === "user") {
    log.say("user", textOf(typeof content === "string" ? content : list(content).filter((part2) => !("functionResponse" in fields(part2)))), {
      at: line["timestamp"]
    });
    return true;
  }
  if (type === "info" || type === "error" || type === "warning") {
    log.say("system", textOf(content), key);
    return true;
  }
  if (type !== "gemini") return false;
  log.about({ model });
  const turn = log.turn("agent", { ...key, model });
  log.set(turn, "text", textOf(content));
  const thought = list(thoughts).map((one) => [text(fields(one)["subject"]), text(fields(one)["description"])].join(": "));
  log.set(turn, "thought", thought.join("\n"));
  for (const call2 of list(toolCalls).map(fields)) {
    log.call(turn, text(call2["id"]), text(call2["name"]), args(call2["args"]));
    const { resultDisplay: shown2, status } = call2;
    if (typeof status === "string") log.result(text(call2["id"]), typeof shown2 === "string" ? shown2 : outputOf(call2), status !== "success");
  }
  const used = fields(tokens);
  if (turn !== null)
    turn.usage = usage(amount(used["input"]), amount(used["output"]) + amount(used["thoughts"]), used["cached"]) ?? turn.usage;
  return true;
}
function outputOf(call2) {
  const responses = list(call2["result"]).map((part2) => fields(fields(fields(part2)["functionResponse"])["response"]));
  return responses.map(({ output, error }) => text(output) || text(error)).join("\n");
}

// src/trajectory/opencode.ts
var EVENTS = { tool: "tool_use", "step-finish": "step_finish", "step-start": "step_start" };
var ASIDE = /* @__PURE__ */ new Set(["step_start", "snapshot", "patch", "file", "agent", "retry", "compaction", "subtask"]);
var OPENCODE = {
  name: "opencode",
  recognises: ({ type, sessionID, part: part2, table, session_id, data }) => typeof sessionID === "string" && typeof type === "string" && (isObject(part2) || type === "error") || (table === "message" || table === "part") && typeof session_id === "string" && isObject(data),
  read(line, log) {
    if (line["table"] === "message") return readMessage(line, log);
    return readEvent(line["table"] === "part" ? eventOf(line) : line, log);
  }
};
function readMessage({ id, session_id: session, time_created: at2, data }, log) {
  const { role, modelID: model } = fields(data);
  log.about({ session, model });
  if (typeof id !== "string" || role !== "user" && role !== "assistant") return false;
  log.turn(role === "user" ? "user" : "agent", { key: id, at: at2, model });
  return true;
}
function eventOf({ id, session_id: sessionID, message_id: messageID, data }) {
  const part2 = fields(data);
  const type = text(part2["type"]);
  return { type: EVENTS[type] ?? type, sessionID, part: { ...part2, id, messageID } };
}
function readEvent({ type, sessionID, part: given, timestamp: at2, error }, log) {
  const part2 = fields(given);
  const { messageID, callID, tool } = part2;
  const state = fields(part2["state"]);
  const turn = () => typeof messageID === "string" ? log.turn("agent", { key: messageID, at: at2 }) : log.open({ at: at2 });
  log.about({ session: sessionID });
  if (type === "text") log.add(turn(), "text", text(part2["text"]));
  else if (type === "reasoning") log.add(turn(), "thought", text(part2["text"]));
  else if (type === "tool_use") {
    const id = text(callID) || text(part2["id"]);
    log.call(turn(), id, text(tool), args(state["input"]));
    const { status } = state;
    if (status === "completed" || status === "error") log.result(id, text(state["output"]) || text(state["error"]), status === "error");
  } else if (type === "step_finish") {
    const { input, output, reasoning, cache } = fields(part2["tokens"]);
    const { read, write } = fields(cache);
    const used = usage(amount(input) + amount(read) + amount(write), amount(output) + amount(reasoning), read, part2["cost"]);
    const own = turn();
    if (own !== null) own.usage = plus(own.usage, used);
    log.about({ end: part2["reason"] });
  } else if (type === "error") {
    const { name, data, message: message3 } = fields(error);
    log.say("system", text(message3) || text(fields(data)["message"]) || text(name), { at: at2 });
    log.about({ end: "error" });
  } else return typeof type === "string" && ASIDE.has(type);
  return true;
}

// src/trajectory/pi.ts
var QUIET2 = new Set(
  `agent_start agent_end turn_start turn_end message_start message_update tool_execution_start tool_execution_update
  tool_execution_end thinking_level_change label session_info custom branch_summary queue_update auto_retry_start auto_retry_end`.split(
    /\s+/
  )
);
var PI = {
  name: "pi",
  recognises: ({ type, id, cwd, version }) => type === "session" && typeof id === "string" && typeof cwd === "string" && typeof version === "number",
  read(line, log) {
    const { type } = line;
    if (type === "session") log.about({ session: line["id"] });
    else if (type === "model_change") log.about({ model: line["modelId"] });
    else if (type === "message" || type === "message_end") message2(fields(line["message"]), log);
    else if (type === "compaction") log.say("system", text(line["summary"]), { at: line["timestamp"] });
    else return typeof type === "string" && QUIET2.has(type);
    return true;
  }
};
function message2({ role, content, model, timestamp: at2, usage: given, ...rest }, log) {
  if (role === "toolResult") log.result(text(rest["toolCallId"]), textOf(content), rest["isError"] === true);
  else if (role === "user") log.say("user", textOf(content), { at: at2 });
  if (role !== "assistant") return;
  log.about({ model, end: rest["stopReason"] });
  const turn = log.turn("agent", { at: at2, model });
  for (const block of list(content).map(fields)) {
    if (block["type"] === "text") log.add(turn, "text", text(block["text"]));
    else if (block["type"] === "thinking") log.add(turn, "thought", text(block["thinking"]));
    else if (block["type"] === "toolCall") log.call(turn, text(block["id"]), text(block["name"]), args(block["arguments"]));
  }
  const used = fields(given);
  const n = (name) => amount(used[name]);
  const cost = fields(used["cost"])["total"];
  if (turn !== null) turn.usage = usage(n("input") + n("cacheRead") + n("cacheWrite"), n("output"), used["cacheRead"], cost);
}

// src/trajectory/reader.ts
var READERS = {
  "claude-code": CLAUDE_CODE,
  codex: CODEX,
  gemini: GEMINI,
  copilot: COPILOT,
  opencode: OPENCODE,
  pi: PI
};
var PATIENCE = { bytes: 64 << 20, objects: 1e4 };
var MOST_EVENTS = 5e5;
var [BRACE, NEWLINE, RETURN, SPACE] = [123, 10, 13, 32];
var Reader = class {
  #bounds;
  #agents;
  #agent = null;
  #log = null;
  /** The beginning of a line that goes on in the next piece; null: it is too long. */
  #begun = [];
  #size = 0;
  #read = 0;
  #objects = 0;
  #odd = { broken: 0, long: 0 };
  constructor(wanted, bounds) {
    this.#agents = wanted.map((name) => READERS[name]);
    this.#bounds = bounds;
  }
  /** Nothing that still comes is read. */
  get done() {
    if (this.#agent !== null) return this.#objects > MOST_EVENTS;
    return this.#read > PATIENCE.bytes || this.#objects > PATIENCE.objects;
  }
  push(piece) {
    this.#read += piece.length;
    let from = 0;
    for (let at2 = piece.indexOf(NEWLINE); at2 !== -1; at2 = piece.indexOf(NEWLINE, from)) {
      this.#more(piece.subarray(from, at2));
      this.#line();
      from = at2 + 1;
    }
    this.#more(piece.subarray(from));
  }
  /** What was read; null: no agent's log. */
  end() {
    this.#line();
    if (this.#log !== null) Object.assign(this.#log.odd, this.#odd);
    return this.#log;
  }
  #more(part2) {
    this.#size += part2.length;
    if (this.#size > LIMITS.line) this.#begun = null;
    else if (part2.length > 0) this.#begun?.push(Buffer.from(part2));
  }
  #line() {
    const bytes = this.#begun === null ? null : this.#begun.length === 1 ? this.#begun[0] : Buffer.concat(this.#begun);
    this.#begun = [];
    this.#size = 0;
    if (bytes === null) {
      this.#odd.long += 1;
      return;
    }
    if (bytes[0] !== BRACE || this.done) return;
    const value = parse(bytes);
    if (value !== null) this.#take(value);
    else if (this.#log !== null) this.#odd.broken += 1;
  }
  #take(line) {
    this.#objects += 1;
    this.#agent ??= this.#agents.find((agent) => agent.recognises(line)) ?? null;
    if (this.#agent === null) return;
    if (this.#log === null) this.#objects = 1;
    this.#log ??= new Log(this.#agent.name, this.#bounds);
    if (this.done) this.#log.odd.left += 1;
    if (!this.#agent.read(line, this.#log)) this.#log.odd.unknown += 1;
  }
};
function parse(bytes) {
  let end = bytes.length;
  while (end > 0 && (bytes[end - 1] === RETURN || bytes[end - 1] === SPACE)) end -= 1;
  try {
    const value = JSON.parse(bytes.toString("utf8", 0, end));
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

// src/trajectory/totals.ts
function totalsOf(all, seen) {
  const logs = all.map(({ log }) => log);
  const claim = (value) => value === null ? null : { value, source: "agent" };
  const sum = (count) => logs.length === 0 ? null : claim(logs.reduce((total, log) => total + count(log), 0));
  const used = logs.reduce((total, log) => plus(total, usedBy(log)), null);
  const tokens = (side) => seen !== null && seen.requests > 0 ? { value: seen[side], source: "gateway" } : claim(used?.[side] ?? null);
  return {
    turns: sum(turnsOf),
    toolCalls: sum(callsOf),
    inputTokens: tokens("input"),
    outputTokens: tokens("output"),
    costUsd: claim(used?.cost ?? null),
    model: claim(logs.map(modelOf).findLast((model) => model !== null) ?? null)
  };
}

// src/trajectory/trajectory.ts
var wantedBy = (wish) => wish === null ? AGENTS : wish === "none" ? [] : [wish];
async function readTrajectory(sources2, tokens, extra) {
  const bounds = new Bounds();
  const found = [];
  for await (const { wanted, step: step2, from, pieces } of sources2) {
    const reader = new Reader(wanted, bounds);
    for await (const piece of pieces) {
      reader.push(piece);
      if (reader.done) break;
    }
    const log = reader.end();
    if (log !== null) found.push({ log, step: step2, from });
  }
  const all = sessions(found);
  const totals = totalsOf(all, tokens);
  return { trajectory: toAtif(all, bounds.cut, { ...extra, totals }), totals };
}

// src/run/trajectory.ts
async function trajectoryOf(record, run) {
  try {
    return await readTrajectory(sources(record, run), run.tokens, { run: run.id });
  } catch (error) {
    if (!(error instanceof RecordError)) throw error;
    return readTrajectory([], run.tokens, {});
  }
}
async function* sources(record, run) {
  const wanted = run.steps.map(({ setup, agent = null }) => setup ? [] : wantedBy(agent));
  for (const { step: step2, from, to } of await printed(record, run)) {
    const own = wanted[step2] ?? [];
    if (own.length > 0) yield { wanted: own, step: step2, from: "stdout", pieces: part(record, from, to) };
  }
  yield* files(record, [...new Set(wanted.flat())]);
}
async function printed(record, { steps }) {
  const size = record.size("transcript.log") ?? 0;
  const started = [...steps.entries()].filter(([, { started: at2 }]) => at2 !== null);
  if (started.length === 1) return started.map(([step2]) => ({ step: step2, from: 0, to: size }));
  const ranges = [];
  for await (const line of record.lines("transcript.ndjson")) {
    if (line.kind !== "begin" || line.step === null) continue;
    const last = ranges.at(-1);
    if (last !== void 0) last.to = line.offset;
    ranges.push({ step: line.step, from: line.offset, to: size });
  }
  return ranges;
}
function* part(record, from, to) {
  let at2 = 0;
  for (const piece of record.pieces("transcript.log")) {
    const start = Math.max(0, from - at2);
    const end = Math.min(piece.length, to - at2);
    if (end > start) yield piece.subarray(start, end);
    at2 += piece.length;
    if (at2 >= to) return;
  }
}
async function* files(record, wanted) {
  const lines = record.lines("agent.ndjson")[Symbol.asyncIterator]();
  let next = await lines.next();
  const line = () => next.done === true || next.value.kind !== "line" ? null : next.value;
  async function* pieces() {
    for (let one = line(); one !== null; one = line()) {
      yield Buffer.from(`${one.text}
`);
      next = await lines.next();
    }
  }
  while (next.done !== true) {
    const file = next.value;
    next = await lines.next();
    if (file.kind === "file") {
      const own = wanted.filter((agent) => agent === file.agent);
      yield { wanted: own, step: null, from: `~/${file.path}`, pieces: own.length === 0 ? [] : pieces() };
    }
    while (line() !== null) next = await lines.next();
  }
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
    const what = { what: findings.flatMap((finding2) => finding2.what), more: findings.reduce((sum, { more }) => sum + more, 0) };
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
    const other2 = this.#conclusion !== null && this.#conclusion.run.policy.digest !== policy.digest;
    return [
      ...this.#wish.only.unmatched().map((glob) => `only ${JSON.stringify(glob)} matches no change`),
      ...other2 ? ["the run had another policy than the one that judges it here"] : []
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
