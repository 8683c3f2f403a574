import { UserError } from '../model/errors.ts';
import { exec, failure } from '../system/exec.ts';
import type { Task } from './types.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Why no image may be built; null: it may. A Dockerfile runs on the machine, outside of any jail, with a network. */
export function refuseBuild(tasks: readonly Task[], allowed: boolean, trusted: boolean): string | null {
  const names = tasks.filter(({ image }) => image !== null).map(({ id }) => id);
  if (names.length === 0) return null;
  const which = `${names.slice(0, 5).join(', ')}${names.length > 5 ? ` and ${names.length - 5} more` : ''}`;
  if (!allowed) return `images have to be built, outside of any jail, for: ${which}`;
  if (!trusted) return `no image is built of what this event does not make trustworthy, for: ${which}`;
  return null;
}

/** Builds the images of tasks; the result is their ids, by task. Throws UserError. */
export async function buildImages(
  tasks: readonly Task[],
  environment: Environment,
  told: (message: string) => void,
): Promise<ReadonlyMap<string, string>> {
  const built = new Map<string, string>();
  const ids = new Map<string, string>();
  for (const { id, image, place } of tasks) {
    if (image === null) continue;
    let ref = built.get(image.context);
    if (ref === undefined) {
      told(`building the image of ${id}`);
      const argv = ['docker', 'build', '--quiet', '--', image.context] as const;
      const { PATH = '', HOME = '', DOCKER_HOST, DOCKER_CONFIG } = environment;
      const env = Object.fromEntries(
        Object.entries({ PATH, HOME, DOCKER_HOST, DOCKER_CONFIG }).filter((entry): entry is [string, string] => entry[1] !== undefined),
      );
      const result = await exec(argv, { env, timeout: image.time, cwd: image.context });
      ref = /^sha256:[0-9a-f]{64}$/m.exec(result.stdout)?.[0];
      if (result.code !== 0 || ref === undefined)
        throw new UserError([
          { message: `the image of ${id} could not be built: ${failure(argv, result)}`, remedy: 'Try `docker build` there.', place },
        ]);
      built.set(image.context, ref);
    }
    ids.set(id, ref);
  }
  return ids;
}
