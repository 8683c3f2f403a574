import { appendFileSync, lstatSync, readdirSync, readlinkSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Architecture } from '../model/architecture.ts';
import type { EngineChoice } from '../model/engine.ts';
import { JailError } from '../model/errors.ts';
import type { Backend, BackendPlaces, Jail, JailSpec, Mount, PayloadExit, Running, StepStart, Usable } from '../model/jail.ts';
import type { HostPath } from '../model/names.ts';
import { Engine, messageOf, socketOf } from '../system/engine.ts';
import { readProc } from '../system/proc.ts';
import { container, type ContainerHost, containerName, containersOf, containerView, type RootEntry } from './docker-container.ts';
import { linkImage, provide } from './docker-image.ts';

/** What the warden hands over beside the specification. */
export interface DockerHost {
  readonly engine: EngineChoice;
  readonly arch: Architecture;
  /** `jail.docker.runtime`; null: the engine's default. */
  readonly runtime: string | null;
  /** The /proc that the engine's process ids belong to. */
  readonly proc: string;
  /** Where the engine sees a path of the warden's. */
  seen(path: string): string;
}
/** What the engine tells of itself, as far as it matters here (`GET /info`). */
interface Info {
  readonly OSType: string;
  readonly CgroupDriver: string;
  readonly SecurityOptions: readonly string[];
  /** By name. */
  readonly Runtimes?: Readonly<Record<string, unknown>> | null;
  readonly DefaultRuntime?: string;
}
const REMEDY = 'use the Docker engine of the distribution on this machine, or choose `jail.backend: nspawn`';
const RUNTIME_REMEDY =
  'install the runtime, name it under `runtimes` in /etc/docker/daemon.json, and reload the engine; or take `jail.docker.runtime` out';
/** ms. */
const PATIENCE = 30_000;
/** ms after which what runs in a container is no longer on its way to be the step: the engine has said that it started. */
const FOREIGN = 10_000;

/** A container for each step, of an engine of the machine's; every container has an image of nothing and the run's layers mounted in it. */
export function docker(host: DockerHost): Backend {
  let found: { engine: Engine; info: Info } | null = null;
  return {
    name: 'docker',
    lacks: null,
    overhead: { memory: 0, processes: 0 },
    get engine() {
      return found?.engine.where ?? '';
    },
    async probe(): Promise<Usable> {
      try {
        socketOf(host.engine); // where the layers are
        const engine = await Engine.connect(host.engine);
        const info = (await engine.ask('GET', '/info')).body as Info;
        const why = unusable(info);
        if (why !== null) return { ok: false, why: `the Docker engine at ${engine.where} ${why}`, remedy: REMEDY };
        const { runtime } = host;
        const lacks = runtime === null ? null : lacksRuntime(info, runtime);
        if (lacks !== null) return { ok: false, why: `the Docker engine at ${engine.where} ${lacks}`, remedy: RUNTIME_REMEDY };
        found = { engine, info };
        return {
          ok: true,
          version: `Docker ${engine.version}${runtime === null ? '' : `, runtime ${runtime}`}`,
          strength: strengthOf(info),
        };
      } catch (error) {
        if (error instanceof JailError) return { ok: false, why: error.message, remedy: error.remedy };
        throw error;
      }
    },
    cgroup: (id) => cgroupOf(found?.info.CgroupDriver ?? '', id),
    refuses: (spec) => [
      ...(spec.identity.uid === 0 ? ['root in the jail is not offered'] : []),
      ...spec.view
        .filter(({ target }) => target.includes('\ufffd'))
        .map(({ target }) => `${target} is not UTF-8, which the engine's interface needs`),
    ],
    async open(spec: JailSpec, places: BackendPlaces): Promise<Jail> {
      if (found === null) throw new JailError('docker was opened before it was probed', 'this is a defect of agent-jail');
      const { engine, info } = found;
      const entries = rootEntries(spec.root);
      const image = linkImage(entries, host.arch);
      await provide(engine, image);
      const jail = new DockerJail(engine, spec, containerView(spec, entries), places.log, host.proc, {
        image: image.name,
        runtime: host.runtime,
        cgroupParent: info.CgroupDriver === 'systemd' ? spec.cgroup : `/${spec.cgroup}`,
        systemd: info.CgroupDriver === 'systemd',
        seen: (path) => host.seen(path),
      });
      return jail;
    },
  };
}

