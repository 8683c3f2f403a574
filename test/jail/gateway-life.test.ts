import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LAUNCHER, NOTHING, SOCKETS, SPEC, TestGateway, TestNetns } from './gateway-process.ts';

let netns: TestNetns;
beforeAll(async () => {
  netns = await TestNetns.create();
});
afterAll(async () => {
  await netns.remove();
});

describe('the end of a gateway', () => {
  it('nothing is reachable once it is killed', async () => {
    const second = new TestGateway(netns, 'killed');
    await second.ready;
    await netns.run('curl', '-sS', 'http://10.1.1.1/before');
    second.child.kill('SIGKILL');
    expect(await second.ended).toBe('SIGKILL');
    expect(second.log()).toEqual([expect.objectContaining({ path: '/before' })]);
    expect((await netns.run('curl', '-sS', 'http://10.1.1.1/after')).code).toBe(7);
    expect((await netns.run('curl', '-sS', 'https://1.1.1.1/')).code).toBe(7);
    expect((await netns.run('getent', 'hosts', 'example.com')).code).toBe(2);
  });

  it('reads what a dead jail left in the kernel before it ends', async () => {
    const slow = new TestGateway(netns, 'slow');
    await slow.ready;
    slow.child.kill('SIGSTOP');
    await netns.node(`
      import net from 'node:net'; import dgram from 'node:dgram';
      const query = (i) => Buffer.concat([Buffer.from([i, i, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 97 + (i % 26), 0, 0, 1, 0, 1])]);
      const udp = dgram.createSocket('udp4');
      for (let i = 0; i < 100; i++) await new Promise((resolve) => udp.send(query(i), 53, '127.0.0.1', resolve));
      for (let i = 0; i < 20; i++) await new Promise((resolve) => { const s = net.connect(80, '10.2.2.2', () => s.write('GET /' + i + ' HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n', resolve)); });
      result = true`);
    const ended = slow.finish();
    slow.child.kill('SIGCONT');
    expect(await ended).toBe('0');
    expect(slow.log().filter((line) => line.kind === 'dns')).toHaveLength(100);
    expect(slow.log().filter((line) => line.path !== null)).toHaveLength(20);
  });

  it('has a line of a connection whose server never closes', async () => {
    const server = createServer({ allowHalfOpen: true }, (socket) => void socket.on('error', () => {}).write('hello\n')).listen(
      0,
      '127.0.0.1',
    );
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const part = {
      sockets: [...SOCKETS, { fd: 14, protocol: 'tcp', address: '0.0.0.0', port } as const],
      rules: {
        ...NOTHING.rules,
        agent: {
          network: { mode: 'allow', allow: [], services: [{ name: 'endless', port, place: { file: '', line: 1, column: 1 } }] },
          secrets: [],
        },
      } as const,
    };
    const gateway = new TestGateway(netns, 'endless', part, ['perl', LAUNCHER, netns.file, '8320', `${SPEC},tcp:0.0.0.0:${port}`, '--']);
    await gateway.ready;
    const heard = await netns.node(`
      import net from 'node:net';
      const socket = net.connect(${port}, 'endless');
      result = await new Promise((resolve) => socket.once('data', (chunk) => resolve(chunk.toString())))`);
    expect(heard).toBe('hello\n');
    expect(await gateway.finish()).toBe('0');
    const line = { kind: 'connection', name: 'endless', port, verdict: 'allowed', bytesOut: 6 };
    expect(gateway.log().filter(({ kind }) => kind === 'connection')).toEqual([expect.objectContaining(line)]);
    expect(gateway.file().at(-1)).toMatchObject({ end: true });
    server.close();
  });

  it('does not serve with privilege, or for a request it does not know', async () => {
    expect(await new TestGateway(netns, 'root', { uid: 0 }).ended).toBe('70 gateway: `uid` and `gid` have to be above 0');
    const withoutLauncher = new TestGateway(netns, 'privileged', {}, ['nsenter', `--net=${netns.file}`, '--']);
    expect(await withoutLauncher.ended).toMatch(/^70 gateway: privileges could not be given up: NoNewPrivs 0$/);
    expect(withoutLauncher.file()).toEqual([]);
  });

  it('takes the process with it when a note or a descriptor is wrong', async () => {
    const third = new TestGateway(netns, 'note');
    await third.ready;
    third.send({ kind: 'other' });
    expect(await third.ended).toBe('70 gateway: an unknown note of the warden');
    expect(
      await new TestGateway(netns, 'descriptor', { sockets: [{ fd: 99, protocol: 'tcp', address: '0.0.0.0', port: 80 }] }).ended,
    ).toMatch(/^70 gateway: .*EBADF|^70 gateway: .*EINVAL/);
  });
});
