import { hostName } from './names.ts';

/** What the first bytes of a TLS connection say. */
export type Hello =
  /** A valid beginning: wait for more. */
  | { readonly kind: 'more' }
  | { readonly kind: 'fault'; readonly fault: string }
  | {
      readonly kind: 'hello';
      /** null: no server name was announced. */
      readonly name: string | null;
      /** There is an encrypted ClientHello inside; the name outside may not be the one that counts (RFC 9849). */
      readonly hidden: boolean;
    };

const [HANDSHAKE, CLIENT_HELLO, SERVER_NAME, HOST_NAME, ENCRYPTED_HELLO] = [0x16, 1, 0, 0, 0xfe0d];
const RECORD_HEADER = 5;
const LONGEST_RECORD = 1 << 14;
/** Above what any client sends, and below the connection's cap with its record headers. */
const LONGEST_HELLO = 16_000;

/** Pure, never throws: reads a ClientHello (RFC 8446 §4.1.2, §5.1) that may be spread over records and over segments. */
export function readHello(bytes: Buffer): Hello {
  const message = joinRecords(bytes);
  if (!Buffer.isBuffer(message)) return message;
  try {
    return serverName(new Cursor(message));
  } catch (error) {
    if (error instanceof Malformed) return { kind: 'fault', fault: error.message };
    throw error;
  }
}

/** The body of the first handshake message, once it is complete. */
function joinRecords(bytes: Buffer): Buffer | Exclude<Hello, { kind: 'hello' }> {
  const fault = (text: string) => ({ kind: 'fault', fault: text }) as const;
  const joined = Buffer.allocUnsafe(bytes.length);
  let have = 0;
  for (let at = 0; at < bytes.length; ) {
    if (bytes[at] !== HANDSHAKE) return fault('a record that is not a handshake');
    if (at + 1 < bytes.length && bytes[at + 1] !== 3) return fault('an unknown record version');
    if (at + RECORD_HEADER > bytes.length) break;
    const length = bytes.readUInt16BE(at + 3);
    if (length === 0 || length > LONGEST_RECORD) return fault('a record of a wrong length');
    const from = at + RECORD_HEADER;
    at = from + length;
    have += bytes.copy(joined, have, from, Math.min(at, bytes.length));
    if (have > 0 && joined[0] !== CLIENT_HELLO) return fault('a handshake message that is not a ClientHello');
    if (have < 4) continue;
    const size = joined.readUIntBE(1, 3);
    if (size > LONGEST_HELLO) return fault('the ClientHello is too long');
    if (have > size + 4) return fault('bytes behind the ClientHello');
    if (have === size + 4) return joined.subarray(4, have);
  }
  return { kind: 'more' };
}

function serverName(hello: Cursor): Hello {
  hello.skip(2 + 32); // version, random
  hello.take(hello.number(1)); // session id
  hello.take(hello.number(2)); // cipher suites
  hello.take(hello.number(1)); // compression methods
  if (hello.atEnd) return { kind: 'hello', name: null, hidden: false };
  const extensions = hello.take(hello.number(2));
  if (!hello.atEnd) throw new Malformed('bytes behind the extensions');
  const seen = new Set<number>();
  let name: string | null = null;
  while (!extensions.atEnd) {
    const type = extensions.number(2);
    const body = extensions.take(extensions.number(2));
    if (seen.has(type)) throw new Malformed('an extension that stands there twice');
    seen.add(type);
    if (type === SERVER_NAME) name = oneName(body);
  }
  return { kind: 'hello', name, hidden: seen.has(ENCRYPTED_HELLO) };
}

/** RFC 6066 §3. */
function oneName(body: Cursor): string {
  const list = body.take(body.number(2));
  if (list.number(1) !== HOST_NAME) throw new Malformed('a server name of an unknown type');
  const text = list.take(list.number(2)).text();
  if (!list.atEnd || !body.atEnd) throw new Malformed('more than one server name');
  const name = hostName(text);
  if (name === null) throw new Malformed('a server name that is not a host name');
  return name;
}

class Malformed extends Error {}

/** Reads forward and never beyond its end. */
class Cursor {
  readonly #bytes: Buffer;
  #at = 0;
  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }
  get atEnd(): boolean {
    return this.#at === this.#bytes.length;
  }
  skip(length: number): void {
    if (this.#at + length > this.#bytes.length) throw new Malformed('the ClientHello is cut off');
    this.#at += length;
  }
  number(size: 1 | 2): number {
    this.skip(size);
    return this.#bytes.readUIntBE(this.#at - size, size);
  }
  take(length: number): Cursor {
    this.skip(length);
    return new Cursor(this.#bytes.subarray(this.#at - length, this.#at));
  }
  text(): string {
    return this.#bytes.toString('latin1');
  }
}
