const { rm } = process.getBuiltinModule("node:fs/promises");
const { join } = process.getBuiltinModule("node:path");
const { createHash } = process.getBuiltinModule("node:crypto");
const { createWriteStream } = process.getBuiltinModule("node:fs");
const { pipeline } = process.getBuiltinModule("node:stream/promises");
const { setTimeout: sleep } = process.getBuiltinModule("node:timers/promises");
const { createReadStream, createWriteStream: createWriteStream2 } = process.getBuiltinModule("node:fs");
const { open } = process.getBuiltinModule("node:fs/promises");
const { Readable } = process.getBuiltinModule("node:stream");
const { pipeline: pipeline2 } = process.getBuiltinModule("node:stream/promises");
const { crc32, createInflateRaw } = process.getBuiltinModule("node:zlib");
import {
  GitHubError
} from "./shared-action-github.js";
import {
  get
} from "./shared-action-event.js";
import {
  withRemedy
} from "./shared-cli-problem.js";
import "./shared-model-errors.js";
import "./shared-runtime.js";

// src/action/baseline.ts

// src/action/github-rest.ts
var PATIENCE = 15e3;
var BACKOFF = [1e3, 4e3];
var LARGEST = 16 << 20;
var REMEDIES = {
  401: "`github-token` is not valid",
  403: "the job needs `permissions: actions: read`",
  404: "it is not there, or the job needs `permissions: actions: read`",
  410: "it has expired"
};
var GitHubRest = class {
  #url;
  #token;
  #backoff;
  constructor(url, token, backoff = BACKOFF) {
    this.#url = url.replace(/\/$/, "");
    this.#token = token;
    this.#backoff = backoff;
  }
  /** `path` begins with `/`. Returns the parsed answer. Throws GitHubError. */
  async get(path) {
    return await this.#again(
      async () => fetched(`${this.#url}${path}`, this.#headers(), async (message) => {
        const text = await textOf(message);
        if (message.statusCode !== 200) throw refusal(message.statusCode ?? 0, said(text));
        return parse(text);
      })
    );
  }
  /** Follows the one redirect to where artifacts are stored, without the token. Returns the SHA-256 of what was written. Throws GitHubError. */
  async download(path, to, most) {
    return await this.#again(async () => {
      const place = await fetched(`${this.#url}${path}`, this.#headers(), async (message) => {
        const { location } = message.headers;
        if (message.statusCode === 302 && location !== void 0) return location;
        throw refusal(message.statusCode ?? 0, said(await textOf(message)));
      });
      const store = URL.parse(place);
      if (store === null || store.protocol !== new URL(this.#url).protocol)
        throw new GitHubError("GitHub sent the download to no usable address");
      return await fetched(store.href, {}, async (message) => {
        if (message.statusCode !== 200) throw refusal(message.statusCode ?? 0, " of the store of artifacts");
        return await save(message, to, most);
      });
    });
  }
  #headers() {
    return { authorization: `Bearer ${this.#token}`, accept: "application/vnd.github+json", "x-github-api-version": "2022-11-28" };
  }
  async #again(ask) {
    for (const wait of this.#backoff) {
      try {
        return await ask();
      } catch (error) {
        if (!(error instanceof GitHubError && error.passing)) throw error;
        await sleep(wait);
      }
    }
    return await ask();
  }
};
async function fetched(url, headers, use) {
  const { HttpClient } = await import("./lib.js");
  const client = new HttpClient("agent-jail", [], { socketTimeout: PATIENCE, allowRedirects: false, allowRetries: false });
  try {
    return await use((await client.get(url, headers)).message);
  } catch (error) {
    if (error instanceof GitHubError) throw error;
    throw new GitHubError(`GitHub could not be asked: ${error instanceof Error ? error.message : String(error)}`, "", true);
  } finally {
    client.dispose();
  }
}
async function textOf(message) {
  const pieces = [];
  let size = 0;
  for await (const piece of message) {
    size += piece.length;
    if (size > LARGEST) throw new GitHubError("the answer is too large");
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString();
}
async function save(message, to, most) {
  const hash = createHash("sha256");
  let size = 0;
  const count = async function* (pieces) {
    for await (const piece of pieces) {
      size += piece.length;
      if (size > most) throw new GitHubError(`the artifact is larger than ${most} bytes`);
      hash.update(piece);
      yield piece;
    }
  };
  await pipeline(message, count, createWriteStream(to, { flags: "w", mode: 384 }));
  return hash.digest("hex");
}
function refusal(status, message) {
  const limited = status === 429 || /rate limit/i.test(message);
  return new GitHubError(`GitHub answered ${status}${message}`, limited ? "try again later" : REMEDIES[status] ?? "", status >= 500);
}
function said(text) {
  const message = get(parse(text), ["message"]);
  return typeof message === "string" && message !== "" ? `: ${message.slice(0, 200)}` : "";
}
function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

// src/action/unzip.ts
var ZipError = class extends Error {
  name = "ZipError";
};
var [END, ENTRY, LOCAL] = [22, 46, 30];
var SIGNATURE = { end: 101010256, entry: 33639248, local: 67324752 };
var MOST_COMMENT = 65535;
var MOST_DIRECTORY = 16 << 20;
var ELSEWHERE = 4294967295;
async function unzipOne(zip, name, to, most) {
  const file = await open(zip, "r");
  try {
    const { size } = await file.stat();
    const directory = await readDirectory(file, size);
    const entry = find(directory.bytes, directory.entries, name);
    if (entry.size > most) throw new ZipError(`${name} is larger than ${most} bytes`);
    await extract(zip, await contentOf(file, entry, directory.start), entry, to, name);
    return entry.size;
  } finally {
    await file.close();
  }
}
async function readDirectory(file, size) {
  const from = Math.max(0, size - END - MOST_COMMENT);
  const tail = await read(file, from, size - from);
  let at = tail.length - END;
  while (at >= 0 && !(tail.readUInt32LE(at) === SIGNATURE.end && at + END + tail.readUInt16LE(at + 20) === tail.length)) at -= 1;
  if (at < 0) throw new ZipError("it is not a whole zip");
  const [entries, length, start] = [tail.readUInt16LE(at + 10), tail.readUInt32LE(at + 12), tail.readUInt32LE(at + 16)];
  if (entries === 65535 || start === ELSEWHERE) throw new ZipError("it is a ZIP64 file");
  if (length > MOST_DIRECTORY || start + length > from + at) throw new ZipError("its list of files is not where it should be");
  return { bytes: await read(file, start, length), entries, start };
}
function find(directory, entries, name) {
  const wanted = Buffer.from(name);
  let found = null;
  let at = 0;
  for (let index = 0; index < entries; index += 1) {
    if (at + ENTRY > directory.length || directory.readUInt32LE(at) !== SIGNATURE.entry) throw new ZipError("its list of files is broken");
    const length = directory.readUInt16LE(at + 28);
    if (directory.subarray(at + ENTRY, at + ENTRY + length).equals(wanted)) {
      if (found !== null) throw new ZipError(`${name} is in it twice`);
      const word = (offset) => directory.readUInt32LE(at + offset);
      const [flags, method] = [directory.readUInt16LE(at + 8), directory.readUInt16LE(at + 10)];
      found = { flags, method, crc: word(16), packed: word(20), size: word(24), header: word(42) };
    }
    at += ENTRY + length + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
  }
  if (found === null) throw new ZipError(`${name} is not in it`);
  if ([found.packed, found.size, found.header].includes(ELSEWHERE)) throw new ZipError("it is a ZIP64 file");
  if ((found.flags & 1) !== 0 || found.method !== 0 && found.method !== 8)
    throw new ZipError(`${name} is packed in a way that is not read`);
  return found;
}
async function contentOf(file, { header, packed }, end) {
  const local = await read(file, header, LOCAL);
  const start = header + LOCAL + local.readUInt16LE(26) + local.readUInt16LE(28);
  if (local.readUInt32LE(0) !== SIGNATURE.local || start + packed > end) throw new ZipError("a file is not where the list says");
  return start;
}
async function extract(zip, start, { packed, size, method, crc }, to, name) {
  let [written, sum] = [0, 0];
  const count = async function* (pieces) {
    for await (const piece of pieces) {
      written += piece.length;
      if (written > size) throw new ZipError(`${name} is larger than the list says`);
      sum = crc32(piece, sum);
      yield piece;
    }
  };
  const source = packed === 0 ? Readable.from([]) : createReadStream(zip, { start, end: start + packed - 1 });
  const sink = createWriteStream2(to, { flags: "wx", mode: 384 });
  try {
    if (method === 8) await pipeline2(source, createInflateRaw(), count, sink);
    else await pipeline2(source, count, sink);
  } catch (error) {
    const code = error.code ?? "";
    throw code.startsWith("Z_") ? new ZipError(`${name} is broken`) : error;
  }
  if (written !== size || sum !== crc) throw new ZipError(`${name} is broken`);
}
async function read(file, at, length) {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, at);
  if (bytesRead !== length) throw new ZipError("it is not a whole zip");
  return buffer;
}

