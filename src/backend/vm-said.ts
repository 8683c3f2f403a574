import { setTimeout as sleep } from 'node:timers/promises';
import { JailError } from '../model/errors.ts';

const MOST = 4096;

/** What the relay tells of its guest, a line each: `ready RELEASE BOOT_ID`, `hit LIMIT`, `failed`. It is the agent's uid that prints: nothing else counts. */
export class Said {
  failed = false;
  onHit: (name: 'memory' | 'processes') => void = () => {};
  #text = '';
  #ready = Promise.withResolvers<{ release: string; bootId: string }>();

  /** The next step's relay is started. */
  begin(): void {
    this.failed = false;
    this.#text = '';
    this.#ready = Promise.withResolvers();
    this.onHit = () => {};
  }
  take(chunk: Buffer): void {
    this.#text += chunk.toString('latin1');
    const lines = this.#text.split('\n');
    this.#text = (lines.pop() ?? '').slice(-MOST);
    for (const line of lines) {
      const ready = /^ready ([\w.+~-]{1,100}) ([0-9a-f-]{36})$/.exec(line);
      if (ready !== null) this.#ready.resolve({ release: ready[1] ?? '', bootId: ready[2] ?? '' });
      const hit = /^hit (memory|processes)$/.exec(line)?.[1];
      if (hit === 'memory' || hit === 'processes') this.onHit(hit);
      if (line === 'failed') this.failed = true;
    }
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
