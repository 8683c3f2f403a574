import type { Change, Entry, LayerName } from '../model/changes.ts';
import { displayPath } from '../record/display.ts';
import type { RecordReader } from '../record/read.ts';
import type { ChangeData, ChangesData } from './data.ts';
import { bytes } from './markdown.ts';
import { addTo } from './tally.ts';
import type { LayerTally } from './tally.ts';

/** The first of each kind are listed: what a flag warns of, what git would track, the rest. */
const LISTED = { flagged: 1000, tracked: 2000, other: 1000 };
const QUIET: ReadonlySet<string> = new Set(['ignored', 'git-dir', 'binary', 'odd-name']);
const FOLDERS = 300;
const LONGEST_PATH = 2000;

/** One pass over `changes.ndjson`. @throws RecordError */
export async function gatherChanges(record: RecordReader): Promise<ChangesData> {
  const layers = new Map<LayerName, LayerTally>();
  const left = { ...LISTED };
  const rows: ChangeData[] = [];
  const folders = new Map<string, { layer: LayerName; path: string; count: number }>();
  let total = 0;
  for await (const change of record.lines('changes.ndjson')) {
    total += 1;
    addTo(layers, change);
    const kind = kindOf(change);
    if (left[kind] > 0) {
      left[kind] -= 1;
      rows.push(row(change));
      continue;
    }
    const path = folderOf(displayPath(change.path, LONGEST_PATH));
    const key = folders.size < FOLDERS ? `${change.layer}:${path}` : change.layer;
    const folder = folders.get(key) ?? { layer: change.layer, path: key === change.layer ? '…' : path, count: 0 };
    folder.count += 1;
    folders.set(key, folder);
  }
  return { total, layers: [...layers.values()], rows, folders: [...folders.values()].sort((a, b) => b.count - a.count) };
}

function kindOf({ layer, flags }: Change): keyof typeof LISTED {
  if (flags.some((flag) => !QUIET.has(flag))) return 'flagged';
  return layer === 'workspace' && !flags.includes('ignored') && !flags.includes('git-dir') ? 'tracked' : 'other';
}

/** The first two folders of a path. */
const folderOf = (path: string): string => path.split('/').slice(0, -1).slice(0, 2).join('/');

function row(change: Change): ChangeData {
  const { layer, op, flags } = change;
  return {
    layer,
    op,
    path: displayPath(change.path, LONGEST_PATH),
    ...(op === 'renamed' ? { from: displayPath(change.from, LONGEST_PATH) } : {}),
    ...(flags.length > 0 ? { flags } : {}),
    what: describe('before' in change ? change.before : null, 'after' in change ? change.after : null),
  };
}

function describe(before: Entry | null, after: Entry | null): string {
  const only = before === null ? after : after === null ? before : null;
  if (only !== null)
    return properties(only)
      .filter((value) => value !== '')
      .join(', ');
  if (before === null || after === null) return '';
  const [old, now] = [properties(before), properties(after)];
  const changed = now.flatMap((value, index) => (value === old[index] ? [] : `${old[index] || 'none'} to ${value || 'none'}`));
  return changed.length === 0 ? (now[0] ?? '') : changed.join(', ');
}

/** The same four of every entry, so that two can be compared; '' where there is no such thing. */
function properties({ type, mode, size, uid, gid, link }: Entry): readonly string[] {
  const content = type === 'file' ? bytes(size) : link === null ? '' : `link to ${displayPath(link)}`;
  return [type, content, `mode ${mode.toString(8).padStart(3, '0')}`, `owner ${uid}:${gid}`];
}
