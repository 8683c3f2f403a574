import type { Place } from '../model/names.ts';
import type { ChangeGuard, ChangeTest, GuardRule } from '../model/policy.ts';
import type { Locate } from './resolve.ts';
import { size } from './rules.ts';
import type { UserPolicy } from './schema.ts';

type UserGuards = UserPolicy['guards'];

/**
 * One entry a rule. Left out: `review`, `deny`, `require`, `forbid` with an empty list, and `denied: ignore`, which can never find
 * anything. An empty `allow` stays: nothing may change then.
 */
export function guardRules(user: UserGuards, resultSchema: object | undefined, at: Locate): GuardRule[] {
  return [
    ...changeRules(user.changes, at),
    ...networkRules(user.network.denied, at(['guards', 'network', 'denied'])),
    ...(['require', 'forbid'] as const).flatMap((kind) =>
      user.output[kind].map((pattern, i): GuardRule => {
        const place = at(['guards', 'output', kind, i]);
        return { name: `guards.output.${kind}`, on: 'output', action: 'fail', test: { kind, pattern }, place };
      }),
    ),
    ...(resultSchema === undefined ? [] : [resultRule(resultSchema, at(['result', 'schema'], 'key'))]),
  ];
}

function changeRules(user: UserGuards['changes'], at: Locate): GuardRule[] {
  const rules: GuardRule[] = [];
  const add = (name: ChangeGuard, test: ChangeTest): void => {
    const place = at(['guards', 'changes', name], 'key');
    rules.push({ name: `guards.changes.${name}`, on: 'changes', action: name === 'review' ? 'review' : 'fail', test, place });
  };
  for (const kind of ['deny', 'review', 'allow', 'require'] as const) {
    const globs = user[kind];
    if (globs !== undefined && (globs.length > 0 || kind === 'allow')) add(kind, { kind, globs });
  }
  if (user.forbid.length > 0) add('forbid', { kind: 'forbid', flags: user.forbid });
  for (const kind of ['max-files', 'max-added-lines', 'max-bytes'] as const) {
    const max = user[kind];
    if (max !== undefined) add(kind, { kind, max: size(max, 0) });
  }
  if (user.root !== undefined) add('root', { kind: 'root', allowed: user.root });
  return rules;
}

function networkRules(denied: UserGuards['network']['denied'], place: Place): GuardRule[] {
  if (denied === 'ignore') return [];
  return [{ name: 'guards.network.denied', on: 'network', action: denied, test: { kind: 'denied' }, place }];
}

function resultRule(schema: object, place: Place): GuardRule {
  return { name: 'result.schema', on: 'result', action: 'fail', test: { kind: 'schema', schema }, place };
}
