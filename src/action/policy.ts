import type { Policy } from '../model/policy.ts';
import type { PolicySource } from '../model/protocol.ts';
import { defaultPolicy, parsePolicy } from '../policy/parse.ts';
import { inputPlace } from './annotations.ts';
import type { Environment } from './environment.ts';
import type { Inputs } from './inputs.ts';

export interface Chosen {
  readonly policy: Policy;
  readonly source: PolicySource;
}

/** The policy in force. Throws a UserError for a wrong one, and for what an untrusted head may not ask for. */
export async function choosePolicy(inputs: Inputs, env: Environment): Promise<Chosen> {
  if (inputs.policy !== '') return { policy: parsePolicy(inputs.policy, inputPlace('policy')), source: { kind: 'inline' } };
  if (inputs.policyFile === '') return { policy: defaultPolicy(), source: { kind: 'default' } };
  const { readPolicySource, refuseUntrusted } = await import('./source.ts');
  const { text, file, source, trustedHead } = await readPolicySource(inputs, env);
  const policy = parsePolicy(text, file);
  if (source.kind === 'workspace') refuseUntrusted(policy, trustedHead);
  return { policy, source };
}
