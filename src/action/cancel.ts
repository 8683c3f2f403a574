import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

/** The runner sends SIGINT, 7.5 s later SIGTERM, and 2.5 s later SIGKILL, to this process alone (actions/runner, ProcessInvoker). */
const UNTIL_SIGTERM = 7500;

export interface Cancel {
  /** Aborted with an Error whose message is the signal's name. */
  readonly signal: AbortSignal;
  /** ms that are left before the runner gets impatient; Infinity without a signal. */
  left(): number;
}

/** For post, and for tests: nothing is ever cancelled. */
export const NEVER: Cancel = { signal: new AbortController().signal, left: () => Infinity };

/** Resolves when a cancelled main has no time left; never without a cancel. `stop` gives up waiting. */
export async function outOfTime(cancel: Cancel, stop: AbortSignal): Promise<void> {
  if (!cancel.signal.aborted) await once(cancel.signal, 'abort', { signal: stop });
  await sleep(cancel.left(), undefined, { signal: stop });
}

/** Turns the first signal into a cancelled run; from the second on there is no time left and post does the rest. */
export function watchSignals(exit: (code: number) => void): Cancel {
  const controller = new AbortController();
  let since: number | null = null;
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      if (since !== null) return exit(130);
      since = performance.now();
      controller.abort(new Error(name));
    });
  }
  return {
    signal: controller.signal,
    left: () => (since === null ? Infinity : Math.max(0, since + UNTIL_SIGTERM - 500 - performance.now())),
  };
}
