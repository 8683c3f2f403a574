const { createWriteStream, writeFileSync } = process.getBuiltinModule("node:fs");
const { dirname, join: join2, relative } = process.getBuiltinModule("node:path");
const { Readable } = process.getBuiltinModule("node:stream");
const { pipeline } = process.getBuiltinModule("node:stream/promises");
const { readFileSync } = process.getBuiltinModule("node:fs");
const { join } = process.getBuiltinModule("node:path");
import {
  logChoose,
  sfc32
} from "./shared-statistics-factorial.js";
import {
  fill
} from "./shared-report-html.js";
import {
  fit,
  more
} from "./shared-report-sections.js";
import {
  readTrials
} from "./shared-suite-trials.js";
import {
  inlineCode,
  table,
  time
} from "./shared-report-markdown.js";
import {
  displayText
} from "./shared-record-display.js";
import {
  MEASURED,
  TRIAL_OUTCOMES
} from "./shared-model-suite.js";
import {
  UserError
} from "./shared-model-errors.js";

// src/cli/suite-reports.ts

// src/report/suite/html.ts

// src/report/suite/rows.ts
function rowsOf({ current, comparison }) {
  const compared = new Map(comparison?.tasks.map((task) => [task.task, task]));
  const drift = Map.groupBy(comparison?.drift ?? [], ({ task }) => task);
  return current.tasks.map((tally) => ({ tally, compared: compared.get(tally.task) ?? null, drift: drift.get(tally.task) ?? [] })).sort((a, b) => rank(a) - rank(b) || (a.tally.rate ?? 0) - (b.tally.rate ?? 0) || (a.tally.task < b.tally.task ? -1 : 1));
}
function rank({ tally, compared }) {
  return compared?.verdict === "regressed" ? 0 : tally.rate === null ? 1 : 2;
}
function changeOf(compared) {
  if (compared === null || compared.then === null || compared.now.trials === 0 || compared.then.trials === 0) return null;
  return compared.now.passed / compared.now.trials - compared.then.passed / compared.then.trials;
}

// src/report/suite/verdict.ts
function verdictOf(input) {
  const { comparison, failures } = input;
  const { total, complete } = input.current;
  const missing2 = missingOf(input).length;
  const compared = comparison?.verdict ?? null;
  const bad = failures.length > 0 || total.measured === 0 || compared === "regressed";
  const because = [
    ...total.measured === 0 ? ["nothing was measured"] : [],
    ...failures,
    ...(comparison?.because ?? []).filter((line) => !failures.includes(line)),
    ...complete ? [] : ["the results were cut off: trials are missing"],
    ...missing2 > 0 ? [`${missing2} expected ${missing2 === 1 ? "task was" : "tasks were"} not measured`] : []
  ];
  return { word: word(), kind: bad ? "bad" : sound() ? "good" : "review", because };
  function word() {
    if (total.measured === 0) return "nothing measured";
    if (compared === "regressed") return compared;
    if (failures.length > 0) return "failed";
    return compared === null ? "not compared" : compared === "none" ? "no baseline" : compared;
  }
  function sound() {
    return (compared === "steady" || compared === "improved") && complete && missing2 === 0;
  }
}
function missingOf({ current, comparison }) {
  const own = current.tasks.filter(({ expected, measured }) => expected > 0 && measured === 0).map(({ task }) => task);
  return [.../* @__PURE__ */ new Set([...own, ...comparison?.missing ?? []])];
}
function infraRate({ outcomes, measured }) {
  const tried = measured + outcomes.infra + outcomes.invalid;
  return tried === 0 ? null : outcomes.infra / tried;
}

