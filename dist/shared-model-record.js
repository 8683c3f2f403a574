// src/model/record.ts
var OTHER_PATCHES = [
  "changes.1.patch",
  "changes.2.patch",
  "changes.3.patch",
  "changes.4.patch",
  "changes.5.patch",
  "changes.6.patch",
  "changes.7.patch",
  "changes.8.patch",
  "changes.9.patch"
];
var isSpare = (file) => OTHER_PATCHES.some((other) => other === file);
var PATCH = { writer: "collector", schema: null, sealed: true };
var RECORD = {
  "run.json": { writer: "warden", schema: "run", sealed: true },
  "transcript.log": { writer: "warden", schema: null, sealed: true },
  "transcript.ndjson": { writer: "warden", schema: "transcript", sealed: true },
  "network.ndjson": { writer: "gateway", schema: "network", sealed: true },
  "programs.ndjson": { writer: "warden", schema: "programs", sealed: true },
  "usage.ndjson": { writer: "warden", schema: "usage", sealed: true },
  "backend.log": { writer: "warden", schema: null, sealed: true },
  "changes.ndjson": { writer: "collector", schema: "changes", sealed: true },
  "changes.patch": PATCH,
  ...Object.fromEntries(OTHER_PATCHES.map((file) => [file, PATCH])),
  "changes.tar.gz": { writer: "collector", schema: null, sealed: true },
  "result.txt": { writer: "collector", schema: null, sealed: true },
  "agent.ndjson": { writer: "collector", schema: "agent", sealed: true },
  "manifest.json": { writer: "warden", schema: "manifest", sealed: false },
  "verdict.json": { writer: "collector", schema: "verdict", sealed: false },
  "trajectory.json": { writer: "collector", schema: null, sealed: false },
  "transcript.cast": { writer: "collector", schema: null, sealed: false },
  "transcript.txt": { writer: "collector", schema: null, sealed: false },
  "report.html": { writer: "collector", schema: null, sealed: false },
  "findings.sarif": { writer: "collector", schema: null, sealed: false },
  "summary.md": { writer: "collector", schema: null, sealed: false }
};

export {
  OTHER_PATCHES,
  isSpare,
  RECORD
};
