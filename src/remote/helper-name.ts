import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Engine } from '../system/engine.ts';

/** On every image of ours, so that people can find and remove them: name, and value. */
export const LABEL = ['agent-jail.image', 'helper'] as const;
/** Where the image has what is not of a package. */
export const FAR_NODE = '/agent-jail/node';
export const FAR_DIST = '/agent-jail/dist';
/** ms that an engine has for taking or building one. */
export const PATIENCE = 15 * 60_000;

/** The name of an image of this content: whatever makes it another image has to be in there. Not a tag: Podman's service forgets that of an import. */
export function nameOf(content: readonly unknown[], dist: string): string {
  const digest = createHash('sha256').update(JSON.stringify([...content, distDigest(dist)]));
  return `agent-jail-helper-${digest.digest('hex').slice(0, 16)}`;
}

export const isThere = async (engine: Engine, name: string): Promise<boolean> =>
  (await engine.ask('GET', `/images/${name}/json`)).status === 200;

function distDigest(dist: string): string {
  const hash = createHash('sha256');
  for (const name of readdirSync(dist).sort())
    hash
      .update(name)
      .update('\0')
      .update(readFileSync(join(dist, name)));
  return hash.digest('hex');
}
