import { readFile } from 'node:fs/promises';
import type { Origin } from '../model/record.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** What the runner says of the workflow run that this is a step of; null: it is none. */
export async function originOf(env: Environment): Promise<Origin | null> {
  const { GITHUB_SERVER_URL: server = '', GITHUB_REPOSITORY: repository = '', GITHUB_RUN_ID: run = '' } = env;
  if (!/^[\w.-]+\/[\w.-]+$/.test(repository) || !/^\d{1,20}$/.test(run)) return null;
  const event = await payload(env['GITHUB_EVENT_PATH'] ?? '');
  return { server: server || 'https://github.com', repository, run, head: headOf(event, repository) };
}

/** The repository of the head that an event is about. An event without a head is about the repository itself. */
export function headOf(event: unknown, repository: string): string | null {
  const pull = get(event, 'pull_request');
  if (pull !== undefined) return name(get(get(pull, 'head'), 'repo'));
  const run = get(event, 'workflow_run');
  return run === undefined ? repository : name(get(run, 'head_repository'));
}

/** null: a fork that was deleted has no name any more. */
function name(repository: unknown): string | null {
  const found = get(repository, 'full_name');
  return typeof found === 'string' ? found : null;
}

function get(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
}

/** A payload that cannot be read is about a head that is not known. */
async function payload(path: string): Promise<unknown> {
  try {
    return path === '' ? null : (JSON.parse(await readFile(path, 'utf8')) as unknown);
  } catch {
    return { pull_request: null };
  }
}
