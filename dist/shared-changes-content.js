const { createHash, hash } = process.getBuiltinModule("node:crypto");
const { closeSync, readSync: readSync2 } = process.getBuiltinModule("node:fs");
const { readSync } = process.getBuiltinModule("node:fs");
const { Readable } = process.getBuiltinModule("node:stream");
const { constants, createGunzip, inflateRawSync, inflateSync } = process.getBuiltinModule("node:zlib");
const { closeSync: closeSync3 } = process.getBuiltinModule("node:fs");
const { spawnSync } = process.getBuiltinModule("node:child_process");
const { closeSync: closeSync2, existsSync, mkdtempSync, openSync, readSync: readSync3, rmSync, writeSync } = process.getBuiltinModule("node:fs");
const { join: join2 } = process.getBuiltinModule("node:path");
import {
  isPlainText,
  join,
  view
} from "./shared-changes-bytes.js";
import {
  findTokens
} from "./shared-secrets-tokens.js";
import {
  NdjsonWriter
} from "./shared-system-ndjson.js";
import {
  SESSIONS
} from "./shared-model-trajectory.js";
import {
  CLEAN_ENV
} from "./shared-system-exec.js";

// src/changes/manifest.ts
var LAYERS = ["workspace", "home", "root"];
function byLayerAndPath(a, b) {
  return LAYERS.indexOf(a.layer) - LAYERS.indexOf(b.layer) || Buffer.compare(a.path, b.path);
}
function pathFields(name, bytes) {
  const text = { [name]: view(bytes).toString() };
  return isPlainText(bytes) ? text : { ...text, [`${name}_b64`]: view(bytes).toString("base64") };
}
function changeLine(change) {
  return {
    ...pathFields("path", change.path),
    layer: change.layer,
    op: change.op,
    flags: change.flags,
    ...change.why === void 0 ? {} : { why: change.why },
    ...change.more === void 0 ? {} : { more: change.more },
    ...change.token === void 0 ? {} : { token: change.token },
    ...change.op === "renamed" ? pathFields("from", change.from) : {},
    ..."before" in change ? { before: entryFields(change.before) } : {},
    ..."after" in change ? { after: entryFields(change.after) } : {}
  };
}
function entryFields({ link, ...rest }) {
  return link === null ? { ...rest, link } : { ...rest, ...pathFields("link", link) };
}
var NAMED = 1e3;
var NAMED_BYTES = 1 << 19;
function writeManifest(fd, header, changes, footer) {
  const writer = new NdjsonWriter(fd, "changes", header, "buffer");
  const counts = {};
  let noise = 0;
  let unlisted = 0;
  for (const change of changes) {
    if (change.flags.includes("noise")) noise += 1;
    unlisted += change.more ?? 0;
    counts[change.op] = (counts[change.op] ?? 0) + 1;
    writer.line(changeLine(change));
  }
  const { ignored, withheld, xattrs = true, patch, archive } = footer;
  writer.end({
    counts,
    unlisted,
    ignored,
    noise,
    withheld,
    xattrs,
    patch: {
      files: patch.files,
      others: (patch.others ?? []).map(({ file, path, files }) => ({ file, ...pathFields("path", path), files })),
      ...leftOutFields(patch.leftOut)
    },
    archive: { entries: archive.entries, ...leftOutFields(archive.leftOut) }
  });
}
function leftOutFields(all) {
  let bytes = 0;
  const first = all.slice(0, NAMED).filter(({ path }) => (bytes += path.length) <= NAMED_BYTES);
  return { left_out: first.map(({ path, why }) => ({ ...pathFields("path", path), why })), more: all.length - first.length };
}

