import { lstatSync } from 'node:fs';
import { Archive } from '../host/archive.ts';
import type { Image } from '../host/image.ts';
import { isKept, keepRoot, keyOf, type Making, remember, treeOf, use } from '../host/root-cache.ts';
import { inside, requireRoot } from '../host/root-tree.ts';
import { JailError } from '../model/errors.ts';
import type { HostPath, JailPath, Sha256 } from '../model/names.ts';
import type { Root as Wanted } from '../model/policy.ts';
import type { RootImage } from '../model/protocol.ts';
import type { RunDocument } from '../model/record.ts';
import { imageEnvironment } from '../plan/environment.ts';
import type { Context } from './context.ts';
import { Stopped } from './context.ts';
import { journalEngine } from './sweep.ts';

/** Where steps begin that have no directory of their own. */
const TMP = '/tmp' as JailPath;

/** Where the jail's programs come from. */
export interface Root {
  /** The directory that is the jail's `/`; null: made from the host's own. */
  readonly tree: HostPath | null;
  /** Variables that the root brings; whatever the policy says wins. */
  readonly env: Readonly<Record<string, string>>;
  readonly fact: RunDocument['root'];
  /** The tree is whole, and stays so as long as this process lives; where steps begin. Nothing may be mounted on it before. */
  readonly ready: Promise<{ readonly directory: JailPath }>;
}

/** The root on its way: what is missing is fetched, made or checked beside what else a run needs. Disposing of it gives that up. */
export class RootWork implements AsyncDisposable {
  /** Rejects with JailError, or Stopped. */
  readonly found: Promise<Root>;
  readonly #abort = new AbortController();
  #made: Promise<unknown> = Promise.resolve();

  constructor(context: Context) {
    void context.stop.then((end) => this.#abort.abort(new Stopped(end)));
    void context.warm.ahead(context.request.policy.jail.root);
    this.found = this.#find(context.request.policy.jail.root, context);
    this.found.catch(() => {}); // it is awaited later, and may fail before
  }
  async #find(wanted: Wanted, context: Context): Promise<Root> {
    if (wanted.kind === 'host') return { tree: null, env: {}, fact: fact('host', null), ready: Promise.resolve({ directory: TMP }) };
    if (wanted.kind === 'directory') {
      requireRoot(wanted.path, `the root directory ${wanted.path}`);
      return { tree: wanted.path, env: {}, fact: fact('directory', null), ready: Promise.resolve({ directory: TMP }) };
    }
    const { rootImage } = context.request;
    if (wanted.kind === 'image' && rootImage !== undefined) return this.#given(rootImage, `the image ${wanted.ref}`, context);
    return wanted.kind === 'archive' ? this.#archive(wanted.path, wanted.sha256, context) : this.#image(wanted.ref, context);
  }

  async #archive(path: HostPath, wanted: Sha256 | null, context: Context): Promise<Root> {
    const { signal } = this.#abort;
    const archive = await Archive.open(path);
    try {
      const known = archive.seen === null ? null : keyOf(archive.seen);
      const sha256 = known === null ? await archive.sha256(signal) : (known.slice('archive-'.length) as Sha256);
      archive.require(sha256, wanted);
      const key = `archive-${sha256}`;
      const make: Making['make'] = (tree, room) => archive.unpack(sha256, tree, room, signal);
      const kept = this.#keep(key, archive.what, context, make).then(() => {
        if (archive.seen !== null) remember(key, archive.seen);
      });
      const close = async (): Promise<void> => archive[Symbol.asyncDispose]();
      this.#made = kept.then(close, close);
      return await rootOf(key, kept, {}, fact('archive', sha256), async () => TMP);
    } catch (error) {
      await archive[Symbol.asyncDispose]();
      throw error;
    }
  }

  async #image(ref: string, context: Context): Promise<Root> {
    const { signal } = this.#abort;
    const what = `the image ${ref}`;
    // Only here: what speaks to an engine takes time to load.
    const [{ Engine, socketOf }, { exportImage, findImage }] = await Promise.all([
      import('../system/engine.ts'),
      import('../host/image.ts'),
    ]);
    const connect = async () => {
      socketOf(context.request.engine); // what it holds for this run is looked for there by whoever cleans up
      return Engine.connect(context.request.engine);
    };
    const engine = await connect().catch((error: unknown) => {
      if (!(error instanceof JailError)) throw error;
      throw new JailError(`${what} is not to be had: ${error.message}`, 'start the Docker engine, or use `jail.root: { archive }`');
    });
    const image = await findImage(engine, ref, signal);
    const key = `image-${image.id}`;
    const make: Making['make'] = async (into, room) => {
      journalEngine(context.request.id, engine.where);
      await exportImage(engine, image, context.request.id, { what, into, room, signal });
    };
    const kept = this.#keep(key, what, context, make).then(() => remember(key, ref));
    this.#made = kept.catch(() => {});
    return rootOf(key, kept, environmentOf(image, what, context), fact('image', image.id), async (tree) =>
      beginsIn(image, tree, (why) => context.notice(`${what}: ${why}`)),
    );
  }

  /** Nobody else uses it, and it goes with the helper: it is not kept. */
  #given(image: RootImage, what: string, context: Context): Root {
    const { tree, id } = image;
    requireRoot(tree, what);
    const directory = beginsIn(image, tree, (why) => context.notice(`${what}: ${why}`));
    return { tree, env: environmentOf(image, what, context), fact: fact('image', id), ready: Promise.resolve({ directory }) };
  }

  async #keep(key: string, what: string, context: Context, make: Making['make']): Promise<void> {
    const ahead = await context.warm.ahead(context.request.policy.jail.root);
    const used = ahead?.key === key ? ahead.used : use(key);
    await keepRoot(key, { what, make, notice: (message) => context.notice(message), signal: this.#abort.signal }, used);
  }
  async [Symbol.asyncDispose](): Promise<void> {
    this.#abort.abort();
    await this.found.catch(() => {});
    await this.#made;
  }
}

const fact = (kind: Wanted['kind'], sha256: Sha256 | null): RunDocument['root'] => ({ kind, sha256 });

/** One that is kept is looked through while the run goes on; one that is not, made first: it takes room that is then reserved. */
async function rootOf(
  key: string,
  kept: Promise<void>,
  env: Root['env'],
  of: Root['fact'],
  begins: (tree: HostPath) => Promise<JailPath>,
): Promise<Root> {
  const tree = treeOf(key);
  const ready = kept.then(async () => ({ directory: await begins(tree) }));
  ready.catch(() => {}); // as above
  if (!isKept(key)) await kept;
  return { tree, env, fact: of, ready };
}

function environmentOf(image: Pick<Image, 'env'>, what: string, context: Context): Root['env'] {
  const { env, left } = imageEnvironment(image.env);
  if (left.length > 0) context.notice(`${what} sets variables that are left out, because no process can have them: ${left.join(', ')}`);
  return env;
}

/** The image's WORKDIR. */
function beginsIn({ directory }: Pick<Image, 'directory'>, tree: HostPath, notice: (why: string) => void): JailPath {
  if (directory === '' || directory === '/') return TMP;
  const found = directory.startsWith('/') ? inside(tree, directory) : null;
  if (found !== null && lstatSync(found).isDirectory()) return directory as JailPath;
  notice(`its WORKDIR ${directory} is not a directory in it`);
  return TMP;
}
