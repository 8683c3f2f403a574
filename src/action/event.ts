import { UserError } from '../model/errors.ts';

/** What the runner says of the event. */
export interface Event {
  readonly name: string;
  readonly payload: unknown;
  readonly sha: string;
  readonly ref: string;
}
export type Wish = 'base' | 'workspace' | null;
/** Read the policy at this commit, which nobody without write access can have made. */
export interface Base {
  readonly kind: 'base';
  readonly ref: string;
  readonly commit: string;
  /** A commit that GitHub made of base and head; its first parent, where the second is `head`, is the base that this event is about. */
  readonly merge: { readonly commit: string; readonly head: string } | null;
  readonly trustedHead: boolean;
}
export type Decision = Base | { readonly kind: 'workspace'; readonly file: string; readonly trustedHead: boolean };

/** A git object's full name. */
export const OBJECT_ID = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

/** `GITHUB_SHA` is a merge commit with what a pull request wants (docs.github.com, events that trigger workflows). */
const ABOUT_A_MERGE: readonly string[] = ['pull_request', 'pull_request_review', 'pull_request_review_comment'];
/** `GITHUB_SHA` is on a branch or tag that only people with write access can move: the default branch, or the one named. */
const AT_A_BRANCH: readonly string[] = [
  'branch_protection_rule',
  'check_run',
  'check_suite',
  'create',
  'delete',
  'discussion',
  'discussion_comment',
  'fork',
  'gollum',
  'issue_comment',
  'issues',
  'label',
  'milestone',
  'page_build',
  'public',
  'pull_request_target',
  'push',
  'registry_package',
  'release',
  'repository_dispatch',
  'schedule',
  'status',
  'watch',
  'workflow_dispatch',
  'workflow_run',
];
/** Workflows for these are written to look at somebody's commit, which they check out themselves. */
const ABOUT_A_HEAD: readonly string[] = ['check_run', 'check_suite', 'pull_request_target', 'status'];
/** What started the other workflow: then its head is a branch of this repository. */
const TRUSTED_RUNS: readonly string[] = ['push', 'schedule', 'workflow_dispatch'];

/** Where the policy file is read: at the base unless the workspace was asked for by name. Throws a UserError where there is no base. */
export function decideSource(event: Event, wish: Wish, file: string): Decision {
  const trustedHead = headTrusted(event);
  if (wish === 'workspace') return { kind: 'workspace', file, trustedHead };
  const { name, payload, sha, ref } = event;
  if (ABOUT_A_MERGE.includes(name)) {
    const commit = id(event, ['pull_request', 'base', 'sha']);
    const head = id(event, ['pull_request', 'head', 'sha']);
    const branch = text(payload, ['pull_request', 'base', 'ref']);
    return { kind: 'base', ref: `refs/heads/${branch}`, commit, merge: OBJECT_ID.test(sha) ? { commit: sha, head } : null, trustedHead };
  }
  if (name === 'merge_group') {
    const commit = id(event, ['merge_group', 'base_sha']);
    return { kind: 'base', ref: text(payload, ['merge_group', 'base_ref']), commit, merge: null, trustedHead };
  }
  if (!AT_A_BRANCH.includes(name)) {
    const what = name === '' ? 'this run has no event' : `the event ${JSON.stringify(name)} has no base that is known`;
    throw wrong(
      `${what}, so ${file} cannot be read at one`,
      'Give the policy inline, by the input `policy`, or ask for `policy-source: workspace`.',
    );
  }
  if (!OBJECT_ID.test(sha)) throw wrong('GITHUB_SHA is not a commit, so there is no base to read the policy at', 'Give the policy inline.');
  return { kind: 'base', ref, commit: sha, merge: null, trustedHead };
}

/** Whether only people with write access can have made what such a workflow checks out. Where that is not certain: no. */
function headTrusted({ name, payload }: Event): boolean {
  if (!AT_A_BRANCH.includes(name) || ABOUT_A_HEAD.includes(name)) return false;
  if (name === 'issue_comment')
    return get(payload, ['issue', 'number']) !== undefined && get(payload, ['issue', 'pull_request']) === undefined;
  if (name === 'workflow_run') {
    const [own, head] = [text(payload, ['repository', 'full_name']), text(payload, ['workflow_run', 'head_repository', 'full_name'])];
    return own !== '' && own === head && TRUSTED_RUNS.includes(text(payload, ['workflow_run', 'event']));
  }
  return true;
}

function id({ name, payload }: Event, path: readonly string[]): string {
  const found = text(payload, path);
  if (OBJECT_ID.test(found)) return found;
  throw wrong(`the event ${name} does not say its base: ${path.join('.')} is missing`, 'Give the policy inline, by the input `policy`.');
}

function text(payload: unknown, path: readonly string[]): string {
  const found = get(payload, path);
  return typeof found === 'string' ? found : '';
}

export function get(payload: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (node, key) => (typeof node === 'object' && node !== null ? (node as Record<string, unknown>)[key] : undefined),
    payload,
  );
}

function wrong(message: string, remedy: string): UserError {
  return new UserError([{ message, remedy, place: null }]);
}
