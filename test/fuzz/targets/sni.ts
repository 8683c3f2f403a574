import assert from 'node:assert/strict';
import { readIntent } from '../../../src/network/first-bytes.ts';
import { readHello } from '../../../src/network/hello.ts';
import type { Target } from '../target.ts';

const word = (value: number): Buffer => Buffer.from([value >> 8, value & 255]);
const sized = (bytes: Buffer): Buffer => Buffer.concat([word(bytes.length), bytes]);
const record = (part: Buffer): Buffer => Buffer.concat([Buffer.from([0x16, 3, 1]), sized(part)]);

function message(extensions: readonly Buffer[] | null): Buffer {
  const body = Buffer.concat([
    word(0x0303), Buffer.alloc(32, 7), Buffer.from([0]), sized(word(0x1301)), Buffer.from([1, 0]),
    ...(extensions === null ? [] : [sized(Buffer.concat(extensions))]),
  ]); // biome-ignore format: the order of the message
  return Buffer.concat([Buffer.from([1, 0]), sized(body)]);
}
const extension = (type: number, body: Buffer): Buffer => Buffer.concat([word(type), sized(body)]);
const name = (text: string): Buffer => extension(0, sized(Buffer.concat([Buffer.from([0]), sized(Buffer.from(text))])));
const alpn = extension(16, sized(Buffer.from('\x02h2', 'latin1')));
const whole = message([name('api.example.com'), alpn]);

/** The hello of a TLS connection. */
export const target: Target = {
  seeds: [
    record(whole),
    Buffer.concat([record(whole.subarray(0, 3)), record(whole.subarray(3, 40)), record(whole.subarray(40))]),
    record(message(null)),
    record(message([alpn, extension(0xfe0d, Buffer.from('0000', 'hex')), name('A.example')])),
    record(message([name('1.2.3.4')])),
  ],
  words: [Buffer.from('160301', 'hex'), name('b.example'), alpn, Buffer.from('0000', 'hex'), Buffer.from('ffff', 'hex'), Buffer.from('fe0d', 'hex'), 'api.example.com', '\0'],
  longest: 20_000,
  check(bytes) {
    const read = readHello(bytes);
    if (read.kind === 'hello' && read.name !== null) assert.match(read.name, /^[a-z0-9._:-]+$/);
    const intent = readIntent(bytes);
    if (bytes[0] === 0x16) assert.equal(intent === null, read.kind === 'more');
    for (const size of [bytes.length >> 2, bytes.length >> 1, bytes.length - 1]) {
      const part = readHello(bytes.subarray(0, Math.max(0, size)));
      // Bytes behind a whole hello are a fault, as nobody answered yet; a fault stays one.
      if (part.kind === 'hello') assert.ok(read.kind === 'fault' || (read.kind === 'hello' && read.name === part.name));
      if (part.kind === 'fault') assert.equal(read.kind, 'fault');
    }
    // How the records cut the message changes nothing.
    if (read.kind !== 'hello') return;
    let again: Buffer = Buffer.alloc(0);
    for (let at = 0; again.length < 4 || again.length < 4 + again.readUIntBE(1, 3); at += 5 + bytes.readUInt16BE(at + 3))
      again = Buffer.concat([again, bytes.subarray(at + 5, at + 5 + bytes.readUInt16BE(at + 3))]);
    const half = Math.max(1, again.length >> 1);
    assert.deepEqual(readHello(Buffer.concat([record(again.subarray(0, half)), record(again.subarray(half))])), read);
  },
}; // biome-ignore format: lists
