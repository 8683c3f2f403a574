import type { Io } from '../cli/io.ts';
import { variable } from './environment.ts';
import type { Environment } from './environment.ts';
import { oneLine } from './log.ts';

/** A command of the command line within a step: what it prints for programs is kept, what it tells people goes to the job's log. */
export async function spoken(
  env: Environment,
  command: (io: Io) => Promise<number>,
): Promise<{ readonly code: number; readonly out: string }> {
  const core = await import('@actions/core');
  let out = '';
  const io: Io = {
    out: (text) => void (out += text),
    err: (text) => {
      for (const line of text.split('\n')) if (line !== '') core.info(oneLine(line));
    },
    env,
    cwd: variable(env, 'GITHUB_WORKSPACE'),
    terminal: false,
    live: false,
    colours: false,
  };
  const code = await command(io);
  return { code, out };
}
