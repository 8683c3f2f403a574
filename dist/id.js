import { createRequire as requireFor } from 'node:module';
const require = requireFor(import.meta.url);
import {
  newId,
  timeOf
} from "./shared-run-id.js";
import "./shared-runtime.js";
export {
  newId,
  timeOf
};
