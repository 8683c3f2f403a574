import { closeSync } from 'node:fs';
import type { CollectorAnswer, CollectorRequest } from '../model/collector.ts';
import { linesOf } from '../system/lines.ts';
import { writeAll } from '../system/ndjson.ts';
import { type Derive, makeVerdict } from './verdict.ts';

const LONGEST = 16 << 20;
const FIRST_FILE = 3;

/**
 * The unprivileged process that reads what a dead jail left, or a sealed record: one question on stdin, one answer on stdout. It keeps no
 * file open but those that the question names. Before that it may be asked to rehearse. `files`: how many it inherited. `rehearsing`:
 * nothing of it is an agent's, and it is asked both questions (`rehearsal.ts`).
 */
export async function collector(files: number, derive: Derive, rehearsing: boolean): Promise<void> {
  for (const line of linesOf(0, LONGEST)) {
    const request = JSON.parse(line) as CollectorRequest;
    const ahead = request.kind === 'rehearsal';
    if (!rehearsing && !ahead) closeOthers(files, Object.values(request.outputs));
    const answer = await answerTo(request, derive).catch(
      (error: unknown): CollectorAnswer => ({ ok: false, message: error instanceof Error ? error.message : String(error) }),
    );
    writeAll(1, Buffer.from(`${JSON.stringify(answer)}\n`));
    if (!ahead && (!rehearsing || request.kind === 'verdict')) return;
  }
}

async function answerTo(request: CollectorRequest, derive: Derive): Promise<CollectorAnswer> {
  if (request.kind === 'verdict') return makeVerdict(request, derive);
  // Most runs of a short command leave nothing: all that reads a tree is loaded when there is one.
  if (request.kind === 'rehearsal') {
    const { rehearse } = await import('../changes/rehearse.ts');
    return { ok: true, kind: 'rehearsal', ...(await rehearse(request.scratch)) };
  }
  const [{ collectChanges }, { secretForms }] = await Promise.all([import('../changes/collect.ts'), import('../secrets/forms.ts')]);
  const forms = request.secrets.map(({ name, value }) => ({ name, bytes: secretForms(value) }));
  const masks = request.mask.map((value) => ({ name: 'mask', bytes: secretForms(value) }));
  return { ok: true, kind: 'changes', ...(await collectChanges(request, forms, masks)) };
}

function closeOthers(files: number, named: readonly number[]): void {
  for (let fd = FIRST_FILE; fd < FIRST_FILE + files; fd += 1) if (!named.includes(fd)) closeSync(fd);
}
