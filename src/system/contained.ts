/**
 * Pure: why an engine whose socket this process reaches does not see what it sees; null: nothing speaks for that. A runner mounts its node at
 * `/__e` and the work folder at `/__w` in a job's `container:` (actions/runner, ContainerInfo); a pod of Kubernetes has the variable, and an
 * engine beside it is another container of the pod (Actions Runner Controller, `containerMode: dind`).
 */
export function contained(execPath: string, env: Readonly<Record<string, string | undefined>>): string | null {
  if (inJobContainer(execPath, env)) return 'this job runs in a container';
  return (env['KUBERNETES_SERVICE_HOST'] ?? '') === '' ? null : 'this runner is in a pod of Kubernetes';
}

export const inJobContainer = (execPath: string, env: Readonly<Record<string, string | undefined>>): boolean =>
  execPath.startsWith('/__e/') || (env['GITHUB_WORKSPACE'] ?? '').startsWith('/__w/');

/** Pure: what to do where such a process reaches no engine. */
export const withoutEngine = (execPath: string, env: Readonly<Record<string, string | undefined>>): string =>
  inJobContainer(execPath, env)
    ? 'Take `container:` out of the job, and let `jail.root` in the policy name what the agent sees; or give the container the socket of an engine (`volumes: [/var/run/docker.sock:/var/run/docker.sock]`; with Actions Runner Controller `containerMode: dind`).'
    : 'Give the pod an engine (with Actions Runner Controller `containerMode: dind`), or run the job on a runner that is a machine; where the pod is privileged, `jail.backend: nspawn` may do.';
