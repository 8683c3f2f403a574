import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { openTrials, resumeTrials } from '../../../src/suite/trials-write.ts';
import { HEADER_LIMIT, LINE_LIMIT, readTrials } from '../../../src/suite/trials.ts';
import { trialOf } from '../../support/trials.ts';
import { all, edit, expects, folder, HEADER, hex, ORIGIN, told, trialsOf, write } from './trials-fixture.ts';

const WRITER = join(import.meta.dirname, 'trials-writer.ts');
const place = (): string => join(folder(), 'trials.ndjson');

describe('a file', () => {
  test('reads as it was written', async () => {
    const header = { ...HEADER, origin: ORIGIN, shard: { index: 2, of: 3, plan: hex('e') } };
    const file = readTrials(write(place(), header));
    expect([file.header, file.complete, await all(file)]).toEqual([header, true, trialsOf(header)]);
    expect(readFileSync(file.path, 'utf8').split('\n').at(-2)).toBe('{"end":true,"lines":3}');
  });

  test('that is cut off anywhere gives the trials before, is not complete, and can be gone on with', async () => {
    const path = write(place());
    const whole = readFileSync(path);
    const begin = readTrials(path).begin;
    const ends = [...whole.entries()].filter(([, byte]) => byte === 10).map(([at]) => at + 1);
    const cut = join(folder(), 'cut.ndjson');
    for (let size = begin; size < whole.length; size += size < begin + 20 || size > whole.length - 40 ? 1 : 37) {
      writeFileSync(cut, whole.subarray(0, size));
      const file = readTrials(cut);
      const there = ends.filter((end) => end <= size).length - 1;
      expect([file.complete, (await all(file)).length]).toEqual([false, there]);
      const writer = resumeTrials(cut, HEADER);
      const rest = trialsOf(HEADER).filter(({ task, trial }) => !writer.has(task, trial));
      expect([writer.count, rest.length]).toEqual([there, 3 - there]);
      for (const trial of rest) writer.add(trial);
      writer.end();
      expect(readFileSync(cut)).toEqual(whole);
    }
    for (const size of [0, 1, begin - 1]) {
      writeFileSync(cut, whole.subarray(0, size));
      expect(await told(() => readTrials(cut))).toBe(
        'cut.ndjson:1:1: there is not one whole line. It was cut off before the first trial; make it anew',
      );
    }
  });

  test('that ended with trials missing can be gone on with', async () => {
    const path = write(place(), HEADER, trialsOf(HEADER).slice(1));
    const writer = resumeTrials(path, { ...HEADER, version: '0.2.0', started: '2026-11-30T00:00:00Z' });
    expect([writer.has('sum', 1), writer.has('sum', 2), writer.has('sum', 3)]).toEqual([false, true, false]);
    writer.add(trialOf('sum', 1));
    writer.end();
    const file = readTrials(path);
    expect([file.complete, file.header, (await all(file)).map(({ trial }) => trial)]).toEqual([true, HEADER, [2, 1, 1]]);
  });

  test('of a process that was killed has all that was added before', async () => {
    const path = place();
    const child = spawn(process.execPath, [WRITER, path, '1000000'], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [said] = (await once(child.stdout, 'data')) as [Buffer];
    child.kill('SIGKILL');
    await once(child, 'close');
    const file = readTrials(path);
    const trials = await all(file);
    expect(file.complete).toBe(false);
    expect(trials.length).toBeGreaterThanOrEqual(Number(said.toString('utf8').trim()));
    expect(trials.map(({ trial }) => trial)).toEqual(trials.map((_, at) => at + 1));
  });

  test('on a disk that is full holds whole lines only', async () => {
    const path = place();
    // In KiB; node ignores the signal, so that write(2) takes a part and then fails.
    const script = 'ulimit -f 9; exec "$@"';
    const said = execFileSync('bash', ['-c', script, 'bash', process.execPath, WRITER, path, '20'], { encoding: 'utf8' });
    expect(said).toContain(`the trials cannot be written to ${path}: EFBIG`);
    const trials = (await all(readTrials(path))).length;
    expect(trials).toBeGreaterThan(5);
    expect(trials).toBeLessThan(20);
    expect(readFileSync(path).at(-1)).toBe(10);
  });
});

describe('a reader refuses', () => {
  const replace = (from: string | RegExp, to: string) => (text: string) => text.replace(from, to);
  const again = (text: string) => `${text}\n${text}`;
  it.each<[number, (text: string) => string, string]>([
    [
      1,
      replace('trials@1', 'trials@2'),
      '1:1: is agent-jail/trials@2, which this version of agent-jail does not read. Use the version that wrote it',
    ],
    [
      1,
      replace('agent-jail/trials@1', 'x'),
      '1:1: has no "schema": "agent-jail/trials@1". Give a trials.ndjson, as `agent-jail suite run` writes it',
    ],
    [1, replace('"seed":7', '"seed":"7"'), '1:1: seed: Invalid type: Expected number but received "7"'],
    [1, replace('"seed":7', '"seed":7,"more":1'), '1:1: more: Invalid key: Expected never but received "more"'],
    [1, replace('"task":"parse"', '"task":"sum"'), '1:1: expected: the task sum stands there twice'],
    [1, replace('"trials":2', '"trials":100000000'), '1:1: expected: more than 100000000 trials'],
    [1, replace('"shard":null', `"shard":{"index":3,"of":2,"plan":"${hex('a')}"}`), '1:1: shard: there is no shard 3 of 2'],
    [2, () => 'null', '2:1: not a JSON object'],
    [2, () => '', '2:1: not JSON'],
    [3, replace('}', ''), '3:1: not JSON'],
    [2, replace('"pass"', '"passed"'), '2:1: outcome: Invalid type: Expected ("pass" | "fail"'],
    [2, replace('"pass"', '"infra"'), '2:1: what: null does not go with the outcome infra'],
    [2, replace('"reward":1', '"reward":1e999'), '2:1: reward: Invalid value: Expected <=9007199254740991 but received Infinity'],
    [
      2,
      replace('"denied":0', '"denied":0,"\\u001b[31m":0'),
      '2:1: behaviour.\\x1b[31m: Invalid key: Expected never but received "\\x1b[31m"',
    ],
    [2, replace('"records/sum/1"', '"../records"'), '2:1: record: Invalid format: Expected '],
    [2, replace('passed', 'x'.repeat(LINE_LIMIT)), `2:1: longer than ${LINE_LIMIT} bytes`],
    [2, again, '3:1: trial 1 of sum is there twice'],
    [3, replace('"trial":2', '"trial":3'), '3:1: trial 3 of sum is not among those that the first line names'],
    [3, replace('"task":"sum"', '"task":"other"'), '3:1: trial 2 of other is not among those that the first line names'],
    [-1, replace('3', '2'), '5:1: counts 2 trials where there are 3'],
    [-1, again, '6:1: stands after the last line'],
    [-1, replace('true', 'false'), '5:1: end: Invalid type: Expected true but received false'],
    [-1, replace('}', ',"more":1}'), '5:1: more: Invalid key: Expected never but received "more"'],
    [-1, replace(',', ', '), ' does not end as its last line says'],
  ])('line %d, changed: %#', async (line, change, message) => {
    const path = edit(write(place()), line, change);
    expect(await told(async () => all(readTrials(path)))).toContain(`edited.ndjson${message.startsWith(' ') ? '' : ':'}${message}`);
  });

  it('bytes that are not UTF-8', async () => {
    const path = write(place());
    writeFileSync(path, Buffer.concat([readFileSync(path).subarray(0, readTrials(path).begin), Buffer.from([0x22, 0xff, 0x22, 10])]));
    expect(await told(async () => all(readTrials(path)))).toBe('trials.ndjson:2:1: not UTF-8');
  });

  it('a first line that was changed since', async () => {
    const path = write(place());
    const file = readTrials(path);
    writeFileSync(path, readFileSync(path, 'utf8').replace('"seed":7', '"seed":8'));
    expect(await told(async () => all(file))).toBe('trials.ndjson:1:1: changed while it was read');
  });

  it('a file that becomes shorter', async () => {
    const path = write(place(), { ...HEADER, expected: [expects('sum', 1, 3000)] });
    const lines = readTrials(path).lines();
    lines.next();
    truncateSync(path, 1 << 20);
    expect(await told(() => [...lines])).toBe('agent-jail: trials.ndjson became shorter while it was read');
  });

  it('a first line without an end', async () => {
    const path = place();
    writeFileSync(path, Buffer.alloc(HEADER_LIMIT + 2, 'x'));
    expect(await told(() => readTrials(path))).toBe(`trials.ndjson:1:1: longer than ${HEADER_LIMIT} bytes`);
  });

  it('what is no regular file', async () => {
    const dir = folder();
    write(join(dir, 'a'));
    symlinkSync('a', join(dir, 'link'));
    mkdirSync(join(dir, 'dir'));
    execFileSync('mkfifo', [join(dir, 'fifo')]);
    const say = (name: string) => told(() => readTrials(join(dir, name)));
    expect(await Promise.all(['link', 'dir', 'fifo', 'none', 'a/b', 'x'.repeat(300)].map(say))).toEqual([
      'agent-jail: link is not a regular file. A link is not followed; give the file itself',
      'agent-jail: dir is not a regular file. Give the trials.ndjson itself',
      'agent-jail: fifo is not a regular file. Give the trials.ndjson itself',
      'agent-jail: none does not exist',
      'agent-jail: a/b does not exist',
      expect.stringMatching(/^agent-jail: .*cannot be read: ENAMETOOLONG$/),
    ]);
  });
});

describe('a writer refuses', () => {
  it('a file that is there, and a folder that is not', async () => {
    const path = write(place());
    expect(await told(() => openTrials(path, HEADER))).toBe(
      'agent-jail: trials.ndjson is there already. Go on with it, or give another place',
    );
    expect(await told(() => openTrials(join(folder(), 'none', 'x'), HEADER))).toBe(
      'the trials cannot be written to none/x: ENOENT. Give a place on a disk with room that can be written to',
    );
  });

  it('what no reader would take, and writes nothing of it', async () => {
    const path = place();
    expect(() => openTrials(path, { ...HEADER, seed: -1 })).toThrow('seed: Invalid value');
    expect(() => openTrials(path, { ...HEADER, expected: [expects('a', 1, 1), expects('a', 2, 1)] })).toThrow('a stands there twice');
    const writer = openTrials(path, HEADER);
    const [trial] = trialsOf(HEADER);
    if (trial === undefined) throw new Error('no trial');
    const long = Array.from({ length: 30 }, () => 'x'.repeat(4000));
    expect(() => writer.add({ ...trial, reward: Number.NaN })).toThrow('trial 1 of sum: reward: Invalid type');
    expect(() => writer.add({ ...trial, what: 'jail' })).toThrow('what: jail does not go with the outcome pass');
    expect(() => writer.add({ ...trial, trial: 3 })).toThrow('trial 3 of sum is not expected');
    expect(() => writer.add({ ...trial, behaviour: { ...trial.behaviour, paths: long } })).toThrow(/a line of 12\d{4} bytes/);
    writer.add(trial);
    expect(() => writer.add(trial)).toThrow('trial 1 of sum is there already');
    writer.end();
    expect(await all(readTrials(path))).toEqual([trial]);
  });

  it.each([
    [{ suite: 'other' }, 'suite (nightly, not other)'],
    [{ digest: hex('f') }, `digest (${hex('a')}, not ${hex('f')})`],
    [{ agent: 'oracle' }, 'agent (pi, not oracle)'],
    [{ seed: 8 }, 'seed (7, not 8)'],
    [{ backend: 'docker' }, 'backend (auto, not docker)'],
    [{ shard: { index: 1, of: 2, plan: hex('a') } }, `shard (null, not {"index":1,"of":2,"plan":"${hex('a')}"})`],
    [{ expected: [expects('sum', 1, 2)] }, 'expected (from parse on)'],
    [{ expected: [expects('sum', 1, 3), expects('parse', 1, 1)], seed: 8 }, 'seed (7, not 8), expected (from sum on)'],
  ] as const)('to go on with another %o', async (other, differs) => {
    const path = write(place());
    expect(await told(() => resumeTrials(path, { ...HEADER, ...other }))).toBe(
      `trials.ndjson:1:1: was begun for something else: ${differs}. Go on with what it was begun for, or give another place`,
    );
  });
});
