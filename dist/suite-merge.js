const { mkdirSync } = process.getBuiltinModule("node:fs");
const { join: join2 } = process.getBuiltinModule("node:path");
const { closeSync, constants, openSync, renameSync, rmSync, writeSync } = process.getBuiltinModule("node:fs");
const { basename, dirname, join, relative, resolve } = process.getBuiltinModule("node:path");
import {
  headerDifferences
} from "./shared-suite-trials-differences.js";
import {
  planDigest,
  planOf
} from "./shared-suite-plan.js";
import "./shared-suite-plan-units.js";
import {
  suiteFolder
} from "./shared-cli-suite-common.js";
import "./shared-suite-read.js";
import {
  canonicalJson
} from "./shared-policy-resolve.js";
import "./shared-policy-places.js";
import "./shared-policy-schema.js";
import "./shared-policy-steps.js";
import "./shared-policy-yaml.js";
import "./shared-yaml.js";
import "./shared-policy-shape.js";
import "./shared-run-origin.js";
import "./shared-cli-version.js";
import "./shared-cli-policy.js";
import "./shared-run-warden-process.js";
import {
  json
} from "./shared-cli-io.js";
import "./shared-model-changes.js";
import "./shared-system-lines.js";
import "./shared-system-platform.js";
import "./shared-system-git.js";
import "./shared-run-start-warden.js";
import "./shared-system-proc.js";
import "./shared-policy-rules.js";
import "./shared-system-exec.js";
import {
  ExpectedTrials,
  HEADER_LIMIT,
  LINE_LIMIT,
  compile,
  headerProblem,
  readTrials,
  trialSchema,
  wrong as wrong2
} from "./shared-suite-trials.js";
import "./shared-record-ndjson.js";
import "./shared-record-error.js";
import "./shared-valibot.js";
import "./shared-model-record.js";
import {
  displayText
} from "./shared-record-display.js";
import {
  resultsFile
} from "./shared-cli-suite-args.js";
import "./shared-model-suite.js";
import {
  newId
} from "./shared-run-id.js";
import "./shared-policy-units.js";
import {
  parseMany,
  wrong
} from "./shared-cli-args.js";
import "./shared-policy-nearest.js";
import "./shared-model-trajectory.js";
import {
  JailError,
  UserError
} from "./shared-model-errors.js";
import "./shared-model-outcome.js";
import "./shared-runtime.js";

// src/cli/suite-merge.ts

// src/suite/merge.ts

