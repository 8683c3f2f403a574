import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import { JailError } from '../model/errors.ts';
import type { HostPath } from '../model/names.ts';
import type { Cover } from '../model/protocol.ts';
import { holdsCredentials, rewriteGitConfig } from '../plan/git-config.ts';
import { within } from '../plan/view.ts';
import { secretForms, tooShort } from '../secrets/forms.ts';
import type { Platform } from '../system/platform.ts';
import { findGitDirectories, type GitFile, gitFiles } from './git-directories.ts';

/** Larger than any file of a git directory but objects and index that a tool writes a token into. */
const LARGEST = 16 << 20;
/** Files of git's credential helpers, kept in a git directory so that they go with it. */
const CREDENTIAL_FILES: ReadonlySet<string> = new Set(['credentials', '.git-credentials', 'git-credentials', '.netrc']);
/** Names under which a token of the job or of the caller stands in the environment. */
const TOKEN_NAME = /(?:^|[_-])(?:TOKEN|PAT|PASSWORD|PASSWD|SECRET|API_?KEY)$/i;

/** Byte strings by which a token is recognised: itself, and its encodings, base64 of `x-access-token:TOKEN` among them. */
export type Tokens = readonly Buffer[];

/** What must not be found in a git directory: tokens of main's environment, and other `values` such as the policy's secrets. */
export function tokensOf(env: Readonly<Record<string, string | undefined>>, values: readonly string[]): Tokens {
  const named = Object.entries(env).flatMap(([name, value]) => (TOKEN_NAME.test(name) ? [value ?? ''] : []));
  return [...new Set([...named, ...values])].filter((value) => tooShort(value) === null).flatMap(secretForms);
}

export interface CoversWish {
  readonly here: Platform;
  /** Directories with the caller's files that the jail sees at the policy's word. */
  readonly roots: readonly HostPath[];
  readonly workspace: { readonly path: HostPath; readonly hide: readonly string[] } | null;
  /** Not to be seen, wherever they lie. */
  readonly hidden: readonly HostPath[];
  readonly tokens: Tokens;
}

/** Everything that the jail sees otherwise than it lies there, or not at all; nothing below what is not there. Throws JailError. */
export async function coversOf({ here, roots, workspace, hidden, tokens }: CoversWish): Promise<Cover[]> {
  const covers = new Map<HostPath, Cover>();
  for (const root of new Set(roots)) for (const cover of await gitCovers(root, tokens, here)) covers.set(cover.path, cover);
  // Most policies hide nothing.
  const globbed =
    workspace === null || workspace.hide.length === 0 ? [] : (await import('./hide.ts')).hiddenByGlobs(workspace.path, workspace.hide);
  const seen = hidden.filter((path) => roots.some((root) => path !== root && within(path, root)));
  for (const path of [...globbed, ...seen]) covers.set(path, { path, content: null });
  const gone = [...covers.values()].filter((cover) => cover.content === null);
  return [...covers.values()].filter(({ path }) => !gone.some((cover) => cover.path !== path && within(path, cover.path)));
}

/**
 * What the jail sees in place of files in the git directories below `root`: configurations rewritten by allow-list; nothing where a
 * file holds a token all the same, keeps credentials, or is a configuration that cannot be read.
 */
async function gitCovers(root: HostPath, tokens: Tokens, here: Platform): Promise<Cover[]> {
  const covers: Cover[] = [];
  for (const { path, checkout } of await findGitDirectories(root, here)) {
    for (const file of gitFiles(path)) {
      const content = replacement(file, checkout, tokens);
      if (content === undefined) continue;
      for (const place of places(file.path, root, here)) covers.push({ path: place, content });
    }
  }
  return covers;
}

/** undefined: the file stays as it is. */
function replacement(file: GitFile, checkout: boolean, tokens: Tokens): string | null | undefined {
  if (CREDENTIAL_FILES.has(file.name)) return null;
  const bytes = read(file.path);
  if (!file.config) return bytes !== null && holds(bytes, tokens) ? null : undefined;
  if (bytes === null) return null;
  const text = bytes.toString();
  if (!checkout && !holdsCredentials(text) && !holds(bytes, tokens)) return undefined;
  const rewritten = rewriteGitConfig(text);
  return holds(Buffer.from(rewritten), tokens) ? null : rewritten;
}

const holds = (bytes: Buffer, tokens: Tokens): boolean => tokens.some((token) => bytes.includes(token));

/** The file, and what it leads to where it is a link that stays below `root`. */
function places(path: Buffer, root: HostPath, here: Platform): HostPath[] {
  const text = path.toString();
  if (text.includes('\ufffd'))
    throw new JailError(`${JSON.stringify(text)} holds a token and cannot be hidden: its name is not UTF-8`, 'remove it');
  let target = text;
  try {
    target = here.real(text);
  } catch {
    // A link that leads nowhere; it is covered as it is.
  }
  return [...new Set([text, target])].filter((one) => within(one, root)) as HostPath[];
}

/** null: not a readable regular file of a sensible size. Opening a FIFO must not wait. */
function read(path: Buffer): Buffer | null {
  let fd: number;
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  } catch {
    return null;
  }
  try {
    const stat = fstatSync(fd);
    return stat.isFile() && stat.size <= LARGEST ? readFileSync(fd) : null;
  } finally {
    closeSync(fd);
  }
}
