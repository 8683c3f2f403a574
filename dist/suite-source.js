const { dirname, join, normalize } = process.getBuiltinModule("node:path");
import {
  readPolicySource,
  refuseUntrusted
} from "./shared-action-source.js";
import {
  policyFileOf,
  readSuite
} from "./shared-suite-read.js";
import "./shared-policy-resolve.js";
import "./shared-policy-places.js";
import "./shared-policy-schema.js";
import "./shared-policy-steps.js";
import "./shared-policy-yaml.js";
import "./shared-yaml.js";
import "./shared-policy-shape.js";
import "./shared-model-changes.js";
import "./shared-system-platform.js";
import "./shared-action-event.js";
import "./shared-policy-rules.js";
import "./shared-system-exec.js";
import "./shared-valibot.js";
import "./shared-policy-units.js";
import "./shared-policy-nearest.js";
import "./shared-model-trajectory.js";
import {
  variable
} from "./shared-action-environment.js";
import "./shared-model-errors.js";
import "./shared-runtime.js";

// src/action/suite-source.ts
async function suiteOf({ suite: written, suiteSource }, env) {
  const read = (file2) => readPolicySource({ policyFile: file2, policySource: suiteSource }, env, "suite");
  const { text, file, source, trustedHead } = await read(written);
  const policyFile = policyFileOf(text, file);
  const texts = policyFile === null ? [] : [[policyFile, (await read(normalize(join(dirname(file), policyFile)))).text]];
  const suite = readSuite(text, file, variable(env, "GITHUB_WORKSPACE"), new Map(texts));
  if (source.kind === "workspace") for (const { policy } of suite.tasks) refuseUntrusted(policy, trustedHead);
  return { suite, trusted: trustedHead };
}
export {
  suiteOf
};
