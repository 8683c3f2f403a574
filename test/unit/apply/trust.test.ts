import { appendFileSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { refuseOrigin } from '../../../src/apply/origin.ts';
import type { WantedOrigin } from '../../../src/apply/origin.ts';
import { openExpected, refuseBroken, refuseRun } from '../../../src/apply/trust.ts';
import type { HostPath, Sha256 } from '../../../src/model/names.ts';
import type { Origin, RunDocument } from '../../../src/model/record.ts';
import { SEALED_FILES, seal } from '../../../src/record/write.ts';
import { digestOf, ID, ME, makeRecord, OTHER_ID, runWith, USUAL_FILES } from '../record/fixture.ts';

const sealed = (): { dir: HostPath; expect: Sha256 } => {
  const { dir, manifest } = makeRecord();
  return { dir, expect: manifest as Sha256 };
};
const open = (dir: HostPath, wanted: Sha256) => () => openExpected(dir, wanted);
const edit = (dir: string, file: string, from: string | RegExp, to: string): void => {
  const text = readFileSync(join(dir, file), 'utf8');
  expect(text).toMatch(from);
  writeFileSync(join(dir, file), text.replace(from, to));
};

describe('the expected record', () => {
  test('is taken', () => {
    const { dir, expect: wanted } = sealed();
    expect(openExpected(dir, wanted).document('run.json').value.id).toBe(ID);
  });

  test('is no other: one that agrees with itself is not parsed at all', () => {
    const { dir, expect: wanted } = sealed();
    edit(dir, 'run.json', '"exact": true', '"exact": false');
    const forged = seal(dir, ID, ME);
    expect(openExpected(dir, forged)).toBeDefined();
    expect(open(dir, wanted)).toThrow('not the record that is expected');
    // What is no JSON is not even found out.
    writeFileSync(join(dir, 'manifest.json'), 'not JSON');
    writeFileSync(join(dir, 'run.json'), 'not JSON');
    expect(open(dir, wanted)).toThrow('not the record that is expected');
  });

  it.each(SEALED_FILES.filter((file) => USUAL_FILES.includes(file)))(
    'with %s edited, cut off, longer, gone, a link or of another record is refused',
    (file) => {
      const changes: readonly [(dir: string) => void, RegExp][] = [
        [(dir) => appendFileSync(join(dir, file), '\n'), /has \d+ bytes, not \d+/],
        [(dir) => rmSync(join(dir, file)), /is missing: was it left out of the upload\? Raise `max-upload`/],
        [(dir) => (rmSync(join(dir, file)), symlinkSync('/etc/hostname', join(dir, file))), /not a regular file/],
      ];
      for (const [change, message] of changes) {
        const { dir, expect: wanted } = sealed();
        change(dir);
        expect(open(dir, wanted)).toThrow(message);
      }
      const { dir, expect: wanted } = sealed();
      const bytes = readFileSync(join(dir, file));
      if (bytes.length === 0) return;
      bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
      writeFileSync(join(dir, file), bytes);
      expect(open(dir, wanted)).toThrow('has another SHA-256');
      truncateSync(join(dir, file), bytes.length >> 1);
      expect(open(dir, wanted)).toThrow(/has \d+ bytes, not \d+/);
    },
  );

  test('is sealed, has every file in its manifest, is of one run and of this version', () => {
    const never = makeRecord({ sealed: false });
    expect(open(never.dir, digestOf('x'))).toThrow('it was never sealed');

    const lacking = sealed();
    edit(lacking.dir, 'manifest.json', /"result\.txt": \{[^}]*\}/, '"run.json": {"sha256": "", "size": 0}');
    expect(open(lacking.dir, digestOf(readFileSync(join(lacking.dir, 'manifest.json'))))).toThrow('manifest.json: files.run.json.sha256');
    const without = sealed();
    edit(without.dir, 'manifest.json', /,\s*"result\.txt": \{[^}]*\}/, '');
    expect(open(without.dir, digestOf(readFileSync(join(without.dir, 'manifest.json'))))).toThrow('result.txt: is not in manifest.json');

    const mixed = makeRecord();
    expect(open(mixed.dir, seal(mixed.dir, OTHER_ID, ME))).toThrow('is of another run');
    const later = makeRecord();
    edit(later.dir, 'run.json', 'agent-jail/run@1', 'agent-jail/run@2');
    expect(open(later.dir, seal(later.dir, ID, ME))).toThrow('run@2, which this version of agent-jail does not read');
  });

  test('is no link, and a directory', () => {
    const { dir, expect: wanted } = sealed();
    const link = `${dir}-link`;
    symlinkSync(dir, link);
    try {
      expect(open(link as HostPath, wanted)).toThrow('a link is not followed');
    } finally {
      rmSync(link);
    }
    expect(open(`${dir}/absent` as HostPath, wanted)).toThrow('there is no such directory');
  });
});

