import { UserError } from '../model/errors.ts';
import type { Place } from '../model/names.ts';

export interface Shell {
  /** The program and its arguments; `{0}` in an argument stands for the script's path. */
  readonly argv: readonly string[];
  /** Extension of the script file, with the dot, or ''. */
  readonly extension: string;
}

/** `shell` of a workflow's `run`: what the runner starts for each name (actions/runner, ScriptHandlerHelpers). */
const BUILT_IN: Readonly<Record<string, readonly string[]>> = {
  bash: ['bash', '--noprofile', '--norc', '-e', '-o', 'pipefail', '{0}'],
  sh: ['sh', '-e', '{0}'],
  python: ['python', '{0}'],
  pwsh: ['pwsh', '-command', ". '{0}'"],
  node: ['node', '{0}'],
};
/** Where no shell is named: bash again, but without `pipefail`. */
const DEFAULT: Shell = { argv: ['bash', '-e', '{0}'], extension: '.sh' };
const EXTENSIONS: Readonly<Record<string, string>> = { bash: '.sh', sh: '.sh', python: '.py', pwsh: '.ps1', node: '.js' };

/** What runs a step's script, by the rules of GitHub's runner. Throws UserError for a name that is none and a template without `{0}`. */
export function resolveShell(shell: string | null, place: Place | null = null): Shell {
  if (shell === null) return DEFAULT;
  const [program, ...template] = splitArguments(shell.trim());
  const builtIn = Object.hasOwn(BUILT_IN, shell.trim()) ? BUILT_IN[shell.trim()] : undefined;
  const extension = program !== undefined && Object.hasOwn(EXTENSIONS, program) ? (EXTENSIONS[program] as string) : '';
  if (builtIn !== undefined) return { argv: builtIn, extension };

  const names = Object.keys(BUILT_IN).join(', ');
  const wrong = (message: string, remedy: string) =>
    new UserError([{ message: `shell: ${JSON.stringify(shell)} ${message}`, place, remedy }]);
  if (program === undefined) throw wrong('names no program', `write one of ${names}, or a command with {0} for the script`);
  if (!template.some((argument) => argument.includes('{0}')))
    throw wrong(
      template.length === 0 ? 'is not a known shell' : 'does not say where the script goes',
      `write one of ${names}, or a command with {0} for the script: \`${program} {0}\``,
    );
  const argv = [program, ...template];
  if (argv.some((argument) => /[{}]/.test(argument.replaceAll('{0}', ''))))
    throw wrong('has a brace that is not part of {0}', 'put the command into a script of the workspace, and name that');
  return { argv, extension };
}

/**
 * The text of the script file. Line ends of Windows are part of the last word to a shell of Linux's: they become its own. PowerShell needs
 * lines around it to stop at errors and to end with the last program's code.
 */
export function scriptText(shell: Shell, run: string): string {
  const lines = run.replaceAll('\r\n', '\n');
  const text = lines.endsWith('\n') ? lines : `${lines}\n`;
  if (shell.extension !== '.ps1') return text;
  return `$ErrorActionPreference = 'stop'\n${text}if ((Test-Path -LiteralPath variable:\\LASTEXITCODE)) { exit $LASTEXITCODE }\n`;
}

/**
 * Splits a command as .NET does for the runner: blanks separate, double quotes hold together, `\"` is a quote, two quotes inside
 * quotes are one. Single quotes mean nothing.
 */
function splitArguments(text: string): string[] {
  const found: string[] = [];
  let current: string | null = null;
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at] as string;
    if (!quoted && /\s/.test(char)) {
      if (current !== null) found.push(current);
      current = null;
      continue;
    }
    current ??= '';
    if (char === '"' && quoted && text[at + 1] === '"') {
      current += '"';
      at += 1;
    } else if (char === '"') quoted = !quoted;
    else if (char === '\\') {
      let end = at;
      while (text[end] === '\\') end += 1;
      const count = end - at;
      const escapes = text[end] === '"';
      current += '\\'.repeat(escapes ? Math.floor(count / 2) : count);
      at = end - 1;
      if (escapes && count % 2 === 1) {
        current += '"';
        at = end;
      }
    } else current += char;
  }
  if (current !== null) found.push(current);
  return found;
}
