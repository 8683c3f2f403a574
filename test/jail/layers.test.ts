import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { inventory } from '../support/inventory.ts';
import { jailed, type Ran, repository, temporary } from '../support/jail.ts';
import { settled, snapshot } from '../support/machine.ts';

const LIMITS = 'limits: { disk: 64MiB, memory: 512MiB, time: 1m }\n';
const paths = (ran: Ran): string[] => ran.ndjson('changes.ndjson').map(({ op, path }) => `${String(op)} ${String(path)}`);
/** Tries a shell command and says whether it was done. */
const TRY = 'try() { if sh -c "$1" 2>/dev/null; then echo "done: $1"; else echo "refused: $1"; fi; }';

/** A mount of the host's that goes with the test; its place is the last argument. */
function mounted(...args: string[]): Disposable {
  execFileSync('mount', args);
  return { [Symbol.dispose]: () => execFileSync('umount', [args.at(-1) ?? '']) };
}

describe('a workspace', () => {
  test('keeps its absolute path, whatever its name', async () => {
    using place = temporary();
    const work = repository(place.path);
    const odd = join(place.path, `a, b:c\\d "e" 'f' %g é`);
    execFileSync('mv', [work, odd]);
    const ran = await jailed(place.path, 'pwd; cat a.txt; echo new > new.txt; git --no-optional-locks status --short', { cwd: odd });
    expect(ran.transcript, ran.stderr).toBe(`${odd}\none\ntwo\nthree\n?? new.txt\n`);
    expect([ran.code, paths(ran)]).toEqual([0, ['added new.txt']]);
  });

  test('is the directory itself, where it was entered by a link', async () => {
    using place = temporary();
    const work = repository(place.path);
    symlinkSync(work, join(place.path, 'link'));
    const ran = await jailed(place.path, 'pwd; ls -d ../*', { cwd: join(place.path, 'link') });
    expect(ran.transcript).toBe(`${realpathSync(work)}\n../work\n`);
  });

  test.each([0, 1001])('of uid %i is the agent’s; what is another’s in it stays that', async (uid) => {
    using place = temporary();
    const work = repository(place.path);
    execFileSync('chown', ['-R', `${uid}:${uid}`, work]);
    writeFileSync(join(work, 'theirs.txt'), 'theirs\n', { mode: 0o600 });
    chownSync(join(work, 'theirs.txt'), 4242, 4242);
    const before = inventory(work);
    const ran = await jailed(
      place.path,
      `${TRY}; stat -c '%U:%G' . a.txt; stat -c %u theirs.txt; try 'echo x >> a.txt'; try 'cat theirs.txt'; try 'git log -1 --format=%s'`,
    );
    expect(ran.transcript).toBe(
      'agent:agent\nagent:agent\n4242\ndone: echo x >> a.txt\nrefused: cat theirs.txt\nbase\ndone: git log -1 --format=%s\n',
    );
    const [change] = ran.ndjson('changes.ndjson') as { after: { uid: number; gid: number } }[];
    expect(change?.after).toMatchObject({ uid, gid: uid });
    expect(inventory(work)).toEqual(before);
  });

  test('that is read-only cannot be changed by anything; that is none is not there', async () => {
    using place = temporary();
    repository(place.path);
    const script = `${TRY}; try 'cat a.txt'; for t in 'echo x > n' 'echo x >> a.txt' 'rm a.txt' 'mv src s' 'chmod 700 src' 'touch a.txt' 'mkdir d'; do try "$t"; done`;
    const seen = await jailed(place.path, script, { policy: `${LIMITS}workspace: read-only\n` });
    const lines = seen.transcript.trim().split('\n');
    expect(lines.slice(0, 4)).toEqual(['one', 'two', 'three', 'done: cat a.txt']);
    expect(lines.slice(4)).toHaveLength(7);
    expect(lines.slice(4).every((line) => line.startsWith('refused: '))).toBe(true);
    expect([seen.code, paths(seen)]).toEqual([0, []]);

    const none = await jailed(place.path, `pwd; ls -A ${place.path} || echo not there`, { policy: `${LIMITS}workspace: none\n` });
    expect(none.transcript).toMatch(/^\/tmp\n.*\nnot there\n$/);
  });

  test('`hide`: what the patterns match is not there, by no name, and shows in no change; a new file may take its place', async () => {
    using place = temporary();
    const work = repository(place.path);
    for (const path of ['.env', 'deep/er/.env', 'secrets/a/b', 'src/key.pem', 'src/not-key.txt', 'a b.txt', 'keep/.env']) {
      mkdirSync(join(work, path, '..'), { recursive: true });
      writeFileSync(join(work, path), 'hidden\n');
    }
    symlinkSync('secrets/a', join(work, 'to-secrets'));
    const before = inventory(work);
    const ran = await jailed(
      place.path,
      'find . -path ./.git -prune -o -print | sort; grep -rs hidden . ; ls to-secrets/; echo mine > .env; cat .env',
      {
        policy: `${LIMITS}workspace: { hide: [.env, "!/keep/.env", /secrets, "*.pem", "a b.txt"] }\n`,
      },
    );
    const [list = '', said = ''] = ran.transcript.split('./to-secrets\n');
    expect(list.trim().split('\n')).toEqual(
      ['.', './.gitignore', './a.txt', './deep', './deep/er', './keep', './keep/.env', './src', './src/b.txt', './src/not-key.txt'],
    ); // biome-ignore format: a list
    expect(said).toMatch(/^\.\/(keep|src).*:hidden\n\.\/(keep|src).*:hidden\nls: .*No such file or directory\nmine\n$/);
    expect(paths(ran)).toEqual(['added .env']);
    expect(inventory(work)).toEqual(before);
  });

  test('what is mounted below it is seen as well, copied on write; a mounted file is refused', async () => {
    using place = temporary();
    const work = repository(place.path);
    mkdirSync(join(work, 'disk'));
    using disk = mounted('-t', 'tmpfs', '-o', 'mode=777', 'tmpfs', join(work, 'disk'));
    void disk;
    writeFileSync(join(work, 'disk/file'), 'on another disk\n');
    chmodSync(join(work, 'disk/file'), 0o666);
    const before = inventory(join(work, 'disk'));
    const machine = snapshot();
    const ran = await jailed(place.path, 'cat disk/file; echo more >> disk/file; echo 1 > disk/new; echo 2 > new; cat disk/file; ls disk', {
      policy: `${LIMITS}guards: { changes: { deny: [/disk/new] } }\n`,
    });
    expect(ran.transcript, ran.stderr).toBe('on another disk\non another disk\nmore\nfile\nnew\n');
    // Its paths are the workspace's, for people, guards and the patch.
    expect(paths(ran)).toEqual(['modified disk/file', 'added disk/new', 'added new']);
    expect([ran.code, ran.verdict.findings.map(({ what }) => what)]).toEqual([3, [['disk/new']]]);
    const patch = readFileSync(join(ran.out, 'changes.patch'), 'utf8');
    expect(patch.match(/^\+\+\+ .*$/gm)).toEqual(['+++ b/disk/file', '+++ b/disk/new', '+++ b/new']);
    expect(inventory(join(work, 'disk'))).toEqual(before);
    expect(await settled(machine)).toEqual([]);
    using file = mounted('--bind', join(work, '.gitignore'), join(work, 'a.txt'));
    void file;
    const refused = await jailed(place.path, 'echo ran');
    expect([refused.code, refused.transcript]).toEqual([70, '']);
    expect(refused.verdict.because).toContain(`a file is mounted at ${work}/a.txt`);
  });
});

