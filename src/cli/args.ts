import { parseArgs } from 'node:util';
import type { ParseArgsOptionsConfig } from 'node:util';
import { UserError } from '../model/errors.ts';
import { nearest } from '../policy/nearest.ts';

export interface Args {
  /** Options by name; a flag is 'true'. */
  readonly options: Readonly<Record<string, string | undefined>>;
  readonly positionals: readonly string[];
  /** What stands after `--`, untouched; null without one. */
  readonly rest: readonly string[] | null;
}

/** Parses a command's arguments strictly. Throws a UserError that names the nearest option. */
export function parse(argv: readonly string[], options: Readonly<Record<string, 'string' | 'boolean'>>, positionals: number): Args {
  const end = argv.indexOf('--');
  const own = end === -1 ? argv : argv.slice(0, end);
  const config: ParseArgsOptionsConfig = Object.fromEntries(Object.entries(options).map(([name, type]) => [name, { type }]));
  let parsed: ReturnType<typeof parseArgs>;
  try {
    parsed = parseArgs({ args: [...own], options: config, strict: true, allowPositionals: true, tokens: true });
  } catch (error) {
    throw wrong(error instanceof Error ? (error.message.split('. ')[0] ?? '') : String(error), hint(own, Object.keys(options)));
  }
  if (parsed.positionals.length > positionals) {
    const remedy = 'A command for the jail stands after `--`: agent-jail run -- CMD …';
    throw wrong(`too many arguments: ${JSON.stringify(parsed.positionals[positionals])}`, 'policy' in options ? remedy : '');
  }
  const values = Object.entries(parsed.values).map(([name, value]) => [name, String(value)]);
  return { options: Object.fromEntries(values), positionals: parsed.positionals, rest: end === -1 ? null : argv.slice(end + 1) };
}

/** For a command that takes any number of arguments. */
export const parseMany = (argv: readonly string[], options: Readonly<Record<string, 'string' | 'boolean'>>): Args =>
  parse(argv, options, Number.POSITIVE_INFINITY);

/** A usage error of the command line: it has no place in a file. */
export function wrong(message: string, remedy = ''): UserError {
  return new UserError([{ message, remedy, place: null }]);
}

/** `Did you mean …?`, or ''. */
export function didYouMean(value: string, allowed: readonly string[], prefix = ''): string {
  const best = nearest(value, allowed);
  return best === null ? '' : `Did you mean \`${prefix}${best}\`?`;
}

function hint(argv: readonly string[], known: readonly string[]): string {
  const unknown = argv
    .filter((word) => word.startsWith('-'))
    .map((word) => word.replace(/^-+/, '').split('=')[0] ?? '')
    .find((name) => name !== '' && !known.includes(name));
  return unknown === undefined ? '' : didYouMean(unknown, known, '--');
}
