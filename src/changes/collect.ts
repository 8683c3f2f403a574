import { JailError } from '../model/errors.ts';
import { writeArchive } from './archive.ts';
import { difference, type Item } from './compare.ts';
import { ContentReader } from './content.ts';
import { Ignored } from './ignored.ts';
import { byLayerAndPath, writeManifest } from './manifest.ts';
import { writePatch } from './patch.ts';
import { withRenames } from './rename.ts';
import { Repository } from './repository.ts';
import { writeResult } from './result.ts';
import { type SecretForms, SecretSearch, simpleForms } from './secrets.ts';
import { type ChangesRequest, openView, type View } from './view.ts';
import { walk } from './walk.ts';

export interface Collected {
  /** Files and links of the workspace that git would see as changed. */
  readonly changed: number;
  /** Entries that the base's ignore rules cover. */
  readonly ignored: number;
  /** Entries that are listed but in neither patch nor archive: they hold a secret, or are nearly all holes and too large to read. */
  readonly withheld: number;
}

/**
 * Writes the changes of a dead jail to the four descriptors of the request: manifest, patch, archive, and the agent's answer. Whatever
 * cannot be read is an error, never a gap. `forms`: how each secret may be written.
 */
export async function collectChanges(
  request: ChangesRequest,
  forms: readonly SecretForms[] = simpleForms(request.secrets),
): Promise<Collected> {
  const views: View[] = [];
  try {
    // Parents stand before their children.
    const workspace = request.layers.find(({ layer }) => layer === 'workspace')?.target ?? '';
    for (const layer of request.layers) views.push(openView(layer, workspace));
    return await collect(request, views, new SecretSearch(forms));
  } catch (error) {
    if (error instanceof JailError) throw error;
    throw new JailError(
      `the changes could not be collected: ${cause(error)}`,
      'Nothing of this run can be trusted to be complete; run it again.',
      null,
      { cause: error },
    );
  } finally {
    for (const view of views) for (const tree of view.trees) tree.close();
  }
}

/** Without the path that a system error's message shows: an agent made it. */
function cause(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code, syscall } = error as NodeJS.ErrnoException;
  return code === undefined ? error.message : `${code}${syscall === undefined ? '' : ` (${syscall})`}`;
}

async function collect(request: ChangesRequest, views: readonly View[], search: SecretSearch): Promise<Collected> {
  const { outputs } = request;
  const items = await differences(views, search);
  // git compares in a process of its own while the archive is packed.
  const written = [writePatch(outputs['changes.patch'], items, request.scratch), writeArchive(outputs['changes.tar.gz'], items)] as const;
  await Promise.allSettled(written);
  const [patch, archive] = await Promise.all(written);
  const ignored = items.filter(({ change }) => change.flags.includes('ignored')).length;
  const withheld = items.filter((item) => item.withheld).length;
  const changes = withRenames(items.map(({ change }) => change));
  const header = { id: request.id, layers: views.map(({ layer, target }) => ({ layer, target })) };
  writeManifest(outputs['changes.ndjson'], header, changes, { ignored, withheld, patch, archive });
  writeResult(outputs['result.txt'], request.result, search);
  return { changed: changes.filter(counts).length, ignored, withheld };
}

/** Sorted as the manifest has them. */
export async function differences(views: readonly View[], search: SecretSearch): Promise<Item[]> {
  const reader = new ContentReader(search);
  const items: Item[] = [];
  const base = views.find(({ layer }) => layer === 'workspace')?.base ?? null;
  const ignored = new Ignored(base);
  const repository = new Repository(base);
  for (const view of views) {
    for (const pair of walk(view)) {
      const item = await difference(view, pair, { reader, search, ignored, repository });
      if (item !== null) items.push(item);
    }
  }
  return items.sort((a, b) => byLayerAndPath(a.change, b.change));
}

function counts(change: ReturnType<typeof withRenames>[number]): boolean {
  if (change.layer !== 'workspace' || change.flags.includes('ignored') || change.flags.includes('git-dir')) return false;
  return [...('before' in change ? [change.before] : []), ...('after' in change ? [change.after] : [])].some(
    ({ type }) => type !== 'directory',
  );
}
