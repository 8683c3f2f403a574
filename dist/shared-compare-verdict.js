import {
  logChoose,
  sfc32
} from "./shared-statistics-factorial.js";
import {
  RecordError
} from "./shared-record-error.js";
import {
  displayText
} from "./shared-record-display.js";
import {
  DRIFT_KINDS,
  MEASURED,
  TRIAL_OUTCOMES
} from "./shared-model-suite.js";
import {
  UserError
} from "./shared-model-errors.js";

// src/compare/settings.ts
var DEFAULTS = {
  alpha: 0.05,
  minEffect: 0.05,
  minVisible: 0.25,
  maxInfra: 0.1,
  permutations: 1e4,
  seed: 1,
  failOn: ["regression", "violation", "tampered", "missing"],
  minRatio: 1.5
};
var ROUNDING = 1e-9;
var matters = (change, { minEffect }) => change >= minEffect - ROUNDING;
var level = ({ alpha }) => alpha / 2;

// src/statistics/benjamini-hochberg.ts
function benjaminiHochberg(p) {
  const order = p.map((_, at) => at).toSorted((a, b) => (p[b] ?? 0) - (p[a] ?? 0));
  const q = p.map(() => 1);
  let least = 1;
  for (const [place, at] of order.entries()) {
    least = Math.min(least, (p[at] ?? 1) * p.length / (p.length - place));
    q[at] = least;
  }
  return q;
}

// src/statistics/hypergeometric.ts
function hypergeometric({ passed, now, then }) {
  const [first, last] = [Math.max(0, passed - then), Math.min(now, passed)];
  const ways = logChoose(now + then, now);
  const of = Array.from(
    { length: last - first + 1 },
    (_, at) => Math.exp(logChoose(passed, first + at) + logChoose(now + then - passed, now - first - at) - ways)
  );
  return { first, of };
}
function sampler({ first, of }, random) {
  let sum = 0;
  const upTo = of.map((p) => sum += p);
  return () => {
    const wanted = random() * sum;
    let [low, high] = [0, upTo.length - 1];
    while (low < high) {
      const middle = low + high >> 1;
      if ((upTo[middle] ?? 1) > wanted) high = middle;
      else low = middle + 1;
    }
    return first + low;
  };
}

// src/statistics/fisher.ts
var AS_LIKELY = 1 + 1e-7;
function fisher(now, then, side) {
  const { first, of } = hypergeometric({ passed: now.passed + then.passed, now: now.trials, then: then.trials });
  const seen = now.passed - first;
  const limit = (of[seen] ?? 0) * AS_LIKELY;
  const extreme = of.filter((p, at) => side === "drop" ? at <= seen : side === "rise" ? at >= seen : p <= limit);
  return Math.min(
    1,
    extreme.reduce((sum, p) => sum + p, 0)
  );
}

// src/statistics/wilson.ts
var Z = 1.959963984540054;
function wilson(passed, trials) {
  if (trials === 0) return { low: 0, high: 1 };
  const [rate2, z2] = [passed / trials, Z * Z];
  const middle = (rate2 + z2 / (2 * trials)) / (1 + z2 / trials);
  const half = Z / (1 + z2 / trials) * Math.sqrt(rate2 * (1 - rate2) / trials + z2 / (4 * trials * trials));
  return { low: passed === 0 ? 0 : middle - half, high: passed === trials ? 1 : middle + half };
}

