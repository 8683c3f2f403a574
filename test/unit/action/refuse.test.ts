import { describe, expect, it } from 'vitest';
import { refuse } from '../../../src/action/refuse.ts';
import { JailError, UserError } from '../../../src/model/errors.ts';

const fine = {
  platform: 'linux',
  arch: 'x64',
  execPath: '/home/runner/actions-runner/externals/node24/bin/node',
  env: { GITHUB_WORKSPACE: '/home/runner/work/r/r', RUNNER_TEMP: '/home/runner/work/_temp' },
  engine: false,
};

describe('refuse', () => {
  it('lets a Linux runner through', () => {
    expect(() => refuse(fine)).not.toThrow();
    expect(() => refuse({ ...fine, arch: 'arm64' })).not.toThrow();
  });

  it('lets other machines through whose engine may have the jail', () => {
    const env = { GITHUB_WORKSPACE: 'D:\\a\\r\\r', RUNNER_TEMP: 'D:\\a\\_temp' };
    expect(() => refuse({ ...fine, platform: 'win32', execPath: 'C:\\actions\\node.exe', env })).not.toThrow();
    expect(() => refuse({ ...fine, platform: 'darwin', arch: 'arm64' })).not.toThrow();
  });

  it('lets a job container through that has an engine', () => {
    expect(() => refuse({ ...fine, execPath: '/__e/node24/bin/node', engine: true })).not.toThrow();
  });

  it.each([
    [{ platform: 'freebsd' }, JailError, /needs Linux, and this runner is freebsd/],
    [{ platform: 'win32' }, UserError, /GITHUB_WORKSPACE is not set/],
    [{ arch: 'arm' }, JailError, /not made for arm/],
    [{ execPath: '/__e/node24/bin/node' }, JailError, /runs in a container/],
    [{ env: { ...fine.env, GITHUB_WORKSPACE: '/__w/r/r' } }, JailError, /runs in a container/],
    [{ env: { RUNNER_TEMP: '/t' } }, UserError, /GITHUB_WORKSPACE is not set/],
    [{ env: { GITHUB_WORKSPACE: '/w' } }, UserError, /RUNNER_TEMP is not set/],
  ])('refuses %j', (difference, kind, message) => {
    const attempt = (): void => refuse({ ...fine, ...difference });
    expect(attempt).toThrow(kind);
    expect(attempt).toThrow(message);
  });

  it('says what to do', () => {
    const remedy = (difference: object): string => {
      try {
        refuse({ ...fine, ...difference });
      } catch (error) {
        return error instanceof JailError ? error.remedy : '';
      }
      return '';
    };
    expect(remedy({ platform: 'freebsd' })).toContain('ubuntu-latest');
    const inContainer = remedy({ execPath: '/__e/node24/bin/node' });
    for (const way of ['`container:`', '/var/run/docker.sock', 'containerMode: dind']) expect(inContainer).toContain(way);
  });
});
