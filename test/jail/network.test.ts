import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exec } from '../../src/system/exec.ts';
import { parseStatus } from '../../src/system/proc.ts';
import { GATEWAY_UID, TestGateway, TestNetns } from './gateway-process.ts';
import { ownNetns } from '../support/hands.ts';

const DENIED = 'no rule allows it';

let netns: TestNetns;
let gateway: TestGateway;

beforeAll(async () => {
  netns = await TestNetns.create();
  gateway = new TestGateway(netns, 'network');
  await gateway.ready;
});
afterAll(async () => {
  await gateway.finish();
  await netns.remove();
});

/** An expression: the error code of a connect, or `connected`. */
const refused = (address: string, port: number): string => `
  await new Promise((resolve) => net.connect(${port}, '${address}').on('error', (e) => resolve(e.code)).on('connect', () => resolve('connected')))`;

describe('the network namespace', () => {
  it('has loopback and nothing else, and every address leads to it', async () => {
    const within = async (...argv: string[]) => (await exec(['nsenter', `--net=${netns.file}`, '--', ...argv])).stdout.trim();
    expect(await within('ip', '-brief', 'link')).toMatch(/^lo\s[^\n]*$/);
    expect(await within('ip', 'route')).toBe('');
    expect(await within('ip', 'route', 'show', 'table', 'local')).toMatch(/^local default dev lo scope host *$/m);
    expect(await within('ip', 'route', 'get', '203.0.113.9')).toMatch(/^local 203\.0\.113\.9 dev lo /);
  });
  it('is not made over something that is there', async () => {
    await expect(ownNetns(netns.file)).rejects.toThrow('could not be made: EEXIST');
  });
});

