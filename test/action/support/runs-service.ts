import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { crc32, deflateRawSync } from 'node:zlib';

export interface StoredRun {
  readonly id: number;
  readonly event?: string;
  readonly conclusion?: string;
  readonly branch?: string;
  readonly head?: string;
  readonly artifacts: readonly StoredArtifact[];
}
export interface StoredArtifact {
  readonly id: number;
  readonly name: string;
  readonly expired?: boolean;
  readonly digest?: string;
  readonly zip: Buffer;
}
/** What happens to the next requests whose path begins so, one after the other. */
export interface Fault {
  readonly path: string;
  readonly status: number;
  readonly message: string;
}

/** GitHub's REST interface, as far as earlier runs and their artifacts go, and the store that downloads are sent to: two hosts. */
export class RunsService implements AsyncDisposable {
  readonly runs: StoredRun[] = [];
  readonly faults: Fault[] = [];
  /** Where downloads are sent in place of the store. */
  elsewhere: string | null = null;
  /** Every request in order: which host, path, and the token it came with. */
  readonly asked: { readonly host: 'api' | 'store'; readonly path: string; readonly token: string | null }[] = [];
  readonly #api: Server;
  readonly #store: Server;

  private constructor(api: Server, store: Server) {
    this.#api = api;
    this.#store = store;
  }

  static async start(): Promise<RunsService> {
    const [api, store] = [createServer(), createServer()];
    const service = new RunsService(api, store);
    api.on('request', (request, response) => service.#answer(request, response));
    store.on('request', (request, response) => service.#fetch(request, response));
    for (const server of [api, store]) await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return service;
  }

  get url(): string {
    return address(this.#api);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const server of [this.#api, this.#store]) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '/', this.url);
    this.#note('api', request);
    const at = this.faults.findIndex(({ path }) => url.pathname.startsWith(path));
    const [fault] = at === -1 ? [] : this.faults.splice(at, 1);
    if (fault?.status === 0) return void request.socket.resetAndDestroy();
    if (fault !== undefined) return json(response, fault.status, { message: fault.message });
    if (request.headers.authorization !== 'Bearer the-token') return json(response, 401, { message: 'Bad credentials' });
    const base = '/repos/octo/agent';
    if (url.pathname === base) return json(response, 200, { default_branch: 'main' });
    if (url.pathname === `${base}/actions/workflows/nightly.yml/runs`) return json(response, 200, { workflow_runs: this.#list(url) });
    const [, run] = /\/actions\/runs\/(\d+)$/.exec(url.pathname) ?? [];
    const known = this.runs.find(({ id }) => String(id) === run);
    if (known !== undefined) return json(response, 200, shown(known));
    const [, of] = /\/actions\/runs\/(\d+)\/artifacts$/.exec(url.pathname) ?? [];
    if (of !== undefined) return json(response, 200, { artifacts: this.#artifacts(of, url) });
    const [, id] = /\/actions\/artifacts\/(\d+)\/zip$/.exec(url.pathname) ?? [];
    if (id !== undefined)
      return void response.writeHead(302, { location: this.elsewhere ?? `${address(this.#store)}/${id}?sig=secret` }).end();
    json(response, 404, { message: 'Not Found' });
  }

  /** As GitHub does: the filters of the query, newest first. */
  #list(url: URL): object[] {
    const wanted = (name: string, is: string | undefined): boolean => !url.searchParams.has(name) || url.searchParams.get(name) === is;
    return this.runs
      .map(shown)
      .filter((run) => wanted('branch', run.head_branch) && wanted('event', run.event) && wanted('status', run.conclusion))
      .toSorted((a, b) => b.id - a.id)
      .slice(0, Number(url.searchParams.get('per_page')));
  }

  #artifacts(run: string, url: URL): object[] {
    const all = this.runs.find(({ id }) => String(id) === run)?.artifacts ?? [];
    return all
      .filter(({ name }) => name === url.searchParams.get('name'))
      .map(({ zip, expired = false, ...rest }) => ({ ...rest, expired, size_in_bytes: zip.length }));
  }

  #fetch(request: IncomingMessage, response: ServerResponse): void {
    this.#note('store', request);
    const id = new URL(request.url ?? '/', this.url).pathname.slice(1);
    const artifact = this.runs.flatMap(({ artifacts }) => artifacts).find((one) => String(one.id) === id);
    if (artifact === undefined) return void response.writeHead(404).end();
    response.writeHead(200, { 'content-type': 'application/zip' }).end(artifact.zip);
  }

  #note(host: 'api' | 'store', request: IncomingMessage): void {
    this.asked.push({ host, path: request.url ?? '', token: request.headers.authorization ?? null });
  }
}

const address = (server: Server): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
const json = (response: ServerResponse, status: number, body: object): void =>
  void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
const shown = ({ id, event = 'schedule', conclusion = 'success', branch = 'main', head = 'octo/agent' }: StoredRun) => ({
  id,
  event,
  status: 'completed',
  conclusion,
  head_branch: branch,
  head_repository: { full_name: head },
});

export interface Zipped {
  readonly name: string;
  readonly content: Buffer;
  readonly stored?: boolean;
  /** What the lists say in place of the truth. */
  readonly says?: Partial<{ size: number; packed: number; crc: number; flags: number; method: number; header: number }>;
}

/** A zip with these files, byte by byte, so that each can lie. */
export function zipOf(files: readonly Zipped[], comment = ''): Buffer {
  const bodies: Buffer[] = [];
  const list: Buffer[] = [];
  let at = 0;
  for (const { name, content, stored = false, says = {} } of files) {
    const data = stored ? content : deflateRawSync(content);
    const truth = { size: content.length, packed: data.length, crc: crc32(content), flags: 0, method: stored ? 0 : 8, header: at, ...says };
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50);
    local.writeUInt16LE(truth.method, 8);
    local.writeUInt16LE(Buffer.byteLength(name), 26);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50);
    entry.writeUInt16LE(truth.flags, 8);
    entry.writeUInt16LE(truth.method, 10);
    for (const [offset, value] of [
      [16, truth.crc],
      [20, truth.packed],
      [24, truth.size],
      [42, truth.header],
    ] as const) {
      entry.writeUInt32LE(value, offset);
    }
    entry.writeUInt16LE(Buffer.byteLength(name), 28);
    list.push(entry, Buffer.from(name));
    bodies.push(local, Buffer.from(name), data);
    at += 30 + Buffer.byteLength(name) + data.length;
  }
  const directory = Buffer.concat(list);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(at, 16);
  end.writeUInt16LE(comment.length, 20);
  return Buffer.concat([...bodies, directory, end, Buffer.from(comment)]);
}
