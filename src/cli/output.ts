import { LogSanitiser, TerminalSanitiser } from '../transcript/sanitise.ts';
import type { Io } from './io.ts';

/** What makes the steps' output harmless before it is printed. */
export interface Output {
  push(text: string): string;
  flush(): string;
}

/** Under a runner the job's log is parsed for commands; everywhere else someone's terminal may show it. */
export function outputOf(io: Io): Output {
  if (io.env['GITHUB_ACTIONS'] !== 'true') return new TerminalSanitiser({ colours: io.colours });
  const sanitiser = new LogSanitiser();
  const joined = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');
  return { push: (text) => joined(sanitiser.push(text)), flush: () => joined(sanitiser.flush()) };
}