describe('the gateway', () => {
  it('runs without privilege, outside the namespace it serves', async () => {
    const status = parseStatus(readFileSync(`/proc/${gateway.child.pid}/status`, 'utf8'));
    for (const set of ['CapPrm', 'CapEff', 'CapAmb']) expect(status.get(set)).toBe('0000000000000000');
    expect(status.get('Uid')).toBe(Array(4).fill(GATEWAY_UID).join('\t'));
    expect(status.get('Gid')).toBe(Array(4).fill(GATEWAY_UID).join('\t'));
    expect(status.get('Groups')).toBe('');
    expect(status.get('NoNewPrivs')).toBe('1');
    const limits = readFileSync(`/proc/${gateway.child.pid}/limits`, 'utf8');
    expect(limits).toMatch(/^Max open files +8320 +8320 /m);
    const own = await exec(['readlink', '/proc/self/ns/net', `/proc/${gateway.child.pid}/ns/net`]);
    expect(new Set(own.stdout.trim().split('\n')).size).toBe(1);
    const listening = await exec(['nsenter', `--net=${netns.file}`, '--', 'ss', '-Hltun']);
    expect(
      listening.stdout
        .trim()
        .split('\n')
        .map((line) => String(line.split(/ +/)[4]))
        .sort((a, b) => (a < b ? -1 : 1)),
    ).toEqual(['0.0.0.0:443', '0.0.0.0:80', '127.0.0.1:53', '127.0.0.1:53']);
  });

  it('denies names at once, to every resolver, and logs who asked for what', async () => {
    gateway.send({ kind: 'step', step: 4, setup: false });
    const getent = await netns.run('getent', 'hosts', 'Denied.Example.com');
    expect(getent.code).toBe(2);
    const found = await netns.node(`
      import dns from 'node:dns/promises';
      const ask = (type, name) => new dns.Resolver().resolve(name, type).catch((e) => e.code);
      result = [await ask('A', 'node.example.com'), await ask('TXT', 'tunnel.example.com'), await ask('A', 'localhost'), await ask('AAAA', 'localhost')]`);
    expect(found).toEqual(['ENOTFOUND', 'ENOTFOUND', ['127.0.0.1'], 'ENODATA']);
    const asked = gateway.log().filter((line) => line.kind === 'dns');
    expect(asked).toContainEqual(
      expect.objectContaining({
        step: 4,
        transport: 'udp',
        name: 'denied.example.com',
        type: 'A',
        port: 53,
        protocol: 'dns',
        verdict: 'denied',
        reason: DENIED,
      }),
    );
    expect(asked).toContainEqual(expect.objectContaining({ name: 'tunnel.example.com', type: 'TXT', verdict: 'denied' }));
    expect(asked).toContainEqual(expect.objectContaining({ name: 'localhost', type: 'A', verdict: 'allowed' }));
    expect(gateway.events).toContainEqual({ kind: 'denied', host: 'denied.example.com', port: 53, rule: DENIED });
  });

  it('fails fetch and curl on a name', async () => {
    const fetched = await netns.node(`result = await fetch('https://fetch.example.com/').catch((e) => e.cause.code)`);
    expect(fetched).toBe('ENOTFOUND');
    expect((await netns.run('curl', '-sS', 'http://curl.example.com/')).stderr).toContain('Could not resolve host');
  });

  it('tells HTTP clients why, whatever address they use', async () => {
    const metadata = await netns.run('curl', '-sS', '-i', '--noproxy', '*', 'http://169.254.169.254/latest/meta-data/?token=secret');
    expect(metadata.stdout).toMatch(/^HTTP\/1\.1 403 Forbidden\r\n/);
    expect(metadata.stdout).toContain('agent-jail: 169.254.169.254 is not allowed by the policy (no rule allows it). A retry is useless.');
    const upload = await netns.run(
      'curl',
      '-sS',
      '-w',
      '%{http_code}',
      '-o',
      '/dev/null',
      '--data-binary',
      `@${process.execPath}`,
      '--resolve',
      'up.example.com:80:10.1.2.3',
      'http://up.example.com/x',
    );
    expect(upload.stdout).toBe('403');
    const line = { kind: 'connection', transport: 'tcp', type: null, protocol: 'http', verdict: 'denied', reason: DENIED };
    expect(gateway.log()).toContainEqual(
      expect.objectContaining({
        ...line,
        name: '169.254.169.254',
        address: '169.254.169.254',
        port: 80,
        method: 'GET',
        path: '/latest/meta-data/',
      }),
    );
    expect(gateway.log()).toContainEqual(
      expect.objectContaining({ ...line, name: 'up.example.com', address: '10.1.2.3', method: 'POST', path: '/x' }),
    );
    expect(gateway.events).toContainEqual({ kind: 'denied', host: 'up.example.com', port: 80, rule: DENIED });
  });

  it('ends TLS with an alert, whatever address is used', async () => {
    const named = await netns.run('curl', '-sS', '--resolve', 'tls.example.com:443:1.1.1.1', 'https://tls.example.com/');
    expect(named.code).toBe(35);
    expect(named.stderr).toContain('alert access denied');
    expect((await netns.run('curl', '-sS', 'https://1.1.1.1:443/')).code).toBe(35);
    const tls = gateway.log().filter((line) => line.protocol === 'tls');
    expect(tls).toContainEqual(
      expect.objectContaining({ name: 'tls.example.com', address: '1.1.1.1', port: 443, verdict: 'denied', bytesOut: 7 }),
    );
    expect(tls).toContainEqual(expect.objectContaining({ name: null, address: '1.1.1.1', port: 443, verdict: 'denied' }));
  });

  it('refuses at once where nothing listens', async () => {
    const began = performance.now();
    const codes = await netns.node(`import net from 'node:net'; result = [
      ${['127.0.0.1', '1.1.1.1', '198.18.0.1'].map((address) => refused(address, 22)).join(',')},
      ${refused('8.8.8.8', 53)}, ${refused('2606:4700::1111', 443)}, ${refused('::1', 443)}]`);
    expect(codes).toEqual(['ECONNREFUSED', 'ECONNREFUSED', 'ECONNREFUSED', 'ECONNREFUSED', 'ENETUNREACH', 'ECONNREFUSED']);
    expect(performance.now() - began).toBeLessThan(3000);
  });

  it('gives no agent the ports it serves', async () => {
    const codes = await netns.node(`import net from 'node:net'; const listen = (port, host) => new Promise((resolve) =>
      net.createServer().on('error', (e) => resolve(e.code)).listen({ port, host, reusePort: true }, function () { this.close(); resolve('listening'); }));
      result = [await listen(443, '1.1.1.1'), await listen(53, '127.0.0.1'), await listen(8080, '127.0.0.1')]`);
    expect(codes).toEqual(['EACCES', 'EACCES', 'listening']);
  });

  it('answers DNS over TCP, byte by byte, and survives malformed packets', async () => {
    const before = gateway.log().length;
    const answers = await netns.node(`
      import net from 'node:net'; import dgram from 'node:dgram'; import { randomBytes } from 'node:crypto'; import { setTimeout as sleep } from 'node:timers/promises';
      const name = Buffer.from('\\x03tcp\\x07example\\x03com\\0', 'latin1');
      const query = Buffer.concat([Buffer.from([7, 7, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0]), name, Buffer.from([0, 1, 0, 1])]);
      const tcp = net.connect({ port: 53, host: '127.0.0.1', noDelay: true });
      const got = []; tcp.on('data', (d) => got.push(d));
      const twice = Buffer.concat([Buffer.from([0, query.length]), query]);
      for (const byte of twice) { tcp.write(Buffer.from([byte])); await sleep(1); }
      tcp.end(twice); await new Promise((resolve) => tcp.on('close', resolve));
      const bytes = Buffer.concat(got); const size = bytes.readUInt16BE(0);
      const long = net.connect(53, '127.0.0.1').on('error', () => {}); long.write(Buffer.from([255, 255, 1]));
      const cut = await new Promise((resolve) => long.on('close', resolve));
      const udp = dgram.createSocket('udp4'); const replies = [];
      udp.on('message', (m) => replies.push(m[3] & 15)); udp.bind(); await new Promise((resolve) => udp.once('listening', resolve));
      const send = (packet) => new Promise((resolve) => udp.send(packet, 53, '127.0.0.1', resolve));
      for (let i = 0; i < 200; i++) { const junk = randomBytes(i * 5); if (i > 0) junk[2] |= 128; await send(junk); await sleep(i % 10 === 0 ? 1 : 0); }
      const loop = Buffer.from(query); loop[12] = 0xc0; await send(loop); await send(query);
      for (let i = 0; i < 100 && replies.length < 2; i++) await sleep(10);
      udp.close();
      result = { id: bytes.readUInt16BE(2), rcode: bytes[5] & 15, whole: bytes.length === 2 * (size + 2), cut, replies }`);
    expect(answers).toEqual({ id: 0x0707, rcode: 3, whole: true, cut: true, replies: [1, 3] });
    const seen = gateway.log().slice(before);
    expect(seen.filter((line) => line.transport === 'tcp' && line.name === 'tcp.example.com')).toHaveLength(2);
    expect(seen.filter((line) => line.reason === 'not a query').length).toBeGreaterThan(150);
    expect(seen).toContainEqual(
      expect.objectContaining({ transport: 'udp', reason: 'malformed: a label is compressed or too long', name: null }),
    );
  });

  it('resets what is neither TLS nor HTTP, and what never says where it wants to go', async () => {
    const ends = await netns.node(`
      import net from 'node:net';
      const say = (port, text, end) => new Promise((resolve) => { const began = performance.now();
        const s = net.connect(port, '9.9.9.9'); s.on('error', (e) => resolve([e.code, Math.round((performance.now() - began) / 1000)])); s.on('close', () => resolve('closed'));
        s.resume(); if (text) s.write(text); if (end) s.end(); });
      result = await Promise.all([say(443, 'SSH-2.0-x\\r\\n'), say(443, ''), say(80, 'GET / HTTP/1.1\\r\\nHos'), say(80, 'GET /' + 'a'.repeat(20000)), say(80, 'GET', true)])`);
    expect(ends).toEqual([
      ['ECONNRESET', 0],
      ['ECONNRESET', 5],
      ['ECONNRESET', 5],
      ['ECONNRESET', 0],
      ['ECONNRESET', 0],
    ]);
    const reasons = gateway
      .log()
      .filter((line) => line.address === '9.9.9.9')
      .map((line) => `${line.port} ${line.reason}`);
    expect(reasons.sort()).toEqual([
      `443 ${DENIED} (it sent nothing)`,
      `443 ${DENIED} (neither TLS nor HTTP)`,
      `80 ${DENIED} (it closed before its request was complete)`,
      `80 ${DENIED} (its request is longer than 17408 bytes)`,
      `80 ${DENIED} (its request was not complete in time)`,
    ]);
  });

  it('serves 300 connections at once, one line each', async () => {
    const before = gateway.log().length;
    const answered = await netns.node(`
      import http from 'node:http';
      const ask = (i) => new Promise((resolve, reject) => http.get({ host: '10.0.0.' + (i % 250), path: '/' + i, agent: false }, (r) => { r.resume(); r.on('end', () => resolve(r.statusCode)); }).on('error', reject));
      const codes = await Promise.all(Array.from({ length: 300 }, (_, i) => ask(i)));
      result = codes.filter((code) => code === 403).length`);
    expect(answered).toBe(300);
    expect(
      new Set(
        gateway
          .log()
          .slice(before)
          .map((line) => line.path),
      ).size,
    ).toBe(300);
  });

  it('holds 4,096 connections, resets more, and answers on', async () => {
    const name = await netns.node(`
      import net from 'node:net'; import dns from 'node:dns/promises';
      let ended = 0;
      const begun = () => new Promise((resolve) => net.connect(443, '7.7.7.7').on('connect', resolve).on('error', () => { ended++; resolve(); }));
      // Not all at once: the kernel drops what it cannot queue, and asks again a second later.
      for (let i = 0; i < 42; i++) await Promise.all(Array.from({ length: 100 }, begun));
      // The kernel takes them before the gateway does: held until it has come to the last.
      for (let i = 0; i < 100 && ended < 104; i++) await new Promise((resolve) => setTimeout(resolve, 100));
      result = await dns.resolve4('busy.example.com').catch((e) => e.code)`);
    expect(name).toBe('ENOTFOUND');
    const refused = () => gateway.log().filter((line) => line.reason === 'more than 4096 connections are open');
    await expect.poll(() => refused().length, { timeout: 20_000 }).toBe(104);
    expect(new Set(refused().map((line) => line.address))).toEqual(new Set(['7.7.7.7']));
  });

  it('ends its log when the warden says so, with what came last', async () => {
    await netns.run('curl', '-sS', 'http://10.9.9.9/last');
    expect(await gateway.finish()).toBe('0');
    const file = gateway.file();
    const end = file.at(-1) as { end: boolean; lines: number; denied: number; allowed: number; omitted: number };
    expect(file[0]).toEqual({ schema: 'agent-jail/network@1' });
    expect(end).toMatchObject({ end: true, lines: file.length - 2, denied: end.lines - end.allowed, omitted: 0 });
    expect(end.allowed).toBeGreaterThan(0);
    expect(gateway.events.at(-1)).toMatchObject({ kind: 'done', denied: end.denied, allowed: end.allowed, lines: end.lines });
    expect(gateway.log().every((line) => line.t >= 0 && line.ms >= 0 && line.ms < 6000)).toBe(true);
  });
});
