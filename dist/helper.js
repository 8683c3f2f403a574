import {
  architectureAt,
  helperContainer,
  isForgotten,
  noHelper,
  removeForgotten,
  startHelper
} from "./shared-remote-helper.js";
import "./shared-model-architecture.js";
import "./shared-system-engine.js";
import "./shared-system-engine-connection.js";
import "./shared-system-exec.js";
import "./shared-model-errors.js";
import "./shared-runtime.js";
export {
  architectureAt,
  helperContainer,
  isForgotten,
  noHelper,
  removeForgotten,
  startHelper
};
