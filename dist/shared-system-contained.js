// src/system/contained.ts
function contained(execPath, env) {
  if (inJobContainer(execPath, env)) return "this job runs in a container";
  return (env["KUBERNETES_SERVICE_HOST"] ?? "") === "" ? null : "this runner is in a pod of Kubernetes";
}
var inJobContainer = (execPath, env) => execPath.startsWith("/__e/") || (env["GITHUB_WORKSPACE"] ?? "").startsWith("/__w/");

export {
  contained,
  inJobContainer
};
