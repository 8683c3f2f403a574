import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseGitConfig, rewriteGitConfig, withoutUserinfo } from '../../../src/plan/git-config.ts';
import { cpuTime } from '../../support/cpu.ts';

/** What the real git reads: `key`, or `key\nvalue`. null: it refuses the text. */
function git(text: string): string[] | null {
  const { status, stdout } = spawnSync('git', ['config', '-f', '-', '--no-includes', '--list', '-z'], {
    input: text,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] },
  });
  return status === 0 ? stdout.split('\0').slice(0, -1) : null;
}
const ours = (text: string) =>
  [...parseGitConfig(text)].map(({ section, subsection, name, value }) => {
    const key = [section, ...(subsection === null ? [] : [subsection]), name].join('.');
    return value === null ? key : `${key}\n${value}`;
  });

const TOKEN = 'ghs_16C7e42F292c6912E7710c838347Ae178B4a';
/** What actions/checkout, old and new, and people leave behind. */
const CHECKOUT = `[core]
	repositoryformatversion = 0
	filemode = true
	bare = false
	hooksPath = /tmp/hooks
	sshCommand = ssh -i /tmp/key
	fsmonitor = /tmp/fsmonitor
[remote "origin"]
	url = https://x-access-token:${TOKEN}@github.com/o/r
	pushurl = https://${TOKEN}@github.com/o/r
	fetch = +refs/heads/*:refs/remotes/origin/*
	proxy = http://u:${TOKEN}@proxy
	uploadpack = /tmp/evil
[branch "main"]
	remote = origin
	merge = refs/heads/main
[http "https://github.com/"]
	extraheader = AUTHORIZATION: basic ${Buffer.from(`x-access-token:${TOKEN}`).toString('base64')}
[includeIf "gitdir:/w/.git"]
	path = /tmp/_temp/git-credentials.config
[include] path = /tmp/_temp/other
[url "https://x:${TOKEN}@github.com/"]
	insteadOf = https://github.com/
[credential]
	helper = store --file /tmp/_temp/credentials
[filter "x"]
	clean = /tmp/evil
[alias]
	st = !evil
[submodule "lib/a"]
	url = ssh://git@github.com/o/a
	active = true
	update = !evil
[user]
	name = "A \\"B\\" # C"
	signingkey = ABC
[gc]
	auto = 0
`;

test('what is kept of a checkout', () => {
  const rewritten = rewriteGitConfig(CHECKOUT);
  expect(git(rewritten)).toEqual([
    'core.repositoryformatversion\n0', 'core.filemode\ntrue', 'core.bare\nfalse',
    'remote.origin.url\nhttps://github.com/o/r', 'remote.origin.pushurl\nhttps://github.com/o/r', 'remote.origin.fetch\n+refs/heads/*:refs/remotes/origin/*',
    'branch.main.remote\norigin', 'branch.main.merge\nrefs/heads/main',
    'submodule.lib/a.url\nssh://git@github.com/o/a', 'submodule.lib/a.active\ntrue',
    'user.name\nA "B" # C', 'gc.auto\n0',
  ]); // biome-ignore format: a table
  expect(rewritten).not.toContain(TOKEN);
  expect(rewriteGitConfig(rewritten)).toBe(rewritten);
});

