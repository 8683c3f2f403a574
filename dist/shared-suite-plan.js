const { createHash } = process.getBuiltinModule("node:crypto");
import {
  unitsWriter
} from "./shared-suite-plan-units.js";
import {
  canonicalJson
} from "./shared-policy-resolve.js";
import {
  MOST_SHARDS,
  listProblem
} from "./shared-suite-trials.js";
import {
  MEASURED
} from "./shared-model-suite.js";
import {
  UserError
} from "./shared-model-errors.js";

// src/suite/plan.ts
var MOST_BYTES = 9e5;
var MOST_DURATIONS = 1e3;
function planShards(expected, shards, past) {
  if (!Number.isInteger(shards) || shards < 1 || shards > MOST_SHARDS)
    throw problem(`${shards} shards cannot be planned`, `ask for 1 to ${MOST_SHARDS}: a matrix of GitHub has no more jobs`);
  if (expected.length === 0) throw problem("there is no task to plan", "look at the filter: a matrix needs a job at least");
  const wrong = listProblem(expected);
  if (wrong !== null) throw problem(wrong, "");
  const usual = median(expected.flatMap(({ task }) => past.get(task) ?? [])) ?? 1;
  const tasks = expected.map(({ task, trials }) => ({ task, trials, ms: Math.max(past.get(task) ?? usual, 1) }));
  const made = Math.min(
    shards,
    sum(expected, ({ trials }) => trials)
  );
  const shares = distribute(pieces(tasks, shards), made);
  const lists = Array.from({ length: made }, () => []);
  for (const task of expected) {
    let { first } = task;
    for (const [shard, trials] of [...shares.get(task.task) ?? []].sort(([a], [b]) => a - b)) {
      lists[shard]?.push({ ...task, first, trials });
      first += trials;
    }
  }
  return lists;
}
function fewerShards(asked, made) {
  return made === asked ? null : `${made} shards are planned, not ${asked}: there are no more trials`;
}
function planOf(about, shards) {
  const { suite, digest, agent, seed } = about;
  const numbered = shards.map((expected, at) => ({ index: at + 1, expected }));
  return { schema: "agent-jail/plan@1", suite, digest, agent, seed, shards: numbered };
}
var planDigest = (plan) => createHash("sha256").update(canonicalJson(plan)).digest("hex");
function planMatrix(plan, suite) {
  const digest = planDigest(plan);
  const of = plan.shards.length;
  const write = unitsWriter(suite);
  const include = plan.shards.map(({ index, expected }) => ({ shard: index, of, plan: digest, tasks: write(expected) }));
  const bytes = Buffer.byteLength(JSON.stringify({ include }));
  if (bytes > MOST_BYTES)
    throw problem(
      `the matrix has ${bytes} bytes, and GitHub passes on no more than ${MOST_BYTES} from job to job`,
      "plan fewer tasks at a time, with a filter, or make several suites of this one"
    );
  return { include };
}
async function pastDurations(files) {
  const all = /* @__PURE__ */ new Map();
  for (const file of files)
    for await (const { task, outcome, ms } of file) {
      if (!MEASURED.includes(outcome)) continue;
      const seen = all.get(task);
      if (seen === void 0) all.set(task, [ms.total]);
      else if (seen.length < MOST_DURATIONS) seen.push(ms.total);
    }
  return new Map([...all].map(([task, durations]) => [task, median(durations) ?? 1]));
}
var weight = ({ trials, ms }) => trials * ms;
function pieces(tasks, shards) {
  const most = sum(tasks, weight) / shards / 2;
  const cut = tasks.flatMap((task) => divide(task, Math.ceil(weight(task) / most)));
  for (let least = cut.length; least < shards; least += 1) {
    const largest = cut.filter(({ trials }) => trials > 1).sort(heavyFirst)[0];
    if (largest === void 0) break;
    cut.splice(cut.indexOf(largest), 1, ...divide(largest, 2));
  }
  return cut;
}
function divide({ task, trials, ms }, wanted) {
  const parts = Math.min(wanted, trials);
  return Array.from({ length: parts }, (_, at) => ({
    task,
    trials: Math.floor((at + 1) * trials / parts) - Math.floor(at * trials / parts),
    ms
  }));
}
function distribute(cut, shards) {
  const loads = Array.from({ length: shards }, () => 0);
  const shares = /* @__PURE__ */ new Map();
  for (const piece of cut.toSorted(heavyFirst)) {
    const least = loads.reduce((best, load, at) => load < (loads[best] ?? 0) ? at : best, 0);
    loads[least] = (loads[least] ?? 0) + weight(piece);
    const share = shares.get(piece.task) ?? /* @__PURE__ */ new Map();
    shares.set(piece.task, share.set(least, (share.get(least) ?? 0) + piece.trials));
  }
  return shares;
}
var heavyFirst = (a, b) => weight(b) - weight(a) || (a.task < b.task ? -1 : a.task > b.task ? 1 : 0);
function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low, high] = [sorted[middle - 1], sorted[middle]];
  if (high === void 0) return null;
  return sorted.length % 2 === 1 || low === void 0 ? high : (low + high) / 2;
}
var sum = (items, of) => items.reduce((total, item) => total + of(item), 0);
function problem(message, remedy) {
  return new UserError([{ message, place: null, remedy }]);
}

export {
  planShards,
  fewerShards,
  planOf,
  planDigest,
  planMatrix,
  pastDurations
};
