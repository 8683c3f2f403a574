import { closeSync } from 'node:fs';
import type { Stats } from 'node:fs';
import type { HostPath } from '../model/names.ts';
import { type AgentName, SESSIONS } from '../model/trajectory.ts';
import { NdjsonWriter } from '../system/ndjson.ts';
import { join, view as bytesOf } from './bytes.ts';
import { readAll } from './content.ts';
import { leftOutFields, type LeftOut, pathFields } from './manifest.ts';
import { readDatabase } from './session-database.ts';
import type { SecretSearch } from './secrets.ts';
import type { View } from './view.ts';

/** What is taken of the agents' own logs. */
const MOST = {
  files: 20,
  /** Bytes of one file, of all of them, and of a line. */
  file: 16 << 20,
  all: 48 << 20,
  line: 2 << 20,
  /** Directories below an agent's folder, one in another, and names that are looked at. */
  depth: 8,
  names: 20_000,
};
export interface Sessions {
  readonly files: number;
  readonly leftOut: readonly LeftOut[];
}
interface Candidate {
  readonly agent: AgentName;
  readonly path: Buffer;
  readonly stat: Stats;
}
export const NO_SESSIONS: Sessions = { files: 0, leftOut: [] };

/**
 * Writes `agent.ndjson`: the logs that these agents left in HOME, as text without secrets, line by line. Regular files only, below real
 * directories: nothing is followed, nothing else is opened. Of too many the newest are taken.
 */
export function writeSessions(
  fd: number,
  header: Readonly<Record<string, unknown>>,
  home: View | null,
  agents: readonly AgentName[],
  search: SecretSearch,
  scratch: HostPath,
): Sessions {
  const writer = new NdjsonWriter(fd, 'agent', header, 'buffer');
  const leftOut: LeftOut[] = [];
  const found = home === null ? [] : agents.flatMap((agent) => [...candidates(home, agent, leftOut)]);
  const chosen = found.sort((a, b) => b.stat.mtimeMs - a.stat.mtimeMs || Buffer.compare(a.path, b.path));
  let room = MOST.all;
  let files = 0;
  for (const { agent, path, stat } of chosen) {
    // Of a database, what may be taken of its rows.
    const size = isDatabase(path) ? MOST.file : Math.min(stat.size, MOST.file);
    if (home === null || files === MOST.files || size > room) {
      leftOut.push({ path, why: files === MOST.files ? 'too many files' : 'too much in all' });
      continue;
    }
    const rows = isDatabase(path) ? readDatabase((log) => openBeside(home, path, log), scratch) : null;
    if (isDatabase(path) && rows === null) {
      leftOut.push({ path, why: 'a database that cannot be read' });
      continue;
    }
    room -= size;
    writer.line({ kind: 'file', agent, ...pathFields('path', path), size: stat.size, cut: rows === null && stat.size > size });
    const lines = rows === null ? textLines(home, path, size, search) : linesOf(search.mask(rows));
    for (const line of lines) writer.line({ kind: 'line', ...line });
    files += 1;
  }
  writer.end({ files, ...leftOutFields(leftOut) });
  return { files, leftOut };
}

/** What looks like a log of this agent's, below its folder. */
function* candidates(home: View, agent: AgentName, leftOut: LeftOut[]): Generator<Candidate> {
  const { under, name } = SESSIONS[agent];
  let top: Buffer = Buffer.alloc(0);
  for (const part of under.split('/')) {
    top = join(top, Buffer.from(part));
    const stat = home.merged.lstat(top);
    if (stat === null) return;
    if (!isOwnDirectory(home, stat)) {
      leftOut.push({ path: top, why: 'not a directory' });
      return;
    }
  }
  const todo = [{ path: top, depth: 0 }];
  let names = MOST.names;
  for (let here = todo.pop(); here !== undefined; here = todo.pop()) {
    for (const child of home.merged.names(here.path)) {
      const path = join(here.path, child);
      if (names-- === 0) {
        leftOut.push({ path: here.path, why: `more than ${MOST.names} names` });
        return;
      }
      const stat = home.merged.lstat(path);
      if (stat === null) continue;
      const called = bytesOf(child).toString('latin1');
      const isLog = name.test(called);
      if (isOwnDirectory(home, stat) && here.depth < MOST.depth) todo.push({ path, depth: here.depth + 1 });
      else if (stat.isDirectory()) leftOut.push({ path, why: 'too deep, or a mount' });
      else if (isLog && !stat.isFile()) leftOut.push({ path, why: 'not a regular file' });
      // What the root had there before is no log of this run.
      else if (isLog && home.upper.lstat(path) !== null) yield { agent, path, stat };
    }
  }
}

const isDatabase = (path: Buffer): boolean => path.toString('latin1').endsWith('.db');

/** The database, or its write-ahead log; null: there is no such regular file. */
function openBeside(home: View, path: Buffer, log: boolean): number | null {
  const at = log ? Buffer.concat([path, Buffer.from('-wal')]) : path;
  return home.merged.lstat(at)?.isFile() === true ? home.merged.open(at) : null;
}

const isOwnDirectory = (home: View, stat: Stats): boolean => stat.isDirectory() && stat.dev === home.device;

/** Some bytes more are read than are kept, so that a secret on the border is seen whole. */
function* textLines(home: View, path: Buffer, size: number, search: SecretSearch): Generator<{ text: string; cut?: number }> {
  const fd = home.merged.open(path);
  let bytes: Buffer;
  try {
    const all = readAll(fd, size + search.longest);
    bytes = search.mask(all, Math.min(size, all.length));
  } finally {
    closeSync(fd);
  }
  yield* linesOf(bytes);
}

function* linesOf(bytes: Buffer): Generator<{ text: string; cut?: number }> {
  for (let from = 0; from < bytes.length; ) {
    const at = bytes.indexOf(10, from);
    const end = at === -1 ? bytes.length : at;
    const most = Math.min(end, from + MOST.line);
    if (end > from) yield { text: bytes.toString('utf8', from, most), ...(most < end ? { cut: end - most } : {}) };
    from = end + 1;
  }
}
