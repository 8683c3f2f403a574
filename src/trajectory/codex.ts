import type { Agent } from './agent.ts';
import { amount, args, fields, type Fields, isObject, text, textOf } from './fields.ts';
import { type Log, type Usage, usage } from './log.ts';

/** Codex: `exec --json`, and the rollout files in `~/.codex/sessions`. */
export const CODEX: Agent = {
  name: 'codex',
  recognises: ({ type, thread_id: thread, payload }) =>
    (type === 'thread.started' && typeof thread === 'string') ||
    ((type === 'session_meta' || type === 'response_item') && isObject(payload)),
  read(line, log) {
    const { type } = line;
    if (typeof type !== 'string') return false;
    if (isObject(line['payload'])) return rollout(type, line['payload'], line['timestamp'], log);
    if (type.startsWith('item.')) return item(fields(line['item']), log);
    if (type === 'thread.started') log.about({ session: line['thread_id'] });
    // Cumulative for the thread.
    else if (type === 'turn.completed') {
      log.about({ end: 'completed' });
      log.total = usageOf(line['usage']) ?? log.total;
    } else if (type === 'turn.failed') {
      log.about({ end: 'failed' });
      failure(fields(line['error'])['message'], log);
    } else if (type === 'error') failure(line['message'], log);
    else return type === 'turn.started';
    return true;
  },
};

/** Items are told when they begin, when they change and when they end; each is a turn. */
function item(it: Fields, log: Log): boolean {
  const { id, type, text: said } = it;
  const key = text(id);
  if (type === 'agent_message') log.set(log.turn('agent', { key }), 'text', text(said));
  else if (type === 'reasoning') log.set(log.turn('agent', { key }), 'thought', text(said));
  else if (type === 'error') failure(it['message'], log, key);
  else if (type === 'command_execution')
    call(it, log, 'command_execution', { command: it['command'] }, it['aggregated_output'], amount(it['exit_code']) !== 0);
  else if (type === 'file_change') call(it, log, 'file_change', { changes: it['changes'] }, it['status'], false);
  else if (type === 'mcp_tool_call') {
    const answer = it['error'] ?? it['result'];
    const content = typeof answer === 'string' ? answer : textOf(fields(answer)['content'] ?? fields(answer)['message']);
    call(it, log, `${text(it['server'])}.${text(it['tool'])}`, args(it['arguments']), content, isObject(it['error']));
  } else if (type === 'web_search') call(it, log, 'web_search', { query: it['query'] }, undefined, false);
  else if (type === 'todo_list') call(it, log, 'todo_list', { items: it['items'] }, undefined, false);
  else return false;
  return true;
}

function call(it: Fields, log: Log, name: string, given: Fields, output: unknown, failed: boolean): void {
  const id = text(it['id']);
  log.call(log.turn('agent', { key: id }), id, name, given);
  if (it['status'] !== 'in_progress' && typeof output === 'string') log.result(id, output, failed || it['status'] === 'failed');
}

function failure(message: unknown, log: Log, key?: string): void {
  log.say('system', text(message), key === undefined ? {} : { key });
}

/** Lines of a rollout file: what went to and came from the model, and events, which mostly tell the same again. */
function rollout(type: string, payload: Fields, at: unknown, log: Log): boolean {
  if (type === 'session_meta') {
    log.about({ session: payload['id'], version: payload['cli_version'] });
    return true;
  }
  if (type === 'turn_context') {
    log.about({ model: payload['model'] });
    return true;
  }
  if (type === 'response_item') return response(payload, at, log);
  if (type === 'event_msg' && payload['type'] === 'token_count')
    log.total = usageOf(fields(payload['info'])['total_token_usage']) ?? log.total;
  return ['event_msg', 'compacted', 'world_state', 'token_usage_record'].includes(type);
}

function response(payload: Fields, at: unknown, log: Log): boolean {
  const { type, role, content, call_id: id } = payload;
  const open = () => log.open({ at, model: log.model });
  if (type === 'message' && role === 'assistant') log.add(open(), 'text', textOf(content));
  else if (type === 'message') log.say(role === 'user' ? 'user' : 'system', textOf(content), { at });
  else if (type === 'reasoning') log.add(open(), 'thought', textOf(payload['summary']));
  else if (type === 'function_call') log.call(open(), text(id), text(payload['name']), args(payload['arguments']));
  else if (type === 'custom_tool_call') log.call(open(), text(id), text(payload['name']), args(payload['input']));
  else if (type === 'local_shell_call') log.call(open(), text(id), 'local_shell', args(payload['action']));
  else if (type === 'function_call_output' || type === 'custom_tool_call_output') {
    const { output } = payload;
    log.result(text(id), textOf(isObject(output) ? output['content'] : output), fields(output)['success'] === false);
  } else return type === 'web_search_call' || type === 'ghost_snapshot';
  return true;
}

/** What came from the cache is counted in the input. */
function usageOf(value: unknown): Usage | null {
  const used = fields(value);
  return usage(amount(used['input_tokens']), amount(used['output_tokens']), used['cached_input_tokens']);
}
