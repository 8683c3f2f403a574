const { mkdirSync, writeFileSync } = process.getBuiltinModule("node:fs");
const { join: join2, relative, resolve } = process.getBuiltinModule("node:path");
const { readFileSync } = process.getBuiltinModule("node:fs");
const { join } = process.getBuiltinModule("node:path");
const { StringDecoder } = process.getBuiltinModule("node:string_decoder");
import {
  addTo,
  summary
} from "./shared-report-summary.js";
import {
  VERIFY_CODES
} from "./shared-cli-verify.js";
import {
  headerOf,
  lineParts,
  patchesOf
} from "./shared-record-patches.js";
import {
  json as json2
} from "./shared-cli-io.js";
import {
  verify
} from "./shared-record-verify.js";
import {
  json,
  openRecordDir
} from "./shared-record-write.js";
import "./shared-record-schema.js";
import "./shared-model-changes.js";
import {
  fill
} from "./shared-report-html.js";
import "./shared-report-sections.js";
import "./shared-record-ndjson.js";
import {
  RecordError
} from "./shared-record-error.js";
import "./shared-valibot.js";
import {
  bytes
} from "./shared-report-markdown.js";
import {
  RECORD
} from "./shared-model-record.js";
import {
  displayPath,
  displayText
} from "./shared-record-display.js";
import {
  parse,
  wrong
} from "./shared-cli-args.js";
import "./shared-policy-nearest.js";
import "./shared-model-trajectory.js";
import {
  forTerminal
} from "./shared-transcript-escapes.js";
import "./shared-model-errors.js";
import "./shared-model-outcome.js";
import "./shared-runtime.js";

// src/cli/report.ts

// src/report/derive.ts

// src/report/gather-changes.ts
var LISTED = { flagged: 1e3, tracked: 2e3, other: 1e3 };
var QUIET = /* @__PURE__ */ new Set(["ignored", "git-dir", "binary", "odd-name"]);
var FOLDERS = 300;
var LONGEST_PATH = 2e3;
async function gatherChanges(record) {
  const layers = /* @__PURE__ */ new Map();
  const left = { ...LISTED };
  const rows = [];
  const folders = /* @__PURE__ */ new Map();
  let total = 0;
  for await (const change of record.lines("changes.ndjson")) {
    total += 1;
    addTo(layers, change);
    const kind = kindOf(change);
    if (left[kind] > 0) {
      left[kind] -= 1;
      rows.push(row(change));
      continue;
    }
    const path = folderOf(displayPath(change.path, LONGEST_PATH));
    const key = folders.size < FOLDERS ? `${change.layer}:${path}` : change.layer;
    const folder = folders.get(key) ?? { layer: change.layer, path: key === change.layer ? "…" : path, count: 0 };
    folder.count += 1;
    folders.set(key, folder);
  }
  return { total, layers: [...layers.values()], rows, folders: [...folders.values()].sort((a, b) => b.count - a.count) };
}
function kindOf({ layer, flags }) {
  if (flags.some((flag) => !QUIET.has(flag))) return "flagged";
  return layer === "workspace" && !flags.includes("ignored") && !flags.includes("git-dir") ? "tracked" : "other";
}
var folderOf = (path) => path.split("/").slice(0, -1).slice(0, 2).join("/");
function row(change) {
  const { layer, op, flags } = change;
  return {
    layer,
    op,
    path: displayPath(change.path, LONGEST_PATH),
    ...op === "renamed" ? { from: displayPath(change.from, LONGEST_PATH) } : {},
    ...flags.length > 0 ? { flags } : {},
    what: describe("before" in change ? change.before : null, "after" in change ? change.after : null)
  };
}
function describe(before, after) {
  const only = before === null ? after : after === null ? before : null;
  if (only !== null)
    return properties(only).filter((value) => value !== "").join(", ");
  if (before === null || after === null) return "";
  const [old, now] = [properties(before), properties(after)];
  const changed = now.flatMap((value, index) => value === old[index] ? [] : `${old[index] || "none"} to ${value || "none"}`);
  return changed.length === 0 ? now[0] ?? "" : changed.join(", ");
}
function properties({ type, mode, size, uid, gid, link }) {
  const content = type === "file" ? bytes(size) : link === null ? "" : `link to ${displayPath(link)}`;
  return [type, content, `mode ${mode.toString(8).padStart(3, "0")}`, `owner ${uid}:${gid}`];
}