/** Pure. */
export const strengthOf = ({ SecurityOptions }: Pick<Info, 'SecurityOptions'>): string =>
  `namespaces, seccomp${SecurityOptions.some((option) => option.startsWith('name=apparmor')) ? ', AppArmor' : ''}`;

/** Pure: why this engine cannot hold a jail; null: it can. */
export function unusable({ OSType, SecurityOptions }: Info): string | null {
  if (OSType !== 'linux') return `runs ${OSType} containers`;
  if (SecurityOptions.some((option) => option.startsWith('name=rootless')))
    return "is rootless: it cannot see the layers, which are root's";
  if (!SecurityOptions.some((option) => option.startsWith('name=seccomp'))) return 'has no seccomp';
  return null;
}

/** Pure: runtimes that an engine has, without the names of shims that stand for the same ones. */
export const runtimesOf = ({ Runtimes }: Pick<Info, 'Runtimes'>): string[] =>
  Object.keys(Runtimes ?? {})
    .filter((name) => !name.startsWith('io.containerd.'))
    .sort();

/** Pure: why this engine cannot run containers with a runtime; null: it has it. */
export function lacksRuntime(info: Pick<Info, 'Runtimes'>, runtime: string): string | null {
  if (Object.hasOwn(info.Runtimes ?? {}, runtime)) return null;
  return `has no runtime ${JSON.stringify(runtime)}; it has ${runtimesOf(info).join(', ')}`;
}

/** Pure. systemd makes a hierarchy of the dashes in the name of a slice (systemd.slice(5)). */
export const cgroupOf = (driver: string, id: string): string => (driver === 'systemd' ? `agent_jail_${id}.slice` : `agent-jail-${id}`);

/** No agent has run yet: what lies there is the run's own, or came with a root that is a tree; no link is followed. */
function rootEntries(root: HostPath): RootEntry[] {
  return readdirSync(root)
    .sort()
    .flatMap((name): RootEntry[] => {
      const path = `${root}/${name}`;
      const seen = lstatSync(path);
      if (seen.isSymbolicLink()) return [{ name, kind: 'link', target: readlinkSync(path) }];
      return seen.isDirectory() ? [{ name, kind: 'directory' }] : seen.isFile() ? [{ name, kind: 'file' }] : [];
    });
}

class DockerJail implements Jail {
  readonly died = 'the Docker engine went away, or what held the jail was killed';
  readonly view: readonly Mount[];
  readonly #engine: Engine;
  readonly #spec: JailSpec;
  readonly #host: ContainerHost;
  readonly #log: HostPath;
  readonly #proc: string;
  readonly #gone: Promise<void>[] = [];

  constructor(engine: Engine, spec: JailSpec, view: readonly Mount[], log: HostPath, proc: string, host: ContainerHost) {
    this.#engine = engine;
    this.#spec = spec;
    this.view = view;
    this.#log = log;
    this.#proc = proc;
    this.#host = host;
  }

