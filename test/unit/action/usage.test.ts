import { describe, expect, test } from 'vitest';
import { closedOutputs } from '../../../src/action/outputs.ts';
import { usageOutputs } from '../../../src/action/usage.ts';
import type { Totals } from '../../../src/model/trajectory.ts';

const claim = <T>(value: T) => ({ value, source: 'agent' as const });
const NOTHING: Totals = { turns: null, toolCalls: null, inputTokens: null, outputTokens: null, costUsd: null, model: null };
const written = (totals: Totals | undefined, tokens: Parameters<typeof usageOutputs>[1]) => {
  const all = closedOutputs(usageOutputs(totals, tokens));
  return [all.turns, all['cost-usd'], all['input-tokens'], all['output-tokens'], all['tokens-source'], all['tool-calls']];
};

describe('what a run used, as outputs', () => {
  test.each([
    [
      'what an agent claims',
      { ...NOTHING, turns: claim(2), toolCalls: claim(3), costUsd: claim(0.0112), inputTokens: claim(5), outputTokens: claim(6) },
      null,
      ['2', '0.0112', '5', '6', 'agent', '3'],
    ],
    [
      'what the gateway saw wins',
      { ...NOTHING, inputTokens: claim(5), outputTokens: claim(6) },
      { requests: 1, input: 7, output: 8 },
      ['', '', '7', '8', 'gateway', ''],
    ],
    [
      'no answer of a model was seen',
      { ...NOTHING, inputTokens: claim(5) },
      { requests: 0, input: 0, output: 0 },
      ['', '', '5', '', 'agent', ''],
    ],
    ['a run that was not judged', undefined, { requests: 2, input: 7, output: 8 }, ['', '', '7', '8', 'gateway', '']],
    ['nobody says anything', NOTHING, null, ['', '', '', '', '', '']],
    ['amounts that are no cost', { ...NOTHING, costUsd: claim(1e12), turns: claim(0.5) }, null, ['', '', '', '', '', '']],
    ['round and tiny amounts', { ...NOTHING, costUsd: claim(100), turns: claim(0) }, null, ['0', '100', '', '', '', '']],
    ['next to nothing', { ...NOTHING, costUsd: claim(1e-9) }, null, ['', '0', '', '', '', '']],
  ] as const)('%s', (_, totals, tokens, expected) => {
    expect(written(totals, tokens)).toEqual(expected);
  });
});
