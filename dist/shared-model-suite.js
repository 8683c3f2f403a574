// src/model/suite.ts
var TRIAL_OUTCOMES = ["pass", "fail", "limit", "violation", "tampered", "infra", "invalid", "skipped"];
var MEASURED = ["pass", "fail", "limit", "violation", "tampered"];

export {
  TRIAL_OUTCOMES,
  MEASURED
};
