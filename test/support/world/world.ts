import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { createNetns } from '../../../src/host/netns.ts';
import type { HostPath } from '../../../src/model/names.ts';
import { intercept } from '../../../src/run/certificates.ts';
import { exec } from '../../../src/system/exec.ts';
import { lines } from '../../../src/system/lines.ts';
import { cli, type Options, type Ran, record } from '../jail.ts';
import type { Behaviour, Seen, WorldRequest } from './server.ts';

/**
 * An internet on this machine: a network namespace in which every address leads to loopback, with real servers on public addresses, real
 * TLS, and a resolver where the machine's resolv.conf looks for one. What is run in it has the machine's files and processes.
 */
export class World implements AsyncDisposable {
  readonly directory: string;
  /** Certificate (PEM file) of the authority that all its hosts are certified by. */
  readonly authority: string;
  readonly hosts: WorldRequest['hosts'];
  /** Everything its servers were asked. */
  readonly seen: Seen[] = [];
  readonly #netns: string;
  readonly #server: ChildProcessByStdio<Writable, Readable, null>;
  #ready: () => void = () => {};

  private constructor(directory: string, hosts: WorldRequest['hosts']) {
    this.directory = directory;
    this.hosts = hosts;
    this.authority = join(directory, 'authority.pem');
    this.#netns = join(directory, 'net');
    const [file, ...args] = this.inside(process.execPath, join(import.meta.dirname, 'server.ts'));
    this.#server = spawn(file, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    void this.#follow();
  }

  static async create(behaviours: Readonly<Record<string, Behaviour>>): Promise<World> {
    const directory = mkdtempSync(join(tmpdir(), 'aj-world-'));
    chmodSync(directory, 0o755);
    await exec(['mount', '--bind', directory, directory]);
    await exec(['mount', '--make-private', directory]);
    await createNetns(join(directory, 'net') as HostPath);
    const files = join(directory, 'files');
    mkdirSync(files);
    const names = Object.keys(behaviours);
    const hosts = Object.fromEntries(names.map((name, at) => [name, { behaviour: behaviours[name] ?? 'web', address: `5.5.5.${at + 1}` }]));
    const [known, stranger] = await Promise.all([intercept('WORLD', names), intercept('STRANGER', names)]);
    const world = new World(directory, hosts);
    writeFileSync(world.authority, known.authority, { mode: 0o644 });
    const nameserver = /^nameserver (\S+)/m.exec(readFileSync('/etc/resolv.conf', 'utf8'))?.[1] ?? '127.0.0.1';
    const request: WorldRequest = { hosts, certificates: known.certificates, strangers: stranger.certificates, nameserver, files };
    const ready = new Promise<void>((resolve) => (world.#ready = resolve));
    world.#server.stdin.write(`${JSON.stringify(request)}\n`);
    await ready;
    return world;
  }

  /** argv of a program that runs in this world. */
  inside(...argv: readonly string[]): [string, ...string[]] {
    return ['nsenter', `--net=${this.#netns}`, '--', ...argv];
  }
  /** Where files can be put for `/files/…` of every web host. */
  get files(): string {
    return join(this.directory, 'files');
  }
  requests(host?: string): Extract<Seen, { kind: 'request' }>[] {
    return this.seen.filter((one) => one.kind === 'request').filter((one) => host === undefined || one.host === host);
  }
  questions(name: string): number {
    return this.seen.filter((one) => one.kind === 'question' && one.name === name).length;
  }
  /** `agent-jail run` in this world; the caller trusts its authority. `at` holds the repository `work`. */
  async jailed(at: string, script: string, options: Options & { readonly backend?: string } = {}): Promise<Ran> {
    const out = mkdtempSync(join(at, 'record-'));
    const policy = join(at, `policy-${Math.random().toString(36).slice(2)}.yml`);
    writeFileSync(policy, `limits: { disk: 256MiB, memory: 1GiB, time: 1m }\n${options.policy ?? ''}`);
    const more = [
      ...(options.setup === undefined ? [] : ['--setup', options.setup]),
      ...(options.backend === undefined ? [] : ['--backend', options.backend]),
      ...(options.args ?? []),
    ];
    const ran = await cli(['run', '--policy', policy, '--out', out, ...more, '--', 'bash', '-c', script], {
      cwd: options.cwd ?? join(at, 'work'),
      env: { NODE_EXTRA_CA_CERTS: this.authority, ...options.env },
      inside: (argv) => this.inside(...argv),
    });
    return { ...ran, ...record(out) };
  }

  async #follow(): Promise<void> {
    for await (const line of lines(this.#server.stdout as AsyncIterable<Uint8Array>, 1 << 20)) {
      const seen = JSON.parse(line) as Seen;
      this.seen.push(seen);
      if (seen.kind === 'ready') this.#ready();
    }
  }
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#server.exitCode !== null) return;
    this.#server.stdin.end();
    await new Promise((resolve) => this.#server.once('close', resolve));
    await exec(['umount', this.#netns]);
    await exec(['umount', this.directory]);
    rmSync(this.directory, { recursive: true });
  }
}
