import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { wardenMemory } from '../../../bench/support/warden-memory.ts';
import { CLI, jailed, NODE, repository, temporary } from '../../support/jail.ts';

/** The most that a pipe holds (pipe(7)). */
const MOST_READ = 1 << 20;

test('200 MiB of output: the transcript has the bytes that the jail hashed', async () => {
  using place = temporary();
  repository(place.path);
  const policy = 'limits: { output: 300MiB, disk: 512MiB, memory: 1GiB, time: 2m }\n';
  // Printed and hashed by one process, so that neither a pipe nor a file of the jail lies between.
  const script = `perl -MDigest::SHA -e '$| = 1; my $h = Digest::SHA->new(256); open my $r, "<", "/dev/urandom"; read $r, my $block, 1 << 20;
    for my $n (1 .. 200) { substr($block, 0, 8) = sprintf("%08d", $n); $h->add($block); print $block } print $h->hexdigest'`;
  const ran = await jailed(place.path, script, { policy, args: ['--json'] });
  expect(ran.code).toBe(0);
  const size = 200 << 20;
  const file = openSync(join(ran.out, 'transcript.log'), 'r');
  const hash = createHash('sha256');
  const block = Buffer.alloc(1 << 20);
  let at = 0;
  for (let n = -1; at < size && n !== 0; at += n) {
    n = readSync(file, block, 0, Math.min(block.length, size - at), at);
    hash.update(block.subarray(0, n));
  }
  const rest = Buffer.alloc(100);
  const left = rest.toString('latin1', 0, readSync(file, rest, 0, rest.length, size));
  closeSync(file);
  expect(left).toBe(hash.digest('hex'));
  expect(ran.run.steps[0]?.exit?.bytes).toBe(size + 64);
  const checkpoints = ran.ndjson('transcript.ndjson').filter((line) => line['kind'] === 'checkpoint');
  const bytes = [0, ...checkpoints.map((line) => Number(line['bytes']))];
  expect(bytes.at(-1)).toBe(size + 64);
  // One each MiB; what goes beyond that came in the same read.
  const longest = Math.max(...bytes.slice(1).map((end, index) => end - (bytes[index] ?? 0)));
  expect(longest).toBeLessThan((1 << 20) + MOST_READ);
  expect(ran.run.limits.find(({ name }) => name === 'output')).toMatchObject({ peak: size + 64, hit: false });
});

test('300 MiB of output: the warden is no larger than after 16', async () => {
  using place = temporary();
  const cwd = repository(place.path);
  const policy = join(place.path, 'policy.yml');
  writeFileSync(policy, 'limits: { output: 400MiB, disk: 256MiB, memory: 1GiB, time: 2m }\n');
  const peak = async (size: number): Promise<number> => {
    const out = join(place.path, `of-${size}`);
    const argv = [NODE, CLI, 'run', '--policy', policy, '--out', out, '--', 'head', '-c', String(size), '/dev/zero'] as const;
    const after = (): void => expect(statSync(join(out, 'transcript.log')).size).toBe(size);
    return wardenMemory({ name: 'a run', argv, cwd, env: { PATH: process.env['PATH'] ?? '', HOME: place.path }, code: 0, after });
  };
  const [small, large] = [await peak(16 << 20), await peak(300 << 20)];
  expect(large).toBeLessThan(120);
  expect(large - small).toBeLessThan(16);
});
