import assert from 'node:assert/strict';
import { changeLine } from '../../../src/changes/manifest.ts';
import type { Change } from '../../../src/model/changes.ts';
import { decodeChange } from '../../../src/record/change-line.ts';
import { RecordError } from '../../../src/record/error.ts';
import { parseObject } from '../../../src/record/ndjson.ts';
import { assertClean } from '../say.ts';
import type { Target } from '../target.ts';

const ENTRY = '{"type":"file","mode":420,"uid":1000,"gid":1000,"size":10,"sha256":"' + 'ab'.repeat(32) + '","link":null}';
const LINK = '{"type":"symlink","mode":511,"uid":0,"gid":0,"size":1,"sha256":null,"link":"\ufffd","link_b64":"/w=="}';

/** A line of `changes.ndjson`: a path that stays in its layer, or a RecordError; what is read is written again as the same. */
export const target: Target = {
  seeds: [
    `{"path":"src/a","layer":"workspace","op":"added","flags":["setuid"],"after":${ENTRY}}`,
    `{"path":"\ufffd","path_b64":"/w==","layer":"home","op":"deleted","flags":[],"before":${LINK}}`,
    `{"path":"b","layer":"root","op":"renamed","flags":[],"from":"c","before":${ENTRY},"after":${ENTRY}}`,
    `{"path":"","layer":"workspace","op":"metadata","flags":[],"why":"x","more":2,"before":${ENTRY},"after":${LINK}}`,
  ],
  words: ['../', '/', './', '..', '\\u0000', '\\n', '"path":"', '"path_b64":"', 'Li4vLi4v', 'Lw==', '"link":"', '"link_b64":"', '"op":"modified"', '"flags":["secret"]', '-1', '1e999', 'null', '"__proto__":{', '\\ud800', '\ufffd'],
  check(bytes) {
    let change: Change;
    try {
      change = decodeChange(parseObject('changes.ndjson', 7, bytes), 7);
    } catch (error) {
      if (!(error instanceof RecordError)) throw error;
      assert.equal(error.file, 'changes.ndjson');
      return;
    } finally {
      assertClean();
    }
    for (const path of [change.path, ...(change.op === 'renamed' ? [change.from] : [])]) {
      const text = Buffer.from(path).toString('latin1');
      assert.ok(!text.startsWith('/') && !text.includes('\0'));
      assert.ok(text === '' || text.split('/').every((part) => !['', '.', '..'].includes(part)), JSON.stringify(text));
    }
    const again = decodeChange(JSON.parse(JSON.stringify(changeLine(change))), 1);
    assert.equal(JSON.stringify(changeLine(again)), JSON.stringify(changeLine(change)));
    assert.deepEqual(Buffer.from(again.path), Buffer.from(change.path));
  },
}; // biome-ignore format: lists
