import { describe, expect, test } from 'vitest';
import { Validator } from '@cfworker/json-schema';
import type { Schema } from '@cfworker/json-schema';
import { recordSchemas } from '../../../scripts/record-schema.ts';
import { logOf, printed, read, readOne } from './support.ts';

const DONE = 'Done: wrote agent-proof.txt';
/** Of each log: what it says, and what is claimed in it. */
const logs = [
  { log: 'claude-code.stdout', steps: 3, turns: 2, calls: 2, input: 2700, output: 85, cost: 0.0112, model: 'claude-sonnet', odd: 1 },
  { log: 'claude-code.session', steps: 3, turns: 2, calls: 2, input: 2400, output: 80, cost: null, model: 'claude-sonnet', odd: 0 },
  { log: 'codex.stdout', steps: 7, turns: 7, calls: 5, input: 2400, output: 80, cost: null, model: null, odd: 0 },
  { log: 'codex.session', steps: 4, turns: 2, calls: 1, input: 2400, output: 80, cost: null, model: 'fake-model', odd: 0 },
  { log: 'gemini.stdout', steps: 3, turns: 2, calls: 1, input: 2400, output: 80, cost: null, model: 'gemini-2.5-flash', odd: 0 },
  { log: 'gemini.session', steps: 3, turns: 2, calls: 1, input: 2400, output: 80, cost: null, model: 'gemini-2.5-flash', odd: 0 },
  { log: 'copilot.stdout', steps: 3, turns: 2, calls: 1, input: 2400, output: 80, cost: null, model: 'fake-model', odd: 0 },
  { log: 'opencode.stdout', steps: 2, turns: 2, calls: 1, input: 2400, output: 80, cost: 0.003, model: null, odd: 0 },
  { log: 'pi.stdout', steps: 3, turns: 2, calls: 1, input: 2400, output: 80, cost: 0, model: 'scripted', odd: 0 },
  { log: 'pi.session', steps: 3, turns: 2, calls: 1, input: 2400, output: 80, cost: 0, model: 'scripted', odd: 0 },
];
/** The same task, done by each real agent. A stream of Copilot's tells no tokens, its file does. */
const recorded = [
  { agent: 'claude-code', steps: 3, version: '2.1.330', cost: 0.0112, end: 'success' },
  { agent: 'codex', steps: 5, version: '0.169.0', cost: null, end: 'completed' },
  { agent: 'copilot', steps: 3, version: '1.0.102', cost: null, end: 'success' },
  { agent: 'opencode', steps: 2, version: 'unknown', cost: 0, end: 'stop' },
];
const claimed = <T>(value: T | null) => (value === null ? null : { value, source: 'agent' });

describe('a log becomes a trajectory', () => {
  test.each(logs)('$log', async ({ log, steps: number, turns, calls, input, output, cost, model, odd }) => {
    const { trajectory, totals, steps, about } = await readOne(logOf(log));
    expect(trajectory?.agent.name).toBe(log.split('.')[0]);
    expect(steps).toHaveLength(number);
    expect(steps.at(-1)).toMatchObject({ source: 'agent', message: DONE });
    expect(totals).toEqual({
      turns: claimed(turns),
      toolCalls: claimed(calls),
      inputTokens: claimed(input),
      outputTokens: claimed(output),
      costUsd: cost === null ? null : { value: expect.closeTo(cost, 9), source: 'agent' },
      model: claimed(model),
    });
    expect(trajectory?.final_metrics).toMatchObject({ total_prompt_tokens: input, total_completion_tokens: output, total_steps: number });
    expect(about).toMatchObject([{ unknown_events: odd, broken_lines: 0, long_lines: 0, left_out: 0, results_without_call: 0 }]);
  });

  test.each(logs)('$log: as the JSON schema says, by another judge', async ({ log }) => {
    const validator = new Validator(JSON.parse(recordSchemas().get('trajectory.schema.json') ?? '') as Schema);
    const { trajectory } = await readOne(logOf(log));
    expect(validator.validate(JSON.parse(JSON.stringify(trajectory)))).toEqual({ valid: true, errors: [] });
    expect(validator.validate({ ...trajectory, ours: 1 }).valid).toBe(false);
  });

  test('what came of a call stands at the call, and whether it failed', async () => {
    const { steps } = await readOne(logOf('claude-code.stdout'));
    expect(steps[0]).toEqual({
      step_id: 1,
      source: 'agent',
      message: 'I write the file.',
      model_name: 'claude-sonnet',
      reasoning_content: 'I should write it.',
      tool_calls: [
        { tool_call_id: 'toolu_1', function_name: 'Write', arguments: { file_path: '/work/agent-proof.txt', content: 'hello\n' } },
        { tool_call_id: 'toolu_2', function_name: 'Bash', arguments: { command: 'false' } },
      ],
      observation: {
        results: [
          { source_call_id: 'toolu_1', content: 'File created' },
          { source_call_id: 'toolu_2', content: 'Exit code 1\n[image]', extra: { failed: true } },
        ],
      },
      metrics: { prompt_tokens: 1200, completion_tokens: 40, cached_tokens: 150 },
    });
    expect(steps[1]).toMatchObject({ source: 'system', message: 'The conversation was compacted.' });
  });

  test('what an agent says of its own output stands in the step, with the time', async () => {
    for (const log of ['pi.stdout', 'gemini.stdout', 'gemini.session', 'pi.session']) {
      const { steps } = await readOne(logOf(log));
      expect(steps[0]).toMatchObject({ source: 'user', message: expect.stringContaining('Write the proof file') });
      expect(steps[1]).toMatchObject({
        timestamp: expect.stringMatching(/^2026-11-25T16:18:4/),
        tool_calls: [{ arguments: { command: expect.stringContaining('agent-proof.txt') } }],
        observation: { results: [{ content: expect.stringMatching(/^hello\n?$/) }] },
      });
    }
  });

  test('a command that was abandoned has no result', async () => {
    const { steps, about } = await readOne(logOf('codex.stdout'));
    expect(steps[2]).toMatchObject({ tool_calls: [{ tool_call_id: 'item_2', arguments: { command: 'sleep 900' } }] });
    expect(steps[2]).not.toHaveProperty('observation');
    expect(about).toMatchObject([{ calls_without_result: 2 }]); // and the list of what to do
  });
});

