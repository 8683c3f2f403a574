import { JailError } from '../model/errors.ts';
import type { EngineChoice } from '../model/engine.ts';
import type { BackendName } from '../model/names.ts';
import type { Root } from '../model/policy.ts';
import type { RunRequest, RunResult, WardenEvent, WardenLine } from '../model/protocol.ts';
import { contained } from '../system/contained.ts';
import { HERE, type Platform } from '../system/platform.ts';
import { takeEarly } from './early.ts';
import { EventReader } from './events.ts';
import { keep, keeps, takeKept } from './kept.ts';
import type { Warden } from './start-warden.ts';
import type { Swept } from './sweep.ts';
import { WardenProcess } from './warden-process.ts';

/** What a run elsewhere is sent from. */
export interface From {
  readonly here: Platform;
  /** Directory of this program's bundle, which the helper runs too. */
  readonly dist: string;
}

/** After a cancel, ms: then the warden is given up (its input ends, which ends it). */
const PATIENCE = 10 * 60_000;

let waiting: WardenProcess | null = null;
/** Starts the warden of the next run ahead of its request: it makes nothing that would outlive it, and ends with this process. */
export function startWarden(backend: BackendName | 'auto'): void {
  if (HERE.jails) waiting ??= takeEarly() ?? new WardenProcess('run', backend);
}

/** Tells a warden that waits what it can begin with. */
export function announceRoot(root: Root): void {
  if (root.kind === 'image' || root.kind === 'archive') waiting?.send({ kind: 'ahead', root });
}

/** The same of the engine that will be asked for; no warden asks one that is not on this machine. */
export function announceEngine(engine: EngineChoice): void {
  if (engine.ok && engine.host.startsWith('unix://')) waiting?.send({ kind: 'engine', engine: withoutKeys(engine) });
}

/** Ends a warden that waits for a request that will not come, and resolves once it is gone. */
export async function dismissWarden(): Promise<void> {
  const warden = waiting ?? takeEarly();
  waiting = null;
  warden?.close();
  await warden?.ended;
}

/**
 * Runs a request to its end and tells what came of it. Never rejects for anything that a jail or its warden does: a dead warden is a
 * result with the outcome jail-error, and what it left on the host is removed. An abort cancels; its reason's message says by what.
 * `from`: where this program is; a test says it, to be on a machine that it is not on.
 */
export async function runJail(
  request: RunRequest,
  observe: (event: WardenEvent) => void,
  cancel: AbortSignal,
  from: From = { here: HERE, dist: import.meta.dirname },
): Promise<RunResult> {
  let found: { readonly warden: Warden; readonly request: RunRequest };
  try {
    found = await wardenFor(request, from, (message) => observe({ seq: -1, t: 0, kind: 'notice', message }));
  } catch (error) {
    if (!(error instanceof JailError)) throw error;
    const { finish } = await import('./finish.ts');
    const result = await finish(request.record, error.message);
    return result.end.how === 'error' ? { ...result, end: { ...result.end, remedy: error.remedy } } : result;
  }
  const { warden } = found;
  const onCancel = (): void => {
    warden.send({ kind: 'cancel', by: cancel.reason instanceof Error ? cancel.reason.message : 'a signal' });
    setTimeout(() => warden.close(), PATIENCE).unref();
  };
  warden.send(found.request);
  if (cancel.aborted) onCancel();
  cancel.addEventListener('abort', onCancel);
  let result: RunResult | null = null;
  const reader = new EventReader();
  const messages = warden.messages();
  try {
    for (let next = await messages.next(); next.done !== true; next = await messages.next()) {
      const event = reader.read(next.value as WardenLine);
      observe(event);
      if (event.kind !== 'ended') continue;
      const { end, outcome, because, manifest, counts } = event;
      result = { end, outcome, because, manifest, counts, record: request.record };
      if (found.request.stay !== true) continue; // it ends by itself
      if (end.how !== 'error' && !cancel.aborted && keep(warden, request.backend)) return result;
      warden.close();
    }
  } catch (error) {
    result = null;
    await messages.return(undefined); // whoever writes to it must not wait
    observe({ seq: -1, t: 0, kind: 'notice', message: `the warden's events could not be read: ${(error as Error).message}` });
  } finally {
    cancel.removeEventListener('abort', onCancel);
  }
  warden.close();
  const how = await warden.ended;
  if (result !== null && result.end.how !== 'error') return result;
  if (found.request.elsewhere === undefined)
    for (const message of await sweepAfter(request.id, how)) observe({ seq: -1, t: 0, kind: 'notice', message });
  if (result !== null) return result;
  const { finish } = await import('./finish.ts');
  return finish(request.record, how);
}

/** The one that waits, a new one, or one where the engine is. Throws JailError. */
async function wardenFor(
  request: RunRequest,
  from: From,
  notice: (message: string) => void,
): Promise<{ warden: Warden; request: RunRequest }> {
  const container = contained(process.execPath, process.env);
  // Where no jail can be built the runner's own engine is the next one.
  if (request.backend === 'docker' || (request.backend === 'auto' && container !== null)) {
    const { whyElsewhere } = await import('./why-elsewhere.ts'); // loaded where it is used
    const why = await whyElsewhere(request.engine, container, from.here);
    if (why !== null) {
      const [{ startElsewhere }] = await Promise.all([import('./elsewhere.ts'), dismissWarden()]);
      return startElsewhere(request, why, container, from, notice);
    }
  }
  const stay = keeps(request.backend);
  const warden = (await takeKept(request.backend)) ?? waiting ?? new WardenProcess('run', request.backend);
  waiting = null;
  return { warden, request: { ...request, engine: withoutKeys(request.engine), ...(stay ? { stay } : {}) } };
}

/** Pure: key material is main's; no warden on this machine asks an engine over a network. The same choice where there is none. */
const withoutKeys = (engine: EngineChoice): EngineChoice =>
  engine.ok && engine.tls !== null ? { ...engine, tls: { ca: null, cert: null, key: null } } : engine;

/** A warden that went wrong may not have cleaned up: tells what is still there. `how`: its end. Never rejects. */
async function sweepAfter(id: string, how: string): Promise<string[]> {
  const left = await sweep(id).then(
    (swept) => swept.left.map(({ why }) => why),
    // What lets no warden start here is known already.
    (error: unknown) => [(error as Error).message].filter((why) => why !== how),
  );
  return left.map(
    (why) => `this run left something that could not be removed: ${why}; the next run, or \`agent-jail doctor --clean\`, tries again`,
  );
}

/** Removes what dead runs left on the host (`id`: only that one), never anything of a live one. Rejects where there is no privilege. */
export async function sweep(id: string | null): Promise<Swept> {
  if (!HERE.jails) return { removed: [], live: [], left: [] };
  const warden = new WardenProcess('sweep');
  warden.send({ kind: 'sweep', protocol: 1, id });
  warden.close();
  let answer: Swept | null = null;
  for await (const message of warden.messages()) answer = message as typeof answer;
  const how = await warden.ended;
  if (answer === null) throw new Error(how);
  return answer;
}
