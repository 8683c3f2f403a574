export const BLOCK = 512;

/** One entry of a tar archive; names are bytes. */
export interface TarEntry {
  readonly name: Uint8Array;
  readonly type: 'file' | 'link' | 'symlink' | 'directory' | 'fifo';
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Bytes that follow, for a file. */
  readonly size: number;
  /** Seconds since 1970. */
  readonly mtime: number;
  /** Target of a link or symlink. */
  readonly link: Uint8Array | null;
  /** Extended attributes, values in base64. */
  readonly xattrs?: Readonly<Record<string, string>>;
}

const [SLASH, NONE] = [Buffer.from('/'), Buffer.alloc(0)];
const TYPES = { file: '0', link: '1', symlink: '2', directory: '5', fifo: '6' } as const;

/**
 * The header blocks of an entry: ustar, and before it a pax header for what does not fit (POSIX.1-2017, pax). Names of up to 100 bytes
 * stay in the ustar header as they are, so that other encodings than UTF-8 come through; libraries write strings there.
 */
export function tarHeader(entry: TarEntry): Buffer {
  const name = entry.type === 'directory' ? Buffer.concat([entry.name, SLASH]) : Buffer.from(entry.name);
  const link = entry.link === null ? NONE : Buffer.from(entry.link);
  const records: Buffer[] = [];
  const number = (key: string, value: number, digits: number): number => {
    if (value >= 0 && value < 8 ** digits) return value;
    records.push(paxRecord(key, Buffer.from(String(value))));
    return 0;
  };
  if (name.length > 100) records.push(paxRecord('path', name));
  if (link.length > 100) records.push(paxRecord('linkpath', link));
  for (const [key, value] of Object.entries(entry.xattrs ?? {}))
    records.push(paxRecord(`SCHILY.xattr.${key}`, Buffer.from(value, 'base64')));
  const fields = {
    mode: entry.mode & 0o7777,
    uid: number('uid', entry.uid, 7),
    gid: number('gid', entry.gid, 7),
    size: number('size', entry.size, 11),
    mtime: number('mtime', entry.mtime, 11),
  };
  const header = ustar(name, TYPES[entry.type], fields, link);
  if (records.length === 0) return header;
  const pax = Buffer.concat(records);
  const none = { mode: 0o644, uid: 0, gid: 0, size: pax.length, mtime: 0 };
  return Buffer.concat([ustar(Buffer.from('PaxHeader'), 'x', none, NONE), pax, padding(pax.length), header]);
}

/** Fills up to a whole block. */
export function padding(size: number): Buffer {
  return ZEROS.subarray(0, (BLOCK - (size % BLOCK)) % BLOCK);
}

/** `LENGTH key=value\n`, the length counting its own digits. */
function paxRecord(key: string, value: Buffer): Buffer {
  const rest = Buffer.concat([Buffer.from(` ${key}=`, 'latin1'), value, Buffer.from('\n')]);
  let length = rest.length + 1;
  while (length !== rest.length + String(length).length) length = rest.length + String(length).length;
  return Buffer.concat([Buffer.from(String(length)), rest]);
}

interface Fields {
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  readonly mtime: number;
}

/** What is the same in each, and as much of zeros. */
const [TEMPLATE, ZEROS] = [Buffer.alloc(BLOCK), Buffer.alloc(BLOCK)];
TEMPLATE.write('ustar\u000000', 257, 'latin1');
const octal = (value: number, digits: number): string => `${value.toString(8).padStart(digits, '0')}\0`;

function ustar(name: Buffer, type: string, fields: Fields, link: Buffer): Buffer {
  const block = Buffer.from(TEMPLATE);
  name.copy(block, 0, 0, 100);
  const ids = octal(fields.mode, 7) + octal(fields.uid, 7) + octal(fields.gid, 7);
  block.write(`${ids}${octal(fields.size, 11)}${octal(fields.mtime, 11)}        ${type}`, 100, 'latin1');
  link.copy(block, 157, 0, 100);
  let sum = 0;
  for (let at = 0; at < BLOCK; at += 1) sum += block[at] as number;
  block.write(octal(sum, 6), 148, 'latin1');
  return block;
}
