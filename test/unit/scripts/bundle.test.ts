import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { bundle, ENTRIES, KEPT } from '../../../scripts/bundle.ts';
import { packageOf } from '../../../scripts/licences.ts';
import { root } from '../../support/sources.ts';

const { files, metafile } = await bundle(root);

/** Most bytes that a program loads at its start, in KiB: Node's own start aside, this is what a short run waits for. */
const MOST: Readonly<Record<(typeof ENTRIES)[number], number>> = {
  main: 640, // with all that a run needs: it is one file
  post: 64,
  cli: 64,
  'cli-run': 480, // with the library for policies
  warden: 336, // with all that it may need: it is one file
  gateway: 96,
  collector: 400, // likewise
  database: 16,
  far: 64,
  apply: 480,
  suite: 480,
  compare: 480,
};
/** A clone of the action brings all of it. */
const MOST_IN_ALL = 8 << 20;

/** What every run starts is CommonJS. */
const fileOf = (entry: string): string => [`dist/${entry}.cjs`, `dist/${entry}.js`].find((path) => path in metafile.outputs) ?? '';

/** What a program loads before it does anything: itself and its chunks, but not what it imports lazily. */
function loaded(entry: string): readonly string[] {
  const seen = new Set<string>();
  const walk = (path: string): void => {
    if (seen.has(path)) return;
    seen.add(path);
    for (const { path: next, kind, external } of metafile.outputs[path]?.imports ?? []) {
      if (kind === 'import-statement' && external !== true) walk(next);
    }
  };
  walk(fileOf(entry));
  return [...seen];
}

function packages(entry: string): ReadonlySet<string> {
  const inputs = loaded(entry).flatMap((path) => Object.keys(metafile.outputs[path]?.inputs ?? {}));
  return new Set(inputs.flatMap((path) => packageOf(path)?.replace(/^.*node_modules\//, '') ?? []));
}

describe('dist/', () => {
  const elsewhere = mkdtempSync(join(tmpdir(), 'agent-jail-bundle-'));
  afterAll(() => rmSync(elsewhere, { recursive: true, force: true }));

  it('has the same bytes whatever the directory it is built in', async () => {
    for (const path of ['src', 'package.json']) cpSync(join(root, path), join(elsewhere, path), { recursive: true });
    symlinkSync(join(root, 'node_modules'), join(elsewhere, 'node_modules'));
    const again = await bundle(elsewhere);
    expect([...again.files.keys()]).toEqual([...files.keys()]);
    expect([...again.files].filter(([name, bytes]) => !bytes.equals(files.get(name) ?? Buffer.alloc(0))).map(([name]) => name)).toEqual([]);
  });

  it('has a program for each entry, the Perl programs, and names without a hash', () => {
    const names = [...files.keys()];
    for (const name of ENTRIES) expect(names).toContain(fileOf(name).replace('dist/', ''));
    expect(names.filter((name) => name.endsWith('.cjs'))).toEqual([
      'cli-run.cjs',
      'cli-run.code.cjs',
      'collector.cjs',
      'collector.code.cjs',
      'gateway.cjs',
      'main.cjs',
      'main.code.cjs',
      'warden.cjs',
      'warden.code.cjs',
    ]);
    expect(names).toContain('sockets.pl');
    expect(names.filter((name) => /-[A-Z0-9]{8}\./.test(name))).toEqual([]);
    const imports = Object.values(metafile.outputs).flatMap((output) => output.imports.filter(({ external }) => external !== true));
    expect(imports.filter(({ path }) => !files.has(path.replace('dist/', '')))).toEqual([]);
  });

  it('states a licence for every package that is in it', () => {
    const text = files.get('licenses.txt')?.toString('utf8') ?? '';
    const names = new Set(Object.keys(metafile.inputs).flatMap((path) => packageOf(path)?.replace(/^.*node_modules\//, '') ?? []));
    expect(names.size).toBeGreaterThan(20);
    for (const name of ['asciinema-player', 'solid-js']) names.add(name); // of the report's page
    expect([...names].filter((name) => !new RegExp(`^${name.replaceAll('/', '\\/')} \\d.*\\(.+\\)$`, 'm').test(text))).toEqual([]);
  });

  it('is small enough to be cloned by every job', () => {
    const bytes = [...files.values()].reduce((sum, { length }) => sum + length, 0);
    expect(bytes).toBeLessThan(MOST_IN_ALL);
  });
});

describe('what is started with kept code', () => {
  it.each(Object.keys(KEPT))('is ASCII, and has no import(), which such code cannot do: %s', (name) => {
    const text = files.get(`${name}.code.cjs`)?.toString('latin1') ?? '';
    expect(text.length).toBeGreaterThan(100_000);
    expect([...text].filter((character) => character > '\x7f')).toEqual([]);
    expect(text).not.toMatch(/[^.\w]import\(/);
    const starter = files.get(`${name}.cjs`)?.length ?? 0;
    expect(starter).toBeGreaterThan(1000);
    expect(starter / 1024).toBeLessThan(16);
  });

  it.each(['cli-run', 'main'])('shares no state with the chunks that it loads, which would have another one: %s', (program) => {
    const { imports = [], inputs = {} } = metafile.outputs[`dist/${program}.cjs`] ?? {};
    const external = imports.filter(({ path }) => path.startsWith('./'));
    expect(external.length).toBeGreaterThan(3);
    const walk = (path: string, seen: Set<string>): Set<string> => {
      if (seen.has(path)) return seen;
      seen.add(path);
      for (const next of metafile.outputs[path]?.imports ?? [])
        if (next.kind === 'import-statement' && next.external !== true) walk(next.path, seen);
      return seen;
    };
    // Those of other commands are never loaded by this program.
    const others = new Set(
      ['check', 'explain', 'verify', 'apply', 'report', 'suite', 'model', 'doctor'].map((name) => `src/cli/${name}.ts`),
    );
    const reached = external
      .map(({ path }) => `dist/${path.slice(2)}`)
      .filter((path) => !others.has(metafile.outputs[path]?.entryPoint ?? ''))
      .flatMap((path) => [...walk(path, new Set())])
      .flatMap((path) => Object.keys(metafile.outputs[path]?.inputs ?? {}));
    expect(reached).toContain('src/run/finish.ts');
    const state = ['src/run/client.ts', 'src/run/early.ts'];
    expect(state.filter((path) => !Object.hasOwn(inputs, path))).toEqual([]);
    expect(reached.filter((path) => [...state, 'src/run/kept.ts'].includes(path))).toEqual([]);
  });
});

describe.each(ENTRIES)('%s', (entry) => {
  it(`loads at most ${MOST[entry]} KiB at its start`, () => {
    const bytes = loaded(entry).reduce((sum, path) => sum + (metafile.outputs[path]?.bytes ?? 0), 0);
    expect(bytes).toBeGreaterThan(0);
    expect(bytes / 1024).toBeLessThan(MOST[entry]);
  });

  it("does not load the runner's client at its start", () => {
    // The action's one file holds what writes its outputs; that runs when something is written.
    const own = entry === 'main' ? ['@actions/core', '@actions/exec', '@actions/io'] : [];
    const clients = [...packages(entry)].filter((name) => name.startsWith('@actions/') || name.startsWith('@azure/'));
    expect(clients.filter((name) => !own.includes(name))).toEqual([]);
  });
});

describe('a process with privilege, or one that faces the network,', () => {
  it.each(['warden', 'gateway'])('has no package at all: %s', (entry) => {
    expect([...packages(entry)]).toEqual([]);
  });
});
