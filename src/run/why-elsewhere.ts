import type { EngineChoice } from '../model/engine.ts';
import { Engine } from '../system/engine.ts';
import { HERE, type Platform } from '../system/platform.ts';

/**
 * Why the layers of a run on `docker` have to be where the engine is; null: they can be on this machine. `container`: what says
 * that an engine which this process reaches has other mounts than it (`contained`).
 */
export async function whyElsewhere(choice: EngineChoice, container: string | null, here: Platform = HERE): Promise<string | null> {
  if (!here.jails) return `this machine is ${here.called}`;
  if (!choice.ok) return null; // who needs it says what is wrong
  if (!choice.host.startsWith('unix://')) return `the engine is at ${choice.host}`;
  if (container !== null) return `${container}, and the engine is not`;
  const engine = await Engine.connect(choice).catch(() => null);
  return engine?.product === 'podman' ? 'the engine is Podman, which has no mounts of its own' : null;
}
