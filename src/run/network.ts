import type { GatewayTotals } from './gateway.ts';
import { NdjsonWriter } from '../system/ndjson.ts';
import { ownUid, type Peer } from './children.ts';
import type { Context } from './context.ts';
import { Gateway } from './gateway.ts';

/**
 * The network of a run: its gateways, one for each network namespace there is, and `network.ndjson`, one for all of them.
 * If a gateway dies the run ends.
 */
export class Network {
  readonly #context: Context;
  readonly #writer: NdjsonWriter;
  readonly #totals = { denied: 0, allowed: 0, omitted: 0 };
  #gateway: Gateway | null = null;
  #step: number | null = null;

  constructor(context: Context) {
    this.#context = context;
    this.#writer = new NdjsonWriter(context.files.fd('network.ndjson'), 'network');
  }
  /** Serves a further namespace; resolves once its sockets are there. Throws JailError. */
  async serve(peer: Peer): Promise<void> {
    const { request, channel, redactor, epoch } = this.#context;
    const uid = ownUid();
    const gateway = new Gateway(
      peer,
      { id: request.id, epoch, uid },
      {
        log: (line) => this.#log(line),
        denied: ({ host, port, rule }) => channel.send({ kind: 'denied', host: redactor.redactText(host), port, rule }),
      },
    );
    this.#gateway = gateway;
    if (this.#step !== null) gateway.step(this.#step);
    void gateway.died.then((how) =>
      this.#context.end({
        how: 'error',
        started: this.#context.started,
        message: `${how}: nothing is reachable any more`,
        remedy: 'run again',
        place: null,
      }),
    );
    await gateway.ready;
  }
  step(step: number): void {
    this.#step = step;
    this.#gateway?.step(step);
  }
  /** The namespace that was served is gone. Throws JailError where its log is incomplete. */
  async release(): Promise<void> {
    const gateway = this.#gateway;
    this.#gateway = null;
    if (gateway === null) return;
    const { denied, allowed } = await gateway.finish();
    this.#totals.denied += denied;
    this.#totals.allowed += allowed;
  }
  /** Ends the log; nothing of the jail lives any more. Throws JailError where it is incomplete. */
  async finish(): Promise<GatewayTotals> {
    await this.release();
    this.#writer.end(this.#totals);
    return this.#totals;
  }
  kill(): void {
    this.#gateway?.kill();
  }

  /** Names and paths are the agent's words: what is secret in them goes before it is written. Every gateway has a first and a last line. */
  #log(line: Readonly<Record<string, unknown>>): void {
    if ('schema' in line) return;
    if (line['end'] === true) this.#totals.omitted += Number(line['omitted'] ?? 0);
    else this.#writer.line(this.#context.redactor.redactJson(line) as object);
  }
}
