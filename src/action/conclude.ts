import { setTimeout as sleep } from 'node:timers/promises';
import type { RunResult } from '../model/protocol.ts';
import { EXIT } from '../model/outcome.ts';
import type { Outcome } from '../model/outcome.ts';
import { uploadRecord } from './artifacts.ts';
import type { Uploaded } from './artifacts.ts';
import { outOfTime } from './cancel.ts';
import type { Cancel } from './cancel.ts';
import { comment, commentToken } from './comment.ts';
import type { Environment } from './environment.ts';
import type { Inputs, UploadWish } from './inputs.ts';
import type { State } from './state.ts';
import { summaryText, writeSummary } from './summary.ts';

export interface Conclusion {
  readonly outcome: Outcome;
  readonly because: string;
  readonly uploaded: Uploaded | null;
  /** False: the deadline came first, and post has to do the rest. */
  readonly finished: boolean;
}

/** Exit code of the action: `on-review` decides whether a needs-review stops the job. */
export function exitCode(outcome: Outcome, onReview: Inputs['onReview']): number {
  return outcome === 'needs-review' && onReview === 'pass' ? 0 : EXIT[outcome];
}

export function wantsUpload(when: UploadWish['when'], outcome: Outcome): boolean {
  return when === 'always' || (when === 'failure' && outcome !== 'succeeded');
}

/**
 * Uploads the record, writes the job's summary and the comment that was asked for: the same code for main and post. A record that was
 * asked for and could not be uploaded is a jail-error: the evidence would be gone with the runner. Never throws.
 */
export async function conclude(
  state: State,
  env: Environment,
  result: Pick<RunResult, 'outcome' | 'because'>,
  say: (message: string) => void,
  cancel: Cancel,
): Promise<Conclusion> {
  let { outcome, because } = result;
  let uploaded: Uploaded | null = null;
  let failed = false;
  if (wantsUpload(state.upload.when, outcome)) {
    const waiting = new AbortController();
    try {
      const late = outOfTime(cancel, waiting.signal).then(() => 'late' as const);
      const upload = await Promise.race([uploadRecord(state, env, say), late, stalled(waiting.signal)]);
      if (upload === 'late') return { outcome, because, uploaded, finished: false };
      uploaded = upload;
    } catch (error) {
      failed = true;
      say(`${UPLOAD_FAILED}: ${error instanceof Error ? error.message : String(error)}`);
      if (EXIT[outcome] !== EXIT.cancelled) {
        outcome = 'jail-error';
        because = UPLOAD_FAILED;
      }
    } finally {
      waiting.abort();
    }
  }
  const text = await summaryText(state.record, because, failed ? 'failed' : uploaded);
  await writeSummary(env, text).catch((error: unknown) => say(`no job summary: ${String(error)}`));
  const token = commentToken(env);
  if (token !== null) await comment(env, token, state.upload.name, text, say, cancel);
  return { outcome, because, uploaded, finished: true };
}

/** The client waits for ever for an answer. */
async function stalled(stop: AbortSignal): Promise<never> {
  await sleep(15 * 60_000, undefined, { signal: stop });
  throw new Error('the artifact service did not answer for 15 minutes');
}

const UPLOAD_FAILED = 'the record could not be uploaded';
