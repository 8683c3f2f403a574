import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { beyond } from './budget.ts';
import { type Intent, readIntent, UNSAID } from './first-bytes.ts';
import type { Gate } from './gate.ts';
import { BLANK, type NetworkLog, type Seen } from './log.ts';
import { apology, refusal } from './refusal.ts';
import { Requests } from './requests.ts';
import { type Destination, judge, resolveName, type Ruling, speaksFirst } from './rules.ts';
import { passThrough } from './splice.ts';
import type { Unreachable, Upstream } from './upstream.ts';

/** ms from accept to a complete request head or ClientHello. */
const DECISION_TIME = 5000;
/** ms that a client of another port has for its first word: in many protocols the server speaks first. */
const FIRST_WORD = 200;
/** Bytes collected for the decision. */
const MOST_BYTES = 17 * 1024;
/** ms for which a refused client may read its answer. */
const LINGER = 1000;

/** Requests have lines of their own. */
const THEIRS = { verdict: 'allowed', method: null, path: null } as const;

/** What is known of a connection when it is decided about. */
interface Begun {
  readonly socket: Socket;
  readonly to: Destination;
  readonly port: number;
  readonly began: bigint;
  readonly intent: Intent;
  readonly first: Buffer;
}

/** All connections of the jail, from accept to their end; each leaves one line in the log, and one for each request that is seen in it. */
export class Connections {
  readonly #gate: Gate;
  readonly #servers = new Map<string, Requests>();
  /** Those that are passed through: their lines are written once both sides have closed. */
  readonly #passing = new Set<Promise<void>>();

  constructor(gate: Gate) {
    this.#gate = gate;
  }

