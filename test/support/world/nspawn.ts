import { fetchNspawn, findNspawn } from '../../../src/backend/nspawn-program.ts';
import { TOOLS } from '../../../src/host/places.ts';

/** For runs in a world, from which it cannot be fetched. */
export async function nspawnIsHere(): Promise<void> {
  if ((await findNspawn(TOOLS)) === null) await fetchNspawn(TOOLS);
}
