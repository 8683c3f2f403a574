import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';

/** What the player's own files have in them. */
const INSIDE = ['node_modules/solid-js/package.json'];
const SOURCE = 'src/report/page';

/**
 * The page of the report without its data: one file that asks for nothing else. Its policy names its script and its style by hash, so that
 * no other of either runs; `wasm-unsafe-eval` is for the player's terminal.
 */
export async function page(root: string): Promise<{ readonly html: string; readonly inputs: readonly string[] }> {
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    entryPoints: [`${SOURCE}/main.ts`, `${SOURCE}/page.css`],
    outdir: 'page',
    write: false,
    metafile: true,
    bundle: true,
    minify: true,
    format: 'iife',
    tsconfigRaw: {}, // that of the directory says what the types are checked by
    platform: 'browser',
    target: 'es2023',
    charset: 'utf8',
    preserveSymlinks: true,
    legalComments: 'none', // dist/licenses.txt has them in full
    logLevel: 'error',
  });
  const output = (end: string): string => outputFiles.find(({ path }) => path.endsWith(end))?.text.trim() ?? '';
  const [script, style] = [output('.js'), output('.css')];
  const policy = [
    "default-src 'none'",
    `script-src '${hash(script)}' 'wasm-unsafe-eval'`,
    `style-src '${hash(style)}'`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  const parts: Readonly<Record<string, string>> = { '@POLICY@': policy, '@STYLE@': style, '@SCRIPT@': script };
  const frame = await readFile(join(root, SOURCE, 'page.html'), 'utf8');
  const html = frame.replace(/@(?:POLICY|STYLE|SCRIPT)@/g, (name) => parts[name] ?? '');
  return { html, inputs: [...Object.keys(metafile.inputs), ...INSIDE] };
}

const hash = (text: string): string => `sha256-${createHash('sha256').update(text).digest('base64')}`;
