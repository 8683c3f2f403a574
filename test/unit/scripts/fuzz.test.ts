import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { sfc32 } from '../../../src/statistics/random.ts';
import { CORPUS, fuzz, targets } from '../../fuzz/fuzz.ts';
import { mutate, shrink } from '../../fuzz/mutate.ts';
import { read, repositoryFiles } from '../../support/sources.ts';

const place = mkdtempSync(join(tmpdir(), 'fuzzer-'));
afterAll(() => rmSync(place, { recursive: true, force: true }));
mkdirSync(join(place, 'src'));

/** A target of its own: `body` is the parser, in a file whose coverage counts. */
function planted(name: string, body: string): { module: string; corpus: string } {
  const module = join(place, 'src', `${name}.mjs`);
  writeFileSync(module, `export const target = { seeds: ['some text'], check(input) { ${body} } };\n`);
  return { module: pathToFileURL(module).href, corpus: join(place, 'corpus') };
}
const limits = (runs: number, seed = 1) => ({ runs, seed, until: Date.now() + 60_000 });
const LETTERS = "if (input[0] === 0x70) if (input[1] === 0x61) if (input[2] === 0x72) if (input[3] === 0x73) throw new Error('found');";

describe('the fuzzer', () => {
  it('finds what only one condition after the other leads to, makes it small, and keeps it', async () => {
    const run = await fuzz('letters', limits(60_000), planted('letters', LETTERS));
    expect(run.finding).toMatchObject({ kind: 'threw', message: expect.stringContaining('Error: found') });
    expect(run.finding?.input.toString()).toBe('pars');
    expect(readFileSync(run.file ?? '', 'utf8')).toBe('pars');
    expect(readdirSync(join(place, 'corpus/letters'))).toEqual([expect.stringMatching(/^found-[0-9a-f]{12}$/)]);
  });

  it('does not find it without looking at what was run: the same number of inputs, the same mutations', () => {
    const random = sfc32(1, 0);
    const material = { corpus: [Buffer.from('some text')], words: [], longest: 4096 };
    let found = 0;
    for (let run = 0; run < 60_000; run += 1) if (mutate(random, material).subarray(0, 4).toString('latin1') === 'pars') found += 1;
    expect(found).toBe(0);
  });

  it('begins with what was kept', async () => {
    const run = await fuzz('letters', limits(0), planted('letters', LETTERS));
    expect(run.finding?.input.toString()).toBe('pars');
    expect(run.tried).toBeLessThan(200);
  });

  it('tries the same inputs for the same seed', async () => {
    const body = "if (input[0] === 0x70 && input.length > 20) throw new Error('found')";
    const once = async (name: string, seed: number) => fuzz(name, limits(20_000, seed), planted(name, body));
    const [one, two, other] = [await once('one', 7), await once('two', 7), await once('other', 8)];
    expect(one.finding).not.toBeNull();
    expect(two.tried).toBe(one.tried);
    expect(other.tried).not.toBe(one.tried);
  });

  it('stops what has no end, and keeps its input', { timeout: 60_000 }, async () => {
    const run = await fuzz('endless', limits(10_000), { ...planted('endless', 'while (input.length > 200);'), hang: 2000 });
    expect(run.finding?.kind).toBe('hang');
    expect(readFileSync(run.file ?? '').length).toBeGreaterThan(200);
  });

  it('finds what takes more time the longer the input is, on inputs larger than any that it makes', { timeout: 180_000 }, async () => {
    // ms of processor time as the square of the length: half a second for 64 KiB, two for the 4 KiB that it makes itself.
    const body = 'const end = process.threadCpuUsage().user + (input.length / 64) ** 2 / 2; while (process.threadCpuUsage().user < end);';
    const run = await fuzz('square', limits(100), { ...planted('square', body), hang: 120_000 });
    expect(run.finding).toMatchObject({ kind: 'slow', message: expect.stringMatching(/^\d+ ms for \d+ bytes$/) });
    expect(run.finding?.input.length).toBeGreaterThan(10_000);
  });

  it('finds what takes all memory', { timeout: 60_000 }, async () => {
    const run = await fuzz('memory', limits(10_000), {
      ...planted('memory', 'const all = []; while (input.length > 200) all.push({ all });'),
      memory: 48,
    });
    expect(run.finding?.kind).toBe('memory');
  });

  it('keeps a corpus of few and small inputs', async () => {
    const body = `let n = 0; for (const [at, letter] of [...'abc'].entries()) if (input[at] === letter.charCodeAt(0)) { n += 1; } else break; return n;`;
    const run = await fuzz('few', limits(10_000), { ...planted('few', body), keep: true });
    expect(run.finding).toBeNull();
    const kept = readdirSync(join(place, 'corpus/few')).map((name) => readFileSync(join(place, 'corpus/few', name), 'utf8'));
    expect(kept).toEqual(['a']);
  });
});

it('an input is made as small as it goes', async () => {
  const small = await shrink(
    Buffer.from('a long text with an x and a y in it'),
    500,
    async (bytes) => bytes.includes('x') && bytes.includes('y'),
  );
  expect(small.toString()).toBe('xy');
});

describe('the targets', () => {
  it('are every parser of what others wrote', () => {
    expect(targets()).toEqual(
      expect.arrayContaining(
        'changes dns git-config git-index harbor http log packed patch paths policy record redactor script sni steps suite tar terminal trajectory unzip'.split(
          ' ',
        ),
      ),
    );
  });

  it('each have a corpus that is small', () => {
    const files = repositoryFiles().filter((path) => path.startsWith('test/fuzz-corpus/'));
    expect([...new Set(files.map((path) => path.split('/')[2] ?? ''))].toSorted()).toEqual(targets());
    const sizes = files.map((path) => Buffer.byteLength(read(path)));
    expect(Math.max(...sizes)).toBeLessThan(20_000);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(400_000);
    expect(CORPUS).toMatch(/test\/fuzz-corpus$/);
  });
});
