import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { HostPath } from '../../../src/model/names.ts';
import type { Trajectory } from '../../../src/model/trajectory.ts';
import { openRecordDir } from '../../../src/record/read.ts';
import { verify } from '../../../src/record/verify.ts';
import { makeVerdict } from '../../../src/run/verdict.ts';
import { deriveAll, ID, makeRecord, STEP } from '../record/fixture.ts';
import type { Content } from '../record/fixture.ts';
import { expectValid, logOf } from '../trajectory/support.ts';

const PI = logOf('pi.stdout').toString();
const GEMINI = logOf('gemini.stdout').toString();
const SESSION = { agent: 'pi', path: '.pi/agent/sessions/w/1.jsonl', lines: logOf('pi.session').toString().trimEnd().split('\n') } as const;

async function judged(content: Content, secrets: Readonly<Record<string, string>> = {}, prepare: (dir: HostPath) => void = () => {}) {
  const { dir, outputs } = makeRecord(content);
  prepare(dir);
  const answer = await makeVerdict({ kind: 'verdict', id: ID, record: dir, outputs, secrets, mask: [] }, deriveAll);
  const text = readFileSync(join(dir, 'trajectory.json'), 'utf8');
  const trajectory = text === '' ? null : openRecordDir(dir).document('trajectory.json').value;
  if (trajectory !== null) expectValid(trajectory);
  return { dir, answer, text, trajectory, verdict: openRecordDir(dir).document('verdict.json').value };
}
const agents = (trajectory: Trajectory | null) =>
  (trajectory?.extra?.['sessions'] as { agent: string; step: number | null; from: string }[] | undefined)?.map(
    ({ agent, step, from }) => `${agent} ${step} ${from}`,
  ) ?? [];

describe('the judge makes trajectory.json', () => {
  test('of what a step printed, and the verdict names it and what was used', async () => {
    const { dir, trajectory, verdict } = await judged({ output: PI });
    expect(agents(trajectory)).toEqual(['pi 0 stdout']);
    expect(trajectory?.steps).toHaveLength(3);
    expect(verdict.files['trajectory.json']?.size).toBeGreaterThan(1000);
    expect(verdict.totals).toEqual(trajectory?.extra?.['totals']);
    expect(verdict.totals).toMatchObject({ turns: { value: 2, source: 'agent' }, inputTokens: { value: 2400, source: 'agent' } });
    expect((await verify(dir)).state).toBe('intact');
  });

  test('of what an agent left in HOME, joined with what it printed', async () => {
    expect(agents((await judged({ output: 'no log\n', sessions: [SESSION] })).trajectory)).toEqual([`pi null ~/${SESSION.path}`]);
    const { trajectory } = await judged({ output: PI, sessions: [SESSION, { ...SESSION, path: 'other', lines: ['{}'] }] });
    expect(agents(trajectory)).toEqual([`pi 0 stdout, ~/${SESSION.path}`]);
  });

  test('not of a file that is not of the agent in whose folder it is', async () => {
    expect((await judged({ output: 'x', sessions: [{ ...SESSION, agent: 'codex' }] })).trajectory).toBeNull();
  });

  test('the gateway’s tokens win', async () => {
    const { verdict } = await judged({ output: PI, run: { tokens: { requests: 2, input: 2400, output: 81 } } });
    expect(verdict.totals).toMatchObject({ outputTokens: { value: 81, source: 'gateway' }, turns: { source: 'agent' } });
  });

  test.each([
    ['none', 'none', []],
    ['another agent', 'codex', []],
    ['this one', 'pi', [`pi 0 stdout, ~/${SESSION.path}`]],
    ['any', null, [`pi 0 stdout, ~/${SESSION.path}`]],
  ] as const)('as the step asks: %s', async (_, agent, expected) => {
    const { trajectory, verdict } = await judged({ output: PI, sessions: [SESSION], run: { steps: [{ ...STEP, agent }] } });
    expect(agents(trajectory)).toEqual(expected);
    expect(verdict.files['trajectory.json']?.size === 0).toBe(expected.length === 0);
  });

  test('not of setup steps; each step has its own part of the transcript', async () => {
    const steps = [
      { ...STEP, name: 'setup', setup: true },
      { ...STEP, name: 'pi' },
      { ...STEP, name: 'gemini' },
    ];
    const { trajectory } = await judged({ run: { steps }, outputs: [PI, PI, GEMINI] });
    expect(agents(trajectory)).toEqual(['pi 1 stdout', 'gemini 2 stdout']);
    expect(trajectory?.extra?.['sessions']).toMatchObject(Array(2).fill({ turns: 3, unknown_events: 0 }));
  });

  test('where there is none it is empty', async () => {
    const { text, trajectory, verdict, dir } = await judged({ output: 'compiling…\n{"type":"x"}\n' });
    expect([text, trajectory, verdict.totals?.turns]).toEqual(['', null, null]);
    expect((await verify(dir)).state).toBe('intact');
  });

  test('where the logs cannot be read there is none, and the run is judged', async () => {
    const { text, answer } = await judged({ output: PI, sessions: [SESSION] }, {}, (dir) =>
      writeFileSync(join(dir, 'agent.ndjson'), '{"schema":"agent-jail/agent@1"}\nnot JSON\n'),
    );
    expect([text, answer.ok]).toEqual(['', true]);
  });
});

test('the name of a model may be anything, and what is redacted may be longer', async () => {
  const secret = 'gateway';
  const model = `m${secret}`.repeat(25);
  const output = PI.replaceAll('"model":"scripted"', `"model":"${model}"`);
  const { verdict } = await judged(
    { output, run: { tokens: { requests: 1, input: 1, output: 1 } } },
    { A_RATHER_LONG_NAME_OF_A_SECRET: secret },
  );
  expect(verdict.totals?.model?.value.length).toBeGreaterThan(500);
  expect(verdict.totals?.inputTokens).toEqual({ value: 1, source: 'gateway' });
});

test('a secret that is whole only once the pieces are put together, or escapes undone, is in no derived file', async () => {
  const secret = 'hunter2-hunter2-hunter2';
  const init = GEMINI.split('\n').slice(0, 3);
  const piece = (content: string) =>
    JSON.stringify({ type: 'message', timestamp: '2026-11-25T16:18:43.317Z', role: 'assistant', content, delta: true });
  const escaped = piece('@').replace('@', [...secret].map((c) => `\\u00${c.charCodeAt(0).toString(16)}`).join(''));
  const output = `${[...init, ...secret.match(/.{1,5}/g)!.map(piece), escaped].join('\n')}\n`;
  expect(output).not.toContain(secret);
  const { dir, trajectory, verdict } = await judged({ output }, { TOKEN: secret });
  expect(verdict.totals?.turns).toEqual({ value: 1, source: 'agent' });
  expect(trajectory?.steps.at(-1)?.message).toBe('[redacted TOKEN][redacted TOKEN]');
  for (const file of ['trajectory.json', 'report.html', 'summary.md', 'verdict.json'])
    expect([file, readFileSync(join(dir, file), 'utf8').includes(secret)]).toEqual([file, false]);
});
