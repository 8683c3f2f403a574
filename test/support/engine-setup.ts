import { Engine, socketOf } from '../../src/system/engine.ts';
import { answers, OwnEngine } from './engine.ts';

/** What tests make in an engine has this label, so that it is found again in one that is not theirs. */
export const LABEL = 'agent-jail.test';

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
    return async () => removeOurs(host);
  }
  const engine = await OwnEngine.start();
  process.env['DOCKER_HOST'] = engine.host;
  return async () => {
    delete process.env['DOCKER_HOST'];
    await engine[Symbol.asyncDispose]();
  };
}

/** Containers and images that tests made, in an engine that is somebody's. */
async function removeOurs(host: string): Promise<void> {
  const engine = await Engine.connect(host);
  const filters = encodeURIComponent(JSON.stringify({ label: [LABEL] }));
  for (const kind of ['containers', 'images']) {
    const { body } = await engine.ask('GET', `/${kind}/json?all=1&filters=${filters}`);
    for (const { Id } of body as { Id: string }[]) await engine.ask('DELETE', `/${kind}/${Id}?force=1`);
  }
}
