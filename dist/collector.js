const require = process.getBuiltinModule('node:module').createRequire(import.meta.url);
const { closeSync } = process.getBuiltinModule("node:fs");
const { createContext, Script } = process.getBuiltinModule("node:vm");
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
  displayPath,
  displayText,
  json,
  sha256,
  utf8
} from "./shared-record-write.js";
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
    return ["memory", "disk", "output", "upload"].includes(name) ? bytes(value) : String(value);
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
    ["backend", `${run.backend.name} ${inlineCode(run.backend.version)}`],
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
  return decision("step-failed", `${name} ended with exit code ${exit.code}${exit.code === 255 ? ", or by a signal" : ""}`);
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

// src/guard/bag.ts
var NAMED2 = 20;
var Bag = class {
  #what = [];
  #more = 0;
  add(what) {
    if (this.#what.length < NAMED2) this.#what.push(what);
    else this.#more += 1;
  }
  get count() {
    return this.#what.length + this.#more;
  }
  finding(rule, message) {
    return finding(rule, message, this.#what, this.#more);
  }
};
function finding({ name, place, action }, message, what = [], more2 = 0) {
  return { rule: name, place, action, message, what, more: more2 };
}
function unchecked(rule, why) {
  return finding({ ...rule, action: "fail" }, `could not be checked: ${why}`);
}
var counted = (count, noun) => `${count} ${noun}${count === 1 ? "" : "s"}`;

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

// src/guard/network.ts
var HOSTS2 = 1e4;
async function networkFindings(rule, record) {
  const lines = record.lines("network.ndjson");
  if (!lines.complete) return [unchecked(rule, "network.ndjson is not whole")];
  const seen2 = /* @__PURE__ */ new Set();
  const bag = new Bag();
  let listed = 0;
  for await (const line of lines) {
    if (line.verdict !== "denied") continue;
    listed += 1;
    const host = `${line.name ?? line.address ?? "unknown"}:${line.port}`;
    if (seen2.has(host) || seen2.size >= HOSTS2) continue;
    seen2.add(host);
    bag.add(displayText(host));
  }
  const total = lines.footer?.["denied"];
  const denied2 = typeof total === "number" ? Math.max(total, listed) : listed;
  return denied2 === 0 ? [] : [bag.finding(rule, counted(denied2, "denied request"))];
}

// src/guard/bounded.ts
var context = {};
var script = null;
function ready() {
  if (script !== null) return script;
  createContext(context);
  return script = new Script("work()");
}
var TIME = 2e3;
function bounded(work, ms) {
  if (ms < 1) return { ok: false };
  const began = performance.now();
  context.work = work;
  try {
    const value = ready().runInContext(context, { timeout: Math.ceil(ms) });
    return { ok: true, value, ms: performance.now() - began };
  } catch (error) {
    if (error.code === "ERR_SCRIPT_EXECUTION_TIMEOUT") return { ok: false };
    throw error;
  } finally {
    delete context.work;
  }
}

// src/guard/output.ts
var SEARCHED = 256 << 20;
var OVERLAP = 64 << 10;
function outputFindings(rule, record, time3 = TIME) {
  const { kind, pattern } = rule.test;
  const expression = compile(pattern);
  if (expression === null) return [unchecked(rule, "the regular expression does not compile")];
  const what = [displayText(pattern)];
  let left = time3;
  let found = false;
  for (const text of windows(limited(record))) {
    const result = bounded(() => expression.test(text), left);
    if (!result.ok) return [{ ...unchecked(rule, `the regular expression took longer than ${time3 / 1e3} s`), what }];
    left -= result.ms;
    found = result.value;
    if (found) break;
  }
  if (kind === "forbid" && found) return [finding(rule, "the output matches a forbidden expression", what)];
  if (found) return [];
  if ((record.size("transcript.log") ?? 0) > SEARCHED) return [{ ...unchecked(rule, "the output is too long to be searched"), what }];
  return kind === "require" ? [finding(rule, "the output does not match a required expression", what)] : [];
}
function compile(pattern) {
  for (const flags of ["mu", "m"]) {
    try {
      return new RegExp(pattern, flags);
    } catch {
    }
  }
  return null;
}
function* limited(record) {
  let left = SEARCHED;
  for (const piece of record.pieces("transcript.log")) {
    if (left === 0) return;
    const part = piece.subarray(0, left);
    left -= part.length;
    yield part;
  }
}
function* windows(pieces) {
  let kept = Buffer.alloc(0);
  let shown = 0;
  for (const piece of pieces) {
    const bytes2 = Buffer.concat([kept, piece]);
    const line = bytes2.lastIndexOf(10) + 1;
    const end = line > shown ? line : bytes2.length;
    yield bytes2.toString("utf8", 0, end);
    const from = overlapStart(bytes2, end);
    kept = Buffer.from(bytes2.subarray(from));
    shown = end - from;
  }
  if (kept.length > shown || shown === 0) yield kept.toString("utf8");
}
function overlapStart(bytes2, end) {
  const least = Math.max(0, end - OVERLAP);
  const line = least === 0 ? 0 : bytes2.lastIndexOf(10, least - 1) + 1;
  return least - line <= 3 * OVERLAP ? line : least;
}

// node_modules/@cfworker/json-schema/dist/esm/deep-compare-strict.js
function deepCompareStrict(a, b) {
  const typeofa = typeof a;
  if (typeofa !== typeof b) {
    return false;
  }
  const aIsArray = Array.isArray(a);
  const bIsArray = Array.isArray(b);
  if (aIsArray !== bIsArray) {
    return false;
  }
  if (aIsArray) {
    const length = a.length;
    if (length !== b.length) {
      return false;
    }
    for (let i = 0; i < length; i++) {
      if (!deepCompareStrict(a[i], b[i])) {
        return false;
      }
    }
    return true;
  }
  if (typeofa === "object") {
    if (!a || !b) {
      return a === b;
    }
    const aKeys = Object.keys(a);
    const bKeys = Object.keys(b);
    const length = aKeys.length;
    if (length !== bKeys.length) {
      return false;
    }
    for (const k of aKeys) {
      if (!Object.prototype.hasOwnProperty.call(b, k)) {
        return false;
      }
      if (!deepCompareStrict(a[k], b[k])) {
        return false;
      }
    }
    return true;
  }
  return a === b;
}

// node_modules/@cfworker/json-schema/dist/esm/pointer.js
function encodePointer(p) {
  return encodeURI(escapePointer(p)).replace(/#/g, "%23");
}
function escapePointer(p) {
  return p.replace(/~/g, "~0").replace(/\//g, "~1");
}

// node_modules/@cfworker/json-schema/dist/esm/dereference.js
var uriFragmentCharacter = /^[A-Za-z0-9._~!$&'()*+,;=:@/?-]$/;
var uriPercentEncoding = /^%[0-9A-Fa-f]{2}$/;
var uriUnreservedCharacter = /^[A-Za-z0-9._~-]$/;
function normalizeURIFragment(fragment) {
  let normalized = "";
  for (let index = 0; index < fragment.length; ) {
    const character = fragment[index];
    const encoded = fragment.slice(index, index + 3);
    if (character === "%" && uriPercentEncoding.test(encoded)) {
      const decoded = String.fromCharCode(parseInt(encoded.slice(1), 16));
      normalized += uriUnreservedCharacter.test(decoded) ? decoded : encoded.toUpperCase();
      index += 3;
      continue;
    }
    const codePoint = String.fromCodePoint(fragment.codePointAt(index));
    normalized += uriFragmentCharacter.test(codePoint) ? codePoint : encodeURIComponent(codePoint);
    index += codePoint.length;
  }
  return normalized;
}
function resolveURI(reference, baseURI) {
  const url = new URL(reference, baseURI.href);
  url.hash = url.hash ? normalizeURIFragment(url.hash.slice(1)) : "";
  return url;
}
var schemaArrayKeyword = {
  prefixItems: true,
  items: true,
  allOf: true,
  anyOf: true,
  oneOf: true
};
var schemaMapKeyword = {
  $defs: true,
  definitions: true,
  properties: true,
  patternProperties: true,
  dependentSchemas: true
};
var ignoredKeyword = {
  id: true,
  $id: true,
  $ref: true,
  $schema: true,
  $anchor: true,
  $vocabulary: true,
  $comment: true,
  default: true,
  enum: true,
  const: true,
  required: true,
  dependentRequired: true,
  type: true,
  maximum: true,
  minimum: true,
  exclusiveMaximum: true,
  exclusiveMinimum: true,
  multipleOf: true,
  maxLength: true,
  minLength: true,
  pattern: true,
  format: true,
  maxItems: true,
  minItems: true,
  uniqueItems: true,
  maxProperties: true,
  minProperties: true
};
var initialBaseURI = typeof self !== "undefined" && self.location && self.location.origin !== "null" ? new URL(self.location.origin + self.location.pathname + location.search) : new URL("https://github.com/cfworker");
function dereference(schema, lookup = /* @__PURE__ */ Object.create(null), baseURI = initialBaseURI, basePointer = "") {
  if (schema && typeof schema === "object" && !Array.isArray(schema)) {
    const id = schema.$id || schema["id"];
    if (id) {
      const url = resolveURI(id, baseURI);
      if (url.hash.length > 1) {
        lookup[url.href] = schema;
      } else {
        url.hash = "";
        if (basePointer === "") {
          baseURI = url;
        } else {
          dereference(schema, lookup, baseURI);
        }
      }
    }
  } else if (schema !== true && schema !== false) {
    return lookup;
  }
  const schemaURI = baseURI.href + (basePointer ? "#" + basePointer : "");
  if (lookup[schemaURI] !== void 0 && lookup[schemaURI] !== schema) {
    throw new Error(`Duplicate schema URI "${schemaURI}".`);
  }
  lookup[schemaURI] = schema;
  if (schema === true || schema === false) {
    return lookup;
  }
  if (schema.__absolute_uri__ === void 0) {
    Object.defineProperty(schema, "__absolute_uri__", {
      enumerable: false,
      value: schemaURI
    });
  }
  if (schema.$ref && schema.__absolute_ref__ === void 0) {
    const url = resolveURI(schema.$ref, baseURI);
    Object.defineProperty(schema, "__absolute_ref__", {
      enumerable: false,
      value: url.href
    });
  }
  if (schema.$recursiveRef && schema.__absolute_recursive_ref__ === void 0) {
    const url = resolveURI(schema.$recursiveRef, baseURI);
    Object.defineProperty(schema, "__absolute_recursive_ref__", {
      enumerable: false,
      value: url.href
    });
  }
  if (schema.$anchor) {
    const url = resolveURI("#" + schema.$anchor, baseURI);
    lookup[url.href] = schema;
  }
  for (let key in schema) {
    if (ignoredKeyword[key]) {
      continue;
    }
    const keyBase = `${basePointer}/${encodePointer(key)}`;
    const subSchema = schema[key];
    if (Array.isArray(subSchema)) {
      if (schemaArrayKeyword[key]) {
        const length = subSchema.length;
        for (let i = 0; i < length; i++) {
          dereference(subSchema[i], lookup, baseURI, `${keyBase}/${i}`);
        }
      }
    } else if (schemaMapKeyword[key]) {
      for (let subKey in subSchema) {
        dereference(subSchema[subKey], lookup, baseURI, `${keyBase}/${encodePointer(subKey)}`);
      }
    } else {
      dereference(subSchema, lookup, baseURI, keyBase);
    }
  }
  return lookup;
}

// node_modules/@cfworker/json-schema/dist/esm/format.js
var DATE = /^(\d\d\d\d)-(\d\d)-(\d\d)$/;
var DAYS = [0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
var TIME2 = /^(\d\d):(\d\d):(\d\d)(\.\d+)?(z|([+-])(\d\d):(\d\d))?$/i;
var HOSTNAME = /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[-0-9a-z]{0,61}[0-9a-z])?)*$/i;
var URIREF = /^(?:[a-z][a-z0-9+\-.]*:)?(?:\/?\/(?:(?:[a-z0-9\-._~!$&'()*+,;=:]|%[0-9a-f]{2})*@)?(?:\[(?:(?:(?:(?:[0-9a-f]{1,4}:){6}|::(?:[0-9a-f]{1,4}:){5}|(?:[0-9a-f]{1,4})?::(?:[0-9a-f]{1,4}:){4}|(?:(?:[0-9a-f]{1,4}:){0,1}[0-9a-f]{1,4})?::(?:[0-9a-f]{1,4}:){3}|(?:(?:[0-9a-f]{1,4}:){0,2}[0-9a-f]{1,4})?::(?:[0-9a-f]{1,4}:){2}|(?:(?:[0-9a-f]{1,4}:){0,3}[0-9a-f]{1,4})?::[0-9a-f]{1,4}:|(?:(?:[0-9a-f]{1,4}:){0,4}[0-9a-f]{1,4})?::)(?:[0-9a-f]{1,4}:[0-9a-f]{1,4}|(?:(?:25[0-5]|2[0-4]\d|[01]?\d\d?)\.){3}(?:25[0-5]|2[0-4]\d|[01]?\d\d?))|(?:(?:[0-9a-f]{1,4}:){0,5}[0-9a-f]{1,4})?::[0-9a-f]{1,4}|(?:(?:[0-9a-f]{1,4}:){0,6}[0-9a-f]{1,4})?::)|[Vv][0-9a-f]+\.[a-z0-9\-._~!$&'()*+,;=:]+)\]|(?:(?:25[0-5]|2[0-4]\d|[01]?\d\d?)\.){3}(?:25[0-5]|2[0-4]\d|[01]?\d\d?)|(?:[a-z0-9\-._~!$&'"()*+,;=]|%[0-9a-f]{2})*)(?::\d*)?(?:\/(?:[a-z0-9\-._~!$&'"()*+,;=:@]|%[0-9a-f]{2})*)*|\/(?:(?:[a-z0-9\-._~!$&'"()*+,;=:@]|%[0-9a-f]{2})+(?:\/(?:[a-z0-9\-._~!$&'"()*+,;=:@]|%[0-9a-f]{2})*)*)?|(?:[a-z0-9\-._~!$&'"()*+,;=:@]|%[0-9a-f]{2})+(?:\/(?:[a-z0-9\-._~!$&'"()*+,;=:@]|%[0-9a-f]{2})*)*)?(?:\?(?:[a-z0-9\-._~!$&'"()*+,;=:@/?]|%[0-9a-f]{2})*)?(?:#(?:[a-z0-9\-._~!$&'"()*+,;=:@/?]|%[0-9a-f]{2})*)?$/i;
var URITEMPLATE = /^(?:(?:[^\x00-\x20\x7f"<>%\\^`{|}]|%[0-9a-f]{2})|\{[+#./;?&=,!@|]?(?:[a-z0-9_]|%[0-9a-f]{2})+(?:\.(?:[a-z0-9_]|%[0-9a-f]{2})+)*(?::[1-9][0-9]{0,3}|\*)?(?:,(?:[a-z0-9_]|%[0-9a-f]{2})+(?:\.(?:[a-z0-9_]|%[0-9a-f]{2})+)*(?::[1-9][0-9]{0,3}|\*)?)*\})*$/i;
var URL_ = /^(?:(?:https?|ftp):\/\/)(?:\S+(?::\S*)?@)?(?:(?!10(?:\.\d{1,3}){3})(?!127(?:\.\d{1,3}){3})(?!169\.254(?:\.\d{1,3}){2})(?!192\.168(?:\.\d{1,3}){2})(?!172\.(?:1[6-9]|2\d|3[0-1])(?:\.\d{1,3}){2})(?:[1-9]\d?|1\d\d|2[01]\d|22[0-3])(?:\.(?:1?\d{1,2}|2[0-4]\d|25[0-5])){2}(?:\.(?:[1-9]\d?|1\d\d|2[0-4]\d|25[0-4]))|(?:(?:[a-z\u{00a1}-\u{ffff}0-9]+-?)*[a-z\u{00a1}-\u{ffff}0-9]+)(?:\.(?:[a-z\u{00a1}-\u{ffff}0-9]+-?)*[a-z\u{00a1}-\u{ffff}0-9]+)*(?:\.(?:[a-z\u{00a1}-\u{ffff}]{2,})))(?::\d{2,5})?(?:\/[^\s]*)?$/iu;
var UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;
var JSON_POINTER = /^(?:\/(?:[^~/]|~0|~1)*)*$/;
var JSON_POINTER_URI_FRAGMENT = /^#(?:\/(?:[a-z0-9_\-.!$&'()*+,;:=@]|%[0-9a-f]{2}|~0|~1)*)*$/i;
var RELATIVE_JSON_POINTER = /^(?:0|[1-9][0-9]*)(?:#|(?:\/(?:[^~/]|~0|~1)*)*)$/;
var EMAIL_ADDRESS = /^("(?:[\x20-\x21\x23-\x5b\x5d-\x7e]|\\[\x20-\x7e])*"|[a-z0-9.!#$%&'*+/=?^_`{|}~-]+)@(.+)$/i;
var EMAIL = (input) => {
  const matches = input.match(EMAIL_ADDRESS);
  if (!matches)
    return false;
  const name = matches[1];
  const host = matches[2];
  if (!name || !host || name.length > 64 || host.length > 253)
    return false;
  if (name[0] !== '"' && (name[0] === "." || name.endsWith(".") || name.includes(".."))) {
    return false;
  }
  if (host.startsWith("[") && host.endsWith("]")) {
    const address = host.slice(1, -1);
    if (/^ipv6:/i.test(address))
      return IPV6.test(address.slice(5));
    return IPV4.test(address);
  }
  return HOSTNAME.test(host);
};
var IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|[01]?\d\d?)\.){3}(?:25[0-5]|2[0-4]\d|[01]?\d\d?)$/;
var IPV6 = /^((([0-9a-f]{1,4}:){7}([0-9a-f]{1,4}|:))|(([0-9a-f]{1,4}:){6}(:[0-9a-f]{1,4}|((25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(\.(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3})|:))|(([0-9a-f]{1,4}:){5}(((:[0-9a-f]{1,4}){1,2})|:((25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(\.(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3})|:))|(([0-9a-f]{1,4}:){4}(((:[0-9a-f]{1,4}){1,3})|((:[0-9a-f]{1,4})?:((25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(\.(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3}))|:))|(([0-9a-f]{1,4}:){3}(((:[0-9a-f]{1,4}){1,4})|((:[0-9a-f]{1,4}){0,2}:((25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(\.(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3}))|:))|(([0-9a-f]{1,4}:){2}(((:[0-9a-f]{1,4}){1,5})|((:[0-9a-f]{1,4}){0,3}:((25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(\.(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3}))|:))|(([0-9a-f]{1,4}:){1}(((:[0-9a-f]{1,4}){1,6})|((:[0-9a-f]{1,4}){0,4}:((25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(\.(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3}))|:))|(:(((:[0-9a-f]{1,4}){1,7})|((:[0-9a-f]{1,4}){0,5}:((25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(\.(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3}))|:)))$/i;
var DURATION = (input) => /^P(?:\d+W|(?:(?:\d+Y(?:\d+M(?:\d+D)?)?|\d+M(?:\d+D)?|\d+D)(?:T(?:\d+H(?:\d+M(?:\d+S)?)?|\d+M(?:\d+S)?|\d+S))?|T(?:\d+H(?:\d+M(?:\d+S)?)?|\d+M(?:\d+S)?|\d+S)))$/.test(input);
function bind(r) {
  return r.test.bind(r);
}
var format = {
  date,
  time: time2.bind(void 0, true),
  "date-time": date_time,
  duration: DURATION,
  uri,
  "uri-reference": bind(URIREF),
  "uri-template": bind(URITEMPLATE),
  url: bind(URL_),
  email: EMAIL,
  hostname: bind(HOSTNAME),
  ipv4: bind(IPV4),
  ipv6: bind(IPV6),
  regex,
  uuid: bind(UUID),
  "json-pointer": bind(JSON_POINTER),
  "json-pointer-uri-fragment": bind(JSON_POINTER_URI_FRAGMENT),
  "relative-json-pointer": bind(RELATIVE_JSON_POINTER)
};
function isLeapYear(year) {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}
function date(str) {
  const matches = str.match(DATE);
  if (!matches)
    return false;
  const yearPart = matches[1];
  const monthPart = matches[2];
  const dayPart = matches[3];
  if (!yearPart || !monthPart || !dayPart)
    return false;
  const year = +yearPart;
  const month = +monthPart;
  const day = +dayPart;
  const maxDay = month == 2 && isLeapYear(year) ? 29 : DAYS[month];
  return month >= 1 && month <= 12 && day >= 1 && maxDay !== void 0 && day <= maxDay;
}
function time2(full, str) {
  const matches = str.match(TIME2);
  if (!matches)
    return false;
  const hourPart = matches[1];
  const minutePart = matches[2];
  const secondPart = matches[3];
  if (!hourPart || !minutePart || !secondPart)
    return false;
  const hour = +hourPart;
  const minute = +minutePart;
  const second = +secondPart;
  const timeZone = matches[5];
  const offsetSign = matches[6];
  const offsetHour = +(matches[7] ?? 0);
  const offsetMinute = +(matches[8] ?? 0);
  if (hour > 23 || minute > 59 || second > 60 || offsetHour > 23 || offsetMinute > 59 || full && timeZone === void 0) {
    return false;
  }
  if (second < 60)
    return true;
  const offsetDirection = offsetSign === "+" ? 1 : offsetSign === "-" ? -1 : 0;
  const utcMinute = (hour * 60 + minute - offsetDirection * (offsetHour * 60 + offsetMinute) + 24 * 60) % (24 * 60);
  return utcMinute === 23 * 60 + 59;
}
var DATE_TIME_SEPARATOR = /t|\s/i;
function date_time(str) {
  const [datePart, timePart, extra] = str.split(DATE_TIME_SEPARATOR);
  return datePart !== void 0 && timePart !== void 0 && extra === void 0 && date(datePart) && time2(true, timePart);
}
var NOT_URI_FRAGMENT = /\/|:/;
var URI_PATTERN = /^(?:[a-z][a-z0-9+\-.]*:)(?:\/?\/(?:(?:[a-z0-9\-._~!$&'()*+,;=:]|%[0-9a-f]{2})*@)?(?:\[(?:(?:(?:(?:[0-9a-f]{1,4}:){6}|::(?:[0-9a-f]{1,4}:){5}|(?:[0-9a-f]{1,4})?::(?:[0-9a-f]{1,4}:){4}|(?:(?:[0-9a-f]{1,4}:){0,1}[0-9a-f]{1,4})?::(?:[0-9a-f]{1,4}:){3}|(?:(?:[0-9a-f]{1,4}:){0,2}[0-9a-f]{1,4})?::(?:[0-9a-f]{1,4}:){2}|(?:(?:[0-9a-f]{1,4}:){0,3}[0-9a-f]{1,4})?::[0-9a-f]{1,4}:|(?:(?:[0-9a-f]{1,4}:){0,4}[0-9a-f]{1,4})?::)(?:[0-9a-f]{1,4}:[0-9a-f]{1,4}|(?:(?:25[0-5]|2[0-4]\d|[01]?\d\d?)\.){3}(?:25[0-5]|2[0-4]\d|[01]?\d\d?))|(?:(?:[0-9a-f]{1,4}:){0,5}[0-9a-f]{1,4})?::[0-9a-f]{1,4}|(?:(?:[0-9a-f]{1,4}:){0,6}[0-9a-f]{1,4})?::)|[Vv][0-9a-f]+\.[a-z0-9\-._~!$&'()*+,;=:]+)\]|(?:(?:25[0-5]|2[0-4]\d|[01]?\d\d?)\.){3}(?:25[0-5]|2[0-4]\d|[01]?\d\d?)|(?:[a-z0-9\-._~!$&'()*+,;=]|%[0-9a-f]{2})*)(?::\d*)?(?:\/(?:[a-z0-9\-._~!$&'()*+,;=:@]|%[0-9a-f]{2})*)*|\/(?:(?:[a-z0-9\-._~!$&'()*+,;=:@]|%[0-9a-f]{2})+(?:\/(?:[a-z0-9\-._~!$&'()*+,;=:@]|%[0-9a-f]{2})*)*)?|(?:[a-z0-9\-._~!$&'()*+,;=:@]|%[0-9a-f]{2})+(?:\/(?:[a-z0-9\-._~!$&'()*+,;=:@]|%[0-9a-f]{2})*)*)(?:\?(?:[a-z0-9\-._~!$&'()*+,;=:@/?]|%[0-9a-f]{2})*)?(?:#(?:[a-z0-9\-._~!$&'()*+,;=:@/?]|%[0-9a-f]{2})*)?$/i;
function uri(str) {
  return NOT_URI_FRAGMENT.test(str) && URI_PATTERN.test(str);
}
var Z_ANCHOR = /[^\\]\\Z/;
function regex(str) {
  if (Z_ANCHOR.test(str))
    return false;
  try {
    new RegExp(str, "u");
    return true;
  } catch (e) {
    return false;
  }
}

// node_modules/@cfworker/json-schema/dist/esm/ucs2-length.js
function ucs2length(s) {
  let result = 0;
  let length = s.length;
  let index = 0;
  let charCode;
  while (index < length) {
    result++;
    charCode = s.charCodeAt(index++);
    if (charCode >= 55296 && charCode <= 56319 && index < length) {
      charCode = s.charCodeAt(index);
      if ((charCode & 64512) == 56320) {
        index++;
      }
    }
  }
  return result;
}

// node_modules/@cfworker/json-schema/dist/esm/validate.js
function hasOwnProperty(instance, key) {
  return Object.prototype.hasOwnProperty.call(instance, key);
}
function decimalInteger(value) {
  const coefficientAndExponent = Math.abs(value).toString().split("e");
  const coefficient = coefficientAndExponent[0];
  const exponent = coefficientAndExponent[1] ?? "0";
  const point = coefficient.indexOf(".");
  const fractionLength = point === -1 ? 0 : coefficient.length - point - 1;
  return [
    BigInt(coefficient.replace(".", "")),
    Number(exponent) - fractionLength
  ];
}
function isMultipleOf(instance, divisor) {
  if (!Number.isFinite(instance) || !Number.isFinite(divisor) || divisor <= 0) {
    return false;
  }
  const [instanceCoefficient, instanceExponent] = decimalInteger(instance);
  const [divisorCoefficient, divisorExponent] = decimalInteger(divisor);
  const exponentDifference = instanceExponent - divisorExponent;
  if (exponentDifference >= 0) {
    return instanceCoefficient * 10n ** BigInt(exponentDifference) % divisorCoefficient === 0n;
  }
  return instanceCoefficient % (divisorCoefficient * 10n ** BigInt(-exponentDifference)) === 0n;
}
function validate(instance, schema, draft = "2019-09", lookup = dereference(schema), shortCircuit = true, recursiveAnchor = null, instanceLocation = "#", schemaLocation = "#", evaluated = /* @__PURE__ */ Object.create(null)) {
  if (schema === true) {
    return { valid: true, errors: [] };
  }
  if (schema === false) {
    return {
      valid: false,
      errors: [
        {
          instanceLocation,
          keyword: "false",
          keywordLocation: instanceLocation,
          error: "False boolean schema."
        }
      ]
    };
  }
  const rawInstanceType = typeof instance;
  let instanceType;
  switch (rawInstanceType) {
    case "boolean":
    case "number":
    case "string":
      instanceType = rawInstanceType;
      break;
    case "object":
      if (instance === null) {
        instanceType = "null";
      } else if (Array.isArray(instance)) {
        instanceType = "array";
      } else {
        instanceType = "object";
      }
      break;
    default:
      throw new Error(`Instances of "${rawInstanceType}" type are not supported.`);
  }
  const { $ref, $recursiveRef, $recursiveAnchor, type: $type, const: $const, enum: $enum, required: $required, not: $not, anyOf: $anyOf, allOf: $allOf, oneOf: $oneOf, if: $if, then: $then, else: $else, format: $format, properties: $properties, patternProperties: $patternProperties, additionalProperties: $additionalProperties, unevaluatedProperties: $unevaluatedProperties, minProperties: $minProperties, maxProperties: $maxProperties, propertyNames: $propertyNames, dependentRequired: $dependentRequired, dependentSchemas: $dependentSchemas, dependencies: $dependencies, prefixItems: $prefixItems, items: $items, additionalItems: $additionalItems, unevaluatedItems: $unevaluatedItems, contains: $contains, minContains: $minContains, maxContains: $maxContains, minItems: $minItems, maxItems: $maxItems, uniqueItems: $uniqueItems, minimum: $minimum, maximum: $maximum, exclusiveMinimum: $exclusiveMinimum, exclusiveMaximum: $exclusiveMaximum, multipleOf: $multipleOf, minLength: $minLength, maxLength: $maxLength, pattern: $pattern, __absolute_ref__, __absolute_recursive_ref__ } = schema;
  const errors = [];
  if ($recursiveAnchor === true && recursiveAnchor === null) {
    recursiveAnchor = schema;
  }
  if ($recursiveRef === "#") {
    const refSchema = recursiveAnchor === null ? lookup[__absolute_recursive_ref__] : recursiveAnchor;
    const keywordLocation = `${schemaLocation}/$recursiveRef`;
    const result = validate(instance, recursiveAnchor === null ? schema : recursiveAnchor, draft, lookup, shortCircuit, refSchema, instanceLocation, keywordLocation, evaluated);
    if (!result.valid) {
      errors.push({
        instanceLocation,
        keyword: "$recursiveRef",
        keywordLocation,
        error: "A subschema had errors."
      }, ...result.errors);
    }
  }
  if ($ref !== void 0) {
    const uri2 = __absolute_ref__ || $ref;
    const refSchema = lookup[uri2];
    if (refSchema === void 0) {
      let message = `Unresolved $ref "${$ref}".`;
      if (__absolute_ref__ && __absolute_ref__ !== $ref) {
        message += `  Absolute URI "${__absolute_ref__}".`;
      }
      message += `
Known schemas:
- ${Object.keys(lookup).join("\n- ")}`;
      throw new Error(message);
    }
    const keywordLocation = `${schemaLocation}/$ref`;
    const result = validate(instance, refSchema, draft, lookup, shortCircuit, recursiveAnchor, instanceLocation, keywordLocation, evaluated);
    if (!result.valid) {
      errors.push({
        instanceLocation,
        keyword: "$ref",
        keywordLocation,
        error: "A subschema had errors."
      }, ...result.errors);
    }
    if (draft === "4" || draft === "7") {
      return { valid: errors.length === 0, errors };
    }
  }
  if (Array.isArray($type)) {
    let length = $type.length;
    let valid = false;
    for (let i = 0; i < length; i++) {
      if (instanceType === $type[i] || $type[i] === "integer" && instanceType === "number" && instance % 1 === 0 && instance === instance) {
        valid = true;
        break;
      }
    }
    if (!valid) {
      errors.push({
        instanceLocation,
        keyword: "type",
        keywordLocation: `${schemaLocation}/type`,
        error: `Instance type "${instanceType}" is invalid. Expected "${$type.join('", "')}".`
      });
    }
  } else if ($type === "integer") {
    if (instanceType !== "number" || instance % 1 || instance !== instance) {
      errors.push({
        instanceLocation,
        keyword: "type",
        keywordLocation: `${schemaLocation}/type`,
        error: `Instance type "${instanceType}" is invalid. Expected "${$type}".`
      });
    }
  } else if ($type !== void 0 && instanceType !== $type) {
    errors.push({
      instanceLocation,
      keyword: "type",
      keywordLocation: `${schemaLocation}/type`,
      error: `Instance type "${instanceType}" is invalid. Expected "${$type}".`
    });
  }
  if ($const !== void 0) {
    if (instanceType === "object" || instanceType === "array") {
      if (!deepCompareStrict(instance, $const)) {
        errors.push({
          instanceLocation,
          keyword: "const",
          keywordLocation: `${schemaLocation}/const`,
          error: `Instance does not match ${JSON.stringify($const)}.`
        });
      }
    } else if (instance !== $const) {
      errors.push({
        instanceLocation,
        keyword: "const",
        keywordLocation: `${schemaLocation}/const`,
        error: `Instance does not match ${JSON.stringify($const)}.`
      });
    }
  }
  if ($enum !== void 0) {
    if (instanceType === "object" || instanceType === "array") {
      if (!$enum.some((value) => deepCompareStrict(instance, value))) {
        errors.push({
          instanceLocation,
          keyword: "enum",
          keywordLocation: `${schemaLocation}/enum`,
          error: `Instance does not match any of ${JSON.stringify($enum)}.`
        });
      }
    } else if (!$enum.some((value) => instance === value)) {
      errors.push({
        instanceLocation,
        keyword: "enum",
        keywordLocation: `${schemaLocation}/enum`,
        error: `Instance does not match any of ${JSON.stringify($enum)}.`
      });
    }
  }
  if ($not !== void 0) {
    const keywordLocation = `${schemaLocation}/not`;
    const result = validate(instance, $not, draft, lookup, shortCircuit, recursiveAnchor, instanceLocation, keywordLocation);
    if (result.valid) {
      errors.push({
        instanceLocation,
        keyword: "not",
        keywordLocation,
        error: 'Instance matched "not" schema.'
      });
    }
  }
  let subEvaluateds = [];
  if ($anyOf !== void 0) {
    const keywordLocation = `${schemaLocation}/anyOf`;
    const errorsLength = errors.length;
    let anyValid = false;
    for (const [i, subSchema] of $anyOf.entries()) {
      const subEvaluated = Object.create(evaluated);
      const result = validate(instance, subSchema, draft, lookup, shortCircuit, $recursiveAnchor === true ? recursiveAnchor : null, instanceLocation, `${keywordLocation}/${i}`, subEvaluated);
      errors.push(...result.errors);
      anyValid = anyValid || result.valid;
      if (result.valid) {
        subEvaluateds.push(subEvaluated);
      }
    }
    if (anyValid) {
      errors.length = errorsLength;
    } else {
      errors.splice(errorsLength, 0, {
        instanceLocation,
        keyword: "anyOf",
        keywordLocation,
        error: "Instance does not match any subschemas."
      });
    }
  }
  if ($allOf !== void 0) {
    const keywordLocation = `${schemaLocation}/allOf`;
    const errorsLength = errors.length;
    let allValid = true;
    for (const [i, subSchema] of $allOf.entries()) {
      const subEvaluated = Object.create(evaluated);
      const result = validate(instance, subSchema, draft, lookup, shortCircuit, $recursiveAnchor === true ? recursiveAnchor : null, instanceLocation, `${keywordLocation}/${i}`, subEvaluated);
      errors.push(...result.errors);
      allValid = allValid && result.valid;
      if (result.valid) {
        subEvaluateds.push(subEvaluated);
      }
    }
    if (allValid) {
      errors.length = errorsLength;
    } else {
      errors.splice(errorsLength, 0, {
        instanceLocation,
        keyword: "allOf",
        keywordLocation,
        error: `Instance does not match every subschema.`
      });
    }
  }
  if ($oneOf !== void 0) {
    const keywordLocation = `${schemaLocation}/oneOf`;
    const errorsLength = errors.length;
    const matches = $oneOf.filter((subSchema, i) => {
      const subEvaluated = Object.create(evaluated);
      const result = validate(instance, subSchema, draft, lookup, shortCircuit, $recursiveAnchor === true ? recursiveAnchor : null, instanceLocation, `${keywordLocation}/${i}`, subEvaluated);
      errors.push(...result.errors);
      if (result.valid) {
        subEvaluateds.push(subEvaluated);
      }
      return result.valid;
    }).length;
    if (matches === 1) {
      errors.length = errorsLength;
    } else {
      errors.splice(errorsLength, 0, {
        instanceLocation,
        keyword: "oneOf",
        keywordLocation,
        error: `Instance does not match exactly one subschema (${matches} matches).`
      });
    }
  }
  if (instanceType === "object" || instanceType === "array") {
    Object.assign(evaluated, ...subEvaluateds);
  }
  if ($if !== void 0) {
    const keywordLocation = `${schemaLocation}/if`;
    const ifEvaluated = /* @__PURE__ */ Object.create(null);
    const conditionResult = validate(instance, $if, draft, lookup, shortCircuit, recursiveAnchor, instanceLocation, keywordLocation, ifEvaluated).valid;
    if (conditionResult) {
      Object.assign(evaluated, ifEvaluated);
      if ($then !== void 0) {
        const thenResult = validate(instance, $then, draft, lookup, shortCircuit, recursiveAnchor, instanceLocation, `${schemaLocation}/then`, evaluated);
        if (!thenResult.valid) {
          errors.push({
            instanceLocation,
            keyword: "if",
            keywordLocation,
            error: `Instance does not match "then" schema.`
          }, ...thenResult.errors);
        }
      }
    } else if ($else !== void 0) {
      const elseResult = validate(instance, $else, draft, lookup, shortCircuit, recursiveAnchor, instanceLocation, `${schemaLocation}/else`, evaluated);
      if (!elseResult.valid) {
        errors.push({
          instanceLocation,
          keyword: "if",
          keywordLocation,
          error: `Instance does not match "else" schema.`
        }, ...elseResult.errors);
      }
    }
  }
  if (instanceType === "object") {
    if ($required !== void 0) {
      for (const key of $required) {
        if (!hasOwnProperty(instance, key)) {
          errors.push({
            instanceLocation,
            keyword: "required",
            keywordLocation: `${schemaLocation}/required`,
            error: `Instance does not have required property "${key}".`
          });
        }
      }
    }
    const keys = Object.keys(instance);
    if ($minProperties !== void 0 && keys.length < $minProperties) {
      errors.push({
        instanceLocation,
        keyword: "minProperties",
        keywordLocation: `${schemaLocation}/minProperties`,
        error: `Instance does not have at least ${$minProperties} properties.`
      });
    }
    if ($maxProperties !== void 0 && keys.length > $maxProperties) {
      errors.push({
        instanceLocation,
        keyword: "maxProperties",
        keywordLocation: `${schemaLocation}/maxProperties`,
        error: `Instance does not have at least ${$maxProperties} properties.`
      });
    }
    if ($propertyNames !== void 0) {
      const keywordLocation = `${schemaLocation}/propertyNames`;
      for (const key in instance) {
        const subInstancePointer = `${instanceLocation}/${encodePointer(key)}`;
        const result = validate(key, $propertyNames, draft, lookup, shortCircuit, recursiveAnchor, subInstancePointer, keywordLocation);
        if (!result.valid) {
          errors.push({
            instanceLocation,
            keyword: "propertyNames",
            keywordLocation,
            error: `Property name "${key}" does not match schema.`
          }, ...result.errors);
        }
      }
    }
    if ($dependentRequired !== void 0) {
      const keywordLocation = `${schemaLocation}/dependantRequired`;
      for (const key in $dependentRequired) {
        if (hasOwnProperty(instance, key)) {
          const required = $dependentRequired[key];
          for (const dependantKey of required) {
            if (!hasOwnProperty(instance, dependantKey)) {
              errors.push({
                instanceLocation,
                keyword: "dependentRequired",
                keywordLocation,
                error: `Instance has "${key}" but does not have "${dependantKey}".`
              });
            }
          }
        }
      }
    }
    if ($dependentSchemas !== void 0) {
      for (const [key, dependentSchema] of Object.entries($dependentSchemas)) {
        const keywordLocation = `${schemaLocation}/dependentSchemas`;
        if (hasOwnProperty(instance, key)) {
          const result = validate(instance, dependentSchema, draft, lookup, shortCircuit, recursiveAnchor, instanceLocation, `${keywordLocation}/${encodePointer(key)}`, evaluated);
          if (!result.valid) {
            errors.push({
              instanceLocation,
              keyword: "dependentSchemas",
              keywordLocation,
              error: `Instance has "${key}" but does not match dependant schema.`
            }, ...result.errors);
          }
        }
      }
    }
    if ($dependencies !== void 0) {
      const keywordLocation = `${schemaLocation}/dependencies`;
      for (const key in $dependencies) {
        if (hasOwnProperty(instance, key)) {
          const propsOrSchema = $dependencies[key];
          if (Array.isArray(propsOrSchema)) {
            for (const dependantKey of propsOrSchema) {
              if (!hasOwnProperty(instance, dependantKey)) {
                errors.push({
                  instanceLocation,
                  keyword: "dependencies",
                  keywordLocation,
                  error: `Instance has "${key}" but does not have "${dependantKey}".`
                });
              }
            }
          } else {
            const result = validate(instance, propsOrSchema, draft, lookup, shortCircuit, recursiveAnchor, instanceLocation, `${keywordLocation}/${encodePointer(key)}`);
            if (!result.valid) {
              errors.push({
                instanceLocation,
                keyword: "dependencies",
                keywordLocation,
                error: `Instance has "${key}" but does not match dependant schema.`
              }, ...result.errors);
            }
          }
        }
      }
    }
    const thisEvaluated = /* @__PURE__ */ Object.create(null);
    let stop = false;
    if ($properties !== void 0) {
      const keywordLocation = `${schemaLocation}/properties`;
      for (const [key, propertySchema] of Object.entries($properties)) {
        if (!hasOwnProperty(instance, key)) {
          continue;
        }
        const subInstancePointer = `${instanceLocation}/${encodePointer(key)}`;
        const result = validate(instance[key], propertySchema, draft, lookup, shortCircuit, recursiveAnchor, subInstancePointer, `${keywordLocation}/${encodePointer(key)}`);
        thisEvaluated[key] = true;
        if (result.valid) {
          evaluated[key] = true;
        } else {
          stop = shortCircuit;
          errors.push({
            instanceLocation,
            keyword: "properties",
            keywordLocation,
            error: `Property "${key}" does not match schema.`
          }, ...result.errors);
          if (stop)
            break;
        }
      }
    }
    if (!stop && $patternProperties !== void 0) {
      const keywordLocation = `${schemaLocation}/patternProperties`;
      for (const [pattern, subSchema] of Object.entries($patternProperties)) {
        const regex2 = new RegExp(pattern, "u");
        for (const key in instance) {
          if (!regex2.test(key)) {
            continue;
          }
          const subInstancePointer = `${instanceLocation}/${encodePointer(key)}`;
          const result = validate(instance[key], subSchema, draft, lookup, shortCircuit, recursiveAnchor, subInstancePointer, `${keywordLocation}/${encodePointer(pattern)}`);
          thisEvaluated[key] = true;
          if (result.valid) {
            evaluated[key] = true;
          } else {
            stop = shortCircuit;
            errors.push({
              instanceLocation,
              keyword: "patternProperties",
              keywordLocation,
              error: `Property "${key}" matches pattern "${pattern}" but does not match associated schema.`
            }, ...result.errors);
          }
        }
      }
    }
    if (!stop && $additionalProperties !== void 0) {
      const keywordLocation = `${schemaLocation}/additionalProperties`;
      for (const key in instance) {
        if (thisEvaluated[key]) {
          continue;
        }
        const subInstancePointer = `${instanceLocation}/${encodePointer(key)}`;
        const result = validate(instance[key], $additionalProperties, draft, lookup, shortCircuit, recursiveAnchor, subInstancePointer, keywordLocation);
        if (result.valid) {
          evaluated[key] = true;
        } else {
          stop = shortCircuit;
          errors.push({
            instanceLocation,
            keyword: "additionalProperties",
            keywordLocation,
            error: `Property "${key}" does not match additional properties schema.`
          }, ...result.errors);
        }
      }
    } else if (!stop && $unevaluatedProperties !== void 0) {
      const keywordLocation = `${schemaLocation}/unevaluatedProperties`;
      for (const key in instance) {
        if (!evaluated[key]) {
          const subInstancePointer = `${instanceLocation}/${encodePointer(key)}`;
          const result = validate(instance[key], $unevaluatedProperties, draft, lookup, shortCircuit, recursiveAnchor, subInstancePointer, keywordLocation);
          if (result.valid) {
            evaluated[key] = true;
          } else {
            errors.push({
              instanceLocation,
              keyword: "unevaluatedProperties",
              keywordLocation,
              error: `Property "${key}" does not match unevaluated properties schema.`
            }, ...result.errors);
          }
        }
      }
    }
  } else if (instanceType === "array") {
    if ($maxItems !== void 0 && instance.length > $maxItems) {
      errors.push({
        instanceLocation,
        keyword: "maxItems",
        keywordLocation: `${schemaLocation}/maxItems`,
        error: `Array has too many items (${instance.length} > ${$maxItems}).`
      });
    }
    if ($minItems !== void 0 && instance.length < $minItems) {
      errors.push({
        instanceLocation,
        keyword: "minItems",
        keywordLocation: `${schemaLocation}/minItems`,
        error: `Array has too few items (${instance.length} < ${$minItems}).`
      });
    }
    const length = instance.length;
    let i = 0;
    let stop = false;
    if ($prefixItems !== void 0) {
      const keywordLocation = `${schemaLocation}/prefixItems`;
      const length2 = Math.min($prefixItems.length, length);
      for (; i < length2; i++) {
        const result = validate(instance[i], $prefixItems[i], draft, lookup, shortCircuit, recursiveAnchor, `${instanceLocation}/${i}`, `${keywordLocation}/${i}`);
        evaluated[i] = true;
        if (!result.valid) {
          stop = shortCircuit;
          errors.push({
            instanceLocation,
            keyword: "prefixItems",
            keywordLocation,
            error: `Items did not match schema.`
          }, ...result.errors);
          if (stop)
            break;
        }
      }
    }
    if ($items !== void 0) {
      const keywordLocation = `${schemaLocation}/items`;
      if (Array.isArray($items)) {
        const length2 = Math.min($items.length, length);
        for (; i < length2; i++) {
          const result = validate(instance[i], $items[i], draft, lookup, shortCircuit, recursiveAnchor, `${instanceLocation}/${i}`, `${keywordLocation}/${i}`);
          evaluated[i] = true;
          if (!result.valid) {
            stop = shortCircuit;
            errors.push({
              instanceLocation,
              keyword: "items",
              keywordLocation,
              error: `Items did not match schema.`
            }, ...result.errors);
            if (stop)
              break;
          }
        }
      } else {
        for (; i < length; i++) {
          const result = validate(instance[i], $items, draft, lookup, shortCircuit, recursiveAnchor, `${instanceLocation}/${i}`, keywordLocation);
          evaluated[i] = true;
          if (!result.valid) {
            stop = shortCircuit;
            errors.push({
              instanceLocation,
              keyword: "items",
              keywordLocation,
              error: `Items did not match schema.`
            }, ...result.errors);
            if (stop)
              break;
          }
        }
      }
      if (!stop && $additionalItems !== void 0) {
        const keywordLocation2 = `${schemaLocation}/additionalItems`;
        for (; i < length; i++) {
          const result = validate(instance[i], $additionalItems, draft, lookup, shortCircuit, recursiveAnchor, `${instanceLocation}/${i}`, keywordLocation2);
          evaluated[i] = true;
          if (!result.valid) {
            stop = shortCircuit;
            errors.push({
              instanceLocation,
              keyword: "additionalItems",
              keywordLocation: keywordLocation2,
              error: `Items did not match additional items schema.`
            }, ...result.errors);
          }
        }
      }
    }
    if ($contains !== void 0) {
      if (length === 0 && $minContains === void 0) {
        errors.push({
          instanceLocation,
          keyword: "contains",
          keywordLocation: `${schemaLocation}/contains`,
          error: `Array is empty. It must contain at least one item matching the schema.`
        });
      } else if ($minContains !== void 0 && length < $minContains) {
        errors.push({
          instanceLocation,
          keyword: "minContains",
          keywordLocation: `${schemaLocation}/minContains`,
          error: `Array has less items (${length}) than minContains (${$minContains}).`
        });
      } else {
        const keywordLocation = `${schemaLocation}/contains`;
        const errorsLength = errors.length;
        let contained = 0;
        for (let j = 0; j < length; j++) {
          const result = validate(instance[j], $contains, draft, lookup, shortCircuit, recursiveAnchor, `${instanceLocation}/${j}`, keywordLocation);
          if (result.valid) {
            evaluated[j] = true;
            contained++;
          } else {
            errors.push(...result.errors);
          }
        }
        if (contained >= ($minContains || 0)) {
          errors.length = errorsLength;
        }
        if ($minContains === void 0 && contained === 0) {
          errors.splice(errorsLength, 0, {
            instanceLocation,
            keyword: "contains",
            keywordLocation,
            error: `Array does not contain item matching schema.`
          });
        } else if ($minContains !== void 0 && contained < $minContains) {
          errors.push({
            instanceLocation,
            keyword: "minContains",
            keywordLocation: `${schemaLocation}/minContains`,
            error: `Array must contain at least ${$minContains} items matching schema. Only ${contained} items were found.`
          });
        } else if ($maxContains !== void 0 && contained > $maxContains) {
          errors.push({
            instanceLocation,
            keyword: "maxContains",
            keywordLocation: `${schemaLocation}/maxContains`,
            error: `Array may contain at most ${$maxContains} items matching schema. ${contained} items were found.`
          });
        }
      }
    }
    if (!stop && $unevaluatedItems !== void 0) {
      const keywordLocation = `${schemaLocation}/unevaluatedItems`;
      for (i; i < length; i++) {
        if (evaluated[i]) {
          continue;
        }
        const result = validate(instance[i], $unevaluatedItems, draft, lookup, shortCircuit, recursiveAnchor, `${instanceLocation}/${i}`, keywordLocation);
        evaluated[i] = true;
        if (!result.valid) {
          errors.push({
            instanceLocation,
            keyword: "unevaluatedItems",
            keywordLocation,
            error: `Items did not match unevaluated items schema.`
          }, ...result.errors);
        }
      }
    }
    if ($uniqueItems) {
      for (let j = 0; j < length; j++) {
        const a = instance[j];
        const ao = typeof a === "object" && a !== null;
        for (let k = 0; k < length; k++) {
          if (j === k) {
            continue;
          }
          const b = instance[k];
          const bo = typeof b === "object" && b !== null;
          if (a === b || ao && bo && deepCompareStrict(a, b)) {
            errors.push({
              instanceLocation,
              keyword: "uniqueItems",
              keywordLocation: `${schemaLocation}/uniqueItems`,
              error: `Duplicate items at indexes ${j} and ${k}.`
            });
            j = Number.MAX_SAFE_INTEGER;
            k = Number.MAX_SAFE_INTEGER;
          }
        }
      }
    }
  } else if (instanceType === "number") {
    if (draft === "4") {
      if ($minimum !== void 0 && ($exclusiveMinimum === true && instance <= $minimum || instance < $minimum)) {
        errors.push({
          instanceLocation,
          keyword: "minimum",
          keywordLocation: `${schemaLocation}/minimum`,
          error: `${instance} is less than ${$exclusiveMinimum ? "or equal to " : ""} ${$minimum}.`
        });
      }
      if ($maximum !== void 0 && ($exclusiveMaximum === true && instance >= $maximum || instance > $maximum)) {
        errors.push({
          instanceLocation,
          keyword: "maximum",
          keywordLocation: `${schemaLocation}/maximum`,
          error: `${instance} is greater than ${$exclusiveMaximum ? "or equal to " : ""} ${$maximum}.`
        });
      }
    } else {
      if ($minimum !== void 0 && instance < $minimum) {
        errors.push({
          instanceLocation,
          keyword: "minimum",
          keywordLocation: `${schemaLocation}/minimum`,
          error: `${instance} is less than ${$minimum}.`
        });
      }
      if ($maximum !== void 0 && instance > $maximum) {
        errors.push({
          instanceLocation,
          keyword: "maximum",
          keywordLocation: `${schemaLocation}/maximum`,
          error: `${instance} is greater than ${$maximum}.`
        });
      }
      if ($exclusiveMinimum !== void 0 && instance <= $exclusiveMinimum) {
        errors.push({
          instanceLocation,
          keyword: "exclusiveMinimum",
          keywordLocation: `${schemaLocation}/exclusiveMinimum`,
          error: `${instance} is less than ${$exclusiveMinimum}.`
        });
      }
      if ($exclusiveMaximum !== void 0 && instance >= $exclusiveMaximum) {
        errors.push({
          instanceLocation,
          keyword: "exclusiveMaximum",
          keywordLocation: `${schemaLocation}/exclusiveMaximum`,
          error: `${instance} is greater than or equal to ${$exclusiveMaximum}.`
        });
      }
    }
    if ($multipleOf !== void 0) {
      if (!isMultipleOf(instance, $multipleOf)) {
        errors.push({
          instanceLocation,
          keyword: "multipleOf",
          keywordLocation: `${schemaLocation}/multipleOf`,
          error: `${instance} is not a multiple of ${$multipleOf}.`
        });
      }
    }
  } else if (instanceType === "string") {
    const length = $minLength === void 0 && $maxLength === void 0 ? 0 : ucs2length(instance);
    if ($minLength !== void 0 && length < $minLength) {
      errors.push({
        instanceLocation,
        keyword: "minLength",
        keywordLocation: `${schemaLocation}/minLength`,
        error: `String is too short (${length} < ${$minLength}).`
      });
    }
    if ($maxLength !== void 0 && length > $maxLength) {
      errors.push({
        instanceLocation,
        keyword: "maxLength",
        keywordLocation: `${schemaLocation}/maxLength`,
        error: `String is too long (${length} > ${$maxLength}).`
      });
    }
    if ($pattern !== void 0 && !new RegExp($pattern, "u").test(instance)) {
      errors.push({
        instanceLocation,
        keyword: "pattern",
        keywordLocation: `${schemaLocation}/pattern`,
        error: `String does not match pattern.`
      });
    }
    if ($format !== void 0 && format[$format] && !format[$format](instance)) {
      errors.push({
        instanceLocation,
        keyword: "format",
        keywordLocation: `${schemaLocation}/format`,
        error: `String does not match format "${$format}".`
      });
    }
  }
  return { valid: errors.length === 0, errors };
}

// node_modules/@cfworker/json-schema/dist/esm/validator.js
var Validator = class {
  schema;
  draft;
  shortCircuit;
  lookup;
  constructor(schema, draft = "2019-09", shortCircuit = true) {
    this.schema = schema;
    this.draft = draft;
    this.shortCircuit = shortCircuit;
    this.lookup = dereference(schema);
  }
  validate(instance) {
    return validate(instance, this.schema, this.draft, this.lookup, this.shortCircuit);
  }
  addSchema(schema, id) {
    if (id) {
      schema = { ...schema, $id: id };
    }
    dereference(schema, this.lookup);
  }
};

// src/guard/result.ts
var DRAFTS = [
  [/draft-04/, "4"],
  [/draft-0[67]/, "7"],
  [/2019-09/, "2019-09"]
];
function resultFindings(rule, record) {
  const text = utf8(Buffer.concat([...record.pieces("result.txt")].map((piece) => Buffer.from(piece))));
  if (text === null || text.trim() === "") return [finding(rule, "the agent wrote no result")];
  let value;
  try {
    value = JSON.parse(text);
  } catch {
    return [finding(rule, "the result is not JSON")];
  }
  return validate2(rule, rule.test.schema, value);
}
function validate2(rule, schema, value) {
  try {
    const draft = DRAFTS.find(([pattern]) => pattern.test(schema.$schema ?? ""))?.[1] ?? "2020-12";
    const result = bounded(() => new Validator(schema, draft).validate(value), TIME);
    if (!result.ok) return [unchecked(rule, `the schema took longer than ${TIME / 1e3} s`)];
    if (result.value.valid) return [];
    const bag = new Bag();
    for (const { instanceLocation, error } of result.value.errors) bag.add(displayText(`${instanceLocation}: ${error}`));
    return [bag.finding(rule, "the result does not fit the schema")];
  } catch (error) {
    return [{ ...unchecked(rule, "the schema cannot be applied"), what: [displayText(String(error))] }];
  }
}

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
      return await networkFindings(rule, record);
    case "output":
      return outputFindings(rule, record);
    case "result":
      return resultFindings(rule, record);
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
