import { writeFileSync } from 'node:fs';
import { JailError } from '../model/errors.ts';
import type { HostPath } from '../model/names.ts';
import { exec, failure } from '../system/exec.ts';

/**
 * The route makes every IPv4 address one of the namespace's own, so that a connect to a raw address reaches the gateway and is logged
 * instead of failing unseen. ip-route(8), type `local`. The address is there to be seen: where a machine has none but 127.0.0.1, programs that
 * ask for AI_ADDRCONFIG (getaddrinfo(3)) take it that there is no network.
 */
const SETUP = 'link set lo up\naddress add 198.19.255.255/32 dev lo\nroute add local 0.0.0.0/0 dev lo\n';

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