// src/report/gather-logs.ts
var LISTED2 = 2e3;
var SAMPLES = 600;
async function gatherNetwork(record) {
  const rows = [];
  const count = { denied: 0, allowed: 0 };
  for await (const line of record.lines("network.ndjson")) {
    count[line.verdict] += 1;
    if (count[line.verdict] <= LISTED2 / 2) rows.push(networkRow(line));
  }
  return { rows, total: count.denied + count.allowed, denied: count.denied };
}
function networkRow(line) {
  const { t, step: step2, kind, verdict, reason, bytesIn, bytesOut, ms, name, address, port, type, method, path, protocol, transport } = line;
  const what = kind === "dns" ? [type] : [protocol === "unknown" ? transport : protocol, method, path];
  return {
    t,
    step: step2,
    kind,
    verdict,
    reason: displayText(reason),
    bytesIn,
    bytesOut,
    ms,
    host: `${displayText(name ?? address ?? "unknown")}:${port}`,
    what: what.flatMap((part) => part === null ? [] : displayText(part)).join(" ")
  };
}
async function gatherUsage(record) {
  let samples = [];
  let each = 1;
  let seen = 0;
  for await (const line of record.lines("usage.ndjson")) {
    const number = (name) => typeof line[name] === "number" ? line[name] : 0;
    const moved = number("read") + number("written");
    const sample = { t: line.t, memory: number("memory"), cpu: number("cpu"), pids: number("pids"), disk: number("disk"), moved };
    const last = samples.at(-1);
    if (seen % each === 0 || last === void 0) samples.push(sample);
    else samples[samples.length - 1] = most(last, sample);
    seen += 1;
    if (samples.length <= SAMPLES) continue;
    samples = samples.flatMap((one, at) => at % 2 === 1 ? [] : most(one, samples[at + 1] ?? one));
    each *= 2;
    seen = 0;
  }
  return samples;
}
var most = (a, b) => ({
  t: b.t,
  memory: Math.max(a.memory, b.memory),
  cpu: b.cpu,
  pids: Math.max(a.pids, b.pids),
  disk: Math.max(a.disk, b.disk),
  moved: b.moved
});

// src/report/gather-patch.ts
var LARGEST = 96 << 10;
var IN_ALL = 768 << 10;
var FILES = 2e3;
function gatherPatch(record) {
  const files2 = [];
  let left = 0;
  let room = IN_ALL;
  let path = "";
  let part = [];
  let kept = 0;
  let length = 0;
  const finish = () => {
    if (length === 0) return;
    if (kept === 0) left += 1;
    else {
      const all = Buffer.concat(part);
      const text2 = kept === length ? all : all.subarray(0, all.lastIndexOf(10) + 1);
      files2.push({ path, text: text2.toString("utf8").toWellFormed(), left: length - text2.length });
    }
    [part, kept, length] = [[], 0, 0];
  };
  for (const { file, directory } of patchesOf(record)) {
    for (const { line, starts } of lineParts(record.pieces(file))) {
      const header = starts ? headerOf(line, directory) : null;
      if (header !== null) {
        finish();
        path = header;
        if (files2.length === FILES) room = 0;
      }
      const fits = line.subarray(0, kept === length ? Math.min(room, LARGEST - kept) : 0);
      if (fits.length > 0) part.push(Buffer.from(fits));
      kept += fits.length;
      room -= fits.length;
      length += line.length;
    }
    finish();
  }
  return { files: files2, left };
}

