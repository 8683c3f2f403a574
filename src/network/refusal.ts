import type { Intent } from './first-bytes.ts';

/** Fatal alert access_denied (RFC 8446 §6): clients report it as such, not as a broken connection. */
const ACCESS_DENIED = Buffer.from([0x15, 0x03, 0x03, 0, 2, 2, 49]);

/** Pure: what a denied client is told, in its own protocol; null: nothing it would understand, so a reset. */
export function refusal(intent: Intent, host: string, reason: string): Buffer | null {
  if (intent.protocol === 'tls') return ACCESS_DENIED;
  if (intent.protocol !== 'http') return null;
  const status = intent.fault === null ? '403 Forbidden' : '400 Bad Request';
  const body =
    intent.fault === null
      ? `agent-jail: ${host} is not allowed by the policy (${reason}). A retry is useless.\n`
      : `agent-jail: ${intent.fault}.\n`;
  const head = [
    `HTTP/1.1 ${status}`,
    'Content-Type: text/plain; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Cache-Control: no-store',
    'Connection: close',
  ];
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n${intent.method === 'HEAD' ? '' : body}`);
}
