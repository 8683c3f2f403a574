import { createHash } from 'node:crypto';
import { closeSync, fstatSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Recorder, type TranscriptLine } from '../../../src/transcript/recorder.ts';
import { Redactor } from '../../../src/transcript/redact.ts';

const SECRET = 'sk-alpha-0123456789';
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

let directory: string;
let log: number;
let index: number;
let now: number;
let checkpoints: { step: number; sha256: string; bytes: number }[];
let shown: string;
let recorder: Recorder;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'recorder-'));
  log = openSync(join(directory, 'log'), 'wx');
  index = openSync(join(directory, 'index'), 'wx');
  now = 0;
  checkpoints = [];
  shown = '';
  recorder = new Recorder({
    log,
    index,
    redactor: new Redactor([{ name: 'KEY', value: SECRET }]),
    clock: () => now,
    checkpoint: (step, hash, bytes) => checkpoints.push({ step, sha256: hash, bytes }),
    display: (_, bytes) => {
      shown += bytes.toString();
    },
  });
});
afterEach(() => {
  closeSync(log);
  closeSync(index);
  rmSync(directory, { recursive: true });
});

const written = () => readFileSync(join(directory, 'log'));
const parsed = () =>
  readFileSync(join(directory, 'index'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
const indexed = (kind: TranscriptLine['kind']) => parsed().filter((line) => line.kind === kind);

describe('Recorder', () => {
  test('writes the log, the index and the last hash of two steps', () => {
    recorder.begin(0, `install ${SECRET}`);
    recorder.write(Buffer.from(`a ${SECRET} b\n`));
    now = 5;
    const first = recorder.end({ code: 0, signal: null });
    now = 7;
    recorder.mark('limit', { limit: 'time', by: SECRET, t: 99 });
    now = 9;
    recorder.begin(1, 'agent', 'tty');
    recorder.write(Buffer.from('c\0\xff\n', 'latin1'));
    const second = recorder.end({ code: null, signal: 'SIGKILL' });
    recorder.close();

    expect(written().toString('latin1')).toBe('a [redacted KEY] b\nc\0\xff\n');
    expect(first.bytes).toBe(`a ${SECRET} b\n`.length);
    expect(second).toEqual({ bytes: 4, sha256: sha256(written()) });
    expect(parsed()).toEqual([
      { schema: 'agent-jail/transcript@1' },
      { t: 0, step: 0, kind: 'begin', name: 'install [redacted KEY]', offset: 0 },
      { t: 0, step: 0, kind: 'output', stream: 'merged', offset: 0, length: 19 },
      { t: 5, step: 0, kind: 'checkpoint', sha256: first.sha256, bytes: 19 },
      { t: 5, step: 0, kind: 'end', code: 0, signal: null, bytes: first.bytes },
      { t: 7, step: null, kind: 'mark', name: 'limit', data: { limit: 'time', by: '[redacted KEY]', t: 99 } },
      { t: 9, step: 1, kind: 'begin', name: 'agent', offset: 19 },
      { t: 9, step: 1, kind: 'output', stream: 'tty', offset: 19, length: 4 },
      { t: 9, step: 1, kind: 'checkpoint', sha256: second.sha256, bytes: 23 },
      { t: 9, step: 1, kind: 'end', code: null, signal: 'SIGKILL', bytes: 4 },
      { end: true, lines: 9 },
    ]);
    expect(checkpoints.map(({ step, bytes }) => [step, bytes])).toEqual([
      [0, 19],
      [1, 23],
    ]);
  });

  test('a secret in two halves is redacted however long the second takes, and other output is not kept waiting', () => {
    recorder.begin(0, 's');
    recorder.write(Buffer.from(`one ${SECRET.slice(0, 9)}`));
    expect(written().toString()).toBe('one ');
    for (now = 0; now < 5000; now += 100) recorder.tick();
    expect(written().toString()).toBe('one ');
    recorder.write(Buffer.from(SECRET.slice(9)));
    expect(written().toString()).toBe('one [redacted KEY]');
    expect(recorder.printed).toBe(4 + SECRET.length);
    expect(shown).toBe('one [redacted KEY]');
  });

  test('the end of a step gives back what was held', () => {
    recorder.begin(0, 's');
    recorder.write(Buffer.from('sk-al'));
    expect(written().length).toBe(0);
    expect(recorder.end({ code: 0, signal: null }).bytes).toBe(5);
    expect(written().toString()).toBe('sk-al');
  });

  test('a million tiny writes make few lines', () => {
    recorder.begin(0, 's');
    const byte = Buffer.from('.');
    for (let i = 0; i < 100_000; i += 1) recorder.write(byte);
    now = 100;
    recorder.tick();
    const lines = indexed('output');
    expect(lines).toHaveLength(2);
    expect(lines.map(({ offset, length }) => offset + length)).toEqual([65_536, 100_000]);
  });

  test('the index covers the log without a gap, in order of time', () => {
    recorder.begin(0, 's');
    for (let i = 0; i < 300; i += 1) {
      recorder.write(Buffer.alloc((i * 997) % 70_000, 'z'));
      now += i % 17;
      if (i % 5 === 0) recorder.tick();
    }
    recorder.end({ code: 0, signal: null });
    let at = 0;
    let t = 0;
    for (const line of indexed('output')) {
      expect(line.offset).toBe(at);
      expect(line.t).toBeGreaterThanOrEqual(t);
      at += line.length;
      t = line.t;
    }
    expect(at).toBe(written().length);
  });

  test('what was handed over is on file before the call returns; the index lags behind by one line at the most', () => {
    recorder.begin(0, 's');
    recorder.write(Buffer.from('first'));
    expect(fstatSync(log).size).toBe(5);
    expect(indexed('output')).toEqual([]);
    now = 10;
    recorder.write(Buffer.from('second'));
    expect(fstatSync(log).size).toBe(11);
    expect(indexed('output')).toEqual([{ t: 0, step: 0, kind: 'output', stream: 'merged', offset: 0, length: 5 }]);
  });

  test('a checkpoint each second, if there was output, and each mebibyte', () => {
    recorder.begin(0, 's');
    recorder.write(Buffer.from('x'));
    now = 900;
    recorder.tick();
    expect(checkpoints).toEqual([]);
    now = 1000;
    recorder.tick();
    expect(checkpoints).toEqual([{ step: 0, sha256: sha256(Buffer.from('x')), bytes: 1 }]);
    now = 9000;
    recorder.tick();
    expect(checkpoints).toHaveLength(1);
    for (let i = 0; i < 32; i += 1) recorder.write(Buffer.alloc(1 << 16));
    expect(checkpoints.map(({ bytes }) => bytes)).toEqual([1, 1 + (1 << 20), 1 + (2 << 20)]);
    for (const { sha256: hash, bytes } of checkpoints) expect(hash).toBe(sha256(written().subarray(0, bytes)));
    expect(indexed('checkpoint').map(({ bytes }) => bytes)).toEqual(checkpoints.map(({ bytes }) => bytes));
  });

  test('closing in the middle of a step keeps what was printed and writes no end for it', () => {
    recorder.begin(0, 's');
    recorder.write(Buffer.from('half sk-'));
    recorder.close();
    expect(written().toString()).toBe('half sk-');
    expect(indexed('end')).toEqual([]);
    expect(parsed().at(-1)).toEqual({ end: true, lines: 2 });
  });

  test('refuses what is out of order', () => {
    expect(() => recorder.write(Buffer.from('x'))).toThrow('no step is running');
    expect(() => recorder.end({ code: 0, signal: null })).toThrow('no step is running');
    recorder.begin(0, 's');
    expect(() => recorder.begin(1, 't')).toThrow('step 0 has not ended');
  });
});
