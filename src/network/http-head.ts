import { hostName } from './names.ts';

/** What the first bytes of an HTTP/1 connection say. */
export type Head =
  /** A valid beginning: wait for more. */
  | { readonly kind: 'more' }
  | { readonly kind: 'fault'; readonly fault: string }
  | {
      readonly kind: 'head';
      readonly method: string;
      /** Without the query, which may carry credentials; null for CONNECT. */
      readonly path: string | null;
      /** Host name or address literal, without the port. */
      readonly name: string;
    };

const LONGEST_METHOD = 16;

/** Pure: could this be the beginning of an HTTP request? One byte is enough to say no. */
export function looksLikeHttp(bytes: Buffer): boolean {
  const start = bytes.toString('latin1', 0, LONGEST_METHOD + 1);
  const space = start.indexOf(' ');
  return /^[A-Z]{1,16}$/.test(space === -1 ? start : start.slice(0, space));
}

/** Pure, never throws: reads a request's head (RFC 9112) once it is complete. Strict, as servers disagree about anything else. */
export function readHead(bytes: Buffer): Head {
  const fault = (text: string): Head => ({ kind: 'fault', fault: text });
  const firstLine = bytes.indexOf('\n');
  if (firstLine !== -1 && bytes[firstLine - 1] !== 0x0d) return fault('a line that does not end with CRLF');
  const end = bytes.indexOf('\r\n\r\n');
  if (end === -1) return { kind: 'more' };

  const [requestLine = '', ...fields] = bytes.toString('latin1', 0, end).split('\r\n');
  const [method = '', target = '', version = '', ...rest] = requestLine.split(' ');
  if (rest.length > 0 || !/^[A-Z]+$/.test(method) || !/^[\x21-\x7e]+$/.test(target)) return fault('not a request line');
  if (version !== 'HTTP/1.1' && version !== 'HTTP/1.0') return fault('a version that is not HTTP/1.0 or HTTP/1.1');

  const hosts: string[] = [];
  for (const field of fields) {
    const colon = field.indexOf(':');
    if (colon === -1 || !/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(field.slice(0, colon))) return fault('a header line without a valid name');
    if (/[\0\r\n]/.test(field)) return fault('a header line with a control character');
    if (field.slice(0, colon).toLowerCase() === 'host')
      hosts.push(
        field
          .slice(colon + 1)
          .replace(/^[ \t]+/, '')
          .trimEnd(),
      );
  }
  if (hosts.length !== 1) return fault(hosts.length === 0 ? 'no Host header' : 'more than one Host header');
  const { fault: wrong, ...read } = readTarget(method, target, hosts[0] ?? '');
  return wrong === null ? { kind: 'head', method, path: read.path, name: read.name } : fault(wrong);
}

export interface RequestTarget {
  readonly fault: string | null;
  readonly name: string;
  /** Without the query; null for CONNECT. */
  readonly path: string | null;
  /** What follows the path, with its `?`, or ''. */
  readonly query: string;
}
/** Pure: where a request goes, by its target and its Host header. */
export function readTarget(method: string, target: string, host: string): RequestTarget {
  const fault = (text: string): RequestTarget => ({ fault: text, name: '', path: null, query: '' });
  const name = hostOf(host);
  if (name === null) return fault('a Host header that is not a host');
  const { authority, path: whole } = splitTarget(method, target);
  if (whole !== null && !whole.startsWith('/') && whole !== '*') return fault('a request target of an unknown form');
  if (authority !== null && hostOf(authority) !== name) return fault('a request target that contradicts the Host header');
  const path = whole === null ? null : withoutQuery(whole);
  return { fault: null, name, path, query: whole?.slice(path?.length).replace(/#.*$/, '') ?? '' };
}

/** The four forms of RFC 9112 §3.2. */
function splitTarget(method: string, target: string): { authority: string | null; path: string | null } {
  if (method === 'CONNECT') return { authority: target, path: null };
  const scheme = /^https?:\/\//i.exec(target)?.[0];
  if (scheme === undefined) return { authority: null, path: target };
  const rest = target.slice(scheme.length);
  const slash = rest.search(/[/?#]/);
  if (slash === -1) return { authority: rest, path: '/' };
  return { authority: rest.slice(0, slash), path: rest[slash] === '/' ? rest.slice(slash) : '/' };
}

function withoutQuery(path: string): string {
  const end = path.search(/[?#]/);
  return end === -1 ? path : path.slice(0, end);
}

/** `host`, `host:port`, `[v6]`, `[v6]:port`; anything else is null, user information included. */
function hostOf(authority: string): string | null {
  const literal = /^(\[[0-9A-Fa-f:.]{2,45}\])(?::\d{1,5})?$/.exec(authority)?.[1];
  if (literal !== undefined) return literal.toLowerCase();
  const host = /^([^:]{1,254})(?::\d{1,5})?$/.exec(authority)?.[1];
  return host === undefined ? null : hostName(host);
}
