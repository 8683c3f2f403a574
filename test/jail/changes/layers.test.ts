import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { HostPath, JailPath } from '../../../src/model/names.ts';
import {
  applied,
  base,
  brief,
  collect,
  dir,
  FILES,
  fill,
  listing,
  mount,
  mounted,
  SECRET,
  sameForGit,
  setXattr,
  TARGET,
  unpacked,
  useWorkspace,
  workspace,
  work,
  write,
} from './fixture.ts';

useWorkspace();

describe('layers', () => {
  test('a plain directory is all added; a root layer has paths from /', async () => {
    fill(join(dir, 'plain'), { '.cache/x': 'x', '.bashrc': 'alias' });
    symlinkSync('/home/agent/.cache', join(dir, 'plain/inside'));
    symlinkSync('/etc', join(dir, 'plain/outside'));
    fill(base, { 'local/bin/tool': 't', 'bin/ls': 'ls' });
    mount();
    write('local/bin/tool', 'evil');
    const plain = join(dir, 'plain') as HostPath;
    const outcome = await collect([
      { ...workspace(), layer: 'root', target: '/usr' as JailPath },
      { layer: 'home', target: '/home/agent' as JailPath, upper: plain, lowers: [], merged: plain, swapped: null },
    ]);
    expect(outcome.lines.map(({ layer, op, path, flags }) => [layer, op, path, ...flags].join(' '))).toEqual([
      'home added .bashrc',
      'home added .cache noise',
      'home added .cache/x noise',
      'home added inside',
      'home added outside escaping-link',
      'root modified usr/local/bin/tool',
    ]);
    expect(outcome.patch.length).toBe(0);
    expect(outcome.changed).toBe(0);
    const names = execFileSync('tar', ['-tz'], { input: outcome.archive, encoding: 'utf8' }).trim().split('\n');
    expect(names).toEqual([
      'home/agent/.bashrc',
      'home/agent/.cache/',
      'home/agent/.cache/x',
      'home/agent/inside',
      'home/agent/outside',
      'usr/local/bin/tool',
    ]);
  });

  test('a mount inside a layer is not its content', async () => {
    fill(base, { 'sub/x': 'x' });
    mount();
    write('a', 'a');
    mkdirSync(join(work, 'mnt'));
    execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', join(work, 'sub')]);
    mounted.unshift(join(work, 'sub'));
    writeFileSync(join(work, 'sub/other'), 'o');
    expect(brief(await collect())).toEqual(['added a', 'added mnt']);
  });

  test('a layer that is gone is an error that says so', async () => {
    const missing = join(dir, 'missing') as HostPath;
    await expect(collect([{ ...workspace(), merged: missing }])).rejects.toThrow(`the layer of ${TARGET} is not there any more`);
  });

  test('errors never show a path that an agent made', async () => {
    const file = join(dir, `file-${SECRET}`);
    writeFileSync(file, 'x');
    await expect(collect([{ ...workspace(), merged: file as HostPath, upper: file as HostPath }])).rejects.toThrow(
      'the changes could not be collected: ENOTDIR (scandir)',
    );
  });
});

describe('the collector as it runs', () => {
  test('an ordinary uid with CAP_DAC_READ_SEARCH, through read-only mounts that follow no link', async () => {
    fill(base, { 'a/one': '1', 'a/two': '2', 'b/three': '3' });
    mount();
    write('a/one', 'changed', 0o600);
    setXattr(join(work, 'a/one'), 'user.note', Buffer.from('n'));
    renameSync(join(work, 'b'), join(work, 'c'));
    rmSync(join(work, 'a/two'));
    symlinkSync('/etc/shadow', join(work, 'link'));
    const direct = await collect();
    const script = `
      import { collectChanges } from ${JSON.stringify(new URL('../../../src/changes/collect.ts', import.meta.url).href)};
      import { openSync } from 'node:fs';
      const r = JSON.parse(process.argv[1]);
      const outputs = Object.fromEntries(${JSON.stringify(FILES)}.map((f) => [f, openSync(r.scratch + '/../' + f, 'wx')]));
      console.log(JSON.stringify(await collectChanges({ ...r, outputs })));`;
    const out = join(dir, 'out/unprivileged');
    mkdirSync(join(out, 'scratch'), { recursive: true });
    execFileSync('chown', ['-R', '61234:61234', out]);
    chmodSync(dir, 0o700);
    const seen: Record<string, string> = {};
    const places = { upper: 'own/upper', setup: 'setup', base: 'base', merged: 'merged' };
    for (const [name, place] of Object.entries(places)) {
      seen[name] = join(dir, `see-${name}`);
      mkdirSync(seen[name]);
      execFileSync('mount', ['--bind', join(dir, place), seen[name]]);
      mounted.unshift(seen[name]);
      execFileSync('mount', ['-o', 'remount,bind,ro,nosuid,nodev,noexec,nosymfollow', seen[name]]);
    }
    const request = {
      kind: 'changes',
      id: 'x',
      result: join(dir, 'none'),
      secrets: [],
      scratch: join(out, 'scratch'),
      layers: [{ ...workspace(), upper: seen.upper, lowers: [seen.setup, seen.base], merged: seen.merged }],
    };
    const caps = [
      '--reuid',
      '61234',
      '--regid',
      '61234',
      '--clear-groups',
      '--inh-caps',
      '-all,+dac_read_search',
      '--ambient-caps',
      '+dac_read_search',
      '--bounding-set',
      '-all,+dac_read_search',
      '--no-new-privs',
    ];
    const run = spawnSync('setpriv', [...caps, process.execPath, '--input-type=module', '-e', script, JSON.stringify(request)], {
      encoding: 'utf8',
      cwd: '/',
      env: { PATH: '/usr/bin:/bin' },
    });
    expect(run.stderr).toBe('');
    expect(JSON.parse(run.stdout)).toEqual({ changed: direct.changed, ignored: 0, withheld: 0, sessionsLeft: 0 });
    const lines = readFileSync(join(out, 'changes.ndjson'), 'utf8')
      .trim()
      .split('\n')
      .slice(1)
      .map((text) => JSON.parse(text));
    expect(lines).toEqual([...direct.lines, direct.footer]);
    expect(lines[0]).toMatchObject({ path: 'a/one', after: { xattrs: { 'user.note': 'bg==' } } });
    expect(lines.at(-1)).toMatchObject({ xattrs: true });
    expect(readFileSync(join(out, 'changes.patch'))).toEqual(direct.patch);
    expect(readFileSync(join(out, 'changes.tar.gz'))).toEqual(direct.archive);
  });

  test('2,000 changes in 5,000 files', async () => {
    for (let d = 0; d < 50; d += 1)
      fill(base, Object.fromEntries(Array.from({ length: 100 }, (_, f) => [`d${d}/f${f}`, `${d} ${f}\n`.repeat(200)])));
    mount();
    for (let i = 0; i < 1000; i += 1) write(`d${i % 50}/f${i % 89}`, `changed ${i}\n`);
    for (let i = 0; i < 500; i += 1) write(`d${i % 50}/new${i}`, `new ${i}\n`);
    for (let i = 0; i < 500; i += 1) rmSync(join(work, `d${i % 50}/f${90 + Math.floor(i / 50)}`));
    renameSync(join(work, 'd7'), join(work, 'moved'));
    const begin = performance.now();
    const outcome = await collect();
    console.log(`${outcome.lines.length} changes: ${Math.round(performance.now() - begin)} ms`);
    expect(sameForGit(applied(outcome), work)).toEqual({ status: 0, text: '' });
    expect(listing(unpacked(outcome))).toEqual(listing(work));
  });
});
