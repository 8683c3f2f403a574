import { createHash } from 'node:crypto';
import type { Sha256 } from '../model/names.ts';
import type { Policy } from '../model/policy.ts';

/** JSON with sorted keys and no blanks: the same data gives the same bytes. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, inner]) => `${JSON.stringify(key)}:${canonicalJson(inner)}`).join(',')}}`;
}

/** SHA-256 of a policy's canonical JSON, places left out: comments, order of keys and layout do not count. */
export function digest(policy: Omit<Policy, 'digest'>): Sha256 {
  const { version, jail, workspace, mounts, agent, setup, limits, record, guards, ...rest } = policy;
  rest satisfies Record<string, never>;
  // Left out as long as it says nothing, so that the policies from before it was there keep their digest.
  const { vm, ...machine } = jail;
  const counted = {
    version,
    jail: { ...machine, ...(vm.emulation === 'refuse' ? {} : { vm }) },
    workspace,
    mounts: placeless(mounts),
    agent: rules(agent),
    setup: rules(setup),
    limits,
    record,
    guards: placeless(guards),
  };
  return createHash('sha256').update(canonicalJson(counted)).digest('hex') as Sha256;
}

// Places are taken out where they are known to be: a key `place` in a user's own data (a JSON Schema) counts.
function rules({ secrets, network, ...rest }: Policy['agent']): object {
  const { allow, services, mode } = network;
  return { ...rest, secrets: placeless(secrets), network: { mode, allow: placeless(allow), services: placeless(services) } };
}

function placeless(items: readonly { readonly place: unknown }[]): object[] {
  return items.map(({ place: _place, ...rest }) => rest);
}
