import {
  readTrials
} from "./shared-suite-trials.js";
import {
  MEASURED,
  TRIAL_OUTCOMES
} from "./shared-model-suite.js";

// src/cli/suite-tally.ts
var INFRA = 0.1;
var Tally = class {
  #gate;
  #tasks;
  constructor(gate, expected) {
    this.#gate = gate;
    this.#tasks = new Map(expected.map(({ task }) => [task, none()]));
  }
  add({ task, outcome }) {
    const counts = this.#tasks.get(task);
    if (counts !== void 0) counts[outcome] += 1;
  }
  result(cut) {
    const outcomes = none();
    for (const counts of this.#tasks.values()) for (const outcome2 of TRIAL_OUTCOMES) outcomes[outcome2] += counts[outcome2];
    const rates = [...this.#tasks.values()].filter((counts) => measured(counts) > 0).map((counts) => counts.pass / measured(counts));
    const rate = rates.length === 0 ? null : rates.reduce((sum, one) => sum + one, 0) / rates.length;
    const missing = [...this.#tasks].filter(([, counts]) => measured(counts) === 0).map(([task]) => task);
    const tried = measured(outcomes) + outcomes.infra + outcomes.invalid;
    const because = [];
    if (missing.length > 0)
      because.push(
        `nothing was measured of: ${missing.slice(0, 20).join(", ")}${missing.length > 20 ? ` and ${missing.length - 20} more` : ""}`
      );
    const broken = outcomes.infra + outcomes.invalid;
    const tooBroken = tried > 0 && broken / tried > this.#gate.infra;
    if (tooBroken) because.push(`${broken} of ${tried} trials could not be measured, the most allowed is ${percent(this.#gate.infra)}`);
    const { passRate } = this.#gate;
    const low = passRate !== null && rate !== null && rate < passRate;
    if (low) because.push(`pass rate ${percent(rate)}, wanted ${percent(passRate)}`);
    const outcome = cut ? "cancelled" : rate === null || tooBroken ? "jail-error" : low ? "step-failed" : "succeeded";
    return { outcome, because, outcomes, rate, missing };
  }
  /** One line a task. */
  table() {
    const width = Math.max(...[...this.#tasks.keys()].map((task) => task.length));
    const lines = [...this.#tasks].map(([task, counts]) => {
      const other = TRIAL_OUTCOMES.filter((outcome) => outcome !== "pass" && counts[outcome] > 0).map(
        (outcome) => `${counts[outcome]} ${outcome}`
      );
      const flaky = counts.pass > 0 && counts.pass < measured(counts) ? ", flaky" : "";
      return `${task.padEnd(width)}  ${counts.pass}/${measured(counts)}${other.length === 0 ? "" : `  ${other.join(", ")}`}${flaky}`;
    });
    const { rate } = this.result(false);
    return `${[...lines, "", rate === null ? "nothing was measured" : `pass rate ${percent(rate)}`].join("\n")}
`;
  }
};
var none = () => Object.fromEntries(TRIAL_OUTCOMES.map((outcome) => [outcome, 0]));
var measured = (counts) => MEASURED.reduce((sum, outcome) => sum + counts[outcome], 0);
var percent = (rate) => `${(rate * 100).toFixed(1)} %`;
async function resultOf(path) {
  const file = readTrials(path);
  const tally = new Tally({ passRate: null, infra: INFRA }, file.header.expected);
  for await (const trial of file) tally.add(trial);
  return tally.result(false);
}

export {
  Tally,
  resultOf
};
