import { posix } from 'node:path';
import type { Change } from '../model/changes.ts';
import type { RunDocument } from '../model/record.ts';
import { displayText } from '../record/display.ts';
import type { RecordReader } from '../record/read.ts';
import { absoluteOf } from './paths.ts';
import type { Verifier } from './types.ts';

/** Obeyed by every program that is started. */
const LOADER = /^\/etc\/ld\.so\.(?:preload|cache|conf)(?:$|\.d\/)/;

/**
 * Why it must be thought that the agent touched what judges it; null: it did not. The verifier's own files lie where nothing was, and what it
 * writes to is not there before; in a root that the agent left, no program that it may run is another than before.
 */
export async function tamperedBy(record: RecordReader, run: RunDocument, { files, empty, root }: Verifier): Promise<string | null> {
  const own = [...(files === null ? [] : [files.target]), ...empty];
  const programs = root === 'fresh' ? new Set<string>() : directoriesOf(run.path ?? '');
  for await (const change of record.lines('changes.ndjson')) {
    if (change.op === 'touched') continue;
    for (const path of pathsOf(change, run)) {
      const target = own.find((place) => path === place || path.startsWith(`${place}/`) || place.startsWith(`${path}/`));
      // A directory above it that was there before may have got another time or owner; it is not in its way.
      const above = target !== undefined && target.startsWith(`${path}/`) && 'after' in change && change.after.type === 'directory';
      if (target !== undefined && !above) return `the agent put ${displayText(path)} where the verifier has ${target}`;
      if (root === 'fresh' || change.layer === 'workspace') continue;
      if (programs.has(posix.dirname(path))) return `the agent changed ${displayText(path)}, which is a program that the verifier may run`;
      // Another directory, or a link, in its place brings other programs; what was moved away is not told file by file.
      const stays = 'after' in change && change.after.type === 'directory' && change.op !== 'renamed';
      if (!stays && [...programs].some((directory) => directory === path || directory.startsWith(`${path}/`)))
        return `the agent changed ${displayText(path)}, where the verifier looks for programs`;
      if (LOADER.test(path)) return `the agent changed ${displayText(path)}, which every program of the verifier obeys`;
    }
  }
  return null;
}

/** Those of a PATH; `/bin` and `/usr/bin` are mostly the same. */
function directoriesOf(path: string): Set<string> {
  const listed = path
    .split(':')
    .filter((one) => one.startsWith('/'))
    .map((one) => posix.normalize(one).replace(/(?<=.)\/$/, ''));
  return new Set(
    listed.flatMap((one) => [
      one,
      ...(/^(?:\/usr)?\/s?bin$/.test(one) ? [one.replace(/^\/usr/, ''), `/usr${one.replace(/^\/usr/, '')}`] : []),
    ]),
  );
}

function pathsOf(change: Change, run: RunDocument): string[] {
  const paths = change.op === 'renamed' ? [change.from, change.path] : [change.path];
  return paths.map((path) => absoluteOf(change.layer, Buffer.from(path).toString('utf8'), run.workspace));
}
