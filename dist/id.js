import {
  newId,
  timeOf
} from "./shared-run-id.js";
import "./shared-runtime.js";
export {
  newId,
  timeOf
};
