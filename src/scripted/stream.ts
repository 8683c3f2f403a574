import type { ServerResponse } from 'node:http';
import type { Asked, Event, Said, Wire } from './wire.ts';

/** Pure: an answer as it goes over the wire. */
export interface Body {
  readonly type: string;
  readonly chunks: readonly Buffer[];
}

/** Gemini streams a list where a client does not ask for events. */
export function bodyOf(wire: Wire, asked: Asked, said: Said, events: boolean): Body {
  if (!asked.stream) return { type: 'application/json', chunks: [json(wire.json(asked, said))] };
  const all = wire.events(asked, said);
  if (events) return { type: 'text/event-stream', chunks: all.map(eventText) };
  return { type: 'application/json', chunks: [json(all.map(({ data }) => data))] };
}
const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
const eventText = ({ event, data }: Event): Buffer =>
  Buffer.from(`${event === undefined ? '' : `event: ${event}\n`}data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`);

export function send(response: ServerResponse, { type, chunks }: Body): void {
  begin(response, type, chunks);
  for (const chunk of chunks) response.write(chunk);
  response.end();
}

/** As much as half of it, then the connection is gone. */
export async function sendCut(response: ServerResponse, { type, chunks }: Body): Promise<void> {
  begin(response, type, chunks);
  const all = Buffer.concat(chunks);
  const half = all.subarray(0, Math.ceil(all.length / 2));
  await new Promise<void>((resolve) => response.write(half, () => resolve()));
  response.destroy();
}

function begin(response: ServerResponse, type: string, chunks: readonly Buffer[]): void {
  const events = type === 'text/event-stream';
  const length = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  response.writeHead(200, { 'content-type': type, ...(events ? { 'cache-control': 'no-cache' } : { 'content-length': length }) });
}
