import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from 'vitest';
import { inventory } from './inventory.ts';
import { jailed, type Options, type Ran, repository, temporary } from './jail.ts';
import { settled, snapshot } from './machine.ts';
import { type Entry, tar } from './tar.ts';

const PROGRAMS = ['sh', 'cat', 'ls', 'id', 'rm', 'mkdir', 'chmod', 'touch', 'ln', 'mv', 'dd', 'stat', 'readlink', 'env'];

/** A small root file system at `at`/root, made of this machine's programs and the libraries they load; `/bin` is a directory there. */
export function rootTree(at: string, programs: readonly string[] = PROGRAMS): string {
  const root = join(at, 'root');
  for (const name of ['usr/bin', 'usr/share', 'bin', 'etc', 'var', 'tmp', 'home', 'srv']) mkdirSync(join(root, name), { recursive: true });
  for (const name of programs) {
    const program = `/bin/${name}`;
    const loaded = execFileSync('ldd', [realpathSync(program)], { encoding: 'utf8' }).matchAll(/(\/\S+) \(0x/g);
    for (const file of [program, ...[...loaded].map(([, path = '']) => path)]) {
      if (existsSync(join(root, file))) continue;
      mkdirSync(join(root, dirname(file)), { recursive: true });
      copyFileSync(file, join(root, file));
    }
  }
  return root;
}

/** Roots that runs keep for later ones. */
export const ROOTS = '/var/lib/agent-jail/roots';
export const keptRoots = (): string[] => (existsSync(ROOTS) ? readdirSync(ROOTS).filter((name) => name !== 'lock') : []);

/** A workspace, a root as a directory and as an archive, and what hostile roots are after. */
export class RootGround implements Disposable {
  readonly #kept = keptRoots();
  readonly #place = temporary();
  readonly path = this.#place.path;
  readonly work = repository(this.path);
  readonly root = rootTree(this.path);
  readonly archive = join(this.path, 'root.tar');
  /** What hostile roots point at: a directory with all the names that a jail makes, open to anyone, and with secrets. */
  readonly outside = join(this.path, 'outside');

  constructor() {
    const { root, outside } = this;
    writeFileSync(join(root, 'etc/release'), 'a root of its own\n');
    for (const name of ['agent', 'tmp', 'lib', 'agent-jail', 'work']) mkdirSync(join(outside, name), { recursive: true });
    for (const name of ['secret', 'passwd', 'resolv.conf', 'hostname', 'agent/secret'])
      writeFileSync(join(outside, name), `the secret in ${name}\n`);
    for (const name of ['', 'agent', 'tmp', 'secret', 'passwd']) chmodSync(join(outside, name), 0o777);
    this.pack();
  }
  /** Packs the root as it is now. */
  pack(to = this.archive, ...options: readonly string[]): void {
    execFileSync('tar', ['-c', ...options, '-f', to, '-C', this.root, '.']);
  }
  /** The archive, and more entries behind its own. */
  extended(entries: readonly Entry[]): Buffer {
    const whole = readFileSync(this.archive);
    return Buffer.concat([whole.subarray(0, whole.length - trailing(whole)), tar(entries)]);
  }
  /** Runs on a root, and asserts that neither what lies outside of it nor the machine was touched, and no secret seen. */
  async safely(root: string, script: string, options: Omit<Options, 'policy'> = {}): Promise<Ran> {
    const kept = (): string[][] => [this.outside, this.work].map((path) => inventory(path));
    const machine = snapshot();
    const before = kept();
    const policy = `limits: { disk: 64MiB, memory: 256MiB, time: 20s }\njail: { root: { ${root} } }\n`;
    const ran = await jailed(this.path, script, { ...options, policy });
    expect(ran.transcript).not.toContain('the secret in');
    expect(kept()).toEqual(before);
    expect(await settled(machine)).toEqual([]);
    return ran;
  }
  [Symbol.dispose](): void {
    for (const name of keptRoots()) if (!this.#kept.includes(name)) rmSync(join(ROOTS, name), { recursive: true });
    this.#place[Symbol.dispose]();
  }
}

/** Why a run was refused before anything of it ran. */
export const refusal = ({ code, transcript, stderr, verdict }: Ran): string =>
  code === 70 && transcript === '' ? verdict.because : `not refused: ${stderr}${transcript}`;

/** Bytes of zeros at the end of an archive, in whole blocks. */
function trailing(bytes: Buffer): number {
  let blocks = 0;
  while (bytes.subarray(bytes.length - 512 * (blocks + 1), bytes.length - 512 * blocks).every((byte) => byte === 0)) blocks += 1;
  return 512 * blocks;
}