// src/report/gather-programs.ts
var SEEN = 2e4;
var LISTED3 = 2e3;
var DEEPEST = 20;
async function gatherPrograms(record, { programs: fact }) {
  const why = fact === void 0 ? "this record has none" : fact.source === "none" ? fact.why : "";
  const tree = /* @__PURE__ */ new Map();
  let total = 0;
  let lines = 0;
  for await (const line of record.lines("programs.ndjson")) {
    if (line.program !== null) total += 1;
    if (++lines <= SEEN) tree.set(line.process, [...tree.get(line.process) ?? [], line]);
  }
  const { omitted = 0, lost = 0 } = fact === void 0 || fact.source === "none" ? {} : fact;
  return { why: displayText(why), rows: rowsOf(tree), total: total + omitted, lost, guest: fact?.source === "guest" };
}
function rowsOf(tree) {
  const began = (lines) => Math.min(...lines.map(({ t }) => t));
  const children = /* @__PURE__ */ new Map();
  for (const lines of [...tree.values()].sort((a, b) => began(a) - began(b))) {
    const parent = lines[0]?.parent ?? null;
    const known = parent !== null && tree.has(parent) ? parent : null;
    children.set(known, [...children.get(known) ?? [], lines]);
  }
  const rows = [];
  const waiting = (children.get(null) ?? []).map((lines) => ({ lines, depth: 0 })).reverse();
  for (let next = waiting.pop(); next !== void 0 && rows.length < LISTED3; next = waiting.pop()) {
    const { lines, depth } = next;
    const own = lines.filter(({ program }) => program !== null).sort((a, b) => a.t - b.t);
    rows.push(...own.map((line) => row2(line, depth)));
    const below = (children.get(lines[0]?.process ?? null) ?? []).map((child) => ({
      lines: child,
      depth: Math.min(DEEPEST, depth + (own.length > 0 ? 1 : 0))
    }));
    waiting.push(...below.reverse());
  }
  return rows.slice(0, LISTED3);
}
function row2({ t, step: step2, program, argv, cut, ms, how, code, signal }, depth) {
  const words = argv === null ? "" : `${argv.slice(1).join(" ")}${cut === true ? "…" : ""}`;
  const ends = { exit: `exit code ${code ?? "not known"}`, signal: signal ?? "", exec: "became another", unseen: "killed with its step" };
  return {
    t,
    step: step2,
    depth,
    program: displayText(program ?? ""),
    args: displayText(words, 500),
    ms,
    end: displayText(ends[how]),
    ok: how === "exec" || code === 0
  };
}

// src/report/gather-trajectory.ts
var HALF = 150;
var LONGEST = 8 << 10;
var IN_ALL2 = 384 << 10;
var CALLS = 20;
function gatherTrajectory(trajectory) {
  const { steps, agent, extra } = trajectory;
  const shown = steps.length <= 2 * HALF ? steps : [...steps.slice(0, HALF), ...steps.slice(-HALF)];
  let room = IN_ALL2;
  const clip = (text2) => {
    const kept = text2.slice(0, Math.min(LONGEST, room));
    room -= kept.length;
    return kept.length === text2.length ? text2 : `${kept.toWellFormed()}… (${text2.length - kept.length} more characters)`;
  };
  return {
    agent: [agent.name, agent.version, agent.model_name ?? ""].filter((part) => part !== "").join(" "),
    totals: totals(extra?.["totals"]),
    turns: shown.map((step2) => turn(step2, clip)),
    left: steps.length - shown.length,
    head: HALF
  };
}
function turn({ step_id: id, source, timestamp, message, reasoning_content: thought, ...rest }, clip) {
  const { tool_calls: calls = [], observation, metrics } = rest;
  const results = observation?.results ?? [];
  const tokens = metrics === void 0 ? "" : `${metrics.prompt_tokens} tokens in, ${metrics.completion_tokens} out`;
  return {
    id,
    source,
    about: [timestamp ?? "", tokens].filter((part) => part !== "").join(", "),
    text: clip(message),
    thought: clip(thought ?? ""),
    calls: calls.slice(0, CALLS).map((call) => {
      const own = results.find(({ source_call_id: of }) => of === call.tool_call_id);
      return {
        name: call.function_name,
        args: clip(argumentsOf(call.arguments)),
        result: own === void 0 ? null : clip(own.content),
        failed: own?.extra?.["failed"] === true
      };
    }),
    callsLeft: Math.max(0, calls.length - CALLS),
    others: results.filter(({ source_call_id: of }) => of === void 0).slice(0, CALLS).map(({ content }) => clip(content))
  };
}
function argumentsOf(args) {
  return Object.entries(args).map(([name, value]) => `${name}: ${typeof value === "string" ? value : JSON.stringify(value)}`).join("\n");
}
function totals(given) {
  const names = {
    turns: "turns",
    toolCalls: "tool calls",
    inputTokens: "tokens in",
    outputTokens: "tokens out",
    costUsd: "US dollars",
    model: "model"
  };
  const all = given ?? {};
  return Object.entries(names).flatMap(([key, name]) => {
    const told = all[key];
    if (told === null || told === void 0) return [];
    const value = typeof told.value === "number" ? told.value.toLocaleString("en", { maximumFractionDigits: 6 }) : String(told.value).slice(0, 200);
    return [[name, value, told.source === "gateway" ? "seen by the gateway" : "claimed by the agent"]];
  });
}

