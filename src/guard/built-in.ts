import type { Change, Finding } from '../model/changes.ts';
import type { PolicySource } from '../model/protocol.ts';
import type { RunDocument } from '../model/record.ts';
import { displayPath } from '../record/display.ts';
import { Bag, counted } from './bag.ts';
import type { RuleName } from './bag.ts';
import type { ChangeCheck } from './changes.ts';
import { touched } from './globs.ts';

/** In force whatever the policy says: these files decide what the next run may do. */
export const BUILT_IN: RuleName = { name: 'built-in.policy-or-workflow', action: 'review', place: null };
const WORKFLOWS = ['.github/workflows', '.github/actions'];

/** Changes of workflows, of the actions beside them, and of the policy's own file. */
export class BuiltInCheck implements ChangeCheck {
  readonly #protected: readonly string[];
  readonly #bag = new Bag();

  constructor(sources: readonly PolicySource[], workspace: RunDocument['workspace']) {
    const own = sources.map((source) => policyFile(source, workspace)).filter((file) => file !== null);
    this.#protected = [...WORKFLOWS, ...own].map(fold);
  }

  see(change: Change): void {
    if (change.layer !== 'workspace') return;
    for (const path of touched(change)) {
      const text = fold(path.text.replace(/\/$/, ''));
      // A directory on the way matters once it is something else: `.github` gone, or a link in its place.
      const gone = !path.directory || change.op === 'deleted';
      const hit = this.#protected.some((file) => isWithin(text, file) || (gone && isWithin(file, text)));
      if (hit) this.#bag.add(displayPath(path.bytes), path.directory ? null : path.bytes);
    }
  }

  findings(): readonly Finding[] {
    const { count } = this.#bag;
    if (count === 0) return [];
    return [this.#bag.finding(BUILT_IN, `${counted(count, 'changed path')} of a workflow, an action or the policy`)];
  }
}

/** Relative to the workspace; null: not in it. */
function policyFile(source: PolicySource, workspace: RunDocument['workspace']): string | null {
  if (!('file' in source)) return null;
  const file = source.file.startsWith(`${workspace}/`) ? source.file.slice(workspace.length + 1) : source.file;
  const parts = file.split('/').filter((part) => part !== '' && part !== '.');
  return file.startsWith('/') || parts.includes('..') || parts.length === 0 ? null : parts.join('/');
}

const isWithin = (path: string, directory: string): boolean => path === directory || path.startsWith(`${directory}/`);
/** A checkout on another system may not tell names apart that differ in case. */
const fold = (path: string): string => path.toLowerCase();
