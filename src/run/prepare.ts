import { lstatSync, readFileSync, realpathSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { isAbsolute, resolve } from 'node:path';
import { STATE } from '../host/places.ts';
import { type Problem, UserError } from '../model/errors.ts';
import type { BackendName, HostPath } from '../model/names.ts';
import type { Policy, SecretUse } from '../model/policy.ts';
import type { Interception, PolicySource, Restore, RunRequest, Surroundings } from '../model/protocol.ts';
import type { StepInput } from '../model/steps.ts';
import { surroundingsOf } from '../plan/surroundings.ts';
import { outermost } from '../plan/paths.ts';
import { within } from '../plan/view.ts';
import { refuseWorkspace } from '../plan/workspace.ts';
import { refuseShort } from '../secrets/forms.ts';
import { engineOf } from '../system/docker-context.ts';
import { readIfThere } from '../system/engine-connection.ts';
import { type Base, baseOf } from '../system/git.ts';
import { coversOf, tokensOf } from './covers.ts';
import { originOf } from './origin.ts';
import { recordDirectory } from './record-directory.ts';
import { resolveSteps } from './resolve-steps.ts';

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
  /** The workspace's commit, where that was asked ahead. */
  readonly base?: Promise<Base | null>;
  readonly restore?: Restore;
  readonly ownRoot?: boolean;
  /** Further directories that no jail sees, and that no workspace is. */
  readonly forbidden?: readonly string[];
  /** Is made where it is not there. */
  readonly record: string;
  readonly display: boolean;
}

/** File systems and sockets of the machine: no policy's mount brings them in. */
const NEVER_MOUNTED = ['/proc', '/sys', '/dev', '/run'];

/** What `workspace` is at, asked before anything else is known: git answers while the policy is read. */
export function baseAhead(workspace: string): Promise<Base | null> {
  const base = realpath(workspace).then((path) => baseOf(path as HostPath));
  base.catch(() => {}); // `prepare` awaits it, or has something else to say
  return base;
}

/**
 * Looks at everything that needs no privilege, and makes the request to the warden. Makes the record's directory and nothing else.
 * Throws UserError with all that is wrong, JailError where the workspace cannot be made safe to show.
 */
export async function prepare(wish: Wish): Promise<RunRequest> {
  const {
    policy,
    environment,
    steps: _inputs,
    mask: masked,
    workspace: written,
    record: recordWritten,
    forbidden = [],
    base: asked,
    ...handedOn
  } = wish;
  const around = lookAround(environment, forbidden);
  const workspace = workspaceOf(written, around);
  const problems = mountProblems(policy, around);
  const secrets = secretsOf(wish, problems);
  const mask = masked.filter((value) => value !== '');
  problems.push(...refuseShort(mask.map((value) => ({ name: '`mask`', value }))));
  const steps = resolveSteps(wish, workspace, problems);
  const authorities = authoritiesOf(environment, problems);
  if (problems.length > 0) throw new UserError(unique(problems));

  const record = recordDirectory(recordWritten);
  const roots = [...(policy.workspace.access === 'none' ? [] : [workspace]), ...policy.mounts.map((mount) => mount.source)];
  const tokens = tokensOf(environment, [...Object.values(secrets), ...mask]);
  const [base, origin, interception, covers] = await Promise.all([
    asked ?? baseOf(workspace),
    originOf(environment),
    interceptionOf(wish),
    coversOf({
      roots,
      workspace: policy.workspace.access === 'none' ? null : { path: workspace, hide: policy.workspace.hide },
      // The warden writes the record while the jail runs: where a layer would show it, it must not.
      hidden: [...around.forbidden, ...around.hidden, record],
      tokens,
    }),
  ]);
  const gone = covers.flatMap(({ path, content }) => (content === null ? [path] : []));
  return {
    ...handedOn,
    kind: 'run',
    protocol: 1,
    policy,
    steps,
    secrets,
    mask,
    workspace,
    restore: wish.restore ?? null,
    ownRoot: wish.ownRoot ?? false,
    covers,
    base,
    origin,
    interception,
    authorities,
    record,
    caller: { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 },
    surroundings: {
      ...around,
      ...(policy.jail.toolchain === 'auto' ? {} : { path: [], toolchain: {} }),
      // What lies in a covered directory cannot be covered once more.
      forbidden: around.forbidden.filter((path) => !gone.some((other) => other !== path && within(path, other))),
      hidden: around.hidden.filter((path) => !gone.some((other) => other !== path && within(path, other))),
    },
    engine: engineOf(environment, around.home, readIfThere),
  };
}

