import {
  atEngine,
  refusedElsewhere,
  startElsewhere,
  whyElsewhere
} from "./shared-run-elsewhere.js";
import "./shared-remote-helper.js";
import "./shared-system-engine.js";
import "./shared-system-engine-connection.js";
import "./shared-system-lines.js";
import "./shared-model-architecture.js";
import "./shared-system-contained.js";
import "./shared-system-platform.js";
import "./shared-remote-pack.js";
import "./shared-system-tar.js";
import "./shared-system-git.js";
import "./shared-run-start-warden.js";
import "./shared-host-places.js";
import "./shared-system-proc.js";
import "./shared-system-exec.js";
import "./shared-model-record.js";
import "./shared-model-errors.js";
import "./shared-runtime.js";
export {
  atEngine,
  refusedElsewhere,
  startElsewhere,
  whyElsewhere
};
