import { basename, extname } from 'node:path';
import type { Metafile } from 'esbuild';
import { packageOf } from './licences.ts';

type Output = Metafile['outputs'][string];

/**
 * Names the chunks that programs share by the largest module in each, in place of a hash of their content: a small change to the sources
 * is then a small change to `dist/`, and a stack trace says something.
 */
export function stableNames(
  files: ReadonlyMap<string, string>,
  metafile: Metafile,
): { readonly files: ReadonlyMap<string, string>; readonly metafile: Metafile } {
  const names = new Map<string, string>();
  const taken = new Set<string>();
  // Programs come first, then what they load lazily: those names are not to be had.
  const outputs = Object.entries(metafile.outputs).sort(([, x], [, y]) => rank(x) - rank(y) || (order(x) < order(y) ? -1 : 1));
  for (const [path, output] of outputs) {
    const bare = output.entryPoint === undefined ? `shared-${key(output)}` : basename(path).replace(/(-[A-Z0-9]{8})?\.c?js$/, '');
    let name = bare;
    for (let number = 2; taken.has(name); number++) name = `${bare}-${number}`;
    taken.add(name);
    names.set(basename(path), `${name}${extname(path)}`);
  }
  // The old names have a hash in them, so none is a part of another word.
  const rename = (text: string): string =>
    [...names].reduce((done, [old, name]) => (old === name ? done : done.replaceAll(old, name)), text);
  return {
    files: new Map([...files].map(([old, text]) => [names.get(old) ?? old, rename(text)])),
    metafile: JSON.parse(rename(JSON.stringify(metafile))) as Metafile,
  };
}

function rank({ entryPoint }: Output): number {
  if (entryPoint === undefined) return 2;
  return /^src\/[^/]+$/.test(entryPoint) ? 0 : 1;
}

/** Says nothing of the content: numbers must not change places. */
const order = (output: Output): string => [key(output), output.entryPoint ?? '', ...Object.keys(output.inputs).sort()].join('\n');

/** The package of the largest module, or the path of a module of our own; chunks without any hold helpers of the bundler. */
function key(output: Output): string {
  const [largest] = Object.entries(output.inputs).sort(([a, x], [b, y]) => y.bytesInOutput - x.bytesInOutput || (a < b ? -1 : 1));
  if (largest === undefined) return 'runtime';
  const name = packageOf(largest[0])?.replace(/^.*node_modules\//, '') ?? largest[0].replace(/^src\//, '').replace(/\.ts$/, '');
  return name.replaceAll(/[^a-z0-9-]+/gi, '-').replace(/^-/, '');
}
