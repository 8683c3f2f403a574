import { Globs, touched } from '../guard/globs.ts';
import type { Change, Entry } from '../model/changes.ts';
import { UserError } from '../model/errors.ts';
import type { Problem } from '../model/errors.ts';
import type { PathBytes } from '../model/names.ts';
import { glob } from '../policy/rules.ts';

/** Globs that say which changes are asked for; without any, all are. Remembers which of them matched. */
export class Only {
  readonly #all: Globs | null;
  readonly #unmatched: Map<string, Globs>;

  private constructor(globs: readonly string[]) {
    this.#all = globs.length === 0 ? null : new Globs(globs);
    this.#unmatched = new Map(globs.filter((text) => !text.startsWith('!')).map((text) => [text, new Globs([text])]));
  }

  /** One glob a line. `file` stands in places. Throws a UserError with all that is wrong. */
  static parse(text: string, file: string): Only {
    const problems: Problem[] = [];
    const globs = text.split(/\r?\n/).flatMap((line, index) => {
      const own = line.trim();
      if (own === '') return [];
      const problem = problemOf(own);
      if (problem === null) return [own];
      problems.push({ message: problem, remedy: '', place: { file, line: index + 1, column: line.indexOf(own) + 1 } });
      return [];
    });
    if (problems.length > 0) throw new UserError(problems);
    return new Only(globs);
  }

  matches(path: PathBytes): boolean {
    if (this.#all === null) return true;
    const [seen] = touched({ ...ANY, path });
    if (seen === undefined) return false;
    for (const [text, globs] of this.#unmatched) if (globs.surely(seen)) this.#unmatched.delete(text);
    return this.#all.surely(seen);
  }

  unmatched(): readonly string[] {
    return [...this.#unmatched.keys()];
  }
}

/** As the policy reads globs, and no bracket that never ends: such a glob matches nothing. */
function problemOf(text: string): string | null {
  try {
    glob(text);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  const bare = text.replace(/\\./g, '').replace(/\[[!^]?\]?[^\]]*\]/g, '');
  if (bare.includes('[')) return `${JSON.stringify(text)} has a \`[\` without its \`]\``;
  return bare.endsWith('\\') ? `${JSON.stringify(text)} ends with a \`\\\`` : null;
}

const FILE: Entry = { type: 'file', mode: 0o644, uid: 0, gid: 0, size: 0, sha256: null, link: null };
const ANY: Omit<Extract<Change, { op: 'added' }>, 'path'> = { layer: 'workspace', flags: [], op: 'added', after: FILE };
