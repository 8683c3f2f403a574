import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GatewayEvent, GatewayRequest, NetworkLine } from '../../src/model/gateway.ts';
import type { HostPath } from '../../src/model/names.ts';
import { GATEWAY_FLAGS } from '../../src/run/gateway.ts';
import { CLEAN_ENV, exec, type ExecResult } from '../../src/system/exec.ts';
import { lines } from '../../src/system/lines.ts';
import { ownNetns } from '../support/hands.ts';

export const GATEWAY_UID = 61_002;
export const LAUNCHER = join(import.meta.dirname, '../../src/host/sockets.pl');
const ENTRY = join(import.meta.dirname, '../../src/gateway.ts');
export const SPEC = 'udp:127.0.0.1:53,tcp:127.0.0.1:53,tcp:0.0.0.0:80,tcp:0.0.0.0:443';
export const SOCKETS: GatewayRequest['sockets'] = [
  { fd: 10, protocol: 'udp', address: '127.0.0.1', port: 53 },
  { fd: 11, protocol: 'tcp', address: '127.0.0.1', port: 53 },
  { fd: 12, protocol: 'tcp', address: '0.0.0.0', port: 80 },
  { fd: 13, protocol: 'tcp', address: '0.0.0.0', port: 443 },
];
const none = { network: { mode: 'allow', allow: [], services: [] }, secrets: [] } as const;
/** What a gateway is told by a policy that allows nothing. */
export const NOTHING = {
  rules: { agent: none, setup: none },
  certificates: {},
  authorities: null,
  limits: { upload: null, download: null, connections: null, requests: null },
  handedOut: 0,
} as const satisfies Partial<GatewayRequest>;
/** Becomes root in the namespace of a test, then an agent with a resolv.conf that leads to the gateway. */
const BECOME_AGENT =
  'mount --bind "$0" /etc/resolv.conf && exec setpriv --reuid=61001 --regid=61001 --clear-groups --bounding-set=-all --no-new-privs -- "$@"';

/** A network namespace as the warden makes one, on a private mount, with programs that run where an agent would. */
export class TestNetns {
  readonly directory: string;
  readonly file: HostPath;
  private constructor(directory: string) {
    this.directory = directory;
    this.file = join(directory, 'net') as HostPath;
  }
  static async create(): Promise<TestNetns> {
    const netns = new TestNetns(mkdtempSync(join(tmpdir(), 'agent-jail-network-')));
    await exec(['mount', '--bind', netns.directory, netns.directory]);
    await exec(['mount', '--make-private', netns.directory]);
    writeFileSync(join(netns.directory, 'resolv.conf'), 'nameserver 127.0.0.1\noptions timeout:2 attempts:2\n', { mode: 0o644 });
    await ownNetns(netns.file);
    return netns;
  }
  async remove(): Promise<void> {
    await exec(['umount', this.file]);
    await exec(['umount', this.directory]);
    rmSync(this.directory, { recursive: true });
  }
  /** Runs a program as an agent would run it: in the namespace, without root. */
  run(...argv: string[]): Promise<ExecResult> {
    const enter = ['nsenter', `--net=${this.file}`, '--', 'unshare', '--mount', '--propagation', 'private', '--'] as const;
    return exec([...enter, 'sh', '-c', BECOME_AGENT, join(this.directory, 'resolv.conf'), ...argv], { timeout: 20_000 });
  }
  /** Runs JavaScript there; what its last expression `result = …` holds comes back. */
  async node(source: string): Promise<unknown> {
    const whole = `let result; ${source}; console.log(JSON.stringify(result)); process.exit(0)`;
    const { code, stdout, stderr } = await this.run(process.execPath, '--input-type=module', '--eval', whole);
    if (code !== 0) throw new Error(`${code} ${stderr}`);
    return JSON.parse(stdout);
  }
}

/** A gateway as the warden starts one. */
export class TestGateway {
  readonly child: ChildProcess;
  readonly events: GatewayEvent[] = [];
  readonly ready: Promise<void>;
  readonly ended: Promise<string>;
  readonly #logFile: string;
  constructor(
    netns: TestNetns,
    name: string,
    part: Partial<GatewayRequest> = {},
    launcher = ['perl', LAUNCHER, netns.file, '8320', SPEC, '--'],
  ) {
    this.#logFile = join(netns.directory, `${name}.ndjson`);
    const fd = openSync(this.#logFile, 'wx', 0o600);
    const argv = [...launcher, process.execPath, ...GATEWAY_FLAGS, ENTRY];
    const request = join(netns.directory, `${name}.json`);
    const epoch = process.hrtime.bigint().toString();
    const whole = { kind: 'serve', id: 'TEST', epoch, sockets: SOCKETS, log: 3, uid: GATEWAY_UID, gid: GATEWAY_UID, ...NOTHING, ...part };
    writeFileSync(request, JSON.stringify(whole), { mode: 0o600 });
    const asked = openSync(request, 'r');
    this.child = spawn(argv[0] ?? '', argv.slice(1), { env: CLEAN_ENV, stdio: ['pipe', 'pipe', 'pipe', fd, asked] });
    for (const one of [fd, asked]) closeSync(one);
    let said = '';
    this.child.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()));
    this.ended = new Promise((resolve) => this.child.once('close', (code, signal) => resolve(`${signal ?? code} ${said.trim()}`.trim())));
    const { promise, resolve } = Promise.withResolvers<void>();
    this.ready = Promise.race([promise, this.ended.then((how) => Promise.reject(new Error(how)))]);
    this.ready.catch(() => {});
    void this.#follow(resolve);
    this.send({ kind: 'step', step: 0, setup: false });
  }
  send(value: object): void {
    this.child.stdin?.write(`${JSON.stringify(value)}\n`);
  }
  async finish(): Promise<string> {
    this.child.stdin?.end();
    return this.ended;
  }
  log(): NetworkLine[] {
    return this.file().filter((line): line is NetworkLine & Record<string, unknown> => 'verdict' in line);
  }
  file(): Record<string, unknown>[] {
    return readFileSync(this.#logFile, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  }
  async #follow(ready: () => void): Promise<void> {
    for await (const line of lines(this.child.stdout as AsyncIterable<Uint8Array>, 1 << 16)) {
      const event = JSON.parse(line) as GatewayEvent;
      this.events.push(event);
      if (event.kind === 'ready') ready();
    }
  }
}
