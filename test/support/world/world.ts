import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CLEAN_ENV, exec, type ExecResult } from '../../../src/system/exec.ts';
import { Authority } from './authority.ts';
import type { Answers, Hosts, Order, Seen, Start } from './hosts.ts';

const NODE = process.execPath;

export interface WorldOptions {
  readonly hosts: Hosts;
  /** What the model of `http:model` and `https:model` does: a script as `docs/model.md` has it. */
  readonly script?: unknown;
}

/**
 * An internet on this machine: a network namespace in which real servers have public-looking addresses on loopback, and a real name server
 * has the address that the machine's resolv.conf names. What runs in it sees the machine's files, and no other network. The namespace is
 * its process's: gone when that or this process ends, whatever the way. Needs root.
 */
export class World implements AsyncDisposable {
  readonly directory = mkdtempSync(join(realpathSync(tmpdir()), 'agent-jail-world-'));
  readonly authority = new Authority(this.directory, 'ca');
  readonly #stranger = new Authority(this.directory, 'stranger');
  /** By name. */
  readonly addresses: Readonly<Record<string, readonly string[]>>;
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown>;
  #said = '';
  #waiting: ((answer: Seen | null) => void)[] = [];

  private constructor(hosts: Hosts) {
    this.addresses = Object.fromEntries(Object.entries(hosts).map(([name, { at }], n) => [name, at ?? [`5.5.5.${n + 1}`]]));
    for (const [name, { strange }] of Object.entries(hosts)) (strange === true ? this.#stranger : this.authority).issue(name);
    this.#child = spawn('unshare', ['--net', '--', NODE, join(import.meta.dirname, 'process.ts')], {
      env: CLEAN_ENV,
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.#child.on('message', ({ answer }: { answer: Seen | null }) => this.#waiting.shift()?.(answer));
    this.#child.stderr?.on('data', (chunk: Buffer) => (this.#said += chunk.toString()));
    // Not `close`, which does not come after a disconnect of ours.
    this.#ended = new Promise((resolve) => this.#child.once('exit', resolve));
  }
  static async create({ hosts, script = { answers: [{ say: 'hello' }] } }: WorldOptions): Promise<World> {
    const world = new World(hosts);
    const all = Object.entries(hosts).map(([name, host]) => ({ ...host, name, at: world.addresses[name] ?? [] }));
    try {
      await world.#ask({ hosts: all, nameServers: nameServers(), directory: world.directory, script });
      return world;
    } catch (error) {
      await world[Symbol.asyncDispose]();
      throw error;
    }
  }
  /** The command line before a program, to have it in this world. */
  get enter(): readonly [string, ...string[]] {
    return ['nsenter', `--net=/proc/${this.#child.pid}/ns/net`, '--'];
  }
  /** Runs a program in it, which trusts the world's authority where it reads one of these variables. */
  run(argv: readonly string[], { env = {}, cwd, timeout = 60_000 }: RunOptions = {}): Promise<ExecResult> {
    const [first, ...rest] = this.enter;
    return exec([first, ...rest, ...argv], {
      env: { ...CLEAN_ENV, ...this.trust, ...env },
      timeout,
      maxBuffer: 16 << 20,
      ...(cwd === undefined ? {} : { cwd }),
    });
  }
  /** Variables by which programs trust this world's servers, and no others. */
  get trust(): Readonly<Record<string, string>> {
    return trusting(this.authority.file);
  }
  async seen(): Promise<Seen> {
    return (await this.#ask({ kind: 'seen' })) as Seen;
  }
  /** Forgets what was seen. */
  async forget(): Promise<void> {
    await this.#ask({ kind: 'forget' });
  }
  /** Changes what a name leads to, or gives a new one. */
  async name(name: string, answers: Answers): Promise<void> {
    await this.#ask({ kind: 'name', name, answers });
  }
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.connected) this.#child.disconnect();
    await this.#ended;
    rmSync(this.directory, { recursive: true, force: true });
  }

  #ask(message: Order | Start): Promise<Seen | null> {
    const ended = this.#ended.then(() => Promise.reject(new Error(`the process of the world has ended: ${this.#said}`)));
    ended.catch(() => {});
    const answered = new Promise<Seen | null>((resolve) => this.#waiting.push(resolve));
    this.#child.send(message);
    return Promise.race([answered, ended]);
  }
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly timeout?: number;
}

/** As docs/network.md lists them. */
export const trusting = (file: string): Record<string, string> =>
  Object.fromEntries(
    ['NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE', 'REQUESTS_CA_BUNDLE', 'CURL_CA_BUNDLE', 'GIT_SSL_CAINFO', 'PIP_CERT'].map((name) => [
      name,
      file,
    ]),
  );

/** Those that programs of this machine ask. */
const nameServers = (): string[] => {
  const found = [...readFileSync('/etc/resolv.conf', 'utf8').matchAll(/^nameserver\s+(\S+)/gm)].map(([, address = '']) => address);
  // resolv.conf(5): nobody named means the local machine.
  return found.length === 0 ? ['127.0.0.1'] : found;
};
