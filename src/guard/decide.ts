import type { Finding } from '../model/changes.ts';
import type { Decide } from '../model/collector.ts';
import type { Outcome } from '../model/outcome.ts';
import type { LimitName } from '../model/policy.ts';
import type { RunEnd } from '../model/protocol.ts';
import type { RunDocument, StepRecord } from '../model/record.ts';
import { displayText } from '../record/display.ts';

type Decision = ReturnType<Decide>;

/** How the run ended, in one word, and why in one sentence. */
export const decide: Decide = (end, findings) => decideWith(end, [], findings);

/** As {@link decide}, with the steps: their names, and limits at which the kernel refused something before a step failed. */
export function decideRun(run: Pick<RunDocument, 'end' | 'steps'>, findings: readonly Finding[]): Decision {
  return decideWith(run.end, run.steps, findings);
}

function decideWith(end: RunEnd, steps: readonly StepRecord[], findings: readonly Finding[]): Decision {
  switch (end.how) {
    case 'error':
      return decision('jail-error', end.message);
    case 'cancelled':
      return decision('cancelled', `cancelled by ${end.by}`);
    case 'limit':
      return overLimit(end.limit, stepName(steps, end.step));
    case 'steps-done':
      return end.failed === null ? guarded(findings) : failed(steps, end.failed);
  }
}

function overLimit(limit: LimitName, step: string): Decision {
  if (limit === 'time') return decision('timed-out', `${step} ran out of limits.time`);
  if (limit === 'idle') return decision('timed-out', `${step} printed nothing for longer than limits.idle`);
  return decision('limit-exceeded', `${step} went over limits.${limit}`);
}

function failed(steps: readonly StepRecord[], index: number): Decision {
  const name = stepName(steps, index);
  const exit = steps[index]?.exit ?? null;
  const [hit] = exit?.hit ?? [];
  if (hit !== undefined) return decision('limit-exceeded', `${name} failed after it had reached limits.${hit}`);
  if (exit === null) return decision('step-failed', `${name} failed`);
  if (exit.signal !== null) return decision('step-failed', `${name} was ended by ${exit.signal}`);
  return decision('step-failed', `${name} ended with exit code ${exit.code}`);
}

function guarded(findings: readonly Finding[]): Decision {
  const broken = findings.filter(({ action }) => action === 'fail');
  const first = broken[0] ?? findings[0];
  if (first === undefined) return decision('succeeded', 'every step ended with 0 and no guard found anything');
  const others = (broken.length > 0 ? broken : findings).length - 1;
  const more = others === 0 ? '' : `, and ${others} more`;
  return decision(broken.length > 0 ? 'guard-failed' : 'needs-review', `${first.rule}: ${first.message}${more}`);
}

/** Steps are counted from 1 where people read. */
function stepName(steps: readonly StepRecord[], index: number): string {
  const step = steps[index];
  return step === undefined ? `step ${index + 1}` : `step ${index + 1} (${displayText(step.name, 80)})`;
}

/** `because` reaches outputs and annotations: one line, bounded, without a full stop. */
function decision(outcome: Outcome, because: string): Decision {
  const text = because.trim().replace(/\s+/g, ' ').replace(/\.$/, '');
  return { outcome, because: displayText(text) };
}
