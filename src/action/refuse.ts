import { ARCHITECTURE_NAMES, architectureOf } from '../model/architecture.ts';
import { JailError, UserError } from '../model/errors.ts';
import { inJobContainer, withoutEngine } from '../system/contained.ts';
import { platformOf } from '../system/platform.ts';
import { variable } from './environment.ts';
import type { Environment } from './environment.ts';

/** Where this process runs: what `process` says of itself. */
export interface Whereabouts {
  readonly platform: string;
  readonly arch: string;
  /** Absolute path of the running node. */
  readonly execPath: string;
  readonly env: Environment;
  /** Whether there is a Docker engine to be asked: by DOCKER_HOST, or at the usual place. */
  readonly engine: boolean;
}

/**
 * Throws where a jail can never be built or be had elsewhere, before anything else is looked at. What is asked for on macOS or Windows is
 * looked at later (`prepare`).
 */
export function refuse({ platform, arch, execPath, env, engine }: Whereabouts): void {
  const here = platformOf(platform);
  if (here === null) {
    throw new JailError(`a jail needs Linux, and this runner is ${platform}`, 'Use `runs-on: ubuntu-latest` or another Linux runner.');
  }
  if (here.jails && architectureOf(arch) === null) {
    throw new JailError(`the jail's system call filter is not made for ${arch}`, `Use an ${ARCHITECTURE_NAMES} runner.`);
  }
  if (inJobContainer(execPath, env) && !engine) {
    throw new JailError(
      'this job runs in a container (`container:`), where no jail can be built, and it has no Docker engine that could',
      withoutEngine(execPath, env),
    );
  }
  for (const name of ['GITHUB_WORKSPACE', 'RUNNER_TEMP'] as const) {
    if (here.toJail(variable(env, name)) === null) {
      const remedy = 'Run it as a step of a workflow, or use the command line: `agent-jail run`.';
      throw new UserError([{ message: `${name} is not set: this is not a step of a workflow`, remedy, place: null }]);
    }
  }
}
