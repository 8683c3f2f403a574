import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../../src/model/outcome.ts';
import type { RunEnd } from '../../../src/model/protocol.ts';
import { type AgentEnd, decide, readReward, type Verdict } from '../../../src/suite/outcome.ts';

const ended = (outcome: Outcome, end: RunEnd = { how: 'steps-done', failed: null }, setupFailed = false): AgentEnd => ({
  end,
  outcome,
  because: `agent: ${outcome}`,
  setupFailed,
});
const pass: Verdict = { kind: 'judged', pass: true, reward: 1, because: 'verified' };
const fail: Verdict = { kind: 'judged', pass: false, reward: 0, because: 'not verified' };
const broken: Verdict = { kind: 'broken', because: 'NaN' };
const lost: Verdict = { kind: 'infra', phase: 'verifier', because: 'no jail' };
const none = { tampered: null, model: null };
const limit = ended('timed-out', { how: 'limit', limit: 'time', step: 0 });
const dead = ended('jail-error', { how: 'error', started: false, message: 'm', remedy: '', place: null });

describe('the outcome of a trial', () => {
  it.each<[string, AgentEnd, Verdict | null, { tampered: string | null; model: string | null }, string, string | null, number | null]>([
    ['verified', ended('succeeded'), pass, none, 'pass', null, 1],
    ['not verified', ended('succeeded'), fail, none, 'fail', null, 0],
    ['an agent that failed and was right', ended('step-failed'), pass, none, 'pass', null, 1],
    ['an agent that needs review', ended('needs-review'), pass, none, 'pass', null, 1],
    ['a limit, and right', limit, pass, none, 'pass', 'time', 1],
    ['a limit', limit, fail, none, 'limit', 'time', 0],
    ['a broken guard', ended('guard-failed'), pass, none, 'violation', null, 1],
    ['a touched verifier', ended('succeeded'), pass, { ...none, tampered: 'why' }, 'tampered', null, 1],
    ['no verdict', ended('succeeded'), broken, none, 'invalid', null, null],
    ['nobody who judged', ended('succeeded'), null, none, 'invalid', null, null],
    ['no jail', dead, pass, none, 'infra', 'jail', null],
    ['a setup that failed', ended('step-failed', { how: 'steps-done', failed: 0 }, true), null, none, 'infra', 'setup', null],
    ['a cancelled run', ended('cancelled', { how: 'cancelled', by: 'SIGINT' }), pass, none, 'infra', 'cancelled', null],
    ['no jail for the verifier', ended('succeeded'), lost, none, 'infra', 'verifier', null],
    ['a model that refused, and nothing done', ended('step-failed'), fail, { ...none, model: '429' }, 'infra', 'model', null],
    ['a model that refused after all was done', ended('step-failed'), pass, { ...none, model: '429' }, 'pass', null, 1],
    ['a model that refused once, and an agent that went on', ended('succeeded'), fail, { ...none, model: '429' }, 'fail', null, 0],
    ['waiting for a model until the limit', limit, fail, { ...none, model: '503' }, 'infra', 'model', null],
    ['a touched verifier that then broke', ended('succeeded'), broken, { ...none, tampered: 'why' }, 'tampered', null, null],
  ])('of %s', (_, agent, verdict, suspicion, outcome, what, reward) => {
    expect(decide(agent, verdict, suspicion)).toMatchObject({ outcome, what, reward });
  });
});

it.each([
  ['1', 1], ['0.5\n', 0.5], [' -2e3 ', -2000], ['.5', 0.5], ['{"reward": 0.25, "other": 1}', 0.25],
  ['', 'the verifier wrote no reward'],
  ['NaN', 'the verifier wrote "NaN", which is not a number'],
  ['Infinity', 'the verifier wrote "Infinity", which is not a number'],
  ['1e999', 'the verifier wrote "1e999", which is not a number'],
  ['0x10', 'the verifier wrote "0x10", which is not a number'],
  ['1 2', 'the verifier wrote "1 2", which is not a number'],
  ['{"other": 1}', 'the verifier wrote "{\\"other\\": 1}", which is not a number'],
  ['{"reward": "1"}', 'the verifier wrote "{\\"reward\\": \\"1\\"}", which is not a number'],
  ['{"reward": 1e999}', 'the verifier wrote "{\\"reward\\": 1e999}", which is not a number'],
])('a reward %j', (text, reward) => {
  expect(readReward(text)).toBe(reward);
}); // biome-ignore format: a table
