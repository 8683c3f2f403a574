import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HostPath } from '../../../src/model/names.ts';
import { RecordError } from '../../../src/record/error.ts';
import { LINE_FILES, openRecordDir } from '../../../src/record/read.ts';
import { assertClean } from '../say.ts';
import type { Target } from '../target.ts';

const place = mkdtempSync(join(tmpdir(), 'aj-fuzz-')) as HostPath;
process.on('exit', () => rmSync(place, { recursive: true, force: true }));
const DOCUMENTS = ['run.json', 'manifest.json', 'verdict.json', 'trajectory.json'] as const;
const FILES = [...LINE_FILES, ...DOCUMENTS] as const;
const lines = (name: string, ...all: string[]): string =>
  [`{"schema":"agent-jail/${name}@1"}`, ...all, `{"end":true,"lines":${all.length}}`, ''].join('\n');

/** A file of a stranger's record; the first byte says which: lines and documents that fit their schema, or a RecordError that names it. */
export const target: Target = {
  seeds: [
    `0${lines('agent', '{"kind":"file","agent":"codex","path":"x","size":2,"cut":false}', '{"kind":"line","text":"{}"}')}`,
    `2${lines('network', '{"t":1,"step":0,"kind":"dns","transport":"udp","name":"a","type":"A","address":null,"port":53,"protocol":"dns","method":null,"path":null,"verdict":"denied","reason":"no","upstream":null,"status":null,"error":null,"secret":null,"bytesIn":0,"bytesOut":0,"ms":0.1}')}`,
    `3${lines('programs', '{"t":1,"step":0,"process":1,"parent":null,"program":"x","argv":null,"ms":2.5,"how":"exit","code":0,"signal":null,"cut":false}')}`,
    `4${lines('transcript', '{"t":1,"step":0,"kind":"begin","name":"agent","offset":0}', '{"t":2,"step":0,"kind":"output","stream":"merged","offset":0,"length":3}')}`,
    `5${lines('usage', '{"t":1000,"memory":5,"cpu":1,"pids":2,"disk":3,"files":4}')}`,
    '6{"schema":"agent-jail/run@1","id":"01JZ0000000000000000000000"}',
    '7{"schema":"agent-jail/manifest@1","id":"01JZ0000000000000000000000","files":[]}',
    '8{"schema":"agent-jail/verdict@1","outcome":"succeeded"}',
    '9{"schema_version":"ATIF-v1.7","agent":{"name":"x","version":"1"},"steps":[{"step_id":1,"source":"user","message":"x"}]}',
  ],
  words: ['{"end":true,"lines":', '{"schema":"agent-jail/', '@1"', '@2"', '}\n', '\n', '":', '","', 'null', '-1', '1e999', '9007199254740993', '"__proto__":', '\\u0000', '\\u202e', '\ufeff', '\xff', '[[[[', 'true', '"t":', '"step":'],
  perByte: 10,
  async check(bytes) {
    const file = FILES[((bytes[0] ?? 0x30) + FILES.length - (0x30 % FILES.length)) % FILES.length] ?? 'run.json';
    const path = join(place, file);
    writeFileSync(path, bytes.subarray(1));
    try {
      const record = openRecordDir(place);
      if ((DOCUMENTS as readonly string[]).includes(file)) assert.equal(typeof record.document(file as 'run.json').value, 'object');
      else
        for await (const line of record.lines(file as 'usage.ndjson')) {
          assert.equal(typeof line, 'object');
          for (const value of Object.values(line)) if (typeof value === 'number') assert.ok(Number.isFinite(value));
        }
    } catch (error) {
      if (!(error instanceof RecordError)) throw error;
      assert.equal(error.file, file);
      // It is shown to people: whatever the file has in it, the message is one line of text.
      assert.doesNotMatch(error.message, /[\0-\x1f\x7f-\x9f\u202a-\u202e\u2028\u2029]/u);
      assert.ok(error.message.length < 2000);
    } finally {
      rmSync(path);
      assertClean();
    }
  },
}; // biome-ignore format: lists
