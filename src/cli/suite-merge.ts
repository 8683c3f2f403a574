import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { newId } from '../run/id.ts';
import { mergeTrials } from '../suite/merge.ts';
import { parseMany, wrong } from './args.ts';
import { json, type Io } from './io.ts';
import { resultsFile } from './suite-args.ts';
import { suiteFolder } from './suite-common.ts';

/** `agent-jail suite merge SHARD…`: the results of all shards in one folder. */
export async function suiteMerge(argv: readonly string[], io: Io): Promise<number> {
  const { options, positionals } = parseMany(argv, { out: 'string', 'allow-cut': 'boolean', json: 'boolean' });
  if (positionals.length === 0) throw wrong('which shards? agent-jail suite merge SHARD… --out DIR');
  const out = await suiteFolder(options['out'], newId(), io);
  mkdirSync(out, { recursive: true, mode: 0o700 });
  const file = join(out, 'trials.ndjson');
  const { trials, expected, cut, header } = mergeTrials(
    positionals.map((written) => resultsFile(written, io)),
    file,
    { allowCut: options['allow-cut'] !== undefined },
  );
  for (const path of cut) io.err(`agent-jail: ${path} was cut off; what it lacks is missing\n`);
  if (options['json'] === undefined) io.out(`${file}\n`);
  else json(io, { schema: 'agent-jail/suite-merge@1', suite: header.suite, results: file, trials, expected, cut });
  return 0;
}
