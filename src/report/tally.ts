import type { Change, LayerName } from '../model/changes.ts';
import type { RecordReader } from '../record/read.ts';

/** Paths of the workspace that a summary names. */
const NAMED = 50;
/** Different hosts that are told apart. */
const HOSTS = 1000;

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
export function addTo(layers: Map<LayerName, LayerTally>, { layer, op, flags }: Change): void {
  const tally = layers.get(layer) ?? { layer, added: 0, modified: 0, deleted: 0, renamed: 0, other: 0, ignored: 0 };
  layers.set(layer, tally);
  tally[op === 'retyped' || op === 'metadata' ? 'other' : op] += 1;
  if (flags.includes('ignored')) tally.ignored += 1;
}

/** Denied hosts with how often, the most frequent first. */
export async function deniedTally(record: RecordReader): Promise<{ hosts: readonly { host: string; count: number }[]; total: number }> {
  const counts = new Map<string, number>();
  let total = 0;
  for await (const { verdict, name, address, port } of record.lines('network.ndjson')) {
    if (verdict !== 'denied') continue;
    total += 1;
    const host = `${name ?? address ?? 'unknown'}:${port}`;
    if (counts.has(host) || counts.size < HOSTS) counts.set(host, (counts.get(host) ?? 0) + 1);
  }
  const hosts = [...counts].map(([host, count]) => ({ host, count })).sort((a, b) => b.count - a.count);
  return { hosts, total };
}
