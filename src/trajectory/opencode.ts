import type { Agent } from './agent.ts';
import { amount, args, type Fields, fields, isObject, text } from './fields.ts';
import { type Log, plus, usage } from './log.ts';

/** Kinds of parts as the database has them, and the events of `run --format json` that tell the same. */
const EVENTS: Readonly<Record<string, string>> = { tool: 'tool_use', 'step-finish': 'step_finish', 'step-start': 'step_start' };
/** Parts that say nothing of the conversation. */
const ASIDE = new Set(['step_start', 'snapshot', 'patch', 'file', 'agent', 'retry', 'compaction', 'subtask']);

/** opencode: `run --format json`, and the rows of its database (`database.ts`). */
export const OPENCODE: Agent = {
  name: 'opencode',
  recognises: ({ type, sessionID, part, table, session_id, data }) =>
    (typeof sessionID === 'string' && typeof type === 'string' && (isObject(part) || type === 'error')) ||
    ((table === 'message' || table === 'part') && typeof session_id === 'string' && isObject(data)),
  read(line, log) {
    if (line['table'] === 'message') return readMessage(line, log);
    return readEvent(line['table'] === 'part' ? eventOf(line) : line, log);
  },
};

/** What the parts that follow belong to. */
function readMessage({ id, session_id: session, time_created: at, data }: Fields, log: Log): boolean {
  const { role, modelID: model } = fields(data);
  log.about({ session, model });
  if (typeof id !== 'string' || (role !== 'user' && role !== 'assistant')) return false;
  log.turn(role === 'user' ? 'user' : 'agent', { key: id, at, model });
  return true;
}

function eventOf({ id, session_id: sessionID, message_id: messageID, data }: Fields): Fields {
  const part = fields(data);
  const type = text(part['type']);
  return { type: EVENTS[type] ?? type, sessionID, part: { ...part, id, messageID } };
}

function readEvent({ type, sessionID, part: given, timestamp: at, error }: Fields, log: Log): boolean {
  const part = fields(given);
  const { messageID, callID, tool } = part;
  const state = fields(part['state']);
  const turn = () => (typeof messageID === 'string' ? log.turn('agent', { key: messageID, at }) : log.open({ at }));
  log.about({ session: sessionID });
  if (type === 'text') log.add(turn(), 'text', text(part['text']));
  else if (type === 'reasoning') log.add(turn(), 'thought', text(part['text']));
  else if (type === 'tool_use') {
    const id = text(callID) || text(part['id']);
    log.call(turn(), id, text(tool), args(state['input']));
    const { status } = state;
    if (status === 'completed' || status === 'error') log.result(id, text(state['output']) || text(state['error']), status === 'error');
  } else if (type === 'step_finish') {
    const { input, output, reasoning, cache } = fields(part['tokens']);
    const { read, write } = fields(cache);
    const used = usage(amount(input) + amount(read) + amount(write), amount(output) + amount(reasoning), read, part['cost']);
    const own = turn();
    if (own !== null) own.usage = plus(own.usage, used);
    log.about({ end: part['reason'] });
  } else if (type === 'error') {
    const { name, data, message } = fields(error);
    log.say('system', text(message) || text(fields(data)['message']) || text(name), { at });
    log.about({ end: 'error' });
  } else return typeof type === 'string' && ASIDE.has(type);
  return true;
}
