import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { HOSTILE_CHANGES } from '../support/hostile-changes.ts';
import { cli, git, jailed, type Ran } from '../support/jail.ts';
import { policyFor, probes, script } from './batch.ts';
import type { Host } from './host.ts';
import { judge, type Judged, looked } from './judge.ts';
import { unpacked } from './trees.ts';

const FILE = 'D1-traps.sh';
const GUARDS = 'guards: { changes: { forbid: [] } }';
const identity = ['-c', 'user.name=t', '-c', 'user.email=t@example.com'];

/**
 * D1 to D3 and D7: an agent sets traps in a checkout. Then, on the host, somebody works in that checkout, runs again, and applies the
 * changes to another. `open`: without a jail's layers, the agent's tree as it is, to see whether the same work springs the traps.
 */
export async function traps(host: Host, open = false): Promise<Judged[]> {
  const ground = new Ground(host);
  const ran = await ground.run(script([FILE]));
  const set = judge(
    probes().filter(({ file }) => file === FILE),
    ran.transcript,
    host.nonce,
    host,
  );
  const before = ground.digest(ground.work);
  if (open) {
    // Only the workspace's part, into the workspace.
    const part = ground.work.slice(1);
    const argv = ['--extract', '--gzip', '--file', join(ran.out, 'changes.tar.gz'), '--no-same-owner', '--directory', ground.work];
    const layer = spawnSync('tar', [...argv, `--strip-components=${part.split('/').length}`, part], { encoding: 'utf8' });
    if (layer.status !== 0) throw new Error(`the agent's tree: ${layer.stderr}`);
  }
  const worked = ground.worksIn(ground.work);
  const second = open ? ran : await ground.run('echo again');
  const applied = open ? { code: 0, stderr: '' } : await ground.apply(ran, 'src/hooks/**\nsrc/included\nsrc/a.*\na.txt');
  const after = ground.worksIn(ground.to);
  return [
    ...set.map((one) =>
      one.verdict === 'blocked' && ground.sprung(one.id)
        ? { ...one, verdict: 'ESCAPED' as const, detail: 'it was sprung on the host' }
        : one,
    ),
    looked('D3-checkout', ran.manifest !== null && before !== '', open || before === ground.start ? [] : ['the checkout is not as it was']),
    looked(
      'D3-work',
      worked && after,
      ground.all().map((id) => `${id} was sprung`),
      'git did not work on the host',
    ),
    looked(
      'D3-second-run',
      second.run?.end.how === 'steps-done',
      ground.all().map((id) => `${id} was sprung`),
      second.stderr.slice(-300),
    ),
    looked(
      'D7-applied',
      applied.code === 0,
      ground.all().map((id) => `${id} was sprung`),
      applied.stderr.slice(0, 300),
    ),
    ...(open ? [] : [...unpacked('F2-traps', ran), ...(await changes(ground))]),
  ];
}

/** D7: what acts where it is applied is refused, each alone, and with it whatever was asked for together with it. */
async function changes(ground: Ground): Promise<Judged[]> {
  const trace = (what: string): string => `touch ${ground.outside}/${what}`;
  const ran = await ground.run(['echo harmless > aaa', ...HOSTILE_CHANGES.map(({ script: make }) => make(trace))].join('\n'));
  const start = ground.digest(ground.to);
  const judged = unpacked('F2-changes', ran);
  for (const { name, paths } of HOSTILE_CHANGES) {
    const { code, stderr } = await ground.apply(ran, `aaa\n${paths}`);
    const wrong = [
      ...(code === 0 ? ['it was applied'] : []),
      ...(ground.digest(ground.to) === start ? [] : ['the checkout is not as it was']),
    ];
    const refused = code === 3 && /refused/.test(stderr);
    judged.push(looked(`D7-${name.replace(/[^a-z]+/gi, '-')}`, refused, wrong, `exit ${code}: ${stderr.slice(0, 200)}`));
  }
  const harmless = await ground.apply(ran, 'aaa');
  judged.push(looked('D7-harmless', harmless.code === 0 && existsSync(join(ground.to, 'aaa')), [], harmless.stderr.slice(0, 300)));
  return judged;
}

export const digestOf = (out: string): string =>
  createHash('sha256')
    .update(readFileSync(join(out, 'manifest.json')))
    .digest('hex');

