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
/** `vm` is slower: its cases are a slice of the long tests. */
export type Backend = (typeof BACKENDS)[number] | 'vm';

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
    const text = machine(this.backend, /^limits:/m.test(policy) ? policy : `${policy}\n${LIMITS}`);
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
}

/** There may be no KVM: a virtual machine is emulated then, which may take a minute for what takes others a second. */
const machine = (backend: Backend, policy: string): string => {
  if (backend !== 'vm') return policy;
  const vm = 'vm: { emulation: allow }';
  const patient = policy.replace('time: 1m', 'time: 5m');
  return /^jail: \{ /m.test(patient) ? patient.replace(/^jail: \{ /m, `jail: { ${vm}, `) : `${patient}\njail: { ${vm} }\n`;
};

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

/** One test for each case, on every backend; the backends run theirs beside each other. */
export function conform(cases: readonly Case[], hosts?: Hosts, backends: readonly Backend[] = BACKENDS): void {
  const suites = backends.map((backend) => new Suite(backend, cases, hosts));
  beforeAll(async () => {
    if (hosts !== undefined) await nspawnIsHere();
    for (const suite of suites) suite.start();
  });
  afterAll(async () => {
    for (const suite of suites) await suite.remove();
  });
  describe.each(suites)('$backend', (suite) => {
    for (const [index, { ids }] of cases.entries()) {
      // Its title and what it expects are the case's.
      // oxlint-disable-next-line vitest/valid-title, vitest/expect-expect
      test(ids.join(', '), async () => suite.ended[index]);
    }
  });
}

/** All cases on one backend, one after another. */
class Suite {
  readonly backend: Backend;
  readonly ended: readonly Promise<void>[];
  readonly #cases: readonly Case[];
  readonly #hosts: Hosts | undefined;
  readonly #settle: readonly PromiseWithResolvers<void>[];
  readonly #place = temporary();
  #world: World | null = null;
  #whole: Promise<void> = Promise.resolve();
  constructor(backend: Backend, cases: readonly Case[], hosts: Hosts | undefined) {
    this.backend = backend;
    this.#cases = cases;
    this.#hosts = hosts;
    this.#settle = cases.map(() => Promise.withResolvers<void>());
    this.ended = this.#settle.map(({ promise }) => promise);
    for (const promise of this.ended) promise.catch(() => {}); // told by the test that waits for it
  }
  start(): void {
    this.#whole = this.#run().catch((error: unknown) => {
      for (const { reject } of this.#settle) reject(error);
    });
  }
  async remove(): Promise<void> {
    await this.#whole;
    await this.#world?.[Symbol.asyncDispose]();
    this.#place[Symbol.dispose]();
  }
  async #run(): Promise<void> {
    this.#world = this.#hosts === undefined ? null : await World.create({ hosts: this.#hosts });
    const bench = new Bench(this.backend, this.#place.path, this.#world);
    if (this.#world !== null) copyFileSync(this.#world.authority.file, join(bench.work, 'world.pem'));
    for (const [index, { run }] of this.#cases.entries())
      await run(bench).then(
        () => this.#settle[index]?.resolve(),
        (error: unknown) => this.#settle[index]?.reject(error),
      );
  }
}
