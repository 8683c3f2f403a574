import {
  EXIT
} from "./shared-model-outcome.js";
import "./shared-runtime.js";

// src/system/kept-code.ts
var KEEP = /* @__PURE__ */ Symbol.for("agent-jail.keep-code");
function keepCode() {
  globalThis[KEEP]?.();
}

// src/cli/end.ts
var PATIENCE = 100;
function end(code) {
  process.exitCode = code;
  if (code !== EXIT["usage-error"]) keepCode();
  setTimeout(() => process.exit(), PATIENCE).unref();
}
export {
  end
};
