import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { NODE, REPOSITORY, temporary } from '../support/jail.ts';

/** In namespaces of its own, as the warden: what it calls tells, and what is there then. */
async function within(script: string): Promise<unknown> {
  using place = temporary();
  const program = `
    import { execFileSync, spawn } from 'node:child_process';
    import { mkdirSync, openSync, readdirSync, readFileSync } from 'node:fs';
    import { Namespaces } from ${JSON.stringify(join(REPOSITORY, 'src/run/again.ts'))};
    const place = ${JSON.stringify(place.path)};
    const mounts = () => readFileSync('/proc/self/mountinfo', 'utf8');
    const sleeping = () => readdirSync('/proc').filter((pid) => {
      try { return readFileSync('/proc/' + pid + '/cmdline', 'utf8').startsWith('sleep\\0'); } catch { return false; }
    }).length;
    const tmpfs = (at) => { mkdirSync(at, { recursive: true }); execFileSync('mount', ['-t', 'tmpfs', 'left', at]); };
    const namespaces = new Namespaces();
    const before = mounts();
    ${script}`;
  const inside = ['--mount', '--propagation', 'private', '--pid', '--fork', '--kill-child', '--mount-proc', NODE];
  const { stdout } = await promisify(execFile)('unshare', [...inside, '--input-type=module', '--eval', program]);
  return JSON.parse(stdout);
}

test('what a run mounted and started is gone, whatever stands inside of what', async () => {
  const said = await within(`
    tmpfs(place + '/a'); tmpfs(place + '/a/inner'); tmpfs(place + '/a/inner'); tmpfs(place + '/b c');
    for (let n = 0; n < 5; n += 1) spawn('sleep', ['300'], { stdio: 'ignore', detached: true }).unref();
    openSync(place + '/a/inner/open', 'w');
    while (sleeping() < 5) await new Promise(setImmediate);
    const first = await namespaces.emptied();
    console.log(JSON.stringify([first, mounts() === before, sleeping()]));
    process.exit();`);
  expect(said).toEqual([true, true, 0]);
});

test('files that stay open, run after run, are seen, and so is the fiftieth run', async () => {
  const open = await within(`
    const said = [await namespaces.emptied()];
    for (let n = 0; n < 20; n += 1) openSync('/dev/null', 'r');
    said.push(await namespaces.emptied());
    console.log(JSON.stringify(said));
    process.exit();`);
  expect(open).toEqual([true, false]);
  const fifty = await within(`
    const said = [];
    for (let n = 0; n < 50; n += 1) said.push(await namespaces.emptied());
    console.log(JSON.stringify([said.indexOf(false), said.length]));
    process.exit();`);
  expect(fifty).toEqual([49, 50]);
});
