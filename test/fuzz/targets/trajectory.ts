import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { AGENTS, type Trajectory } from '../../../src/model/trajectory.ts';
import { trajectorySchema } from '../../../src/record/schema-trajectory.ts';
import { readTrajectory } from '../../../src/trajectory/trajectory.ts';
import { assertClean, cut } from '../say.ts';
import type { Target } from '../target.ts';

const LOGS = join(import.meta.dirname, '../../unit/trajectory/logs');

async function read(pieces: readonly Buffer[]): Promise<{ trajectory: Trajectory | null; text: string }> {
  const { trajectory, totals } = await readTrajectory([{ wanted: AGENTS, step: 0, from: 'stdout', pieces }], null, {});
  for (const told of Object.values(totals)) if (typeof told?.value === 'number') assert.ok(Number.isFinite(told.value) && told.value >= 0);
  return { trajectory, text: JSON.stringify([trajectory, totals]) };
}

/** Logs of agents, all of those that are known: a trajectory that fits its schema, or none. */
export const target: Target = {
  seeds: readdirSync(LOGS)
    .filter((name) => /^[a-z-]+\.(?:stdout|session)\.jsonl$/.test(name))
    .map((name) => readFileSync(join(LOGS, name))),
  words: ['{', '}', '[', ']', '":"', '":', ',"', 'null', '-1', '1e999', '1e308', '[]', '{}', '""', '\n', '"\\ud800"', '"__proto__":', '"constructor"', '"type":', '"content":', '"message":', '"tool_calls":', '"id":', '"usage":', '"timestamp":"x"', 'true'],
  longest: 12_000,
  perByte: 20,
  async check(bytes) {
    const { trajectory, text } = await read([bytes]);
    assert.equal((await read(cut(bytes))).text, text);
    assertClean();
    if (trajectory === null) return;
    const said = (JSON.parse(text) as [Trajectory])[0];
    const { issues = [] } = v.safeParse(trajectorySchema, said);
    assert.deepEqual(issues.map((issue) => `${v.getDotPath(issue)}: ${issue.message}`), []);
    for (const [index, step] of said.steps.entries()) {
      assert.equal(step.step_id, index + 1);
      const ids = (step.tool_calls ?? []).map(({ tool_call_id: id }) => id);
      for (const { source_call_id: id } of step.observation?.results ?? []) assert.ok(id === undefined || ids.includes(id));
      if (step.source !== 'agent') assert.equal(step.tool_calls, undefined);
    }
    // No more than a few times what was read: names of fields are ours.
    assert.ok(text.length <= 20_000 + 40 * bytes.length);
  },
}; // biome-ignore format: lists
