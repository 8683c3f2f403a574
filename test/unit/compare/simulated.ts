import { fell } from '../../../src/compare/gate.ts';
import { compareTasks } from '../../../src/compare/tasks.ts';
import { binomialQuantile } from '../../../src/statistics/binomial.ts';
import { sfc32 } from '../../../src/statistics/random.ts';
import { settings } from './fixture.ts';

/** Rates of 20 tasks, from 0.3 to 0.965. */
export const MIXED = Array.from({ length: 20 }, (_, at) => 0.3 + 0.035 * at);

/** Shares of simulated comparisons of `now` with `then` trials a task that call a regression, when rates are `rates` less `drop`. */
export function alarms(
  rates: readonly number[],
  [n, m]: readonly [now: number, then: number],
  rounds: number,
  drop = 0,
): { readonly suite: number; readonly named: number; readonly any: number } {
  const random = sfc32(17, n + m);
  const count = { suite: 0, named: 0, any: 0 };
  for (let round = 0; round < rounds; round += 1) {
    const tasks = rates.map((rate, at) => ({
      task: `t${at}`,
      deterministic: false,
      now: { passed: binomialQuantile(random(), n, Math.max(0, rate - drop)), trials: n },
      then: { passed: binomialQuantile(random(), m, rate), trials: m },
      confirm: null,
    }));
    const inForce = settings({ permutations: 1000, seed: round });
    const suite = fell(tasks, inForce).fell;
    const named = compareTasks(tasks, inForce).some(({ verdict }) => verdict === 'regressed');
    count.suite += Number(suite);
    count.named += Number(named);
    count.any += Number(suite || named);
  }
  return { suite: count.suite / rounds, named: count.named / rounds, any: count.any / rounds };
}
