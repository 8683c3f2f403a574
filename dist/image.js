import {
  NOT_THE_IMAGES,
  exportImage,
  filesOf,
  findImage,
  platformOf,
  split
} from "./shared-host-image.js";
import "./shared-system-engine.js";
import "./shared-system-engine-connection.js";
import "./shared-host-unpack.js";
import "./shared-model-architecture.js";
import "./shared-system-lines.js";
import "./shared-host-places.js";
import "./shared-system-exec.js";
import "./shared-model-errors.js";
import "./shared-runtime.js";
export {
  NOT_THE_IMAGES,
  exportImage,
  filesOf,
  findImage,
  platformOf,
  split
};
