// src/model/outcome.ts
var EXIT = {
  succeeded: 0,
  "step-failed": 1,
  "usage-error": 2,
  "guard-failed": 3,
  "needs-review": 4,
  "limit-exceeded": 5,
  "jail-error": 70,
  "timed-out": 124,
  cancelled: 130
};

export {
  EXIT
};
