import { join } from 'node:path';
import { createNetns } from '../../src/host/netns.ts';
import { Hands } from '../../src/host/hands.ts';
import type { HostPath } from '../../src/model/names.ts';

/** What the warden has its system calls made by, as it lies in the sources. Ends with the test. */
export function ownHands(patience?: number): Hands & Disposable {
  const hands = new Hands(join(import.meta.dirname, '../../src/host/hands.pl') as HostPath, patience);
  return Object.assign(hands, { [Symbol.dispose]: () => hands.kill() });
}

/** A network namespace as the warden makes one. */
export async function ownNetns(file: HostPath): Promise<void> {
  using hands = ownHands();
  await createNetns(hands, file);
}
