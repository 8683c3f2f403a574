const require = process.getBuiltinModule('node:module').createRequire(import.meta.url);
const { closeSync } = process.getBuiltinModule("node:fs");
import {
  Bag,
  counted,
  finding,
  unchecked
} from "./shared-guard-bag.js";
import {
  require_ignore
} from "./shared-ignore.js";
import {
  RecordError,
  openRecordDir
} from "./shared-record-schema.js";
import "./shared-model-changes.js";
import "./shared-valibot.js";
import "./shared-model-outcome.js";
import {
  json,
  sha256
} from "./shared-record-write.js";
import {
  displayPath,
  displayText,
  utf8
} from "./shared-record-display.js";
import "./shared-model-record.js";
import "./shared-model-errors.js";
import {
  writeAll
} from "./shared-system-ndjson.js";
import {
  linesOf
} from "./shared-system-lines.js";
import {
  __toESM
} from "./shared-runtime.js";

// src/report/markdown.ts
var MARKUP = /[`|<>&]|^ | $/g;
function inlineCode(text, limit = 200) {
  if (text === "") return "(empty)";
  const shown = displayText(text, limit).replace(MARKUP, (character) => `\\x${character.charCodeAt(0).toString(16)}`);
  return `\`${shown}\``;
}
function inlineShown(text, limit = 200) {
  return inlineCode(text, limit).replaceAll("\\\\", "\\");
}
function table(head, rows) {
  if (rows.length === 0) return [];
  const line = (cells) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line), ""];
}
function bytes(count) {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  const power = Math.min(units.length - 1, count < 1 ? 0 : Math.floor(Math.log2(count) / 10));
  const value = count / 1024 ** power;
  return `${power === 0 ? value : value.toFixed(1)} ${units[power]}`;
}
function time(ms) {
  if (ms < 1e3) return `${Math.round(ms)} ms`;
  if (ms < 6e4) return `${(ms / 1e3).toFixed(1)} s`;
  return `${Math.floor(ms / 6e4)} min ${Math.floor(ms % 6e4 / 1e3)} s`;
}

// src/report/tally.ts
var NAMED = 50;
var HOSTS = 1e3;
async function changeTally(record) {
  const layers = /* @__PURE__ */ new Map();
  const first = [];
  let tracked = 0;
  for await (const change of record.lines("changes.ndjson")) {
    const { layer, op, flags } = change;
    const tally = layers.get(layer) ?? { layer, added: 0, modified: 0, deleted: 0, renamed: 0, other: 0, ignored: 0 };
    layers.set(layer, tally);
    tally[op === "retyped" || op === "metadata" ? "other" : op] += 1;
    if (flags.includes("ignored")) tally.ignored += 1;
    if (layer !== "workspace" || flags.includes("ignored") || flags.includes("git-dir")) continue;
    tracked += 1;
    if (first.length < NAMED) first.push(change);
  }
  return { layers: [...layers.values()], first, tracked };
}
async function deniedTally(record) {
  const counts = /* @__PURE__ */ new Map();
  let total = 0;
  for await (const { verdict, name, address, port } of record.lines("network.ndjson")) {
    if (verdict !== "denied") continue;
    total += 1;
    const host = `${name ?? address ?? "unknown"}:${port}`;
    if (counts.has(host) || counts.size < HOSTS) counts.set(host, (counts.get(host) ?? 0) + 1);
  }
  const hosts = [...counts].map(([host, count]) => ({ host, count })).sort((a, b) => b.count - a.count);
  return { hosts, total };
}

