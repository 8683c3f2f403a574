import { Engine, socketOf } from '../../src/system/engine.ts';
import { answers, OwnEngine } from './engine.ts';

/** What tests make in an engine has this label, so that it is found again in one that is not theirs. */
export const LABEL = 'agent-jail.test';
/** What runs leave on purpose: the root of their containers (`docker-image.ts`). */
const ROOT = 'agent-jail.image';

/**
 * One Docker engine for all tests of a run, before the first of them (half a second): the one that is there, or one of our own. The
 * workers get to know of it by DOCKER_HOST. Called by vitest; what it returns is called at the end, also after a failure.
 */
export default async function setup(): Promise<() => Promise<void>> {
  const asked = process.env['DOCKER_HOST'] ?? '';
  if (asked !== '' && !(await answers(asked))) throw new Error(`DOCKER_HOST is ${asked}, where no engine answers`);
  if (asked !== '' || (await answers(null))) {
    const host = asked === '' ? `unix://${socketOf(null)}` : asked;
    process.env['DOCKER_HOST'] = host;
    const before = new Set(await listed(await Engine.connect(host), 'images', ROOT));
    return async () => removeOurs(host, before);
  }
  const engine = await OwnEngine.start();
  process.env['DOCKER_HOST'] = engine.host;
  return async () => {
    delete process.env['DOCKER_HOST'];
    await engine[Symbol.asyncDispose]();
  };
}

/** Containers and images that tests or the runs in them made, in an engine that is somebody's. `before`: what was there of the latter. */
async function removeOurs(host: string, before: ReadonlySet<string>): Promise<void> {
  const engine = await Engine.connect(host);
  for (const id of await listed(engine, 'containers', LABEL)) await engine.ask('DELETE', `/containers/${id}?force=1`);
  const roots = (await listed(engine, 'images', ROOT)).filter((id) => !before.has(id));
  for (const id of [...(await listed(engine, 'images', LABEL)), ...roots]) await engine.ask('DELETE', `/images/${id}?force=1`);
}

/** Ids of what has a label. */
async function listed(engine: Engine, kind: 'containers' | 'images', label: string): Promise<string[]> {
  const { body } = await engine.ask('GET', `/${kind}/json?all=1&filters=${encodeURIComponent(JSON.stringify({ label: [label] }))}`);
  return (body as { Id: string }[]).map(({ Id }) => Id);
}
