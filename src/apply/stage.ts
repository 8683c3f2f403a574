import { chmodSync, copyFileSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HostPath, Sha256 } from '../model/names.ts';
import type { Path } from './paths.ts';
import type { Place } from './plan.ts';
import { Refusal } from './refusal.ts';

/** What is to be done, written down before any of it is: enough to take it back. */
export interface Journal {
  readonly schema: 'agent-jail/apply-journal@1';
  readonly places: readonly { readonly path: Path; readonly before: boolean; readonly after: boolean }[];
  /** Made, and about to become the head. */
  readonly commit: string | null;
}

/**
 * A directory in git's own, where no checkout can have planted anything: contents, new entries, old entries, the journal. It is there while
 * an apply goes on, and after one that was killed.
 */
export class Stage {
  readonly dir: string;

  constructor(gitDir: HostPath) {
    this.dir = join(gitDir, 'agent-jail-apply');
  }

  /** @throws Refusal where there is one already. */
  create(): void {
    try {
      mkdirSync(this.dir, { mode: 0o700 });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      throw new Refusal(
        `another apply is going on, or was killed: ${this.dir} is there`,
        'if none is going on: agent-jail apply --undo --to DIR',
      );
    }
  }

  content = (sha256: Sha256): string => join(this.dir, `content-${sha256}`);
  added = (index: number): string => join(this.dir, `new-${index}`);
  taken = (index: number): string => join(this.dir, `old-${index}`);
  get temporary(): string {
    return join(this.dir, 'content');
  }
  get index(): string {
    return join(this.dir, 'index');
  }

  /** An entry of its own for each place: two paths must not become two names of one file. */
  build(places: readonly Place[]): void {
    const left = new Map<Sha256, number>();
    for (const { after } of places) if (after?.kind === 'file') left.set(after.sha256, (left.get(after.sha256) ?? 0) + 1);
    const umask = process.umask();
    for (const [index, { after }] of places.entries()) {
      if (after === null) continue;
      const to = this.added(index);
      if (after.kind === 'link') {
        symlinkSync(Buffer.from(after.target, 'latin1'), to);
        continue;
      }
      const more = (left.get(after.sha256) ?? 1) - 1;
      left.set(after.sha256, more);
      if (more > 0) copyFileSync(this.content(after.sha256), to);
      else renameSync(this.content(after.sha256), to);
      chmodSync(to, (after.executable ? 0o777 : 0o666) & ~umask);
    }
  }

  write(journal: Journal): void {
    const temporary = join(this.dir, 'journal.tmp');
    writeFileSync(temporary, JSON.stringify(journal), { flush: true });
    renameSync(temporary, this.#journal);
  }

  /** null: nothing was begun. */
  read(): Journal | null {
    try {
      return JSON.parse(readFileSync(this.#journal, 'utf8')) as Journal;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw error;
    }
  }

  /** From here on there is nothing to take back. */
  commit(): void {
    rmSync(this.#journal, { force: true });
  }

  remove(): void {
    this.commit();
    rmSync(this.dir, { recursive: true, force: true });
  }

  get #journal(): string {
    return join(this.dir, 'journal.json');
  }
}
