import { readFileSync } from 'node:fs';
import { afterAll, expect, test } from 'vitest';
import { testEngine } from '../../support/engine-image.ts';
import { jailed } from '../../support/jail.ts';
import { settled, snapshot } from '../../support/machine.ts';
import { Registry } from '../../support/registry.ts';
import { refusal, RootGround } from '../../support/root.ts';
import { tar } from '../../support/tar.ts';

const ground = new RootGround();
afterAll(() => ground[Symbol.dispose]());
const policy = (name: string): string => `limits: { disk: 64MiB, memory: 256MiB, time: 20s }\njail: { root: { image: "${name}" } }\n`;

test('a hundred thousand whiteouts, and more layers than an engine takes', async () => {
  await using registry = await Registry.start();
  const engine = await testEngine();
  const base = readFileSync(ground.archive);
  const files = tar(Array.from({ length: 100_000 }, (_, n) => ({ name: `srv/f${n}` })));
  const gone = tar(Array.from({ length: 100_000 }, (_, n) => ({ name: `srv/.wh.f${n}` })));
  registry.publish('own/whiteouts', 'one', [base, files, gone]);
  registry.publish('own/layers', 'one', [base, ...Array.from({ length: 300 }, (_, n) => tar([{ name: `srv/.wh.${n}` }]))]);
  const names = ['whiteouts', 'layers'].map((name) => `${registry.host}/own/${name}:one`);
  const before = snapshot();
  try {
    const ran = await jailed(ground.path, 'ls /srv; cat /etc/release', { policy: policy(names[0] ?? '') });
    expect(ran.transcript, ran.stderr).toBe('a root of its own\n');
    const many = await jailed(ground.path, 'echo ran', { policy: policy(names[1] ?? '') });
    expect(refusal(many)).toMatch(/^the image \S+own\/layers:one could not be pulled: .*max depth exceeded/);
  } finally {
    for (const name of names) await engine.ask('DELETE', `/images/${name}?force=1`);
  }
  expect((await settled(before)).filter((line) => !line.startsWith('images'))).toEqual([]);
});
