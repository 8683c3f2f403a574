import { spawn } from 'node:child_process';
import { chmodSync, closeSync, mkdirSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { collectChanges } from '../../../src/changes/collect.ts';
import { writeNothing } from '../../../src/changes/nothing.ts';
import { type CollectorRequest, EVIDENCE, type LayerView } from '../../../src/model/collector.ts';
import { OTHER_PATCHES } from '../../../src/model/record.ts';
import type { HostPath, JailPath } from '../../../src/model/names.ts';

const ENTRY = new URL('../../../src/collector.ts', import.meta.url).pathname;
const FILES = [
  'changes.ndjson',
  'changes.patch',
  ...OTHER_PATCHES,
  'changes.tar.gz',
  'result.txt',
  'agent.ndjson',
  'verdict.json',
  'trajectory.json',
  'transcript.cast',
  'transcript.txt',
  'report.html',
  'findings.sarif',
  'summary.md',
] as const;
const EVIDENCE_FDS = Object.fromEntries(EVIDENCE.map((file, at) => [file, 3 + at])) as Record<(typeof EVIDENCE)[number], number>;
const id = '01ARZ3NDEKTSV4RRFFQ69G5FAV';

let dir: string;
const at = (name: string) => join(dir, name) as HostPath;
const content = (name: string) => readFileSync(at(name), 'latin1');
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'collector-'));
  for (const name of ['upper', 'lower', 'merged', 'scratch', 'bin']) mkdirSync(at(name));
  // As an overlay shows it: what is new in the merged view is in the upper directory.
  for (const view of ['upper', 'merged']) writeFileSync(at(`${view}/new`), 'by the agent\n');
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** The real process with all files of a record, asked these questions at once. Returns its answers. */
async function ask(requests: readonly CollectorRequest[], path: string): Promise<{ kind?: string; message?: string }[]> {
  const fds = FILES.map((name) => openSync(at(name), 'w'));
  const child = spawn(process.execPath, [ENTRY, String(fds.length)], {
    env: { PATH: path },
    cwd: '/',
    stdio: ['pipe', 'pipe', 'inherit', ...fds],
  });
  let said = '';
  child.stdout?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  child.stdin?.on('error', () => {}); // it may end before it has read all of them
  child.stdin?.end(requests.map((request) => `${JSON.stringify(request)}\n`).join(''));
  await new Promise((resolve) => child.once('close', resolve));
  for (const fd of fds) closeSync(fd);
  return said
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { kind?: string; message?: string });
}

const layer = (): LayerView => ({
  layer: 'workspace',
  target: '/work' as JailPath,
  upper: at('upper'),
  lowers: [at('lower')],
  merged: at('merged'),
  swapped: null,
});
const changes = (): CollectorRequest & { kind: 'changes' } => ({
  kind: 'changes',
  id,
  layers: [layer()],
  outputs: EVIDENCE_FDS,
  result: at('none'),
  secrets: [],
  mask: [],
  touched: false,
  agents: [],
  scratch: at('scratch'),
});
const verdict = (): CollectorRequest => ({
  kind: 'verdict',
  id,
  record: dir as HostPath,
  secrets: {},
  mask: [],
  outputs: Object.fromEntries(FILES.slice(EVIDENCE.length).map((file, at) => [file, 3 + EVIDENCE.length + at])) as Extract<
    CollectorRequest,
    { kind: 'verdict' }
  >['outputs'],
});