// src/report/summary.ts
var LARGEST = 64 << 10;
var STEPS = 50;
var FINDINGS = 40;
var DENIED = 20;
var NOTICES = 20;
async function summary(conclusion) {
  const { run, outcome, because, findings } = conclusion;
  const sections = [
    { title: `## agent-jail: ${outcome}`, lines: [inlineCode(because, 400), ""], elastic: false },
    { title: "### Steps", lines: steps(run.steps), elastic: true },
    { title: "### Guards", lines: findings.slice(0, FINDINGS).flatMap(findingLines), elastic: true },
    { title: "### Changes", lines: await readable(async () => changes(await changeTally(conclusion.record))), elastic: true },
    { title: "### Denied by the network", lines: await readable(() => denied(conclusion)), elastic: true },
    { title: "### Notices", lines: run.notices.slice(0, NOTICES).map((notice) => `- ${inlineCode(notice, 300)}`), elastic: true },
    { title: "### Limits", lines: limits(run), elastic: false },
    { title: "### Record", lines: about(conclusion), elastic: false }
  ];
  return fit(sections.filter((section) => section.lines.length > 0));
}
function steps(all) {
  const rows = all.slice(0, STEPS).map(({ name, setup, started, exit }, index) => [
    String(index + 1),
    `${inlineCode(name, 80)}${setup ? " (setup)" : ""}`,
    started === null ? "not started" : exit === null ? "did not end" : exit.signal === null ? `exit code ${exit.code}` : inlineCode(exit.signal),
    exit === null || exit.hit.length === 0 ? "" : exit.hit.join(", "),
    exit === null ? "" : time(exit.ms),
    exit === null ? "" : bytes(exit.bytes)
  ]);
  return [...table(["", "step", "end", "limits reached", "time", "output"], rows), ...more(all.length - STEPS, "step")];
}
function findingLines({ rule, place, action, message, what, more: left }) {
  const where = place === null || place.file === "" ? "" : ` (${inlineCode(`${place.file}:${place.line}`)})`;
  return [
    `- **${action}** ${inlineCode(rule)}${where}: ${inlineCode(message, 300)}`,
    ...what.map((item) => `  - ${inlineShown(item)}`),
    ...left > 0 ? [`  - and ${left} more`] : []
  ];
}
function changes({ layers, first, tracked }) {
  const rows = layers.map(({ layer, added, modified, deleted, renamed, other: other2, ignored }) => [
    layer,
    ...[added, modified, deleted, renamed, other2, ignored].map(String)
  ]);
  const paths = first.map((change) => [
    change.op,
    change.op === "renamed" ? `${inlineShown(displayPath(change.from))} to ${inlineShown(displayPath(change.path))}` : inlineShown(displayPath(change.path)),
    change.flags.join(", ")
  ]);
  if (rows.length === 0) return ["Nothing was changed, as far as the record goes.", ""];
  return [
    ...table(["", "added", "modified", "deleted", "renamed", "other", "of these ignored"], rows),
    ...table(["change", "path in the workspace", "flags"], paths),
    ...more(tracked - first.length, "path")
  ];
}
async function denied({ record }) {
  const { hosts, total } = await deniedTally(record);
  const rows = hosts.slice(0, DENIED).map(({ host, count }) => [inlineCode(host), String(count)]);
  return [
    ...table(["host and port", "times"], rows),
    ...more(hosts.length - DENIED, "host"),
    ...total > 0 ? [`${total} in all.`, ""] : []
  ];
}
function limits(run) {
  const show = (name, value) => {
    if (value === null) return "";
    if (name === "time" || name === "idle") return time(value);
    return ["memory", "disk", "output", "upload", "download"].includes(name) ? bytes(value) : String(value);
  };
  const rows = run.limits.map(({ name, limit, peak, hit }) => [name, show(name, limit), show(name, peak), hit ? "yes" : ""]);
  return table(["limit", "set to", "peak", "reached"], rows);
}
function about({ run, manifest, record }) {
  const { source } = run;
  const origin = "file" in source ? `${source.kind}, ${inlineCode(source.file)}` : source.kind;
  const rows = [
    ["run", inlineCode(run.id)],
    ["directory", inlineCode(record.dir, 400)],
    ["manifest, SHA-256", manifest === null ? "not sealed" : inlineCode(manifest)],
    ["policy, SHA-256", inlineCode(run.policy.digest)],
    ["policy from", origin],
    ["backend", `${run.backend.name} ${inlineCode(run.backend.version)}, ${inlineCode(run.backend.why)}`],
    ["exact", run.exact ? "yes" : "no: something that holds a secret was withheld"]
  ];
  return table(["", ""], rows);
}
async function readable(make) {
  try {
    return await make();
  } catch (error) {
    if (!(error instanceof RecordError)) throw error;
    return [inlineCode(error.message, 300), ""];
  }
}
function more(count, noun) {
  return count > 0 ? [`and ${count} more ${noun}${count === 1 ? "" : "s"}.`, ""] : [];
}
function fit(sections) {
  const size = (lines) => lines.reduce((sum, line) => sum + Buffer.byteLength(line) + 1, 0);
  const elastic = sections.filter((section) => section.elastic);
  const fixed = sections.filter((section) => !section.elastic).reduce((sum, { title, lines }) => sum + size([title, "", ...lines]), 0);
  const share = Math.floor((LARGEST - fixed) / Math.max(1, elastic.length)) - 200;
  const text = sections.map(({ title, lines, elastic: cut }) => {
    const kept = [];
    let left = share;
    for (const line of lines) {
      left -= Buffer.byteLength(line) + 1;
      if (cut && left < 0) break;
      kept.push(line);
    }
    const note = kept.length < lines.length ? ["", `${lines.length - kept.length} more lines are left out here; the record has all.`] : [];
    return [title, "", ...kept, ...note].join("\n").trimEnd();
  });
  return `${text.join("\n\n")}
`;
}

