import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Hosts } from '../../support/world/hosts.ts';
import { nspawnIsHere } from '../../support/world/nspawn.ts';
import { World } from '../../support/world/world.ts';
import { cli, jailed, type Options, type Ran, repository, temporary } from '../../support/jail.ts';

/** The backends that every case is run on. */
export const BACKENDS = ['nspawn', 'docker'] as const;
export type Backend = (typeof BACKENDS)[number];

/** One or more settings of the policy (ids of `leaves.ts`), and what shows that they do something: a difference between two jails. */
export interface Case {
  readonly ids: readonly string[];
  readonly run: (on: Bench) => Promise<void>;
}
export const shows = (ids: string | readonly string[], run: Case['run']): Case => ({ ids: typeof ids === 'string' ? [ids] : ids, run });

/** What is asked of every jail whose policy says nothing of it. */
const LIMITS = 'limits: { disk: 128MiB, memory: 1GiB, time: 1m }\n';

export class Bench {
  readonly backend: Backend;
  readonly place: string;
  readonly work: string;
  /** The internet around the jails; only for cases that need one. */
  readonly world: World | null;
  readonly #kept = new Map<string, Promise<Ran>>();
  constructor(backend: Backend, place: string, world: World | null = null) {
    this.world = world;
    this.backend = backend;
    this.place = place;
    this.work = repository(place);
  }
  /** A jail of this policy on the backend. */
  async run(policy: string, script: string, options: Options = {}): Promise<Ran> {
    const text = /^limits:/m.test(policy) ? policy : `${policy}\n${LIMITS}`;
    const { world } = this;
    const around = world === null ? {} : { enter: world.enter };
    const env = { ...(world === null ? {} : { NODE_EXTRA_CA_CERTS: world.authority.file }), ...options.env };
    const args = ['--backend', this.backend, ...(options.args ?? [])];
    return jailed(this.place, script, { ...options, ...around, env, policy: text, args });
  }
  /** The same, run once however many cases ask: the other side of several comparisons. */
  async once(policy: string, script: string, options: Options = {}): Promise<Ran> {
    const key = JSON.stringify([policy, script, options]);
    const ran = this.#kept.get(key) ?? this.run(policy, script, options);
    this.#kept.set(key, ran);
    return ran;
  }
  /** A run that succeeds; its transcript. */
  async says(policy: string, script: string, options: Options = {}): Promise<string> {
    const ran = await this.run(policy, script, options);
    expect(`${ran.code} ${ran.stderr}`).toMatch(/^0 /);
    return ran.transcript;
  }
  /** How a run ends: outcome, because. */
  async ends(policy: string, script: string, options: Options = {}): Promise<string> {
    const { verdict, code, stderr } = await this.run(policy, script, options);
    if (verdict === null) throw new Error(`exit ${code}: ${stderr}`);
    return `${verdict.outcome}: ${verdict.because}`;
  }
  /** A usage error that names the setting and its place, before anything is made: no record, no jail. `backend`: as the policy says. */
  async refuses(policy: string, message: string): Promise<void> {
    const file = join(this.place, 'refused.yml');
    const out = join(this.place, 'refused');
    writeFileSync(file, policy);
    const ran = await cli(['run', '--policy', file, '--out', out, '--', 'touch', join(this.work, 'ran')], { cwd: this.work });
    expect(ran.code, ran.stderr).toBe(2);
    expect(ran.stderr).toContain(message);
    expect(ran.stderr).toMatch(/refused\.yml:\d+:\d+: /);
    expect([existsSync(out), existsSync(join(this.work, 'ran'))]).toEqual([false, false]);
  }
  /** A setting of a later version. */
  async isNotYet(policy: string, setting: string): Promise<void> {
    await this.refuses(policy, `${setting} is not in this version yet`);
  }
}

/** A root file system with a shell, `cat`, and a file that says so. */
export function smallRoot(at: string): string {
  const root = join(at, 'root');
  if (existsSync(root)) return root;
  for (const program of ['/bin/sh', '/bin/cat', '/bin/ls']) {
    const libraries = [...execFileSync('ldd', [program], { encoding: 'utf8' }).matchAll(/(\/\S+) \(0x/g)].map(([, path = '']) => path);
    for (const file of [program, ...libraries]) {
      mkdirSync(join(root, dirname(file)), { recursive: true });
      copyFileSync(file, join(root, file));
    }
  }
  for (const name of ['etc', 'tmp', 'home', 'proc', 'sys', 'dev', 'run', 'usr/bin', 'var'])
    mkdirSync(join(root, name), { recursive: true });
  writeFileSync(join(root, 'etc/small-root'), 'a small root\n');
  return root;
}

/** One test for each case, on every backend. */
export function conform(cases: readonly Case[], hosts?: Hosts): void {
  describe.each(BACKENDS)('%s', (backend) => {
    let place: ReturnType<typeof temporary>;
    let bench: Bench;
    let world: World | null = null;
    beforeAll(async () => {
      place = temporary();
      world = hosts === undefined ? null : await World.create({ hosts });
      if (world !== null) await nspawnIsHere();
      bench = new Bench(backend, place.path, world);
      if (world !== null) copyFileSync(world.authority.file, join(bench.work, 'world.pem'));
    });
    afterAll(async () => {
      await world?.[Symbol.asyncDispose]();
      place[Symbol.dispose]();
    });
    for (const { ids, run } of cases) {
      // Its title and what it expects are the case's.
      // oxlint-disable-next-line vitest/valid-title, vitest/expect-expect
      test(ids.join(', '), async () => run(bench));
    }
  });
}
