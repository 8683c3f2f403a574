import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, test, vi } from 'vitest';
import {
  base,
  brief,
  collect,
  dir,
  fill,
  getXattr as get,
  line,
  mount,
  setXattr as set,
  TARGET,
  useWorkspace,
  work,
  write,
} from './fixture.ts';

useWorkspace();

/** cap_net_raw=ep (linux/capability.h, version 2). */
const CAPABILITY = Buffer.from('0100000200200000000000000000000000000000', 'hex');
/** user::rw-, user:1234:rw-, group::r--, mask::rw-, other::r-- (linux/posix_acl_xattr.h). */
const ACL = Buffer.from('0200000001000600ffffffff02000600d204000004000400ffffffff10000600ffffffff20000400ffffffff', 'hex');

test('attributes, ACLs and capabilities: before and after, alone a change of metadata, in the archive', async () => {
  fill(base, { plain: 'p', had: 'h', tool: 't', shared: 's', 'dir/x': 'x' });
  set(join(base, 'had'), 'user.note', Buffer.from('old'));
  mount();
  set(join(work, 'plain'), 'user.note', Buffer.from('new\0\n'));
  set(join(work, 'had'), 'user.note', Buffer.from('new'));
  set(join(work, 'tool'), 'security.capability', CAPABILITY);
  set(join(work, 'shared'), 'system.posix_acl_access', ACL);
  set(join(work, 'dir'), 'user.dir', Buffer.from('d'));
  write('fresh', 'f');
  set(join(work, 'fresh'), 'user.note', Buffer.from('f'));
  const outcome = await collect();
  expect(brief(outcome)).toEqual(['metadata dir', 'added fresh', 'metadata had', 'metadata plain', 'metadata shared', 'metadata tool']);
  const base64 = (text: string): string => Buffer.from(text).toString('base64');
  expect(line(outcome, 'plain').after).toMatchObject({ xattrs: { 'user.note': base64('new\0\n') } });
  expect(line(outcome, 'plain').before).not.toHaveProperty('xattrs');
  expect(line(outcome, 'had')).toMatchObject({
    before: { xattrs: { 'user.note': base64('old') } },
    after: { xattrs: { 'user.note': base64('new') } },
  });
  expect(line(outcome, 'shared').after).toMatchObject({ xattrs: { 'system.posix_acl_access': ACL.toString('base64') } });
  expect(line(outcome, 'tool')).toMatchObject({
    flags: ['setuid'],
    after: { xattrs: { 'security.capability': CAPABILITY.toString('base64') } },
  });
  expect(outcome.footer).toMatchObject({ xattrs: true });
  // GNU tar's word on the archive.
  const [layer, root] = [join(dir, 'layer.tar'), join(dir, 'out/root')];
  writeFileSync(layer, gunzipSync(outcome.archive));
  mkdirSync(root);
  execFileSync('tar', ['--xattrs', '--xattrs-include=*', '-xpf', layer, '-C', root]);
  const there: [string, string][] = [
    ['plain', 'user.note'],
    ['had', 'user.note'],
    ['dir', 'user.dir'],
    ['fresh', 'user.note'],
    ['tool', 'security.capability'],
    ['shared', 'system.posix_acl_access'],
  ];
  for (const [path, name] of there) expect([path, get(join(root, TARGET, path), name)]).toEqual([path, get(join(work, path), name)]);
  expect(get(join(root, TARGET, 'tool'), 'security.capability')).toBe(CAPABILITY.toString('hex'));
});

test('what is not ours to tell is not told; the same attributes are no change', async () => {
  fill(base, { a: 'a', b: 'b' });
  set(join(base, 'a'), 'user.note', Buffer.from('same'));
  set(join(base, 'b'), 'trusted.note', Buffer.from('of the host'));
  mount();
  write('a', 'a');
  chmodSync(join(work, 'b'), 0o755);
  const outcome = await collect();
  expect(brief(outcome)).toEqual(['metadata b']);
  expect(line(outcome, 'b').after).not.toHaveProperty('xattrs');
});

test('where they cannot be read the record says so, and has the rest', async () => {
  fill(base, { a: 'a' });
  mount();
  chmodSync(join(work, 'a'), 0o755);
  const bin = join(dir, 'bin');
  mkdirSync(bin);
  execFileSync('ln', ['-s', execFileSync('which', ['git'], { encoding: 'utf8' }).trim(), join(bin, 'git')]);
  vi.stubEnv('PATH', bin);
  try {
    const outcome = await collect();
    expect(outcome.footer).toMatchObject({ xattrs: false });
    expect(brief(outcome)).toEqual(['metadata a']);
  } finally {
    vi.unstubAllEnvs();
  }
});
