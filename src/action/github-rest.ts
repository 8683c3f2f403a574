import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { get } from './event.ts';
import { GitHubError } from './github.ts';

/** ms that a server may be silent. */
const PATIENCE = 15_000;
/** Waits between tries, ms. */
const BACKOFF: readonly number[] = [1000, 4000];
/** Bytes of an answer: a hundred runs. */
const LARGEST = 16 << 20;
const REMEDIES: Readonly<Record<number, string>> = {
  401: '`github-token` is not valid',
  403: 'the job needs `permissions: actions: read`',
  404: 'it is not there, or the job needs `permissions: actions: read`',
  410: 'it has expired',
};

/** Reads by GitHub's REST interface. `url`: `GITHUB_API_URL`. The token goes to that host and to no other. */
export class GitHubRest {
  readonly #url: string;
  readonly #token: string;
  readonly #backoff: readonly number[];

  constructor(url: string, token: string, backoff: readonly number[] = BACKOFF) {
    this.#url = url.replace(/\/$/, '');
    this.#token = token;
    this.#backoff = backoff;
  }

  /** `path` begins with `/`. Returns the parsed answer. Throws GitHubError. */
  async get(path: string): Promise<unknown> {
    return await this.#again(async () =>
      fetched(`${this.#url}${path}`, this.#headers(), async (message) => {
        const text = await textOf(message);
        if (message.statusCode !== 200) throw refusal(message.statusCode ?? 0, said(text));
        return parse(text);
      }),
    );
  }

  /** Follows the one redirect to where artifacts are stored, without the token. Returns the SHA-256 of what was written. Throws GitHubError. */
  async download(path: string, to: string, most: number): Promise<string> {
    return await this.#again(async () => {
      const place = await fetched(`${this.#url}${path}`, this.#headers(), async (message) => {
        const { location } = message.headers;
        if (message.statusCode === 302 && location !== undefined) return location;
        throw refusal(message.statusCode ?? 0, said(await textOf(message)));
      });
      const store = URL.parse(place);
      // As safe as the way to GitHub is: plain HTTP only where that is plain as well, as in a test.
      if (store === null || store.protocol !== new URL(this.#url).protocol)
        throw new GitHubError('GitHub sent the download to no usable address');
      return await fetched(store.href, {}, async (message) => {
        if (message.statusCode !== 200) throw refusal(message.statusCode ?? 0, ' of the store of artifacts');
        return await save(message, to, most);
      });
    });
  }

  #headers(): Record<string, string> {
    return { authorization: `Bearer ${this.#token}`, accept: 'application/vnd.github+json', 'x-github-api-version': '2022-11-28' };
  }

  async #again<T>(ask: () => Promise<T>): Promise<T> {
    for (const wait of this.#backoff) {
      try {
        return await ask();
      } catch (error) {
        if (!(error instanceof GitHubError && error.passing)) throw error;
        await sleep(wait);
      }
    }
    return await ask();
  }
}

async function fetched<T>(url: string, headers: Record<string, string>, use: (message: IncomingMessage) => Promise<T>): Promise<T> {
  const { HttpClient } = await import('@actions/http-client');
  // The runner's client, for its proxies. A redirect would take the token elsewhere.
  const client = new HttpClient('agent-jail', [], { socketTimeout: PATIENCE, allowRedirects: false, allowRetries: false });
  try {
    return await use((await client.get(url, headers)).message);
  } catch (error) {
    if (error instanceof GitHubError) throw error;
    throw new GitHubError(`GitHub could not be asked: ${error instanceof Error ? error.message : String(error)}`, '', true);
  } finally {
    client.dispose();
  }
}

async function textOf(message: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of message as AsyncIterable<Buffer>) {
    size += piece.length;
    if (size > LARGEST) throw new GitHubError('the answer is too large');
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString();
}

async function save(message: IncomingMessage, to: string, most: number): Promise<string> {
  const hash = createHash('sha256');
  let size = 0;
  const count = async function* (pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const piece of pieces) {
      size += piece.length;
      if (size > most) throw new GitHubError(`the artifact is larger than ${most} bytes`);
      hash.update(piece);
      yield piece;
    }
  };
  // Over what an earlier try has left.
  await pipeline(message, count, createWriteStream(to, { flags: 'w', mode: 0o600 }));
  return hash.digest('hex');
}

function refusal(status: number, message: string): GitHubError {
  const limited = status === 429 || /rate limit/i.test(message);
  return new GitHubError(`GitHub answered ${status}${message}`, limited ? 'try again later' : (REMEDIES[status] ?? ''), status >= 500);
}

function said(text: string): string {
  const message = get(parse(text), ['message']);
  return typeof message === 'string' && message !== '' ? `: ${message.slice(0, 200)}` : '';
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
