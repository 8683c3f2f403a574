import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { JailError } from '../model/errors.ts';
import type { HostPath } from '../model/names.ts';
import { CLEAN_ENV } from '../system/exec.ts';
import { lines } from '../system/lines.ts';

/** Longest line of an answer. */
const LINE = 1 << 16;
/** ms that one request may take. */
const PATIENCE = 60_000;

/** The name of what is to be done, and its words; `hands.pl` has them all. */
export type Request = readonly [name: string, ...words: string[]];
interface Waiting {
  readonly resolve: () => void;
  readonly reject: (error: JailError) => void;
  readonly what: string;
}

/**
 * A process that makes the warden's system calls and starts the small programs it needs: for each one that Node starts itself, the kernel copies
 * the page tables of its heap, which takes longer than most of them run. It holds the run's lock: a run cannot go on without it.
 */
export class Hands {
  /** Resolves with how it ended. */
  readonly died: Promise<string>;
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #waiting: Waiting[] = [];
  readonly #patience: number;
  #dead: string | null = null;
  #errors = '';
  #late = false;

  constructor(script: HostPath, patience = PATIENCE) {
    const child = spawn('perl', [script], { env: CLEAN_ENV, cwd: '/', stdio: ['pipe', 'pipe', 'pipe'] });
    this.#child = child;
    this.#patience = patience;
    child.stdin.on('error', () => {}); // it died: `died` says so
    child.stderr.on('data', (chunk: Buffer) => {
      if (this.#errors.length < 4096) this.#errors += chunk.toString('utf8');
    });
    const answered = this.#answers(child.stdout).catch(() => this.kill());
    this.died = new Promise((resolve) => {
      const over = (end: string): void => {
        const said = this.#errors.trim().split('\n').slice(0, 3).join(' / ').slice(0, 500);
        this.#dead ??= `${NAME} ${this.#late ? 'did not answer in time' : `ended with ${end}`}${said === '' ? '' : `: ${said}`}`;
        for (const { reject } of this.#waiting.splice(0)) reject(gone(this.#dead));
        resolve(this.#dead);
      };
      child.once('error', (error) => over(error.message));
      child.once('close', (code, signal) => void answered.then(() => over(String(signal ?? code))));
    });
  }
  /**
   * Resolves once it is done. Requests are done one after the other, so that what follows need not wait for the answer to be asked for; but it is
   * done as well where this one failed. Rejects with a JailError, `what` it means that it failed and why; nobody has to wait for that.
   */
  ask(what: string, request: Request): Promise<void> {
    return this.all([[what, request]]);
  }
  /** Several at once: each time it is written to, the other process may take this one's processor. Throws what was wrong first. */
  all(parts: readonly (readonly [what: string, request: Request])[]): Promise<void> {
    const bytes = Buffer.concat(parts.map(([, request]) => encoded(request)));
    const asked = parts.map(([what]) => this.#wait(what));
    if (this.#dead === null) this.#child.stdin.write(bytes);
    const done = (async () => {
      for (const one of asked) await one;
    })();
    done.catch(() => {});
    return done;
  }
  /** Throws JailError where it does not live any more. */
  alive(): Promise<void> {
    return this.ask(`${NAME} does not answer`, ['there']);
  }
  kill(): void {
    this.#child.kill('SIGKILL');
  }

  #wait(what: string): Promise<void> {
    if (this.#dead !== null) return refused(gone(this.#dead));
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const one: Waiting = { what, resolve, reject };
    this.#waiting.push(one);
    // The answer may be there, unread, where this process was what took so long.
    const late = (): void => {
      if (!this.#waiting.includes(one)) return;
      this.#late = true;
      this.kill();
    };
    const timer = setTimeout(() => setImmediate(late), this.#patience);
    promise.catch(() => {}).finally(() => clearTimeout(timer));
    return promise;
  }
  async #answers(stdout: AsyncIterable<Uint8Array>): Promise<void> {
    for await (const line of lines(stdout, LINE)) {
      const one = this.#waiting.shift();
      const why = refusal(line);
      if (one === undefined) throw new Error('an answer that nobody waits for');
      if (why === null) one.resolve();
      else one.reject(new JailError(`${one.what}: ${why}`, 'see `agent-jail doctor`'));
    }
  }
}
const NAME = 'the process that makes what the jail needs (hands.pl)';
function refused(error: JailError): Promise<never> {
  const promise = Promise.reject(error);
  promise.catch(() => {});
  return promise;
}
const gone = (how: string): JailError => new JailError(how, GONE_REMEDY);
export const GONE_REMEDY = 'look for who kills processes on this machine (a lack of memory shows in the kernel log), and run again';

/** Pure: a request as it is written. Throws for a word that no program and no system call can have. */
export function encoded(request: Request): Buffer {
  const wrong = request.find((word) => word.includes('\0'));
  if (wrong !== undefined) throw new Error(`a word with a NUL in it: ${JSON.stringify(wrong)}`);
  const bytes = Buffer.from(request.join('\0'));
  return Buffer.concat([Buffer.from(`${bytes.length}\n`), bytes]);
}

/** Pure: why it was not done; null: it was. Throws for what is no answer. */
export function refusal(line: string): string | null {
  if (line === 'ok') return null;
  if (!line.startsWith('failed ')) throw new Error(`not an answer: ${line.slice(0, 100)}`);
  return line.slice('failed '.length).slice(0, 1000);
}
