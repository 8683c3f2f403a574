import * as v from 'valibot';
import { UserError } from '../model/errors.ts';
import type { Place } from '../model/names.ts';
import type { Policy } from '../model/policy.ts';
import { byPlace, check } from './check.ts';
import { rememberPlaces } from './places.ts';
import { relations } from './relations.ts';
import { resolve } from './resolve.ts';
import { policySchema } from './schema.ts';
import { readYaml, type Source } from './yaml.ts';

/** The place of what no user wrote: `file` is ''. */
export const NOWHERE: Place = { file: '', line: 0, column: 0 };

/** Reads a policy. `file` names it in messages and places. Throws a UserError with every problem, each with its place. */
export function parsePolicy(text: string, file: string): Policy {
  return policyOf(readYaml(text, file, '`version: 1` for a policy of defaults'));
}

/** The policy that a source holds, which may be a part of a larger one. Throws as `parsePolicy`. */
export function policyOf(source: Source): Policy {
  const user = check(policySchema, source);
  const policy = resolve(user, (path, part) => (written(source.value, path) ? source.place(path, part) : NOWHERE));
  const problems = relations(user, policy, (path, part) => source.place(path, part));
  if (problems.length > 0) throw new UserError(problems.sort(byPlace));
  rememberPlaces(policy, (path) => (written(source.value, path) ? source.place(path) : null));
  return policy;
}

/** What holds where no policy is given: no network, no secrets, a copy-on-write workspace. */
export function defaultPolicy(): Policy {
  return resolve(v.parse(policySchema, {}), () => NOWHERE);
}

function written(value: unknown, path: readonly (string | number)[]): boolean {
  let node = value;
  for (const key of path) {
    if (typeof node !== 'object' || node === null || !Object.hasOwn(node, key)) return false;
    node = (node as Record<string | number, unknown>)[key];
  }
  return true;
}
