import {
  Tally,
  resultOf
} from "./shared-cli-suite-tally.js";
import "./shared-suite-trials.js";
import "./shared-record-ndjson.js";
import "./shared-record-error.js";
import "./shared-valibot.js";
import "./shared-model-record.js";
import "./shared-record-display.js";
import "./shared-model-suite.js";
import "./shared-model-errors.js";
import "./shared-model-outcome.js";
import "./shared-runtime.js";
export {
  Tally,
  resultOf
};
