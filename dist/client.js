import {
  announceRoot,
  dismissWarden,
  explain,
  runJail,
  startWarden,
  sweep,
  wardenArgv
} from "./shared-run-client.js";
import "./shared-host-scratch.js";
import "./shared-host-places.js";
import "./shared-system-lines.js";
import "./shared-system-exec.js";
import "./shared-model-errors.js";
import "./shared-runtime.js";
export {
  announceRoot,
  dismissWarden,
  explain,
  runJail,
  startWarden,
  sweep,
  wardenArgv
};