describe('a record that is the expected one', () => {
  test('is still read to its end: lines, checkpoints, verdict', async () => {
    const { dir, expect: wanted } = sealed();
    await expect(refuseBroken(openExpected(dir, wanted))).rejects.toThrow('the record has no verdict');
    edit(dir, 'transcript.ndjson', /"sha256":"[0-9a-f]{64}"/, `"sha256":"${'0'.repeat(64)}"`);
    await expect(refuseBroken(openExpected(dir, seal(dir, ID, ME)))).rejects.toThrow(
      'transcript.ndjson: line 4: transcript.log has another SHA-256',
    );
  });
});

describe('a run', () => {
  it.each<[string, Partial<RunDocument>, RegExp]>([
    ['without a jail', { backend: { name: 'chroot', version: '', why: '' } }, /isolates nothing/],
    ['from which something was withheld', { exact: false }, /not exact/],
    ['without a base', { base: null }, /no git checkout/],
    ['with a dirty base', { base: { commit: 'a'.repeat(40), dirty: true } }, /tracked files differed/],
  ])('%s is refused', (_, more, message) => {
    expect(() => refuseRun(runWith(more))).toThrow(message);
    expect(refuseRun(runWith())).toBe('a'.repeat(40));
  });
});

describe('an origin', () => {
  const own: Origin = { server: 'https://github.com', repository: 'o/r', run: '42', head: 'o/r' };
  const wanted: WantedOrigin = { server: 'https://github.com', repository: 'O/R', run: '42', forks: false };

  it.each<[string, Origin | null, Partial<WantedOrigin>]>([
    ['this run’s', own, {}],
    ['of a run that was named', { ...own, run: '41' }, { run: '41' }],
    ['of any run', { ...own, run: '41' }, { run: null }],
    ['of any repository', { ...own, repository: 'p/r', head: 'p/r' }, { repository: null }],
    ['of a fork, allowed', { ...own, head: 'evil/r' }, { forks: true }],
    ['unknown, and nothing is asked', null, { repository: null, run: null }],
  ])('%s is taken', (_, origin, more) => expect(() => refuseOrigin(origin, { ...wanted, ...more })).not.toThrow());

  it.each<[string, Origin | null, RegExp]>([
    ['of another server', { ...own, server: 'https://ghe.example' }, /of the server https:\/\/ghe\.example, not https:\/\/github\.com/],
    ['of another repository', { ...own, repository: 'p/r', head: 'p/r' }, /of the repository p\/r, not o\/r/],
    ['of another run', { ...own, run: '41' }, /of the workflow run 41, not 42/],
    ['of a fork', { ...own, head: 'evil/r' }, /about a commit of evil\/r, not of o\/r/],
    ['of a fork that is gone', { ...own, head: null }, /a repository that is gone/],
    ['that is not said', null, /does not say which repository and run/],
    ['with a name that acts on a terminal', { ...own, repository: '\u001b]0;x' }, /\\x1b\]0;x/],
  ])('%s is refused', (_, origin, message) => expect(() => refuseOrigin(origin, wanted)).toThrow(message));
});
