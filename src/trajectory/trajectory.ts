import type { TokenUse } from '../model/gateway.ts';
import { AGENTS, type AgentName, type AgentWish, type Totals, type Trajectory } from '../model/trajectory.ts';
import { type Found, sessions, toAtif } from './atif.ts';
import { Bounds } from './bounds.ts';
import { Reader } from './reader.ts';
import { totalsOf } from './totals.ts';

/** What may hold an agent's log: what a step printed, or a file of the agent's. */
export interface Source {
  readonly wanted: readonly AgentName[];
  readonly step: number | null;
  readonly from: string;
  readonly pieces: AsyncIterable<Buffer> | Iterable<Buffer>;
}
export interface Read {
  readonly trajectory: Trajectory | null;
  readonly totals: Totals;
}

/** Whose logs a step's setting asks for. */
export const wantedBy = (wish: AgentWish): readonly AgentName[] => (wish === null ? AGENTS : wish === 'none' ? [] : [wish]);

/** The agents' logs of a run as one trajectory. `tokens`: what the gateway saw. `extra`: of the run as a whole. */
export async function readTrajectory(
  sources: AsyncIterable<Source> | Iterable<Source>,
  tokens: TokenUse | null,
  extra: Readonly<Record<string, unknown>>,
): Promise<Read> {
  const bounds = new Bounds();
  const found: Found[] = [];
  for await (const { wanted, step, from, pieces } of sources) {
    const reader = new Reader(wanted, bounds);
    for await (const piece of pieces) {
      reader.push(piece);
      if (reader.done) break;
    }
    const log = reader.end();
    if (log !== null) found.push({ log, step, from });
  }
  const all = sessions(found);
  const totals = totalsOf(all, tokens);
  return { trajectory: toAtif(all, bounds.cut, { ...extra, totals }), totals };
}
