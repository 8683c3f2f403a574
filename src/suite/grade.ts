import { join } from 'node:path';
import type { HostPath, Sha256 } from '../model/names.ts';
import type { RunResult } from '../model/protocol.ts';
import type { Trial } from '../model/suite.ts';
import { displayText } from '../record/display.ts';
import { openRecordDir, type RecordReader } from '../record/read.ts';
import { agentOf, behaviourOf, modelFault, NO_BEHAVIOUR, NO_USAGE, usageOf } from './behaviour.ts';
import { failedChecks } from './checks.ts';
import { type AgentEnd, readReward, type Verdict } from './outcome.ts';
import { tamperedBy } from './tampered.ts';
import type { Task, Verifier } from './types.ts';

/** Checks that are named in a line of results. */
const MOST_FAILED = 20;
const SIGNALS = 65;

/** What the record of the agent's run tells. */
export interface Graded extends Pick<Trial, 'behaviour' | 'usage' | 'agent' | 'failed' | 'root' | 'backend'> {
  readonly end: AgentEnd;
  readonly tampered: string | null;
  readonly model: string | null;
  /** There is something that a verifier could look at. */
  readonly judged: boolean;
  readonly archive: { readonly archive: HostPath; readonly sha256: Sha256 } | null;
  /** Of the verifier's run; null: checks alone. */
  readonly verdict: (result: RunResult | null) => Verdict;
}

/** Reads the record of the agent's run as a stranger's. @throws RecordError */
export async function grade(
  task: Task,
  directory: HostPath,
  ran: Pick<RunResult, 'end' | 'outcome' | 'because' | 'manifest'>,
  workspace: HostPath,
): Promise<Graded> {
  const record = openRecordDir(directory);
  const run = record.document('run.json').value;
  const setupFailed = ran.end.how === 'steps-done' && ran.end.failed !== null && run.steps[ran.end.failed]?.setup === true;
  const setupLimit = ran.end.how === 'limit' && run.steps[ran.end.step]?.setup === true;
  const end = { end: ran.end, outcome: ran.outcome, because: ran.because, setupFailed: setupFailed || setupLimit };
  const root = run.root.sha256;
  const backend = run.backend.name;
  if (ran.manifest === null || ran.end.how === 'error' || ran.outcome === 'cancelled') {
    const nothing: Verdict = { kind: 'infra', phase: 'jail', because: ran.because };
    return {
      end, root, backend, tampered: null, model: null, judged: false, archive: null, agent: null, failed: [],
      behaviour: NO_BEHAVIOUR, usage: NO_USAGE, verdict: () => nothing,
    }; // biome-ignore format: a table
  }
  const { totals } = record.document('verdict.json').value;
  const agents = (step: number): boolean => run.steps[step]?.setup === false;
  const base = task.start.kind === 'none' ? null : workspace;
  const failed = (await failedChecks(task.verifier.checks, { record, base, totals, agents })).slice(0, MOST_FAILED);
  const sha256 = record.document('manifest.json').value.files['changes.tar.gz']?.sha256;
  return {
    end,
    root,
    backend,
    tampered: await tamperedBy(record, run, task.verifier),
    model: await modelFault(record, run),
    judged: !end.setupFailed,
    archive: sha256 === undefined ? null : { archive: join(directory, 'changes.tar.gz') as HostPath, sha256 },
    behaviour: await behaviourOf(record, run),
    usage: usageOf(run, totals),
    agent: agentOf(record),
    failed,
    verdict: (result) => verdictOf(task.verifier, failed, result),
  };
}

/** Pure but for the verifier's result, which is read from its record. */
function verdictOf(verifier: Verifier, failed: readonly string[], result: RunResult | null): Verdict {
  const judged = (pass: boolean, reward: number, because: string): Verdict => ({ kind: 'judged', pass, reward, because });
  const broken = (because: string): Verdict => ({ kind: 'broken', because });
  const missed = failed.length === 0 ? null : failed.join('; ');
  if (result === null) return missed === null ? judged(true, 1, 'all checks hold') : judged(false, 0, missed);
  const { end, outcome, because } = result;
  if (outcome === 'cancelled') return { kind: 'infra', phase: 'cancelled', because };
  if (end.how === 'error') return { kind: 'infra', phase: 'verifier', because };
  if (end.how === 'limit') return broken(`the verifier did not come to an end: ${because}`);
  const record = openRecordDir(result.record);
  const index = end.how === 'steps-done' ? end.failed : null;
  const step = index === null ? null : record.document('run.json').value.steps[index];
  // A shell tells of a signal as 128 and its number.
  const code = step?.exit?.code ?? 0;
  const signal = step?.exit?.signal ?? (code > 128 && code < 128 + SIGNALS ? `signal ${code - 128}` : null);
  if (signal !== null) return broken(`the verifier was killed by ${signal}`);
  const script = index === 0 && verifier.script !== null;
  if (verifier.reward) {
    if (script) return broken(`the verifier ended with ${step?.exit?.code ?? 'nothing'} before it had judged`);
    const reward = readReward(resultOf(record));
    if (typeof reward === 'string') return broken(reward);
    if (reward < verifier.threshold) return judged(false, reward, `reward ${reward}, wanted ${verifier.threshold}`);
    if (index === null && missed === null) return judged(true, reward, `reward ${reward}`);
    return judged(false, reward, missed ?? `${displayText(step?.name ?? '')} failed`);
  }
  if (index !== null)
    return judged(
      false,
      0,
      script ? `the verifier ended with ${step?.exit?.code ?? 'nothing'}` : `${displayText(step?.name ?? '')} failed`,
    );
  return missed === null ? judged(true, 1, 'verified') : judged(false, 0, missed);
}

function resultOf(record: RecordReader): string {
  return Buffer.concat([...record.pieces('result.txt')].map((piece) => Buffer.from(piece))).toString('utf8');
}
