import type { IncomingMessage } from 'node:http';

export type HeaderList = (readonly [name: string, value: string])[];

/** Of one connection only (RFC 9110 §7.6.1), or said anew by whoever sends a message on. */
const HOP_BY_HOP = new Set([
  'connection', 'keep-alive', 'proxy-authenticate', 'proxy-authorization', 'proxy-connection', 'te', 'trailer', 'transfer-encoding', 'upgrade',
]); // biome-ignore format: a table

/** Pure: a message's headers as they came, without those of the connection. */
export function endToEnd({ rawHeaders, headers }: Pick<IncomingMessage, 'rawHeaders' | 'headers'>): HeaderList {
  const named = new Set((headers.connection ?? '').toLowerCase().split(/\s*,\s*/));
  const kept: HeaderList = [];
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const [name = '', value = ''] = rawHeaders.slice(at, at + 2);
    const lower = name.toLowerCase();
    if (!HOP_BY_HOP.has(lower) && !named.has(lower)) kept.push([name, value]);
  }
  return kept;
}

/** Pure: as node:http takes a list in which names may stand twice. */
export const flat = (headers: HeaderList): string[] => headers.flat();

/** Pure: whether an upgrade to WebSocket is asked for; nothing else may be changed to (HTTP/2 would not be looked into). */
export const asksForWebSocket = ({ headers }: Pick<IncomingMessage, 'headers'>): boolean => headers.upgrade?.toLowerCase() === 'websocket';
