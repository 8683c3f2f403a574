import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY } from '../support/jail.ts';
import { type Snapshot, settled, snapshot } from '../support/machine.ts';
import { batch, inJail, patience, probes, script } from './batch.ts';
import { type Backend, Host } from './host.ts';
import { judge, type Judged, looked } from './judge.ts';
import { markup } from './markup.ts';
import { network } from './network.ts';
import { runnerProtocol } from './runner-protocol.ts';
import { secrets } from './secrets.ts';
import { complaints, markdown, rows } from './table.ts';
import { artifacts, forged, killed } from './records.ts';
import { terminals } from './terminals.ts';
import { traps } from './traps.ts';
import { trees } from './trees.ts';

/** These need a step, or two, of their own. */
const ALONE = /^(?:A8|B5|B7|C7-tty|C9-kill-all|C10|D|F)-?/;

export interface Outcome {
  readonly backend: Backend;
  readonly judged: readonly Judged[];
  /** What a batch changed on the machine: batch to differences. */
  readonly left: Readonly<Record<string, readonly string[]>>;
}

/** Everything, against one host; the machine is compared before and after each batch. */
export async function suite(backend: Backend): Promise<Outcome> {
  const judged: Judged[] = [];
  const left: Record<string, readonly string[]> = {};
  const part = async (name: string, run: () => Promise<readonly Judged[]>): Promise<void> => {
    const before: Snapshot = snapshot();
    judged.push(...(await run()));
    left[name] = await settled(before);
  };
  {
    await using host = await Host.make(backend);
    const tree = digest(host);
    await part('secrets and kernel', async () => (await batch(host, ordinary())).judged);
    await part('signals', () => killAll(host));
    await part('background', () => background(host));
    await part('terminals', () => terminals(host));
    await part('disguises', () => secrets(host));
    await part('network', () => network(host));
    await part('trees', () => trees(host));
    await part('traps', () => traps(host));
    await part('forged records', () => forged(host));
    await part('killed', () => killed(host));
    judged.push(...lookAround(host, tree));
  }
  await part('runner', () => runnerProtocol(backend));
  await part('markup', () => markup(backend));
  await part('artifacts', () => artifacts(backend));
  return { backend, judged, left };
}

/** What is tried from within a jail, and what the host saw of it: a part of `suite`, for a backend that is slow. */
export async function contained(backend: Backend): Promise<Outcome> {
  const judged: Judged[] = [];
  const before = snapshot();
  {
    await using host = await Host.make(backend);
    const tree = digest(host);
    judged.push(...(await batch(host, ordinary())).judged);
    for (const part of [killAll, background, terminals, secrets, network]) judged.push(...(await part(host)));
    judged.push(...lookAround(host, tree));
  }
  return { backend, judged, left: { all: await settled(before) } };
}

/** Probes that share one jail. */
export const ordinary = (): string[] => probes().flatMap(({ file }) => (ALONE.test(file) ? [] : [file]));

/** The signal takes the step's own shell with it, and then nobody says how the probe ended: it did if the step was ended like that. */
async function killAll(host: Host): Promise<Judged[]> {
  const file = 'C9-kill-all.pl';
  const { transcript, run } = await inJail(host, `echo 'BEGIN ${file}'; exec perl 'probes/${file}'`);
  const exit = run.steps[0]?.exit;
  // 0: it is the first process of a container itself, which no signal of its own ends.
  const signalled = exit?.signal === 'SIGKILL' || [0, 137, 255].includes(exit?.code ?? 1);
  const whole = signalled ? transcript.replace(/^RESULT C9-kill-all .*\n/m, `$&END ${file} 0\n`) : transcript;
  return judge(
    probes().filter((probe) => probe.file === file),
    whole,
    host.nonce,
    host,
  );
}

/** What a setup step leaves running must be gone in the next step. */
async function background(host: Host): Promise<Judged[]> {
  const [first, second] = ['C10-background.sh', 'C10-next-step.sh'];
  const { transcript } = await inJail(host, script([second], patience(host)), { setup: script([first], patience(host)) });
  const alive = execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes('outlives-its-step') || line.includes('beats/session'));
  return [
    ...judge(
      probes().filter(({ file }) => file === first || file === second),
      transcript,
      host.nonce,
      host,
    ),
    looked('C10-host', transcript.includes('RESULT C10-background'), alive),
  ];
}

/** What the host sees of it all: on its sockets, of its processes, in its files. */
function lookAround(host: Host, before: string): Judged[] {
  const dead = host.victims.flatMap(({ pid, exitCode, signalCode }) =>
    exitCode === null && signalCode === null ? [] : [`process ${pid} ended with ${signalCode ?? exitCode}`],
  );
  return [
    looked('C2-arrived', true, host.arrived),
    looked('C9-victims', host.victims.length === 2, dead),
    looked('C6-host-tree', before !== '', digest(host) === before ? [] : ['files of the host are not as they were']),
  ];
}

/** Names, kinds, modes, owners, sizes, times and contents of everything that was planted; the records lie elsewhere. */
function digest({ workspace, listed, home, temp, secretPlace }: Host): string {
  const hash = createHash('sha256');
  for (const directory of [workspace, listed, home, temp, secretPlace]) {
    hash.update(execFileSync('find', [directory, '-printf', '%p %y %m %U %G %s %T@ %l\\n'], { maxBuffer: 64 << 20 }));
    hash.update(execFileSync('find', [directory, '-type', 'f', '-exec', 'sha256sum', '{}', '+'], { maxBuffer: 64 << 20 }));
  }
  return hash.digest('hex');
}

/** All that is wrong with an outcome; empty: everything was tried, nothing got out, nothing was left. */
export const wrong = ({ judged, left }: Omit<Outcome, 'backend'>): string[] => [
  ...complaints(judged),
  ...Object.entries(left).flatMap(([name, lines]) => lines.map((line) => `after ${name}: ${line}`)),
];

/** Writes `.tmp/redteam-BACKEND.json` and the same as Markdown; returns the table. */
export function report(outcome: Outcome): string {
  const { backend } = outcome;
  const directory = join(REPOSITORY, '.tmp');
  mkdirSync(directory, { recursive: true });
  const table = markdown(backend, outcome.judged);
  const document = { schema: 'agent-jail/redteam@1', backend, rows: rows(outcome.judged), results: outcome.judged, left: outcome.left };
  writeFileSync(join(directory, `redteam-${backend}.json`), `${JSON.stringify(document, null, 2)}\n`);
  writeFileSync(join(directory, `redteam-${backend}.md`), table);
  return table;
}
