import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type CollectorAnswer, type CollectorRequest, EVIDENCE } from '../../../src/model/collector.ts';
import type { HostPath } from '../../../src/model/names.ts';
import { Collectors, type Start } from '../../../src/run/collectors.ts';
import { leftNothing } from '../../../src/run/left.ts';

const id = '01ARZ3NDEKTSV4RRFFQ69G5FAV';
const place = (path: string) => path as HostPath;
const tree = { id, layers: [], result: place('/r'), secrets: [], mask: [], touched: false, agents: [] };
const judged = { id, record: place('/record'), secrets: {}, mask: [] };
const freeze = async () => {};

/** Collectors that only remember: which was started with which files, what each was asked, in order. */
function watched(fails: (request: CollectorRequest) => boolean | Promise<boolean> = () => false) {
  const seen: string[] = [];
  const start: Start = (files) => {
    const uid = seen.filter((line) => line.startsWith('start')).length + 1;
    seen.push(`start ${uid}: ${files.join(' ')}`);
    return {
      uid,
      collector: {
        ask: async (request) => {
          const about = request.kind === 'rehearsal' ? request.scratch : JSON.stringify(request.outputs);
          seen.push(`ask ${uid}: ${request.kind} ${about}`);
          if (await fails(request)) throw new Error('it died');
          return { ok: true, kind: request.kind } as CollectorAnswer & { ok: true };
        },
        kill: () => void seen.push(`kill ${uid}`),
      },
    };
  };
  const collectors = new Collectors(start, (uid) => {
    seen.push(`scratch of ${uid}`);
    return place('/s');
  });
  return { collectors, seen };
}
const FIRST = `start 1: ${EVIDENCE.join(' ')} verdict.json trajectory.json transcript.cast transcript.txt report.html findings.sarif summary.md`;
const SECOND = 'start 2: verdict.json trajectory.json transcript.cast transcript.txt report.html findings.sarif summary.md';
const ASKED = JSON.stringify(Object.fromEntries(EVIDENCE.map((file, at) => [file, 3 + at])));

describe('who judges', () => {
  it('is the one that was started ahead, where there was nothing of an agent to read', async () => {
    const { collectors, seen } = watched();
    collectors.startAhead();
    await collectors.verdict(judged);
    expect(seen).toEqual([
      FIRST,
      'ask 1: verdict {"verdict.json":17,"trajectory.json":18,"transcript.cast":19,"transcript.txt":20,"report.html":21,"findings.sarif":22,"summary.md":23}',
    ]);
  });

  it('is another one where a tree was read; it is started before that, and can write nothing but the verdict', async () => {
    const { collectors, seen } = watched();
    collectors.startAhead();
    await collectors.changes(tree, async () => void seen.push('freeze'));
    await collectors.verdict(judged);
    const asked = [
      `ask 1: changes ${ASKED}`,
      'ask 2: verdict {"verdict.json":3,"trajectory.json":4,"transcript.cast":5,"transcript.txt":6,"report.html":7,"findings.sarif":8,"summary.md":9}',
    ];
    expect(seen).toEqual([FIRST, SECOND, 'scratch of 1', 'freeze', ...asked]);
    collectors.kill();
    expect(seen.slice(-2)).toEqual(['kill 1', 'kill 2']);
  });

  it('is another one where the first fails', async () => {
    const { collectors, seen } = watched((request) => request.kind === 'changes');
    collectors.startAhead();
    await expect(collectors.changes(tree, freeze)).rejects.toThrow('it died');
    await collectors.verdict(judged);
    expect(seen.at(-1)).toMatch(/^ask 2: verdict/);
  });

  it('is another one where the tree could not be made safe to read', async () => {
    const { collectors, seen } = watched();
    collectors.startAhead();
    await expect(collectors.changes(tree, () => Promise.reject(new Error('not frozen')))).rejects.toThrow('not frozen');
    await collectors.verdict(judged);
    expect(seen).toEqual([
      FIRST,
      SECOND,
      'scratch of 1',
      'ask 2: verdict {"verdict.json":3,"trajectory.json":4,"transcript.cast":5,"transcript.txt":6,"report.html":7,"findings.sarif":8,"summary.md":9}',
    ]);
  });

  it('is the first where nothing was read, and one that is started for it where none was', async () => {
    const { collectors, seen } = watched();
    collectors.startAhead();
    await collectors.verdict(judged);
    expect(seen[1]).toMatch(/^ask 1: verdict/);
    const late = watched();
    await late.collectors.verdict(judged);
    expect(late.seen).toEqual([
      'start 1: verdict.json trajectory.json transcript.cast transcript.txt report.html findings.sarif summary.md',
      'ask 1: verdict {"verdict.json":3,"trajectory.json":4,"transcript.cast":5,"transcript.txt":6,"report.html":7,"findings.sarif":8,"summary.md":9}',
    ]);
  });
});

