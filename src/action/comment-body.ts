import { createHash } from 'node:crypto';

/** Characters of a comment at the most; GitHub refuses a longer one. */
export const MOST = 65_536;
/** Room for what says how much is missing. */
const NOTE = 100;

/** What has one comment on a pull request: later runs of it write over what an earlier one wrote. */
export interface Commenter {
  readonly workflow: string;
  readonly job: string;
  /** `GITHUB_ACTION`: which step of the job. */
  readonly step: string;
  /** Name of the artifact as it was asked for: it tells the jobs of a matrix apart. */
  readonly artifact: string;
  /** `GITHUB_RUN_ATTEMPT`. */
  readonly attempt: string;
}

/** An invisible first line; a comment that begins with it is this one's. Nothing of its alphabet means anything in HTML. Pure. */
export function marker({ workflow, job, step, artifact, attempt }: Commenter): string {
  // What differs from run to run, as in the name's default, must not make a new comment each time.
  const name = artifact.replaceAll('{id}', '').replace(new RegExp(`-${attempt.replace(/\D/g, '')}-?$`), '');
  const key = createHash('sha256')
    .update(JSON.stringify([workflow, job, step, name]))
    .digest('hex');
  return `<!-- agent-jail comment ${key} -->`;
}

/** The marker, as much of the text as there is room for, in whole lines, and the last line. Pure. */
export function commentBody(mark: string, text: string, last: string): string {
  const room = MOST - mark.length - last.length - 4;
  return [mark, cut(text.trimEnd(), room), last].join('\n\n');
}

function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  const lines = text.split('\n');
  let left = most - NOTE;
  const kept = lines.slice(
    0,
    lines.findIndex((line) => (left -= line.length + 1) < 0),
  );
  return [...kept, '', `${lines.length - kept.length} more lines are left out here; the job's summary has them.`].join('\n');
}
