import { createSocket } from 'node:dgram';
import { createServer, isIP } from 'node:net';
import dns from 'dns-packet';
import type { Answers } from './hosts.ts';

/** The name server of a world: names it was told, NXDOMAIN for all others, and a list of what it was asked. */
export class Names {
  /** `A web.example.com`, in order. */
  readonly asked: string[] = [];
  readonly #answers = new Map<string, Answers>();
  readonly #times = new Map<string, number>();

  set(name: string, answers: Answers): void {
    this.#answers.set(name, answers);
    for (const type of ['A', 'AAAA']) this.#times.delete(`${type} ${name}`);
  }
  async listen(address: string): Promise<void> {
    const udp = createSocket(isIP(address) === 6 ? 'udp6' : 'udp4');
    udp.on('message', (message, { port, address: from }) => udp.send(dns.encode(this.#answer(dns.decode(message))), port, from));
    await new Promise<void>((resolve, reject) => udp.once('error', reject).bind(53, address, resolve));
    const tcp = createServer((socket) => {
      let bytes: Buffer = Buffer.alloc(0);
      socket.on('error', () => {});
      socket.on('data', (chunk) => {
        bytes = Buffer.concat([bytes, chunk]);
        while (bytes.length >= 2 && bytes.length >= bytes.readUInt16BE() + 2) {
          const end = bytes.readUInt16BE() + 2;
          socket.write(dns.streamEncode(this.#answer(dns.streamDecode(bytes.subarray(0, end)))));
          bytes = bytes.subarray(end);
        }
      });
    });
    await new Promise<void>((resolve, reject) => tcp.once('error', reject).listen(53, address, resolve));
  }

  #answer({ id = 0, questions = [] }: dns.Packet): dns.Packet {
    const [question] = questions;
    const name = question?.name.toLowerCase() ?? '';
    const type = question?.type ?? 'A';
    this.asked.push(`${type} ${name}`);
    const known = this.#answers.get(name);
    const answers = type === 'A' || type === 'AAAA' ? this.#addresses(known, type, name).map((data) => ({ type, name, ttl: 0, data })) : [];
    const NXDOMAIN = 3;
    return { type: 'response', id, flags: dns.AUTHORITATIVE_ANSWER | (known === undefined ? NXDOMAIN : 0), questions, answers };
  }
  #addresses(known: Answers | undefined, type: 'A' | 'AAAA', name: string): readonly string[] {
    const lists = known?.[type] ?? [];
    const times = this.#times.get(`${type} ${name}`) ?? 0;
    this.#times.set(`${type} ${name}`, times + 1);
    return lists[Math.min(times, lists.length - 1)] ?? [];
  }
}
