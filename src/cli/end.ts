import { EXIT } from '../model/outcome.ts';
import { keepCode } from '../system/kept-code.ts';

/** ms. */
const PATIENCE = 100;

/**
 * Ends this process, which has nothing to do any more. By itself: `process.exit` waits for V8's other threads, and one of them that waits for a
 * garbage collection of this one never ends (nodejs/node#54918).
 */
export function end(code: number): void {
  process.exitCode = code;
  if (code !== EXIT['usage-error']) keepCode(); // a mistake ends before most of a program has been compiled
  // What is still open ends with this process: a warden that was started early and has nothing to do, a connection that is kept. By then V8 has
  // nothing to do either.
  setTimeout(() => process.exit(), PATIENCE).unref();
}
