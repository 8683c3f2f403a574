// src/model/suite.ts
var TRIAL_OUTCOMES = ["pass", "fail", "limit", "violation", "tampered", "infra", "invalid", "skipped"];
var MEASURED = ["pass", "fail", "limit", "violation", "tampered"];
var DRIFT_KINDS = [
  "runs-later",
  "new-host",
  "new-denied-host",
  "new-program",
  "new-path",
  "lost-path",
  "lost-host",
  "lost-program",
  "denials",
  "exit",
  "duration",
  "output",
  "memory",
  "tokens",
  "cost",
  "turns",
  "agent",
  "policy",
  "root",
  "version"
];
var FAIL_ON = ["regression", "violation", "tampered", "missing", "infra", "inconclusive", "flaky"];

export {
  TRIAL_OUTCOMES,
  MEASURED,
  DRIFT_KINDS,
  FAIL_ON
};
