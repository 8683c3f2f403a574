import {
  notYet
} from "./shared-policy-not-yet.js";
import "./shared-policy-places.js";
import "./shared-runtime.js";
export {
  notYet
};
