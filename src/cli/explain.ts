import { resolve } from 'node:path';
import type { HostPath } from '../model/names.ts';
import { explain } from '../policy/explain.ts';
import { Needed } from '../policy/needed.ts';
import { RecordError } from '../record/error.ts';
import { openRecordDir } from '../record/read.ts';
import { forTerminal } from '../transcript/sanitise.ts';
import { parse, wrong } from './args.ts';
import { json } from './io.ts';
import type { Io } from './io.ts';
import { loadPolicy } from './policy.ts';
import { problemLine } from './problem.ts';

/** `agent-jail explain [FILE]`: the policy in force, and where it is weak. `--from-record DIR`: the network that a run needed. */
export async function explainCommand(argv: readonly string[], io: Io): Promise<number> {
  const { options, positionals } = parse(argv, { json: 'boolean', 'from-record': 'string' }, 1);
  const record = options['from-record'];
  if (record !== undefined) return needed(record, io);
  const { policy } = await loadPolicy(positionals[0], io);
  const explanation = explain(policy);
  if (options['json']) {
    json(io, { schema: 'agent-jail/explain@1', digest: policy.digest, policy, weak: explanation.weak });
    return 0;
  }
  io.out(`${explanation.lines.join('\n')}\n`);
  io.out(explanation.weak.length === 0 ? '\nNothing in it is weak.\n' : '\nWeak points:\n');
  for (const point of explanation.weak) io.out(`${problemLine(point)}\n`);
  return 0;
}

async function needed(directory: string, io: Io): Promise<number> {
  try {
    const record = openRecordDir(resolve(io.cwd, directory) as HostPath);
    const { steps } = record.document('run.json').value;
    const found = new Needed((step) => steps[step]?.setup ?? false);
    for await (const line of record.lines('network.ndjson')) found.take(line);
    for (const line of found.lines()) io.out(`${forTerminal(line).replaceAll('\n', ' ')}\n`);
    return 0;
  } catch (error) {
    if (!(error instanceof RecordError)) throw error;
    throw wrong(`${directory} cannot be read as a record: ${error.message}`, 'Give the directory of a run.');
  }
}
