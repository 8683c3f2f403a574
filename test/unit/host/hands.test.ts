import { spawnSync } from 'node:child_process';
import { existsSync, lstatSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import { encoded, Hands, refusal, type Request } from '../../../src/host/hands.ts';
import { overlayMounts, type OverlayToMake } from '../../../src/host/layers.ts';
import { work } from '../../../src/host/places.ts';
import { JailError } from '../../../src/model/errors.ts';
import type { HostPath } from '../../../src/model/names.ts';
import { ownHands, SCRIPT } from '../../support/hands.ts';

let dir: string;
beforeEach(() => void (dir = mkdtempSync(join(tmpdir(), 'hands-'))));
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** What hands.pl answers to bytes, and how it ends. */
function answers(input: string | Buffer) {
  const { status, stdout, stderr } = spawnSync('perl', [SCRIPT], { input, encoding: 'utf8' });
  return { status, stdout, stderr };
}

describe('a request', () => {
  it('is as many bytes as it says, with a NUL between words', () => {
    expect(encoded(['lock', '/a b\n\u00e9']).toString('latin1')).toBe('12\nlock\0/a b\n\u00c3\u00a9');
    expect(encoded(['there']).toString()).toBe('5\nthere');
    expect(encoded(['whiteout', '', '']).toString()).toBe('10\nwhiteout\0\0');
  });
  it('has no word that holds a NUL', () => {
    expect(() => encoded(['lock', 'a\0b'])).toThrow('a word with a NUL in it: "a\\u0000b"');
  });
  it('arrives as it was, whatever its words are', () => {
    const word = fc
      .string({ unit: 'grapheme', maxLength: 20 })
      .filter((text) => !text.includes('\0') && !text.includes('/') && text !== '.');
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 5 }), (words) => {
        // Each is a place that is not there, and is named.
        const requests = words.map((one): Request => ['whiteout', `${dir}/none/${one}`]);
        const { stdout } = answers(Buffer.concat(requests.map(encoded)));
        const said = (one: string): string => `failed ${`${dir}/none/${one}`.replaceAll(/[\r\n]+/g, ' / ')}: `;
        expect(stdout.split('\n')).toEqual([...words.map((one) => expect.stringContaining(said(one))), '']);
      }),
      { numRuns: 30 },
    );
  });
});

describe('an answer', () => {
  it('says that it was done, or why not', () => {
    expect(refusal('ok')).toBe(null);
    expect(refusal('failed /a: No such file')).toBe('/a: No such file');
    expect(refusal(`failed ${'x'.repeat(2000)}`)).toHaveLength(1000);
  });
  it.each(['', 'okay', 'OK', 'failed', '{}'])('is not: %j', (line) => {
    expect(() => refusal(line)).toThrow('not an answer');
  });
});

