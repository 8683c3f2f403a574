import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { docker } from '../../../src/backend/docker.ts';
import { meet } from '../../../src/backend/docker-engine.ts';
import type { JailSpec, StepStart } from '../../../src/model/jail.ts';
import type { HostPath, JailPath } from '../../../src/model/names.ts';

// What is asked of an engine around a step, by one that answers as it is told.

let place: string;
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'agent-jail-requests-'));
  mkdirSync(join(place, 'root'));
});
afterEach(() => rmSync(place, { recursive: true }));

const start: StepStart = {
  index: 0,
  argv: ['/bin/true'],
  cwd: '/' as JailPath,
  env: {},
  split: false,
  tty: null,
  limits: { memory: 64 << 20, cpus: 1, processes: 9 },
};
type Answers = Readonly<Record<string, readonly [status: number, body: unknown][]>>;
const WELL: Answers = {
  'GET /info': [[200, { OSType: 'linux', CgroupDriver: 'cgroupfs', SecurityOptions: ['name=seccomp'] }]],
  'POST /containers/create': [[201, {}]],
  'POST /containers/wait': [[200, { StatusCode: 3 }]],
  'POST /containers/start': [[204, null]],
  'DELETE /containers': [[204, null]],
  'GET /containers/json': [[200, []]],
};

/** Each answer once, the last for ever. Returns what was asked, without names and versions. */
async function engine(changes: Answers) {
  const answers = new Map(Object.entries({ ...WELL, ...changes }).map(([ask, list]) => [ask, [...list]]));
  const asked: string[] = [];
  const server = createServer((request, response) => {
    request.resume();
    const [path = ''] = (request.url ?? '').replace(/^\/v[\d.]+/, '').split('?');
    const ask = `${request.method} ${path.replace(/\/(?:agent-jail-root:\w+|agent-jail-\w+-0)/, '')}`;
    response.setHeader('Server', 'Docker/20.10.24');
    response.setHeader('Api-Version', '1.41');
    if (ask === 'GET /_ping') return response.end('OK');
    asked.push(ask);
    const list = answers.get(ask) ?? [];
    const [status, body] = (list.length > 1 ? list.shift() : list[0]) ?? [404, { message: `no answer to ${ask}` }];
    response.statusCode = status;
    return response.end(body === null ? '' : JSON.stringify(body));
  });
  const socket = join(place, 'docker.sock');
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  const backend = docker({
    met: async () => meet({ ok: true, host: `unix://${socket}`, from: 'DOCKER_HOST', tls: null }),
    arch: 'x64',
    runtime: null,
    proc: '/proc',
    seen: (path) => path,
  });
  expect(await backend.probe()).toMatchObject({ ok: true, version: 'Docker 20.10.24' });
  const spec: JailSpec = {
    id: '01JD000000000000000000ABCD',
    root: join(place, 'root') as HostPath,
    view: [],
    identity: { uid: 61001, gid: 61001, name: 'agent', home: '/home/agent' as JailPath },
    cgroup: 'agent-jail-x',
    netns: null,
    seccomp: { defaultAction: 'SCMP_ACT_ERRNO', architectures: [], syscalls: [] },
    hostname: 'jail',
  };
  const jail = await backend.open(spec, { state: place as HostPath, log: join(place, 'backend.log') as HostPath });
  asked.length = 0;
  return { asked, jail, [Symbol.dispose]: () => void server.close() };
}

test('a step that ends by itself is not killed, and where the engine says that its container is gone, nothing is looked for', async () => {
  using one = await engine({});
  const running = await one.jail.start(start);
  expect(await running.exit).toEqual({ code: 3, signal: null });
  await running.kill();
  await one.jail[Symbol.asyncDispose]();
  expect(one.asked.toSorted()).toEqual([
    'DELETE /containers',
    'POST /containers/create',
    'POST /containers/start',
    'POST /containers/wait',
  ]);
});

test('an engine that lacks the image is given it, once', async () => {
  using one = await engine({
    'POST /containers/create': [
      [404, { message: 'No such image' }],
      [201, {}],
    ],
    'GET /images/json': [
      [404, {}],
      [200, {}],
    ],
    'POST /images/load': [[200, {}]],
  });
  await one.jail.start(start);
  const made = one.asked.filter((ask) => /images|create/.test(ask));
  expect(made).toEqual(['POST /containers/create', 'GET /images/json', 'POST /images/load', 'GET /images/json', 'POST /containers/create']);
});

test.each<[string, Answers, string]>([
  [
    'that does not take the image',
    { 'POST /containers/create': [[404, {}]], 'POST /images/load': [[500, { message: 'no space' }]] },
    'no space',
  ],
  ['that makes no container', { 'POST /containers/create': [[400, { message: 'no such mount' }]] }, 'no such mount'],
  ['that does not start it', { 'POST /containers/start': [[500, { message: 'runc: no' }]] }, 'runc: no'],
])('what comes of an engine %s is told, and what it may have made is looked for and removed', async (_, changes, why) => {
  using one = await engine({ ...changes, 'GET /containers/json': [[200, [{ Id: 'left' }]]], 'DELETE /containers/left': [[204, null]] });
  await expect(one.jail.start(start)).rejects.toThrow(why);
  await one.jail[Symbol.asyncDispose]();
  expect(one.asked.slice(-2)).toEqual(['GET /containers/json', 'DELETE /containers/left']);
});

test('so it is where the engine does not say that the container is gone', async () => {
  using one = await engine({ 'DELETE /containers': [[409, { message: 'removal is in progress' }]] });
  await (await one.jail.start(start)).exit;
  await one.jail[Symbol.asyncDispose]();
  expect(one.asked.at(-1)).toBe('GET /containers/json');
});

test('a step whose end is not known is killed', async () => {
  using one = await engine({ 'POST /containers/wait': [[500, { message: 'gone' }]], 'POST /containers/kill': [[204, null]] });
  const running = await one.jail.start(start);
  expect(await running.exit).toBe('backend');
  await running.kill();
  expect(one.asked).toContain('POST /containers/kill');
});
