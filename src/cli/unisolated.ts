import { CHROOT_LACKS } from '../backend/chroot.ts';
import { UserError } from '../model/errors.ts';
import type { Policy } from '../model/policy.ts';
import type { StepInput } from '../model/steps.ts';
import { unisolated } from '../policy/unisolated.ts';
import type { Io } from './io.ts';

/** Before a run on the backend that isolates nothing: says so, whoever looks. Throws a UserError for what must not be run so. */
export function warnUnisolated(policy: Policy, steps: readonly StepInput[], io: Io): void {
  const problems = unisolated(policy, steps);
  if (problems.length > 0) throw new UserError(problems);
  // On a terminal it stands among the notices of the run.
  if (!io.live) io.err(`agent-jail: warning: ${CHROOT_LACKS}\n`);
}
