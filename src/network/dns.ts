/** Response codes (RFC 1035 §4.1.1). */
export const RCODE = { noError: 0, formErr: 1, servFail: 2, nxDomain: 3, notImp: 4, refused: 5 } as const;
export type Rcode = (typeof RCODE)[keyof typeof RCODE];

export interface Question {
  /** Lower case; bytes that a host name does not have are escaped (RFC 4343 §2.1), so no two names look the same. The root is `.`. */
  readonly name: string;
  readonly type: number;
  readonly class: number;
  readonly header: Buffer;
  /** The question section as it came: the answer repeats it, case included. */
  readonly section: Buffer;
  /** The client speaks EDNS (RFC 6891), so the answer has to. */
  readonly edns: boolean;
}
export type Query =
  | { readonly kind: 'question'; readonly question: Question }
  /** Answered with an error. */
  | { readonly kind: 'malformed'; readonly reply: Buffer; readonly fault: string }
  /** Not a query: no answer, or two servers could answer each other for ever. */
  | { readonly kind: 'silence' };

const HEADER = 12;
const LONGEST = 4096;
const [A, OPT, ANY] = [1, 41, 255];
const IN = 1;
const TTL = [0, 0, 0, 60];

/** Pure, never throws: reads a packet with exactly one question. */
export function readQuery(packet: Buffer): Query {
  if (packet.length < HEADER || packet.length > LONGEST) return { kind: 'silence' };
  const flags = packet.readUInt16BE(2);
  if ((flags & 0x8000) !== 0) return { kind: 'silence' };
  const malformed = (rcode: Rcode, fault: string): Query => ({ kind: 'malformed', reply: replyHeader(packet, rcode), fault });
  if ((flags & 0x7800) !== 0) return malformed(RCODE.notImp, 'not a standard query');
  if (packet.readUInt16BE(4) !== 1) return malformed(RCODE.formErr, 'not exactly one question');

  const labels: string[] = [];
  let at = HEADER;
  for (;;) {
    const length = packet[at];
    if (length === undefined) return malformed(RCODE.formErr, 'the name is cut off');
    if (length > 63) return malformed(RCODE.formErr, 'a label is compressed or too long');
    at += 1;
    if (length === 0) break;
    if (at + length > packet.length) return malformed(RCODE.formErr, 'the name is cut off');
    labels.push(labelText(packet.subarray(at, at + length)));
    at += length;
    if (at - HEADER > 254) return malformed(RCODE.formErr, 'the name is too long');
  }
  if (at + 4 > packet.length) return malformed(RCODE.formErr, 'the question is cut off');
  return {
    kind: 'question',
    question: {
      name: labels.join('.') || '.',
      type: packet.readUInt16BE(at),
      class: packet.readUInt16BE(at + 2),
      header: packet.subarray(0, HEADER),
      section: packet.subarray(HEADER, at + 4),
      edns: hasEdns(packet, at + 4),
    },
  };
}

/** Pure: the answer to a question. `address` (IPv4) is given for the types that ask for it; every other type of a name that is there is empty. */
export function writeAnswer(question: Question, rcode: Rcode, address: string | null): Buffer {
  const answer =
    rcode === RCODE.noError && address !== null && (question.type === A || question.type === ANY) ? addressRecord(address) : null;
  // Without an SOA a negative answer is not cached, and some resolvers ask again (RFC 2308).
  const authority = answer === null && (rcode === RCODE.noError || rcode === RCODE.nxDomain) ? SOA : null;
  const additional = question.edns ? EDNS : null;
  const header = replyHeader(question.header, rcode);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(answer === null ? 0 : 1, 6);
  header.writeUInt16BE(authority === null ? 0 : 1, 8);
  header.writeUInt16BE(additional === null ? 0 : 1, 10);
  return Buffer.concat([header, question.section, ...[answer, authority, additional].filter((part) => part !== null)]);
}

/** Pure: what may be asked at all. Only the internet's class has names here. */
export const isInternet = (question: Question): boolean => question.class === IN;

const TYPES: Readonly<Record<number, string>> = {
  1: 'A',
  2: 'NS',
  5: 'CNAME',
  6: 'SOA',
  12: 'PTR',
  15: 'MX',
  16: 'TXT',
  28: 'AAAA',
  33: 'SRV',
  64: 'SVCB',
  65: 'HTTPS',
  252: 'AXFR',
  255: 'ANY',
};
/** `A`, `AAAA`; `TYPE99` for what has no common name (RFC 3597). */
export const typeName = (type: number): string => TYPES[type] ?? `TYPE${type}`;

/** QR, AA and RA set; opcode, RD and CD as they came. */
function replyHeader(query: Buffer, rcode: Rcode): Buffer {
  const header = Buffer.alloc(HEADER);
  query.copy(header, 0, 0, 2);
  header.writeUInt16BE(0x8480 | (query.readUInt16BE(2) & 0x7910) | rcode, 2);
  return header;
}

function addressRecord(address: string): Buffer {
  return Buffer.from([0xc0, HEADER, 0, A, 0, IN, ...TTL, 0, 4, ...address.split('.').map(Number)]);
}

/** Owner, primary and mailbox `.`; serial 1, refresh 1 h, retry 10 min, expire 1 day, negative answers 30 s. */
const SOA = Buffer.from([0, 0, 6, 0, IN, 0, 0, 0, 30, 0, 22, 0, 0, 0, 0, 0, 1, 0, 0, 14, 16, 0, 0, 2, 88, 0, 1, 81, 128, 0, 0, 0, 30]);
/** OPT with a payload size of 1,232 bytes. */
const EDNS = Buffer.from([0, 0, OPT, 4, 208, 0, 0, 0, 0, 0, 0]);

/** The first additional record is an OPT, and nothing stands between it and the question. */
function hasEdns(packet: Buffer, at: number): boolean {
  const between = packet.readUInt32BE(6);
  return (
    between === 0 && packet.readUInt16BE(10) > 0 && at + 11 <= packet.length && packet[at] === 0 && packet.readUInt16BE(at + 1) === OPT
  );
}

function labelText(label: Buffer): string {
  let text = '';
  for (const byte of label) {
    const character = String.fromCharCode(byte);
    if (byte <= 0x20 || byte >= 0x7f) text += `\\${String(byte).padStart(3, '0')}`;
    else text += character === '.' || character === '\\' ? `\\${character}` : character.toLowerCase();
  }
  return text;
}
