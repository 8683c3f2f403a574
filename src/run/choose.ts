import { nspawn } from '../backend/nspawn.ts';
import { TOOLS } from '../host/places.ts';
import { JailError } from '../model/errors.ts';
import type { Backend, Usable } from '../model/jail.ts';
import type { BackendName } from '../model/names.ts';
import type { Context } from './context.ts';

/** The backend that will be used, and why. Never a weaker one than was asked for. Throws JailError. */
export async function chooseBackend(
  asked: BackendName | 'auto',
  context: Context,
): Promise<{ backend: Backend; usable: Usable & { ok: true }; why: string }> {
  if (asked !== 'auto' && asked !== 'nspawn')
    throw new JailError(`the backend ${asked} is not there yet`, 'use `jail.backend: nspawn` or `auto`');
  const backend = nspawn({
    tools: TOOLS,
    launcher: context.programs.launch,
    doors: () => context.cgroup?.doors ?? [],
    members: () => context.cgroup?.members() ?? [],
  });
  const usable = await backend.probe();
  if (!usable.ok) throw new JailError(usable.why, usable.remedy);
  return { backend, usable, why: asked === 'auto' ? 'auto: systemd-nspawn is here or can be fetched' : 'asked for' };
}
