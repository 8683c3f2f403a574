import { basename, dirname } from 'node:path/posix';
import { filesOf, findImage, NOT_THE_IMAGES } from '../host/image.ts';
import { JailError } from '../model/errors.ts';
import type { HostPath } from '../model/names.ts';
import type { RunRequest } from '../model/protocol.ts';
import { frame, type HelperRequest } from '../remote/frames.ts';
import { type HelperInfo, noHelper, startHelper } from '../remote/helper.ts';
import { provideHelper } from '../remote/helper-image.ts';
import { push, sendArchive, sendTree, type Tree } from '../remote/trees.ts';
import { withoutEngine } from '../system/contained.ts';
import { Engine } from '../system/engine.ts';
import { HERE, hostPathOf, jailPathOf, type Platform } from '../system/platform.ts';
import { FarWarden } from './far-warden.ts';

/** Where the helper has files that are no tree of the jail's, and the record while it is written. */
const IN = '/var/lib/agent-jail-in';
const FAR_RECORD = `${IN}/record` as HostPath;
const IMAGE = `${IN}/image` as HostPath;
const REMEDY = 'use another engine, or on Linux one of this machine or `jail.backend: nspawn`';

/** Pure: what cannot be had elsewhere; each with what to do. */
export function refusedElsewhere({ policy, steps }: Pick<RunRequest, 'policy' | 'steps'>): string | null {
  const kinds = new Set(steps.map(({ setup }) => (setup ? 'setup' : 'agent')));
  const services = [...kinds].flatMap((kind) => policy[kind].network.services);
  if (services.length > 0)
    return `network.services are of this machine's loopback, which an engine elsewhere does not have: ${services.map(({ name }) => name).join(', ')}`;
  if (policy.jail.runtime !== undefined) return 'jail.docker.runtime is for an engine of this machine';
  return null;
}

/**
 * Pure: the request as the warden in the helper gets it, and what has to be there before. From here on paths are those of a jail. Throws
 * JailError for what has no place there.
 */
export function atEngine(
  request: RunRequest,
  why: string,
  here: Platform = HERE,
): { readonly request: RunRequest; readonly trees: readonly Tree[] } {
  const { policy, restore, surroundings } = request;
  const there = (path: string): HostPath => jailPathOf(path, here) as string as HostPath;
  const workspace = there(request.workspace);
  const trees: Tree[] = [];
  const whole = (from: HostPath, to: string): void => void trees.push({ from, only: null, to });
  const file = (from: string, to: string): void =>
    void trees.push({ from: dirname(from) as HostPath, only: basename(from), to: dirname(to) });
  // The warden looks at its owner even where no step sees it.
  whole(request.workspace, workspace);
  // What the policy names is at that path, as the record has the policy.
  for (const { source } of policy.mounts) if (!trees.some(({ to }) => to === source)) whole(hostPathOf(source, here), source);
  const { root } = policy.jail;
  if (root.kind === 'directory') whole(hostPathOf(root.path, here), root.path);
  if (root.kind === 'archive') file(hostPathOf(root.path, here), root.path);
  if (restore !== null) file(restore.archive, there(restore.archive));
  const inTrees = (path: string): boolean => trees.some(({ to }) => path === to || path.startsWith(`${to}/`));
  return {
    request: {
      ...request,
      backend: 'nspawn',
      elsewhere: why,
      workspace,
      steps: request.steps.map((step) => ({ ...step, cwd: step.cwd === null ? null : jailPathOf(step.cwd, here) })),
      covers: request.covers.map((cover) => ({ ...cover, path: there(cover.path) })),
      restore: restore === null ? null : { ...restore, archive: there(restore.archive) },
      record: FAR_RECORD,
      caller: { uid: 0, gid: 0 },
      engine: { ok: false, message: 'the warden is in a helper container', remedy: REMEDY },
      surroundings: {
        path: [],
        home: (here.toJail(surroundings.home) ?? '/root') as string as HostPath,
        toolchain: {},
        forbidden: surroundings.forbidden.map(there).filter(inTrees),
        hidden: surroundings.hidden.map(there).filter(inTrees),
      },
    },
    trees,
  };
}

/** Throws JailError; then nothing is left at the engine. `container`: as above; `dist`: directory of this program's bundle. */
export async function startElsewhere(
  request: RunRequest,
  why: string,
  container: string | null,
  { here, dist }: { readonly here: Platform; readonly dist: string },
  notice: (message: string) => void,
): Promise<{ readonly warden: FarWarden; readonly request: RunRequest }> {
  const refused = refusedElsewhere(request);
  if (refused !== null) throw new JailError(`${why}: ${refused}`, REMEDY);
  const engine = await Engine.connect(request.engine).catch((error: unknown) => {
    if (container === null || !(error instanceof JailError)) throw error;
    throw new JailError(`${container}, where no jail can be built, and ${error.message}`, withoutEngine(process.execPath, process.env));
  });
  const info = (await engine.ask('GET', '/info')).body as HelperInfo;
  const none = noHelper(info);
  if (none !== null) throw new JailError(`the engine at ${engine.where} ${none}`, REMEDY);
  const far = atEngine(request, why, here);
  const { root } = request.policy.jail;
  const never = new AbortController().signal;
  const found = root.kind === 'image' ? await findImage(engine, root.ref, never) : null;
  const image = await provideHelper(engine, info, { here, dist }, notice);
  const helper = await startHelper(engine, request.id, image, [IN, ...far.trees.filter(({ only }) => only === null).map(({ to }) => to)]);
  const { stdin } = helper;
  stdin.on('error', () => {}); // its end says so
  const said: HelperRequest = {
    protocol: 1,
    trees: [
      ...far.trees.map(({ to }) => ({ to, without: [] as string[] })),
      ...(found === null ? [] : [{ to: IMAGE, without: ['dev/*', './dev/*', ...NOT_THE_IMAGES] }]),
    ],
    record: FAR_RECORD,
  };
  const sending = (async () => {
    await push(stdin, frame('request', JSON.stringify(said)));
    for (const tree of far.trees) await sendTree(tree, stdin, here);
    if (found !== null)
      await sendArchive(filesOf(engine, found, request.id, `the image ${root.kind === 'image' ? root.ref : ''}`, never), stdin);
  })();
  const warden = new FarWarden(helper, request.record, sending);
  try {
    await Promise.race([sending, warden.ended.then((how) => Promise.reject(new JailError(how, REMEDY)))]);
  } catch (error) {
    await warden.giveUp();
    throw error instanceof JailError
      ? error
      : new JailError(`the helper at ${engine.where} cannot be spoken to: ${(error as Error).message}`, REMEDY);
  }
  return { warden, request: found === null ? far.request : { ...far.request, rootImage: { ...found, tree: IMAGE } } };
}
