import { describe, expect, test } from 'vitest';
import type { RunRequest } from '../../../src/model/protocol.ts';
import { parsePolicy } from '../../../src/policy/parse.ts';
import { contained } from '../../../src/system/contained.ts';
import { type Platform, platformOf } from '../../../src/system/platform.ts';
import { atEngine, refusedElsewhere } from '../../../src/run/elsewhere.ts';
import { whyElsewhere } from '../../../src/run/why-elsewhere.ts';

const tls = { ca: 'CA', cert: 'CERT', key: 'KEY' };
const request = (policy: string, more: object = {}): RunRequest =>
  ({
    policy: parsePolicy(policy, 'p.yml'),
    workspace: '/w',
    restore: null,
    record: '/w/.agent-jail/1',
    caller: { uid: 1000, gid: 1000 },
    backend: 'docker',
    steps: [{ setup: false, cwd: '/w/src' }],
    covers: [],
    engine: { ok: true, host: 'tcp://far:2376', from: 'DOCKER_HOST', tls },
    surroundings: {
      path: ['/opt/node/bin'],
      home: '/home/me',
      toolchain: { JAVA_HOME: '/x' },
      forbidden: ['/tmp/r', '/w/f'],
      hidden: ['/w/h', '/e'],
    },
    ...more,
  }) as unknown as RunRequest;

describe('the request at an engine elsewhere', () => {
  const policy = `mounts: [/data, { source: /w, target: /again }]
jail: { root: { archive: /roots/r.tar } }`;
  const at = atEngine(request(policy, { restore: { archive: '/old/changes.tar.gz', sha256: 'x', layers: [] } }), 'it is far');
  test('has everything at its own path', () => {
    expect(at.trees).toEqual([
      { from: '/w', only: null, to: '/w' },
      { from: '/data', only: null, to: '/data' },
      { from: '/roots', only: 'r.tar', to: '/roots' },
      { from: '/old', only: 'changes.tar.gz', to: '/old' },
    ]);
    expect(at.request.policy).toEqual(request(policy).policy);
  });
  test('has nothing of this machine but what is sent, and no key', () => {
    expect(at.request.surroundings).toEqual({ path: [], home: '/home/me', toolchain: {}, forbidden: ['/w/f'], hidden: ['/w/h'] });
    expect(at.request).toMatchObject({ backend: 'nspawn', elsewhere: 'it is far', caller: { uid: 0, gid: 0 } });
    expect(JSON.stringify(at.request)).not.toContain('KEY');
    expect(at.request.record.startsWith('/w')).toBe(false);
  });
  test('has a root that is a directory', () => {
    expect(atEngine(request('jail: { root: { directory: /r } }'), '').trees.at(-1)).toEqual({ from: '/r', only: null, to: '/r' });
  });
});

