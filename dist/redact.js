import {
  Redactor,
  redactorOf
} from "./shared-transcript-redact.js";
import "./shared-secrets-forms.js";
import "./shared-runtime.js";
export {
  Redactor,
  redactorOf
};
