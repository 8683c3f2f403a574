const require = process.getBuiltinModule('node:module').createRequire(import.meta.url);
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
  Globs,
  touched
} from "./shared-guard-globs.js";
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
  const text = because.trim().replace(/\s+/g, " ").replace(/\.$/, "");
  return { outcome, because: displayText(text) };
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
      hit?.bag.add(displayPath(path.bytes));
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
    this.#bag.add(`${place}${displayPath(change.path)} (${found.join(", ")})`);
  }
  findings() {
    const { count } = this.#bag;
    return count === 0 ? [] : [this.#bag.finding(this.#rule, `${counted(count, "changed path")} with a forbidden flag`)];
  }
};
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
    const patch = new PatchCounter();
    for (const piece of this.#record.pieces("changes.patch")) patch.push(piece);
    const { added, contents } = patch.end();
    const missing = this.#expected - contents;
    const findings = [];
    if (added > this.#max) findings.push(finding(this.#rule, `${counted(added, "line")} added, the most allowed is ${this.#max}`));
    if (missing > 0) findings.push(unchecked(this.#rule, `${counted(missing, "changed file")} too large or not fit for changes.patch`));
    return findings;
  }
};
var HEAD = 200;
var HUNK = /^@@ -\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@/;
var PatchCounter = class {
  #line = [];
  #length = 0;
  #old = 0;
  #new = 0;
  #added = 0;
  #contents = 0;
  #deletes = false;
  push(piece) {
    for (let from = 0; from < piece.length; ) {
      const at = piece.indexOf(10, from);
      const to = at === -1 ? piece.length : at;
      if (this.#length < HEAD) {
        const part = Buffer.from(piece.subarray(from, Math.min(to, from + HEAD - this.#length)));
        this.#line.push(part);
        this.#length += part.length;
      }
      if (at !== -1) this.#endLine();
      from = to + 1;
    }
  }
  /** Lines added, and files of which the patch has new content. */
  end() {
    if (this.#length > 0) this.#endLine();
    if (this.#old > 0 || this.#new > 0) throw new RecordError("changes.patch", null, "ends in the middle of a hunk");
    return { added: this.#added, contents: this.#contents };
  }
  #endLine() {
    const text = Buffer.concat(this.#line).toString("latin1");
    this.#line = [];
    this.#length = 0;
    if (this.#old > 0 || this.#new > 0) this.#inHunk(text);
    else this.#header(text);
  }
  #inHunk(text) {
    if (text.startsWith("\\")) return;
    if (text.startsWith("+")) {
      this.#new -= 1;
      this.#added += 1;
    } else if (text.startsWith("-")) {
      this.#old -= 1;
    } else {
      this.#old -= 1;
      this.#new -= 1;
    }
    if (this.#old < 0 || this.#new < 0) throw new RecordError("changes.patch", null, "a hunk with more lines than it says");
  }
  #header(text) {
    const hunk = HUNK.exec(text);
    if (hunk !== null) {
      this.#old = Number(hunk[1] ?? 1);
      this.#new = Number(hunk[2] ?? 1);
    } else if (text.startsWith("diff --git ")) {
      this.#deletes = false;
    } else if (text.startsWith("deleted file mode ")) {
      this.#deletes = true;
    } else if (text.startsWith("index ") && !this.#deletes) {
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
  constructor(sources, workspace) {
    const own = sources.map((source) => policyFile(source, workspace)).filter((file) => file !== null);
    this.#protected = [...WORKFLOWS, ...own].map(fold);
  }
  see(change) {
    if (change.layer !== "workspace") return;
    for (const path of touched(change)) {
      const text = fold(path.text.replace(/\/$/, ""));
      const gone = !path.directory || change.op === "deleted";
      const hit = this.#protected.some((file) => isWithin(text, file) || gone && isWithin(file, text));
      if (hit) this.#bag.add(displayPath(path.bytes));
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
  const parts = file.split("/").filter((part) => part !== "" && part !== ".");
  return file.startsWith("/") || parts.includes("..") || parts.length === 0 ? null : parts.join("/");
}
var isWithin = (path, directory) => path === directory || path.startsWith(`${directory}/`);
var fold = (path) => path.toLowerCase();

// src/guard/evaluate.ts
async function evaluate(rules, record, policies = []) {
  const { value: run } = record.document("run.json");
  if (run.end.how !== "steps-done" && run.steps.every((step) => step.started === null)) return [];
  const findings = [];
  findings.push(
    ...await changeFindings(
      rules.filter((rule) => rule.on === "changes"),
      run,
      record,
      policies
    )
  );
  for (const rule of rules) {
    if (rule.on === "changes") continue;
    findings.push(...await attempt(rule, async () => other(rule, record)));
  }
  return findings;
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
async function changeFindings(rules, run, record, policies) {
  try {
    const checks = [
      ...changeChecks(rules),
      ...addedLines(rules, record),
      new BuiltInCheck([run.source, ...policies], run.workspace)
    ];
    const changes = record.lines("changes.ndjson");
    if (!changes.complete) throw new RecordError(changes.file, null, "is not whole");
    for await (const change of changes) for (const check of checks) check.see(change);
    return checks.flatMap((check) => check.findings());
  } catch (error) {
    if (!(error instanceof RecordError)) throw error;
    return [...rules, BUILT_IN].map((rule) => unchecked(rule, error.message));
  }
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

export {
  decideRun,
  evaluate
};
