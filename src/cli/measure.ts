import { mkdtemp, mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BackendRow } from '../run/doctor-backends.ts';
import { runJail } from '../run/client.ts';
import { newId } from '../run/id.ts';
import { prepare } from '../run/prepare.ts';
import { parsePolicy } from '../policy/parse.ts';
import type { Io } from './io.ts';
import { VERSION } from './version.ts';

const BACKENDS = ['nspawn', 'docker', 'vm', 'chroot'] as const;
/** Runs of each; the first one has to load and make what later ones find. */
const TIMES = 3;

/** How long a whole run of a step that does nothing takes, ms, the median of three; or why there was none. */
export type Speed = { readonly ms: number } | { readonly why: string };

/** Measures a backend by real runs, in a workspace of its own; what they made is removed. */
export async function measure({ name, runtime }: Pick<BackendRow, 'name' | 'runtime'>, io: Pick<Io, 'env'>): Promise<Speed> {
  const place = await mkdtemp(join(tmpdir(), 'agent-jail-doctor-'));
  try {
    await mkdir(join(place, 'work'));
    const backend = BACKENDS.find((one) => one === name);
    if (backend === undefined) throw new Error(`no backend ${name}`);
    const docker = runtime === null ? '' : `docker: { runtime: ${JSON.stringify(runtime)} }, `;
    // A machine is emulated where it has to be: that is what is asked.
    const policy = parsePolicy(
      `jail: { ${docker}vm: { emulation: allow } }\nlimits: { disk: 64MiB, memory: 512MiB, time: 1m }\n`,
      'doctor',
    );
    const took: number[] = [];
    for (let time = 0; time < TIMES; time += 1) {
      const id = newId();
      const began = performance.now();
      const request = await prepare({
        id,
        version: VERSION,
        policy,
        source: { kind: 'inline' },
        backend,
        steps: [NOTHING],
        environment: io.env,
        mask: [],
        workspace: join(place, 'work'),
        record: join(place, id),
        display: false,
      });
      const { outcome, because } = await runJail(request, () => {}, new AbortController().signal);
      if (outcome !== 'succeeded') return { why: because };
      took.push(performance.now() - began);
    }
    return { ms: Math.round(took.toSorted((a, b) => a - b)[Math.floor(TIMES / 2)] ?? 0) };
  } finally {
    await rm(place, { recursive: true, force: true });
  }
}

const NOTHING = {
  name: 'nothing',
  setup: false,
  run: 'true',
  shell: 'sh',
  workingDirectory: null,
  env: {},
  time: null,
  idle: null,
  tty: null,
  agent: null,
  place: null,
} as const;
