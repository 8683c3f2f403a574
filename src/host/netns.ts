import { writeFileSync } from 'node:fs';
import { JailError } from '../model/errors.ts';
import type { HostPath } from '../model/names.ts';
import { exec, failure } from '../system/exec.ts';

/**
 * The route makes every IPv4 address one of the namespace's own, so that a connect to a raw address reaches the gateway and is logged
 * instead of failing unseen. ip-route(8), type `local`.
 */
const SETUP = 'link set lo up\nroute add local 0.0.0.0/0 dev lo\n';

/**
 * Makes a network namespace with loopback and nothing else, bound at `file` (made here; in a directory on a private mount).
 * It lives until `file` is unmounted and the last process in it is gone. Throws JailError.
 */
export async function createNetns(file: HostPath): Promise<void> {
  try {
    writeFileSync(file, '', { mode: 0o400, flag: 'wx' });
  } catch (error) {
    throw new JailError(`the network namespace could not be made: ${(error as Error).message}`, 'see `agent-jail doctor`', null, {
      cause: error,
    });
  }
  await setUp(['unshare', `--net=${file}`, '--', 'ip', '-batch', '-']);
}

/** The same loopback and route for a namespace that somebody else made; `file` leads to it. Throws JailError. */
export async function prepareNetns(file: string): Promise<void> {
  await setUp(['nsenter', `--net=${file}`, '--', 'ip', '-batch', '-']);
}

async function setUp(argv: readonly [string, ...string[]]): Promise<void> {
  const result = await exec(argv, { input: SETUP });
  if (result.code !== 0) {
    throw new JailError(
      `the network namespace could not be made: ${failure(argv, result)}`,
      'run as root, with util-linux and iproute2 installed',
    );
  }
}
