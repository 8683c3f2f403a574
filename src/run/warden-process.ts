import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import type { WardenRequest } from '../model/protocol.ts';
import { lines } from '../system/lines.ts';
import { explain, type Kind, spawnWarden, type Warden } from './start-warden.ts';

/** An 'output' event is at most 64 KiB, as base64. */
const LONGEST = 1 << 20;

/** A warden on this machine. */
export class WardenProcess implements Warden {
  readonly #child: ChildProcess;
  #errors = '';
  #messages: AsyncGenerator<unknown> | null = null;
  /** What to say of its end, where it said nothing itself. */
  readonly ended: Promise<string>;
  constructor(...kind: Kind) {
    // In dist/ the warden lies beside the chunk this is in.
    const entry = join(import.meta.dirname, 'warden.cjs');
    // Its own session: a terminal's Ctrl-C must reach main alone.
    const child = spawnWarden(entry, kind, true);
    this.#child = child;
    child.stdin?.on('error', () => {});
    child.stderr?.on('data', (chunk: Buffer) => {
      if (this.#errors.length < 8192) this.#errors += chunk.toString('utf8');
    });
    this.ended = new Promise((resolve) => {
      child.once('error', (error: NodeJS.ErrnoException) => resolve(missing(error, child.spawnfile)));
      child.once('close', (code, signal) => resolve(explain(this.#errors, String(signal ?? code))));
    });
  }
  send(request: WardenRequest): void {
    this.#child.stdin?.write(`${JSON.stringify(request)}\n`);
  }
  close(): void {
    this.#child.stdin?.end();
  }
  /** The same one each time: of a warden with many runs it goes on. */
  messages(): AsyncGenerator<unknown> {
    return (this.#messages ??= parsed(this.#child.stdout));
  }
}
async function* parsed(stream: ChildProcess['stdout']): AsyncGenerator<unknown> {
  if (stream !== null) for await (const line of lines(stream, LONGEST)) yield JSON.parse(line);
}

function missing(error: NodeJS.ErrnoException, file: string): string {
  if (error.code !== 'ENOENT') return error.message;
  return file === 'sudo' ? 'sudo is not there: agent-jail needs root, or passwordless sudo' : `${file} is missing on this machine`;
}
