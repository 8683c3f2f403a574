import { readHello } from './hello.ts';
import { looksLikeHttp, readHead } from './http-head.ts';

/** Where a connection wants to go, as far as its first bytes tell. */
export interface Intent {
  readonly protocol: 'tls' | 'http' | 'unknown';
  readonly name: string | null;
  readonly method: string | null;
  readonly path: string | null;
  /** TLS: the name that counts is encrypted (ECH). */
  readonly hidden: boolean;
  /** What is wrong with the bytes; null: nothing. */
  readonly fault: string | null;
}

const TLS_HANDSHAKE = 0x16;
export const UNSAID: Intent = { protocol: 'unknown', name: null, method: null, path: null, hidden: false, fault: null };

/** Pure, never throws: null means that more bytes are needed. */
export function readIntent(bytes: Buffer): Intent | null {
  if (bytes.length === 0) return null;
  if (bytes[0] === TLS_HANDSHAKE) {
    const hello = readHello(bytes);
    if (hello.kind === 'more') return null;
    return {
      ...UNSAID,
      protocol: 'tls',
      ...(hello.kind === 'fault' ? { fault: hello.fault } : { name: hello.name, hidden: hello.hidden }),
    };
  }
  if (looksLikeHttp(bytes)) {
    const head = readHead(bytes);
    if (head.kind === 'more') return null;
    if (head.kind === 'fault') return { ...UNSAID, protocol: 'http', fault: head.fault };
    return { ...UNSAID, protocol: 'http', name: head.name, method: head.method, path: head.path };
  }
  return { ...UNSAID, fault: 'neither TLS nor HTTP' };
}