// src/run/collector.ts

// src/guard/decide.ts
function decideRun(run, findings) {
  return decideWith(run.end, run.steps, findings);
}
function decideWith(end, steps2, findings) {
  switch (end.how) {
    case "error":
      return decision("jail-error", end.message);
    case "cancelled":
      return decision("cancelled", `cancelled by ${end.by}`);
    case "limit":
      return overLimit(end.limit, stepName(steps2, end.step));
    case "steps-done":
      return end.failed === null ? guarded(findings) : failed(steps2, end.failed);
  }
}
function overLimit(limit, step) {
  if (limit === "time") return decision("timed-out", `${step} ran out of limits.time`);
  if (limit === "idle") return decision("timed-out", `${step} printed nothing for longer than limits.idle`);
  return decision("limit-exceeded", `${step} went over limits.${limit}`);
}
function failed(steps2, index) {
  const name = stepName(steps2, index);
  const exit = steps2[index]?.exit ?? null;
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
  const more2 = others === 0 ? "" : `, and ${others} more`;
  return decision(broken.length > 0 ? "guard-failed" : "needs-review", `${first.rule}: ${first.message}${more2}`);
}
function stepName(steps2, index) {
  const step = steps2[index];
  return step === void 0 ? `step ${index + 1}` : `step ${index + 1} (${displayText(step.name, 80)})`;
}
function decision(outcome, because) {
  const text = because.trim().replace(/\s+/g, " ").replace(/\.$/, "");
  return { outcome, because: displayText(text) };
}

