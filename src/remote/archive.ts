import { createReadStream, lstatSync, readlinkSync } from 'node:fs';
import { dirname } from 'node:path/posix';
import { BLOCK, padding, type TarEntry, tarHeader } from '../system/tar.ts';

/** Paths of an archive, from `/`, to where their content is on this machine; or the content itself. */
export type Content = ReadonlyMap<
  string,
  { readonly from: string } | { readonly text: string } | { readonly link: string } | { readonly directory: number }
>;

/** The content as a tar archive, everything root's, directories before what is in them, a file of several names once. */
export async function* archive(content: Content): AsyncGenerator<Buffer> {
  const all = new Map(content);
  for (const path of content.keys())
    for (let parent = dirname(path); parent !== '/'; parent = dirname(parent)) if (!all.has(parent)) all.set(parent, { directory: 0o755 });
  const seen = new Map<string, string>();
  const bare = { uid: 0, gid: 0, size: 0, mtime: 0, link: null };
  for (const [path, what] of [...all].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const name = Buffer.from(path.slice(1));
    const entry = (rest: Partial<TarEntry> & Pick<TarEntry, 'type' | 'mode'>): Buffer => tarHeader({ ...bare, name, ...rest });
    if ('directory' in what) yield entry({ type: 'directory', mode: what.directory });
    else if ('link' in what) yield entry({ type: 'symlink', mode: 0o777, link: Buffer.from(what.link) });
    else if ('text' in what) {
      const text = Buffer.from(what.text);
      yield Buffer.concat([entry({ type: 'file', mode: 0o644, size: text.length }), text, padding(text.length)]);
    } else {
      const stat = lstatSync(what.from);
      const mode = stat.mode & 0o7777;
      if (stat.isSymbolicLink()) yield entry({ type: 'symlink', mode: 0o777, link: Buffer.from(readlinkSync(what.from)) });
      else if (stat.isDirectory()) yield entry({ type: 'directory', mode });
      else if (stat.isFile()) {
        const same = seen.get(`${stat.dev}:${stat.ino}`);
        if (stat.nlink > 1 && same !== undefined) yield entry({ type: 'link', mode, link: Buffer.from(same) });
        else {
          seen.set(`${stat.dev}:${stat.ino}`, path.slice(1));
          yield entry({ type: 'file', mode, size: stat.size });
          if (stat.size > 0) yield* createReadStream(what.from, { end: stat.size - 1, highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>;
          yield padding(stat.size);
        }
      }
    }
  }
  yield Buffer.alloc(2 * BLOCK);
}
