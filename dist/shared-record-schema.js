const require = process.getBuiltinModule('node:module').createRequire(import.meta.url);
const { closeSync, constants, fstatSync, lstatSync, openSync, readdirSync, readSync } = process.getBuiltinModule("node:fs");
const { join } = process.getBuiltinModule("node:path");
const { closeSync: closeSync2, readSync: readSync2 } = process.getBuiltinModule("node:fs");
import {
  RecordError
} from "./shared-record-error.js";
import {
  FLAGS
} from "./shared-model-changes.js";
import {
  array,
  boolean,
  exactOptional,
  getDotPath,
  integer,
  isoTimestamp,
  literal,
  looseObject,
  maxValue,
  minLength,
  minValue,
  nullable,
  number,
  object,
  picklist,
  pipe,
  record,
  regex,
  safeParse,
  strictObject,
  string,
  unknown,
  variant
} from "./shared-valibot.js";
import {
  OTHER_PATCHES,
  RECORD
} from "./shared-model-record.js";
import {
  EXIT
} from "./shared-model-outcome.js";
import {
  AGENTS
} from "./shared-model-trajectory.js";
import {
  displayText,
  utf8
} from "./shared-record-display.js";

// src/record/files.ts
var MiB = 1 << 20;
var GiB = 1 << 30;
var SIZE_LIMITS = {
  "run.json": 16 * MiB,
  "transcript.log": 64 * GiB,
  "transcript.ndjson": 8 * GiB,
  "network.ndjson": GiB,
  "programs.ndjson": GiB,
  "usage.ndjson": GiB,
  "backend.log": GiB,
  "changes.ndjson": 8 * GiB,
  "changes.patch": 64 * GiB,
  ...Object.fromEntries(OTHER_PATCHES.map((file) => [file, 64 * GiB])),
  "changes.tar.gz": 256 * GiB,
  "result.txt": MiB,
  "agent.ndjson": 512 * MiB,
  "manifest.json": MiB,
  "verdict.json": 4 * MiB,
  "trajectory.json": 128 * MiB,
  "transcript.cast": 256 * MiB,
  "transcript.txt": 64 * MiB,
  "report.html": 64 * MiB,
  "findings.sarif": 16 * MiB,
  "summary.md": MiB
};
function listRecord(dir) {
  const stat = lstatSync(dir, { throwIfNoEntry: false });
  if (stat === void 0) throw new RecordError(".", null, "there is no such directory");
  if (!stat.isDirectory()) throw new RecordError(".", null, "not a directory (a link is not followed)");
  try {
    return readdirSync(dir);
  } catch (error) {
    throw new RecordError(".", null, `cannot be read: ${code(error)}`);
  }
}
function openFile(dir, file) {
  let fd;
  try {
    fd = openSync(join(dir, file), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK | constants.O_NOCTTY);
  } catch (error) {
    if (code(error) === "ENOENT") return null;
    const link = code(error) === "ELOOP" || code(error) === "ENXIO";
    throw new RecordError(file, null, link ? "not a regular file" : `cannot be opened: ${code(error)}`);
  }
  try {
    const stat = fstatSync(fd);
    if (!stat.isFile()) throw new RecordError(file, null, "not a regular file");
    if (stat.size > SIZE_LIMITS[file]) throw new RecordError(file, null, `larger than ${SIZE_LIMITS[file]} bytes`);
    return { fd, size: stat.size };
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}
function fileSize(dir, file) {
  const open = openFile(dir, file);
  if (open === null) return null;
  closeSync(open.fd);
  return open.size;
}
function readSmall(dir, file) {
  const open = openFile(dir, file);
  if (open === null) return null;
  try {
    return Buffer.concat([...pieces(file, open.fd, open.size)]);
  } finally {
    closeSync(open.fd);
  }
}
function* readPieces(dir, file) {
  const open = openFile(dir, file);
  if (open === null) return;
  const buffer = Buffer.allocUnsafe(MiB);
  try {
    yield* pieces(file, open.fd, open.size, buffer);
  } finally {
    closeSync(open.fd);
  }
}
function* pieces(file, fd, size, buffer) {
  for (let at2 = 0; at2 < size; ) {
    const piece = buffer ?? Buffer.allocUnsafe(Math.min(MiB, size));
    const read = readSync(fd, piece, 0, Math.min(piece.length, size - at2), at2);
    if (read === 0) throw new RecordError(file, null, "became shorter while it was read");
    at2 += read;
    yield piece.subarray(0, read);
  }
}
var code = (error) => error.code ?? String(error);

// src/record/ndjson.ts
var LINE_LIMIT = 1 << 24;
var NdjsonFile = class {
  file;
  /** The last line says that this was all. */
  complete;
  /** That last line, with the writer's totals; null where the file was cut off. */
  footer;
  #dir;
  #decode;
  constructor(dir, file, decode) {
    this.file = file;
    this.#dir = dir;
    this.#decode = decode;
    this.footer = readFooter(dir, file);
    this.complete = this.footer !== null;
  }
  async *[Symbol.asyncIterator]() {
    yield* this.#lines();
  }
  *#lines() {
    let number3 = 0;
    let ended = false;
    for (const bytes2 of wholeLines(this.#dir, this.file)) {
      number3 += 1;
      if (ended) throw new RecordError(this.file, number3, "stands after the last line");
      const value = parseObject(this.file, number3, bytes2);
      if (number3 === 1) {
        checkSchema(this.file, value);
      } else if (value["end"] === true) {
        ended = true;
        if (value["lines"] !== number3 - 2) throw new RecordError(this.file, number3, `the last line does not count ${number3 - 2} lines`);
      } else {
        yield this.#decode(value, number3);
      }
    }
    if (ended !== this.complete) throw new RecordError(this.file, number3, "the file does not end where its last line says");
  }
};
function lineOf(file, schema) {
  return (value, line) => check(file, line, schema, value);
}
function check(file, line, schema, value) {
  const result2 = safeParse(schema, value, { abortEarly: true });
  if (result2.success) return result2.output;
  const [issue] = result2.issues;
  const at2 = getDotPath(issue) ?? "";
  throw new RecordError(file, line, displayText(`${at2 === "" ? "" : `${at2}: `}${issue.message}`));
}
function parseObject(file, line, bytes2) {
  const text2 = utf8(bytes2);
  if (text2 === null) throw new RecordError(file, line, "not UTF-8");
  let value;
  try {
    value = JSON.parse(text2);
  } catch {
    throw new RecordError(file, line, "not JSON");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new RecordError(file, line, "not a JSON object");
  return value;
}
function checkSchema(file, value, line = 1) {
  const wanted = `agent-jail/${RECORD[file].schema}@1`;
  const given = value["schema"];
  if (given === wanted) return;
  const other = typeof given === "string" && given.startsWith(wanted.slice(0, -1));
  const why = other ? `is ${given}, which this version of agent-jail does not read` : `has no "schema": "${wanted}"`;
  throw new RecordError(file, line, displayText(why));
}
function* wholeLines(dir, file) {
  let rest = Buffer.alloc(0);
  let number3 = 1;
  for (const piece of readPieces(dir, file)) {
    let from = 0;
    for (let at2 = piece.indexOf(10); at2 !== -1; at2 = piece.indexOf(10, from)) {
      const line = piece.subarray(from, at2);
      yield rest.length === 0 ? line : Buffer.concat([rest, line]);
      rest = Buffer.alloc(0);
      number3 += 1;
      from = at2 + 1;
    }
    if (from < piece.length) rest = Buffer.concat([rest, piece.subarray(from)]);
    if (rest.length > LINE_LIMIT) throw new RecordError(file, number3, `longer than ${LINE_LIMIT} bytes`);
  }
}
function readFooter(dir, file) {
  const open = openFile(dir, file);
  if (open === null) return null;
  try {
    const line = lastLine(open.fd, open.size);
    const value = line === null ? null : JSON.parse(utf8(line) ?? "");
    return typeof value === "object" && value !== null && value["end"] === true ? value : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  } finally {
    closeSync2(open.fd);
  }
}
function lastLine(fd, size) {
  for (let want = 1 << 12; ; want *= 8) {
    const tail = Buffer.alloc(Math.min(size, want));
    if (readSync2(fd, tail, 0, tail.length, size - tail.length) !== tail.length || tail.at(-1) !== 10) return null;
    const before = tail.lastIndexOf(10, -2);
    if (before !== -1) return tail.subarray(before + 1, -1);
    if (want >= size || want > LINE_LIMIT) return null;
  }
}

// src/record/schema-common.ts
var count = pipe(number(), integer(), minValue(0), maxValue(Number.MAX_SAFE_INTEGER));
var amount = pipe(number(), minValue(0));
var sha256 = pipe(string(), regex(/^[0-9a-f]{64}$/));
var id = pipe(string(), regex(/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/));
var strings = array(string());
var stringMap = record(string(), string());
var place = strictObject({ file: string(), line: count, column: count });
var base64 = pipe(string(), regex(/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/));
var backendName = picklist(["nspawn", "docker", "vm", "chroot"]);
var limitName = picklist([
  "memory",
  "cpus",
  "processes",
  "time",
  "idle",
  "output",
  "disk",
  "files",
  "upload",
  "download",
  "connections",
  "requests"
]);
var guardAction = picklist(["fail", "review"]);
var digest = strictObject({ sha256, size: count });

// src/record/schema-trajectory.ts
var extra = exactOptional(record(string(), unknown()));
var own = exactOptional(string());
var toolCall = strictObject({
  tool_call_id: string(),
  function_name: string(),
  arguments: record(string(), unknown())
});
var result = strictObject({ source_call_id: own, content: string(), extra });
var metrics = strictObject({
  prompt_tokens: amount,
  completion_tokens: amount,
  cached_tokens: amount,
  cost_usd: exactOptional(amount)
});
var step = strictObject({
  step_id: pipe(count, minValue(1)),
  timestamp: own,
  source: picklist(["system", "user", "agent"]),
  message: string(),
  model_name: own,
  reasoning_content: own,
  tool_calls: exactOptional(array(toolCall)),
  observation: exactOptional(strictObject({ results: array(result) })),
  metrics: exactOptional(metrics),
  extra
});
var trajectorySchema = strictObject({
  schema_version: literal("ATIF-v1.7"),
  session_id: own,
  agent: strictObject({ name: string(), version: string(), model_name: own, extra }),
  steps: pipe(array(step), minLength(1)),
  notes: own,
  final_metrics: exactOptional(
    strictObject({
      total_prompt_tokens: exactOptional(amount),
      total_completion_tokens: exactOptional(amount),
      total_cached_tokens: exactOptional(amount),
      total_cost_usd: exactOptional(amount),
      total_steps: count
    })
  ),
  extra
});
var source = picklist(["gateway", "agent"]);
var number2 = nullable(strictObject({ value: amount, source }));
var totalsSchema = strictObject({
  turns: number2,
  toolCalls: number2,
  inputTokens: number2,
  outputTokens: number2,
  costUsd: number2,
  model: nullable(strictObject({ value: string(), source }))
});

// src/model/names.ts
var PHASES = ["check", "layers", "jail", "gateway", "selftest", "steps", "stopped", "collect", "seal", "clean"];

// src/record/schema-policy.ts
var port = pipe(number(), integer(), minValue(1), maxValue(65535));
var root = variant("kind", [
  strictObject({ kind: literal("host") }),
  strictObject({ kind: literal("image"), ref: string() }),
  strictObject({ kind: literal("directory"), path: string() }),
  strictObject({ kind: literal("archive"), path: string(), sha256: nullable(sha256) })
]);
var secretUse = variant("use", [
  strictObject({ name: string(), use: literal("env"), place }),
  strictObject({ name: string(), use: literal("inject"), hosts: strings, methods: strings, paths: strings, place })
]);
var network = strictObject({
  mode: picklist(["allow", "observe"]),
  allow: array(
    strictObject({
      pattern: string(),
      ports: array(port),
      methods: strings,
      paths: strings,
      tls: picklist(["visible", "named", "any"]),
      place
    })
  ),
  services: array(strictObject({ name: string(), port, place }))
});
var stepRules = strictObject({
  env: stringMap,
  passEnv: strings,
  secrets: array(secretUse),
  network,
  limits: strictObject({
    memory: nullable(count),
    cpus: nullable(amount),
    processes: count,
    time: amount,
    idle: nullable(amount),
    output: count
  })
});
var changeTest = variant("kind", [
  strictObject({ kind: picklist(["allow", "review", "deny", "require"]), globs: strings }),
  strictObject({ kind: literal("forbid"), flags: strings }),
  strictObject({ kind: picklist(["max-files", "max-added-lines", "max-bytes"]), max: count }),
  strictObject({ kind: literal("root"), allowed: boolean() })
]);
var guardRule = variant("on", [
  strictObject({
    name: picklist([
      "guards.changes.allow",
      "guards.changes.review",
      "guards.changes.deny",
      "guards.changes.forbid",
      "guards.changes.require",
      "guards.changes.max-files",
      "guards.changes.max-added-lines",
      "guards.changes.max-bytes",
      "guards.changes.root"
    ]),
    on: literal("changes"),
    action: guardAction,
    test: changeTest,
    place
  }),
  strictObject({
    name: literal("guards.network.denied"),
    on: literal("network"),
    action: guardAction,
    test: strictObject({ kind: literal("denied") }),
    place
  }),
  strictObject({
    name: picklist(["guards.output.require", "guards.output.forbid"]),
    on: literal("output"),
    action: guardAction,
    test: strictObject({ kind: picklist(["require", "forbid"]), pattern: string() }),
    place
  }),
  strictObject({
    name: literal("result.schema"),
    on: literal("result"),
    action: literal("fail"),
    test: strictObject({ kind: literal("schema"), schema: record(string(), unknown()) }),
    place
  })
]);
var policySchema = strictObject({
  version: literal(1),
  jail: strictObject({
    backend: picklist(["auto", ...backendName.options]),
    root,
    toolchain: picklist(["auto", "none"])
  }),
  workspace: strictObject({ access: picklist(["copy-on-write", "read-only", "none"]), hide: strings }),
  mounts: array(strictObject({ source: string(), target: string(), access: picklist(["read-only", "copy-on-write"]), place })),
  agent: stepRules,
  setup: stepRules,
  limits: strictObject({
    disk: nullable(count),
    files: count,
    upload: nullable(count),
    download: nullable(count),
    connections: nullable(count),
    requests: nullable(count)
  }),
  record: strictObject({ streams: picklist(["merged", "split"]), touched: boolean() }),
  guards: array(guardRule),
  digest: sha256
});

// src/record/schema.ts
var policySource = variant("kind", [
  strictObject({ kind: literal("default") }),
  strictObject({ kind: literal("inline") }),
  strictObject({ kind: literal("file"), file: string() }),
  strictObject({ kind: literal("base"), file: string(), ref: string(), commit: string() }),
  strictObject({ kind: literal("workspace"), file: string() })
]);
var runEnd = variant("how", [
  strictObject({ how: literal("steps-done"), failed: nullable(count) }),
  strictObject({ how: literal("limit"), limit: limitName, step: count }),
  strictObject({ how: literal("cancelled"), by: string() }),
  strictObject({
    how: literal("error"),
    started: boolean(),
    message: string(),
    remedy: string(),
    place: nullable(place)
  })
]);
var exit = object({
  code: nullable(pipe(number(), integer())),
  signal: nullable(string()),
  hit: array(limitName),
  ms: amount,
  bytes: count
});
var lines = pipe(count, minValue(1), maxValue(1e3));
var terminal = object({ rows: lines, columns: lines });
var agentWish = nullable(picklist([...AGENTS, "none"]));
var phases = object(Object.fromEntries(PHASES.map((phase) => [phase, exactOptional(amount)])));
var runSchema = object({
  schema: literal("agent-jail/run@1"),
  id,
  started: pipe(string(), isoTimestamp()),
  tool: object({ name: literal("agent-jail"), version: string(), node: string() }),
  policy: policySchema,
  source: policySource,
  base: nullable(object({ commit: string(), dirty: boolean() })),
  origin: exactOptional(
    nullable(strictObject({ server: string(), repository: string(), run: string(), head: nullable(string()) }))
  ),
  backend: object({ name: backendName, version: string(), why: string() }),
  host: object({ kernel: string(), arch: string(), cpus: amount, memory: count, cgroups: string() }),
  root: object({ kind: picklist(["host", "image", "directory", "archive"]), sha256: nullable(sha256) }),
  workspace: string(),
  proof: nullable(array(object({ property: string(), seen: string() }))),
  steps: array(
    object({
      name: string(),
      setup: boolean(),
      argv: strings,
      tty: exactOptional(nullable(terminal)),
      agent: exactOptional(agentWish),
      started: nullable(amount),
      exit: nullable(exit)
    })
  ),
  end: runEnd,
  limits: array(object({ name: limitName, limit: nullable(amount), peak: nullable(amount), hit: boolean() })),
  programs: exactOptional(
    variant("source", [
      object({ source: literal("tracefs"), processes: count, programs: count, omitted: count, lost: count }),
      object({ source: literal("none"), why: string() })
    ])
  ),
  tokens: nullable(object({ requests: count, input: count, output: count })),
  counts: object({ changed: count, ignored: count, denied: count, redacted: count, findings: count }),
  redacted: record(string(), count),
  exact: boolean(),
  notices: strings,
  phases
});
var digests = (sealed) => {
  const files = Object.keys(RECORD).filter((file) => RECORD[file].sealed === sealed && !LAST.has(file));
  return strictObject(Object.fromEntries(files.map((file) => [file, exactOptional(digest)])));
};
var LAST = /* @__PURE__ */ new Set(["manifest.json", "verdict.json"]);
var manifestSchema = strictObject({ schema: literal("agent-jail/manifest@1"), id, files: digests(true) });
var finding = strictObject({
  rule: string(),
  place: nullable(place),
  action: guardAction,
  message: string(),
  what: strings,
  more: count,
  at: exactOptional(array(strictObject({ path: string(), line: nullable(count) })))
});
var verdictSchema = strictObject({
  schema: literal("agent-jail/verdict@1"),
  id,
  outcome: picklist(Object.keys(EXIT)),
  because: string(),
  findings: array(finding),
  manifest: nullable(sha256),
  files: digests(false),
  totals: exactOptional(totalsSchema)
});
var entry = object({
  type: picklist(["file", "directory", "symlink", "fifo", "socket", "device"]),
  mode: pipe(count, maxValue(4095)),
  uid: count,
  gid: count,
  size: count,
  sha256: nullable(sha256),
  link: nullable(string()),
  link_b64: exactOptional(base64),
  mtime: exactOptional(pipe(number(), integer())),
  names: exactOptional(count),
  stored: exactOptional(count),
  xattrs: exactOptional(record(string(), string()))
});
var changed = {
  path: string(),
  path_b64: exactOptional(base64),
  layer: picklist(["workspace", "home", "root"]),
  flags: array(picklist(FLAGS)),
  why: exactOptional(pipe(string(), regex(/^[A-Za-z][A-Za-z ,.'-]{0,99}$/))),
  more: exactOptional(count),
  token: exactOptional(pipe(string(), regex(/^[a-z-]{1,40}$/)))
};
var changeSchema = variant("op", [
  object({ ...changed, op: literal("added"), after: entry }),
  object({ ...changed, op: literal("deleted"), before: entry }),
  object({ ...changed, op: picklist(["modified", "retyped", "metadata", "touched"]), before: entry, after: entry }),
  object({ ...changed, op: literal("renamed"), from: string(), from_b64: exactOptional(base64), before: entry, after: entry })
]);
var text = nullable(string());
var networkSchema = object({
  t: amount,
  step: pipe(number(), integer(), minValue(-1)),
  kind: picklist(["dns", "connection", "request"]),
  transport: picklist(["tcp", "udp"]),
  name: text,
  type: text,
  address: text,
  port: pipe(count, maxValue(65535)),
  protocol: picklist(["dns", "tls", "http", "unknown"]),
  method: text,
  path: text,
  verdict: picklist(["allowed", "denied"]),
  reason: string(),
  upstream: text,
  status: nullable(pipe(count, maxValue(999))),
  error: text,
  secret: text,
  bytesIn: count,
  bytesOut: count,
  ms: amount
});
var programsSchema = object({
  t: amount,
  step: count,
  process: count,
  parent: nullable(count),
  program: text,
  argv: nullable(strings),
  cut: exactOptional(boolean()),
  ms: amount,
  how: picklist(["exit", "signal", "exec", "unseen"]),
  code: nullable(count),
  signal: text
});
var at = { t: amount, step: nullable(count) };
var transcriptSchema = variant("kind", [
  object({ ...at, kind: literal("begin"), name: string(), offset: count }),
  object({ ...at, kind: literal("output"), stream: string(), offset: count, length: count }),
  object({ ...at, kind: literal("checkpoint"), sha256, bytes: count }),
  object({
    ...at,
    kind: literal("end"),
    code: nullable(pipe(number(), integer())),
    signal: nullable(string()),
    bytes: count
  }),
  object({ ...at, kind: literal("mark"), name: string(), data: unknown() })
]);
var agentSchema = variant("kind", [
  object({
    kind: literal("file"),
    agent: picklist(AGENTS),
    path: string(),
    path_b64: exactOptional(base64),
    size: count,
    cut: boolean()
  }),
  /** `cut`: bytes that are missing at its end. */
  object({ kind: literal("line"), text: string(), cut: exactOptional(count) })
]);
var usageSchema = looseObject({ t: amount });

// src/record/change-line.ts
var FILE = "changes.ndjson";
function decodeChange(value, number3) {
  const line = check(FILE, number3, changeSchema, value);
  const { layer, flags, why, more, token } = line;
  const optional = {
    ...why === void 0 ? {} : { why },
    ...more === void 0 ? {} : { more },
    ...token === void 0 ? {} : { token }
  };
  const common = { path: path(line.path, line.path_b64, number3), layer, flags, ...optional };
  switch (line.op) {
    case "added":
      return { ...common, op: line.op, after: entry2(line.after, number3) };
    case "deleted":
      return { ...common, op: line.op, before: entry2(line.before, number3) };
    case "renamed": {
      const from = path(line.from, line.from_b64, number3);
      return { ...common, op: line.op, from, before: entry2(line.before, number3), after: entry2(line.after, number3) };
    }
    default:
      return { ...common, op: line.op, before: entry2(line.before, number3), after: entry2(line.after, number3) };
  }
}
function entry2(line, number3) {
  const { link: text2, link_b64, sha256: sha2562, ...same } = line;
  const link = text2 === null ? null : bytes(text2, link_b64, number3);
  return { ...same, sha256: sha2562, link };
}
function path(text2, base642, number3) {
  const path2 = bytes(text2, base642, number3);
  const parts = Buffer.from(path2).toString("latin1").split("/");
  const fits = path2.length === 0 || parts.every((part) => part !== "" && part !== "." && part !== "..");
  if (!fits) throw new RecordError(FILE, number3, "a path that is not relative and normalised");
  return path2;
}
function bytes(text2, base642, number3) {
  const bytes2 = base642 === void 0 ? Buffer.from(text2) : Buffer.from(base642, "base64");
  if (bytes2.includes(0)) throw new RecordError(FILE, number3, "a path with a NUL");
  if (bytes2.toString("utf8") !== text2) throw new RecordError(FILE, number3, "a path whose text and bytes differ");
  return bytes2;
}

export {
  listRecord,
  fileSize,
  readSmall,
  readPieces,
  NdjsonFile,
  lineOf,
  check,
  parseObject,
  checkSchema,
  trajectorySchema,
  runSchema,
  manifestSchema,
  verdictSchema,
  networkSchema,
  programsSchema,
  transcriptSchema,
  agentSchema,
  usageSchema,
  decodeChange,
  path
};