// src/action/baseline.ts
var TRIALS_FILE = "trials.ndjson";
var MOST = { packed: 1 << 29, unpacked: 2 ** 31 };
var MOST_RUNS = 100;
async function fetchBaselines(wish) {
  const github = new GitHubRest(wish.api, wish.token, wish.backoff);
  const found = [];
  const refused = [];
  try {
    const wanted = "last" in wish.from ? wish.from.last : 1;
    for (const run of "last" in wish.from ? await lastRuns(github, wish, wish.from.last) : [await oneRun(github, wish, wish.from.run)]) {
      if (found.length === wanted) break;
      const name = `run ${run.id}`;
      const got = await fetchRun(github, wish, run.id);
      if ("path" in got) found.push({ name, path: got.path });
      else refused.push({ name, why: got.why });
    }
  } catch (error) {
    refused.push({ name: "baseline", why: reason(error) });
  }
  return { found, refused };
}
async function lastRuns(github, wish, last) {
  const branch = wish.branch ?? String(get(await github.get(`/repos/${repositoryPath(wish)}`), ["default_branch"]));
  const query = new URLSearchParams({ branch, event: "schedule", status: "success", per_page: String(Math.min(MOST_RUNS, 2 * last + 1)) });
  const answer = await github.get(
    `/repos/${repositoryPath(wish)}/actions/workflows/${encodeURIComponent(wish.workflow)}/runs?${query.toString()}`
  );
  const runs = get(answer, ["workflow_runs"]);
  const good = (Array.isArray(runs) ? runs : []).map(runOf).filter((run) => run.good && run.event === "schedule" && run.branch === branch && isOurs(run, wish) && run.id !== wish.run);
  if (good.length === 0) throw new GitHubError(`there is no earlier successful scheduled run of ${wish.workflow} on ${branch}`);
  return good.toSorted((a, b) => Number(b.id) - Number(a.id));
}
async function oneRun(github, wish, id) {
  if (!/^\d{1,20}$/.test(id)) throw new GitHubError(`${JSON.stringify(id)} is not the number of a run`);
  if (id === wish.run) throw new GitHubError(`run ${id} is the current run itself`);
  const run = runOf(await github.get(`/repos/${repositoryPath(wish)}/actions/runs/${id}`));
  if (!run.good) throw new GitHubError(`run ${id} did not end successfully`);
  if (run.event.startsWith("pull_request")) throw new GitHubError(`run ${id} was made by the event ${run.event}`);
  if (!isOurs(run, wish)) throw new GitHubError(`run ${id} is about a commit of another repository`);
  return run;
}
async function fetchRun(github, wish, run) {
  const [zip, path] = [join(wish.directory, `${run}.zip`), join(wish.directory, `${run}.ndjson`)];
  try {
    const query = new URLSearchParams({ name: wish.artifact, per_page: "100" });
    const answer = get(await github.get(`/repos/${repositoryPath(wish)}/actions/runs/${run}/artifacts?${query.toString()}`), ["artifacts"]);
    const named = (Array.isArray(answer) ? answer : []).filter((one) => get(one, ["name"]) === wish.artifact);
    const [artifact] = named.toSorted((a, b) => Number(get(b, ["id"])) - Number(get(a, ["id"])));
    const id = get(artifact, ["id"]);
    if (typeof id !== "number") return { why: `it has no artifact ${wish.artifact}` };
    if (get(artifact, ["expired"]) !== false) return { why: `its artifact ${wish.artifact} has expired` };
    if (Number(get(artifact, ["size_in_bytes"])) > MOST.packed) return { why: `its artifact is larger than ${MOST.packed} bytes` };
    const sha256 = await github.download(`/repos/${repositoryPath(wish)}/actions/artifacts/${id}/zip`, zip, MOST.packed);
    const digest = get(artifact, ["digest"]);
    if (typeof digest === "string" && digest !== `sha256:${sha256}`)
      return { why: "its artifact is not what GitHub says it is: the SHA-256 differs" };
    await unzipOne(zip, TRIALS_FILE, path, MOST.unpacked);
    return { path };
  } catch (error) {
    await rm(path, { force: true });
    return { why: reason(error) };
  } finally {
    await rm(zip, { force: true });
  }
}
function runOf(run) {
  const text = (...path) => {
    const found = get(run, path);
    return typeof found === "string" || typeof found === "number" ? String(found) : "";
  };
  return {
    id: text("id"),
    event: text("event"),
    branch: text("head_branch"),
    head: text("head_repository", "full_name"),
    good: text("status") === "completed" && text("conclusion") === "success" && /^\d{1,20}$/.test(text("id"))
  };
}
var isOurs = ({ head }, { repository }) => head.toLowerCase() === repository.toLowerCase();
var repositoryPath = ({ repository }) => repository.split("/").map(encodeURIComponent).join("/");
function reason(error) {
  if (error instanceof GitHubError) return withRemedy(error.message, error.remedy);
  if (error instanceof ZipError) return `its artifact cannot be read: ${error.message}`;
  const { code } = error;
  if (code !== void 0) return `it cannot be stored: ${code}`;
  throw error;
}
export {
  TRIALS_FILE,
  fetchBaselines
};
