import {
  helperContainer,
  isForgotten,
  noHelper,
  removeForgotten,
  startHelper
} from "./shared-remote-helper-image.js";
import "./shared-system-tar.js";
import "./shared-system-engine.js";
import "./shared-system-engine-connection.js";
import "./shared-model-architecture.js";
import "./shared-host-places.js";
import "./shared-system-exec.js";
import "./shared-model-errors.js";
import "./shared-runtime.js";
export {
  helperContainer,
  isForgotten,
  noHelper,
  removeForgotten,
  startHelper
};