describe('hands.pl', () => {
  it('does what it is asked in order, says what it does not know, and ends with its input', () => {
    const input = Buffer.concat([encoded(['there']), encoded(['nonsense', 'x']), encoded(['there'])]);
    expect(answers(input)).toEqual({ status: 0, stdout: 'ok\nfailed there is no request nonsense\nok\n', stderr: '' });
    expect(answers('')).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(answers('5\nthe')).toEqual({ status: 0, stdout: '', stderr: '' }); // who asked is gone
  });
  it.each(['there\n', '-5\nthere', '\n', '12345678901\n'])('ends where that is no request: %j', (input) => {
    expect(answers(input)).toEqual({ status: 71, stdout: '', stderr: 'hands: not a request\n' });
  });

  test.each(['out', 'err'])('makes FIFOs that anyone may write to and nobody may read, whatever the umask is: %s', async (name) => {
    using hands = ownHands();
    await hands.ask('work', ['work', join(dir, 'runtime'), 'out,err']);
    const [directory, fifo] = [lstatSync(join(dir, 'runtime')), lstatSync(join(dir, 'runtime', name))];
    expect([directory.isDirectory(), directory.mode & 0o7777]).toEqual([true, 0o755]);
    expect([fifo.isFIFO(), fifo.mode & 0o7777]).toEqual([true, 0o222]);
  });

  const NONE = 'No such file or directory';
  test.each<[string, (at: string) => Request, (at: string) => string]>([
    ['a tmpfs', (at) => ['work', at, 'out', `${at}/none/here`, '6', 'size=1m'], (at) => `${at}/none/here: ${NONE}`],
    ['a directory of FIFOs', (at) => ['work', `${at}/none/here`, 'out'], (at) => `${at}/none/here: ${NONE}`],
    ['a FIFO', (at) => ['work', `${at}/a`, 'none/out'], (at) => `${at}/a/none/out: ${NONE}`],
    ['a directory', (at) => ['directories', at, '0', '0', '493'], (at) => `${at}: File exists`],
    ['a whiteout', (at) => ['whiteout', `${at}/none/x`], (at) => `${at}/none/x: ${NONE}`],
    ['a lock', (at) => ['lock', `${at}/none/x`], (at) => `${at}/none/x: ${NONE}`],
    ['a file for the scratch disk', (at) => ['disk', `${at}/none/x`, '4096', 'mkfs.ext4'], (at) => `${at}/none/x: ${NONE}`],
    ['the scratch disk', (at) => ['attach', at], () => 'no scratch disk was begun'],
    ['a copy', () => ['copied'], () => 'no copy was begun'],
  ])('says which it was that it could not make: %s', async (_, request, why) => {
    using hands = ownHands();
    await expect(hands.ask('it failed', request(dir))).rejects.toThrow(`it failed: ${why(dir)}`);
    await hands.alive();
  });
  it('has not been asked for anything where one of the words cannot be', async () => {
    using hands = ownHands();
    expect(() => hands.all([['first', ['lock', `${dir}/none/a`]], ['second', ['lock', 'a\0b']]])).toThrow('a NUL'); // biome-ignore format: short
    await expect(hands.ask('third', ['lock', `${dir}/none/c`])).rejects.toThrow(`third: ${dir}/none/c`);
  });

  it('copies what there is of names and globs in /etc, with links as links, and says why it could not', async () => {
    using hands = ownHands();
    await hands.ask('etc', ['etc', `${dir}/etc`, 'ld.so.conf*', 'no-such-thing', 'alternatives']);
    await hands.alive(); // it goes on beside that
    await hands.ask('etc', ['copied']);
    expect(existsSync(`${dir}/etc/ld.so.conf.d`)).toBe(true);
    expect(existsSync(`${dir}/etc/no-such-thing`)).toBe(false);
    expect(lstatSync(`${dir}/etc/alternatives/awk`).isSymbolicLink()).toBe(true);
    await hands.ask('etc', ['etc', `${dir}/etc`, 'ld.so.conf']);
    await expect(hands.ask('etc', ['copied'])).rejects.toThrow(`etc: cp failed: ${dir}/etc: File exists`);
  });

  it('holds a lock until it ends, follows no link to it, and says that another one has it', async () => {
    using hands = ownHands();
    using other = ownHands();
    const lock = ['lock', `${dir}/lock`] as const;
    await hands.ask('locked', lock);
    expect(lstatSync(`${dir}/lock`).mode & 0o7777).toBe(0o600);
    await expect(other.ask('locked', lock)).rejects.toThrow(`locked: ${dir}/lock: Resource temporarily unavailable`);
    symlinkSync('lock', `${dir}/link`);
    await expect(other.ask('locked', ['lock', `${dir}/link`])).rejects.toThrow('Too many levels of symbolic links');
    hands.kill();
    await hands.died;
    await other.ask('locked', lock);
  });
});

