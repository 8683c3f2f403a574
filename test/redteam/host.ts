import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer as createTcp, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { git, NODE } from '../support/jail.ts';

/** Neither root's nor the agent's: so a file of root's in the workspace stays root's in the jail. */
export const OWNER = 1001;
/** What the agent's uid is by default; the victims of C9 have it too. */
export const AGENT = 61_001;
export type Backend = 'nspawn' | 'docker' | 'vm';
const PROBES = join(import.meta.dirname, 'probes');

const canary = (): string => `canary-${randomBytes(16).toString('hex')}`;

/**
 * A host as a job finds it: a checkout with its token, credentials in a home, the runner's files, services, other processes. Each
 * holds a canary of its own; `hidden` knows them all. Everything is gone again with it.
 */
export class Host implements AsyncDisposable {
  readonly nonce = randomBytes(16).toString('hex');
  readonly plain = canary();
  /** Value to what it is. */
  readonly hidden = new Map<string, string>();
  readonly directory = realpathSync(mkdtempSync(join(tmpdir(), 'aj-host-')));
  readonly workspace = join(this.directory, 'runner/_work/repo/repo');
  readonly temp = join(this.directory, 'runner/_work/_temp');
  readonly home = join(this.directory, 'home');
  readonly listed = join(this.directory, 'listed');
  /** Outside of everything that the policy lists. */
  readonly secretPlace = join(this.directory, 'not-listed');
  /** The environment of main. */
  readonly env: Record<string, string>;
  /** What reached a socket or FIFO of the host from a jail. */
  readonly arrived: string[] = [];
  readonly victims: ChildProcess[] = [];
  readonly #paths: string[] = [];
  readonly #made: string[] = [];
  readonly #servers: Server[] = [];
  readonly #readers: ChildProcess[] = [];
  readonly #name = `aj-red-${this.nonce.slice(0, 8)}`;

  /** What its jails are made by. */
  readonly backend: Backend;

  private constructor(backend: Backend) {
    this.backend = backend;
    const token = (what: string): string => this.#hide(what);
    this.env = {
      PATH: `${dirname(NODE)}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`,
      HOME: this.home,
      GITHUB_TOKEN: token('GITHUB_TOKEN'),
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: token('the OIDC request token'),
      ACTIONS_ID_TOKEN_REQUEST_URL: `https://vstoken.example/${token('the OIDC request address')}`,
      ACTIONS_RUNTIME_TOKEN: token('ACTIONS_RUNTIME_TOKEN'),
      ACTIONS_RESULTS_URL: `https://results.example/${token('ACTIONS_RESULTS_URL')}`,
      ACTIONS_CACHE_URL: `https://cache.example/${token('ACTIONS_CACHE_URL')}`,
      'INPUT_GITHUB-TOKEN': token('an input'),
      SOME_PRIVATE_SETTING: token('a variable of the host'),
      RUNNER_TEMP: this.temp,
      GITHUB_WORKSPACE: this.workspace,
    };
  }