/** Two clones of one commit, one with the probes in it; a place where sprung traps leave the canary. */
export class Ground {
  readonly outside: string;
  readonly work: string;
  readonly to: string;
  readonly start: string;
  readonly #host: Host;
  constructor(host: Host) {
    this.#host = host;
    const top = join(host.directory, `traps-${readdirSync(host.directory).length}`);
    [this.outside, this.work, this.to] = [join(top, 'outside'), join(top, 'work'), join(top, 'to')];
    mkdirSync(this.outside, { recursive: true });
    // For whoever sets the traps, and for git where that is somebody else.
    chmodSync(this.outside, 0o777);
    writeFileSync(join(this.outside, '.gitconfig'), '[safe]\n\tdirectory = *\n');
    const base = join(top, 'base');
    mkdirSync(join(base, 'src'), { recursive: true });
    for (const [name, text] of Object.entries({
      'a.txt': 'one\n',
      'src/b.txt': 'b\n',
      'package.json': '{ "name": "p", "version": "1.0.0" }\n',
      'package-lock.json':
        '{ "name": "p", "version": "1.0.0", "lockfileVersion": 3, "packages": { "": { "name": "p", "version": "1.0.0" } } }\n',
    }))
      writeFileSync(join(base, name), text);
    for (const name of ['probes', 'config', 'plain.txt']) cpSync(join(host.workspace, name), join(base, name), { recursive: true });
    writeFileSync(join(base, 'config/traps'), `${this.outside}\n`);
    git(base, 'init', '--quiet', '--initial-branch=main');
    git(base, 'add', '--all');
    git(base, ...identity, 'commit', '--quiet', '--message=base');
    for (const clone of [this.work, this.to]) git(top, 'clone', '--quiet', base, clone);
    for (const path of [top, this.work, this.to]) chmodSync(path, 0o755);
    this.start = this.digest(this.work);
  }

  run(text: string, more: Readonly<Record<string, string>> = {}): Promise<Ran> {
    const { directory, env, backend } = this.#host;
    return jailed(directory, text, {
      cwd: this.work,
      env: { ...env, ...more },
      policy: policyFor(this.#host, { more: GUARDS }),
      args: ['--backend', backend],
    });
  }
  /** `digest`: what the run itself said of its record. */
  apply({ out }: Pick<Ran, 'out'>, only: string, { digest = digestOf(out), args = [] as readonly string[] } = {}) {
    const policy = join(this.outside, '../policy.yml');
    writeFileSync(policy, GUARDS);
    return cli(['apply', out, '--to', this.to, '--expect', digest, '--policy', policy, '--only', only, ...args], { cwd: this.outside });
  }

  /** What people and later steps of a job do in a checkout. True: git did its part. */
  worksIn(top: string): boolean {
    const env = {
      PATH: process.env['PATH'] ?? '',
      HOME: this.outside,
      GIT_TERMINAL_PROMPT: '0',
      npm_config_cache: join(this.outside, '../cache'),
    };
    const host = (...[program, ...argv]: [string, ...string[]]): number | null =>
      spawnSync(program, argv, {
        cwd: top,
        env,
        timeout: 30_000,
        input: 'protocol=https\nhost=x.invalid\n\n',
        stdio: ['pipe', 'ignore', 'ignore'],
      }).status;
    const codes = [
      ['status'],
      ['diff'],
      ['log', '--patch', '-1'],
      ['config', '--local', '--list'],
      ['submodule', 'foreach', '--recursive', 'git status'],
    ].map((argv) => host('git', ...argv));
    for (const argv of [
      ['lg'],
      ['inc'],
      ['ls-remote', 'ssh://127.0.0.1:9/x'],
      ['credential', 'fill'],
      ['commit', '--allow-empty', '--quiet'],
    ])
      host('git', ...argv);
    for (const sub of ['src', 'src/sub', 'src/bare', 'src/worktree', 'src/linked', 'src/nested', 'src/hooks'].filter((path) =>
      existsSync(join(top, path)),
    )) {
      host('git', '-C', sub, 'status');
      host('git', '-C', sub, ...identity, 'commit', '--quiet', '--allow-empty', '--message=x');
    }
    codes.push(host('npm', 'ci', '--offline', '--no-audit', '--no-fund'));
    host('git', 'add', '--all');
    host('git', ...identity, 'commit', '--quiet', '--allow-empty', '--message=x');
    host('git', 'reset', '--hard', '--quiet', 'origin/main');
    host('git', 'clean', '-fdq');
    return codes.every((code) => code === 0);
  }

  all = (): string[] => readdirSync(this.outside).filter((name) => /^[A-Z]\d+-/.test(name));
  sprung = (id: string): boolean => existsSync(join(this.outside, id));

  /** Every file of a checkout, git's own as well but the index, which looking may write. */
  digest(top: string): string {
    const hash = createHash('sha256');
    const files = readdirSync(top, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name !== 'index')
      .map((entry) => join(entry.parentPath, entry.name));
    for (const path of files.sort()) hash.update(`${path}\0`).update(readFileSync(path));
    return hash.digest('hex');
  }
}
