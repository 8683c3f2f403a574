import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, fstatSync, openSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import type { HostPath } from '../model/names.ts';
import { readAll } from './content.ts';
import type { Side } from './entry.ts';
import type { View } from './view.ts';
import type { Doubt } from './walk.ts';
import type { Xattrs } from './xattrs.ts';

/** What was read of one side. */
export interface Ahead {
  readonly xattrs?: Xattrs;
  /** All of a small file, as long as there is room for it: nobody needs to open it again. */
  readonly bytes?: Buffer;
}
/** What was found out about a directory in doubt. */
export interface Doubtless {
  /** It is the base's own; false: that is not known. */
  readonly own: boolean;
  /** What its lowest lower does not have, of git's names. */
  readonly lacks: readonly string[];
}
/** Answers, as far as there is something to say. */
export interface Answers {
  readonly sides: ReadonlyMap<Side, Ahead>;
  readonly directories: ReadonlyMap<Doubt, Doubtless>;
}
type Asked = { readonly side: Side } | { readonly doubt: Doubt };
/** As in readahead.pl. */
const GIT = ['.git', '.gitattributes', '.gitignore'] as const;
interface Perl {
  readonly input: Writable;
  /** Its exit code; null: a signal ended it, or there is none. */
  readonly closed: Promise<number | null>;
  /** What it prints: a file, which it never waits for as it would for a pipe. */
  readonly output: number;
}

/** Bytes of one file (as in readahead.pl), and of all. */
const SMALL = 1 << 16;
const KEPT = 32 << 20;
/** Questions that are handed over at once. */
const TOGETHER = 256;
const [CONTENT, ATTRIBUTES, DIRECTORY, END] = [Buffer.from('f'), Buffer.from('x'), Buffer.from('d'), Buffer.of(0)];

/**
 * Reads what will be wanted while this process still looks for more: extended attributes of sides, ACLs and file capabilities among them,
 * which Node cannot read, what small files hold, and whether a directory is the base's own. Another process does, of perl, which makes the
 * system calls.
 */
export class Readahead {
  readonly #found: string;
  #complete = true;
  #room = KEPT;
  #asked: Asked[] = [];
  #pending: Buffer[] = [];
  #perl: Perl | null = null;

  constructor(scratch: HostPath) {
    this.#found = `${scratch}/found`;
  }

  /** False: the extended attributes of some entries could not be read. */
  get complete(): boolean {
    return this.#complete;
  }

  /** Whether there is enough to be handed over. */
  ask(side: Side): boolean {
    const path = side.tree.absolute(side.path);
    if (path === null) {
      this.#complete = false;
      return false;
    }
    const { type, size } = side.entry;
    const small = type === 'file' && side.inode === null && size <= Math.min(SMALL, this.#room);
    if (small) this.#room -= size;
    this.#asked.push({ side });
    this.#pending.push(small ? CONTENT : ATTRIBUTES, path, END);
    return this.#asked.length % TOGETHER === 0;
  }

  askWhether(doubt: Doubt, { merged, upper }: View): void {
    const [seen, there, own] = [merged.absolute(doubt.path), doubt.base.lowest.absolute(doubt.path), upper.absolute(doubt.path)];
    if (seen === null || there === null || own === null) return;
    this.#asked.push({ doubt });
    this.#pending.push(DIRECTORY, seen, END, there, END, own, END);
  }

  /** To all questions since the last time, as far as there is something to say. */
  async all(): Promise<Answers> {
    if (this.#asked.length === 0) return { sides: new Map(), directories: new Map() };
    const { closed, input, output } = await this.handOver();
    const asked = this.#asked;
    [this.#asked, this.#perl] = [[], null];
    try {
      input.end();
      if ((await closed) !== 0) this.#complete = false;
      return parse(readAll(output, fstatSync(output).size), asked);
    } finally {
      closeSync(output);
      rmSync(this.#found);
    }
  }

  async handOver(): Promise<Perl> {
    this.#perl ??= start(this.#found);
    const { input } = this.#perl;
    const paths = Buffer.concat(this.#pending);
    this.#pending = [];
    // Where it has ended, its exit code says so.
    await new Promise((resolve) => input.write(paths, resolve));
    return this.#perl;
  }
}

function start(found: string): Perl {
  const output = openSync(found, 'wx+', 0o600);
  const env = { PATH: process.env['PATH'] ?? '/usr/bin:/bin', LC_ALL: 'C' };
  const perl = spawn('perl', [join(import.meta.dirname, 'readahead.pl')], { env, stdio: ['pipe', output, 'ignore'] });
  const input = perl.stdin as Writable;
  input.on('error', () => {});
  const closed = once(perl, 'close').then(
    ([code]) => code as number | null,
    () => null,
  );
  return { input, closed, output };
}

/** Lines of readahead.pl; a last one without an end is that of a process that was ended. */
function parse(found: Buffer, asked: readonly Asked[]): Answers {
  const sides = new Map<Side, { xattrs?: Record<string, string>; bytes?: Buffer }>();
  const directories = new Map<Doubt, Doubtless>();
  for (let at = 0, end = 0; (end = found.indexOf(0x0a, at)) !== -1; at = end + 1) {
    const [number, kind, first = '', second = ''] = found.toString('latin1', at, end).split(' ');
    const one = asked[Number(number)] as Asked;
    if ('doubt' in one) {
      directories.set(one.doubt, { own: first === '1', lacks: GIT.filter((_, place) => second[place] === '0') });
      continue;
    }
    const ahead = sides.get(one.side) ?? {};
    sides.set(one.side, ahead);
    if (kind === 'a') (ahead.xattrs ??= {})[Buffer.from(first, 'hex').toString('latin1')] = Buffer.from(second, 'hex').toString('base64');
    else {
      const bytes = found.subarray(end + 1, end + 1 + Number(first));
      if (bytes.length === Number(first)) ahead.bytes = bytes;
      end += bytes.length;
    }
  }
  return { sides, directories };
}
