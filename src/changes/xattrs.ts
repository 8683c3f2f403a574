import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { HostPath } from '../model/names.ts';
import { writeAll } from '../system/ndjson.ts';
import type { Side } from './entry.ts';

/** By name, values in base64. */
export type Xattrs = Readonly<Record<string, string>>;

/** Reads extended attributes, ACLs and file capabilities among them, which Node cannot: perl makes the system calls. */
export class XattrReader {
  readonly #list: string;
  #complete = true;

  constructor(scratch: HostPath) {
    this.#list = `${scratch}/paths`;
  }

  /** False: those of some entries could not be read. */
  get complete(): boolean {
    return this.#complete;
  }

  /** Of those sides that have some. What else is done meanwhile goes on beside it. */
  async read(sides: readonly Side[]): Promise<ReadonlyMap<Side, Xattrs>> {
    const found = new Map<Side, Record<string, string>>();
    if (sides.length === 0) return found;
    const asked = sides.map((side) => ({ side, path: side.tree.absolute(side.path) }));
    const reachable = asked.flatMap(({ side, path }) => (path === null ? [] : [{ side, path }]));
    if (reachable.length < asked.length) this.#complete = false;
    for (const line of await this.#ask(reachable.map(({ path }) => path))) {
      const [number, name, value] = line.split(' ');
      const side = reachable[Number(number)]?.side;
      if (side === undefined || name === undefined || value === undefined) continue;
      const known = found.get(side) ?? {};
      known[Buffer.from(name, 'hex').toString('latin1')] = Buffer.from(value, 'hex').toString('base64');
      found.set(side, known);
    }
    return found;
  }

  async #ask(paths: readonly Buffer[]): Promise<string[]> {
    const file = openSync(this.#list, 'wx+', 0o600);
    try {
      writeAll(file, Buffer.concat(paths.flatMap((path) => [path, Buffer.of(0)])), 0);
      const env = { PATH: process.env['PATH'] ?? '/usr/bin:/bin', LC_ALL: 'C' };
      const perl = spawn('perl', [join(import.meta.dirname, 'xattrs.pl')], { env, stdio: [file, 'pipe', 'ignore'] });
      const pieces: Buffer[] = [];
      perl.stdout?.on('data', (piece: Buffer) => pieces.push(piece));
      const [code] = (await once(perl, 'close')) as [number | null];
      if (code !== 0) this.#complete = false;
      return Buffer.concat(pieces).toString('latin1').split('\n').slice(0, -1);
    } catch {
      this.#complete = false; // no perl
      return [];
    } finally {
      closeSync(file);
      rmSync(this.#list);
    }
  }
}

export function sameXattrs(a: Xattrs | undefined, b: Xattrs | undefined): boolean {
  const [left, right] = [Object.entries(a ?? {}), b ?? {}];
  return left.length === Object.keys(right).length && left.every(([name, value]) => right[name] === value);
}
