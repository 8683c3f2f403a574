import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { addAbortSignal, type Readable } from 'node:stream';
import { JailError } from '../model/errors.ts';
import type { EngineAt, EngineChoice } from '../model/engine.ts';
import { type Connection, connectionTo } from './engine-connection.ts';

/** The Docker Engine API from here on; an older engine (20.10 speaks 1.41) is spoken to in its own version. Docker 29 speaks nothing older. */
const WANTED = '1.44';
/** The newest API that is known to come with `WANTED` beside it. */
const KNOWN = '1.54';
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

/** As DOCKER_HOST says it, null where it says nothing; or as it was looked up. */
type Where = EngineChoice | string | null;
const engineAt = (host: string | null): EngineAt => ({
  ok: true,
  host: host === null || host === '' ? `unix://${SOCKET}` : host,
  from: 'DOCKER_HOST',
  tls: null,
});

const choiceOf = (where: Where): EngineChoice => (where === null || typeof where === 'string' ? engineAt(where) : where);

/** The path of the socket of an engine on this machine. Throws JailError for one that is elsewhere. */
export function socketOf(where: Where): string {
  const choice = choiceOf(where);
  if (!choice.ok) throw new JailError(choice.message, choice.remedy);
  const path = /^unix:\/\/(\/.+)$/.exec(choice.host)?.[1];
  if (path !== undefined) return path;
  throw new JailError(
    `${choice.from} is ${JSON.stringify(choice.host)}: the engine has to be on this machine, where the layers are`,
    'name `jail.backend: docker`, and the whole run is made there; or use an engine of this machine',
  );
}

/**
 * A Docker engine by its documented HTTP interface (Docker Engine API). Not by its command line: each call of that
 * takes longer than the engine's own work. Every method throws JailError where the engine is not there or does not answer in time.
 */
export class Engine {
  /** The path of its socket, or `tcp://name:port`. */
  readonly where: string;
  /** Such as `20.10.24`. */
  readonly version: string;
  readonly product: 'docker' | 'podman';
  readonly #connection: Connection;
  readonly #api: string;
  private constructor(connection: Connection, version: string, api: string, product: 'docker' | 'podman') {
    this.product = product;
    this.where = connection.where;
    this.#connection = connection;
    this.version = version;
    this.#api = api;
  }

  /** Finds out whether it is there, and how it is spoken to. */
  static async connect(where: Where, timeout = 10_000): Promise<Engine> {
    const choice = choiceOf(where);
    if (!choice.ok) throw new JailError(choice.message, choice.remedy);
    const connection = await connectionTo(choice);
    const pinged = greeting((await exchange(connection, 'GET', '/_ping', { timeout })).head);
    if (pinged !== null) return new Engine(connection, pinged.version, older(pinged.api, WANTED) ? pinged.api : WANTED, 'docker');
    // It starts its helpers to ask them for their versions, which takes longer than all the rest: only where the greeting does not do.
    const { status, body } = await exchange(connection, 'GET', '/version', { timeout });
    const { Version, ApiVersion, MinAPIVersion, Components } = (body ?? {}) as Record<string, unknown>;
    if (status !== 200 || typeof Version !== 'string' || typeof ApiVersion !== 'string')
      throw new JailError(`what answers at ${connection.where} is no Docker engine`, 'set DOCKER_HOST to the socket of a Docker engine');
    const least = typeof MinAPIVersion === 'string' ? MinAPIVersion : WANTED;
    const api = older(ApiVersion, WANTED) ? ApiVersion : older(WANTED, least) ? least : WANTED;
    return new Engine(connection, Version, api, isPodman(Components) ? 'podman' : 'docker');
  }

