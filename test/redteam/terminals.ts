import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CLI, ENGINE, NODE } from '../support/jail.ts';
import { patience, policyFor, probes, script } from './batch.ts';
import type { Host } from './host.ts';
import { judge, type Judged, looked } from './judge.ts';

const FILE = 'C7-tty.pl';
const BEGUN = 'before the sequences';
/** What makes a terminal do something, or answer: clipboard, title, where the cursor is, what it is, its settings, and private strings. */
const SEQUENCES = [
  '\x1b]52;c;AAAA\x07',
  '\x1b]0;title\x07',
  '\x1b[6n',
  '\x1b[c',
  '\x1b[21t',
  '\x1bP$q"p\x1b\\',
  '\x1b_a\x1b\\',
  '\x1b^b\x1b\\',
  '\x9b6n',
];
/** Waits a second for input that nobody gave. */
const LISTEN = `vec($r, 0, 1) = 1; print "HOST-INPUT ", (select($r, undef, undef, 1) && sysread(STDIN, $b, 64) ? unpack("H*", $b) : "none"), "\\n"`;

/**
 * C7 in a step with a terminal, of a run that is started on one: nothing that the agent does with its own reaches that one. `typed`: comes
 * from the keyboard there, to see that it would be noticed.
 */
export async function terminals(host: Host, typed = ''): Promise<Judged[]> {
  const at = mkdtempSync(join(host.directory, 'terminal-'));
  const [policy, steps, out] = [join(at, 'policy.yml'), join(at, 'steps.yml'), join(at, 'record')];
  writeFileSync(policy, policyFor(host));
  const print = SEQUENCES.map((text) => [...Buffer.from(text, 'latin1')].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join(''));
  const run = `${script([FILE], patience(host))}\necho '${BEGUN}'; printf '${print.join('')}\\n'`;
  writeFileSync(steps, JSON.stringify([{ name: 'tty', shell: 'sh {0}', tty: true, run }]));
  const command = [NODE, CLI, 'run', '--backend', host.backend, '--policy', policy, '--steps', steps, '--out', out];
  const shown = await onTerminal(`${command.map((word) => `'${word}'`).join(' ')}; perl -e '${LISTEN}'`, host, typed);

  const printed = readFileSync(join(out, 'transcript.log'), 'latin1');
  const judged = judge(
    probes().filter(({ file }) => file === FILE),
    printed.replaceAll('\r\n', '\n'),
    host.nonce,
    host,
  );
  const input = /HOST-INPUT (\S+)/.exec(shown)?.[1];
  return [
    ...judged,
    looked('C7-tty-typed', input !== undefined, input === 'none' ? [] : [`the terminal outside was typed to: ${input}`], shown.slice(-300)),
    looked(
      'C7-tty-shown',
      shown.includes(BEGUN) && SEQUENCES.every((text) => printed.includes(text)),
      SEQUENCES.filter((text) => shown.includes(text)).map((text) => `${JSON.stringify(text)} reached the terminal outside`),
      `the step did not print it all, or it was not shown: ${shown.slice(-300)}`,
    ),
  ];
}

/** Runs a shell command on a terminal that is read here; script(1). */
async function onTerminal(command: string, host: Host, typed: string): Promise<string> {
  const child = spawn('script', ['--quiet', '--return', '--command', command, '/dev/null'], {
    cwd: host.workspace,
    env: { ...host.env, ...ENGINE, TERM: 'xterm-256color', SHELL: '/bin/sh' },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stdin.on('error', () => {}); // it may be gone
  if (typed !== '') child.stdin.write(typed);
  await new Promise((resolve) => child.once('close', resolve));
  child.stdin.destroy();
  return Buffer.concat(chunks).toString('latin1');
}