  static async make(backend: Backend = 'nspawn'): Promise<Host> {
    const host = new Host(backend);
    try {
      host.#files();
      host.#checkout();
      await host.#services();
      await host.#processes();
      host.#workspace();
      return host;
    } catch (error) {
      await host[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** A new canary that no probe may come upon. */
  #hide(what: string): string {
    const value = canary();
    this.hidden.set(value, what);
    return value;
  }
  /** A file with a canary at a path that probes are told. */
  #plant(path: string, content: (value: string) => string = (value) => `token = ${value}\n`): void {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content(this.#hide(path)), { mode: 0o644 });
    this.#paths.push(path);
  }

  #files(): void {
    for (const directory of [this.directory, this.home, this.listed, this.secretPlace, this.temp]) {
      mkdirSync(directory, { recursive: true });
      chmodSync(directory, 0o755);
    }
    for (const name of [
      '.docker/config.json',
      '.aws/credentials',
      '.npmrc',
      '.ssh/id_ed25519',
      '.config/gh/hosts.yml',
      '.netrc',
      '.gitconfig',
      '.git-credentials',
      '.kube/config',
      '.claude/.credentials.json',
    ])
      this.#plant(join(this.home, name));
    const runner = dirname(dirname(this.temp));
    for (const name of ['.credentials', '.credentials_rsaparams', '.runner', '_work/_actions/octo/action/v1/.env', '_diag/Worker.log'])
      this.#plant(join(runner, name));
    for (const name of ['event.json', '_runner_file_commands/set_env_1', 'secret-file']) this.#plant(join(this.temp, name));
    this.env['GITHUB_EVENT_PATH'] = join(this.temp, 'event.json');
    this.#plant(join(this.secretPlace, 'secret.txt'));
    // Places of the system that belong to nobody's home; the directories are there on every machine.
    for (const place of ['/root', '/home', '/srv', '/var/lib', '/var/tmp', '/run', '/tmp', '/mnt', '/etc']) {
      if (!existsSync(place)) continue;
      this.#made.push(join(place, this.#name));
      this.#plant(join(place, this.#name, 'secret.txt'));
    }
    for (const [directory, name] of [
      ['/etc/sudoers.d', `${this.#name}`],
      ['/etc/ssh', `${this.#name}_key`],
    ] as const) {
      if (!existsSync(directory)) continue;
      this.#made.push(join(directory, name));
      this.#plant(join(directory, name), (value) => `# ${value}\n`);
      chmodSync(join(directory, name), 0o440);
    }
  }

  /** A repository as a checkout leaves it: its token as a header in the configuration, in older and newer ways. */
  #checkout(): void {
    mkdirSync(this.workspace, { recursive: true });
    git(this.workspace, 'init', '--quiet', '--initial-branch=main');
    const header = (what: string): string => `AUTHORIZATION: basic ${Buffer.from(`x-access-token:${this.#hide(what)}`).toString('base64')}`;
    const included = join(this.temp, `git-credentials-${this.nonce}.config`);
    writeFileSync(included, `[http "https://github.com/"]\n\textraheader = ${header('the token of an included configuration')}\n`);
    this.#paths.push(included);
    git(this.workspace, 'config', 'http.https://github.com/.extraheader', header('the token in .git/config'));
    git(this.workspace, 'config', `includeIf.gitdir:${this.workspace}/.git.path`, included);
    git(this.workspace, 'config', 'credential.helper', `store --file=${join(this.workspace, '.git/credentials')}`);
    // What a configuration may keep shows that it is read at all.
    git(this.workspace, 'config', 'remote.origin.url', `https://github.com/octo/${this.plain}`);
    git(this.workspace, 'config', 'remote.other.url', `https://x:${this.#hide('the token in a remote')}@github.com/octo/repo`);
    writeFileSync(join(this.workspace, '.git/credentials'), `https://x:${this.#hide('the stored credential')}@github.com\n`);
    writeFileSync(join(this.workspace, '.git/FETCH_HEAD'), `# ${this.env['GITHUB_TOKEN'] ?? ''}\n`);
  }

