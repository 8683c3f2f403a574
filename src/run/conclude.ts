import { type Nothing, writeNothing } from '../changes/nothing.ts';
import { HANGS } from '../host/cgroup.ts';
import { removeState } from '../host/lock.ts';
import { WORK } from '../host/places.ts';
import { JailError } from '../model/errors.ts';
import type { Sha256 } from '../model/names.ts';
import type { RunEnd } from '../model/protocol.ts';
import { AGENTS } from '../model/trajectory.ts';
import { displayText } from '../record/display.ts';
import { seal } from '../record/write.ts';
import { RESULT } from './build.ts';
import type { Judged } from './collectors.ts';
import { type Context, Stopped } from './context.ts';
import { leftNothing } from './left.ts';

/** What ended the run, as data. */
export function endOf(error: unknown, started: boolean): RunEnd {
  if (error instanceof Stopped) return error.end;
  if (error instanceof JailError) return { how: 'error', started, message: error.message, remedy: error.remedy, place: error.place };
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { how: 'error', started, message, remedy: 'this is a defect of agent-jail: please report it', place: null };
}

/** The run from the death of the jail on: stopped, collect, seal, clean. Never throws: what goes wrong becomes the end. */
export async function conclude(context: Context, first: RunEnd): Promise<void> {
  const { channel, paper } = context;
  let end = first;
  const attempt = async (work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      if (end.how !== 'error') end = endOf(error, context.started);
    }
  };
  let manifest: Sha256 | null = null;
  let verdict: Judged | null = null;

  channel.phase('stopped');
  await attempt(() => stopOnce(context));
  channel.phase('collect');
  await attempt(() => collectOnce(context));
  channel.phase('seal');
  context.release().catch(() => {}); // beside the judge's work; `clean` tells what went wrong
  await attempt(async () => {
    if (context.trace !== null) paper.programs = await context.trace.finish();
    paper.end = end;
    paper.redacted = Object.fromEntries(context.redactor.counts);
    paper.counts = { ...paper.counts, redacted: [...context.redactor.counts.values()].reduce((sum, n) => sum + n, 0) };
    context.write();
    context.recorder.close();
    const { request } = context;
    manifest = seal(request.record, request.id, request.caller);
    verdict = await context.collectors.verdict({ id: request.id, record: request.record, secrets: request.secrets, mask: request.mask });
  });
  channel.phase('clean');
  await attempt(async () => clean(context));
  const answer = verdict as Judged | null;
  const { outcome, because } = concluded(end, answer);
  channel.send({
    kind: 'ended',
    end,
    outcome,
    because,
    manifest,
    counts: { ...paper.counts, findings: answer?.findings ?? 0 },
  });
  await channel.flush();
}

/**
 * The last step is dead, and its backend is still to say how it ended, which takes an engine as long as all that can be done meanwhile:
 * the conclusion up to what depends on that.
 */
export function concludeAhead(context: Context): void {
  collectOnce(context).catch(() => {}); // `conclude` tells what went wrong
}
async function stopOnce(context: Context): Promise<void> {
  context.stopped ??= stop(context);
  return context.stopped;
}
async function collectOnce(context: Context): Promise<void> {
  context.collected ??= stopOnce(context)
    .catch(() => {})
    .then(async () => collect(context));
  return context.collected;
}

/** An error after the record was judged counts as well: a machine that is not as it was is no success. */
function concluded(end: RunEnd, answer: Judged | null): Pick<Judged, 'outcome' | 'because'> {
  if (end.how === 'error' && answer?.outcome !== 'jail-error') return { outcome: 'jail-error', because: displayText(end.message) };
  return answer ?? { outcome: 'jail-error', because: 'the record could not be judged' };
}

/** Nothing of the jail lives any more, and the network log is whole. */
async function stop(context: Context): Promise<void> {
  if (context.cgroup !== null && !(await context.cgroup.kill())) throw new JailError('processes of the jail could not be killed', HANGS);
  void context.trace?.finish(); // beside what comes; `seal` waits for it
  if (context.network === null) return;
  const { denied, tokens } = await context.network.finish();
  context.paper.counts = { ...context.paper.counts, denied };
  context.paper.tokens = tokens;
}

/** The changes, read by an unprivileged process through mounts that can neither be written nor left by a link; none is needed where nothing was left. */
async function collect(context: Context): Promise<void> {
  const { request, collectors, views, paper } = context;
  if (!context.started) return;
  if (leftNothing(views, RESULT)) {
    context.release().catch(() => {}); // as in `seal`: nobody will look at them again
    return writeNothing({ id: request.id, layers: views, outputs: outputsOf(context) });
  }
  const { changed, ignored, withheld, sessionsLeft } = await collectors.changes(
    {
      id: request.id,
      layers: views,
      result: RESULT,
      secrets: Object.entries(request.secrets).map(([name, value]) => ({ name, value })),
      mask: request.mask,
      touched: request.policy.record.touched,
      agents: AGENTS.filter((agent) => request.steps.some(({ setup, agent: wish }) => !setup && (wish ?? agent) === agent)),
    },
    async () => context.warm.hands.ask('the layers could not be made read-only', ['freeze', WORK]),
  );
  paper.counts = { ...paper.counts, changed, ignored };
  paper.exact = withheld === 0;
  if (sessionsLeft > 0) context.notice(`${sessionsLeft} of the agent's own logs were not taken; agent.ndjson says why`);
}

const outputsOf = ({ files }: Context): Nothing['outputs'] => ({
  'changes.ndjson': files.fd('changes.ndjson'),
  'changes.tar.gz': files.fd('changes.tar.gz'),
  'agent.ndjson': files.fd('agent.ndjson'),
});

/** What would outlive the warden's namespaces. Everything else goes with them. */
async function clean(context: Context): Promise<void> {
  context.network?.kill();
  context.collectors.kill();
  context.files.close();
  const untraced = context.trace?.remove(); // takes longest
  untraced?.catch(() => {}); // it is awaited below
  try {
    await context.release();
  } finally {
    await context.cgroup?.remove();
    await untraced;
  }
  if (context.state === null) return;
  // It held the lock: while the run went on without it, another one may have taken this one for dead.
  await context.warm.hands.alive().finally(() => removeState(context.request.id));
}
