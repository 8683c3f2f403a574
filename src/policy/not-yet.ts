import type { Problem } from '../model/errors.ts';
import type { Place } from '../model/names.ts';
import type { Policy } from '../model/policy.ts';
import type { StepInput } from '../model/steps.ts';
import { type Places, placesOf } from './places.ts';

/**
 * Settings that are read but that this version does not do: a run with one of them must not start. [] is fine.
 * `at`: where they stand, for a policy that is a copy of what was read.
 */
export function notYet(policy: Policy, at: Places = placesOf(policy)): Problem[] {
  const { backend } = policy.jail;
  return backend === 'vm' ? [problem('jail.backend: vm', 'Use `auto`, `nspawn` or `docker`.', at(['jail', 'backend']))] : [];
}

/** The same for one step. */
export function stepNotYet(step: StepInput): Problem[] {
  return step.tty === null ? [] : [problem(`tty of step ${JSON.stringify(step.name)}`, 'Leave `tty` out.', step.place)];
}

function problem(what: string, remedy: string, place: Place | null): Problem {
  return { message: `${what} is not in this version yet`, remedy, place };
}
