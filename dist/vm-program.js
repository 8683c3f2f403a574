import {
  byPreference,
  findKernel,
  findVm
} from "./shared-backend-vm-program.js";
import "./shared-model-architecture.js";
import "./shared-system-exec.js";
import "./shared-model-errors.js";
import "./shared-runtime.js";
export {
  byPreference,
  findKernel,
  findVm
};
