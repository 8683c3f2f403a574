import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { scriptOf } from '../../../src/cli/script.ts';

const directory = mkdtempSync(join(tmpdir(), 'agent-jail-script-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** Runs the script by a shell, with a program that prints its arguments, each ended by NUL. */
function argumentsSeen(shell: string, argv: readonly string[]): string[] {
  const script = join(directory, 'script');
  writeFileSync(script, scriptOf(['/usr/bin/perl', '-e', 'print map { "$_\\0" } @ARGV', '--', ...argv]));
  return execFileSync(shell, ['-e', script], { encoding: 'utf8', env: {} }).split('\0').slice(0, -1);
}

describe('scriptOf', () => {
  it('is what one would write by hand', () => {
    expect(scriptOf(['echo', "it's", ''])).toBe("exec 'echo' 'it'\\''s' ''\n");
  });

  it.each(['/bin/sh', '/bin/bash'])('hands every argument on unchanged through %s', (shell) => {
    const nasty = fc.constantFrom(...`'|"|\\|$(id)|!|\n|\r| |*|~|#|-e|;|&|\t|é|%|{a,b}|$HOME|\``.split('|'));
    const argument = fc.oneof(
      fc.string({ unit: 'binary' }).map((text) => text.replaceAll('\0', '')),
      fc.array(nasty).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(fc.array(argument, { maxLength: 6 }), (argv) => {
        expect(argumentsSeen(shell, argv)).toEqual(argv);
      }),
      { numRuns: 60 },
    );
  });

  it('is the program itself: its exit code and its signals', () => {
    const script = join(directory, 'exit');
    writeFileSync(script, scriptOf(['sh', '-c', 'exit 7']));
    expect(() => execFileSync('/bin/sh', ['-e', script])).toThrow(expect.objectContaining({ status: 7 }));
  });
});