// src/report/suite/data.ts
var TASKS = 4e3;
var NIGHTS = 60;
var CELLS = 6e4;
var NAMED = 500;
var TRIALS = 768 << 10;
function suiteData(input, base = "") {
  const { current, comparison, figures: figures2 } = input;
  const rows = rowsOf(input);
  const shown = rows.slice(0, TASKS);
  const all = [...input.nights, current];
  const room = Math.max(1, Math.min(NIGHTS, Math.floor(CELLS / Math.max(1, shown.length))));
  const nights = all.slice(-room);
  const columns = nights.map((night) => new Map(night.tasks.map((tally) => [tally.task, cell(tally)])));
  const trials = keptTrials(shown);
  const drift = bySeverity(comparison?.drift ?? []);
  const missing2 = missingOf(input);
  return {
    verdict: verdictOf(input),
    suite: current.header.suite,
    about: about(current),
    gate: comparison?.gate ?? null,
    figures: figures2,
    total: current.total,
    nights: nights.map(nightData),
    nightsLeft: all.length - nights.length,
    tasks: shown.map((row, index) => {
      const kept2 = trials[index] ?? [];
      const cells = columns.map((column) => column.get(row.tally.task) ?? 0);
      return { ...taskData(row), cells, trials: kept2, left: row.tally.left + row.tally.trials.length - kept2.length };
    }),
    tasksLeft: rows.length - shown.length,
    drift: drift.slice(0, NAMED),
    driftLeft: Math.max(0, drift.length - NAMED),
    missing: missing2.slice(0, NAMED),
    missingLeft: Math.max(0, missing2.length - NAMED),
    refused: (comparison?.refused ?? []).slice(0, NAMED),
    base
  };
}
var SEVERITIES = ["high", "medium", "low"];
function bySeverity(drift) {
  return drift.toSorted((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity));
}
function about({ name, header: { agent, backend, version, started, seed, digest, origin } }) {
  const rows = [
    ["agent", agent],
    ["backend", backend],
    ["started", started],
    ["results", name],
    ["agent-jail", version],
    ["seed", String(seed)],
    ["suite, SHA-256", digest]
  ];
  if (origin === null) return rows;
  const { repository, run, attempt, workflow, event, ref, commit } = origin;
  rows.splice(2, 0, ["commit", commit], ["ref", ref], ["repository", repository]);
  rows.push(["workflow", workflow], ["event", event], ["run", `${run}, attempt ${attempt}`]);
  return rows;
}
function nightData({ name, header, complete, total }) {
  const { rate, passed, measured, outcomes, costUsd, ms } = total;
  const commit = header.origin?.commit ?? "";
  return {
    name,
    started: header.started,
    commit,
    version: header.version,
    complete,
    rate,
    passed,
    measured,
    infra: outcomes.infra,
    costUsd,
    ms
  };
}
function taskData({ tally, compared, drift }) {
  const { task, deterministic, flaky, expected, outcomes, reward, inputTokens, outputTokens } = tally;
  return {
    task,
    deterministic,
    flaky,
    expected,
    reward,
    outcomes: TRIAL_OUTCOMES.map((outcome) => outcomes[outcome]),
    tokens: [inputTokens, outputTokens],
    compared: compared && {
      now: compared.now,
      then: compared.then,
      p: compared.p,
      q: compared.q,
      verdict: compared.verdict,
      confirm: compared.confirm
    },
    drift: [...new Set(bySeverity(drift).map(({ kind }) => kind))]
  };
}
function cell({ outcomes, measured, passed, ms, costUsd }) {
  const all = Object.values(outcomes).reduce((sum, count) => sum + count, 0);
  if (all === 0) return 0;
  return [passed, measured, all - measured, ms === null ? -1 : Math.round(ms), costUsd === null ? -1 : Math.round(costUsd * 1e6)];
}
function keptTrials(rows) {
  const wanted = rows.flatMap(({ tally: { trials } }, task) => {
    const ofTask = [...trials.filter(({ outcome }) => outcome !== "pass"), ...trials.filter(({ outcome }) => outcome === "pass")];
    return ofTask.map((trial, round) => ({ task, trial, round, good: Number(trial.outcome === "pass") }));
  });
  wanted.sort((a, b) => a.good - b.good || a.round - b.round);
  const kept2 = rows.map(() => []);
  let left = TRIALS;
  for (const { task, trial } of wanted) {
    left -= JSON.stringify(trial).length;
    if (left < 0) break;
    kept2[task]?.push(trial);
  }
  return kept2.map((trials) => trials.sort((a, b) => a.trial - b.trial));
}

