import { createRequire as requireFor } from 'node:module';
const require = requireFor(import.meta.url);
import {
  dismissWarden,
  explain,
  runJail,
  startWarden,
  sweep,
  wardenArgv
} from "./shared-run-client.js";
import "./shared-run-finish.js";
import "./shared-record-verify.js";
import "./shared-system-exec.js";
import "./shared-record-schema.js";
import "./shared-model-changes.js";
import "./shared-valibot.js";
import "./shared-model-outcome.js";
import "./shared-record-write.js";
import "./shared-model-record.js";
import "./shared-model-errors.js";
import "./shared-system-lines.js";
import "./shared-runtime.js";
export {
  dismissWarden,
  explain,
  runJail,
  startWarden,
  sweep,
  wardenArgv
};