test.each([
  ['version: 1', null],
  ['setup: { network: { services: { db: 1 } } }', null], // no step uses it
  ['network: { services: { db: 1, web: 2 } }', /services are of this machine's loopback.*: db, web/],
  ['jail: { docker: { runtime: crun } }', /runtime is for an engine of this machine/],
  ['jail: { root: { image: a } }', null],
])('what %s asks for cannot be had elsewhere: %s', (policy, why) => {
  const refused = refusedElsewhere(request(policy));
  if (why === null) expect(refused).toBeNull();
  else expect(refused).toMatch(why);
});

describe('from Windows', () => {
  const windows = platformOf('win32') as Platform;
  const from = (policy: string, more: object = {}) =>
    atEngine(
      request(policy, {
        workspace: 'D:/a/repo',
        steps: [
          { setup: false, cwd: 'D:/a/repo/src' },
          { setup: false, cwd: null },
        ],
        covers: [{ path: 'D:/a/repo/.git/config', content: 'x' }],
        restore: { archive: 'C:/old/changes.tar.gz', sha256: 'x', layers: [] },
        surroundings: { path: [], home: '//server/me', toolchain: {}, forbidden: ['D:/a/repo/f', 'D:/a/_temp'], hidden: ['D:/a/repo/h'] },
        ...more,
      }),
      'this machine is Windows',
      windows,
    );
  test('everything has its place below the letter of its drive', () => {
    const { trees, request: far } = from('mounts: [{ source: /d/data, target: /data }]\njail: { root: { archive: /c/roots/r.tar } }');
    expect(trees).toEqual([
      { from: 'D:/a/repo', only: null, to: '/d/a/repo' },
      { from: 'D:/data', only: null, to: '/d/data' },
      { from: 'C:/roots', only: 'r.tar', to: '/c/roots' },
      { from: 'C:/old', only: 'changes.tar.gz', to: '/c/old' },
    ]);
    expect(far).toMatchObject({ workspace: '/d/a/repo', restore: { archive: '/c/old/changes.tar.gz' } });
    expect(far.steps.map(({ cwd }) => cwd)).toEqual(['/d/a/repo/src', null]);
    expect(far.covers).toEqual([{ path: '/d/a/repo/.git/config', content: 'x' }]);
    expect(far.surroundings).toMatchObject({ home: '/root', forbidden: ['/d/a/repo/f'], hidden: ['/d/a/repo/h'] });
    expect(JSON.stringify({ ...far, source: null })).not.toMatch(/[A-Z]:[/\\]/);
  });
  test.each([
    ['jail: { root: { directory: /roots } }', {}, /"\/roots" is not on this machine: on Windows a policy names/],
    ['version: 1', { workspace: '//server/share/repo' }, /"\/\/server\/share\/repo" has no place in a jail/],
  ])('what has none is refused: %s %o', (policy, more, why) => {
    expect(() => from(policy, more)).toThrow(why);
  });
});

describe('the layers have to be elsewhere', () => {
  const choice = (host: string) => ({ ok: true, host, from: 'DOCKER_HOST', tls: null }) as const;
  test('for an engine over a network, or over a pipe of Windows', async () => {
    expect(await whyElsewhere(choice('tcp://far:2376'), null)).toBe('the engine is at tcp://far:2376');
    expect(await whyElsewhere(choice('npipe:////./pipe/docker_engine'), null)).toContain('npipe');
  });
  test('for a job that runs in a container, whatever its engine is', async () => {
    expect(await whyElsewhere(choice('unix:///nonexistent'), 'this job runs in a container')).toBe(
      'this job runs in a container, and the engine is not',
    );
  });
  test.each([
    ['darwin', 'this machine is macOS'],
    ['win32', 'this machine is Windows'],
  ])('for %s, whatever its engine is', async (name, why) => {
    expect(await whyElsewhere(choice('unix:///nonexistent'), null, platformOf(name) as Platform)).toBe(why);
    expect(await whyElsewhere({ ok: false, message: '', remedy: '' }, null, platformOf(name) as Platform)).toBe(why);
  });
  test('not for a socket of this machine, nor where it is not known', async () => {
    expect(await whyElsewhere(choice('unix:///nonexistent'), null)).toBeNull();
    expect(await whyElsewhere({ ok: false, message: '', remedy: '' }, 'x')).toBeNull();
  });
});

test.each([
  ['/__e/node24/bin/node', {}, 'this job runs in a container'],
  ['/usr/bin/node', { GITHUB_WORKSPACE: '/__w/r/r' }, 'this job runs in a container'],
  ['/usr/bin/node', { KUBERNETES_SERVICE_HOST: '10.0.0.1' }, 'this runner is in a pod of Kubernetes'],
  ['/usr/bin/node', { GITHUB_WORKSPACE: '/home/runner/work/r/r', KUBERNETES_SERVICE_HOST: '' }, null],
])('a process of %s with %o is contained: %s', (execPath, env, why) => {
  expect(contained(execPath, env)).toBe(why);
});
