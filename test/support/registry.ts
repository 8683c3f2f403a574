import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { LABEL } from './engine-setup.ts';

const MANIFEST = 'application/vnd.docker.distribution.manifest.v2+json';
const sha256 = (bytes: Buffer): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

/** A registry on this machine's loopback, which engines speak to without TLS (OCI distribution specification): what it is given, by tag and digest. */
export class Registry implements AsyncDisposable {
  /** `GET /v2/…` */
  readonly asked: string[] = [];
  readonly #server: Server;
  readonly #found = new Map<string, { bytes: Buffer; type: string }>();
  private constructor() {
    this.#server = createServer((request, response) => {
      this.asked.push(`${request.method} ${request.url}`);
      const found = request.url === '/v2/' ? { bytes: Buffer.from('{}'), type: 'application/json' } : this.#found.get(request.url ?? '');
      if (found === undefined) {
        response.writeHead(404, { 'Content-Type': 'application/json' });
        response.end(JSON.stringify({ errors: [{ code: 'MANIFEST_UNKNOWN', message: 'manifest unknown' }] }));
        return;
      }
      response.writeHead(200, {
        'Content-Type': found.type,
        'Content-Length': found.bytes.length,
        'Docker-Content-Digest': sha256(found.bytes),
        'Docker-Distribution-Api-Version': 'registry/2.0',
      });
      response.end(request.method === 'HEAD' ? undefined : found.bytes);
    });
  }
  static async start(): Promise<Registry> {
    const registry = new Registry();
    await new Promise<void>((resolve) => registry.#server.listen(0, '127.0.0.1', resolve));
    return registry;
  }
  /** As in a reference. */
  get host(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }
  /** Publishes an image of these layers, the lowest first; the digest of its manifest. */
  publish(name: string, tag: string, layers: readonly Buffer[], config: object = {}, platform: object = {}): string {
    const blob = (bytes: Buffer, type: string) => {
      this.#found.set(`/v2/${name}/blobs/${sha256(bytes)}`, { bytes, type });
      return { mediaType: type, size: bytes.length, digest: sha256(bytes) };
    };
    const described = {
      architecture: process.arch === 'arm64' ? 'arm64' : 'amd64',
      os: 'linux',
      ...platform,
      config: { Labels: { [LABEL]: '1' }, ...config },
      rootfs: { type: 'layers', diff_ids: layers.map(sha256) },
      history: layers.map(() => ({ created_by: 'test' })),
    };
    const manifest = Buffer.from(
      JSON.stringify({
        schemaVersion: 2,
        mediaType: MANIFEST,
        config: blob(Buffer.from(JSON.stringify(described)), 'application/vnd.docker.container.image.v1+json'),
        layers: layers.map((layer) => blob(gzipSync(layer, { level: 1 }), 'application/vnd.docker.image.rootfs.diff.tar.gzip')),
      }),
    );
    for (const by of [tag, sha256(manifest)]) this.#found.set(`/v2/${name}/manifests/${by}`, { bytes: manifest, type: MANIFEST });
    return sha256(manifest);
  }
  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