// src/suite/merge-headers.ts
var AS_PLANNED = "run all shards with the tasks of the matrix that `suite plan` wrote, at the commit that it was planned for";
function orderShards(files, allowCut) {
  const first = ordinary(files);
  if (first === void 0) refuse([{ message: "there is no file to merge", place: null, remedy: "give the trials.ndjson of each shard" }]);
  refuse(files.flatMap((file) => fileProblems(first, file, allowCut)));
  const byIndex = /* @__PURE__ */ new Map();
  const twice = [];
  for (const file of files) {
    const index = file.header.shard?.index ?? 0;
    const other = byIndex.get(index);
    if (other === void 0) byIndex.set(index, file);
    else twice.push(problem(other, `and ${displayText(file.path)} are both shard ${index}`, "leave out one of them: the older attempt"));
  }
  refuse(twice);
  const of = first.header.shard?.of ?? 0;
  const missing = Array.from({ length: of }, (_, at) => at + 1).filter((index) => !byIndex.has(index));
  if (missing.length > 0) {
    const message = `of ${of} shards, ${missing.length === 1 ? "one is" : `${missing.length} are`} missing: ${ranges(missing)}`;
    refuse([{ message, place: null, remedy: "run the jobs of these shards again, and merge all" }]);
  }
  const sorted = [...byIndex.values()].sort((a, b) => (a.header.shard?.index ?? 0) - (b.header.shard?.index ?? 0));
  refuse(planProblems(first.header, sorted));
  return sorted;
}
function ordinary(files) {
  const counts = /* @__PURE__ */ new Map();
  for (const { header } of files) if (header.shard !== null) counts.set(header.shard.plan, (counts.get(header.shard.plan) ?? 0) + 1);
  const most = [...counts].reduce((best, entry) => entry[1] > best[1] ? entry : best, ["", 0])[0];
  return files.find(({ header }) => header.shard?.plan === most) ?? files[0];
}
function fileProblems(first, file, allowCut) {
  if (file.header.shard === null) return [problem(file, "is no shard: it has all of a suite", "give shards of one plan only")];
  const differ = headerDifferences(asOfAll(file.header), asOfAll(first.header), ["suite", "digest", "agent", "seed", "backend", "origin"]);
  if (first.header.shard !== null) {
    if (file.header.shard.plan !== first.header.shard.plan) differ.push("plan");
    if (file.header.shard.of !== first.header.shard.of)
      differ.push(`number of shards (${file.header.shard.of}, not ${first.header.shard.of})`);
  }
  if (differ.length > 0)
    return [
      problem(file, `is not of the run that ${displayText(first.path)} is of: ${differ.join(", ")}`, "merge the shards of one run only")
    ];
  if (!file.complete && !allowCut)
    return [problem(file, "was cut off", "run that shard again, or allow what was cut off: its other trials are then missing")];
  return [];
}
function asOfAll(header) {
  return header.origin === null ? header : { ...header, origin: { ...header.origin, attempt: 0 } };
}
function planProblems(first, sorted) {
  const plan = planOf(
    first,
    sorted.map(({ header }) => header.expected)
  );
  if (planDigest(plan) === first.shard?.plan) return [];
  const message = "a shard was to make other trials than its plan says";
  return [{ message, place: null, remedy: AS_PLANNED }];
}
function mergedHeader(sorted) {
  const tasks = /* @__PURE__ */ new Map();
  for (const file of sorted)
    for (const unit of file.header.expected) {
      const before = tasks.get(unit.task);
      if (before === void 0) tasks.set(unit.task, unit);
      else if (!isSameTask(before, unit)) refuse([problem(file, `expects ${unit.task} otherwise than the shards before it`, AS_PLANNED)]);
      else tasks.set(unit.task, { ...before, trials: before.trials + unit.trials });
    }
  const [first] = sorted;
  if (first === void 0) throw new Error("no shards");
  const { header } = first;
  const started = sorted.reduce((least, file) => file.header.started < least ? file.header.started : least, header.started);
  const attempt = Math.max(...sorted.map((file) => file.header.origin?.attempt ?? 0));
  const origin = header.origin === null ? null : { ...header.origin, attempt };
  return { ...header, started, shard: null, expected: [...tasks.values()], origin };
}
function isSameTask(before, unit) {
  return canonicalJson({ ...before, first: before.first + before.trials, trials: unit.trials }) === canonicalJson(unit);
}
function ranges(numbers) {
  const runs = [];
  for (const number of numbers) {
    const last = runs.at(-1);
    if (last !== void 0 && last[1] === number - 1) last[1] = number;
    else runs.push([number, number]);
  }
  return runs.map(([from, to]) => from === to ? `${from}` : `${from}-${to}`).join(", ");
}
var problem = ({ path }, what, remedy) => ({
  message: `${displayText(path)} ${what}`,
  place: null,
  remedy
});
function refuse(problems) {
  if (problems.length > 0) throw new UserError(problems);
}

