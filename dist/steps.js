import {
  parseSteps,
  stepInputs,
  stepsSchema
} from "./shared-policy-steps.js";
import "./shared-policy-yaml.js";
import "./shared-yaml.js";
import "./shared-policy-shape.js";
import "./shared-policy-rules.js";
import "./shared-valibot.js";
import "./shared-policy-units.js";
import "./shared-policy-nearest.js";
import "./shared-model-trajectory.js";
import "./shared-model-errors.js";
import "./shared-runtime.js";
export {
  parseSteps,
  stepInputs,
  stepsSchema
};
