import {
  whyElsewhere
} from "./shared-run-why-elsewhere.js";
import "./shared-system-platform.js";
import "./shared-system-engine.js";
import "./shared-system-engine-connection.js";
import "./shared-model-errors.js";
import "./shared-runtime.js";
export {
  whyElsewhere
};
