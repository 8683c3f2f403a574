// Cold start: the action's main, started as the runner does, to its exit on a mistake in the policy; beside a Node that does nothing.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { inputVariable } from '../src/action/environment.ts';
import { OF_ROOT } from '../src/system/code-cache.ts';
import { CLEAN_ENV } from '../src/system/exec.ts';
import { report } from './support/report.ts';
import { alternate, type Contestant, median } from './support/rounds.ts';

const ROOT = join(import.meta.dirname, '..');
/** Processes this short differ by much from one to the next. */
const ROUNDS = 31;
const ACTION = parse(readFileSync(join(ROOT, 'action.yml'), 'utf8')) as {
  readonly inputs: Readonly<Record<string, { readonly default?: string }>>;
  readonly runs: { readonly main: string };
};

/** Where the compiled code of root's programs is kept (`src/system/code-cache.ts`). */
const isCode = (name: string): boolean => name.startsWith('main-');

const place = mkdtempSync(join(tmpdir(), 'agent-jail-bench-'));
mkdirSync(join(place, 'work'));
try {
  const mistake = action('first', 'version: 1\nnetwrok: none\n', 2);
  proveMistake(mistake);
  const code = compiled(action('whole', 'limits: { disk: 256MiB, memory: 512MiB, time: 1m }\n', 0));
  const first: Contestant = { ...mistake, name: 'agent-jail action, first', before: () => (mistake.before?.(), forget()) };
  const later: Contestant = {
    ...mistake,
    name: 'agent-jail action, later',
    before: () => (mistake.before?.(), cpSync(code.from, code.to)),
  };
  const samples = alternate([first, later, empty()], ROUNDS);
  const ratio = (name: string): number => median(samples[name] ?? []) / median(samples['empty Node'] ?? []);
  report('start', {
    title: 'A mistake in the policy',
    about: `From the start of the action's process to its end, which says the line of the mistake; ${ROUNDS} rounds.`,
    unit: 'ms',
    samples,
    reference: 'empty Node',
    notes: {
      [first.name]: `\`node ${ACTION.runs.main}\` with the inputs and command files of a runner; an unknown key, exit code 2`,
      [later.name]: 'the same on a machine where the action has run before: its compiled code is kept',
      'empty Node': "`node -e ''`",
    },
    bars: [first, later].map(({ name }) => ({
      says: `a mistake is told within 2.5 times an empty Node process: ${name}`,
      ratio: ratio(name),
      most: 2.5,
    })),
  });
} finally {
  rmSync(place, { recursive: true, force: true });
}

function action(name: string, policy: string, code: number): Contestant {
  const inputs = Object.entries(ACTION.inputs).map(([key, input]) => [key, input.default?.replace(/\$\{\{.*?\}\}/g, 'x') ?? ''] as const);
  const given = Object.fromEntries([...inputs, ['run', 'true'], ['upload', 'never'], ['comment', 'false'], ['policy', policy]]);
  const files = ['ENV', 'PATH', 'OUTPUT', 'STATE', 'STEP_SUMMARY'].map((key) => [`GITHUB_${key}`, join(place, key)] as const);
  const env = {
    ...CLEAN_ENV,
    HOME: place,
    CI: 'true',
    GITHUB_ACTIONS: 'true',
    GITHUB_WORKSPACE: join(place, 'work'),
    GITHUB_EVENT_NAME: 'workflow_dispatch',
    GITHUB_EVENT_PATH: join(place, 'event.json'),
    RUNNER_TEMP: join(place, '_temp'),
    ...Object.fromEntries(files),
    ...Object.fromEntries(Object.entries(given).map(([key, value]) => [inputVariable(key), value])),
  };
  writeFileSync(env.GITHUB_EVENT_PATH, '{}');
  const before = (): void => files.forEach(([, path]) => writeFileSync(path, ''));
  return { name, argv: [process.execPath, join(ROOT, ACTION.runs.main)], cwd: place, env, code, before };
}

/** The code that the action keeps after whole runs: a copy of it, and where it belongs. */
function compiled(whole: Contestant): { readonly from: string; readonly to: string } {
  forget();
  alternate([whole], 2);
  const [name, ...more] = readdirSync(OF_ROOT).filter(isCode);
  if (name === undefined || more.length > 0) throw new Error(`code of the action is kept ${more.length} times, not once`);
  cpSync(join(OF_ROOT, name), join(place, 'code'));
  return { from: join(place, 'code'), to: join(OF_ROOT, name) };
}

function forget(): void {
  if (existsSync(OF_ROOT)) for (const name of readdirSync(OF_ROOT).filter(isCode)) rmSync(join(OF_ROOT, name));
}

function empty(): Contestant {
  return { name: 'empty Node', argv: [process.execPath, '-e', ''], cwd: place, env: CLEAN_ENV, code: 0 };
}

/** The exit code alone would also be that of another mistake. */
function proveMistake({ argv: [file, ...args], cwd, env, before }: Contestant): void {
  before?.();
  const { status, stdout } = spawnSync(file, args, { cwd, env, encoding: 'utf8' });
  if (status !== 2 || !/^::error .*netwrok/m.test(stdout)) throw new Error(`not told of the mistake (${status}): ${stdout}`);
}
