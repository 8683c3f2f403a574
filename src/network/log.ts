import type { GatewayEvent, NetworkLine } from '../model/gateway.ts';
import { NdjsonWriter } from '../system/ndjson.ts';

/** What the caller of the log knows; `began` (ns, `process.hrtime.bigint()`) becomes `t` and `ms`. */
export type Seen = Omit<NetworkLine, 't' | 'step' | 'ms'> & { readonly began: bigint };

/** A line of which nothing is known yet. */
export const BLANK = {
  name: null,
  type: null,
  address: null,
  method: null,
  path: null,
  upstream: null,
  status: null,
  error: null,
  secret: null,
  bytesIn: 0,
  bytesOut: 0,
} as const;

/** More lines than this are counted, not written: a loop in a jail must not fill the record. */
const MOST_LINES = 100_000;
/** Different hosts and ports told to main; the log has them all. */
const MOST_EVENTS = 1000;
const LONGEST = { name: 255, type: 16, address: 45, method: 16, path: 1024, reason: 200, upstream: 60, error: 200 } as const;

/** Writer of `network.ndjson`. `t` is when the question or connection came, so lines that took long stand behind later ones. */
export class NetworkLog {
  readonly #writer: NdjsonWriter;
  readonly #epoch: bigint;
  readonly #tell: (event: GatewayEvent) => void;
  readonly #told = new Set<string>();
  readonly #counts = { denied: 0, allowed: 0 };
  #omitted = 0;
  /** The running step; -1 before the first. */
  step = -1;

  constructor(fd: number, epoch: bigint, tell: (event: GatewayEvent) => void) {
    this.#writer = new NdjsonWriter(fd, 'network');
    this.#epoch = epoch;
    this.#tell = tell;
  }

  write({ began, ...seen }: Seen): void {
    this.#counts[seen.verdict] += 1;
    const clean: typeof seen = {
      ...seen,
      name: text(seen.name, LONGEST.name),
      type: text(seen.type, LONGEST.type),
      address: text(seen.address, LONGEST.address),
      method: text(seen.method, LONGEST.method),
      path: text(seen.path, LONGEST.path),
      reason: text(seen.reason, LONGEST.reason) ?? '',
      upstream: text(seen.upstream, LONGEST.upstream),
      error: text(seen.error, LONGEST.error),
    };
    if (this.#writer.lines < MOST_LINES)
      this.#writer.line({ t: ms(began - this.#epoch), step: this.step, ...ordered(clean), ms: ms(process.hrtime.bigint() - began) });
    else this.#omitted += 1;
    if (clean.verdict === 'denied') this.#tellOnce(clean.name ?? clean.address, clean.port, clean.reason);
  }

  /** Questions and connections so far. */
  get seen(): number {
    return this.#counts.denied + this.#counts.allowed;
  }

  /** The last line; returns what was counted. */
  end(): Omit<GatewayEvent & { kind: 'done' }, 'used'> {
    this.#writer.end({ ...this.#counts, omitted: this.#omitted });
    return { kind: 'done', ...this.#counts, lines: this.#writer.lines };
  }

  #tellOnce(host: string | null, port: number, rule: string): void {
    const key = `${host}:${port}`;
    if (host === null || this.#told.has(key) || this.#told.size >= MOST_EVENTS) return;
    this.#told.add(key);
    this.#tell({ kind: 'denied', host, port, rule });
  }
}

/** What a reader looks for first stands first. */
function ordered({ kind, verdict, reason, transport, name, type, address, port, protocol, method, path, ...rest }: Omit<Seen, 'began'>) {
  return { kind, verdict, reason, transport, name, type, address, port, protocol, method, path, ...rest };
}

/** ns to ms with three decimals. */
const ms = (ns: bigint): number => Number(ns / 1000n) / 1000;

/** What an agent chose, without control, format and surrogate characters, cut to `max` characters. */
function text(value: string | null, max: number): string | null {
  return value === null ? null : value.replace(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu, '').slice(0, max);
}
