import type { Injection } from '../model/gateway.ts';
import { inScope } from './rules.ts';

type Headers = readonly (readonly [name: string, value: string])[];
export type Swapped =
  | {
      readonly headers: Headers;
      /** The secret that was put in; null: the client did not ask for one. */
      readonly secret: string | null;
    }
  | { readonly refused: string };

/** Headers by which clients say who they are, beside those that are called so; Google's libraries name themselves and the request in two. */
const CREDENTIALS =
  /^(?:cookie|x-amz-.*|x-goog-(?!(?:api-client|request-params)$).*)$|authorization|api-?key|token|secret|passw|credential/;
/** The same in a query. */
const IN_QUERY = /^(?:key|auth|sig|signature)$|api_?key|token|secret|passw|credential/i;
const BASIC = /^Basic +([A-Za-z0-9+/=_-]+) *$/i;

/**
 * Pure: puts the secrets in where the client has put their placeholders, in whatever header, Basic's user and password included. Any other
 * credential is refused: it could be another account's, and carry away what the agent reads.
 */
export function swap(headers: Headers, secrets: readonly Injection[], request: { method: string; path: string; query: string }): Swapped {
  let used: string | null = null;
  const swapped: (readonly [string, string])[] = [];
  for (const [name, value] of headers) {
    const [secret, put] = swapValue(value, secrets);
    if (secret === null) {
      if (CREDENTIALS.test(name.toLowerCase()))
        return { refused: `the header ${name} holds something else than the placeholder of a secret` };
    } else if (!inScope(secret, request.method, request.path)) {
      return { refused: `the secret ${secret.name} is not for ${request.method} ${request.path}` };
    } else if (/[\0\r\n]/.test(put)) {
      return { refused: `the secret ${secret.name} has more than one line, which no header can hold` };
    }
    used ??= secret?.name ?? null;
    swapped.push([name, put]);
  }
  const given = [...new URLSearchParams(request.query)].find(([name]) => IN_QUERY.test(name));
  if (given !== undefined) return { refused: `the address holds a credential (${given[0]}); send the placeholder in a header` };
  return { headers: swapped, secret: used };
}

function swapValue(value: string, secrets: readonly Injection[]): readonly [Injection | null, string] {
  const basic = BASIC.exec(value)?.[1];
  const text = basic === undefined ? value : Buffer.from(basic, 'base64').toString('latin1');
  const secret = secrets.find(({ placeholder }) => text.includes(placeholder));
  if (secret === undefined) return [null, value];
  const put = text.replaceAll(secret.placeholder, () => Buffer.from(secret.value).toString('latin1'));
  return [secret, basic === undefined ? put : `Basic ${Buffer.from(put, 'latin1').toString('base64')}`];
}
