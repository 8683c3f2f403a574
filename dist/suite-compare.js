const { writeFileSync } = process.getBuiltinModule("node:fs");
const { resolve } = process.getBuiltinModule("node:path");
import {
  DEFAULTS,
  compare,
  infraShare,
  list,
  percent,
  short,
  suspects,
  worstFirst
} from "./shared-compare-verdict.js";
import {
  json
} from "./shared-cli-io.js";
import "./shared-statistics-factorial.js";
import {
  readTrials
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
import {
  DRIFT_KINDS,
  FAIL_ON
} from "./shared-model-suite.js";
import {
  didYouMean,
  parse,
  wrong
} from "./shared-cli-args.js";
import "./shared-policy-nearest.js";
import "./shared-model-errors.js";
import "./shared-model-outcome.js";
import "./shared-runtime.js";

// src/cli/suite-compare.ts

// src/compare/failures.ts
function failures(comparison, failOn = comparison.settings.failOn) {
  return failOn.flatMap((what) => isDrift(what) ? drifted(comparison, what) : happened(comparison, what));
}
function happened({ verdict, because, current, missing, tasks, settings }, what) {
  switch (what) {
    case "regression":
      return verdict === "regressed" ? [`regression: ${because[0] ?? ""}`] : [];
    case "violation":
    case "tampered":
      return current.outcomes[what] > 0 ? [`${what}: ${current.outcomes[what]} of the trials`] : [];
    case "missing":
      return missing.length > 0 ? [`missing: ${list(missing)}`] : [];
    case "infra":
      return infraShare(current) > settings.maxInfra ? [`infra: ${percent(infraShare(current))} of the trials`] : [];
    case "inconclusive":
      return verdict === "inconclusive" ? [`inconclusive: ${because[0] ?? ""}`] : [];
    case "flaky": {
      const flaky = tasks.filter((task) => task.flaky).map(({ task }) => task);
      return flaky.length > 0 ? [`flaky: ${list(flaky)}`] : [];
    }
  }
}
function drifted({ drift }, kind) {
  const found = drift.filter((one) => one.kind === kind);
  const [first] = found;
  if (first === void 0) return [];
  const where = first.task === null ? "" : `${displayText(first.task)}: `;
  return [`${kind}: ${where}${displayText(first.message)}${found.length > 1 ? `, and ${found.length - 1} more` : ""}`];
}
var isDrift = (what) => DRIFT_KINDS.includes(what);

// src/cli/suite-compare-text.ts
var TASKS = 30;
var DRIFT = 20;
var REFUSED = 20;
function comparisonText(comparison) {
  const { suite, verdict, because, tasks, drift, refused } = comparison;
  const told = tasks.filter((task) => task.verdict !== "steady" || task.flaky).toSorted(worstFirst);
  const lines = [
    `${displayText(suite)}: ${verdict}`,
    ...because.map((line) => `  ${shown(line, 1e3)}`),
    ...sides(comparison),
    ...columns(told.slice(0, TASKS).map(row)),
    ...left(told.length - TASKS, "task"),
    ...drift.slice(0, DRIFT).map(({ severity, kind, task, message, what, more }) => {
      const names = [...what.slice(0, 5).map((name) => displayText(name, 80)), ...left(more + Math.max(0, what.length - 5), "name")];
      return `${severity} drift, ${kind}${task === null ? "" : ` of ${displayText(task)}`}: ${shown(message)}${names.length > 0 ? `: ${names.join(", ")}` : ""}`;
    }),
    ...left(drift.length - DRIFT, "drift"),
    ...refused.slice(0, REFUSED).map(({ name, why }) => `not a baseline: ${displayText(name)}: ${shown(why)}`),
    ...left(refused.length - REFUSED, "baseline")
  ];
  return `${lines.join("\n")}
`;
}
var shown = (text, limit) => displayText(text, limit).replaceAll("\\\\", "\\");
function sides({ current, baseline }) {
  const now = `now: ${current.passed} of ${current.trials} trials passed, ${current.tasks} tasks${current.rate === null ? "" : `, ${percent(current.rate)}`}`;
  const infra = infraShare(current) > 0 ? `, infra ${percent(infraShare(current))}` : "";
  if (baseline === null) return [`  ${now}${infra}`];
  const then = `before: ${baseline.passed} of ${baseline.trials}, ${baseline.nights.length} night${baseline.nights.length === 1 ? "" : "s"}${baseline.rate === null ? "" : `, ${percent(baseline.rate)}`}`;
  return [`  ${now}${infra}`, `  ${then}`];
}
function row({ task, verdict, now, then, p, q, confirm, flaky }) {
  return [
    displayText(task, 100),
    `${verdict}${flaky ? ", flaky" : ""}`,
    interval(now),
    then === null ? "" : `before ${interval(then)}`,
    confirm === null ? "" : `further ${interval(confirm.now)}`,
    p === null ? "" : `p ${short(confirm?.p ?? p)}`,
    q === null ? "" : `q ${short(confirm?.q ?? q)}`
  ];
}
var interval = ({ passed, trials, low, high }) => `${passed}/${trials} (${(100 * low).toFixed(1)}-${(100 * high).toFixed(1)} %)`;
function columns(rows) {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((cells) => cells[at]?.length ?? 0)));
  return rows.map((cells) => `  ${cells.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join("  ")}`.trimEnd());
}
var left = (count, what) => count > 0 ? [`and ${count} more ${what}${count === 1 ? "" : "s"}`] : [];

