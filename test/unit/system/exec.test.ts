import { describe, expect, it } from 'vitest';
import { CLEAN_ENV, exec, execBytes, failure } from '../../../src/system/exec.ts';

describe('exec', () => {
  it('gives code, output without its last line break, and nothing of this environment', async () => {
    process.env['AJ_NOT_FOR_CHILDREN'] = 'x';
    const result = await exec(['sh', '-c', 'env; echo " said" >&2; exit 3']);
    delete process.env['AJ_NOT_FOR_CHILDREN'];
    expect(result).toMatchObject({ code: 3, signal: null, stderr: ' said', missing: false, timedOut: false });
    const names = result.stdout.split('\n').map((line) => line.split('=')[0] ?? '');
    // What a shell sets by itself.
    expect(new Set(names.filter((name) => !['PWD', '_', 'SHLVL', 'OLDPWD'].includes(name)))).toEqual(new Set(Object.keys(CLEAN_ENV)));
  });

  it('gives the program its input, or none', async () => {
    expect((await exec(['cat'], { input: 'a\nb\n\n' })).stdout).toBe('a\nb\n');
    expect(await exec(['cat'])).toMatchObject({ code: 0, stdout: '' });
    expect(await exec(['true'], { input: 'x'.repeat(1 << 20) })).toMatchObject({ code: 0 });
  });

  it('says that a program is not there', async () => {
    const result = await exec(['no-such-program']);
    expect(result).toMatchObject({ code: null, missing: true, timedOut: false });
    expect(failure(['no-such-program'], result)).toBe('no-such-program is not there');
  });

  it('kills what takes too long', async () => {
    const result = await exec(['sh', '-c', 'trap "" TERM; exec sleep 20'], { timeout: 100 });
    expect(result).toMatchObject({ code: null, signal: 'SIGKILL', timedOut: true });
    expect(failure(['sh'], result)).toBe('sh did not end in time');
  });

  it('kills what prints too much, and what it printed is never taken for all', async () => {
    const result = await exec(['sh', '-c', 'yes'], { maxBuffer: 1000 });
    expect(result).toMatchObject({ code: null, timedOut: false });
  });

  it('tells of a signal', async () => {
    const result = await exec(['sh', '-c', 'kill -TERM $$']);
    expect(result).toMatchObject({ code: null, signal: 'SIGTERM', timedOut: false });
    expect(failure(['sh'], result)).toBe('sh ended with SIGTERM');
  });

  it('keeps bytes as they are', async () => {
    expect((await execBytes(['printf', '\\377\\n'])).stdout).toEqual(Buffer.from([0xff, 10]));
  });
});
