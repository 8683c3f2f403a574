import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** The directory of the package that a bundled file belongs to, relative to the root; null for a file of our own. */
export function packageOf(input: string): string | null {
  const match = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input);
  return match?.[1] ?? null;
}

/** Text of `dist/licenses.txt`: name, version, licence and licence text of every package of which something is bundled. */
export async function licences(root: string, inputs: readonly string[]): Promise<string> {
  const directories = [...new Set(inputs.map(packageOf).filter((path) => path !== null))].sort();
  const parts = await Promise.all(directories.map((path) => licence(join(root, path))));
  const rule = `\n${'-'.repeat(80)}\n\n`;
  return `Packages that are bundled into this directory, and their licences.\n${rule}${[...new Set(parts)].join(rule)}`;
}

async function licence(directory: string): Promise<string> {
  const described = JSON.parse(await readFile(join(directory, 'package.json'), 'utf8')) as {
    name: string;
    version: string;
    license?: string;
  };
  const files = (await readdir(directory)).filter((name) => /^(licen[cs]e|copying|notice)/i.test(name)).sort();
  const texts = await Promise.all(files.map((name) => readFile(join(directory, name), 'utf8')));
  const { name, version, license } = described;
  if (license === undefined && texts.length === 0) throw new Error(`${name}: no licence is stated`);
  return `${name} ${version} (${license ?? 'see below'})\n${texts.map((text) => `\n${text.replaceAll('\r\n', '\n').trim()}\n`).join('')}`;
}
