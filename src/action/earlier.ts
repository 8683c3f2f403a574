import { basename } from 'node:path';
import { resultsFile } from '../cli/suite-args.ts';
import type { Baselines } from './baseline.ts';
import { variable } from './environment.ts';
import type { Environment } from './environment.ts';

/** Which earlier results: the last good scheduled runs, the one run with this number, or files of the workspace. */
export type EarlierWish = { readonly last: number } | { readonly run: string } | { readonly files: readonly string[] } | 'none';
/** Where they are looked for. */
export interface EarlierPlace {
  readonly wish: EarlierWish;
  /** null: by the suite's name. */
  readonly artifact: string | null;
  /** null: this one. */
  readonly workflow: string | null;
  /** null: the default branch. */
  readonly branch: string | null;
  /** '': none. */
  readonly token: string;
}

/** Pure: `last-N`, the number of a run, paths, or `none`; null: it is none of these. */
export function earlierWish(text: string): EarlierWish | null {
  if (text === 'none') return 'none';
  const [, last] = /^last-([1-9]\d?)$/.exec(text) ?? [];
  if (last !== undefined) return { last: Number(last) };
  if (/^[1-9]\d{0,19}$/.test(text)) return { run: text };
  const files = text
    .split(/[\n,]/)
    .map((one) => one.trim())
    .filter((one) => one !== '');
  return files.length > 0 && files.every((one) => /[./]/.test(one)) ? { files } : null;
}

/** Whether GitHub is asked, which needs a token. */
export const asksGitHub = (wish: EarlierWish): boolean => wish !== 'none' && !('files' in wish);

/** Earlier results of the suite with this name, put into `directory` where they are not in the workspace. Throws a UserError for a path that is not there. */
export async function earlierResults(
  { wish, artifact, workflow, branch, token }: EarlierPlace,
  suite: string,
  directory: string,
  env: Environment,
): Promise<Baselines> {
  if (wish === 'none') return { found: [], refused: [] };
  if ('files' in wish) {
    const cwd = variable(env, 'GITHUB_WORKSPACE');
    return { found: wish.files.map((name) => ({ name, path: resultsFile(name, { cwd }) })), refused: [] };
  }
  const { fetchBaselines } = await import('./baseline.ts');
  return fetchBaselines({
    api: variable(env, 'GITHUB_API_URL') || 'https://api.github.com',
    token,
    repository: variable(env, 'GITHUB_REPOSITORY'),
    // owner/name/.github/workflows/nightly.yml@refs/heads/main
    workflow: workflow ?? basename(variable(env, 'GITHUB_WORKFLOW_REF').split('@')[0] ?? ''),
    branch,
    run: variable(env, 'GITHUB_RUN_ID'),
    from: wish,
    artifact: artifact ?? `agent-jail-results-${suite}`,
    directory,
  });
}
