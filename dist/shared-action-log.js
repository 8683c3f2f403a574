import {
  LogSanitiser
} from "./shared-transcript-escapes.js";

// src/action/log.ts
function oneLine(text, redact) {
  const sanitiser = new LogSanitiser(redact);
  return [...sanitiser.push(text), ...sanitiser.flush()].join(" ");
}

export {
  oneLine
};
