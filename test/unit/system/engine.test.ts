import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createServer as createSecure } from 'node:https';
import { createServer as createSocket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { intercept } from '../../../src/run/certificates.ts';
import { JailError } from '../../../src/model/errors.ts';
import { pipeOf } from '../../../src/system/engine-connection.ts';
import { Engine, greeting, messageOf, older, socketOf } from '../../../src/system/engine.ts';

const certified = await intercept('01JD000000000000000000ABCD', ['localhost', 'other.example']);
const place = mkdtempSync(join(tmpdir(), 'agent-jail-engine-'));
const open: { close(): unknown; closeAllConnections?(): void }[] = [];
afterAll(() => {
  for (const server of open) {
    server.closeAllConnections?.();
    server.close();
  }
  rmSync(place, { recursive: true });
});
/** Something that listens where an engine would; returns DOCKER_HOST. */
async function listening(name: string, server: Server | ReturnType<typeof createSocket>): Promise<string> {
  open.push(server);
  await new Promise<void>((resolve) => server.listen(join(place, name), resolve));
  return `unix://${join(place, name)}`;
}
const answering = (version: object, seen: string[] = []) =>
  createServer((request, response) => {
    seen.push(`${request.method} ${request.url}`);
    response.end(JSON.stringify(request.url === '/version' ? version : {}));
  });
const refusal = async (host: string | null, timeout?: number): Promise<string> => {
  const error: unknown = await Engine.connect(host, timeout).catch((e: unknown) => e);
  if (!(error instanceof JailError)) throw error;
  return `${error.message} | ${error.remedy}`;
};

describe('socketOf', () => {
  test.each([
    [null, '/var/run/docker.sock'],
    ['', '/var/run/docker.sock'],
    ['unix:///run/user/1000/docker.sock', '/run/user/1000/docker.sock'],
  ])('%o is %s', (host, path) => {
    expect(socketOf(host)).toBe(path);
  });
  test.each(['tcp://127.0.0.1:2375', 'ssh://me@there', 'unix://', 'unix://relative', 'npipe:////./pipe/docker'])(
    '%s is refused by name',
    (host) => {
      expect(() => socketOf(host)).toThrow(`DOCKER_HOST is ${JSON.stringify(host)}: the engine has to be on this machine`);
    },
  );
});

test.each([
  ['1.41', '1.44', true],
  ['1.44', '1.44', false],
  ['1.9', '1.44', true],
  ['1.100', '1.44', false],
  ['2.0', '1.44', false],
])('API %s is older than %s: %s', (a, b, is) => {
  expect(older(a, b)).toBe(is);
});

test.each([
  [404, { message: 'no such image' }, 'no such image'],
  [500, null, 'status 500'],
  [500, { message: '' }, 'status 500'],
])('messageOf %i %o', (status, body, message) => {
  expect(messageOf(status, body)).toBe(message);
});

test.each([
  ['HTTP/1.0 200 OK\r\nApi-Version: 1.41\r\nServer: Docker/20.10.24 (linux)', { version: '20.10.24', api: '1.41' }],
  ['HTTP/1.0 200 OK\r\nServer: Docker/29.0.0 (linux)\r\napi-version: 1.52', { version: '29.0.0', api: '1.52' }],
  ['HTTP/1.0 200 OK\r\nServer: Docker/99.0.0 (linux)\r\nApi-Version: 1.99', null],
  ['HTTP/1.0 200 OK\r\nServer: Libpod/5.0.0 (linux)\r\nApi-Version: 1.41', null],
  ['HTTP/1.0 404 Not Found', null],
])('greeting %j', (head, found) => {
  expect(greeting(head)).toEqual(found);
});

describe('an engine over TLS', () => {
  const { authority, certificates } = certified;
  const tls = { ca: authority, cert: null, key: null };
  const far = (port: number, ca: string | null = authority) =>
    ({ ok: true, host: `tcp://localhost:${port}`, from: 'DOCKER_HOST', tls: { ...tls, ca } }) as const;
  const serving = async (options: object): Promise<number> => {
    const mine = certificates['localhost'];
    const server = createSecure({ cert: mine?.certificate, key: mine?.key, ...options }, (request, response) => {
      response.setHeader('Api-Version', '1.41');
      response.setHeader('Server', 'Docker/20.10.24 (linux)');
      response.end(request.url === '/v1.41/long' ? 'archive' : '{}');
    });
    open.push(server);
    await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
    return (server.address() as { port: number }).port;
  };
  const said = async (port: number, ca?: string | null): Promise<string> => {
    const error: unknown = await Engine.connect(far(port, ca)).catch((e: unknown) => e);
    if (!(error instanceof JailError)) throw error;
    return `${error.message} | ${error.remedy}`;
  };
  test('is spoken to: short answers and long ones', async () => {
    const engine = await Engine.connect(far(await serving({})));
    expect(engine.where).toMatch(/^tcp:\/\/localhost:\d+$/);
    expect((await engine.ask('GET', '/info')).status).toBe(200);
    const chunks: string[] = [];
    for await (const chunk of await engine.stream('GET', '/long')) chunks.push(String(chunk));
    expect(chunks.join('')).toBe('archive');
  });
  test('that is certified by nobody known, or for another name, is named, and is told nothing', async () => {
    const remedy = /\| give the authority that certified it as `ca\.pem`/;
    const unknown = await said(await serving({}), null);
    expect(unknown).toMatch(/^the Docker engine at tcp:\/\/localhost:\d+ is not who it should be: /);
    expect(unknown).toMatch(remedy);
    const other = certificates['other.example'];
    const wrong = await said(await serving({ cert: other?.certificate, key: other?.key }));
    expect(wrong).toContain('is not who it should be: ');
    expect(wrong).toMatch(remedy);
  });
  test('that speaks no TLS cannot be spoken to', async () => {
    const plain = createSocket((socket) => socket.end('HTTP/1.0 200 OK\r\n\r\n'));
    open.push(plain);
    await new Promise<void>((resolve) => plain.listen(0, 'localhost', resolve));
    expect(await said((plain.address() as { port: number }).port)).toContain('cannot be spoken to');
  });
});

test('a pipe of Windows is written as Windows writes it', () => {
  expect(pipeOf('npipe:////./pipe/docker_engine')).toBe('\\\\.\\pipe\\docker_engine');
  expect(pipeOf('unix:///a')).toBeNull();
});

describe('an engine', () => {
  test('that greets is not asked for more', async () => {
    const asked: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url);
      response.setHeader('Api-Version', '1.41');
      response.setHeader('Server', 'Docker/20.10.24 (linux)');
      response.end('OK');
    });
    const engine = await Engine.connect(await listening('greeting', server));
    expect([engine.version, (await engine.ask('GET', '/info')).status]).toEqual(['20.10.24', 200]);
    expect(asked).toEqual(['/_ping', '/v1.41/info']);
  });
  test('that cuts an answer off, or answers with none, broke off', async () => {
    const cut = createSocket((socket) => void socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}')));
    expect(await refusal(await listening('cut', cut))).toContain('broke off: its answer is cut off');
    const other = createSocket((socket) => void socket.once('data', () => socket.end('SSH-2.0\r\n')));
    expect(await refusal(await listening('ssh', other))).toContain('broke off: its answer is not HTTP');
  });

  test.each([
    ['20.10.24', '1.41', '1.12', '/v1.41/info'],
    ['28.5.1', '1.51', '1.24', '/v1.44/info'],
    ['29.0.0', '1.52', '1.44', '/v1.44/info'],
    ['40.0.0', '1.99', '1.60', '/v1.60/info'],
  ])('of version %s (API %s, at least %s) is asked for %s', async (Version, ApiVersion, MinAPIVersion, path) => {
    const seen: string[] = [];
    const engine = await Engine.connect(await listening(Version, answering({ Version, ApiVersion, MinAPIVersion }, seen)));
    expect(engine.version).toBe(Version);
    expect(await engine.ask('GET', '/info')).toEqual({ status: 200, body: {} });
    expect(seen.at(-1)).toBe(`GET ${path}`);
  });
  test('that is not there, is none, or says nothing is named, with what to do', async () => {
    const remedy = 'start the Docker engine, or choose `jail.backend: nspawn`';
    expect(await refusal(`unix://${place}/absent`)).toBe(`there is no Docker engine: ${place}/absent is not there | ${remedy}`);
    expect(await refusal(await listening('other', answering({ hello: 'world' })))).toContain('is no Docker engine');
    expect(await refusal(await listening('silent', createSocket()), 100)).toBe(
      `the Docker engine at ${place}/silent does not answer in time | ${remedy}`,
    );
    const rude = createSocket((socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{'));
    expect(await refusal(await listening('rude', rude))).toContain('broke off');
  });
});
