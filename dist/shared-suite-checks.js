const { availableParallelism, totalmem } = process.getBuiltinModule("node:os");
const { mkdirSync, rmSync } = process.getBuiltinModule("node:fs");
const { join: join2 } = process.getBuiltinModule("node:path");
const { join } = process.getBuiltinModule("node:path");
const { isDeepStrictEqual } = process.getBuiltinModule("node:util");
const { createHash } = process.getBuiltinModule("node:crypto");
const { closeSync, constants, fstatSync, lstatSync, openSync, readSync } = process.getBuiltinModule("node:fs");
const { pipeline, Readable } = process.getBuiltinModule("node:stream");
const { createGunzip } = process.getBuiltinModule("node:zlib");
const { posix } = process.getBuiltinModule("node:path");
const { closeSync: closeSync2, constants: constants2, ftruncateSync, openSync: openSync2, writeSync } = process.getBuiltinModule("node:fs");
import {
  headerDifferences
} from "./shared-suite-trials-differences.js";
import {
  readTar
} from "./shared-system-untar.js";
import {
  seedOf
} from "./shared-suite-select.js";
import {
  agentPolicy,
  agentSteps,
  shared,
  verifierPolicy,
  verifierSteps
} from "./shared-suite-read.js";
import {
  lineParts,
  patchesOf
} from "./shared-record-patches.js";
import {
  windows
} from "./shared-guard-output.js";
import {
  TIME,
  bounded
} from "./shared-guard-bounded.js";
import {
  covers,
  parseHosts,
  presetRules
} from "./shared-policy-schema.js";
import {
  prepare
} from "./shared-plan-git-config.js";
import {
  runJail
} from "./shared-run-client.js";
import {
  openRecordDir
} from "./shared-record-write.js";
import {
  Globs,
  touched
} from "./shared-guard-globs.js";
import {
  ExpectedTrials,
  HEADER_LIMIT,
  LINE_LIMIT,
  headerProblem,
  headerSchema,
  readTrials,
  trialProblem,
  wrong
} from "./shared-suite-trials.js";
import {
  check
} from "./shared-record-ndjson.js";
import {
  displayPath,
  displayText
} from "./shared-record-display.js";
import {
  newId
} from "./shared-run-id.js";
import {
  JailError,
  UserError
} from "./shared-model-errors.js";

// src/suite/run.ts

// src/suite/trial.ts

// src/suite/behaviour.ts
var MOST = 100;
var LONGEST = 200;
var KNOWN = 1e4;
var NO_BEHAVIOUR = { paths: [], runsLater: [], hosts: [], programs: [], denied: 0, more: 0 };
var NO_USAGE = {
  memory: null,
  output: null,
  inputTokens: null,
  outputTokens: null,
  costUsd: null,
  turns: null,
  toolCalls: null
};
async function behaviourOf(record, { steps }) {
  const agents = (step) => steps[step]?.setup === false;
  const [paths, runsLater, hosts, programs] = [/* @__PURE__ */ new Set(), /* @__PURE__ */ new Set(), /* @__PURE__ */ new Set(), /* @__PURE__ */ new Set()];
  const add = (set, name) => {
    if (set.size < KNOWN) set.add(displayText(name, LONGEST));
  };
  for await (const change of record.lines("changes.ndjson")) {
    if (change.layer !== "workspace" || change.flags.includes("ignored") || change.path.length === 0) continue;
    for (const name of namesOf(change)) {
      add(paths, name);
      if (change.flags.includes("runs-later")) add(runsLater, name);
    }
  }
  let denied = 0;
  for await (const { step, kind, verdict, name, address, port } of record.lines("network.ndjson")) {
    if (!agents(step)) continue;
    if (verdict === "denied") denied += 1;
    if (kind === "dns" && verdict === "allowed") continue;
    add(hosts, `${verdict === "allowed" ? "+" : "-"}${name ?? address ?? "unknown"}:${kind === "dns" ? "*" : port}`);
  }
  for await (const { step, program } of record.lines("programs.ndjson")) if (agents(step) && program !== null) add(programs, program);
  const cut = (set) => [...set].sort().slice(0, MOST);
  const more = [paths, runsLater, hosts, programs].reduce((sum, set) => sum + Math.max(0, set.size - MOST), 0);
  return { paths: cut(paths), runsLater: cut(runsLater), hosts: cut(hosts), programs: cut(programs), denied, more };
}
function namesOf(change) {
  const path = displayPath(change.path, LONGEST);
  if (change.op === "added") return [`A ${path}`];
  if (change.op === "deleted") return [`D ${path}`];
  return change.op === "renamed" ? [`D ${displayPath(change.from, LONGEST)}`, `A ${path}`] : [`M ${path}`];
}
function usageOf({ limits, steps }, totals) {
  const told = (key) => {
    const value = totals?.[key]?.value;
    return typeof value === "number" ? value : null;
  };
  const printed = steps.filter(({ setup }) => !setup).map(({ exit }) => exit?.bytes ?? 0);
  return {
    memory: limits.find(({ name }) => name === "memory")?.peak ?? null,
    output: printed.reduce((sum, bytes) => sum + bytes, 0),
    inputTokens: told("inputTokens"),
    outputTokens: told("outputTokens"),
    costUsd: told("costUsd"),
    turns: told("turns"),
    toolCalls: told("toolCalls")
  };
}
function agentOf(record) {
  if ((record.size("trajectory.json") ?? 0) === 0) return null;
  const { agent } = record.document("trajectory.json").value;
  const text = (value) => displayText(value, LONGEST);
  return { name: text(agent.name), version: text(agent.version), model: agent.model_name === void 0 ? null : text(agent.model_name) };
}
async function modelFault(record, { steps }) {
  let last = null;
  for await (const { kind, step, verdict, method, name: name2, status: status2, error: error2 } of record.lines("network.ndjson"))
    if (kind === "request" && steps[step]?.setup === false && verdict === "allowed" && method === "POST")
      last = { name: name2 ?? "unknown", status: status2, error: error2 };
  if (last === null) return null;
  const { name, status, error } = last;
  if (status !== null && ([401, 402, 403, 429].includes(status) || status >= 500)) return `${displayText(name)} answered with ${status}`;
  return status === null && error !== null ? `${displayText(name)}: ${displayText(error)}` : null;
}

