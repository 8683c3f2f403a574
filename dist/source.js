import {
  insideWorkspace,
  readPolicySource,
  refuseUntrusted
} from "./shared-action-source.js";
import "./shared-system-platform.js";
import "./shared-action-event.js";
import "./shared-system-exec.js";
import "./shared-action-environment.js";
import "./shared-model-errors.js";
import "./shared-runtime.js";
export {
  insideWorkspace,
  readPolicySource,
  refuseUntrusted
};
