import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { withRemedy } from '../cli/problem.ts';
import { get } from './event.ts';
import { GitHubError } from './github.ts';
import { GitHubRest } from './github-rest.ts';
import { unzipOne, ZipError } from './unzip.ts';

export interface BaselineWish {
  /** `GITHUB_API_URL`. */
  readonly api: string;
  readonly token: string;
  /** `owner/name`. */
  readonly repository: string;
  /** File name of the workflow (`nightly.yml`), or its number. */
  readonly workflow: string;
  /** null: the default branch. */
  readonly branch: string | null;
  /** GitHub's number of the current run, which is no baseline of itself. */
  readonly run: string;
  /** The last so many good scheduled runs; or the one run with this number. */
  readonly from: { readonly last: number } | { readonly run: string };
  readonly artifact: string;
  /** Where files are written: a new, private directory. */
  readonly directory: string;
  /** Waits between tries, ms. */
  readonly backoff?: readonly number[];
}
export interface Baselines {
  /** Newest first. Written by strangers as far as we know: to be read with care. */
  readonly found: readonly { readonly name: string; readonly path: string }[];
  /** Runs that could have been one, or `baseline` for all, and why they are none. */
  readonly refused: readonly Refused[];
}
export interface Refused {
  readonly name: string;
  readonly why: string;
}

/** The one file that is taken out of an artifact. */
export const TRIALS_FILE = 'trials.ndjson';
/** Bytes, packed and not. */
const MOST = { packed: 1 << 29, unpacked: 2 ** 31 } as const;
const MOST_RUNS = 100;

interface Run {
  readonly id: string;
  readonly event: string;
  readonly branch: string;
  readonly head: string;
  readonly good: boolean;
}

/**
 * Looks for earlier results of this workflow on GitHub. That there are none, or that GitHub does not give them, is no error: a first night
 * has no baseline, and the comparison says so, with the reason.
 */
export async function fetchBaselines(wish: BaselineWish): Promise<Baselines> {
  const github = new GitHubRest(wish.api, wish.token, wish.backoff);
  const found: { name: string; path: string }[] = [];
  const refused: Refused[] = [];
  try {
    const wanted = 'last' in wish.from ? wish.from.last : 1;
    for (const run of 'last' in wish.from ? await lastRuns(github, wish, wish.from.last) : [await oneRun(github, wish, wish.from.run)]) {
      if (found.length === wanted) break;
      const name = `run ${run.id}`;
      const got = await fetchRun(github, wish, run.id);
      if ('path' in got) found.push({ name, path: got.path });
      else refused.push({ name, why: got.why });
    }
  } catch (error) {
    refused.push({ name: 'baseline', why: reason(error) });
  }
  return { found, refused };
}

/** The query asks for just these runs; that they are is looked at again. Twice as many as wanted: artifacts expire. */
async function lastRuns(github: GitHubRest, wish: BaselineWish, last: number): Promise<Run[]> {
  const branch = wish.branch ?? String(get(await github.get(`/repos/${repositoryPath(wish)}`), ['default_branch']));
  const query = new URLSearchParams({ branch, event: 'schedule', status: 'success', per_page: String(Math.min(MOST_RUNS, 2 * last + 1)) });
  const answer = await github.get(
    `/repos/${repositoryPath(wish)}/actions/workflows/${encodeURIComponent(wish.workflow)}/runs?${query.toString()}`,
  );
  const runs = get(answer, ['workflow_runs']);
  const good = (Array.isArray(runs) ? runs : [])
    .map(runOf)
    .filter((run) => run.good && run.event === 'schedule' && run.branch === branch && isOurs(run, wish) && run.id !== wish.run);
  if (good.length === 0) throw new GitHubError(`there is no earlier successful scheduled run of ${wish.workflow} on ${branch}`);
  return good.toSorted((a, b) => Number(b.id) - Number(a.id));
}

async function oneRun(github: GitHubRest, wish: BaselineWish, id: string): Promise<Run> {
  if (!/^\d{1,20}$/.test(id)) throw new GitHubError(`${JSON.stringify(id)} is not the number of a run`);
  if (id === wish.run) throw new GitHubError(`run ${id} is the current run itself`);
  const run = runOf(await github.get(`/repos/${repositoryPath(wish)}/actions/runs/${id}`));
  if (!run.good) throw new GitHubError(`run ${id} did not end successfully`);
  if (run.event.startsWith('pull_request')) throw new GitHubError(`run ${id} was made by the event ${run.event}`);
  if (!isOurs(run, wish)) throw new GitHubError(`run ${id} is about a commit of another repository`);
  return run;
}

async function fetchRun(
  github: GitHubRest,
  wish: BaselineWish,
  run: string,
): Promise<{ readonly path: string } | { readonly why: string }> {
  const [zip, path] = [join(wish.directory, `${run}.zip`), join(wish.directory, `${run}.ndjson`)];
  try {
    const query = new URLSearchParams({ name: wish.artifact, per_page: '100' });
    const answer = get(await github.get(`/repos/${repositoryPath(wish)}/actions/runs/${run}/artifacts?${query.toString()}`), ['artifacts']);
    const named = (Array.isArray(answer) ? answer : []).filter((one) => get(one, ['name']) === wish.artifact);
    // Each attempt of a run leaves one; the newest counts.
    const [artifact] = named.toSorted((a, b) => Number(get(b, ['id'])) - Number(get(a, ['id'])));
    const id = get(artifact, ['id']);
    if (typeof id !== 'number') return { why: `it has no artifact ${wish.artifact}` };
    if (get(artifact, ['expired']) !== false) return { why: `its artifact ${wish.artifact} has expired` };
    if (Number(get(artifact, ['size_in_bytes'])) > MOST.packed) return { why: `its artifact is larger than ${MOST.packed} bytes` };
    const sha256 = await github.download(`/repos/${repositoryPath(wish)}/actions/artifacts/${id}/zip`, zip, MOST.packed);
    const digest = get(artifact, ['digest']);
    if (typeof digest === 'string' && digest !== `sha256:${sha256}`)
      return { why: 'its artifact is not what GitHub says it is: the SHA-256 differs' };
    await unzipOne(zip, TRIALS_FILE, path, MOST.unpacked);
    return { path };
  } catch (error) {
    await rm(path, { force: true });
    return { why: reason(error) };
  } finally {
    await rm(zip, { force: true });
  }
}

function runOf(run: unknown): Run {
  const text = (...path: string[]): string => {
    const found = get(run, path);
    return typeof found === 'string' || typeof found === 'number' ? String(found) : '';
  };
  return {
    id: text('id'),
    event: text('event'),
    branch: text('head_branch'),
    head: text('head_repository', 'full_name'),
    good: text('status') === 'completed' && text('conclusion') === 'success' && /^\d{1,20}$/.test(text('id')),
  };
}

const isOurs = ({ head }: Run, { repository }: BaselineWish): boolean => head.toLowerCase() === repository.toLowerCase();
const repositoryPath = ({ repository }: BaselineWish): string => repository.split('/').map(encodeURIComponent).join('/');

function reason(error: unknown): string {
  if (error instanceof GitHubError) return withRemedy(error.message, error.remedy);
  if (error instanceof ZipError) return `its artifact cannot be read: ${error.message}`;
  // A full disk ends no night: it has one night less to compare with.
  const { code } = error as NodeJS.ErrnoException;
  if (code !== undefined) return `it cannot be stored: ${code}`;
  throw error;
}
