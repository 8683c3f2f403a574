import {
  MIN_FORM,
  refuseShort,
  secretForms,
  tooShort
} from "./shared-secrets-forms.js";
import "./shared-runtime.js";
export {
  MIN_FORM,
  refuseShort,
  secretForms,
  tooShort
};