describe('hands', () => {
  it('that are killed refuse what they were asked, and whatever they are asked then', async () => {
    using hands = ownHands();
    const begun = hands.ask('etc', ['etc', `${dir}/etc`, 'alternatives']);
    hands.kill();
    const asked = hands.alive();
    const how = 'the process that makes what the jail needs (hands.pl) ended with SIGKILL';
    expect(await hands.died).toBe(how);
    await begun.catch(() => {}); // it may have been done
    for (const one of [asked, hands.alive(), hands.all([['a', ['there']]])]) {
      await expect(one).rejects.toThrow(how);
      await expect(one).rejects.toMatchObject({ remedy: expect.stringContaining('who kills processes') });
    }
  });
  it('that do not answer in time are killed', async () => {
    // A FIFO that nobody reads.
    spawnSync('mkfifo', [join(dir, 'fifo')]);
    using hands = ownHands(500);
    await expect(hands.ask('locked', ['lock', join(dir, 'fifo')])).rejects.toThrow('(hands.pl) did not answer in time');
  });
  it('that cannot begin say why', async () => {
    const hands = new Hands(join(dir, 'none.pl') as HostPath);
    expect(await hands.died).toMatch(/hands\.pl\) ended with 2: Can't open perl script ".*none\.pl": No such file/);
    await expect(hands.alive()).rejects.toThrow(JailError);
  });
  it('refuse the first of several things that was wrong, and do the others', async () => {
    using hands = ownHands();
    const all = hands.all([
      ['first', ['work', join(dir, 'a'), '']],
      ['second', ['lock', join(dir, 'none/b')]],
      ['third', ['lock', join(dir, 'none/c')]],
    ]);
    await expect(all).rejects.toThrow('second: ');
    expect(existsSync(join(dir, 'a'))).toBe(true);
  });
});

describe('what is mounted', () => {
  const overlay = (lower: string | null, more: Partial<OverlayToMake> = {}): OverlayToMake => ({
    key: 'k',
    layer: 'workspace',
    target: '/w',
    lower: lower as HostPath | null,
    access: 'copy-on-write',
    swap: null,
    owner: { uid: 0, gid: 0 },
    mode: 0o755,
    ...more,
  });
  const [RDONLY, NOSUID, NODEV, BIND] = [1, 2, 4, 4096];
  const data = (lower: string, own = true): string =>
    `lowerdir=${work('setup/k')}${lower}${own ? `,upperdir=${work('scratch/layers/k/upper')},workdir=${work('scratch/layers/k/work')}` : ''},redirect_dir=on,metacopy=off,index=off`;
  const at = work('root/w');

  it('is an overlay, with an upper directory where it may be written to', () => {
    expect(overlayMounts([overlay('/low')])).toEqual([['overlay', at, 'overlay', NOSUID | NODEV, data(':/low')]]);
    expect(overlayMounts([overlay(null)])).toEqual([['overlay', at, 'overlay', NOSUID | NODEV, data('')]]);
    expect(overlayMounts([overlay('/low', { access: 'read-only' })])).toEqual([
      ['overlay', at, 'overlay', RDONLY | NOSUID | NODEV, data(':/low', false)],
    ]);
  });
  it.each(['/a,b', '/a:b', '/a\\b', '/a b', '/a"b', '/a\nb', `/${'é'.repeat(600)}`])(
    'has another name first where options cannot hold its own: %#',
    (odd) => {
      expect(overlayMounts([overlay(odd)])).toEqual([
        [odd, work('lower/k'), 'none', BIND, ''],
        ['overlay', at, 'overlay', NOSUID | NODEV, data(`:${work('lower/k')}`)],
      ]);
      // One that is id-mapped has it already.
      expect(overlayMounts([overlay(odd, { swap: { uid: 1, gid: 1 } })])).toHaveLength(1);
    },
  );
  it('has options that are shorter than a page', () => {
    const [mount] = overlayMounts([overlay(`/${'x'.repeat(1023)}`)], new Set(['k']));
    expect(mount?.[4]).toContain('restored');
    expect(mount?.[4].length).toBeLessThan(4096);
  });
});