// src/report/suite/html.ts
var PAGE = join(import.meta.dirname, "suite-page.html");
function suiteHtml(input, { page = PAGE, base = "" } = {}) {
  return fill(readFileSync(page), suiteData(input, base));
}

// src/report/suite/junit.ts
var PORTION = 1e5;
var KIND = {
  pass: null,
  fail: "failure",
  limit: "failure",
  violation: "failure",
  tampered: "failure",
  infra: "error",
  invalid: "error",
  skipped: "skipped"
};
async function* junit({ header, tasks: tasks2, total }, trials, portion = PORTION) {
  const absent = tasks2.filter((task) => absentOf(task) > 0).length;
  yield '<?xml version="1.0" encoding="UTF-8"?>\n';
  yield `<testsuites name="${xml(header.suite)}"${counts(total, absent)}>
`;
  for (const some of portions(tasks2, portion)) {
    const cases = new Map(some.map(({ task }) => [task, []]));
    for await (const trial of trials()) cases.get(trial.task)?.push({ trial: trial.trial, ms: trial.ms.total, text: testcase(trial) });
    for (const task of some) {
      const own = (cases.get(task.task) ?? []).sort((a, b) => a.trial - b.trial);
      const time2 = seconds(own.reduce((sum, { ms }) => sum + ms, 0));
      const sums = counts(task, absentOf(task) > 0 ? 1 : 0);
      yield `<testsuite name="${xml(task.task)}"${sums} time="${time2}" timestamp="${xml(header.started)}">
`;
      yield* own.map(({ text }) => text);
      if (absentOf(task) > 0) yield missing(task);
      yield "</testsuite>\n";
    }
  }
  yield "</testsuites>\n";
}
var seconds = (ms) => (ms / 1e3).toFixed(3);
function* portions(tasks2, most) {
  let [some, count] = [[], 0];
  for (const task of tasks2) {
    if (some.length > 0 && count + seen(task) > most) {
      yield some;
      [some, count] = [[], 0];
    }
    some.push(task);
    count += seen(task);
  }
  if (some.length > 0) yield some;
}
var seen = ({ outcomes }) => Object.values(outcomes).reduce((sum, count) => sum + count, 0);
var absentOf = (tally) => Math.max(0, tally.expected - seen(tally));
function counts(tally, absent) {
  const of = { failure: 0, error: absent, skipped: 0 };
  for (const [outcome, count] of Object.entries(tally.outcomes)) {
    const kind = KIND[outcome];
    if (kind !== null) of[kind] += count;
  }
  return ` tests="${seen(tally) + absent}" failures="${of.failure}" errors="${of.error}" skipped="${of.skipped}"`;
}
function testcase({ task, trial, outcome, what, because, failed, ms, seed, policy, usage, record }) {
  const properties = [
    ["seed", String(seed)],
    ["policy", policy],
    ...usage.costUsd === null ? [] : [["cost-usd", String(usage.costUsd)]],
    ...record === null ? [] : [["record", record]]
  ];
  const kind = KIND[outcome];
  const type = what === null ? outcome : `${outcome}: ${what}`;
  const body = failed.length === 0 ? [because] : failed.map((check) => `did not hold: ${check}`);
  return [
    `<testcase classname="${xml(task)}" name="${xml(`${task}, trial ${trial}`)}" time="${seconds(ms.total)}">`,
    `<properties>${properties.map(([name, value]) => `<property name="${name}" value="${xml(value)}"/>`).join("")}</properties>`,
    ...kind === null ? [] : kind === "skipped" ? [`<skipped message="${xml(because)}"/>`] : [`<${kind} type="${xml(type)}" message="${xml(because)}">${body.map(xml).join("\n")}</${kind}>`],
    "</testcase>\n"
  ].join("\n");
}
function missing(task) {
  const message = `${absentOf(task)} of ${task.expected} expected trials are not in the results`;
  const name = xml(`${task.task}, not made`);
  return `<testcase classname="${xml(task.task)}" name="${name}" time="0.000">
<error type="missing" message="${message}"/>
</testcase>
`;
}
var ENTITY = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;" };
function xml(text) {
  return displayText(text, 2e3).replace(/[&<>"']/g, (character) => ENTITY[character] ?? "");
}

// src/report/suite/units.ts
var NONE = "-";
function percent(value) {
  return value === null ? NONE : `${Number((value * 100).toFixed(1))} %`;
}
function points(value) {
  if (value === null) return NONE;
  const shown = Number((value * 100).toFixed(1));
  return shown > 0 ? `+${shown}` : String(shown);
}
function interval(of) {
  return of === null ? NONE : `${Math.round(of.low * 100)} to ${Math.round(of.high * 100)} %`;
}
function probability(value) {
  if (value === null) return NONE;
  return value < 1e-4 ? "< 0.0001" : String(Number(value.toPrecision(2)));
}
function usd(value) {
  if (value === null) return NONE;
  if (value > 0 && value < 1e-4) return "< $0.0001";
  return `$${value === 0 || value >= 0.01 ? value.toFixed(2) : String(Number(value.toPrecision(2)))}`;
}
function number(value) {
  return value === null ? NONE : value.toLocaleString("en");
}
function minute(started) {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(started) ? started.slice(0, 16).replace("T", " ") : started;
}

// src/report/suite/markdown.ts
var LARGEST_SUMMARY = 512 << 10;
var LARGEST_COMMENT = 6e4;
var LEAST = 32e3;
var REASONS = 15;
var NAMED2 = 50;
function suiteMarkdown(input, most = LARGEST_SUMMARY) {
  const { current, comparison, nights } = input;
  const verdict = verdictOf(input);
  const rows = rowsOf(input);
  const missing2 = missingOf(input);
  const drift = bySeverity(comparison?.drift ?? []);
  const high = drift.filter(({ severity }) => severity === "high");
  const sign = { good: "✅", review: "⚠️", bad: "❌" }[verdict.kind];
  const because = verdict.because.slice(0, REASONS).map((line) => `- ${inlineCode(line, 400)}`);
  const refused = comparison?.refused ?? [];
  return fit(
    [
      {
        title: `## ${sign} ${inlineCode(current.header.suite, 100)}: ${verdict.word}`,
        lines: [...because, ...more(verdict.because.length - REASONS, "reason"), ...gate(input), facts(input)],
        elastic: false
      },
      { title: "### Regressions", lines: regressions(rows), elastic: true },
      { title: "### Drift of high severity", lines: high.map(driftLine), elastic: true },
      { title: "### Not measured", lines: notMeasured(input, missing2), elastic: true },
      { title: "### Tasks", lines: tasks(rows), elastic: true },
      { title: "### Figures", lines: figures(input), elastic: true },
      { title: "### Other drift", lines: drift.slice(high.length).map(driftLine), elastic: true },
      {
        title: "### Baselines that were not used",
        lines: refused.map(({ name, why }) => `- ${inlineCode(name)}: ${inlineCode(why, 300)}`),
        elastic: true
      },
      { title: "### Nights", lines: nights.length === 0 ? [] : nightTable(input), elastic: true },
      { title: "### The run", lines: table(["", ""], about(current).map(([name, value]) => [name, inlineCode(value)])), elastic: false }
      // biome-ignore format: a line a section
    ],
    Math.max(most, LEAST),
    "the suite's page and JSON have all"
  );
}
function gate({ comparison }) {
  const found = comparison?.gate ?? null;
  if (found === null) return [];
  const { difference, p, smallestVisible, tasks: count } = found;
  const visible = smallestVisible === null ? "No drop could have been seen, however large." : `The smallest drop that could have been seen: ${points(smallestVisible)} points.`;
  return ["", `${points(difference)} points over ${count} task${count === 1 ? "" : "s"}, p ${probability(p)}. ${visible}`];
}
function facts({ current: { total, tasks: all } }) {
  const parts = [
    `${all.length} task${all.length === 1 ? "" : "s"}`,
    `${total.passed} of ${total.measured} measured trials passed`,
    `infra ${percent(infraRate(total))}`,
    ...total.costUsd === null ? [] : [usd(total.costUsd)],
    ...total.ms === null ? [] : [`median ${time(total.ms)}`]
  ];
  return `
${parts.join(" · ")}`;
}
function regressions(rows) {
  const regressed = rows.filter(({ compared }) => compared?.verdict === "regressed");
  return table(
    ["task", "now", "then", "change", "p", "q"],
    regressed.map(({ tally, compared }) => [
      inlineCode(tally.task, 100),
      compared === null ? "" : `${compared.now.passed}/${compared.now.trials}`,
      compared === null || compared.then === null ? "" : `${compared.then.passed}/${compared.then.trials}`,
      points(changeOf(compared)),
      compared?.deterministic ? "scripted" : probability(compared?.p ?? null),
      probability(compared?.q ?? null)
    ])
  );
}
function driftLine({ kind, severity, task, message, what, more: left }) {
  const names = what.slice(0, 10).map((name) => inlineCode(name, 100));
  const rest = left + Math.max(0, what.length - 10);
  const list = names.length === 0 ? "" : `: ${names.join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`;
  return `- **${severity}** ${kind}, ${task === null ? "the suite" : inlineCode(task, 100)}: ${inlineCode(message, 300)}${list}`;
}
function notMeasured({ current: { total } }, missing2) {
  const counts3 = ["infra", "invalid", "skipped"].flatMap(
    (outcome) => total.outcomes[outcome] > 0 ? [`${total.outcomes[outcome]} ${outcome}`] : []
  );
  return [
    ...counts3.length === 0 ? [] : [`Trials that are in no rate: ${counts3.join(", ")}.`, ""],
    ...missing2.length === 0 ? [] : ["Expected tasks of which nothing was measured:", ""],
    ...missing2.slice(0, NAMED2).map((task) => `- ${inlineCode(task, 100)}`),
    ...more(missing2.length - NAMED2, "task")
  ];
}
function tasks(rows) {
  return table(
    ["task", "passed", "95 %", "change", "marks", "time", "cost"],
    rows.map(({ tally, compared, drift }) => [
      inlineCode(tally.task, 100),
      `${tally.passed}/${tally.measured}`,
      interval(compared?.now.trials ? compared.now : null),
      points(changeOf(compared)),
      [compared?.verdict === "steady" ? "" : compared?.verdict ?? "", tally.flaky ? "flaky" : "", drift.length > 0 ? "drift" : ""].filter((mark) => mark !== "").join(", "),
      tally.ms === null ? "" : time(tally.ms),
      tally.costUsd === null ? "" : usd(tally.costUsd)
    ])
  );
}
function figures({ figures: { pass1, passAtK: passAtK2, passHatK: passHatK2 }, current: { total } }) {
  const row = (name, of) => [name, percent(of?.value ?? null), interval(of)];
  const tokens = `${number(total.inputTokens)} in, ${number(total.outputTokens)} out`;
  const known = total.priced > 0 ? ` of ${total.priced} trials that tell it` : "";
  return table(
    ["figure", "value", "95 %"],
    [
      row("pass@1", pass1),
      ...passAtK2.filter(({ k }) => k > 1).map((of) => row(`pass@${of.k}`, of)),
      ...passHatK2.filter(({ k }) => k > 1).map((of) => row(`pass^${of.k}`, of)),
      ["infra", percent(infraRate(total)), ""],
      ["tokens", tokens, ""],
      ["cost", `${usd(total.costUsd)}${known}`, ""]
    ]
  );
}
function nightTable({ nights, current }) {
  return table(
    ["night", "started", "commit", "passed", "rate", "cost", "median time"],
    [...nights, current].toReversed().map(({ name, header, total }) => [
      inlineCode(name, 60),
      inlineCode(minute(header.started), 20),
      header.origin === null ? "" : inlineCode(header.origin.commit.slice(0, 10)),
      `${total.passed}/${total.measured}`,
      percent(total.rate),
      usd(total.costUsd),
      total.ms === null ? "" : time(total.ms)
    ])
  );
}

// src/report/suite/suite-json.ts
function suiteJson(input) {
  const { current, nights, comparison, figures: figures2, failures } = input;
  const { suite, digest, agent, backend, version, started } = current.header;
  const { word, kind, because } = verdictOf(input);
  const rows = new Map(rowsOf(input).map((row) => [row.tally.task, row]));
  return {
    schema: "agent-jail/suite-report@1",
    suite,
    digest,
    agent,
    backend,
    version,
    started,
    commit: commitOf(current),
    complete: current.complete,
    verdict: { word, kind, because: [...because] },
    failures: [...failures],
    figures: { pass1: figures2.pass1, passAtK: [...figures2.passAtK], passHatK: [...figures2.passHatK] },
    total: counts2(current.total),
    infraRate: infraRate(current.total),
    missing: [...missingOf(input)],
    drift: severities(comparison?.drift ?? []),
    tasks: current.tasks.map((tally) => {
      const { compared = null, drift = [] } = rows.get(tally.task) ?? {};
      const { task, deterministic, flaky } = tally;
      return {
        task,
        deterministic,
        flaky,
        ...counts2(tally),
        compared: compared && {
          now: compared.now,
          then: compared.then,
          p: compared.p,
          q: compared.q,
          verdict: compared.verdict,
          confirm: compared.confirm
        },
        drift: severities(drift)
      };
    }),
    nights: nights.map((night) => ({
      name: night.name,
      started: night.header.started,
      commit: commitOf(night),
      complete: night.complete,
      ...counts2(night.total)
    }))
  };
}
var commitOf = ({ header }) => header.origin?.commit ?? null;
function counts2({ expected, outcomes, measured, passed, rate, reward, ms, costUsd, inputTokens, outputTokens, priced }) {
  return { expected, outcomes: { ...outcomes }, measured, passed, rate, reward, ms, costUsd, inputTokens, outputTokens, priced };
}
function severities(drift) {
  const counted = { high: 0, medium: 0, low: 0 };
  for (const { severity } of drift) counted[severity] += 1;
  return counted;
}

// src/report/suite/median.ts
var EXACT = 256;
var GROWTH = Math.log(1.01);
var Median = class {
  #values = [];
  #buckets = /* @__PURE__ */ new Map();
  #count = 0;
  add(value) {
    this.#count += 1;
    if (this.#values === null) return this.#fold(value);
    this.#values.push(value);
    if (this.#values.length <= EXACT) return;
    for (const one of this.#values) this.#fold(one);
    this.#values = null;
  }
  /** null: there was no value. */
  get value() {
    if (this.#count === 0) return null;
    const [low, high] = [this.#count - 1 >> 1, this.#count >> 1];
    if (this.#values !== null) {
      const sorted = this.#values.toSorted((a, b) => a - b);
      return ((sorted[low] ?? 0) + (sorted[high] ?? 0)) / 2;
    }
    let seen2 = 0;
    for (const [bucket, count] of [...this.#buckets].sort(([a], [b]) => a - b)) {
      seen2 += count;
      if (seen2 > low) return bucket === -Infinity ? 0 : Math.exp((bucket + 0.5) * GROWTH);
    }
    return null;
  }
  #fold(value) {
    const bucket = Math.floor(Math.log(value) / GROWTH);
    this.#buckets.set(bucket, (this.#buckets.get(bucket) ?? 0) + 1);
  }
};

// src/report/suite/tally.ts
var KEPT = 50;
var LONGEST = 300;
var CHECKS = 10;
async function tallyNight({ name, header, trials, complete }, keep = false) {
  const sums = /* @__PURE__ */ new Map();
  for (const { task, trials: count, deterministic } of header.expected) {
    const sum = sums.get(task) ?? new TaskSum(task, deterministic, keep);
    sums.set(task, sum);
    sum.expected += count;
  }
  const all = new Sum();
  for await (const trial of trials) {
    const sum = sums.get(trial.task);
    if (sum === void 0) throw notExpected(name, trial.task);
    sum.add(trial);
    all.add(trial);
  }
  const tasks2 = [...sums.values()].map((sum) => sum.ofTask());
  const rates = tasks2.flatMap(({ rate: rate2 }) => rate2 ?? []);
  all.expected = tasks2.reduce((count, { expected }) => count + expected, 0);
  const rate = rates.length === 0 ? null : rates.reduce((a, b) => a + b) / rates.length;
  return { name, header, complete: complete(), tasks: tasks2, total: { ...all.tally(), rate } };
}
function notExpected(name, task) {
  const message = `${name}: a trial of the task ${JSON.stringify(task.slice(0, LONGEST))}, which its header does not expect`;
  return new UserError([{ message, place: null, remedy: "Take the file as the run or the merge wrote it." }]);
}
var Sum = class {
  expected = 0;
  #outcomes = Object.fromEntries(TRIAL_OUTCOMES.map((outcome) => [outcome, 0]));
  #ms = new Median();
  #reward = new Total();
  #cost = new Total();
  #input = new Total();
  #output = new Total();
  add({ outcome, reward, ms, usage }) {
    this.#outcomes[outcome] += 1;
    if (MEASURED.includes(outcome)) {
      this.#ms.add(ms.total);
      this.#reward.add(reward);
    }
    this.#cost.add(usage.costUsd);
    this.#input.add(usage.inputTokens);
    this.#output.add(usage.outputTokens);
  }
  tally() {
    const measured = MEASURED.reduce((count, outcome) => count + this.#outcomes[outcome], 0);
    const passed = this.#outcomes.pass;
    return {
      expected: this.expected,
      outcomes: this.#outcomes,
      measured,
      passed,
      rate: measured === 0 ? null : passed / measured,
      reward: this.#reward.sum === null ? null : this.#reward.sum / this.#reward.count,
      ms: this.#ms.value,
      costUsd: this.#cost.sum,
      inputTokens: this.#input.sum,
      outputTokens: this.#output.sum,
      priced: this.#cost.count
    };
  }
};
var TaskSum = class extends Sum {
  #task;
  #deterministic;
  #keep;
  #bad = [];
  #good = [];
  #seen = 0;
  constructor(task, deterministic, keep) {
    super();
    this.#task = task;
    this.#deterministic = deterministic;
    this.#keep = keep ? KEPT : 0;
  }
  add(trial) {
    super.add(trial);
    this.#seen += 1;
    const list = trial.outcome === "pass" ? this.#good : this.#bad;
    if (list.length < this.#keep) list.push(kept(trial));
  }
  ofTask() {
    const tally = this.tally();
    const trials = [...this.#bad, ...this.#good].slice(0, this.#keep).sort((a, b) => a.trial - b.trial);
    const flaky = tally.passed > 0 && tally.passed < tally.measured;
    return { ...tally, task: this.#task, deterministic: this.#deterministic, flaky, trials, left: this.#seen - trials.length };
  }
};
var Total = class {
  sum = null;
  count = 0;
  add(value) {
    if (value === null) return;
    this.sum = (this.sum ?? 0) + value;
    this.count += 1;
  }
};
function kept({ trial, seed, outcome, what, because, reward, failed, ms, usage, record }) {
  const checks = failed.slice(0, CHECKS).map(cut);
  if (failed.length > CHECKS) checks.push(`and ${failed.length - CHECKS} more`);
  return { trial, seed, outcome, what, because: cut(because), reward, failed: checks, record, ms: ms.total, costUsd: usage.costUsd };
}
var cut = (text) => text.length > LONGEST ? `${text.slice(0, LONGEST).toWellFormed()}…` : text;

// src/statistics/pass-at-k.ts
function passAtK({ passed, trials }, k) {
  return trials < k ? null : 1 - Math.exp(logChoose(trials - passed, k) - logChoose(trials, k));
}
function passHatK({ passed, trials }, k) {
  return trials < k ? null : Math.exp(logChoose(passed, k) - logChoose(trials, k));
}
function estimate(tasks2, k, kind, { seed = 1, resamples = 2e3 } = {}) {
  const values = tasks2.flatMap((task) => (kind === "pass@k" ? passAtK(task, k) : passHatK(task, k)) ?? []);
  if (values.length < 2) return { k, value: values[0] ?? null, low: 0, high: 1, tasks: values.length };
  const random = sfc32(seed, k);
  const means = Float64Array.from({ length: resamples }, () => {
    let sum = 0;
    for (let at2 = 0; at2 < values.length; at2 += 1) sum += values[Math.floor(random() * values.length)] ?? 0;
    return sum / values.length;
  }).sort();
  const at = (share) => means[Math.round(share * (resamples - 1))] ?? 0;
  return { k, value: values.reduce((sum, value) => sum + value, 0) / values.length, low: at(0.025), high: at(0.975), tasks: values.length };
}

// src/cli/suite-reports.ts
var REPORTS = ["suite.html", "suite.json", "junit.xml", "summary.md"];
async function writeReports(out, { results, nights, comparison, failures }) {
  const current = await tallied("now", results, true);
  const earlier = [];
  for (const { name, path } of nights) earlier.push(await tallied(name, path, false));
  earlier.sort((a, b) => a.header.started < b.header.started ? -1 : 1);
  const input = { current, nights: earlier, comparison, failures, figures: figuresOf(current) };
  const base = relative(out, dirname(results)).split("/").filter((part) => part !== "").map(encodeURIComponent).join("/");
  const write = (name, content) => writeFileSync(join2(out, name), content, { mode: 384 });
  write("suite.html", suiteHtml(input, { base: base === "" ? "" : `${base}/` }));
  write("suite.json", `${JSON.stringify(suiteJson(input), null, 2)}
`);
  write("summary.md", suiteMarkdown(input, LARGEST_SUMMARY));
  await pipeline(Readable.from(junit(current, () => readTrials(results))), createWriteStream(join2(out, "junit.xml"), { mode: 384 }));
  return input;
}
async function tallied(name, path, keep) {
  const trials = readTrials(path);
  return tallyNight({ name, header: trials.header, trials, complete: () => trials.complete }, keep);
}
var MOST_K = 10;
function figuresOf({ tasks: tasks2 }) {
  const counts3 = tasks2.filter(({ measured }) => measured > 0).map(({ passed, measured }) => ({ passed, trials: measured }));
  const most = Math.min(MOST_K, ...counts3.map(({ trials }) => trials));
  const of = (kind, k) => {
    const { value, low, high } = estimate(counts3, k, kind);
    return value === null ? [] : [{ k, value, low, high }];
  };
  const ks = counts3.length === 0 ? [] : Array.from({ length: most }, (_, at) => at + 1);
  return {
    pass1: counts3.length === 0 ? null : of("pass@k", 1)[0] ?? null,
    passAtK: ks.flatMap((k) => of("pass@k", k)),
    passHatK: ks.flatMap((k) => of("pass^k", k))
  };
}

export {
  LARGEST_SUMMARY,
  LARGEST_COMMENT,
  suiteMarkdown,
  REPORTS,
  writeReports
};
