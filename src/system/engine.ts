import { type IncomingMessage, request as httpRequest } from 'node:http';
import type { Readable } from 'node:stream';
import { JailError } from '../model/errors.ts';

/** The Docker Engine API from here on; an older engine (20.10 speaks 1.41) is spoken to in its own version. Docker 29 speaks nothing older. */
const WANTED = '1.44';
const SOCKET = '/var/run/docker.sock';
/** Longest answer that is read into memory, bytes. */
const LONGEST = 16 << 20;

export interface EngineAnswer {
  readonly status: number;
  /** The JSON that came, null where there was none. */
  readonly body: unknown;
}
interface Ask {
  readonly body?: unknown;
  /** ms until the whole answer must be there; null: as long as it takes. Default 60,000. */
  readonly timeout?: number | null;
  readonly signal?: AbortSignal;
}

/** The path of the engine's socket. `host`: DOCKER_HOST, null where it is not set. Throws JailError for an engine that is elsewhere. */
export function socketOf(host: string | null): string {
  if (host === null || host === '') return SOCKET;
  const path = /^unix:\/\/(\/.+)$/.exec(host)?.[1];
  if (path !== undefined) return path;
  throw new JailError(
    `DOCKER_HOST is ${JSON.stringify(host)}: the engine has to be on this machine, where the layers are`,
    'set DOCKER_HOST to `unix://` and the path of a local socket, or choose `jail.backend: nspawn`',
  );
}

/**
 * A Docker engine by its documented HTTP interface (Docker Engine API), on a local socket. Not by its command line: each call of that
 * takes longer than the engine's own work. Every method throws JailError where the engine is not there or does not answer in time.
 */
export class Engine {
  readonly socket: string;
  /** Such as `20.10.24`. */
  readonly version: string;
  readonly #api: string;
  private constructor(socket: string, version: string, api: string) {
    this.socket = socket;
    this.version = version;
    this.#api = api;
  }

  /** Finds out whether it is there, and how it is spoken to. */
  static async connect(host: string | null, timeout = 10_000): Promise<Engine> {
    const socket = socketOf(host);
    const { status, body } = await answer(await send(socket, 'GET', '/version', { timeout }));
    const { Version, ApiVersion, MinAPIVersion } = (body ?? {}) as Record<string, unknown>;
    if (status !== 200 || typeof Version !== 'string' || typeof ApiVersion !== 'string')
      throw new JailError(`what answers at ${socket} is no Docker engine`, 'set DOCKER_HOST to the socket of a Docker engine');
    const least = typeof MinAPIVersion === 'string' ? MinAPIVersion : WANTED;
    const api = older(ApiVersion, WANTED) ? ApiVersion : older(WANTED, least) ? least : WANTED;
    return new Engine(socket, Version, api);
  }

  /** One question; the answer whatever its status is. `path` begins with `/` and is encoded already. */
  async ask(method: string, path: string, ask: Ask = {}): Promise<EngineAnswer> {
    return answer(await send(this.socket, method, `/v${this.#api}${path}`, ask));
  }
  /** The same for an answer that is no JSON, such as the tar archive of an export. Throws JailError unless the status is 200. */
  async stream(method: string, path: string, ask: Ask = {}): Promise<Readable> {
    const response = await send(this.socket, method, `/v${this.#api}${path}`, { timeout: null, ...ask });
    if (response.statusCode === 200) return response;
    const { status, body } = await answer(response);
    throw new JailError(`the Docker engine: ${messageOf(status, body)}`, 'look into the log of the engine');
  }
}

/** The engine's own words for what went wrong. */
export function messageOf(status: number, body: unknown): string {
  const said = (body as { message?: unknown } | null)?.message;
  return typeof said === 'string' && said !== '' ? said.trim().slice(0, 500) : `status ${status}`;
}

/** Pure: whether API version `a` is older than `b`. */
export function older(a: string, b: string): boolean {
  const [left = [], right = []] = [a, b].map((version) => version.split('.').map(Number));
  return left[0] === right[0] ? (left[1] ?? 0) < (right[1] ?? 0) : (left[0] ?? 0) < (right[0] ?? 0);
}

function send(socket: string, method: string, path: string, { body, timeout = 60_000, signal }: Ask): Promise<IncomingMessage> {
  const stream = body !== null && typeof body === 'object' && 'pipe' in body ? (body as Readable) : null;
  const text = body === undefined || stream !== null ? '' : JSON.stringify(body);
  const type = stream === null ? 'application/json' : 'application/x-tar';
  return new Promise((resolve, reject) => {
    const late = timeout === null ? null : AbortSignal.timeout(timeout);
    const signals = [late, signal].filter((one) => one !== null && one !== undefined);
    const request = httpRequest({
      socketPath: socket,
      method,
      path,
      headers: { Host: 'docker', ...(body === undefined ? {} : { 'Content-Type': type }) },
      ...(signals.length === 0 ? {} : { signal: AbortSignal.any(signals) }),
      agent: false,
    });
    request.once('response', resolve);
    request.once('error', (error: NodeJS.ErrnoException) => reject(unreachable(socket, error, late?.aborted === true)));
    if (stream === null) request.end(text);
    else stream.on('error', (error) => request.destroy(error)).pipe(request);
  });
}

async function answer(response: IncomingMessage): Promise<EngineAnswer> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > LONGEST) throw new Error('its answer is too long');
      chunks.push(chunk);
    }
  } catch (error) {
    throw new JailError(`the Docker engine broke off: ${(error as Error).message}`, ENGINE_REMEDY, null, { cause: error });
  }
  const status = response.statusCode ?? 0;
  try {
    return { status, body: JSON.parse(Buffer.concat(chunks).toString('utf8')) };
  } catch {
    return { status, body: null };
  }
}

const ENGINE_REMEDY = 'start the Docker engine, or choose `jail.backend: nspawn`';

function unreachable(socket: string, error: NodeJS.ErrnoException, late: boolean): JailError {
  const why = late
    ? `the Docker engine at ${socket} does not answer in time`
    : error.code === 'ENOENT'
      ? `there is no Docker engine: ${socket} is not there`
      : error.code === 'ECONNREFUSED'
        ? `there is no Docker engine: nobody listens at ${socket}`
        : `the Docker engine at ${socket} cannot be spoken to: ${error.message}`;
  return new JailError(why, ENGINE_REMEDY, null, { cause: error });
}
