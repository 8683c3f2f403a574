import { resolve } from 'node:path';
import type { HostPath } from '../model/names.ts';
import { verify } from '../record/verify.ts';
import { forTerminal } from '../transcript/sanitise.ts';
import { parse, wrong } from './args.ts';
import { json } from './io.ts';
import type { Io } from './io.ts';

export const VERIFY_CODES = { intact: 0, broken: 3, 'cut-off': 4 } as const;

/** `agent-jail verify DIR`. A record may come from anywhere, so names from it are made harmless before they are printed. */
export async function verifyCommand(argv: readonly string[], io: Io): Promise<number> {
  const { options, positionals } = parse(argv, { json: 'boolean' }, 1);
  const dir = positionals[0];
  if (dir === undefined) throw wrong('which record? agent-jail verify DIR');
  const { state, problems, manifest } = await verify(resolve(io.cwd, dir) as HostPath);
  if (options['json']) json(io, { schema: 'agent-jail/verify@1', state, manifest, problems });
  else {
    io.out(`${state}${manifest === null ? '' : `, manifest sha256 ${manifest}`}\n`);
    for (const problem of problems) io.out(`${forTerminal(`${problem.file}: ${problem.message}`).replaceAll('\n', ' ')}\n`);
  }
  return VERIFY_CODES[state];
}