  /** One question; the answer whatever its status is. `path` begins with `/` and is encoded already. */
  async ask(method: string, path: string, ask: Ask = {}): Promise<EngineAnswer> {
    const whole = `/v${this.#api}${path}`;
    if (isStream(ask.body)) return answer(await send(this.#connection, method, whole, ask));
    const { status, body } = await exchange(this.#connection, method, whole, ask);
    return { status, body };
  }
  /** The same for an answer that is no JSON, such as the tar archive of an export. Throws JailError unless the status is 200. */
  async stream(method: string, path: string, ask: Ask = {}): Promise<Readable> {
    const response = await send(this.#connection, method, `/v${this.#api}${path}`, { timeout: null, ...ask });
    if (response.statusCode === 200) return response;
    const { status, body } = await answer(response);
    throw new JailError(`the Docker engine: ${messageOf(status, body)}`, 'look into the log of the engine');
  }
  /**
   * The streams of a container, both ways on one connection: what is written there is its stdin; what comes is multiplexed (Docker Engine
   * API, "Attach to a container"). Throws JailError.
   */
  async attach(path: string): Promise<Socket> {
    const socket = this.#connection.open();
    const failed = (why: string): JailError => brokeOff(new Error(why));
    socket.write(`POST /v${this.#api}${path} HTTP/1.1\r\nHost: docker\r\nConnection: Upgrade\r\nUpgrade: tcp\r\nContent-Length: 0\r\n\r\n`);
    try {
      const { head, rest } = await headOf(socket);
      const status = /^HTTP\/1\.[01] (\d{3})/.exec(head)?.[1];
      if (status !== '101' && status !== '200') throw failed(`it does not let us speak to the container: status ${status ?? 'none'}`);
      if (rest.length > 0) socket.unshift(rest);
      return socket;
    } catch (error) {
      socket.destroy();
      throw error instanceof JailError ? error : failed((error as Error).message);
    }
  }
}

/** Podman's service speaks Docker's API, and says so here. */
const isPodman = (components: unknown): boolean =>
  Array.isArray(components) && components.some((one) => (one as { Name?: unknown } | null)?.Name === 'Podman Engine');

/** What comes before the first empty line, and what came with it. */
async function headOf(socket: Socket): Promise<{ readonly head: string; readonly rest: Buffer }> {
  let bytes: Buffer = Buffer.alloc(0);
  while (bytes.length < 64 << 10) {
    const chunk = socket.read() as Buffer | null;
    if (chunk === null) {
      const [end] = (await Promise.race([once(socket, 'readable').then(() => [false]), once(socket, 'end').then(() => [true])])) as [
        boolean,
      ];
      if (end) break;
      continue;
    }
    bytes = Buffer.concat([bytes, chunk]);
    const at = bytes.indexOf('\r\n\r\n');
    if (at >= 0) return { head: bytes.toString('latin1', 0, at), rest: bytes.subarray(at + 4) };
  }
  throw new Error('its answer is not HTTP');
}

/** The engine's own words for what went wrong. */
export function messageOf(status: number, body: unknown): string {
  const said = (body as { message?: unknown } | null)?.message;
  return typeof said === 'string' && said !== '' ? said.trim().slice(0, 500) : `status ${status}`;
}

/** Pure: what an engine says of itself in the head of an answer; null: not enough. */
export function greeting(head: string): { readonly version: string; readonly api: string } | null {
  const version = /^server: *Docker\/(\S+)/im.exec(head)?.[1];
  const api = /^api-version: *(\d+\.\d+)/im.exec(head)?.[1];
  return version === undefined || api === undefined || older(KNOWN, api) ? null : { version, api };
}

/** Pure: whether API version `a` is older than `b`. */
export function older(a: string, b: string): boolean {
  const [left = [], right = []] = [a, b].map((version) => version.split('.').map(Number));
  return left[0] === right[0] ? (left[1] ?? 0) < (right[1] ?? 0) : (left[0] ?? 0) < (right[0] ?? 0);
}

const isStream = (body: unknown): body is Readable => body !== null && typeof body === 'object' && 'pipe' in body;

/**
 * A short question and its whole answer, as HTTP/1.0 (RFC 1945), which ends with the connection: to load an HTTP client takes longer than
 * all that a run asks of an engine.
 */
async function exchange(
  to: Connection,
  method: string,
  path: string,
  { body, timeout = 60_000, signal }: Ask,
): Promise<EngineAnswer & { readonly head: string }> {
  if (!/^[!-~]+$/.test(path)) throw new Error(`not a path of the engine's: ${path}`);
  const text = body === undefined ? '' : JSON.stringify(body);
  const content = body === undefined ? [] : ['Content-Type: application/json', `Content-Length: ${Buffer.byteLength(text)}`];
  const { late, any } = until(timeout, signal);
  const connection = to.open();
  if (any !== null) addAbortSignal(any, connection);
  connection.write([`${method} ${path} HTTP/1.0`, 'Host: docker', ...content, '', text].join('\r\n'));
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of connection as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > LONGEST) throw brokeOff(new Error('its answer is too long'));
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof JailError) throw error;
    if (length > 0 && late?.aborted !== true) throw brokeOff(error as Error);
    throw unreachable(to, error as NodeJS.ErrnoException, late?.aborted === true);
  }
  const whole = Buffer.concat(chunks);
  const end = whole.indexOf('\r\n\r\n');
  const head = whole.subarray(0, Math.max(end, 0)).toString('latin1');
  const status = /^HTTP\/1\.[01] (\d{3})/.exec(head)?.[1];
  if (status === undefined) throw brokeOff(new Error('its answer is not HTTP'));
  const received = whole.subarray(end + 4);
  const announced = /^content-length: *(\d+)/im.exec(head)?.[1];
  if (announced !== undefined && Number(announced) !== received.length && method !== 'HEAD')
    throw brokeOff(new Error('its answer is cut off'));
  return { status: Number(status), body: parsed(received), head };
}

/** `late`: what ends it after `timeout`; `any`: that, or the caller. */
function until(timeout: number | null, signal: AbortSignal | undefined): { late: AbortSignal | null; any: AbortSignal | null } {
  const late = timeout === null ? null : AbortSignal.timeout(timeout);
  const signals = [late, signal].filter((one) => one !== null && one !== undefined);
  return { late, any: signals.length === 0 ? null : AbortSignal.any(signals) };
}

/** A long answer, or a long question. */
async function send(to: Connection, method: string, path: string, { body, timeout = 60_000, signal }: Ask): Promise<IncomingMessage> {
  const { request: httpRequest } = await import('node:http');
  const stream = isStream(body) ? body : null;
  const text = body === undefined || stream !== null ? '' : JSON.stringify(body);
  const type = stream === null ? 'application/json' : 'application/x-tar';
  const { late, any } = until(timeout, signal);
  return new Promise((resolve, reject) => {
    const request = httpRequest({
      createConnection: () => to.open(), // and no agent, which would open its own
      method,
      path,
      headers: { Host: 'docker', ...(body === undefined ? {} : { 'Content-Type': type }) },
      ...(any === null ? {} : { signal: any }),
    });
    request.once('response', resolve);
    request.once('error', (error: NodeJS.ErrnoException) => reject(unreachable(to, error, late?.aborted === true)));
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
    throw brokeOff(error as Error);
  }
  return { status: response.statusCode ?? 0, body: parsed(Buffer.concat(chunks)) };
}

function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return null;
  }
}

