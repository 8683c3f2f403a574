import type { Agent } from './agent.ts';
import { amount, args, fields, isObject, text } from './fields.ts';
import { plus, usage } from './log.ts';

/** opencode: `run --format json`. Its sessions are in a database, which is not read. */
export const OPENCODE: Agent = {
  name: 'opencode',
  recognises: ({ type, sessionID, part }) =>
    typeof sessionID === 'string' && typeof type === 'string' && (isObject(part) || type === 'error'),
  read({ type, sessionID, part: given, timestamp: at, error }, log) {
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
    } else return type === 'step_start';
    return true;
  },
};