// src/suite/grade.ts

// src/suite/checks.ts

// src/suite/contents.ts
var MOST_BYTES = 4 << 20;
var MOST_UNPACKED = 16 * 1024 * 1024 * 1024;
async function findPaths(record, base, wanted) {
  const found = /* @__PURE__ */ new Map();
  const of = (path) => wanted.filter((one2) => one2 === path || one2.startsWith(`${path}/`));
  for await (const change of record.lines("changes.ndjson")) {
    if (change.layer !== "workspace") continue;
    const text = (bytes) => Buffer.from(bytes).toString("utf8");
    const gone = change.op === "deleted" || change.op === "retyped" ? text(change.path) : change.op === "renamed" ? text(change.from) : null;
    if (gone !== null) {
      for (const path of of(gone)) if (!found.has(path) || path === gone) found.set(path, { kind: "absent" });
    }
    if (change.op !== "deleted") {
      const path = text(change.path);
      if (wanted.includes(path)) found.set(path, seen(change.after));
    }
  }
  for (const path of wanted) if (!found.has(path)) found.set(path, base === null ? { kind: "absent" } : onHost(base, path));
  return found;
}
var seen = ({ type, sha256 }) => type === "file" && sha256 !== null ? { kind: "file", sha256 } : { kind: "other" };
function onHost(base, path) {
  let here = base;
  const parts = path.split("/");
  for (const [index, part] of parts.entries()) {
    here += `/${part}`;
    const stat = lstatSync(here, { throwIfNoEntry: false });
    if (stat === void 0) return { kind: "absent" };
    if (index === parts.length - 1) return stat.isFile() ? { kind: "file", sha256: null } : { kind: "other" };
    if (!stat.isDirectory()) return { kind: "absent" };
  }
  return { kind: "absent" };
}
async function readChanged(record, wanted) {
  const found = /* @__PURE__ */ new Map();
  if (wanted.size === 0) return found;
  const gunzip = createGunzip();
  const pieces = function* () {
    for (const piece of record.pieces("changes.tar.gz")) yield Buffer.from(piece);
  };
  pipeline(Readable.from(pieces(), { objectMode: false }), gunzip, () => {
  });
  let parts = null;
  let [left, bytes] = [0, 0];
  for await (const event of readTar(gunzip)) {
    if (event.kind === "entry") {
      left = event.size;
      parts = event.file && event.size <= MOST_BYTES ? [] : null;
    } else {
      left -= event.bytes.length;
      bytes += event.bytes.length;
      if (bytes > MOST_UNPACKED) break;
      parts?.push(event.bytes);
    }
    if (left > 0 || parts === null) continue;
    const content = Buffer.concat(parts);
    const sha256 = createHash("sha256").update(content).digest("hex");
    if (wanted.has(sha256)) found.set(sha256, content);
    parts = null;
    if (found.size === wanted.size) break;
  }
  return found;
}
function readUnchanged(base, path) {
  const fd = openSync(`${base}/${path}`, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const { size } = fstatSync(fd);
    if (size > MOST_BYTES) return null;
    const bytes = Buffer.alloc(size);
    let at2 = 0;
    for (let got = -1; got !== 0 && at2 < size; at2 += got) got = readSync(fd, bytes, at2, size - at2, at2);
    return bytes.subarray(0, at2);
  } finally {
    closeSync(fd);
  }
}