const ENGINE_REMEDY = 'start the Docker engine, or choose `jail.backend: nspawn`';

const brokeOff = (cause: Error): JailError =>
  new JailError(`the Docker engine broke off: ${cause.message}`, ENGINE_REMEDY, null, { cause });

function unreachable({ where, socket }: Connection, error: NodeJS.ErrnoException, late: boolean): JailError {
  if (!late && isUntrusted(error))
    return new JailError(`the Docker engine at ${where} is not who it should be: ${error.message}`, TLS_REMEDY, null, { cause: error });
  if (/^ERR_SSL_.*ALERT_(?:BAD_CERTIFICATE|CERTIFICATE_|UNKNOWN_CA)/.test(error.code ?? ''))
    return new JailError(`the Docker engine at ${where} does not know us: ${error.message}`, CERTIFICATE_REMEDY, null, { cause: error });
  const why = late
    ? `the Docker engine at ${where} does not answer in time`
    : error.code === 'ENOENT' && socket !== null
      ? `there is no Docker engine: ${where} is not there`
      : error.code === 'ECONNREFUSED'
        ? `there is no Docker engine: nobody listens at ${where}`
        : `the Docker engine at ${where} cannot be spoken to: ${error.message}`;
  return new JailError(why, ENGINE_REMEDY, null, { cause: error });
}
const CERTIFICATE_REMEDY =
  'give a certificate that it takes and its key as `cert.pem` and `key.pem`, in DOCKER_CERT_PATH or in the context';
const TLS_REMEDY =
  'give the authority that certified it as `ca.pem`, in DOCKER_CERT_PATH or in the context, and the name it is certified for';

/** Pure: errors of a certificate that does not verify (node:tls, and X509_V_ERR of OpenSSL). */
const isUntrusted = ({ code = '' }: NodeJS.ErrnoException): boolean =>
  /^(?:ERR_TLS_CERT_|UNABLE_TO_|CERT_|SELF_SIGNED_|DEPTH_ZERO_|INVALID_CA|HOSTNAME_MISMATCH)/.test(code);
