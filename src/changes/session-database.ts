import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { HostPath } from '../model/names.ts';
import { CLEAN_ENV } from '../system/exec.ts';

/** Bytes of a database and its log, and of the lines of it that are taken. */
export const MOST = { file: 64 << 20, lines: 16 << 20 };
/** s of a processor, bytes of memory, ms in all: what an agent wrote may be made to be slow or large. */
const LIMITS = { cpu: 10, data: 1 << 30, patience: 30_000 };
const CHUNK = 1 << 20;
/** The descriptor of Node's own program in that process. */
const NODE = 3;
/** In `dist/` beside this program, in the sources above it. */
const PROGRAM = ['database.js', '../database.ts'].map((name) => join(import.meta.dirname, name)).find((path) => existsSync(path));

/**
 * The rows of a database as lines of text, or null where it cannot be read. It is copied first, with its write-ahead log (a database may have
 * its newest rows there alone), and read by a process without capabilities. `beside`: a descriptor of the database itself, or of its log;
 * null: there is none.
 */
export function readDatabase(beside: (log: boolean) => number | null, scratch: HostPath): Buffer | null {
  if (PROGRAM === undefined) return null;
  const directory = mkdtempSync(join(scratch, 'database-'));
  const open: number[] = [];
  try {
    const copy = join(directory, 'copy.db');
    for (const log of [false, true]) {
      const from = beside(log);
      if (from === null && !log) return null;
      if (from !== null && !copied(from, log ? `${copy}-wal` : copy)) return null;
    }
    const { cpu, data, patience } = LIMITS;
    const argv = [
      '--inh-caps=-all',
      '--ambient-caps=-all',
      '--no-new-privs',
      '--',
      'prlimit',
      `--cpu=${cpu}`,
      `--data=${data}`,
      '--',
      `/proc/self/fd/${NODE}`,
      '--disable-warning=ExperimentalWarning',
      // In `dist/` it is one file, and may lie where only this process can go, as Node may.
      ...(PROGRAM.endsWith('.js') ? ['--input-type=module', '-'] : [PROGRAM]),
      copy,
    ];
    open.push(openSync(PROGRAM, 'r'), openSync(process.execPath, 'r'));
    const [program = 0, node = 0] = open;
    const read = spawnSync('setpriv', argv, {
      env: CLEAN_ENV,
      stdio: [program, 'pipe', 'ignore', node],
      timeout: patience,
      killSignal: 'SIGKILL',
      maxBuffer: MOST.lines,
    });
    return read.status === 0 ? read.stdout : null;
  } finally {
    for (const fd of open) closeSync(fd);
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Closes `from`. False: it is too large. */
function copied(from: number, path: string): boolean {
  const to = openSync(path, 'wx', 0o600);
  try {
    const buffer = Buffer.allocUnsafe(CHUNK);
    for (let at = 0; ; ) {
      const got = readSync(from, buffer, 0, buffer.length, at);
      if (got === 0) return true;
      at += got;
      if (at > MOST.file) return false;
      for (let done = 0; done < got; ) done += writeSync(to, buffer, done, got - done);
    }
  } finally {
    closeSync(from);
    closeSync(to);
  }
}
