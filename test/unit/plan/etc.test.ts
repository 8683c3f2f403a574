import { globSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { JailPath } from '../../../src/model/names.ts';
import { ETC_ALLOWED, etcFiles } from '../../../src/plan/etc.ts';

const files = etcFiles({ name: 'agent', uid: 61001, gid: 61001, home: '/home/agent' as JailPath }, 'jail-0abc');

test('names are relative, without blanks and dots that lead away, and none stands twice', () => {
  expect(ETC_ALLOWED.filter((name) => !/^[\w.*-]+(?:\/[\w.*-]+)*$/.test(name) || name.includes('..'))).toEqual([]);
  expect(new Set(ETC_ALLOWED).size).toBe(ETC_ALLOWED.length);
});

test('a file that is made is never copied first: writing to it would follow a link of the host', () => {
  for (const name of Object.keys(files))
    expect(
      ETC_ALLOWED.filter((allowed) => new RegExp(`^${allowed.replaceAll('.', '\\.').replaceAll('*', '.*')}(?:/|$)`).test(name)),
    ).toEqual([]);
});

const ANYWHERE = [
  'shadow',
  'gshadow',
  'sudoers',
  'sudoers.d/x',
  'ssh/ssh_host_ed25519_key',
  'ssl/private/key.pem',
  'pki/tls/private/key.pem',
  'gitconfig',
  'npmrc',
  'pip.conf',
  'environment',
  'profile',
  'apt/auth.conf.d/x',
  'docker/daemon.json',
  'maven/settings.xml',
  'NetworkManager/x',
  'krb5.keytab',
  'wgetrc',
  'machine-id',
  'letsencrypt/live/x',
];
test.each(ANYWHERE)('/etc/%s is not among them', (path) => {
  const parents = path.split('/').map((_, index, parts) => parts.slice(0, index + 1).join('/'));
  const matches = (glob: string) => new RegExp(`^${glob.replaceAll('.', '\\.').replaceAll('*', '[^/]*')}$`);
  expect(ETC_ALLOWED.filter((glob) => parents.some((parent) => matches(glob).test(parent)))).toEqual([]);
});

test('on this machine it holds what programs need', () => {
  const here = globSync([...ETC_ALLOWED], { cwd: '/etc' });
  for (const name of ['alternatives', 'ssl/certs', 'ld.so.cache', 'os-release']) expect(here).toContain(name);
});

test('the made files', () => {
  expect(files['passwd']).toBe(
    'root:x:0:0:root:/root:/usr/sbin/nologin\nagent:x:61001:61001:agent:/home/agent:/bin/sh\nnobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n',
  );
  expect(files['group']).toBe('root:x:0:\nagent:x:61001:\nnogroup:x:65534:\n');
  expect(files['hosts']).toBe('127.0.0.1 localhost jail-0abc\n::1 ip6-localhost ip6-loopback\n');
  expect(files['resolv.conf']).toBe('nameserver 127.0.0.1\noptions timeout:2 attempts:2\n');
  expect(files['hostname']).toBe('jail-0abc\n');
  expect(files['machine-id']).toBe('');
  expect(files['nsswitch.conf']).toMatch(/^passwd: files$[^]*^hosts: files dns$/m);
  expect(files['nsswitch.conf']).not.toMatch(/systemd|sss|ldap|nis|mymachines|resolve/);
});
