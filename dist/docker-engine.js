import {
  Engine,
  socketOf
} from "./shared-system-engine.js";
import "./shared-system-engine-connection.js";
import "./shared-model-errors.js";
import "./shared-runtime.js";

// src/backend/docker-engine.ts
async function meet(choice) {
  socketOf(choice);
  const engine = await Engine.connect(choice);
  return { engine, info: (await engine.ask("GET", "/info")).body };
}
var strengthOf = ({ SecurityOptions }) => `namespaces, seccomp${SecurityOptions.some((option) => option.startsWith("name=apparmor")) ? ", AppArmor" : ""}`;
function unusable({ OSType, SecurityOptions }) {
  if (OSType !== "linux") return `runs ${OSType} containers`;
  if (SecurityOptions.some((option) => option.startsWith("name=rootless")))
    return "is rootless: it cannot see the layers, which are root's";
  if (!SecurityOptions.some((option) => option.startsWith("name=seccomp"))) return "has no seccomp";
  return null;
}
var runtimesOf = ({ Runtimes }) => Object.keys(Runtimes ?? {}).filter((name) => !name.startsWith("io.containerd.")).sort();
function lacksRuntime(info, runtime) {
  if (Object.hasOwn(info.Runtimes ?? {}, runtime)) return null;
  return `has no runtime ${JSON.stringify(runtime)}; it has ${runtimesOf(info).join(", ")}`;
}
var cgroupOf = (driver, id) => driver === "systemd" ? `agent_jail_${id}.slice` : `agent-jail-${id}`;
export {
  cgroupOf,
  lacksRuntime,
  meet,
  runtimesOf,
  strengthOf,
  unusable
};
