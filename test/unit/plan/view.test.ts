import { describe, expect, test } from 'vitest';
import type { HostPath, JailPath } from '../../../src/model/names.ts';
import { enclosing, type Found, planView, type ViewWish, within } from '../../../src/plan/view.ts';

const found = (uid: number, submounts: Found['submounts'] = []): Found => ({ owner: { uid, gid: uid }, mode: 0o755, submounts });
const wish = (change: Partial<ViewWish> = {}, more: [string, Found][] = []): ViewWish => ({
  tree: null,
  ownRoot: false,
  paths: ['/usr', '/opt'] as HostPath[],
  workspace: { path: '/opt/work' as HostPath, access: 'copy-on-write' },
  mounts: [],
  home: '/home/agent' as JailPath,
  agent: { uid: 61001, gid: 61001 },
  caller: { uid: 1001, gid: 1001 },
  idmap: true,
  found: new Map<HostPath, Found>([
    ['/usr' as HostPath, found(0)],
    ['/opt' as HostPath, found(1001)],
    ['/opt/work' as HostPath, found(1001)],
    ...more.map(([path, f]) => [path as HostPath, f] as const),
  ]),
  ...change,
});

describe('planView', () => {
  test('parents before children, the workspace the agent’s, the system root’s', () => {
    const plans = planView(wish());
    expect(plans.map((p) => p.target)).toEqual(['/', '/home/agent', '/opt', '/opt/work', '/usr']);
    const at = Object.fromEntries(plans.map((p) => [p.target, p]));
    expect(at['/usr']?.swap).toBeNull();
    expect(at['/usr']?.owner.uid).toBe(0);
    expect(at['/opt/work']).toMatchObject({ layer: 'workspace', swap: { uid: 1001 }, owner: { uid: 61001 } });
    expect(at['/opt']?.swap).toEqual({ uid: 1001, gid: 1001 }); // the caller's tool cache
    expect(new Set(plans.map((p) => p.key)).size).toBe(plans.length);
  });
  test('a workspace of root is swapped too; what is root’s elsewhere is not', () => {
    const root = wish({ workspace: { path: '/srv/w' as HostPath, access: 'read-only' }, caller: { uid: 0, gid: 0 } }, [
      ['/srv/w', found(0)],
    ]);
    const at = Object.fromEntries(planView(root).map((p) => [p.target, p]));
    expect(at['/srv/w']).toMatchObject({ swap: { uid: 0, gid: 0 }, owner: { uid: 61001, gid: 61001 }, access: 'read-only' });
    expect(at['/opt']?.swap).toBeNull();
  });
  test('the root of an image can be the agent’s; the machine’s own cannot', () => {
    const top = (change: Partial<ViewWish>) => planView(wish({ ownRoot: true, paths: [], ...change }))[0];
    expect(top({ tree: '/images/x' as HostPath })).toMatchObject({
      target: '/',
      swap: { uid: 0, gid: 0 },
      owner: { uid: 61001, gid: 61001 },
    });
    expect(top({ tree: '/images/x' as HostPath, ownRoot: false })).toMatchObject({ swap: null, owner: { uid: 0, gid: 0 } });
    expect(top({})).toMatchObject({ swap: null, owner: { uid: 0, gid: 0 } });
  });
  test('without id maps nothing is swapped', () => {
    expect(planView(wish({ idmap: false })).every((p) => p.swap === null)).toBe(true);
  });
  test('a mount below a listed directory is an overlay of its own, at its place', () => {
    const mount = { source: '/data' as HostPath, target: '/d' as JailPath, access: 'read-only' as const };
    const plans = planView(
      wish({ mounts: [mount] }, [
        ['/data', found(5, [{ target: '/data/disk' as HostPath, directory: true }])],
        ['/data/disk', found(5)],
      ]),
    );
    expect(plans.find((p) => p.target === '/d/disk')).toMatchObject({ lower: '/data/disk', access: 'read-only' });
  });
  test('a file mount is refused by name', () => {
    const file = [{ target: '/opt/work/secret' as HostPath, directory: false }];
    expect(() => planView(wish({}, [['/opt/work', found(1001, file)]]))).toThrow('a file is mounted at /opt/work/secret');
  });
  test('two things at one place are refused', () => {
    const mount = { source: '/opt' as HostPath, target: '/usr' as JailPath, access: 'read-only' as const };
    expect(() => planView(wish({ mounts: [mount] }))).toThrow('two things are to be at /usr');
  });
});

test('enclosing finds the overlay that shows a path', () => {
  const plans = planView(wish());
  expect(enclosing(plans, '/opt/work').target).toBe('/opt');
  expect(enclosing(plans, '/opt/work/x/y').target).toBe('/opt/work');
  expect(enclosing(plans, '/etc/passwd').target).toBe('/');
});
test('within is by path components', () => {
  expect(within('/a/b', '/a')).toBe(true);
  expect(within('/ab', '/a')).toBe(false);
  expect(within('/a', '/')).toBe(true);
});
