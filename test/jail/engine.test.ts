import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import setup, { LABEL } from '../support/engine-setup.ts';
import { created, imported } from '../support/engine-image.ts';
import { answers, OwnEngine } from '../support/engine.ts';
import { NODE, REPOSITORY } from '../support/jail.ts';
import { difference, settled, snapshot } from '../support/machine.ts';
import { tar } from '../support/tar.ts';
import { Engine } from '../../src/system/engine.ts';

const NOTHING = tar([{ name: 'none', mode: 0o755 }]);

test('tests have an engine, which they know of by DOCKER_HOST', async () => {
  expect(process.env['DOCKER_HOST']).toMatch(/^unix:\/\//);
  expect(await answers(process.env['DOCKER_HOST'] ?? null)).toBe(true);
});

test('a comparison of the machine sees what is left in the engine: a container that never started, an image', async () => {
  const before = snapshot();
  {
    await using image = await imported('agent-jail-test-left', NOTHING);
    void image;
    const without = snapshot();
    expect(difference(before, without)).toEqual([expect.stringMatching(/^images \+ sha256:\w{64} agent-jail-test-left:latest$/)]);
    await using container = await created('agent-jail-test-left', 'agent-jail-test-container');
    const seen = difference(without, snapshot());
    expect(seen).toEqual([`containers + ${container.id.slice(0, 12)} /agent-jail-test-container agent-jail-test-left`]);
  }
  expect(await settled(before)).toEqual([]);
});

describe('an engine that is there', () => {
  let asked: string | undefined;
  let theirs: OwnEngine;
  beforeAll(async () => {
    asked = process.env['DOCKER_HOST'];
    theirs = await OwnEngine.start();
    process.env['DOCKER_HOST'] = theirs.host;
  });
  afterAll(async () => {
    process.env['DOCKER_HOST'] = asked;
    await theirs[Symbol.asyncDispose]();
  });

  test('is used, and left as it was but for what tests made', async () => {
    const own = await Engine.connect(theirs.host);
    const changes = encodeURIComponent('LABEL somebody=else');
    const made = await own.ask('POST', `/images/create?fromSrc=-&repo=somebodys&changes=${changes}`, {
      body: Readable.from([NOTHING]),
    });
    expect(made.status).toBe(200);
    const teardown = await setup();
    expect(process.env['DOCKER_HOST']).toBe(theirs.host);
    await imported('agent-jail-test-forgotten', NOTHING);
    await created('agent-jail-test-forgotten', 'agent-jail-test-forgotten');
    await teardown();
    expect(await answers(theirs.host)).toBe(true);
    const images = (await own.ask('GET', '/images/json?all=1')).body as { RepoTags: string[]; Labels: Record<string, string> }[];
    expect(images.map(({ RepoTags }) => RepoTags)).toEqual([['somebodys:latest']]);
    expect(images.filter(({ Labels }) => Object.hasOwn(Labels, LABEL))).toEqual([]);
    expect((await own.ask('GET', '/containers/json?all=1')).body).toEqual([]);
  });

  test('has to answer where DOCKER_HOST says so', async () => {
    process.env['DOCKER_HOST'] = 'unix:///nonexistent/docker.sock';
    await expect(setup()).rejects.toThrow(/no engine answers/);
    process.env['DOCKER_HOST'] = theirs.host;
  });
});

describe('an engine of our own leaves nothing', () => {
  test('when it is stopped', async () => {
    const before = snapshot();
    const engine = await OwnEngine.start();
    expect(existsSync(engine.place)).toBe(true);
    await engine[Symbol.asyncDispose]();
    expect(existsSync(engine.place)).toBe(false);
    expect(await settled(before)).toEqual([]);
  });

  test('when it is killed', async () => {
    const before = snapshot();
    const engine = await OwnEngine.start();
    process.kill(engine.pid, 'SIGKILL');
    await engine.gone();
    expect(existsSync(engine.place)).toBe(false);
    expect(await settled(before)).toEqual([]);
  });

  test('when the tests are killed that use it', async () => {
    const before = snapshot();
    const module = join(REPOSITORY, 'test/support/engine.ts');
    const script = `const { OwnEngine } = await import(${JSON.stringify(module)});
      process.stdout.write((await OwnEngine.start()).place); setInterval(() => {}, 1000);`;
    const child = spawn(NODE, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    const place = await new Promise<string>((resolve, reject) => {
      child.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString('utf8')));
      child.once('close', () => reject(new Error('it ended')));
    });
    expect(existsSync(place)).toBe(true);
    child.kill('SIGKILL');
    expect(await settled(before, 10_000)).toEqual([]);
    expect(existsSync(place)).toBe(false);
  });
});
