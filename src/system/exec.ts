import { execa } from 'execa';

/** Directories searched for the machine's own programs; the caller's PATH is never used for what runs with privilege. */
export const SYSTEM_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
/** The whole environment of a helper program. */
export const CLEAN_ENV: Readonly<Record<string, string>> = { PATH: SYSTEM_PATH, LANG: 'C.UTF-8', LC_ALL: 'C.UTF-8' };

export interface ExecOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly input?: string;
  /** ms; default 60,000. */
  readonly timeout?: number;
}
export interface ExecResult {
  /** null: not started, or ended by a signal. */
  readonly code: number | null;
  readonly signal: string | null;
  /** At most 1 MiB each. */
  readonly stdout: string;
  readonly stderr: string;
  /** The program is not there. */
  readonly missing: boolean;
  readonly timedOut: boolean;
}

/** Runs a trusted helper program to its end. Never rejects, never inherits the environment. Not for anything an agent writes to. */
export async function exec(argv: readonly [string, ...string[]], options: ExecOptions = {}): Promise<ExecResult> {
  const [file, ...args] = argv;
  const result = await execa(file, args, {
    env: options.env ?? CLEAN_ENV,
    extendEnv: false,
    reject: false,
    maxBuffer: 1 << 20,
    timeout: options.timeout ?? 60_000,
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.input === undefined ? { stdin: 'ignore' } : { input: options.input }),
  });
  return {
    code: result.exitCode ?? null,
    signal: result.signal ?? null,
    stdout: result.stdout ?? '',
    stderr: result.stderr ?? '',
    missing: result.code === 'ENOENT',
    timedOut: result.timedOut,
  };
}

/** One line for an error message: what failed and what it said. */
export function failure(argv: readonly string[], result: ExecResult): string {
  const how = result.missing ? 'is not there' : result.timedOut ? 'did not end in time' : `ended with ${result.signal ?? result.code}`;
  const said = result.stderr.trim().split('\n').slice(-3).join(' / ').slice(0, 500);
  return `${argv[0]} ${how}${said === '' ? '' : `: ${said}`}`;
}
