import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A machine to be built: what is on it, and nothing of what is tested on it. */
export interface Recipe {
  /** Of Debian. */
  readonly suite: string;
  readonly packages: readonly string[];
  /** Packages that can be had on the machine by apt, without a network, and are not installed. */
  readonly offered: readonly string[];
}

/** What a hosted runner has, as far as a run of the action needs it. systemd-nspawn is not among it: the product fetches that. */
// biome-ignore format: a list
const PACKAGES = [
  'apparmor', 'bsdutils', 'ca-certificates', 'curl', 'dbus', 'dmsetup', 'docker.io', 'e2fsprogs', 'git', 'initramfs-tools', 'iproute2',
  'iptables', 'kmod', 'libpam-systemd', 'linux-image-cloud-amd64', 'mount', 'openssl', 'perl', 'procps', 'python3', 'sudo', 'systemd',
  'systemd-sysv', 'udev', 'wget', 'zstd',
] as const;
const OFFERED = ['systemd-container', 'libsystemd-shared'] as const;

/** What is a package of its own there. */
const SPLIT: Readonly<Record<string, readonly string[]>> = { trixie: ['docker-cli'] };

export const recipe = (suite: string): Recipe => ({ suite, packages: [...PACKAGES, ...(SPLIT[suite] ?? [])], offered: OFFERED });

/** Scripts that are part of the machine. */
const SCRIPTS = ['build.sh', 'fill.sh'] as const;

/** Pure but for its own scripts: what makes one machine another, as SHA-256. */
export function digestOf(wanted: Recipe): string {
  const hash = createHash('sha256').update(JSON.stringify(wanted));
  for (const script of SCRIPTS) hash.update(readFileSync(join(import.meta.dirname, script)));
  return hash.digest('hex');
}