  async start(start: StepStart): Promise<Running> {
    const name = containerName(this.#spec.id, start.index);
    const body = container(this.#spec, this.view, start, this.#host);
    await this.#must('POST', `/containers/create?name=${name}`, 201, body);
    // Asked before it starts, so that no end is missed; the answer takes as long as the step.
    const ended = this.#engine.ask('POST', `/containers/${name}/wait?condition=next-exit`, { timeout: null });
    ended.catch(() => {});
    await this.#must('POST', `/containers/${name}/start`, 204);
    const exit = ended
      .then(({ status, body: said }) => exitOf(status, said))
      .catch((error: Error): PayloadExit => {
        this.#say(error.message);
        return 'backend';
      });
    this.#gone.push(exit.then(() => this.#remove(name)));
    this.#gone.at(-1)?.catch(() => {}); // told when the jail is closed
    return {
      leader: () => this.#leader(name, start),
      exit,
      kill: async () => {
        await this.#engine.ask('POST', `/containers/${name}/kill`).catch(() => {});
      },
    };
  }

  /** Pid 1 of the container, once it is the wrapper. */
  async #leader(name: string, start: StepStart): Promise<number> {
    const wanted = `${start.argv.join('\0')}\0`;
    const began = performance.now();
    while (performance.now() < began + PATIENCE) {
      const { body } = await this.#engine.ask('GET', `/containers/${name}/json`);
      const { Running: running = false, Pid: pid = 0, Error: said = '' } = (body as { State?: Partial<State> } | null)?.State ?? {};
      if (running && pid > 0 && readProc(pid, 'cmdline', this.#proc) === wanted) return pid;
      if (running && pid > 0 && performance.now() > began + FOREIGN) throw this.#unseen();
      if (!running) throw new JailError(`the container ended before the step could start${said === '' ? '' : `: ${said}`}`, SEE);
      await sleep(5);
    }
    throw new JailError('the container did not come up', SEE);
  }
  /** Nothing is started that was not seen from outside: this ends before the gate. */
  #unseen(): JailError {
    const runtime = this.#host.runtime ?? "the engine's default";
    return new JailError(
      `the runtime ${runtime} does not run the step as a process of this machine's kernel: the jail cannot be proved from outside`,
      "use a runtime that shares the machine's kernel, such as runc",
    );
  }

  async #must(method: string, path: string, wanted: number, ask?: object): Promise<void> {
    const { status, body } = await this.#engine.ask(method, path, ask === undefined ? {} : { body: ask });
    if (status === wanted) return;
    const said = messageOf(status, body);
    this.#say(said);
    throw new JailError(`the Docker engine: ${said}`, SEE);
  }
  async #remove(name: string): Promise<void> {
    const { status, body } = await this.#engine.ask('DELETE', `/containers/${name}?force=1&v=1`);
    // 409: somebody else is removing it.
    if (![204, 404, 409].includes(status))
      throw new JailError(`a container is left: ${messageOf(status, body)}`, `docker rm --force ${name}`);
  }
  #say(message: string): void {
    appendFileSync(this.#log, `${message}\n`);
  }
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#gone);
    await removeContainers(this.#engine, this.#spec.id);
  }
}
interface State {
  readonly Running: boolean;
  readonly Pid: number;
  readonly Error: string;
}
const SEE = 'see backend.log in the record, and the log of the Docker engine';

/** Removes every container of a run, whatever its state is. Throws JailError. */
export async function removeContainers(engine: Engine, id: string): Promise<void> {
  const { status, body } = await engine.ask('GET', containersOf(id));
  if (status !== 200 || !Array.isArray(body)) throw new JailError(`the Docker engine: ${messageOf(status, body)}`, SEE);
  for (const { Id } of body as { Id: string }[]) {
    const removed = await engine.ask('DELETE', `/containers/${Id}?force=1&v=1`);
    if (![204, 404, 409].includes(removed.status))
      throw new JailError(`a container is left: ${messageOf(removed.status, removed.body)}`, `docker rm --force ${Id}`);
  }
}

/** Pure: the answer of `POST /containers/ID/wait`. */
export function exitOf(status: number, body: unknown): PayloadExit {
  const code = (body as { StatusCode?: unknown } | null)?.StatusCode;
  return status === 200 && typeof code === 'number' ? { code, signal: null } : 'backend';
}
