import {
  baseAhead,
  prepare
} from "./shared-run-prepare.js";
import "./shared-run-origin.js";
import "./shared-system-git.js";
import "./shared-secrets-forms.js";
import "./shared-system-engine-connection.js";
import "./shared-host-places.js";
import "./shared-system-exec.js";
import "./shared-model-errors.js";
import "./shared-runtime.js";
export {
  baseAhead,
  prepare
};
