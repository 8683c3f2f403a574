import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isInternet, RCODE, readQuery, typeName, writeAnswer } from '../../../src/network/dns.ts';

interface Shape {
  readonly flags?: number;
  readonly questions?: number;
  readonly type?: number;
  readonly class?: number;
  readonly edns?: boolean;
}
function query(
  labels: readonly (string | Buffer)[],
  { flags = 0x0100, questions = 1, type = 1, class: klass = 1, edns = false }: Shape = {},
): Buffer {
  const words = (...values: number[]) => Buffer.from(values.flatMap((value) => [value >> 8, value & 255]));
  const name = labels.flatMap((label) => {
    const bytes = Buffer.from(label);
    return [Buffer.from([bytes.length]), bytes];
  });
  const opt = edns ? [Buffer.from([0, 0, 41, 16, 0, 0, 0, 0, 0, 0, 0])] : [];
  return Buffer.concat([words(0xbeef, flags, questions, 0, 0, edns ? 1 : 0), ...name, Buffer.from([0]), words(type, klass), ...opt]);
}
function question(packet: Buffer) {
  const read = readQuery(packet);
  if (read.kind !== 'question') throw new Error(`not a question: ${JSON.stringify(read)}`);
  return read.question;
}
const counts = (reply: Buffer) => [4, 6, 8, 10].map((at) => reply.readUInt16BE(at));

describe('readQuery', () => {
  it('reads a question and keeps its bytes', () => {
    const read = question(query(['API', 'Example', 'com'], { type: 28 }));
    expect(read).toMatchObject({ name: 'api.example.com', type: 28, class: 1, edns: false });
    expect(read.section.toString('latin1')).toContain('API\x07Example');
    expect(isInternet(read)).toBe(true);
    expect(question(query([])).name).toBe('.');
    expect(question(query(['a'], { edns: true })).edns).toBe(true);
  });

  it('writes names so that no two look the same', () => {
    expect(question(query(['api.test'])).name).toBe('api\\.test');
    expect(question(query(['api\0', 'te st', 'a\\b', Buffer.from([0xff])])).name).toBe('api\\000.te\\032st.a\\\\b.\\255');
  });

  it('answers what is malformed with an error', () => {
    const fault = (packet: Buffer) => {
      const read = readQuery(packet);
      return read.kind === 'malformed'
        ? [read.fault, read.reply.readUInt16BE(2) & 15, read.reply.readUInt16BE(0), read.reply.length]
        : read.kind;
    };
    const whole = query(['example', 'com']);
    expect(fault(query(['a'], { questions: 0 }))).toEqual(['not exactly one question', RCODE.formErr, 0xbeef, 12]);
    expect(fault(query(['a'], { questions: 2 }))).toEqual(['not exactly one question', RCODE.formErr, 0xbeef, 12]);
    expect(fault(query(['a'], { flags: 0x2800 }))).toEqual(['not a standard query', RCODE.notImp, 0xbeef, 12]);
    expect(fault(whole.subarray(0, 15))).toEqual(['the name is cut off', RCODE.formErr, 0xbeef, 12]);
    expect(fault(whole.subarray(0, whole.length - 5))).toEqual(['the name is cut off', RCODE.formErr, 0xbeef, 12]);
    expect(fault(whole.subarray(0, whole.length - 1))).toEqual(['the question is cut off', RCODE.formErr, 0xbeef, 12]);
    const pointer = Buffer.concat([whole.subarray(0, 12), Buffer.from([0xc0, 12, 0, 1, 0, 1])]);
    expect(fault(pointer)).toEqual(['a label is compressed or too long', RCODE.formErr, 0xbeef, 12]);
    const long = Array(4).fill('x'.repeat(63));
    expect(fault(query(long))).toEqual(['the name is too long', RCODE.formErr, 0xbeef, 12]);
    expect(question(query([...long.slice(0, 3), 'y'.repeat(61)])).name).toHaveLength(253);
  });

  it('is silent to what is not a query', () => {
    expect(readQuery(Buffer.alloc(0)).kind).toBe('silence');
    expect(readQuery(query(['a']).subarray(0, 11)).kind).toBe('silence');
    expect(readQuery(query(['a'], { flags: 0x8180 })).kind).toBe('silence');
    expect(readQuery(Buffer.alloc(4097)).kind).toBe('silence');
  });

  it('never throws, and never answers with more than fits a plain UDP message', () => {
    const mutated = fc
      .tuple(fc.array(fc.string({ maxLength: 63 })), fc.array(fc.tuple(fc.nat(80), fc.nat(255))), fc.nat(200))
      .map(([labels, changes, cut]) => {
        const packet = query(labels.map((label) => label.slice(0, 20)).slice(0, 5));
        for (const [at, value] of changes) if (at < packet.length) packet[at] = value;
        return packet.subarray(0, Math.max(cut, 12));
      });
    const junk = fc.uint8Array({ maxLength: 600 }).map((bytes) => Buffer.from(bytes));
    fc.assert(
      fc.property(fc.oneof(junk, mutated), (packet) => {
        const read = readQuery(packet);
        if (read.kind === 'silence') return;
        const reply = read.kind === 'malformed' ? read.reply : writeAnswer(read.question, RCODE.nxDomain, null);
        expect(reply.length).toBeLessThanOrEqual(512);
        expect(reply.readUInt16BE(0)).toBe(packet.readUInt16BE(0));
        expect(reply.readUInt16BE(2) & 0x8000).toBe(0x8000);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('writeAnswer', () => {
  it('says that a name does not exist, with an SOA', () => {
    const reply = writeAnswer(question(query(['No', 'test'], { edns: true })), RCODE.nxDomain, '1.2.3.4');
    expect(reply.readUInt16BE(2)).toBe(0x8583); // QR AA RD RA, NXDOMAIN
    expect(counts(reply)).toEqual([1, 0, 1, 1]);
    expect(reply.toString('latin1', 12, 21)).toBe('\x02No\x04test\0');
    expect(reply).toHaveLength(12 + 9 + 4 + 33 + 11);
  });
  it('gives the address to the types that ask for it, and nothing to others', () => {
    const localhost = writeAnswer(question(query(['localhost'])), RCODE.noError, '127.0.0.1');
    expect(counts(localhost)).toEqual([1, 1, 0, 0]);
    expect(localhost.subarray(-16).toString('hex')).toBe('c00c000100010000003c00047f000001');
    expect(counts(writeAnswer(question(query(['localhost'], { type: 28 })), RCODE.noError, '127.0.0.1'))).toEqual([1, 0, 1, 0]);
    expect(counts(writeAnswer(question(query(['x'], { class: 3 })), RCODE.refused, null))).toEqual([1, 0, 0, 0]);
  });
});

it('names types', () => {
  expect([1, 28, 65, 255, 4711].map(typeName)).toEqual(['A', 'AAAA', 'HTTPS', 'ANY', 'TYPE4711']);
});
