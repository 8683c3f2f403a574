import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { inflateRawSync } from 'node:zlib';

/** What happens to the next requests to create an artifact, one after the other; then all is well. */
export type Fault = 'server-error' | 'reset' | 'slow' | 'denied';

/** The artifact service and its blob store, as far as the real client speaks to them. Keeps what was uploaded, by name. */
export class ArtifactService implements AsyncDisposable {
  readonly artifacts = new Map<string, Buffer>();
  readonly faults: Fault[] = [];
  /** Every create request, in order: what it asked for and what came of it. */
  readonly asked: { readonly name: string; readonly result: string }[] = [];
  readonly #server: Server;
  readonly #blocks = new Map<string, Map<string, Buffer>>();

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(): Promise<ArtifactService> {
    const server = createServer();
    const service = new ArtifactService(server);
    server.on('request', (request, response) => void service.#answer(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return service;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }

  /** Files of an uploaded artifact: name to content. */
  files(name: string): ReadonlyMap<string, Buffer> {
    return unzip(this.artifacts.get(name) ?? Buffer.alloc(0));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.url);
    const body = Buffer.concat(await request.toArray());
    const [, name = ''] = /^\/blob\/(.*)$/.exec(url.pathname) ?? [];
    if (name !== '') this.#blob(decodeURIComponent(name), url, body, response);
    else if (url.pathname.endsWith('/CreateArtifact')) await this.#create(body, request, response);
    else if (url.pathname.endsWith('/FinalizeArtifact')) send(response, 200, { ok: true, artifact_id: String(1000 + this.artifacts.size) });
    else send(response, 404, { msg: 'no such method' });
  }

  async #create(body: Buffer, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { name } = JSON.parse(body.toString()) as { name: string };
    const fault = this.faults.shift();
    this.asked.push({ name, result: fault ?? (this.artifacts.has(name) ? 'conflict' : 'ok') });
    if (fault === 'reset') return void request.socket.resetAndDestroy();
    if (fault === 'server-error') return send(response, 503, { msg: 'try later' });
    if (fault === 'denied') return send(response, 403, { msg: 'not allowed' });
    if (fault === 'slow') await sleep(20_000, undefined, { ref: false });
    if (this.artifacts.has(name)) return send(response, 409, { msg: 'an artifact with this name already exists on the workflow run' });
    this.artifacts.set(name, Buffer.alloc(0));
    send(response, 200, { ok: true, signed_upload_url: `${this.url}blob/${encodeURIComponent(name)}?sig=signature-of-the-blob` });
  }

  /** Azure's block blobs: blocks, then the list of those that make the file. */
  #blob(name: string, url: URL, body: Buffer, response: ServerResponse): void {
    const blocks = this.#blocks.get(name) ?? new Map<string, Buffer>();
    this.#blocks.set(name, blocks);
    if (url.searchParams.get('comp') === 'blocklist') {
      const ids = [...body.toString().matchAll(/<Latest>([^<]+)<\/Latest>/g)].map((match) => match[1] ?? '');
      this.artifacts.set(name, Buffer.concat(ids.map((id) => blocks.get(id) ?? Buffer.alloc(0))));
    } else blocks.set(url.searchParams.get('blockid') ?? '', body);
    const date = new Date().toUTCString();
    const headers = {
      etag: '"1"',
      'last-modified': date,
      date,
      'x-ms-request-id': '1',
      'x-ms-version': '2024-11-04',
      'x-ms-request-server-encrypted': 'true',
    };
    response.writeHead(201, headers).end();
  }
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

/** Reads the central directory (PKWARE APPNOTE 4.3.12). Enough for what the client makes: no ZIP64, stored or deflated. */
function unzip(zip: Buffer): ReadonlyMap<string, Buffer> {
  const files = new Map<string, Buffer>();
  const end = zip.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  if (end === -1) return files;
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left -= 1) {
    const [method, size] = [zip.readUInt16LE(at + 10), zip.readUInt32LE(at + 20)];
    const [nameLength, extra, comment] = [zip.readUInt16LE(at + 28), zip.readUInt16LE(at + 30), zip.readUInt16LE(at + 32)];
    const local = zip.readUInt32LE(at + 42);
    const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    const data = zip.subarray(start, start + size);
    files.set(zip.toString('utf8', at + 46, at + 46 + nameLength), method === 0 ? data : inflateRawSync(data));
    at += 46 + nameLength + extra + comment;
  }
  return files;
}
