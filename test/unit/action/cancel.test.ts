import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const module = new URL('../../../src/action/cancel.ts', import.meta.url).href;

/** A process of its own, because the test's must not get the signals. */
async function signalled(...signals: string[]): Promise<{ code: number; stdout: string }> {
  const send = signals.map((name) => `process.kill(process.pid, '${name}'); await wait(50);`).join('\n');
  const script = `
    import { setTimeout as wait } from 'node:timers/promises';
    import { watchSignals } from '${module}';
    const cancel = watchSignals((code) => process.exit(code));
    console.log(cancel.signal.aborted, cancel.left());
    ${send}
    console.log(cancel.signal.aborted, cancel.signal.reason?.message, cancel.left() > 6000 && cancel.left() < 7100);`;
  return await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script]).then(
    ({ stdout }) => ({ code: 0, stdout }),
    (error: { code: number; stdout: string }) => ({ code: error.code, stdout: error.stdout }),
  );
}

describe('watchSignals', () => {
  it('turns the first signal into an abort with its name, and counts the time that is left', async () => {
    expect(await signalled('SIGINT')).toEqual({ code: 0, stdout: 'false Infinity\ntrue SIGINT true\n' });
  });

  it('exits 130 at the second one', async () => {
    expect(await signalled('SIGINT', 'SIGTERM')).toEqual({ code: 130, stdout: 'false Infinity\n' });
  });
});
