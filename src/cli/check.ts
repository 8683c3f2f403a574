import { UserError } from '../model/errors.ts';
import type { Problem } from '../model/errors.ts';
import { EXIT } from '../model/outcome.ts';
import { parse, wrong } from './args.ts';
import { json } from './io.ts';
import type { Io } from './io.ts';
import { loadPolicy } from './policy.ts';
import { problemLine } from './problem.ts';

/** `agent-jail check FILE`: all problems at once. */
export async function check(argv: readonly string[], io: Io): Promise<number> {
  const { options, positionals } = parse(argv, { json: 'boolean' }, 1);
  const file = positionals[0];
  if (file === undefined) throw wrong('which policy? agent-jail check FILE');
  const problems = await problemsIn(file, io);
  if (options['json']) json(io, { schema: 'agent-jail/check@1', file, ok: problems.length === 0, problems });
  else if (problems.length === 0) io.out(`${file}: ok\n`);
  else for (const problem of problems) io.out(`${problemLine(problem)}\n`);
  return problems.length === 0 ? 0 : EXIT['usage-error'];
}

async function problemsIn(file: string, io: Io): Promise<readonly Problem[]> {
  try {
    await loadPolicy(file, io);
    return [];
  } catch (error) {
    if (error instanceof UserError) return error.problems;
    throw error;
  }
}