// src/compare/tasks.ts
var rate = ({ passed, trials }) => passed / trials;
var isMeasured = (count2) => count2 !== null && count2.trials > 0;
function compareTasks(tasks, settings) {
  const first = tests(tasks.map(({ now, then, deterministic }) => ({ now, then, deterministic })));
  const again = tests(tasks.map(({ confirm, then, deterministic }) => ({ now: confirm, then, deterministic })));
  return tasks.map(({ task, deterministic, now, then, confirm }, at) => {
    const [one, more] = [first[at] ?? NOT_TESTED, again[at] ?? NOT_TESTED];
    const further = isMeasured(confirm) && more.drop !== null ? { now: interval(confirm), p: more.drop, q: more.dropQ ?? more.drop } : null;
    return {
      task,
      now: interval(now),
      then: isMeasured(then) ? interval(then) : null,
      p: one.drop,
      q: one.dropQ,
      confirm: further,
      verdict: verdictOf(
        now,
        then,
        deterministic,
        { counts: further === null ? now : confirm ?? now, ...further === null ? one : more },
        settings
      ),
      flaky: isFlaky(now, confirm),
      deterministic
    };
  });
}
var NOT_TESTED = { drop: null, dropQ: null, riseQ: null };
function tests(sides) {
  const p = sides.map(
    ({ now, then }) => isMeasured(now) && isMeasured(then) ? { drop: fisher(now, then, "drop"), rise: fisher(now, then, "rise") } : null
  );
  const family = p.flatMap((test2, at) => test2 !== null && !isFixed(sides[at]) ? [{ at, ...test2 }] : []);
  const [drops, rises] = [benjaminiHochberg(family.map(({ drop }) => drop)), benjaminiHochberg(family.map(({ rise }) => rise))];
  const place = new Map(family.map(({ at }, index) => [at, index]));
  return p.map((test2, at) => {
    const index = place.get(at);
    return {
      drop: test2?.drop ?? null,
      dropQ: index === void 0 ? null : drops[index] ?? null,
      riseQ: index === void 0 ? null : rises[index] ?? null
    };
  });
}
function isFixed(side) {
  return side !== void 0 && side.deterministic && isMeasured(side.then) && (side.then.passed === 0 || side.then.passed === side.then.trials);
}
function verdictOf(now, then, deterministic, judged, settings) {
  if (!isMeasured(now)) return "missing";
  if (!isMeasured(then)) return "new";
  if (isFixed({ then, deterministic })) {
    if (then.passed > 0) return now.passed < now.trials ? "regressed" : "steady";
    return now.passed > 0 ? "improved" : "steady";
  }
  const change = rate(judged.counts) - rate(then);
  if ((judged.dropQ ?? 1) <= level(settings) && matters(-change, settings)) return "regressed";
  return (judged.riseQ ?? 1) <= level(settings) && matters(change, settings) ? "improved" : "steady";
}
function isFlaky(...counts2) {
  const some = counts2.filter(isMeasured);
  return some.some(({ passed }) => passed > 0) && some.some(({ passed, trials }) => passed < trials);
}
var interval = ({ passed, trials }) => ({ passed, trials, ...wilson(passed, trials) });
function suspects(tasks, settings) {
  return tasks.filter(({ now, then, p, deterministic }) => {
    if (p === null || then === null || isFixed({ then, deterministic })) return false;
    return p <= settings.alpha && matters(rate(then) - rate(now), settings);
  }).map(({ task }) => task);
}

// src/statistics/normal.ts
var TAIL = 2.5;
var TERMS = 200;
function normalCdf(z) {
  if (z < -TAIL) return upperTail(-z);
  if (z > TAIL) return 1 - upperTail(z);
  let [sum, term] = [z, z];
  for (let n = 3; n < TERMS && Math.abs(term) > 1e-17; n += 2) {
    term *= z * z / n;
    sum += term;
  }
  return 0.5 + density(z) * sum;
}
function upperTail(z) {
  let below = z;
  for (let n = TERMS; n > 0; n -= 1) below = z + n / below;
  return density(z) / below;
}
var density = (z) => Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI);

// src/statistics/mann-whitney.ts
var COUNTED = 20;
function mannWhitney(now, then) {
  const [n, m] = [now.length, then.length];
  if (n === 0 || m === 0) return 1;
  const { u, ties } = rank(now, then);
  if (ties === 0 && n <= COUNTED && m <= COUNTED) return exact(u, n, m);
  const [total, mean] = [n + m, n * m / 2];
  const variance = n * m / 12 * (total + 1 - ties / (total * (total - 1)));
  const distance = Math.max(0, Math.abs(u - mean) - 0.5);
  return variance <= 0 ? 1 : Math.min(1, 2 * normalCdf(-distance / Math.sqrt(variance)));
}
function rank(now, then) {
  const all = [...now.map((value) => ({ value, now: 1 })), ...then.map((value) => ({ value, now: 0 }))];
  all.sort((a, b) => a.value - b.value);
  let [ranks, ties] = [0, 0];
  for (let from = 0; from < all.length; ) {
    let [to, ours] = [from, 0];
    for (; to < all.length && all[to]?.value === all[from]?.value; to += 1) ours += all[to]?.now ?? 0;
    const t = to - from;
    ranks += ours * ((from + 1 + to) / 2);
    ties += t ** 3 - t;
    from = to;
  }
  return { u: ranks - now.length * (now.length + 1) / 2, ties };
}
function exact(u, n, m) {
  const ways = counts(n, m);
  const far = Math.min(u, n * m - u);
  const [below, all] = [ways.slice(0, far + 1), ways].map((some) => some.reduce((sum, count2) => sum + count2, 0));
  return Math.min(1, 2 * (below ?? 0) / (all ?? 1));
}
function counts(n, m) {
  const known = kept.get(n * (COUNTED + 1) + m);
  if (known !== void 0) return known;
  const ways = new Float64Array(n * m + 1);
  ways[0] = 1;
  for (let i = 1; i <= n; i += 1) {
    for (let u = n * m; u >= m + i; u -= 1) ways[u] = (ways[u] ?? 0) - (ways[u - m - i] ?? 0);
    for (let u = i; u <= n * m; u += 1) ways[u] = (ways[u] ?? 0) + (ways[u - i] ?? 0);
  }
  kept.set(n * (COUNTED + 1) + m, ways);
  return ways;
}
var kept = /* @__PURE__ */ new Map();

// src/statistics/median.ts
function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const [low, high] = [sorted[sorted.length - 1 >> 1], sorted[sorted.length >> 1]];
  return low === void 0 || high === void 0 ? null : low + (high - low) / 2;
}