// src/suite/checks.ts
async function failedChecks(checks, evidence) {
  const files = await Files.of(checks, evidence);
  const failed = [];
  for (const check2 of checks) {
    const why = await whyNot(check2, evidence, files);
    if (why !== null) failed.push(`${check2.name}: ${why}`);
  }
  return failed;
}
async function whyNot(check2, { record, totals, agents }, files) {
  switch (check2.name) {
    case "file-exists":
      return files.kind(check2.value) === "absent" ? `there is no ${displayText(check2.value)}` : null;
    case "file-absent":
      return files.kind(check2.value) === "absent" ? null : `there is ${displayText(check2.value)}`;
    case "file-contains":
    case "file-matches":
    case "file-json":
      return ofFile(check2, files);
    case "diff-contains":
      return addedLines(record, check2.value) ? null : `no added line holds ${JSON.stringify(check2.value)}`;
    case "diff-omits":
      return addedLines(record, check2.value) ? `an added line holds ${JSON.stringify(check2.value)}` : null;
    case "diff-touches":
    case "diff-avoids":
    case "diff-empty":
      return ofChanges(check2, record);
    case "output-contains":
      return some(record, (text) => text.includes(check2.value)) === true ? null : `the output does not hold ${JSON.stringify(check2.value)}`;
    case "output-matches":
      return matchesOutput(record, expression(check2.value));
    case "hosts-only":
    case "hosts-denied":
      return ofNetwork(check2, record, agents);
    case "trajectory":
      return ofTrajectory(check2.value, record, totals);
    case "command":
      return null;
  }
}
function ofFile({ name, value }, files) {
  const path = displayText(value.path);
  const bytes = files.content(value.path);
  if (typeof bytes === "string") return `${path} ${bytes}`;
  const text = bytes.toString("utf8");
  if (name === "file-contains") return text.includes(value.text) ? null : `${path} does not hold ${JSON.stringify(value.text)}`;
  if (name === "file-matches") {
    const found = bounded(() => expression(value.pattern).test(text), TIME);
    return found.ok ? found.value ? null : `${path} does not match` : `${path}: the expression takes too long`;
  }
  let there;
  try {
    there = at(JSON.parse(text), value.at);
  } catch {
    return `${path} is no JSON`;
  }
  if (there === void 0) return `${path} has nothing at ${value.at}`;
  return isDeepStrictEqual(there, value.equals) ? null : `${path} has ${displayText(JSON.stringify(there), 80)} at ${value.at || "its top"}`;
}
function at(value, pointer) {
  const parts = pointer.split("/").slice(1).map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
  return parts.reduce(
    (node, part) => typeof node === "object" && node !== null && Object.hasOwn(node, part) ? node[part] : void 0,
    value
  );
}
async function ofChanges(check2, record) {
  const globs = check2.name === "diff-empty" ? [] : check2.value.map((glob) => ({ glob, matcher: new Globs([glob]), met: false }));
  let changed = 0;
  for await (const change of record.lines("changes.ndjson")) {
    if (change.layer !== "workspace" || change.flags.includes("ignored") || change.op === "touched") continue;
    const paths = touched(change);
    if (paths.length > 0) changed += 1;
    for (const path of paths)
      for (const one2 of globs) {
        if (check2.name === "diff-touches") one2.met ||= one2.matcher.surely(path);
        else if (one2.matcher.perhaps(path)) return `${displayText(path.text)} was changed`;
      }
  }
  if (check2.name === "diff-empty") {
    if (check2.value) return changed === 0 ? null : `${changed} paths were changed`;
    return changed > 0 ? null : "nothing was changed";
  }
  const missing = check2.name === "diff-touches" ? globs.find(({ met }) => !met) : void 0;
  return missing === void 0 ? null : `nothing that matches ${displayText(missing.glob)} was changed`;
}
function addedLines(record, text) {
  for (const { file } of patchesOf(record)) {
    let line = "";
    for (const part of lineParts(record.pieces(file))) {
      line = part.starts ? part.line.toString("utf8") : line + part.line.toString("utf8");
      if (line.startsWith("+") && !line.startsWith("+++ ") && line.slice(1).includes(text)) return true;
    }
  }
  return false;
}
function some(record, test) {
  let left = TIME;
  for (const text of windows(record.pieces("transcript.log"))) {
    const result = bounded(() => test(text), left);
    if (!result.ok) return null;
    if (result.value) return true;
    left -= result.ms;
  }
  return false;
}
function matchesOutput(record, pattern) {
  const found = some(record, (text) => pattern.test(text));
  return found === null ? "the expression takes too long" : found ? null : "the output does not match";
}
async function ofNetwork(check2, record, agents) {
  let denied = 0;
  const patterns = check2.name === "hosts-denied" ? [] : check2.value.flatMap((host) => presetRules(host)?.map(({ pattern }) => pattern) ?? parseHosts(host));
  for await (const { step, verdict, name, address } of record.lines("network.ndjson")) {
    if (!agents(step)) continue;
    if (verdict === "denied") denied += 1;
    const host = name ?? address ?? "unknown";
    if (check2.name === "hosts-only" && !patterns.some((pattern) => covers(pattern, host))) return `${displayText(host)} was asked for`;
  }
  return check2.name === "hosts-denied" && denied > check2.value ? `${denied} refusals` : null;
}
function ofTrajectory(wanted, record, totals) {
  const calls = (record.size("trajectory.json") ?? 0) === 0 ? null : record.document("trajectory.json").value.steps.flatMap((step) => step.tool_calls ?? []);
  if (calls === null && wanted.tools.length + wanted["tools-forbidden"].length > 0) return "the agent left no log that is read";
  const called = new Set((calls ?? []).map((call) => call.function_name));
  const missing = wanted.tools.find((tool) => !called.has(tool));
  if (missing !== void 0) return `${displayText(missing)} was not called`;
  const forbidden = wanted["tools-forbidden"].find((tool) => called.has(tool));
  if (forbidden !== void 0) return `${displayText(forbidden)} was called`;
  const [input, output] = [totals?.inputTokens?.value, totals?.outputTokens?.value];
  const numbers = [
    ["max-tool-calls", totals?.toolCalls?.value ?? calls?.length],
    ["max-turns", totals?.turns?.value],
    ["max-tokens", input === void 0 && output === void 0 ? void 0 : (input ?? 0) + (output ?? 0)],
    ["max-cost-usd", totals?.costUsd?.value]
  ];
  for (const [name, value] of numbers) {
    const most = wanted[name];
    if (most === void 0) continue;
    if (value === void 0) return `${name}: nobody counted`;
    if (value > most) return `${name}: ${value} is more than ${most}`;
  }
  return null;
}
function expression(pattern) {
  try {
    return new RegExp(pattern, "mu");
  } catch {
    return new RegExp(pattern, "m");
  }
}
var Files = class _Files {
  #found;
  #contents;
  #base;
  constructor(found, contents, base) {
    this.#found = found;
    this.#contents = contents;
    this.#base = base;
  }
  static async of(checks, { record, base }) {
    const wanted = checks.flatMap(
      (check2) => check2.name === "file-exists" || check2.name === "file-absent" ? [check2.value] : check2.name === "file-contains" || check2.name === "file-matches" || check2.name === "file-json" ? [check2.value.path] : []
    );
    if (wanted.length === 0) return new _Files(/* @__PURE__ */ new Map(), /* @__PURE__ */ new Map(), base);
    const found = await findPaths(record, base, [...new Set(wanted)]);
    const changed = [...found.values()].flatMap((one2) => one2.kind === "file" && one2.sha256 !== null ? [one2.sha256] : []);
    return new _Files(found, await readChanged(record, new Set(changed)), base);
  }
  kind(path) {
    return this.#found.get(path)?.kind ?? "absent";
  }
  /** A text says why there is none. */
  content(path) {
    const found = this.#found.get(path) ?? { kind: "absent" };
    if (found.kind === "absent") return "is not there";
    if (found.kind === "other") return "is not a file";
    if (found.sha256 !== null) return this.#contents.get(found.sha256) ?? "is too large, or holds a secret";
    return (this.#base === null ? null : readUnchanged(this.#base, path)) ?? "is too large";
  }
};

// src/suite/outcome.ts
function decide(agent, verdict, { tampered, model }) {
  const infra = (what, because) => ({ outcome: "infra", what, because, reward: null });
  const { end } = agent;
  if (agent.outcome === "cancelled") return infra("cancelled", agent.because);
  if (end.how === "error") return infra("jail", agent.because);
  if (agent.setupFailed) return infra("setup", agent.because);
  const reward = verdict?.kind === "judged" ? verdict.reward : null;
  const bad = (outcome, because) => ({ outcome, what: null, because, reward });
  if (tampered !== null) return bad("tampered", tampered);
  if (agent.outcome === "guard-failed") return bad("violation", agent.because);
  const limit = end.how === "limit" ? end.limit : null;
  if (verdict === null) return { ...bad("invalid", "nobody judged it"), reward: null };
  if (verdict.kind === "infra") return infra(verdict.phase, verdict.because);
  if (verdict.kind === "broken") return { ...bad("invalid", verdict.because), reward: null };
  if (verdict.pass)
    return {
      outcome: "pass",
      what: limit,
      because: limit === null ? verdict.because : `${verdict.because}, in spite of ${agent.because}`,
      reward
    };
  if (model !== null && agent.outcome !== "succeeded") return infra("model", model);
  if (limit !== null) return { outcome: "limit", what: limit, because: agent.because, reward };
  return bad("fail", agent.outcome === "step-failed" ? `${verdict.because}; ${agent.because}` : verdict.because);
}
function readReward(text) {
  const written = text.trim();
  if (written === "") return "the verifier wrote no reward";
  const plain = numberOf(written);
  if (plain !== null) return plain;
  if (written.startsWith("{")) {
    try {
      const value = JSON.parse(written).reward;
      if (typeof value === "number" && Number.isFinite(value)) return value;
    } catch {
    }
  }
  return `the verifier wrote ${JSON.stringify(written.slice(0, 40))}, which is not a number`;
}
function numberOf(text) {
  if (!/^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(text)) return null;
  const value = Number(text);
  return Number.isFinite(value) ? value : null;
}

// src/suite/tampered.ts

// src/suite/paths.ts
var HOME = "/home/agent";
function absoluteOf(layer, path, workspace) {
  const around = layer === "root" ? "" : layer === "home" ? HOME : workspace;
  return path === "" ? around || "/" : `${around}/${path}`;
}

// src/suite/tampered.ts
var LOADER = /^\/etc\/ld\.so\.(?:preload|cache|conf)(?:$|\.d\/)/;
async function tamperedBy(record, run, { files, empty, root }) {
  const own = [...files === null ? [] : [files.target], ...empty];
  const programs = root === "fresh" ? /* @__PURE__ */ new Set() : directoriesOf(run.path ?? "");
  for await (const change of record.lines("changes.ndjson")) {
    if (change.op === "touched") continue;
    for (const path of pathsOf(change, run)) {
      const target = own.find((place) => path === place || path.startsWith(`${place}/`) || place.startsWith(`${path}/`));
      const above = target !== void 0 && target.startsWith(`${path}/`) && "after" in change && change.after.type === "directory";
      if (target !== void 0 && !above) return `the agent put ${displayText(path)} where the verifier has ${target}`;
      if (root === "fresh" || change.layer === "workspace") continue;
      if (programs.has(posix.dirname(path))) return `the agent changed ${displayText(path)}, which is a program that the verifier may run`;
      const stays = "after" in change && change.after.type === "directory" && change.op !== "renamed";
      if (!stays && [...programs].some((directory) => directory === path || directory.startsWith(`${path}/`)))
        return `the agent changed ${displayText(path)}, where the verifier looks for programs`;
      if (LOADER.test(path)) return `the agent changed ${displayText(path)}, which every program of the verifier obeys`;
    }
  }
  return null;
}
function directoriesOf(path) {
  const listed = path.split(":").filter((one2) => one2.startsWith("/")).map((one2) => posix.normalize(one2).replace(/(?<=.)\/$/, ""));
  return new Set(
    listed.flatMap((one2) => [
      one2,
      .../^(?:\/usr)?\/s?bin$/.test(one2) ? [one2.replace(/^\/usr/, ""), `/usr${one2.replace(/^\/usr/, "")}`] : []
    ])
  );
}
function pathsOf(change, run) {
  const paths = change.op === "renamed" ? [change.from, change.path] : [change.path];
  return paths.map((path) => absoluteOf(change.layer, Buffer.from(path).toString("utf8"), run.workspace));
}

// src/suite/grade.ts
var MOST_FAILED = 20;
var SIGNALS = 65;
async function grade(task, directory, ran, workspace) {
  const record = openRecordDir(directory);
  const run = record.document("run.json").value;
  const setupFailed = ran.end.how === "steps-done" && ran.end.failed !== null && run.steps[ran.end.failed]?.setup === true;
  const setupLimit = ran.end.how === "limit" && run.steps[ran.end.step]?.setup === true;
  const end = { end: ran.end, outcome: ran.outcome, because: ran.because, setupFailed: setupFailed || setupLimit };
  const root = run.root.sha256;
  const backend = run.backend.name;
  if (ran.manifest === null || ran.end.how === "error" || ran.outcome === "cancelled") {
    const nothing = { kind: "infra", phase: "jail", because: ran.because };
    return {
      end,
      root,
      backend,
      tampered: null,
      model: null,
      judged: false,
      archive: null,
      agent: null,
      failed: [],
      behaviour: NO_BEHAVIOUR,
      usage: NO_USAGE,
      verdict: () => nothing
    };
  }
  const { totals } = record.document("verdict.json").value;
  const agents = (step) => run.steps[step]?.setup === false;
  const base = task.start.kind === "none" ? null : workspace;
  const failed = (await failedChecks(task.verifier.checks, { record, base, totals, agents })).slice(0, MOST_FAILED);
  const sha256 = record.document("manifest.json").value.files["changes.tar.gz"]?.sha256;
  return {
    end,
    root,
    backend,
    tampered: await tamperedBy(record, run, task.verifier),
    model: await modelFault(record, run),
    judged: !end.setupFailed,
    archive: sha256 === void 0 ? null : { archive: join(directory, "changes.tar.gz"), sha256 },
    behaviour: await behaviourOf(record, run),
    usage: usageOf(run, totals),
    agent: agentOf(record),
    failed,
    verdict: (result) => verdictOf(task.verifier, failed, result)
  };
}
function verdictOf(verifier, failed, result) {
  const judged = (pass, reward, because2) => ({ kind: "judged", pass, reward, because: because2 });
  const broken = (because2) => ({ kind: "broken", because: because2 });
  const missed = failed.length === 0 ? null : failed.join("; ");
  if (result === null) return missed === null ? judged(true, 1, "all checks hold") : judged(false, 0, missed);
  const { end, outcome, because } = result;
  if (outcome === "cancelled") return { kind: "infra", phase: "cancelled", because };
  if (end.how === "error") return { kind: "infra", phase: "verifier", because };
  if (end.how === "limit") return broken(`the verifier did not come to an end: ${because}`);
  const record = openRecordDir(result.record);
  const index = end.how === "steps-done" ? end.failed : null;
  const step = index === null ? null : record.document("run.json").value.steps[index];
  const code = step?.exit?.code ?? 0;
  const signal = step?.exit?.signal ?? (code > 128 && code < 128 + SIGNALS ? `signal ${code - 128}` : null);
  if (signal !== null) return broken(`the verifier was killed by ${signal}`);
  const script = index === 0 && verifier.script !== null;
  if (verifier.reward) {
    if (script) return broken(`the verifier ended with ${step?.exit?.code ?? "nothing"} before it had judged`);
    const reward = readReward(resultOf(record));
    if (typeof reward === "string") return broken(reward);
    if (reward < verifier.threshold) return judged(false, reward, `reward ${reward}, wanted ${verifier.threshold}`);
    if (index === null && missed === null) return judged(true, reward, `reward ${reward}`);
    return judged(false, reward, missed ?? `${displayText(step?.name ?? "")} failed`);
  }
  if (index !== null)
    return judged(
      false,
      0,
      script ? `the verifier ended with ${step?.exit?.code ?? "nothing"}` : `${displayText(step?.name ?? "")} failed`
    );
  return missed === null ? judged(true, 1, "verified") : judged(false, 0, missed);
}
function resultOf(record) {
  return Buffer.concat([...record.pieces("result.txt")].map((piece) => Buffer.from(piece))).toString("utf8");
}

// src/suite/trial.ts
var LONGEST2 = 500;
var recordOf = ({ task, trial }) => `trials/${task}/${trial}`;
async function runTrial(bench, attempt, cancel) {
  const { task, agent, oracle, seed, trial } = attempt;
  const place = recordOf({ task: task.id, trial });
  const began = Date.now();
  const blank = blankTrial(bench, attempt, new Date(began).toISOString());
  const failed = (phase, error) => ({
    ...blank,
    what: phase,
    because: wordsOf(error),
    ms: { ...blank.ms, total: Date.now() - began }
  });
  let ran;
  try {
    const directory = join2(bench.out, place);
    rmSync(directory, { recursive: true, force: true });
    mkdirSync(directory, { recursive: true, mode: 448 });
    ran = await jailed(bench, attempt, { policy: agentPolicy(task, oracle), steps: agentSteps(task, agent, seed), name: "agent" }, cancel);
  } catch (error) {
    return failed("prepare", error);
  }
  const agentMs = Date.now() - began;
  try {
    const graded = await judge(bench, attempt, ran, cancel);
    return { ...blank, ...graded, record: place, ms: { ...graded.ms, agent: agentMs, total: Date.now() - began } };
  } catch (error) {
    return { ...failed("verifier", error), record: place };
  }
}
async function judge(bench, attempt, ran, cancel) {
  const { task, workspace } = attempt;
  const facts = await grade(task, ran.record, ran, workspace);
  const began = Date.now();
  let verifier = null;
  let verdict = null;
  if (facts.judged && facts.tampered === null) {
    const steps = verifierSteps(task.verifier, task.place);
    if (steps.length > 0) {
      const result = await verify(bench, attempt, facts, steps, cancel);
      verifier = runOf(result);
      verdict = facts.verdict(result);
    } else verdict = facts.verdict(null);
  }
  const decision = decide(facts.end, verdict, facts);
  const { behaviour, usage, agent, failed, root, backend } = facts;
  const ms = { agent: 0, verifier: Date.now() - began, total: 0 };
  const because = displayText(decision.because, LONGEST2);
  return { ...decision, because, failed, behaviour, usage, agent, root, backend, run: runOf(ran), verifier, ms, record: null };
}
async function verify(bench, attempt, { archive }, steps, cancel) {
  const { task, trial } = attempt;
  const empty = task.verifier.empty.map((_, index) => {
    const directory = join2(bench.temporary, `empty-${task.id}-${trial}-${index}`);
    mkdirSync(directory, { recursive: true, mode: 493 });
    return directory;
  });
  if (archive === null) throw new JailError("the record of the agent has no changes that could be restored", "look at the record");
  const layers = task.verifier.root === "agent" ? ["workspace", "home", "root"] : ["workspace"];
  const restore = { ...archive, layers };
  return jailed(bench, attempt, { policy: verifierPolicy(task, empty), steps, name: "verifier", restore }, cancel);
}
async function jailed(bench, { task, trial, workspace }, { policy, steps, name, restore }, cancel) {
  const inForce = shared(policy, bench.share);
  const request = await prepare({
    id: newId(),
    version: bench.version,
    policy: inForce,
    source: { kind: "inline" },
    backend: bench.backend ?? inForce.jail.backend,
    steps,
    environment: bench.environment,
    mask: [],
    workspace,
    ...restore === void 0 ? {} : { restore },
    ownRoot: task.ownRoot,
    forbidden: [bench.out],
    record: join2(bench.out, recordOf({ task: task.id, trial }), name),
    display: false
  });
  return runJail(request, () => {
  }, cancel);
}
function blankTrial({ version }, { task, trial, seed }, started) {
  return {
    task: task.id,
    trial,
    seed,
    outcome: "infra",
    what: "prepare",
    because: "",
    reward: null,
    failed: [],
    started,
    ms: { agent: 0, verifier: 0, total: 0 },
    policy: task.policy.digest,
    backend: null,
    version,
    root: null,
    run: null,
    verifier: null,
    agent: null,
    usage: NO_USAGE,
    behaviour: NO_BEHAVIOUR,
    record: null
  };
}
function runOf({ record, outcome, manifest }) {
  const { id, steps } = openRecordDir(record).document("run.json").value;
  const last = steps.findLast(({ exit }) => exit !== null)?.exit ?? null;
  return { id, outcome, code: last?.code ?? null, signal: last?.signal ?? null, manifest };
}
function wordsOf(error) {
  const words = error instanceof UserError ? error.problems.map(({ message }) => message).join("; ") : error instanceof Error ? error.message : String(error);
  return displayText(words, LONGEST2);
}

// src/suite/run.ts
var MEMORY = 1 << 30;
async function runTrials(work, observe, cancel) {
  const queue = inOrder(work.selected.expected).filter(([task, trial]) => !work.done(task, trial));
  const tasks = new Map(work.selected.tasks.map((task) => [task.id, task]));
  const began = Date.now();
  let [next, done, failed] = [0, 0, false];
  const worker = async () => {
    for (; ; ) {
      const [id, trial] = queue[next] ?? [];
      if (id === void 0 || trial === void 0 || cancel.aborted) return;
      next += 1;
      const task = tasks.get(id);
      const ended = failed ? skipped(work, task, trial) : await one(work, task, trial, observe, cancel);
      if (ended.what === "cancelled" || cancel.aborted) return;
      failed ||= work.failFast && !["pass", "infra", "invalid", "skipped"].includes(ended.outcome);
      done += 1;
      observe({ kind: "end", trial: ended, done, of: queue.length, left: (Date.now() - began) / done * (queue.length - done) });
    }
  };
  await Promise.all(Array.from({ length: Math.min(work.jobs, queue.length) }, worker));
}
async function one(work, task, trial, observe, cancel) {
  observe({ kind: "begin", task: task.id, trial });
  const { bench, selected, oracle, workspaces } = work;
  const attempt = { task, agent: selected.agentOf(task), oracle, trial, seed: seedOf(work.seed, task.id, trial) };
  try {
    return await runTrial(bench, { ...attempt, workspace: await workspaces.of(task) }, cancel);
  } catch (error) {
    const blank = blankTrial(bench, attempt, (/* @__PURE__ */ new Date()).toISOString());
    return { ...blank, because: error instanceof Error ? error.message : String(error) };
  }
}
function skipped({ bench, seed }, task, trial) {
  const blank = blankTrial(bench, { task, trial, seed: seedOf(seed, task.id, trial) }, (/* @__PURE__ */ new Date()).toISOString());
  return { ...blank, outcome: "skipped", what: null, because: "an earlier trial failed (--fail-fast)" };
}
function inOrder(expected) {
  const all = expected.flatMap(
    ({ task, first, trials }, index) => Array.from({ length: trials }, (_, at2) => ({ task, trial: first + at2, index }))
  );
  return all.sort((a, b) => a.trial - b.trial || a.index - b.index).map(({ task, trial }) => [task, trial]);
}
function fit(tasks, asked, machine = { cpus: availableParallelism(), memory: totalmem() }) {
  const cpus = Math.max(...tasks.map(({ policy }) => policy.agent.limits.cpus ?? 1));
  const memory = Math.max(...tasks.map(({ policy }) => policy.agent.limits.memory ?? MEMORY));
  const room = machine.memory * 0.75;
  const jobs = asked ?? Math.max(1, Math.floor(Math.min(machine.cpus / cpus, room / memory)));
  return { jobs, share: jobs === 1 ? null : { memory: Math.floor(room / jobs), cpus: machine.cpus / jobs } };
}

// src/suite/trials-write.ts
var CREATE = constants2.O_WRONLY | constants2.O_APPEND | constants2.O_CREAT | constants2.O_EXCL | constants2.O_NOFOLLOW;
var APPEND = constants2.O_WRONLY | constants2.O_APPEND | constants2.O_NOFOLLOW;
function openTrials(path, header) {
  check(path, 1, headerSchema, header);
  const problem = headerProblem(header);
  if (problem !== null) throw new Error(problem);
  let fd;
  try {
    fd = openSync2(path, CREATE, 384);
  } catch (error) {
    const { code } = error;
    if (code === "EEXIST") throw wrong(path, null, "is there already", "go on with it, or give another place");
    throw unwritable(path, error);
  }
  const writer = new TrialsWriter(path, fd, 0, new ExpectedTrials(header.expected));
  writer.line(header, HEADER_LIMIT);
  return writer;
}
function resumeTrials(path, header) {
  const file = readTrials(path);
  const differ = headerDifferences(file.header, header, ["suite", "digest", "agent", "seed", "backend", "shard", "expected"]);
  if (differ.length > 0)
    throw wrong(path, 1, `was begun for something else: ${differ.join(", ")}`, "go on with what it was begun for, or give another place");
  const seen2 = new ExpectedTrials(header.expected);
  let size = file.begin;
  for (const { next } of file.lines(void 0, seen2)) size = next;
  let fd;
  try {
    fd = openSync2(path, APPEND);
  } catch (error) {
    throw unwritable(path, error);
  }
  ftruncateSync(fd, size);
  return new TrialsWriter(path, fd, size, seen2);
}
var TrialsWriter = class {
  path;
  #fd;
  #seen;
  #size;
  constructor(path, fd, size, seen2) {
    this.path = path;
    this.#fd = fd;
    this.#size = size;
    this.#seen = seen2;
  }
  /** Trials in the file. */
  get count() {
    return this.#seen.count;
  }
  /** That trial is in the file. */
  has(task, trial) {
    return this.#seen.has(task, trial);
  }
  /** @throws Error for what no reader would take: a mistake of the caller's, and the file stays as it was. */
  add(trial) {
    const name = `trial ${trial.trial} of ${displayText(trial.task)}`;
    const problem = trialProblem(trial);
    if (problem !== null) throw new Error(`${name}: ${problem}`);
    if (!this.#seen.expects(trial.task, trial.trial)) throw new Error(`${name} is not expected`);
    if (this.#seen.has(trial.task, trial.trial)) throw new Error(`${name} is there already`);
    this.line(trial, LINE_LIMIT);
    this.#seen.see(trial.task, trial.trial);
  }
  /** Says that this was all, and closes. */
  end() {
    this.line({ end: true, lines: this.count }, LINE_LIMIT);
    this.close();
  }
  /** Leaves the file as one that was cut off. */
  close() {
    closeSync2(this.#fd);
  }
  /** A line as it is. */
  line(value, most) {
    const bytes = Buffer.from(`${JSON.stringify(value)}
`);
    if (bytes.length > most + 1) throw new Error(`a line of ${bytes.length} bytes for ${this.path}, which takes ${most}`);
    try {
      for (let done = 0; done < bytes.length; ) done += writeSync(this.#fd, bytes, done);
    } catch (error) {
      ftruncateSync(this.#fd, this.#size);
      throw unwritable(this.path, error);
    }
    this.#size += bytes.length;
  }
};
function unwritable(path, error) {
  const why = error.code ?? String(error);
  const remedy = "give a place on a disk with room that can be written to";
  return new JailError(`the trials cannot be written to ${displayText(path)}: ${why}`, remedy, null, { cause: error });
}

export {
  recordOf,
  judge,
  runTrials,
  fit,
  openTrials,
  resumeTrials
};
