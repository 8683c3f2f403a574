import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { directoryOf, read, write } from '../../../src/system/code-cache.ts';

const CODE = Buffer.from('compiled');

let base = '';
let place = '';
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'agent-jail-code-'));
  mkdirSync(join(base, 'code'), { mode: 0o700 });
  place = join(base, 'code', 'x');
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

describe('directoryOf', () => {
  test.each([
    ['root, whatever its environment says', 0, { HOME: '/root', XDG_CACHE_HOME: '/c' }, '/var/lib/agent-jail/code'],
    ['anybody else', 1001, { HOME: '/home/runner' }, '/home/runner/.cache/agent-jail/code'],
    ['with a cache of their own', 1001, { HOME: '/home/runner', XDG_CACHE_HOME: '/c' }, '/c/agent-jail/code'],
    ['with one that is not absolute', 1001, { HOME: '/home/runner', XDG_CACHE_HOME: 'c' }, '/home/runner/.cache/agent-jail/code'],
    ['without a home', 1001, {}, null],
    ['where there are no uids', undefined, { HOME: '/c/Users/x' }, null],
  ])('%s', (_, uid, env, wanted) => expect(directoryOf(uid, env)).toBe(wanted));
});

describe('what is kept', () => {
  test('is read again, and nobody else can read it', () => {
    write(place, CODE);
    expect(read(place)).toEqual(CODE);
    expect(execFileSync('stat', ['-c', '%a', place, join(base, 'code')], { encoding: 'utf8' })).toBe('600\n700\n');
    expect(readdirSync(join(base, 'code'))).toEqual(['x']);
  });
  test('is that of the latest versions of each program', () => {
    const kept = () => readdirSync(join(base, 'code')).toSorted();
    for (const [index, name] of ['x-00', 'x-01', 'y-02', 'x-03', 'x-04'].entries()) {
      write(join(base, 'code', name), CODE);
      utimesSync(join(base, 'code', name), index, index);
    }
    expect(kept()).toEqual(['x-01', 'x-03', 'x-04', 'y-02']);
  });
  const spoil: readonly [string, () => void][] = [
    ['empty', () => writeFileSync(place, '')],
    ['written by others', () => chmodSync(place, 0o622)],
    ['in a directory that others write to', () => chmodSync(join(base, 'code'), 0o777)],
    ['not there', () => rmSync(place)],
    ['a directory', () => (rmSync(place), mkdirSync(place))],
    ['a FIFO, which nobody writes to', () => (rmSync(place), execFileSync('mkfifo', ['-m', '600', place]))],
    [
      'a link to what would do',
      () => {
        write(join(base, 'code', 'y'), CODE);
        rmSync(place);
        symlinkSync('y', place);
      },
    ],
  ];
  test.each(spoil)('is not used: %s', (_, how) => {
    write(place, CODE);
    how();
    expect(read(place)).toBeNull();
  });
  test('is not written where others could write, or where there can be no directory', () => {
    chmodSync(join(base, 'code'), 0o777);
    write(place, CODE);
    expect(existsSync(place)).toBe(false);
    writeFileSync(join(base, 'file'), '');
    expect(() => write(join(base, 'file', 'code', 'x'), CODE)).not.toThrow();
  });
});

describe('startKept', () => {
  const CACHE = new URL('../../../src/system/code-cache.ts', import.meta.url).pathname;
  const started = (program: string, ...flags: readonly string[]): string =>
    execFileSync(
      process.execPath,
      [
        ...flags,
        '--input-type=module',
        '--eval',
        `import { createRequire } from 'node:module';
         import { startKept } from ${JSON.stringify(CACHE)};
         startKept(${JSON.stringify(program)}, createRequire(${JSON.stringify(program)}), ${JSON.stringify(join(base, 'code'))});
         const keep = globalThis[Symbol.for('agent-jail.keep-code')];
         process.stdout.write(keep === undefined ? ' as kept' : ' compiled');
         keep?.();`,
      ],
      { env: { NODE_NO_WARNINGS: '1' }, encoding: 'utf8' },
    );
  test('runs a program, and from the third time with the code that it had; not with that of another version of it, or for other flags', () => {
    const program = join(base, 'p.code.cjs');
    writeFileSync(
      program,
      '"use strict"; const f = () => this === undefined; process.stdout.write(`${__filename} ${require("./q.cjs")}`);',
    );
    writeFileSync(join(base, 'q.cjs'), 'module.exports = "beside";');
    rmSync(join(base, 'code'), { recursive: true });
    expect(started(program)).toBe(`${program} beside compiled`);
    expect(readdirSync(join(base, 'code'))).toEqual([]); // a machine may see no second one
    expect(started(program)).toBe(`${program} beside compiled`);
    expect(readdirSync(join(base, 'code'))).toEqual([expect.stringMatching(/^p-\d+\.\d+\.\d+(-[0-9a-f]+){4}$/)]);
    expect(started(program)).toBe(`${program} beside as kept`);
    expect(started(program, '--no-opt')).toContain(' compiled');
    // Of the same length, at the same time.
    const { atime, mtime } = statSync(program);
    writeFileSync(program, readFileSync(program, 'utf8').replace('${__filename}', '${"__another"}'));
    utimesSync(program, atime, mtime);
    expect(started(program)).toBe('__another beside compiled');
    cpSync(program, `${program}.new`);
    renameSync(`${program}.new`, program);
    expect(started(program)).toBe('__another beside compiled');
    expect(started(program)).toBe('__another beside as kept');
  });
});
