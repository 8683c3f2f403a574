// src/model/trajectory.ts
var AGENTS = ["claude-code", "codex", "gemini", "pi", "copilot", "opencode"];
var SESSIONS = {
  "claude-code": { under: ".claude/projects", name: /\.jsonl$/ },
  codex: { under: ".codex/sessions", name: /^rollout-.*\.jsonl$/ },
  gemini: { under: ".gemini/tmp", name: /^session-.*\.jsonl?$/ },
  copilot: { under: ".copilot/session-state", name: /\.jsonl$/ },
  opencode: { under: ".local/share/opencode", name: /\.db$/ },
  pi: { under: ".pi/agent/sessions", name: /\.jsonl$/ }
};

export {
  AGENTS,
  SESSIONS
};
