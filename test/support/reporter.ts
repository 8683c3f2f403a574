import { stripVTControlCharacters } from 'node:util';
import type { Reporter } from 'vitest/node';
import { DefaultReporter } from 'vitest/node';

type Modules = Parameters<NonNullable<Reporter['onTestRunEnd']>>[0];

/**
 * The default report, and as its last line `N passed, N failed, N skipped`. A skipped test, and a run in which nothing ran, fail: both
 * look green and prove nothing.
 */
export default class extends DefaultReporter {
  override onTestRunEnd(...args: Parameters<DefaultReporter['onTestRunEnd']>): void {
    super.onTestRunEnd(...args);
    const [modules, errors] = args;
    const { passed, failed, skipped } = count(modules);
    if (failed > 0 || skipped > 0 || passed === 0 || errors.length > 0) process.exitCode = 1;
    // After vitest's own last words.
    const names = failures(modules).map((name) => `failed: ${name}\n`);
    process.once('exit', () =>
      process.stdout.write(`${names.join('')}${passed} passed, ${failed + errors.length} failed, ${skipped} skipped\n`),
    );
  }
}

/** One line each, with its reason: the end of a log is what is left of it, and a failure may not come again. */
function failures(modules: Modules): string[] {
  return modules.flatMap((module) => {
    const tests = [...module.children.allTests('failed')].map((test) => `${test.fullName}: ${reason(test.result().errors)}`);
    const names = tests.length === 0 && module.state() === 'failed' ? [`the file itself: ${reason(module.errors())}`] : tests;
    return names.map((name) => oneLine(`${module.relativeModuleId} > ${name}`));
  });
}

/** What the first error says, and what was there in place of what was expected, which the message may cut off. */
function reason(errors: readonly { readonly message: string; readonly actual?: unknown }[] | undefined): string {
  const [error] = errors ?? [];
  if (error === undefined) return 'no reason is known';
  const { message, actual } = error;
  return `${message}${typeof actual === 'string' && !message.includes(actual) ? `; there was ${actual}` : ''}`;
}
const oneLine = (text: string): string => stripVTControlCharacters(text).replaceAll(/\s+/g, ' ').slice(0, LONGEST);
/** Characters. */
const LONGEST = 1000;

function count(modules: Modules): { readonly passed: number; readonly failed: number; readonly skipped: number } {
  const totals = { passed: 0, failed: 0, skipped: 0 };
  for (const module of modules) {
    let own = 0;
    for (const test of module.children.allTests()) {
      const { state } = test.result();
      if (state === 'passed' || state === 'failed' || state === 'skipped') totals[state] += 1;
      if (state === 'failed') own += 1;
    }
    // A file that does not load, or whose hook throws, has no failed test to show for it.
    if (module.state() === 'failed' && own === 0) totals.failed += 1;
  }
  return totals;
}
