import { chmodSync, existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { userInfo } from 'node:os';
import { isAbsolute, resolve } from 'node:path';
import { STATE } from '../host/places.ts';
import { type Problem, UserError } from '../model/errors.ts';
import type { Step } from '../model/jail.ts';
import type { BackendName, HostPath, JailPath } from '../model/names.ts';
import type { Policy, SecretUse } from '../model/policy.ts';
import type { Cover, PolicySource, RunRequest, Surroundings } from '../model/protocol.ts';
import type { StepInput } from '../model/steps.ts';
import { stepEnvironment } from '../plan/environment.ts';
import { resolveShell, scriptText } from '../plan/shell.ts';
import { surroundingsOf } from '../plan/surroundings.ts';
import { within } from '../plan/view.ts';
import { refuseWorkspace } from '../plan/workspace.ts';
import { SYSTEM_PATH } from '../system/exec.ts';
import { refuseShort } from '../transcript/forms.ts';
import { baseOf } from './base.ts';
import { gitCovers, tokensOf } from './covers.ts';
import { hiddenByGlobs } from './hide.ts';

/** What a caller wants, not yet looked at. */
export interface Wish {
  readonly id: string;
  readonly version: string;
  readonly policy: Policy;
  readonly source: PolicySource;
  readonly backend: BackendName | 'auto';
  readonly steps: readonly StepInput[];
  /** The caller's whole environment; what of it goes further is decided here. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly mask: readonly string[];
  readonly workspace: string;
  /** Is made where it is not there. */
  readonly record: string;
  readonly display: boolean;
}

/** File systems and sockets of the machine: no mount of a policy's brings them in. */
const NEVER_MOUNTED = ['/proc', '/sys', '/dev', '/run'];

/**
 * Looks at everything that needs no privilege and makes the request to the warden. Makes the record directory, nothing else.
 * Throws UserError with all that is wrong, JailError where the workspace cannot be made safe to show.
 */
export async function prepare(wish: Wish): Promise<RunRequest> {
  const { policy, environment } = wish;
  const surroundings = look(wish);
  const workspace = workspaceOf(wish.workspace, surroundings);
  const problems = [...mountProblems(policy, surroundings)];
  const secrets = secretsOf(wish, problems);
  const mask = wish.mask.filter((value) => value !== '');
  problems.push(...refuseShort(mask.map((value) => ({ name: 'mask', value }))));
  const steps = wish.steps.flatMap((step, index) => resolveStep(step, index, wish, workspace, problems) ?? []);
  if (wish.steps.length === 0) problems.push({ message: 'there is no step to run', place: null, remedy: 'give a command, `run` or `steps`' });
  if (problems.length > 0) throw new UserError(unique(problems));

  const [base, covers] = await Promise.all([baseOf(workspace), coversOf(wish, workspace, surroundings, [...Object.values(secrets), ...mask])]);
  const record = recordDirectory(wish.record);
  // The warden writes it while the jail runs: a layer must not show that.
  const own: Cover[] = [{ path: record, content: null }];
  return {
    kind: 'run',
    protocol: 1,
    id: wish.id,
    version: wish.version,
    policy,
    source: wish.source,
    steps,
    secrets,
    mask,
    backend: wish.backend,
    workspace,
    covers: [...covers, ...own.filter(({ path }) => rootsOf(policy, workspace).some((root) => within(path, root)))],
    base,
    record,
    caller: { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 },
    surroundings: policy.jail.toolchain === 'auto' ? surroundings : { ...surroundings, path: [], toolchain: {} },
    display: wish.display,
  };

  function look({ environment: env }: Wish): Surroundings {
    const home = env['HOME'] !== undefined && isAbsolute(env['HOME']) ? resolve(env['HOME']) : userInfo().homedir;
    const found = surroundingsOf(env, home, process.execPath);
    return { ...found, forbidden: withTargets(found.forbidden), hidden: withTargets(found.hidden).filter(mayBeThere) };
  }
  function resolveStep(step: StepInput, index: number, { policy: { agent, setup, jail } }: Wish, at: HostPath, found: Problem[]): Step | null {
    const { env, problems: wrong } = stepEnvironment({ rules: step.setup ? setup : agent, step, caller: environment });
    found.push(...wrong);
    try {
      const shell = resolveShell(step.shell, step.place);
      const { name, time, idle, tty, agent: whose } = step;
      const own = jail.root.kind === 'host' ? env : { PATH: SYSTEM_PATH, ...env }; // the warden knows no PATH of another root
      const cwd = cwdOf(step, index, at);
      return { name, setup: step.setup, script: scriptText(shell, step.run), shell: shell.argv, extension: shell.extension, cwd, env: own, time, idle, tty, agent: whose };
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      found.push(...error.problems);
      return null;
    }
  }
  function cwdOf({ workingDirectory, place }: StepInput, index: number, at: HostPath): JailPath {
    const wrong = (message: string, remedy: string) => new UserError([{ message: `working-directory ${JSON.stringify(workingDirectory)} ${message}`, place, remedy }]);
    if (policy.workspace.access === 'none') {
      if (workingDirectory !== null) throw wrong('cannot be used: the policy gives the jail no workspace', 'leave it out, or change `workspace`');
      return '/tmp' as JailPath;
    }
    if (workingDirectory === null) return at as string as JailPath;
    let path = resolve(at, workingDirectory);
    const written = resolve(wish.workspace); // may be a link to the workspace
    if (!within(path, at) && within(path, written)) path = `${at}${path.slice(written.length)}`;
    if (!within(path, at)) throw wrong('is not in the workspace', `give a directory below ${at}`);
    // A step before may make it; before the first there is none.
    if (index === 0 && !existsSync(`${path}/.`)) throw wrong('is not a directory', 'give one that is there');
    return path as JailPath;
  }
}

/** The real directory, or a UserError. */
function workspaceOf(written: string, surroundings: Surroundings): HostPath {
  const wrong = (why: string) =>
    new UserError([{ message: `${JSON.stringify(written)} cannot be the workspace: ${why}`, place: null, remedy: 'run it in the directory of a project' }]);
  if (!isAbsolute(written)) throw wrong('it is not an absolute path');
  let path: string;
  try {
    path = realpathSync(written);
  } catch (error) {
    throw wrong((error as Error).message);
  }
  if (!lstatSync(path).isDirectory()) throw wrong('it is not a directory');
  const homes = withTargets([surroundings.home, ...homesOfPeople()]);
  const why = refuseWorkspace(path, { homes, forbidden: [...surroundings.forbidden, STATE] });
  if (why !== null) throw wrong(why);
  return path as HostPath;
}

/** Home directories of root and of people, passwd(5); services may have any directory there. */
function homesOfPeople(): string[] {
  return readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
    .filter(([, , uid]) => uid === '0' || (Number(uid) >= 1000 && Number(uid) < 65_534))
    .flatMap((fields) => (fields[5]?.startsWith('/') && fields[5] !== '/' ? [fields[5]] : []));
}

function mountProblems(policy: Policy, { forbidden }: Surroundings): Problem[] {
  return policy.mounts.flatMap(({ source, place }) => {
    const other = [...forbidden, ...NEVER_MOUNTED, STATE].find((one) => withTargets([source]).some((path) => within(path, one)));
    if (other === undefined) return [];
    return [{ message: `${source} cannot be mounted: it is, or lies in, ${other}, which no jail sees`, place, remedy: 'copy what is needed into the workspace' }];
  });
}

/** Values of the secrets that the policy names for the steps there are. */
function secretsOf({ policy, steps, environment }: Wish, problems: Problem[]): Record<string, string> {
  const used = new Map<string, SecretUse>();
  for (const step of steps) for (const secret of (step.setup ? policy.setup : policy.agent).secrets) used.set(secret.name, secret);
  const values: Record<string, string> = {};
  for (const { name, place } of used.values()) {
    const value = environment[name];
    // GitHub gives an empty text for a secret that is not there, as on a pull request from a fork.
    if (value === undefined || value === '')
      problems.push({ message: `the secret ${name} has no value`, place, remedy: `set it in the environment: \`env: { ${name}: "\${{ secrets.${name} }}" }\`` });
    else values[name] = value;
  }
  problems.push(...refuseShort(Object.entries(values).map(([name, value]) => ({ name, value, place: used.get(name)?.place ?? null }))));
  return values;
}

async function coversOf({ policy, environment }: Wish, workspace: HostPath, { hidden }: Surroundings, secrets: readonly string[]): Promise<Cover[]> {
  const tokens = tokensOf(environment, secrets);
  const covers = new Map<HostPath, Cover>();
  const roots = rootsOf(policy, workspace);
  for (const root of roots) for (const cover of await gitCovers(root, tokens)) covers.set(cover.path, cover);
  const globbed = policy.workspace.access === 'none' ? [] : hiddenByGlobs(workspace, policy.workspace.hide);
  for (const path of [...globbed, ...hidden.filter((one) => roots.some((root) => one !== root && within(one, root)))]) covers.set(path, { path, content: null });
  // What lies in something that is not there cannot be covered again.
  const gone = [...covers.values()].filter((cover) => cover.content === null);
  return [...covers.values()].filter(({ path }) => !gone.some((cover) => cover.path !== path && within(path, cover.path)));
}

/** Directories with the caller's files that the jail sees at the policy's word. */
const rootsOf = (policy: Policy, workspace: HostPath): HostPath[] => [
  ...new Set([...(policy.workspace.access === 'none' ? [] : [workspace]), ...policy.mounts.map((mount) => mount.source)]),
];

/** Made 0700 where it is not there; must be the caller's, and empty. */
function recordDirectory(written: string): HostPath {
  const wrong = (why: string) =>
    new UserError([{ message: `${JSON.stringify(written)} cannot take the record: ${why}`, place: null, remedy: 'name a directory that is empty, or not there yet' }]);
  if (!isAbsolute(written)) throw wrong('it is not an absolute path');
  try {
    mkdirSync(written, { recursive: true, mode: 0o700 });
    const stat = lstatSync(written);
    if (!stat.isDirectory()) throw wrong('it is not a directory');
    if (readdirSync(written).length > 0) throw wrong('it is not empty');
    if (stat.uid !== process.getuid?.()) throw wrong('it belongs to another user');
    chmodSync(written, 0o700);
    return realpathSync(written) as HostPath;
  } catch (error) {
    throw error instanceof UserError ? error : wrong((error as Error).message);
  }
}

/** Each path, and what it leads to. */
function withTargets(paths: readonly string[]): HostPath[] {
  const targets = paths.flatMap((path) => {
    try {
      return [realpathSync(path)];
    } catch {
      return [];
    }
  });
  return [...new Set([...paths, ...targets])] as HostPath[];
}

/** False where there is certainly nothing: hiding that would make the directories above it. */
function mayBeThere(path: HostPath): boolean {
  try {
    lstatSync(path);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EACCES';
  }
}

/** The same thing is often wrong in several steps. */
const unique = (problems: readonly Problem[]): Problem[] => [...new Map(problems.map((problem) => [JSON.stringify(problem), problem])).values()];
