import { compare } from '../../../src/compare/compare.ts';
import { DEFAULTS } from '../../../src/compare/settings.ts';
import type { TrialsData } from '../../../src/compare/tally.ts';
import type { Trial } from '../../../src/model/suite.ts';
import { sfc32 } from '../../../src/statistics/random.ts';
import { night, trial } from '../../unit/compare/fixture.ts';

// A program: compares a night with seven earlier ones, trials made as they are asked for, and prints what that took.

const [tasks = 0, trials = 0] = process.argv.slice(2).map(Number);
const random = sfc32(1);

function* made(): Generator<Trial> {
  for (let task = 0; task < tasks; task += 1) {
    for (let at = 1; at <= trials; at += 1) {
      yield trial(`t${task}`, at, {
        outcome: random() < 0.8 ? 'pass' : 'fail',
        ms: 1000 * random(),
        usage: { memory: random(), costUsd: random() },
        behaviour: { paths: ['M a', 'A b'], hosts: ['+a:443'], programs: ['/bin/sh'] },
      });
    }
  }
}
const lazily = (day: number): TrialsData => {
  const names = Object.fromEntries(Array.from({ length: tasks }, (_, at) => [`t${at}`, []]));
  return { ...night(`night ${day}`, day, names), trials: made() };
};

const { verdict, current, baseline } = await compare(lazily(8), [1, 2, 3, 4, 5, 6, 7].map(lazily), DEFAULTS);
const { maxRSS } = process.resourceUsage();
process.stdout.write(
  JSON.stringify({ verdict, trials: current.trials + (baseline?.trials ?? 0), seconds: process.uptime(), megabytes: maxRSS / 1024 }),
);
