import { UserError } from '../model/errors.ts';
import type { BackendName } from '../model/names.ts';
import type { Policy } from '../model/policy.ts';
import { notYet } from '../policy/not-yet.ts';
import { placesOf } from '../policy/places.ts';

/** Throws a UserError for what this version reads but does not do; `backend` is the one in force, whoever asked for it. */
export function refuseNotYet(policy: Policy, backend: BackendName | 'auto'): void {
  const inForce = { ...policy, jail: { ...policy.jail, backend } };
  const at = placesOf(policy);
  // A backend that somebody else asked for stands nowhere in the policy.
  const own = backend === policy.jail.backend;
  const problems = notYet(inForce, (path) => (path.at(-1) === 'backend' && !own ? null : at(path)));
  if (problems.length > 0) throw new UserError(problems);
}
