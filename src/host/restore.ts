import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, chownSync, constants, createReadStream, mkdirSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { buffer, text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import type { LayerName } from '../model/changes.ts';
import { JailError } from '../model/errors.ts';
import type { HostPath, Sha256 } from '../model/names.ts';
import { CLEAN_ENV } from '../system/exec.ts';
import { type Keys, type OverlayToMake, restored, restoredDirectory } from './layers.ts';
import { work } from './places.ts';
import { through } from './unpack.ts';
import { isUtf8 } from 'node:buffer';

type Ids = { readonly uid: number; readonly gid: number };
interface Earlier {
  readonly archive: HostPath;
  readonly sha256: Sha256;
  readonly layers: readonly LayerName[];
}
const REMEDY = 'give a record that is whole: `agent-jail verify` tells';

/**
 * Makes of the changes of an earlier run a layer for each overlay they belong to, on the scratch disk. The archive is read by a process
 * that can do what the agent could, and no more. Returns the keys of those overlays. Throws JailError.
 */
export async function restore(
  { archive, sha256, layers }: Earlier,
  overlays: readonly OverlayToMake[],
  agent: Ids,
  script: string,
): Promise<Keys> {
  const wanted = overlays.filter((o) => layers.includes(o.layer));
  mkdirSync(work('scratch', 'restored'), { mode: 0o755 });
  for (const o of wanted) {
    mkdirSync(restored(o.key));
    chownSync(restored(o.key), o.owner.uid, o.owner.gid); // a merged directory has owner and mode of its topmost
    chmodSync(restored(o.key), o.mode);
  }
  const failed = (why: string): JailError => new JailError(`the changes of the earlier run could not be restored: ${why}`, REMEDY);
  const file = await open(archive, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch((error: Error) => {
    throw failed(error.message);
  });
  try {
    if (!(await file.stat()).isFile()) throw failed(`${archive} is not a file`);
    const hash = createHash('sha256');
    await pipeline(fromStart(file.fd), hash);
    if (hash.digest('hex') !== sha256) throw failed(`${archive} is not what its record says`);
    // Of all overlays: what belongs to one that is not restored is not taken for a part of the one around it.
    const places = overlays.flatMap((o) => [o.target, wanted.includes(o) ? o.key : '-']);
    const run = async (what: 'list' | 'extract'): Promise<Buffer> => {
      const argv = [script, what, work('scratch', 'restored'), String(agent.uid), String(agent.gid), ...places];
      return unpacked(file.fd, argv, failed);
    };
    for (const path of names(await run('list'))) {
      const [key = '', ...parts] = path.split('/');
      const overlay = wanted.find((o) => o.key === key);
      if (overlay === undefined || parts.some((part) => part === '' || part === '.' || part === '..'))
        throw failed(`a name that leads out: ${path}`);
      restoredDirectory(overlay, parts.join('/'), agent);
    }
    await run('extract');
  } finally {
    await file.close();
  }
  return new Set(wanted.map((o) => o.key));
}

const fromStart = (fd: number) => createReadStream('', { fd, start: 0, autoClose: false });

/** Names end with a NUL. What is not UTF-8 is left to the other process, which makes it as the agent would have. */
function names(bytes: Buffer): string[] {
  const found: string[] = [];
  for (let from = 0; from < bytes.length; ) {
    const to = bytes.indexOf(0, from);
    const name = bytes.subarray(from, to === -1 ? bytes.length : to);
    if (isUtf8(name)) found.push(name.toString('utf8'));
    from += name.length + 1;
  }
  return found;
}

/** What `restore.pl` prints of the archive. */
async function unpacked(fd: number, argv: readonly string[], failed: (why: string) => JailError): Promise<Buffer> {
  const child = spawn('perl', argv, { env: CLEAN_ENV, stdio: ['pipe', 'pipe', 'pipe'] });
  const code = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const printed = Promise.all([buffer(child.stdout), text(child.stderr), code]);
  const gzip = { program: 'gzip', what: 'the changes of the earlier run', remedy: REMEDY, signal: new AbortController().signal };
  // It ends with the archive's own end, or earlier, and then its own words say why.
  const fed = pipeline(through(fromStart(fd), gzip), child.stdin).then(
    () => null,
    (error: unknown) => error,
  );
  const [out, said, ended] = await printed;
  const wrong = await fed;
  if (ended !== 0)
    throw wrong instanceof JailError ? wrong : failed(said.trim().slice(0, 500) || `the reader ended with ${ended ?? 'a signal'}`);
  if (wrong instanceof JailError) throw wrong;
  return out;
}
