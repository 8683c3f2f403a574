// Makes a machine ready: installs what is missing and nothing else. Usage: npm run setup [-- --for demo|test|bench|agents|runner|vm]
// Plain JavaScript without dependencies: it runs before anything is installed, on the Node that is there.
import { execFileSync } from 'node:child_process';
import { accessSync, constants, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const KERNEL = 'a kernel in /boot with virtiofs';

/** Commands and the Debian packages that bring them. The jail program is not here: the product fetches it itself. */
const JAIL = {
  git: 'git',
  perl: 'perl-base',
  tar: 'tar',
  'mkfs.ext4': 'e2fsprogs',
  unshare: 'util-linux',
  nsenter: 'util-linux',
  setpriv: 'util-linux',
  flock: 'util-linux',
  mount: 'mount',
  umount: 'mount',
  losetup: 'mount',
  ip: 'iproute2',
  'dpkg-deb': 'dpkg',
};
/** What tests of the network reach hosts with. */
const CLIENTS = { curl: 'curl', wget: 'wget', openssl: 'openssl', python3: 'python3', pip3: 'python3-pip' };
/** What makes virtual machines. The kernel is no command: it need not be the running one, which on hosted runners may lack what a guest needs. */
const UBUNTU = existsSync('/etc/os-release') && /^ID=ubuntu$/m.test(readFileSync('/etc/os-release', 'utf8'));
const MACHINES = {
  x64: { 'qemu-system-x86_64': 'qemu-system-x86', [KERNEL]: UBUNTU ? 'linux-image-virtual' : 'linux-image-cloud-amd64' },
  arm64: { 'qemu-system-aarch64': 'qemu-system-arm', [KERNEL]: UBUNTU ? 'linux-image-virtual' : 'linux-image-cloud-arm64' },
};
const VM = MACHINES[process.arch] ?? {};
/** The server of its files comes with QEMU, or is a package of its own: which of the two is seen once QEMU is there. */
const FILES = 'virtiofsd';
const FILES_PLACES = ['/usr/libexec', '/usr/lib', '/usr/lib/qemu'];
/** The engine's command line comes with it up to Debian 12, and is a package of its own from 13 on. */
const ENGINE_CLI = 'docker-cli';
/** What a benchmark compares with. */
const OTHERS = {
  bwrap: 'bubblewrap',
  socat: 'socat',
  rg: 'ripgrep',
  rsync: 'rsync',
  dockerd: 'docker.io',
  docker: 'docker.io',
  busybox: 'busybox-static',
  script: 'bsdutils',
  squid: 'squid',
  tinyproxy: 'tinyproxy',
  curl: 'curl',
};
/** What machines like the hosted runner are built with, and run in. */
const RUNNER = { debootstrap: 'debootstrap', 'qemu-system-x86_64': 'qemu-system-x86' };
/** What other virtual machines than this machine's own are unpacked and booted with. */
const OTHER_MACHINES = { ...RUNNER, depmod: 'kmod', 'qemu-system-aarch64': 'qemu-system-arm' };
const COMMANDS = {
  demo: JAIL,
  runner: { ...JAIL, ...RUNNER },
  vm: { ...JAIL, ...VM, ...OTHER_MACHINES },
  bench: { ...JAIL, ...OTHERS },
  // The engine of a test is started by it, where there is none.
  test: {
    ...JAIL,
    ...CLIENTS,
    ...VM,
    cpio: 'cpio',
    sudo: 'sudo',
    dockerd: 'docker.io',
    chromium: 'chromium',
    asciinema: 'asciinema',
  },
  // Beside what the tests need.
  agents: { java: 'default-jdk-headless' },
};
/** What does as well; Ubuntu has no package of Chromium. */
const INSTEAD = { chromium: ['google-chrome', 'chromium-browser'] };
const DIRECTORIES = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];
const root = resolve(fileURLToPath(import.meta.url), '../..');

