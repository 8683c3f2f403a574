import { time } from '../../markdown.ts';
import type { SuiteData } from '../../suite/data.ts';
import type { Estimate } from '../../suite/input.ts';
import { interval, minute, number, percent, usd } from '../../suite/units.ts';
import { infraRate } from '../../suite/verdict.ts';
import { count, h, scrollable, tableOf } from '../dom.ts';
import { shown } from '../text.ts';

export function figures({ figures: { pass1, passAtK, passHatK }, total }: SuiteData): readonly Node[] {
  const row = (name: string, of: Estimate | null): readonly string[] => [name, percent(of?.value ?? null), interval(of)];
  const rates = [
    row('pass@1', pass1),
    ...passAtK.filter(({ k }) => k > 1).map((of) => row(`pass@${of.k}`, of)),
    ...passHatK.filter(({ k }) => k > 1).map((of) => row(`pass^${of.k}`, of)),
  ];
  const known = total.priced > 0 ? ` (${count(total.priced, 'trial')} tell it)` : '';
  const sums = [
    ...Object.entries(total.outcomes).map(([outcome, of]) => [outcome, number(of)]),
    ['infra rate', percent(infraRate(total))],
    ['cost', `${usd(total.costUsd)}${known}`],
    ['tokens in', number(total.inputTokens)],
    ['tokens out', number(total.outputTokens)],
    ['median time of a trial', total.ms === null ? '-' : time(total.ms)],
  ];
  return [
    h(
      'p',
      { class: 'quiet' },
      'pass@k: at least one of k trials passes. pass^k: all of k pass. Rates are of measured trials; infra, invalid and skipped are in none.',
    ),
    h(
      'div',
      { class: 'plots' },
      scrollable('Pass rates', tableOf('Pass rates', ['figure', 'value', '95 %'], ...rates)),
      scrollable('Sums', tableOf('Sums', ['of all trials', 'sum'], ...sums)),
    ),
  ];
}

/** The newest first. */
export function nights({ nights: all, nightsLeft }: SuiteData): readonly Node[] {
  const rows = all
    .toReversed()
    .map(({ name, started, commit, version, complete, rate, passed, measured, infra, costUsd, ms }) => [
      h('code', {}, shown(name)),
      shown(minute(started)),
      h('code', {}, shown(commit.slice(0, 10))),
      `${passed}/${measured}${complete ? '' : ', cut off'}`,
      percent(rate),
      String(infra),
      usd(costUsd),
      ms === null ? '' : time(ms),
      shown(version),
    ]);
  const head = ['night', 'started', 'commit', 'passed', 'rate', 'infra', 'cost', 'median time', 'agent-jail'];
  const more = nightsLeft > 0 ? [h('p', { class: 'quiet' }, `${count(nightsLeft, 'earlier night')} left out here.`)] : [];
  return [scrollable('All nights', tableOf('All nights', head, ...rows)), ...more];
}

export function about({ about: rows }: SuiteData): readonly Node[] {
  return [
    scrollable(
      'Facts of the run',
      tableOf('Facts of the run', ['what', 'value'], ...rows.map(([name, value]) => [name, h('code', {}, shown(value))])),
    ),
  ];
}
