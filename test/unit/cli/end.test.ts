import { execFile } from 'node:child_process';
import { describe, expect, it } from 'vitest';

const END = new URL('../../../src/cli/end.ts', import.meta.url).href;

/** A process that does this, and then `end`s with 3; what it prints where Node lets it end by itself. */
function ended(first: string): Promise<{ code: unknown; said: string }> {
  const script = `process.once('beforeExit', () => console.log('by itself')); ${first}; (await import('${END}')).end(3)`;
  return new Promise((resolve) => {
    execFile(process.execPath, ['--input-type=module', '--eval', script], (error, said) => resolve({ code: error?.code ?? 0, said }));
  });
}

describe('a process that has nothing to do any more', () => {
  // `process.exit` may never end where V8 is compiling in other threads.
  it('ends by itself', async () => {
    expect(await ended('console.log("done")')).toMatchObject({ code: 3, said: 'done\nby itself\n' });
  });

  it('prints all of what it has said before', async () => {
    const { code, said } = await ended('process.stdout.write("x".repeat(5e5))');
    expect([code, said]).toEqual([3, `${'x'.repeat(5e5)}by itself\n`]);
  });

  it.each([
    ['a timer', 'setTimeout(() => console.log("late"), 60_000)'],
    ['a child', "(await import('node:child_process')).spawn('sleep', ['2'])"],
    ['a server', "(await import('node:net')).createServer().listen(0, '127.0.0.1')"],
  ])('does not wait for %s that is left', async (_, first) => {
    expect(await ended(first)).toEqual({ code: 3, said: '' });
  });
});
