import {
  SecretSearch,
  writeManifest,
  writeSessions
} from "./shared-changes-content.js";
import "./shared-changes-bytes.js";
import "./shared-secrets-tokens.js";
import {
  writeAll
} from "./shared-system-ndjson.js";
import "./shared-model-trajectory.js";
import "./shared-system-exec.js";
import "./shared-runtime.js";

// src/changes/nothing.ts
var EMPTY_ARCHIVE = Buffer.from("H4sIAAAAAAAEA2NgGAWjITAaAiM1BAAur7XvAAQAAA==", "base64");
function writeNothing({ id, layers, outputs }) {
  writeAll(outputs["changes.tar.gz"], EMPTY_ARCHIVE);
  const header = { id, layers: layers.map(({ layer, target }) => ({ layer, target })) };
  writeSessions(outputs["agent.ndjson"], { id }, null, [], new SecretSearch([]), "");
  const none = { leftOut: [] };
  writeManifest(outputs["changes.ndjson"], header, [], {
    ignored: 0,
    withheld: 0,
    patch: { files: 0, ...none },
    archive: { entries: 0, ...none }
  });
}
export {
  writeNothing
};
