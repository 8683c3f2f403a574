import * as v from 'valibot';
import { type Totals, type Trajectory } from '../model/trajectory.ts';
import { amount, count } from './schema-common.ts';
import type { Plain, Same } from './schema-common.ts';

// ATIF 1.7, as far as this program writes it: the format allows no fields but its own, and has `extra` for all others.

const extra = v.exactOptional(v.record(v.string(), v.unknown()));
const own = v.exactOptional(v.string());
const toolCall = v.strictObject({
  tool_call_id: v.string(),
  function_name: v.string(),
  arguments: v.record(v.string(), v.unknown()),
});
const result = v.strictObject({ source_call_id: own, content: v.string(), extra });
const metrics = v.strictObject({
  prompt_tokens: amount,
  completion_tokens: amount,
  cached_tokens: amount,
  cost_usd: v.exactOptional(amount),
});
const step = v.strictObject({
  step_id: v.pipe(count, v.minValue(1)),
  timestamp: own,
  source: v.picklist(['system', 'user', 'agent']),
  message: v.string(),
  model_name: own,
  reasoning_content: own,
  tool_calls: v.exactOptional(v.array(toolCall)),
  observation: v.exactOptional(v.strictObject({ results: v.array(result) })),
  metrics: v.exactOptional(metrics),
  extra,
});

export const trajectorySchema = v.strictObject({
  schema_version: v.literal('ATIF-v1.7'),
  session_id: own,
  agent: v.strictObject({ name: v.string(), version: v.string(), model_name: own, extra }),
  steps: v.pipe(v.array(step), v.minLength(1)),
  notes: own,
  final_metrics: v.exactOptional(
    v.strictObject({
      total_prompt_tokens: v.exactOptional(amount),
      total_completion_tokens: v.exactOptional(amount),
      total_cached_tokens: v.exactOptional(amount),
      total_cost_usd: v.exactOptional(amount),
      total_steps: count,
    }),
  ),
  extra,
});
true satisfies Same<Plain<Trajectory>, v.InferOutput<typeof trajectorySchema>>;

const source = v.picklist(['gateway', 'agent']);
const number = v.nullable(v.strictObject({ value: amount, source }));
export const totalsSchema = v.strictObject({
  turns: number,
  toolCalls: number,
  inputTokens: number,
  outputTokens: number,
  costUsd: number,
  model: v.nullable(v.strictObject({ value: v.string(), source })),
});
true satisfies Same<Plain<Totals>, v.InferOutput<typeof totalsSchema>>;
