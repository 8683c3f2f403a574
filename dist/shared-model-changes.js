// src/model/changes.ts
var FLAGS = [
  "runs-later",
  "secret",
  "setuid",
  "special",
  "escaping-link",
  "binary",
  "ignored",
  "git-dir",
  "odd-name",
  "base-changed",
  "lockfile",
  "generated",
  "filtered",
  "noise"
];

export {
  FLAGS
};
