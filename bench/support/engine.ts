import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const ENV = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', LANG: 'C.UTF-8' };

/** A Docker engine of our own: own socket, data, state and pid file, no network, no rules in the machine's firewall. */
export class Engine implements AsyncDisposable {
  readonly #place: string;
  readonly #child: ChildProcess;
  readonly #mounts: string;
  #log = '';
  private constructor(place: string) {
    this.#place = place;
    this.#mounts = mountPoints(place).join();
    const { argv } = this;
    this.#child = spawn(argv[0], argv.slice(1), { env: { ...ENV, TMPDIR: place }, stdio: ['ignore', 'ignore', 'pipe'], cwd: place });
    this.#child.stderr?.on('data', (chunk: Buffer) => (this.#log = (this.#log + chunk.toString('utf8')).slice(-4096)));
  }
  static async start(): Promise<Engine> {
    const engine = new Engine(mkdtempSync(join(tmpdir(), 'agent-jail-engine-')));
    for (const end = Date.now() + 60_000; !engine.#answers(); await sleep(100)) {
      if (Date.now() < end && engine.#child.exitCode === null) continue;
      await engine[Symbol.asyncDispose]();
      throw new Error(`dockerd did not start: ${engine.#log}`);
    }
    return engine;
  }
  #answers(): boolean {
    try {
      this.docker('version');
      return true;
    } catch {
      return false;
    }
  }
  get env(): Record<string, string> {
    return { ...ENV, DOCKER_HOST: `unix://${this.#place}/docker.sock`, DOCKER_CONFIG: `${this.#place}/config`, HOME: this.#place };
  }
  private get argv(): [string, ...string[]] {
    const at = (name: string) => join(this.#place, name);
    // biome-ignore format: options with their values
    return [
      'dockerd', '--host', `unix://${at('docker.sock')}`, '--data-root', at('data'), '--exec-root', at('exec'), '--pidfile', at('pid'),
      '--bridge', 'none', '--iptables=false', '--ip6tables=false', '--ip-forward=false', '--ip-masq=false',
    ];
  }
  docker(...args: string[]): string {
    return execFileSync('docker', args, { env: this.env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], timeout: 60_000 });
  }
  /** An image of one static program, under the names that scripts call it by. */
  image(name: string): string {
    const tree = join(this.#place, 'tree');
    staticTree(tree);
    execFileSync('tar', ['-cf', join(this.#place, 'tree.tar'), '-C', tree, '.'], { env: ENV });
    this.docker('import', join(this.#place, 'tree.tar'), name);
    return name;
  }
  async [Symbol.asyncDispose](): Promise<void> {
    const ended = new Promise((resolve) => this.#child.once('close', resolve));
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      this.#child.kill('SIGTERM');
      await Promise.race([ended, sleep(20_000)]);
      if (this.#child.exitCode === null) this.#child.kill('SIGKILL');
    }
    // The engine leaves its own mounts behind where it is killed.
    for (const target of mountPoints(this.#place).filter((point) => !this.#mounts.includes(point)))
      execFileSync('umount', ['--lazy', target], { env: ENV });
    rmSync(this.#place, { recursive: true, force: true });
  }
}

/** A root of one static program. */
export function staticTree(at: string): void {
  for (const directory of ['bin', 'etc', 'proc', 'sys', 'dev', 'run', 'tmp', 'usr', 'root', 'var'])
    mkdirSync(join(at, directory), { recursive: true });
  for (const name of ['busybox', 'sh', 'true']) copyFileSync('/bin/busybox', join(at, 'bin', name));
  mkdirSync(join(at, 'usr/lib'));
  writeFileSync(join(at, 'etc/passwd'), 'root:x:0:0::/root:/bin/sh\n');
  writeFileSync(join(at, 'usr/lib/os-release'), 'ID=bench\n'); // without one nspawn does not start
}

/** Below `place`, the deepest first. */
function mountPoints(place: string): string[] {
  return execFileSync('findmnt', ['--noheadings', '--raw', '--output', 'TARGET'], { env: ENV, encoding: 'utf8' })
    .split('\n')
    .filter((target) => target.startsWith(`${place}/`))
    .reverse();
}
