import type { Finding } from '../../../src/model/changes.ts';
import type { GuardAction, GuardRule } from '../../../src/model/policy.ts';
import { evaluate } from '../../../src/guard/evaluate.ts';
import { openRecordDir } from '../../../src/record/read.ts';
import { makeRecord, PLACE } from '../record/fixture.ts';
import type { Content } from '../record/fixture.ts';

type ChangeRule = Extract<GuardRule, { on: 'changes' }>;
export const rule = (test: ChangeRule['test'], action: GuardAction = test.kind === 'review' ? 'review' : 'fail'): ChangeRule => ({
  name: `guards.changes.${test.kind}`,
  on: 'changes',
  action,
  test,
  place: PLACE,
});
export const allow = (...globs: string[]): ChangeRule => rule({ kind: 'allow', globs });
export const deny = (...globs: string[]): ChangeRule => rule({ kind: 'deny', globs });
export const review = (...globs: string[]): ChangeRule => rule({ kind: 'review', globs });
export const require = (...globs: string[]): ChangeRule => rule({ kind: 'require', globs });
export const forbid = (...flags: string[]): ChangeRule => rule({ kind: 'forbid', flags });
export const output = (kind: 'require' | 'forbid', pattern: string): GuardRule => ({
  name: `guards.output.${kind}`,
  on: 'output',
  action: 'fail',
  test: { kind, pattern },
  place: PLACE,
});
export const schema = (value: object): GuardRule => ({
  name: 'result.schema',
  on: 'result',
  action: 'fail',
  test: { kind: 'schema', schema: value },
  place: PLACE,
});
export const DENIED: GuardRule = { name: 'guards.network.denied', on: 'network', action: 'review', test: { kind: 'denied' }, place: PLACE };

/** Findings of rules over a real record. */
export async function findings(guards: readonly GuardRule[], content: Content): Promise<Finding[]> {
  const { dir } = makeRecord({ guards, ...content });
  return await evaluate(guards, openRecordDir(dir));
}
/** `rule: what, what` of each finding. */
export async function broken(guards: readonly GuardRule[], content: Content): Promise<string[]> {
  return (await findings(guards, content)).map(({ rule: name, what }) => `${name.split('.').at(-1)}: ${what.join(', ')}`);
}
