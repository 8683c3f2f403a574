const { closeSync, constants, fstatSync, openSync, readSync } = process.getBuiltinModule("node:fs");
import {
  backendName,
  check,
  count,
  id,
  limitName,
  parseObject,
  sha256
} from "./shared-record-ndjson.js";
import {
  RecordError
} from "./shared-record-error.js";
import {
  array,
  boolean,
  getDotPath,
  integer,
  literal,
  maxLength,
  maxValue,
  minValue,
  nullable,
  number,
  picklist,
  pipe,
  regex,
  safeParse,
  strictObject,
  string
} from "./shared-valibot.js";
import {
  displayText
} from "./shared-record-display.js";
import {
  TRIAL_OUTCOMES
} from "./shared-model-suite.js";
import {
  UserError
} from "./shared-model-errors.js";
import {
  EXIT
} from "./shared-model-outcome.js";

// src/suite/trials.ts

// src/suite/trials-check.ts
function compile(schema) {
  return test(schema);
}
function test(schema) {
  const [inner, ...further] = schema["pipe"] ?? [];
  if (inner === void 0) return kind(schema);
  if (further.some((part) => part.kind === "schema")) throw new Error("a schema in the middle of a pipe is not known here");
  return further.map(check2).reduce((before, holds) => (value) => before(value) && holds(value), test(inner));
}
function kind(schema) {
  switch (schema.type) {
    case "string":
      return (value) => typeof value === "string";
    case "boolean":
      return (value) => typeof value === "boolean";
    case "number":
      return (value) => typeof value === "number" && !Number.isNaN(value);
    case "literal":
      return (value) => value === schema["literal"];
    case "picklist": {
      const options = new Set(schema["options"]);
      return (value) => options.has(value);
    }
    case "nullable": {
      const inner = test(schema["wrapped"]);
      return (value) => value === null || inner(value);
    }
    case "array": {
      const item = test(schema["item"]);
      return (value) => {
        if (!Array.isArray(value)) return false;
        for (const entry of value) if (!item(entry)) return false;
        return true;
      };
    }
    case "strict_object":
      return strictObject2(schema["entries"]);
    default:
      throw new Error(`a schema of the kind ${schema.type} is not known here`);
  }
}
function strictObject2(entries) {
  const parts = Object.entries(entries).map(([key, schema]) => ({ key, holds: test(schema) }));
  return (value) => {
    if (typeof value !== "object" || value === null) return false;
    let keys = 0;
    for (const _ in value) keys += 1;
    if (keys !== parts.length) return false;
    for (const { key, holds } of parts) if (!holds(value[key])) return false;
    return true;
  };
}
function check2({ type, requirement }) {
  const bound = requirement;
  switch (type) {
    case "integer":
      return Number.isInteger;
    case "min_value":
      return (value) => value >= bound;
    case "max_value":
      return (value) => value <= bound;
    case "max_length":
      return (value) => value.length <= bound;
    case "regex":
      return (value) => requirement.test(value);
    default:
      throw new Error(`a check of the kind ${type} is not known here`);
  }
}

