import { writeFileSync } from 'node:fs';
import { JailError } from '../model/errors.ts';
import type { HostPath } from '../model/names.ts';
import type { Hands } from './hands.ts';

/**
 * Makes a network namespace with loopback and nothing else, bound at `file` (made here; in a directory on a private mount).
 * It lives until `file` is unmounted and the last process in it is gone. Every IPv4 address is one of the namespace's own, so that a connect to
 * a raw address reaches the gateway and is logged instead of failing unseen. One of them is there to be seen: where a machine has none but
 * 127.0.0.1, programs that ask for AI_ADDRCONFIG (getaddrinfo(3)) take it that there is no network. Throws JailError.
 */
export async function createNetns(hands: Hands, file: HostPath): Promise<void> {
  const what = 'the network namespace could not be made';
  try {
    writeFileSync(file, '', { mode: 0o400, flag: 'wx' });
  } catch (error) {
    throw new JailError(`${what}: ${(error as Error).message}`, 'see `agent-jail doctor`', null, { cause: error });
  }
  await hands.ask(what, ['netns', file]);
}
