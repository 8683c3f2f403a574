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
function end(code) {
  process.exitCode = code;
  if (code !== EXIT["usage-error"]) keepCode();
  const written = [process.stdout, process.stderr].every(({ writableLength }) => writableLength === 0);
  if (written) process.exit();
  setTimeout(() => process.exit(), 100).unref();
}
export {
  end
};
