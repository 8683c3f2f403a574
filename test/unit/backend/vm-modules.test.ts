import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { moduleBytes } from '../../../src/backend/vm-modules.ts';
import type { HostPath } from '../../../src/model/names.ts';

const BYTES = Buffer.from('a module '.repeat(1000));
const place = mkdtempSync(join(tmpdir(), 'aj-vm-'));
afterAll(() => rmSync(place, { recursive: true }));
const put = (name: string, bytes: Uint8Array): { readonly path: HostPath } => {
  writeFileSync(join(place, name), bytes);
  return { path: join(place, name) as HostPath };
};

describe('a module of the guest’s kernel', () => {
  it.each([
    ['m.ko', (bytes: Buffer) => bytes],
    ['m.ko.gz', gzipSync],
    ['m.ko.zst', zstdCompressSync],
    ['m.ko.xz', (input: Buffer) => execFileSync('xz', ['--stdout'], { input })],
  ] as const)('is unpacked: %s', async (name, pack) => {
    expect((await moduleBytes(put(name, pack(BYTES)))).equals(BYTES)).toBe(true);
  });
  it('that cannot be unpacked is named, with what to do', async () => {
    await expect(moduleBytes(put('spoilt.ko.xz', Buffer.from('none')))).rejects.toMatchObject({
      message: expect.stringMatching(/spoilt\.ko\.xz could not be unpacked: xz ended with 1: /),
      remedy: 'run `apt-get install xz-utils`, or install the kernel again',
    });
    await expect(moduleBytes(put('m.ko.lz4', BYTES))).rejects.toMatchObject({
      message: `${place}/m.ko.lz4 is packed in a way that is not known`,
      remedy: 'use a kernel whose modules end in .ko, .ko.gz, .ko.xz or .ko.zst',
    });
  });
});
