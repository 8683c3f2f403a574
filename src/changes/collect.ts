import { JailError } from '../model/errors.ts';
import { writeArchive } from './archive.ts';
import { Base } from './base.ts';
import { join } from './bytes.ts';
import { Checkouts } from './checkouts.ts';
import { contentsOf, difference, type Item } from './compare.ts';
import { ContentReader } from './content.ts';
import type { Side } from './entry.ts';
import { Ignored } from './ignored.ts';
import { beginManifest, byLayerAndPath } from './manifest.ts';
import { isOwn } from './origin.ts';
import { Patches } from './patch.ts';
import { withRenames } from './rename.ts';
import { type Ahead, type Answers, Readahead } from './readahead.ts';
import { Repository } from './repository.ts';
import { writeResult } from './result.ts';
import { type SecretForms, SecretSearch, simpleForms } from './secrets.ts';
import { writeSessions } from './sessions.ts';
import { type ChangesRequest, openView, type View } from './view.ts';
import { type Doubt, type Missed, type Pair, Walk } from './walk.ts';

export interface Collected {
  /** Files and links of the workspace that git would see as changed. */
  readonly changed: number;
  /** Entries that the base's ignore rules cover. */
  readonly ignored: number;
  /** Entries that are listed but in neither patch nor archive: they hold a secret, or are nearly all holes and too large to read. */
  readonly withheld: number;
  /** Logs of agents that were not taken: no regular files, too many, too large. */
  readonly sessionsLeft: number;
}

/**
 * Writes the changes of a dead jail to the descriptors of the request: manifest, patch, archive, the agent's answer, and its own logs. Whatever
 * cannot be read is an error, never a gap. `forms`: how each secret may be written; `masks`: what else is not shown in text.
 */
export async function collectChanges(
  request: ChangesRequest,
  forms: readonly SecretForms[] = simpleForms(request.secrets),
  masks: readonly SecretForms[] = [],
): Promise<Collected> {
  const views: View[] = [];
  const readahead = new Readahead(request.scratch);
  try {
    // Parents stand before their children.
    const workspace = request.layers.find(({ layer }) => layer === 'workspace')?.target ?? '';
    for (const layer of request.layers) views.push(openView(layer, workspace));
    return await collect(request, views, new SecretSearch(forms), new SecretSearch([...forms, ...masks]), readahead);
  } catch (error) {
    if (error instanceof JailError) throw error;
    throw new JailError(
      `the changes could not be collected: ${cause(error)}`,
      'Nothing of this run can be trusted to be complete; run it again.',
      null,
      { cause: error },
    );
  } finally {
    await readahead.end();
    for (const view of views) for (const tree of view.trees) tree.close();
  }
}

/** Without the path that a system error's message shows: an agent made it. */
function cause(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code, syscall } = error as NodeJS.ErrnoException;
  return code === undefined ? error.message : `${code}${syscall === undefined ? '' : ` (${syscall})`}`;
}

async function collect(
  request: ChangesRequest,
  views: readonly View[],
  search: SecretSearch,
  shown: SecretSearch,
  readahead: Readahead,
): Promise<Collected> {
  const { outputs } = request;
  const patches = new Patches(request.scratch);
  const items = await differences(views, search, readahead, { touched: request.touched, found: (item) => patches.prepare(item) });
  const changed = items.filter(({ change }) => change.op !== 'touched');
  // git compares in a process of its own, and others compress, while this one writes the manifest.
  const written = [patches.write(outputs, changed), writeArchive(outputs['changes.tar.gz'], changed)] as const;
  const changes = withRenames(items.map(({ change }) => change));
  const header = { id: request.id, layers: views.map(({ layer, target }) => ({ layer, target })) };
  const endManifest = beginManifest(outputs['changes.ndjson'], header, changes);
  await Promise.allSettled(written);
  const [patch, archive] = await Promise.all(written);
  const xattrs = await readahead.end();
  const unlisted = items.reduce((sum, { change }) => sum + (change.more ?? 0), 0);
  const ignored = unlisted + changed.filter(({ change }) => change.flags.includes('ignored')).length;
  const withheld = changed.filter((item) => item.withheld).length;
  endManifest({ ignored, withheld, xattrs, patch, archive });
  writeResult(outputs['result.txt'], request.result, shown);
  const home = views.find(({ layer }) => layer === 'home') ?? null;
  const { leftOut } = writeSessions(outputs['agent.ndjson'], { id: request.id }, home, request.agents, shown, request.scratch);
  return { changed: changes.filter(counts).length, ignored, withheld, sessionsLeft: leftOut.length };
}

