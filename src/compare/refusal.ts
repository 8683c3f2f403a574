import type { TrialsHeader } from '../model/suite.ts';
import { displayText } from '../record/display.ts';

/**
 * Why these trials are no baseline for the current ones; null: they are one. Only what their header says: a baseline may come from
 * anywhere, and must not be able to lower the bar by being of something else.
 */
export function refusal(current: TrialsHeader, baseline: TrialsHeader): string | null {
  if (baseline.suite !== current.suite) return `it is of the suite ${show(baseline.suite)}, not of ${show(current.suite)}`;
  if (baseline.digest !== current.digest) return 'the suite has changed since: its tasks or verifiers are others';
  if (baseline.agent !== current.agent) return `it is of the agent ${show(baseline.agent)}, not of ${show(current.agent)}`;
  return ofRun(current, baseline) ?? ofTime(current, baseline) ?? ofPolicy(current, baseline);
}

function ofRun({ origin: ours }: TrialsHeader, { origin }: TrialsHeader): string | null {
  if (origin === null) return null;
  if (origin.event.startsWith('pull_request'))
    return `it was made by the event ${show(origin.event)}, whose commit anybody may have written`;
  if (lower(origin.head) !== lower(origin.repository)) {
    const head = origin.head === null ? 'a repository that is not known' : show(origin.head);
    return `it is about a commit of ${head}, not of ${show(origin.repository)}`;
  }
  if (ours === null) return null;
  if (lower(origin.server) !== lower(ours.server) || lower(origin.repository) !== lower(ours.repository)) {
    return `it was made in ${show(`${origin.server}/${origin.repository}`)}, not in ${show(`${ours.server}/${ours.repository}`)}`;
  }
  return origin.run === ours.run ? 'it is of the current run itself' : null;
}

function ofTime(current: TrialsHeader, baseline: TrialsHeader): string | null {
  const [then, now] = [Date.parse(baseline.started), Date.parse(current.started)];
  if (Number.isNaN(then)) return `it does not say when it was started: ${show(baseline.started)}`;
  if (then === now && baseline.seed === current.seed) return 'it is the current run itself';
  // Also where the current start cannot be read.
  return then < now ? null : `it was started at ${show(baseline.started)}, not before the current run (${show(current.started)})`;
}

function ofPolicy(current: TrialsHeader, baseline: TrialsHeader): string | null {
  const policies = new Map(baseline.expected.map(({ task, policy }) => [task, policy]));
  const both = current.expected.filter(({ task }) => policies.has(task));
  if (both.length === 0) return 'it has none of the tasks';
  return both.every(({ task, policy }) => policies.get(task) !== policy) ? 'its tasks ran under another policy' : null;
}

const lower = (text: string | null): string | null => text?.toLowerCase() ?? null;
const show = (text: string): string => displayText(text, 100);
