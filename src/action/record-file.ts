import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import type { HostPath } from '../model/names.ts';
import type { RecordFile } from '../model/record.ts';
import { HERE } from '../system/platform.ts';

/** Absolute path of a file of the record; null where it is absent, empty, or anything but a regular file. */
export async function filled(record: HostPath, name: RecordFile): Promise<string | null> {
  const path = HERE.slashed(join(record, name));
  const stat = await lstat(path).catch(() => null);
  return stat?.isFile() && stat.size > 0 ? path : null;
}
