/** A version 4 entry says how many bytes of the last name it drops, as git's offset varint (gitformat-index). */
function varint(bytes: Buffer, from: number): { value: number; next: number } {
  let at = from;
  let byte = bytes.readUInt8(at++);
  let value = byte & 0x7f;
  while ((byte & 0x80) !== 0) {
    byte = bytes.readUInt8(at++);
    value = (value + 1) * 128 + (byte & 0x7f);
  }
  return { value, next: at };
}

const DIRECTORY = 0o040000;

/**
 * The paths that a git index tracks, as `key`s (gitformat-index, versions 2 to 4). null: no index that can be trusted to list all of them
 * (another version, split, sparse, cut off).
 */
export function trackedPaths(index: Buffer): Set<string> | null {
  try {
    return index.length >= 12 && index.toString('latin1', 0, 4) === 'DIRC' ? parse(index) : null;
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function parse(index: Buffer): Set<string> | null {
  const version = index.readUInt32BE(4);
  if (version < 2 || version > 4) return null;
  const paths = new Set<string>();
  let name = '';
  let at = 12;
  for (let left = index.readUInt32BE(8); left > 0; left -= 1) {
    if (index.readUInt32BE(at + 24) >>> 0 === DIRECTORY) return null;
    // Times, device, inode, mode, owner, size (40 bytes), object name (20, SHA-1), flags (2, or 4 when extended).
    const extended = version > 2 && (index.readUInt16BE(at + 60) & 0x4000) !== 0;
    let from = at + (extended ? 64 : 62);
    let kept = '';
    if (version === 4) {
      const { value, next } = varint(index, from);
      kept = name.slice(0, Math.max(0, name.length - value));
      from = next;
    }
    const end = index.indexOf(0, from);
    if (end === -1) return null;
    name = kept + index.toString('latin1', from, end);
    paths.add(name);
    at = version === 4 ? end + 1 : at + ((end - at + 8) & ~7);
  }
  return hasLink(index, at) ? null : paths;
}

/** The extension `link`: the index is split, most entries stand in another file. */
function hasLink(index: Buffer, from: number): boolean {
  for (let at = from; at + 8 <= index.length - 20; at += 8 + index.readUInt32BE(at + 4)) {
    if (index.toString('latin1', at, at + 4) === 'link') return true;
  }
  return false;
}
