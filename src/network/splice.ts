import net, { type Socket } from 'node:net';
import { type Reader, readInto } from './accepted.ts';
import { beyond, type Budget } from './budget.ts';
import { CONNECT_TIME, pinned, type Upstream } from './upstream.ts';

/** A read takes as much as the buffer holds: large ones make a fast transfer, small ones a thousand connections. */
const [SMALL, LARGE] = [16 << 10, 1 << 20];
const MOST_LARGE = 64;
/** Bytes after which a connection is taken for a transfer. */
const MUCH = 1 << 20;
/** ms for the client to close once the server has. */
const LINGER = 10_000;

export interface Passed {
  /** Address and port of the server; null: it was not reached. */
  readonly upstream: string | null;
  readonly error: string | null;
  /** From the client, and to it. */
  readonly bytesIn: number;
  readonly bytesOut: number;
}

/** One direction of a connection: its bytes so far, and the buffer they go through. */
class Lane {
  static #large = 0;
  bytes = 0;
  #buffer: Buffer | null = null;

  buffer(): Buffer {
    this.#buffer ??= Buffer.allocUnsafeSlow(SMALL);
    if (this.bytes > MUCH && this.#buffer.length === SMALL && Lane.#large < MOST_LARGE) {
      this.#buffer = Buffer.allocUnsafeSlow(LARGE);
      Lane.#large += 1;
    }
    return this.#buffer;
  }
  close(): void {
    if (this.#buffer?.length === LARGE) Lane.#large -= 1;
    this.#buffer = null;
  }
}

/**
 * Passes bytes both ways until both sides have ended; `first` came already, and goes ahead. `sorry`: what a client is told whose server is
 * not to be reached; null: nothing that it would understand. Never rejects.
 */
export async function passThrough(
  client: Socket,
  first: Buffer,
  to: Upstream,
  budget: Budget,
  sorry: (why: string) => Buffer | null,
): Promise<Passed> {
  const lanes = { upload: new Lane(), download: new Lane() };
  let [error, reached] = [null as string | null, null as string | null];
  const give = (why: string): void => {
    error ??= why;
    upstream.destroy();
    const answer = reached === null ? sorry(why) : null;
    if (answer === null) return void client.resetAndDestroy();
    lanes.download.bytes += answer.length;
    client.end(answer);
    client.setTimeout(LINGER, () => client.destroy());
  };
  /** A buffer is used again once it has been written; `resume` goes on reading then. */
  const reader = (direction: 'upload' | 'download', write: (chunk: Buffer) => void): Reader => ({
    buffer: () => lanes[direction].buffer(),
    take: (chunk) => {
      if (budget.take(direction, chunk.length)) {
        lanes[direction].bytes += chunk.length;
        write(chunk);
      } else give(beyond(direction));
      return false;
    },
  });
  const down = reader('download', (chunk) => client.write(chunk, () => upstream.resume()));
  const up = reader('upload', (chunk) => upstream.write(chunk, () => client.resume()));
  let downTo = down.buffer();
  const upstream = net.connect({
    host: 'upstream',
    port: to.port,
    lookup: pinned(to.addresses),
    autoSelectFamily: to.addresses.length > 1,
    noDelay: true,
    keepAlive: true,
    allowHalfOpen: true,
    onread: { buffer: () => (downTo = down.buffer()), callback: (length) => down.take(downTo.subarray(0, length)) },
  });
  const timer = setTimeout(() => give('the server did not answer in time'), CONNECT_TIME);

  upstream.once('connect', () => {
    clearTimeout(timer);
    reached = `${upstream.remoteAddress}:${upstream.remotePort}`;
  });
  upstream.once('end', () => {
    client.end();
    client.setTimeout(LINGER, () => client.destroy());
  });
  upstream.once('error', (cause) => give(cause.message));
  client.once('end', () => upstream.end());
  client.once('close', () => upstream.destroy());
  readInto(client, up);
  // Only what was written goes on to read: while something waits, a read would overwrite it.
  if (first.length > 0) up.take(first);
  else client.resume();

  await Promise.all([closed(upstream), closed(client)]);
  clearTimeout(timer);
  const { upload, download } = lanes;
  for (const lane of [upload, download]) lane.close();
  return { upstream: reached, error, bytesIn: upload.bytes, bytesOut: download.bytes };
}

const closed = async (socket: Socket): Promise<void> =>
  new Promise((resolve) => {
    if (socket.closed) resolve();
    else socket.once('close', () => resolve());
  });
