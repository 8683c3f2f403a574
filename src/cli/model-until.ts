import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { wrong } from './args.ts';
import type { Io } from './io.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Returns its exit code: asked to end, it has done what it was for. */
export async function untilSignal(): Promise<number> {
  await new Promise<void>((ended) => {
    for (const signal of SIGNALS) process.once(signal, () => ended());
  });
  return 0;
}

/** Runs CMD with the addresses of a model in its environment. Returns its exit code, as a shell gives it. Throws a UserError. */
export async function whileRunning([program, ...args]: readonly [string, ...string[]], url: string, io: Io): Promise<number> {
  const bases = { ANTHROPIC_BASE_URL: url, OPENAI_BASE_URL: `${url}/v1`, GOOGLE_GEMINI_BASE_URL: url, GEMINI_BASE_URL: url };
  const child = spawn(program, args, { stdio: 'inherit', cwd: io.cwd, env: { ...io.env, ...bases } });
  const pass = (signal: NodeJS.Signals): void => {
    // A terminal has told CMD already, and many programs take a second one for impatience.
    if (signal !== 'SIGINT' || process.stdin.isTTY !== true) child.kill(signal);
  };
  for (const signal of SIGNALS) process.on(signal, pass);
  try {
    return await new Promise<number>((ended, failed) => {
      child.once('error', (error: NodeJS.ErrnoException) =>
        failed(wrong(`cannot start ${program}: ${error.code === 'ENOENT' ? 'there is no such program' : error.message}`)),
      );
      child.once('exit', (code, signal) => ended(code ?? 128 + (signal === null ? 0 : constants.signals[signal])));
    });
  } finally {
    for (const signal of SIGNALS) process.off(signal, pass);
  }
}
