import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Policy } from '../model/policy.ts';
import type { PolicySource } from '../model/protocol.ts';
import { HERE } from '../system/platform.ts';
import { wrong } from './args.ts';
import type { Io } from './io.ts';

/** The policy in `file`, or the one of all defaults. Throws a UserError. */
export async function loadPolicy(file: string | undefined, io: Io): Promise<{ readonly policy: Policy; readonly source: PolicySource }> {
  if (file === undefined) {
    const { defaultPolicy } = await import('../policy/parse.ts');
    return { policy: defaultPolicy(), source: { kind: 'default' } };
  }
  const text = readText(file, io);
  const named = HERE.slashed(file);
  const { parsePolicy } = await import('../policy/parse.ts');
  return { policy: parsePolicy(text, named), source: { kind: 'file', file: named } };
}

/** A file of the user's, whole. Throws a UserError that says why not. At once: nothing else is to be done meanwhile. */
export function readText(file: string, io: Io): string {
  try {
    return readFileSync(resolve(io.cwd, file), 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw wrong(`cannot read ${file}: ${code === 'ENOENT' ? 'there is no such file' : message}`);
  }
}
