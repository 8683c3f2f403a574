/** warden → gateway: one JSON line on stdin first; the pipe's end means: finish the log and exit. */
export interface GatewayRequest {
  readonly kind: 'serve';
  readonly id: string;
  /** `process.hrtime.bigint()` at run start, as a decimal string: all of a run's `t` count from it. */
  readonly epoch: string;
  /** Inherited listening sockets, made inside the jail's network namespace. */
  readonly sockets: readonly { readonly fd: number; readonly protocol: 'tcp' | 'udp'; readonly port: number }[];
  /** Inherited descriptor of `network.ndjson`, open for writing. */
  readonly log: number;
  /** Ids to drop to once everything is loaded. */
  readonly uid: number;
  readonly gid: number;
}
/** warden → gateway, further lines: which step is running, so that log lines can say it. */
export type GatewayNote = { readonly kind: 'step'; readonly step: number };
/** gateway → warden, NDJSON on stdout. */
export type GatewayEvent =
  /** Its sockets are there; nobody serves them before the first packet comes. */
  | { readonly kind: 'listening' }
  | { readonly kind: 'ready' }
  | { readonly kind: 'denied'; readonly host: string; readonly port: number; readonly rule: string } // once per host and port
  | { readonly kind: 'done'; readonly denied: number; readonly allowed: number; readonly lines: number };
/** One line of `network.ndjson`. */
export interface NetworkLine {
  readonly t: number;
  readonly step: number;
  readonly kind: 'dns' | 'connection';
  readonly transport: 'tcp' | 'udp';
  /** The name asked for or announced (SNI, Host), lower case; null where none was seen. */
  readonly name: string | null;
  /** DNS: query type (`A`, `AAAA`, `TYPE65`); else null. */
  readonly type: string | null;
  readonly address: string | null;
  readonly port: number;
  readonly protocol: 'dns' | 'tls' | 'http' | 'unknown';
  readonly method: string | null;
  readonly path: string | null;
  readonly verdict: 'allowed' | 'denied';
  readonly reason: string;
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly ms: number;
}
