import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

export const root = resolve(import.meta.dirname, '../..');

/** Files of the repository, committed or not yet, relative to its root; what git ignores is left out. */
export function repositoryFiles(): string[] {
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], { cwd: root, encoding: 'utf8' });
  return listed.split('\0').filter((path) => path !== '' && (statSync(join(root, path), { throwIfNoEntry: false })?.isFile() ?? false));
}

export const read = (path: string): string => readFileSync(join(root, path), 'utf8');

export interface Import {
  readonly from: string;
  /** A file of the repository, or a package or built-in as it is written. */
  readonly to: string;
  readonly type: boolean;
  /** `import('…')`: loaded when it is needed. */
  readonly lazy: boolean;
}

const STATIC = /^(?:import|export)\s(type\s)?[^;'"`]*?from\s+'([^']+)'|^import\s+'([^']+)'/gm;
const LAZY = /\bimport\('([^']+)'\)/g;

/** Every import of a TypeScript file. */
export function importsOf(from: string): Import[] {
  const text = read(from);
  const target = (specifier: string): string => (specifier.startsWith('.') ? join(dirname(from), specifier) : specifier);
  const fixed = [...text.matchAll(STATIC)].map(([, type, named, bare]) => ({
    from,
    to: target(named ?? bare ?? ''),
    type: type !== undefined,
    lazy: false,
  }));
  const lazy = [...text.matchAll(LAZY)].map(([, specifier]) => ({ from, to: target(specifier ?? ''), type: false, lazy: true }));
  return [...fixed, ...lazy];
}
