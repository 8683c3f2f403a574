import { looksOf } from '../host/archive.ts';
import { keyOf, use } from '../host/root-cache.ts';
import type { Root } from '../model/policy.ts';

/** What is most likely the root of a run, being looked through. */
export interface Ahead {
  readonly key: string;
  /** True: it is as it was made, and kept. */
  readonly used: Promise<boolean>;
}

/**
 * Begins, as soon as main knows what the root is, with what takes longest: to look through the directory that is kept of it. An image is
 * most often what it was the last time under its name, an archive whatever it was when it looked the same. A wrong guess costs time only.
 */
export async function lookAhead(wanted: Root): Promise<Ahead | null> {
  // Needed in a moment, and only for an image: what speaks to an engine takes time to load.
  if (wanted.kind === 'image') void Promise.all([import('../system/engine.ts'), import('../host/image.ts')]).catch(() => {});
  const of = wanted.kind === 'image' ? wanted.ref : wanted.kind === 'archive' ? await looksOf(wanted.path) : null;
  const key = of === null ? null : keyOf(of);
  if (key === null) return null;
  const used = use(key);
  used.catch(() => {}); // whoever needs it finds out
  return { key, used };
}
