import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import type { HostPath } from '../model/names.ts';
import type { Conclusion } from '../record/conclusion.ts';
import { RecordError } from '../record/error.ts';
import { openRecordDir } from '../record/read.ts';
import { verify } from '../record/verify.ts';
import { derive } from '../report/derive.ts';
import { forTerminal } from '../transcript/sanitise.ts';
import { makeCast } from '../transcript/cast.ts';
import { parse, wrong } from './args.ts';
import { json } from './io.ts';
import type { Io } from './io.ts';
import { VERIFY_CODES } from './verify.ts';

/** `agent-jail report DIR`. The record is not touched: its verdict names the files that were made with it. */
export async function reportCommand(argv: readonly string[], io: Io): Promise<number> {
  const { options, positionals } = parse(argv, { out: 'string', cast: 'string', json: 'boolean' }, 1);
  const [dir] = positionals;
  if (dir === undefined) throw wrong('which record? agent-jail report DIR');
  const cast = options['cast'] ?? 'v2';
  if (cast !== 'v2' && cast !== 'v3') throw wrong(`${JSON.stringify(cast)} is not one of v2, v3`);
  const record = resolve(io.cwd, dir) as HostPath;
  const out = resolve(io.cwd, options['out'] ?? `${record}.report`);

  const conclusion = readConclusion(record);
  const { state } = await verify(record);
  const base = `${relative(out, record).split('/').map(encodeURIComponent).join('/')}/`;
  const files = { ...(await derive(conclusion, { makeCast, version: cast === 'v2' ? 2 : 3, base })), 'transcript.txt': copied(conclusion) };
  makeFolder(out);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(out, name), text, { mode: 0o600, flag: 'wx' });
  if (options['json']) json(io, { schema: 'agent-jail/report@1', state, files: Object.keys(files).map((name) => join(out, name)) });
  else io.out(`${join(out, 'report.html')}\n`);
  if (state !== 'intact') io.err(`agent-jail: the record is ${state}: \`agent-jail verify\` says more\n`);
  return VERIFY_CODES[state];
}

/** As the record's own verdict says; a run that was cut off may have none. */
function readConclusion(dir: HostPath): Conclusion {
  try {
    const record = openRecordDir(dir);
    const { value: run } = record.document('run.json');
    const verdict = record.size('verdict.json') ? record.document('verdict.json').value : null;
    const { outcome, because, findings, manifest } = verdict ?? CUT_OFF;
    // Read, not made again: nobody here knows what has to be redacted.
    const trajectory = record.size('trajectory.json') ? record.document('trajectory.json').value : null;
    return { run, outcome, because, findings, manifest, trajectory, record };
  } catch (error) {
    if (!(error instanceof RecordError)) throw error;
    throw wrong(`there is no report of this record: ${forTerminal(error.message)}`, '`agent-jail verify` says what is wrong with it.');
  }
}
/** Read, not made again, like the trajectory. */
function copied({ record }: Conclusion): Buffer {
  return Buffer.concat([...record.pieces('transcript.txt')].map((piece) => Buffer.from(piece)));
}

const CUT_OFF = { outcome: 'jail-error', because: 'the run was cut off before its verdict', findings: [], manifest: null } as const;

function makeFolder(out: string): void {
  try {
    mkdirSync(out, { mode: 0o700 });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    const why = code === 'EEXIST' ? 'it is there already' : code;
    throw wrong(`cannot make the folder ${JSON.stringify(out)}: ${why}`, 'Give one that is not there yet: --out DIR.');
  }
}
