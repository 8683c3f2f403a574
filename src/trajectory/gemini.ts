import type { Agent } from './agent.ts';
import { amount, args, fields, type Fields, isObject, list, text, textOf } from './fields.ts';
import { type Log, usage } from './log.ts';

/** Gemini CLI: `--output-format stream-json`, and the chats in `~/.gemini/tmp`. */
export const GEMINI: Agent = {
  name: 'gemini',
  recognises: ({ type, session_id: session, timestamp, sessionId, projectHash }) =>
    (type === 'init' && typeof session === 'string' && typeof timestamp === 'string') ||
    (typeof sessionId === 'string' && typeof projectHash === 'string'),
  read(line, log) {
    const { type } = line;
    if (typeof line['projectHash'] === 'string') return header(line, log);
    if (isObject(line['$set'])) return true;
    if (typeof line['id'] === 'string') return message(line, log);
    if (type === 'init') log.about({ session: line['session_id'], model: line['model'] });
    else if (type === 'message') said(line, log);
    else if (type === 'tool_use')
      log.call(log.open(about(line, log)), text(line['tool_id']), text(line['tool_name']), args(line['parameters']));
    else if (type === 'tool_result') {
      const { output, error, status } = line;
      log.result(text(line['tool_id']), text(output) || text(fields(error)['message']), status === 'error');
    } else if (type === 'error') log.say('system', text(line['message']), { at: line['timestamp'] });
    else if (type === 'result') ended(line, log);
    else return false;
    return true;
  },
};

const about = (line: Fields, log: Log) => ({ at: line['timestamp'], model: log.model });

/** An answer comes in pieces, which say that they are some. */
function said(line: Fields, log: Log): void {
  const { role, content } = line;
  if (role === 'assistant') log.add(log.open(about(line, log)), 'text', textOf(content), line['delta'] === true ? '' : '\n');
  else log.say(role === 'user' ? 'user' : 'system', textOf(content), { at: line['timestamp'] });
}

function ended({ status, stats }: Fields, log: Log): void {
  const { input_tokens: input, output_tokens: output, cached } = fields(stats);
  log.about({ end: status });
  log.total = usage(amount(input), amount(output), cached) ?? log.total;
}

/** The first line of a file; in older versions the only one, with all messages. */
function header(line: Fields, log: Log): boolean {
  log.about({ session: line['sessionId'] });
  for (const one of list(line['messages'])) message(fields(one), log);
  return true;
}

/** A message of a file. It is written again when something came of its calls. */
function message(line: Fields, log: Log): boolean {
  const { id, type, content, model, tokens, thoughts, toolCalls } = line;
  const key = { key: text(id), at: line['timestamp'] };
  if (type === 'user') {
    // What came of calls stands with the calls.
    log.say('user', textOf(typeof content === 'string' ? content : list(content).filter((part) => !('functionResponse' in fields(part)))), {
      at: line['timestamp'],
    });
    return true;
  }
  if (type === 'info' || type === 'error' || type === 'warning') {
    log.say('system', textOf(content), key);
    return true;
  }
  if (type !== 'gemini') return false;
  log.about({ model });
  const turn = log.turn('agent', { ...key, model });
  log.set(turn, 'text', textOf(content));
  const thought = list(thoughts).map((one) => [text(fields(one)['subject']), text(fields(one)['description'])].join(': '));
  log.set(turn, 'thought', thought.join('\n'));
  for (const call of list(toolCalls).map(fields)) {
    log.call(turn, text(call['id']), text(call['name']), args(call['args']));
    const { resultDisplay: shown, status } = call;
    if (typeof status === 'string') log.result(text(call['id']), typeof shown === 'string' ? shown : outputOf(call), status !== 'success');
  }
  const used = fields(tokens);
  if (turn !== null)
    turn.usage = usage(amount(used['input']), amount(used['output']) + amount(used['thoughts']), used['cached']) ?? turn.usage;
  return true;
}

function outputOf(call: Fields): string {
  const responses = list(call['result']).map((part) => fields(fields(fields(part)['functionResponse'])['response']));
  return responses.map(({ output, error }) => text(output) || text(error)).join('\n');
}
