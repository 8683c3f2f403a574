import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect } from 'vitest';
import type { HostPath } from '../../../src/model/names.ts';
import { RECORD } from '../../../src/model/record.ts';
import { RecordError } from '../../../src/record/error.ts';
import { LINE_FILES, openRecordDir } from '../../../src/record/read.ts';
import { verify } from '../../../src/record/verify.ts';
import { makeVerdict } from '../../../src/run/verdict.ts';
import { lines } from '../../../src/system/lines.ts';
import { parseMountinfo, parseStatus } from '../../../src/system/proc.ts';
import { added, deleted, deriveAll, denial, ID, makeRecord, modified, renamed, USUAL_FILES } from '../../unit/record/fixture.ts';
import { cut, fuzz, sizes, spoilt, spoiltText, through } from './fuzz.ts';

// A record that may come from a stranger.

const place = mkdtempSync(join(tmpdir(), 'aj-fuzz-'));
afterAll(() => rmSync(place, { recursive: true }));
const { dir: made, outputs } = makeRecord({
  changes: [added('a'), modified('b'), deleted('c\n'), renamed('d', 'e'), added(Buffer.from([0x66, 0xff]))],
  network: [denial('evil.example')],
  output: 'hello\n',
});
await makeVerdict({ kind: 'verdict', id: ID, record: made, outputs, secrets: {}, mask: [] }, deriveAll);
const good = join(place, 'good');
cpSync(made, good, { recursive: true });
const FILES = USUAL_FILES;
const contents = new Map(FILES.map((file) => [file, readFileSync(join(good, file))]));
const intact = await verify(good as HostPath);
if (intact.state !== 'intact') throw new Error(JSON.stringify(intact));

const spoiltFile = fc.constantFrom(...FILES).chain((file) => fc.tuple(fc.constant(file), spoilt([contents.get(file) ?? Buffer.alloc(0)])));

fuzz(
  'verify: never throws, and no change of a sealed file goes unseen',
  fc.array(spoiltFile, { minLength: 1, maxLength: 3 }),
  async (changes) => {
    for (const [file, bytes] of changes) writeFileSync(join(good, file), bytes);
    const differ = FILES.filter((file) => {
      const last = changes.findLast(([other]) => other === file);
      return last !== undefined && !last[1].equals(contents.get(file) ?? Buffer.alloc(0));
    });
    try {
      const { state, problems } = await verify(good as HostPath);
      // The verdict seals what was derived; it is sealed by nothing, and without it a run was cut off.
      if (differ.some((file) => RECORD[file].sealed || file === 'manifest.json')) expect(state).toBe('broken');
      else if (differ.some((file) => !RECORD[file].sealed && file !== 'verdict.json')) expect(['broken', 'cut-off']).toContain(state);
      if (differ.length === 0) expect(state).toBe('intact');
      for (const { file, message } of problems) expect(`${file}${message}`).not.toMatch(/[\0-\x08\x0a-\x1f]/);
    } finally {
      for (const [file] of changes) writeFileSync(join(good, file), contents.get(file) ?? '');
    }
  },
  2000,
);

fuzz(
  'ndjson: lines, or a RecordError that names the line',
  fc.constantFrom(...LINE_FILES).chain((file) => fc.tuple(fc.constant(file), spoilt([contents.get(file) ?? Buffer.alloc(0)]))),
  async ([file, bytes]) => {
    writeFileSync(join(good, file), bytes);
    try {
      for await (const line of openRecordDir(good as HostPath).lines(file)) expect(typeof line).toBe('object');
    } catch (error) {
      if (!(error instanceof RecordError)) throw error;
      expect(error.file).toBe(file);
    } finally {
      writeFileSync(join(good, file), contents.get(file) ?? '');
    }
  },
);

fuzz(
  'pipes: the same lines however they are cut, or one error',
  fc.tuple(spoilt([Buffer.from('{"a":1}\n{"b":"ä"}\n\nlast')]), sizes),
  async ([bytes, at]) => {
    const read = async (pieces: readonly Buffer[]): Promise<string[]> => through((stream) => lines(stream, 1000), pieces);
    expect(await read(cut(bytes, at))).toEqual(bytes.length === 0 ? [] : await read([bytes]));
  },
);

const MOUNTS = '36 35 98:0 /mnt1 /mnt\\0402 rw,noatime master:1 - ext3 /dev/root rw,errors=continue\n24 1 0:5 / /proc rw - proc proc rw\n';
fuzz(
  '/proc: what the kernel says, with names of the agent in it',
  spoiltText([MOUNTS, 'Name:\tx\nUid:\t1\t2\t3\t4\nSeccomp:\t2\n']),
  (text) => {
    for (const { target } of parseMountinfo(text)) expect(typeof target).toBe('string');
    for (const [key] of parseStatus(text)) expect(key).not.toBe('');
  },
);