// src/suite/trials-expected.ts
var MOST_TRIALS = 1e8;
function listProblem(expected) {
  const names = /* @__PURE__ */ new Set();
  let total = 0;
  for (const { task: task2, trials } of expected) {
    if (names.has(task2)) return `expected: the task ${task2} stands there twice`;
    names.add(task2);
    total += trials;
    if (total > MOST_TRIALS) return `expected: more than ${MOST_TRIALS} trials`;
  }
  return null;
}
var ExpectedTrials = class {
  #tasks = /* @__PURE__ */ new Map();
  #seen;
  #count = 0;
  constructor(expected) {
    let at = 0;
    for (const { task: task2, first, trials } of expected) {
      this.#tasks.set(task2, { first, trials, at });
      at += trials;
    }
    this.#seen = new Uint8Array(Math.ceil(at / 8));
  }
  /** How many were seen. */
  get count() {
    return this.#count;
  }
  /** Takes note of a trial. */
  see(task2, trial) {
    const at = this.#at(task2, trial);
    if (at === -1) return "unexpected";
    const byte = at >> 3;
    const bit = 1 << (at & 7);
    const seen = this.#seen[byte] ?? 0;
    if ((seen & bit) !== 0) return "twice";
    this.#seen[byte] = seen | bit;
    this.#count += 1;
    return "new";
  }
  /** It was seen. */
  has(task2, trial) {
    const at = this.#at(task2, trial);
    return at !== -1 && ((this.#seen[at >> 3] ?? 0) & 1 << (at & 7)) !== 0;
  }
  /** It is among the expected. */
  expects(task2, trial) {
    return this.#at(task2, trial) !== -1;
  }
  #at(task2, trial) {
    const range = this.#tasks.get(task2);
    return range === void 0 || trial < range.first || trial >= range.first + range.trials ? -1 : range.at + trial - range.first;
  }
};

// src/suite/trials-schema.ts
var TRIALS_SCHEMA = "agent-jail/trials@1";
var TASK_ID = /^[a-z0-9][a-z0-9._-]{0,99}$/;
var MOST_SHARDS = 256;
var MOST_ENTRIES = 1e3;
var INFRA = ["prepare", "jail", "setup", "model", "verifier", "cancelled", "gone"];
var text = (most) => pipe(string(), maxLength(most));
var texts = pipe(array(text(4096)), maxLength(MOST_ENTRIES));
var below = pipe(string(), maxLength(4096), regex(/^(?!(?:.*\/)?\.{0,2}(?:\/|$))[^\\\u0000-\u001f\u007f]+$/));
var time = pipe(
  string(),
  regex(/^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?Z$/)
);
var number2 = pipe(number(), minValue(-Number.MAX_SAFE_INTEGER), maxValue(Number.MAX_SAFE_INTEGER));
var amount = pipe(number(), minValue(0), maxValue(Number.MAX_SAFE_INTEGER));
var ordinal = pipe(count, minValue(1));
var task = pipe(string(), regex(TASK_ID));
var expectedSchema = strictObject({
  task,
  first: ordinal,
  trials: ordinal,
  policy: sha256,
  deterministic: boolean(),
  tags: pipe(array(text(100)), maxLength(100))
});
var origin = strictObject({
  server: text(1e3),
  repository: text(1e3),
  run: text(100),
  head: nullable(text(1e3)),
  attempt: count,
  workflow: text(1e3),
  event: text(100),
  ref: text(1e3),
  commit: text(100)
});
var headerSchema = strictObject({
  schema: literal(TRIALS_SCHEMA),
  suite: text(200),
  digest: sha256,
  agent: text(200),
  backend: picklist([...backendName.options, "auto"]),
  version: text(100),
  started: time,
  seed: count,
  shard: nullable(
    strictObject({ index: pipe(ordinal, maxValue(MOST_SHARDS)), of: pipe(ordinal, maxValue(MOST_SHARDS)), plan: sha256 })
  ),
  expected: array(expectedSchema),
  origin: nullable(origin)
});
var run = nullable(
  strictObject({
    id,
    outcome: picklist(Object.keys(EXIT)),
    code: nullable(pipe(number2, integer())),
    signal: nullable(text(20)),
    manifest: nullable(sha256)
  })
);
var trialSchema = strictObject({
  task,
  trial: ordinal,
  seed: count,
  outcome: picklist(TRIAL_OUTCOMES),
  what: nullable(picklist([...limitName.options, ...INFRA])),
  because: text(4096),
  reward: nullable(number2),
  failed: texts,
  started: time,
  ms: strictObject({ agent: amount, verifier: amount, total: amount }),
  policy: sha256,
  backend: nullable(backendName),
  version: text(100),
  root: nullable(sha256),
  run,
  verifier: run,
  agent: nullable(strictObject({ name: text(200), version: text(200), model: nullable(text(200)) })),
  usage: strictObject({
    memory: nullable(count),
    output: nullable(count),
    inputTokens: nullable(count),
    outputTokens: nullable(count),
    costUsd: nullable(amount),
    turns: nullable(count),
    toolCalls: nullable(count)
  }),
  behaviour: strictObject({ paths: texts, runsLater: texts, hosts: texts, programs: texts, denied: count, more: count }),
  record: nullable(below)
});
var lastSchema = strictObject({ end: literal(true), lines: count });
var PHASES = new Set(INFRA);
function contradiction({ outcome, what }) {
  const fits = outcome === "infra" ? what !== null && PHASES.has(what) : outcome === "limit" ? what !== null && !PHASES.has(what) : what === null || outcome === "pass" && !PHASES.has(what);
  return fits ? null : `what: ${what ?? "null"} does not go with the outcome ${outcome}`;
}

// src/suite/trials.ts
var LINE_LIMIT = 1 << 16;
var HEADER_LIMIT = 1 << 24;
var PIECE = 1 << 20;
var TAIL = 100;
var readTrials = (path) => new TrialsFile(path);
var TrialsFile = class {
  path;
  header;
  /** The last line says that this was all; else it was cut off. */
  complete;
  /** Where the second line begins. */
  begin;
  #first;
  constructor(path) {
    this.path = path;
    const { fd, size } = openFile(path);
    try {
      const first = wholeLines(path, fd, size).next().value;
      if (first === void 0) throw wrong(path, 1, "there is not one whole line", "it was cut off before the first trial; make it anew");
      this.#first = Buffer.from(first.bytes);
      this.begin = first.next;
      this.header = readHeader(path, this.#first);
      this.complete = isLast(fd, size);
    } finally {
      closeSync(fd);
    }
  }
  async *[Symbol.asyncIterator]() {
    for (const { trial } of this.lines()) yield trial;
  }
  /** `stranger` says more of a trial that is not expected: '' where there is nothing to say. */
  *lines(stranger = () => "", seen = new ExpectedTrials(this.header.expected)) {
    const { fd, size } = openFile(this.path);
    try {
      let ended = false;
      for (const { number: number3, bytes, next } of wholeLines(this.path, fd, size)) {
        if (ended) throw wrong(this.path, number3, "stands after the last line");
        if (number3 === 1) {
          if (!this.#first.equals(bytes)) throw wrong(this.path, 1, "changed while it was read");
          continue;
        }
        const value = parse(this.path, number3, bytes);
        if (value["end"] !== void 0) {
          const { lines } = told(this.path, number3, () => check(this.path, number3, lastSchema, value));
          if (lines !== number3 - 2) throw wrong(this.path, number3, `counts ${lines} trials where there are ${number3 - 2}`);
          ended = true;
          continue;
        }
        const trial = readTrial(this.path, number3, value);
        const what = seen.see(trial.task, trial.trial);
        const name = `trial ${trial.trial} of ${trial.task}`;
        if (what === "twice") throw wrong(this.path, number3, `${name} is there twice`);
        if (what === "unexpected") throw wrong(this.path, number3, `${name} is not among those that the first line names${stranger(trial)}`);
        yield { trial, bytes, next };
      }
      if (ended !== this.complete) throw wrong(this.path, null, "does not end as its last line says");
    } finally {
      closeSync(fd);
    }
  }
};
function wrong(path, line, reason, remedy = "") {
  const place = line === null ? null : { file: displayText(path), line, column: 1 };
  return new UserError([{ message: line === null ? `${displayText(path)} ${reason}` : reason, place, remedy }]);
}
var isTrial = compile(trialSchema);
function trialProblem(trial) {
  if (isTrial(trial)) return contradiction(trial);
  const { issues } = safeParse(trialSchema, trial, { abortEarly: true });
  const [issue] = issues ?? [];
  return displayText(issue === void 0 ? "not a trial" : `${getDotPath(issue) ?? "the line"}: ${issue.message}`);
}
function readTrial(path, line, value) {
  const problem = trialProblem(value);
  if (problem !== null) throw wrong(path, line, problem);
  return value;
}
function readHeader(path, bytes) {
  const value = parse(path, 1, bytes);
  const schema = value["schema"];
  if (schema !== TRIALS_SCHEMA) {
    if (typeof schema === "string" && schema.startsWith(TRIALS_SCHEMA.slice(0, -1)))
      throw wrong(path, 1, `is ${displayText(schema)}, which this version of agent-jail does not read`, "use the version that wrote it");
    throw wrong(path, 1, `has no "schema": "${TRIALS_SCHEMA}"`, "give a trials.ndjson, as `agent-jail suite run` writes it");
  }
  const header = told(path, 1, () => check(path, 1, headerSchema, value));
  const problem = headerProblem(header);
  if (problem !== null) throw wrong(path, 1, problem);
  return header;
}
function headerProblem({ shard, expected }) {
  if (shard !== null && shard.index > shard.of) return `shard: there is no shard ${shard.index} of ${shard.of}`;
  return listProblem(expected);
}
var parse = (path, line, bytes) => told(path, line, () => parseObject(path, line, bytes));
function told(path, line, work) {
  try {
    return work();
  } catch (error) {
    throw error instanceof RecordError ? wrong(path, line, error.reason) : error;
  }
}
var OPEN = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK | constants.O_NOCTTY;
function openFile(path) {
  let fd;
  try {
    fd = openSync(path, OPEN);
  } catch (error) {
    const { code } = error;
    if (code === "ELOOP" || code === "ENXIO")
      throw wrong(path, null, "is not a regular file", "a link is not followed; give the file itself");
    if (code === "ENOENT" || code === "ENOTDIR") throw wrong(path, null, "does not exist");
    throw wrong(path, null, `cannot be read: ${code ?? String(error)}`);
  }
  const stat = fstatSync(fd);
  if (stat.isFile()) return { fd, size: stat.size };
  closeSync(fd);
  throw wrong(path, null, "is not a regular file", "give the trials.ndjson itself");
}
function* wholeLines(path, fd, size) {
  let buffer = Buffer.allocUnsafe(Math.min(PIECE, size));
  let filled = 0;
  let number3 = 1;
  for (let at = 0; at < size; ) {
    if (filled === buffer.length) buffer = Buffer.concat([buffer], 2 * filled);
    const read = readSync(fd, buffer, filled, Math.min(buffer.length - filled, size - at), at);
    if (read === 0) throw wrong(path, null, "became shorter while it was read");
    at += read;
    filled += read;
    const held = buffer.subarray(0, filled);
    let from = 0;
    for (let end = held.indexOf(10); end !== -1; end = held.indexOf(10, from)) {
      limit(path, number3, end - from);
      yield { number: number3, bytes: held.subarray(from, end), next: at - filled + end + 1 };
      number3 += 1;
      from = end + 1;
    }
    limit(path, number3, filled - from);
    held.copyWithin(0, from);
    filled -= from;
  }
}
function limit(path, number3, length) {
  const most = number3 === 1 ? HEADER_LIMIT : LINE_LIMIT;
  if (length > most) throw wrong(path, number3, `longer than ${most} bytes`);
}
function isLast(fd, size) {
  const tail = Buffer.alloc(Math.min(size, TAIL));
  readSync(fd, tail, 0, tail.length, size - tail.length);
  return /\n\{"end":true,"lines":\d+\}\n$/.test(tail.toString("latin1"));
}

export {
  compile,
  listProblem,
  ExpectedTrials,
  MOST_SHARDS,
  headerSchema,
  trialSchema,
  LINE_LIMIT,
  HEADER_LIMIT,
  readTrials,
  wrong,
  trialProblem,
  headerProblem
};
