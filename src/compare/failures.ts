import { DRIFT_KINDS } from '../model/suite.ts';
import type { Comparison, DriftKind, FailOn } from '../model/suite.ts';
import { displayText } from '../record/display.ts';
import { infraShare, list, percent } from './verdict.ts';

/** What of `failOn` happened, one line each; none: all is well. The lines are safe for a terminal. */
export function failures(comparison: Comparison, failOn: readonly FailOn[] = comparison.settings.failOn): string[] {
  return failOn.flatMap((what) => (isDrift(what) ? drifted(comparison, what) : happened(comparison, what)));
}

function happened({ verdict, because, current, missing, tasks, settings }: Comparison, what: Exclude<FailOn, DriftKind>): string[] {
  switch (what) {
    case 'regression':
      return verdict === 'regressed' ? [`regression: ${because[0] ?? ''}`] : [];
    case 'violation':
    case 'tampered':
      return current.outcomes[what] > 0 ? [`${what}: ${current.outcomes[what]} of the trials`] : [];
    case 'missing':
      return missing.length > 0 ? [`missing: ${list(missing)}`] : [];
    case 'infra':
      return infraShare(current) > settings.maxInfra ? [`infra: ${percent(infraShare(current))} of the trials`] : [];
    case 'inconclusive':
      return verdict === 'inconclusive' ? [`inconclusive: ${because[0] ?? ''}`] : [];
    case 'flaky': {
      const flaky = tasks.filter((task) => task.flaky).map(({ task }) => task);
      return flaky.length > 0 ? [`flaky: ${list(flaky)}`] : [];
    }
  }
}

function drifted({ drift }: Comparison, kind: DriftKind): string[] {
  const found = drift.filter((one) => one.kind === kind);
  const [first] = found;
  if (first === undefined) return [];
  const where = first.task === null ? '' : `${displayText(first.task)}: `;
  return [`${kind}: ${where}${displayText(first.message)}${found.length > 1 ? `, and ${found.length - 1} more` : ''}`];
}

const isDrift = (what: FailOn): what is DriftKind => (DRIFT_KINDS as readonly string[]).includes(what);
