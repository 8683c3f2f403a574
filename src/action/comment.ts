import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { withRemedy } from '../cli/problem.ts';
import { outOfTime } from './cancel.ts';
import type { Cancel } from './cancel.ts';
import { commentBody, marker } from './comment-body.ts';
import { inputVariable, variable } from './environment.ts';
import type { Environment } from './environment.ts';
import { GitHub, GitHubError } from './github.ts';
import { pullRequestOf } from './pull-request.ts';
import type { PullRequest } from './pull-request.ts';

/** ms that all of it may take: a job does not wait for a comment. */
const PATIENCE = 90_000;

/** The token that comments are written with; null: no comment is wanted. Main has checked that there is one. */
export function commentToken(env: Environment): string | null {
  const given = (name: string): string => (env[inputVariable(name)] ?? '').trim();
  return given('comment') === 'true' ? given('github-token') : null;
}

/**
 * Writes `text` into the one comment that this step has on the pull request: the same for main and post. Never throws and never changes an
 * outcome: where it cannot be done, one notice says why, and the job's summary has the text.
 */
export async function comment(
  env: Environment,
  token: string,
  artifact: string,
  text: string,
  say: (message: string) => void,
  cancel: Cancel,
): Promise<void> {
  const waiting = new AbortController();
  const late = async (): Promise<never> => {
    await Promise.race([outOfTime(cancel, waiting.signal), sleep(PATIENCE, undefined, { signal: waiting.signal })]);
    throw new GitHubError('there was no time left for it');
  };
  try {
    say(`comment ${await Promise.race([write(env, token, artifact, text), late()])}`);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    say(`no comment on the pull request: ${withRemedy(message, error instanceof GitHubError ? error.remedy : '')}`);
  } finally {
    waiting.abort();
  }
}

/** Returns the comment's address. */
async function write(env: Environment, token: string, artifact: string, text: string): Promise<string> {
  const pull = pullRequestOf(variable(env, 'GITHUB_EVENT_NAME'), await payload(variable(env, 'GITHUB_EVENT_PATH')));
  if (pull === null)
    throw new GitHubError(`the event ${variable(env, 'GITHUB_EVENT_NAME')} is not about one; the job's summary has the text`);
  const mark = marker({
    workflow: variable(env, 'GITHUB_WORKFLOW'),
    job: variable(env, 'GITHUB_JOB'),
    step: variable(env, 'GITHUB_ACTION'),
    artifact,
    attempt: variable(env, 'GITHUB_RUN_ATTEMPT'),
  });
  const body = commentBody(mark, text, lastLine(env, pull));
  const github = new GitHub(variable(env, 'GITHUB_GRAPHQL_URL') || 'https://api.github.com/graphql', token);
  const found = await github.find(variable(env, 'GITHUB_REPOSITORY'), pull.number, mark);
  return found.comment === null ? await github.create(found.pull, body) : await github.update(found.comment, body);
}

/** Which run it was: a comment may be older than the pull request's last commit. */
function lastLine(env: Environment, { head }: PullRequest): string {
  const [run, attempt] = [variable(env, 'GITHUB_RUN_ID'), variable(env, 'GITHUB_RUN_ATTEMPT')];
  const server = variable(env, 'GITHUB_SERVER_URL') || 'https://github.com';
  const address = `${server}/${variable(env, 'GITHUB_REPOSITORY')}/actions/runs/${run}/attempts/${attempt}`;
  return `[Run ${run}, attempt ${attempt}](${address})${head === null ? '' : `, for \`${head}\``}.`;
}

async function payload(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as unknown;
  } catch {
    return null;
  }
}
