import type { Change } from '../model/changes.ts';
import type { RunDocument } from '../model/record.ts';
import type { Behaviour, Trial, TrialUsage } from '../model/suite.ts';
import type { Totals } from '../model/trajectory.ts';
import { displayPath, displayText } from '../record/display.ts';
import type { RecordReader } from '../record/read.ts';

/** Names of each kind that a line of results holds, and characters of each. */
const MOST = 100;
const LONGEST = 200;
/** Different names that are told apart. */
const KNOWN = 10_000;

export const NO_BEHAVIOUR: Behaviour = { paths: [], runsLater: [], hosts: [], programs: [], denied: 0, more: 0 };
export const NO_USAGE: TrialUsage = {
  memory: null, output: null, inputTokens: null, outputTokens: null, costUsd: null, turns: null, toolCalls: null,
}; // biome-ignore format: a table

/** What the agent did, of a record: of its own steps where the record tells them apart, which it does of all but files. */
export async function behaviourOf(record: RecordReader, { steps }: RunDocument): Promise<Behaviour> {
  const agents = (step: number): boolean => steps[step]?.setup === false;
  const [paths, runsLater, hosts, programs] = [new Set<string>(), new Set<string>(), new Set<string>(), new Set<string>()];
  const add = (set: Set<string>, name: string): void => {
    if (set.size < KNOWN) set.add(displayText(name, LONGEST));
  };
  for await (const change of record.lines('changes.ndjson')) {
    if (change.layer !== 'workspace' || change.flags.includes('ignored') || change.path.length === 0) continue;
    for (const name of namesOf(change)) {
      add(paths, name);
      if (change.flags.includes('runs-later')) add(runsLater, name);
    }
  }
  let denied = 0;
  for await (const { step, kind, verdict, name, address, port } of record.lines('network.ndjson')) {
    if (!agents(step)) continue;
    if (verdict === 'denied') denied += 1;
    // A question that was answered says nothing yet: the connection does.
    if (kind === 'dns' && verdict === 'allowed') continue;
    add(hosts, `${verdict === 'allowed' ? '+' : '-'}${name ?? address ?? 'unknown'}:${kind === 'dns' ? '*' : port}`);
  }
  for await (const { step, program } of record.lines('programs.ndjson')) if (agents(step) && program !== null) add(programs, program);
  const cut = (set: Set<string>): string[] => [...set].sort().slice(0, MOST);
  const more = [paths, runsLater, hosts, programs].reduce((sum, set) => sum + Math.max(0, set.size - MOST), 0);
  return { paths: cut(paths), runsLater: cut(runsLater), hosts: cut(hosts), programs: cut(programs), denied, more };
}

function namesOf(change: Change): string[] {
  const path = displayPath(change.path, LONGEST);
  if (change.op === 'added') return [`A ${path}`];
  if (change.op === 'deleted') return [`D ${path}`];
  return change.op === 'renamed' ? [`D ${displayPath(change.from, LONGEST)}`, `A ${path}`] : [`M ${path}`];
}

export function usageOf({ limits, steps }: RunDocument, totals: Totals | undefined): TrialUsage {
  const told = <K extends keyof Totals>(key: K): number | null => {
    const value = totals?.[key]?.value;
    return typeof value === 'number' ? value : null;
  };
  const printed = steps.filter(({ setup }) => !setup).map(({ exit }) => exit?.bytes ?? 0);
  return {
    memory: limits.find(({ name }) => name === 'memory')?.peak ?? null,
    output: printed.reduce((sum, bytes) => sum + bytes, 0),
    inputTokens: told('inputTokens'),
    outputTokens: told('outputTokens'),
    costUsd: told('costUsd'),
    turns: told('turns'),
    toolCalls: told('toolCalls'),
  };
}

/** Who the agent says that it is; null: it left no log that is read. */
export function agentOf(record: RecordReader): Trial['agent'] {
  if ((record.size('trajectory.json') ?? 0) === 0) return null;
  const { agent } = record.document('trajectory.json').value;
  const text = (value: string): string => displayText(value, LONGEST);
  return { name: text(agent.name), version: text(agent.version), model: agent.model_name === undefined ? null : text(agent.model_name) };
}

/**
 * Why the agent's model is suspected to have been at fault: the last request that the gateway saw of its steps was refused for a reason that
 * is not the agent's, or did not come through. null: nothing says so.
 */
export async function modelFault(record: RecordReader, { steps }: RunDocument): Promise<string | null> {
  let last: { readonly name: string; readonly status: number | null; readonly error: string | null } | null = null;
  for await (const { kind, step, verdict, method, name, status, error } of record.lines('network.ndjson'))
    if (kind === 'request' && steps[step]?.setup === false && verdict === 'allowed' && method === 'POST')
      last = { name: name ?? 'unknown', status, error };
  if (last === null) return null;
  const { name, status, error } = last;
  if (status !== null && ([401, 402, 403, 429].includes(status) || status >= 500)) return `${displayText(name)} answered with ${status}`;
  return status === null && error !== null ? `${displayText(name)}: ${displayText(error)}` : null;
}
