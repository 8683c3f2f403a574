import {
  OVERLAP,
  SEARCHED,
  outputFindings,
  windows
} from "./shared-guard-output.js";
import "./shared-guard-bounded.js";
import "./shared-guard-bag.js";
import "./shared-record-display.js";
import "./shared-runtime.js";
export {
  OVERLAP,
  SEARCHED,
  outputFindings,
  windows
};
