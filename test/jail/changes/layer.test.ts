import { execFileSync } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CLEAN_ENV } from '../../../src/system/exec.ts';
import { edits, perform, trees } from '../../support/edits.ts';
import { ENGINE } from '../../support/jail.ts';
import { base, collect, dir, listing, mount, type Outcome, TARGET, useWorkspace, work } from './fixture.ts';

useWorkspace();

const docker = (...args: string[]): string =>
  execFileSync('docker', args, { env: { ...CLEAN_ENV, HOME: dir, ...ENGINE }, encoding: 'utf8', timeout: 60_000 }).trim();
const sha256 = (bytes: Buffer): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

/** Docker's word: an image of the base with the archive as a layer on top, as a tree. */
function asImage({ archive }: Outcome): string {
  const image = join(dir, 'image');
  const root = join(dir, 'out/root');
  mkdirSync(image);
  mkdirSync(join(root, TARGET), { recursive: true });
  execFileSync('cp', ['-a', `${base}/.`, join(root, TARGET)]);
  execFileSync('tar', ['-cf', join(image, 'base.tar'), '-C', root, '.']);
  writeFileSync(join(image, 'changes.tar'), gunzipSync(archive));
  const layers = ['base.tar', 'changes.tar'];
  const rootfs = { type: 'layers', diff_ids: layers.map((name) => sha256(readFileSync(join(image, name)))) };
  writeFileSync(join(image, 'config.json'), JSON.stringify({ architecture: 'amd64', os: 'linux', config: {}, rootfs }));
  const name = `changes-${randomUUID()}:test`;
  writeFileSync(join(image, 'manifest.json'), JSON.stringify([{ Config: 'config.json', RepoTags: [name], Layers: layers }]));
  execFileSync('tar', ['-cf', join(dir, 'image.tar'), '-C', image, '.']);
  docker('load', '--input', join(dir, 'image.tar'));
  try {
    const container = docker('create', name, '/none');
    docker('export', '--output', join(dir, 'exported.tar'), container);
    docker('rm', container);
  } finally {
    docker('rmi', name);
  }
  const exported = join(dir, 'exported');
  mkdirSync(exported);
  execFileSync('tar', ['-xpf', join(dir, 'exported.tar'), '-C', exported, '--same-owner', TARGET.slice(1)]);
  return join(exported, TARGET);
}

test('docker takes the archive as a layer, and the base with it on top is the tree of the jail', async () => {
  const seed = Date.now() % 2 ** 31;
  console.log(`layer: FUZZ_SEED=${seed}`);
  const made = fc.sample(fc.tuple(trees, edits), { numRuns: 60, seed: Number(process.env['FUZZ_SEED'] ?? seed) });
  const place = (root: string, at: number): string => join(root, `tree ${at}`);
  for (const [at, [tree]] of made.entries()) {
    mkdirSync(place(base, at));
    perform(place(base, at), tree);
  }
  mount();
  for (const [at, [, edit]] of made.entries()) perform(place(work, at), edit);
  const outcome = await collect();
  expect(outcome.footer.archive.entries).toBeGreaterThan(100);
  const left = outcome.footer.archive.left_out.map(({ path }) => path);
  expect(outcome.footer.archive.left_out.every(({ why }) => why === 'whiteout-name')).toBe(true);
  const wanted = new Map([...listing(work)].filter(([path]) => !path.includes('.wh.')));
  expect(left.every((path) => path.includes('.wh.'))).toBe(true);
  expect(listing(asImage(outcome))).toEqual(wanted);
});
