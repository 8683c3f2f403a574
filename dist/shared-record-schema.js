const require = process.getBuiltinModule('node:module').createRequire(import.meta.url);
import {
  FLAGS
} from "./shared-model-changes.js";
import {
  amount,
  backendName,
  base64,
  check,
  count,
  digest,
  guardAction,
  id,
  limitName,
  place,
  sha256,
  stringMap,
  strings
} from "./shared-record-ndjson.js";
import {
  RecordError
} from "./shared-record-error.js";
import {
  array,
  boolean,
  exactOptional,
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
  strictObject,
  string,
  unknown,
  variant
} from "./shared-valibot.js";
import {
  RECORD
} from "./shared-model-record.js";
import {
  AGENTS
} from "./shared-model-trajectory.js";
import {
  EXIT
} from "./shared-model-outcome.js";

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
    toolchain: picklist(["auto", "none"]),
    runtime: exactOptional(string()),
    vm: strictObject({ emulation: picklist(["allow", "refuse"]) })
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
  path: exactOptional(nullable(string())),
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
      object({ source: picklist(["tracefs", "guest"]), processes: count, programs: count, omitted: count, lost: count }),
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
