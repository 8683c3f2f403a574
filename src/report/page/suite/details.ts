import { TRIAL_OUTCOMES } from '../../../model/suite.ts';
import { time } from '../../markdown.ts';
import type { SuiteData, TaskData } from '../../suite/data.ts';
import { recordLink } from '../../suite/link.ts';
import type { KeptTrial } from '../../suite/tally.ts';
import { interval, number, probability, usd } from '../../suite/units.ts';
import { count, h, scrollable, tableOf } from '../dom.ts';
import { shown } from '../text.ts';
import { driftTable } from './drift.ts';
import { trendsOf } from './trends.ts';

/** What is known of one task: its numbers, its trials of this run, what drifted, how it went over the nights. */
export function details(task: TaskData, data: SuiteData): readonly Node[] {
  const drift = data.drift.filter((one) => one.task === task.task);
  return [
    h('p', {}, facts(task).join(' · ')),
    ...(task.trials.length === 0 ? [h('p', { class: 'quiet' }, 'No trial of it is in this page.')] : [trials(task, data.base)]),
    ...(task.left > 0 && task.trials.length > 0
      ? [h('p', { class: 'quiet' }, `${count(task.left, 'more trial')}; the results have all.`)]
      : []),
    ...(drift.length > 0 ? [driftTable(`Drift of ${shown(task.task)}`, drift, data.drift.length)] : []),
    ...trendsOf(task.cells),
  ];
}

function trials({ task, trials: all }: TaskData, base: string): HTMLElement {
  const head = ['trial', 'outcome', 'why', 'reward', 'time', 'cost', 'seed', 'record'];
  const name = `Trials of ${shown(task)}`;
  const table = tableOf(name, head, ...all.map((one) => trialRow(one, base)));
  table.classList.add('wide');
  return scrollable(name, table);
}

function facts({ expected, outcomes, compared, reward, tokens, deterministic }: TaskData): readonly string[] {
  const counts = TRIAL_OUTCOMES.flatMap((outcome, index) => ((outcomes[index] ?? 0) > 0 ? [`${outcomes[index]} ${outcome}`] : []));
  const [input, output] = tokens;
  const [now, then, confirm] = [compared?.now ?? null, compared?.then ?? null, compared?.confirm ?? null];
  return [
    `${count(expected, 'trial')} expected: ${counts.length === 0 ? 'none was made' : counts.join(', ')}`,
    ...(now === null || now.trials === 0 ? [] : [`now ${now.passed}/${now.trials}, 95 %: ${interval(now)}`]),
    ...(then === null ? [] : [`then ${then.passed}/${then.trials}, 95 %: ${interval(then)}`]),
    ...(confirm === null
      ? []
      : [`tried again ${confirm.now.passed}/${confirm.now.trials}, 95 %: ${interval(confirm.now)}, p ${probability(confirm.p)}`]),
    ...(deterministic ? ['scripted: each flip is a change'] : []),
    ...(compared === null ? [] : [`p ${probability(compared.p)}`, `q ${probability(compared.q)}`]),
    ...(reward === null ? [] : [`mean reward ${Number(reward.toFixed(4))}`]),
    ...(input === null && output === null ? [] : [`tokens: ${number(input)} in, ${number(output)} out`]),
  ];
}

function trialRow(
  { trial, seed, outcome, what, because, reward, failed, ms, costUsd, record }: KeptTrial,
  base: string,
): readonly (Node | string)[] {
  const link = recordLink(base, record);
  const checks = failed.map((check) => h('li', {}, h('code', {}, shown(check))));
  return [
    String(trial),
    h('span', { class: outcome === 'pass' ? 'ok' : 'failed' }, what === null ? outcome : shown(`${outcome}: ${what}`)),
    h('div', {}, shown(because), ...(checks.length === 0 ? [] : [h('ul', { 'aria-label': 'Checks that did not hold' }, ...checks)])),
    reward === null ? '' : String(reward),
    time(ms),
    costUsd === null ? '' : usd(costUsd),
    String(seed),
    link === null
      ? record === null
        ? ''
        : h('code', {}, shown(record))
      : h('a', { href: link }, 'report', h('span', { class: 'hidden' }, ` of trial ${trial}`)),
  ];
}