  handle(socket: Socket, port: number): void {
    const began = process.hrtime.bigint();
    const address = socket.localAddress ?? '';
    const to: Destination = { name: this.#gate.addresses.nameOf(address), address };
    const service = to.name === null ? null : (resolveName(this.#gate.rules(), to.name)?.service ?? null);
    if (service !== null && service.port === port) {
      const begun = { socket, to, port, began, intent: UNSAID, first: Buffer.alloc(0) };
      return this.#follow(this.#pass(begun, `service ${service.name}`, { addresses: ['127.0.0.1'], port }));
    }
    collect(socket, port, (intent, first, why) => {
      const begun = { socket, to, port, began, intent, first };
      if (why === null || !speaksFirst(port)) this.#decide(begun);
      else this.#refuse(begun, judge(this.#gate.rules(), to, port, intent).reason, why);
    });
  }
  /** Resolves once each connection, the jail's side of which is closed, has left its line; or after `ms`: a name may be looked up still. */
  async close(ms: number): Promise<void> {
    await Promise.race([Promise.all(this.#passing), sleep(ms, undefined, { ref: false })]);
    for (const server of this.#servers.values()) server.close();
  }
  #follow(passing: Promise<void>): void {
    this.#passing.add(passing);
    void passing.finally(() => this.#passing.delete(passing));
  }

  #decide(begun: Begun): void {
    const { to, port, intent, socket, first } = begun;
    const ruling = judge(this.#gate.rules(), to, port, intent);
    if (ruling.verdict === 'denied') return this.#refuse(begun, ruling.reason, ruling.reason === intent.fault ? null : intent.fault);
    if (!this.#gate.budget.take('connections', 1)) return this.#refuse(begun, beyond('connections'), null);
    if (ruling.way === 'pass') return this.#follow(this.#reach(begun, ruling.reason));
    socket.once('close', () =>
      this.#write(begun, { ...THEIRS, reason: ruling.reason, bytesIn: socket.bytesRead, bytesOut: socket.bytesWritten }),
    );
    this.#server(to, port, ruling).accept(socket, first);
  }

  async #reach(begun: Begun, reason: string): Promise<void> {
    const { to, port, socket } = begun;
    socket.pause();
    try {
      await this.#pass(begun, reason, { addresses: await this.#gate.names.addresses(to), port });
    } catch (error) {
      const { message, denied } = error as Unreachable;
      if (denied) return this.#refuse(begun, message, null);
      const answer = apology(begun.intent, to.name ?? to.address, message);
      this.#write(begun, { verdict: 'allowed', reason, error: message, bytesIn: begun.first.length, bytesOut: answer?.length ?? 0 });
      sayGoodbye(socket, answer);
    }
  }

  async #pass(begun: Begun, reason: string, upstream: Upstream): Promise<void> {
    const sorry = (why: string): Buffer | null => apology(begun.intent, begun.to.name ?? begun.to.address, why);
    const passed = await passThrough(begun.socket, begun.first, upstream, this.#gate.budget, sorry);
    this.#write(begun, { verdict: 'allowed', reason, ...passed });
  }

  #refuse(begun: Begun, reason: string, detail: string | null): void {
    const { socket, to, intent, first } = begun;
    const answer = detail === null || detail === intent.fault ? refusal(intent, to.name ?? intent.name ?? to.address, reason) : null;
    const why = detail === null ? reason : `${reason} (${detail})`;
    this.#write(begun, { verdict: 'denied', reason: why, bytesIn: first.length, bytesOut: answer?.length ?? 0 });
    sayGoodbye(socket, answer);
  }

  #server(to: Destination, port: number, ruling: Extract<Ruling, { way: 'requests' }>): Requests {
    const key = [to.name ?? to.address, port, ruling.ends, ruling.outside.tls, ruling.outside.port].join(' ');
    let server = this.#servers.get(key);
    if (server === undefined) this.#servers.set(key, (server = new Requests(this.#gate, to, port, ruling)));
    return server;
  }

  #write({ to, port, began, intent }: Begun, seen: Pick<Seen, 'verdict' | 'reason' | 'bytesIn' | 'bytesOut'> & Partial<Seen>): void {
    const { protocol, method, path } = intent;
    const { address } = to;
    const name = intent.name ?? to.name;
    this.#gate.log.write({ ...BLANK, began, kind: 'connection', transport: 'tcp', name, address, port, protocol, method, path, ...seen });
  }
}

/** Reads until it is known what a client wants. `why`: it cannot be known. */
function collect(socket: Socket, port: number, settled: (intent: Intent, first: Buffer, why: string | null) => void): void {
  let bytes = Buffer.alloc(0);
  const settle = (intent: Intent, why: string | null): void => {
    clearTimeout(timer);
    socket.off('data', take).off('end', ended).off('close', closed);
    settled(intent, bytes, why);
  };
  const take = (chunk: Buffer): void => {
    bytes = Buffer.concat([bytes, chunk]);
    const intent = readIntent(bytes);
    if (intent !== null) settle(intent, null);
    else if (bytes.length >= MOST_BYTES) settle(UNSAID, `its request is longer than ${MOST_BYTES} bytes`);
  };
  const ended = (): void => settle(UNSAID, 'it closed before its request was complete');
  const closed = (): void => settle(UNSAID, 'it was closed before its request was complete');
  const timer = setTimeout(
    () => settle(UNSAID, bytes.length === 0 ? 'it sent nothing' : 'its request was not complete in time'),
    speaksFirst(port) ? DECISION_TIME : FIRST_WORD,
  );
  socket.on('data', take).once('end', ended).once('close', closed);
}

/** For a connection that is not even listened to. */
export function resetConnection(socket: Socket, port: number, log: NetworkLog, reason: string): void {
  const [began, address] = [process.hrtime.bigint(), socket.localAddress ?? null];
  log.write({ ...BLANK, began, kind: 'connection', transport: 'tcp', address, port, protocol: 'unknown', verdict: 'denied', reason });
  socket.resetAndDestroy();
}

/** null: nothing that the client would understand. */
function sayGoodbye(socket: Socket, answer: Buffer | null): void {
  if (answer === null) return void socket.resetAndDestroy();
  socket.resume(); // unread bytes would turn the answer into a reset
  socket.end(answer);
  const timer = setTimeout(() => socket.resetAndDestroy(), LINGER);
  socket.once('close', () => clearTimeout(timer));
}
