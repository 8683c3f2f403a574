import type { Agent } from './agent.ts';
import { amount, args, fields, type Fields, isObject, list, text, textOf } from './fields.ts';
import { plus, type Usage, usage } from './log.ts';

/** GitHub Copilot CLI: events, the same on stdout (`--output-format json`) and in `~/.copilot/session-state`. */
export const COPILOT: Agent = {
  name: 'copilot',
  recognises: ({ type, data }) => isObject(data) && typeof type === 'string' && /^(session\.start|user\.message|assistant\.)/.test(type),
  read({ type, data: given, timestamp: at, ...rest }, log) {
    if (type === 'result') {
      log.about({ session: rest['sessionId'], end: rest['exitCode'] === 0 ? 'success' : 'error' });
      return true;
    }
    if (typeof type !== 'string' || !isObject(given)) return false;
    const data = given;
    const model = data['model'] ?? log.model;
    switch (type) {
      case 'session.start':
        log.about({ session: data['sessionId'], version: data['copilotVersion'], model: data['selectedModel'] });
        break;
      case 'session.model_change':
        log.about({ model: data['newModel'] });
        break;
      case 'user.message':
        log.say('user', textOf(data['content']), { at });
        break;
      case 'assistant.message': {
        const key = typeof data['messageId'] === 'string' ? { key: data['messageId'] } : {};
        const turn = log.turn('agent', { ...key, at, model, parent: data['parentToolCallId'] });
        log.set(turn, 'text', text(data['content']));
        log.set(turn, 'thought', text(data['reasoningText']));
        for (const call of list(data['toolRequests']).map(fields))
          log.call(turn, text(call['toolCallId']), text(call['name']), args(call['arguments']));
        break;
      }
      // Some versions tell a call only when it begins.
      case 'tool.execution_start':
        if (!log.has(text(data['toolCallId'])))
          log.call(log.open({ at, model }), text(data['toolCallId']), text(data['toolName']), args(data['arguments']));
        break;
      case 'tool.execution_complete': {
        const answer = data['result'] ?? data['error'];
        const content = isObject(answer) ? (answer['content'] ?? answer['message']) : answer;
        log.result(text(data['toolCallId']), textOf(content), data['success'] === false);
        break;
      }
      case 'assistant.usage': {
        const n = (name: string): number => amount(data[name]);
        // Its `cost` counts premium requests, not dollars.
        const used = usage(n('inputTokens'), n('outputTokens'), data['cacheReadTokens']);
        log.about({ model: data['model'] });
        log.total = plus(log.total, used);
        break;
      }
      case 'session.shutdown':
        log.total = metered(fields(fields(data['accountingSnapshot'])['modelMetrics'] ?? data['modelMetrics'])) ?? log.total;
        break;
      case 'session.error':
        log.say('system', text(data['message']), { at });
        log.about({ end: 'error' });
        break;
      case 'abort':
        log.about({ end: 'aborted' });
        break;
      default:
        return /^(session|assistant|tool|hook|subagent|skill|system|permission|user_input|model)\./.test(type);
    }
    return true;
  },
};

/** Of the whole session, by model. What came from a cache is counted in the input. */
function metered(models: Fields): Usage | null {
  return Object.values(models).reduce<Usage | null>((sum, model) => {
    const used = fields(fields(model)['usage']);
    return plus(sum, usage(amount(used['inputTokens']), amount(used['outputTokens']), used['cacheReadTokens']));
  }, null);
}