// src/guard/globs.ts
var import_ignore = __toESM(require_ignore(), 1);
var DEEPEST = 1e3;
var REMEMBERED = 1e4;
function touched(change) {
  const sides = ["before" in change ? change.before : null, "after" in change ? change.after : null];
  const directory = sides.every((side) => side === null || side.type === "directory");
  const paths = change.op === "renamed" ? [change.from, change.path] : [change.path];
  return paths.filter((path) => path.length > 0).map((path) => seen(path, directory));
}
function seen(bytes2, directory) {
  const strict = utf8(bytes2);
  const text = strict ?? Buffer.from(bytes2).toString("utf8");
  const odd = strict === null || text.split("/").length > DEEPEST;
  return { bytes: bytes2, text: directory ? `${text}/` : text, directory, odd };
}
var Globs = class {
  #all;
  #each;
  constructor(globs) {
    this.#all = new Matcher(globs);
    this.#each = globs.map((glob) => ({ negative: glob.startsWith("!"), matcher: new Matcher([glob.replace(/^!/, "")]) })).reverse();
  }
  /** For `allow` and `require`: only a path that globs can be trusted with. */
  surely(path) {
    return !path.odd && this.#each.find(({ matcher }) => matcher.matches(path.text))?.negative === false;
  }
  /** For `deny` and `review`: where a path cannot be told, it matches. */
  perhaps(path) {
    return path.text.split("/").length > DEEPEST || this.#all.matches(path.text);
  }
};
var Matcher = class {
  #globs;
  #ignore = null;
  #asked = 0;
  constructor(globs) {
    this.#globs = globs;
  }
  matches(text) {
    if (this.#asked % REMEMBERED === 0) this.#ignore = null;
    this.#asked += 1;
    this.#ignore ??= (0, import_ignore.default)({ ignorecase: false }).add(this.#globs);
    return this.#ignore.ignores(text);
  }
};

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
var EVERYWHERE = /* @__PURE__ */ new Set(["secret", "setuid"]);
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
  constructor(run) {
    const own = policyFile(run);
    this.#protected = [...WORKFLOWS, ...own === null ? [] : [own]].map(fold);
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
function policyFile({ source, workspace }) {
  if (!("file" in source)) return null;
  const file = source.file.startsWith(`${workspace}/`) ? source.file.slice(workspace.length + 1) : source.file;
  const parts = file.split("/").filter((part) => part !== "" && part !== ".");
  return file.startsWith("/") || parts.includes("..") || parts.length === 0 ? null : parts.join("/");
}
var isWithin = (path, directory) => path === directory || path.startsWith(`${directory}/`);
var fold = (path) => path.toLowerCase();

// src/guard/evaluate.ts
async function evaluate(rules, record) {
  const { value: run } = record.document("run.json");
  if (run.end.how !== "steps-done" && run.steps.every((step) => step.started === null)) return [];
  const findings = [];
  findings.push(
    ...await changeFindings(
      rules.filter((rule) => rule.on === "changes"),
      run,
      record
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
async function changeFindings(rules, run, record) {
  try {
    const checks = [...changeChecks(rules), ...addedLines(rules, record), new BuiltInCheck(run)];
    const changes2 = record.lines("changes.ndjson");
    if (!changes2.complete) throw new RecordError(changes2.file, null, "is not whole");
    for await (const change of changes2) for (const check of checks) check.see(change);
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

// src/run/verdict.ts
async function makeVerdict(request, summarise) {
  try {
    return await conclude(request, summarise);
  } catch (error) {
    return { ok: false, message: error instanceof Error ? error.message : String(error) };
  }
}
async function conclude({ id, record: dir, outputs }, summarise) {
  const record = openRecordDir(dir);
  const { value: run } = record.document("run.json");
  const manifest = record.document("manifest.json");
  if (run.id !== id || manifest.value.id !== id) throw new RecordError("manifest.json", null, `is not of run ${id}`);
  const findings = await evaluate(run.policy.guards, record);
  const { outcome, because } = decideRun(run, findings);
  const text = Buffer.from(await summarise({ run, findings, outcome, because, manifest: manifest.sha256, record }));
  writeAll(outputs["summary.md"], text);
  const verdict = {
    schema: "agent-jail/verdict@1",
    id,
    outcome,
    because,
    findings,
    manifest: manifest.sha256,
    files: { "summary.md": { sha256: sha256(text), size: text.length } }
  };
  const bytes2 = json(verdict);
  writeAll(outputs["verdict.json"], bytes2);
  return { ok: true, kind: "verdict", outcome, because, findings: findings.length, verdict: sha256(bytes2) };
}

// src/run/collector.ts
var LONGEST = 16 << 20;
var FIRST_FILE = 3;
async function collector(files, summarise) {
  for (const line of linesOf(0, LONGEST)) {
    const request = JSON.parse(line);
    if (request.kind !== "nothing") closeOthers(files, Object.values(request.outputs));
    const answer = await answerTo(request, summarise).catch(
      (error) => ({ ok: false, message: error instanceof Error ? error.message : String(error) })
    );
    writeAll(1, Buffer.from(`${JSON.stringify(answer)}
`));
    if (request.kind !== "nothing") return;
  }
}
async function answerTo(request, summarise) {
  if (request.kind === "verdict") return makeVerdict(request, summarise);
  if (request.kind === "nothing") {
    const { writeNothing } = await import("./nothing.js");
    writeNothing(request);
    return { ok: true, kind: "changes", changed: 0, ignored: 0, withheld: 0 };
  }
  const [{ collectChanges }, { secretForms }] = await Promise.all([import("./collect.js"), import("./forms.js")]);
  const forms = request.secrets.map(({ name, value }) => ({ name, bytes: secretForms(value) }));
  return { ok: true, kind: "changes", ...await collectChanges(request, forms) };
}
function closeOthers(files, named) {
  for (let fd = FIRST_FILE; fd < FIRST_FILE + files; fd += 1) if (!named.includes(fd)) closeSync(fd);
}

// src/collector.ts
await collector(Number(process.argv[2]), summary);
process.exit();
