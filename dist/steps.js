import { createRequire as requireFor } from 'node:module';
const require = requireFor(import.meta.url);
import {
  parseSteps,
  stepsSchema
} from "./shared-policy-steps.js";
import "./shared-policy-yaml.js";
import "./shared-yaml.js";
import "./shared-policy-nearest.js";
import "./shared-valibot.js";
import "./shared-model-errors.js";
import "./shared-runtime.js";
export {
  parseSteps,
  stepsSchema
};
