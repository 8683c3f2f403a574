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
/** What the digits of a field can say. */
const [ID, NUMBER] = [8 ** 7, 8 ** 11];
const TYPES = { file: '0', link: '1', symlink: '2', directory: '5', fifo: '6' } as const;

/**
 * The header blocks of an entry: ustar, and before it a pax header for what does not fit (POSIX.1-2017, pax). Names of up to 100 bytes
 * stay in the ustar header as they are, so that other encodings than UTF-8 come through; libraries write strings there.
 */
export function tarHeader(entry: TarEntry): Buffer {
  const name = entry.type === 'directory' ? Buffer.concat([entry.name, SLASH]) : entry.name;
  const link = entry.link ?? NONE;
  const records: Buffer[] = [];
  const number = (key: string, value: number, limit: number): number => {
    if (value >= 0 && value < limit) return value;
    records.push(paxRecord(key, Buffer.from(String(value))));
    return 0;
  };
  if (name.length > 100) records.push(paxRecord('path', name));
  if (link.length > 100) records.push(paxRecord('linkpath', link));
  for (const [key, value] of Object.entries(entry.xattrs ?? {}))
    records.push(paxRecord(`SCHILY.xattr.${key}`, Buffer.from(value, 'base64')));
  const fields = {
    mode: entry.mode & 0o7777,
    uid: number('uid', entry.uid, ID),
    gid: number('gid', entry.gid, ID),
    size: number('size', entry.size, NUMBER),
    mtime: number('mtime', entry.mtime, NUMBER),
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
function paxRecord(key: string, value: Uint8Array): Buffer {
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
/** Bytes of a name or link target, and of all that is written. */
const [NAME, USED] = [100, 265];

function ustar(name: Uint8Array, type: string, fields: Fields, link: Uint8Array): Buffer {
  const block = Buffer.from(TEMPLATE);
  block.set(name.length > NAME ? name.subarray(0, NAME) : name);
  octal(block, 100, fields.mode, 7);
  octal(block, 108, fields.uid, 7);
  octal(block, 116, fields.gid, 7);
  octal(block, 124, fields.size, 11);
  octal(block, 136, fields.mtime, 11);
  block[156] = type.charCodeAt(0);
  if (link.length > 0) block.set(link.subarray(0, NAME), 157);
  let sum = 8 * 0x20;
  for (let at = 0; at < USED; at += 1) sum += block[at] as number;
  octal(block, 148, sum, 6);
  block[155] = 0x20;
  return block;
}
function octal(block: Buffer, at: number, value: number, digits: number): void {
  let rest = value;
  for (let digit = at + digits - 1; digit >= at; digit -= 1) {
    const above = Math.floor(rest / 8);
    block[digit] = 0x30 + rest - above * 8;
    rest = above;
  }
}
