const require = process.getBuiltinModule('node:module').createRequire(import.meta.url);
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
  RecordError
} from "./shared-record-error.js";
import {
  OTHER_PATCHES
} from "./shared-model-record.js";
import {
  Globs,
  touched
} from "./shared-guard-globs.js";
import {
  AGENTS
} from "./shared-model-trajectory.js";
import {
  displayPath,
  displayText
} from "./shared-record-display.js";

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
      return end.failed === null ? guarded(findings) : failed(steps, end.failed);
  }
}
function overLimit(limit, step) {
  if (limit === "time") return decision("timed-out", `${step} ran out of limits.time`);
  if (limit === "idle") return decision("timed-out", `${step} printed nothing for longer than limits.idle`);
  return decision("limit-exceeded", `${step} went over limits.${limit}`);
}
function failed(steps, index) {
  const name = stepName(steps, index);
  const exit = steps[index]?.exit ?? null;
  const [hit] = exit?.hit ?? [];
  if (hit !== void 0) return decision("limit-exceeded", `${name} failed after it had reached limits.${hit}`);
  if (exit === null) return decision("step-failed", `${name} failed`);
  if (exit.signal !== null) return decision("step-failed", `${name} was ended by ${exit.signal}`);
  return decision("step-failed", `${name} ended with exit code ${exit.code}`);
}
function guarded(findings) {
  const broken = findings.filter(({ action }) => action === "fail");
  const first = broken[0] ?? findings[0];
  if (first === void 0) return decision("succeeded", "every step ended with 0 and no guard found anything");
  const others = (broken.length > 0 ? broken : findings).length - 1;
  const more = others === 0 ? "" : `, and ${others} more`;
  return decision(broken.length > 0 ? "guard-failed" : "needs-review", `${first.rule}: ${first.message}${more}`);
}
function stepName(steps, index) {
  const step = steps[index];
  return step === void 0 ? `step ${index + 1}` : `step ${index + 1} (${displayText(step.name, 80)})`;
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
      const at = piece.indexOf(10, from);
      const to = at === -1 ? piece.length : at;
      if (this.#length < HEAD) {
        const part2 = Buffer.from(piece.subarray(from, Math.min(to, from + HEAD - this.#length)));
        this.#line.push(part2);
        this.#length += part2.length;
      }
      if (at !== -1) this.#endLine();
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
  if (run.end.how !== "steps-done" && run.steps.every((step) => step.started === null)) return [];
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
  if (findings.every(({ at }) => at === void 0)) return findings;
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
  turn(source, { key, at, model, parent } = {}) {
    const known = key === void 0 ? void 0 : this.#keys.get(key);
    if (known !== void 0) return known;
    if (this.turns.length >= LIMITS.turns) {
      this.odd.left += 1;
      return null;
    }
    const name = (value) => typeof value === "string" && value !== "" ? this.#bounds.name(value) : null;
    const turn = {
      source,
      at: time(at),
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
    const at = turn.calls.findIndex((call3) => call3.id === id);
    if (at === -1 && turn.calls.length >= LIMITS.calls) {
      this.odd.left += 1;
      return;
    }
    const call2 = { id, name: this.#bounds.name(name), args: this.#bounds.value(args2) };
    if (at === -1) turn.calls.push(call2);
    else turn.calls[at] = call2;
    this.#calls.set(id, turn);
  }
  has(call2) {
    return this.#calls.has(this.#bounds.name(call2));
  }
  /** What came of a call, at the call; told again, the last one counts. */
  result(given, content, failed2 = false) {
    const id = this.#bounds.name(given);
    const own = this.#calls.get(id);
    if (own === void 0) this.odd.orphans += 1;
    const turn = own ?? this.turns.findLast(({ source }) => source === "agent");
    if (turn === void 0) return;
    const at = own === void 0 ? -1 : turn.results.findIndex((result2) => result2.id === id);
    if (at === -1 && turn.results.length >= LIMITS.calls) {
      this.odd.left += 1;
      return;
    }
    const result = { id: own === void 0 ? null : id, content: this.#bounds.text(content), failed: failed2 };
    if (at === -1) turn.results.push(result);
    else turn.results[at] = result;
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
  for (const [at, one] of found.filter(({ log }) => log.turns.length > 0).entries()) {
    const id = one.log.session === null ? `${at}` : `${one.log.agent} ${one.log.session}`;
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
  const turns = all.flatMap(({ log, step }) => log.turns.map((turn) => ({ turn, step, agent: log.agent })));
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
function about({ log, step, from }) {
  const { agent, session, version, end, odd, turns } = log;
  const pending = turns.flatMap(({ calls, results }) => calls.filter(({ id }) => results.every((result) => result.id !== id)));
  return {
    agent,
    session,
    version,
    model: modelOf(log),
    step,
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
function stepOf({ turn, step, agent }, id, several) {
  const { source, at, model, text: text2, thought, calls, results, usage: usage2, parent } = turn;
  const extra = {
    ...several ? { agent, step } : {},
    ...parent === null ? {} : { parent_tool_call_id: parent }
  };
  const own = source === "agent";
  return {
    step_id: id,
    ...at === null ? {} : { timestamp: at },
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
    const { type, tool_use_id: id, content: result, is_error: failed2 } = fields(block);
    if (type === "tool_result") log.result(text(id), textOf(result), failed2 === true);
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
function call(it, log, name, given, output, failed2) {
  const id = text(it["id"]);
  log.call(log.turn("agent", { key: id }), id, name, given);
  if (it["status"] !== "in_progress" && typeof output === "string") log.result(id, output, failed2 || it["status"] === "failed");
}
function failure(message3, log, key) {
  log.say("system", text(message3), key === void 0 ? {} : { key });
}
function rollout(type, payload, at, log) {
  if (type === "session_meta") {
    log.about({ session: payload["id"], version: payload["cli_version"] });
    return true;
  }
  if (type === "turn_context") {
    log.about({ model: payload["model"] });
    return true;
  }
  if (type === "response_item") return response(payload, at, log);
  if (type === "event_msg" && payload["type"] === "token_count")
    log.total = usageOf2(fields(payload["info"])["total_token_usage"]) ?? log.total;
  return ["event_msg", "compacted", "world_state", "token_usage_record"].includes(type);
}
function response(payload, at, log) {
  const { type, role, content, call_id: id } = payload;
  const open = () => log.open({ at, model: log.model });
  if (type === "message" && role === "assistant") log.add(open(), "text", textOf(content));
  else if (type === "message") log.say(role === "user" ? "user" : "system", textOf(content), { at });
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
  read({ type, data: given, timestamp: at, ...rest }, log) {
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
        log.say("user", textOf(data["content"]), { at });
        break;
      case "assistant.message": {
        const key = typeof data["messageId"] === "string" ? { key: data["messageId"] } : {};
        const turn = log.turn("agent", { ...key, at, model, parent: data["parentToolCallId"] });
        log.set(turn, "text", text(data["content"]));
        log.set(turn, "thought", text(data["reasoningText"]));
        for (const call2 of list(data["toolRequests"]).map(fields))
          log.call(turn, text(call2["toolCallId"]), text(call2["name"]), args(call2["arguments"]));
        break;
      }
      // Some versions tell a call only when it begins.
      case "tool.execution_start":
        if (!log.has(text(data["toolCallId"])))
          log.call(log.open({ at, model }), text(data["toolCallId"]), text(data["toolName"]), args(data["arguments"]));
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
        log.say("system", text(data["message"]), { at });
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
    const { resultDisplay: shown, status } = call2;
    if (typeof status === "string") log.result(text(call2["id"]), typeof shown === "string" ? shown : outputOf(call2), status !== "success");
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
function readMessage({ id, session_id: session, time_created: at, data }, log) {
  const { role, modelID: model } = fields(data);
  log.about({ session, model });
  if (typeof id !== "string" || role !== "user" && role !== "assistant") return false;
  log.turn(role === "user" ? "user" : "agent", { key: id, at, model });
  return true;
}
function eventOf({ id, session_id: sessionID, message_id: messageID, data }) {
  const part2 = fields(data);
  const type = text(part2["type"]);
  return { type: EVENTS[type] ?? type, sessionID, part: { ...part2, id, messageID } };
}
function readEvent({ type, sessionID, part: given, timestamp: at, error }, log) {
  const part2 = fields(given);
  const { messageID, callID, tool } = part2;
  const state = fields(part2["state"]);
  const turn = () => typeof messageID === "string" ? log.turn("agent", { key: messageID, at }) : log.open({ at });
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
    log.say("system", text(message3) || text(fields(data)["message"]) || text(name), { at });
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
function message2({ role, content, model, timestamp: at, usage: given, ...rest }, log) {
  if (role === "toolResult") log.result(text(rest["toolCallId"]), textOf(content), rest["isError"] === true);
  else if (role === "user") log.say("user", textOf(content), { at });
  if (role !== "assistant") return;
  log.about({ model, end: rest["stopReason"] });
  const turn = log.turn("agent", { at, model });
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
    for (let at = piece.indexOf(NEWLINE); at !== -1; at = piece.indexOf(NEWLINE, from)) {
      this.#more(piece.subarray(from, at));
      this.#line();
      from = at + 1;
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
  for await (const { wanted, step, from, pieces } of sources2) {
    const reader = new Reader(wanted, bounds);
    for await (const piece of pieces) {
      reader.push(piece);
      if (reader.done) break;
    }
    const log = reader.end();
    if (log !== null) found.push({ log, step, from });
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
  for (const { step, from, to } of await printed(record, run)) {
    const own = wanted[step] ?? [];
    if (own.length > 0) yield { wanted: own, step, from: "stdout", pieces: part(record, from, to) };
  }
  yield* files(record, [...new Set(wanted.flat())]);
}
async function printed(record, { steps }) {
  const size = record.size("transcript.log") ?? 0;
  const started = [...steps.entries()].filter(([, { started: at }]) => at !== null);
  if (started.length === 1) return started.map(([step]) => ({ step, from: 0, to: size }));
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
  let at = 0;
  for (const piece of record.pieces("transcript.log")) {
    const start = Math.max(0, from - at);
    const end = Math.min(piece.length, to - at);
    if (end > start) yield piece.subarray(start, end);
    at += piece.length;
    if (at >= to) return;
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

export {
  decideRun,
  evaluate,
  trajectoryOf
};