  /** Services that answer with a canary, on a socket in every place where a jail sees files, by name and by port; FIFOs with a reader. */
  async #services(): Promise<void> {
    const places = [
      join(this.workspace, 'host.sock'),
      join(this.listed, 'host.sock'),
      `/usr/local/${this.#name}.sock`,
      `/run/${this.#name}/host.sock`,
    ];
    this.#made.push(places[2] ?? '');
    const ports: number[] = [];
    for (const at of [...places, `\0${this.#name}`, 0]) {
      const answer = this.#hide(`the service at ${at === 0 ? 'a port' : at}`);
      const server = createTcp((socket) => {
        this.arrived.push(`a connection to ${at}`);
        socket.on('error', () => {});
        socket.resume(); // its end is seen by reading: nobody could close the server
        socket.end(answer);
      });
      this.#servers.push(server);
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        if (at === 0) server.listen(0, '127.0.0.1', resolve);
        else server.listen({ path: at as string }, resolve);
      });
      const address = server.address();
      if (at === 0 && address !== null && typeof address === 'object') ports.push(address.port);
      else if (!String(at).startsWith('\0')) chmodSync(String(at), 0o777);
    }
    const fifos = [join(this.workspace, 'host.fifo'), join(this.listed, 'host.fifo')];
    execFileSync('mkfifo', ['--mode=0666', ...fifos]);
    for (const fifo of fifos) {
      const reader = spawn('cat', [fifo], { stdio: ['ignore', 'pipe', 'ignore'] });
      reader.stdout.on('data', (chunk: Buffer) => this.arrived.push(`${chunk.length} bytes in ${fifo}`));
      this.#readers.push(reader);
    }
    this.#config({
      'host-sockets': [join(this.workspace, 'host.sock'), '/mnt/listed/host.sock', ...places.slice(2)],
      'host-abstract': [this.#name],
      'host-ports': ports.map(String),
      'host-fifos': [join(this.workspace, 'host.fifo'), '/mnt/listed/host.fifo'],
    });
  }

  /** Processes of root and of the agent's own uid, with canaries in their arguments and variables. */
  async #processes(): Promise<void> {
    for (const uid of [0, AGENT]) {
      const argv = [
        '--reuid',
        String(uid),
        '--regid',
        String(uid),
        '--clear-groups',
        '--',
        'perl',
        '-e',
        'sleep 3600',
        this.#hide(`arguments of a process of uid ${uid}`),
      ];
      const victim = spawn('setpriv', argv, {
        stdio: 'ignore',
        env: { PATH: '/usr/bin:/bin', CANARY: this.#hide(`variables of a process of uid ${uid}`) },
      });
      await new Promise((resolve) => victim.once('spawn', resolve));
      this.victims.push(victim);
    }
    this.#config({ 'host-pids': [process.pid, process.ppid, ...this.victims.map(({ pid }) => pid ?? 0)].map(String) });
  }

  #workspace(): void {
    const { workspace, listed } = this;
    this.#config({
      nonce: [this.nonce],
      'host-init': [readFileSync('/proc/1/comm', 'utf8').trim()],
      'host-pid-namespace': [readlinkSync('/proc/self/ns/pid')],
      home: [this.home],
      'runner-temp': [this.temp],
      paths: this.#paths,
      records: [this.directory],
    });
    writeFileSync(join(workspace, 'plain.txt'), `${this.plain}\n`);
    writeFileSync(join(listed, 'plain.txt'), `${this.plain}\n`);
    // What D6 changes the kind of.
    mkdirSync(join(workspace, 'tree/directory'), { recursive: true });
    for (const name of ['file', 'directory/x', 'other', 'mode', 'stays'])
      writeFileSync(join(workspace, 'tree', name), 'mode\n', { mode: 0o644 });
    execFileSync('cp', ['-r', PROBES, workspace]);
    symlinkSync(join(this.secretPlace, 'secret.txt'), join(workspace, 'given-link-1'));
    symlinkSync('../../../../not-listed/secret.txt', join(workspace, 'given-link-2'));
    symlinkSync(this.home, join(workspace, 'given-link-3'));
    execFileSync('chown', ['-R', '-h', `${OWNER}:${OWNER}`, workspace, listed]);
    for (const directory of [workspace, listed]) {
      copyFileSync('/usr/bin/id', join(directory, 'setuid-id'));
      copyFileSync(realpathSync('/usr/bin/perl'), join(directory, 'capable-perl'));
      execFileSync('setcap', ['cap_setuid,cap_dac_read_search+ep', join(directory, 'capable-perl')]);
      chownSync(join(directory, 'setuid-id'), 0, 0);
      chmodSync(join(directory, 'setuid-id'), 0o6755);
    }
  }
  #config(values: Readonly<Record<string, readonly string[]>>): void {
    mkdirSync(join(this.workspace, 'config'), { recursive: true });
    for (const [name, lines] of Object.entries(values)) writeFileSync(join(this.workspace, 'config', name), `${lines.join('\n')}\n`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const child of [...this.#readers, ...this.victims]) {
      const ended = new Promise((resolve) => child.once('close', resolve));
      if (child.exitCode === null && child.signalCode === null && child.kill('SIGKILL')) await ended;
    }
    for (const server of this.#servers) await new Promise<void>((resolve) => server.close(() => resolve()));
    for (const path of [...this.#made, this.directory]) rmSync(path, { recursive: true, force: true });
  }
}
