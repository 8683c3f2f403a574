import type { Socket as Datagrams } from 'node:dgram';
import type { Socket } from 'node:net';
import { isInternet, RCODE, type Rcode, readQuery, typeName, writeAnswer } from './dns.ts';
import type { Gate } from './gate.ts';
import { BLANK, type Seen } from './log.ts';
import { isLocalhost } from './names.ts';
import { resolveName, UNLISTED } from './rules.ts';

/** ms for which a DNS connection may be idle. */
const IDLE = 5000;
/** Longest message over TCP; a question takes at most 271 bytes and its options. */
const LONGEST = 4096;
/** Stands in the log for a message that is not waited for. */
const NOTHING = Buffer.alloc(0);

/** The answer to one packet, or null for none; leaves one line in the log. */
export function answerPacket(packet: Buffer, transport: 'udp' | 'tcp', port: number, gate: Gate): Buffer | null {
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
    gate.log.write({ ...BLANK, began, kind: 'dns', transport, name, type, port, protocol: 'dns', verdict, reason, ...bytes });
    return reply;
  };
  if (query.kind === 'silence') return write(null, null, 'denied', 'not a query', null);
  if (query.kind === 'malformed') return write(null, null, 'denied', `malformed: ${query.fault}`, query.reply);
  const { question } = query;
  const type = typeName(question.type);
  if (!isInternet(question))
    return write(question.name, type, 'denied', 'not a question of the internet class', writeAnswer(question, RCODE.refused, null));
  const { reason, address, rcode } = lookUp(question.name, gate);
  return write(question.name, type, rcode === RCODE.noError ? 'allowed' : 'denied', reason, writeAnswer(question, rcode, address));
}

/** The address by which a name is known in the jail. Nothing is asked of the world for it. */
function lookUp(name: string, { rules, addresses }: Gate): { reason: string; address: string | null; rcode: Rcode } {
  if (isLocalhost(name)) return { reason: 'loopback', address: '127.0.0.1', rcode: RCODE.noError };
  const found = resolveName(rules(), name);
  if (found === null) return { reason: UNLISTED, address: null, rcode: RCODE.nxDomain };
  const address = addresses.of(name);
  if (address === null) return { reason: 'there is no address left for it', address, rcode: RCODE.servFail };
  return { reason: found.rule, address, rcode: RCODE.noError };
}

export function serveDatagrams(socket: Datagrams, port: number, gate: Gate): void {
  socket.on('message', (packet, peer) => {
    const reply = answerPacket(packet, 'udp', port, gate);
    if (reply !== null && peer.port !== 0) socket.send(reply, peer.port, peer.address, () => {}); // the asker may be gone
  });
}

/** DNS over TCP (RFC 7766): each message behind its length. */
export function serveStream(socket: Socket, port: number, gate: Gate): void {
  let pending = Buffer.alloc(0);
  socket.setTimeout(IDLE, () => socket.resetAndDestroy());
  socket.once('end', () => socket.end());
  socket.on('data', (chunk: Buffer) => {
    pending = Buffer.concat([pending, chunk]);
    while (pending.length >= 2) {
      const length = pending.readUInt16BE(0);
      const tooLong = length > LONGEST;
      if (!tooLong && pending.length < 2 + length) return;
      const reply = answerPacket(tooLong ? NOTHING : pending.subarray(2, 2 + length), 'tcp', port, gate);
      if (reply === null) return void socket.resetAndDestroy();
      pending = pending.subarray(2 + length);
      const size = Buffer.alloc(2);
      size.writeUInt16BE(reply.length);
      // Who asks without reading the answers is not served any further.
      if (!socket.write(Buffer.concat([size, reply]))) return void socket.resetAndDestroy();
    }
  });
}
