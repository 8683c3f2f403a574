import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Ran } from '../../support/jail.ts';
import { type Bench, type Case, shows } from './bench.ts';

const TOUCH = 'echo new > new.txt && echo written; cat a.txt; true';

/** How the workspace is seen, in the short form and the long one. */
function workspace(policy: (access: string) => string, prefix: string): Case[] {
  return [
    shows(`${prefix}=copy-on-write`, async (on) => {
      const ran = await on.run(policy('copy-on-write'), TOUCH);
      expect(ran.transcript).toBe('written\none\ntwo\nthree\n');
      expect(paths(ran)).toEqual(['new.txt']);
    }),
    shows(`${prefix}=read-only`, async (on) => {
      const ran = await on.run(policy('read-only'), TOUCH);
      expect(ran.transcript).toMatch(/Read-only file system\none\ntwo\nthree\n$/);
      expect(paths(ran)).toEqual([]);
    }),
    shows(`${prefix}=none`, async (on) => {
      const ran = await on.run(policy('none'), `ls -d ${on.work} || pwd`);
      expect(ran.transcript).toMatch(/No such file or directory\n\/tmp\n$/);
    }),
  ];
}
const paths = (ran: Ran): string[] => ran.ndjson('changes.ndjson').map(({ path }) => String(path));

/** A directory of the machine with a file in it. */
function shared(on: Bench): string {
  const path = join(on.place, 'shared');
  mkdirSync(path, { recursive: true });
  writeFileSync(join(path, 'file'), 'shared\n');
  return path;
}
const USE = (path: string): string => `cat ${path}/file; echo x > ${path}/made && echo written; true`;

export const VIEW: readonly Case[] = [
  ...workspace((access) => `workspace: ${access}`, 'workspace'),
  ...workspace((access) => `workspace: { access: ${access} }`, 'workspace.access'),
  shows('workspace.hide[]', async (on) => {
    expect(await on.says('workspace: { hide: [] }', 'ls; ls src')).toBe('a.txt\nsrc\nb.txt\n');
    const ran = await on.run('workspace: { hide: ["*.txt", "!a.txt"] }', 'ls; ls src; cat src/b.txt');
    expect(ran.transcript).toMatch(/^a\.txt\nsrc\ncat: .*No such file/);
    expect(paths(ran)).toEqual([]);
  }),
  shows('mounts[]', async (on) => {
    const path = shared(on);
    expect(await on.says('mounts: []', `cat ${path}/file || true`)).toMatch(/No such file/);
    expect(await on.says(`mounts: [${path}]`, USE(path))).toMatch(/^shared\n.*Read-only file system\n$/);
  }),
  shows(['mounts[].source', 'mounts[].target'], async (on) => {
    const path = shared(on);
    expect(await on.says(`mounts: [{ source: ${path} }]`, `cat ${path}/file`)).toBe('shared\n');
    const moved = await on.says(`mounts: [{ source: ${path}, target: /srv/there }]`, `cat /srv/there/file; ls ${path} || true`);
    expect(moved).toMatch(/^shared\n.*No such file/);
  }),
  shows(['mounts[].access=read-only', 'mounts[].access=copy-on-write'], async (on) => {
    const path = shared(on);
    const mount = (access: string): string => `mounts: [{ source: ${path}, access: ${access} }]`;
    expect(await on.says(mount('read-only'), USE(path))).toMatch(/^shared\n.*Read-only file system\n$/);
    const ran = await on.run(mount('copy-on-write'), USE(path));
    expect(ran.transcript).toBe('shared\nwritten\n');
    expect(paths(ran)).toEqual([`${path.slice(1)}/made`]);
  }),
  shows('env.NAME', async (on) => {
    expect(await on.says('env: {}', 'echo "[$GREETING]"')).toBe('[]\n');
    expect(await on.says("env: { GREETING: 'hello  $HOME' }", 'echo "[$GREETING]"')).toBe('[hello  $HOME]\n');
  }),
  shows('pass-env[]', async (on) => {
    const env = { GREETING: 'from outside', OTHER: 'not passed' };
    expect(await on.says('pass-env: []', 'echo "[$GREETING$OTHER]"', { env })).toBe('[]\n');
    expect(await on.says('pass-env: [GREETING]', 'echo "[$GREETING$OTHER]"', { env })).toBe('[from outside]\n');
  }),
  shows('secrets.NAME=expose', async (on) => {
    const env = { TOKEN: 'the-value-of-it' };
    const script = 'test "$TOKEN" = the-value-of""-it && echo there; echo "[$TOKEN]"';
    expect(await on.says('secrets: {}', `${script}; true`, { env })).toBe('[]\n');
    expect(await on.says('secrets: { TOKEN: expose }', script, { env })).toBe('there\n[[redacted TOKEN]]\n');
  }),
];
