import { readFile, readdir } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { type BuildOptions, type Metafile, type OutputFile, type Plugin, build as esbuild } from 'esbuild';
import { LATE_OR_NEVER, withBuiltIns, withLateBuiltIns } from './built-in.ts';
import { licences } from './licences.ts';
import { page } from './page.ts';
import { stableNames } from './stable-names.ts';

/** Programs of the product: each `src/<name>.ts` becomes `dist/<name>.js`, or `.cjs`. */
export const ENTRIES = [
  'main',
  'post',
  'cli',
  'cli-run',
  'warden',
  'gateway',
  'collector',
  'database',
  'far',
  'apply',
  'suite',
  'compare',
] as const;

/** In one file: it is read from stdin. */
const ALONE: ReadonlySet<string> = new Set(['database']);
/** In one file each, and CommonJS: every run starts them, and a module of Node's newer kind takes it a millisecond before it does anything. */
const STARTED: ReadonlySet<string> = new Set(['main', 'cli-run', 'warden', 'gateway', 'collector']);
/** Of these, those that are started with code that V8 compiled in an earlier run: `dist/<name>.cjs` is what does that, the program `dist/<name>.code.cjs`. */
export const KEPT: Readonly<Record<string, string>> = {
  main: 'started-action',
  'cli-run': 'started-run',
  warden: 'started',
  collector: 'started',
};
/** What a program has in its own file of what it loads lazily: every run needs it. The rest stays in chunks that other programs have too. */
const OWN: Readonly<Record<string, readonly string[]>> = {
  'cli-run': ['src/cli/run.ts', 'src/cli/perform.ts', 'src/policy/parse.ts'],
  main: [
    'src/action/source.ts',
    'src/policy/steps.ts',
    'src/record/read.ts',
    'src/run/client.ts',
    'src/run/id.ts',
    'src/run/prepare.ts',
    'src/transcript/redact.ts',
    'node_modules/@actions/core/lib/core.js',
  ],
};

/** Modules of packages that nothing here calls, and what stands for them. */
const LEFT_OUT: Readonly<Record<string, string>> = {
  // The artifact client unpacks with it when it downloads, which nothing here does; it brings a package without a licence (buffers 0.1.1).
  'unzip-stream': 'export default {};',
  // OIDC tokens, of @actions/core. With it every start of the action loads an HTTP client, which takes longer than Node's own start.
  './oidc-utils.js': 'export const OidcClient = undefined;',
  // What machine this is, of @actions/core, by starting programs.
  './platform.js': 'export {};',
};
const WITHOUT: Plugin = {
  name: 'without',
  setup(build) {
    build.onResolve({ filter: /^(unzip-stream|\.\/(oidc-utils|platform)\.js)$/ }, ({ path, importer }) =>
      path.startsWith('.') && !importer.includes('/@actions/core/') ? null : { path, namespace: 'left-out' },
    );
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
  const chunks = compile(root, rest, { splitting: true, format: 'esm' });
  const built = await Promise.all([
    chunks,
    compile(
      root,
      entries.filter((name) => ALONE.has(name)),
      { format: 'esm' },
    ),
    compile(
      root,
      entries.filter((name) => STARTED.has(name) && OWN[name] === undefined),
      COMMON_JS,
    ),
    ...Object.entries(OWN)
      .filter(([name]) => entries.includes(name))
      .map(async ([name, own]) => await compile(root, [name], COMMON_JS, elsewhere((await chunks).metafile, own))),
  ]);
  const outputs = new Map(built.flatMap(({ outputFiles }) => outputFiles.map((file) => [basename(file.path), textOf(file)] as const)));
  const { files: renamed, metafile } = stableNames(outputs, {
    inputs: Object.assign({}, ...built.map(({ metafile: { inputs } }) => inputs)) as Metafile['inputs'],
    outputs: Object.assign({}, ...built.map(({ metafile: { outputs: made } }) => made)) as Metafile['outputs'],
  });
  const files = new Map<string, Buffer>();
  for (const [name, text] of renamed) files.set(kept(name) ? name.replace(/\.cjs$/, '.code.cjs') : name, Buffer.from(text));
  const { outputFiles } = await compile(root, [...new Set(Object.values(KEPT))], COMMON_JS);
  for (const [name, starter] of Object.entries(KEPT)) {
    const text = outputFiles.find(({ path }) => basename(path, '.cjs') === starter)?.text;
    if (files.has(`${name}.code.cjs`)) files.set(`${name}.cjs`, Buffer.from(text ?? ''));
  }
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

/** A collector waits before it is asked, and loads meanwhile what it will need. */
function textOf({ path, text }: OutputFile): string {
  if (!path.endsWith('.cjs')) return withBuiltIns(text);
  if (!kept(path) || basename(path) === 'collector.cjs') return text;
  return withLateBuiltIns(text, basename(path) === 'main.cjs' ? LATE_OR_NEVER : undefined);
}

const kept = (file: string): boolean => file.endsWith('.cjs') && Object.hasOwn(KEPT, basename(file, '.cjs'));

/** Chunks of the other programs, by their modules, for what a program does not have in its `own` file. */
function elsewhere({ outputs }: Metafile, own: readonly string[]): Plugin {
  const names = new Map(Object.entries(outputs).map(([path, { entryPoint }]) => [entryPoint, basename(path)]));
  const resolving = Symbol('resolving');
  return {
    name: 'elsewhere',
    setup(build) {
      build.onResolve({ filter: /^[^:]+$/ }, async ({ path, pluginData, ...from }) => {
        if (from.kind !== 'dynamic-import' || pluginData === resolving) return null;
        const resolved = await build.resolve(path, { ...from, pluginData: resolving });
        const module = relative(build.initialOptions.absWorkingDir ?? '', resolved.path);
        if (own.includes(module)) return null;
        const chunk = names.get(module);
        return chunk === undefined ? { errors: [{ text: `no chunk holds ${module}` }] } : { path: `./${chunk}`, external: true };
      });
    },
  };
}

/** What CommonJS has for it. */
const HERE = { 'import.meta.dirname': '__dirname', 'import.meta.url': 'undefined' };

/** As a module of the newer kind always is; what a `tsconfig.json` says is read where there is one. */
const STRICT = { compilerOptions: { alwaysStrict: true } };
/** Every character of one byte, which V8 reads fastest; without `import()`, which code that V8 kept does not have. */
const COMMON_JS: Options = {
  format: 'cjs',
  outExtension: { '.js': '.cjs' },
  define: HERE,
  tsconfigRaw: STRICT,
  charset: 'ascii',
  supported: { 'dynamic-import': false },
};
type Options = Pick<BuildOptions, 'splitting' | 'format' | 'outExtension' | 'define' | 'tsconfigRaw' | 'charset' | 'supported'>;

async function compile(root: string, entries: readonly string[], options: Options, ...plugins: readonly Plugin[]) {
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
    // Its ES modules, which it gives to browsers alone: without a function around each file there is less to compile, twice.
    alias: { yaml: join(root, 'node_modules/yaml/browser/dist/index.js') },
    legalComments: 'none', // dist/licenses.txt has them in full
    plugins: [...plugins, WITHOUT],
    logLevel: 'error',
    ...options,
  });
}

async function perlFiles(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile() && entry.name.endsWith('.pl')).map((entry) => join(entry.parentPath, entry.name));
}
