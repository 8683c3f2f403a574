import { closeSync, constants, openSync } from 'node:fs';
import { Socket } from 'node:net';
import type { HostPath } from '../model/names.ts';

/** Bytes that are read at once: a pipe holds as many. */
const CHUNK = 1 << 16;

/**
 * The FIFO a step's output leaves through. A writer's open blocks until there is a reader (fifo(7)): opening it is what lets the step go.
 * The warden holds a writer of its own, so that the end is the jail's end and not a moment without writers.
 */
export class Gate {
  readonly #path: HostPath;
  #hold: number | null = null;
  #over: Promise<void> = Promise.resolve();

  constructor(path: HostPath) {
    this.#path = path;
  }
  /** Opens the gate; `take` gets every byte, in order. A chunk is valid during the call only. */
  open(take: (chunk: Buffer) => void): void {
    const fd = openSync(this.#path, constants.O_RDONLY | constants.O_NONBLOCK);
    this.#hold = openSync(this.#path, constants.O_WRONLY | constants.O_NONBLOCK);
    // One buffer for all: chunks of their own would be garbage faster than it is collected.
    const buffer = Buffer.allocUnsafe(CHUNK);
    const callback = (length: number): boolean => {
      take(buffer.subarray(0, length));
      return true;
    };
    const stream = new Socket({ fd, readable: true, writable: false, onread: { buffer, callback } });
    stream.resume();
    this.#over = new Promise((resolve) => {
      stream.once('close', () => resolve());
      stream.on('error', () => stream.destroy());
    });
  }
  /** Call once the jail is dead: what is still in the FIFO arrives, then this resolves. */
  async drain(): Promise<void> {
    if (this.#hold !== null) closeSync(this.#hold);
    this.#hold = null;
    await this.#over;
  }
}