/** Sorted as the manifest has them. */
export async function differences(
  views: readonly View[],
  search: SecretSearch,
  readahead: Readahead,
  { touched = false, found = () => {} }: { touched?: boolean; found?: (item: Item) => void } = {},
): Promise<Item[]> {
  const reader = new ContentReader(search);
  const items: Item[] = [];
  const base = new Base(views.find(({ layer }) => layer === 'workspace')?.base ?? null);
  const checkouts = new Checkouts(base);
  const tools = { search, touched, checkouts, ignored: new Ignored(base, checkouts), repository: new Repository(base, checkouts) };
  for (const view of views) {
    const doubts: Doubt[] = [];
    const walk = new Walk(view, missed(view, tools.ignored), (doubt) => {
      doubts.push(doubt);
      readahead.askWhether(doubt, view);
    });
    const look = async ({ pairs, doubted, answers }: Part): Promise<void> => {
      const { sides, directories } = await answers;
      for (const doubt of doubted) {
        const found = directories.get(doubt);
        doubt.base.lacks(found?.lacks ?? []);
        if (found?.own !== true && !isOwn(view, doubt)) walk.again(doubt);
      }
      for (const plain of pairs) {
        const item = difference(view, withXattrs(plain, sides), await contentsOf(view, plain, sides, reader), tools);
        if (item === null) continue;
        items.push(item);
        found(item);
      }
    };
    // One part is read while the next one is walked.
    let asked: Part | null = null;
    while (!walk.ended) {
      for (const pairs of parts(walk.pairs(), readahead)) {
        const next = { pairs, doubted: doubts.splice(0), answers: readahead.answers() };
        if (asked !== null) await look(asked);
        asked = next;
      }
      if (asked !== null) await look(asked);
      asked = null;
    }
  }
  return items.sort((a, b) => byLayerAndPath(a.change, b.change));
}

/** Patch, guards and `apply` need every path that git would track. */
function missed(view: View, ignored: Ignored): Missed {
  return (path, directory) => view.layer !== 'workspace' || !ignored.test(join(view.prefix, path), directory, true);
}

/** What is looked at together. */
interface Part {
  readonly pairs: readonly Pair[];
  readonly doubted: readonly Doubt[];
  readonly answers: Promise<Answers>;
}
const TOGETHER = 256;

/** Whose sides have been asked for. */
function* parts(pairs: Iterable<Pair>, readahead: Readahead): Generator<Pair[]> {
  let part: Pair[] = [];
  for (const pair of pairs) {
    part.push(pair);
    for (const side of [pair.before, pair.after]) if (side !== null) readahead.ask(side);
    if (part.length < TOGETHER) continue;
    yield part;
    part = [];
  }
  yield part;
}

function withXattrs(pair: Pair, found: ReadonlyMap<Side, Ahead>): Pair {
  const full = (side: Side | null): Side | null => {
    const xattrs = side === null ? undefined : found.get(side)?.xattrs;
    return side === null || xattrs === undefined ? side : { ...side, entry: { ...side.entry, xattrs } };
  };
  return { ...pair, before: full(pair.before), after: full(pair.after) };
}

function counts(change: ReturnType<typeof withRenames>[number]): boolean {
  if (change.op === 'touched' || change.layer !== 'workspace' || change.flags.includes('ignored') || change.flags.includes('git-dir'))
    return false;
  return [...('before' in change ? [change.before] : []), ...('after' in change ? [change.after] : [])].some(
    ({ type }) => type !== 'directory',
  );
}
