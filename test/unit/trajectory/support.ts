import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import * as v from 'valibot';
import { AGENTS, type Trajectory } from '../../../src/model/trajectory.ts';
import type { TokenUse } from '../../../src/model/gateway.ts';
import { trajectorySchema } from '../../../src/record/schema-trajectory.ts';
import { readTrajectory, type Source } from '../../../src/trajectory/trajectory.ts';

export const logOf = (name: string): Buffer => readFileSync(new URL(`logs/${name}.jsonl`, import.meta.url));
export const linesOf = (...lines: readonly (object | string)[]): Buffer =>
  Buffer.from(lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join(''));

/** In pieces of an odd size, as a record is read. */
export function* pieces(bytes: Buffer, size = 977): Generator<Buffer> {
  const buffer = Buffer.alloc(size); // used again, as the reader of a record does it
  for (let at = 0; at < bytes.length; at += size) {
    const copied = bytes.copy(buffer, 0, at, at + size);
    yield buffer.subarray(0, copied);
  }
}
export const printed = (bytes: Buffer, more: Partial<Source> = {}): Source => ({
  wanted: AGENTS,
  step: 0,
  from: 'stdout',
  pieces: pieces(bytes),
  ...more,
});

/** What is made of these sources, held to the schema and to the rules that a schema cannot say. */
export async function read(sources: readonly Source[], tokens: TokenUse | null = null) {
  const { trajectory, totals } = await readTrajectory(sources, tokens, {});
  if (trajectory !== null) expectValid(trajectory);
  return { trajectory, totals, steps: trajectory?.steps ?? [], about: sessionsOf(trajectory) };
}
export async function readOne(bytes: Buffer) {
  return read([printed(bytes)]);
}
export function expectValid(given: Trajectory): void {
  const trajectory = JSON.parse(JSON.stringify(given)) as Trajectory;
  const { issues = [] } = v.safeParse(trajectorySchema, trajectory);
  expect(issues.map((issue) => `${v.getDotPath(issue)}: ${issue.message}`)).toEqual([]);
  for (const [index, step] of trajectory.steps.entries()) {
    expect(step.step_id).toBe(index + 1);
    const ids = (step.tool_calls ?? []).map(({ tool_call_id: id }) => id);
    for (const { source_call_id: id } of step.observation?.results ?? []) expect(id === undefined || ids.includes(id)).toBe(true);
    if (step.source !== 'agent') expect(step).not.toHaveProperty('tool_calls');
  }
}
const sessionsOf = (trajectory: Trajectory | null): Readonly<Record<string, unknown>>[] =>
  (trajectory?.extra?.['sessions'] ?? []) as Readonly<Record<string, unknown>>[];
