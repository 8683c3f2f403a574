/** Agents whose logs are read. */
export const AGENTS = ['claude-code', 'codex', 'gemini', 'pi', 'copilot', 'opencode'] as const;
export type AgentName = (typeof AGENTS)[number];
/** Whose log to look for in a step; null: any agent's. */
export type AgentWish = AgentName | 'none' | null;

/** Where an agent writes what it did: files of JSON lines below a folder of its HOME, or a database (SQLite). */
export const SESSIONS: Readonly<Record<AgentName, { readonly under: string; readonly name: RegExp }>> = {
  'claude-code': { under: '.claude/projects', name: /\.jsonl$/ },
  codex: { under: '.codex/sessions', name: /^rollout-.*\.jsonl$/ },
  gemini: { under: '.gemini/tmp', name: /^session-.*\.jsonl?$/ },
  copilot: { under: '.copilot/session-state', name: /\.jsonl$/ },
  opencode: { under: '.local/share/opencode', name: /\.db$/ },
  pi: { under: '.pi/agent/sessions', name: /\.jsonl$/ },
};

type Extra = Readonly<Record<string, unknown>>;
/** `trajectory.json`: the Agent Trajectory Interchange Format, version 1.7. No field of ours but in `extra`. */
export interface Trajectory {
  readonly schema_version: 'ATIF-v1.7';
  readonly session_id?: string;
  readonly agent: { readonly name: string; readonly version: string; readonly model_name?: string; readonly extra?: Extra };
  readonly steps: readonly TrajectoryStep[];
  readonly notes?: string;
  readonly final_metrics?: FinalMetrics;
  readonly extra?: Extra;
}
export interface TrajectoryStep {
  /** 1, 2, 3 … */
  readonly step_id: number;
  /** ISO 8601. */
  readonly timestamp?: string;
  readonly source: 'system' | 'user' | 'agent';
  readonly message: string;
  readonly model_name?: string;
  readonly reasoning_content?: string;
  readonly tool_calls?: readonly ToolCall[];
  readonly observation?: { readonly results: readonly ObservationResult[] };
  readonly metrics?: Metrics;
  readonly extra?: Extra;
}
export interface ToolCall {
  readonly tool_call_id: string;
  readonly function_name: string;
  readonly arguments: Readonly<Record<string, unknown>>;
}
export interface ObservationResult {
  /** A call of the same step. */
  readonly source_call_id?: string;
  readonly content: string;
  readonly extra?: Extra;
}
/** `prompt_tokens` count what came from a cache in. */
export interface Metrics {
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly cached_tokens: number;
  readonly cost_usd?: number;
}
export interface FinalMetrics {
  readonly total_prompt_tokens?: number;
  readonly total_completion_tokens?: number;
  readonly total_cached_tokens?: number;
  readonly total_cost_usd?: number;
  readonly total_steps: number;
}

/** What a run used, and who says so: the gateway saw it, or an agent claims it. null: nobody says. */
export interface Totals {
  readonly turns: Told<number> | null;
  readonly toolCalls: Told<number> | null;
  readonly inputTokens: Told<number> | null;
  readonly outputTokens: Told<number> | null;
  readonly costUsd: Told<number> | null;
  readonly model: Told<string> | null;
}
export interface Told<T> {
  readonly value: T;
  readonly source: 'gateway' | 'agent';
}
