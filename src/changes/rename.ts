import { type Change, FLAGS } from '../model/changes.ts';
import { basename, key } from './bytes.ts';
import type { PlainChange } from './compare.ts';

type Deleted = Extract<PlainChange, { op: 'deleted' }>;
type Added = Extract<PlainChange, { op: 'added' }>;
interface Group {
  readonly deleted: Deleted[];
  readonly added: Added[];
}

/**
 * A file deleted and a file of the same content added in one layer become one `renamed`, if there is only one way to see it: as many of one
 * as of the other under the same name (a renamed directory), or one of each. `changes` must be sorted by path. Empty files, and pairs of
 * which only one side is ignored, stay what they are.
 */
export function withRenames(changes: readonly PlainChange[]): Change[] {
  const renamed = new Map<Added, Deleted>();
  match(changes, renamed, (path) => key(basename(path)));
  match(changes, renamed, () => '');
  const taken = new Set<PlainChange>(renamed.values());
  return changes.flatMap((change): Change[] => {
    if (taken.has(change)) return [];
    const origin = change.op === 'added' ? renamed.get(change) : undefined;
    return change.op === 'added' && origin !== undefined ? [rename(origin, change)] : [change];
  });
}

function match(changes: readonly PlainChange[], renamed: Map<Added, Deleted>, nameOf: (path: Uint8Array) => string): void {
  const taken = new Set<PlainChange>([...renamed.keys(), ...renamed.values()]);
  const groups = new Map<string, Group>();
  for (const change of changes) {
    if (taken.has(change) || (change.op !== 'added' && change.op !== 'deleted')) continue;
    const entry = change.op === 'added' ? change.after : change.before;
    if (entry.sha256 === null || entry.size === 0) continue;
    const id = [change.layer, change.flags.includes('ignored'), entry.sha256, nameOf(change.path)].join(' ');
    const group = groups.get(id) ?? { deleted: [], added: [] };
    groups.set(id, group);
    if (change.op === 'added') group.added.push(change);
    else group.deleted.push(change);
  }
  for (const { deleted, added } of groups.values()) {
    const named = nameOf(Buffer.from('x')) !== '';
    if (deleted.length !== added.length || (!named && added.length !== 1)) continue;
    for (const [at, change] of added.entries()) renamed.set(change, deleted[at] as Deleted);
  }
}

function rename(from: Deleted, to: Added): Change {
  const flags = FLAGS.filter((flag) => to.flags.includes(flag) || from.flags.includes(flag));
  const why = to.why ?? from.why;
  return {
    path: to.path,
    layer: to.layer,
    op: 'renamed',
    flags,
    ...(why === undefined ? {} : { why }),
    from: from.path,
    before: from.before,
    after: to.after,
  };
}
