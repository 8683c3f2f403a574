import { readFileSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { HostPath } from '../../../src/model/names.ts';
import type { Conclusion } from '../../../src/record/conclusion.ts';
import { openRecordDir } from '../../../src/record/read.ts';
import { verify } from '../../../src/record/verify.ts';
import { makeVerdict } from '../../../src/run/verdict.ts';
import type { Derive } from '../../../src/run/verdict.ts';
import { added, deriveAll, digestOf, ID, makeRecord, OTHER_ID } from '../record/fixture.ts';
import type { Content } from '../record/fixture.ts';
import { deny } from '../guard/support.ts';

async function judge(content: Content, derive: Derive = deriveAll, prepare: (dir: HostPath) => void = () => {}, id = ID, secrets = {}) {
  const { dir, outputs, manifest } = makeRecord(content);
  prepare(dir);
  return { dir, manifest, answer: await makeVerdict({ kind: 'verdict', id, record: dir, outputs, secrets, mask: [] }, derive) };
}

describe('makeVerdict', () => {
  test('writes what is derived, and the verdict, which names all of it and the manifest', async () => {
    const { dir, manifest, answer } = await judge({ guards: [deny('secrets/**')], changes: [added('secrets/a')] });
    const text = readFileSync(join(dir, 'summary.md'));
    const because = 'guards.changes.deny: 1 changed path denied';
    const { value: verdict, sha256 } = openRecordDir(dir).document('verdict.json');
    expect(verdict).toMatchObject({ id: ID, outcome: 'guard-failed', because, manifest });
    expect(verdict.findings).toHaveLength(1);
    const names = ['trajectory.json', 'transcript.cast', 'transcript.txt', 'report.html', 'findings.sarif', 'summary.md'];
    const digests = names.map((name) => [name, readFileSync(join(dir, name))] as const);
    expect(verdict.files).toEqual(
      Object.fromEntries(digests.map(([name, bytes]) => [name, { sha256: digestOf(bytes), size: bytes.length }])),
    );
    expect(answer).toEqual({ ok: true, kind: 'verdict', outcome: 'guard-failed', because, findings: 1, verdict: sha256 });
    expect(text.toString()).toContain('## agent-jail: guard-failed');
    expect(await verify(dir)).toEqual({ state: 'intact', problems: [], manifest });
  });

  test('hands the conclusion to the report', async () => {
    const seen: Conclusion[] = [];
    const { manifest } = await judge({}, async (conclusion) => {
      seen.push(conclusion);
      return { 'trajectory.json': '', 'transcript.cast': '', 'report.html': '', 'findings.sarif': '', 'summary.md': '' };
    });
    expect(seen).toMatchObject([{ outcome: 'succeeded', manifest, findings: [], run: { id: ID } }]);
  });

  test.each<[string, Parameters<typeof judge>, string]>([
    ['a record of another run', [{}, deriveAll, () => {}, OTHER_ID], 'is not of run'],
    ['a record that was not sealed', [{ sealed: false }], 'manifest.json: is not in the record'],
    ['no run.json', [{}, deriveAll, (dir) => truncateSync(join(dir, 'run.json'))], 'run.json: is empty'],
    ['a report that fails', [{}, () => Promise.reject(new Error('no report'))], 'no report'],
  ])('%s is an answer, not a rejection', async (_, wish, message) => {
    const { answer, dir } = await judge(...wish);
    expect(answer).toMatchObject({ ok: false, message: expect.stringContaining(message) });
    expect(readFileSync(join(dir, 'verdict.json'), 'utf8')).toBe('');
  });
});
