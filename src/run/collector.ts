import { collectChanges } from '../changes/collect.ts';
import type { CollectorAnswer, CollectorRequest } from '../model/collector.ts';
import { lines } from '../system/lines.ts';
import { secretForms } from '../transcript/forms.ts';
import { makeVerdict, type Summarise } from './verdict.ts';

const LONGEST = 16 << 20;

/** The unprivileged process that reads what a dead jail left, or a sealed record: one question on stdin, one answer on stdout. */
export async function collector(summarise: Summarise): Promise<void> {
  const first = await lines(process.stdin, LONGEST).next();
  if (first.done === true) return; // the run ended before there was anything to read
  const answer = await answerTo(JSON.parse(first.value) as CollectorRequest, summarise).catch(
    (error: unknown): CollectorAnswer => ({ ok: false, message: error instanceof Error ? error.message : String(error) }),
  );
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}

async function answerTo(request: CollectorRequest, summarise: Summarise): Promise<CollectorAnswer> {
  if (request.kind === 'verdict') return makeVerdict(request, summarise);
  const forms = request.secrets.map(({ name, value }) => ({ name, bytes: secretForms(value) }));
  return { ok: true, kind: 'changes', ...(await collectChanges(request, forms)) };
}
