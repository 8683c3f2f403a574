import { readFileSync } from 'node:fs';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { JailError } from '../model/errors.ts';
import type { HostPath } from '../model/names.ts';
import { execBytes, failure } from '../system/exec.ts';

/** Bytes of a module, at the most. */
const MOST = 64 << 20;

/** A module of the guest's kernel. */
export interface Module {
  readonly path: HostPath;
}

/**
 * Pure: files of these modules and of what they need, in the order they are loaded in (modules.dep(5), modules.builtin). What is in the kernel
 * itself needs no file.
 */
export function modulesOf(wanted: readonly string[], dependencies: string, builtin: string): { modules: string[]; missing: string[] } {
  const needs = new Map<string, string[]>();
  const files = new Map<string, string>();
  for (const line of dependencies.split('\n')) {
    const [file = '', rest = ''] = line.split(':');
    if (file === '') continue;
    needs.set(
      file,
      rest.split(' ').filter((one) => one !== ''),
    );
    files.set(moduleName(file), file);
  }
  const inside = new Set(builtin.split('\n').map(moduleName));
  const modules: string[] = [];
  const add = (file: string): void => {
    if (modules.includes(file)) return;
    // depmod lists what is needed last first
    for (const one of [...(needs.get(file) ?? [])].reverse()) add(one);
    if (!modules.includes(file)) modules.push(file);
  };
  const missing: string[] = [];
  for (const name of wanted) {
    const file = files.get(name);
    if (file !== undefined) add(file);
    else if (!inside.has(name)) missing.push(name);
  }
  return { modules, missing };
}

/** As modprobe(8) names them: a file's name may have dashes. */
export const moduleName = (file: string): string => (file.split('/').at(-1) ?? '').replace(/\.ko(\.\w+)?$/, '').replaceAll('-', '_');

/** The module itself, unpacked. Throws JailError. */
export async function moduleBytes({ path }: Module): Promise<Buffer> {
  if (path.endsWith('.xz')) return unxz(path);
  const bytes = readFileSync(path);
  if (path.endsWith('.ko')) return bytes;
  if (path.endsWith('.zst')) return zstdDecompressSync(bytes);
  if (path.endsWith('.gz')) return gunzipSync(bytes);
  throw new JailError(`${path} is packed in a way that is not known`, 'use a kernel whose modules end in .ko, .ko.gz, .ko.xz or .ko.zst');
}

/** Node has no xz. */
async function unxz(path: HostPath): Promise<Buffer> {
  const argv = ['xz', '--decompress', '--stdout', path] as const;
  const { stdout, ...result } = await execBytes(argv, { maxBuffer: MOST });
  if (result.code === 0) return stdout;
  const why = failure(argv, { ...result, stdout: '', stderr: result.stderr.toString('utf8') });
  throw new JailError(`${path} could not be unpacked: ${why}`, 'run `apt-get install xz-utils`, or install the kernel again');
}
