import { existsSync, lstatSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readTrials } from '../suite/trials.ts';
import { artifactName, uploadFiles, type Uploaded } from './artifacts.ts';
import type { Environment } from './environment.ts';
import type { SuiteInputs } from './suite-inputs.ts';

type Upload = NonNullable<SuiteInputs['upload']>;
/** Folders below which results of shards are looked for; downloads put each artifact into one. */
const DEEPEST = 4;

/** Every `trials.ndjson` below a folder, sorted, no link followed. */
export function resultFiles(folder: string, depth = 0): string[] {
  if (depth > DEEPEST || lstatSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) return [];
  const own = join(folder, 'trials.ndjson');
  if (depth > 0 && lstatSync(own, { throwIfNoEntry: false })?.isFile() === true) return [own];
  return readdirSync(folder)
    .sort()
    .filter((name) => name !== 'trials')
    .flatMap((name) => resultFiles(join(folder, name), depth + 1));
}

/** Uploads a folder of results. Where it is too large, or not all is wanted, records are left out: of passes first. Throws when that was not possible. */
export async function uploadResults(
  folder: string,
  {
    upload,
    records,
    fallback,
    id,
  }: { readonly upload: Upload; readonly records: SuiteInputs['records']; readonly fallback: string; readonly id: string },
  env: Environment,
  say: (message: string) => void,
): Promise<Omit<Uploaded, 'leftOut'>> {
  const paths = readdirSync(folder)
    .map((name) => join(folder, name))
    .filter((path) => lstatSync(path).isFile());
  let bytes = total(paths);
  let left = 0;
  for (const record of await recordsOf(join(folder, 'trials.ndjson'), records)) {
    const files = filesBelow(record);
    const size = total(files);
    if (bytes + size > upload.max) {
      left += 1;
      continue;
    }
    bytes += size;
    paths.push(...files);
  }
  if (left > 0) say(`records of ${left} trials are not uploaded: the artifact would be larger than max-upload`);
  const name = artifactName(upload.name || fallback, id);
  return uploadFiles({ paths, directory: folder, name, id, retentionDays: upload.retentionDays }, env, say);
}

/** Folders of records, those of trials that did not pass first. */
async function recordsOf(file: string, which: SuiteInputs['records']): Promise<string[]> {
  if (which === 'none' || !existsSync(file)) return [];
  const [passed, others]: [string[], string[]] = [[], []];
  for await (const { outcome, record } of readTrials(file))
    if (record !== null) (outcome === 'pass' ? passed : others).push(join(dirname(file), record));
  return which === 'failed' ? others : [...others, ...passed];
}

function filesBelow(directory: string): string[] {
  if (lstatSync(directory, { throwIfNoEntry: false })?.isDirectory() !== true) return [];
  return readdirSync(directory).flatMap((name) => {
    const path = join(directory, name);
    const stat = lstatSync(path);
    return stat.isDirectory() ? filesBelow(path) : stat.isFile() ? [path] : [];
  });
}

const total = (paths: readonly string[]): number => paths.reduce((sum, path) => sum + lstatSync(path).size, 0);