// src/report/gather.ts
var STEPS = 300;
var FINDINGS = 200;
var NOTICES = 100;
async function gather(conclusion, cast, base) {
  const { run, outcome, because, findings, record } = conclusion;
  const problems = [];
  const attempt = async (work, none) => {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof RecordError)) throw error;
      problems.push(error.message);
      return none;
    }
  };
  return {
    id: run.id,
    started: run.started,
    outcome,
    because: displayText(because, 1e3),
    remedy: run.end.how === "error" ? displayText(run.end.remedy) : "",
    findings: findings.slice(0, FINDINGS).map((finding) => ({ ...finding, message: displayText(finding.message, 1e3) })),
    steps: run.steps.slice(0, STEPS).map(step),
    phases: Object.entries(run.phases).map(([name, t]) => ({ name, t })),
    limits: run.limits,
    notices: run.notices.slice(0, NOTICES).map((notice) => displayText(notice, 1e3)),
    about: about(conclusion),
    changes: await attempt(() => gatherChanges(record), { total: 0, layers: [], rows: [], folders: [] }),
    patch: await attempt(() => gatherPatch(record), { files: [], left: 0 }),
    trajectory: conclusion.trajectory === null ? null : gatherTrajectory(conclusion.trajectory),
    network: await attempt(() => gatherNetwork(record), { rows: [], total: 0, denied: 0 }),
    programs: await attempt(() => gatherPrograms(record, run), {
      why: "programs.ndjson could not be read",
      rows: [],
      total: 0,
      lost: 0,
      guest: false
    }),
    usage: await attempt(() => gatherUsage(record), []),
    cast: await attempt(cast, ""),
    printed: await attempt(() => record.size("transcript.log") ?? 0, 0),
    result: await attempt(() => text(record, "result.txt"), ""),
    files: await attempt(() => files(record), []),
    base,
    problems
  };
}
function step({ name, setup, argv, tty = null, started, exit }) {
  return {
    name: displayText(name),
    setup,
    terminal: tty === null ? "" : `${tty.rows} rows, ${tty.columns} columns`,
    command: displayText(argv.join(" "), 2e3),
    started,
    ms: exit?.ms ?? null,
    end: started === null ? "not started" : exit === null ? "did not end" : exit.signal ?? `exit code ${exit.code}`,
    ok: exit?.code === 0,
    hit: exit?.hit ?? [],
    bytes: exit?.bytes ?? 0
  };
}
function about({ run, manifest }) {
  const { source, base, backend, host, root, redacted } = run;
  const secrets = Object.entries(redacted).filter(([, count]) => count > 0);
  const rows = [
    ["run", run.id],
    ["started", run.started],
    ["backend", `${backend.name} ${backend.version}: ${backend.why}`],
    ["root", `${root.kind}${root.sha256 === null ? "" : ` ${root.sha256}`}`],
    ["workspace", run.workspace],
    ["commit", base === null ? "none" : `${base.commit}${base.dirty ? ", with changes on top" : ""}`],
    ["policy from", "file" in source ? `${source.kind}, ${source.file}` : source.kind],
    ["policy, SHA-256", run.policy.digest],
    ["manifest, SHA-256", manifest ?? "not sealed"],
    ["patch and archive", run.exact ? "exact" : "not exact: something that holds a secret was withheld"],
    ["redacted", secrets.length === 0 ? "nothing" : secrets.map(([name, count]) => `${name}: ${count} times`).join(", ")],
    ["machine", `${host.cpus} processors, kernel ${host.kernel}, ${host.arch}, cgroups ${host.cgroups}`],
    ["made by", `${run.tool.name} ${run.tool.version}, Node ${run.tool.node}`],
    ["proof of the jail", proof(run)]
  ];
  return rows.map(([name, value]) => [name, displayText(value, 1e3)]);
}
var proof = ({ proof: seen }) => seen === null ? "none: it never got that far" : seen.map(({ property, seen: value }) => `${property}: ${value.replaceAll("	", " ")}`).join("; ");
function text(record, file) {
  return Buffer.concat([...record.pieces(file)].map((piece) => Buffer.from(piece))).toString("utf8").slice(0, 64 << 10).toWellFormed();
}
function files(record) {
  const names = Object.keys(RECORD).filter((name) => name !== "report.html");
  return names.flatMap((name) => {
    if (!RECORD[name].sealed && name !== "manifest.json") return { name, size: null };
    const size = record.size(name) ?? 0;
    return size === 0 ? [] : { name, size };
  });
}

