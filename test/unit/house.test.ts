import { homedir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { ENTRIES, KEPT } from '../../scripts/bundle.ts';
import { OTHER_PATCHES, RECORD } from '../../src/model/record.ts';
import { importsOf, read, repositoryFiles, root } from '../support/sources.ts';

/** Which folder of src/ may import which, and which packages. `node:` built-ins are free. */
const FOLDERS: Readonly<Record<string, { readonly imports: readonly string[]; readonly packages: readonly string[] }>> = {
  model: { imports: [], packages: [] },
  system: { imports: ['model'], packages: [] },
  policy: { imports: ['model'], packages: ['valibot', 'yaml'] },
  plan: { imports: ['model'], packages: [] },
  record: { imports: ['model'], packages: ['valibot'] },
  trajectory: { imports: ['model'], packages: [] },
  secrets: { imports: ['model'], packages: [] },
  host: { imports: ['model', 'system'], packages: [] },
  backend: { imports: ['model', 'system'], packages: [] },
  network: { imports: ['model', 'system', 'secrets'], packages: [] },
  // A warden elsewhere is made of what is here: the programs that a jail needs, and nspawn.
  remote: { imports: ['model', 'system', 'host', 'backend'], packages: [] },
  transcript: { imports: ['model', 'system', 'secrets'], packages: [] },
  changes: { imports: ['model', 'secrets', 'system'], packages: ['ignore'] },
  guard: { imports: ['model', 'record'], packages: ['@cfworker/json-schema', 'ignore'] },
  report: { imports: ['model', 'record'], packages: ['asciinema-player'] },
  apply: { imports: ['model', 'record', 'system'], packages: [] },
  run: {
    imports: [
      'model',
      'system',
      'plan',
      'record',
      'trajectory',
      'host',
      'backend',
      'network',
      'remote',
      'transcript',
      'secrets',
      'changes',
      'guard',
    ],
    packages: ['ignore', '@peculiar/x509', 'reflect-metadata'],
  },
  statistics: { imports: [], packages: [] },
  compare: { imports: ['model', 'record', 'report', 'statistics'], packages: [] },
  suite: { imports: ['model', 'record', 'policy', 'run', 'system', 'guard'], packages: ['valibot', 'smol-toml'] },
  scripted: { imports: ['model', 'system', 'policy', 'guard'], packages: ['valibot'] },
  cli: { imports: ['*'], packages: [] },
  action: { imports: ['*'], packages: ['@actions/artifact', '@actions/core', '@actions/http-client', 'yauzl'] },
};
const MOST_LINES = 300;
const MOST_LINES_OF_AN_ENTRY = 29;

const files = repositoryFiles();
const sources = files.filter((path) => path.startsWith('src/') && path.endsWith('.ts'));
const folderOf = (path: string): string | null => /^src\/([^/]+)\//.exec(path)?.[1] ?? null;
const imports = sources.flatMap(importsOf);

describe('folders', () => {
  it('are all in the table', () => {
    const there = new Set(sources.map(folderOf).filter((name) => name !== null));
    expect([...there].filter((name) => !Object.hasOwn(FOLDERS, name))).toEqual([]);
  });

  it('import only what the table allows', () => {
    const wrong = imports.filter(({ from, to }) => {
      const [own, other] = [folderOf(from), folderOf(to)];
      if (!to.startsWith('src/') || own === null || own === other) return false;
      const allowed = FOLDERS[own]?.imports ?? [];
      return other === null || !(allowed.includes('*') || allowed.includes(other));
    });
    expect(wrong.map(({ from, to }) => `${from} imports ${to}`)).toEqual([]);
  });

  it('use only the packages that the table allows', () => {
    const wrong = imports.filter(({ from, to }) => {
      if (to.startsWith('src/') || to.startsWith('node:')) return false;
      const allowed = FOLDERS[folderOf(from) ?? '']?.packages ?? [];
      return !allowed.some((name) => to === name || to.startsWith(`${name}/`));
    });
    expect(wrong.map(({ from, to }) => `${from} imports ${to}`)).toEqual([]);
  });

  it('import files that exist, and no test', () => {
    expect(imports.filter(({ to }) => to.startsWith('src/') && !files.includes(to)).map(({ from, to }) => `${from} imports ${to}`)).toEqual(
      [],
    );
    expect(imports.filter(({ to }) => /^(test|scripts|bench)\//.test(to)).map(({ from }) => from)).toEqual([]);
  });

  it('of rules about paths in a jail have no other paths', () => {
    const rules = /^src\/(?:plan|policy|guard)\//;
    // `node:path` is about paths of the machine, which may be Windows.
    expect(imports.filter(({ from, to }) => rules.test(from) && to === 'node:path').map(({ from }) => from)).toEqual([]);
  });

  it('have no cycles', () => {
    const next = new Map(sources.map((path) => [path, imports.filter(({ from, type }) => from === path && !type).map(({ to }) => to)]));
    const done = new Set<string>();
    const cycles: string[] = [];
    const walk = (path: string, trail: readonly string[]): void => {
      if (trail.includes(path)) cycles.push([...trail.slice(trail.indexOf(path)), path].join(' > '));
      if (done.has(path) || trail.includes(path)) return;
      for (const to of next.get(path) ?? []) walk(to, [...trail, path]);
      done.add(path);
    };
    for (const path of sources) walk(path, []);
    expect(cycles).toEqual([]);
  });
});

describe('files', () => {
  const lines = (path: string): number => read(path).split('\n').length - 1;

  it(`have at most ${MOST_LINES} lines`, () => {
    const ours = files.filter((path) => /\.(ts|mjs|pl)$/.test(path) && !path.startsWith('dist/'));
    expect(ours.length).toBeGreaterThan(100);
    expect(ours.filter((path) => lines(path) > MOST_LINES).map((path) => `${path}: ${lines(path)}`)).toEqual([]);
  });

  it('that are programs are thin', () => {
    const entries = sources.filter((path) => folderOf(path) === null);
    const programs = [...ENTRIES, ...new Set(Object.values(KEPT))];
    expect(entries.toSorted()).toEqual(programs.map((name) => `src/${name}.ts`).toSorted());
    expect(entries.filter((path) => lines(path) > MOST_LINES_OF_AN_ENTRY)).toEqual([]);
  });

  it('name no place of the machine they were written on', () => {
    const registry = process.env['npm_config_registry'] ?? '';
    const host = URL.canParse(registry) ? new URL(registry).host : '';
    const places = [root, ...(homedir() === '/root' ? [] : [homedir()]), ...(host === '' || host === 'registry.npmjs.org' ? [] : [host])];
    const text = files.filter((path) => !path.endsWith('.gz'));
    expect(text.filter((path) => places.some((place) => read(path).includes(place)))).toEqual([]);
  });

  it('of the lockfile come from the public registry', () => {
    const { packages } = JSON.parse(read('package-lock.json')) as { packages: Record<string, { resolved?: string; integrity?: string }> };
    const fetched = Object.values(packages).flatMap(({ resolved }) => resolved ?? []);
    expect(fetched.filter((url) => !url.startsWith('https://registry.npmjs.org/'))).toEqual([]);
    expect(Object.entries(packages).filter(([path, { integrity }]) => path !== '' && integrity === undefined)).toEqual([]);
  });
});

describe('the documentation', () => {
  const { inputs, outputs } = parse(read('action.yml')) as { inputs: Record<string, unknown>; outputs: Record<string, unknown> };

  it.each(['inputs', 'outputs'] as const)('tells of all %s of the action', (kind) => {
    const page = read('docs/action.md');
    const names = Object.keys(kind === 'inputs' ? inputs : outputs);
    expect(names.length).toBeGreaterThan(10);
    expect(names.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  });

  it('tells of all inputs and outputs of apply', () => {
    const apply = parse(read('apply/action.yml')) as { inputs: Record<string, unknown>; outputs: Record<string, unknown> };
    const names = [...Object.keys(apply.inputs), ...Object.keys(apply.outputs)];
    expect(names.length).toBeGreaterThan(20);
    expect(names.filter((name) => !read('docs/apply.md').includes(`\`${name}\``))).toEqual([]);
  });

  it('tells of all inputs and outputs of suite', () => {
    const suite = parse(read('suite/action.yml')) as { inputs: Record<string, unknown>; outputs: Record<string, unknown> };
    const names = [...Object.keys(suite.inputs), ...Object.keys(suite.outputs)];
    expect(names.length).toBeGreaterThan(30);
    expect(names.filter((name) => !read('docs/suites.md').includes(`\`${name}\``))).toEqual([]);
  });

  it('tells of all inputs and outputs of compare', () => {
    const compare = parse(read('compare/action.yml')) as { inputs: Record<string, unknown>; outputs: Record<string, unknown> };
    const names = [...Object.keys(compare.inputs), ...Object.keys(compare.outputs)];
    expect(names.length).toBeGreaterThan(30);
    expect(names.filter((name) => !read('docs/compare.md').includes(`\`${name}\``))).toEqual([]);
  });

  it('tells of all files of a record', () => {
    const page = read('docs/record.md');
    const between: ReadonlySet<string> = new Set(OTHER_PATCHES.slice(1, -1));
    expect(Object.keys(RECORD).filter((name) => !between.has(name) && !page.includes(`\`${name}\``))).toEqual([]);
  });

  it('links only to what is there', () => {
    const pages = files.filter((path) => path.endsWith('.md') && !path.startsWith('test/'));
    const broken = pages.flatMap((page) =>
      links(page)
        .filter((target) => !isThere(target))
        .map((target) => `${page}: ${target}`),
    );
    expect(broken).toEqual([]);
  });
});

/** A file, or a directory with files in it. */
const isThere = (path: string): boolean => files.some((file) => file === path || file.startsWith(`${path.replace(/\/$/, '')}/`));

/** Targets of a page's relative links, as paths in the repository. */
function links(page: string): string[] {
  const targets = [...read(page).matchAll(/\]\(([^)\s#]+)(?:#[^)]*)?\)/g)].map(([, target]) => target ?? '');
  return targets
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((target) => decodeURI(new URL(target, `file:///${page}`).pathname.slice(1)));
}

describe('the workflows', () => {
  const workflows = files.filter((path) => /^\.github\/workflows\/.*\.yml$/.test(path) || /^examples\/workflows\/.*\.yml$/.test(path));
  const uses = workflows.flatMap((path) => [...read(path).matchAll(/^\s*(?:- )?uses: (.*)$/gm)].map(([, what]) => `${path}: ${what}`));

  it('pin what they use', () => {
    expect(uses.length).toBeGreaterThan(3);
    const ours = /: (\.\/|OWNER\/agent-jail)/;
    expect(uses.filter((line) => !ours.test(line) && !/@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line))).toEqual([]);
  });

  it('ask for no rights at the top but to read, and leave no token behind', () => {
    for (const path of workflows) {
      const workflow = parse(read(path)) as {
        permissions?: object;
        jobs: Record<string, { steps: { uses?: string; with?: Record<string, unknown> }[] }>;
      };
      expect([path, workflow.permissions]).toEqual([path, { contents: 'read' }]);
      const checkouts = Object.values(workflow.jobs).flatMap(({ steps }) =>
        steps.filter((step) => step.uses?.startsWith('actions/checkout@')),
      );
      expect([path, checkouts.filter((step) => step.with?.['persist-credentials'] !== false)]).toEqual([path, []]);
    }
  });
});
