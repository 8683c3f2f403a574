import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { HOSTILE_CHANGES } from '../support/hostile-changes.ts';
import { cli, git, jailed, temporary } from '../support/jail.ts';

// What a real jailed agent leaves, hostile or not, and what `apply` makes of it on the host (REDTEAM D3, D7).

let place: ReturnType<typeof temporary>;
let base: string;
/** A file that code of the agent's makes, should it ever run here. */
let ran: string;

beforeAll(() => {
  place = temporary();
  base = join(place.path, 'base');
  ran = join(place.path, 'ran');
  writeFileSync(join(place.path, 'policy.yml'), POLICY);
  mkdirSync(join(base, 'src'), { recursive: true });
  writeFileSync(join(base, 'package.json'), '{ "name": "p", "version": "1.0.0" }\n');
  writeFileSync(
    join(base, 'package-lock.json'),
    '{ "name": "p", "version": "1.0.0", "lockfileVersion": 3, "packages": { "": { "name": "p", "version": "1.0.0" } } }\n',
  );
  writeFileSync(join(base, 'a.txt'), 'one\n');
  writeFileSync(join(base, 'src/b.txt'), 'b\n');
  writeFileSync(join(base, '.gitignore'), 'node_modules/\n');
  chmodSync(base, 0o755);
  git(base, 'init', '--quiet', '--initial-branch=main');
  commit(base);
});
afterAll(() => place[Symbol.dispose]());

const identity = ['-c', 'user.name=t', '-c', 'user.email=t@example.com'];
const commit = (top: string) => git(top, 'add', '--all') + git(top, ...identity, 'commit', '--quiet', '--message=all of it');
let checkouts = 0;
/** Two clones of one commit: the agent works in one, its changes are brought into the other. */
function clones(): { readonly work: string; readonly to: string } {
  checkouts += 1;
  const [work, to] = [join(place.path, `work-${checkouts}`), join(place.path, `to-${checkouts}`)];
  for (const path of [work, to]) git(place.path, 'clone', '--quiet', base, path);
  return { work, to };
}

/** The same for the run and for who applies it; no flag is forbidden, so that what is refused is refused by `apply` itself. */
const POLICY = 'limits: { disk: 256MiB, memory: 1GiB, time: 1m }\nguards: { changes: { forbid: [] } }\n';

async function agent(work: string, script: string) {
  const { out, code } = await jailed(place.path, script, { cwd: work, policy: POLICY });
  // A workflow is always to be reviewed.
  expect([0, 4]).toContain(code);
  const digest = createHash('sha256')
    .update(readFileSync(join(out, 'manifest.json')))
    .digest('hex');
  return { out, digest };
}

async function apply(record: Awaited<ReturnType<typeof agent>>, to: string, ...args: string[]) {
  const own = args.includes('--policy') ? [] : ['--policy', join(place.path, 'policy.yml')];
  return await cli(['apply', record.out, '--to', to, '--expect', record.digest, ...own, ...args], { cwd: place.path });
}

/** Every path of a tree but git's own: kind, mode and content. */
function tree(top: string): Readonly<Record<string, string>> {
  const paths = readdirSync(top, { recursive: true, encoding: 'utf8' }).filter((path) => path !== '.git' && !path.startsWith('.git/'));
  const of = (path: string): string => {
    const stat = lstatSync(join(top, path));
    if (stat.isSymbolicLink()) return `link ${readlinkSync(join(top, path))}`;
    return stat.isFile() ? `${stat.mode & 0o111} ${readFileSync(join(top, path), 'latin1')}` : 'other';
  };
  return Object.fromEntries(
    paths
      .filter((path) => !lstatSync(join(top, path)).isDirectory())
      .sort()
      .map((path) => [path, of(path)]),
  );
}
/** git's own directory, byte by byte; the index is the one file that looking at a checkout may write. */
function gitDirectory(top: string): string {
  const hash = createHash('sha256');
  const dir = join(top, '.git');
  for (const path of readdirSync(dir, { recursive: true, encoding: 'utf8' }).sort()) {
    if (path === 'index') continue;
    hash.update(`${path}\0`);
    if (lstatSync(join(dir, path)).isFile()) hash.update(readFileSync(join(dir, path)));
  }
  return hash.digest('hex');
}

