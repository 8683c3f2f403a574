import {
  Engine,
  greeting,
  messageOf,
  older,
  socketOf
} from "./shared-system-engine.js";
import "./shared-system-engine-connection.js";
import "./shared-model-errors.js";
import "./shared-runtime.js";
export {
  Engine,
  greeting,
  messageOf,
  older,
  socketOf
};
