import type { BackendName } from '../model/names.ts';
import { dismissWarden, startWarden } from '../run/client.ts';
import { didYouMean, parse, wrong } from './args.ts';
import type { Io } from './io.ts';

const OPTIONS = {
  policy: 'string',
  out: 'string',
  backend: 'string',
  setup: 'string',
  steps: 'string',
  'exit-code': 'string',
  json: 'boolean',
} as const;
/** `chroot` is here and not in a policy: it isolates nothing and is for comparison. */
const BACKENDS: readonly string[] = ['auto', 'nspawn', 'docker', 'vm', 'chroot'];

/** What the command line asks for; files are not read yet. */
export interface RunOptions {
  readonly policy: string | undefined;
  readonly out: string | undefined;
  readonly backend: BackendName | 'auto' | null;
  readonly setup: string | undefined;
  /** CMD and its arguments, or a file of steps. */
  readonly what: { readonly command: readonly [string, ...string[]] } | { readonly steps: string };
  /** The exit code is the last step's. */
  readonly stepExit: boolean;
  readonly json: boolean;
}

/** `agent-jail run [options] -- CMD …` */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  try {
    const options = optionsOf(argv);
    // Before all else is loaded: the warden needs as long to start as this process does to read the policy.
    startWarden(options.backend ?? 'auto');
    const { perform } = await import('./perform.ts');
    return await perform(options, io);
  } finally {
    await dismissWarden(); // where there was nothing to run
  }
}

/** Throws a UserError. */
function optionsOf(argv: readonly string[]): RunOptions {
  const { options, rest } = parse(argv, OPTIONS, 0);
  const { policy, out, setup, steps } = options;
  if (setup?.trim() === '') throw wrong('--setup is empty');
  return {
    policy,
    out,
    setup,
    backend: backendOf(options['backend']),
    what: whatOf(rest, steps),
    stepExit: ownExit(options['exit-code']),
    json: options['json'] !== undefined,
  };
}

function whatOf(rest: readonly string[] | null, steps: string | undefined): RunOptions['what'] {
  if ((rest === null) === (steps === undefined))
    throw wrong('what shall run in the jail? Give `-- CMD …`, or `--steps FILE`, and not both');
  if (steps !== undefined) return { steps };
  const [program = '', ...args] = rest ?? [];
  if (program === '' || program.startsWith('-')) throw wrong(`${JSON.stringify(program)} is not the name of a program`);
  return { command: [program, ...args] };
}

function backendOf(name: string | undefined): BackendName | 'auto' | null {
  if (name === undefined) return null;
  if (!BACKENDS.includes(name)) {
    throw wrong(`--backend ${JSON.stringify(name)} is not one of ${BACKENDS.join(', ')}`, didYouMean(name, BACKENDS));
  }
  return name as BackendName | 'auto';
}

function ownExit(value: string | undefined): boolean {
  if (value !== undefined && value !== 'step') throw wrong(`--exit-code ${JSON.stringify(value)}: the only value is \`step\``);
  return value === 'step';
}
