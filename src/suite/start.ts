import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { type Problem, UserError } from '../model/errors.ts';
import type { HostPath } from '../model/names.ts';
import { git } from '../system/git.ts';
import type { Start, Task } from './types.ts';

/** ms; a large repository from far away. */
const FETCH = 30 * 60_000;
/** What may be fetched by; file: a repository of the machine. */
const PROTOCOLS = ['https', 'http', 'file', 'git'].flatMap((name) => ['-c', `protocol.${name}.allow=always`]);
/** A repository of the machine serves any commit that it has, as GitHub does. */
const ANY_COMMIT = 'git -c uploadpack.allowAnySHA1InWant=true -c safe.directory=* upload-pack';

/** Workspaces of tasks as each trial finds them, made once; jails see them through overlays and never write to them. */
export class Workspaces {
  readonly #directory: HostPath;
  readonly #made = new Map<string, Promise<HostPath>>();

  /** `directory`: an empty one that is the caller's to remove. */
  constructor(directory: HostPath) {
    this.#directory = directory;
  }

  /** Throws UserError. */
  async of({ start, place }: Pick<Task, 'start' | 'place'>): Promise<HostPath> {
    if (start.kind === 'directory') return start.path;
    const key = createHash('sha256')
      .update(JSON.stringify(start.kind === 'none' ? 'none' : [start.url, start.commit]))
      .digest('hex')
      .slice(0, 16);
    const made = this.#made.get(key) ?? this.#make(key, start, place);
    this.#made.set(key, made);
    const checkout = await made;
    if (start.kind === 'none' || start.path === '') return checkout;
    const path = join(checkout, start.path);
    // A link of the repository's may lead anywhere.
    if (!existsSync(path) || realpathSync(path) !== path)
      throw fail(`${start.path} is not a directory of ${start.url} at ${start.commit}`, place);
    return path as HostPath;
  }

  async #make(key: string, start: Exclude<Start, { kind: 'directory' }>, place: Problem['place']): Promise<HostPath> {
    const checkout = join(this.#directory, key) as HostPath;
    mkdirSync(checkout, { mode: 0o755 });
    if (start.kind === 'none') return checkout;
    const commands = [
      ['init', '--quiet', '.'],
      ['fetch', '--quiet', '--no-tags', '--depth=1', `--upload-pack=${ANY_COMMIT}`, start.url, start.commit],
      ['checkout', '--quiet', '--detach', start.commit],
    ];
    for (const command of commands) {
      const { code, stderr } = await git(checkout, [...PROTOCOLS, ...command], { timeout: FETCH });
      if (code !== 0)
        throw fail(`${start.url} at ${start.commit} could not be checked out: ${stderr.toString().trim().split('\n').at(-1) ?? ''}`, place);
    }
    return checkout;
  }
}

const fail = (message: string, place: Problem['place']): UserError =>
  new UserError([{ message, remedy: 'Look at `repository` of the task.', place }]);
