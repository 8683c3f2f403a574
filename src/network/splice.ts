import net, { type Socket } from 'node:net';
import { beyond, type Budget } from './budget.ts';
import { CONNECT_TIME, pinned, type Upstream } from './upstream.ts';

/** A read takes as much as the buffer holds: large ones make a fast download, small ones a thousand connections. */
const [SMALL, LARGE] = [16 << 10, 1 << 20];
const MOST_LARGE = 64;
/** Bytes after which a connection is taken for a download. */
const A_DOWNLOAD = 1 << 20;
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

let large = 0;

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
  let [bytesIn, bytesOut, error, reached] = [0, 0, null as string | null, null as string | null];
  let buffer = Buffer.allocUnsafeSlow(SMALL);
  const give = (why: string): void => {
    error ??= why;
    upstream.destroy();
    const answer = reached === null ? sorry(why) : null;
    if (answer === null) return void client.resetAndDestroy();
    bytesOut += answer.length;
    client.end(answer);
    client.setTimeout(LINGER, () => client.destroy());
  };
  const upstream = net.connect({
    host: 'upstream',
    port: to.port,
    lookup: pinned(to.addresses),
    autoSelectFamily: to.addresses.length > 1,
    noDelay: true,
    keepAlive: true,
    allowHalfOpen: true,
    onread: {
      buffer: () => {
        if (bytesOut > A_DOWNLOAD && buffer.length === SMALL && large < MOST_LARGE) {
          buffer = Buffer.allocUnsafeSlow(LARGE);
          large += 1;
        }
        return buffer;
      },
      callback: (length) => {
        if (!budget.take('download', length)) give(beyond('download'));
        bytesOut += length;
        // The buffer is used again once it has been written; `resume` goes on reading then.
        client.write(buffer.subarray(0, length), () => upstream.resume());
        return false;
      },
    },
  });
  const send = (chunk: Buffer): void => {
    if (!budget.take('upload', chunk.length)) return give(beyond('upload'));
    bytesIn += chunk.length;
    if (!upstream.write(chunk)) client.pause();
  };
  const timer = setTimeout(() => give('the server did not answer in time'), CONNECT_TIME);

  upstream.once('connect', () => {
    clearTimeout(timer);
    reached = `${upstream.remoteAddress}:${upstream.remotePort}`;
  });
  upstream.on('drain', () => client.resume());
  upstream.once('end', () => {
    client.end();
    client.setTimeout(LINGER, () => client.destroy());
  });
  upstream.once('error', (cause) => give(cause.message));
  client.once('end', () => upstream.end());
  client.once('close', () => upstream.destroy());
  client.on('data', send);
  if (first.length > 0) send(first);
  client.resume();

  await Promise.all([closed(upstream), closed(client)]);
  clearTimeout(timer);
  if (buffer.length === LARGE) large -= 1;
  return { upstream: reached, error, bytesIn, bytesOut };
}

const closed = async (socket: Socket): Promise<void> =>
  new Promise((resolve) => {
    if (socket.closed) resolve();
    else socket.once('close', () => resolve());
  });
