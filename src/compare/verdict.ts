import type { ComparisonVerdict, SideOfComparison, TaskComparison } from '../model/suite.ts';
import { displayText } from '../record/display.ts';
import type { Gated } from './gate.ts';
import { level } from './settings.ts';
import type { CompareSettings } from './settings.ts';
import { suspects } from './tasks.ts';

export interface Facts {
  readonly current: SideOfComparison;
  /** The last line of the current trials was there. */
  readonly complete: boolean;
  /** Baselines that were used. */
  readonly nights: number;
  readonly suite: Gated;
  readonly tasks: readonly TaskComparison[];
  readonly missing: readonly string[];
}

/** Names in a sentence. */
const NAMED = 10;

/** One word and the reasons for it. What was seen to be bad stands before what could not be seen, and that before what is good. */
export function verdict(facts: Facts, settings: CompareSettings): { readonly verdict: ComparisonVerdict; readonly because: string[] } {
  const bad = regressions(facts, settings);
  const notes = remarks(facts, settings);
  if (bad.length > 0) return { verdict: 'regressed', because: [...bad, ...blindness(facts, settings), ...notes] };
  const blind = blindness(facts, settings);
  if (facts.current.trials === 0) return { verdict: 'inconclusive', because: [...blind, ...notes] };
  if (facts.nights === 0) return { verdict: 'none', because: ['there is no baseline to compare with', ...blind, ...notes] };
  if (blind.length > 0) return { verdict: 'inconclusive', because: [...blind, ...notes] };
  const { gate, rose } = facts.suite;
  if (rose && gate !== null) {
    const because = `the pass rate rose by ${percent(gate.difference)} over ${gate.tasks} tasks`;
    return { verdict: 'improved', because: [because, ...notes] };
  }
  const unseen = invisible(facts, settings);
  if (unseen !== null) return { verdict: 'inconclusive', because: [unseen, ...notes] };
  const steady =
    gate === null
      ? 'every scripted task ended as it always did'
      : `no drop was found (p = ${short(gate.p)}); one of ${percent(gate.smallestVisible ?? 0)} would have been, with a chance of 80 %`;
  return { verdict: 'steady', because: [steady, ...notes] };
}

function regressions({ suite: { gate, dropped }, tasks }: Facts, settings: CompareSettings): string[] {
  const lines: string[] = [];
  if (dropped && gate !== null) {
    const how = gate.exchanged === 'tasks' ? '' : ', trials taken as independent';
    lines.push(
      `the pass rate fell by ${percent(-gate.difference)} over ${gate.tasks} tasks (p = ${short(gate.p)} ≤ ${level(settings)}${how})`,
    );
  }
  for (const { task, now, then, q, confirm } of tasks.filter(({ verdict: word }) => word === 'regressed').slice(0, NAMED)) {
    const shown = confirm?.now ?? now;
    const why =
      confirm !== null ? `q = ${short(confirm.q)}, in further trials` : q === null ? 'scripted: each change counts' : `q = ${short(q)}`;
    lines.push(
      `${displayText(task)}: ${shown.passed} of ${shown.trials} passed, before ${then?.passed ?? 0} of ${then?.trials ?? 0} (${why})`,
    );
  }
  const all = tasks.filter(({ verdict: word }) => word === 'regressed').length;
  return all > NAMED ? [...lines, `and ${all - NAMED} more tasks`] : lines;
}

/** Why nothing that is good can be said. */
function blindness({ current, complete }: Facts, { maxInfra }: CompareSettings): string[] {
  const share = infraShare(current);
  return [
    ...(complete ? [] : ['the current trials were cut off before their end']),
    ...(current.trials === 0 ? ['nothing was measured'] : []),
    ...(share > maxInfra
      ? [`${percent(share)} of the trials failed for reasons that are not the agent's (infra), more than ${percent(maxInfra)}`]
      : []),
  ];
}

function invisible({ suite: { gate }, tasks }: Facts, { minVisible }: CompareSettings): string | null {
  if (gate === null) return tasks.some(({ now, then }) => then !== null && now.trials > 0) ? null : 'no task was measured on both sides';
  if (gate.smallestVisible === null)
    return 'these are too few trials to see any drop of the whole suite: more trials, more nights or more tasks are needed';
  if (gate.smallestVisible <= minVisible) return null;
  return `only a drop of ${percent(gate.smallestVisible)} or more could have been seen, and ${percent(minVisible)} is asked for: more trials, more nights or more tasks are needed`;
}

function remarks({ tasks, missing }: Facts, settings: CompareSettings): string[] {
  const undecided = tasks.filter(({ verdict: word, confirm }) => word === 'steady' && confirm === null);
  const unconfirmed = tasks.filter(({ confirm, verdict: word }) => confirm !== null && word !== 'regressed').map(({ task }) => task);
  const suspected = suspects(undecided, settings);
  return [
    ...(missing.length === 0 ? [] : [`expected and not measured: ${list(missing)}`]),
    ...(unconfirmed.length === 0 ? [] : [`looked worse, and did not in further trials: ${list(unconfirmed)}`]),
    ...(suspected.length === 0 ? [] : [`looks worse, which may be chance: ${list(suspected)}; further trials would tell`]),
  ];
}

/** Of all trials that were to be made. */
export function infraShare({ outcomes }: SideOfComparison): number {
  const made = Object.values(outcomes).reduce((sum, count) => sum + count, 0) - outcomes.skipped;
  return made === 0 ? 0 : outcomes.infra / made;
}

export const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
/** A probability: two digits that count. */
export const short = (p: number): string => (p < 1e-4 ? p.toExponential(1) : String(Number(p.toPrecision(2))));

export function list(names: readonly string[]): string {
  const shown = names.slice(0, NAMED).map((name) => displayText(name, 100));
  return `${shown.join(', ')}${names.length > NAMED ? ` and ${names.length - NAMED} more` : ''}`;
}

/** Order of tasks for people. */
export function worstFirst(a: TaskComparison, b: TaskComparison): number {
  return ORDER.indexOf(a.verdict) - ORDER.indexOf(b.verdict) || (a.p ?? 1) - (b.p ?? 1);
}
const ORDER: readonly TaskComparison['verdict'][] = ['regressed', 'missing', 'new', 'improved', 'steady'];
