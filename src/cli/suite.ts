import { didYouMean, wrong } from './args.ts';
import type { Io } from './io.ts';
import { SUITE_COMMANDS, suiteHelp } from './suite-help.ts';

type Name = keyof typeof SUITE_COMMANDS;
const LOAD: Readonly<Record<Name, () => Promise<(argv: readonly string[], io: Io) => Promise<number>>>> = {
  run: async () => (await import('./suite-run.ts')).suiteRun,
  plan: async () => (await import('./suite-plan.ts')).suitePlan,
  compare: async () => (await import('./suite-compare.ts')).suiteCompare,
  report: async () => (await import('./suite-report.ts')).suiteReport,
  merge: async () => (await import('./suite-merge.ts')).suiteMerge,
  regrade: async () => (await import('./suite-regrade.ts')).suiteRegrade,
};

/** `agent-jail suite COMMAND …` */
export async function suiteCommand(argv: readonly string[], io: Io): Promise<number> {
  const [name = '', ...rest] = argv;
  if (name === '' || name === '--help' || name === '-h') {
    io.out(suiteHelp());
    return name === '' ? 2 : 0;
  }
  if (!Object.hasOwn(SUITE_COMMANDS, name))
    throw wrong(
      `there is no command \`suite ${name}\``,
      didYouMean(name, Object.keys(SUITE_COMMANDS), 'suite ') || 'See `agent-jail suite --help`.',
    );
  if (rest.includes('--help') || rest.includes('-h')) {
    io.out(suiteHelp(name as Name));
    return 0;
  }
  const command = await LOAD[name as Name]();
  return command(rest, io);
}