describe('reads as git does', () => {
  test.each([
    ['[a]b=c'],
    ['[a] b = c ; comment'],
    ['[a]\nb'],
    ['[A]\nB = C'],
    ['[a "S"]\nb=1\n[a.S]\nb=2'],
    ['[a.b "c.d"]\ne=f'],
    ['[a "x\\"y\\\\z\\q"]\nb=1'],
    ['[a]\nb = "x # y" z  # w'],
    ['[a]\nb = x\\\n  y'],
    ['[a]\nb = "x\\\n  y"'],
    ['[a]\r\nb = c\r\nd = "e\\tf"\r\n'],
    ['\ufeff[a]\nb=c'],
    ['[a]\nb = \\"x\\"'],
    ['[a]\nb = x"y z"w'],
    ['# c\n; d\n[a] # e\nb=c'],
    ['[a]\n  b  =  c  d  '],
    ['[a\t"one"]\nb=c'],
    ['[a]\nb =\nc = ""'],
    ['[a]b=\u00a0c\u00a0'],
    ['[a]\nb = c\\n\\b'],
    [''],
    ['[a]'],
    ['[a]\nb-c2 = d'],
    ['[a]\nb=c\r'],
    ['[a]\nb=\\'],
    ['[a]\nb=c \\'],
    ['[a]\nb=c \\\n\nd=e'],
    ['[a]\nb=c \\\n d'],
  ])('%j', (text) => {
    expect(git(text)).not.toBeNull();
    expect(ours(text)).toEqual(git(text));
  });

  test.each([
    ['[a]\nok=1\n[b'],
    ['[a]\nok=1\n[b "c]\nd=e'],
    ['[a]\nok=1\nb = "c'],
    ['[a]\nok=1\nb = \\x'],
    ['[a]\nok=1\nb = "c\\'],
    ['[a]\nok=1\n1b = c'],
    ['[a]\nok=1\nb # c'],
    ['[a]\nok=1\nb_c = d'],
    ['[a]\nok=1\n[b c]'],
    ['[a]\nok=1\n[b "c"x]\nd=e'],
    ['[a]\nok=1\n[b\n]'],
    ['[a]\nok=1\n[b "one" ]\nb=c'],
  ])('%j is an error: what stands before it is read', (text) => {
    expect(git(text)).toBeNull();
    expect(ours(text)).toEqual(['a.ok\n1']);
  });
  test('a setting without a section is an error', () => {
    expect(ours('b = c')).toEqual([]);
  });

  test('any text made of the pieces of the syntax', () => {
    const piece = fc.constantFrom(
      '[',
      ']',
      '"',
      '\\',
      '\n',
      ' ',
      '\t',
      '=',
      '#',
      ';',
      '.',
      'a',
      'B',
      '1',
      '-',
      '[a]\n',
      '[a "b"]\n',
      'k = v\n',
      'k\n',
      'é',
      '\r',
      '\r\n',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const text = `[s]\n${pieces.join('')}`;
        const theirs = git(text);
        // Older gits make one blank of a tab inside a value; newer ones keep it.
        const blanks = (all: readonly string[]) => all.map((one) => one.replace(/[\t\r]/g, ' '));
        if (theirs !== null) expect(blanks(ours(text))).toEqual(blanks(theirs));
      }),
      { numRuns: 150 },
    );
  });
});

const SAFE =
  /^(?:core\.(?:repositoryformatversion|filemode|bare|ignorecase|precomposeunicode|symlinks|logallrefupdates|autocrlf|eol|sparsecheckout|sparsecheckoutcone)|extensions\.(?:objectformat|compatobjectformat|refstorage|worktreeconfig|partialclone)|remote\..*\.(?:url|pushurl|fetch|tagopt|promisor|partialclonefilter)|branch\..*\.(?:remote|merge|rebase)|submodule\.(?:.*\.)?(?:url|path|active|branch)|user\.(?:name|email)|i18n\.(?:commitencoding|logoutputencoding)|gc\.auto)$/s;

