import { JailError } from '../model/errors.ts';
import { exec, failure } from '../system/exec.ts';

/** Pure: paths in what ldd(1) prints: libraries, and what loads them. */
export const librariesIn = (said: string): string[] =>
  said.split('\n').flatMap((line) => /(?:=> |^\s+)(\/\S+) \(/.exec(line)?.slice(1) ?? []);

/** Files that a program of the distribution needs to be loaded, where it will look for them. Throws JailError. */
export async function linkedLibraries(program: string): Promise<string[]> {
  const argv = ['ldd', program] as const;
  const result = await exec(argv);
  const found = librariesIn(result.stdout);
  if (result.code !== 0 || found.length === 0)
    throw new JailError(`the libraries of ${program} are not known: ${failure(argv, result)}`, 'see `agent-jail doctor`');
  return found;
}
