import assert from 'node:assert/strict';
import { trackedPaths } from '../../../src/changes/tracked.ts';
import type { Target } from '../target.ts';

function entry(version: 2 | 4, name: string, drop = 0): Buffer {
  const head = Buffer.alloc(62);
  head.writeUInt32BE(0o100644, 24);
  head.writeUInt16BE(name.length, 60);
  if (version === 4) return Buffer.concat([head, Buffer.from([drop]), Buffer.from(`${name}\0`)]);
  const length = (62 + name.length + 8) & ~7;
  return Buffer.concat([head, Buffer.from(name), Buffer.alloc(length - 62 - name.length)]);
}
function index(version: 2 | 4, entries: readonly Buffer[]): Buffer {
  const head = Buffer.from('DIRC\0\0\0\0\0\0\0\0');
  head.writeUInt32BE(version, 4);
  head.writeUInt32BE(entries.length, 8);
  return Buffer.concat([head, ...entries, Buffer.from('TREE\0\0\0\x03abc'), Buffer.alloc(20, 9)]);
}

/** A git index: paths, or nothing. */
export const target: Target = {
  seeds: [
    index(2, [entry(2, 'a'), entry(2, 'src/b.ts')]),
    index(4, [entry(4, 'src/a'), entry(4, 'b', 1), entry(4, 'new', 5)]),
    index(2, []),
  ],
  words: [
    'DIRC',
    'link\0\0\0\0',
    'TREE',
    Buffer.from('00000004', 'hex'),
    Buffer.from('4000', 'hex'),
    Buffer.from('80', 'hex'),
    Buffer.from('ffffffff', 'hex'),
  ],
  check(bytes) {
    const paths = trackedPaths(bytes);
    if (paths === null) return;
    assert.ok(paths.size <= bytes.length);
    for (const path of paths) assert.ok(!path.includes('\0'));
  },
};