// src/cli/suite-compare.ts
var COMPARE_CODES = { well: 0, failed: 1, inconclusive: 4 };
var OPTIONS = {
  confirm: "string",
  alpha: "string",
  "min-effect": "string",
  "min-visible": "string",
  "max-infra": "string",
  "min-ratio": "string",
  permutations: "string",
  seed: "string",
  "fail-on": "string",
  "on-inconclusive": "string",
  out: "string",
  json: "boolean"
};
var KNOWN = [...FAIL_ON, ...DRIFT_KINDS];
async function suiteCompare(argv, io, given = { found: [], refused: [] }) {
  const { baselines, rest } = takeBaselines(argv);
  const args = parse(rest, OPTIONS, Number.POSITIVE_INFINITY);
  const [results, ...more] = args.positionals;
  if (results === void 0) throw wrong("which results? agent-jail suite compare RESULTS --baseline FILE…");
  if (more.length > 0 && (baselines.length === 0 || argv[0] !== results))
    throw wrong(`too many arguments: ${JSON.stringify(more[0])}`, FIRST);
  const inForce = settingsOf(args);
  const strict = oneOf(args, "on-inconclusive", ["pass", "fail"]) === "fail";
  const open = (name, path = resultsFile(name, io)) => {
    const trials = readTrials(path);
    return { name, header: trials.header, trials, complete: trials.complete };
  };
  const { confirm } = args.options;
  const earlier = [
    ...[...baselines, ...more].map((name) => open(name)),
    ...given.found.map(({ name, path }) => open(name, path)),
    ...given.refused
  ];
  const comparison = await compare(open(results), earlier, inForce, confirm === void 0 ? null : open(confirm));
  const failed = failures(comparison);
  const { out } = args.options;
  if (out !== void 0) save(resolve(io.cwd, out), `${JSON.stringify(comparison)}
`);
  if (args.options["json"]) json(io, { ...comparison, failed, suspects: suspects(comparison.tasks, inForce) });
  else io.out(comparisonText(comparison));
  for (const line of failed) io.err(`agent-jail: failed: ${line}
`);
  if (failed.length > 0) return COMPARE_CODES.failed;
  const unsaid = comparison.verdict === "inconclusive" || comparison.verdict === "none" && comparison.refused.length > 0;
  return strict && unsaid ? COMPARE_CODES.inconclusive : COMPARE_CODES.well;
}
var FIRST = "RESULTS comes first, then --baseline and its files.";
function takeBaselines(argv) {
  const [baselines, rest] = [[], []];
  for (let at = 0; at < argv.length; at += 1) {
    const word = argv[at] ?? "";
    if (word.startsWith("--baseline=")) baselines.push(word.slice("--baseline=".length));
    else if (word !== "--baseline") rest.push(word);
    else {
      at += 1;
      const file = argv[at];
      if (file === void 0 || file.startsWith("--")) throw wrong("--baseline needs a FILE");
      baselines.push(file);
    }
  }
  return { baselines, rest };
}
function settingsOf(args) {
  const number = (name, without, least, most, whole = false) => {
    const text = args.options[name];
    if (text === void 0) return without;
    const value = Number(text);
    const is = /^\d*\.?\d+$/.test(text) && value >= least && value <= most && (!whole || Number.isInteger(value));
    if (!is) throw wrong(`--${name} ${JSON.stringify(text)} is not ${whole ? "a whole number" : "a number"} from ${least} to ${most}`);
    return value;
  };
  return {
    alpha: number("alpha", DEFAULTS.alpha, 1e-4, 0.5),
    minEffect: number("min-effect", DEFAULTS.minEffect, 0, 1),
    minVisible: number("min-visible", DEFAULTS.minVisible, 0, 1),
    maxInfra: number("max-infra", DEFAULTS.maxInfra, 0, 1),
    minRatio: number("min-ratio", DEFAULTS.minRatio, 1, 1e3),
    permutations: number("permutations", DEFAULTS.permutations, 1e3, 1e6, true),
    seed: number("seed", DEFAULTS.seed, 0, Number.MAX_SAFE_INTEGER, true),
    failOn: failOnOf(args.options["fail-on"])
  };
}
function failOnOf(text) {
  if (text === void 0) return DEFAULTS.failOn;
  const names = text.split(/[\s,]+/).filter((name) => name !== "");
  const unknown = names.find((name) => !KNOWN.includes(name));
  if (unknown === void 0) return [...new Set(names)];
  throw wrong(`--fail-on ${JSON.stringify(unknown)} is not known`, didYouMean(unknown, KNOWN) || `Known are ${KNOWN.join(", ")}.`);
}
function oneOf(args, name, allowed) {
  const value = args.options[name] ?? allowed[0];
  if (allowed.includes(value)) return value;
  throw wrong(`--${name} ${JSON.stringify(value)} is not one of ${allowed.join(", ")}`);
}
function save(path, text) {
  try {
    writeFileSync(path, text, { mode: 384, flag: "wx" });
  } catch (error) {
    const code = error.code ?? String(error);
    throw wrong(
      `cannot write ${JSON.stringify(path)}: ${code === "EEXIST" ? "it is there already" : code}`,
      "Give another file: --out FILE.json."
    );
  }
}
export {
  COMPARE_CODES,
  suiteCompare
};
