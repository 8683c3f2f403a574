import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { OwnEngine } from '../support/engine.ts';
import { jailed, repository, temporary } from '../support/jail.ts';

const place = temporary();
let engine: OwnEngine;

/** Runs something that waits in the place of what it was asked for, as a runtime does that puts its containers into a kernel of its own. */
const FOREIGN = `#!/bin/bash
for arg; do [ "$last" = --bundle ] && bundle=$arg; last=$arg; done
[ -z "$bundle" ] || perl -0pi -e 's/"args":\\[.*?\\](?=,"env")/"args":["\\/bin\\/sleep","300"]/' "$bundle/config.json"
exec runc "$@"
`;

beforeAll(async () => {
  repository(place.path);
  const foreign = join(place.path, 'foreign');
  writeFileSync(foreign, FOREIGN, { mode: 0o755 });
  const runtime = (name: string, path: string): string[] => ['--add-runtime', `${name}=${path}`];
  const further = [...runtime('second', '/usr/sbin/runc'), ...runtime('foreign', foreign), ...runtime('broken', '/usr/bin/false')];
  engine = await OwnEngine.start(undefined, { further });
});
afterAll(async () => {
  await engine[Symbol.asyncDispose]();
  place[Symbol.dispose]();
});

const SCRIPT = 'echo more >> a.txt; mkdir new; echo x > new/y; ln -s a.txt link; rm src/b.txt; id -u';
async function on(backend: string, runtime: string | null) {
  const docker = runtime === null ? '' : `, docker: { runtime: ${runtime} }`;
  const policy = `jail: { backend: ${backend}${docker} }\nlimits: { disk: 64MiB, memory: 512MiB }\n`;
  return jailed(place.path, SCRIPT, { policy, env: { DOCKER_HOST: engine.host } });
}
/** Times are those of the run. */
const changesOf = (ran: Awaited<ReturnType<typeof on>>): unknown =>
  JSON.parse(JSON.stringify(ran.ndjson('changes.ndjson')).replace(/"mtime":\d+/g, '"mtime":0'));

test('another runtime leaves the same changes, and the record names it', async () => {
  const usual = await on('docker', null);
  const second = await on('docker', 'second');
  expect([usual.code, second.code]).toEqual([0, 0]);
  expect(second.transcript).toBe(usual.transcript);
  expect(changesOf(second)).toEqual(changesOf(usual));
  expect(second.ndjson('changes.ndjson').length).toBeGreaterThan(3);
  expect(second.run.backend).toEqual({ name: 'docker', version: `${usual.run.backend.version}, runtime second`, why: 'asked for' });
  expect(second.run.policy.jail.runtime).toBe('second');
});

test('auto takes the backend that has runtimes, also where what was begun for another one is not needed', async () => {
  const ran = await on('auto', 'second');
  expect(ran.run.backend).toMatchObject({ name: 'docker', why: 'auto: jail.docker.runtime is second' });
  expect([ran.code, ran.ndjson('changes.ndjson').length > 3]).toEqual([0, true]);
});

test.each([
  ['not-there', /has no runtime "not-there"; it has broken, foreign, runc, second$/, /name it under `runtimes`/],
  ['broken', /the Docker engine: .*(broken|false|OCI runtime)/, /backend\.log/],
  ['foreign', /the runtime foreign does not run the step as a process of this machine's kernel/, /such as runc/],
])('a runtime that is no use is named, and no step starts: %s', async (runtime, why, remedy) => {
  const ran = await on('docker', runtime);
  expect(ran.code).toBe(70);
  expect(ran.verdict.because).toMatch(why);
  expect(ran.run.end).toMatchObject({ how: 'error', started: false, remedy: expect.stringMatching(remedy) });
  expect(ran.transcript).toBe('');
});

test('a backend without runtimes is refused where the caller names it', async () => {
  const asked = await jailed(place.path, 'echo never', {
    policy: 'jail: { docker: { runtime: second } }\n',
    args: ['--backend', 'nspawn'],
    env: { DOCKER_HOST: engine.host },
  });
  expect(asked.code).toBe(70);
  expect(asked.verdict.because).toContain('the backend nspawn has no runtime second');
});
