import { dirname, join, normalize } from 'node:path';
import type { Loaded } from '../cli/suite-common.ts';
import { policyFileOf, readSuite } from '../suite/read.ts';
import { variable } from './environment.ts';
import type { Environment } from './environment.ts';
import { readPolicySource, refuseUntrusted } from './source.ts';
import type { SuiteInputs } from './suite-inputs.ts';

/**
 * The suite, and the file of its policy, as a policy is read: at the event's base commit unless the workspace was asked for. Whoever made
 * the head of a pull request says what is evaluated, and not under which policy. Throws a UserError.
 */
export async function suiteOf(
  { suite: written, suiteSource }: Pick<SuiteInputs, 'suite' | 'suiteSource'>,
  env: Environment,
): Promise<Loaded> {
  const read = (file: string) => readPolicySource({ policyFile: file, policySource: suiteSource }, env, 'suite');
  const { text, file, source, trustedHead } = await read(written);
  const policyFile = policyFileOf(text, file);
  const texts = policyFile === null ? [] : [[policyFile, (await read(normalize(join(dirname(file), policyFile)))).text] as const];
  const suite = readSuite(text, file, variable(env, 'GITHUB_WORKSPACE'), new Map(texts));
  if (source.kind === 'workspace') for (const { policy } of suite.tasks) refuseUntrusted(policy, trustedHead);
  return { suite, trusted: trustedHead };
}
