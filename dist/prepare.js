import {
  prepare
} from "./shared-plan-git-config.js";
import "./shared-plan-environment.js";
import "./shared-plan-toolchain.js";
import "./shared-transcript-forms.js";
import "./shared-host-places.js";
import "./shared-system-exec.js";
import "./shared-model-errors.js";
import "./shared-runtime.js";
export {
  prepare
};
