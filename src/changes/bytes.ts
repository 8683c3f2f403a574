import { isUtf8 } from 'node:buffer';
import type { PathBytes } from '../model/names.ts';

const SLASH = 0x2f;

/** Where paths are put one behind the other. Not Buffer's own pool: a path that is kept would keep all that was short-lived beside it. */
const SLAB = 8192;
let slab = Buffer.alloc(0);
let used = 0;

/** `dir/name`; either part may be empty. */
export function join(dir: Uint8Array, name: Uint8Array): Buffer {
  if (dir.length === 0) return view(name);
  if (name.length === 0) return view(dir);
  const path = room(dir.length + 1 + name.length);
  path.set(dir);
  path[dir.length] = SLASH;
  path.set(name, dir.length + 1);
  return path;
}

function room(size: number): Buffer {
  if (used + size > slab.length) {
    if (size > SLAB / 8) return Buffer.allocUnsafeSlow(size);
    [slab, used] = [Buffer.allocUnsafeSlow(SLAB), 0];
  }
  used += size;
  return slab.subarray(used - size, used);
}

/** The components of a relative path; empty ones are dropped. */
export function split(path: Uint8Array): Buffer[] {
  const parts: Buffer[] = [];
  const bytes = view(path);
  for (let from = 0; from <= bytes.length; ) {
    const at = bytes.indexOf(SLASH, from);
    const to = at === -1 ? bytes.length : at;
    if (to > from) parts.push(bytes.subarray(from, to));
    from = to + 1;
  }
  return parts;
}

export function parent(path: Uint8Array): Buffer {
  const bytes = view(path);
  const at = bytes.lastIndexOf(SLASH);
  return bytes.subarray(0, Math.max(at, 0));
}

export function basename(path: Uint8Array): Buffer {
  const bytes = view(path);
  return bytes.subarray(bytes.lastIndexOf(SLASH) + 1);
}

/** A string that stands for the bytes one to one: a key for maps, never for display. */
export function key(bytes: Uint8Array): string {
  return view(bytes).toString('latin1');
}

export function view(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

export function asPath(bytes: Uint8Array): PathBytes {
  return bytes as PathBytes;
}

/** UTF-8 without control characters: the text form alone says it all. */
export function isPlainText(bytes: Uint8Array): boolean {
  return isUtf8(bytes) && !/\p{Cc}/u.test(view(bytes).toString());
}
