import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, fstatSync, openSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import type { HostPath } from '../model/names.ts';
import { readAll } from './content.ts';
import { lines } from '../system/lines.ts';
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
/** Bytes of one file (as in readahead.pl), and of all. */
const SMALL = 1 << 16;
const KEPT = 32 << 20;
/** Of a line that says how much has been printed. */
const LINE = 100;
/** What begins a question, as there. */
const ASK = { content: Buffer.from('f'), attributes: Buffer.from('x'), directory: Buffer.from('d'), part: Buffer.from('e') };
const END = Buffer.of(0);

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
  #questions: Buffer[] = [];
  #perl: Perl | null = null;

  constructor(scratch: HostPath) {
    this.#found = `${scratch}/found`;
  }

  ask(side: Side): void {
    const path = side.tree.absolute(side.path);
    if (path === null) {
      this.#complete = false;
      return;
    }
    const { type, size } = side.entry;
    const small = type === 'file' && side.inode === null && size <= Math.min(SMALL, this.#room);
    if (small) this.#room -= size;
    this.#asked.push({ side });
    this.#questions.push(small ? ASK.content : ASK.attributes, path, END);
  }

  askWhether(doubt: Doubt, { merged, upper }: View): void {
    const [seen, there, own] = [merged.absolute(doubt.path), doubt.base.lowest.absolute(doubt.path), upper.absolute(doubt.path)];
    if (seen === null || there === null || own === null) return;
    this.#asked.push({ doubt });
    this.#questions.push(ASK.directory, seen, END, there, END, own, END);
  }

  /** To all questions since the last time, as far as there is something to say. They are asked now. */
  async answers(): Promise<Answers> {
    const asked = this.#asked;
    if (asked.length === 0) return { sides: new Map(), directories: new Map() };
    this.#perl ??= new Perl(this.#found);
    const questions = Buffer.concat([...this.#questions, ASK.part, END]);
    [this.#asked, this.#questions] = [[], []];
    return parse(await this.#perl.part(questions), asked);
  }

  /** False: the extended attributes of some entries could not be read. Nothing is asked after this. */
  async end(): Promise<boolean> {
    if (this.#perl !== null && (await this.#perl.end()) !== 0) this.#complete = false;
    this.#perl = null;
    return this.#complete;
  }
}

/** The process, and what it prints: a file, which it never waits for as it would for a pipe. */
class Perl {
  readonly #found: string;
  readonly #output: number;
  readonly #input: Writable;
  readonly #parts: AsyncIterator<string>;
  readonly #closed: Promise<number | null>;
  #done = 0;
  /** One part after the other. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(found: string) {
    this.#found = found;
    this.#output = openSync(found, 'wx+', 0o600);
    const env = { PATH: process.env['PATH'] ?? '/usr/bin:/bin', LC_ALL: 'C' };
    const script = join(import.meta.dirname, 'readahead.pl');
    const perl = spawn('perl', [script], { env, stdio: ['pipe', this.#output, 'ignore', 'pipe'] });
    this.#input = perl.stdin as Writable;
    this.#input.on('error', () => {}); // where it has ended, its exit code says so
    this.#parts = lines(perl.stdio[3] as Readable, LINE)[Symbol.asyncIterator]();
    this.#closed = once(perl, 'close').then(
      ([code]) => code as number | null,
      () => null,
    );
  }

  /** What it prints to some questions: all of it, or what it had printed when it was ended. */
  part(questions: Buffer): Promise<Buffer> {
    this.#input.write(questions);
    const part = this.#last.then(async () => {
      const { value } = await this.#parts.next();
      const from = this.#done;
      this.#done = value === undefined ? fstatSync(this.#output).size : Number(value);
      return readAll(this.#output, this.#done - from, from);
    });
    this.#last = part;
    return part;
  }

  async end(): Promise<number | null> {
    this.#input.end();
    const code = await this.#closed;
    closeSync(this.#output);
    rmSync(this.#found);
    return code;
  }
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
