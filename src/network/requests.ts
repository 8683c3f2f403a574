import http, { type IncomingMessage, type RequestOptions, type ServerResponse } from 'node:http';
import https from 'node:https';
import type { LookupFunction, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { callbackify } from 'node:util';
import { beyond } from './budget.ts';
import type { Gate } from './gate.ts';
import { asksForWebSocket, endToEnd, flat, type HeaderList } from './headers.ts';
import { readTarget } from './http-head.ts';
import { swap } from './inject.ts';
import { Line, Refused, type SeenOfRequest } from './request-line.ts';
import { deniedText, httpAnswer, ownHeaders, rawHead, unreachableText } from './refusal.ts';
import { type Destination, judgeRequest, type Ruling, secretsFor } from './rules.ts';
import { Scrubber } from './scrub.ts';
import { CONNECT_TIME, pinned, type Unreachable } from './upstream.ts';

type Way = Extract<Ruling, { way: 'requests' }>;
const MOST_HEADERS = 64 << 10;
/** ms: for a whole head; for the next request; of silence from a server that is at work. */
const [HEAD_TIME, NEXT_TIME, SILENCE] = [10_000, 60_000, 600_000];
/** ms for which a connection to a server is kept: less than most servers do. */
const KEEP = 4000;

interface Admitted {
  readonly options: RequestOptions;
  readonly secret: string | null;
  /** Takes the secrets out of the answer; null: none could be in it. */
  readonly scrubber: Scrubber | null;
}
/** Serves the requests that the jail makes to one name and port: looks at each, and asks the real server in its place. */
export class Requests {
  readonly #gate: Gate;
  readonly #to: Destination;
  readonly #host: string;
  readonly #port: number;
  readonly #way: Way;
  readonly #server: http.Server;
  readonly #agent: http.Agent;
  readonly #connect: https.AgentOptions;

  constructor(gate: Gate, to: Destination, port: number, way: Way) {
    this.#gate = gate;
    this.#to = to;
    this.#host = to.name ?? to.address;
    this.#port = port;
    this.#way = way;
    const own = to.name === null ? undefined : gate.certificates[to.name];
    const options = {
      maxHeaderSize: MOST_HEADERS,
      headersTimeout: HEAD_TIME,
      requestTimeout: 0,
      connectionsCheckingInterval: 1000,
      keepAliveTimeout: NEXT_TIME,
      shouldUpgradeCallback: asksForWebSocket,
    };
    this.#server = way.ends
      ? https.createServer({ ...options, cert: own?.certificate, key: own?.key, ALPNProtocols: ['http/1.1'], handshakeTimeout: HEAD_TIME })
      : http.createServer(options);
    this.#server
      .on('request', (request: IncomingMessage, response: ServerResponse) => void this.#request(request, response))
      .on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => void this.#upgrade(request, socket, head))
      .on('connect', (request: IncomingMessage, socket: Duplex) => this.#refuseRaw(request, socket, new Refused(403, 'it is no proxy')))
      .on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => this.#malformed(error, socket))
      .on('tlsClientError', (_error, socket: Socket) => socket.destroy());
    // Its timeouts are armed by this event, and it never listens itself.
    this.#server.emit('listening');
    const lookup: LookupFunction = (name, wanted, done) => {
      const found = gate.names.addresses(to);
      callbackify(async () => found)((error, addresses) => {
        if (error === null) pinned(addresses)(name, wanted, done);
        else done(error, '', 4);
      });
    };
    const trusted = way.outside.tls ? { servername: to.name ?? '', ca: [...gate.authorities()] } : {};
    this.#connect = { lookup, autoSelectFamily: true, ...trusted } as https.AgentOptions;
    const kept = { ...this.#connect, keepAlive: true, timeout: KEEP };
    this.#agent = way.outside.tls ? new https.Agent(kept) : new http.Agent(kept);
  }

  /** Takes a connection over; `first` has been read from it. */
  accept(socket: Socket, first: Buffer): void {
    socket.pause();
    socket.unshift(first);
    this.#server.emit('connection', socket);
    if (!this.#way.ends) socket.resume(); // TLS reads below the socket
  }
  close(): void {
    this.#server.emit('close'); // ends its timer
    this.#agent.destroy();
  }

  async #request(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const log = this.#line(request);
    const refuse = (error: unknown): void => {
      const { status, text } = this.#refusal(error);
      if (response.headersSent) return void response.destroy();
      response.writeHead(status, ownHeaders(text)).end(request.method === 'HEAD' ? '' : text);
    };
    response.sendDate = false;
    let ask: http.ClientRequest | null = null;
    response.once('close', () => {
      if (!response.writableFinished) log.error ??= 'it was cut off';
      ask?.destroy();
      log.write();
    });
    try {
      const { options, secret, scrubber } = await this.#admit(request, log);
      if (response.destroyed) return;
      log.secret = secret;
      ask = this.#ask(options);
      const up = ask;
      const fail = (error: Error): void => {
        log.error ??= error.message;
        refuse(error);
        up.destroy();
      };
      up.on('error', fail);
      up.on('response', (answer) => {
        log.answered(answer);
        try {
          this.#passOn(answer, response, scrubber, log, fail);
        } catch (error) {
          fail(error as Error);
        }
      });
      request.on('data', (chunk: Buffer) => {
        if (!this.#gate.budget.take('upload', chunk.length)) return fail(new Refused(429, beyond('upload')));
        log.bytesIn += chunk.length;
        if (!up.write(chunk)) request.pause();
      });
      up.on('drain', () => request.resume());
      request.once('end', () => up.end());
    } catch (error) {
      log.refused(error);
      refuse(error);
    }
  }

  /** Unbuffered: what the server sends is passed on when it comes. */
  #passOn(answer: IncomingMessage, response: ServerResponse, scrubber: Scrubber | null, log: Line, fail: (error: Error) => void): void {
    let headers: HeaderList = endToEnd(answer);
    const coding = answer.headers['content-encoding'] ?? 'identity';
    if (scrubber !== null) {
      if (coding !== 'identity') throw new Refused(502, 'its answer is compressed, and could hold the secret');
      headers = headers.filter(([name]) => name.toLowerCase() !== 'set-cookie').map(([name, value]) => [name, scrubber.text(value)]);
    }
    response.writeHead(answer.statusCode ?? 502, answer.statusMessage ?? '', flat(headers));
    response.flushHeaders();
    const tokens = coding === 'identity' ? this.#gate.tokens.reader(answer.headers['content-type']) : null;
    answer.on('data', (chunk: Buffer) => {
      if (!this.#gate.budget.take('download', chunk.length)) return fail(new Error(beyond('download')));
      log.bytesOut += chunk.length;
      tokens?.take(chunk);
    });
    answer.once('end', () => tokens?.end());
    answer.once('error', fail);
    (scrubber === null ? answer : answer.pipe(scrubber.stream())).pipe(response);
  }

  /** WebSocket: the request is looked at, then bytes pass. */
  async #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    socket.on('error', () => {});
    if (!asksForWebSocket(request)) return this.#refuseRaw(request, socket, new Refused(501, 'only WebSocket can be changed to'));
    const log = this.#line(request);
    socket.once('close', () => log.write());
    const refuse = (error: unknown): void => {
      const { status, text } = this.#refusal(error);
      socket.end(httpAnswer(status, text, null));
    };
    try {
      const { options, secret, scrubber } = await this.#admit(request, log);
      log.secret = secret;
      const headers = [...(options.headers as string[]), 'Connection', 'Upgrade', 'Upgrade', 'websocket'];
      const up = this.#ask({ ...options, ...this.#connect, headers, agent: false });
      up.on('error', (error) => {
        log.error ??= error.message;
        refuse(error);
      });
      up.on('response', (answer) => {
        log.answered(answer);
        answer.destroy();
        refuse(new Refused(502, `the server does not speak WebSocket there (${answer.statusCode})`));
      });
      up.on('upgrade', (answer, server, begun) => {
        log.answered(answer);
        const fields = [...flat(endToEnd(answer)), 'Connection', 'Upgrade', 'Upgrade', 'websocket'];
        socket.write(rawHead(101, 'Switching Protocols', fields));
        server.unshift(begun);
        socket.unshift(head);
        const count = (limit: 'upload' | 'download', chunk: Buffer): void => {
          if (limit === 'upload') log.bytesIn += chunk.length;
          else log.bytesOut += chunk.length;
          if (this.#gate.budget.take(limit, chunk.length)) return;
          log.error ??= beyond(limit);
          server.destroy();
          socket.destroy();
        };
        socket.on('data', (chunk: Buffer) => count('upload', chunk)).pipe(server);
        server.on('data', (chunk: Buffer) => count('download', chunk));
        (scrubber === null ? server : server.pipe(scrubber.stream())).pipe(socket);
        server.on('error', () => socket.destroy()).once('close', () => socket.destroy());
        socket.once('close', () => server.destroy());
      });
      up.end();
    } catch (error) {
      log.refused(error);
      refuse(error);
    }
  }

  /** What is asked in place of the client. Throws Refused. */
  async #admit(request: IncomingMessage, log: Line): Promise<Admitted> {
    const rules = this.#gate.rules();
    const method = request.method ?? '';
    const hosts = request.rawHeaders.filter((name, at) => at % 2 === 0 && name.toLowerCase() === 'host');
    const { fault, name, path, query } = readTarget(method, request.url ?? '', request.headers.host ?? '');
    if (hosts.length !== 1 || fault !== null || path === null) throw new Refused(400, fault ?? 'not exactly one Host header');
    log.path = path;
    if (this.#to.name !== null && name !== this.#to.name) throw new Refused(403, `it announces ${name}, and not ${this.#to.name}`);
    const ruling = judgeRequest(rules, this.#to, this.#port, { method, path });
    log.reason = ruling.reason;
    if (ruling.verdict === 'denied') throw new Refused(403, ruling.reason);
    const secrets = secretsFor(rules, this.#to.name);
    let headers = endToEnd(request);
    if (secrets.length > 0) {
      // Compressed, an answer could not be looked through.
      headers = headers.filter(([one]) => one.toLowerCase() !== 'accept-encoding');
    }
    const swapped = secrets.length === 0 ? { headers, secret: null } : swap(headers, secrets, { method, path, query });
    if ('refused' in swapped) throw new Refused(403, swapped.refused);
    if (!this.#gate.budget.take('requests', 1)) throw new Refused(429, beyond('requests'));
    await this.#gate.names.addresses(this.#to).catch((error: Unreachable) => {
      throw new Refused(error.denied ? 403 : 502, error.message);
    });
    const sent = flat(swapped.headers as HeaderList);
    if (request.headers['transfer-encoding'] !== undefined) sent.push('Transfer-Encoding', 'chunked');
    const { port } = this.#way.outside;
    const options = { host: this.#host, port, method, path: `${path}${query}`, headers: sent, setHost: false, agent: this.#agent };
    return { options, secret: swapped.secret, scrubber: secrets.length === 0 ? null : new Scrubber(secrets) };
  }

  #ask(options: RequestOptions): http.ClientRequest {
    const { tls } = this.#way.outside;
    const ask = (tls ? https : http).request(options);
    ask.setTimeout(SILENCE, () => ask.destroy(new Error('the server was silent for too long')));
    ask.once('socket', (socket) => {
      if (!socket.connecting) return;
      const timer = setTimeout(() => ask.destroy(new Error('the server did not answer in time')), CONNECT_TIME);
      socket.once(tls ? 'secureConnect' : 'connect', () => clearTimeout(timer)).once('close', () => clearTimeout(timer));
    });
    return ask;
  }

  #refusal(error: unknown): { status: number; text: string } {
    const reason = error instanceof Error ? error.message : String(error);
    if (!(error instanceof Refused) || !error.denied) return { status: 502, text: unreachableText(this.#host, reason) };
    return { status: error.status, text: deniedText(this.#host, reason) };
  }
  #refuseRaw(request: IncomingMessage, socket: Duplex, why: Refused): void {
    const log = this.#line(request);
    log.refused(why);
    log.write();
    socket.on('error', () => {});
    socket.end(httpAnswer(why.status, deniedText(this.#host, why.message), null));
  }
  #malformed(error: NodeJS.ErrnoException, socket: Duplex): void {
    if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
    const status = error.code === 'HPE_HEADER_OVERFLOW' ? 431 : error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400;
    const log = new Line(this.#gate, this.#seen());
    log.refused(new Refused(status, 'not a request that can be read'));
    log.write();
    socket.end(httpAnswer(status, `agent-jail: not a request that can be read (${error.code ?? ''}).\n`, null));
  }
  #line({ method = null, url }: { method?: string | null | undefined; url?: string | undefined }): Line {
    return new Line(this.#gate, { ...this.#seen(), method, path: /^[^?#]*/.exec(url ?? '')?.[0] ?? null });
  }
  #seen(): SeenOfRequest {
    const { name, address } = this.#to;
    return { name, address, port: this.#port, protocol: this.#way.ends ? 'tls' : 'http', method: null, path: null };
  }
}
