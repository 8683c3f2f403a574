import type { GatewayRules, TokenUse, TrafficLimit } from '../model/gateway.ts';
import type { LimitName } from '../model/policy.ts';
import { NdjsonWriter } from '../system/ndjson.ts';
import { ownUid } from './children.ts';
import type { Context } from './context.ts';
import { dismissGateway, enterNetns, furtherSockets, Gateway, rulesOf, type WaitingGateway, waitingGateway } from './gateway.ts';
import { openFiles } from './warmup.ts';

const TRAFFIC = ['upload', 'download', 'connections', 'requests'] as const;

/**
 * The network of a run: its gateways, one for each network namespace there is, and `network.ndjson`, one for all of them. The run's limits
 * are for all of them together. If a gateway dies the run ends.
 */
export class Network {
  readonly #context: Context;
  readonly #writer: NdjsonWriter;
  readonly #totals = { denied: 0, allowed: 0, omitted: 0 };
  readonly #used = { upload: 0, download: 0, connections: 0, requests: 0 };
  readonly #tokens = { requests: 0, input: 0, output: 0 };
  readonly #rules: { readonly agent: GatewayRules; readonly setup: GatewayRules };
  #handedOut = 0;
  #gateway: Gateway | null = null;
  /** Waits for a namespace to serve. */
  #next: WaitingGateway | null = null;
  #step: { readonly index: number; readonly setup: boolean } | null = null;
  #refused: LimitName[] = [];

  constructor(context: Context) {
    this.#context = context;
    this.#writer = new NdjsonWriter(context.files.fd('network.ndjson'), 'network');
    this.#rules = { agent: rulesOf(context.request, 'agent'), setup: rulesOf(context.request, 'setup') };
  }
  /** A namespace will come that is not there yet: whatever its sockets can be made ready without it is. */
  expect(): void {
    const { programs, request } = this.#context;
    this.#next ??= waitingGateway(programs, { netns: null, files: openFiles(), route: true, further: furtherSockets(request.policy) });
  }
  /** It came; `netns` leads to it. As `serve`. */
  async enter(netns: string): Promise<void> {
    this.expect();
    const waiting = this.#next as WaitingGateway;
    this.#next = null;
    enterNetns(waiting, netns);
    await this.serve(waiting);
  }
  /** Serves a further namespace; resolves once its sockets are there. Throws JailError. */
  async serve(waiting: WaitingGateway): Promise<void> {
    const { request, channel, redactor, epoch, paper } = this.#context;
    const { limits } = request.policy;
    const left = (name: TrafficLimit): number | null => (limits[name] === null ? null : Math.max(0, limits[name] - this.#used[name]));
    const gateway = new Gateway(
      waiting,
      {
        id: request.id,
        epoch,
        uid: ownUid(),
        rules: this.#rules,
        certificates: request.interception?.certificates ?? {},
        authorities: request.authorities,
        limits: { upload: left('upload'), download: left('download'), connections: left('connections'), requests: left('requests') },
        handedOut: this.#handedOut,
        further: furtherSockets(request.policy),
      },
      {
        log: (line) => this.#log(line),
        denied: ({ host, port, rule }) =>
          channel.send({ kind: 'denied', host: redactor.redactText(host), port, rule: redactor.redactText(rule) }),
        limit: (name) => {
          this.#refused.push(name);
          paper.hit(name);
        },
      },
    );
    this.#gateway = gateway;
    if (this.#step !== null) gateway.step(this.#step.index, this.#step.setup);
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
  /** From now on these steps' rules are in force. */
  step(index: number, setup: boolean): void {
    this.#step = { index, setup };
    this.#refused = [];
    this.#gateway?.step(index, setup);
  }
  /** Limits beyond which something of this step was refused. */
  get refused(): readonly LimitName[] {
    return this.#refused;
  }
  /** The namespace that was served is gone. Throws JailError where its log is incomplete. */
  async release(): Promise<void> {
    const gateway = this.#gateway;
    this.#gateway = null;
    const next = this.#next;
    this.#next = null;
    if (next !== null) await dismissGateway(next);
    if (gateway === null) return;
    const { denied, allowed, used } = await gateway.finish();
    this.#totals.denied += denied;
    this.#totals.allowed += allowed;
    if (used === null) return;
    this.#handedOut += used.handedOut;
    for (const name of TRAFFIC) {
      this.#used[name] += used.traffic[name];
      this.#context.paper.peak(name, this.#used[name]);
    }
    for (const name of ['requests', 'input', 'output'] as const) this.#tokens[name] += used.tokens[name];
  }
  /** Ends the log; nothing of the jail lives any more. Throws JailError where it is incomplete. */
  async finish(): Promise<{ readonly denied: number; readonly tokens: TokenUse }> {
    await this.release();
    this.#writer.end(this.#totals);
    return { denied: this.#totals.denied, tokens: this.#tokens };
  }
  kill(): void {
    this.#gateway?.kill();
    this.#next?.peer.kill();
  }

  /** Names and paths are the agent's words: what is secret in them goes before it is written. Every gateway has a first and a last line. */
  #log(line: Readonly<Record<string, unknown>>): void {
    if ('schema' in line) return;
    if (line['end'] === true) this.#totals.omitted += Number(line['omitted'] ?? 0);
    else this.#writer.line(this.#context.redactor.redactJson(line) as object);
  }
}