describe('what a real agent wrote', () => {
  test.each(recorded)('$agent', async ({ agent, steps: number, version, cost, end }) => {
    const file = agent === 'opencode' ? [] : [printed(logOf(`${agent}.recorded-session`), { step: null, from: 'a file' })];
    const { trajectory, totals, steps, about } = await read([printed(logOf(`${agent}.recorded`)), ...file]);
    expect(trajectory?.agent).toMatchObject({ name: agent, version });
    expect(about).toMatchObject([{ end, unknown_events: 0, broken_lines: 0, calls_without_result: 0, results_without_call: 0 }]);
    expect(steps).toHaveLength(number);
    expect(totals).toMatchObject({
      turns: claimed(2),
      toolCalls: claimed(1),
      inputTokens: claimed(2400),
      outputTokens: claimed(80),
      costUsd: claimed(cost),
    });
    const [did, ended] = steps.filter(({ source }) => source === 'agent');
    expect(JSON.stringify(did?.tool_calls)).toContain("echo 'hello' > agent-proof.txt");
    expect(did?.observation?.results).toMatchObject([{ content: expect.stringContaining('hello') }]);
    expect(ended?.message).toBe(DONE);
  });
});

describe('stream and file of one session', () => {
  test.each(['claude-code', 'codex', 'gemini', 'pi'])('are one conversation: %s', async (agent) => {
    const file = { step: null, from: 'a file' };
    const { about, totals } = await read([printed(logOf(`${agent}.stdout`)), printed(logOf(`${agent}.session`), file)]);
    expect(about).toMatchObject([{ agent, step: 0, from: 'stdout, a file' }]);
    expect(totals.outputTokens?.value).toBe(agent === 'claude-code' ? 85 : 80);
  });

  test('the one that says more is taken; what only the other says of the whole is kept', async () => {
    const cut = logOf('claude-code.session').toString().split('\n').slice(0, 4).join('\n');
    const { steps, totals } = await read([printed(Buffer.from(cut)), printed(logOf('claude-code.stdout'), { step: null })]);
    expect(steps).toHaveLength(3);
    expect(totals.costUsd?.value).toBe(0.0112);
  });

  test('others stand one after the other, each step with its agent', async () => {
    const { steps, trajectory, totals } = await read([
      printed(logOf('pi.session'), { step: null, from: '.pi/x' }),
      printed(logOf('codex.stdout'), { step: 2 }),
      printed(logOf('gemini.stdout'), { step: 1 }),
    ]);
    expect(trajectory?.agent.name).toBe('gemini');
    expect(steps.map(({ extra }) => extra)).toEqual([
      ...Array<object>(3).fill({ agent: 'gemini', step: 1 }),
      ...Array<object>(7).fill({ agent: 'codex', step: 2 }),
      ...Array<object>(3).fill({ agent: 'pi', step: null }),
    ]);
    expect(totals.inputTokens?.value).toBe(7200);
  });
});

describe('tokens', () => {
  test('that the gateway saw win over what is claimed; cost and turns are claims', async () => {
    const { totals } = await read([printed(logOf('claude-code.stdout'))], { requests: 3, input: 5000, output: 90 });
    expect(totals).toMatchObject({
      inputTokens: { value: 5000, source: 'gateway' },
      outputTokens: { value: 90, source: 'gateway' },
      costUsd: { source: 'agent' },
      turns: { value: 2, source: 'agent' },
    });
  });
  test('are the agent’s claim where the gateway saw no answer of a model', async () => {
    const { totals } = await read([printed(logOf('pi.stdout'))], { requests: 0, input: 0, output: 0 });
    expect(totals.inputTokens).toEqual({ value: 2400, source: 'agent' });
  });
  test('are known without any log', async () => {
    const { totals, trajectory } = await read([], { requests: 1, input: 7, output: 3 });
    expect([totals.inputTokens, totals.turns, trajectory]).toEqual([{ value: 7, source: 'gateway' }, null, null]);
  });
});
