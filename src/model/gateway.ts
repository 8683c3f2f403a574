import type { LimitName, Network, RunLimits } from './policy.ts';

/**
 * warden → gateway: one JSON document, the file that is its descriptor 4. Not on stdin: who waits for a first packet reads nothing, and a
 * pipe holds less than a bundle of authorities. The end of stdin means: finish the log and exit.
 */
export interface GatewayRequest {
  readonly kind: 'serve';
  readonly id: string;
  /** `process.hrtime.bigint()` at run start, as a decimal string: all of a run's `t` count from it. */
  readonly epoch: string;
  /** Inherited listening sockets, made inside the jail's network namespace. */
  readonly sockets: readonly (SocketPlace & { readonly fd: number })[];
  /** Inherited descriptor of `network.ndjson`, open for writing. */
  readonly log: number;
  /** Ids to drop to once everything is loaded. */
  readonly uid: number;
  readonly gid: number;
  /** What is in force in steps of each kind. */
  readonly rules: { readonly agent: GatewayRules; readonly setup: GatewayRules };
  /** For the hosts that get a secret: a certificate of this run, and its key (PEM). */
  readonly certificates: Certificates;
  /** Authorities (PEM) that servers may be certified by, beside those of the machine; null: no others. */
  readonly authorities: string | null;
  /** What is left of the run's limits. */
  readonly limits: Traffic<number | null>;
  /** Names that have had an address of the jail's before: none of these is handed out again. */
  readonly handedOut: number;
}
export interface SocketPlace {
  readonly protocol: 'tcp' | 'udp';
  readonly address: string;
  readonly port: number;
}
export interface GatewayRules {
  readonly network: Network;
  readonly secrets: readonly Injection[];
}
/** A secret that the jail has a placeholder of. */
export interface Injection {
  readonly name: string;
  readonly hosts: readonly string[];
  readonly methods: readonly string[];
  readonly paths: readonly string[];
  readonly placeholder: string;
  readonly value: string;
}
export type Certificates = Readonly<Record<string, { readonly certificate: string; readonly key: string }>>;
/** Limits of a run that the gateway keeps, or what was used of them. */
export type Traffic<T = number> = Readonly<Record<TrafficLimit, T>>;
export type TrafficLimit = Extract<keyof RunLimits & LimitName, 'upload' | 'download' | 'connections' | 'requests'>;

/** warden → gateway, one JSON line each on stdin: which step is running, so that its rules are in force and log lines can say it. */
export type GatewayNote = { readonly kind: 'step'; readonly step: number; readonly setup: boolean };
/** gateway → warden, NDJSON on stdout. */
export type GatewayEvent =
  /** Its sockets are there; nobody serves them before the first packet comes. */
  | { readonly kind: 'listening' }
  | { readonly kind: 'ready' }
  | { readonly kind: 'denied'; readonly host: string; readonly port: number; readonly rule: string } // once per host and port
  | { readonly kind: 'limit'; readonly limit: TrafficLimit } // once: what goes beyond it was refused
  | { readonly kind: 'done'; readonly denied: number; readonly allowed: number; readonly lines: number; readonly used?: GatewayUse };
/** Absent where no packet ever came. */
export interface GatewayUse {
  readonly traffic: Traffic;
  readonly handedOut: number;
  readonly tokens: TokenUse;
}
/** As model servers said in answers that the gateway could see. */
export interface TokenUse {
  readonly requests: number;
  readonly input: number;
  readonly output: number;
}
/** One line of `network.ndjson`: a question, a connection, or a request on a connection whose inside the gateway sees. */
export interface NetworkLine {
  readonly t: number;
  readonly step: number;
  readonly kind: 'dns' | 'connection' | 'request';
  readonly transport: 'tcp' | 'udp';
  /** The name asked for or announced (SNI, Host), lower case; null where none was seen. */
  readonly name: string | null;
  /** DNS: query type (`A`, `AAAA`, `TYPE65`); else null. */
  readonly type: string | null;
  /** As the jail sees it. */
  readonly address: string | null;
  readonly port: number;
  readonly protocol: 'dns' | 'tls' | 'http' | 'unknown';
  readonly method: string | null;
  readonly path: string | null;
  readonly verdict: 'allowed' | 'denied';
  /** The rule, or why there was none. */
  readonly reason: string;
  /** Where it was brought to: address and port of the real server; null: nowhere. */
  readonly upstream: string | null;
  /** Of the answer to a request. */
  readonly status: number | null;
  /** What went wrong with something allowed. */
  readonly error: string | null;
  /** The secret that was put in. */
  readonly secret: string | null;
  /** From the jail. */
  readonly bytesIn: number;
  /** To the jail. */
  readonly bytesOut: number;
  readonly ms: number;
}
