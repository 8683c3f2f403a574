import { appendFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { record } from './jail.ts';
import { PACE } from './pace.ts';

/** ms until the kernel has ended what is dying, on a busy machine. */
export const SOON = 10_000 * PACE;

export async function until(what: () => boolean, ms = SOON): Promise<void> {
  for (const end = Date.now() + ms; !what(); await new Promise((resolve) => setTimeout(resolve, 20)))
    if (Date.now() > end) throw new Error(`not within ${ms} ms: ${what.toString()}`);
}

/**
 * Steps that go on when the host says so: a word that is appended to a file of the workspace shows through the layers, and changes
 * nothing that a run records. So they live at the same time however slow the machine is.
 */
export const WAIT = 'until grep -q go src/b.txt; do sleep 0.05; done';
export async function tellAll(at: string, count: number): Promise<void> {
  const said = (): number =>
    readdirSync(at).filter((name) => name.startsWith('record-') && record(join(at, name)).transcript.includes('here')).length;
  await until(() => said() === count, 10 * SOON);
  appendFileSync(join(at, 'work/src/b.txt'), 'go\n');
}
