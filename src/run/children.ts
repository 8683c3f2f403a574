import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import type { CollectorAnswer, CollectorRequest } from '../model/collector.ts';
import { JailError } from '../model/errors.ts';
import type { HostPath } from '../model/names.ts';
import { CLEAN_ENV, SINGLE_THREADED } from '../system/exec.ts';
import { lines } from '../system/lines.ts';
import { random24 } from '../system/random.ts';

/** Longest line that a child of the warden may write. */
const LINE = 1 << 20;

interface Launch {
  readonly argv: readonly [string, ...string[]];
  /** What the child gets as 3, 4, …: a descriptor of ours, or a pipe to us. */
  readonly descriptors: readonly (number | 'pipe')[];
  readonly name: string;
  /** Absent: the warden's own. */
  readonly cwd?: HostPath;
}

/** A process without the job's environment that speaks one JSON line at a time on stdin and stdout. */
export class Peer {
  readonly ended: Promise<string>;
  readonly pid: number;
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
  #errors = '';
  constructor({ argv, descriptors, name, cwd }: Launch) {
    const [file, ...args] = argv;
    // Not execa: it wraps every extra descriptor in a stream, and these belong to the child alone.
    const child = spawn(file, args, {
      env: CLEAN_ENV,
      cwd,
      stdio: ['pipe', 'pipe', 'pipe', ...descriptors],
    }) as ChildProcessByStdio<Writable, Readable, Readable>;
    this.#child = child;
    this.pid = child.pid ?? 0; // 0: it could not be started, which `ended` says
    child.stdin.on('error', () => {}); // it died: `ended` says so
    child.stderr.on('data', (chunk: Buffer) => {
      if (this.#errors.length < 4096) this.#errors += chunk.toString('utf8');
    });
    this.ended = new Promise((resolve) => {
      const how = (end: string) => {
        const said = this.#errors.trim().split('\n').slice(0, 3).join(' / ').slice(0, 500);
        resolve(`the ${name} ended with ${end}${said === '' ? '' : `: ${said}`}`);
      };
      child.once('error', (error) => how(error.message));
      child.once('close', (code, signal) => how(String(signal ?? code)));
    });
  }
  send(value: object): void {
    this.#child.stdin.write(`${JSON.stringify(value)}\n`);
  }
  /** A line that is no JSON. */
  say(line: string): void {
    this.#child.stdin.write(`${line}\n`);
  }
  finish(): void {
    this.#child.stdin.end();
  }
  kill(): void {
    this.#child.kill('SIGKILL');
  }
  /** JSON lines of its stdout, or of the pipe that it has as `descriptor`. */
  async *messages(descriptor = 1): AsyncGenerator<unknown> {
    const stream = this.#child.stdio[descriptor] as Readable;
    for await (const line of lines(stream, LINE)) yield JSON.parse(line);
  }
}

/** One question at a time. */
export class Collector {
  readonly #peer: Peer;
  readonly #answers: AsyncGenerator<unknown>;
  constructor(argv: readonly [string, ...string[]], descriptors: readonly number[]) {
    this.#peer = new Peer({ argv, descriptors, name: 'collector' });
    this.#answers = this.#peer.messages();
  }
  get ended(): Promise<string> {
    return this.#peer.ended;
  }
  /** Throws JailError where it dies, takes longer than `timeout` ms, or says that it could not. */
  async ask(request: CollectorRequest, timeout: number): Promise<CollectorAnswer & { ok: true }> {
    this.#peer.send(request);
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      this.#peer.kill();
    }, timeout);
    const { value } = await this.#answers.next().finally(() => clearTimeout(timer));
    const answer = value as CollectorAnswer | undefined; // undefined: its output ended
    if (answer?.ok === true) return answer;
    if (answer?.ok === false)
      throw new JailError(`the collector: ${String(answer.message).slice(0, 500)}`, 'the evidence is incomplete: run again');
    const how = late ? `the collector took longer than ${timeout / 1000} s` : await this.#peer.ended;
    throw new JailError(how, 'the evidence is incomplete: run again, or lower `limits.disk` and `limits.files`');
  }
  kill(): void {
    this.#peer.kill();
  }
}

/** A collector with a uid of its own, so that none can do anything to another, and `files` as its descriptors from 3 upwards. */
export function startCollector(programs: { node: string; collector: HostPath }, files: readonly number[]) {
  const uid = ownUid();
  return { uid, collector: new Collector(collectorArgv(programs.node, programs.collector, uid, files.length), files) };
}

/**
 * Of Node. New memory has a price by the page, so young objects get little room: a collector lives for a second. Old ones are not looked for
 * before there are some tens of MB of them, which few collectors ever have.
 */
export const COLLECTOR_FLAGS = [
  ...SINGLE_THREADED,
  '--max-old-space-size=512',
  '--initial-old-space-size=64',
  '--max-semi-space-size=2',
] as const;

/** Pure: argv of a collector: its own uid, no network, may read everything and write nothing but the files it inherits. */
export function collectorArgv(node: string, entry: HostPath, uid: number, files: number): [string, ...string[]] {
  return [
    'unshare',
    '--net',
    '--ipc',
    '--',
    'setpriv',
    `--reuid=${uid}`,
    `--regid=${uid}`,
    '--clear-groups',
    '--inh-caps=-all,+dac_read_search',
    '--ambient-caps=-all,+dac_read_search',
    '--bounding-set=-all,+dac_read_search',
    '--no-new-privs',
    '--',
    node,
    ...COLLECTOR_FLAGS,
    entry,
    String(files),
  ];
}

/** Uids that no passwd file has: far above any range that is handed out, and one of 16 million for each process. */
const UIDS = 0x6a00_0000;
export const ownUid = (): number => UIDS + random24();
