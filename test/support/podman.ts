import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { answers } from './engine.ts';

const ENV = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', LANG: 'C.UTF-8' };
/** ms. */
const PATIENCE = 30_000;
/** No network of its own, as the other engines of tests have none; groups as this machine has them. */
const CONFIGURATION = `[engine]
cgroup_manager = "cgroupfs"
events_logger = "none"
runtime = "runc"
[network]
network_backend = "netavark"
[containers]
netns = "none"
`;
/**
 * In a mount namespace where the packages are as installed; ends with its stdin, and takes along what it has made. conmon outlives the
 * service, and every one of ours has the place in its arguments.
 */
const SERVICE = `place=$1; shift
mount --make-rprivate /
if [ -d "$place/packages" ]; then
  mount -t overlay -o "lowerdir=$place/packages/usr:/usr" overlay /usr
  mount -t overlay -o "lowerdir=$place/packages/etc:/etc,upperdir=$place/etc,workdir=$place/etc-work" overlay /etc
fi
podman --root "$place/data" --runroot "$place/run" --tmpdir "$place/tmp" system service --time 0 "unix://$place/podman.sock" > "$place/log" 2>&1 < /dev/null &
read -r _
kill $!; wait
podman --root "$place/data" --runroot "$place/run" --tmpdir "$place/tmp" rm --all --force --time 0 > /dev/null 2>&1
for pid in $(grep -lsa -e "$place/" /proc/[0-9]*/cmdline | cut -d / -f 3); do [ "$pid" = $$ ] || kill -KILL "$pid" 2>/dev/null; done
findmnt --noheadings --raw --output TARGET | grep -e "^$place/" | tac | while read -r mount; do umount --lazy "$mount"; done
exit 0`;

/** Podman's service with the interface of Docker, its own storage, and packages that are fetched where the machine has none: nothing is installed. */
export class Podman implements AsyncDisposable {
  readonly place: string;
  readonly host: string;
  readonly #process: ChildProcess;
  readonly #ended: Promise<unknown>;
  private constructor(place: string) {
    this.place = place;
    this.host = `unix://${place}/podman.sock`;
    this.#process = spawn('unshare', ['--mount', 'bash', '-c', SERVICE, 'podman', place], {
      env: { ...ENV, CONTAINERS_CONF: join(place, 'containers.conf') },
      stdio: ['pipe', 'ignore', 'ignore'],
      cwd: '/',
    });
    this.#ended = new Promise((resolve) => this.#process.once('close', resolve));
  }
  static async start(): Promise<Podman> {
    const place = realpathSync(mkdtempSync(join(tmpdir(), 'agent-jail-podman-')));
    for (const name of ['etc', 'etc-work']) mkdirSync(join(place, name));
    writeFileSync(join(place, 'containers.conf'), CONFIGURATION);
    if (!existsSync('/usr/bin/podman')) fetchPackages(place);
    const podman = new Podman(place);
    for (const end = Date.now() + PATIENCE; !(await answers(podman.host)); await sleep(50)) {
      if (Date.now() < end) continue;
      const log = existsSync(join(place, 'log')) ? readFileSync(join(place, 'log'), 'utf8').slice(-2000) : '';
      await podman[Symbol.asyncDispose]();
      throw new Error(`podman did not start: ${log}`);
    }
    return podman;
  }
  async [Symbol.asyncDispose](): Promise<void> {
    this.#process.stdin?.end();
    await this.#ended;
    rmSync(this.place, { recursive: true, force: true });
  }
}

/** podman, and what of it this machine lacks. */
function fetchPackages(place: string): void {
  const [debs, packages] = [join(place, 'debs'), join(place, 'packages')];
  mkdirSync(join(debs, 'partial'), { recursive: true });
  mkdirSync(packages);
  const options = [`Dir::Cache::archives=${debs}`, 'Debug::NoLocking=1', 'APT::Sandbox::User=root'].flatMap((option) => ['-o', option]);
  const wanted = ['--no-install-recommends', 'podman', 'netavark'];
  execFileSync('apt-get', ['-qq', '--yes', '--download-only', ...options, 'install', ...wanted], { env: ENV, stdio: 'ignore' });
  for (const deb of readdirSync(debs).filter((name) => name.endsWith('.deb')))
    execFileSync('dpkg-deb', ['-x', join(debs, deb), packages], { env: ENV });
  mkdirSync(join(packages, 'etc'), { recursive: true });
}
