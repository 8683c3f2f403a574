import { Duplex } from 'node:stream';
import tls from 'node:tls';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readHello } from '../../../src/network/hello.ts';

/** What a real client sends first. */
async function realHello(options: tls.ConnectionOptions): Promise<Buffer> {
  const { promise, resolve } = Promise.withResolvers<Buffer>();
  const wire = new Duplex({ read() {}, write: (chunk: Buffer, _encoding, done) => (resolve(chunk), done()) });
  const client = tls.connect({ socket: wire, ...options }).on('error', () => {});
  const hello = await promise;
  client.destroy();
  return hello;
}

const sized = (size: 1 | 2 | 3, body: Buffer): Buffer => {
  const length = Buffer.alloc(size);
  length.writeUIntBE(body.length, 0, size);
  return Buffer.concat([length, body]);
};
const extension = (type: number, body: Buffer): Buffer => Buffer.concat([Buffer.from([type >> 8, type & 255]), sized(2, body)]);
const name = (text: string, type = 0): Buffer => Buffer.concat([Buffer.from([type]), sized(2, Buffer.from(text, 'latin1'))]);
const serverName = (...names: Buffer[]): Buffer => extension(0, sized(2, Buffer.concat(names)));
const message = (extensions: Buffer): Buffer =>
  Buffer.concat([
    Buffer.from([1]),
    sized(3, Buffer.concat([Buffer.from([3, 3]), Buffer.alloc(32), Buffer.from([0, 0, 2, 19, 1, 1, 0]), extensions])),
  ]);
const record = (body: Buffer): Buffer => Buffer.concat([Buffer.from([0x16, 3, 1]), sized(2, body)]);
const hello = (...extensions: Buffer[]): Buffer => record(message(sized(2, Buffer.concat(extensions))));
const split = (body: Buffer, size: number): Buffer => {
  const parts: Buffer[] = [];
  for (let at = 0; at < body.length; at += size) parts.push(record(body.subarray(at, at + size)));
  return Buffer.concat(parts);
};

describe('readHello', () => {
  it('reads what a real client sends, and waits at every shorter beginning', async () => {
    for (const servername of ['api.example.com', undefined]) {
      const bytes = await realHello(servername === undefined ? {} : { servername });
      for (let length = 0; length < bytes.length; length += 1) expect(readHello(bytes.subarray(0, length))).toEqual({ kind: 'more' });
      expect(readHello(bytes)).toEqual({ kind: 'hello', name: servername ?? null, hidden: false });
    }
  });

  it('joins a message that is spread over records', async () => {
    const body = (await realHello({ servername: 'api.example.com' })).subarray(5);
    for (const size of [1, 7, 100]) expect(readHello(split(body, size))).toEqual({ kind: 'hello', name: 'api.example.com', hidden: false });
    expect(readHello(split(body, 7).subarray(0, -1))).toEqual({ kind: 'more' });
  });

  it('reads names in lower case and without a final dot', () => {
    expect(readHello(hello(extension(10, Buffer.alloc(2)), serverName(name('API.Example.COM.'))))).toEqual({
      kind: 'hello',
      name: 'api.example.com',
      hidden: false,
    });
    expect(readHello(record(message(Buffer.alloc(0))))).toEqual({ kind: 'hello', name: null, hidden: false });
  });

  it('tells that the name that counts is encrypted', () => {
    const encrypted = extension(0xfe0d, Buffer.from([0, 0, 1, 0, 1, 7]));
    expect(readHello(hello(serverName(name('front.test')), encrypted))).toEqual({ kind: 'hello', name: 'front.test', hidden: true });
  });

  it.each<[string, Buffer, string]>([
    ['two names', hello(serverName(name('a.test'), name('b.test'))), 'more than one server name'],
    ['another type of name', hello(serverName(name('a.test', 1))), 'a server name of an unknown type'],
    ['NUL in a name', hello(serverName(name('a.test\0.b.test'))), 'a server name that is not a host name'],
    ['an empty name', hello(serverName(name(''))), 'a server name that is not a host name'],
    ['an extension twice', hello(serverName(name('a.test')), serverName(name('b.test'))), 'an extension that stands there twice'],
    ['an empty list', hello(serverName()), 'the ClientHello is cut off'],
    ['bytes behind the extensions', record(message(Buffer.from([0, 0, 1]))), 'bytes behind the extensions'],
    ['extensions longer than the message', record(message(Buffer.from([0, 9, 1]))), 'the ClientHello is cut off'],
    ['bytes behind the hello', record(Buffer.concat([message(Buffer.alloc(0)), Buffer.from([0])])), 'bytes behind the ClientHello'],
    ['an empty record', Buffer.from([0x16, 3, 1, 0, 0]), 'a record of a wrong length'],
    ['a record that is too long', Buffer.from([0x16, 3, 1, 0x40, 1]), 'a record of a wrong length'],
    ['an old version', Buffer.from([0x16, 2, 0, 0, 9]), 'an unknown record version'],
    ['an alert', Buffer.from([0x15, 3, 1, 0, 2]), 'a record that is not a handshake'],
    ['another message', record(Buffer.from([2, 0, 0, 1, 0])), 'a handshake message that is not a ClientHello'],
    ['a claim of 16 MiB', record(Buffer.from([1, 255, 255, 255, 0])), 'the ClientHello is too long'],
  ])('refuses %s', (_, bytes, fault) => {
    expect(readHello(bytes)).toEqual({ kind: 'fault', fault });
  });

  it('never throws, and never takes back what it said', async () => {
    const real = await realHello({ servername: 'api.example.com' });
    const changed = fc.array(fc.tuple(fc.nat(real.length - 1), fc.nat(255)), { maxLength: 6 }).map((changes) => {
      const bytes = Buffer.from(real);
      for (const [at, value] of changes) bytes[at] = value;
      return bytes;
    });
    const junk = fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.concat([Buffer.from([0x16, 3, 1]), bytes]));
    fc.assert(
      fc.property(fc.oneof(changed, junk), fc.nat(600), (bytes, cut) => {
        const early = readHello(bytes.subarray(0, cut));
        if (early.kind === 'fault') expect(readHello(bytes).kind).toBe('fault');
      }),
      { numRuns: 2000 },
    );
  });
});
