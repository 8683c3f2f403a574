import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { jailed, type Ran } from '../support/jail.ts';
import type { Host } from './host.ts';
import { judge, type Judged, type Probe, resultsOf } from './judge.ts';

const PROBES = join(import.meta.dirname, 'probes');
const INTERPRETERS: Readonly<Record<string, string>> = { pl: 'perl', sh: 'sh', mjs: 'node' };
/** Seconds a probe may take. */
const PATIENCE = 30;
/** How much more of it probes have in a virtual machine, which may be emulated; for a whole run as well as for one answer. */
const paceOf = ({ backend }: Pick<Host, 'backend'>): number => (backend === 'vm' ? 10 : 1);
export const patience = (host: Pick<Host, 'backend'>): number => PATIENCE * paceOf(host);

/** Every probe there is, by file name. */
export function probes(): Probe[] {
  const files = readdirSync(PROBES).filter((name) => /\.(pl|sh|mjs)$/.test(name));
  return files.toSorted().map((file) => ({ file, results: resultsOf(readFileSync(join(PROBES, file), 'utf8')) }));
}

/** Shell text that runs the probes one after another, each on its own and with a time limit. */
export function script(files: readonly string[], seconds = PATIENCE): string {
  const lines = files.map((file) => {
    const interpreter = INTERPRETERS[file.split('.').at(-1) ?? ''] ?? '';
    return `echo 'BEGIN ${file}'; timeout -k 2 ${seconds} ${interpreter} 'probes/${file}' < /dev/null 2>&1; echo "END ${file} $?"`;
  });
  return lines.join('\n');
}

export interface PolicyWish {
  /** Directories that the policy lists as well, by mistake or on purpose: source to target. */
  readonly mounts?: Readonly<Record<string, string>>;
  readonly more?: string;
}

/** Names what the probes need, and nothing that they are after. */
export function policyFor(host: Host, { mounts = {}, more = '' }: PolicyWish = {}): string {
  const all = Object.entries({ [host.listed]: '/mnt/listed', ...mounts });
  return [
    'version: 1',
    `env: { RT_NONCE: "${host.nonce}", RT_PLAIN: "${host.plain}"${host.backend === 'vm' ? `, RT_PACE: "${paceOf(host)}"` : ''} }`,
    `mounts: [${all.map(([source, target]) => `{ source: ${source}, target: ${target}, access: copy-on-write }`).join(', ')}]`,
    ...(host.backend === 'vm' ? ['jail: { vm: { emulation: allow } }'] : []),
    `limits: { disk: 512MiB, memory: 2GiB, processes: 512, time: ${host.backend === 'vm' ? '40m' : '3m'} }`,
    more,
  ].join('\n');
}

/** Shell text in a jail on this host. */
export const inJail = async (host: Host, text: string, { setup, ...wish }: PolicyWish & { readonly setup?: string } = {}): Promise<Ran> =>
  jailed(host.directory, text, {
    cwd: host.workspace,
    env: host.env,
    policy: policyFor(host, wish),
    args: ['--backend', host.backend],
    ...(setup === undefined ? {} : { setup }),
  });

export interface Batch {
  readonly ran: Ran;
  readonly judged: readonly Judged[];
}

/** Runs the probes in one step of one jail and judges what they printed. */
export async function batch(host: Host, files: readonly string[], wish: PolicyWish = {}): Promise<Batch> {
  const ran = await inJail(host, script(files, patience(host)), wish);
  const wanted = probes().filter(({ file }) => files.includes(file));
  if (ran.transcript === '') throw new Error(`nothing ran: exit ${ran.code}: ${ran.stderr}`);
  return { ran, judged: judge(wanted, ran.transcript, host.nonce, host) };
}
