import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ArtifactService } from '../action/support/artifact-service.ts';
import { Runner } from '../action/support/runner.ts';
import { cli, ENGINE, repository } from '../support/jail.ts';
import { strike } from '../support/kill.ts';
import type { Backend, Host } from './host.ts';
import { type Judged, looked } from './judge.ts';
import { digestOf, Ground } from './traps.ts';

const REPOSITORY = 'octo/repo';

/** F5: records that are offered to `apply` in place of the run's own. The run's own is applied last: the method works. */
export async function forged(host: Host): Promise<Judged[]> {
  const ground = new Ground(host);
  const from = { GITHUB_REPOSITORY: REPOSITORY, GITHUB_RUN_ID: '7' };
  const event = join(ground.outside, '../fork.json');
  writeFileSync(event, JSON.stringify({ pull_request: { head: { repo: { full_name: 'mallory/repo' } } } }));
  const own = await ground.run('echo harmless > aaa', { ...from, GITHUB_EVENT_PATH: '' });
  const other = await ground.run('echo other > aaa', { ...from, GITHUB_EVENT_PATH: '' });
  const fork = await ground.run('echo fork > aaa', { ...from, GITHUB_EVENT_PATH: event });
  const digest = digestOf(own.out);
  const offered: Readonly<Record<string, { readonly out: string; readonly digest?: string; readonly args?: readonly string[] }>> = {
    'F5-edited': { out: changed(ground, own.out, edit), digest },
    'F5-forged': { out: changed(ground, own.out, (dir) => resealed(dir, edit)), digest },
    'F5-mixed': { out: changed(ground, own.out, (dir) => cpSync(join(other.out, 'changes.patch'), join(dir, 'changes.patch'))), digest },
    'F5-other-record': { out: other.out, digest },
    'F5-other-run': { out: own.out, digest, args: ['--run', '8'] },
    'F5-other-repository': { out: own.out, digest, args: ['--run', '7', '--repository', 'octo/other'] },
    'F5-fork': { out: fork.out, digest: digestOf(fork.out), args: ['--run', '7', '--repository', REPOSITORY] },
  };
  const start = ground.digest(ground.to);
  const judged: Judged[] = [];
  for (const [id, { out, ...how }] of Object.entries(offered)) {
    const { code, stderr } = await ground.apply({ out }, 'aaa', how);
    const wrong = ground.digest(ground.to) === start ? [] : ['the checkout is not as it was'];
    judged.push(looked(id, code === 3, code === 0 ? ['it was applied'] : wrong, `exit ${code}: ${stderr.slice(0, 200)}`));
  }
  const forgery = await cli(['verify', offered['F5-forged']?.out ?? ''], { cwd: '/' });
  const right = await ground.apply(own, 'aaa', { digest, args: ['--run', '7', '--repository', REPOSITORY] });
  return [
    ...judged,
    // The forgery is a good one: only what the run itself said of its record tells.
    looked('F5-consistent', forgery.code === 0, [], `verify: ${forgery.stdout.slice(0, 200)}`),
    looked('F5-own', right.code === 0 && ground.digest(ground.to) !== start, [], right.stderr.slice(0, 300)),
  ];
}

let copies = 0;
function changed(ground: Ground, out: string, change: (dir: string) => void): string {
  copies += 1;
  const dir = join(ground.outside, `../record-${copies}`);
  cpSync(out, dir, { recursive: true });
  change(dir);
  return dir;
}
const edit = (dir: string): void => {
  const patch = join(dir, 'changes.patch');
  writeFileSync(patch, readFileSync(patch, 'utf8').replace('+harmless', '+evilness'));
};
const sum = (bytes: Buffer) => ({ sha256: createHash('sha256').update(bytes).digest('hex'), size: bytes.length });

/** Manifest and verdict once more, as whoever holds the record can write them. */
function resealed(dir: string, change: (dir: string) => void): void {
  change(dir);
  const json = (file: string) =>
    JSON.parse(readFileSync(join(dir, file), 'utf8')) as Record<string, unknown> & { files: Record<string, object> };
  const [manifest, verdict] = [json('manifest.json'), json('verdict.json')];
  for (const document of [manifest, verdict])
    for (const [file, said] of Object.entries(document.files)) document.files[file] = { ...said, ...sum(readFileSync(join(dir, file))) };
  writeFileSync(join(dir, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  verdict['manifest'] = sum(readFileSync(join(dir, 'manifest.json'))).sha256;
  writeFileSync(join(dir, 'verdict.json'), `${JSON.stringify(verdict, null, 2)}\n`);
}

/** F4: names of artifacts that are no names, and the same name twice. */
export async function artifacts(backend: Backend): Promise<Judged[]> {
  await using service = await ArtifactService.start();
  using runner = new Runner();
  Object.assign(runner.env, ENGINE, { ACTIONS_RESULTS_URL: service.url });
  const hostile = '../../a/b:c"d\n::error::e<{id}';
  const all = [hostile, 'the same', 'the same'];
  for (const name of all) await runner.step({ with: { backend, run: 'echo fine', 'artifact-name': name } });
  const names = [...service.artifacts.keys()];
  const whole = names.filter((name) => service.files(name).has('manifest.json'));
  const odd = names.filter((name) => !/^[A-Za-z0-9 ._@+=,()-]+$/.test(name) || name.startsWith('.'));
  return [
    looked(
      'F4-names',
      names.some((name) => name.includes('error')),
      odd.map((name) => `there is ${JSON.stringify(name)}`),
      names.join(),
    ),
    looked(
      'F4-twice',
      whole.length > 0,
      whole.length === all.length ? [] : [`${whole.length} of ${all.length} records were kept`],
      names.join(),
    ),
  ];
}

/** D8: SIGKILL to the run leaves nothing in the user's tree. */
export async function killed({ directory, backend }: Host): Promise<Judged[]> {
  if (backend === 'vm') throw new Error('no machine is killed here: the long tests do that');
  const place = join(directory, 'killed');
  mkdirSync(place);
  const work = repository(place);
  writeFileSync(join(place, 'policy.yml'), 'limits: { disk: 64MiB, memory: 512MiB, time: 1m }\n');
  const tree = (): string =>
    execFileSync('find', [work, '-printf', '%P %y %m %s %T@\\n'], { encoding: 'utf8' }).split('\n').sort().join('\n');
  const before = tree();
  const judged: Judged[] = [];
  for (const [victim, phase] of [
    ['main', 'layers'],
    ['main', 'steps'],
    ['warden', 'steps'],
  ] as const) {
    const struck = await strike(place, victim, phase, { backend });
    const wrong = tree() === before ? [] : ['the tree is not as it was'];
    judged.push(looked(`D8-${victim}-${phase}`, struck.phase === phase, wrong, `struck at ${struck.phase}`));
  }
  return [
    ...judged,
    looked(
      'D8-places',
      readdirSync(work).length > 2,
      readdirSync(work).filter((name) => name.startsWith('.agent-jail')),
    ),
  ];
}
