import type { LimitName } from '../model/policy.ts';
import type { RunEnd } from '../model/protocol.ts';
import type { Outcome } from '../model/outcome.ts';
import type { InfraPhase, Trial, TrialOutcome } from '../model/suite.ts';

/** How the agent's run ended. */
export interface AgentEnd {
  readonly end: RunEnd;
  readonly outcome: Outcome;
  readonly because: string;
  /** The step that failed was a setup step. */
  readonly setupFailed: boolean;
}
/** What the verifier says; `broken`: it says nothing that could be used. */
export type Verdict =
  | { readonly kind: 'judged'; readonly pass: boolean; readonly reward: number; readonly because: string }
  | { readonly kind: 'broken'; readonly because: string }
  | { readonly kind: 'infra'; readonly phase: InfraPhase; readonly because: string };

export type Decision = Pick<Trial, 'outcome' | 'what' | 'because' | 'reward'>;

/**
 * Pure: the outcome of a trial. What kept it from being measured comes first, then what the agent did that it may not do, then the verdict.
 * `tampered` and `model` say why it is suspected that the agent touched what judges it, or that its model's server was at fault.
 */
export function decide(
  agent: AgentEnd,
  verdict: Verdict | null,
  { tampered, model }: { readonly tampered: string | null; readonly model: string | null },
): Decision {
  const infra = (what: InfraPhase, because: string): Decision => ({ outcome: 'infra', what, because, reward: null });
  const { end } = agent;
  if (agent.outcome === 'cancelled') return infra('cancelled', agent.because);
  if (end.how === 'error') return infra('jail', agent.because);
  if (agent.setupFailed) return infra('setup', agent.because);
  const reward = verdict?.kind === 'judged' ? verdict.reward : null;
  const bad = (outcome: TrialOutcome, because: string): Decision => ({ outcome, what: null, because, reward });
  if (tampered !== null) return bad('tampered', tampered);
  if (agent.outcome === 'guard-failed') return bad('violation', agent.because);
  const limit: LimitName | null = end.how === 'limit' ? end.limit : null;
  if (verdict === null) return { ...bad('invalid', 'nobody judged it'), reward: null };
  if (verdict.kind === 'infra') return infra(verdict.phase, verdict.because);
  if (verdict.kind === 'broken') return { ...bad('invalid', verdict.because), reward: null };
  if (verdict.pass)
    return {
      outcome: 'pass',
      what: limit,
      because: limit === null ? verdict.because : `${verdict.because}, in spite of ${agent.because}`,
      reward,
    };
  if (model !== null && agent.outcome !== 'succeeded') return infra('model', model);
  if (limit !== null) return { outcome: 'limit', what: limit, because: agent.because, reward };
  return bad('fail', agent.outcome === 'step-failed' ? `${verdict.because}; ${agent.because}` : verdict.because);
}

/** What a verifier wrote to its result: a number, or a JSON map of numbers of which `reward` counts. A string is why it is none. */
export function readReward(text: string): number | string {
  const written = text.trim();
  if (written === '') return 'the verifier wrote no reward';
  const plain = numberOf(written);
  if (plain !== null) return plain;
  if (written.startsWith('{')) {
    try {
      const value = (JSON.parse(written) as { readonly reward?: unknown }).reward;
      if (typeof value === 'number' && Number.isFinite(value)) return value;
    } catch {
      // It is no JSON either.
    }
  }
  return `the verifier wrote ${JSON.stringify(written.slice(0, 40))}, which is not a number`;
}

function numberOf(text: string): number | null {
  if (!/^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(text)) return null;
  const value = Number(text);
  return Number.isFinite(value) ? value : null;
}
