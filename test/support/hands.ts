import { join } from 'node:path';
import { Hands } from '../../src/host/hands.ts';
import { createNetns } from '../../src/host/netns.ts';
import type { HostPath } from '../../src/model/names.ts';

export const SCRIPT = join(import.meta.dirname, '../../src/host/hands.pl') as HostPath;

/** What makes a warden's system calls. It ends with the test. */
class OwnHands extends Hands implements Disposable {
  [Symbol.dispose](): void {
    this.kill();
  }
}
export const ownHands = (patience?: number, script = SCRIPT): OwnHands => new OwnHands(script, patience);

/** A network namespace as the warden makes one. */
export async function ownNetns(file: HostPath): Promise<void> {
  using hands = ownHands();
  await createNetns(hands, file);
}
