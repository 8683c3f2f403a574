import {
  ENGINE_OR_LINUX,
  baseAhead,
  engineFor,
  prepare
} from "./shared-plan-git-config.js";
import "./shared-run-origin.js";
import "./shared-secrets-forms.js";
import "./shared-system-engine-connection.js";
import "./shared-system-platform.js";
import "./shared-system-git.js";
import "./shared-host-places.js";
import "./shared-system-exec.js";
import "./shared-model-errors.js";
import "./shared-runtime.js";
export {
  ENGINE_OR_LINUX,
  baseAhead,
  engineFor,
  prepare
};
