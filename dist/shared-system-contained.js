// src/system/contained.ts
function contained(execPath, env) {
  if (inJobContainer(execPath, env)) return "this job runs in a container";
  return (env["KUBERNETES_SERVICE_HOST"] ?? "") === "" ? null : "this runner is in a pod of Kubernetes";
}
var inJobContainer = (execPath, env) => execPath.startsWith("/__e/") || (env["GITHUB_WORKSPACE"] ?? "").startsWith("/__w/");
var withoutEngine = (execPath, env) => inJobContainer(execPath, env) ? "Take `container:` out of the job, and let `jail.root` in the policy name what the agent sees; or give the container the socket of an engine (`volumes: [/var/run/docker.sock:/var/run/docker.sock]`; with Actions Runner Controller `containerMode: dind`)." : "Give the pod an engine (with Actions Runner Controller `containerMode: dind`), or run the job on a runner that is a machine; where the pod is privileged, `jail.backend: nspawn` may do.";

export {
  contained,
  withoutEngine
};
