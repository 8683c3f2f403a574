import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { looksLikeHttp, readHead } from '../../../src/network/http-head.ts';

const head = (...lines: string[]): Buffer => Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
const fault = (bytes: Buffer): string => {
  const read = readHead(bytes);
  return read.kind === 'fault' ? read.fault : JSON.stringify(read);
};

describe('readHead', () => {
  it('reads method, path and host, and leaves the query out', () => {
    const bytes = head('POST /v1/messages?key=secret#x HTTP/1.1', 'Accept: */*', 'hOsT: \t API.Example.com:8080 ', 'X-A: \xe4');
    expect(readHead(bytes)).toEqual({ kind: 'head', method: 'POST', path: '/v1/messages', name: 'api.example.com' });
    for (let length = 0; length < bytes.length; length += 1) expect(readHead(bytes.subarray(0, length))).toEqual({ kind: 'more' });
  });

  it('reads every form of target', () => {
    const read = (line: string, host: string) => readHead(head(`${line} HTTP/1.1`, `Host: ${host}`));
    expect(read('GET http://a.test:80/x?y', 'a.test')).toMatchObject({ path: '/x', name: 'a.test' });
    expect(read('GET http://a.test', 'a.test')).toMatchObject({ path: '/', name: 'a.test' });
    expect(read('GET http://a.test?y', 'a.test')).toMatchObject({ path: '/', name: 'a.test' });
    expect(read('CONNECT a.test:443', 'a.test:443')).toMatchObject({ method: 'CONNECT', path: null, name: 'a.test' });
    expect(read('OPTIONS *', '169.254.169.254')).toMatchObject({ path: '*', name: '169.254.169.254' });
    expect(read('GET /', '[::1]:80')).toMatchObject({ name: '[::1]' });
  });

  it('refuses what servers disagree about', () => {
    expect(fault(head('GET / HTTP/1.1'))).toBe('no Host header');
    expect(fault(head('GET / HTTP/1.1', 'Host: a.test', 'Host: a.test'))).toBe('more than one Host header');
    expect(fault(head('GET / HTTP/1.1', 'Host: a.test@b.test'))).toBe('a Host header that is not a host');
    expect(fault(head('GET / HTTP/1.1', 'Host: '))).toBe('a Host header that is not a host');
    expect(fault(head('GET / HTTP/1.1', 'Host: a.test:80:80'))).toBe('a Host header that is not a host');
    expect(fault(head('GET http://b.test/ HTTP/1.1', 'Host: a.test'))).toBe('a request target that contradicts the Host header');
    expect(fault(head('GET http://a.test@b.test/ HTTP/1.1', 'Host: a.test'))).toBe('a request target that contradicts the Host header');
    expect(fault(head('CONNECT b.test:22 HTTP/1.1', 'Host: a.test'))).toBe('a request target that contradicts the Host header');
    expect(fault(head('GET x HTTP/1.1', 'Host: a.test'))).toBe('a request target of an unknown form');
    expect(fault(head('GET / HTTP/1.1', ' Host: a.test'))).toBe('a header line without a valid name');
    expect(fault(head('GET / HTTP/1.1', 'Host : a.test'))).toBe('a header line without a valid name');
    expect(fault(head('GET / HTTP/1.1', 'Host: a.test\rX: y'))).toBe('a header line with a control character');
    expect(fault(head('GET / HTTP/1.1', 'X: a\0b', 'Host: a.test'))).toBe('a header line with a control character');
    expect(fault(head('GET  / HTTP/1.1', 'Host: a.test'))).toBe('not a request line');
    expect(fault(head('GET /\x01 HTTP/1.1', 'Host: a.test'))).toBe('not a request line');
    expect(fault(head('PRI * HTTP/2.0'))).toBe('a version that is not HTTP/1.0 or HTTP/1.1');
    expect(fault(Buffer.from('GET / HTTP/1.1\nHost: a.test\n\n'))).toBe('a line that does not end with CRLF');
  });

  it('never throws, and gives only names of one form', () => {
    const line = fc.oneof(fc.string(), fc.constantFrom('Host: a.test', 'host: b', 'GET / HTTP/1.1', 'GET http://x/ HTTP/1.0', '\n', ':'));
    fc.assert(
      fc.property(fc.array(line), fc.string(), (lines, host) => {
        for (const bytes of [head(...lines), head('GET / HTTP/1.1', `Host: ${host}`, ...lines), Buffer.from(lines.join(''))]) {
          const read = readHead(bytes);
          if (read.kind === 'head') expect(read.name).toMatch(/^(?:[a-z0-9._-]{1,253}|\[[0-9a-f:.]+\])$/);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

it('knows a request by its first bytes', () => {
  const looks = (text: string) => looksLikeHttp(Buffer.from(text, 'latin1'));
  expect(['G', 'GET', 'GET / ', 'CONNECT a:1', 'PRI * HTTP/2.0'].map(looks)).toEqual(Array(5).fill(true));
  expect(['SSH-2.0', 'get /', ' GET', '\0', 'ABCDEFGHIJKLMNOPQ', 'EHLO\r\n', '\x80GET '].map(looks)).toEqual(Array(7).fill(false));
});