describe('a collector that read what an agent left', () => {
  it('has no file of the verdict open, and takes no question about it', async () => {
    // Stands for all that reading a stranger's tree may start: it tells what the process that started it can write to.
    // What is opened and closed meanwhile is an error to `ls`, and none here.
    writeFileSync(at('bin/git'), `#!/bin/sh\nls -l /proc/$PPID/fd >${at('open')}\nexit 0\n`);
    chmodSync(at('bin/git'), 0o755);
    const answers = await ask([changes(), verdict()], `${at('bin')}:/usr/bin:/bin`);
    expect(answers).toEqual([{ ok: true, kind: 'changes', changed: 1, ignored: 0, withheld: 0, sessionsLeft: 0 }]);
    const open = FILES.filter((name) => content('open').includes(` -> ${at(name)}\n`));
    expect(open).toEqual(Object.keys(EVIDENCE_FDS));
    expect([content('verdict.json'), content('summary.md')]).toEqual(['', '']);
  });
});

describe('a collector that was asked to rehearse', () => {
  const rehearsal = (): CollectorRequest => ({ kind: 'rehearsal', scratch: at('scratch') });

  it('looked at a tree of its own, left no trace of it, and answers as another would', async () => {
    const without = await ask([changes()], '/usr/bin:/bin');
    const written = EVIDENCE.map(content);
    rmSync(at('scratch/patch.git'), { recursive: true });
    // In each of sixty directories: two changed, one new, one of another type, and what was in that.
    const rehearsed = { ok: true, kind: 'rehearsal', changed: 60 * 5 };
    expect(await ask([rehearsal(), changes()], '/usr/bin:/bin')).toEqual([rehearsed, ...without]);
    expect(EVIDENCE.map(content)).toEqual(written);
    expect(readdirSync(at('scratch'))).toEqual(['patch.git']);
  });

  it('can still judge, which is all that is asked of it where a jail left nothing', async () => {
    const [rehearsed, judged] = await ask([rehearsal(), verdict()], '/usr/bin:/bin');
    expect([rehearsed, judged]).toMatchObject([{ kind: 'rehearsal' }, { ok: false, message: expect.stringContaining('run.json') }]);
  });

  it('says so where it could not', async () => {
    const [answer] = await ask([rehearsal()], '/nowhere');
    expect(answer).toMatchObject({ ok: false });
  });
});

describe('what an agent left as text', () => {
  it('is without the values that are to be masked, in any of their forms', async () => {
    const value = 'not-named-in-the-policy';
    const written = `plain ${value}, base64 ${Buffer.from(value).toString('base64')}\n`;
    writeFileSync(at('answer'), written);
    mkdirSync(at('home/.pi/agent/sessions'), { recursive: true });
    writeFileSync(at('home/.pi/agent/sessions/1.jsonl'), written);
    const home: LayerView = {
      ...layer(),
      layer: 'home',
      target: '/home/agent' as JailPath,
      upper: at('home'),
      lowers: [],
      merged: at('home'),
    };
    const request = { ...changes(), layers: [layer(), home], agents: ['pi' as const], result: at('answer'), mask: [value] };
    expect((await ask([request], '/usr/bin:/bin'))[0]).toMatchObject({ ok: true, withheld: 0, sessionsLeft: 0 });
    expect(content('result.txt')).toBe('plain ***, base64 ***\n');
    expect(content('agent.ndjson')).toContain('"text":"plain ***, base64 ***"');
  });
});

describe('what is written where there was nothing to read', () => {
  it('is what a collector writes that looked', async () => {
    const written = async (write: (outputs: typeof EVIDENCE_FDS) => unknown): Promise<string[]> => {
      const fds = EVIDENCE.map((name) => openSync(at(name), 'w'));
      await write(Object.fromEntries(EVIDENCE.map((name, index) => [name, fds[index]])) as typeof EVIDENCE_FDS);
      for (const fd of fds) closeSync(fd);
      return EVIDENCE.map(content);
    };
    for (const view of ['upper', 'merged']) rmSync(at(`${view}/new`));
    const looked = await written((outputs) => collectChanges({ ...changes(), outputs }));
    expect(looked.filter((text) => text !== '')).toHaveLength(3);
    expect(await written((outputs) => writeNothing({ id, layers: [layer()], outputs }))).toEqual(looked);
  });
});