// src/suite/merge.ts
var CREATE = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
var BUFFER = 1 << 20;
function mergeTrials(files, out, options = {}) {
  if (files.some((file) => resolve(file) === resolve(out)))
    throw new UserError([
      { message: `${displayText(out)} is one of the shards`, place: null, remedy: "give another place for what is merged" }
    ]);
  const shards = orderShards(open(files), options.allowCut ?? false);
  const header = mergedHeader(shards);
  const first = JSON.stringify(header);
  const problem2 = Buffer.byteLength(first) > HEADER_LIMIT ? `more than ${HEADER_LIMIT} bytes of tasks` : headerProblem(header);
  if (problem2 !== null)
    throw new UserError([{ message: `all shards together: ${problem2}`, place: null, remedy: "make several suites of this one" }]);
  const temporary = join(dirname(out), `.${basename(out)}.tmp`);
  let done = false;
  const output = new Output(temporary);
  try {
    output.text(first);
    let trials = 0;
    for (const shard of shards) trials += copy(shard, shards, out, output);
    output.text(JSON.stringify({ end: true, lines: trials }));
    output.moveTo(out);
    done = true;
    const expected = header.expected.reduce((sum, task) => sum + task.trials, 0);
    return { header, trials, expected, cut: shards.filter(({ complete }) => !complete).map(({ path }) => path) };
  } finally {
    output.close();
    if (!done) rmSync(temporary, { force: true });
  }
}
function open(paths) {
  const problems = [];
  const files = paths.flatMap((path) => {
    try {
      return [readTrials(path)];
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      problems.push(...error.problems);
      return [];
    }
  });
  if (problems.length > 0) throw new UserError(problems);
  return files;
}
function copy(shard, shards, out, output) {
  const prefix = relative(dirname(resolve(out)), dirname(resolve(shard.path)));
  let lines = 0;
  for (const line of shard.lines((trial) => belongsTo(trial, shards))) {
    lines += 1;
    if (line.trial.record === null || prefix === "") output.bytes(line.bytes);
    else output.bytes(moved(line, line.trial.record, prefix, shard.path, lines + 1, out));
  }
  return lines;
}
var isRecord = compile(trialSchema.entries.record);
function moved({ trial, bytes }, record, prefix, path, line, out) {
  const place = `${prefix}/${record}`;
  if (!isRecord(place))
    throw wrong2(
      path,
      line,
      `its record is at ${displayText(place)} as seen from ${displayText(out)}`,
      "write what is merged into a folder above all shards, whose names have no backslashes or control characters"
    );
  const end = Buffer.from(`,"record":${JSON.stringify(record)}}`);
  const at = bytes.length - end.length;
  const changed = bytes.subarray(at).equals(end) ? Buffer.concat([bytes.subarray(0, at), Buffer.from(`,"record":${JSON.stringify(place)}}`)]) : Buffer.from(JSON.stringify({ ...trial, record: place }));
  if (changed.length > LINE_LIMIT) throw wrong2(path, line, "is too long with the path that its record has from there");
  return changed;
}
function belongsTo({ task, trial }, shards) {
  const owner = shards.find(({ header }) => new ExpectedTrials(header.expected).expects(task, trial));
  return owner === void 0 ? "" : `: it belongs to shard ${owner.header.shard?.index}, ${displayText(owner.path)}`;
}
var Output = class {
  #path;
  #fd;
  #buffer = Buffer.allocUnsafe(BUFFER);
  #filled = 0;
  constructor(path) {
    this.#path = path;
    this.#fd = this.#told(() => {
      rmSync(path, { force: true });
      return openSync(path, CREATE, 384);
    });
  }
  /** A line. */
  bytes(line) {
    if (this.#filled + line.length + 1 > BUFFER) this.flush();
    if (line.length + 1 > BUFFER) return this.#write(Buffer.concat([line, Buffer.from("\n")]));
    this.#buffer.set(line, this.#filled);
    this.#filled += line.length;
    this.#buffer[this.#filled] = 10;
    this.#filled += 1;
  }
  text(line) {
    this.bytes(Buffer.from(line));
  }
  flush() {
    this.#write(this.#buffer.subarray(0, this.#filled));
    this.#filled = 0;
  }
  /** All of it, under its name. */
  moveTo(out) {
    this.flush();
    this.#told(() => renameSync(this.#path, out));
  }
  close() {
    closeSync(this.#fd);
  }
  #write(bytes) {
    this.#told(() => {
      for (let done = 0; done < bytes.length; ) done += writeSync(this.#fd, bytes, done);
    });
  }
  #told(work) {
    try {
      return work();
    } catch (error) {
      const why = error.code ?? String(error);
      const message = `what is merged cannot be written to ${displayText(dirname(this.#path))}: ${why}`;
      throw new JailError(message, "give a place on a disk with room that can be written to", null, { cause: error });
    }
  }
};

// src/cli/suite-merge.ts
async function suiteMerge(argv, io) {
  const { options, positionals } = parseMany(argv, { out: "string", "allow-cut": "boolean", json: "boolean" });
  if (positionals.length === 0) throw wrong("which shards? agent-jail suite merge SHARD… --out DIR");
  const out = await suiteFolder(options["out"], newId(), io);
  mkdirSync(out, { recursive: true, mode: 448 });
  const file = join2(out, "trials.ndjson");
  const { trials, expected, cut, header } = mergeTrials(
    positionals.map((written) => resultsFile(written, io)),
    file,
    { allowCut: options["allow-cut"] !== void 0 }
  );
  for (const path of cut) io.err(`agent-jail: ${path} was cut off; what it lacks is missing
`);
  if (options["json"] === void 0) io.out(`${file}
`);
  else json(io, { schema: "agent-jail/suite-merge@1", suite: header.suite, results: file, trials, expected, cut });
  return 0;
}
export {
  suiteMerge
};
