import type { Drift } from '../../model/suite.ts';
import type { SuiteReport } from '../../record/schema-suite.ts';
import type { SuiteInput } from './input.ts';
import { rowsOf } from './rows.ts';
import type { NightTally, Tally } from './tally.ts';
import { infraRate, missingOf, verdictOf } from './verdict.ts';

/** `suite.json`: figures and counts of each task, for machines; tasks in the order of the suite. Pure. */
export function suiteJson(input: SuiteInput): SuiteReport {
  const { current, nights, comparison, figures, failures } = input;
  const { suite, digest, agent, backend, version, started } = current.header;
  const { word, kind, because } = verdictOf(input);
  const rows = new Map(rowsOf(input).map((row) => [row.tally.task, row]));
  return {
    schema: 'agent-jail/suite-report@1',
    suite,
    digest,
    agent,
    backend,
    version,
    started,
    commit: commitOf(current),
    complete: current.complete,
    verdict: { word, kind, because: [...because] },
    failures: [...failures],
    figures: { pass1: figures.pass1, passAtK: [...figures.passAtK], passHatK: [...figures.passHatK] },
    total: counts(current.total),
    infraRate: infraRate(current.total),
    missing: [...missingOf(input)],
    drift: severities(comparison?.drift ?? []),
    tasks: current.tasks.map((tally) => {
      const { compared = null, drift = [] } = rows.get(tally.task) ?? {};
      const { task, deterministic, flaky } = tally;
      return {
        task,
        deterministic,
        flaky,
        ...counts(tally),
        compared: compared && {
          now: compared.now,
          then: compared.then,
          p: compared.p,
          q: compared.q,
          verdict: compared.verdict,
          confirm: compared.confirm,
        },
        drift: severities(drift),
      };
    }),
    nights: nights.map((night) => ({
      name: night.name,
      started: night.header.started,
      commit: commitOf(night),
      complete: night.complete,
      ...counts(night.total),
    })),
  };
}

const commitOf = ({ header }: NightTally): string | null => header.origin?.commit ?? null;

function counts({ expected, outcomes, measured, passed, rate, reward, ms, costUsd, inputTokens, outputTokens, priced }: Tally) {
  return { expected, outcomes: { ...outcomes }, measured, passed, rate, reward, ms, costUsd, inputTokens, outputTokens, priced };
}

function severities(drift: readonly Drift[]): Record<Drift['severity'], number> {
  const counted = { high: 0, medium: 0, low: 0 };
  for (const { severity } of drift) counted[severity] += 1;
  return counted;
}