// src/changes/secrets.ts
var SHORTEST = 4;
var MASK = Buffer.from("***");
function simpleForms(secrets) {
  return secrets.map(({ name, value }) => {
    const plain = Buffer.from(value);
    const hex = plain.toString("hex");
    const texts = [hex, hex.toUpperCase(), ...[0, 1, 2].flatMap((shift) => aligned(plain, shift))];
    const forms = [plain, ...texts.map((text) => Buffer.from(text))].filter((form) => form.length >= SHORTEST);
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
    const got = readSync(fd, piece, 0, piece.length, offset);
    if (got === 0) return;
    yield piece.subarray(0, got);
    offset += got;
  }
}
async function* gunzip(fd) {
  const source = Readable.from(pieces(fd));
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
var TOKENS = 100;
var SMALL = 1 << 16;
var KEPT = 32 << 20;
var SLAB = 1 << 20;
var UNREAD = { bytes: null, sha256: null, binary: true, crlf: true, ident: true, secret: null, tokens: [] };
var CHUNK = 1 << 20;
var HOLES = 4 * 1024 ** 3;
var ContentReader = class {
  #search;
  #known = /* @__PURE__ */ new Map();
  #chunk = Buffer.allocUnsafe(CHUNK);
  #holes;
  #room = KEPT;
  #slab = Buffer.alloc(0);
  constructor(search, holes = HOLES) {
    this.#search = search;
    this.#holes = holes;
  }
  /** `tokens`: whether to look for well-known credentials. */
  async read(side, tokens = false) {
    const known = side.inode === null ? void 0 : this.#known.get(side.inode);
    if (known !== void 0) return known;
    const content = await this.#read(side, tokens);
    if (side.inode !== null) this.#known.set(side.inode, content);
    return content;
  }
  async #read(side, tokens) {
    if (side.holes > this.#holes) return UNREAD;
    this.#holes -= side.holes;
    const fd = side.tree.open(side.path);
    try {
      const { packing, ...plain } = this.#scan(fd, tokens);
      return packing === null || plain.secret !== null || this.#search.idle ? plain : { ...plain, secret: await this.#packed(fd, packing, side.entry.size) };
    } finally {
      closeSync(fd);
    }
  }
  #scan(fd, wanted) {
    const search = this.#search.stream();
    const found = [];
    const look = wanted ? tokenSeeker(found) : () => {
    };
    const first = this.#fill(fd, 0);
    const packing = packingOf(first);
    const binary = first.subarray(0, 8e3).includes(0);
    if (first.length < CHUNK) {
      const text2 = { binary, crlf: first.includes("\r\n"), ident: first.includes("$Id") };
      look(first, true);
      const digest2 = hash("sha256", first);
      return { packing, ...text2, secret: search(first), tokens: found, sha256: digest2, bytes: this.#keep(first) };
    }
    const digest = createHash("sha256");
    const [crlf, ident] = [seeker("\r\n"), seeker("$Id")];
    let secret = null;
    let offset = 0;
    let text = { binary, crlf: false, ident: false };
    for (let piece = first; piece.length > 0; piece = this.#fill(fd, offset)) {
      digest.update(piece);
      secret ??= search(piece);
      look(piece, false);
      text = { binary, crlf: crlf(piece), ident: ident(piece) };
      offset += piece.length;
    }
    look(Buffer.alloc(0), true);
    return { packing, ...text, secret, tokens: found, sha256: digest.digest("hex"), bytes: null };
  }
  #keep(bytes) {
    if (bytes.length > SMALL || bytes.length > this.#room) return null;
    this.#room -= bytes.length;
    if (bytes.length > this.#slab.length) this.#slab = Buffer.allocUnsafeSlow(SLAB);
    const kept = this.#slab.subarray(0, bytes.length);
    this.#slab = this.#slab.subarray(bytes.copy(kept));
    return kept;
  }
  /** The next bytes from `offset`: a full chunk but for the last. Valid until the next call. */
  #fill(fd, offset) {
    let size = 0;
    while (size < CHUNK) {
      const got = readSync2(fd, this.#chunk, size, CHUNK - size, offset + size);
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
function tokenSeeker(found) {
  let [before, held] = ["", ""];
  return (piece, final) => {
    const text = before + held + piece.toString("latin1");
    const { tokens, stop } = findTokens(text, final, before.length);
    for (const { at, length, name } of tokens.slice(0, TOKENS - found.length)) found.push({ name, value: text.slice(at, at + length) });
    [before, held] = [text.charAt(stop - 1), text.slice(stop)];
  };
}
function seeker(word) {
  let found = false;
  let tail = Buffer.alloc(0);
  return (piece) => {
    found ||= piece.includes(word) || Buffer.concat([tail, piece.subarray(0, word.length - 1)]).includes(word);
    tail = Buffer.from(piece.subarray(Math.max(0, piece.length - word.length + 1)));
    return found;
  };
}
function readAll(fd, size) {
  const bytes = Buffer.alloc(size);
  let done = 0;
  while (done < size) {
    const got = readSync2(fd, bytes, done, size - done, done);
    if (got === 0) break;
    done += got;
  }
  return bytes.subarray(0, done);
}

// src/changes/sessions.ts

// src/changes/session-database.ts
var MOST = { file: 64 << 20, lines: 16 << 20 };
var LIMITS = { cpu: 10, data: 1 << 30, patience: 3e4 };
var CHUNK2 = 1 << 20;
var NODE = 3;
var PROGRAM = ["database.js", "../database.ts"].map((name) => join2(import.meta.dirname, name)).find((path) => existsSync(path));
function readDatabase(beside, scratch) {
  if (PROGRAM === void 0) return null;
  const directory = mkdtempSync(join2(scratch, "database-"));
  const open = [];
  try {
    const copy = join2(directory, "copy.db");
    for (const log of [false, true]) {
      const from = beside(log);
      if (from === null && !log) return null;
      if (from !== null && !copied(from, log ? `${copy}-wal` : copy)) return null;
    }
    const { cpu, data, patience } = LIMITS;
    const argv = [
      "--inh-caps=-all",
      "--ambient-caps=-all",
      "--no-new-privs",
      "--",
      "prlimit",
      `--cpu=${cpu}`,
      `--data=${data}`,
      "--",
      `/proc/self/fd/${NODE}`,
      "--disable-warning=ExperimentalWarning",
      // In `dist/` it is one file, and may lie where only this process can go, as Node may.
      ...PROGRAM.endsWith(".js") ? ["--input-type=module", "-"] : [PROGRAM],
      copy
    ];
    open.push(openSync(PROGRAM, "r"), openSync(process.execPath, "r"));
    const [program = 0, node = 0] = open;
    const read = spawnSync("setpriv", argv, {
      env: CLEAN_ENV,
      stdio: [program, "pipe", "ignore", node],
      timeout: patience,
      killSignal: "SIGKILL",
      maxBuffer: MOST.lines
    });
    return read.status === 0 ? read.stdout : null;
  } finally {
    for (const fd of open) closeSync2(fd);
    rmSync(directory, { recursive: true, force: true });
  }
}
function copied(from, path) {
  const to = openSync(path, "wx", 384);
  try {
    const buffer = Buffer.allocUnsafe(CHUNK2);
    for (let at = 0; ; ) {
      const got = readSync3(from, buffer, 0, buffer.length, at);
      if (got === 0) return true;
      at += got;
      if (at > MOST.file) return false;
      for (let done = 0; done < got; ) done += writeSync(to, buffer, done, got - done);
    }
  } finally {
    closeSync2(from);
    closeSync2(to);
  }
}

// src/changes/sessions.ts
var MOST2 = {
  files: 20,
  /** Bytes of one file, of all of them, and of a line. */
  file: 16 << 20,
  all: 48 << 20,
  line: 2 << 20,
  /** Directories below an agent's folder, one in another, and names that are looked at. */
  depth: 8,
  names: 2e4
};
function writeSessions(fd, header, home, agents, search, scratch) {
  const writer = new NdjsonWriter(fd, "agent", header, "buffer");
  const leftOut = [];
  const found = home === null ? [] : agents.flatMap((agent) => [...candidates(home, agent, leftOut)]);
  const chosen = found.sort((a, b) => b.stat.mtimeMs - a.stat.mtimeMs || Buffer.compare(a.path, b.path));
  let room = MOST2.all;
  let files = 0;
  for (const { agent, path, stat } of chosen) {
    const size = isDatabase(path) ? MOST2.file : Math.min(stat.size, MOST2.file);
    if (home === null || files === MOST2.files || size > room) {
      leftOut.push({ path, why: files === MOST2.files ? "too many files" : "too much in all" });
      continue;
    }
    const rows = isDatabase(path) ? readDatabase((log) => openBeside(home, path, log), scratch) : null;
    if (isDatabase(path) && rows === null) {
      leftOut.push({ path, why: "a database that cannot be read" });
      continue;
    }
    room -= size;
    writer.line({ kind: "file", agent, ...pathFields("path", path), size: stat.size, cut: rows === null && stat.size > size });
    const lines = rows === null ? textLines(home, path, size, search) : linesOf(search.mask(rows));
    for (const line of lines) writer.line({ kind: "line", ...line });
    files += 1;
  }
  writer.end({ files, ...leftOutFields(leftOut) });
  return { files, leftOut };
}
function* candidates(home, agent, leftOut) {
  const { under, name } = SESSIONS[agent];
  let top = Buffer.alloc(0);
  for (const part of under.split("/")) {
    top = join(top, Buffer.from(part));
    const stat = home.merged.lstat(top);
    if (stat === null) return;
    if (!isOwnDirectory(home, stat)) {
      leftOut.push({ path: top, why: "not a directory" });
      return;
    }
  }
  const todo = [{ path: top, depth: 0 }];
  let names = MOST2.names;
  for (let here = todo.pop(); here !== void 0; here = todo.pop()) {
    for (const child of home.merged.names(here.path)) {
      const path = join(here.path, child);
      if (names-- === 0) {
        leftOut.push({ path: here.path, why: `more than ${MOST2.names} names` });
        return;
      }
      const stat = home.merged.lstat(path);
      if (stat === null) continue;
      const called = view(child).toString("latin1");
      const isLog = name.test(called);
      if (isOwnDirectory(home, stat) && here.depth < MOST2.depth) todo.push({ path, depth: here.depth + 1 });
      else if (stat.isDirectory()) leftOut.push({ path, why: "too deep, or a mount" });
      else if (isLog && !stat.isFile()) leftOut.push({ path, why: "not a regular file" });
      else if (isLog && home.upper.lstat(path) !== null) yield { agent, path, stat };
    }
  }
}
var isDatabase = (path) => path.toString("latin1").endsWith(".db");
function openBeside(home, path, log) {
  const at = log ? Buffer.concat([path, Buffer.from("-wal")]) : path;
  return home.merged.lstat(at)?.isFile() === true ? home.merged.open(at) : null;
}
var isOwnDirectory = (home, stat) => stat.isDirectory() && stat.dev === home.device;
function* textLines(home, path, size, search) {
  const fd = home.merged.open(path);
  let bytes;
  try {
    const all = readAll(fd, size + search.longest);
    bytes = search.mask(all, Math.min(size, all.length));
  } finally {
    closeSync3(fd);
  }
  yield* linesOf(bytes);
}
function* linesOf(bytes) {
  for (let from = 0; from < bytes.length; ) {
    const at = bytes.indexOf(10, from);
    const end = at === -1 ? bytes.length : at;
    const most = Math.min(end, from + MOST2.line);
    if (end > from) yield { text: bytes.toString("utf8", from, most), ...most < end ? { cut: end - most } : {} };
    from = end + 1;
  }
}

export {
  byLayerAndPath,
  writeManifest,
  simpleForms,
  SecretSearch,
  ContentReader,
  readAll,
  writeSessions
};
