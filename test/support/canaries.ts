import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { git, repository } from './jail.ts';

/**
 * A machine with a secret in every kind of place: file contents and file names, sockets, processes, a variable, a mount, a git
 * configuration. All secrets begin alike, so that one search finds whichever there is. Everything is gone again with it.
 */
export class Canaries implements AsyncDisposable {
  /** What every one of them begins with. */
  readonly stem = `canary${randomBytes(8).toString('hex')}`;
  /** What may be seen in the jail, and has to be. */
  readonly plain = this.#token();
  /** Secret to where it is. */
  readonly hidden = new Map<string, string>();
  /** Unix time before anything was planted. */
  readonly since = Math.floor(Date.now() / 1000) - 1;
  readonly place: string;
  readonly work: string;
  /** Beside the workspace; a test may list it in its policy. */
  readonly beside: string;
  readonly env: Readonly<Record<string, string>>;
  #made: string[] = [];
  #mounted: string[] = [];
  #servers: Server[] = [];
  #processes: ChildProcess[] = [];

  constructor(place: string) {
    this.place = place;
    this.beside = join(place, 'beside');
    this.work = repository(place);
    writeFileSync(join(this.work, 'plain.txt'), `${this.plain}\n`);
    this.env = { PATH: '/usr/local/bin:/usr/bin:/bin', CALLERS_OWN: this.hide('a variable of the caller') };
  }
  static async plant(place: string): Promise<Canaries> {
    const planted = new Canaries(place);
    planted.#files();
    planted.#git();
    await planted.#sockets();
    await planted.#process();
    return planted;
  }

  #token(): string {
    return `${this.stem}x${randomBytes(8).toString('hex')}`;
  }
  hide(what: string): string {
    const token = this.#token();
    this.hidden.set(token, what);
    return token;
  }

  /** In each place a directory with a telling name and a file with telling content, which anyone may read. */
  #files(): void {
    mkdirSync(this.beside);
    writeFileSync(join(this.beside, 'file'), `${this.hide('a file beside the workspace')}\n`);
    writeFileSync(join(this.place, 'file'), `${this.hide('a file in the directory above the workspace')}\n`);
    for (const where of [
      '/root',
      '/home',
      '/srv',
      '/mnt',
      '/media',
      '/var/lib',
      '/var/cache',
      '/etc',
      '/var/tmp',
      '/tmp',
      '/run',
      '/dev/shm',
      '/',
    ]) {
      if (!existsSync(where)) continue;
      const directory = join(where, this.hide(`a name in ${where}`));
      this.#made.push(directory);
      mkdirSync(directory, { mode: 0o755 });
      writeFileSync(join(directory, 'file'), `${this.hide(`a file in ${where}`)}\n`, { mode: 0o644 });
    }
    const mount = join(this.place, 'mount');
    mkdirSync(mount);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'mode=755,size=1m', this.hide('the source of a mount'), mount]);
    this.#mounted.push(mount);
    writeFileSync(join(mount, 'file'), `${this.hide('a file in a mount')}\n`);
  }

  /** As a checkout leaves it. */
  #git(): void {
    const header = Buffer.from(`x-access-token:${this.hide('the token of the checkout')}`).toString('base64');
    this.hidden.set(header, 'the token of the checkout, in base64');
    git(this.work, 'config', 'http.https://github.com/.extraheader', `AUTHORIZATION: basic ${header}`);
    git(this.work, 'config', 'remote.origin.url', `https://x:${this.hide('the token in a remote')}@github.com/octo/repo`);
    writeFileSync(join(this.work, '.git/credentials'), `https://x:${this.hide('a stored credential')}@github.com\n`);
  }

  async #sockets(): Promise<void> {
    for (const at of [join('/tmp', this.hide('a unix socket')), `\0${this.hide('an abstract unix socket')}`]) {
      const server = createServer((socket) => socket.end());
      this.#servers.push(server);
      await new Promise<void>((resolve, reject) => server.once('error', reject).listen(at, resolve));
    }
  }
  async #process(): Promise<void> {
    const child = spawn('sleep', ['600'], {
      argv0: this.hide('an argument of a process'),
      env: { SECRET: this.hide('a variable of a process') },
      stdio: 'ignore',
    });
    this.#processes.push(child);
    await new Promise((resolve, reject) => child.once('spawn', resolve).once('error', reject));
  }

  /** Those that a text shows, in words. */
  foundIn(text: string): string[] {
    return [...this.hidden].filter(([token]) => text.includes(token)).map(([, what]) => what);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const child of this.#processes) {
      const ended = new Promise((resolve) => child.once('close', resolve));
      if (child.kill('SIGKILL')) await ended;
    }
    for (const server of this.#servers) await new Promise<void>((resolve) => server.close(() => resolve()));
    for (const path of this.#mounted) execFileSync('umount', [path]);
    for (const path of this.#made) rmSync(path, { recursive: true, force: true });
  }
}
