import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const openssl = (...args: string[]): Buffer => execFileSync('openssl', args, { env: { PATH: '/usr/bin:/bin' }, stdio: 'pipe' });
const EC = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

/** The authority of a world: a certificate for each of its names, from the machine's openssl, which shares no code with the product. */
export class Authority {
  readonly #directory: string;
  readonly #name: string;
  constructor(directory: string, name: string) {
    this.#directory = directory;
    this.#name = name;
    openssl('req', '-x509', ...EC, '-subj', '/CN=world', '-days', '2', '-keyout', this.#file(`${this.#name}.key`), '-out', this.file);
  }
  /** Its certificate. */
  get file(): string {
    return this.#file(`${this.#name}.pem`);
  }
  issue(name: string): void {
    const [key, request, extensions] = ['key', 'csr', 'ext'].map((kind) => this.#file(`${name}.${kind}`)) as [string, string, string];
    writeFileSync(extensions, `subjectAltName=DNS:${name}\nextendedKeyUsage=serverAuth\n`);
    openssl('req', ...EC, '-subj', '/CN=server', '-keyout', key, '-out', request);
    const by = ['-CA', this.file, '-CAkey', this.#file(`${this.#name}.key`), '-CAcreateserial'];
    openssl('x509', '-req', '-in', request, ...by, '-days', '2', '-extfile', extensions, '-out', this.#file(`${name}.pem`));
  }
  #file(name: string): string {
    return join(this.#directory, name);
  }
}

/** For a server of this name. */
export const identityOf = (directory: string, name: string): { key: Buffer; cert: Buffer } => ({
  key: readFileSync(join(directory, `${name}.key`)),
  cert: readFileSync(join(directory, `${name}.pem`)),
});
