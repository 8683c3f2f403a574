import type { Trial, TrialOutcome } from '../../model/suite.ts';
import { displayText } from '../../record/display.ts';
import type { NightTally, Tally, TaskTally } from './tally.ts';

/** Trials whose text is held at once; a larger file is read several times. */
const PORTION = 100_000;
/** What a trial is to those who read JUnit; null: a success. */
const KIND: Readonly<Record<TrialOutcome, 'failure' | 'error' | 'skipped' | null>> = {
  pass: null,
  fail: 'failure',
  limit: 'failure',
  violation: 'failure',
  tampered: 'failure',
  infra: 'error',
  invalid: 'error',
  skipped: 'skipped',
};

/**
 * JUnit XML as GitHub's tools, Jenkins and GitLab read it: a `<testsuite>` for each task, a `<testcase>` for each trial, by number, whatever
 * the order of the file. Expected trials that are absent are an error of one case more. `trials` opens the file from its start: it is read
 * once for each `portion` trials, so that no more than these are in memory.
 */
export async function* junit(
  { header, tasks, total }: NightTally,
  trials: () => AsyncIterable<Trial> | Iterable<Trial>,
  portion = PORTION,
): AsyncGenerator<string> {
  const absent = tasks.filter((task) => absentOf(task) > 0).length;
  yield '<?xml version="1.0" encoding="UTF-8"?>\n';
  yield `<testsuites name="${xml(header.suite)}"${counts(total, absent)}>\n`;
  for (const some of portions(tasks, portion)) {
    const cases = new Map<string, Case[]>(some.map(({ task }) => [task, []]));
    for await (const trial of trials()) cases.get(trial.task)?.push({ trial: trial.trial, ms: trial.ms.total, text: testcase(trial) });
    for (const task of some) {
      const own = (cases.get(task.task) ?? []).sort((a, b) => a.trial - b.trial);
      const time = seconds(own.reduce((sum, { ms }) => sum + ms, 0));
      const sums = counts(task, absentOf(task) > 0 ? 1 : 0);
      yield `<testsuite name="${xml(task.task)}"${sums} time="${time}" timestamp="${xml(header.started)}">\n`;
      yield* own.map(({ text }) => text);
      if (absentOf(task) > 0) yield missing(task);
      yield '</testsuite>\n';
    }
  }
  yield '</testsuites>\n';
}

interface Case {
  readonly trial: number;
  readonly ms: number;
  readonly text: string;
}
const seconds = (ms: number): string => (ms / 1000).toFixed(3);

function* portions(tasks: readonly TaskTally[], most: number): Generator<readonly TaskTally[]> {
  let [some, count]: [TaskTally[], number] = [[], 0];
  for (const task of tasks) {
    if (some.length > 0 && count + seen(task) > most) {
      yield some;
      [some, count] = [[], 0];
    }
    some.push(task);
    count += seen(task);
  }
  if (some.length > 0) yield some;
}

const seen = ({ outcomes }: Tally): number => Object.values(outcomes).reduce((sum, count) => sum + count, 0);
const absentOf = (tally: Tally): number => Math.max(0, tally.expected - seen(tally));

function counts(tally: Tally, absent: number): string {
  const of = { failure: 0, error: absent, skipped: 0 };
  for (const [outcome, count] of Object.entries(tally.outcomes) as [TrialOutcome, number][]) {
    const kind = KIND[outcome];
    if (kind !== null) of[kind] += count;
  }
  return ` tests="${seen(tally) + absent}" failures="${of.failure}" errors="${of.error}" skipped="${of.skipped}"`;
}

function testcase({ task, trial, outcome, what, because, failed, ms, seed, policy, usage, record }: Trial): string {
  const properties = [
    ['seed', String(seed)],
    ['policy', policy],
    ...(usage.costUsd === null ? [] : [['cost-usd', String(usage.costUsd)]]),
    ...(record === null ? [] : [['record', record]]),
  ] as const;
  const kind = KIND[outcome];
  const type = what === null ? outcome : `${outcome}: ${what}`;
  const body = failed.length === 0 ? [because] : failed.map((check) => `did not hold: ${check}`);
  return [
    `<testcase classname="${xml(task)}" name="${xml(`${task}, trial ${trial}`)}" time="${seconds(ms.total)}">`,
    `<properties>${properties.map(([name, value]) => `<property name="${name}" value="${xml(value)}"/>`).join('')}</properties>`,
    ...(kind === null
      ? []
      : kind === 'skipped'
        ? [`<skipped message="${xml(because)}"/>`]
        : [`<${kind} type="${xml(type)}" message="${xml(because)}">${body.map(xml).join('\n')}</${kind}>`]),
    '</testcase>\n',
  ].join('\n');
}

function missing(task: TaskTally): string {
  const message = `${absentOf(task)} of ${task.expected} expected trials are not in the results`;
  const name = xml(`${task.task}, not made`);
  return `<testcase classname="${xml(task.task)}" name="${name}" time="0.000">\n<error type="missing" message="${message}"/>\n</testcase>\n`;
}

const ENTITY: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' };
/** Text of a trial as XML. `displayText` leaves nothing that XML 1.0 forbids: control characters, surrogates and what is no character stand as numbers. */
function xml(text: string): string {
  return displayText(text, 2000).replace(/[&<>"']/g, (character) => ENTITY[character] ?? '');
}
