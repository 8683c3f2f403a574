import { StringDecoder } from 'node:string_decoder';
import type { Redactor } from '../transcript/redact.ts';
import { LogSanitiser, TerminalSanitiser } from '../transcript/sanitise.ts';
import type { Io } from './io.ts';

/** What makes the steps' output harmless before it is printed. */
export interface Output {
  push(text: string): string;
  flush(): string;
}

/**
 * Under a runner the job's log is parsed for commands; everywhere else someone's terminal may show it. What is taken out may have stood
 * within a secret, so what is left is redacted once more.
 */
export function outputOf(io: Io, redactor: Redactor): Output {
  return io.env['GITHUB_ACTIONS'] === 'true' ? forRunner(redactor) : forReader(redactor, io.colours);
}

function forRunner(redactor: Redactor): Output {
  const sanitiser = new LogSanitiser((line) => redactor.redactText(line));
  const joined = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');
  return { push: (text) => joined(sanitiser.push(text)), flush: () => joined(sanitiser.flush()) };
}

function forReader(redactor: Redactor, colours: boolean): Output {
  const sanitiser = new TerminalSanitiser({ colours });
  // What the redactor holds back may begin within a character.
  const decoder = new StringDecoder('utf8');
  const push = (text: string): string => decoder.write(redactor.push(Buffer.from(text)));
  return {
    push: (text) => push(sanitiser.push(text)),
    flush: () => push(sanitiser.flush()) + decoder.end(redactor.flush()),
  };
}
