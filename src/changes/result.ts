import { closeSync, constants, fstatSync, openSync } from 'node:fs';
import type { HostPath } from '../model/names.ts';
import { writeAll } from '../system/ndjson.ts';
import { readAll } from './content.ts';
import type { SecretSearch } from './secrets.ts';

/** Bytes of the agent's answer that are kept. */
const LARGEST_RESULT = 64 << 10;

/** Copies what the agent wrote to `$AGENT_JAIL_RESULT` as text without secrets; anything but a regular file counts as no answer. */
export function writeResult(fd: number, result: HostPath, search: SecretSearch): void {
  const from = openRegular(result);
  if (from === null) return;
  try {
    // Some bytes more, so that a secret on the border is seen whole.
    const bytes = readAll(from, LARGEST_RESULT + search.longest);
    const text = Buffer.from(search.mask(bytes, Math.min(LARGEST_RESULT, bytes.length)).toString());
    writeAll(fd, text.subarray(0, characterStart(text, LARGEST_RESULT)));
  } finally {
    closeSync(from);
  }
}

/** The last place up to `most` that is not inside a UTF-8 character. */
function characterStart(text: Buffer, most: number): number {
  let at = Math.min(most, text.length);
  while (at < text.length && ((text[at] ?? 0) & 0xc0) === 0x80) at -= 1;
  return at;
}

function openRegular(path: HostPath): number | null {
  try {
    const fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK | constants.O_NOCTTY);
    if (fstatSync(fd).isFile()) return fd;
    closeSync(fd);
    return null;
  } catch (error) {
    // A link, a socket, a device without a driver, or nothing at all.
    if (['ENOENT', 'ELOOP', 'ENXIO', 'ENODEV'].includes((error as NodeJS.ErrnoException).code ?? '')) return null;
    throw error;
  }
}
