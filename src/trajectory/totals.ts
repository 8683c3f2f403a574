import type { TokenUse } from '../model/gateway.ts';
import type { Told, Totals } from '../model/trajectory.ts';
import { callsOf, type Found, modelOf, turnsOf, usedBy } from './atif.ts';
import { plus, type Usage } from './log.ts';

/** What a run used: what the gateway saw wins over what an agent claims. */
export function totalsOf(all: readonly Found[], seen: TokenUse | null): Totals {
  const logs = all.map(({ log }) => log);
  const claim = <T>(value: T | null): Told<T> | null => (value === null ? null : { value, source: 'agent' });
  const sum = (count: (log: Found['log']) => number): Told<number> | null =>
    logs.length === 0 ? null : claim(logs.reduce((total, log) => total + count(log), 0));
  const used = logs.reduce<Usage | null>((total, log) => plus(total, usedBy(log)), null);
  const tokens = (side: 'input' | 'output'): Told<number> | null =>
    seen !== null && seen.requests > 0 ? { value: seen[side], source: 'gateway' } : claim(used?.[side] ?? null);
  return {
    turns: sum(turnsOf),
    toolCalls: sum(callsOf),
    inputTokens: tokens('input'),
    outputTokens: tokens('output'),
    costUsd: claim(used?.cost ?? null),
    model: claim(logs.map(modelOf).findLast((model) => model !== null) ?? null),
  };
}
