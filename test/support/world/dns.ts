import dgram from 'node:dgram';
import type { WorldRequest } from './server.ts';

const [A, NXDOMAIN] = [1, 3];
const PRIVATE = '10.0.0.7';

/** A resolver that knows the hosts of a world, and counts what it is asked. */
export async function serveDns(address: string, hosts: WorldRequest['hosts'], asked: (name: string, type: number) => void): Promise<void> {
  const socket = dgram.createSocket('udp4');
  const times = new Map<string, number>();
  socket.on('message', (message, peer) => {
    const { name, type, end } = question(message);
    asked(name, type);
    const host = Object.hasOwn(hosts, name) ? hosts[name] : undefined;
    times.set(name, (times.get(name) ?? 0) + 1);
    const moved = host?.behaviour === 'private' || (host?.behaviour === 'turning' && (times.get(name) ?? 0) > 1);
    const header = Buffer.alloc(12);
    message.copy(header, 0, 0, 2);
    header.writeUInt16BE(host === undefined ? 0x8180 | NXDOMAIN : 0x8180, 2);
    header.writeUInt16BE(1, 4);
    const answers = host !== undefined && type === A ? [record(moved ? PRIVATE : host.address)] : [];
    header.writeUInt16BE(answers.length, 6);
    socket.send(Buffer.concat([header, message.subarray(12, end), ...answers]), peer.port, peer.address);
  });
  socket.bind(53, address);
  await new Promise<void>((resolve) => socket.once('listening', () => resolve()));
}

function question(message: Buffer): { name: string; type: number; end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = message[at] ?? 0; length > 0; length = message[at] ?? 0) {
    labels.push(message.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join('.').toLowerCase(), type: message.readUInt16BE(at + 1), end: at + 5 };
}

const record = (address: string): Buffer => Buffer.from([0xc0, 12, 0, A, 0, 1, 0, 0, 0, 0, 0, 4, ...address.split('.').map(Number)]);
