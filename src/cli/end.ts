import { EXIT } from '../model/outcome.ts';
import { keepCode } from '../system/kept-code.ts';

/** Ends this process, which has nothing to do any more. Node takes a while to take itself apart where it may end by itself. */
export function end(code: number): void {
  process.exitCode = code;
  if (code !== EXIT['usage-error']) keepCode(); // a mistake ends before most of a program has been compiled
  const written = [process.stdout, process.stderr].every(({ writableLength }) => writableLength === 0);
  if (written) process.exit();
  // A warden that was started early and has nothing to do ends with this process.
  setTimeout(() => process.exit(), 100).unref();
}
