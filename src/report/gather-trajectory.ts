import type { Totals, Trajectory, TrajectoryStep } from '../model/trajectory.ts';
import type { TrajectoryData, TurnData } from './data.ts';

/** Turns at the head and as many at the tail; characters of a text, and of all. */
const HALF = 150;
const LONGEST = 8 << 10;
const IN_ALL = 384 << 10;
/** Calls of one turn that are listed. */
const CALLS = 20;

/** The trajectory, as much of it as a page takes: head and tail, long texts cut. Pure. */
export function gatherTrajectory(trajectory: Trajectory): TrajectoryData {
  const { steps, agent, extra } = trajectory;
  const shown = steps.length <= 2 * HALF ? steps : [...steps.slice(0, HALF), ...steps.slice(-HALF)];
  let room = IN_ALL;
  const clip = (text: string): string => {
    const kept = text.slice(0, Math.min(LONGEST, room));
    room -= kept.length;
    return kept.length === text.length ? text : `${kept.toWellFormed()}… (${text.length - kept.length} more characters)`;
  };
  return {
    agent: [agent.name, agent.version, agent.model_name ?? ''].filter((part) => part !== '').join(' '),
    totals: totals(extra?.['totals']),
    turns: shown.map((step) => turn(step, clip)),
    left: steps.length - shown.length,
    head: HALF,
  };
}

function turn(
  { step_id: id, source, timestamp, message, reasoning_content: thought, ...rest }: TrajectoryStep,
  clip: (text: string) => string,
): TurnData {
  const { tool_calls: calls = [], observation, metrics } = rest;
  const results = observation?.results ?? [];
  const tokens = metrics === undefined ? '' : `${metrics.prompt_tokens} tokens in, ${metrics.completion_tokens} out`;
  return {
    id,
    source,
    about: [timestamp ?? '', tokens].filter((part) => part !== '').join(', '),
    text: clip(message),
    thought: clip(thought ?? ''),
    calls: calls.slice(0, CALLS).map((call) => {
      const own = results.find(({ source_call_id: of }) => of === call.tool_call_id);
      return {
        name: call.function_name,
        args: clip(argumentsOf(call.arguments)),
        result: own === undefined ? null : clip(own.content),
        failed: own?.extra?.['failed'] === true,
      };
    }),
    callsLeft: Math.max(0, calls.length - CALLS),
    others: results
      .filter(({ source_call_id: of }) => of === undefined)
      .slice(0, CALLS)
      .map(({ content }) => clip(content)),
  };
}

/** `name: value` a line, texts as they are: a command reads better than its JSON. */
function argumentsOf(args: Readonly<Record<string, unknown>>): string {
  return Object.entries(args)
    .map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join('\n');
}

function totals(given: unknown): TrajectoryData['totals'] {
  const names: Readonly<Record<keyof Totals, string>> = {
    turns: 'turns',
    toolCalls: 'tool calls',
    inputTokens: 'tokens in',
    outputTokens: 'tokens out',
    costUsd: 'US dollars',
    model: 'model',
  };
  const all = (given ?? {}) as Partial<Record<string, { value?: unknown; source?: unknown } | null>>;
  return Object.entries(names).flatMap(([key, name]) => {
    const told = all[key];
    if (told === null || told === undefined) return [];
    const value =
      typeof told.value === 'number' ? told.value.toLocaleString('en', { maximumFractionDigits: 6 }) : String(told.value).slice(0, 200);
    return [[name, value, told.source === 'gateway' ? 'seen by the gateway' : 'claimed by the agent'] as const];
  });
}
