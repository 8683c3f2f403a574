import {
  EXIT
} from "./shared-model-outcome.js";
import "./shared-runtime.js";
export {
  EXIT
};
