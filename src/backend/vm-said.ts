import { setTimeout as sleep } from 'node:timers/promises';
import { JailError } from '../model/errors.ts';

/** Characters of a line: more than one about a program has. */
const MOST = 1 << 16;
const PROGRAM = 'program ';

/**
 * What the relay tells of its guest, a line each: `ready RELEASE BOOT_ID`, `hit LIMIT`, `failed`, `program LINE`. It is the agent's uid that
 * prints: nothing else counts.
 */
export class Said {
  failed = false;
  onHit: (name: 'memory' | 'processes') => void = () => {};
  onTold: (line: string) => void = () => {};
  #text = '';
  #ready = Promise.withResolvers<{ release: string; bootId: string }>();

  /** The next step's relay is started. */
  begin(): void {
    this.failed = false;
    this.#text = '';
    this.#ready = Promise.withResolvers();
    this.onHit = () => {};
    this.onTold = () => {};
  }
  /** Returns what is for the log: whole lines, but for those about programs. */
  take(chunk: Buffer): Buffer {
    this.#text += chunk.toString('latin1');
    const lines = this.#text.split('\n');
    this.#text = (lines.pop() ?? '').slice(-MOST);
    const others: string[] = [];
    for (const line of lines) {
      if (line.startsWith(PROGRAM)) {
        this.onTold(line.slice(PROGRAM.length));
        continue;
      }
      others.push(`${line}\n`);
      const ready = /^ready ([\w.+~-]{1,100}) ([0-9a-f-]{36})$/.exec(line);
      if (ready !== null) this.#ready.resolve({ release: ready[1] ?? '', bootId: ready[2] ?? '' });
      const hit = /^hit (memory|processes)$/.exec(line)?.[1];
      if (hit === 'memory' || hit === 'processes') this.onHit(hit);
      if (line === 'failed') this.failed = true;
    }
    return Buffer.from(others.join(''), 'latin1');
  }
  /** Resolves once the guest is ready; rejects with a JailError where it ended, or takes too long. */
  async ready(end: Promise<unknown>, patience: number): Promise<{ readonly release: string; readonly bootId: string }> {
    const stop = new AbortController();
    const late = sleep(patience, 'did not come up in time' as const, { signal: stop.signal, ref: false }).catch(() => 'stopped' as const);
    const first = await Promise.race([this.#ready.promise, end.then(() => 'ended before the step could start' as const), late]);
    stop.abort();
    if (typeof first !== 'string') return first;
    throw new JailError(`the virtual machine ${first}`, 'see backend.log in the record, which has what its kernel printed');
  }
}
