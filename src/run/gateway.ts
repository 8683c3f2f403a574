import { closeSync, constants, openSync, unlinkSync, writeSync } from 'node:fs';
import { WORK } from '../host/places.ts';
import { JailError } from '../model/errors.ts';
import type { GatewayEvent, GatewayNote, GatewayRequest, GatewayRules, GatewayUse, SocketPlace, TrafficLimit } from '../model/gateway.ts';
import type { Policy } from '../model/policy.ts';
import type { RunRequest } from '../model/protocol.ts';
import { reserve } from '../network/addresses.ts';
import { placeholderOf } from '../plan/environment.ts';
import { SINGLE_THREADED } from '../system/exec.ts';
import { Peer } from './children.ts';
import type { Programs } from './context.ts';

/** ms that a gateway has to end its log; it waits two seconds at the most for what the jail sent last. */
const PATIENCE = 30_000;
/** sockets.pl hands the sockets over from this descriptor upwards. */
const FIRST_SOCKET = 10;
/** DNS, and the ports that are answered on every address; the address of the jail's resolver is its loopback. */
export const SOCKETS: readonly SocketPlace[] = [
  { protocol: 'udp', address: '127.0.0.1', port: 53 },
  { protocol: 'tcp', address: '127.0.0.1', port: 53 },
  { protocol: 'tcp', address: '0.0.0.0', port: 80 },
  { protocol: 'tcp', address: '0.0.0.0', port: 443 },
];

/** Pure: sockets that a policy needs beside those that every jail has. */
export const furtherSockets = ({ agent, setup }: Policy): readonly SocketPlace[] => reserve([agent.network, setup.network]).sockets;

/** Pure: what is in force in steps of a kind. */
export function rulesOf({ id, policy, secrets }: RunRequest, kind: 'agent' | 'setup'): GatewayRules {
  return {
    network: policy[kind].network,
    secrets: policy[kind].secrets.flatMap((secret) =>
      secret.use === 'inject' ? [{ ...secret, placeholder: placeholderOf(id, secret.name), value: secrets[secret.name] ?? '' }] : [],
    ),
  };
}

/** V8 lets the young generation grow to 100 MB, of which a gateway, whose bytes pass through kept buffers, has no use. */
export const GATEWAY_FLAGS = [...SINGLE_THREADED, '--max-semi-space-size=2'] as const;

/** Where a gateway serves. */
export interface Serving {
  /** A file that leads to the jail's network namespace; null: that is not there yet (`enterNetns`). */
  readonly netns: string | null;
  /** The most files it may open. */
  readonly files: number;
  /** The namespace has loopback, and no way from other addresses to it. */
  readonly route: boolean;
  readonly further: readonly SocketPlace[];
}

/**
 * Pure: argv of the gateway. Its sockets are made in the jail's network namespace and inherited. The first packet starts it: many jails
 * never send one, and Node's start is the largest cost of a short run.
 */
export function gatewayArgv({ node, sockets, gateway }: Programs, { netns, files, route, further }: Serving): [string, ...string[]] {
  const spec = [...SOCKETS, ...further].map((s) => `${s.protocol}:${s.address}:${s.port}`).join(',');
  return [
    'perl',
    sockets,
    netns ?? '-',
    String(files),
    spec,
    ...(route ? ['--route'] : []),
    '--wait',
    '--',
    node,
    ...GATEWAY_FLAGS,
    gateway,
  ];
}

/** A process that has its sockets, and waits. */
export interface WaitingGateway {
  readonly peer: Peer;
  /** The file that it reads its request from, still empty; it has no name. */
  readonly request: number;
}

/** `directory`: on a file system in memory, since a request may hold secrets. */
export function waitingGateway(programs: Programs, serving: Serving, directory = WORK): WaitingGateway {
  const path = `${directory}/gateway-request`;
  const request = openSync(path, constants.O_RDWR | constants.O_CREAT | constants.O_EXCL, 0o600);
  unlinkSync(path);
  const peer = new Peer({ argv: gatewayArgv(programs, serving), descriptors: ['pipe', request], name: 'gateway' });
  return { peer, request };
}

