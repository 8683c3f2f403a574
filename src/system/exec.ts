import { execFile } from 'node:child_process';

/** Directories searched for the machine's own programs; the caller's PATH is never used for what runs with privilege. */
export const SYSTEM_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
/**
 * Pure: the whole environment of a helper program. On Windows, where nothing of ours has privilege and programs lie anywhere, the caller's
 * PATH, and the directory of the system, without which programs do not start there.
 */
export function cleanEnv(platform: string, env: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> {
  const bare = { LANG: 'C.UTF-8', LC_ALL: 'C.UTF-8' };
  if (platform !== 'win32') return { PATH: SYSTEM_PATH, ...bare };
  const of = (name: string): string => Object.entries(env).find(([one]) => one.toUpperCase() === name)?.[1] ?? '';
  return { PATH: of('PATH'), SystemRoot: of('SYSTEMROOT'), ...bare };
}
export const CLEAN_ENV = cleanEnv(process.platform, process.env);

/**
 * V8 without work on other threads, for our own Node processes: `process.exit` waits for those threads, and one that waits for a garbage
 * collection of the main thread meanwhile never ends. Not `--single-threaded`, which is more than that: with it V8 does not take the code that
 * Node brings of its own modules, and compiles them anew, which is a fifth of such a process's start.
 */
export const SINGLE_THREADED = ['--single-threaded-gc', '--no-concurrent-recompilation', '--no-concurrent-sparkplug'] as const;

export interface ExecOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly input?: string | Uint8Array;
  /** ms; default 60,000. */
  readonly timeout?: number;
  /** Bytes of stdout and of stderr; a program that prints more is killed. Default 1 MiB. */
  readonly maxBuffer?: number;
}
export interface ExecResult {
  /** null: not started, or ended by a signal. */
  readonly code: number | null;
  readonly signal: string | null;
  /** Without the last line break. */
  readonly stdout: string;
  readonly stderr: string;
  /** The program is not there. */
  readonly missing: boolean;
  readonly timedOut: boolean;
}
export type ExecBytes = Omit<ExecResult, 'stdout' | 'stderr'> & { readonly stdout: Buffer; readonly stderr: Buffer };

/** Runs a trusted helper program to its end. Never rejects, never inherits the environment. Not for anything an agent writes to. */
export async function exec(argv: readonly [string, ...string[]], options: ExecOptions = {}): Promise<ExecResult> {
  const { stdout, stderr, ...result } = await execBytes(argv, options);
  return { ...result, stdout: text(stdout), stderr: text(stderr) };
}

/** `exec` for output that is not text, which stays as it is. */
export function execBytes([file, ...args]: readonly [string, ...string[]], options: ExecOptions = {}): Promise<ExecBytes> {
  const { env = CLEAN_ENV, cwd, input = '', timeout = 60_000, maxBuffer = 1 << 20 } = options;
  return new Promise((resolve) => {
    const child = execFile(
      file,
      args,
      { env, cwd, timeout, maxBuffer, killSignal: 'SIGKILL', encoding: 'buffer' },
      (error, stdout, stderr) => {
        const code = error === null ? 0 : typeof error.code === 'number' ? error.code : null;
        const missing = error?.code === 'ENOENT';
        // Too much output also ends in a kill, with a code of its own.
        const timedOut = error?.killed === true && typeof error.code !== 'string';
        resolve({ code, signal: error?.signal ?? null, stdout, stderr, missing, timedOut });
      },
    );
    child.stdin?.on('error', () => {}); // it does not read, or is not there
    child.stdin?.end(input);
  });
}
const text = (bytes: Buffer): string => bytes.toString('utf8').replace(/\r?\n$/, '');

/** One line for an error message: what failed and what it said. */
export function failure(argv: readonly string[], result: ExecResult): string {
  const how = result.missing ? 'is not there' : result.timedOut ? 'did not end in time' : `ended with ${result.signal ?? result.code}`;
  const said = result.stderr.trim().split('\n').slice(-3).join(' / ').slice(0, 500);
  return `${argv[0]} ${how}${said === '' ? '' : `: ${said}`}`;
}
