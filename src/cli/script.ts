/**
 * A POSIX shell script that becomes the given program with exactly these arguments. Single quotes take everything literally but a
 * single quote itself (POSIX, Shell Command Language, 2.2.2), so nothing in an argument is ever expanded. `argv` must not be empty.
 */
export function scriptOf(argv: readonly string[]): string {
  return `exec ${argv.map(quote).join(' ')}\n`;
}

function quote(argument: string): string {
  return `'${argument.replaceAll("'", "'\\''")}'`;
}
