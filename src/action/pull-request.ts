import { get, OBJECT_ID } from './event.ts';

/** The pull request that a run is about. */
export interface PullRequest {
  readonly number: number;
  /** The commit at its head; null: the event does not say. */
  readonly head: string | null;
}

/** null: the event is about none, or about more than one. `name` and `payload`: of the event. Pure. */
export function pullRequestOf(name: string, payload: unknown): PullRequest | null {
  if (name === 'workflow_run') return ofRun(payload);
  const pull = get(payload, ['pull_request']);
  if (pull !== undefined) return from(pull);
  // A comment on a pull request comes as one on an issue that has that key.
  return get(payload, ['issue', 'pull_request']) === undefined ? null : from(get(payload, ['issue']));
}

/** A run in a fork lists the pull requests of others; of a fork's pull request a run here lists none. */
function ofRun(payload: unknown): PullRequest | null {
  const listed = get(payload, ['workflow_run', 'pull_requests']);
  const own = get(payload, ['repository', 'id']);
  const here = Array.isArray(listed) ? listed.filter((pull) => own !== undefined && get(pull, ['base', 'repo', 'id']) === own) : [];
  return here.length === 1 ? from(here[0]) : null;
}

function from(pull: unknown): PullRequest | null {
  const [number, head] = [get(pull, ['number']), get(pull, ['head', 'sha'])];
  if (typeof number !== 'number' || !Number.isSafeInteger(number) || number < 1) return null;
  return { number, head: typeof head === 'string' && OBJECT_ID.test(head) ? head : null };
}