describe('a mount', () => {
  test('inside the workspace, over a directory of it, and in another mount', async () => {
    using place = temporary();
    const work = repository(place.path);
    for (const name of ['one', 'two', 'one/below']) {
      mkdirSync(join(place.path, name), { recursive: true });
      writeFileSync(join(place.path, name, 'file'), `${name}\n`);
    }
    chmodSync(join(place.path, 'one'), 0o755);
    const before = [work, join(place.path, 'one'), join(place.path, 'two')].map((path) => inventory(path));
    const ran = await jailed(
      place.path,
      'cat src/file new/here/file src/below/file; ls -A src new; echo x > src/x; echo x > new/here/x && echo written',
      {
        policy: [
          LIMITS,
          `mounts: [{ source: ${place.path}/one, target: ${work}/src }, { source: ${place.path}/two, target: ${work}/new/here, access: copy-on-write },`,
          `  { source: ${place.path}/two, target: ${work}/src/below }]`,
        ].join('\n'),
      },
    );
    expect(ran.transcript).toMatch(/^one\ntwo\ntwo\nnew:\nhere\n\nsrc:\nbelow\nfile\nsh: .*Read-only file system\nwritten\n$/);
    expect(paths(ran)).toEqual([`added ${work.slice(1)}/new/here/x`]);
    expect([work, join(place.path, 'one'), join(place.path, 'two')].map((path) => inventory(path))).toEqual(before);
  });

  test.each([
    ['a link of the root', '/bin/here', 'bin is a link there'],
    ['a link of the workspace', 'WORK/link/here', 'link is a link there'],
    ['a file of the workspace', 'WORK/a.txt', 'a.txt is none there'],
    ['the home', '/home/agent', 'two things are to be at /home/agent'],
  ])('cannot be at %s', async (_, target, message) => {
    using place = temporary();
    const work = repository(place.path);
    const [source, outside] = [join(place.path, 'source'), join(place.path, 'outside')];
    for (const path of [source, join(outside, 'here')]) mkdirSync(path, { recursive: true });
    symlinkSync(outside, join(work, 'link'));
    const before = inventory(outside);
    const machine = snapshot();
    const ran = await jailed(place.path, 'echo ran', {
      policy: `${LIMITS}mounts: [{ source: ${source}, target: ${target.replace('WORK', work)}, access: copy-on-write }]\n`,
    });
    expect([ran.code, ran.transcript], ran.stderr).toEqual([70, '']);
    expect(ran.verdict.because).toContain(message);
    expect(inventory(outside)).toEqual(before);
    expect(await settled(machine)).toEqual([]);
  });

  test('cannot be what no jail sees, whatever leads there', async () => {
    using place = temporary();
    repository(place.path);
    symlinkSync('/run', join(place.path, 'to-run'));
    for (const source of ['/run', '/run/lock', '/var/lib/agent-jail', '/var/lib', join(place.path, 'to-run')]) {
      const ran = await jailed(place.path, 'echo ran', { policy: `${LIMITS}mounts: [${source}]\n` });
      expect([source, ran.code === 2 || ran.code === 70, ran.transcript], ran.stderr).toEqual([source, true, '']);
      expect(ran.stderr).toContain(source);
    }
  });
});