// src/compare/drift-kinds.ts
var SEVERITY = {
  "runs-later": "high",
  "new-host": "high",
  "new-denied-host": "medium",
  "new-program": "medium",
  "new-path": "low",
  "lost-path": "low",
  "lost-host": "low",
  "lost-program": "low",
  denials: "medium",
  exit: "medium",
  duration: "low",
  output: "low",
  memory: "low",
  tokens: "medium",
  cost: "medium",
  turns: "low",
  agent: "medium",
  policy: "medium",
  root: "low",
  version: "low"
};
var FEATURE_KINDS = [
  {
    kind: "runs-later",
    feature: "runsLater",
    prefix: null,
    direction: "new",
    always: true,
    message: "files that run later were changed, and never before"
  },
  { kind: "new-host", feature: "hosts", prefix: "+", direction: "new", always: true, message: "hosts were reached, and never before" },
  {
    kind: "new-denied-host",
    feature: "hosts",
    prefix: "-",
    direction: "new",
    always: true,
    message: "hosts were asked for and denied, and never before"
  },
  { kind: "new-program", feature: "programs", prefix: null, direction: "new", always: false, message: "programs ran that never did" },
  { kind: "new-path", feature: "paths", prefix: null, direction: "new", always: false, message: "paths were changed that never were" },
  { kind: "lost-path", feature: "paths", prefix: null, direction: "lost", always: false, message: "paths are no longer changed" },
  { kind: "lost-host", feature: "hosts", prefix: null, direction: "lost", always: false, message: "hosts are no longer asked for" },
  { kind: "lost-program", feature: "programs", prefix: null, direction: "lost", always: false, message: "programs no longer run" }
];
var NUMBER_LABELS = {
  duration: { label: "the agent took", unit: "ms" },
  output: { label: "output", unit: "bytes" },
  memory: { label: "memory", unit: "bytes" },
  tokens: { label: "tokens", unit: "" },
  cost: { label: "cost", unit: "USD" },
  turns: { label: "turns", unit: "" },
  denials: { label: "refused questions, connections and requests", unit: "" }
};

