import type { Problem } from '../model/errors.ts';
import type { Policy } from '../model/policy.ts';
import { type Places, placesOf } from './places.ts';

/**
 * Settings that are read but that this version does not do: a run with one of them must not start. [] is fine.
 * `at`: where they stand, for a policy that is a copy of what was read.
 */
export function notYet(policy: Policy, at: Places = placesOf(policy)): Problem[] {
  const { backend } = policy.jail;
  if (backend !== 'vm') return [];
  const message = 'jail.backend: vm is not in this version yet';
  return [{ message, remedy: 'Use `auto`, `nspawn` or `docker`.', place: at(['jail', 'backend']) }];
}
