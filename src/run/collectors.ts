import { Collector, collectorArgv, ownUid } from './children.ts';
import type { FilledFile } from '../record/write.ts';
import type { Context } from './context.ts';

export const EVIDENCE = ['changes.ndjson', 'changes.patch', 'changes.tar.gz', 'result.txt'] as const;
export const DERIVED = ['verdict.json', 'summary.md'] as const;
/** In a collector the files it writes to are its descriptors from 3 upwards. */
export const descriptors = <F extends string>(names: readonly F[]) =>
  Object.fromEntries(names.map((name, index) => [name, 3 + index])) as { [N in F]: number };

/**
 * A collector that waits for its one question: about the changes, or about the sealed record. Each has a uid of its own: the one that
 * reads an agent's tree can do nothing to the other. Started ahead, where a processor would be idle: Node's own start is not waited for.
 */
export function startCollector({ programs, files }: Context, kind: 'changes' | 'verdict'): { collector: Collector; uid: number } {
  const uid = ownUid();
  const names: readonly FilledFile[] = kind === 'changes' ? EVIDENCE : DERIVED;
  const outputs = names.map((name) => files.fd(name));
  return { collector: new Collector(collectorArgv(programs.node, programs.collector, uid), outputs), uid };
}
