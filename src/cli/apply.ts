import { relative, resolve } from 'node:path';
import { undo } from '../apply/apply.ts';
import { Refusal } from '../apply/refusal.ts';
import { findTarget } from '../apply/target.ts';
import type { HostPath, Sha256 } from '../model/names.ts';
import type { PolicySource } from '../model/protocol.ts';
import { forTerminal } from '../transcript/sanitise.ts';
import { parse, wrong } from './args.ts';
import type { Args } from './args.ts';
import { bring, STATE_EXIT } from './bring.ts';
import type { BringWish, Brought } from './bring.ts';
import { callerIdentity, personOf } from './identity.ts';
import { json } from './io.ts';
import type { Io } from './io.ts';
import { Only } from './only.ts';
import { loadPolicy } from './policy.ts';
import { withRemedy } from './problem.ts';

const OPTIONS = {
  to: 'string',
  expect: 'string',
  policy: 'string',
  only: 'string',
  check: 'boolean',
  commit: 'string',
  author: 'string',
  'on-review': 'string',
  'runs-later': 'string',
  repository: 'string',
  run: 'string',
  forks: 'string',
  undo: 'boolean',
  json: 'boolean',
} as const;

/** `agent-jail apply DIR --to DIR --expect SHA256`, and `agent-jail apply --undo --to DIR`. */
export async function applyCommand(argv: readonly string[], io: Io): Promise<number> {
  const args = parse(argv, OPTIONS, 1);
  if (args.options['undo'] !== undefined) return await undoCommand(args, io);
  const brought = await bring(await wishOf(args, io));
  if (args.options['json'] !== undefined) json(io, documentOf(brought));
  else print(brought, io);
  return STATE_EXIT[brought.state];
}

async function wishOf({ options, positionals: [record] }: Args, io: Io): Promise<BringWish> {
  const { expect, policy: file, commit: message, author } = options;
  if (record === undefined) throw wrong('which record? agent-jail apply DIR --to DIR --expect SHA256');
  if (expect === undefined) throw wrong('--expect is missing', EXPECT);
  if (!/^[0-9a-f]{64}$/.test(expect)) throw wrong('--expect is not a SHA-256 of 64 hexadecimal digits', EXPECT);
  if (author !== undefined && message === undefined) throw wrong('--author only means something together with --commit');
  if (message?.trim() === '') throw wrong('--commit is empty', 'Give the message of the commit.');
  const person = author === undefined ? null : personOf(author);
  if (author !== undefined && person === null) throw wrong(`--author ${JSON.stringify(author)} is not Name <address>`);
  const to = target(options, io);
  const { policy, source } = await loadPolicy(file, io);
  return {
    record: resolve(io.cwd, record) as HostPath,
    to,
    expect: expect as Sha256,
    policy: { policy, source: within(to, source, io) },
    origin: {
      server: null,
      repository: anyOr(options['repository'] ?? io.env['GITHUB_REPOSITORY']),
      run: anyOr(options['run'] ?? io.env['GITHUB_RUN_ID']),
      forks: choice(options, 'forks', ['refuse', 'allow']) === 'allow',
    },
    only: Only.parse(options['only'] ?? '', '--only'),
    allowRunsLater: choice(options, 'runs-later', ['refuse', 'allow']) === 'allow',
    stopOnReview: choice(options, 'on-review', ['pass', 'fail']) === 'fail',
    check: options['check'] !== undefined,
    commit: message === undefined ? null : async ({ top }) => ({ message, ...(person ?? (await callerIdentity(top, io.env))) }),
  };
}
const EXPECT = 'Take it from the run itself (the output `manifest-sha256`, `manifest` of `run --json`), never from the record.';

function target({ to }: Args['options'], io: Io): HostPath {
  if (to === undefined) throw wrong('--to is missing', 'Name the checkout that the changes go into.');
  return resolve(io.cwd, to) as HostPath;
}

/** The policy's file as a path of the checkout, if it is one: then it is protected. */
function within(to: HostPath, source: PolicySource, io: Io): PolicySource {
  return source.kind === 'file' ? { ...source, file: relative(to, resolve(io.cwd, source.file)) } : source;
}

const anyOr = (value: string | undefined): string | null => (value === undefined || value === '' || value === 'any' ? null : value);

function choice<const V extends string>(options: Args['options'], name: string, [first, second]: readonly [V, V]): V {
  const value = options[name] ?? first;
  if (value !== first && value !== second) throw wrong(`--${name} ${JSON.stringify(value)} is not one of ${first}, ${second}`);
  return value as V;
}

async function undoCommand({ options }: Args, io: Io): Promise<number> {
  const to = target(options, io);
  try {
    const done = await undo(await findTarget(to));
    if (options['json'] !== undefined) json(io, { schema: 'agent-jail/apply-undo@1', done });
    else io.out(done === null ? 'nothing to undo\n' : `an apply that was cut off: ${done}\n`);
    return 0;
  } catch (error) {
    if (error instanceof Refusal) throw wrong(error.message, error.remedy);
    throw error;
  }
}

function documentOf({ conclusion, ...rest }: Brought): object {
  const { run, outcome, findings, manifest } = conclusion ?? { run: null, outcome: null, findings: [], manifest: null };
  return { schema: 'agent-jail/apply@1', ...rest, id: run?.id ?? null, outcome, findings, manifest };
}

/** What is told of a record may be a stranger's words. */
function print({ state, because, remedy, what, more, conclusion, changed, leftOut, commit, warnings }: Brought, io: Io): void {
  const line = (text: string): string => `${forTerminal(text).replaceAll('\n', ' ')}\n`;
  for (const warning of warnings) io.err(line(`agent-jail: warning: ${warning}`));
  const fine = STATE_EXIT[state] === 0;
  const say = (text: string): void => (fine ? io.out(text) : io.err(text));
  say(line(`agent-jail: ${state}: ${withRemedy(because, remedy)}`));
  for (const item of what) say(line(`  ${item}`));
  if (more > 0) say(line(`  and ${more} more`));
  if (!fine) return;
  for (const finding of conclusion?.findings ?? []) say(line(`  to be reviewed: ${finding.message}: ${finding.what.join(', ')}`));
  const { ignored = 0, gitDir = 0, unasked = 0 } = leftOut ?? {};
  say(line(`  ${changed} paths; left out: ${ignored} that git ignores, ${gitDir} of git's own directory, ${unasked} not asked for`));
  if (commit !== null) say(line(`  commit ${commit}`));
}
