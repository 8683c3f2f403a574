import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inventory } from '../support/inventory.ts';
import type { Ran } from '../support/jail.ts';
import { RootGround } from '../support/root.ts';

const ground = new RootGround();
const { root } = ground;
afterAll(() => ground[Symbol.dispose]());
const changes = (ran: Ran): string[] => ran.ndjson('changes.ndjson').map(({ layer, op, path }) => [layer, op, path].map(String).join(' '));

describe('a root of its own', () => {
  const SPOIL = `cat /etc/release; id -u; ls -d /opt /usr/lib/git-core 2>/dev/null; cat a.txt
    echo mine > a.txt; echo new > /tmp/new; mkdir /srv/made 2>/dev/null; rm /bin/ls 2>/dev/null; echo new in it > /open/new; rm /open/old; mv /open/dir /open/moved; ls /open`;
  const SEEN = /^a root of its own\n\d+\none\ntwo\nthree\nmode\nmoved\nnew\n$/;
  const CHANGED = [
    'workspace modified a.txt',
    'root added open/moved',
    'root added open/new',
    'root added tmp/new',
    'root deleted open/dir',
    'root deleted open/old',
  ];
  beforeAll(() => {
    mkdirSync(join(root, 'open/dir'), { recursive: true });
    for (const name of ['open/old', 'open/mode']) writeFileSync(join(root, name), 'x\n');
    execFileSync('chmod', ['-R', 'a+rwX', join(root, 'open')]);
    ground.pack();
  });

  test('a directory: used as it is, changed in a layer only', async () => {
    const before = inventory(root);
    const ran = await ground.safely(`directory: ${root}`, SPOIL);
    expect(ran.transcript, ran.stderr).toMatch(SEEN);
    expect(changes(ran)).toEqual(expect.arrayContaining(CHANGED));
    expect(changes(ran).filter((line) => !/^(workspace modified a\.txt|root \w+ (open|tmp)\/)/.test(line))).toEqual([]);
    expect(inventory(root)).toEqual(before);
  });

  test.each([
    ['plain', []],
    ['gzip', ['--gzip']],
  ])('an archive, %s, with its hash', async (name, options) => {
    const file = join(ground.path, `${name}.tar`);
    ground.pack(file, ...options);
    const hash = createHash('sha256').update(readFileSync(file)).digest('hex');
    const before = inventory(file);
    const ran = await ground.safely(`archive: ${file}, sha256: ${hash}`, SPOIL);
    expect(ran.transcript, ran.stderr).toMatch(SEEN);
    expect(changes(ran)).toEqual(expect.arrayContaining(CHANGED));
    expect(inventory(file)).toEqual(before);
  });

  test('an archive of another hash is not unpacked', async () => {
    const hash = createHash('sha256').update(readFileSync(ground.archive)).digest('hex');
    const ran = await ground.safely(`archive: ${ground.archive}, sha256: ${'f'.repeat(64)}`, 'echo ran');
    expect([ran.code, ran.transcript]).toEqual([70, '']);
    expect(ran.verdict.because).toBe(`the root archive ${ground.archive} has the SHA-256 ${hash}, the policy says ${'f'.repeat(64)}`);
  });

  test('an archive larger than the disk limit: that counts what the run writes', async () => {
    const big = join(ground.path, 'big.tar');
    writeFileSync(big, ground.extended([{ name: 'large', content: 'x'.repeat(70 << 20) }]));
    const ran = await ground.safely(`archive: ${big}`, 'echo ran');
    expect([ran.code, ran.transcript], ran.stderr).toEqual([0, 'ran\n']);
    rmSync(big);
  });

  test('what must not be seen is not seen there either', async () => {
    const temp = join(root, 'srv/temp');
    mkdirSync(temp, { recursive: true });
    for (const name of ['token', 'env']) writeFileSync(join(temp, name), 'the secret in temp\n');
    writeFileSync(join(root, 'srv/seen'), 'seen\n');
    const ran = await ground.safely(`directory: ${root}`, 'cat /srv/seen; ls /srv; cat /srv/temp/token', { env: { RUNNER_TEMP: temp } });
    rmSync(temp, { recursive: true });
    expect(ran.transcript, ran.stderr).toMatch(/^seen\nseen\ncat: .*No such file/);
  });
});
