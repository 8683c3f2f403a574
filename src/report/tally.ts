import type { Change, LayerName } from '../model/changes.ts';
import type { RecordReader } from '../record/read.ts';

/** Paths of the workspace that a summary names. */
const NAMED = 50;
/** Different hosts that are told apart. */
const HOSTS = 1000;
/** Different programs that are. */
const KINDS = 5000;

export interface LayerTally {
  readonly layer: LayerName;
  added: number;
  modified: number;
  deleted: number;
  renamed: number;
  /** Another type, or only its mode or owner. */
  other: number;
  ignored: number;
}
export interface ChangeTally {
  readonly layers: readonly LayerTally[];
  /** Of the workspace, what git would track; the first of `tracked` such changes. */
  readonly first: readonly Change[];
  readonly tracked: number;
}

/** One pass over `changes.ndjson`. @throws RecordError where a line is not what it should be. */
export async function changeTally(record: RecordReader): Promise<ChangeTally> {
  const layers = new Map<LayerName, LayerTally>();
  const first: Change[] = [];
  let tracked = 0;
  for await (const change of record.lines('changes.ndjson')) {
    const { layer, flags } = change;
    addTo(layers, change);
    if (layer !== 'workspace' || flags.includes('ignored') || flags.includes('git-dir')) continue;
    tracked += 1;
    if (first.length < NAMED) first.push(change);
  }
  return { layers: [...layers.values()], first, tracked };
}

/** Counts a change with those of its layer. */
export function addTo(layers: Map<LayerName, LayerTally>, { layer, op, flags, more = 0 }: Change): void {
  const tally = layers.get(layer) ?? { layer, added: 0, modified: 0, deleted: 0, renamed: 0, other: 0, ignored: 0 };
  layers.set(layer, tally);
  tally[op === 'retyped' || op === 'metadata' || op === 'touched' ? 'other' : op] += 1;
  tally.deleted += more;
  tally.ignored += more + (flags.includes('ignored') ? 1 : 0);
}

export interface ProgramTally {
  readonly program: string;
  readonly times: number;
}

/** One pass over `programs.ndjson`; those that ran most often first. @throws RecordError where a line is not what it should be. */
export async function programTally(record: RecordReader): Promise<readonly ProgramTally[]> {
  const times = new Map<string, number>();
  for await (const { program } of record.lines('programs.ndjson'))
    if (program !== null && (times.has(program) || times.size < KINDS)) times.set(program, (times.get(program) ?? 0) + 1);
  return [...times].map(([program, count]) => ({ program, times: count })).sort((a, b) => b.times - a.times);
}

/** What the network log says of one host and port. */
export interface HostTally {
  readonly host: string;
  connections: number;
  /** From the jail, and to it. */
  sent: number;
  received: number;
  /** Questions, connections and requests. */
  denied: number;
}
export interface NetworkTally {
  /** Those with most bytes first. */
  readonly reached: readonly HostTally[];
  /** Those that were asked most often first. */
  readonly denied: readonly HostTally[];
  /** Of hosts that are not told apart as well. */
  readonly total: Omit<HostTally, 'host'>;
}

/** One pass over `network.ndjson`. @throws RecordError where a line is not what it should be. */
export async function networkTally(record: RecordReader): Promise<NetworkTally> {
  const hosts = new Map<string, HostTally>();
  const total = { connections: 0, sent: 0, received: 0, denied: 0 };
  for await (const { kind, verdict, name, address, port, bytesIn, bytesOut } of record.lines('network.ndjson')) {
    const host = `${name ?? address ?? 'unknown'}:${port}`;
    if (!hosts.has(host) && hosts.size < HOSTS) hosts.set(host, { host, connections: 0, sent: 0, received: 0, denied: 0 });
    for (const tally of [total, hosts.get(host)]) {
      if (tally === undefined) continue;
      if (verdict === 'denied') tally.denied += 1;
      else if (kind === 'connection') {
        tally.connections += 1;
        tally.sent += bytesIn;
        tally.received += bytesOut;
      }
    }
  }
  const all = [...hosts.values()];
  const bytes = ({ sent, received }: HostTally): number => sent + received;
  return {
    reached: all.filter(({ connections }) => connections > 0).sort((a, b) => bytes(b) - bytes(a)),
    denied: all.filter(({ denied }) => denied > 0).sort((a, b) => b.denied - a.denied),
    total,
  };
}
