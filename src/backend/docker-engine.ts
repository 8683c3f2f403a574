import type { EngineChoice } from '../model/engine.ts';
import { Engine, socketOf } from '../system/engine.ts';

/** What the engine tells of itself, as far as it matters here (`GET /info`). */
export interface Info {
  readonly OSType: string;
  readonly CgroupDriver: string;
  readonly SecurityOptions: readonly string[];
  /** By name. */
  readonly Runtimes?: Readonly<Record<string, unknown>> | null;
  readonly DefaultRuntime?: string;
}
/** An engine that has told of itself. */
export interface Met {
  readonly engine: Engine;
  readonly info: Info;
}

/** Asks an engine of this machine, where the layers are. Throws JailError. */
export async function meet(choice: EngineChoice): Promise<Met> {
  socketOf(choice);
  const engine = await Engine.connect(choice);
  return { engine, info: (await engine.ask('GET', '/info')).body as Info };
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
