import { describe, expect, it } from 'vitest';
import { privilegeLeft } from '../../../src/network/drop.ts';
import { readIntent, UNSAID } from '../../../src/network/first-bytes.ts';
import { decide, hostName } from '../../../src/network/names.ts';
import { refusal } from '../../../src/network/refusal.ts';
import { readNote, readRequest } from '../../../src/network/request.ts';

describe('names', () => {
  it('lets nothing through but the name of loopback', () => {
    for (const name of ['example.com', 'localhost.example.com', 'notlocalhost', null, '.'])
      expect(decide({ kind: 'dns', name })).toEqual({ verdict: 'denied', reason: 'no rule allows it', address: null });
    for (const name of ['localhost', 'a.localhost'])
      expect(decide({ kind: 'dns', name })).toMatchObject({ verdict: 'allowed', address: '127.0.0.1' });
    expect(decide({ kind: 'connection', name: 'localhost' }).verdict).toBe('denied');
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
      fault: null,
    });
  });
});

describe('refusal', () => {
  const http = { protocol: 'http', name: 'a.test', method: 'GET', path: '/', fault: null } as const;
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
  const request = { kind: 'serve', id: 'ID', epoch: '1', sockets: [{ fd: 10, protocol: 'udp', port: 53 }], log: 3, uid: 7, gid: 8 };
  it('is taken as it is', () => {
    expect(readRequest(JSON.stringify(request))).toEqual(request);
    expect(readNote('{"kind":"step","step":2}')).toEqual({ kind: 'step', step: 2 });
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
  ])('is refused where it is wrong: %j', (part, message) => {
    expect(() => readRequest(JSON.stringify({ ...request, ...part }))).toThrow(message);
  });
  it.each(['[]', 'null', '7', '{"kind":"step"}', '{"kind":"step","step":-1}', '{'])('is refused where it is no note: %s', (line) => {
    expect(() => readNote(line)).toThrow();
  });
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
