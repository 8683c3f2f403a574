import type { CommitWish } from '../apply/commit.ts';
import { CLEAN_ENV, execBytes } from '../system/exec.ts';
import { wrong } from './args.ts';

/** What git looks at to know who somebody is. */
const VARIABLES = ['HOME', 'XDG_CONFIG_HOME', 'GIT_CONFIG_GLOBAL', 'GIT_CONFIG_NOSYSTEM', 'GIT_AUTHOR_NAME', 'GIT_AUTHOR_EMAIL'];
const PERSON = /^([^<>\r\n]+?) ?<([^<>\s]+)>/;

/** `Name <address>`, or null. */
export function personOf(text: string): Pick<CommitWish, 'name' | 'email'> | null {
  const [, name, email] = PERSON.exec(text.trim()) ?? [];
  return name === undefined || email === undefined ? null : { name, email };
}

/** Who the caller is to git: never guessed from the names of account and machine. Throws a UserError where git is not told. */
export async function callerIdentity(
  directory: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Pick<CommitWish, 'name' | 'email'>> {
  const own = Object.fromEntries(VARIABLES.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])));
  const { code, stdout } = await execBytes(['git', '-c', 'user.useConfigOnly=true', '-c', 'safe.directory=*', 'var', 'GIT_AUTHOR_IDENT'], {
    cwd: directory,
    env: { ...CLEAN_ENV, ...own },
  });
  const person = code === 0 ? personOf(stdout.toString()) : null;
  if (person === null) throw wrong('git does not know who commits', 'Give `author` as Name <address>, or set user.name and user.email.');
  return person;
}
