import http, { type IncomingMessage, type OutgoingHttpHeaders, type ServerResponse } from 'node:http';
import https from 'node:https';
import { isUtf8 } from 'node:buffer';
import { StringDecoder } from 'node:string_decoder';
import { type CassetteWriter, type Entry, MOST_OF_ANSWER } from './cassette.ts';
import { type Clean, cleanJson, type Scrubber } from './clean.ts';
import { type Model, type Outcome, refuse, type Request } from './exchange.ts';
import { parsed } from './json.ts';
import { KEY_HEADERS, keysOf } from './keys.ts';
import { keyOf, normal, placeOf } from './normal.ts';

/** ms without a byte of the model server. */
const SILENCE = 600_000;
/** Of a request, not passed on: of the connection alone (RFC 9110 §7.6.1), said anew, or nobody's business. */
const KEPT_BACK: ReadonlySet<string> = new Set([
  'connection', 'keep-alive', 'proxy-authorization', 'proxy-connection', 'te', 'trailer', 'transfer-encoding', 'upgrade', 'expect',
  'host', 'content-length', 'accept-encoding', 'cookie', 'forwarded', 'x-forwarded-for',
]); // biome-ignore format: a table
/** What our key is good for: the jail could ask anything else in the name of who owns it. */
const WITH_OUR_KEY: readonly RegExp[] = [
  /^(?:GET|HEAD) (?:\/v1(?:beta|alpha)?)?\/models(?:\/[^/]*)?$/,
  /^POST \/v1\/messages(?:\/count_tokens)?$/,
  /^POST (?:\/v1)?\/(?:responses|chat\/completions)$/,
  /^POST \/v1(?:beta|alpha)?\/models\/[^/]*:(?:generateContent|streamGenerateContent|countTokens)$/,
];
/** A key that is shorter stands in texts by chance. */
const LEAST_KEY = 8;

export interface Recording {
  readonly upstream: URL;
  readonly cassette: CassetteWriter;
  /** Put in place of the client's key; null: the client's own is passed on. */
  readonly key: string | null;
  readonly clean: Clean;
  /** Takes `key` out of what the client gets. */
  readonly scrubber: () => Scrubber;
}

/** Passes requests on to a real model server, and writes down what was asked and answered; keys and headers never. */
export class Recorder implements Model {
  readonly #options: Recording;
  #number = 0;
  constructor(options: Recording) {
    this.#options = options;
  }

  async answer(request: Request, response: ServerResponse): Promise<Outcome> {
    const { cassette, clean, key } = this.#options;
    const asks = `${request.method} ${request.path}`;
    if (key !== null && !WITH_OUR_KEY.some((one) => one.test(asks)))
      return refuse(request, response, 403, `the key is not lent for ${asks}`);
    if (cassette.full) return refuse(request, response, 500, 'the cassette is full');
    let answer: IncomingMessage;
    try {
      answer = await this.#ask(request, response);
    } catch (error) {
      return refuse(request, response, 502, `the model server could not be asked: ${clean((error as Error).message)}`);
    }
    if ((answer.headers['content-encoding'] ?? 'identity') !== 'identity') {
      answer.destroy();
      return refuse(request, response, 502, 'the model server compressed its answer, though it was not to');
    }
    const status = answer.statusCode ?? 502;
    const heard = await this.#passOn(answer, response, status);
    if (heard.problem !== null) return { status, answer: 'none', problem: heard.problem };
    const keys = keysOf(request.headers, request.query).filter((key) => key.length >= LEAST_KEY);
    const hide: Clean = (text) => keys.reduce((rest, key) => rest.replaceAll(key, '[redacted key]'), clean(text));
    const place = placeOf(request.method, request);
    const text = request.body.toString();
    const asked = cleanJson(parsed(text) ?? text, hide);
    const { type, retry } = headersOf(answer);
    cassette.add({
      place,
      key: keyOf(place, normal(asked)),
      request: asked,
      status,
      type,
      ...(retry === null ? {} : { retry_after: retry }),
      ...bodyOf(heard.chunks, type.startsWith('text/event-stream'), hide),
      ...(heard.cut ? { cut: true } : {}),
    });
    this.#number += 1;
    return { status, answer: `request ${this.#number}`, problem: heard.cut ? 'the model server broke off' : null };
  }

