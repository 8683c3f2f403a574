import {
  LARGEST,
  summary
} from "./shared-report-summary.js";
import "./shared-report-sections.js";
import "./shared-record-error.js";
import "./shared-report-markdown.js";
import "./shared-record-display.js";
import "./shared-runtime.js";
export {
  LARGEST,
  summary
};
