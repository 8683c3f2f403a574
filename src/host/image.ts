import { setTimeout } from 'node:timers';
import type { Readable } from 'node:stream';
import { ARCHITECTURES, architectureOf } from '../model/architecture.ts';
import { JailError } from '../model/errors.ts';
import type { HostPath, Sha256 } from '../model/names.ts';
import { type Engine, messageOf } from '../system/engine.ts';
import { lines } from '../system/lines.ts';
import { hostName } from './places.ts';
import { requireRoot } from './root-tree.ts';
import { type Room, unpack } from './unpack.ts';

/** What of an image a jail uses beside its files. */
export interface Image {
  readonly id: Sha256;
  /** As written: `NAME=value`. */
  readonly env: readonly string[];
  /** '' where it says none. */
  readonly directory: string;
}

/** An architecture of ours as images call it. */
/** A pull that says nothing for so long is given up, ms. */
const SILENCE = 120_000;
/** A container's making copies what its image has at the places of volumes, ms. */
const CREATION = 600_000;
const PULL = 'check the name; where it needs a login, or is slow: `docker login` and `docker pull` in an earlier step';
/** On what was made of the image, beside the run's own label: to be found again. */
const LABEL = 'agent-jail.run';

/** The image of this name, digest or id, pulled where the engine does not have it. Throws JailError. */
export async function findImage(engine: Engine, ref: string, signal: AbortSignal): Promise<Image> {
  let seen = await inspect(engine, ref);
  if (seen === null) {
    if (isId(ref)) throw new JailError(`the image ${ref} is not there: the engine has none of this id`, 'give a name, which can be pulled');
    await pull(engine, ref, signal);
    seen = await inspect(engine, ref);
  }
  if (seen === null) throw new JailError(`the image ${ref} is not there, though it was pulled`, PULL);
  const { Id, Architecture, Os, Config } = seen;
  const id = /^sha256:([0-9a-f]{64})$/.exec(String(Id))?.[1];
  if (id === undefined)
    throw new JailError(`the image ${ref} has no id that could be used: ${JSON.stringify(Id)}`, 'update the Docker engine');
  const wanted = platformOf(process.arch);
  const found = `${text(Os) || 'linux'}/${text(Architecture) || wanted.slice('linux/'.length)}`;
  if (found !== wanted)
    throw new JailError(
      `the image ${ref} is for ${found}, this machine is ${wanted}`,
      `use an image for ${wanted}, such as one of many platforms`,
    );
  const config = (Config ?? {}) as { readonly Env?: unknown; readonly WorkingDir?: unknown };
  return { id: id as Sha256, env: Array.isArray(config.Env) ? config.Env.map(String) : [], directory: text(config.WorkingDir) };
}

/** What is the engine's own, and not the image's. */
export const NOT_THE_IMAGES = ['.dockerenv'] as const;

/** The image's files, in an empty directory. Throws JailError. */
export async function exportImage(
  engine: Engine,
  image: Image,
  run: string,
  { what, into, room, signal }: { what: string; into: HostPath; room: Room; signal: AbortSignal },
): Promise<void> {
  await unpack(filesOf(engine, image, run, what, signal), { what, into, room, signal, without: NOT_THE_IMAGES, remedy: ROOM });
  requireRoot(into, what);
}

/** The image's files as a tar archive: those of a container that never runs, and goes again. Throws JailError. */
export async function* filesOf(engine: Engine, { id }: Image, run: string, what: string, signal: AbortSignal): AsyncGenerator<Buffer> {
  const name = `${hostName(run)}-root`;
  const asked = { Image: `sha256:${id}`, Entrypoint: [], Cmd: ['/bin/sh'], NetworkDisabled: true, Labels: { [LABEL]: run } };
  try {
    const made = await engine.ask('POST', `/containers/create?name=${name}`, { body: asked, timeout: CREATION });
    if (made.status !== 201)
      throw new JailError(`${what} could not be unpacked: no container could be made of it: ${messageOf(made.status, made.body)}`, ROOM);
    yield* chunksOf(await engine.stream('GET', `/containers/${name}/export`, { signal }), what);
  } finally {
    await removeContainer(engine, name);
  }
}
const ROOM = 'look into the log of the Docker engine, and at the space that it has';

/** With the volumes that its image asked for. */
async function removeContainer(engine: Engine, name: string): Promise<void> {
  const { status, body } = await engine.ask('DELETE', `/containers/${name}?force=1&v=1`);
  if (status !== 204 && status !== 404)
    throw new JailError(`the container ${name} could not be removed: ${messageOf(status, body)}`, `\`docker rm --force ${name}\``);
}

async function inspect(engine: Engine, ref: string): Promise<Record<string, unknown> | null> {
  const { status, body } = await engine.ask('GET', `/images/${path(ref)}/json`);
  if (status === 200) return body as Record<string, unknown>;
  if (status === 404) return null;
  throw new JailError(`the image ${ref} could not be looked at: ${messageOf(status, body)}`, 'give a name, a digest or an id of an image');
}

/** Without credentials: none of the job's reach the warden. */
async function pull(engine: Engine, ref: string, signal: AbortSignal): Promise<void> {
  const failed = (why: string): JailError => new JailError(`the image ${ref} could not be pulled: ${why}`, PULL);
  const { name, tag } = split(ref);
  const silent = new AbortController();
  const timer = setTimeout(() => silent.abort(), SILENCE);
  try {
    const query = `fromImage=${encodeURIComponent(name)}&tag=${encodeURIComponent(tag)}`;
    const said = await engine.stream('POST', `/images/create?${query}`, { signal: AbortSignal.any([signal, silent.signal]) });
    for await (const line of lines(said, 1 << 20)) {
      timer.refresh();
      const { error } = JSON.parse(line) as { error?: string };
      if (error !== undefined) throw failed(error.slice(0, 500));
    }
  } catch (error) {
    signal.throwIfAborted();
    if (silent.signal.aborted) throw failed(`the engine said nothing for ${SILENCE / 1000} s`);
    if (error instanceof JailError) throw error.message.startsWith('the image') ? error : failed(error.message);
    throw failed((error as Error).message);
  } finally {
    clearTimeout(timer);
  }
}

/** An engine that breaks off is no archive that is cut off. */
async function* chunksOf(stream: Readable, what: string): AsyncGenerator<Buffer> {
  try {
    yield* stream as AsyncIterable<Buffer>;
  } catch (error) {
    throw new JailError(`${what} could not be unpacked: the Docker engine broke off: ${(error as Error).message}`, 'run again', null, {
      cause: error,
    });
  }
}

/** Pure: what images of this machine are for. */
export function platformOf(arch: string): string {
  const known = architectureOf(arch);
  return `linux/${known === null ? arch : ARCHITECTURES[known].image}`;
}

/** Pure: a reference without its tag or digest, and that. */
export function split(ref: string): { readonly name: string; readonly tag: string } {
  const [named = '', digest] = ref.split('@');
  const colon = named.indexOf(':', named.lastIndexOf('/') + 1);
  const [name, tag] = colon === -1 ? [named, 'latest'] : [named.slice(0, colon), named.slice(colon + 1)];
  return { name, tag: digest ?? tag }; // where both are written, the digest says it all
}

const isId = (ref: string): boolean => ref.startsWith('sha256:');
const path = (ref: string): string => ref.split('/').map(encodeURIComponent).join('/');
const text = (value: unknown): string => (typeof value === 'string' ? value : '');
