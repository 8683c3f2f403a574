import { createContext, Script } from 'node:vm';

const context: { work?: () => unknown } = {};
/** Made when the first rule needs it: a context takes as long as a tenth of Node's start, and most policies have no such rule. */
let script: Script | null = null;
function ready(): Script {
  if (script !== null) return script;
  createContext(context);
  return (script = new Script('work()'));
}

/** ms that a rule's regular expression or schema may take over a whole record. */
export const TIME = 2000;

export type Bounded<T> = { readonly ok: true; readonly value: T; readonly ms: number } | { readonly ok: false };

/**
 * Runs `work` for at most `ms`. V8 stops it even in the middle of a regular expression, which backtracks without end on a text made for
 * that; `finally` blocks of stopped work do not run, so it must hold no resource. Errors that `work` throws are thrown.
 */
export function bounded<T>(work: () => T, ms: number): Bounded<T> {
  if (ms < 1) return { ok: false };
  const began = performance.now();
  context.work = work;
  try {
    const value = ready().runInContext(context, { timeout: Math.ceil(ms) }) as T;
    return { ok: true, value, ms: performance.now() - began };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return { ok: false };
    throw error;
  } finally {
    delete context.work;
  }
}
