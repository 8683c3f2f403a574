import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Target, Wire } from './wire.ts';

/** A request that has been read whole, and was let in. */
export interface Request extends Target {
  readonly method: string;
  /** As the client wrote it: path and query. */
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
  /** Whose API was asked. */
  readonly wire: Wire;
}
/** How it was answered, for the log. */
export interface Outcome {
  /** The HTTP status. */
  readonly status: number;
  /** What of the script or the cassette it was: a place in it, `aside`, `none`. */
  readonly answer: string;
  /** For people: what is wrong with it; null: nothing. */
  readonly problem: string | null;
  readonly details?: Readonly<Record<string, unknown>>;
}
/** What stands behind the server: a script, a cassette, a real model. */
export interface Model {
  answer(request: Request, response: ServerResponse): Promise<Outcome>;
}

export function sendJson(response: ServerResponse, status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): void {
  const body = Buffer.from(JSON.stringify(value));
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': body.length, ...headers });
  response.end(body);
}

/** An error of the API in its own format, and how the log tells it. `details` are for the log alone. */
export function refuse(
  { wire }: Pick<Request, 'wire'>,
  response: ServerResponse,
  status: number,
  problem: string,
  details: Outcome['details'] = {},
): Outcome {
  sendJson(response, status, wire.error(status, `agent-jail model: ${problem}`));
  return { status, answer: 'none', problem, details };
}
