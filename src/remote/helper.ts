import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Architecture, ARCHITECTURE_NAMES, ARCHITECTURES } from '../model/architecture.ts';
import { JailError } from '../model/errors.ts';
import { type Engine, messageOf } from '../system/engine.ts';
import { SINGLE_THREADED } from '../system/exec.ts';
import { FAR_DIST, FAR_NODE } from './helper-name.ts';
import { stdoutOf } from './multiplexed.ts';

const LABEL = 'agent-jail.run';
const HELPER = 'agent-jail.helper';
const STATE = '/var/lib/agent-jail';
const LONGEST_SAID = 4096;
/** ms that an engine has to remove a container and its volumes. */
const PATIENCE = 30_000;

/** What an engine has to say of itself for a helper (`GET /info`). */
export interface HelperInfo {
  readonly OSType: string;
  readonly Architecture: string;
  readonly SecurityOptions?: readonly string[] | null;
}

/** Pure: an engine's own word for its architecture; null: jails are not made there. */
export const architectureAt = ({ Architecture }: HelperInfo): Architecture | null =>
  (Object.keys(ARCHITECTURES) as Architecture[]).find((one) => (ARCHITECTURES[one].engine as readonly string[]).includes(Architecture)) ??
  null;

/** Pure: why no helper can live in this engine; null: one can be tried. */
export function noHelper(info: HelperInfo): string | null {
  const { OSType, Architecture, SecurityOptions } = info;
  if (OSType !== 'linux') return `runs ${OSType} containers, and a jail needs Linux`;
  if (architectureAt(info) === null) return `is a machine of ${Architecture}, and jails are made on ${ARCHITECTURE_NAMES}`;
  if ((SecurityOptions ?? []).some((option) => option.startsWith('name=rootless')))
    return 'is rootless, and a helper needs to mount file systems';
  return null;
}

/** What a warden does: mount, make namespaces, groups and devices, change owners, read what others own, start as other users. */
const CAPABILITIES = [
  'AUDIT_WRITE', 'CHOWN', 'DAC_OVERRIDE', 'DAC_READ_SEARCH', 'FOWNER', 'FSETID', 'KILL', 'MKNOD', 'NET_ADMIN', 'NET_BIND_SERVICE', 'NET_RAW',
  'SETFCAP', 'SETGID', 'SETPCAP', 'SETUID', 'SYS_ADMIN', 'SYS_CHROOT', 'SYS_NICE', 'SYS_PTRACE',
] as const; // biome-ignore format: a list

/** Open files, and processes of one user, at Podman's. */
const LIMIT = 16_384;
/** Pure: what is asked of an engine beyond what any container has. Whoever has this can become root of the engine's machine. */
function privilegesOf(product: Engine['product']): object {
  // Podman has no other way to leave all of /proc and /sys as it is. It would ask for as much as a kernel has, which root may not everywhere.
  if (product === 'podman') return { Privileged: true, Ulimits: ['nofile', 'nproc'].map((Name) => ({ Name, Soft: LIMIT, Hard: LIMIT })) };
  return {
    CapDrop: ['ALL'],
    CapAdd: CAPABILITIES,
    SecurityOpt: ['seccomp=unconfined', 'apparmor=unconfined', 'label=disable'],
    MaskedPaths: [],
    ReadonlyPaths: [],
    DeviceCgroupRules: ['b 7:* rwm', 'c 10:237 rwm'], // loop devices, and what hands them out
  };
}

/** Pure: the body of `POST /containers/create` (Docker Engine API 1.41). `places`: directories of trees, each on a disk of the engine's. */
export function helperContainer(id: string, image: string, places: readonly string[], product: Engine['product']): object {
  return {
    Image: image,
    // Podman gives no namespace of groups on v1.
    Cmd: ['/usr/bin/unshare', '--cgroup', '--', FAR_NODE, ...SINGLE_THREADED, `${FAR_DIST}/far.js`],
    Entrypoint: null,
    Env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', 'LANG=C.UTF-8'],
    Labels: { [LABEL]: id, [HELPER]: '1' },
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
    OpenStdin: true,
    StdinOnce: true, // whoever asked for it is gone: it ends
    Tty: false,
    // Not on the container's own file system: an overlay can be no upper directory, and ids cannot be mapped on it.
    Volumes: Object.fromEntries([STATE, ...places].map((place) => [place, {}])),
    HostConfig: {
      ...privilegesOf(product),
      CgroupnsMode: 'private', // its own group is the root of what it sees: the run's lie below it, and go with it
      UsernsMode: 'host',
      AutoRemove: true, // with its volumes
      LogConfig: { Type: 'none' },
      RestartPolicy: { Name: 'no' },
    },
  };
}

