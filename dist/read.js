import {
  LINE_FILES,
  openRecordDir,
  readRun
} from "./shared-record-write.js";
import "./shared-record-schema.js";
import "./shared-model-changes.js";
import "./shared-record-ndjson.js";
import "./shared-record-error.js";
import "./shared-valibot.js";
import "./shared-model-record.js";
import "./shared-record-display.js";
import "./shared-model-trajectory.js";
import "./shared-model-errors.js";
import "./shared-model-outcome.js";
import "./shared-runtime.js";
export {
  LINE_FILES,
  openRecordDir,
  readRun
};
