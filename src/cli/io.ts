import { wrong } from './args.ts';

/** What a command may touch of the outside: a test hands in its own. */
export interface Io {
  out(text: string): void;
  err(text: string): void;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** stdout is a terminal. */
  readonly terminal: boolean;
  /** stderr is a terminal that takes a line which is rewritten. */
  readonly live: boolean;
  /** Of the terminal that stderr is. */
  readonly columns?: number | undefined;
  readonly colours: boolean;
}

export function processIo(): Io {
  const env = process.env;
  for (const stream of [process.stdout, process.stderr]) stream.on('error', unlessGone);
  const plain = (env['NO_COLOR'] ?? '') !== '' || env['TERM'] === 'dumb';
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    env,
    get cwd() {
      try {
        return process.cwd();
      } catch {
        throw wrong('the current directory is not there any more', 'Change to one that is.');
      }
    },
    terminal: process.stdout.isTTY === true,
    live: process.stderr.isTTY === true && env['TERM'] !== 'dumb' && (env['CI'] ?? '') === '',
    get columns() {
      return process.stderr.columns;
    },
    colours: process.stdout.isTTY === true && !plain,
  };
}

/** Nobody reads any more, as behind `| head`: what is left to print goes nowhere, and a run still ends with its record. */
function unlessGone(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}

/** Writes a document for programs: one line of JSON. */
export function json(io: Io, value: unknown): void {
  io.out(`${JSON.stringify(value)}\n`);
}
