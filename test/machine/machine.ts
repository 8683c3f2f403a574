import { join } from 'node:path';
import { boot } from './boot.ts';
import { image, scratch, workDisk } from './image.ts';
import { recipe } from './recipe.ts';

/** Suites of Debian whose machines are tested: one of the age of a hosted runner, and the newest. */
export const SUITES = ['bookworm', 'trixie'] as const;
export type Suite = (typeof SUITES)[number];
export interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** `failed: …` of each test that failed. */
  readonly names: readonly string[];
}
/** ms. An emulated machine on two free processors needs about half an hour for the most tests there are. */
const LIMIT = 50 * 60_000;
const REPOSITORY = join(import.meta.dirname, '../..');

/** Pure: what the job's last closing line says; null: there is none, so the job was cut off. */
export function tally(said: string): Tally | null {
  const closing = [...said.matchAll(/^(\d+) passed, (\d+) failed, (\d+) skipped$/gm)].at(-1);
  const ended = /^job: exited \d+$/m.test(said);
  if (closing === undefined || !ended) return null;
  const [passed = 0, failed = 0, skipped = 0] = closing.slice(1).map(Number);
  return { passed, failed, skipped, names: [...new Set(said.match(/^failed: .*$/gm))] };
}

/** Boots a machine with the checkout, and runs its tests there. `hear` gets what they print. Throws with the console where they have no end. */
export async function testOn(suite: Suite, hear: (text: string) => void): Promise<Tally> {
  const built = image(recipe(suite));
  using place = scratch();
  const work = join(place.path, 'work');
  workDisk(REPOSITORY, join(import.meta.dirname, 'job.sh'), work);
  const { said, code, console } = await boot(built, work, place.path, hear, LIMIT);
  const counted = tally(said);
  if (counted === null) throw new Error(`the job on the machine of Debian ${suite} has no result (exit ${code}); its console:\n${console}`);
  return counted;
}