  #ask(request: Request, response: ServerResponse): Promise<IncomingMessage> {
    const { upstream, key } = this.#options;
    const url = new URL(upstream);
    const asked = URL.parse(request.url, 'http://model');
    url.pathname = `${upstream.pathname.replace(/\/$/, '')}${asked?.pathname ?? '/'}`;
    url.search = asked?.search ?? '';
    if (key !== null) url.searchParams.delete('key');
    const headers = { ...headersFor(request, key), 'content-length': request.body.length };
    return new Promise((resolve, reject) => {
      const { request: ask } = url.protocol === 'https:' ? https : http;
      const asking = ask(url, { method: request.method, headers, timeout: SILENCE }, resolve);
      asking.on('error', reject).on('timeout', () => asking.destroy(new Error('it is silent')));
      response.once('close', () => asking.destroy(new Error('the client went away')));
      asking.end(request.body);
    });
  }

  /** Unbuffered: what the server sends is passed on when it comes. */
  async #passOn(answer: IncomingMessage, response: ServerResponse, status: number): Promise<Heard> {
    const { type, retry } = headersOf(answer);
    response.writeHead(status, { ...(type === '' ? {} : { 'content-type': type }), ...(retry === null ? {} : { 'retry-after': retry }) });
    response.flushHeaders();
    const scrubber = this.#options.scrubber();
    const chunks: Chunk[] = [];
    const began = performance.now();
    let size = 0;
    const pass = (bytes: Buffer): void => {
      if (bytes.length === 0) return;
      size += bytes.length;
      response.write(bytes);
      if (size <= MOST_OF_ANSWER) chunks.push({ t: Math.round(performance.now() - began), bytes });
    };
    let cut = false;
    try {
      for await (const chunk of answer) pass(scrubber.push(chunk as Buffer));
    } catch {
      cut = true;
    }
    const gone = response.destroyed;
    pass(scrubber.flush());
    if (cut) response.destroy();
    else response.end();
    if (gone) return { chunks, cut, problem: 'the client went away, so this is not recorded' };
    const tooLong = size > MOST_OF_ANSWER;
    return { chunks, cut, problem: tooLong ? `the answer has more than ${MOST_OF_ANSWER >> 20} MiB, so it is not recorded` : null };
  }
}

interface Chunk {
  readonly t: number;
  readonly bytes: Buffer;
}
interface Heard {
  readonly chunks: readonly Chunk[];
  readonly cut: boolean;
  readonly problem: string | null;
}

function headersOf({ headers }: IncomingMessage): { readonly type: string; readonly retry: string | null } {
  return { type: (headers['content-type'] ?? '').slice(0, 200), retry: headers['retry-after']?.slice(0, 100) ?? null };
}

/** With a key of ours, it stands where the client has its own, and nowhere else. */
function headersFor({ headers, wire }: Request, key: string | null): OutgoingHttpHeaders {
  const own: readonly string[] = KEY_HEADERS;
  const passed = Object.entries(headers).filter(([name]) => !KEPT_BACK.has(name) && !(key !== null && own.includes(name)));
  const usual = { messages: 'x-api-key', gemini: 'x-goog-api-key', chat: 'authorization', responses: 'authorization' }[wire.name];
  const place = KEY_HEADERS.find((name) => headers[name] !== undefined) ?? usual;
  const ours = key === null ? {} : { [place]: place === 'authorization' ? `Bearer ${key}` : key };
  return { ...Object.fromEntries(passed), ...ours, 'accept-encoding': 'identity' };
}

/** Pure: the answer as a cassette has it. Events are not torn, and come when their last byte came. */
function bodyOf(chunks: readonly Chunk[], events: boolean, clean: Clean): Pick<Entry, 'body' | 'base64' | 'events'> {
  if (!events) {
    const bytes = Buffer.concat(chunks.map((chunk) => chunk.bytes));
    return isUtf8(bytes) ? { body: clean(bytes.toString()) } : { base64: bytes.toString('base64') };
  }
  const decoder = new StringDecoder('utf8');
  const found: [number, string][] = [];
  let pending = '';
  for (const { t, bytes } of chunks) {
    pending += decoder.write(bytes);
    const end = Math.max(...['\n\n', '\r\n\r\n'].map((blank) => (pending.includes(blank) ? pending.lastIndexOf(blank) + blank.length : 0)));
    if (end === 0) continue;
    found.push([t, clean(pending.slice(0, end))]);
    pending = pending.slice(end);
  }
  const rest = pending + decoder.end();
  if (rest !== '') found.push([chunks.at(-1)?.t ?? 0, clean(rest)]);
  return { events: found };
}
