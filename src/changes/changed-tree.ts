import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { LayerView } from '../model/collector.ts';
import type { HostPath, JailPath } from '../model/names.ts';

/**
 * Made below `place`, as an overlay would show it, for a collector to rehearse with: a workspace of `directories`, in each of which two files
 * were changed, one was added, and a directory with a file gave way to a file.
 */
export function makeChangedTree(place: HostPath, directories: number): LayerView {
  const below = (name: string): HostPath => join(place, name) as HostPath;
  const write = (trees: readonly string[], path: string, content: string): void => {
    for (const tree of trees) {
      const file = join(place, tree, path);
      mkdirSync(dirname(file), { mode: 0o700, recursive: true });
      writeFileSync(file, content);
    }
  };
  write(['base', 'merged'], '.gitignore', 'ignored\n');
  for (let n = 0; n < directories; n += 1) {
    write(['base'], `d${n}/one`, 'old\n');
    write(['base'], `d${n}/two`, `${n}\n`);
    write(['base'], `d${n}/gone/file`, 'gone\n');
    for (const name of ['one', 'two', 'gone', 'new']) write(['upper', 'merged'], `d${n}/${name}`, `new ${name} ${n}\n`);
  }
  return {
    layer: 'workspace',
    target: '/workspace' as JailPath,
    upper: below('upper'),
    lowers: [below('base')],
    merged: below('merged'),
    swapped: null,
  };
}
