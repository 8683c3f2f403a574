import type { Target } from '../wire.ts';
import { CREATED } from '../wire.ts';

/** What the two wire formats of OpenAI share. A client's base URL may lack the `/v1`. */
export const isPath = ({ path }: Target, name: string): boolean => path === `/v1/${name}` || path === `/${name}`;

const CODES: Readonly<Record<number, readonly [type: string, code: string | null]>> = {
  401: ['invalid_request_error', 'invalid_api_key'],
  429: ['requests', 'rate_limit_exceeded'],
  503: ['server_error', 'server_is_overloaded'],
};

/** platform.openai.com/docs/guides/error-codes */
export function error(status: number, message: string): unknown {
  const [type, code] = CODES[status] ?? [status < 500 ? 'invalid_request_error' : 'server_error', null];
  return { error: { message, type, param: null, code } };
}

/** GET /v1/models */
export function models(target: Target, names: readonly string[]): unknown {
  if (!isPath(target, 'models')) return null;
  return { object: 'list', data: names.map((id) => ({ id, object: 'model', created: CREATED, owned_by: 'agent-jail' })) };
}
