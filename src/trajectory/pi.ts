import type { Agent } from './agent.ts';
import { amount, args, fields, type Fields, list, text, textOf } from './fields.ts';
import { type Log, usage } from './log.ts';

/** Kinds of lines that say nothing, or what another one says whole. */
const QUIET = new Set(
  `agent_start agent_end turn_start turn_end message_start message_update tool_execution_start tool_execution_update
  tool_execution_end thinking_level_change label session_info custom branch_summary queue_update auto_retry_start auto_retry_end`.split(
    /\s+/,
  ),
);

/** pi: `--mode json`, and the sessions in `~/.pi/agent/sessions`. */
export const PI: Agent = {
  name: 'pi',
  recognises: ({ type, id, cwd, version }) =>
    type === 'session' && typeof id === 'string' && typeof cwd === 'string' && typeof version === 'number',
  read(line, log) {
    const { type } = line;
    if (type === 'session') log.about({ session: line['id'] });
    else if (type === 'model_change') log.about({ model: line['modelId'] });
    else if (type === 'message' || type === 'message_end') message(fields(line['message']), log);
    else if (type === 'compaction') log.say('system', text(line['summary']), { at: line['timestamp'] });
    else return typeof type === 'string' && QUIET.has(type);
    return true;
  },
};

function message({ role, content, model, timestamp: at, usage: given, ...rest }: Fields, log: Log): void {
  if (role === 'toolResult') log.result(text(rest['toolCallId']), textOf(content), rest['isError'] === true);
  else if (role === 'user') log.say('user', textOf(content), { at });
  if (role !== 'assistant') return;
  log.about({ model, end: rest['stopReason'] });
  const turn = log.turn('agent', { at, model });
  for (const block of list(content).map(fields)) {
    if (block['type'] === 'text') log.add(turn, 'text', text(block['text']));
    else if (block['type'] === 'thinking') log.add(turn, 'thought', text(block['thinking']));
    else if (block['type'] === 'toolCall') log.call(turn, text(block['id']), text(block['name']), args(block['arguments']));
  }
  const used = fields(given);
  const n = (name: string): number => amount(used[name]);
  const cost = fields(used['cost'])['total'];
  if (turn !== null) turn.usage = usage(n('input') + n('cacheRead') + n('cacheWrite'), n('output'), used['cacheRead'], cost);
}
