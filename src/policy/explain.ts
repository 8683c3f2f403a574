import { stringify } from 'yaml';
import type { Problem } from '../model/errors.ts';
import type { Policy } from '../model/policy.ts';
import { toUser } from './to-user.ts';
import { weaknesses } from './weak.ts';

export interface Explanation {
  /** The policy in force as YAML, nothing left to defaults; parsed again it has the same digest. */
  readonly lines: readonly string[];
  /** Where it holds less than it could, and what to do about it. */
  readonly weak: readonly Problem[];
}

/** What a policy comes to. */
export function explain(policy: Policy): Explanation {
  const yaml = stringify(toUser(policy), { lineWidth: 0, aliasDuplicateObjects: false }).trimEnd().split('\n');
  return { lines: [`# digest ${policy.digest}`, ...yaml, ...fromTheMachine(policy)], weak: weaknesses(policy) };
}

function fromTheMachine({ agent, setup, limits }: Policy): string[] {
  const lines: string[] = [];
  const say = (name: string, value: unknown, text: string): void => {
    if (value === null) lines.push(`# ${name}: ${text}`);
  };
  say('limits.memory', agent.limits.memory, "75 % of the machine's");
  say('limits.cpus', agent.limits.cpus, "all of the machine's");
  say('limits.disk', limits.disk, '10GiB, or half of what is free where that is less');
  if (agent.limits.memory !== null) say('setup.limits.memory', setup.limits.memory, "75 % of the machine's");
  if (agent.limits.cpus !== null) say('setup.limits.cpus', setup.limits.cpus, "all of the machine's");
  return lines;
}