test('property: of whatever it is given, git reads allowed keys only', () => {
  const key = fc.constantFrom(
    'url',
    'fetch',
    'path',
    'insteadOf',
    'helper',
    'hooksPath',
    'bare',
    'extraheader',
    'remote',
    'name',
    'active',
  );
  const section = fc.constantFrom(
    'core',
    'remote',
    'REMOTE',
    'branch',
    'submodule',
    'user',
    'include',
    'includeIf',
    'http',
    'url',
    'credential',
    'filter',
    'core.remote',
    'remote.x.y',
  );
  const any = fc.string({ unit: 'binary', maxLength: 12 });
  const quoted = any.map((s) => JSON.stringify(s));
  const line = fc.oneof(
    fc.tuple(section, fc.option(any)).map(([s, sub]) => (sub === null ? `[${s}]` : `[${s} "${sub.replace(/["\\]/g, '\\$&')}"]`)),
    fc.tuple(key, fc.oneof(any, quoted)).map(([k, v]) => `${k} = ${v}`),
    any,
  );
  fc.assert(
    fc.property(fc.array(line, { maxLength: 10 }), (lines) => {
      const read = git(rewriteGitConfig(lines.join('\n')));
      expect(read).not.toBeNull();
      for (const one of read ?? []) expect(one.split('\n', 1)[0]).toMatch(SAFE);
    }),
    { numRuns: 150 },
  );
});

test('property: what is allowed arrives unchanged', () => {
  const value = fc.string({ unit: 'binary', maxLength: 20 }).filter((s) => !s.includes('\0') && s.isWellFormed());
  const name = value.filter((s) => !/[\n:@]/.test(s));
  fc.assert(
    fc.property(name, value, (subsection, text) => {
      const escaped = text.replace(
        /["\\\n\t\b]/g,
        (c) => ({ '"': '\\"', '\\': '\\\\', '\n': '\\n', '\t': '\\t', '\b': '\\b' })[c] as string,
      );
      const rewritten = rewriteGitConfig(`[branch "${subsection.replace(/["\\]/g, '\\$&')}"]\nmerge = "${escaped}"\n`);
      expect(git(rewritten)).toEqual([`branch.${subsection}.merge\n${text}`]);
    }),
    { numRuns: 80 },
  );
});

test.each([
  ['https://github.com/o/r', 'https://github.com/o/r'],
  ['https://user:tok@github.com/o/r', 'https://github.com/o/r'],
  ['https://tok@github.com/o/r', 'https://github.com/o/r'],
  ['https://:tok@github.com/o/r', 'https://github.com/o/r'],
  ['https://us@er:tok@github.com/o/r', 'https://github.com/o/r'],
  ['HTTPS://tok@github.com', 'HTTPS://github.com'],
  ['http://u:p#q?x@host/r', 'http://host/r'],
  ['https://host:8443/o/r', 'https://host:8443/o/r'],
  ['https://u:p@[::1]:8443/r', 'https://[::1]:8443/r'],
  ['https://u:to/ken@host/r', ''],
  ['https://host/r?private_token=tok', 'https://host/r'],
  ['https://host/r#tok', 'https://host/r'],
  ['https://host/@scope/r', 'https://host/@scope/r'],
  ['https://proxy/https://u:tok@host/r', 'https://proxy/https://host/r'],
  ['helper::https://u:tok@host/r', 'helper::https://host/r'],
  ['ftp://u:p@host/r', 'ftp://host/r'],
  ['ssh://git@host/r', 'ssh://git@host/r'],
  ['ssh://git:tok@host:22/r', 'ssh://git@host:22/r'],
  ['git+ssh://git:tok@host/r', 'git+ssh://git@host/r'],
  ['git@host:o/r', 'git@host:o/r'],
  ['host:o/r', 'host:o/r'],
  ['x:tok@host:o/r', 'host:o/r'],
  ['/srv/git/r.git', '/srv/git/r.git'],
  ['../a:b@c', '../a:b@c'],
  ['file:///srv/r', 'file:///srv/r'],
  ['', ''],
])('withoutUserinfo(%j)', (url, expected) => {
  expect(withoutUserinfo(url)).toBe(expected);
});

test('long hostile addresses take no time', () => {
  const before = cpuTime();
  for (const part of ['://', 'a:', '@', 'a@b:', '[', ':/']) withoutUserinfo(part.repeat(200_000));
  rewriteGitConfig('[remote "x"]\nurl = '.concat('"a'.repeat(300_000)));
  expect(cpuTime() - before).toBeLessThan(3000);
});
