import {
  HERE
} from "./shared-system-platform.js";
import {
  Engine
} from "./shared-system-engine.js";

// src/run/why-elsewhere.ts
async function whyElsewhere(choice, container, here = HERE) {
  if (!here.jails) return `this machine is ${here.called}`;
  if (!choice.ok) return null;
  if (!choice.host.startsWith("unix://")) return `the engine is at ${choice.host}`;
  if (container !== null) return `${container}, and the engine is not`;
  const engine = await Engine.connect(choice).catch(() => null);
  return engine?.product === "podman" ? "the engine is Podman, which has no mounts of its own" : null;
}

export {
  whyElsewhere
};
