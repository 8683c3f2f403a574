import type { IncomingMessage } from 'node:http';
import type { Gate } from './gate.ts';
import { BLANK, type Seen } from './log.ts';

/** Why a request is not sent on. `status` 502: it is allowed, and something else is wrong. */
export class Refused extends Error {
  readonly status: number;
  readonly denied: boolean;
  constructor(status: number, reason: string) {
    super(reason);
    this.status = status;
    this.denied = status !== 502;
  }
}

export type SeenOfRequest = Pick<Seen, 'name' | 'address' | 'port' | 'protocol' | 'method' | 'path'>;

/** A request's line of the log as it grows. */
export class Line {
  path: string | null;
  reason = '';
  error: string | null = null;
  secret: string | null = null;
  bytesIn = 0;
  bytesOut = 0;
  readonly #gate: Gate;
  readonly #began = process.hrtime.bigint();
  readonly #seen: SeenOfRequest;
  #denied = false;
  #status: number | null = null;
  #upstream: string | null = null;

  constructor(gate: Gate, seen: SeenOfRequest) {
    this.#gate = gate;
    this.#seen = seen;
    this.path = seen.path;
  }
  answered({ statusCode, socket }: IncomingMessage): void {
    this.#status = statusCode ?? null;
    this.#upstream = socket.remoteAddress === undefined ? null : `${socket.remoteAddress}:${socket.remotePort}`;
  }
  refused(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    if (error instanceof Refused && error.denied) [this.#denied, this.reason] = [true, message];
    else this.error ??= message;
  }
  write(): void {
    this.#gate.log.write({
      ...BLANK,
      ...this.#seen,
      began: this.#began,
      kind: 'request',
      transport: 'tcp',
      path: this.path,
      verdict: this.#denied ? 'denied' : 'allowed',
      reason: this.reason,
      upstream: this.#upstream,
      status: this.#status,
      error: this.error,
      secret: this.secret,
      bytesIn: this.bytesIn,
      bytesOut: this.bytesOut,
    });
  }
}
