// src/model/record.ts
var RECORD = {
  "run.json": { writer: "warden", schema: "run", sealed: true },
  "transcript.log": { writer: "warden", schema: null, sealed: true },
  "transcript.ndjson": { writer: "warden", schema: "transcript", sealed: true },
  "network.ndjson": { writer: "gateway", schema: "network", sealed: true },
  "usage.ndjson": { writer: "warden", schema: "usage", sealed: true },
  "backend.log": { writer: "warden", schema: null, sealed: true },
  "changes.ndjson": { writer: "collector", schema: "changes", sealed: true },
  "changes.patch": { writer: "collector", schema: null, sealed: true },
  "changes.tar.gz": { writer: "collector", schema: null, sealed: true },
  "result.txt": { writer: "collector", schema: null, sealed: true },
  "agent.ndjson": { writer: "collector", schema: "agent", sealed: true },
  "manifest.json": { writer: "warden", schema: "manifest", sealed: false },
  "verdict.json": { writer: "collector", schema: "verdict", sealed: false },
  "trajectory.json": { writer: "collector", schema: null, sealed: false },
  "transcript.cast": { writer: "collector", schema: null, sealed: false },
  "report.html": { writer: "collector", schema: null, sealed: false },
  "summary.md": { writer: "collector", schema: null, sealed: false }
};

export {
  RECORD
};
