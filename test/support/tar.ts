/** What an entry of an archive is; `link` is where a link leads, `device` major and minor. */
export interface Entry {
  readonly name: string;
  readonly type?: 'file' | 'hard link' | 'link' | 'character device' | 'block device' | 'directory' | 'fifo';
  readonly mode?: number;
  readonly link?: string;
  readonly device?: readonly [number, number];
  readonly content?: string;
}
const TYPES = { file: '0', 'hard link': '1', link: '2', 'character device': '3', 'block device': '4', directory: '5', fifo: '6' };

/** A tar archive with names that no tar would write: POSIX.1-1988 ustar, names up to 100 bytes. */
export function tar(entries: readonly Entry[]): Buffer {
  return Buffer.concat([...entries.map(entry), Buffer.alloc(1024)]);
}

function entry({ name, type = 'file', mode = 0o644, link = '', device = [0, 0], content = '' }: Entry): Buffer {
  const block = Buffer.alloc(512);
  const octal = (value: number, at: number, digits: number) => block.write(value.toString(8).padStart(digits, '0'), at, 'latin1');
  if (Buffer.byteLength(name) > 100 || Buffer.byteLength(link) > 100) throw new Error(`${name} is too long`);
  block.write(name, 0);
  octal(mode, 100, 7);
  for (const at of [108, 116]) octal(0, at, 7);
  octal(Buffer.byteLength(content), 124, 11);
  octal(1_700_000_000, 136, 11);
  block.write(`        ${TYPES[type]}`, 148, 'latin1');
  block.write(link, 157);
  block.write('ustar\u000000', 257, 'latin1');
  octal(device[0], 329, 7);
  octal(device[1], 337, 7);
  octal(
    block.reduce((sum, byte) => sum + byte, 0),
    148,
    6,
  );
  block[154] = 0;
  const bytes = Buffer.from(content);
  return Buffer.concat([block, bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)]);
}
