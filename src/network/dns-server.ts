import type { Socket as Datagrams } from 'node:dgram';
import type { Socket } from 'node:net';
import { isInternet, RCODE, readQuery, typeName, writeAnswer } from './dns.ts';
import { BLANK, type NetworkLog, type Seen } from './log.ts';
import { decide } from './names.ts';

/** ms for which a DNS connection may be idle. */
const IDLE = 5000;
/** Longest message over TCP; a question takes at most 271 bytes and its options. */
const LONGEST = 4096;
/** Stands in the log for a message that is not waited for. */
const NOTHING = Buffer.alloc(0);

/** The answer to one packet, or null for none; leaves one line in the log. */
export function answerPacket(packet: Buffer, transport: 'udp' | 'tcp', port: number, log: NetworkLog): Buffer | null {
  const began = process.hrtime.bigint();
  const query = readQuery(packet);
  const write = (
    name: string | null,
    type: string | null,
    verdict: Seen['verdict'],
    reason: string,
    reply: Buffer | null,
  ): Buffer | null => {
    const bytes = { bytesIn: packet.length, bytesOut: reply?.length ?? 0 };
    log.write({ ...BLANK, began, kind: 'dns', transport, name, type, port, protocol: 'dns', verdict, reason, ...bytes });
    return reply;
  };
  if (query.kind === 'silence') return write(null, null, 'denied', 'not a query', null);
  if (query.kind === 'malformed') return write(null, null, 'denied', `malformed: ${query.fault}`, query.reply);
  const { question } = query;
  const type = typeName(question.type);
  if (!isInternet(question))
    return write(question.name, type, 'denied', 'not a question of the internet class', writeAnswer(question, RCODE.refused, null));
  const { verdict, reason, address } = decide({ kind: 'dns', name: question.name });
  return write(
    question.name,
    type,
    verdict,
    reason,
    writeAnswer(question, verdict === 'allowed' ? RCODE.noError : RCODE.nxDomain, address),
  );
}

export function serveDatagrams(socket: Datagrams, port: number, log: NetworkLog): void {
  socket.on('message', (packet, peer) => {
    const reply = answerPacket(packet, 'udp', port, log);
    if (reply !== null && peer.port !== 0) socket.send(reply, peer.port, peer.address, () => {}); // the asker may be gone
  });
}

/** DNS over TCP (RFC 7766): each message behind its length. */
export function serveStream(socket: Socket, port: number, log: NetworkLog): void {
  let pending = Buffer.alloc(0);
  socket.setTimeout(IDLE, () => socket.resetAndDestroy());
  socket.on('data', (chunk: Buffer) => {
    pending = Buffer.concat([pending, chunk]);
    while (pending.length >= 2) {
      const length = pending.readUInt16BE(0);
      const tooLong = length > LONGEST;
      if (!tooLong && pending.length < 2 + length) return;
      const reply = answerPacket(tooLong ? NOTHING : pending.subarray(2, 2 + length), 'tcp', port, log);
      if (reply === null) return void socket.resetAndDestroy();
      pending = pending.subarray(2 + length);
      const size = Buffer.alloc(2);
      size.writeUInt16BE(reply.length);
      // Who asks without reading the answers is not served any further.
      if (!socket.write(Buffer.concat([size, reply]))) return void socket.resetAndDestroy();
    }
  });
}
