import type { TokenUse } from '../model/gateway.ts';
import type { Totals } from '../model/trajectory.ts';
import type { Outputs } from './outputs.ts';

/**
 * The outputs that say what a run used. `totals`: of `verdict.json`; `tokens`: of `run.json`, for a run that was not judged. What nobody
 * told stays empty. Pure.
 */
export function usageOutputs(
  totals: Totals | null | undefined,
  tokens: TokenUse | null,
): Pick<Outputs, 'turns' | 'tool-calls' | 'cost-usd' | 'input-tokens' | 'output-tokens' | 'tokens-source'> {
  const seen = tokens !== null && tokens.requests > 0 ? tokens : null;
  const cost = totals?.costUsd?.value;
  return {
    turns: totals?.turns?.value ?? null,
    'tool-calls': totals?.toolCalls?.value ?? null,
    'cost-usd': cost === undefined ? null : cost.toFixed(6).replace(/\.?0+$/, ''),
    'input-tokens': seen?.input ?? totals?.inputTokens?.value ?? null,
    'output-tokens': seen?.output ?? totals?.outputTokens?.value ?? null,
    'tokens-source': seen !== null ? 'gateway' : (totals?.inputTokens?.source ?? null),
  };
}
