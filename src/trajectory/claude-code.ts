import type { Agent } from './agent.ts';
import { amount, args, fields, type Fields, isObject, list, text, textOf } from './fields.ts';
import { type Log, plus, type Turn, type Usage, usage } from './log.ts';

/** Kinds of lines that say nothing of the conversation. */
const QUIET = new Set(
  `stream_event tool_progress rate_limit_event progress summary queue-operation file-history-snapshot attachment last-prompt mode
  custom-title ai-title agent-name permission-mode pr-link atis-latch
  api-request api-request-shape api-request-blob tools-used cost-state`.split(/\s+/),
);

/** Claude Code: `--output-format stream-json`, and the same messages in `~/.claude/projects`. */
export const CLAUDE_CODE: Agent = {
  name: 'claude-code',
  recognises: ({ type, subtype, session_id: stream, sessionId: file, message }) =>
    (type === 'system' && subtype === 'init' && typeof stream === 'string') ||
    ((type === 'user' || type === 'assistant') && isObject(message) && typeof (stream ?? file) === 'string'),
  read(line, log) {
    const { type } = line;
    log.about({ session: line['session_id'] ?? line['sessionId'], version: line['claude_code_version'] ?? line['version'] });
    if (type === 'assistant') assistant(line, log);
    else if (type === 'user') user(line, log);
    else if (type === 'system') system(line, log);
    else if (type === 'result') ended(line, log);
    else return typeof type === 'string' && QUIET.has(type);
    return true;
  },
};

const about = (line: Fields) => ({ at: line['timestamp'], parent: line['parent_tool_use_id'] });

/** An answer of the model comes in several lines with the same id. */
function assistant(line: Fields, log: Log): void {
  const { id, model, content, usage: used } = fields(line['message']);
  const key = typeof id === 'string' ? { key: id } : {};
  const turn = log.turn('agent', { ...about(line), ...key, model });
  if (typeof content === 'string') log.add(turn, 'text', content);
  for (const block of list(content).map(fields)) {
    if (block['type'] === 'text') log.add(turn, 'text', text(block['text']));
    else if (block['type'] === 'thinking') log.add(turn, 'thought', text(block['thinking']));
    else if (block['type'] === 'tool_use') log.call(turn, text(block['id']), text(block['name']), args(block['input']));
  }
  setUsage(turn, usageOf(fields(used)));
}

function user(line: Fields, log: Log): void {
  const { content } = fields(line['message']);
  const said: unknown[] = [];
  for (const block of typeof content === 'string' ? [content] : list(content)) {
    const { type, tool_use_id: id, content: result, is_error: failed } = fields(block);
    if (type === 'tool_result') log.result(text(id), textOf(result), failed === true);
    else said.push(block);
  }
  log.say('user', textOf(said), about(line));
}

function system(line: Fields, log: Log): void {
  if (line['subtype'] === 'init') log.about({ model: line['model'] });
  if (line['subtype'] === 'compact_boundary') log.say('system', 'The conversation was compacted.', about(line));
}

/** Of the session as a whole: `usage` is of the main loop only, `modelUsage` of all. */
function ended(line: Fields, log: Log): void {
  const { subtype, num_turns: turns, total_cost_usd: cost, modelUsage, usage: main } = line;
  log.about({ end: subtype });
  if (typeof turns === 'number') log.claimedTurns = amount(turns);
  if (typeof cost === 'number') log.cost = amount(cost);
  let all: Usage | null = null;
  for (const one of Object.values(fields(modelUsage)).map(fields)) {
    const n = (name: string): number => amount(one[name]);
    const input = n('inputTokens') + n('cacheReadInputTokens') + n('cacheCreationInputTokens');
    all = plus(all, usage(input, n('outputTokens'), one['cacheReadInputTokens']));
  }
  log.total = all ?? usageOf(fields(main)) ?? log.total;
}

function usageOf(used: Fields): Usage | null {
  const n = (name: string): number => amount(used[name]);
  const input = n('input_tokens') + n('cache_read_input_tokens') + n('cache_creation_input_tokens');
  return usage(input, n('output_tokens'), used['cache_read_input_tokens']);
}

/** Each line of an answer has its usage so far: the last one counts. */
function setUsage(turn: Turn | null, now: Usage | null): void {
  if (turn !== null && now !== null) turn.usage = now;
}
