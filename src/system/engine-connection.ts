import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { JailError } from '../model/errors.ts';
import type { EngineAt } from '../model/engine.ts';

/** How an engine is reached. */
export interface Connection {
  /** For messages: the path of a socket, or `tcp://name:port`. */
  readonly where: string;
  /** The path of a local socket; null: it is reached over a network. */
  readonly socket: string | null;
  /** Opens one; what goes wrong comes as an `error` of it. */
  open(): Socket;
}

/** Throws JailError for a form that is not known. Nothing is opened yet. */
export async function connectionTo({ host, from, tls }: EngineAt): Promise<Connection> {
  const path = /^unix:\/\/(\/.+)$/.exec(host)?.[1] ?? pipeOf(host);
  if (path !== null) return { where: path, socket: path, open: () => connect(path) };
  const [, written = '', port = ''] = /^tcp:\/\/(\[[^\]]+\]|[^/:[\]]+):(\d{1,5})\/?$/.exec(host) ?? [];
  if (port === '')
    throw new JailError(
      `${from} is ${JSON.stringify(host)}, which is no place of an engine`,
      'write `unix:///path`, `tcp://name:port`, or on Windows `npipe:////./pipe/name`',
    );
  const name = written.replace(/^\[|\]$/g, '');
  const where = `tcp://${written}:${port}`;
  if (tls === null) return { where, socket: null, open: () => connect(Number(port), name) };
  const { connect: connectTls } = await import('node:tls'); // takes time to load
  const { ca, cert, key } = tls;
  const options = {
    host: name,
    port: Number(port),
    minVersion: 'TLSv1.2' as const,
    ...(/^[\d.]+$|:/.test(name) ? {} : { servername: name }),
    ...(ca === null ? {} : { ca }),
    ...(cert === null || key === null ? {} : { cert, key }),
  };
  return { where, socket: null, open: () => connectTls(options) };
}

/** Pure: `npipe:////./pipe/docker_engine` as Windows writes it; null: it is none. */
export function pipeOf(host: string): string | null {
  const rest = /^npipe:\/\/(\/\/.+)$/.exec(host)?.[1];
  return rest === undefined ? null : rest.replaceAll('/', '\\');
}

/** null: it is not there. Throws where it cannot be read. */
export function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return null;
    throw error;
  }
}
