import assert from 'node:assert/strict';
import { readIntent } from '../../../src/network/first-bytes.ts';
import { looksLikeHttp, readHead } from '../../../src/network/http-head.ts';
import type { Target } from '../target.ts';

/** The head of a request on a connection that the gateway splices: read, waited for or refused, and never one thing first and another later. */
export const target: Target = {
  seeds: [
    'GET /v1/x?token=y HTTP/1.1\r\nHost: api.example.com\r\nAccept: */*\r\n\r\n',
    'CONNECT api.example.com:443 HTTP/1.1\r\nHost: api.example.com:443\r\n\r\n',
    'POST http://a.example/path HTTP/1.0\r\nHost: a.example\r\nContent-Length: 3\r\n\r\nabc',
    'OPTIONS * HTTP/1.1\r\nhost: [2001:db8::1]:80\r\n\r\n',
  ],
  words: ['\r\n', '\r\n\r\n', '\n', '\r', 'Host: ', 'host:', ' HTTP/1.1', ' HTTP/1.0', 'http://', 'https://', 'CONNECT ', '@', ':', '%00', '\0', '\t', ' ', '[::1]', '#', '?', '//', '\\', 'api.example.com', 'Transfer-Encoding: chunked\r\n'],
  check(bytes) {
    const read = readHead(bytes);
    const intent = readIntent(bytes);
    if (looksLikeHttp(bytes) && bytes.length > 0) {
      assert.equal(intent === null, read.kind === 'more');
      if (intent !== null) assert.equal(intent.protocol, 'http');
    }
    // What was decided by a part is not decided otherwise by the whole.
    for (const size of [bytes.length >> 2, bytes.length >> 1, bytes.length - 1]) {
      const part = readHead(bytes.subarray(0, Math.max(0, size)));
      if (part.kind === 'head') assert.deepEqual(read, part);
      if (part.kind === 'fault') assert.equal(read.kind, 'fault');
    }
    if (read.kind !== 'head') return;
    assert.match(read.method, /^[A-Z]+$/);
    assert.match(read.name, /^(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])$/);
    assert.doesNotMatch(read.name, /^\.|\.\./);
    if (read.path !== null) assert.match(read.path, /^(?:\/[\x21-\x7e]*|\*)$/);
    assert.doesNotMatch(read.path ?? '', /[?#]/);
    // One Host header stands in it, and it is the one that was read.
    const head = bytes.toString('latin1', 0, bytes.indexOf('\r\n\r\n'));
    const hosts = head.split('\r\n').slice(1).filter((line) => /^host:/i.test(line));
    assert.equal(hosts.length, 1);
    assert.ok(hosts[0]?.toLowerCase().includes(read.name));
    assert.doesNotMatch(head.replaceAll('\r\n', ''), /[\r\n\0]/);
  },
}; // biome-ignore format: a list
