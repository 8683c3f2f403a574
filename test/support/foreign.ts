import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import type { HostPath, JailPath } from '../../src/model/names.ts';
import type { WardenEvent } from '../../src/model/protocol.ts';
import { parsePolicy } from '../../src/policy/parse.ts';
import { parseSteps } from '../../src/policy/steps.ts';
import { runJail } from '../../src/run/client.ts';
import { newId } from '../../src/run/id.ts';
import { prepare } from '../../src/run/prepare.ts';
import { type Platform, platformOf } from '../../src/system/platform.ts';
import { record, REPOSITORY } from './jail.ts';

/** As a run from macOS is made, but that this machine is Linux. */
export const mac = platformOf('darwin') as Platform;
/** As one from Windows: `/x` is here what `D:/x` is there, with modes that are not to be believed. */
export const windows: Platform = {
  ...mac,
  called: 'Windows',
  modes: false,
  toJail: (path) => (path.startsWith('/') ? (`/d${path}` as JailPath) : null),
  toHost: (path) => (path.startsWith('/d/') ? (path.slice(2) as HostPath) : null),
};

/** What makes the programs themselves take this machine for another one, of which they only know by `process.platform`. */
export const takenFor = (platform: string): Record<string, string> => ({
  NODE_OPTIONS: `--import=data:text/javascript,Object.defineProperty(process,'platform',{value:'${platform}'})`,
});

export interface Asked {
  /** YAML. */
  readonly policy: string;
  readonly workspace: string;
  readonly env: Readonly<Record<string, string>>;
}
/** A run for real, as main makes it on another machine. `at`: where its record goes. */
export async function runFrom(here: Platform, at: string, run: string, { policy, workspace, env }: Asked) {
  const out = mkdtempSync(join(at, 'record-'));
  const wish = {
    id: newId(),
    version: '0.0.0',
    policy: parsePolicy(policy, 'p.yml'),
    source: { kind: 'inline' },
    backend: 'docker',
    steps: parseSteps(JSON.stringify([{ run, shell: 'sh' }]), 'steps'),
    environment: { HOME: '/root', ...env },
    mask: [],
    workspace,
    record: out,
    display: true,
  } as const;
  const events: WardenEvent[] = [];
  const where = { here, dist: join(REPOSITORY, 'dist') };
  const result = await runJail(await prepare(wish, here), (event) => events.push(event), new AbortController().signal, where);
  const notices = events.flatMap((event) => (event.kind === 'notice' ? [event.message] : []));
  return { result, notices, ...record(out) };
}
