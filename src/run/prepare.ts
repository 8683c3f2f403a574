import { readFileSync } from 'node:fs';
import { STATE } from '../host/places.ts';
import { JailError, type Problem, UserError } from '../model/errors.ts';
import type { EngineChoice } from '../model/engine.ts';
import type { BackendName, HostPath } from '../model/names.ts';
import type { Policy, SecretUse } from '../model/policy.ts';
import type { Interception, PolicySource, Restore, RunRequest, Surroundings } from '../model/protocol.ts';
import type { StepInput } from '../model/steps.ts';
import { within } from '../plan/view.ts';
import { refuseShort } from '../secrets/forms.ts';
import { engineOf } from '../system/docker-context.ts';
import { readIfThere } from '../system/engine-connection.ts';
import { type Base, baseOf } from '../system/git.ts';
import { HERE, hostPathOf, type Platform } from '../system/platform.ts';
import { coversOf, tokensOf } from './covers.ts';
import { homeOf, lookAround, withTargets, workspaceOf } from './look-around.ts';
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
export function baseAhead(workspace: string, here: Platform = HERE): Promise<Base | null> {
  const base = (async () => baseOf(here.real(workspace)))();
  base.catch(() => {}); // `prepare` awaits it, or has something else to say
  return base;
}

/**
 * Looks at everything that needs no privilege, and makes the request to the warden. Makes the record's directory and nothing else.
 * Paths are those of this machine. Throws UserError with all that is wrong, JailError where the workspace cannot be made safe to show, or
 * no jail can be built here and nobody asked for one elsewhere.
 */
export async function prepare(wish: Wish, here: Platform = HERE): Promise<RunRequest> {
  refuseHere(wish.backend, here);
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
  const around = lookAround(environment, forbidden, here);
  const workspace = workspaceOf(written, around, here);
  const { sources, problems } = mountsOf(policy, around, here);
  const secrets = secretsOf(wish, problems);
  const mask = masked.filter((value) => value !== '');
  problems.push(...refuseShort(mask.map((value) => ({ name: '`mask`', value }))));
  const steps = resolveSteps(wish, workspace, problems, here);
  const authorities = authoritiesOf(environment, problems);
  if (problems.length > 0) throw new UserError(unique(problems));

  const record = recordDirectory(recordWritten, here);
  const roots = [...(policy.workspace.access === 'none' ? [] : [workspace]), ...sources];
  const tokens = tokensOf(environment, [...Object.values(secrets), ...mask]);
  const [base, origin, interception, covers] = await Promise.all([
    asked ?? baseOf(workspace),
    originOf(environment),
    interceptionOf(wish),
    coversOf({
      here,
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
    engine: engineFor(environment, here),
  };
}

/** The engine that a caller's request will name. */
export const engineFor = (environment: Wish['environment'], here: Platform = HERE): EngineChoice =>
  engineOf(environment, homeOf(environment, here), readIfThere);

/** Why nothing runs: on such a machine only an engine has jails, and no workspace goes to one that nobody asked for. */
function refuseHere(backend: Wish['backend'], { called, jails }: Platform): void {
  if (jails || backend === 'docker') return;
  throw new JailError(`a jail needs Linux, and this machine is ${called}; the backend asked for is ${backend}`, ENGINE_OR_LINUX);
}
export const ENGINE_OR_LINUX =
  'run on Linux (`runs-on: ubuntu-latest`), or ask for `docker` (`jail.backend`) and have an engine of Linux containers: the run is then made there (docs/remote.md)';

/** Where this machine has what the policy mounts; what it may not mount is a problem. */
function mountsOf(policy: Policy, { forbidden }: Surroundings, here: Platform): { sources: HostPath[]; problems: Problem[] } {
  const sources: HostPath[] = [];
  const problems: Problem[] = [];
  for (const { source, place } of policy.mounts) {
    try {
      const path = hostPathOf(source, here);
      sources.push(path);
      const paths = withTargets([path], here);
      const other = [...forbidden, ...NEVER_MOUNTED, STATE].find((one) => paths.some((each) => within(each, one)));
      if (other === undefined) continue;
      const message = `${source} cannot be mounted: it is, or lies in, ${other}, which no jail sees`;
      problems.push({ message, place, remedy: 'copy what is needed into the workspace' });
    } catch (error) {
      if (!(error instanceof JailError)) throw error;
      problems.push({ message: error.message, place, remedy: error.remedy });
    }
  }
  return { sources, problems };
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

/** The same thing is often wrong in several steps. */
const unique = (problems: readonly Problem[]): Problem[] => [
  ...new Map(problems.map((problem) => [JSON.stringify(problem), problem])).values(),
];
