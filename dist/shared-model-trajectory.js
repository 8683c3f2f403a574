// src/model/trajectory.ts
var AGENTS = ["claude-code", "codex", "gemini", "pi", "copilot", "opencode"];

export {
  AGENTS
};