describe('the one that waits', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('rehearses once, a second into the first step, and is then asked as any other', async () => {
    const { collectors, seen } = watched();
    collectors.startAhead();
    await vi.advanceTimersByTimeAsync(999);
    expect(seen).toEqual([FIRST]);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(seen).toEqual([FIRST, 'scratch of 1', 'ask 1: rehearsal /s']);
    await collectors.changes(tree, freeze);
    expect(seen.slice(3)).toEqual([SECOND, 'scratch of 1', `ask 1: changes ${ASKED}`]);
  });

  it('does not where a run ends before that', async () => {
    for (const end of [
      (run: Collectors) => run.changes(tree, freeze),
      (run: Collectors) => run.verdict(judged),
      async (run: Collectors) => run.kill(),
    ]) {
      const { collectors, seen } = watched();
      collectors.startAhead();
      await end(collectors);
      await vi.advanceTimersByTimeAsync(60_000);
      expect(seen.join()).not.toContain('rehearsal');
    }
  });

  it('is not asked anything before it has rehearsed', async () => {
    for (const ask of [(run: Collectors) => run.changes(tree, freeze), (run: Collectors) => run.verdict(judged)]) {
      const rehearsed = Promise.withResolvers<boolean>();
      const { collectors, seen } = watched((request) => request.kind === 'rehearsal' && rehearsed.promise);
      collectors.startAhead();
      await vi.advanceTimersByTimeAsync(1000);
      const answer = ask(collectors);
      await vi.advanceTimersByTimeAsync(100);
      expect(seen).toHaveLength(3);
      rehearsed.resolve(false);
      await answer;
      expect(seen.at(-1)).toMatch(/^ask 1: (?:changes|verdict)/);
    }
  });

  it('is another one, and has to do without, where it could not', async () => {
    const { collectors, seen } = watched((request) => request.kind === 'rehearsal');
    collectors.startAhead();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(seen.slice(2)).toEqual(['ask 1: rehearsal /s', 'kill 1', FIRST.replace('start 1', 'start 2')]);
    await collectors.verdict(judged);
    expect(seen.at(-1)).toMatch(/^ask 2: verdict {"verdict.json":17/);
  });

  it('is not started again where the run has ended meanwhile', async () => {
    const rehearsed = Promise.withResolvers<boolean>();
    const { collectors, seen } = watched((request) => request.kind === 'rehearsal' && rehearsed.promise);
    collectors.startAhead();
    await vi.advanceTimersByTimeAsync(1000);
    collectors.kill();
    rehearsed.resolve(true);
    await vi.advanceTimersByTimeAsync(1000);
    expect(seen.filter((line) => line.startsWith('start'))).toEqual([FIRST]);
  });
});

describe('a jail left nothing', () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'left-'));
    for (const name of ['a', 'b']) mkdirSync(join(dir, name));
    writeFileSync(join(dir, 'result'), '');
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));
  const nothing = () =>
    leftNothing(
      ['a', 'b'].map((name) => ({ upper: place(join(dir, name)) })),
      place(join(dir, 'result')),
    );

  it('where every upper directory and the result are empty', () => expect(nothing()).toBe(true));
  it('unless a name is in one of them', () => {
    symlinkSync('/nowhere', join(dir, 'b/.x'));
    expect(nothing()).toBe(false);
  });
  it('unless there is a byte of a result, or something else in its place', () => {
    writeFileSync(join(dir, 'result'), '\n');
    expect(nothing()).toBe(false);
    rmSync(join(dir, 'result'));
    symlinkSync('a', join(dir, 'result'));
    expect(nothing()).toBe(false);
  });
  it('unless it cannot be told', () => {
    rmSync(join(dir, 'a'), { recursive: true });
    expect(nothing()).toBe(false);
  });
});
