import {
  json,
  processIo
} from "./shared-cli-io.js";
import "./shared-cli-args.js";
import "./shared-policy-nearest.js";
import "./shared-model-errors.js";
import "./shared-runtime.js";
export {
  json,
  processIo
};
