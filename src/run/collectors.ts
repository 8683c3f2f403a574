import { Collector, collectorArgv, ownUid } from './children.ts';
import type { FilledFile } from '../record/write.ts';
import type { Context } from './context.ts';

export const EVIDENCE = ['changes.ndjson', 'changes.patch', 'changes.tar.gz', 'result.txt'] as const;
export const DERIVED = ['verdict.json', 'summary.md'] as const;
/** In a collector the files it writes to are its descriptors from 3 upwards. */
export const descriptors = <F extends string>(names: readonly F[]) =>
  Object.fromEntries(names.map((name, index) => [name, 3 + index])) as { [N in F]: number };

/** Both collectors, started early so that Node's start costs no time at the end; each waits for its one question. */
export function startCollectors(context: Context): NonNullable<Context['collectors']> {
  const { programs, files } = context;
  const start = (names: readonly FilledFile[]) => {
    const uid = ownUid();
    const argv = collectorArgv(programs.node, { launcher: programs.launch, entry: programs.collector, doors: [] }, uid);
    return {
      uid,
      collector: new Collector(
        argv,
        names.map((name) => files.fd(name)),
      ),
    };
  };
  const changes = start(EVIDENCE);
  context.collectorUid = changes.uid;
  return { changes: changes.collector, verdict: start(DERIVED).collector };
}