/** A container that runs the program `far`, and what goes to it and comes from it. */
export interface Helper {
  readonly stdin: Socket;
  readonly stdout: AsyncIterable<Buffer>;
  /** What it said on stderr so far. */
  errors(): string;
  /** Removes it, if it is still there. Never rejects. */
  remove(): Promise<void>;
}

/** Throws JailError; then nothing is left. */
export async function startHelper(engine: Engine, id: string, image: string, places: readonly string[]): Promise<Helper> {
  const name = `agent-jail-${id}-helper`;
  const made = await engine.ask('POST', `/containers/create?name=${name}`, {
    body: helperContainer(id, image, places, engine.product),
    timeout: 600_000,
  });
  if (made.status !== 201) throw refusal(engine, 'make', messageOf(made.status, made.body));
  const remove = async (): Promise<void> => {
    try {
      await engine.ask('DELETE', `/containers/${name}?force=1&v=1`);
      // The engine may be at it itself, and says so at once.
      for (const end = performance.now() + PATIENCE; performance.now() < end; await sleep(50))
        if ((await engine.ask('GET', `/containers/${name}/json`)).status === 404) return;
    } catch {} // it is gone with what it had, or will remove the container when it is back
  };
  try {
    const stdin = await engine.attach(`/containers/${name}/attach?stream=1&stdin=1&stdout=1&stderr=1`);
    const started = await engine.ask('POST', `/containers/${name}/start`);
    if (started.status !== 204) {
      stdin.destroy();
      throw refusal(engine, 'start', messageOf(started.status, started.body));
    }
    let said = '';
    const stdout = stdoutOf(stdin as AsyncIterable<Buffer>, (bytes) => {
      if (said.length < LONGEST_SAID) said += bytes.toString('utf8');
    });
    return { stdin, stdout, errors: () => said.trim(), remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** What an engine says of a container (`GET /containers/json`). */
export interface Listed {
  readonly Id: string;
  readonly State: string;
  /** Seconds since the epoch. */
  readonly Created: number;
}
/** ms after which nobody who made it will start it. */
const FORGOTTEN = 30_000;
/** Pure: it was made, and whoever made it was killed before it was started; one that was, the engine removes itself. */
export const isForgotten = ({ State, Created }: Listed, now: number): boolean => State === 'created' && now - Created * 1000 > FORGOTTEN;

/** Removes helpers that never ran, of runs that are dead; their names. Throws JailError. */
export async function removeForgotten(engine: Engine, now = Date.now()): Promise<string[]> {
  const filters = encodeURIComponent(JSON.stringify({ label: [`${HELPER}=1`] }));
  const { status, body } = await engine.ask('GET', `/containers/json?all=1&filters=${filters}`);
  if (status !== 200) throw new JailError(`the engine at ${engine.where} ${messageOf(status, body)}`, 'look into its log');
  const removed: string[] = [];
  for (const one of (body as readonly (Listed & { readonly Labels: Readonly<Record<string, string>> })[]).filter((listed) =>
    isForgotten(listed, now),
  )) {
    await engine.ask('DELETE', `/containers/${one.Id}?force=1&v=1`);
    removed.push(`the helper of ${one.Labels[LABEL] ?? 'a run'} at ${engine.where}`);
  }
  return removed;
}

const refusal = (engine: Engine, what: string, said: string): JailError =>
  new JailError(
    `the engine at ${engine.where} does not ${what} the helper container: ${said}`,
    'the engine has to allow privileged containers; look into its log',
  );
