import {
  VERIFY_CODES,
  verifyCommand
} from "./shared-cli-verify.js";
import "./shared-cli-io.js";
import "./shared-record-verify.js";
import "./shared-record-write.js";
import "./shared-record-schema.js";
import "./shared-model-changes.js";
import "./shared-record-ndjson.js";
import "./shared-record-error.js";
import "./shared-valibot.js";
import "./shared-model-record.js";
import "./shared-record-display.js";
import "./shared-cli-args.js";
import "./shared-policy-nearest.js";
import "./shared-model-trajectory.js";
import "./shared-transcript-escapes.js";
import "./shared-model-errors.js";
import "./shared-model-outcome.js";
import "./shared-runtime.js";
export {
  VERIFY_CODES,
  verifyCommand
};
