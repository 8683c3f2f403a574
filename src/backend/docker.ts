import { appendFileSync, lstatSync, readdirSync, readlinkSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Architecture } from '../model/architecture.ts';
import { JailError } from '../model/errors.ts';
import type { Backend, BackendPlaces, Jail, JailSpec, Mount, PayloadExit, Running, StepStart, Usable } from '../model/jail.ts';
import type { HostPath } from '../model/names.ts';
import { type Engine, type EngineAnswer, messageOf } from '../system/engine.ts';
import { readProc } from '../system/proc.ts';
import { container, type ContainerHost, containerName, containersOf, containerView, type RootEntry } from './docker-container.ts';
import { cgroupOf, lacksRuntime, type Met, strengthOf, unusable } from './docker-engine.ts';
import { type LinkImage, linkImage, provide } from './docker-image.ts';

/** What the warden hands over beside the specification. */
export interface DockerHost {
  /** The engine, once it has told of itself. Throws JailError. */
  met(): Promise<Met>;
  readonly arch: Architecture;
  /** `jail.docker.runtime`; null: the engine's default. */
  readonly runtime: string | null;
  /** The /proc that the engine's process ids belong to. */
  readonly proc: string;
  /** Where the engine sees a path of the warden's. */
  seen(path: string): string;
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
  let found: Met | null = null;
  return {
    name: 'docker',
    lacks: null,
    overhead: { memory: 0, processes: 0 },
    get engine() {
      return found?.engine.where ?? '';
    },
    async probe(): Promise<Usable> {
      try {
        const met = await host.met();
        const { engine, info } = met;
        const why = unusable(info);
        if (why !== null) return { ok: false, why: `the Docker engine at ${engine.where} ${why}`, remedy: REMEDY };
        const { runtime } = host;
        const lacks = runtime === null ? null : lacksRuntime(info, runtime);
        if (lacks !== null) return { ok: false, why: `the Docker engine at ${engine.where} ${lacks}`, remedy: RUNTIME_REMEDY };
        found = met;
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
      const jail = new DockerJail(engine, spec, image, containerView(spec, entries), places.log, host.proc, {
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
  readonly #image: LinkImage;
  readonly #host: ContainerHost;
  readonly #log: HostPath;
  readonly #proc: string;
  /** Resolves with whether the engine has said that the container is gone. */
  readonly #gone: Promise<boolean>[] = [];
  /** How often the engine was asked to make one. */
  #asked = 0;

  constructor(engine: Engine, spec: JailSpec, image: LinkImage, view: readonly Mount[], log: HostPath, proc: string, host: ContainerHost) {
    this.#engine = engine;
    this.#spec = spec;
    this.#image = image;
    this.view = view;
    this.#log = log;
    this.#proc = proc;
    this.#host = host;
  }

  async start(start: StepStart): Promise<Running> {
    const name = containerName(this.#spec.id, start.index);
    const body = container(this.#spec, this.view, start, this.#host);
    await this.#create(`/containers/create?name=${name}`, body);
    // Asked before it starts, so that no end is missed; the answer takes as long as the step.
    const ended = this.#engine.ask('POST', `/containers/${name}/wait?condition=next-exit`, { timeout: null });
    ended.catch(() => {});
    this.#must(await this.#engine.ask('POST', `/containers/${name}/start`), 204);
    let over = false;
    const exit = ended
      .then(({ status, body: said }) => {
        const how = exitOf(status, said);
        over = how !== 'backend';
        return how;
      })
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
        if (!over) await this.#engine.ask('POST', `/containers/${name}/kill`).catch(() => {});
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

  /** That the image is there is not asked beforehand: it is, but for the first run with such a root. */
  async #create(path: string, body: object): Promise<void> {
    this.#asked += 1;
    const ask = async () => this.#engine.ask('POST', path, { body });
    const first = await ask();
    if (first.status !== NO_SUCH_IMAGE) return this.#must(first, 201);
    await provide(this.#engine, this.#image);
    this.#must(await ask(), 201);
  }
  #must({ status, body }: EngineAnswer, wanted: number): void {
    if (status === wanted) return;
    const said = messageOf(status, body);
    this.#say(said);
    throw new JailError(`the Docker engine: ${said}`, SEE);
  }
  async #remove(name: string): Promise<boolean> {
    const { status, body } = await this.#engine.ask('DELETE', `/containers/${name}?force=1&v=1`);
    // 409: somebody else is removing it.
    if (![204, 404, 409].includes(status))
      throw new JailError(`a container is left: ${messageOf(status, body)}`, `docker rm --force ${name}`);
    return status === 204;
  }
  #say(message: string): void {
    appendFileSync(this.#log, `${message}\n`);
  }
  async [Symbol.asyncDispose](): Promise<void> {
    const gone = await Promise.all(this.#gone);
    // Where one may have been made of which the engine's word did not come back, it is asked for all that it has of the run.
    if (gone.filter(Boolean).length < this.#asked) await removeContainers(this.#engine, this.#spec.id);
  }
}
interface State {
  readonly Running: boolean;
  readonly Pid: number;
  readonly Error: string;
}
/** Of `POST /containers/create`. */
const NO_SUCH_IMAGE = 404;
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
