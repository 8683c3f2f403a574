import type { Finding } from '../model/changes.ts';
import type { GuardRule } from '../model/policy.ts';
import type { PolicySource } from '../model/protocol.ts';
import type { RunDocument } from '../model/record.ts';
import type { Trajectory } from '../model/trajectory.ts';
import { RecordError } from '../record/error.ts';
import type { RecordReader } from '../record/read.ts';
import { AddedLinesCheck } from './added-lines.ts';
import { type RuleName, unchecked } from './bag.ts';
import { BUILT_IN, BuiltInCheck } from './built-in.ts';
import { changeChecks } from './changes.ts';
import type { ChangeCheck, ChangeRule } from './changes.ts';
import { ClaimCheck, MISMATCH } from './claims.ts';

/**
 * What of the record breaks which rule. The rules of the policy, and the built-in one. Evidence that is missing or cut off breaks the rules
 * that need it. A record of a run in which no step started holds nothing to check. `policies`: where else than the run's own policy rules
 * come from; their files are protected as well. `trajectory`: what the agent says of itself, compared with what it left.
 */
export async function evaluate(
  rules: readonly GuardRule[],
  record: RecordReader,
  policies: readonly PolicySource[] = [],
  trajectory: Trajectory | null = null,
): Promise<Finding[]> {
  const { value: run } = record.document('run.json');
  if (run.end.how !== 'steps-done' && run.steps.every((step) => step.started === null)) return [];
  const findings: Finding[] = [];
  findings.push(
    ...(await changeFindings(
      rules.filter((rule) => rule.on === 'changes'),
      run,
      record,
      policies,
      trajectory,
    )),
  );
  if (trajectory !== null) findings.push(...(await attempt(MISMATCH, () => claimedCommands(trajectory, run, record))));
  for (const rule of rules) {
    if (rule.on === 'changes') continue;
    findings.push(...(await attempt(rule, async () => other(rule, record))));
  }
  return await located(findings, record);
}

/** A place is a help to find it: without one, what was found is as true. */
async function located(findings: Finding[], record: RecordReader): Promise<Finding[]> {
  if (findings.every(({ at }) => at === undefined)) return findings;
  try {
    return (await import('./lines.ts')).withLines(findings, record);
  } catch (error) {
    if (error instanceof RecordError) return findings;
    throw error;
  }
}

async function claimedCommands(trajectory: Trajectory, run: RunDocument, record: RecordReader): Promise<readonly Finding[]> {
  const { unseenPrograms } = await import('./claimed-programs.ts');
  return await unseenPrograms(trajectory, run.programs, record);
}

/** Each is loaded where a policy asks for it: most do for none. */
async function other(rule: Exclude<GuardRule, ChangeRule>, record: RecordReader): Promise<readonly Finding[]> {
  switch (rule.on) {
    case 'network':
      return await (await import('./network.ts')).networkFindings(rule, record);
    case 'output':
      return (await import('./output.ts')).outputFindings(rule, record);
    case 'result':
      return (await import('./result.ts')).resultFindings(rule, record);
  }
}

async function changeFindings(
  rules: readonly ChangeRule[],
  run: RunDocument,
  record: RecordReader,
  policies: readonly PolicySource[],
  trajectory: Trajectory | null,
): Promise<readonly Finding[]> {
  try {
    const checks: readonly ChangeCheck[] = [
      ...changeChecks(rules),
      ...addedLines(rules, record),
      new BuiltInCheck([run.source, ...policies], run.workspace),
      ...claims(trajectory, run),
    ];
    const changes = record.lines('changes.ndjson');
    if (!changes.complete) throw new RecordError(changes.file, null, 'is not whole');
    for await (const change of changes) {
      // Its time is nobody's business but a reader's.
      if (change.op !== 'touched') for (const check of checks) check.see(change);
    }
    return checks.flatMap((check) => check.findings());
  } catch (error) {
    if (!(error instanceof RecordError)) throw error;
    return [...rules, BUILT_IN].map((rule) => unchecked(rule, error.message));
  }
}

/** Nothing is certain where several steps ran: one may have undone what the other did. */
function claims(trajectory: Trajectory | null, { steps, workspace }: RunDocument): readonly ChangeCheck[] {
  const alone = steps.filter(({ setup, started }) => !setup && started !== null).length === 1;
  return trajectory === null || !alone ? [] : [new ClaimCheck(trajectory, workspace)];
}

function addedLines(rules: readonly ChangeRule[], record: RecordReader): readonly AddedLinesCheck[] {
  return rules.flatMap((rule) => (rule.test.kind === 'max-added-lines' ? [new AddedLinesCheck(rule, rule.test.max, record)] : []));
}

async function attempt(rule: RuleName, work: () => Promise<readonly Finding[]>): Promise<readonly Finding[]> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof RecordError)) throw error;
    return [unchecked(rule, error.message)];
  }
}