// src/compare/sample.ts
var KEPT = 200;
var Sample = class {
  values = [];
  #seen = 0;
  add(value, random) {
    if (value === null) return;
    this.#seen += 1;
    if (this.values.length < KEPT) this.values.push(value);
    else {
      const at = Math.floor(random() * this.#seen);
      if (at < KEPT) this.values[at] = value;
    }
  }
};

// src/compare/tally.ts
var FEATURES = ["paths", "runsLater", "hosts", "programs"];
var NUMBERS = ["duration", "output", "memory", "tokens", "cost", "turns", "denials"];
var MOST_NAMES = 5e3;
var TaskTally = class {
  outcomes = noOutcomes();
  measured = 0;
  passed = 0;
  /** Names that the trials' own lists left out. */
  more = 0;
  /** Trials in which the agent ran. */
  ran = 0;
  seen = {
    paths: /* @__PURE__ */ new Map(),
    runsLater: /* @__PURE__ */ new Map(),
    hosts: /* @__PURE__ */ new Map(),
    programs: /* @__PURE__ */ new Map()
  };
  exits = /* @__PURE__ */ new Map();
  numbers = Object.fromEntries(NUMBERS.map((name) => [name, new Sample()]));
  add(trial, random) {
    this.outcomes[trial.outcome] += 1;
    const measured = MEASURED.includes(trial.outcome);
    if (measured) this.measured += 1;
    if (trial.outcome === "pass") this.passed += 1;
    if (trial.run === null) return;
    this.ran += 1;
    this.more += trial.behaviour.more;
    for (const feature of FEATURES) {
      for (const name of new Set(trial.behaviour[feature])) note(this.seen[feature], name, { measured: Number(measured), all: 1 });
    }
    if (!measured) return;
    const exit = trial.run.signal ?? (trial.run.code === null ? "no exit code" : `exit code ${trial.run.code}`);
    this.exits.set(exit, (this.exits.get(exit) ?? 0) + 1);
    for (const name of NUMBERS) this.numbers[name].add(numberOf(trial, name), random);
  }
  /** Another night's. */
  merge(other, random) {
    for (const outcome of TRIAL_OUTCOMES) this.outcomes[outcome] += other.outcomes[outcome];
    this.measured += other.measured;
    this.passed += other.passed;
    this.ran += other.ran;
    this.more += other.more;
    for (const feature of FEATURES) for (const [name, seen] of other.seen[feature]) note(this.seen[feature], name, seen);
    for (const [exit, count2] of other.exits) this.exits.set(exit, (this.exits.get(exit) ?? 0) + count2);
    for (const name of NUMBERS) for (const value of other.numbers[name].values) this.numbers[name].add(value, random);
  }
};
async function tally(data, seed) {
  const { name, header } = data;
  const tasks = new Map(header.expected.map(({ task }) => [task, new TaskTally()]));
  const [agents, roots, versions] = [/* @__PURE__ */ new Set(), /* @__PURE__ */ new Set(), /* @__PURE__ */ new Set()];
  const random = sfc32(seed, 4);
  for await (const trial of data.trials) {
    const task = tasks.get(trial.task);
    if (task === void 0) continue;
    task.add(trial, random);
    few(versions, trial.version);
    if (trial.root !== null) few(roots, trial.root);
    if (trial.agent !== null) few(agents, [trial.agent.name, trial.agent.version, trial.agent.model ?? ""].join(" ").trim());
  }
  const policies = new Map(header.expected.map(({ task, policy }) => [task, policy]));
  return { name, header, tasks, policies, agents, roots, versions, complete: data.complete };
}
function noOutcomes() {
  return Object.fromEntries(TRIAL_OUTCOMES.map((outcome) => [outcome, 0]));
}
function note(names, name, seen) {
  const known = names.get(name);
  if (known !== void 0) {
    known.measured += seen.measured;
    known.all += seen.all;
  } else if (names.size < MOST_NAMES) names.set(name, { ...seen });
}
function few(names, name) {
  if (names.size < 100) names.add(name);
}
function numberOf({ ms, usage, behaviour }, name) {
  switch (name) {
    case "duration":
      return ms.agent;
    case "output":
      return usage.output;
    case "memory":
      return usage.memory;
    case "tokens":
      return usage.inputTokens === null && usage.outputTokens === null ? null : (usage.inputTokens ?? 0) + (usage.outputTokens ?? 0);
    case "cost":
      return usage.costUsd;
    case "turns":
      return usage.turns;
    case "denials":
      return behaviour.denied;
  }
}

// src/compare/drift.ts
var USUAL = 0.8;
var FEWEST = 3;
var NAMED = 20;
function driftOfTasks(pairs, settings) {
  const found = pairs.filter(({ then }) => then.ran > 0).flatMap((pair) => [...FEATURE_KINDS.flatMap((kind) => features(pair, kind)), ...exits(pair)]);
  const order = (kind) => DRIFT_KINDS.indexOf(kind);
  return [...found, ...numbers(pairs, settings)].toSorted((a, b) => order(a.kind) - order(b.kind));
}
function features({ task, now, then }, { kind, feature, prefix, direction, always, message }) {
  const [here, there] = direction === "new" ? [now, then] : [then, now];
  const enough = Math.min(now.measured, then.measured) >= FEWEST;
  const names = [...here.seen[feature]].filter(([name, { measured }]) => {
    if (prefix !== null && !name.startsWith(prefix)) return false;
    if (there.seen[feature].has(name)) return false;
    return always || enough && measured >= USUAL * here.measured;
  }).map(([name]) => name).toSorted();
  const far = there.more > 0 ? ", as far as the lists go, which were cut" : "";
  return names.length === 0 ? [] : [drift(kind, task, `${message}${far}`, names)];
}
function exits({ task, now, then }) {
  const usual = ({ exits: all, measured }) => measured < FEWEST ? null : [...all].find(([, count2]) => count2 >= USUAL * measured)?.[0] ?? null;
  const [is, was] = [usual(now), usual(then)];
  return is === null || was === null || is === was ? [] : [drift("exit", task, `usually ended with ${was}, now with ${is}`, [is])];
}
function numbers(pairs, { alpha, minRatio }) {
  const tested = pairs.flatMap(
    ({ task, now, then }) => NUMBERS.flatMap((name) => test(task, name, now.numbers[name].values, then.numbers[name].values))
  );
  const q = benjaminiHochberg(tested.map(({ p }) => p));
  return tested.filter(({ now, then }, at) => (q[at] ?? 1) <= alpha && Math.max(now, then) >= minRatio * Math.min(now, then)).map(({ task, name, now, then, p }) => {
    const { label, unit } = NUMBER_LABELS[name];
    const show2 = (value) => `${Number(value.toPrecision(4))}${unit === "" ? "" : ` ${unit}`}`;
    return { ...drift(name, task, `${label}: median ${show2(now)}, before ${show2(then)}`, []), now, then, p };
  });
}
function test(task, name, now, then) {
  const [is, was] = [median(now), median(then)];
  if (is === null || was === null || Math.min(now.length, then.length) < FEWEST) return [];
  return [{ task, name, now: is, then: was, p: mannWhitney(now, then) }];
}
function driftOfSuite(kind, now, then) {
  const fresh = [...now].filter((name) => !then.has(name)).toSorted();
  if (fresh.length === 0 || then.size === 0) return [];
  const was = [...then].toSorted().slice(-3);
  return [drift(kind, null, `${WHAT[kind]} was ${was.map((name) => displayText(name, 80)).join(", ")}`, fresh)];
}
var WHAT = {
  agent: "another agent version or model: it",
  root: "another root: it",
  version: "another version of agent-jail: it"
};
function driftOfPolicy(tasks) {
  return tasks.length === 0 ? [] : [drift("policy", null, "the policy of tasks has changed; their earlier trials under another one are left out", tasks)];
}
function drift(kind, task, message, names) {
  const what = names.slice(0, NAMED);
  return { kind, severity: SEVERITY[kind], task, message, what, more: names.length - what.length, then: null, now: null, p: null };
}

// src/statistics/permutation.ts
var COUNTED2 = 16;
var SLACK = 1e-9;
var difference = ({ now, then }) => now.passed / now.trials - then.passed / then.trials;
function permutationTest(pairs, alpha, settings) {
  const trials = shuffleTrials(pairs, settings);
  if (tooFew(pairs.length, alpha)) return { p: trials, exchanged: "trials" };
  return { p: Math.max(signFlip(pairs.map(difference), settings), trials), exchanged: "tasks" };
}
var tooFew = (tasks, alpha) => 2 ** -tasks > alpha;
function signFlip(differences, { permutations, seed }) {
  const sizes = differences.map(Math.abs).filter((size) => size > SLACK);
  const limit = differences.reduce((sum, d) => sum + d, 0) + SLACK;
  return sizes.length <= COUNTED2 ? allSigns(sizes, limit) : someSigns(sizes, limit, permutations, seed);
}
function allSigns(sizes, limit) {
  const signs = sizes.map(() => 1);
  let sum = sizes.reduce((all, size) => all + size, 0);
  let hits = sum <= limit ? 1 : 0;
  for (let step = 1; step < 2 ** sizes.length; step += 1) {
    const at = 31 - Math.clz32(step & -step);
    const sign = signs[at] ?? 1;
    sum -= 2 * sign * (sizes[at] ?? 0);
    signs[at] = -sign;
    if (sum <= limit) hits += 1;
  }
  return hits / 2 ** sizes.length;
}
function someSigns(sizes, limit, permutations, seed) {
  const random = sfc32(seed, 1);
  let hits = 1;
  for (let round = 0; round < permutations; round += 1) {
    let sum = 0;
    let bits = 0;
    for (const [at, size] of sizes.entries()) {
      if (at % 32 === 0) bits = random() * 2 ** 32;
      sum += (bits & 1) === 0 ? size : -size;
      bits >>>= 1;
    }
    if (sum <= limit) hits += 1;
  }
  return hits / (1 + permutations);
}
function shuffleTrials(pairs, { permutations, seed }) {
  const random = sfc32(seed, 2);
  const sums = new Float64Array(permutations);
  let seen = 0;
  for (const { now, then } of pairs) {
    const passed = now.passed + then.passed;
    if (passed === 0 || passed === now.trials + then.trials) continue;
    const weight = 1 / now.trials + 1 / then.trials;
    seen += now.passed * weight;
    const draw = sampler(hypergeometric({ passed, now: now.trials, then: then.trials }), random);
    for (let round = 0; round < permutations; round += 1) sums[round] = (sums[round] ?? 0) + draw() * weight;
  }
  const hits = sums.reduce((count2, sum) => sum <= seen + SLACK ? count2 + 1 : count2, 1);
  return hits / (1 + permutations);
}

// src/statistics/binomial.ts
var FAR = 9;
function binomialQuantile(u, n, p) {
  if (p <= 0) return 0;
  if (p >= 1) return n;
  let k = Math.max(0, Math.floor(n * p - FAR * Math.sqrt(n * p * (1 - p)) - FAR));
  const odds = p / (1 - p);
  let term = Math.exp(logChoose(n, k) + k * Math.log(p) + (n - k) * Math.log1p(-p));
  let sum = term;
  while (sum < u && k < n) {
    term *= (n - k) / (k + 1) * odds;
    k += 1;
    sum += term;
  }
  return k;
}

// src/statistics/power.ts
var HALVINGS = 9;
var SIMULATED_TASKS = 1e5;
var COUNTED3 = 10;
function smallestVisible(pairs, settings) {
  const chance = chanceOfDrop(pairs, settings);
  const power = settings.power ?? 0.8;
  const mean = pairs.reduce((sum, pair) => sum + rateThen(pair), 0) / pairs.length;
  if (pairs.length === 0 || chance(1) < power) return null;
  let [blind, seen] = [0, 1];
  for (let step = 0; step < HALVINGS; step += 1) {
    const share = (blind + seen) / 2;
    if (chance(share) < power) blind = share;
    else seen = share;
  }
  return seen * mean;
}
function chanceOfDrop(pairs, { alpha, minEffect, seed }) {
  const rounds = Math.max(50, Math.min(1e3, Math.floor(SIMULATED_TASKS / pairs.length)));
  const random = sfc32(seed, 3);
  const rates = pairs.map(rateThen);
  const luck = Float64Array.from({ length: rounds * pairs.length }, random);
  const before = Uint32Array.from(luck, (_, at) => {
    const task = at % pairs.length;
    return binomialQuantile(random(), pairs[task]?.then.trials ?? 0, rates[task] ?? 0);
  });
  return (share) => {
    let seen = 0;
    for (let round = 0; round < rounds; round += 1) {
      const drawn = pairs.map(({ now, then }, task) => {
        const at = round * pairs.length + task;
        const passed = binomialQuantile(luck[at] ?? 0, now.trials, (rates[task] ?? 0) * (1 - share));
        return { now: { passed, trials: now.trials }, then: { passed: before[at] ?? 0, trials: then.trials } };
      });
      if (isDrop(drawn, alpha, minEffect)) seen += 1;
    }
    return seen / rounds;
  };
}
var rateThen = ({ then }) => (then.passed + 1) / (then.trials + 2);
function isDrop(pairs, alpha, minEffect) {
  const differences = pairs.map(difference);
  const sum = differences.reduce((all, d) => all + d, 0);
  if (sum > (1e-9 - minEffect) * pairs.length) return false;
  let [variance, step] = [0, 0];
  for (const { now, then } of pairs) {
    const [all, passed] = [now.trials + then.trials, now.passed + then.passed];
    const weight = 1 / now.trials + 1 / then.trials;
    variance += weight * passed * (all - passed) / (all * Math.max(1, all - 1));
    step += weight / pairs.length;
  }
  if (variance === 0 || normalCdf((sum + step / 2) / Math.sqrt(variance)) > alpha) return false;
  if (tooFew(pairs.length, alpha)) return true;
  const differing = differences.filter((d) => d !== 0);
  if (differing.length <= COUNTED3) return signFlip(differing, { permutations: 0, seed: 0 }) <= alpha;
  return normalCdf(sum / Math.sqrt(differing.reduce((all, d) => all + d * d, 0))) <= alpha;
}

// src/compare/gate.ts
function testSuite(tasks, settings) {
  const pairs = tasks.flatMap(
    (task) => isMeasured(task.now) && isMeasured(task.then) && !isFixed(task) ? [{ now: task.now, then: task.then }] : []
  );
  if (pairs.length === 0) return { gate: null, dropped: false, rose: false };
  const drop = fell(pairs, settings);
  const rise = fell(
    pairs.map(({ now, then }) => ({ now: then, then: now })),
    settings
  );
  const visible = smallestVisible(pairs, { alpha: level(settings), minEffect: settings.minEffect, seed: settings.seed });
  const gate = { difference: drop.difference, p: drop.p, smallestVisible: visible, tasks: pairs.length, exchanged: drop.exchanged };
  return { gate, dropped: drop.fell, rose: rise.fell };
}
function fell(pairs, settings) {
  const mean = pairs.reduce((sum, pair) => sum + difference(pair), 0) / pairs.length;
  const test2 = permutationTest(pairs, level(settings), settings);
  return { ...test2, difference: mean, fell: test2.p <= level(settings) && matters(-mean, settings) };
}

// src/compare/refusal.ts
function refusal(current, baseline) {
  if (baseline.suite !== current.suite) return `it is of the suite ${show(baseline.suite)}, not of ${show(current.suite)}`;
  if (baseline.digest !== current.digest) return "the suite has changed since: its tasks or verifiers are others";
  if (baseline.agent !== current.agent) return `it is of the agent ${show(baseline.agent)}, not of ${show(current.agent)}`;
  return ofRun(current, baseline) ?? ofTime(current, baseline) ?? ofPolicy(current, baseline);
}
function ofRun({ origin: ours }, { origin }) {
  if (origin === null) return null;
  if (origin.event.startsWith("pull_request"))
    return `it was made by the event ${show(origin.event)}, whose commit anybody may have written`;
  if (lower(origin.head) !== lower(origin.repository)) {
    const head = origin.head === null ? "a repository that is not known" : show(origin.head);
    return `it is about a commit of ${head}, not of ${show(origin.repository)}`;
  }
  if (ours === null) return null;
  if (lower(origin.server) !== lower(ours.server) || lower(origin.repository) !== lower(ours.repository)) {
    return `it was made in ${show(`${origin.server}/${origin.repository}`)}, not in ${show(`${ours.server}/${ours.repository}`)}`;
  }
  return origin.run === ours.run ? "it is of the current run itself" : null;
}
function ofTime(current, baseline) {
  const [then, now] = [Date.parse(baseline.started), Date.parse(current.started)];
  if (Number.isNaN(then)) return `it does not say when it was started: ${show(baseline.started)}`;
  if (then === now && baseline.seed === current.seed) return "it is the current run itself";
  return then < now ? null : `it was started at ${show(baseline.started)}, not before the current run (${show(current.started)})`;
}
function ofPolicy(current, baseline) {
  const policies = new Map(baseline.expected.map(({ task, policy }) => [task, policy]));
  const both = current.expected.filter(({ task }) => policies.has(task));
  if (both.length === 0) return "it has none of the tasks";
  return both.every(({ task, policy }) => policies.get(task) !== policy) ? "its tasks ran under another policy" : null;
}
var lower = (text) => text?.toLowerCase() ?? null;
var show = (text) => displayText(text, 100);

// src/compare/nights.ts
async function readBaselines(current, baselines, seed) {
  const nights = [];
  const refused = [];
  for (const data of baselines) {
    if ("why" in data) {
      refused.push(data);
      continue;
    }
    const twice = nights.find(({ header }) => sameRun(header, data.header));
    const why = refusal(current.header, data.header) ?? (twice === void 0 ? null : `it is the same run as ${displayText(twice.name)}`);
    const read = why ?? await readNight(data, seed);
    if (typeof read === "string") refused.push({ name: data.name, why: read });
    else nights.push(read);
  }
  return { nights, refused };
}
async function readNight(data, seed) {
  try {
    const night = await tally(data, seed);
    if (!night.complete) return "it was cut off before its end";
    return [...night.tasks.values()].some(({ measured }) => measured > 0) ? night : "nothing was measured in it";
  } catch (error) {
    if (error instanceof RecordError) return error.message;
    if (error instanceof UserError) return error.problems.map(problemText).join("; ");
    throw error;
  }
}
var problemText = ({ message, place }) => place === null ? message : `line ${place.line}: ${message}`;
function sameRun(a, b) {
  return a.started === b.started && a.seed === b.seed && a.origin?.run === b.origin?.run && a.origin?.attempt === b.origin?.attempt;
}
function pool(current, nights, seed) {
  const random = sfc32(seed, 5);
  return new Map(
    [...current.policies].map(([task, policy]) => {
      const [then, same] = [new TaskTally(), nights.filter((night) => night.policies.get(task) === policy)];
      for (const night of same) then.merge(night.tasks.get(task) ?? new TaskTally(), random);
      return [
        task,
        { then: same.length === 0 ? null : then, other: nights.some((night) => night.policies.has(task) && !same.includes(night)) }
      ];
    })
  );
}
function nightOf({ name, header, tasks }) {
  const sum = (key) => [...tasks.values()].reduce((all, task) => all + task[key], 0);
  return { name, started: header.started, commit: header.origin?.commit ?? null, trials: sum("measured"), passed: sum("passed") };
}

// src/compare/verdict.ts
var NAMED2 = 10;
function verdict(facts, settings) {
  const bad = regressions(facts, settings);
  const notes = remarks(facts, settings);
  if (bad.length > 0) return { verdict: "regressed", because: [...bad, ...blindness(facts, settings), ...notes] };
  const blind = blindness(facts, settings);
  if (facts.current.trials === 0) return { verdict: "inconclusive", because: [...blind, ...notes] };
  if (facts.nights === 0) return { verdict: "none", because: ["there is no baseline to compare with", ...blind, ...notes] };
  if (blind.length > 0) return { verdict: "inconclusive", because: [...blind, ...notes] };
  const { gate, rose } = facts.suite;
  if (rose && gate !== null) {
    const because = `the pass rate rose by ${percent(gate.difference)} over ${gate.tasks} tasks`;
    return { verdict: "improved", because: [because, ...notes] };
  }
  const unseen = invisible(facts, settings);
  if (unseen !== null) return { verdict: "inconclusive", because: [unseen, ...notes] };
  const steady = gate === null ? "every scripted task ended as it always did" : `no drop was found (p = ${short(gate.p)}); one of ${percent(gate.smallestVisible ?? 0)} would have been, with a chance of 80 %`;
  return { verdict: "steady", because: [steady, ...notes] };
}
function regressions({ suite: { gate, dropped }, tasks }, settings) {
  const lines = [];
  if (dropped && gate !== null) {
    const how = gate.exchanged === "tasks" ? "" : ", trials taken as independent";
    lines.push(
      `the pass rate fell by ${percent(-gate.difference)} over ${gate.tasks} tasks (p = ${short(gate.p)} ≤ ${level(settings)}${how})`
    );
  }
  for (const { task, now, then, q, confirm } of tasks.filter(({ verdict: word }) => word === "regressed").slice(0, NAMED2)) {
    const shown = confirm?.now ?? now;
    const why = confirm !== null ? `q = ${short(confirm.q)}, in further trials` : q === null ? "scripted: each change counts" : `q = ${short(q)}`;
    lines.push(
      `${displayText(task)}: ${shown.passed} of ${shown.trials} passed, before ${then?.passed ?? 0} of ${then?.trials ?? 0} (${why})`
    );
  }
  const all = tasks.filter(({ verdict: word }) => word === "regressed").length;
  return all > NAMED2 ? [...lines, `and ${all - NAMED2} more tasks`] : lines;
}
function blindness({ current, complete }, { maxInfra }) {
  const share = infraShare(current);
  return [
    ...complete ? [] : ["the current trials were cut off before their end"],
    ...current.trials === 0 ? ["nothing was measured"] : [],
    ...share > maxInfra ? [`${percent(share)} of the trials failed for reasons that are not the agent's (infra), more than ${percent(maxInfra)}`] : []
  ];
}
function invisible({ suite: { gate }, tasks }, { minVisible }) {
  if (gate === null) return tasks.some(({ now, then }) => then !== null && now.trials > 0) ? null : "no task was measured on both sides";
  if (gate.smallestVisible === null)
    return "these are too few trials to see any drop of the whole suite: more trials, more nights or more tasks are needed";
  if (gate.smallestVisible <= minVisible) return null;
  return `only a drop of ${percent(gate.smallestVisible)} or more could have been seen, and ${percent(minVisible)} is asked for: more trials, more nights or more tasks are needed`;
}
function remarks({ tasks, missing }, settings) {
  const undecided = tasks.filter(({ verdict: word, confirm }) => word === "steady" && confirm === null);
  const unconfirmed = tasks.filter(({ confirm, verdict: word }) => confirm !== null && word !== "regressed").map(({ task }) => task);
  const suspected = suspects(undecided, settings);
  return [
    ...missing.length === 0 ? [] : [`expected and not measured: ${list(missing)}`],
    ...unconfirmed.length === 0 ? [] : [`looked worse, and did not in further trials: ${list(unconfirmed)}`],
    ...suspected.length === 0 ? [] : [`looks worse, which may be chance: ${list(suspected)}; further trials would tell`]
  ];
}
function infraShare({ outcomes }) {
  const made = Object.values(outcomes).reduce((sum, count2) => sum + count2, 0) - outcomes.skipped;
  return made === 0 ? 0 : outcomes.infra / made;
}
var percent = (share) => `${(100 * share).toFixed(1)} %`;
var short = (p) => p < 1e-4 ? p.toExponential(1) : String(Number(p.toPrecision(2)));
function list(names) {
  const shown = names.slice(0, NAMED2).map((name) => displayText(name, 100));
  return `${shown.join(", ")}${names.length > NAMED2 ? ` and ${names.length - NAMED2} more` : ""}`;
}
function worstFirst(a, b) {
  return ORDER.indexOf(a.verdict) - ORDER.indexOf(b.verdict) || (a.p ?? 1) - (b.p ?? 1);
}
var ORDER = ["regressed", "missing", "new", "improved", "steady"];

// src/compare/compare.ts
async function compare(current, baselines, settings, confirm = null) {
  const { seed } = settings;
  const now = await tally(current, seed);
  const further = confirm === null ? null : await tally(sameWork(current, confirm), seed);
  const { nights, refused } = await readBaselines(now, baselines, seed);
  const pooled = pool(now, nights, seed);
  const counts2 = now.header.expected.map(({ task, deterministic }) => ({
    task,
    deterministic,
    now: count(now.tasks.get(task)),
    then: countOrNull(pooled.get(task)?.then),
    confirm: countOrNull(further?.tasks.get(task))
  }));
  const tasks = compareTasks(counts2, settings);
  const suite = testSuite(counts2, settings);
  const missing = tasks.filter((task) => task.verdict === "missing").map(({ task }) => task);
  const side = sideOf([...now.tasks.values()]);
  const { verdict: word, because } = verdict(
    { current: side, complete: now.complete, nights: nights.length, suite, tasks, missing },
    settings
  );
  const { alpha, minEffect, minVisible, maxInfra, permutations, failOn } = settings;
  return {
    schema: "agent-jail/comparison@1",
    suite: now.header.suite,
    verdict: word,
    because,
    settings: { alpha, minEffect, minVisible, maxInfra, permutations, seed, failOn },
    current: side,
    baseline: nights.length === 0 ? null : { ...sideOf([...pooled.values()].flatMap(({ then }) => then ?? [])), nights: nights.map(nightOf) },
    refused,
    gate: suite.gate,
    tasks,
    drift: nights.length === 0 ? [] : drifts(now, nights, pooled, settings),
    missing
  };
}
function drifts(now, nights, pooled, settings) {
  const pairs = [...pooled].flatMap(
    ([task, { then }]) => then === null ? [] : [{ task, now: now.tasks.get(task) ?? new TaskTally(), then }]
  );
  const before = (of) => new Set(nights.flatMap((night) => [...night[of]]));
  return [
    ...driftOfTasks(pairs, settings),
    ...driftOfSuite("agent", now.agents, before("agents")),
    ...driftOfPolicy([...pooled].filter(([, { other }]) => other).map(([task]) => task)),
    ...driftOfSuite("root", now.roots, before("roots")),
    ...driftOfSuite("version", now.versions, before("versions"))
  ];
}
function sideOf(tasks) {
  const outcomes = noOutcomes();
  for (const task of tasks)
    for (const outcome of Object.keys(outcomes)) outcomes[outcome] += task.outcomes[outcome];
  const measured = tasks.filter((task) => task.measured > 0);
  const sum = (of) => measured.reduce((all, task) => all + of(task), 0);
  return {
    tasks: measured.length,
    trials: sum((task) => task.measured),
    passed: sum((task) => task.passed),
    rate: measured.length === 0 ? null : sum((task) => task.passed / task.measured) / measured.length,
    outcomes
  };
}
function sameWork(current, confirm) {
  const [a, b] = [current.header, confirm.header];
  const policies = new Map(a.expected.map(({ task, policy }) => [task, policy]));
  const same = b.expected.every(({ task, policy }) => policies.get(task) === policy);
  if (same && a.suite === b.suite && a.digest === b.digest && a.agent === b.agent) return confirm;
  const message = `the further trials in ${confirm.name} are of another suite, agent or policy than ${current.name}`;
  throw new UserError([{ message, remedy: "Make them with the suite file, the agent and the policies of the first ones.", place: null }]);
}
var count = (task) => ({ passed: task?.passed ?? 0, trials: task?.measured ?? 0 });
var countOrNull = (task) => task === null || task === void 0 || task.measured === 0 ? null : count(task);

export {
  DEFAULTS,
  suspects,
  infraShare,
  percent,
  short,
  list,
  worstFirst,
  compare
};
