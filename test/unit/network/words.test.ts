import { describe, expect, it } from 'vitest';
import { privilegeLeft } from '../../../src/network/drop.ts';
import { readIntent, UNSAID } from '../../../src/network/first-bytes.ts';
import { hostName, isLocalhost } from '../../../src/network/names.ts';
import { refusal } from '../../../src/network/refusal.ts';
import { readNote, readRequest } from '../../../src/network/request.ts';

describe('names', () => {
  it('knows loopback by its names', () => {
    for (const name of ['localhost', 'a.localhost']) expect(isLocalhost(name)).toBe(true);
    for (const name of ['localhost.example.com', 'notlocalhost', '.', 'example.com']) expect(isLocalhost(name)).toBe(false);
  });
  it('knows a host name', () => {
    expect(hostName('Api.Example.COM.')).toBe('api.example.com');
    for (const text of ['', '.', 'a..b', 'a b', 'a\0', 'ä.test', 'a/b', 'a:1', `${'x'.repeat(64)}.test`, 'x.'.repeat(128)])
      expect(hostName(text)).toBeNull();
  });
});

describe('readIntent', () => {
  it('waits, tells protocols apart, and gives up at once on others', () => {
    expect(readIntent(Buffer.alloc(0))).toBeNull();
    expect(readIntent(Buffer.from([0x16]))).toBeNull();
    expect(readIntent(Buffer.from('GE'))).toBeNull();
    expect(readIntent(Buffer.from('SSH-2.0-x\r\n'))).toEqual({ ...UNSAID, fault: 'neither TLS nor HTTP' });
    expect(readIntent(Buffer.from([0x16, 3, 1, 0, 0]))).toMatchObject({ protocol: 'tls', fault: 'a record of a wrong length' });
    expect(readIntent(Buffer.from('GET / HTTP/1.1\r\n\r\n'))).toMatchObject({ protocol: 'http', fault: 'no Host header' });
    expect(readIntent(Buffer.from('GET /x HTTP/1.1\r\nHost: a.test\r\n\r\n'))).toEqual({
      protocol: 'http',
      name: 'a.test',
      method: 'GET',
      path: '/x',
      hidden: false,
      fault: null,
    });
  });
});

describe('refusal', () => {
  const http = { protocol: 'http', name: 'a.test', method: 'GET', path: '/', hidden: false, fault: null } as const;
  it('answers in the protocol of the client', () => {
    const [head = '', body = ''] = String(refusal(http, 'a.test', 'no rule allows it')).split('\r\n\r\n');
    expect(head).toMatch(/^HTTP\/1\.1 403 Forbidden\r\n/);
    expect(head).toContain(`Content-Length: ${body.length}`);
    expect(body).toBe('agent-jail: a.test is not allowed by the policy (no rule allows it). A retry is useless.\n');
    expect(String(refusal({ ...http, method: 'HEAD' }, 'a.test', 'x'))).toMatch(/\r\n\r\n$/);
    expect(String(refusal({ ...http, fault: 'no Host header' }, 'a.test', 'x'))).toMatch(/^HTTP\/1\.1 400 [^]*no Host header\.\n$/);
    expect(refusal({ ...http, protocol: 'tls' }, 'a.test', 'x')?.toString('hex')).toBe('15030300020231');
    expect(refusal(UNSAID, 'a.test', 'x')).toBeNull();
  });
});

describe('what the warden says', () => {
  const nothing = { network: { mode: 'allow', allow: [], services: [] }, secrets: [] };
  const request = {
    kind: 'serve',
    id: 'ID',
    epoch: '1',
    sockets: [{ fd: 10, protocol: 'udp', address: '127.0.0.1', port: 53 }],
    log: 3,
    uid: 7,
    gid: 8,
    rules: { agent: nothing, setup: nothing },
    certificates: {},
    authorities: null,
    limits: { upload: null, download: 1, connections: 0, requests: null },
    handedOut: 0,
  };
  it('is taken as it is', () => {
    expect(readRequest(JSON.stringify(request))).toEqual(request);
    expect(readNote('{"kind":"step","step":2,"setup":true}')).toEqual({ kind: 'step', step: 2, setup: true });
  });
  it.each([
    [{ kind: 'other' }, 'not a request'],
    [{ epoch: 'now' }, '`epoch`'],
    [{ log: 1 }, '`log`'],
    [{ uid: 0 }, 'above 0'],
    [{ gid: 0 }, 'above 0'],
    [{ sockets: [] }, '`sockets` is empty'],
    [{ sockets: [{ fd: 10, protocol: 'sctp', port: 1 }] }, 'an entry of `sockets`'],
    [{ sockets: [null] }, 'an entry of `sockets`'],
    [{ sockets: [{ fd: 10, protocol: 'udp', port: 53 }] }, 'an entry of `sockets`'],
    [{ rules: undefined }, 'an entry of `rules`'],
    [{ rules: { agent: nothing } }, 'an entry of `rules`'],
    [{ rules: { agent: nothing, setup: { ...nothing, secrets: null } } }, 'an entry of `rules`'],
    [{ certificates: null }, '`certificates`'],
    [{ authorities: 7 }, '`authorities`'],
    [{ limits: { ...request.limits, upload: undefined } }, 'an entry of `limits`'],
    [{ handedOut: -1 }, '`handedOut`'],
  ])('is refused where it is wrong: %j', (part, message) => {
    expect(() => readRequest(JSON.stringify({ ...request, ...part }))).toThrow(message);
  });
  it.each(['[]', 'null', '7', '{"kind":"step"}', '{"kind":"step","step":-1,"setup":true}', '{"kind":"step","step":1}', '{'])(
    'is refused where it is no note: %s',
    (line) => {
      expect(() => readNote(line)).toThrow();
    },
  );
});

it('sees every privilege that is left', () => {
  const none = {
    Uid: '7\t7\t7\t7',
    Gid: '8\t8\t8\t8',
    Groups: '',
    CapPrm: '0'.repeat(16),
    CapEff: '0'.repeat(16),
    CapAmb: '0'.repeat(16),
    NoNewPrivs: '1',
  };
  const left = (part: Partial<typeof none>, uid = 7, gid = 8) => privilegeLeft(new Map(Object.entries({ ...none, ...part })), uid, gid);
  expect(left({})).toEqual([]);
  expect(left({ Uid: '7\t7\t0\t7' })).toEqual(['Uid 7\t7\t0\t7']);
  expect(left({ Groups: '27' })).toEqual(['Groups 27']);
  expect(left({ CapPrm: '0000000000000400' })).toEqual(['CapPrm 0000000000000400']);
  expect(left({ NoNewPrivs: '0' })).toEqual(['NoNewPrivs 0']);
  expect(left({ Uid: '0\t0\t0\t0' }, 0)).toEqual(['root was asked for']);
  expect(privilegeLeft(new Map(), 7, 8)).toHaveLength(7);
});
