import type { AgentName, FinalMetrics, Metrics, Trajectory, TrajectoryStep } from '../model/trajectory.ts';
import { type Log, type Odd, plus, type Turn, type Usage } from './log.ts';

/** A log and where it was found. */
export interface Found {
  readonly log: Log;
  /** The step of the run that printed it; null: a file, and no step printed the same session. */
  readonly step: number | null;
  /** `stdout`, or the file's path below HOME. */
  readonly from: string;
}
const MOST_STEPS = 20_000;

/**
 * One conversation may be told twice, on stdout and in a file: the telling with more turns is taken, and what it does not say of the
 * session as a whole is taken from the other. In the order of the run's steps; files that no step printed come last.
 */
export function sessions(found: readonly Found[]): readonly Found[] {
  const byId = new Map<string, Found>();
  for (const [at, one] of found.filter(({ log }) => log.turns.length > 0).entries()) {
    const id = one.log.session === null ? `${at}` : `${one.log.agent} ${one.log.session}`;
    const other = byId.get(id);
    byId.set(id, other === undefined ? one : merged(other, one));
  }
  return [...byId.values()].sort((a, b) => (a.step ?? Infinity) - (b.step ?? Infinity) || 0);
}

function merged(a: Found, b: Found): Found {
  const [best, other] = b.log.turns.length > a.log.turns.length ? [b, a] : [a, b];
  const { log } = best;
  log.about({
    version: log.version ?? other.log.version,
    model: log.model ?? other.log.model,
    end: log.end ?? other.log.end,
  });
  log.cost ??= other.log.cost;
  log.claimedTurns ??= other.log.claimedTurns;
  log.total ??= other.log.total;
  return { log, step: a.step ?? b.step, from: `${a.from}, ${b.from}` };
}

/** What a log says was used: of the session as a whole where it says that, else the sum of its turns. */
export function usedBy({ total, turns, cost }: Log): Usage | null {
  const sum = turns.reduce<Usage | null>((all, turn) => plus(all, turn.usage), null);
  const used = total ?? sum;
  if (cost === null) return used === null ? null : { ...used, cost: used.cost ?? sum?.cost ?? null };
  return { ...(used ?? { input: 0, output: 0, cached: 0 }), cost };
}

export const turnsOf = ({ turns, claimedTurns }: Log): number => claimedTurns ?? turns.filter(({ source }) => source === 'agent').length;
export const callsOf = ({ turns }: Log): number => turns.reduce((sum, { calls }) => sum + calls.length, 0);
/** The model that was named last. */
export const modelOf = ({ model, turns }: Log): string | null => turns.findLast((turn) => turn.model !== null)?.model ?? model;

/** All sessions of a run as one trajectory; null: there is none. `extra`: of the run as a whole. */
export function toAtif(all: readonly Found[], cut: number, extra: Readonly<Record<string, unknown>>): Trajectory | null {
  const [first] = all;
  if (first === undefined) return null;
  const turns = all.flatMap(({ log, step }) => log.turns.map((turn) => ({ turn, step, agent: log.agent })));
  const several = all.length > 1;
  const steps = turns.slice(0, MOST_STEPS).map((one, index) => stepOf(one, index + 1, several));
  const { session, agent, version } = first.log;
  const model = modelOf(first.log);
  return {
    schema_version: 'ATIF-v1.7',
    ...(session === null ? {} : { session_id: session }),
    agent: { name: agent, version: version ?? 'unknown', ...(model === null ? {} : { model_name: model }) },
    steps,
    final_metrics: finalMetrics(all, steps.length),
    extra: { ...extra, sessions: all.map(about), cut_texts: cut, left_out_steps: turns.length - steps.length },
  };
}

function about({ log, step, from }: Found): Readonly<Record<string, unknown>> {
  const { agent, session, version, end, odd, turns } = log;
  const pending = turns.flatMap(({ calls, results }) => calls.filter(({ id }) => results.every((result) => result.id !== id)));
  return {
    agent,
    session,
    version,
    model: modelOf(log),
    step,
    from,
    end,
    turns: turns.length,
    calls_without_result: pending.length,
    ...names(odd),
  };
}

const names = ({ unknown, broken, long, left, orphans }: Odd) => ({
  unknown_events: unknown,
  broken_lines: broken,
  long_lines: long,
  left_out: left,
  results_without_call: orphans,
});

function stepOf(
  { turn, step, agent }: { turn: Turn; step: number | null; agent: AgentName },
  id: number,
  several: boolean,
): TrajectoryStep {
  const { source, at, model, text, thought, calls, results, usage, parent } = turn;
  const extra = {
    ...(several ? { agent, step } : {}),
    ...(parent === null ? {} : { parent_tool_call_id: parent }),
  };
  // Only an agent's step has these.
  const own = source === 'agent';
  return {
    step_id: id,
    ...(at === null ? {} : { timestamp: at }),
    source,
    message: text,
    ...(own && model !== null ? { model_name: model } : {}),
    ...(own && thought !== '' ? { reasoning_content: thought } : {}),
    ...(calls.length === 0
      ? {}
      : { tool_calls: calls.map((call) => ({ tool_call_id: call.id, function_name: call.name, arguments: call.args })) }),
    ...(results.length === 0
      ? {}
      : {
          observation: {
            results: results.map((result) => ({
              ...(result.id === null ? {} : { source_call_id: result.id }),
              content: result.content,
              ...(result.failed ? { extra: { failed: true } } : {}),
            })),
          },
        }),
    ...(own && usage !== null ? { metrics: metricsOf(usage) } : {}),
    ...(Object.keys(extra).length === 0 ? {} : { extra }),
  };
}

const metricsOf = ({ input, output, cached, cost }: Usage): Metrics => ({
  prompt_tokens: input,
  completion_tokens: output,
  cached_tokens: cached,
  ...(cost === null ? {} : { cost_usd: cost }),
});

function finalMetrics(all: readonly Found[], total_steps: number): FinalMetrics {
  const used = all.reduce<Usage | null>((sum, { log }) => plus(sum, usedBy(log)), null);
  if (used === null) return { total_steps };
  const { input, output, cached, cost } = used;
  return {
    total_prompt_tokens: input,
    total_completion_tokens: output,
    total_cached_tokens: cached,
    ...(cost === null ? {} : { total_cost_usd: cost }),
    total_steps,
  };
}
