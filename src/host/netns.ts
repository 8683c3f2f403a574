import { statSync, writeFileSync } from 'node:fs';
import { JailError } from '../model/errors.ts';
import type { HostPath } from '../model/names.ts';
import { exec, failure } from '../system/exec.ts';

/**
 * The route makes every IPv4 address one of the namespace's own, so that a connect to a raw address reaches the gateway and is logged
 * instead of failing unseen. ip-route(8), type `local`.
 */
const SETUP = 'link set lo up\nroute add local 0.0.0.0/0 dev lo\n';
const REPORT = 'address show\nroute show table all\n';

/**
 * Makes a network namespace with loopback and nothing else, bound at `file` (made here; in a directory on a private mount).
 * It lives until `file` is unmounted and the last process in it is gone. Throws JailError.
 */
export async function createNetns(file: HostPath): Promise<void> {
  const argv = ['unshare', `--net=${file}`, '--', 'ip', '-batch', '-'] as const;
  try {
    writeFileSync(file, '', { mode: 0o400, flag: 'wx' });
  } catch (error) {
    throw new JailError(`the network namespace could not be made: ${(error as Error).message}`, 'see `agent-jail doctor`', null, {
      cause: error,
    });
  }
  const result = await exec(argv, { input: SETUP });
  if (result.code !== 0) {
    throw new JailError(
      `the network namespace could not be made: ${failure(argv, result)}`,
      'run as root, with util-linux and iproute2 installed',
    );
  }
}

/** What a network namespace has, as seen from outside. */
export interface NetnsReport {
  /** Names; must be `lo` alone. */
  readonly interfaces: readonly string[];
  /** Routes, IPv4 and IPv6, that lead to anything but the namespace itself; must be none. */
  readonly routes: readonly string[];
}

/** Reads the namespace bound at `file`. Throws JailError where it cannot be read, or is the caller's own. */
export async function netnsReport(file: HostPath): Promise<NetnsReport> {
  if (statSync(file).ino === statSync('/proc/self/ns/net').ino)
    throw new JailError("the network namespace of the run is the machine's own", 'see `agent-jail doctor`');
  const argv = ['nsenter', `--net=${file}`, '--', 'ip', '-json', '-batch', '-'] as const;
  const result = await exec(argv, { input: REPORT });
  if (result.code !== 0)
    throw new JailError(`the network namespace could not be read: ${failure(argv, result)}`, 'see `agent-jail doctor`');
  return parseReport(result.stdout);
}

/** Pure: two JSON documents of ip(8), addresses and routes, one a line. */
export function parseReport(text: string): NetnsReport {
  const [links, routes, ...rest] = text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line): unknown => JSON.parse(line));
  if (!Array.isArray(links) || !Array.isArray(routes) || rest.length > 0)
    throw new JailError(
      'the network namespace could not be read: ip(8) printed something else than two lists',
      'install iproute2 5 or later',
    );
  return {
    interfaces: (links as { ifname?: unknown }[]).map((link) => String(link.ifname)),
    routes: (routes as Route[])
      .filter((route) => !isLocal(route))
      .map((route) => [route.type ?? 'unicast', route.dst, route.dev].join(' ')),
  };
}

interface Route {
  readonly type?: string;
  readonly dst?: string;
  readonly dev?: string;
}
/** `local` and `broadcast` end in the namespace; the kernel also lists `::1` as an ordinary route over lo. */
function isLocal({ type = 'unicast', dst, dev }: Route): boolean {
  return dev === 'lo' && (type === 'local' || type === 'broadcast' || dst === '::1');
}
