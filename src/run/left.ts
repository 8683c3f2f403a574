import { lstatSync, opendirSync } from 'node:fs';
import type { LayerView } from '../model/collector.ts';
import type { HostPath } from '../model/names.ts';

/**
 * Whether a dead jail left nothing that could be read: no entry in any upper directory, no byte of a result. Upper directories and the
 * result's file are the warden's own, in directories where the agent can put nothing: no path that it made is resolved here, no byte of
 * its read. A change to a directory that is a layer's top is none (`changes/walk.ts`). What cannot be told counts as something.
 */
export function leftNothing(layers: readonly Pick<LayerView, 'upper'>[], result: HostPath): boolean {
  try {
    const stat = lstatSync(result);
    return stat.isFile() && stat.size === 0 && layers.every(({ upper }) => isEmpty(upper));
  } catch {
    return false;
  }
}

/** Reads the first name only: an agent may have made a million. */
function isEmpty(directory: HostPath): boolean {
  const open = opendirSync(directory, { bufferSize: 1 });
  try {
    return open.readSync() === null;
  } finally {
    open.closeSync();
  }
}
