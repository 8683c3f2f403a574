import type { Change, Entry } from '../model/changes.ts';
import { type Attributes, isFiltered } from './attributes.ts';
import { asPath, view as bytesOf, join } from './bytes.ts';
import type { Checkout, Checkouts } from './checkouts.ts';
import type { Content, ContentReader } from './content.ts';
import { type Side, sameMetadata } from './entry.ts';
import { flagsOf, whyLater } from './flags.ts';
import type { Ignored } from './ignored.ts';
import type { Ahead } from './readahead.ts';
import type { Repository } from './repository.ts';
import type { SecretSearch } from './secrets.ts';
import type { View } from './view.ts';
import type { Pair } from './walk.ts';

export type PlainChange = Exclude<Change, { readonly op: 'renamed' }>;

/** A change and what patch and archive need to copy it. */
export interface Item {
  readonly change: PlainChange;
  readonly view: View;
  /** Relative to the view, never masked. */
  readonly path: Buffer;
  readonly before: Side | null;
  readonly after: Side | null;
  /** Listed, but neither in the patch nor in the archive: it holds a secret, or could not be read. */
  readonly withheld: boolean;
  /** What small files hold, if it is at hand. */
  readonly bytes: { readonly before: Buffer | null; readonly after: Buffer | null };
  /** What git sees it in; null: it is not in the workspace. */
  readonly checkout: Checkout | null;
}
export interface Tools {
  readonly search: SecretSearch;
  readonly ignored: Ignored;
  readonly checkouts: Checkouts;
  readonly repository: Repository;
  /** A file whose time alone was changed counts. */
  readonly touched: boolean;
}

/** What both sides hold. */
export interface Contents {
  readonly old: Content | null;
  readonly now: Content | null;
}

/**
 * Tokens are looked for in what may leave by the patch: caches and packages are full of examples. Those of the old content matter where the new
 * one has some.
 */
export async function contentsOf(
  { layer }: View,
  { before, after }: Pair,
  ahead: ReadonlyMap<Side, Ahead>,
  reader: ContentReader,
): Promise<Contents> {
  const contentOf = async (side: Side | null, tokens: boolean): Promise<Content | null> =>
    side?.entry.type === 'file' ? await reader.read(side, tokens, ahead.get(side)?.bytes) : null;
  const now = await contentOf(after, layer === 'workspace');
  return { now, old: await contentOf(before, (now?.tokens ?? []).length > 0) };
}

/** null: nothing that counts differs (the upper directory over-reports). */
export function difference(view: View, pair: Pair, { old, now }: Contents, tools: Tools): Item | null {
  const { before, after } = pair;
  const op = operation(before, after, old, now, tools.touched);
  if (op === null) return null;

  const path = join(view.prefix, pair.path);
  const names = [path, before?.entry.link, after?.entry.link].filter((bytes) => bytes !== null && bytes !== undefined);
  const ignored = view.layer === 'workspace' && tools.ignored.test(path, (after ?? before)?.entry.type === 'directory', before !== null);
  const known = (old?.secret ?? now?.secret ?? null) !== null || names.some((bytes) => tools.search.find(bytesOf(bytes)) !== null);
  // What the base has already is nothing that the run let out.
  const token = ignored ? undefined : now?.tokens.find(({ value }) => old?.tokens.every((one) => one.value !== value) ?? true);
  const secret = known || token !== undefined;
  const unread = now !== null && now.sha256 === null;
  const directory = (after ?? before)?.entry.type === 'directory';
  const attributes: Attributes = view.layer === 'workspace' && !directory ? tools.repository.attributes(path) : new Map();
  const texts = [old, now].filter((content) => content !== null);
  const flags = flagsOf({
    layer: view.layer,
    target: view.target,
    path,
    before: before?.entry ?? null,
    after: after?.entry ?? null,
    binary: (now ?? old)?.binary ?? false,
    secret,
    unread,
    ignored,
    baseChanged: before !== null && before.tree === view.host && view.born > 0 && before.ctime > view.born,
    generated: (attributes.get('linguist-generated') ?? 'false') !== 'false' && attributes.get('linguist-generated') !== false,
    filtered: view.layer === 'workspace' && isFiltered(attributes, tools.repository.autocrlf(path), texts),
  });
  const why = flags.includes('runs-later') ? whyLater(path, directory) : null;
  const entry = (side: Side, content: Content | null): Entry => {
    const link = side.entry.link === null ? null : asPath(secret ? tools.search.mask(bytesOf(side.entry.link)) : side.entry.link);
    return { ...side.entry, link, sha256: secret ? null : (content?.sha256 ?? null) };
  };
  const change = {
    path: asPath(secret ? tools.search.mask(path) : path),
    layer: view.layer,
    flags,
    op,
    ...(why === null ? {} : { why }),
    ...(known || token === undefined ? {} : { token: token.name }),
    ...(pair.more === undefined ? {} : { more: pair.more }),
    ...(before === null ? {} : { before: entry(before, old) }),
    ...(after === null ? {} : { after: entry(after, now) }),
  } as PlainChange; // `operation` says which sides there are
  return {
    change,
    view,
    path: pair.path,
    before,
    after,
    withheld: secret || unread,
    bytes: { before: old?.bytes ?? null, after: now?.bytes ?? null },
    checkout: view.layer === 'workspace' ? tools.checkouts.of(path) : null,
  };
}

/** Content before metadata. Files that could not be read count as different. */
function operation(
  before: Side | null,
  after: Side | null,
  old: Content | null,
  now: Content | null,
  touched: boolean,
): PlainChange['op'] | null {
  if (before === null) return 'added';
  if (after === null) return 'deleted';
  const [a, b] = [before.entry, after.entry];
  if (a.type !== b.type) return 'retyped';
  if (a.type === 'file' && (now?.sha256 ?? null) === null) return 'modified';
  if (old?.sha256 !== now?.sha256) return 'modified';
  if (a.link !== null && b.link !== null && Buffer.compare(a.link, b.link) !== 0) return 'modified';
  if (!sameMetadata(a, b)) return 'metadata';
  // The time of a directory changes with what is in it.
  return touched && a.type !== 'directory' && a.mtime !== b.mtime ? 'touched' : null;
}
