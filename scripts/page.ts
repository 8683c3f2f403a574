import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';

/** The pages: where their sources are, what their scripts may do beside running, and what files of packages have in them. */
const PAGES = {
  // For the player's terminal.
  report: { source: 'src/report/page', may: " 'wasm-unsafe-eval'", inside: ['node_modules/solid-js/package.json'] },
  suite: { source: 'src/report/page/suite', may: '', inside: [] },
} as const;
export type PageName = keyof typeof PAGES;
const FRAME = 'src/report/page/page.html';

/**
 * A page without its data: one file that asks for nothing else. Its policy names its script and its style by hash, so that no other of either
 * runs.
 */
export async function page(
  root: string,
  name: PageName = 'report',
): Promise<{ readonly html: string; readonly inputs: readonly string[] }> {
  const { source, may, inside } = PAGES[name];
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    entryPoints: [`${source}/main.ts`, `${source}/page.css`],
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
    `script-src '${hash(script)}'${may}`,
    `style-src '${hash(style)}'`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  const parts: Readonly<Record<string, string>> = { '@POLICY@': policy, '@STYLE@': style, '@SCRIPT@': script };
  const frame = await readFile(join(root, FRAME), 'utf8');
  const html = frame.replace(/@(?:POLICY|STYLE|SCRIPT)@/g, (part) => parts[part] ?? '');
  return { html, inputs: [...Object.keys(metafile.inputs), ...inside] };
}

const hash = (text: string): string => `sha256-${createHash('sha256').update(text).digest('base64')}`;
