import { execFileSync } from 'node:child_process';
import { socketOf } from '../../src/system/engine.ts';

/** What a run could leave in an engine. */
export const KINDS = ['containers', 'images', 'volumes', 'engineNetworks'] as const;
export type EngineState = Readonly<Record<(typeof KINDS)[number], readonly string[]>>;

interface Answers {
  readonly containers: readonly { readonly Id: string; readonly Names: readonly string[]; readonly Image: string }[];
  readonly images: readonly { readonly Id: string; readonly RepoTags: readonly string[] | null }[];
  readonly volumes: { readonly Volumes: readonly { readonly Name: string }[] | null };
  readonly engineNetworks: readonly { readonly Id: string; readonly Name: string }[];
}

const PATHS = ['/containers/json?all=1', '/images/json?all=1', '/volumes', '/networks'];

/** Of the engine that tests use, in whatever state: by its API, all in one process, because a snapshot is taken at once. No engine: nothing. */
export function engineState(host = process.env['DOCKER_HOST'] ?? null): EngineState {
  const urls = PATHS.map((path) => `http://docker${path}`);
  try {
    const said = execFileSync('curl', ['--silent', '--max-time', '20', '--write-out', '\n', '--unix-socket', socketOf(host), ...urls], {
      encoding: 'utf8',
      env: { PATH: '/usr/bin:/bin' },
      maxBuffer: 16 << 20,
    });
    const documents = said.split('\n').filter((line) => line.trim() !== '');
    const { containers, images, volumes, engineNetworks } = Object.fromEntries(
      KINDS.map((kind, index) => [kind, JSON.parse(documents[index] ?? 'null') as unknown]),
    ) as unknown as Answers;
    return {
      containers: containers.map(({ Id, Names, Image }) => `${Id.slice(0, 12)} ${Names.join()} ${Image}`).sort(),
      images: images.map(({ Id, RepoTags }) => `${Id} ${RepoTags?.join() ?? ''}`).sort(),
      volumes: (volumes.Volumes ?? []).map(({ Name }) => Name).sort(),
      engineNetworks: engineNetworks.map(({ Id, Name }) => `${Id.slice(0, 12)} ${Name}`).sort(),
    };
  } catch {
    return { containers: [], images: [], volumes: [], engineNetworks: [] };
  }
}
