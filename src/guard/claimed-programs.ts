import type { Finding } from '../model/changes.ts';
import type { ProgramsRecord } from '../model/programs.ts';
import type { Trajectory } from '../model/trajectory.ts';
import { displayText } from '../record/display.ts';
import type { RecordReader } from '../record/read.ts';
import { Bag, counted } from './bag.ts';
import { MISMATCH } from './claims.ts';

/** Tools that run a command, by the argument that has it. */
const RUNS: Readonly<Record<string, readonly string[]>> = {
  command: ['Bash', 'bash', 'shell', 'run_shell_command', 'command_execution'],
  cmd: ['exec_command', 'bash'],
};
/** Words with which no program needs to run: of shells, and functions that many bring along. */
const NO_PROGRAM = new Set(
  `alias bg bind break builtin caller case cd command compgen complete continue coproc declare dirs disown do done echo elif else enable esac
  eval exec exit export false fc fg fi for function getopts hash help history if in jobs kill let local logout mapfile popd printf pushd pwd
  read readarray readonly return select set shift shopt source suspend test then time times trap true type typeset ulimit umask unalias unset
  until wait while nvm sdk rvm conda mamba workon deactivate`.split(/\s+/),
);
/** A program with its arguments, and nothing before it that a shell would act on. */
const PLAIN = /^([A-Za-z][\w.+-]*)(?=\s|$)/;

const INTERPRETERS = /(?:^|\/)(?:\w*sh|env|busybox|python[\d.]*|node|bun|deno|perl|ruby|php|java|npm|npx|uv|make)$/;

/** Programs that an agent says it ran, by tools that did not fail; only those of which nothing else can be meant. Pure. */
export function claimedPrograms({ steps }: Pick<Trajectory, 'steps'>): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { tool_calls: calls = [], observation } of steps) {
    for (const { tool_call_id: id, function_name: tool, arguments: args } of calls) {
      const result = observation?.results.find(({ source_call_id: of }) => of === id);
      if (result === undefined || result.extra?.['failed'] === true) continue;
      const argument = Object.keys(RUNS).find((key) => RUNS[key]?.includes(tool) === true && typeof args[key] === 'string');
      const [, name] = PLAIN.exec(argument === undefined ? '' : String(args[argument]).trim()) ?? [];
      if (name !== undefined && !NO_PROGRAM.has(name)) names.add(name);
    }
  }
  return names;
}

/**
 * Programs that the agent says it ran, and that the kernel did not see: neither as a program nor among the arguments of one, as a script is.
 * Where processes may be missing from the log, nothing is certain. @throws RecordError
 */
export async function unseenPrograms(
  trajectory: Trajectory,
  programs: ProgramsRecord | undefined,
  record: RecordReader,
): Promise<Finding[]> {
  if (programs === undefined || programs.source === 'none' || programs.lost > 0 || programs.omitted > 0) return [];
  const missing = new Set(claimedPrograms(trajectory));
  if (missing.size === 0) return [];
  const lines = record.lines('programs.ndjson');
  for await (const { program, argv } of lines) {
    // One that reads scripts, and was gone before its arguments were looked at, may have been of any name.
    if (argv === null && INTERPRETERS.test(program ?? '')) return [];
    for (const word of [program ?? '', ...(argv ?? [])]) missing.delete(word.slice(word.lastIndexOf('/') + 1));
  }
  if (!lines.complete || missing.size === 0) return [];
  const bag = new Bag();
  for (const name of [...missing].sort()) bag.add(displayText(name));
  return [bag.finding(MISMATCH, `${counted(bag.count, 'program')} that the agent says it ran, and that did not run`)];
}
