import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { UserError } from '../../../src/model/errors.ts';
import { resolveShell, scriptText } from '../../../src/plan/shell.ts';

test.each<[shell: string | null, extension: string, ...argv: string[]]>([
  [null, '.sh', 'bash', '-e', '{0}'],
  ['bash', '.sh', 'bash', '--noprofile', '--norc', '-e', '-o', 'pipefail', '{0}'],
  ['sh', '.sh', 'sh', '-e', '{0}'],
  ['python', '.py', 'python', '{0}'],
  ['pwsh', '.ps1', 'pwsh', '-command', ". '{0}'"],
  ['node', '.js', 'node', '{0}'],
  [' bash ', '.sh', 'bash', '--noprofile', '--norc', '-e', '-o', 'pipefail', '{0}'],
  ['bash -x {0}', '.sh', 'bash', '-x', '{0}'],
  ['perl {0}', '', 'perl', '{0}'],
  ['/usr/bin/env -S  ruby\t{0}', '', '/usr/bin/env', '-S', 'ruby', '{0}'],
  ['make --file={0} all', '', 'make', '--file={0}', 'all'],
  ['run "two words" {0}', '', 'run', 'two words', '{0}'],
  ['run a"b c"d {0}', '', 'run', 'ab cd', '{0}'],
  ['run "" {0}', '', 'run', '', '{0}'],
  ["run 'a b' {0}", '', 'run', "'a", "b'", '{0}'],
  ['run "say ""hi""" {0}', '', 'run', 'say "hi"', '{0}'],
  ['run \\"a\\" {0}', '', 'run', '"a"', '{0}'],
  ['run a\\b c\\\\"d e" {0}', '', 'run', 'a\\b', 'c\\d e', '{0}'],
])('%j', (shell, extension, ...argv) => {
  expect(resolveShell(shell)).toEqual({ argv, extension });
});

test.each([
  ['fish', 'is not a known shell'],
  ['constructor', 'is not a known shell'],
  ['BASH', 'is not a known shell'],
  ['', 'names no program'],
  ['bash -x', 'does not say where the script goes'],
  ['{0}', 'is not a known shell'],
  ['run {1} {0}', 'has a brace'],
  ['run {{0}}', 'has a brace'],
])('%j is refused, with its place', (shell, message) => {
  const place = { file: 'steps.yml', line: 3, column: 5 };
  try {
    resolveShell(shell, place);
    expect.unreachable();
  } catch (error) {
    expect(error).toBeInstanceOf(UserError);
    expect((error as UserError).problems).toMatchObject([
      { message: expect.stringContaining(message), place, remedy: expect.stringMatching(/\{0\}|a script of the workspace/) },
    ]);
  }
});

test('a script file ends with a line end; PowerShell stops at errors and hands on the last code', () => {
  expect(scriptText(resolveShell('bash'), 'a')).toBe('a\n');
  expect(scriptText(resolveShell('bash'), 'a\n')).toBe('a\n');
  expect(scriptText(resolveShell('bash'), 'a\r\nb \rc\r\n')).toBe('a\nb \rc\n');
  const lines = scriptText(resolveShell('pwsh'), 'a').split('\n');
  expect(lines[0]).toContain("'stop'");
  expect(lines[1]).toBe('a');
  expect(lines[2]).toContain('exit $LASTEXITCODE');
});

test('really run: the default stops at errors but not in a pipe, `bash` does both', () => {
  const dir = mkdtempSync(join(tmpdir(), 'agent-jail-shell-'));
  try {
    const script = join(dir, 'step.sh');
    writeFileSync(script, 'false | true\necho pipe\nfalse\necho after\n');
    const run = (shell: string | null) => {
      const [program, ...args] = resolveShell(shell).argv.map((part) => part.replaceAll('{0}', script));
      const { stdout, status } = spawnSync(program as string, args, { encoding: 'utf8' });
      return [stdout, status];
    };
    expect(run(null)).toEqual(['pipe\n', 1]);
    expect(run('sh')).toEqual(['pipe\n', 1]);
    expect(run('bash')).toEqual(['', 1]);
  } finally {
    rmSync(dir, { recursive: true });
  }
});
