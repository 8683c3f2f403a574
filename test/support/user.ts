import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, copyFileSync, cpSync, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { NODE, REPOSITORY } from './jail.ts';
import { ended } from './spoiled.ts';
import type { Ended } from './spoiled.ts';

/** What sudo lets the user do. */
export type Sudo = 'not in sudoers' | 'with a password' | 'passwordless';
const RULE: Readonly<Record<Sudo, string | null>> = {
  'not in sudoers': null,
  'with a password': 'ALL=(ALL:ALL) ALL',
  passwordless: 'ALL=(ALL:ALL) NOPASSWD: ALL',
};

/** An ordinary user of this machine with a home of mode 0750 and a copy of what is shipped in it; gone with the test. */
export class User implements Disposable {
  readonly name = `ajtest${randomBytes(3).toString('hex')}`;
  readonly home = `/home/${this.name}`;
  readonly uid: number;
  readonly node = join(this.home, 'node');
  readonly cli = join(this.home, 'dist/cli.js');
  readonly #rule = `/etc/sudoers.d/${this.name}`;

  constructor(sudo: Sudo) {
    execFileSync('useradd', ['--create-home', '--user-group', '--shell', '/bin/bash', this.name]);
    try {
      chmodSync(this.home, 0o750);
      this.uid = statSync(this.home).uid;
      if (RULE[sudo] !== null) writeFileSync(this.#rule, `${this.name} ${RULE[sudo]}\n`, { mode: 0o440 });
      // The checkout may lie where only root can go.
      cpSync(join(REPOSITORY, 'dist'), join(this.home, 'dist'), { recursive: true });
      copyFileSync(NODE, this.node);
      chmodSync(this.node, 0o755);
      execFileSync('chown', ['-R', `${this.name}:${this.name}`, this.home]);
    } catch (error) {
      this[Symbol.dispose]();
      throw error;
    }
  }

  [Symbol.dispose](): void {
    rmSync(this.#rule, { force: true });
    execFileSync('userdel', ['--remove', '--force', this.name], { stdio: 'ignore' });
    if (existsSync(this.home)) throw new Error(`${this.home} is still there`);
  }

  /** A script by the user's login shell. `seen` gets stdout as it grows. */
  async login(script: string, seen: (stdout: string) => void = () => {}): Promise<Ended> {
    return ended(['su', '-', this.name, '-c', script], '/', seen);
  }

  /** The command line, in `work` below the home. */
  async run(args: string, seen?: (stdout: string) => void): Promise<Ended> {
    return this.login(`cd work && exec ${this.node} ${this.cli} ${args}`, seen);
  }

  /** Process ids of the user's running command lines. */
  mains(): number[] {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
      .filter((pid) => commandOf(pid).startsWith(`${this.node}\0${this.cli}\0`));
  }
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}
