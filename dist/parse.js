import {
  NOWHERE,
  defaultPolicy,
  parsePolicy,
  policyOf
} from "./shared-policy-resolve.js";
import "./shared-policy-places.js";
import "./shared-policy-schema.js";
import "./shared-policy-yaml.js";
import "./shared-yaml.js";
import "./shared-policy-shape.js";
import "./shared-model-changes.js";
import "./shared-policy-rules.js";
import "./shared-valibot.js";
import "./shared-policy-units.js";
import "./shared-policy-nearest.js";
import "./shared-model-errors.js";
import "./shared-runtime.js";
export {
  NOWHERE,
  defaultPolicy,
  parsePolicy,
  policyOf
};