// src/report/sarif.ts
var LEVEL = { fail: "error", review: "warning" };
function sarif({ run, findings }) {
  const rules = [...new Set(findings.map(({ rule }) => rule))];
  return {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: run.tool.name,
            semanticVersion: run.tool.version,
            rules: rules.map((id) => ({ id, shortDescription: { text: `the guard ${id} of agent-jail` } }))
          }
        },
        automationDetails: { id: `agent-jail/${run.id}` },
        originalUriBaseIds: { SRCROOT: { description: { text: "the workspace" } } },
        columnKind: "utf16CodeUnits",
        results: findings.flatMap((finding) => resultsOf(finding, rules.indexOf(finding.rule), run.workspace))
      }
    ]
  };
}
function resultsOf(finding, ruleIndex, workspace) {
  const { rule, action, message, what, more, at = [] } = finding;
  const one = (text2, locations, id) => ({
    ruleId: rule,
    ruleIndex,
    level: LEVEL[action],
    message: { text: text2 },
    locations,
    // Who uploads results of two runs sees the same finding once.
    partialFingerprints: { "agentJailFinding/v1": `${rule}:${id}` }
  });
  if (at.length > 0) return at.map(({ path, line }) => one(`${message} (${rule})`, [location(path, line)], path));
  const named = what.length === 0 ? "" : `: ${what.join(", ")}${more > 0 ? `, and ${more} more` : ""}`;
  const place = placeInWorkspace(finding, workspace);
  return [one(`${message}${named} (${rule})`, place === null ? [] : [location(place.file, place.line)], "")];
}
function placeInWorkspace({ place }, workspace) {
  if (place === null || place.file === "") return null;
  const whole = place.file.replace(/^([A-Za-z]):(?=\/)/, (_, drive) => `/${drive.toLowerCase()}`);
  const file = whole.startsWith(`${workspace}/`) ? whole.slice(workspace.length + 1) : whole;
  const parts = file.split("/");
  return file.startsWith("/") || file.startsWith("input ") || parts.includes("..") ? null : { file, line: place.line };
}
function location(path, line) {
  const uri = path.split("/").map(encodeURIComponent).join("/");
  return {
    physicalLocation: {
      artifactLocation: { uri, uriBaseId: "SRCROOT" },
      ...line === null ? {} : { region: { startLine: line } }
    }
  };
}

