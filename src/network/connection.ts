import type { Socket } from 'node:net';
import { type Intent, readIntent, UNSAID } from './first-bytes.ts';
import { BLANK, type NetworkLog } from './log.ts';
import { decide } from './names.ts';
import { refusal } from './refusal.ts';

/** ms from accept to a complete request head or ClientHello. */
const DECISION_TIME = 5000;
/** Bytes collected for the decision. */
const MOST_BYTES = 17 * 1024;
/** ms for which a refused client may read its answer. */
const LINGER = 1000;

/** Follows one connection of the jail to `port` from accept to its refusal, and leaves exactly one line in the log. */
export function handleConnection(socket: Socket, port: number, log: NetworkLog): void {
  const began = process.hrtime.bigint();
  const address = socket.localAddress ?? null;
  let bytes = Buffer.alloc(0);
  let settled = false;

  const settle = (intent: Intent, why: string | null): void => {
    if (settled) return;
    settled = true;
    clearTimeout(timer);
    const { reason } = decide({ kind: 'connection', name: intent.name });
    const answer = why === null ? refusal(intent, intent.name ?? address ?? 'this address', reason) : null;
    const detail = why ?? intent.fault;
    log.write({
      ...BLANK,
      began,
      kind: 'connection',
      transport: 'tcp',
      name: intent.name,
      address,
      port,
      protocol: intent.protocol,
      method: intent.method,
      path: intent.path,
      verdict: 'denied',
      reason: detail === null ? reason : `${reason} (${detail})`,
      bytesIn: bytes.length,
      bytesOut: answer?.length ?? 0,
    });
    bytes = Buffer.alloc(0);
    if (answer === null) socket.resetAndDestroy();
    else sayGoodbye(socket, answer);
  };

  const timer = setTimeout(
    () => settle(UNSAID, bytes.length === 0 ? 'it sent nothing' : 'its request was not complete in time'),
    DECISION_TIME,
  );
  socket.on('data', (chunk: Buffer) => {
    if (settled) return; // read on, so that unread bytes do not turn the answer into a reset
    bytes = Buffer.concat([bytes, chunk.subarray(0, MOST_BYTES - bytes.length)]);
    const intent = readIntent(bytes);
    if (intent !== null) settle(intent, null);
    else if (bytes.length === MOST_BYTES) settle(UNSAID, `its request is longer than ${MOST_BYTES} bytes`);
  });
  socket.once('end', () => settle(UNSAID, 'it closed before its request was complete'));
  socket.once('close', () => settle(UNSAID, 'it was closed before its request was complete'));
}

/** For a connection that is not even listened to. */
export function resetConnection(socket: Socket, port: number, log: NetworkLog, reason: string): void {
  const [began, address] = [process.hrtime.bigint(), socket.localAddress ?? null];
  log.write({ ...BLANK, began, kind: 'connection', transport: 'tcp', address, port, protocol: 'unknown', verdict: 'denied', reason });
  socket.resetAndDestroy();
}

function sayGoodbye(socket: Socket, answer: Buffer): void {
  socket.end(answer);
  const timer = setTimeout(() => socket.resetAndDestroy(), LINGER);
  socket.once('close', () => clearTimeout(timer));
}
