import type { RunRequest, WardenReady } from '../model/protocol.ts';
import type { Warden } from './start-warden.ts';
import { WardenProcess } from './warden-process.ts';

/** One that has ended a run and is asked for another one. `ready`: nothing is left of the run before. */
interface Kept {
  readonly warden: WardenProcess;
  readonly backend: RunRequest['backend'];
  readonly ready: Promise<boolean>;
}
let kept: Kept[] | null = null;
/** On these what a run leaves is known, and gone before the next one. */
const KEPT: ReadonlySet<RunRequest['backend']> = new Set(['nspawn', 'docker', 'auto']);

/**
 * From now on wardens are kept for runs to come: to start one, and to run it in cold, is most of what a short run takes. Disposal ends them,
 * and resolves once they are gone, and with them the last that their runs left. Once at a time.
 */
export function keepWardens(): AsyncDisposable {
  const mine: Kept[] = [];
  kept = mine;
  return {
    [Symbol.asyncDispose]: async () => {
      kept = null;
      for (const { warden } of mine) warden.close();
      await Promise.all(mine.map(({ warden }) => warden.ended));
    },
  };
}

/** A warden for such a run should stay. */
export const keeps = (backend: RunRequest['backend']): boolean => kept !== null && KEPT.has(backend);

/** Makes one ready that has ended a run; false: nobody keeps any. */
export function keep(warden: Warden, backend: RunRequest['backend']): boolean {
  if (kept === null || !(warden instanceof WardenProcess)) return false;
  warden.send({ kind: 'again' });
  const answer = warden.messages().next();
  const ready = answer.then(
    ({ value }) => (value as WardenReady | undefined)?.kind === 'ready',
    () => false,
  );
  kept.push({ warden, backend, ready });
  return true;
}

/** One that waits for such a run; null: none does. */
export async function takeKept(backend: RunRequest['backend']): Promise<WardenProcess | null> {
  for (;;) {
    const index = kept?.findIndex((one) => one.backend === backend) ?? -1;
    if (kept === null || index === -1) return null;
    const [{ warden, ready }] = kept.splice(index, 1) as [Kept];
    if (await ready) return warden;
    warden.close();
    await warden.ended;
  }
}
