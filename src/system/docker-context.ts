import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import { JailError } from '../model/errors.ts';
import type { EngineAt, EngineChoice, EngineTls } from '../model/engine.ts';

/** The text of a file; null: it is not there. Throws where it cannot be read. */
export type ReadFile = (path: string) => string | null;
type Environment = Readonly<Record<string, string | undefined>>;

const USUAL: Readonly<Record<string, string>> = { win32: 'npipe:////./pipe/docker_engine' };
const USUAL_SOCKET = 'unix:///var/run/docker.sock';
/** The context that is no file: DOCKER_HOST, or the usual place (docker/cli, cli/command/context). */
const DEFAULT = 'default';

/**
 * The engine that the `docker` command line would speak to: DOCKER_HOST, else DOCKER_CONTEXT, else `currentContext` of its configuration,
 * else the usual place (docker/cli, `resolveContextName`). Never throws: what is wrong matters only to who needs an engine.
 */
export function engineOf(env: Environment, home: string, read: ReadFile, platform: string = process.platform): EngineChoice {
  try {
    return find(env, home, read, platform);
  } catch (error) {
    if (error instanceof JailError) return { ok: false, message: error.message, remedy: error.remedy };
    const message = `the configuration of the docker command line cannot be read: ${(error as Error).message}`;
    return { ok: false, message, remedy: 'repair it, or set DOCKER_HOST' };
  }
}

function find(env: Environment, home: string, read: ReadFile, platform: string): EngineAt {
  const said = (name: string): string | null => (env[name] === undefined || env[name] === '' ? null : env[name]);
  const directory = said('DOCKER_CONFIG') ?? posix.join(home, '.docker');
  const host = said('DOCKER_HOST');
  if (host !== null) return checked({ ok: true, host, from: 'DOCKER_HOST', tls: ownTls(said, directory, read) });
  const byVariable = said('DOCKER_CONTEXT');
  const name = byVariable ?? currentContext(directory, read);
  if (name === null || name === DEFAULT) return { ok: true, host: USUAL[platform] ?? USUAL_SOCKET, from: 'the usual place', tls: null };
  return checked(ofContext(name, byVariable === null ? 'currentContext' : 'DOCKER_CONTEXT', directory, read));
}

/** TLS as DOCKER_TLS_VERIFY and DOCKER_CERT_PATH say it. Without the first nothing is verified, which counts as no TLS. */
function ownTls(said: (name: string) => string | null, directory: string, read: ReadFile): EngineTls | null {
  if (said('DOCKER_TLS_VERIFY') === null) return null;
  const place = said('DOCKER_CERT_PATH') ?? directory;
  return material(place, read);
}
const material = (place: string, read: ReadFile): EngineTls => ({
  ca: read(posix.join(place, 'ca.pem')),
  cert: read(posix.join(place, 'cert.pem')),
  key: read(posix.join(place, 'key.pem')),
});

function currentContext(directory: string, read: ReadFile): string | null {
  const file = posix.join(directory, 'config.json');
  const text = read(file);
  if (text === null || text.trim() === '') return null;
  const name = (json(text, file) as { currentContext?: unknown } | null)?.currentContext;
  return typeof name === 'string' && name !== '' ? name : null;
}

/** `meta.json` of a context, found by the SHA-256 of its name (docker/cli, cli/context/store). */
function ofContext(name: string, asked: string, directory: string, read: ReadFile): EngineAt {
  const from = `the context ${JSON.stringify(name)}`;
  const id = createHash('sha256').update(name).digest('hex');
  const file = posix.join(directory, 'contexts/meta', id, 'meta.json');
  const text = read(file);
  if (text === null)
    throw new JailError(`${from} does not exist (${asked} names it)`, 'see `docker context ls`; `docker context use default` goes back');
  const { Host: host, SkipTLSVerify: skips } = endpoint(json(text, file));
  if (typeof host !== 'string' || host === '') throw new JailError(`${from} names no Docker engine`, 'see `docker context inspect`');
  const tls = material(posix.join(directory, 'contexts/tls', id, 'docker'), read);
  const none = tls.ca === null && tls.cert === null && tls.key === null;
  if (skips === true)
    throw new JailError(`${from} does not verify its engine (SkipTLSVerify)`, 'give the context the authority (`ca.pem`)');
  return { ok: true, host, from, tls: none ? null : tls };
}
function endpoint(meta: unknown): { readonly Host?: unknown; readonly SkipTLSVerify?: unknown } {
  return (meta as { Endpoints?: { docker?: object } } | null)?.Endpoints?.docker ?? {};
}

/** What cannot be trusted is refused before anything is sent there. */
function checked(at: EngineAt): EngineAt {
  const { host, from, tls } = at;
  if (/^ssh:\/\//i.test(host))
    throw new JailError(
      `${from} leads to ${host}: SSH is not spoken here`,
      'forward the socket (`ssh -NL 23750:/var/run/docker.sock HOST`) and set DOCKER_HOST=tcp://127.0.0.1:23750',
    );
  const [, name] = /^tcp:\/\/(\[[0-9a-f:]+\]|[^/:[\]]+):\d{1,5}\/?$/i.exec(host) ?? [];
  if (name === undefined) {
    if (/^unix:\/\/\/.+$/.test(host) || /^npipe:\/\/\/\/.+$/.test(host)) return at;
    throw new JailError(
      `${from} is ${JSON.stringify(host)}, which is no place of an engine`,
      'write `unix:///path`, `tcp://name:port`, or on Windows `npipe:////./pipe/name`',
    );
  }
  if (tls === null && !isLoopback(name))
    throw new JailError(
      `${from} leads to ${host} without TLS that is verified: whoever is on the way could take the run and the machine over`,
      'set DOCKER_TLS_VERIFY=1 and DOCKER_CERT_PATH, or forward the port to the loopback of this machine',
    );
  if (tls !== null && (tls.cert === null) !== (tls.key === null))
    throw new JailError(
      `${from} has ${tls.cert === null ? 'key.pem' : 'cert.pem'} and not the other one`,
      'an engine needs both to know who asks',
    );
  return at;
}

/** Pure: what never leaves this machine. */
export const isLoopback = (name: string): boolean => name === 'localhost' || name === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(name);

function json(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new JailError(`${file} is no JSON: ${(error as Error).message}`, 'repair it, or set DOCKER_HOST');
  }
}
