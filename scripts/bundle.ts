import { readFile, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type BuildOptions, type Metafile, type Plugin, build as esbuild } from 'esbuild';
import { withBuiltIns } from './built-in.ts';
import { licences } from './licences.ts';
import { page } from './page.ts';
import { stableNames } from './stable-names.ts';

/** Programs of the product: each `src/<name>.ts` becomes `dist/<name>.js`, or `.cjs`. */
export const ENTRIES = ['main', 'post', 'cli', 'warden', 'gateway', 'collector', 'database', 'far', 'apply', 'suite', 'compare'] as const;

/** In one file: it is read from stdin. */
const ALONE: ReadonlySet<string> = new Set(['database']);
/** In one file each, and CommonJS: every run starts them, and a module of Node's newer kind takes it a millisecond before it does anything. */
const STARTED: ReadonlySet<string> = new Set(['warden', 'gateway', 'collector']);

/** Modules of packages that nothing here calls, and what stands for them. */
const LEFT_OUT: Readonly<Record<string, string>> = {
  // The artifact client unpacks with it when it downloads, which nothing here does; it brings a package without a licence (buffers 0.1.1).
  'unzip-stream': 'export default {};',
  // OIDC tokens, of @actions/core. With it every start of the action loads an HTTP client, which takes longer than Node's own start.
  './oidc-utils.js': 'export const OidcClient = undefined;',
};
const WITHOUT: Plugin = {
  name: 'without',
  setup(build) {
    build.onResolve({ filter: /^(unzip-stream|\.\/oidc-utils\.js)$/ }, ({ path }) => ({ path, namespace: 'left-out' }));
    build.onLoad({ filter: /.*/, namespace: 'left-out' }, ({ path }) => ({ contents: LEFT_OUT[path] ?? '' }));
  },
};

export interface Bundle {
  /** Everything that belongs into `dist/`: name to bytes. */
  readonly files: ReadonlyMap<string, Buffer>;
  readonly metafile: Metafile;
}

/** Builds the content of `dist/` in memory. The same sources give the same bytes in every directory. Throws where an entry does not compile. */
export async function bundle(root: string, entries: readonly string[] = ENTRIES): Promise<Bundle> {
  const rest = entries.filter((name) => !ALONE.has(name) && !STARTED.has(name));
  const built = await Promise.all([
    compile(root, rest, { splitting: true, format: 'esm' }),
    compile(
      root,
      entries.filter((name) => ALONE.has(name)),
      { format: 'esm' },
    ),
    compile(
      root,
      entries.filter((name) => STARTED.has(name)),
      { format: 'cjs', outExtension: { '.js': '.cjs' }, define: HERE, tsconfigRaw: STRICT },
    ),
  ]);
  const outputs = new Map(
    built.flatMap(({ outputFiles }) =>
      outputFiles.map((file) => [basename(file.path), file.path.endsWith('.cjs') ? file.text : withBuiltIns(file.text)] as const),
    ),
  );
  const { files: renamed, metafile } = stableNames(outputs, {
    inputs: Object.assign({}, ...built.map(({ metafile: { inputs } }) => inputs)) as Metafile['inputs'],
    outputs: Object.assign({}, ...built.map(({ metafile: { outputs: made } }) => made)) as Metafile['outputs'],
  });
  const files = new Map<string, Buffer>();
  for (const [name, text] of renamed) files.set(name, Buffer.from(text));
  for (const path of await perlFiles(join(root, 'src'))) {
    if (files.has(basename(path))) throw new Error(`two files want to be dist/${basename(path)}`);
    files.set(basename(path), await readFile(path));
  }
  const pages = await Promise.all((['report', 'suite'] as const).map(async (name) => ({ name, ...(await page(root, name)) })));
  for (const { name, html } of pages) files.set(`${name}-page.html`, Buffer.from(html));
  files.set('licenses.txt', Buffer.from(await licences(root, [...Object.keys(metafile.inputs), ...pages.flatMap(({ inputs }) => inputs)])));
  files.set('package.json', Buffer.from('{ "type": "module" }\n'));
  return { files: new Map([...files].sort(([a], [b]) => (a < b ? -1 : 1))), metafile };
}

/** What CommonJS has for it. */
const HERE = { 'import.meta.dirname': '__dirname', 'import.meta.url': 'undefined' };

/** As a module of the newer kind always is; what a `tsconfig.json` says is read where there is one. */
const STRICT = { compilerOptions: { alwaysStrict: true } };

async function compile(
  root: string,
  entries: readonly string[],
  options: Pick<BuildOptions, 'splitting' | 'format' | 'outExtension' | 'define' | 'tsconfigRaw'>,
) {
  return await esbuild({
    absWorkingDir: root,
    entryPoints: entries.map((name) => `src/${name}.ts`),
    outdir: 'dist',
    write: false,
    metafile: true,
    bundle: true,
    platform: 'node',
    target: 'node24',
    charset: 'utf8',
    preserveSymlinks: true,
    legalComments: 'none', // dist/licenses.txt has them in full
    plugins: [WITHOUT],
    logLevel: 'error',
    ...options,
  });
}

async function perlFiles(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile() && entry.name.endsWith('.pl')).map((entry) => join(entry.parentPath, entry.name));
}
