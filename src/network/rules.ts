import { isPublic } from '../model/addresses.ts';
import type { GatewayRules, Injection } from '../model/gateway.ts';
import { covers } from '../model/hosts.ts';
import type { HostRule, Service } from '../model/policy.ts';
import type { Intent } from './first-bytes.ts';

/** Whom a connection means: by the address it was made to, the name that has this address, or that address itself. */
export interface Destination {
  readonly name: string | null;
  readonly address: string;
}
export interface Denied {
  readonly verdict: 'denied';
  /** For the log, and for the client where its protocol can carry it. */
  readonly reason: string;
}
export type Ruling =
  | Denied
  /** Bytes pass as they are. */
  | { readonly verdict: 'allowed'; readonly reason: string; readonly way: 'pass' }
  /** Each HTTP request is looked at. `ends`: after TLS is ended here; `outside`: how the real server is spoken to. */
  | {
      readonly verdict: 'allowed';
      readonly reason: string;
      readonly way: 'requests';
      readonly ends: boolean;
      readonly outside: { readonly tls: boolean; readonly port: number };
    };

export const UNLISTED = 'no rule allows it';
const [HTTP, HTTPS] = [80, 443];
/** Ports where a client says first what it wants. */
export const speaksFirst = (port: number): boolean => port === HTTP || port === HTTPS;
const denied = (reason: string): Denied => ({ verdict: 'denied', reason });
const OBSERVED: HostRule = {
  pattern: 'observe',
  ports: [HTTP, HTTPS],
  methods: [],
  paths: [],
  tls: 'any',
  place: { file: '', line: 0, column: 0 },
};

/** Pure: what a name in the jail stands for. `rule`: for the log; null: nothing. */
export function resolveName({ network }: GatewayRules, name: string): { readonly rule: string; readonly service: Service | null } | null {
  const service = network.services.find((one) => one.name === name);
  if (service !== undefined) return { rule: `service ${name}`, service };
  const rule = network.allow.find(({ pattern }) => covers(pattern, name));
  if (rule !== undefined) return { rule: said(rule), service: null };
  return network.mode === 'observe' && name.includes('.') ? { rule: said(OBSERVED), service: null } : null;
}

/** Pure: the secrets that the gateway puts in on the way to a name. */
export const secretsFor = ({ secrets }: GatewayRules, name: string | null): readonly Injection[] =>
  secrets.filter(({ hosts }) => name !== null && hosts.includes(name));

/** Pure: may a connection to `port` pass, as its first bytes are? */
export function judge(rules: GatewayRules, to: Destination, port: number, intent: Intent): Ruling {
  const found = rulesOf(rules, to, port);
  if ('verdict' in found) return found;
  const any = found.find(({ tls }) => tls === 'any');
  const plain = any !== undefined && !narrow(any) && secretsFor(rules, to.name).length === 0;
  if (plain && (intent.protocol !== 'http' || port === HTTPS)) return wrongName(to, intent, any) ?? pass(any);
  if (intent.protocol === 'tls') return judgeTls(rules, found, to, port, intent);
  if (intent.protocol === 'http') return judgeHttp(rules, found, to, port, intent);
  const open = found.find((rule) => !narrow(rule) && !speaksFirst(port));
  if (open === undefined || secretsFor(rules, to.name).length > 0) return denied(intent.fault ?? 'neither TLS nor HTTP');
  return pass(open);
}

/** Pure: may this request pass, on a connection that may? */
export function judgeRequest(
  rules: GatewayRules,
  to: Destination,
  port: number,
  { method, path }: { readonly method: string; readonly path: string },
): Ruling | { readonly verdict: 'allowed'; readonly reason: string } {
  const found = rulesOf(rules, to, port);
  if ('verdict' in found) return found;
  const rule = found.find((one) => inScope(one, method, path));
  if (rule === undefined) return denied(`${method} ${path} is not what the rule ${said(found[0])} allows`);
  return { verdict: 'allowed', reason: said(rule) };
}

/** Pure: no methods: all; no paths: all; `*` at a path's end is any rest. */
export function inScope(
  scope: { readonly methods: readonly string[]; readonly paths: readonly string[] },
  method: string,
  path: string,
): boolean {
  if (scope.methods.length > 0 && !scope.methods.includes(method)) return false;
  if (scope.paths.length === 0) return true;
  // Servers disagree about what these mean, so no listed path has them.
  if (/%2e|%2f|%5c|\\|\/\.{1,2}(?:\/|;|$)/i.test(path)) return false;
  return scope.paths.some((one) => (one.endsWith('*') ? path.startsWith(one.slice(0, -1)) : path === one));
}

type Found = readonly [HostRule, ...HostRule[]];

/** The rules that are for this destination and port. */
function rulesOf({ network }: GatewayRules, { name, address }: Destination, port: number): Found | Denied {
  const all = network.allow.filter(({ pattern }) => (name === null ? pattern === `${address}/32` : covers(pattern, name)));
  if (all.length === 0 && network.mode === 'observe' && (name !== null || isPublic(address))) all.push(OBSERVED);
  const [first] = all;
  if (first === undefined) return denied(UNLISTED);
  const [one, ...others] = all.filter(({ ports }) => ports.includes(port));
  return one === undefined ? denied(`the rule ${said(first)} does not list port ${port}`) : [one, ...others];
}

function judgeTls(rules: GatewayRules, found: Found, to: Destination, port: number, intent: Intent): Ruling {
  if (intent.fault !== null) return denied(intent.fault);
  if (port === HTTP) return denied('TLS on port 80');
  if (to.name !== null && intent.name === null) return denied('TLS without a server name');
  const wrong = wrongName(to, intent, null);
  if (wrong !== null) return wrong;
  if (intent.hidden) return denied('TLS with an encrypted server name');
  if (secretsFor(rules, to.name).length > 0)
    return { verdict: 'allowed', reason: said(found[0]), way: 'requests', ends: true, outside: { tls: true, port } };
  const rule = found.find(({ tls }) => tls !== 'visible');
  return rule === undefined
    ? denied(`methods and paths cannot be seen in TLS; use http://${to.name ?? to.address}, the gateway speaks TLS outside`)
    : pass(rule);
}

function judgeHttp(rules: GatewayRules, found: Found, to: Destination, port: number, intent: Intent): Ruling {
  if (intent.fault !== null) return denied(intent.fault);
  if (port === HTTPS) return denied('HTTP without TLS on port 443');
  const wrong = wrongName(to, intent, null);
  if (wrong !== null) return wrong;
  const secret = secretsFor(rules, to.name).length > 0;
  const tls = secret || (found.every((rule) => rule.tls === 'visible') && found.some(({ ports }) => ports.includes(HTTPS)));
  const outside = { tls, port: tls && port === HTTP ? HTTPS : port };
  return { verdict: 'allowed', reason: said(found[0]), way: 'requests', ends: false, outside };
}

/** An address that is listed itself has no name to compare with. `rule` null: it has to be announced. */
function wrongName({ name }: Destination, intent: Intent, rule: HostRule | null): Denied | null {
  if (name === null || intent.name === name || (rule !== null && intent.name === null)) return null;
  return denied(`it announces ${intent.name ?? 'no name'}, and not ${name}`);
}

const narrow = ({ methods, paths, tls }: HostRule): boolean => tls === 'visible' && methods.length + paths.length > 0;
const pass = (rule: HostRule): Ruling => ({ verdict: 'allowed', reason: said(rule), way: 'pass' });
const said = ({ pattern }: HostRule): string => pattern;
