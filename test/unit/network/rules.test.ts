import { describe, expect, it } from 'vitest';
import { type Intent, UNSAID } from '../../../src/network/first-bytes.ts';
import { inScope, judge, judgeRequest, resolveName } from '../../../src/network/rules.ts';
import type { GatewayRules, Injection } from '../../../src/model/gateway.ts';
import { parsePolicy } from '../../../src/policy/parse.ts';

const SECRET = { name: 'KEY', hosts: ['api.test.com'], methods: [], paths: [], placeholder: 'P', value: 'V' } satisfies Injection;
const rules = (yaml: string, secrets: readonly Injection[] = []): GatewayRules => ({
  network: parsePolicy(`network: ${yaml}`, 'p.yml').agent.network,
  secrets,
});
const tls = (name: string | null, more: Partial<Intent> = {}): Intent => ({ ...UNSAID, protocol: 'tls', name, ...more });
const http = (name: string): Intent => ({ ...UNSAID, protocol: 'http', name, method: 'GET', path: '/' });
const RAW: Intent = { ...UNSAID, fault: 'neither TLS nor HTTP' };
const to = (name: string | null, address = '198.18.0.1') => ({ name, address });
const ask = (yaml: string, name: string | null, port: number, intent: Intent, secrets: readonly Injection[] = [], address?: string) => {
  const ruling = judge(rules(yaml, secrets), to(name, address), port, intent);
  if (ruling.verdict === 'denied') return `denied: ${ruling.reason}`;
  if (ruling.way === 'pass') return `pass by ${ruling.reason}`;
  return `requests by ${ruling.reason}${ruling.ends ? ', TLS ended' : ''}, outside ${ruling.outside.tls ? 'https' : 'http'} ${ruling.outside.port}`;
};

describe('names', () => {
  it.each([
    ['none', 'a.com', null],
    ['[]', 'a.com', null],
    ['[a.com]', 'a.com', 'a.com'],
    ['[a.com]', 'b.a.com', null],
    ['[a.com]', 'a.com.evil.test', null],
    ['["*.a.com"]', 'b.a.com', '*.a.com'],
    ['["*.a.com"]', 'a.com', null],
    ['[.a.com]', 'a.com', '.a.com'],
    ['[1.2.3.4/32]', '1.2.3.4', null],
    ['{ services: { db: 5432 } }', 'db', 'service db'],
    ['{ services: { db: 5432 } }', 'db.com', null],
    ['{ observe: true }', 'any.test', 'observe'],
    ['{ observe: true }', 'printer', null],
  ])('%s, %s: %s', (yaml, name, expected) => {
    expect(resolveName(rules(yaml), name)?.rule ?? null).toBe(expected);
  });
});

