import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { JailError } from '../model/errors.ts';
import type { HostPath } from '../model/names.ts';
import { readProc } from '../system/proc.ts';

/** ms. */
const PATIENCE = 30_000;
const LOOK = 2;

/** What a backend's own program printed: kept beside the record, bounded. */
export class BackendLog {
  text = '';
  readonly #file: HostPath;
  constructor(file: HostPath) {
    this.#file = file;
  }
  append(chunk: Buffer): void {
    if (this.text.length > 1 << 16) return;
    this.text += chunk.toString('utf8');
    appendFileSync(this.#file, chunk);
  }
}

export interface Launched {
  /** What holds the jail, in words. */
  readonly program: string;
  readonly argv: readonly string[];
  /** Processes in the run's cgroup. */
  readonly members: () => readonly number[];
  /** Of these, one that may be the held process. */
  readonly may: (pid: number) => boolean;
  /** The program has ended. */
  readonly over: () => boolean;
  readonly log: BackendLog;
}

/** Host pid of the held process: once one of the run's cgroup is the wrapper of `argv`. Throws JailError where none comes up. */
export async function heldProcess({ program, argv, members, may, over, log }: Launched): Promise<number> {
  const wanted = `${argv.join('\0')}\0`;
  for (const end = performance.now() + PATIENCE; performance.now() < end; await sleep(LOOK)) {
    for (const pid of members()) if (may(pid) && readProc(pid, 'cmdline') === wanted) return pid;
    if (over()) break;
  }
  const said = log.text.trim().split('\n').slice(-3).join(' / ');
  throw new JailError(
    `${program} ${over() ? 'ended' : 'did not come up'} before the step could start${said === '' ? '' : `: ${said}`}`,
    'see backend.log in the record; `agent-jail doctor` tells what is missing',
  );
}
