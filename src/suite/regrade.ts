import { copyFileSync, linkSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { HostPath } from '../model/names.ts';
import type { RunResult } from '../model/protocol.ts';
import type { Trial } from '../model/suite.ts';
import { openRecordDir } from '../record/read.ts';
import { verify } from '../record/verify.ts';
import type { Workspaces } from './start.ts';
import { type Bench, judge, recordOf } from './trial.ts';
import type { Task } from './types.ts';

/** Judges the agent's run of an earlier trial once more, from its record alone. `results`: the file that the trial's line stands in. */
export async function regrade(
  bench: Bench,
  workspaces: Workspaces,
  task: Task,
  earlier: Trial,
  results: string,
  cancel: AbortSignal,
): Promise<Trial> {
  if (earlier.record === null || earlier.run === null) return earlier;
  const moved = { ...earlier, record: recordOf(earlier), policy: task.policy.digest };
  const broken = (because: string): Trial => ({ ...moved, outcome: 'invalid', what: null, because, reward: null, verifier: null });
  try {
    const record = keep(join(dirname(results), earlier.record, 'agent'), join(bench.out, moved.record));
    const { state, problems } = await verify(record);
    if (state !== 'intact') return broken(`its record is ${state}: ${problems[0]?.message ?? 'cut off'}`);
    const ran = ranOf(record);
    const attempt = {
      task,
      agent: { steps: [], deterministic: false },
      oracle: false,
      workspace: await workspaces.of(task),
      trial: earlier.trial,
      seed: earlier.seed,
    };
    const again = await judge(bench, attempt, ran, cancel);
    return { ...moved, ...again, record: moved.record, ms: { ...earlier.ms, verifier: again.ms.verifier } };
  } catch (error) {
    return broken(error instanceof Error ? error.message : String(error));
  }
}

/** The same record beside the new results, which then need nothing of the old ones. */
function keep(from: string, directory: string): HostPath {
  const to = join(directory, 'agent');
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(to, { recursive: true, mode: 0o700 });
  for (const name of readdirSync(from)) {
    try {
      linkSync(join(from, name), join(to, name));
    } catch {
      copyFileSync(join(from, name), join(to, name)); // another disk
    }
  }
  return to as HostPath;
}

/** How the run ended, as its record tells it. @throws RecordError */
function ranOf(directory: HostPath): RunResult {
  const record = openRecordDir(directory);
  const { end, counts } = record.document('run.json').value;
  const { outcome, because, manifest } = record.document('verdict.json').value;
  return { end, outcome, because, manifest, counts, record: directory };
}