/** Installs what the purpose needs. Prints one line an action; idempotent. Throws with what to do where it cannot. */
export function setup(purpose) {
  const commands = COMMANDS[purpose];
  if (commands === undefined) throw new Error(`--for takes ${Object.keys(COMMANDS).join(', ')}, not ${purpose}`);
  if (process.platform !== 'linux') throw new Error(`agent-jail runs on Linux; this is ${process.platform}`);
  const missing = Object.keys(commands).filter((command) => !isThere(command) && !INSTEAD[command]?.some((other) => isThere(other)));
  if (missing.length > 0) installPackages(missing, [...new Set(missing.map((command) => commands[command]))]);
  if (KERNEL in commands && !isThere(FILES, FILES_PLACES)) installPackages([FILES], [FILES]);
  if ('dockerd' in commands && !isThere('docker')) installPackages(['docker'], [ENGINE_CLI]);
  if (!modulesMatch()) {
    console.log('npm ci');
    run(['npm', 'ci', '--no-progress'], process.env);
  }
  if (!existsSync(join(root, 'node_modules/.bin/node')) && Number(process.versions.node.split('.')[0]) < 24) {
    throw new Error('there is no Node 24 for this machine among the packages; install Node 24 and run this with it');
  }
}

function isThere(command, directories = DIRECTORIES) {
  if (command === KERNEL) return kernelIsThere();
  return directories.some((directory) => {
    try {
      accessSync(join(directory, command), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

function kernelIsThere() {
  const has = (release, file) => {
    const path = `/lib/modules/${release}/${file}`;
    return existsSync(path) && readFileSync(path, 'utf8').includes('/virtiofs.ko');
  };
  const releases = existsSync('/boot') ? readdirSync('/boot').flatMap((name) => /^vmlinuz-(.+)$/.exec(name)?.slice(1) ?? []) : [];
  return releases.some((release) => has(release, 'modules.dep') || has(release, 'modules.builtin'));
}

function installPackages(commands, packages) {
  if (!isThere('apt-get')) throw new Error(`missing: ${commands.join(', ')}; there is no apt-get here, install them by hand`);
  const asRoot = process.getuid() === 0 ? [] : ['sudo', '-n'];
  const env = ['env', 'DEBIAN_FRONTEND=noninteractive'];
  console.log(`apt-get install ${packages.join(' ')} (for ${commands.join(', ')})`);
  run([...asRoot, ...env, 'apt-get', 'update', '--quiet=2']);
  const install = [...env, 'apt-get', 'install', '--yes', '--quiet=2', '--no-install-recommends', ...packages];
  run([...asRoot, 'unshare', '--mount', 'sh', '-c', NO_SERVICES, 'sh', ...install]);
}
/**
 * Packages are installed in a mount namespace of their own, in which `policy-rc.d` forbids them to start a service: an engine that is
 * wanted for a test is started by the test. Debian policy, invoke-rc.d(8).
 */
const NO_SERVICES = `set -e
policy=$(mktemp)
printf '#!/bin/sh\\nexit 101\\n' > "$policy"
chmod 755 "$policy"
present=no
[ -e /usr/sbin/policy-rc.d ] && present=yes
[ $present = yes ] || : > /usr/sbin/policy-rc.d
mount --bind "$policy" /usr/sbin/policy-rc.d
trap 'umount /usr/sbin/policy-rc.d; rm -f "$policy"; [ $present = yes ] || rm -f /usr/sbin/policy-rc.d' EXIT
"$@"`;

/** Whether node_modules/ holds what the lockfile says: packages for other platforms may be absent, nothing may differ. */
function modulesMatch() {
  const read = (path) => JSON.parse(readFileSync(join(root, path), 'utf8')).packages;
  if (!existsSync(join(root, 'node_modules/.package-lock.json'))) return false;
  const wanted = read('package-lock.json');
  const there = read('node_modules/.package-lock.json');
  const same = (path) => there[path]?.version === wanted[path]?.version && there[path]?.integrity === wanted[path]?.integrity;
  return (
    Object.keys(wanted).every((path) => path === '' || same(path) || (there[path] === undefined && wanted[path].optional)) &&
    Object.keys(there).every(same)
  );
}

function run([file, ...args], env = { PATH: process.env.PATH }) {
  try {
    execFileSync(file, args, { cwd: root, env, stdio: ['ignore', 'ignore', 'inherit'] });
  } catch (error) {
    throw new Error(`${[file, ...args].join(' ')} failed (${error.status ?? error.code}); run it by hand to see why`);
  }
}

/** The value of `--for`, or the default. */
function purposeOf(args, fallback) {
  const at = args.indexOf('--for');
  return at === -1 ? fallback : (args[at + 1] ?? '');
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  try {
    setup(purposeOf(process.argv.slice(2), 'test'));
    console.log('ready');
  } catch (error) {
    console.error(`setup: ${error.message}`);
    process.exitCode = 1;
  }
}
