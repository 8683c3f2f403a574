import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { JailError } from '../model/errors.ts';
import type { Engine } from '../system/engine.ts';
import { lines } from '../system/lines.ts';
import { archive, type Content } from './archive.ts';
import { FAR_DIST, FAR_NODE, isThere, LABEL, nameOf, PATIENCE } from './helper-name.ts';
import { WANTED } from './packages.ts';

/**
 * What the image is built from, by the engine: it pulls them unless it has them. Whole names, since Podman takes no short ones; Debian 12 is
 * what a helper was tried with.
 */
export const BASES = {
  debian: 'docker.io/library/debian:bookworm-slim',
  node: 'docker.io/library/node:24-bookworm-slim',
} as const;
/** Brings nspawn, which a machine of Debian's has or fetches. */
const FURTHER = ['systemd-container'] as const;
/** Longest line of what a build says, bytes. */
const LONGEST = 1 << 20;

/** Pure. For the builder that every engine has (20.10 too): no syntax of BuildKit's. */
export const dockerfile = (): string => `FROM ${BASES.node} AS node
FROM ${BASES.debian}
RUN apt-get update \\
 && DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends ${[...WANTED, ...FURTHER].join(' ')} \\
 && rm -rf /var/lib/apt/lists/*
COPY --from=node /usr/local/bin/node ${FAR_NODE}
COPY dist/ ${FAR_DIST}/
LABEL ${LABEL[0]}=${LABEL[1]}
`;

/** Has the engine build the image, where this machine has not what it is made of. Returns its name. Throws JailError. */
export async function provideBuilt(engine: Engine, dist: string, notice: (message: string) => void): Promise<string> {
  const recipe = dockerfile();
  const name = nameOf([recipe], dist);
  if (await isThere(engine, name)) return name;
  notice(
    `the engine at ${engine.where} builds what a jail needs, once: ${name}; what it has not of ${BASES.node} and ${BASES.debian} it pulls from their registry, and packages from Debian`,
  );
  const content: Content = new Map<string, { text: string } | { from: string }>([
    ['/Dockerfile', { text: recipe }],
    ...readdirSync(dist).map((file): [string, { from: string }] => [`/dist/${file}`, { from: join(dist, file) }]),
  ]);
  const said = await engine.stream('POST', `/build?t=${name}&forcerm=1`, { body: Readable.from(archive(content)), timeout: PATIENCE });
  const why = await failureOf(lines(said, LONGEST));
  if (why === null && (await isThere(engine, name))) return name;
  throw new JailError(
    `the engine at ${engine.where} could not build the helper's image: ${why ?? 'it said nothing of an error, and the image is not there'}`,
    `let the engine reach the registry of ${BASES.debian} and ${BASES.node} and the packages of Debian; or build it once at an engine that does, with the same agent-jail, and bring it over: \`docker save ${name} | docker load\``,
  );
}

/** What an engine says of a build that failed, with the last line of the step's own output; null: it did not fail. `said`: JSON, by line. */
export async function failureOf(said: AsyncIterable<string>): Promise<string | null> {
  let last = '';
  for await (const line of said) {
    const { stream, error } = parsed(line);
    if (typeof error === 'string') {
      const short = error.replace(/^The command '.*' returned a non-zero code: (\d+)$/s, 'a step ended with $1');
      return `${short.trim()}${last === '' ? '' : `: ${last}`}`.slice(0, 500);
    }
    if (typeof stream !== 'string') continue;
    if (/^Step \d+\/\d+ : /.test(stream))
      last = ''; // of this step nothing yet
    else if (!/^\s*(?:--->.*)?\s*$/.test(stream)) last = stream.trim().split('\n').at(-1) ?? '';
  }
  return null;
}

function parsed(line: string): { readonly stream?: unknown; readonly error?: unknown } {
  try {
    return JSON.parse(line) as { stream?: unknown };
  } catch {
    return {};
  }
}