// src/report/derive.ts
var WHOLE = { half: 4 << 20, gap: 0 };
var SHORT = { half: 192 << 10, gap: 100 };
var PAGE = join(import.meta.dirname, "report-page.html");
async function derive(conclusion, { makeCast: makeCast2, page = PAGE, version = 2, base = "" }) {
  const { record, run } = conclusion;
  const cast = async (kind, size) => makeCast2(transcript(record, run), { version: kind, ...size });
  const whole = await cast(version, WHOLE).catch(nothing);
  const isShort = version === 2 && whole !== "" && whole.length <= SHORT.half;
  const data = await gather(conclusion, async () => isShort ? whole : cast(2, SHORT), base);
  return {
    "trajectory.json": conclusion.trajectory === null ? "" : json(conclusion.trajectory),
    "transcript.cast": whole,
    "report.html": fill(readFileSync(page), data),
    "findings.sarif": json(sarif(conclusion)),
    "summary.md": await summary(conclusion)
  };
}
function nothing(error) {
  if (error instanceof RecordError) return "";
  throw error;
}
var transcript = (record, { started, steps }) => ({
  index: record.lines("transcript.ndjson"),
  log: record.pieces("transcript.log"),
  size: record.size("transcript.log") ?? 0,
  started,
  terminals: steps.map(({ tty }) => tty ?? null)
});

// src/transcript/cast.ts