describe('connections', () => {
  it.each([
    ['[]', 'a.com', 443, tls('a.com'), 'denied: no rule allows it'],
    ['[a.com]', 'a.com', 443, tls('a.com'), 'pass by a.com'],
    ['[a.com, b.com]', 'a.com', 443, tls('b.com'), 'denied: it announces b.com, and not a.com'],
    ['[a.com]', 'a.com', 443, tls(null), 'denied: TLS without a server name'],
    ['[a.com]', 'a.com', 443, tls('a.com', { hidden: true }), 'denied: TLS with an encrypted server name'],
    ['[a.com]', 'a.com', 443, tls(null, { fault: 'cut off' }), 'denied: cut off'],
    ['[a.com]', 'a.com', 80, tls('a.com'), 'denied: TLS on port 80'],
    ['[a.com]', 'a.com', 443, http('a.com'), 'denied: HTTP without TLS on port 443'],
    ['[a.com]', 'a.com', 443, RAW, 'denied: neither TLS nor HTTP'],
    ['[a.com]', 'a.com', 80, http('a.com'), 'requests by a.com, outside http 80'],
    ['[a.com]', 'a.com', 80, http('b.com'), 'denied: it announces b.com, and not a.com'],
    ['[{ host: a.com, ports: [443] }]', 'a.com', 80, http('a.com'), 'denied: the rule a.com does not list port 80'],
    ['[{ host: a.com, ports: [22] }]', 'a.com', 22, RAW, 'pass by a.com'],
    ['[{ host: a.com, ports: [22] }]', 'a.com', 22, UNSAID, 'pass by a.com'],
    ['[{ host: a.com, ports: [8443] }]', 'a.com', 8443, tls('b.com'), 'denied: it announces b.com, and not a.com'],
    ['[{ host: a.com, tls: any }]', 'a.com', 443, tls(null), 'pass by a.com'],
    ['[{ host: a.com, tls: any }]', 'a.com', 443, tls('a.com', { hidden: true }), 'pass by a.com'],
    ['[{ host: a.com, tls: any }]', 'a.com', 443, tls('b.com'), 'denied: it announces b.com, and not a.com'],
    ['[{ host: a.com, tls: any }]', 'a.com', 443, RAW, 'pass by a.com'],
    [
      '[{ host: a.com, methods: [GET] }]',
      'a.com',
      443,
      tls('a.com'),
      'denied: methods and paths cannot be seen in TLS; use http://a.com, the gateway speaks TLS outside',
    ],
    ['[{ host: a.com, methods: [GET] }]', 'a.com', 80, http('a.com'), 'requests by a.com, outside https 443'],
    ['[{ host: a.com, methods: [GET], ports: [80] }]', 'a.com', 80, http('a.com'), 'requests by a.com, outside http 80'],
    ['[{ host: a.com, methods: [GET], tls: named }]', 'a.com', 443, tls('a.com'), 'pass by a.com'],
    ['[{ host: a.com, methods: [GET], ports: [22] }]', 'a.com', 22, RAW, 'denied: neither TLS nor HTTP'],
    ['[npm]', 'registry.npmjs.org', 443, tls('registry.npmjs.org'), 'pass by registry.npmjs.org'],
  ] as const)('%s: %s:%i', (yaml, name, port, intent, expected) => {
    expect(ask(yaml, name, port, intent)).toBe(expected);
  });

  it('to an address need no name, where the address is listed or all are let through', () => {
    expect(ask('[1.2.3.4/32]', null, 443, tls(null), [], '1.2.3.4')).toBe('pass by 1.2.3.4/32');
    expect(ask('[1.2.3.4/32]', null, 443, tls('x.com'), [], '1.2.3.5')).toBe('denied: no rule allows it');
    expect(ask('[x.com]', null, 443, tls('x.com'), [], '9.9.9.9')).toBe('denied: no rule allows it');
    expect(ask('{ observe: true }', null, 443, tls('x.com'), [], '9.9.9.9')).toBe('pass by observe');
    expect(ask('{ observe: true }', null, 80, http('10.0.0.1'), [], '10.0.0.1')).toBe('denied: no rule allows it');
  });

  it('to a host that gets a secret are looked into, whatever else its rule says', () => {
    for (const yaml of ['[api.test.com]', '[{ host: api.test.com, tls: any }]', '["*.test.com"]']) {
      expect(ask(yaml, 'api.test.com', 443, tls('api.test.com'), [SECRET])).toMatch(/^requests by .*, TLS ended, outside https 443$/);
      expect(ask(yaml, 'api.test.com', 80, http('api.test.com'), [SECRET])).toMatch(/^requests by .*\.com, outside https 443$/);
      expect(ask(yaml, 'api.test.com', 443, RAW, [SECRET])).toBe('denied: neither TLS nor HTTP');
      expect(ask(yaml, 'api.test.com', 443, tls(null), [SECRET])).toBe('denied: TLS without a server name');
    }
    expect(ask('[{ host: api.test.com, ports: [22] }]', 'api.test.com', 22, RAW, [SECRET])).toBe('denied: neither TLS nor HTTP');
  });
});

describe('requests', () => {
  const yaml = '[{ host: a.com, methods: [GET], paths: ["/v1/*", /x] }, { host: a.com, methods: [POST], paths: [/v1/send] }]';
  it.each([
    ['GET', '/v1/a', true],
    ['GET', '/x', true],
    ['GET', '/x/y', false],
    ['POST', '/v1/send', true],
    ['POST', '/v1/a', false],
    ['GET', '/v1', false],
    ['GET', '/v1/../admin', false],
    ['GET', '/v1/%2e%2E/admin', false],
    ['GET', '/v1/..%2fadmin', false],
    ['GET', '/v1/a%5cb', false],
    ['GET', '/v1/..;/admin', false],
    ['GET', '/v1/..', false],
    ['GET', '/v1/a..b', true],
  ])('%s %s: %s', (method, path, allowed) => {
    const { verdict, reason } = judgeRequest(rules(yaml), to('a.com'), 80, { method, path });
    expect([verdict, reason]).toEqual(allowed ? ['allowed', 'a.com'] : ['denied', `${method} ${path} is not what the rule a.com allows`]);
  });
  it('are free in method and path where nothing is said', () => {
    expect(inScope({ methods: [], paths: [] }, 'PATCH', '/../x')).toBe(true);
    expect(judgeRequest(rules('[a.com]'), to('b.com'), 80, { method: 'GET', path: '/' }).verdict).toBe('denied');
  });
});
