import {
  announceEngine,
  announceRoot,
  dismissWarden,
  runJail,
  startWarden,
  sweep
} from "./shared-run-client.js";
import "./shared-run-warden-process.js";
import "./shared-system-contained.js";
import "./shared-system-lines.js";
import "./shared-system-platform.js";
import "./shared-run-start-warden.js";
import "./shared-system-proc.js";
import "./shared-system-exec.js";
import "./shared-model-errors.js";
import "./shared-runtime.js";
export {
  announceEngine,
  announceRoot,
  dismissWarden,
  runJail,
  startWarden,
  sweep
};
