import { afterAll, beforeAll, expect, test } from 'vitest';
import { Engine } from '../../src/system/engine.ts';
import { giveBases } from '../support/debian-base.ts';
import { changesIn, intricate, leftAt } from '../support/elsewhere.ts';
import { mac, runFrom } from '../support/foreign.ts';
import { ENGINE, jailed, temporary } from '../support/jail.ts';
import { Podman } from '../support/podman.ts';

const place = temporary();
let podman: Podman;
beforeAll(async () => {
  intricate(place.path);
  podman = await Podman.start();
});
afterAll(async () => {
  await podman[Symbol.asyncDispose]();
  place[Symbol.dispose]();
});

test('a run at Podman’s service prints the same and leaves the same changes, to the byte, as one at a Docker engine', async () => {
  expect((await Engine.connect(podman.host)).product).toBe('podman');
  const policy = 'jail: { backend: docker }\nlimits: { disk: 64MiB, memory: 512MiB, time: 1m }\n';
  const script = `set -e; id; cat theirs; ls -lan --time-style=+ deep/er; echo more >> a.txt; rm 'no newline'; chmod 755 private
    printf 'a\\r\\nb' > new; mv crlf.txt deep/; cp 'ü — "q".txt' "ä b"; ln -sf b.txt link; echo '{}' > "$AGENT_JAIL_RESULT"`;
  const near = await jailed(place.path, script, { policy, env: ENGINE });
  const elsewhere = await jailed(place.path, script, { policy, env: { DOCKER_HOST: podman.host } });
  expect([near.code, elsewhere.code, elsewhere.transcript]).toEqual([0, 0, near.transcript]);
  expect(changesIn(elsewhere)).toEqual(changesIn(near));
  expect(changesIn(near).patch.length).toBeGreaterThan(300);
  expect(elsewhere.run.backend.why).toContain('the engine is Podman');
  await expect.poll(async () => leftAt(podman.host), { timeout: 30_000 }).toEqual([]);
});

test('Podman’s service builds what a run from another machine needs', async () => {
  await giveBases(podman.host);
  const policy = 'jail: { backend: docker }\nlimits: { disk: 64MiB, memory: 512MiB, time: 1m }\n';
  const env = { DOCKER_HOST: podman.host };
  const ran = await runFrom(mac, place.path, 'cat a.txt; echo more > new', { policy, workspace: `${place.path}/work`, env });
  expect([ran.result.because, ran.transcript]).toEqual([ran.verdict.because, 'one\ntwo\nthree\n']);
  expect(ran.result.outcome).toBe('succeeded');
  expect(ran.notices.join()).toContain('builds what a jail needs, once');
  expect(ran.ndjson('changes.ndjson').map(({ path }) => path)).toContain('new');
  await expect.poll(async () => leftAt(podman.host), { timeout: 30_000 }).toEqual([]);
});
