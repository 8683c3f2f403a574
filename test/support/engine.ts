import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Engine } from '../../src/system/engine.ts';

const ENV = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', LANG: 'C.UTF-8' };
/** ms that an engine has to come up, on a busy machine. */
const PATIENCE = 60_000;

/**
 * Holds an engine until its own stdin ends, which also happens when the process that asked for it dies, whatever the way; or until the
 * engine dies. Then it removes what an engine leaves behind that was killed: processes of its containers, mounts, groups, files.
 */
const KEEPER = `place=$1 group=$2; shift 2
[ -e /run/containerd ] && shared=yes || shared=no
"$@" > "$place/log" 2>&1 < /dev/null &
engine=$!
# More than 128: nothing came in time. Anything else: the end.
while kill -0 $engine 2>/dev/null; do read -r -t 0.5; [ $? -gt 128 ] || break; done
kill -TERM $engine 2>/dev/null
for n in {1..200}; do kill -0 $engine 2>/dev/null || break; sleep 0.1; done
kill -KILL $engine 2>/dev/null
wait
for round in {1..50}; do
  left=$(
    grep -lsa -e "$place/exec/containerd/containerd[.]sock" /proc/[0-9]*/cmdline | cut -d / -f 3
    find /sys/fs/cgroup -path "*$group/*" -name cgroup.procs -exec cat {} +
  )
  [ -n "$left" ] || break
  kill -KILL $left 2>/dev/null
  sleep 0.1
done
findmnt --noheadings --raw --output TARGET | grep -e "^$place/" | tac | while read -r mount; do umount --lazy "$mount"; done
find /sys/fs/cgroup -depth -path "*$group*" -type d -exec rmdir {} + 2>/dev/null
rm -rf "$place"
[ $shared = yes ] || rmdir /run/containerd/s /run/containerd 2>/dev/null
exit 0`;

export interface EngineOptions {
  /** What goes before its command line. */
  readonly enter?: readonly string[];
  /** Further arguments of dockerd. */
  readonly further?: readonly string[];
}
/** A Docker engine of our own: own socket, data, state, pid file and group, no network, no rules in the machine's firewall. */
export class OwnEngine implements AsyncDisposable {
  readonly place: string;
  /** As in DOCKER_HOST. */
  readonly host: string;
  readonly #keeper: ChildProcess;
  readonly #ended: Promise<unknown>;
  private constructor(place: string, { enter = [], further = [] }: EngineOptions) {
    this.place = place;
    this.host = `unix://${place}/docker.sock`;
    // A session of its own: a signal to everything that descends from a test does not reach it.
    this.#keeper = spawn('bash', ['-c', KEEPER, 'keeper', place, group(place), ...enter, ...argv(place), ...further], {
      env: { ...ENV, TMPDIR: place },
      stdio: ['pipe', 'ignore', 'ignore'],
      detached: true,
      cwd: '/',
    });
    this.#ended = new Promise((resolve) => this.#keeper.once('close', resolve));
  }
  /** `place`: of one that is gone, to be found at the same socket. */
  static async start(
    place = mkdtempSync(join(realpathSync(tmpdir()), 'agent-jail-engine-')),
    options: EngineOptions = {},
  ): Promise<OwnEngine> {
    mkdirSync(place, { recursive: true, mode: 0o700 });
    const engine = new OwnEngine(place, options);
    for (const end = Date.now() + PATIENCE; !(await answers(engine.host)); await sleep(50)) {
      if (Date.now() < end && engine.#keeper.exitCode === null) continue;
      const log = existsSync(join(engine.place, 'log')) ? readFileSync(join(engine.place, 'log'), 'utf8').slice(-4096) : '';
      await engine[Symbol.asyncDispose]();
      throw new Error(`dockerd did not start: ${log}`);
    }
    return engine;
  }
  /** Of dockerd. */
  get pid(): number {
    return Number(readFileSync(join(this.place, 'pid'), 'utf8'));
  }
  /** Resolves once nothing is left of an engine that died. */
  async gone(): Promise<void> {
    await this.#ended;
  }
  async [Symbol.asyncDispose](): Promise<void> {
    this.#keeper.stdin?.end();
    await this.#ended;
  }
}

export async function answers(host: string | null): Promise<boolean> {
  return Engine.connect(host, 5000).then(
    () => true,
    () => false,
  );
}

/** Of containers that name no group of their own. */
const group = (place: string): string => `/${basename(place)}`;

function argv(place: string): string[] {
  const at = (name: string) => join(place, name);
  // biome-ignore format: options with their values
  return [
    'dockerd', '--host', `unix://${at('docker.sock')}`, '--data-root', at('data'), '--exec-root', at('exec'), '--pidfile', at('pid'),
    '--bridge', 'none', '--iptables=false', '--ip6tables=false', '--ip-forward=false', '--ip-masq=false',
    '--exec-opt', 'native.cgroupdriver=cgroupfs', '--cgroup-parent', group(place),
  ];
}
