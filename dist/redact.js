import {
  Redactor,
  redactorOf
} from "./shared-transcript-redact.js";
import "./shared-transcript-forms.js";
import "./shared-runtime.js";
export {
  Redactor,
  redactorOf
};
