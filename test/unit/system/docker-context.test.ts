import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { engineOf, isLoopback } from '../../../src/system/docker-context.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const HOME = '/home/me';
const meta = (name: string, directory = `${HOME}/.docker`): string => `${directory}/contexts/meta/${sha256(name)}/meta.json`;
const pem = (name: string, file: string): string => `${HOME}/.docker/contexts/tls/${sha256(name)}/docker/${file}.pem`;
const context = (name: string, docker: object): Record<string, string> => ({
  [meta(name)]: JSON.stringify({ Name: name, Metadata: {}, Endpoints: { docker } }),
});
const current = (name: string): Record<string, string> => ({ [`${HOME}/.docker/config.json`]: JSON.stringify({ currentContext: name }) });
const found = (env: Record<string, string>, files: Record<string, string> = {}, platform = 'linux') =>
  engineOf(env, HOME, (path) => files[path] ?? null, platform);
const at = (host: string, from: string, tls: object | null = null) => ({ ok: true, host, from, tls });
const SOCKET = 'unix:///var/run/docker.sock';

describe('the engine is', () => {
  test.each([
    ['at the usual place', {}, {}, at(SOCKET, 'the usual place')],
    ['where DOCKER_HOST says', { DOCKER_HOST: 'unix:///x/y' }, {}, at('unix:///x/y', 'DOCKER_HOST')],
    ['not where an empty one says', { DOCKER_HOST: '', DOCKER_CONTEXT: '' }, {}, at(SOCKET, 'the usual place')],
    [
      'where DOCKER_HOST says, whatever contexts say',
      { DOCKER_HOST: 'unix:///x', DOCKER_CONTEXT: 'gone' },
      current('gone'),
      at('unix:///x', 'DOCKER_HOST'),
    ],
    [
      'where the current context says',
      {},
      { ...current('désk top'), ...context('désk top', { Host: 'unix:///home/me/.docker/desktop/docker.sock' }) },
      at('unix:///home/me/.docker/desktop/docker.sock', 'the context "désk top"'),
    ],
    [
      'where DOCKER_CONTEXT says, before the current one',
      { DOCKER_CONTEXT: 'b' },
      { ...current('a'), ...context('b', { Host: 'tcp://127.0.0.1:2375' }) },
      at('tcp://127.0.0.1:2375', 'the context "b"'),
    ],
    ['at the usual place for the context `default`', { DOCKER_CONTEXT: 'default' }, current('a'), at(SOCKET, 'the usual place')],
    ['at the usual place for an empty configuration', {}, { [`${HOME}/.docker/config.json`]: '' }, at(SOCKET, 'the usual place')],
    [
      'found below DOCKER_CONFIG',
      { DOCKER_CONFIG: '/c', DOCKER_CONTEXT: 'a' },
      { [meta('a', '/c')]: '{"Endpoints":{"docker":{"Host":"unix:///z"}}}' },
      at('unix:///z', 'the context "a"'),
    ],
  ])('%s', (...[, env, files, expected]) => {
    expect(found(env as Record<string, string>, files)).toEqual(expected);
  });

  test('a pipe on Windows', () => {
    expect(found({}, {}, 'win32')).toEqual(at('npipe:////./pipe/docker_engine', 'the usual place'));
  });

  test('asked over TLS with the files of DOCKER_CERT_PATH, or of the context', () => {
    const tcp = { DOCKER_HOST: 'tcp://far:2376', DOCKER_TLS_VERIFY: '1' };
    const files = { '/k/ca.pem': 'A', '/k/cert.pem': 'C', '/k/key.pem': 'K' };
    expect(found({ ...tcp, DOCKER_CERT_PATH: '/k' }, files)).toEqual(at('tcp://far:2376', 'DOCKER_HOST', { ca: 'A', cert: 'C', key: 'K' }));
    expect(found(tcp, { [`${HOME}/.docker/ca.pem`]: 'A' })).toMatchObject({ tls: { ca: 'A', cert: null, key: null } });
    const far = { ...context('far', { Host: 'tcp://far:2376', SkipTLSVerify: false }), [pem('far', 'ca')]: 'A' };
    expect(found({ DOCKER_CONTEXT: 'far' }, far)).toEqual(at('tcp://far:2376', 'the context "far"', { ca: 'A', cert: null, key: null }));
  });
});

describe('refused, with what to do', () => {
  const tls = /without TLS that is verified/;
  test.each([
    [{ DOCKER_HOST: 'tcp://far:2375' }, {}, tls, /DOCKER_TLS_VERIFY=1/],
    [{ DOCKER_HOST: 'tcp://10.0.0.1:2376', DOCKER_TLS: '1' }, {}, tls, /DOCKER_TLS_VERIFY=1/],
    [{ DOCKER_HOST: 'tcp://127.evil.example:2375' }, {}, tls, /loopback/],
    [{ DOCKER_HOST: 'ssh://me@far' }, {}, /SSH is not spoken here/, /ssh -NL/],
    [{ DOCKER_HOST: 'tcp://far' }, {}, /no place of an engine/, /tcp:\/\/name:port/],
    [{ DOCKER_HOST: 'unix://relative' }, {}, /no place of an engine/, /unix:\/\/\/path/],
    [{ DOCKER_HOST: 'far:2375' }, {}, /no place of an engine/, /tcp:/],
    [{ DOCKER_CONTEXT: 'gone' }, {}, /^the context "gone" does not exist \(DOCKER_CONTEXT names it\)$/, /docker context ls/],
    [{}, current('gone'), /^the context "gone" does not exist \(currentContext names it\)$/, /docker context use default/],
    [{ DOCKER_CONTEXT: 'a' }, context('a', {}), /names no Docker engine/, /docker context inspect/],
    [{ DOCKER_CONTEXT: 'a' }, context('a', { Host: 'tcp://far:2376', SkipTLSVerify: true }), /does not verify/, /ca\.pem/],
    [{ DOCKER_CONTEXT: 'a' }, context('a', { Host: 'tcp://far:2376' }), tls, /DOCKER_TLS_VERIFY/],
    [{ DOCKER_CONTEXT: 'a' }, { [meta('a')]: '{' }, /meta\.json is no JSON/, /repair it/],
    [{}, { [`${HOME}/.docker/config.json`]: 'x' }, /config\.json is no JSON/, /repair it/],
    [
      { DOCKER_HOST: 'tcp://far:2376', DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: '/k' },
      { '/k/cert.pem': 'C' },
      /has cert\.pem and not the other one/,
      /both/,
    ],
  ])('%o', (env, files, message, remedy) => {
    expect(found(env as Record<string, string>, files as Record<string, string>)).toEqual({
      ok: false,
      message: expect.stringMatching(message),
      remedy: expect.stringMatching(remedy),
    });
  });

  test('a file that cannot be read', () => {
    const read = (): never => {
      throw new Error('EACCES: permission denied');
    };
    expect(engineOf({}, HOME, read)).toMatchObject({ ok: false, message: expect.stringContaining('cannot be read: EACCES') });
  });
});

test.each([
  ['localhost', true],
  ['127.0.0.1', true],
  ['127.9.9.9', true],
  ['[::1]', true],
  ['localhost.example.com', false],
  ['0.0.0.0', false],
  ['128.0.0.1', false],
])('%s is loopback: %s', (name, is) => {
  expect(isLoopback(name)).toBe(is);
});
