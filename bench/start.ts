// Cold start: the action's main, started as the runner does, to its exit on a mistake in the policy; beside a Node that does nothing.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { inputVariable } from '../src/action/environment.ts';
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

const place = mkdtempSync(join(tmpdir(), 'agent-jail-bench-'));
try {
  const main = action();
  proveMistake(main);
  const samples = alternate([main, empty()], ROUNDS);
  const ratio = median(samples[main.name] ?? []) / median(samples['empty Node'] ?? []);
  report('start', {
    title: 'A mistake in the policy',
    about: `From the start of the action's process to its end, which says the line of the mistake; ${ROUNDS} rounds.`,
    unit: 'ms',
    samples,
    reference: 'empty Node',
    notes: {
      [main.name]: `\`node ${ACTION.runs.main}\` with the inputs and command files of a runner; an unknown key, exit code 2`,
      'empty Node': "`node -e ''`",
    },
    bars: [{ says: 'a mistake is told within 2.5 times an empty Node process', ratio, most: 2.5 }],
  });
} finally {
  rmSync(place, { recursive: true, force: true });
}

function action(): Contestant {
  const inputs = Object.entries(ACTION.inputs).map(([name, input]) => [name, input.default?.replace(/\$\{\{.*?\}\}/g, 'x') ?? ''] as const);
  const given = Object.fromEntries([...inputs, ['run', 'true'], ['policy', 'version: 1\nnetwrok: none\n']]);
  const files = ['ENV', 'PATH', 'OUTPUT', 'STATE', 'STEP_SUMMARY'].map((name) => [`GITHUB_${name}`, join(place, name)] as const);
  const env = {
    ...CLEAN_ENV,
    HOME: place,
    CI: 'true',
    GITHUB_ACTIONS: 'true',
    GITHUB_WORKSPACE: place,
    GITHUB_EVENT_NAME: 'workflow_dispatch',
    GITHUB_EVENT_PATH: join(place, 'event.json'),
    RUNNER_TEMP: join(place, '_temp'),
    ...Object.fromEntries(files),
    ...Object.fromEntries(Object.entries(given).map(([name, value]) => [inputVariable(name), value])),
  };
  writeFileSync(env.GITHUB_EVENT_PATH, '{}');
  const before = (): void => files.forEach(([, path]) => writeFileSync(path, ''));
  const argv = [process.execPath, join(ROOT, ACTION.runs.main)] as const;
  return { name: 'agent-jail action', argv, cwd: place, env, code: 2, before };
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
