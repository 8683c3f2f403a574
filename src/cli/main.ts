import { JailError, UserError } from '../model/errors.ts';
import { EXIT } from '../model/outcome.ts';
import { didYouMean, wrong } from './args.ts';
import { COMMANDS, help } from './help.ts';
import type { CommandName } from './help.ts';
import type { Io } from './io.ts';
import { problemLine } from './problem.ts';
import { VERSION } from './version.ts';

/** A command: its arguments without its name; returns the exit code. Loaded when it is asked for. */
const LOAD: Readonly<Record<CommandName, () => Promise<(argv: readonly string[], io: Io) => Promise<number>>>> = {
  run: async () => (await import('./run.ts')).run,
  check: async () => (await import('./check.ts')).check,
  explain: async () => (await import('./explain.ts')).explainCommand,
  verify: async () => (await import('./verify.ts')).verifyCommand,
  apply: async () => (await import('./apply.ts')).applyCommand,
  report: async () => (await import('./report.ts')).reportCommand,
  suite: async () => (await import('./suite.ts')).suiteCommand,
  model: async () => (await import('./model.ts')).modelCommand,
  doctor: async () => (await import('./doctor.ts')).doctorCommand,
};

/** The command line. Returns the exit code and never rejects. */
export async function cli(argv: readonly string[], io: Io): Promise<number> {
  try {
    const [name = '', ...rest] = argv;
    const flags = rest.slice(0, rest.includes('--') ? rest.indexOf('--') : rest.length);
    if (name === '--version') return say(io, `${VERSION}\n`);
    if (name === 'help' || name === '--help' || name === '-h') return say(io, help(rest[0]));
    if (name === '') {
      io.err(help());
      return EXIT['usage-error'];
    }
    if (!isCommand(name)) {
      throw wrong(`there is no command ${JSON.stringify(name)}`, didYouMean(name, Object.keys(COMMANDS)) || 'See `agent-jail --help`.');
    }
    // A suite's commands have help of their own.
    if (name !== 'suite' && (flags.includes('--help') || flags.includes('-h'))) return say(io, help(name));
    const command = await LOAD[name]();
    return await command(rest, io);
  } catch (error) {
    return report(error, io);
  }
}

function report(error: unknown, io: Io): number {
  if (error instanceof UserError) {
    for (const problem of error.problems) io.err(`${problemLine(problem)}\n`);
    return EXIT['usage-error'];
  }
  if (error instanceof JailError) {
    io.err(`${problemLine(error)}\n`);
    return EXIT['jail-error'];
  }
  io.err(`agent-jail: unexpected: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  return EXIT['jail-error'];
}

function isCommand(name: string): name is CommandName {
  return Object.hasOwn(COMMANDS, name);
}

function say(io: Io, text: string): number {
  io.out(text);
  return 0;
}