// src/transcript/replay.ts
var DRAWS = /^\x1b\[(?:[\d;:]*[@ABCDEFGHIJKLMPSTXZ`abdefgmrsu]|\?(?:7|25|47|1047|1048|1049)[hl])$/;
var DRAWS_SHORT = /^\x1b(?:[78DEHM]|[()][0B])$/;
var SEQUENCE = /\x1b(?:\[[0-?]*[ -/]*[@-~]|[PX\]^_](?:[^\x07\x18\x1a\x1b\x9c]*)(?:\x07|\x9c|\x1b\\)|[ -/]*[0-OQ-WYZ\\`-~])|[\x00-\x07\x0b\x0c\x0e-\x1f\x7f-\x9f]/g;
var OPEN = /\x1b(?:\[[0-?]*[ -/]*|[PX\]^_][^\x07\x18\x1a\x1b\x9c]*\x1b?|[ -/]*)?$/;
var LONGEST2 = 4096;
var PLAIN = /^[\t\n\r -~]*$/;
var INVISIBLE = /(?![\ufe0e\ufe0f])[\p{Cf}\p{Default_Ignorable_Code_Point}\p{Zl}\p{Zp}]/gu;
var ReplayFilter = class {
  #held = "";
  push(text2) {
    const all = this.#held + text2;
    const open = OPEN.exec(all);
    const holds = open !== null && all.length - open.index <= LONGEST2;
    this.#held = holds ? open[0] : "";
    return clean(holds ? all.slice(0, open.index) : all);
  }
  /** What was held back, where no more is to come. */
  flush() {
    const rest = this.#held;
    this.#held = "";
    return clean(rest);
  }
};
function clean(text2) {
  if (PLAIN.test(text2)) return text2;
  return text2.toWellFormed().replace(SEQUENCE, (found) => DRAWS.test(found) || DRAWS_SHORT.test(found) ? found : sign(found.charCodeAt(0))).replace(INVISIBLE, "�");
}
var sign = (code) => code < 32 ? String.fromCharCode(9216 + code) : code === 127 ? "␡" : "�";

// src/transcript/walk.ts
async function walk({ index, log, size }, half, to) {
  const cut = size > 2 * half ? { from: half, to: size - half } : null;
  const bytes2 = reader(log);
  let left = cut !== null;
  for await (const line of index) {
    switch (line.kind) {
      case "begin":
        to.begin(line.t, line.step ?? 0, line.name);
        break;
      case "output": {
        const end = line.offset + line.length;
        const read = (from, until) => bytes2(from, Math.max(from, until), (part) => to.output(line.t, part));
        read(line.offset, cut === null ? end : Math.min(end, cut.from));
        if (cut === null || end <= cut.from) break;
        if (left) to.leftOut(line.t, cut.to - cut.from);
        left = false;
        read(Math.max(line.offset, cut.to), end);
        break;
      }
      case "end":
        to.end(line.t, line.step ?? 0, line);
        break;
      case "mark":
        to.mark(line.t, line.name);
        break;
      case "checkpoint":
        break;
    }
  }
}
function reader(log) {
  const pieces = log[Symbol.iterator]();
  let piece = Buffer.alloc(0);
  let at = 0;
  let done = 0;
  return (from, to, take) => {
    let position = Math.max(from, done);
    while (position < to) {
      while (at + piece.length <= position) {
        at += piece.length;
        const next = pieces.next();
        if (next.done === true) return;
        piece = next.value;
      }
      const part = piece.subarray(position - at, Math.min(piece.length, to - at));
      take(part);
      position += part.length;
      done = position;
    }
  };
}

// src/transcript/cast.ts
var SIZE = { rows: 32, columns: 120 };
var MARKERS = 1e4;
var IDLE = 2;
var makeCast = async (transcript2, { version, half, gap }) => {
  const cast = new Events(version, transcript2.started, gap, transcript2.terminals[0] ?? SIZE);
  let filter = new ReplayFilter();
  let decoder = new StringDecoder("utf8");
  const fresh = () => {
    filter = new ReplayFilter();
    decoder = new StringDecoder("utf8");
  };
  await walk(transcript2, half, {
    begin(t, step2, name) {
      fresh();
      cast.marker(t / 1e3, `step ${step2 + 1}: ${name}`);
      cast.screen(t / 1e3, transcript2.terminals[step2] ?? null);
    },
    output: (t, bytes2) => cast.output(t / 1e3, filter.push(decoder.write(bytes2))),
    leftOut(t, bytes2) {
      cast.output(t / 1e3, filter.push(decoder.end()) + filter.flush());
      cast.leftOut(t / 1e3, bytes2);
      fresh();
    },
    end(t, _, { code }) {
      cast.output(t / 1e3, filter.push(decoder.end()) + filter.flush() + RESET);
      cast.ended(t / 1e3, code ?? 128);
    },
    mark: (t, name) => cast.marker(t / 1e3, name)
  });
  return cast.text();
};
var RESET = "\x1B[0m\x1B[?25h\x1B[?1047l";
var Events = class {
  #version;
  #gap;
  #lines;
  #last = 0;
  #markers = 0;
  #pending = null;
  #exit = null;
  #size;
  #terminal = false;
  constructor(version, started, gap, size) {
    this.#version = version;
    this.#gap = gap / 1e3;
    this.#size = size;
    const { columns, rows } = size;
    const screen = version === 2 ? { width: columns, height: rows } : { term: { cols: columns, rows } };
    const timestamp = Math.floor(Date.parse(started) / 1e3);
    this.#lines = [JSON.stringify({ version, ...screen, timestamp, idle_time_limit: IDLE })];
  }
  /** From now on what is printed comes off a terminal of this size, or out of a pipe. */
  screen(t, terminal) {
    this.#flush();
    this.#terminal = terminal !== null;
    const { rows, columns } = terminal ?? SIZE;
    if (rows === this.#size.rows && columns === this.#size.columns) return;
    this.#size = { rows, columns };
    this.#event(t, "r", `${columns}x${rows}`);
  }
  output(t, text2) {
    if (text2 === "") return;
    if (this.#pending !== null && t - this.#pending.t > this.#gap) this.#flush();
    this.#pending ??= { t, text: "" };
    this.#pending.text += text2;
  }
  marker(t, label) {
    if (++this.#markers > MARKERS) return;
    this.#flush();
    this.#event(t, "m", label.replace(new RegExp("\\p{C}", "gu"), "�"));
  }
  leftOut(t, bytes2) {
    const text2 = `${bytes2} bytes left out`;
    this.marker(t, text2);
    this.output(t, `${RESET}\r
\x1B[7m[${text2}: transcript.log has them]\x1B[0m\r
`);
  }
  ended(t, code) {
    this.#exit = { t, code };
  }
  text() {
    this.#flush();
    if (this.#version === 3 && this.#exit !== null) this.#event(this.#exit.t, "x", String(this.#exit.code));
    return `${this.#lines.join("\n")}
`;
  }
  #flush() {
    if (this.#pending === null) return;
    const { t, text: text2 } = this.#pending;
    this.#pending = null;
    this.#event(t, "o", this.#terminal ? text2 : text2.replace(/\r?\n/g, "\r\n"));
  }
  #event(t, code, data) {
    const time = this.#version === 2 ? t : Math.max(0, t - this.#last);
    this.#last = t;
    this.#lines.push(JSON.stringify([Math.round(time * 1e3) / 1e3, code, data]));
  }
};

// src/cli/report.ts
async function reportCommand(argv, io) {
  const { options, positionals } = parse(argv, { out: "string", cast: "string", json: "boolean" }, 1);
  const [dir] = positionals;
  if (dir === void 0) throw wrong("which record? agent-jail report DIR");
  const cast = options["cast"] ?? "v2";
  if (cast !== "v2" && cast !== "v3") throw wrong(`${JSON.stringify(cast)} is not one of v2, v3`);
  const record = resolve(io.cwd, dir);
  const out = resolve(io.cwd, options["out"] ?? `${record}.report`);
  const conclusion = readConclusion(record);
  const { state } = await verify(record);
  const base = `${relative(out, record).split("/").map(encodeURIComponent).join("/")}/`;
  const files2 = { ...await derive(conclusion, { makeCast, version: cast === "v2" ? 2 : 3, base }), "transcript.txt": copied(conclusion) };
  makeFolder(out);
  for (const [name, text2] of Object.entries(files2)) writeFileSync(join2(out, name), text2, { mode: 384, flag: "wx" });
  if (options["json"]) json2(io, { schema: "agent-jail/report@1", state, files: Object.keys(files2).map((name) => join2(out, name)) });
  else io.out(`${join2(out, "report.html")}
`);
  if (state !== "intact") io.err(`agent-jail: the record is ${state}: \`agent-jail verify\` says more
`);
  return VERIFY_CODES[state];
}
function readConclusion(dir) {
  try {
    const record = openRecordDir(dir);
    const { value: run } = record.document("run.json");
    const verdict = record.size("verdict.json") ? record.document("verdict.json").value : null;
    const { outcome, because, findings, manifest } = verdict ?? CUT_OFF;
    const trajectory = record.size("trajectory.json") ? record.document("trajectory.json").value : null;
    return { run, outcome, because, findings, manifest, trajectory, record };
  } catch (error) {
    if (!(error instanceof RecordError)) throw error;
    throw wrong(`there is no report of this record: ${forTerminal(error.message)}`, "`agent-jail verify` says what is wrong with it.");
  }
}
function copied({ record }) {
  return Buffer.concat([...record.pieces("transcript.txt")].map((piece) => Buffer.from(piece)));
}
var CUT_OFF = { outcome: "jail-error", because: "the run was cut off before its verdict", findings: [], manifest: null };
function makeFolder(out) {
  try {
    mkdirSync(out, { mode: 448 });
  } catch (error) {
    const code = error.code ?? String(error);
    const why = code === "EEXIST" ? "it is there already" : code;
    throw wrong(`cannot make the folder ${JSON.stringify(out)}: ${why}`, "Give one that is not there yet: --out DIR.");
  }
}
export {
  reportCommand
};
