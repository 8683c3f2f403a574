import { createRequire as requireFor } from 'node:module';
const require = requireFor(import.meta.url);
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
