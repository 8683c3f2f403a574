import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, test } from 'vitest';
import { readContents } from '../../../src/apply/contents.ts';
import type { Things } from './support.ts';
import { archive, directory, planned, recordOf } from './support.ts';

const COMMIT = 'a'.repeat(40);

/** What is kept of an archive for these changes: SHA-256 to content. */
async function kept(things: Things, archived: Uint8Array): Promise<Readonly<Record<string, string>>> {
  const { record, places } = await planned(recordOf(COMMIT, {}, things, { archive: archived }));
  const dir = directory();
  try {
    await readContents(record, places, { pathOf: (sha256) => join(dir, sha256), temporary: join(dir, 'temporary') });
    await readContents(record, places, null);
  } finally {
    // What is kept has its hash for a name, also when it all came to nothing.
    expect(readdirSync(dir).filter((name) => name !== 'temporary' && !/^[0-9a-f]{64}$/.test(name))).toEqual([]);
  }
  return Object.fromEntries(readdirSync(dir).map((name) => [name, readFileSync(join(dir, name), 'latin1')]));
}

describe('contents', () => {
  test('are found by their hash, whatever they are called and wherever they stand', async () => {
    const named = (name: string, type: 'file' | 'link' | 'symlink' | 'directory' | 'fifo' = 'file') => ({
      name: Buffer.from(name),
      type,
      link: Buffer.from('/etc/passwd'),
    });
    const odd = [
      named('../../etc/cron.d/x'),
      named('/etc/passwd'),
      named('a', 'symlink'),
      named('a/b'),
      named('x', 'fifo'),
      named('a', 'link'),
      named('.git/hooks/x', 'directory'),
    ];
    const found = await kept({ x: 'xxx', y: 'yyyy' }, archive([...odd, 'zzz', 'yyyy', 'xxx']));
    expect(Object.values(found).sort()).toEqual(['xxx', 'yyyy']);
  });

  test('that are empty need no archive; nothing is asked of a record without files', async () => {
    expect(Object.values(await kept({ x: '', y: { link: 'x' } }, new Uint8Array(archive([]))))).toEqual(['']);
  });

  test('are not looked for behind the last one', async () => {
    expect(Object.values(await kept({ x: 'xxx' }, archive(['xxx', { type: 'file', size: 8 ** 11 }], 0)))).toEqual(['xxx']);
  });

  it.each<[string, Uint8Array, RegExp]>([
    ['is not there', archive([]), /lacks the content of 1 of the changed files/],
    ['is another', archive(['xxy']), /lacks the content of 1 of the changed files/],
    ['has another size', archive(['xxxx']), /lacks the content of 1 of the changed files/],
    ['is a link', archive([{ type: 'link', link: Buffer.from('x') }]), /lacks the content of 1 of the changed files/],
    ['is in an archive that is cut off', archive(['xxx']).subarray(0, 40), /unexpected end of file/],
    ['is in no gzip', Buffer.from('xxx'), /incorrect header check/],
    ['is in no archive', gzipSync(Buffer.alloc(2048, 'x')), /a (header|number) that is none/],
    ['is in an empty file', new Uint8Array(), /cut off|unexpected end/],
  ])('that %s: refused', async (_, archived, message) => {
    await expect(kept({ x: 'xxx' }, archived)).rejects.toThrow(message);
    await expect(kept({ x: 'xxx' }, archived)).rejects.toMatchObject({ name: 'RecordError', file: 'changes.tar.gz' });
  });

  test('of a bomb are not unpacked: an archive has no more than its changes', async () => {
    const bomb = archive([Buffer.alloc(64 << 20), 'xxx']);
    expect(bomb.length).toBeLessThan(1 << 20);
    const began = process.memoryUsage().rss;
    await expect(kept({ x: 'xxx' }, bomb)).rejects.toThrow('unpacks to more than the changes that it is of');
    expect(process.memoryUsage().rss - began).toBeLessThan(48 << 20);
  });
});

test('a directory that cannot be written to is no fault of the record', async () => {
  const { record, places } = await planned(recordOf(COMMIT, {}, { x: 'xxx' }));
  const absent = join(directory(), 'absent');
  const error = await readContents(record, places, { pathOf: (sha256) => join(absent, sha256), temporary: absent + '/t' }).catch(
    (thrown: unknown) => thrown,
  );
  expect(error).toMatchObject({ name: 'Error', code: 'ENOENT' });
});

test('a content of the right size but another hash is not left behind', async () => {
  const { record, places } = await planned(recordOf(COMMIT, {}, { x: 'xxx' }, { archive: archive(['aaa', 'bbb', 'xxx']) }));
  const dir = directory();
  await readContents(record, places, { pathOf: (sha256) => join(dir, sha256), temporary: join(dir, 'temporary') });
  expect([readdirSync(dir).length, existsSync(join(dir, 'temporary'))]).toEqual([1, false]);
});
