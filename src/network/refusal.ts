import type { Intent } from './first-bytes.ts';

/** Fatal alerts (RFC 8446 §6): clients report them as such, not as a broken connection. */
const alert = (code: number): Buffer => Buffer.from([0x15, 0x03, 0x03, 0, 2, 2, code]);
const [ACCESS_DENIED, INTERNAL_ERROR] = [alert(49), alert(80)];

/** Pure: what a denied client is told, in its own protocol; null: nothing it would understand, so a reset. */
export function refusal(intent: Intent, host: string, reason: string): Buffer | null {
  if (intent.protocol === 'tls') return ACCESS_DENIED;
  if (intent.protocol !== 'http') return null;
  const [status, text] = intent.fault === null ? [403, deniedText(host, reason)] : [400, `agent-jail: ${intent.fault}.\n`];
  return httpAnswer(status, text, intent.method);
}

/** Pure: the same for a server that is allowed, and cannot be reached. */
export function apology(intent: Intent, host: string, reason: string): Buffer | null {
  if (intent.protocol === 'tls') return INTERNAL_ERROR;
  return intent.protocol === 'http' ? httpAnswer(502, unreachableText(host, reason), intent.method) : null;
}

export const deniedText = (host: string, reason: string): string =>
  `agent-jail: ${host} is not allowed by the policy (${reason}). A retry is useless.\n`;
export const unreachableText = (host: string, reason: string): string =>
  `agent-jail: ${host} is allowed, but not to be reached: ${reason}.\n`;

const STATUS: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  403: 'Forbidden',
  408: 'Request Timeout',
  429: 'Too Many Requests',
  431: 'Request Header Fields Too Large',
  501: 'Not Implemented',
  502: 'Bad Gateway',
};

/** Pure: headers of an answer that is the gateway's own. */
export const ownHeaders = (text: string): string[] => [
  'Content-Type',
  'text/plain; charset=utf-8',
  'Content-Length',
  String(Buffer.byteLength(text)),
  'Cache-Control',
  'no-store',
  'Connection',
  'close',
];

/** Pure: a whole answer, as bytes. */
export function httpAnswer(status: number, text: string, method: string | null): Buffer {
  const fields = ownHeaders(text);
  const head = rawHead(status, STATUS[status] ?? '', fields);
  return Buffer.from(`${head}${method === 'HEAD' ? '' : text}`);
}

/** Pure: head of an answer. `fields`: names and values in turn. */
export function rawHead(status: number, message: string, fields: readonly string[]): string {
  const lines = [`HTTP/1.1 ${status} ${message}`];
  for (let at = 0; at + 1 < fields.length; at += 2) lines.push(`${fields[at]}: ${fields[at + 1]}`);
  return `${lines.join('\r\n')}\r\n\r\n`;
}
