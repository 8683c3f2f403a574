import { spawnSync } from 'node:child_process';
import { lstatSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

const SCRIPT = new URL('../../../src/host/work.pl', import.meta.url).pathname;
let dir: string;
beforeEach(() => void (dir = mkdtempSync(join(tmpdir(), 'work-'))));
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function run(...args: string[]) {
  const { status, stderr } = spawnSync('perl', [SCRIPT, ...args], { encoding: 'utf8' });
  return { status, stderr };
}

test.each(['out', 'err'])('work.pl makes FIFOs that anyone may write to and nobody may read, whatever the umask is: %s', (name) => {
  expect(run(join(dir, 'runtime'), 'out,err')).toEqual({ status: 0, stderr: '' });
  const [directory, fifo] = [lstatSync(join(dir, 'runtime')), lstatSync(join(dir, 'runtime', name))];
  expect([directory.isDirectory(), directory.mode & 0o7777]).toEqual([true, 0o755]);
  expect([fifo.isFIFO(), fifo.mode & 0o7777]).toEqual([true, 0o222]);
});

test('work.pl says which place it was that it could not make', () => {
  const at = join(dir, 'none/here');
  const why = 'No such file or directory';
  expect(run(dir, 'out', at, '6', 'size=1m')).toEqual({ status: 71, stderr: `work: ${at} could not be mounted: ${why}\n` });
  expect(run(at, 'out')).toEqual({ status: 71, stderr: `work: ${at} could not be made: ${why}\n` });
  expect(run(join(dir, 'a'), 'none/out')).toEqual({ status: 71, stderr: `work: ${dir}/a/none/out could not be made: ${why}\n` });
  expect(run(dir)).toEqual({ status: 71, stderr: 'work: usage\n' });
});
