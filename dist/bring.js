import {
  STATE_EXIT,
  bring
} from "./shared-guard-changes.js";
import "./shared-system-ndjson.js";
import "./shared-system-untar.js";
import "./shared-guard-claims.js";
import "./shared-guard-bag.js";
import "./shared-record-verify.js";
import "./shared-record-write.js";
import "./shared-record-schema.js";
import "./shared-model-changes.js";
import "./shared-system-tar.js";
import "./shared-system-git.js";
import "./shared-guard-globs.js";
import "./shared-ignore.js";
import "./shared-system-exec.js";
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
  STATE_EXIT,
  bring
};