/** Says where the namespace is to one that was started without. */
export const enterNetns = ({ peer }: WaitingGateway, netns: string): void => peer.say(netns);

/** Ends one that nobody asked for anything; resolves once its sockets are gone. */
export async function dismissGateway({ peer, request }: WaitingGateway): Promise<void> {
  peer.finish();
  await peer.ended;
  closeSync(request);
}

export interface GatewayTotals {
  readonly denied: number;
  readonly allowed: number;
  /** null: it was never asked for anything. */
  readonly used: GatewayUse | null;
}
/** Both have the same position in the file, so it is not moved. */
function writeRequest(fd: number, request: GatewayRequest): void {
  const bytes = Buffer.from(JSON.stringify(request));
  for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done, bytes.length - done, done);
  closeSync(fd);
}

/** What of a request differs from gateway to gateway of a run. */
export type GatewayTask = Omit<GatewayRequest, 'kind' | 'sockets' | 'log' | 'gid'> & { readonly further: readonly SocketPlace[] };
/** What of a gateway goes where. */
export interface GatewaySinks {
  /** Every line of its network log, in order, the first and the last included. */
  log(line: Readonly<Record<string, unknown>>): void;
  denied(event: GatewayEvent & { kind: 'denied' }): void;
  limit(limit: TrafficLimit): void;
}

/** The jail's only way out. If it dies, `died` resolves and nothing is reachable any more. */
export class Gateway {
  /** Its sockets are there. */
  readonly ready: Promise<void>;
  readonly died: Promise<string>;
  readonly #done: Promise<GatewayTotals | null>;
  readonly #peer: Peer;
  #finishing = false;

  constructor({ peer, request }: WaitingGateway, { further, ...task }: GatewayTask, sinks: GatewaySinks) {
    this.#peer = peer;
    const sockets = [...SOCKETS, ...further].map((socket, index) => ({ ...socket, fd: FIRST_SOCKET + index }));
    // Before the jail runs, and so before there can be a first packet.
    writeRequest(request, { ...task, kind: 'serve', sockets, log: 3, gid: task.uid });
    const { promise: up, resolve: ready } = Promise.withResolvers<void>();
    const logged = (async () => {
      for await (const line of peer.messages(3)) sinks.log(line as Record<string, unknown>);
    })();
    this.#done = (async () => {
      let totals: GatewayTotals | null = null;
      for await (const message of peer.messages()) {
        const event = message as GatewayEvent; // the gateway is ours; a broken one ends the run below
        if (event.kind === 'listening' || event.kind === 'ready') ready();
        else if (event.kind === 'denied') sinks.denied(event);
        else if (event.kind === 'limit') sinks.limit(event.limit);
        else if (event.kind === 'done') totals = { denied: event.denied, allowed: event.allowed, used: event.used ?? null };
      }
      await logged;
      return totals;
    })();
    this.#done.catch(() => peer.kill());
    const ended = peer.ended;
    this.died = new Promise((resolve) => {
      void ended.then((how) => {
        if (!this.#finishing) resolve(how);
      });
    });
    this.ready = Promise.race([
      up,
      ended.then((how) => {
        throw new JailError(how, 'without the gateway nothing may start; see `agent-jail doctor`');
      }),
    ]);
    this.ready.catch(() => {});
  }
  step(step: number, setup: boolean): void {
    this.#peer.send({ kind: 'step', step, setup } satisfies GatewayNote);
  }
  /** Ends it and returns what it counted. Throws JailError where its log is incomplete, also after `patience` ms. */
  async finish(patience = PATIENCE): Promise<GatewayTotals> {
    this.#finishing = true;
    this.#peer.finish();
    // One that does not end is killed: the run is waiting.
    const timer = setTimeout(() => this.#peer.kill(), patience);
    const totals = await Promise.race([this.#done, this.#peer.ended.then(() => this.#done)]).finally(() => clearTimeout(timer));
    if (totals === null) throw new JailError('the gateway ended without its log', 'the network log is incomplete: run again');
    return totals;
  }
  kill(): void {
    this.#finishing = true;
    this.#peer.kill();
  }
}
