import type { Drift } from '../../model/suite.ts';
import { inlineCode, table, time } from '../markdown.ts';
import { fit, more } from '../sections.ts';
import { about, bySeverity } from './data.ts';
import type { EstimateOfK, SuiteInput } from './input.ts';
import { changeOf, rowsOf } from './rows.ts';
import type { Row } from './rows.ts';
import { interval, minute, number, percent, points, probability, usd } from './units.ts';
import { infraRate, missingOf, verdictOf } from './verdict.ts';

/** Bytes of a job's summary at the most, which takes 1 MiB of all steps together, and of a comment: 65,536 characters with what is around it. */
export const LARGEST_SUMMARY = 512 << 10;
export const LARGEST_COMMENT = 60_000;
/** Bytes that are needed for what is never cut. */
const LEAST = 32_000;
const REASONS = 15;
const NAMED = 50;

/**
 * What a suite's run came to, the verdict first, as Markdown of at most `most` bytes (not below 32,000). All text that is not of this file
 * goes through `inlineCode`: tasks, messages and names are chosen by others. Pure.
 */
export function suiteMarkdown(input: SuiteInput, most = LARGEST_SUMMARY): string {
  const { current, comparison, nights } = input;
  const verdict = verdictOf(input);
  const rows = rowsOf(input);
  const missing = missingOf(input);
  const drift = bySeverity(comparison?.drift ?? []);
  const high = drift.filter(({ severity }) => severity === 'high');
  const sign = { good: '✅', review: '⚠️', bad: '❌' }[verdict.kind];
  const because = verdict.because.slice(0, REASONS).map((line) => `- ${inlineCode(line, 400)}`);
  const refused = comparison?.refused ?? [];
  return fit(
    [
      {
        title: `## ${sign} ${inlineCode(current.header.suite, 100)}: ${verdict.word}`,
        lines: [...because, ...more(verdict.because.length - REASONS, 'reason'), ...gate(input), facts(input)],
        elastic: false,
      },
      { title: '### Regressions', lines: regressions(rows), elastic: true },
      { title: '### Drift of high severity', lines: high.map(driftLine), elastic: true },
      { title: '### Not measured', lines: notMeasured(input, missing), elastic: true },
      { title: '### Tasks', lines: tasks(rows), elastic: true },
      { title: '### Figures', lines: figures(input), elastic: true },
      { title: '### Other drift', lines: drift.slice(high.length).map(driftLine), elastic: true },
      {
        title: '### Baselines that were not used',
        lines: refused.map(({ name, why }) => `- ${inlineCode(name)}: ${inlineCode(why, 300)}`),
        elastic: true,
      },
      { title: '### Nights', lines: nights.length === 0 ? [] : nightTable(input), elastic: true },
      { title: '### The run', lines: table(['', ''], about(current).map(([name, value]) => [name, inlineCode(value)])), elastic: false }, // biome-ignore format: a line a section
    ],
    Math.max(most, LEAST),
    "the suite's page and JSON have all",
  );
}

function gate({ comparison }: SuiteInput): readonly string[] {
  const found = comparison?.gate ?? null;
  if (found === null) return [];
  const { difference, p, smallestVisible, tasks: count } = found;
  const visible =
    smallestVisible === null
      ? 'No drop could have been seen, however large.'
      : `The smallest drop that could have been seen: ${points(smallestVisible)} points.`;
  return ['', `${points(difference)} points over ${count} task${count === 1 ? '' : 's'}, p ${probability(p)}. ${visible}`];
}

function facts({ current: { total, tasks: all } }: SuiteInput): string {
  const parts = [
    `${all.length} task${all.length === 1 ? '' : 's'}`,
    `${total.passed} of ${total.measured} measured trials passed`,
    `infra ${percent(infraRate(total))}`,
    ...(total.costUsd === null ? [] : [usd(total.costUsd)]),
    ...(total.ms === null ? [] : [`median ${time(total.ms)}`]),
  ];
  return `\n${parts.join(' · ')}`;
}