describe('an honest agent', () => {
  test('what it left arrives as it was, committed or not, by another judge: the tree that it worked in, made by hand', async () => {
    const { work, to } = clones();
    const script = [
      'echo two >> a.txt; chmod +x src/b.txt; git mv src/b.txt src/c.txt; ln -s ../a.txt src/link',
      'mkdir -p deep/er node_modules/x; echo new > deep/er/file; : > empty; head -c 6000000 /dev/zero | tr "\\0" x > large.txt; echo x > node_modules/x/y',
      'printf "crlf\\r\\n" > "odd name\n"; cp large.txt copy; ln large.txt hard',
      'git add --all; git -c user.name=a -c user.email=a@b commit --quiet --message=mine',
    ].join('\n');
    const record = await agent(work, script);
    expect(tree(work)).toEqual(tree(base));
    const wanted = clones().work;
    execFileSync('sh', ['-ec', script], { cwd: wanted, env: { PATH: process.env['PATH'] ?? '', HOME: place.path } });
    rmSync(join(wanted, 'node_modules'), { recursive: true });

    expect(await apply(record, to, '--check')).toMatchObject({ code: 0, stdout: expect.stringContaining('checked') });
    expect(tree(to)).toEqual(tree(base));
    const applied = await apply(record, to);
    expect(applied).toMatchObject({ code: 0, stderr: '' });
    expect(applied.stdout).toMatch(/10 paths; left out: 1 that git ignores, \d+ of git's own directory/);
    expect(tree(to)).toEqual(tree(wanted));

    const other = clones().to;
    const json = JSON.parse((await apply(record, other, '--json', '--commit', 'agent', '--author', 'A <a@example.com>')).stdout) as {
      commit: string;
    };
    expect(json).toMatchObject({ schema: 'agent-jail/apply@1', state: 'applied', outcome: 'succeeded', changed: 10 });
    expect([git(other, 'rev-parse', 'HEAD').trim(), git(other, 'status', '--porcelain')]).toEqual([json.commit, '']);
    // The same tree, by git: as the agent committed it.
    expect(git(other, 'rev-parse', 'HEAD^{tree}')).toBe(git(wanted, 'rev-parse', 'HEAD^{tree}'));
  });

  const patched = ({ out }: { readonly out: string }) => readFileSync(join(out, 'changes.patch'), 'utf8').match(/(?<=^diff --git ).*$/gm);

  test('files that git converts come from the archive, byte by byte; a commit of them is refused', async () => {
    const { work, to } = clones();
    writeFileSync(join(work, '.gitattributes'), '*.psd filter=lfs -text\n*.bat text eol=crlf\n');
    writeFileSync(join(work, 'old.psd'), 'old\n');
    commit(work);
    git(to, 'pull', '--quiet', work, 'main');
    const record = await agent(work, 'printf "a\\r\\nb\\n" > mixed.bat; echo new > old.psd; echo more >> a.txt');
    expect(patched(record)).toEqual(['a/a.txt b/a.txt']);
    const committed = await apply(record, to, '--commit', 'agent', '--author', 'A <a@example.com>');
    expect(committed).toMatchObject({ code: 3, stderr: expect.stringContaining('goes through the git filter lfs') });
    expect(await apply(record, to)).toMatchObject({ code: 0, stderr: '' });
    expect(tree(to)).toMatchObject({ 'mixed.bat': '0 a\r\nb\n', 'old.psd': '0 new\n', 'a.txt': '0 one\nmore\n' });
  });

  test('what lies in a submodule is refused, and the rest of the record arrives by `only`', async () => {
    const { work, to } = clones();
    const lib = join(place.path, 'lib');
    git(place.path, 'init', '--quiet', '--initial-branch=main', lib);
    writeFileSync(join(lib, 'f'), 'one\n');
    commit(lib);
    git(work, '-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', lib, 'vendor/lib');
    commit(work);
    git(to, 'pull', '--quiet', work, 'main');
    git(to, '-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'update', '--init');
    const record = await agent(work, 'echo two > vendor/lib/f; echo more >> a.txt');
    expect(patched(record)).toEqual(['a/a.txt b/a.txt']);
    const before = tree(to);
    expect(await apply(record, to)).toMatchObject({ code: 3, stderr: expect.stringContaining('it lies in a repository of its own') });
    expect(await apply(record, to, '--only', 'a.txt')).toMatchObject({ code: 0 });
    expect(tree(to)).toEqual({ ...before, 'a.txt': '0 one\nmore\n' });
  });
});

describe('a hostile agent', () => {
  const touch = (what: string): string => `touch ${ran}-${what}`;

  test.each(HOSTILE_CHANGES)('$name: nothing arrives, not even what is harmless', async ({ script }) => {
    const { work, to } = clones();
    const record = await agent(work, `echo harmless > aaa; echo two >> a.txt\n${script(touch)}`);
    const before = gitDirectory(to);
    const result = await apply(record, to);
    expect(result).toMatchObject({ code: 3, stdout: '', stderr: expect.stringMatching(/^agent-jail: refused: .+\n {2}\S/m) });
    expect([tree(to), gitDirectory(to)]).toEqual([tree(base), before]);
    expect(readdirSync(place.path).filter((name) => name.startsWith('ran'))).toEqual([]);
  });

  /** All that git and npm are known to run or obey, everywhere that an agent can write it. */
  const everything = (): string =>
    [
      ...HOSTILE_CHANGES.map(({ script }) => script(touch)).filter((script) => !script.includes('.gitattributes')),
      'for h in pre-commit post-commit post-checkout post-index-change commit-msg prepare-commit-msg reference-transaction fsmonitor; do',
      `  printf '#!/bin/sh\\n${touch('hook')}\\n' > .git/hooks/$h; chmod +x .git/hooks/$h; done`,
      `git config core.fsmonitor '${touch('monitor')}'; git config core.pager '${touch('pager')}'; git config diff.external '${touch('diff')}'`,
      `git config core.hooksPath "$PWD/src/hooks"; git config filter.x.clean '${touch('filter')}'; git config alias.status '!${touch('alias')}'`,
      `mkdir -p .husky src/hooks node_modules/.bin; printf '#!/bin/sh\\n${touch('husky')}\\n' > .husky/pre-commit; cp .husky/pre-commit src/hooks/; chmod +x .husky/pre-commit src/hooks/*`,
      'mv src/b.txt src/moved; echo changed > src/moved',
      'printf "* filter=x diff=x\\n" > src/attributes; ln -s attributes src/.gitattributes; rm src/.gitattributes',
      `mkdir src/sub; printf 'gitdir: ../../x\\n' > src/sub/.git; echo s > src/sub/s`,
    ].join('\n');

  test('everything at once, of which only `src/**` is asked for: git and npm run no agent code afterwards', async () => {
    const { work, to } = clones();
    const record = await agent(work, everything());
    expect((await apply(record, to)).code).toBe(3);
    const before = gitDirectory(to);
    const applied = await apply(record, to, '--only', 'src/**\n!src/out');
    expect(applied).toMatchObject({ code: 0, stderr: '' });
    expect(gitDirectory(to)).toBe(before);
    expect(Object.keys(tree(to)).filter((path) => !(path in tree(base)))).toEqual([
      'src/attributes',
      'src/hooks/pre-commit',
      'src/moved',
      'src/sub/s',
    ]);

    const host = (...argv: string[]): string =>
      execFileSync(argv[0] ?? '', argv.slice(1), {
        cwd: to,
        encoding: 'utf8',
        stdio: 'pipe',
        env: { PATH: process.env['PATH'] ?? '', HOME: place.path, npm_config_cache: join(place.path, 'cache') },
      });
    for (const argv of [
      ['status'],
      ['diff'],
      ['add', '--all'],
      ['diff', '--cached', '--stat'],
      [...identity, 'commit', '--quiet', '--message=x'],
      ['log', '--patch'],
    ])
      host('git', ...argv);
    for (const sub of ['src', 'src/sub', 'src/hooks']) host('git', '-C', sub, 'status');
    host('npm', 'ci', '--offline', '--no-audit', '--no-fund');
    expect(readdirSync(place.path).filter((name) => name.startsWith('ran'))).toEqual([]);
  });

  test('the same commands would have run it: a script of npm, allowed on purpose', async () => {
    const { work, to } = clones();
    const record = await agent(work, HOSTILE_CHANGES.find(({ name }) => name === 'scripts of npm')?.script(touch) ?? '');
    expect(await apply(record, to, '--runs-later', 'allow')).toMatchObject({ code: 0 });
    execFileSync('npm', ['ci', '--offline', '--no-audit', '--no-fund'], {
      cwd: to,
      stdio: 'pipe',
      env: { PATH: process.env['PATH'] ?? '', HOME: place.path, npm_config_cache: join(place.path, 'cache') },
    });
    expect(existsSync(`${ran}-npm`)).toBe(true);
    rmSync(`${ran}-npm`);
  });
});

describe('the command line', () => {
  test('says what is missing or wrong, with exit 2', async () => {
    const sha = '0'.repeat(64);
    for (const [args, message] of [
      [[], /which record\?/],
      [['r'], /--expect is missing\. Take it from the run itself/],
      [['r', '--expect', 'abc'], /not a SHA-256/],
      [['r', '--expect', sha], /--to is missing/],
      [['r', '--expect', sha, '--to', '.', '--only', 'src/[a'], /--only:1:1: "src\/\[a" has a `\[` without/],
      [['r', '--expect', sha, '--to', '.', '--author', 'x'], /--author only means something together with --commit/],
      [['r', '--expect', sha, '--to', '.', '--commit', 'm', '--author', 'x'], /is not Name <address>/],
      [['r', '--expect', sha, '--to', '.', '--forks', 'yes'], /--forks "yes" is not one of refuse, allow/],
      [['--undo'], /--to is missing/],
      [['--undo', '--to', place.path], /is not a git checkout/],
    ] as const) {
      const result = await cli(['apply', ...args], { cwd: place.path });
      expect([args, result.code, result.stdout]).toEqual([args, 2, '']);
      expect(result.stderr).toMatch(message);
    }
  });

  test('a policy of one’s own judges; it protects itself; a record that is not the expected one is none', async () => {
    const { work, to } = clones();
    const record = await agent(work, 'echo two >> a.txt; echo x > guard.yml');
    const policy = join(to, 'guard.yml');
    writeFileSync(policy, 'guards: { changes: { deny: [a.txt] } }\n');
    const denied = await apply(record, to, '--policy', policy, '--only', 'src/**');
    expect(denied).toMatchObject({
      code: 3,
      stderr: expect.stringMatching(/guard-failed: guards\.changes\.deny: 1 changed path denied\n {2}a\.txt\n/),
    });
    writeFileSync(policy, 'guards: { changes: { forbid: [] } }\n');
    const own = await apply(record, to, '--policy', policy, '--on-review', 'fail');
    expect(own).toMatchObject({ code: 4, stderr: expect.stringMatching(/needs-review: .*policy.*\n {2}guard\.yml/) });
    expect(await apply({ ...record, digest: '0'.repeat(64) }, to)).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('not the record that is expected'),
    });
    expect(tree(to)).toMatchObject({ 'a.txt': '0 one\n' });
    expect(await cli(['apply', '--undo', '--to', to], { cwd: place.path })).toMatchObject({ code: 0, stdout: 'nothing to undo\n' });
  });
});
