import { explain } from '../policy/explain.ts';
import { parse } from './args.ts';
import { json } from './io.ts';
import type { Io } from './io.ts';
import { loadPolicy } from './policy.ts';
import { problemLine } from './problem.ts';

/** `agent-jail explain [FILE]`: the policy in force, and where it is weak. */
export async function explainCommand(argv: readonly string[], io: Io): Promise<number> {
  const { options, positionals } = parse(argv, { json: 'boolean' }, 1);
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