/** What the environment says of the machine, links resolved, what is not there left out. */
function lookAround(env: Wish['environment'], further: readonly string[]): Surroundings {
  const home = env['HOME'] !== undefined && isAbsolute(env['HOME']) ? resolve(env['HOME']) : userInfo().homedir;
  const found = surroundingsOf(env, home, process.execPath);
  const forbidden = outermost(withTargets([...found.forbidden, ...further]).filter(mayBeThere)) as HostPath[];
  const hidden = outermost(withTargets(found.hidden).filter(mayBeThere)) as HostPath[];
  return { ...found, forbidden, hidden: hidden.filter((path) => !forbidden.some((other) => within(path, other))) };
}

/** The real directory. Throws UserError. */
function workspaceOf(written: string, around: Surroundings): HostPath {
  const wrong = (why: string): UserError =>
    new UserError([
      {
        message: `${JSON.stringify(written)} cannot be the workspace: ${why}`,
        place: null,
        remedy: 'run it in the directory of a project',
      },
    ]);
  if (!isAbsolute(written)) throw wrong('it is not an absolute path');
  let path: string;
  try {
    path = realpathSync(written);
  } catch (error) {
    throw wrong((error as Error).message);
  }
  if (!lstatSync(path).isDirectory()) throw wrong('it is not a directory');
  const homes = withTargets([around.home, ...homesOfPeople()]);
  const why = refuseWorkspace(path, { homes, forbidden: [...around.forbidden, STATE] });
  if (why !== null) throw wrong(why);
  return path as HostPath;
}

/** Home directories of root and of people, passwd(5); services have any directory there. */
function homesOfPeople(): string[] {
  return readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
    .filter(([, , uid]) => uid === '0' || (Number(uid) >= 1000 && Number(uid) < 65_534))
    .flatMap(([, , , , , home]) => (home?.startsWith('/') && home !== '/' ? [home] : []));
}

function mountProblems(policy: Policy, { forbidden }: Surroundings): Problem[] {
  return policy.mounts.flatMap(({ source, place }) => {
    const paths = withTargets([source]);
    const other = [...forbidden, ...NEVER_MOUNTED, STATE].find((one) => paths.some((path) => within(path, one)));
    if (other === undefined) return [];
    return [
      {
        message: `${source} cannot be mounted: it is, or lies in, ${other}, which no jail sees`,
        place,
        remedy: 'copy what is needed into the workspace',
      },
    ];
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
      problems.push({
        message: `the secret ${name} has no value`,
        place,
        remedy: `set it in the environment: \`env: { ${name}: "\${{ secrets.${name} }}" }\``,
      });
    else values[name] = value;
  }
  problems.push(...refuseShort(Object.entries(values).map(([name, value]) => ({ name, value, place: used.get(name)?.place ?? null }))));
  return values;
}

/** Certificates for the hosts that get a secret of the steps there are. */
async function interceptionOf({ id, policy, steps }: Wish): Promise<Interception | null> {
  const secrets = steps.flatMap((step) => (step.setup ? policy.setup : policy.agent).secrets);
  const hosts = new Set(secrets.flatMap((secret) => (secret.use === 'inject' ? secret.hosts : [])));
  if (hosts.size === 0) return null;
  const { intercept } = await import('./certificates.ts'); // the library takes longer to load than all else here
  return intercept(id, [...hosts]);
}

/** What the caller has node trust beside its own (NODE_EXTRA_CA_CERTS): a company's authority, for servers behind its proxy. */
function authoritiesOf(environment: Wish['environment'], problems: Problem[]): string | null {
  const file = environment['NODE_EXTRA_CA_CERTS'];
  if (file === undefined || file === '') return null;
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const message = `NODE_EXTRA_CA_CERTS cannot be read: ${(error as Error).message}`;
    problems.push({ message, place: null, remedy: 'give a file of certificates, or unset it' });
    return null;
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
const unique = (problems: readonly Problem[]): Problem[] => [
  ...new Map(problems.map((problem) => [JSON.stringify(problem), problem])).values(),
];