function regressions(rows: readonly Row[]): readonly string[] {
  const regressed = rows.filter(({ compared }) => compared?.verdict === 'regressed');
  return table(
    ['task', 'now', 'then', 'change', 'p', 'q'],
    regressed.map(({ tally, compared }) => [
      inlineCode(tally.task, 100),
      compared === null ? '' : `${compared.now.passed}/${compared.now.trials}`,
      compared === null || compared.then === null ? '' : `${compared.then.passed}/${compared.then.trials}`,
      points(changeOf(compared)),
      compared?.deterministic ? 'scripted' : probability(compared?.p ?? null),
      probability(compared?.q ?? null),
    ]),
  );
}

function driftLine({ kind, severity, task, message, what, more: left }: Drift): string {
  const names = what.slice(0, 10).map((name) => inlineCode(name, 100));
  const rest = left + Math.max(0, what.length - 10);
  const list = names.length === 0 ? '' : `: ${names.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
  return `- **${severity}** ${kind}, ${task === null ? 'the suite' : inlineCode(task, 100)}: ${inlineCode(message, 300)}${list}`;
}

function notMeasured({ current: { total } }: SuiteInput, missing: readonly string[]): readonly string[] {
  const counts = (['infra', 'invalid', 'skipped'] as const).flatMap((outcome) =>
    total.outcomes[outcome] > 0 ? [`${total.outcomes[outcome]} ${outcome}`] : [],
  );
  return [
    ...(counts.length === 0 ? [] : [`Trials that are in no rate: ${counts.join(', ')}.`, '']),
    ...(missing.length === 0 ? [] : ['Expected tasks of which nothing was measured:', '']),
    ...missing.slice(0, NAMED).map((task) => `- ${inlineCode(task, 100)}`),
    ...more(missing.length - NAMED, 'task'),
  ];
}

function tasks(rows: readonly Row[]): readonly string[] {
  return table(
    ['task', 'passed', '95 %', 'change', 'marks', 'time', 'cost'],
    rows.map(({ tally, compared, drift }) => [
      inlineCode(tally.task, 100),
      `${tally.passed}/${tally.measured}`,
      interval(compared?.now.trials ? compared.now : null),
      points(changeOf(compared)),
      [compared?.verdict === 'steady' ? '' : (compared?.verdict ?? ''), tally.flaky ? 'flaky' : '', drift.length > 0 ? 'drift' : '']
        .filter((mark) => mark !== '')
        .join(', '),
      tally.ms === null ? '' : time(tally.ms),
      tally.costUsd === null ? '' : usd(tally.costUsd),
    ]),
  );
}

function figures({ figures: { pass1, passAtK, passHatK }, current: { total } }: SuiteInput): readonly string[] {
  const row = (name: string, of: Omit<EstimateOfK, 'k'> | null): readonly string[] => [name, percent(of?.value ?? null), interval(of)];
  const tokens = `${number(total.inputTokens)} in, ${number(total.outputTokens)} out`;
  const known = total.priced > 0 ? ` of ${total.priced} trials that tell it` : '';
  return table(
    ['figure', 'value', '95 %'],
    [
      row('pass@1', pass1),
      ...passAtK.filter(({ k }) => k > 1).map((of) => row(`pass@${of.k}`, of)),
      ...passHatK.filter(({ k }) => k > 1).map((of) => row(`pass^${of.k}`, of)),
      ['infra', percent(infraRate(total)), ''],
      ['tokens', tokens, ''],
      ['cost', `${usd(total.costUsd)}${known}`, ''],
    ],
  );
}

function nightTable({ nights, current }: SuiteInput): readonly string[] {
  return table(
    ['night', 'started', 'commit', 'passed', 'rate', 'cost', 'median time'],
    [...nights, current]
      .toReversed()
      .map(({ name, header, total }) => [
        inlineCode(name, 60),
        inlineCode(minute(header.started), 20),
        header.origin === null ? '' : inlineCode(header.origin.commit.slice(0, 10)),
        `${total.passed}/${total.measured}`,
        percent(total.rate),
        usd(total.costUsd),
        total.ms === null ? '' : time(total.ms),
      ]),
  );
}
