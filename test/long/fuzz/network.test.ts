import { expect } from 'vitest';
import { readQuery, writeAnswer } from '../../../src/network/dns.ts';
import { readIntent } from '../../../src/network/first-bytes.ts';
import { readHello } from '../../../src/network/hello.ts';
import { readHead } from '../../../src/network/http-head.ts';
import { fuzz, spoilt } from './fuzz.ts';

// What the gateway reads of an agent's packets and connections.

const hex = (text: string): Buffer => Buffer.from(text.replace(/\s/g, ''), 'hex');
const QUERIES = [
  hex('beef 0100 0001 0000 0000 0000 03617069 07657861 6d706c65 03636f6d 00 0001 0001'),
  hex('0001 0120 0001 0000 0000 0001 07657861 6d706c65 03636f6d 00 001c 0001 00 0029 1000 00000000 0000'),
  hex('0001 0100 0001 0000 0000 0000 00 00ff 00ff'),
];
/** A host name in a server_name extension. */
function hello(name: string): Buffer {
  const word = (value: number): Buffer => Buffer.from([value >> 8, value & 255]);
  const sized = (bytes: Buffer): Buffer => Buffer.concat([word(bytes.length), bytes]);
  const sni = Buffer.concat([word(0), sized(sized(Buffer.concat([Buffer.from([0]), sized(Buffer.from(name))])))]);
  const alpn = Buffer.concat([word(16), sized(sized(Buffer.from('\x02h2', 'latin1')))]);
  const body = Buffer.concat([
    word(0x0303),
    Buffer.alloc(32, 7),
    Buffer.from([0]),
    sized(word(0x1301)),
    Buffer.from([1, 0]),
    sized(Buffer.concat([sni, alpn])),
  ]);
  const message = Buffer.concat([Buffer.from([1, 0]), sized(body)]);
  return Buffer.concat([Buffer.from([0x16, 3, 1]), sized(message)]);
}
const HELLOS = [hello('api.example.com'), hello('a'), hello('1.2.3.4')];
const HEADS = [
  'GET /v1/x?token=y HTTP/1.1\r\nHost: api.example.com\r\nAccept: */*\r\n\r\n',
  'CONNECT api.example.com:443 HTTP/1.1\r\nHost: api.example.com:443\r\n\r\n',
  'POST http://a.example/path HTTP/1.0\r\nHost: a.example\r\nContent-Length: 3\r\n\r\nabc',
].map((text) => Buffer.from(text));

fuzz('dns: a query is read or refused, and what is answered is an answer', spoilt(QUERIES), (packet) => {
  const query = readQuery(packet);
  if (query.kind === 'silence') return;
  const reply = query.kind === 'malformed' ? query.reply : writeAnswer(query.question, 0, '198.18.0.1');
  // The same id, a response, and never much longer than what was asked: no amplifier.
  expect(reply.subarray(0, 2)).toEqual(packet.subarray(0, 2));
  expect((reply[2] ?? 0) & 0x80).toBe(0x80);
  expect(reply.length).toBeLessThan(packet.length + 128);
  // No name breaks a line of the log, or looks like another.
  if (query.kind === 'question') expect(query.question.name).toMatch(/^[\x21-\x7e]*$/);
});

fuzz('tls: a hello is read, waited for or refused', spoilt(HELLOS), (bytes) => {
  const read = readHello(bytes);
  if (read.kind === 'hello' && read.name !== null) expect(read.name).toMatch(/^[a-z0-9._:-]+$/);
  // What is refused is refused however much of it has come, and what is read stays what it is.
  if (read.kind !== 'more')
    for (const size of [1, bytes.length >> 1]) expect(['more', read.kind, 'fault']).toContain(readHello(bytes.subarray(0, size)).kind);
});

fuzz('http: a head is read, waited for or refused', spoilt(HEADS), (bytes) => {
  const read = readHead(bytes);
  if (read.kind !== 'head') return;
  expect(read.method).toMatch(/^[A-Z]+$/);
  expect(`${read.name} ${read.path ?? ''}`).toMatch(/^[\x20-\x7e]*$/);
  expect(read.path ?? '').not.toContain('?');
});

fuzz('the first bytes of any connection', spoilt([...HELLOS, ...HEADS]), (bytes) => {
  const intent = readIntent(bytes);
  if (intent !== null) expect(['tls', 'http', 'unknown']).toContain(intent.protocol);
});
